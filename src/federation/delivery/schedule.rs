//! When to try again.

use std::time::{Duration, UNIX_EPOCH};

use crate::kernel::Timestamp;

/// The first try and sixteen more, which end after two to three days, as Mastodon's do.
pub(super) const TRIES: i32 = 17;

/// The longest wait that a server may ask for.
const LONGEST: Duration = Duration::from_secs(24 * 3600);

/// The wait after so many tries, 1 or more: n⁴ + 15 s, and by `chance` (0 to 1) up to half as much and some seconds
/// more, so that what failed together does not come back together.
pub(super) fn backoff(tries: i32, chance: f64) -> Duration {
    let n = f64::from(tries.clamp(1, TRIES) - 1);
    let grown = n.powi(4);
    let spread = chance.clamp(0.0, 1.0) * (0.5 * grown + 10.0 * (n + 1.0));
    Duration::from_secs_f64(grown + 15.0 + spread)
}

/// Reads `Retry-After` (RFC 9110, section 10.2.3): seconds or a date, up to a day.
pub(super) fn retry_after(header: &str, now: Timestamp) -> Option<Duration> {
    let header = header.trim();
    let wait = if let Ok(seconds) = header.parse() {
        Duration::from_secs(seconds)
    } else {
        let date = httpdate::parse_http_date(header).ok()?;
        let since_1970 = date.duration_since(UNIX_EPOCH).ok()?;
        (Timestamp::EPOCH + since_1970).since(now)
    };
    Some(wait.min(LONGEST))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_tries_together_take_two_to_three_days() {
        let days = |chance| {
            let total: Duration = (1..TRIES).map(|tries| backoff(tries, chance)).sum();
            total.as_secs_f64() / 86400.0
        };
        assert!((2.0..2.2).contains(&days(0.0)), "{}", days(0.0));
        assert!((3.0..3.2).contains(&days(1.0)), "{}", days(1.0));
        assert_eq!(backoff(1, 0.0), Duration::from_secs(15));
        assert_eq!(backoff(3, 1.0), Duration::from_secs(16 + 15 + 8 + 30));
    }

    #[test]
    fn a_server_may_ask_for_up_to_a_day() {
        let now: Timestamp = "2026-11-24T12:00:00Z".parse().unwrap();
        for (header, seconds) in [
            ("120", Some(120)),
            (" 0 ", Some(0)),
            ("999999999", Some(86400)),
            ("99999999999999999999999", None),
            ("-1", None),
            ("Tue, 24 Nov 2026 12:05:00 GMT", Some(300)),
            ("Tue, 24 Nov 2026 11:00:00 GMT", Some(0)),
            ("Tue, 24 Nov 2099 11:00:00 GMT", Some(86400)),
            ("soon", None),
        ] {
            assert_eq!(
                retry_after(header, now),
                seconds.map(Duration::from_secs),
                "{header}"
            );
        }
    }
}
