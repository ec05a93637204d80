//! What we know of a server that we deliver to, and when to leave it alone.

pub(super) mod store;

use std::time::Duration;

use super::knock::Knock;
use super::verdict::Health;
use crate::kernel::Timestamp;

/// So many failures in a row open the breaker.
const FAILURES: i32 = 10;
const FIRST_PAUSE: Duration = Duration::from_secs(60);
const LONGEST_PAUSE: Duration = Duration::from_secs(3600);
/// So many days with failures and without a success, and nothing more is sent until the server is heard from.
const BAD_DAYS: i32 = 7;
const DAY_SECONDS: i64 = 24 * 3600;

/// A server with a past: those that always did well are not written down.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Peer {
    pub(super) dialect: Option<Knock>,
    /// Failures since the last success.
    pub(super) failures: i32,
    pub(super) paused_until: Option<Timestamp>,
    /// Days (UTC) with a failure since the last success, and the last of them, counted from 1970.
    pub(super) bad_days: i32,
    pub(super) last_bad_day: Option<i64>,
    pub(super) unavailable_since: Option<Timestamp>,
    pub(super) last_success: Option<Timestamp>,
}

impl Peer {
    /// When the breaker closes enough for one probe, if it is open.
    pub(super) fn pause(&self, now: Timestamp) -> Option<Timestamp> {
        self.paused_until.filter(|until| *until > now)
    }

    /// How many deliveries may be held for it at once, of at most `most`. After a pause that is one, the probe;
    /// who fails now and then gets few, so that many such servers together do not use up what there is.
    pub(super) fn allowance(&self, most: usize) -> usize {
        match self.failures {
            FAILURES.. => 1,
            1.. => most.min(2),
            _ => most,
        }
    }

    /// Takes note of an attempt.
    pub(super) fn note(&mut self, health: Health, now: Timestamp) {
        match health {
            Health::Unknown => {}
            Health::Busy(wait) => {
                self.recovered(now);
                self.paused_until = Some(now + wait);
            }
            Health::Alive => self.recovered(now),
            Health::Failing => self.failed(now),
        }
    }

    fn recovered(&mut self, now: Timestamp) {
        if self.failures > 0 || self.bad_days > 0 {
            self.last_success = Some(now);
            self.paused_until = None;
        }
        // A wait that the server asked for stands, whatever else came through.
        self.paused_until = self.pause(now);
        self.failures = 0;
        self.bad_days = 0;
        self.last_bad_day = None;
        self.unavailable_since = None;
    }

    fn failed(&mut self, now: Timestamp) {
        let today = now.seconds().div_euclid(DAY_SECONDS);
        if self.last_bad_day != Some(today) {
            self.last_bad_day = Some(today);
            self.bad_days += 1;
        }
        if self.bad_days >= BAD_DAYS && self.unavailable_since.is_none() {
            self.unavailable_since = Some(now);
        }
        // What was in flight when the breaker opened must not prolong the pause.
        if self.pause(now).is_some() {
            return;
        }
        self.failures = self.failures.saturating_add(1);
        if self.failures >= FAILURES {
            let doublings = u32::try_from(self.failures - FAILURES).unwrap_or(0).min(16);
            self.paused_until = Some(now + (FIRST_PAUSE * (1 << doublings)).min(LONGEST_PAUSE));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noon() -> Timestamp {
        "2026-11-24T12:00:00Z".parse().unwrap()
    }

    #[test]
    fn ten_failures_open_the_breaker_and_every_failed_probe_doubles_the_pause() {
        let mut peer = Peer::default();
        let mut now = noon();
        for _ in 0..9 {
            peer.note(Health::Failing, now);
        }
        assert_eq!((peer.pause(now), peer.allowance(32)), (None, 2));
        let mut pauses = vec![];
        for _ in 0..8 {
            peer.note(Health::Failing, now);
            let until = peer.pause(now).unwrap();
            // Late failures of what was in flight change nothing.
            peer.note(Health::Failing, now);
            assert_eq!(peer.pause(now), Some(until));
            pauses.push(until.since(now).as_secs());
            assert_eq!(peer.allowance(32), 1);
            now = until;
            assert_eq!(peer.pause(now), None);
        }
        assert_eq!(pauses, [60, 120, 240, 480, 960, 1920, 3600, 3600]);
        peer.note(Health::Alive, now);
        assert_eq!(
            (peer.failures, peer.pause(now), peer.allowance(32)),
            (0, None, 32)
        );
        assert_eq!(peer.last_success, Some(now));
    }

    #[test]
    fn seven_bad_days_make_a_server_unavailable_and_a_good_one_starts_the_count_anew() {
        let day = |n: u64| noon() + Duration::from_secs(n * 86400);
        let mut peer = Peer::default();
        for n in 0..6 {
            peer.note(Health::Failing, day(n));
            peer.note(Health::Failing, day(n));
        }
        assert_eq!((peer.bad_days, peer.unavailable_since), (6, None));
        peer.note(Health::Alive, day(6));
        for n in 7..13 {
            peer.note(Health::Failing, day(n));
        }
        assert_eq!(peer.unavailable_since, None);
        peer.note(Health::Failing, day(20));
        assert_eq!(peer.unavailable_since, Some(day(20)));
    }

    #[test]
    fn a_busy_server_is_left_alone_and_not_blamed() {
        let mut peer = Peer::default();
        peer.note(Health::Busy(Duration::from_secs(90)), noon());
        assert_eq!(peer.pause(noon()), Some(noon() + Duration::from_secs(90)));
        assert_eq!((peer.failures, peer.bad_days), (0, 0));
        // What was in flight and came through does not end the wait.
        peer.note(Health::Alive, noon());
        assert_eq!(peer.pause(noon()), Some(noon() + Duration::from_secs(90)));
    }
}
