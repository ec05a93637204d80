//! What waits for somebody, and what goes out when.

use super::draft::Hold;
use super::{Draft, Error, Standing, State, list, may_approve, shelf, store};
use crate::agencies::staff::Mandate;
use crate::agencies::staff::Right;
use crate::kernel::Timestamp;
use crate::platform::db::Conn;

/// Drafts in one state that are looked through.
const MOST: i64 = 50;
/// What goes out next.
const NEXT: i64 = 5;
/// More than anybody looks at in one month.
const MOST_IN_CALENDAR: i64 = 1_000;

/// What waits for somebody at an agency.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Waiting {
    /// What they may approve and have not.
    pub to_approve: Vec<Draft>,
    /// What was sent back to them: they began it, or put it up for approval.
    pub sent_back: Vec<Draft>,
    /// Approved, with no time set; for who may set one.
    pub ready: Vec<Draft>,
    /// What did not go out at its time.
    pub held: Vec<Draft>,
    /// What goes out next.
    pub next: Vec<Draft>,
}

/// What waits for the mandate's person.
pub fn waiting(conn: &mut Conn, mandate: &Mandate) -> Result<Waiting, Error> {
    if !mandate.allows(Right::Draft) {
        return Ok(Waiting::default());
    }
    let mut to_approve = vec![];
    for draft in list(conn, mandate, &[Standing::InReview], MOST)? {
        match may_approve(conn, mandate, &draft) {
            Ok(()) => to_approve.push(draft),
            Err(Error::Db(error)) => return Err(error.into()),
            // Whose roles approve nothing is not asked about each.
            Err(Error::Refused(_) | Error::OperatorApproves) => break,
            Err(_) => {}
        }
    }
    let mut sent_back = list(conn, mandate, &[Standing::SentBack], MOST)?;
    let theirs = |by| by == mandate.person();
    sent_back.retain(|it| theirs(it.started_by) || theirs(it.submitted_by));
    let ready = if mandate.allows(Right::Schedule) {
        list(conn, mandate, &[Standing::Approved], MOST)?
    } else {
        vec![]
    };
    Ok(Waiting {
        to_approve,
        sent_back,
        ready,
        held: list(conn, mandate, &[Standing::Held], MOST)?,
        next: store::scheduled(conn, shelf(mandate), NEXT)?,
    })
}

/// The drafts that went out or go out in a time, or should have; each with its time, in order.
pub fn calendar(
    conn: &mut Conn,
    mandate: &Mandate,
    from: Timestamp,
    until: Timestamp,
) -> Result<Vec<(Timestamp, Draft)>, Error> {
    mandate.require(Right::Draft)?;
    let found = store::calendar(conn, shelf(mandate), from, until, MOST_IN_CALENDAR)?;
    let mut dated: Vec<(Timestamp, Draft)> = found
        .into_iter()
        .map(|draft| (time_of(&draft), draft))
        .filter(|(at, _)| (from..until).contains(at))
        .collect();
    dated.sort_by_key(|(at, draft)| (*at, draft.id));
    Ok(dated)
}

/// When a draft went out or goes out; of one that was held when it should have, if that is known.
const fn time_of(draft: &Draft) -> Timestamp {
    match &draft.state {
        State::Scheduled(due) => due.at,
        State::Published { at } | State::Held(Hold::Late { due: at, .. }) => *at,
        _ => draft.changed_at,
    }
}
