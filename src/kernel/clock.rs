//! Where the time comes from.

use std::fmt;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// An instant in UTC, to the microsecond that both databases keep.
///
/// ```
/// use actapub::kernel::Timestamp;
/// let noon: Timestamp = "2026-11-24T12:00:00Z".parse().unwrap();
/// assert_eq!(noon.to_string(), "2026-11-24T12:00:00Z");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "jiff::Timestamp", into = "jiff::Timestamp")]
pub struct Timestamp {
    micros: i64,
}

impl Timestamp {
    /// The first instant that is representable here: 1970-01-01T00:00:00Z.
    pub const EPOCH: Self = Self { micros: 0 };

    /// From microseconds since 1970, as the databases store it.
    pub const fn from_micros(micros: i64) -> Self {
        Self { micros }
    }

    /// From whole seconds since 1970; saturates.
    pub const fn from_seconds(seconds: i64) -> Self {
        Self {
            micros: seconds.saturating_mul(1_000_000),
        }
    }

    /// Microseconds since 1970.
    pub const fn micros(self) -> i64 {
        self.micros
    }

    /// Whole seconds since 1970.
    pub const fn seconds(self) -> i64 {
        self.micros.div_euclid(1_000_000)
    }

    /// This instant without its fraction of a second, as ActivityPub peers print it.
    #[must_use]
    pub const fn to_whole_second(self) -> Self {
        Self::from_seconds(self.seconds())
    }

    /// How long after `earlier` this is; zero if it is not.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_micros(
            u64::try_from(self.micros.saturating_sub(earlier.micros)).unwrap_or(0),
        )
    }

    /// The same instant as the calendar library has it; what it cannot hold becomes its nearest bound.
    pub fn to_jiff(self) -> jiff::Timestamp {
        jiff::Timestamp::from_microsecond(self.micros).unwrap_or(if self.micros < 0 {
            jiff::Timestamp::MIN
        } else {
            jiff::Timestamp::MAX
        })
    }

    /// The HTTP form (RFC 9110, section 5.6.7): `Tue, 24 Nov 2026 12:00:00 GMT`.
    pub fn to_http_date(self) -> String {
        httpdate::fmt_http_date(
            std::time::UNIX_EPOCH + Duration::from_secs(self.seconds().unsigned_abs()),
        )
    }
}

impl std::ops::Add<Duration> for Timestamp {
    type Output = Self;

    fn add(self, duration: Duration) -> Self {
        let micros = i64::try_from(duration.as_micros()).unwrap_or(i64::MAX);
        Self {
            micros: self.micros.saturating_add(micros),
        }
    }
}

impl std::ops::Sub<Duration> for Timestamp {
    type Output = Self;

    fn sub(self, duration: Duration) -> Self {
        let micros = i64::try_from(duration.as_micros()).unwrap_or(i64::MAX);
        Self {
            micros: self.micros.saturating_sub(micros),
        }
    }
}

impl From<jiff::Timestamp> for Timestamp {
    fn from(timestamp: jiff::Timestamp) -> Self {
        Self {
            micros: timestamp.as_microsecond(),
        }
    }
}

impl From<Timestamp> for jiff::Timestamp {
    fn from(timestamp: Timestamp) -> Self {
        timestamp.to_jiff()
    }
}

impl std::str::FromStr for Timestamp {
    type Err = jiff::Error;

    /// Reads RFC 3339 with any offset.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse::<jiff::Timestamp>().map(Self::from)
    }
}

/// RFC 3339 in UTC with a `Z`.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to_jiff().fmt(f)
    }
}

/// Tells the time. Nothing else in the crate may.
pub trait Clock: Send + Sync {
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock")]
    fn now(&self) -> Timestamp {
        jiff::Timestamp::now().into()
    }
}

/// A clock that stands still until it is moved, for tests.
#[derive(Debug)]
pub struct ManualClock(AtomicI64);

impl ManualClock {
    pub fn at(timestamp: Timestamp) -> Self {
        Self(AtomicI64::new(timestamp.micros))
    }

    /// Puts it forward, or back.
    pub fn set(&self, to: Timestamp) {
        self.0.store(to.micros(), Ordering::SeqCst);
    }

    pub fn advance(&self, by: Duration) {
        let micros = i64::try_from(by.as_micros()).unwrap_or(i64::MAX);
        self.0.fetch_add(micros, Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.load(Ordering::SeqCst))
    }
}
