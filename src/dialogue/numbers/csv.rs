//! The numbers as comma-separated values (RFC 4180), for spreadsheets.

use std::fmt::Write as _;
use std::time::Duration;

use super::{Figure, Report};
use crate::kernel::Site;

impl Report {
    /// One table: periods, announcements and languages, each a line. Nothing in it is a citizen's text.
    pub fn csv(&self, site: &Site) -> String {
        let mut text = String::from(
            "part,name,followers,replies,boosts,quotes,answers,median_hours_to_answer\r\n",
        );
        let grain = self.grain;
        for it in &self.periods {
            let followers = it.followers.map_or(String::new(), figure);
            let (replies, boosts, quotes) = (figure(it.replies), figure(it.boosts), figure(it.quotes));
            let (begins, answers, median) = (&it.begins, it.answers, hours(it.median));
            let _ = write!(
                text,
                "{grain},{begins},{followers},{replies},{boosts},{quotes},{answers},{median}\r\n"
            );
        }
        for it in &self.announcements {
            let (replies, boosts, quotes) = (figure(it.replies), figure(it.boosts), figure(it.quotes));
            let (name, answers) = (site.announcement(it.id), it.answers);
            let _ = write!(
                text,
                "announcement,{name},,{replies},{boosts},{quotes},{answers},\r\n"
            );
        }
        for it in &self.languages {
            let (language, replies) = (it.language.as_deref().unwrap_or(""), figure(it.replies));
            let _ = write!(text, "language,{language},,{replies},,,{},\r\n", it.answers);
        }
        let median = hours(self.median);
        let _ = write!(text, "all,,,,,,{},{median}\r\n", self.answers);
        text
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
