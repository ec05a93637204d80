//! Reading the journal behind the record: only facts that are recorded, and those of an agency whose record is stopped by
//! themselves, later.

use std::collections::BTreeSet;

use super::recorder;
use crate::kernel::AgencyId;
use crate::platform::db::{self, Conn};
use crate::platform::journal::{self, Entry};

/// Facts to act upon, and what that does to a consumer's cursors.
pub(super) struct Portion {
    pub(super) facts: Vec<Entry>,
    step: Step,
}

enum Step {
    /// Everybody's cursor moves to `last`; these agencies' facts behind `position` are left aside from now on.
    All {
        position: i64,
        last: i64,
        aside: BTreeSet<AgencyId>,
    },
    /// One agency's facts, left aside before, are read up to here.
    One(AgencyId, i64),
    /// One agency has caught up.
    CaughtUp(AgencyId),
}

/// Whether there is nothing to do for `consumer`: a look that commits to nothing.
pub(super) fn is_idle(conn: &mut Conn, consumer: &str) -> Result<bool, db::Error> {
    let position = journal::seen(conn, consumer)?;
    let recorded = recorder::recorded_to(conn)?;
    if position < recorded {
        return Ok(false);
    }
    let recording = journal::lanes(conn, recorder::CONSUMER)?;
    Ok(journal::lanes(conn, consumer)?
        .iter()
        .all(|(agency, read)| {
            recording
                .get(agency)
                .is_some_and(|recorded| recorded <= read)
        }))
}

/// The next portion, in a transaction; none if there is nothing to do. Nobody else reads on for this consumer until the
/// transaction ends.
pub(super) fn next(
    conn: &mut Conn,
    consumer: &str,
    limit: i64,
) -> Result<Option<Portion>, db::Error> {
    let position = journal::position(conn, consumer)?;
    let recorded = recorder::recorded_to(conn)?;
    let recording = journal::lanes(conn, recorder::CONSUMER)?;
    let own = journal::lanes(conn, consumer)?;
    for (agency, read) in &own {
        let still = recording.get(agency).copied();
        let until = still.unwrap_or(recorded).min(position);
        let facts = journal::read_of(conn, *agency, *read, until, limit)?;
        let full = i64::try_from(facts.len()).is_ok_and(|count| count >= limit);
        let step = match (facts.last(), still) {
            (Some(last), _) if full => Step::One(*agency, last.seq),
            (None, Some(_)) if until <= *read => continue,
            (_, Some(_)) => Step::One(*agency, until),
            (_, None) => Step::CaughtUp(*agency),
        };
        return Ok(Some(Portion { facts, step }));
    }
    let mut facts = journal::read(conn, position, limit)?;
    facts.retain(|fact| fact.seq <= recorded);
    let Some(last) = facts.last().map(|fact| fact.seq) else {
        return Ok(None);
    };
    let aside = facts
        .iter()
        .map(|fact| fact.agency)
        .filter(|agency| recording.contains_key(agency) && !own.contains_key(agency))
        .collect();
    facts.retain(|fact| !recording.contains_key(&fact.agency));
    let step = Step::All {
        position,
        last,
        aside,
    };
    Ok(Some(Portion { facts, step }))
}

impl Portion {
    /// It was acted upon.
    pub(super) fn close(&self, conn: &mut Conn, consumer: &str) -> Result<(), db::Error> {
        match &self.step {
            Step::All {
                position,
                last,
                aside,
            } => {
                for agency in aside {
                    journal::set_lane(conn, consumer, *agency, *position)?;
                }
                journal::advance(conn, consumer, *last)
            }
            Step::One(agency, read) => journal::set_lane(conn, consumer, *agency, *read),
            Step::CaughtUp(agency) => journal::close_lane(conn, consumer, *agency),
        }
    }
}
