//! How often somebody may try to sign in: few guesses for a stranger, and nobody can use that to lock somebody else out.
//!
//! A device on which somebody has signed in before has an allowance of its own, which nobody else's attempts use up. All
//! others share: one allowance for each address and account, one for each account, one for each address. Accounts that do
//! not exist have them as well, so that a refusal tells nothing. All of it is in memory, in a bounded number of rows;
//! another process counts for itself.

use std::hash::{BuildHasher as _, Hash, RandomState};
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use quick_cache::unsync::Cache;

use super::Token;
use crate::kernel::{PersonId, Timestamp};

/// `attempts` at once, and one more after each `every`.
#[derive(Debug, Clone, Copy)]
struct Allowance {
    attempts: u32,
    every: Duration,
}

const OF_DEVICE: Allowance = Allowance {
    attempts: 10,
    every: Duration::from_secs(60),
};
const OF_ACCOUNT_FROM_ADDRESS: Allowance = Allowance {
    attempts: 10,
    every: Duration::from_secs(120),
};
const OF_ACCOUNT: Allowance = Allowance {
    attempts: 60,
    every: Duration::from_secs(30),
};
const OF_ADDRESS: Allowance = Allowance {
    attempts: 60,
    every: Duration::from_secs(10),
};
/// Codes of six digits are guessed more easily than passwords; only who knows the password gets as far.
const OF_CODES: Allowance = Allowance {
    attempts: 15,
    every: Duration::from_secs(300),
};

/// Rows that are remembered; each is a few dozen bytes. Who makes so many attempts that others' rows are forgotten has
/// made more attempts than are thereby allowed again.
const ROWS: usize = 50_000;

/// What an attempt counts against, each with its allowance.
#[derive(Debug, Clone)]
pub(super) struct Counted(Vec<(u64, Allowance)>);

/// The counts of one process.
pub struct Limits {
    /// Keys are hashed under a secret of this process: nobody can choose what collides.
    hasher: RandomState,
    /// Until when what was used is paid for, in microseconds since 1970 (a virtual schedule, ITU-T I.371).
    rows: Mutex<Cache<u64, i64>>,
}

impl std::fmt::Debug for Limits {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Limits").finish_non_exhaustive()
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            hasher: RandomState::new(),
            rows: Mutex::new(Cache::new(ROWS)),
        }
    }
}

impl Limits {
    /// An attempt on a device on which this person has signed in.
    pub(super) fn known(&self, person: PersonId, device: &Token) -> Counted {
        Counted(vec![(
            self.key(("device", person, device.digest())),
            OF_DEVICE,
        )])
    }

    /// An attempt by whoever is in a session of this person's.
    pub(super) fn inside(&self, person: PersonId) -> Counted {
        Counted(vec![(self.key(("inside", person)), OF_DEVICE)])
    }

    /// An attempt from anywhere else.
    pub(super) fn unknown(&self, account: &str, from: IpAddr) -> Counted {
        let from = network(from);
        Counted(vec![
            (
                self.key(("account from", account, from)),
                OF_ACCOUNT_FROM_ADDRESS,
            ),
            (self.key(("account", account)), OF_ACCOUNT),
            (self.key(("address", from)), OF_ADDRESS),
        ])
    }

    /// An attempt with nothing but an address: a link, a passkey.
    pub(super) fn from(&self, from: IpAddr) -> Counted {
        Counted(vec![(self.key(("address", network(from))), OF_ADDRESS)])
    }

    /// A code, by whoever has given the password on a device that is known, or on one that is not.
    pub(super) fn code(&self, person: PersonId, device: Option<&Token>) -> Counted {
        let device = device.map(Token::digest);
        Counted(vec![(self.key(("code", person, device)), OF_CODES)])
    }

    fn key(&self, of: impl Hash) -> u64 {
        self.hasher.hash_one(of)
    }

    /// Counts an attempt, or says how long to wait; one that has to wait is not counted.
    pub(super) fn take(&self, now: Timestamp, counted: &Counted) -> Result<(), Duration> {
        let now = now.micros();
        let mut rows = self.rows.lock().unwrap_or_else(PoisonError::into_inner);
        let mut next = vec![];
        for (key, allowance) in &counted.0 {
            let paid = rows.get(key).copied().unwrap_or(now).max(now);
            let after = paid.saturating_add(micros(allowance.every));
            let room = micros(allowance.every).saturating_mul(allowance.attempts.into());
            let over = after.saturating_sub(now).saturating_sub(room);
            if over > 0 {
                return Err(Duration::from_micros(over.unsigned_abs()));
            }
            next.push((*key, after));
        }
        for (key, after) in next {
            rows.insert(key, after);
        }
        Ok(())
    }

