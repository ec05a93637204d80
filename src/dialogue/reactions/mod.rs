//! Likes and boosts: one of a kind from each actor, shown as totals only.

mod store;

pub use self::store::{Tally, reactors, tallies, tally};

use crate::kernel::{ActorId, AnnouncementId, Clock};
use crate::platform::db::{self, Conn};

/// How somebody reacts. Reactions with an emoji count as likes (FEP-c0e0).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reaction {
    Like,
    Boost,
}

impl Reaction {
    const fn code(self) -> i16 {
        match self {
            Self::Like => 0,
            Self::Boost => 1,
        }
    }

    fn from_code(code: i16) -> Result<Self, db::Error> {
        match code {
            0 => Ok(Self::Like),
            1 => Ok(Self::Boost),
            _ => Err(db::Error::Corrupt("reactions.kind")),
        }
    }
}

/// Counts a reaction; the same again changes nothing.
pub fn react(
    conn: &mut Conn,
    clock: &dyn Clock,
    announcement: AnnouncementId,
    actor: ActorId,
    reaction: Reaction,
    activity_uri: &str,
) -> Result<bool, db::Error> {
    let new = store::insert(conn, clock, announcement, actor, reaction, activity_uri)?;
    if new {
        store::count(conn, announcement, reaction, 1)?;
    }
    Ok(new)
}

/// Takes a reaction back, named by what it was about.
pub fn withdraw(
    conn: &mut Conn,
    announcement: AnnouncementId,
    actor: ActorId,
    reaction: Reaction,
) -> Result<bool, db::Error> {
    let gone = store::remove(conn, announcement, actor, reaction)?;
    if gone {
        store::count(conn, announcement, reaction, -1)?;
    }
    Ok(gone)
}

/// Takes a reaction of `actor` back, named by its activity's id.
pub fn withdraw_activity(
    conn: &mut Conn,
    actor: ActorId,
    activity_uri: &str,
) -> Result<bool, db::Error> {
    match store::by_activity(conn, actor, activity_uri)? {
        Some((announcement, reaction)) => withdraw(conn, announcement, actor, reaction),
        None => Ok(false),
    }
}

/// Takes back all that an actor who is gone had reacted with.
pub fn forget(conn: &mut Conn, actor: ActorId) -> Result<(), db::Error> {
    for (announcement, reaction) in store::by_actor(conn, actor)? {
        withdraw(conn, announcement, actor, reaction)?;
    }
    Ok(())
}

/// Adds to the replies shown in a thread.
pub(in crate::dialogue) fn count_replies(
    conn: &mut Conn,
    thread: AnnouncementId,
    change: i64,
) -> Result<(), db::Error> {
    store::count_replies(conn, thread, change)
}
