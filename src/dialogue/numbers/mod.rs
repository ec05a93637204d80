//! What an agency's dialogue comes to, in numbers: followers, replies, boosts, quotations, answers, and how long they take.
//!
//! No number is about a single citizen: what fewer than [`FEW`] people did is told as that. What was written in private is
//! in no number at all.

mod calendar;
mod csv;
mod store;

pub use self::calendar::Grain;

use std::collections::BTreeMap;
use std::time::Duration;

use self::calendar::Period;
use super::{followers, reactions};
use crate::agencies::staff::{Mandate, Refused, Right};
use crate::kernel::{AgencyId, AnnouncementId, Clock, Cursor, Timestamp};
use crate::platform::db::{self, Conn};
use crate::publishing::{self, Shelf, house};

/// Groups smaller than that are not told apart.
pub const FEW: i64 = 20;
/// Announcements that are listed.
const ANNOUNCEMENTS: i64 = 50;

/// Why there are no numbers.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Refused(#[from] Refused),
    #[error(transparent)]
    Db(#[from] db::Error),
}

/// How many people did something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figure {
    /// Fewer than [`FEW`], or nobody.
    Few,
    Exactly(i64),
}

impl Figure {
    const fn of(count: i64) -> Self {
        if count < FEW {
            Self::Few
        } else {
            Self::Exactly(count)
        }
    }

    /// For a picture: where there are few, there is nothing to see.
    pub const fn height(self) -> i64 {
        match self {
            Self::Few => 0,
            Self::Exactly(count) => count,
        }
    }
}

/// All numbers of an agency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    pub grain: Grain,
    /// The oldest first.
    pub periods: Vec<PeriodFigures>,
    /// The newest first.
    pub announcements: Vec<AnnouncementFigures>,
    /// Those in which most was said first.
    pub languages: Vec<LanguageFigures>,
    /// Half of the answers of all periods took less.
    pub median: Option<Duration>,
    /// How many answers that is.
    pub answers: i64,
    pub open: Figure,
    pub overdue: Figure,
    /// How long somebody may wait.
    pub within: Duration,
}

/// What happened in a week, or in a month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeriodFigures {
    /// Its first day: `2026-11-23`.
    pub begins: String,
    /// At its end; none before anybody counted.
    pub followers: Option<Figure>,
    pub replies: Figure,
    pub boosts: Figure,
    pub quotes: Figure,
    /// What the agency answered: its own doing, and told exactly.
    pub answers: i64,
    pub median: Option<Duration>,
}

/// What came of an announcement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnnouncementFigures {
    pub id: AnnouncementId,
    pub published_at: Timestamp,
    pub language: String,
    pub replies: Figure,
    pub boosts: Figure,
    pub quotes: Figure,
    pub answers: i64,
}

/// What was said in a language, as its authors' servers name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LanguageFigures {
    /// BCP 47, in small letters; none where nobody said.
    pub language: Option<String>,
    pub replies: Figure,
    pub answers: i64,
}

/// The numbers of the mandate's agency, by weeks or by months.
pub fn report(
    conn: &mut Conn,
    clock: &dyn Clock,
    mandate: &Mandate,
    grain: Grain,
) -> Result<Report, Error> {
    mandate.require(Right::SeeNumbers)?;
    let (agency, now) = (mandate.agency(), clock.now());
    let periods = grain.periods(now);
    let beginning = periods.first().map_or(0, |period| period.days.start);
    let came = store::came_by_day(conn, agency, beginning)?;
    let boosts = store::boosts_by_day(conn, agency, beginning)?;
    let answers = store::answers(conn, agency, beginning)?;
    let followers = store::follower_days(conn, agency)?;
    let within = house::rules(conn, agency)?.answer_within();
    let (open, overdue) = store::waiting(conn, agency, now - within)?;
    let figures = periods.iter().map(|period| {
        let sum = |days: &BTreeMap<i64, i64>| {
            let sum: i64 = days
                .range(period.days.clone())
                .map(|(_, count)| count)
                .sum();
            Figure::of(sum)
        };
        let took = took(&answers, Some(period));
        PeriodFigures {
            begins: period.begins.clone(),
            followers: at_the_end(&followers, period),
            replies: sum(&came.replies),
            boosts: sum(&boosts),
            quotes: sum(&came.quotes),
            answers: count(&took),
            median: median(took),
        }
    });
    let periods = figures.collect();
    let took = took(&answers, None);
    Ok(Report {
        grain,
        periods,
        announcements: announcements(conn, agency)?,
        languages: languages(conn, agency)?,
        answers: count(&took),
        median: median(took),
        open: Figure::of(open),
        overdue: Figure::of(overdue),
        within,
    })
}

