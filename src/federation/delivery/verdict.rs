//! What an answer means: for the delivery, and for what we think of the server.

use std::time::Duration;

use crate::platform::net::NetError;

/// Statuses with which a server says that there is no such inbox.
const NOT_FOUND: u16 = 404;
const GONE: u16 = 410;

/// Whether a delivery that failed with this status failed because there is no such inbox.
pub(super) fn says_gone(status: Option<i32>) -> bool {
    status.is_some_and(|status| [NOT_FOUND, GONE].map(i32::from).contains(&status))
}

/// What becomes of the delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    Done,
    /// Worth another try, not before this long.
    Retry {
        after: Option<Duration>,
    },
    /// There is no such inbox any more.
    Gone,
    /// The same request would be refused again.
    Refused,
}

/// What the attempt says about the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Health {
    Alive,
    Failing,
    /// Wants nothing more for this long.
    Busy(Duration),
    /// We did not even ask it.
    Unknown,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Verdict {
    pub(super) outcome: Outcome,
    pub(super) health: Health,
    pub(super) status: Option<u16>,
    /// A sentence of ours: what the server wrote may name a person.
    pub(super) reason: Option<String>,
}

impl Verdict {
    /// As Mastodon judges: of the 4xx only 401, 408 and 429 may come to be accepted, of the 5xx all but 501.
    pub(super) fn of_status(status: u16, retry_after: Option<Duration>) -> Self {
        let retry = Outcome::Retry { after: retry_after };
        let (outcome, health) = match status {
            200..=299 => (Outcome::Done, Health::Alive),
            NOT_FOUND | GONE => (Outcome::Gone, Health::Alive),
            429 => (retry, retry_after.map_or(Health::Alive, Health::Busy)),
            501 => (Outcome::Refused, Health::Alive),
            // A peer that cannot fetch our key just now says 401.
            401 | 408 | 500..=599 => (retry, Health::Failing),
            _ => (Outcome::Refused, Health::Alive),
        };
        let reason = match outcome {
            Outcome::Done => None,
            _ if (300..400).contains(&status) => {
                Some(format!("the inbox redirects (status {status})"))
            }
            Outcome::Gone => Some(format!("there is no such inbox (status {status})")),
            _ => Some(format!("the server answered with status {status}")),
        };
        Self {
            outcome,
            health,
            status: Some(status),
            reason,
        }
    }

    pub(super) fn of_error(error: &NetError) -> Self {
        let (outcome, health) = match error {
            NetError::Refused(_) => (Outcome::Refused, Health::Unknown),
            NetError::Timeout
            | NetError::Connect(_)
            | NetError::TooLarge { .. }
            | NetError::Broken(_) => (Outcome::Retry { after: None }, Health::Failing),
        };
        Self {
            outcome,
            health,
            status: None,
            reason: Some(error.to_string()),
        }
    }

    /// The attempt failed on our side: the server is not to blame.
    pub(super) fn ours(reason: &str) -> Self {
        Self {
            outcome: Outcome::Retry { after: None },
            health: Health::Unknown,
            status: None,
            reason: Some(reason.to_owned()),
        }
    }

    /// No further try would change anything.
    pub(super) fn hopeless(reason: &str) -> Self {
        Self {
            outcome: Outcome::Refused,
            ..Self::ours(reason)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::net::Unreachable;

    #[test]
    fn every_status_has_its_meaning() {
        let retry = Outcome::Retry { after: None };
        for (status, outcome, health) in [
            (200, Outcome::Done, Health::Alive),
            (202, Outcome::Done, Health::Alive),
            (301, Outcome::Refused, Health::Alive),
            (308, Outcome::Refused, Health::Alive),
            (400, Outcome::Refused, Health::Alive),
            (401, retry, Health::Failing),
            (403, Outcome::Refused, Health::Alive),
            (404, Outcome::Gone, Health::Alive),
            (408, retry, Health::Failing),
            (410, Outcome::Gone, Health::Alive),
            (413, Outcome::Refused, Health::Alive),
            (429, retry, Health::Alive),
            (500, retry, Health::Failing),
            (501, Outcome::Refused, Health::Alive),
            (503, retry, Health::Failing),
        ] {
            let verdict = Verdict::of_status(status, None);
            assert_eq!(
                (verdict.outcome, verdict.health),
                (outcome, health),
                "{status}"
            );
            assert_eq!(
                verdict.reason.is_none(),
                outcome == Outcome::Done,
                "{status}"
            );
        }
        let minute = Duration::from_secs(60);
        assert_eq!(
            Verdict::of_status(429, Some(minute)).health,
            Health::Busy(minute)
        );
    }

    #[test]
    fn what_we_may_not_reach_is_not_tried_again() {
        let refused = Verdict::of_error(&NetError::Refused(Unreachable::PrivateAddress));
        assert_eq!(
            (refused.outcome, refused.health),
            (Outcome::Refused, Health::Unknown)
        );
        let timeout = Verdict::of_error(&NetError::Timeout);
        assert_eq!(
            (timeout.outcome, timeout.health),
            (Outcome::Retry { after: None }, Health::Failing)
        );
    }
}
