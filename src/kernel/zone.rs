//! Time as clocks on the wall show it, in the zones of the IANA database that is built in.

use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{AmbiguousOffset, TimeZone};
use serde::{Deserialize, Serialize};

use super::Timestamp;

/// A time zone by its IANA name, such as `Europe/Zurich`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Zone(TimeZone);

/// What a clock on the wall shows, wherever that is: `2026-11-24 12:00`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct WallTime(DateTime);

/// A point in time as somebody names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// `2026-11-24 12:00`: in the zone of whoever is asked.
    OnTheWall(WallTime),
    /// `2026-11-24T12:00:00+01:00`: everywhere the same.
    Instant(Timestamp),
}

/// No zone of that name is known.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no time zone; zones are named as in `Europe/Zurich` or `America/Toronto`")]
pub struct UnknownZone(pub String);

/// The text is no time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no time; write it as `2026-11-24 12:00`, or with its distance from UTC as `2026-11-24T12:00:00+01:00`"
)]
pub struct InvalidTime(pub String);

/// Why a time on the wall names no single instant: clocks are changed there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unclear {
    #[error(
        "{wall} is twice in {zone}, since clocks are put back: say which is meant, {first} or {second}"
    )]
    Twice {
        wall: WallTime,
        zone: Zone,
        /// With its distance from UTC, as [`When`] reads it.
        first: Offset,
        second: Offset,
    },
    #[error("{wall} is never in {zone}, since clocks are put forward: the next time is {next}")]
    Never {
        wall: WallTime,
        zone: Zone,
        next: Offset,
    },
}

/// An instant with a zone's distance from UTC at that time; printed as RFC 3339 has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offset {
    pub at: Timestamp,
    zone: Zone,
}

impl Zone {
    pub const UTC: Self = Self(TimeZone::UTC);

    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// The names of all zones that are known, to choose from.
    pub fn names() -> Vec<String> {
        jiff::tz::db()
            .available()
            .map(|it| it.to_string())
            .collect()
    }

    /// The instant at which clocks here show `wall`.
    pub fn at(&self, wall: WallTime) -> Result<Timestamp, Unclear> {
        let ambiguous = self.0.to_ambiguous_timestamp(wall.0);
        let instant = |offset: jiff::tz::Offset| {
            offset
                .to_timestamp(wall.0)
                .map_or(Timestamp::from_micros(i64::MAX), Timestamp::from)
        };
        match ambiguous.offset() {
            AmbiguousOffset::Unambiguous { offset } => Ok(instant(offset)),
            AmbiguousOffset::Fold { before, after } => Err(Unclear::Twice {
                wall,
                zone: self.clone(),
                first: self.offset(instant(before)),
                second: self.offset(instant(after)),
            }),
            AmbiguousOffset::Gap { after, .. } => {
                // Read by the clocks that are put forward already, it lies before they are.
                let before = instant(after);
                let change = self.0.following(before.to_jiff()).next();
                let next = change.map_or(before, |change| change.timestamp().into());
                Err(Unclear::Never {
                    wall,
                    zone: self.clone(),
                    next: self.offset(next),
                })
            }
        }
    }

    /// The first instant at which clocks here show `wall` or more.
    pub fn earliest(&self, wall: WallTime) -> Timestamp {
        match self.at(wall) {
            Ok(at) => at,
            Err(Unclear::Twice { first: it, .. } | Unclear::Never { next: it, .. }) => it.at,
        }
    }

    /// The last instant at which clocks here show `wall`, or the first at which they show more.
    pub fn latest(&self, wall: WallTime) -> Timestamp {
        match self.at(wall) {
            Ok(at) => at,
            Err(Unclear::Twice { second: it, .. } | Unclear::Never { next: it, .. }) => it.at,
        }
    }

    /// What clocks here show at an instant.
    pub fn wall(&self, at: Timestamp) -> WallTime {
        WallTime(self.0.to_datetime(at.to_jiff()))
    }

    /// An instant as it is written here.
    pub fn offset(&self, at: Timestamp) -> Offset {
        Offset {
            at,
            zone: self.clone(),
        }
    }

    /// The instant that `when` names here.
    pub fn instant(&self, when: When) -> Result<Timestamp, Unclear> {
        match when {
            When::OnTheWall(wall) => self.at(wall),
            When::Instant(at) => Ok(at),
        }
    }
}

impl WallTime {
    /// The beginning of a day, where no clocks are changed then.
    pub fn midnight(day: Date) -> Self {
        Self(day.to_datetime(Time::midnight()))
    }

    /// The day that calendars show.
    pub fn date(self) -> Date {
        self.0.date()
    }

    /// Hours and minutes: `09:30`.
    pub fn hour(self) -> String {
        self.0.strftime("%H:%M").to_string()
    }

    /// As forms have it (HTML, a valid local date and time string): `2026-11-24T12:00`.
    pub fn in_form(self) -> String {
        self.0.strftime("%Y-%m-%dT%H:%M").to_string()
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Zone {
    type Err = UnknownZone;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let unknown = || UnknownZone(name.chars().take(64).collect());
        if name.eq_ignore_ascii_case("utc") {
            return Ok(Self::UTC);
        }
        TimeZone::get(name).map(Self).map_err(|_| unknown())
    }
}

impl TryFrom<String> for Zone {
    type Error = UnknownZone;

    fn try_from(name: String) -> Result<Self, Self::Error> {
        name.parse()
    }
}

impl From<Zone> for String {
    fn from(zone: Zone) -> Self {
        zone.name().to_owned()
    }
}

impl fmt::Display for WallTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.second() == 0 {
            self.0.strftime("%Y-%m-%d %H:%M").fmt(f)
        } else {
            self.0.strftime("%Y-%m-%d %H:%M:%S").fmt(f)
        }
    }
}

