//! Which facts are recorded next: those of all agencies in their order, and, by themselves, those of agencies whose log
//! was stopped, once it goes on.

use std::collections::{BTreeMap, BTreeSet};

use super::{BATCH, CONSUMER};
use crate::archive::log;
use crate::federation::outbox;
use crate::kernel::AgencyId;
use crate::platform::db::{self, Conn};
use crate::platform::journal::{self, Entry};

/// Facts to be recorded together, and what that does to the cursors.
pub(super) struct Portion {
    pub(super) facts: Vec<Entry>,
    /// How far facts were read when these were.
    position: i64,
    lanes: BTreeMap<AgencyId, i64>,
    step: Step,
}

enum Step {
    /// Everybody's cursor moves; these agencies' facts are left aside from now on.
    All {
        last: i64,
        aside: BTreeSet<AgencyId>,
    },
    /// One agency's facts, left aside before, are read up to here.
    One(AgencyId, i64),
    /// One agency has caught up.
    CaughtUp(AgencyId),
}

/// The next portion; none if there is nothing to do. Only facts up to which the outbox has come, since what is sent for a
/// fact is part of its entry.
pub(super) fn next(conn: &mut Conn) -> Result<Option<Portion>, db::Error> {
    let position = journal::seen(conn, CONSUMER)?;
    let lanes = journal::lanes(conn, CONSUMER)?;
    let stopped = log::store::stopped(conn)?;
    let late = lanes.iter().find(|(agency, _)| !stopped.contains(agency));
    if let Some((agency, after)) = late {
        let facts = journal::read_of(conn, *agency, *after, position, BATCH)?;
        let full = i64::try_from(facts.len()).is_ok_and(|count| count >= BATCH);
        let step = match facts.last() {
            Some(last) if full => Step::One(*agency, last.seq),
            _ => Step::CaughtUp(*agency),
        };
        return Ok(Some(Portion {
            facts,
            position,
            lanes,
            step,
        }));
    }
    let composed = outbox::composed_to(conn)?;
    let mut facts = journal::read(conn, position, BATCH)?;
    facts.retain(|fact| fact.seq <= composed);
    let Some(last) = facts.last().map(|fact| fact.seq) else {
        return Ok(None);
    };
    let aside = facts
        .iter()
        .map(|fact| fact.agency)
        .filter(|agency| stopped.contains(agency) && !lanes.contains_key(agency))
        .collect();
    facts.retain(|fact| !stopped.contains(&fact.agency));
    Ok(Some(Portion {
        facts,
        position,
        lanes,
        step: Step::All { last, aside },
    }))
}

impl Portion {
    /// Whether nobody has gone on meanwhile; nobody else does until the transaction ends.
    pub(super) fn stands(&self, conn: &mut Conn) -> Result<bool, db::Error> {
        Ok(journal::position(conn, CONSUMER)? == self.position
            && journal::lanes(conn, CONSUMER)? == self.lanes)
    }

    /// Its facts are recorded.
    pub(super) fn close(&self, conn: &mut Conn) -> Result<(), db::Error> {
        match &self.step {
            Step::All { last, aside } => {
                for agency in aside {
                    journal::set_lane(conn, CONSUMER, *agency, self.position)?;
                }
                journal::advance(conn, CONSUMER, *last)
            }
            Step::One(agency, last) => journal::set_lane(conn, CONSUMER, *agency, *last),
            Step::CaughtUp(agency) => journal::close_lane(conn, CONSUMER, *agency),
        }
    }
}
