//! What is believed of a witness that says it has seen more of a log than is here.
//!
//! A checkpoint that the log itself has signed proves it. A bare number proves nothing, and is believed only as long as
//! the database may be an old one: one lying witness must not be able to stop a log.

use super::store;
use crate::archive::log;
use crate::kernel::{LogId, Timestamp};
use crate::platform::db::{self, Conn};
use crate::tlog::Hash;

/// More entries than there are here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Claim {
    pub(super) size: u64,
    /// Of the checkpoint that was shown, which the log has signed; none for a bare number.
    pub(super) root: Option<Hash>,
}

/// What becomes of a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Belief {
    /// The log is stopped.
    Believed,
    /// Nothing speaks for it.
    Unproven,
    /// The operator has decided to go on in spite of it.
    Settled,
}

/// Weighs a claim, and stops the log if it is believed.
pub(super) fn weigh(
    conn: &mut Conn,
    log: LogId,
    vkey: &str,
    claim: Claim,
    now: Timestamp,
) -> Result<Belief, db::Error> {
    let Some(found) = log::store::by_id(conn, log)? else {
        return Ok(Belief::Unproven);
    };
    let standing = store::standing(conn, log, vkey)?;
    if standing.overruled == Some(claim) {
        return Ok(Belief::Settled);
    }
    let doubted = found
        .doubted_at
        .is_some_and(|since| standing.cosigned_at.is_none_or(|at| at < since));
    if claim.root.is_none() && !doubted {
        return Ok(Belief::Unproven);
    }
    store::keep_claim(conn, log, vkey, claim, now)?;
    log::store::raise_floor(conn, log, claim.size)?;
    Ok(Belief::Believed)
}
