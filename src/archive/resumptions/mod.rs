//! Decisions to go on with a log of which more was seen elsewhere: the operator's, recorded, and never the software's.

mod store;

pub use self::store::last_of;

use serde_json::{Value, json};

use super::log;
use super::recorder::is_stopped;
use crate::kernel::{AgencyId, Clock, ResumptionId};
use crate::platform::db::{self, Conn};
use crate::platform::journal::{self, Fact};

/// Characters of a reason.
const LONGEST_REASON: usize = 500;

/// Why a log does not go on.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("there is no record of that agency yet")]
    NotRecorded,
    #[error("the record is not stopped: there is nothing to decide")]
    NotStopped,
    #[error("a decision needs a reason of 1 to {LONGEST_REASON} characters: it is public")]
    Reason,
    #[error(transparent)]
    Db(#[from] db::Error),
}

/// Has a log go on from what is here, although more of it was seen elsewhere. What was said against it is overruled; what
/// is said later, or was shown by nobody yet, is not. The record says so, with the reason.
pub fn resume(
    conn: &mut Conn,
    clock: &dyn Clock,
    agency: AgencyId,
    reason: &str,
) -> Result<ResumptionId, Error> {
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > LONGEST_REASON {
        return Err(Error::Reason);
    }
    let log = log::by_agency(conn, agency)?.ok_or(Error::NotRecorded)?;
    if !is_stopped(&log) {
        return Err(Error::NotStopped);
    }
    let now = clock.now();
    let resumption = store::insert(conn, now, &log, reason)?;
    log::store::lower_floor(conn, log.id)?;
    super::witnesses::overrule(conn, log.id, now)?;
    journal::append(conn, clock, agency, &Fact::LogResumed { resumption })?;
    Ok(resumption)
}

/// What the record says of a decision.
pub(super) fn stated(conn: &mut Conn, id: ResumptionId) -> Result<Value, db::Error> {
    let Some(found) = store::find(conn, id)? else {
        return Ok(Value::Null);
    };
    Ok(json!({ "reason": found.reason, "seen": found.seen, "size": found.size }))
}
