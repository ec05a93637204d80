//! How often a witness is willing to look at checkpoints of one log: signatures take time to check.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use crate::kernel::Timestamp;

/// Requests a second for one log: from one address, and from all together. Many times what a log needs, which signs
/// once a second at the most.
const EACH: Rate = Rate {
    burst: 40.0,
    a_second: 4.0,
};
const TOGETHER: Rate = Rate {
    burst: 400.0,
    a_second: 100.0,
};
/// Addresses that are remembered; beyond that those that have been quiet are forgotten, and then all.
const ADDRESSES: usize = 10_000;

#[derive(Clone, Copy)]
struct Rate {
    burst: f64,
    a_second: f64,
}

struct Bucket {
    left: f64,
    at: Timestamp,
}

impl Bucket {
    fn filled(&mut self, rate: Rate, now: Timestamp) -> f64 {
        let more = now.since(self.at).as_secs_f64() * rate.a_second;
        self.left = (self.left + more).min(rate.burst);
        self.at = self.at.max(now);
        self.left
    }
}

/// What is left for each log, and for each address that asks about it.
#[derive(Default)]
pub(super) struct Buckets(Mutex<HashMap<(String, Option<IpAddr>), Bucket>>);

impl Buckets {
    /// Whether one more request about a log that we know is looked at.
    pub(super) fn take(&self, origin: &str, client: IpAddr, now: Timestamp) -> bool {
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= ADDRESSES {
            buckets.retain(|(_, client), bucket| {
                client.is_none() || bucket.filled(EACH, now) < EACH.burst
            });
            if buckets.len() >= ADDRESSES {
                buckets.clear();
            }
        }
        // A stranger must not use up what is there for the log itself.
        [(Some(client), EACH), (None, TOGETHER)]
            .into_iter()
            .all(|(client, rate)| {
                let bucket = buckets
                    .entry((origin.to_owned(), client))
                    .or_insert(Bucket {
                        left: rate.burst,
                        at: now,
                    });
                let enough = bucket.filled(rate, now) >= 1.0;
                if enough {
                    bucket.left -= 1.0;
                }
                enough
            })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn one_address_cannot_use_up_what_is_there_for_others() {
        let (buckets, now) = (Buckets::default(), Timestamp::from_seconds(1_000));
        let [one, other] = [IpAddr::from([192, 0, 2, 1]), IpAddr::from([192, 0, 2, 2])];
        let taken = (0..1_000).filter(|_| buckets.take("a", one, now)).count();
        assert_eq!(taken, 40);
        assert!(buckets.take("a", other, now) && buckets.take("b", one, now));
        assert!(!buckets.take("a", one, now + Duration::from_millis(200)));
        assert!(buckets.take("a", one, now + Duration::from_millis(300)));
    }

    #[test]
    fn all_together_are_bounded_and_so_is_what_is_remembered() {
        let (buckets, now) = (Buckets::default(), Timestamp::from_seconds(1_000));
        let taken = (0..100_000_u32)
            .filter(|n| buckets.take("a", IpAddr::from(n.to_be_bytes()), now))
            .count();
        // What is there for all is forgotten with the rest only when the memory is full.
        assert!((400..=4_500).contains(&taken), "{taken}");
        assert!(buckets.0.lock().unwrap().len() <= ADDRESSES);
    }
}
