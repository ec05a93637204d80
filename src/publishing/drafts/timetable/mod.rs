//! What goes out at a time: set by the clocks of the agency, sent at that instant, once.

mod store;

use super::draft::{Due, Hold};
use super::sending::{self, Done, Press, Word, send};
use super::{
    Act, Draft, Error, Kind, Proposal, State, VersionNumber, keep, noted, own, review,
    store as drafts,
};
use crate::agencies::staff::{Mandate, Right, trail};
use crate::kernel::{Clock, DraftId, Timestamp, When};
use crate::platform::db::{self, Conn};
use crate::publishing::house;

/// A draft whose time has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DueDraft {
    pub id: DraftId,
    /// Whether new keys have to be made for it.
    pub needs_keys: bool,
}

/// What came of a draft whose time had come.
#[derive(Debug, Clone, PartialEq)]
pub enum Sent {
    Published(Vec<Done>),
    Held(Hold),
    /// Somebody else has sent it, or taken it off the schedule.
    NotDue,
}

/// Sets the time at which a draft goes out as it stands in the version `seen`; what was set before is replaced. A time on
/// the wall is read by the agency's clocks, and refused if these show it twice or never.
pub fn schedule(
    conn: &mut Conn,
    clock: &dyn Clock,
    press: &Press<'_>,
    mandate: &Mandate,
    id: DraftId,
    seen: VersionNumber,
    when: When,
) -> Result<Draft, Error> {
    mandate.require(Right::Schedule)?;
    let draft = own(conn, mandate, id)?;
    draft.expect(Act::Schedule)?;
    draft.expect_seen(seen)?;
    sending::expect_rights(mandate, draft.proposals())?;
    let house = house::rules(conn, draft.agency)?;
    let due = Due {
        at: house.zone.instant(when)?,
        zone: house.zone.clone(),
    };
    review::check(conn, clock, press, &house, &draft)?;
    let proposals: Vec<Proposal> = draft.proposals().cloned().collect();
    sending::expect_time(&house, &proposals, due.at)?;
    let quorum = review::counted(conn, &house, &draft)?.quorum;
    let draft = draft.schedule(due, quorum, clock.now())?;
    let draft = keep(conn, draft)?;
    noted(conn, clock, mandate, trail::Act::Scheduled, &draft)?;
    Ok(draft)
}

/// Takes a draft off the schedule; it stays approved.
pub fn unschedule(
    conn: &mut Conn,
    clock: &dyn Clock,
    mandate: &Mandate,
    id: DraftId,
) -> Result<Draft, Error> {
    mandate.require(Right::Schedule)?;
    let draft = own(conn, mandate, id)?.unschedule(clock.now())?;
    let draft = keep(conn, draft)?;
    noted(conn, clock, mandate, trail::Act::Unscheduled, &draft)?;
    Ok(draft)
}

/// The drafts of all agencies whose time has come, the most overdue first, at most `limit`.
pub fn due(conn: &mut Conn, now: Timestamp, limit: i64) -> Result<Vec<DueDraft>, db::Error> {
    let mut found: Vec<DueDraft> = vec![];
    for (id, kind) in store::due(conn, now, limit)? {
        if found.last().is_none_or(|last| last.id != id) {
            let needs_keys = kind == Kind::Keys.name();
            found.push(DueDraft { id, needs_keys });
        }
    }
    Ok(found)
}

/// When the next draft goes out, of whichever agency.
pub fn next_due(conn: &mut Conn) -> Result<Option<Timestamp>, db::Error> {
    store::next_due(conn)
}

/// How many drafts of all agencies did not go out at their time, and wait for somebody to decide.
pub fn held(conn: &mut Conn) -> Result<i64, db::Error> {
    store::count_held(conn)
}

/// Sends a draft whose time has come, if everything that let it be scheduled still holds; otherwise holds it. Of several
/// who try, one does.
pub fn send_due(
    conn: &mut Conn,
    clock: &dyn Clock,
    press: &Press<'_>,
    id: DraftId,
) -> Result<Sent, Error> {
    let now = clock.now();
    let Some(draft) = drafts::find_for_change(conn, id)? else {
        return Ok(Sent::NotDue);
    };
    let State::Scheduled(due) = &draft.state else {
        return Ok(Sent::NotDue);
    };
    if due.at > now {
        return Ok(Sent::NotDue);
    }
    let due = due.at;
    let sent = conn.savepoint(|conn| go_out(conn, clock, press, draft.clone(), due));
    let why = match sent {
        Ok(done) => return Ok(Sent::Published(done)),
        Err(Stopped::Held(why)) => why,
        Err(Stopped::Failed(Error::Overtaken)) => return Ok(Sent::NotDue),
        Err(Stopped::Failed(error @ (Error::Db(_) | Error::KeysNeeded))) => return Err(error),
        Err(Stopped::Failed(error)) => Hold::Refused {
            reason: error.to_string(),
        },
    };
    keep(conn, draft.hold(why.clone(), now)?)?;
    Ok(Sent::Held(why))
}

/// Why a draft did not go out.
enum Stopped {
    Held(Hold),
    Failed(Error),
}

impl From<Error> for Stopped {
    fn from(error: Error) -> Self {
        match error {
            Error::Approvals { have, need } => Self::Held(Hold::Approvals { have, need }),
            Error::Forbidden { reason, until } => Self::Held(Hold::Forbidden { reason, until }),
            Error::Languages(missing) => Self::Held(Hold::Languages { missing }),
            Error::Db(error)
            | Error::Publishing(crate::publishing::Error::Db(error))
            | Error::Agency(crate::agencies::Error::Db(error)) => error.into(),
            other => Self::Failed(other),
        }
    }
}

impl From<db::Error> for Stopped {
    fn from(error: db::Error) -> Self {
        Self::Failed(Error::Db(error))
    }
}

fn go_out(
    conn: &mut Conn,
    clock: &dyn Clock,
    press: &Press<'_>,
    draft: Draft,
    due: Timestamp,
) -> Result<Vec<Done>, Stopped> {
    let now = clock.now();
    let house = house::rules(conn, draft.agency)?;
    if now.since(due) > house.late() {
        let minutes = now.since(due).as_secs() / 60;
        return Err(Stopped::Held(Hold::Late { due, minutes }));
    }
    let counted = sending::expect_allowed(conn, clock, &house, &draft)?;
    let people = counted.people(conn, &draft)?;
    let draft = draft.publish(counted.quorum, now)?;
    let done = send(conn, clock, press, draft, Word::Approved(people))?;
    Ok(done)
}