impl FromStr for WallTime {
    type Err = InvalidTime;

    /// Reads `2026-11-24 12:00`, as well with a `T` as forms send it, or with seconds.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        let wrong = || InvalidTime(text.chars().take(64).collect());
        let form = text.char_indices().all(|(at, c)| match at {
            4 | 7 => c == '-',
            10 => matches!(c, ' ' | 'T'),
            13 | 16 => c == ':',
            _ => c.is_ascii_digit(),
        });
        if !form || !matches!(text.len(), 16 | 19) {
            return Err(wrong());
        }
        text.parse().map(Self).map_err(|_| wrong())
    }
}

impl TryFrom<String> for WallTime {
    type Error = InvalidTime;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<WallTime> for String {
    fn from(wall: WallTime) -> Self {
        wall.to_string()
    }
}

impl FromStr for When {
    type Err = InvalidTime;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.parse() {
            Ok(wall) => Ok(Self::OnTheWall(wall)),
            Err(refused) => text
                .trim()
                .parse()
                .map(Self::Instant)
                .map_err(|_: jiff::Error| refused),
        }
    }
}

impl fmt::Display for Offset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let zoned = self.at.to_jiff().to_zoned_datetime(self.zone.0.clone());
        zoned.strftime("%Y-%m-%dT%H:%M:%S%:z").fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zurich() -> Zone {
        "Europe/Zurich".parse().unwrap()
    }

    fn wall(text: &str) -> WallTime {
        text.parse().unwrap()
    }

    #[test]
    fn a_wall_time_is_an_instant_of_its_zone() {
        let noon = zurich().at(wall("2026-11-24 12:00")).unwrap();
        assert_eq!(noon.to_string(), "2026-11-24T11:00:00Z");
        let summer = zurich().at(wall("2026-07-24T12:00")).unwrap();
        assert_eq!(summer.to_string(), "2026-07-24T10:00:00Z");
        assert_eq!(zurich().wall(summer).to_string(), "2026-07-24 12:00");
        assert_eq!(
            Zone::UTC.at(wall("2026-11-24 12:00")).unwrap().to_string(),
            "2026-11-24T12:00:00Z"
        );
    }

    #[test]
    fn an_hour_that_is_twice_is_asked_about() {
        let twice = zurich().at(wall("2026-10-25 02:30")).unwrap_err();
        assert_eq!(
            twice.to_string(),
            "2026-10-25 02:30 is twice in Europe/Zurich, since clocks are put back: say which is meant, \
             2026-10-25T02:30:00+02:00 or 2026-10-25T02:30:00+01:00"
        );
        let Unclear::Twice { first, second, .. } = twice else {
            panic!("{twice}")
        };
        assert_eq!(second.at.since(first.at).as_secs(), 3_600);
        for it in [first, second] {
            assert_eq!(it.to_string().parse(), Ok(When::Instant(it.at)));
            assert_eq!(zurich().wall(it.at), wall("2026-10-25 02:30"));
        }
    }

    #[test]
    fn an_hour_that_is_never_has_a_next() {
        let never = zurich().at(wall("2026-03-29 02:30")).unwrap_err();
        assert_eq!(
            never.to_string(),
            "2026-03-29 02:30 is never in Europe/Zurich, since clocks are put forward: the next time is \
             2026-03-29T03:00:00+02:00"
        );
        // Half an hour, in the south.
        let howe: Zone = "Australia/Lord_Howe".parse().unwrap();
        let Err(Unclear::Never { next, .. }) = howe.at(wall("2026-10-04 02:10")) else {
            panic!("it is")
        };
        assert_eq!(next.to_string(), "2026-10-04T02:30:00+11:00");
        // A whole day, which one side of the date line once left out.
        let apia: Zone = "Pacific/Apia".parse().unwrap();
        let Err(Unclear::Never { next, .. }) = apia.at(wall("2011-12-30 12:00")) else {
            panic!("it is")
        };
        assert_eq!(next.to_string(), "2011-12-31T00:00:00+14:00");
    }

    #[test]
    fn times_are_read_in_two_ways_and_no_third() {
        assert!(matches!("2026-11-24 12:00".parse(), Ok(When::OnTheWall(_))));
        assert!(matches!(
            "2026-11-24T12:00:30".parse(),
            Ok(When::OnTheWall(_))
        ));
        assert!(matches!(
            "2026-11-24T12:00:00Z".parse(),
            Ok(When::Instant(_))
        ));
        assert!(matches!(
            "2026-11-24T12:00-04:00".parse(),
            Ok(When::Instant(_))
        ));
        for wrong in [
            "",
            "tomorrow",
            "2026-11-24",
            "2026-13-24 12:00",
            "2026-02-30 12:00",
            "2026-11-24 25:00",
            "2026-11-24 12:00[Europe/Zurich]",
            "24.11.2026 12:00",
        ] {
            assert!(wrong.parse::<When>().is_err(), "{wrong}");
        }
        assert!("Mars/Olympus".parse::<Zone>().is_err());
        assert_eq!("utc".parse::<Zone>().unwrap(), Zone::UTC);
        let json = serde_json::to_string(&(zurich(), wall("2026-11-24 12:00"))).unwrap();
        assert_eq!(json, r#"["Europe/Zurich","2026-11-24 12:00"]"#);
        assert_eq!(
            serde_json::from_str::<(Zone, WallTime)>(&json).unwrap(),
            (zurich(), wall("2026-11-24 12:00"))
        );
    }
}
