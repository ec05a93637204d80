//! A time in which nothing goes out, such as before an election.

use serde::{Deserialize, Serialize};

use crate::kernel::{Timestamp, WallTime, Zone};

/// From one time on the wall until another, which is not in it any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    pub from: WallTime,
    pub until: WallTime,
    /// Why: for colleagues, and in the record.
    pub reason: String,
}

impl Period {
    /// Whether an instant lies in it, by the clocks of `zone`. An hour that clocks show twice is in it twice.
    pub fn contains(&self, zone: &Zone, at: Timestamp) -> bool {
        (zone.earliest(self.from)..zone.latest(self.until)).contains(&at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_is_meant_by_the_clocks_of_its_zone() {
        let period = Period {
            from: "2026-10-25 02:30".parse().unwrap(),
            until: "2026-11-01 00:00".parse().unwrap(),
            reason: "Election".to_owned(),
        };
        let zurich: Zone = "Europe/Zurich".parse().unwrap();
        let inside = |at: &str, zone: &Zone| period.contains(zone, at.parse().unwrap());
        // 02:30 comes at 00:30 UTC and again at 01:30 UTC.
        assert!(!inside("2026-10-25T00:29:59Z", &zurich));
        assert!(inside("2026-10-25T00:30:00Z", &zurich));
        assert!(inside("2026-10-25T01:10:00Z", &zurich));
        assert!(inside("2026-10-31T22:59:59Z", &zurich));
        assert!(!inside("2026-10-31T23:00:00Z", &zurich));
        assert!(inside("2026-10-31T23:30:00Z", &Zone::UTC));
    }
}