/// How many followed at the end of a period: as many as on the last day on which that changed.
fn at_the_end(days: &BTreeMap<i64, i64>, period: &Period) -> Option<Figure> {
    let (_, followers) = days.range(..period.days.end).next_back()?;
    Some(Figure::of(*followers))
}

/// How long the answers took that were given in a period, or in all.
fn took(answers: &[(i64, Duration)], period: Option<&Period>) -> Vec<Duration> {
    let within = |day: &i64| period.is_none_or(|period| period.days.contains(day));
    answers
        .iter()
        .filter(|(day, _)| within(day))
        .map(|(_, took)| *took)
        .collect()
}

fn count<T>(of: &[T]) -> i64 {
    i64::try_from(of.len()).unwrap_or(i64::MAX)
}

/// The middle one; of an even number the mean of the two in the middle.
fn median(mut of: Vec<Duration>) -> Option<Duration> {
    of.sort_unstable();
    let middle = of.len() / 2;
    let upper = of.get(middle)?;
    if of.len() % 2 == 1 {
        return Some(*upper);
    }
    Some((*upper + *of.get(middle.checked_sub(1)?)?) / 2)
}

fn announcements(conn: &mut Conn, agency: AgencyId) -> Result<Vec<AnnouncementFigures>, db::Error> {
    let newest = publishing::by_agency(
        conn,
        agency,
        Shelf::Announcements,
        Cursor::NEWEST,
        ANNOUNCEMENTS,
    )?;
    let ids: Vec<AnnouncementId> = newest.iter().map(|it| it.id).collect();
    let tallies = reactions::tallies(conn, &ids)?;
    let threads = store::by_thread(conn, &ids)?;
    Ok(newest
        .into_iter()
        .map(|it| {
            let tally = tallies.get(&it.id).copied().unwrap_or_default();
            let thread = threads.get(&it.id).copied().unwrap_or_default();
            AnnouncementFigures {
                id: it.id,
                published_at: it.published_at,
                language: it.revision.language,
                replies: Figure::of(tally.replies),
                boosts: Figure::of(tally.boosts),
                quotes: Figure::of(thread.quotes),
                answers: thread.answers,
            }
        })
        .collect())
}

fn languages(conn: &mut Conn, agency: AgencyId) -> Result<Vec<LanguageFigures>, db::Error> {
    let found = store::by_language(conn, agency)?;
    let figures = found
        .into_iter()
        .map(|(language, replies, answers)| LanguageFigures {
            language,
            replies: Figure::of(replies),
            answers,
        });
    // A language that few speak here would tell who they are.
    Ok(figures.filter(|it| it.replies != Figure::Few).collect())
}

/// Counts the days before anybody counted, by those who still follow: who has left since is not known.
pub(in crate::dialogue) fn begin(conn: &mut Conn) -> Result<(), db::Error> {
    store::begin_days(conn)
}

/// Notes how many follow an agency, after one more or one fewer does. What was missed on an earlier day stays as it was
/// counted then.
pub(in crate::dialogue) fn count_followers(
    conn: &mut Conn,
    clock: &dyn Clock,
    agency: AgencyId,
    at: Timestamp,
) -> Result<(), db::Error> {
    let day = calendar::day(at);
    if day != calendar::day(clock.now()) {
        return Ok(());
    }
    let count = followers::count(conn, agency)?;
    store::put_day(conn, agency, day, count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_lies_in_the_middle() {
        let hours = |of: &[u64]| of.iter().map(|it| Duration::from_secs(it * 3600)).collect();
        for (given, middle) in [
            (&[][..], None),
            (&[5], Some(5)),
            (&[9, 1, 2], Some(2)),
            (&[8, 2, 4, 100], Some(6)),
        ] {
            let middle = middle.map(|it: u64| Duration::from_secs(it * 3600));
            assert_eq!(median(hours(given)), middle, "{given:?}");
        }
    }

    #[test]
    fn few_are_not_counted() {
        assert_eq!(Figure::of(0), Figure::Few);
        assert_eq!(Figure::of(19), Figure::Few);
        assert_eq!(Figure::of(20), Figure::Exactly(20));
    }
}
