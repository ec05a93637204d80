//! Weeks and months in UTC, as spans of days counted from 1970.

use std::fmt;
use std::ops::Range;

use jiff::civil::Date;
use jiff::{Span, ToSpan as _, tz::TimeZone};

use crate::kernel::Timestamp;

const DAY_MICROS: i64 = 24 * 3600 * 1_000_000;
const WEEKS: i64 = 26;
const MONTHS: i64 = 24;

/// In what steps time is told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Grain {
    #[default]
    Week,
    Month,
}

/// A word that names no grain.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("numbers are given by week or by month")]
pub struct InvalidGrain;

/// A week, or a month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Period {
    /// Its first day: `2026-11-23`.
    pub(super) begins: String,
    pub(super) days: Range<i64>,
}

impl Grain {
    pub const ALL: [Self; 2] = [Self::Week, Self::Month];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Week => "week",
            Self::Month => "month",
        }
    }

    /// The last weeks or months up to now, the oldest first.
    pub(super) fn periods(self, now: Timestamp) -> Vec<Period> {
        let today = TimeZone::UTC.to_datetime(now.to_jiff()).date();
        let (first, count) = match self {
            // Weeks begin on Monday (ISO 8601).
            Self::Week => {
                let since_monday = today.weekday().to_monday_zero_offset();
                (back(today, i64::from(since_monday).days()), WEEKS)
            }
            Self::Month => (today.first_of_month(), MONTHS),
        };
        let steps = (0..count).rev().map(|ago| {
            let (begins, ends) = match self {
                Self::Week => (back(first, ago.weeks()), back(first, (ago - 1).weeks())),
                Self::Month => (back(first, ago.months()), back(first, (ago - 1).months())),
            };
            Period {
                begins: begins.to_string(),
                days: number(begins)..number(ends),
            }
        });
        steps.collect()
    }
}

impl fmt::Display for Grain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl std::str::FromStr for Grain {
    type Err = InvalidGrain;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|grain| grain.name() == text);
        found.ok_or(InvalidGrain)
    }
}

/// Which day it is, counted from 1970.
pub(super) const fn day(at: Timestamp) -> i64 {
    at.micros().div_euclid(DAY_MICROS)
}

fn back(from: Date, span: Span) -> Date {
    from.saturating_sub(span)
}

fn number(date: Date) -> i64 {
    let midnight = TimeZone::UTC.to_timestamp(date.at(0, 0, 0, 0));
    midnight.map_or(0, |midnight| day(Timestamp::from(midnight)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weeks_begin_on_monday_and_months_on_the_first() {
        // A Tuesday.
        let now: Timestamp = "2026-11-24T23:59:59Z".parse().unwrap();
        let weeks = Grain::Week.periods(now);
        assert_eq!((weeks.len(), weeks[25].begins.as_str()), (26, "2026-11-23"));
        assert_eq!(weeks[0].begins, "2026-06-01");
        let months = Grain::Month.periods(now);
        assert_eq!(
            (months.len(), months[23].begins.as_str()),
            (24, "2026-11-01")
        );
        assert_eq!(months[0].begins, "2024-12-01");
        for periods in [weeks, months] {
            for pair in periods.windows(2) {
                assert_eq!(pair[0].days.end, pair[1].days.start);
            }
            assert!(periods.last().unwrap().days.contains(&day(now)));
        }
    }
}
