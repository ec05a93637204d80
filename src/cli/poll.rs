//! What `announce` asks citizens to choose from, and how that stands, as `--json` shows it.

use serde::Serialize;

use crate::kernel::Timestamp;
use crate::publishing::polls::{Ends, Poll, Question};

/// What citizens are to choose from.
#[derive(Debug, clap::Args)]
pub(super) struct Asked {
    /// Something to choose in a poll; two to ten
    #[arg(
        long = "poll-option",
        value_name = "TEXT",
        requires = "ends",
        allow_hyphen_values = true
    )]
    options: Vec<String>,
    /// One may choose several
    #[arg(long = "poll-multiple", requires = "options")]
    multiple: bool,
    /// How long one may vote, such as 90m, 12h or 7d: five minutes to 31 days
    #[arg(long = "poll-ends", value_name = "DURATION", value_parser = minutes, requires = "options")]
    ends: Option<u32>,
}

impl Asked {
    pub(super) fn question(&self) -> Option<Question> {
        Some(Question {
            options: self.options.clone(),
            multiple: self.multiple,
            ends: Ends::After {
                minutes: self.ends?,
            },
        })
    }
}

/// Minutes, from a number with its unit.
fn minutes(text: &str) -> Result<u32, String> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let each = match &text[digits.len()..] {
        "m" => 1,
        "h" => 60,
        "d" => 24 * 60,
        _ => 0,
    };
    digits
        .parse::<u32>()
        .ok()
        .and_then(|count| count.checked_mul(each))
        .filter(|minutes| *minutes > 0)
        .ok_or_else(|| "a number with m, h or d is needed, such as 90m or 7d".to_owned())
}

/// How a poll stands.
#[derive(Debug, Serialize)]
pub(super) struct Shown {
    options: Vec<OptionShown>,
    multiple: bool,
    voters: u64,
    ends: Timestamp,
    /// When the last vote was counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    closed: Option<Timestamp>,
}

#[derive(Debug, Serialize)]
struct OptionShown {
    option: String,
    votes: u64,
}

impl From<&Poll> for Shown {
    fn from(poll: &Poll) -> Self {
        let options = poll.options.iter().map(|choice| OptionShown {
            option: choice.text.clone(),
            votes: choice.votes,
        });
        Self {
            options: options.collect(),
            multiple: poll.multiple,
            voters: poll.voters,
            ends: poll.ends_at,
            closed: poll.closed_at,
        }
    }
}
