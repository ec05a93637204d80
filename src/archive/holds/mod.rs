//! Legal holds: orders to keep what would otherwise be destroyed.

mod store;

pub use self::store::{Hold, active, find, list};

use serde_json::{Value, json};

use super::erasure;
use super::gather::Draft;
use super::kind::{Kind, Subject};
use super::log;
use crate::kernel::{AgencyId, AnnouncementId, Clock, HoldId, LogId};
use crate::platform::db::{self, Conn};
use crate::platform::journal::{self, Fact};

/// What a hold covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Everything of an agency's.
    Agency,
    /// An announcement and all that was said under it.
    Thread(AnnouncementId),
    /// One reply, message, report or announcement.
    Entry(Subject),
}

/// Why a hold could not be placed or released.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("there is nothing of that in the record")]
    NotRecorded,
    #[error("a hold needs a matter of 1 to 200 characters, such as the number of the case")]
    Matter,
    #[error("there is no such hold")]
    Unknown,
    #[error("the hold was released already")]
    Released,
    #[error(transparent)]
    Db(#[from] db::Error),
}

/// Places a hold. Its `matter` is for the staff; the record says that there is a hold and what it covers.
pub fn place(
    conn: &mut Conn,
    clock: &dyn Clock,
    agency: AgencyId,
    scope: Scope,
    matter: &str,
) -> Result<HoldId, Error> {
    let matter = matter.trim();
    if matter.is_empty() || matter.chars().count() > 200 {
        return Err(Error::Matter);
    }
    let log = log::by_agency(conn, agency)?.ok_or(Error::NotRecorded)?;
    let hold = store::insert(conn, clock.now(), log.id, scope, matter)?;
    journal::append(conn, clock, agency, &Fact::HoldPlaced { hold })?;
    Ok(hold)
}

/// Releases a hold: what it alone held back is destroyed.
pub fn release(conn: &mut Conn, clock: &dyn Clock, hold: HoldId) -> Result<(), Error> {
    let found = store::find(conn, hold)?.ok_or(Error::Unknown)?;
    if found.released_at.is_some() {
        return Err(Error::Released);
    }
    let now = clock.now();
    store::release(conn, hold, now)?;
    erasure::store::hasten(conn, found.log, erasure::execute::HELD, now)?;
    let log = log::store::by_id(conn, found.log)?.ok_or(Error::Unknown)?;
    journal::append(conn, clock, log.agency, &Fact::HoldReleased { hold })?;
    Ok(())
}

/// Whether a hold covers a subject.
pub fn stands(conn: &mut Conn, log: LogId, subject: Subject) -> Result<bool, db::Error> {
    if let Subject::Actor(_) = subject {
        // They may have spoken with any agency.
        return agency_is_held(conn);
    }
    let holds = store::active(conn, log)?;
    if holds.is_empty() {
        return Ok(false);
    }
    Ok(!in_the_way(conn, log, subject)?.is_empty())
}

fn agency_is_held(conn: &mut Conn) -> Result<bool, db::Error> {
    for log in log::all(conn)? {
        let holds = store::active(conn, log.id)?;
        if holds.iter().any(|hold| hold.scope == Scope::Agency) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The holds that stand in the way of a subject's destruction.
pub fn in_the_way(conn: &mut Conn, log: LogId, subject: Subject) -> Result<Vec<Hold>, db::Error> {
    let thread = super::entries::by_subject(conn, subject)?
        .first()
        .and_then(|entry| entry.thread);
    let holds = store::active(conn, log)?;
    Ok(holds
        .into_iter()
        .filter(|hold| hold.covers(subject, thread))
        .collect())
}

impl Hold {
    fn covers(&self, subject: Subject, thread: Option<AnnouncementId>) -> bool {
        match self.scope {
            Scope::Agency => true,
            Scope::Thread(held) => thread == Some(held) || subject == Subject::Announcement(held),
            Scope::Entry(held) => subject == held,
        }
    }
}

/// What the record says of a hold: never its matter.
pub(super) fn stated(conn: &mut Conn, draft: &mut Draft, id: HoldId) -> Result<Value, db::Error> {
    let Some(hold) = store::find(conn, id)? else {
        return Ok(Value::Null);
    };
    let (covers, about) = match hold.scope {
        Scope::Agency => ("agency", None),
        Scope::Thread(thread) => ("thread", Some(Subject::Announcement(thread))),
        Scope::Entry(subject) => ("entry", Some(subject)),
    };
    draft.refers_to = if draft.kind == Kind::HoldReleased {
        Some(draft.subject)
    } else {
        about
    };
    Ok(json!({ "covers": covers }))
}
