//! Where a page of a list ended.

use std::fmt;
use std::str::FromStr;

use super::Timestamp;

/// A place in a list that is ordered by time and then by id; opaque to whoever carries it.
///
/// ```
/// use actapub::kernel::{Cursor, Timestamp};
/// let cursor = Cursor { at: Timestamp::from_micros(1_700_000_000_000_000), id: 7 };
/// assert_eq!(cursor.to_string().parse::<Cursor>(), Ok(cursor));
/// assert!("nonsense".parse::<Cursor>().is_err());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    pub at: Timestamp,
    pub id: i64,
}

impl Cursor {
    /// Before everything in a list that begins with the newest.
    pub const NEWEST: Self = Self {
        at: Timestamp::from_micros(i64::MAX),
        id: i64::MAX,
    };
    /// Before everything in a list that begins with the oldest.
    pub const OLDEST: Self = Self {
        at: Timestamp::from_micros(i64::MIN),
        id: i64::MIN,
    };
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.at.micros(), self.id)
    }
}

/// The text is not a cursor that we gave out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a page of this list")]
pub struct InvalidCursor;

impl FromStr for Cursor {
    type Err = InvalidCursor;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (at, id) = text.split_once('.').ok_or(InvalidCursor)?;
        Ok(Self {
            at: Timestamp::from_micros(at.parse().map_err(|_| InvalidCursor)?),
            id: id.parse().map_err(|_| InvalidCursor)?,
        })
    }
}

impl<'de> serde::Deserialize<'de> for Cursor {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
