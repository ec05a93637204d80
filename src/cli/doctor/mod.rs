//! `actapub doctor`: says in sentences what is well and what is wrong.

mod inside;
mod outside;

use std::fmt::Write as _;

use anyhow::bail;
use serde::Serialize;

use crate::agencies::Agency;
use crate::platform::config::{Config, Sources};

use super::{desk, output};

#[derive(Debug, clap::Args)]
pub(super) struct Doctor {
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

/// How it stands with one thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Verdict {
    Good,
    /// Worth a look.
    Note,
    Broken,
    LeftOut,
}

impl Verdict {
    const fn word(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Note => "note",
            Self::Broken => "broken",
            Self::LeftOut => "left out",
        }
    }
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Finding {
    about: &'static str,
    verdict: Verdict,
    sentence: String,
}

/// All that was found.
#[derive(Debug, Default)]
struct Report(Vec<Finding>);

impl Report {
    fn add(&mut self, about: &'static str, verdict: Verdict, sentence: impl Into<String>) {
        let sentence = sentence.into();
        self.0.push(Finding {
            about,
            verdict,
            sentence,
        });
    }

    fn broken(&self) -> usize {
        let is_broken = |it: &&Finding| it.verdict == Verdict::Broken;
        self.0.iter().filter(is_broken).count()
    }
}

/// What a look inside leaves for the look from outside.
struct Patient {
    config: Config,
    agencies: Vec<Agency>,
    /// Some servers that we know.
    peers: Vec<String>,
    /// Whether a server runs on this database, if that can be told.
    is_served: Option<bool>,
}

/// The report as `--json` shows it.
#[derive(Debug, Serialize)]
struct Shown<'a> {
    healthy: bool,
    findings: &'a [Finding],
}

pub(super) fn run(asked: &Doctor, sources: Sources) -> anyhow::Result<()> {
    let report = desk::block_on(async {
        let mut report = Report::default();
        let progress = output::progress("looking around".to_owned());
        if let Some(patient) = inside::examine(&mut report, sources) {
            outside::examine(&mut report, &patient).await;
        }
        progress.finish_and_clear();
        Ok(report)
    })?;
    let broken = report.broken();
    if asked.json {
        output::json(&Shown {
            healthy: broken == 0,
            findings: &report.0,
        })?;
    } else {
        let mut text = String::new();
        for Finding {
            about,
            verdict,
            sentence,
        } in &report.0
        {
            let _ = writeln!(text, "{:<9} {about:<14} {sentence}", verdict.word());
        }
        output::text(&text)?;
    }
    match broken {
        0 => Ok(()),
        1 => bail!("one thing is broken"),
        more => bail!("{more} things are broken"),
    }
}
