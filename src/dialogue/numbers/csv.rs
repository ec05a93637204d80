//! The numbers as comma-separated values (RFC 4180), for spreadsheets.

use std::fmt::Write as _;
use std::time::Duration;

use super::{Figure, Report};
use crate::kernel::Site;

const HEAD: [&str; 8] = [
    "part",
    "name",
    "followers",
    "replies",
    "boosts",
    "quotes",
    "answers",
    "median_hours_to_answer",
];

impl Report {
    /// One table: periods, announcements and languages, each a line. Nothing in it is a citizen's text.
    pub fn csv(&self, site: &Site) -> String {
        let mut text = String::new();
        for line in self.lines(site) {
            let _ = write!(text, "{}\r\n", line.join(","));
        }
        text
    }

    /// The same for people at a terminal.
    pub fn text(&self, site: &Site) -> String {
        let lines = self.lines(site);
        let width = |column: usize| {
            lines
                .iter()
                .filter_map(|line| line.get(column))
                .map(String::len)
                .max()
        };
        let widths: Vec<usize> = (0..HEAD.len()).map(|it| width(it).unwrap_or(0)).collect();
        let mut text = String::new();
        for line in &lines {
            let cells = line
                .iter()
                .zip(&widths)
                .map(|(cell, width)| format!("{cell:<width$}"));
            let cells: Vec<String> = cells.collect();
            let _ = writeln!(text, "{}", cells.join("  ").trim_end());
        }
        text
    }

    fn lines(&self, site: &Site) -> Vec<[String; 8]> {
        let none = String::new;
        let mut lines = vec![HEAD.map(str::to_owned)];
        for it in &self.periods {
            lines.push([
                self.grain.to_string(),
                it.begins.clone(),
                it.followers.map_or_else(none, figure),
                figure(it.replies),
                figure(it.boosts),
                figure(it.quotes),
                it.answers.to_string(),
                hours(it.median),
            ]);
        }
        for it in &self.announcements {
            lines.push([
                "announcement".to_owned(),
                site.announcement(it.id),
                none(),
                figure(it.replies),
                figure(it.boosts),
                figure(it.quotes),
                it.answers.to_string(),
                none(),
            ]);
        }
        for it in &self.languages {
            lines.push([
                "language".to_owned(),
                it.language.clone().unwrap_or_default(),
                none(),
                figure(it.replies),
                none(),
                none(),
                it.answers.to_string(),
                none(),
            ]);
        }
        lines.push([
            "all".to_owned(),
            none(),
            none(),
            none(),
            none(),
            none(),
            self.answers.to_string(),
            hours(self.median),
        ]);
        lines
    }
}

fn figure(figure: Figure) -> String {
    match figure {
        Figure::Few => "fewer than 20".to_owned(),
        Figure::Exactly(count) => count.to_string(),
    }
}

/// To a tenth.
fn hours(took: Option<Duration>) -> String {
    took.map_or(String::new(), |took| {
        let tenths = took.as_secs() / 360;
        format!("{}.{}", tenths / 10, tenths % 10)
    })
}