    /// Gives an attempt back: it was somebody who may.
    pub(super) fn give_back(&self, counted: &Counted) {
        let mut rows = self.rows.lock().unwrap_or_else(PoisonError::into_inner);
        for (key, allowance) in &counted.0 {
            if let Some(paid) = rows.get(key).copied() {
                rows.insert(*key, paid.saturating_sub(micros(allowance.every)));
            }
        }
    }
}

fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}

/// What one customer of a provider has: an address of version 4, or a /64 of version 6.
fn network(address: IpAddr) -> u128 {
    match address.to_canonical() {
        IpAddr::V4(address) => u128::from(address.to_bits()),
        IpAddr::V6(address) => (address.to_bits() >> 64) << 64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADA: &str = "ada@city.gov";
    const NOON: Timestamp = Timestamp::from_seconds(1_800_000_000);

    fn address(n: u32) -> IpAddr {
        IpAddr::V4((0x0a00_0000 + n).into())
    }

    fn device() -> Token {
        Token::make(&|bytes| bytes.fill(9))
    }

    /// How many attempts there are at once.
    fn run(limits: &Limits, now: Timestamp, counted: &Counted) -> usize {
        (0..1_000)
            .take_while(|_| limits.take(now, counted).is_ok())
            .count()
    }

    #[test]
    fn a_stranger_has_few_attempts_and_gets_them_back_one_by_one() {
        let limits = Limits::default();
        let counted = limits.unknown(ADA, address(1));
        assert_eq!(run(&limits, NOON, &counted), 10);
        let wait = limits.take(NOON, &counted).unwrap_err();
        assert_eq!(wait, OF_ACCOUNT_FROM_ADDRESS.every);
        assert!(
            limits
                .take(NOON + wait - Duration::from_secs(1), &counted)
                .is_err()
        );
        assert!(limits.take(NOON + wait, &counted).is_ok());
        assert!(limits.take(NOON + wait, &counted).is_err());
    }

    #[test]
    fn attempts_from_everywhere_do_not_lock_out_the_device_that_is_known() {
        let limits = Limits::default();
        let guesses: usize = (1..200)
            .map(|n| run(&limits, NOON, &limits.unknown(ADA, address(n))))
            .sum();
        assert_eq!(guesses, 60, "all addresses together");
        let known = limits.known(PersonId::new(1), &device());
        assert_eq!(run(&limits, NOON, &known), 10);
        let other = limits.known(PersonId::new(1), &Token::make(&|bytes| bytes.fill(8)));
        assert_eq!(run(&limits, NOON, &other), 10, "each device has its own");
    }

    #[test]
    fn one_address_cannot_try_many_accounts() {
        let limits = Limits::default();
        let tried: usize = (0..100)
            .map(|n| {
                run(
                    &limits,
                    NOON,
                    &limits.unknown(&format!("{n}@city.gov"), address(1)),
                )
            })
            .sum();
        assert_eq!(tried, 60);
        let others = limits.unknown("grace@city.gov", address(2));
        assert_eq!(run(&limits, NOON, &others), 10, "nobody else is stopped");
    }

    #[test]
    fn a_network_of_version_6_is_one_address() {
        let limits = Limits::default();
        let one = limits.unknown(ADA, "2001:db8::1".parse().unwrap());
        assert_eq!(run(&limits, NOON, &one), 10);
        let same = limits.unknown(ADA, "2001:db8::ffff:1".parse().unwrap());
        assert!(limits.take(NOON, &same).is_err());
        let other = limits.unknown(ADA, "2001:db8:0:1::1".parse().unwrap());
        assert!(limits.take(NOON, &other).is_ok());
        let mapped = limits.from("::ffff:10.0.0.1".parse().unwrap());
        assert_eq!(run(&limits, NOON, &mapped), 60);
        assert!(limits.take(NOON, &limits.from(address(1))).is_err());
    }

    #[test]
    fn what_was_right_is_given_back() {
        let limits = Limits::default();
        let counted = limits.known(PersonId::new(1), &device());
        for _ in 0..100 {
            limits.take(NOON, &counted).unwrap();
            limits.give_back(&counted);
        }
        assert_eq!(run(&limits, NOON, &counted), 10);
    }

    #[test]
    fn memory_is_bounded() {
        let limits = Limits::default();
        for n in 0..100_000 {
            let _ = limits.take(NOON, &limits.unknown(ADA, address(n)));
        }
        assert!(limits.rows.lock().unwrap().len() <= ROWS);
    }
}
