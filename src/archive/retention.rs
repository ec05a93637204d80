//! How long what citizens took back is kept before it is destroyed, and what is disposed of by itself.

use std::time::Duration;

use super::kind::Subject;

const DAY: Duration = Duration::from_secs(24 * 3600);

/// A set of rules for how long things are kept. None is legal advice: docs/OPERATIONS.md says what each is drawn from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Profile {
    /// What its author deletes is destroyed at once.
    #[default]
    Neutral,
    /// As neutral: storage limitation, and the right to erasure (GDPR).
    Eu,
    /// What its author deletes is kept for 90 days (GRS 6.4, item 020).
    UsFederal,
    /// What its author deletes is kept for three years, as many states' schedules ask for correspondence.
    UsState,
}

impl Profile {
    pub const ALL: [Self; 4] = [Self::Neutral, Self::Eu, Self::UsFederal, Self::UsState];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Neutral => "neutral",
            Self::Eu => "eu",
            Self::UsFederal => "us-federal",
            Self::UsState => "us-state",
        }
    }

    /// How long what its author deleted is kept.
    pub const fn deleted(self) -> Duration {
        match self {
            Self::Neutral | Self::Eu => Duration::ZERO,
            Self::UsFederal => DAY.saturating_mul(90),
            Self::UsState => DAY.saturating_mul(3 * 365),
        }
    }
}

/// How long things are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Retention {
    /// What its author deleted.
    pub deleted: Duration,
    /// Private messages and reports, from when they came; for ever if `None`.
    pub correspondence: Option<Duration>,
    /// Public replies, from when they came; for ever if `None`.
    pub replies: Option<Duration>,
}

impl Retention {
    /// After which time a subject is disposed of by itself.
    pub const fn of(&self, subject: Subject) -> Option<Duration> {
        match subject {
            Subject::Reply(_) => self.replies,
            Subject::Message(_) | Subject::Report(_) => self.correspondence,
            _ => None,
        }
    }
}
