//! Undo: takes back a follow, a reaction or a block, whether it is sent whole or by its id alone.

use super::reaction::announcement;
use super::{Deed, Outcome};
use crate::dialogue::reactions::{self, Reaction};
use crate::dialogue::{followers, replies};
use crate::federation::wire::incoming::{Undone, UndoneKind};
use crate::platform::db::{self, Conn};

pub(super) fn undo(
    conn: &mut Conn,
    deed: &Deed<'_>,
    undone: &Undone,
) -> Result<Outcome, db::Error> {
    let own_id = undone.id.as_deref().filter(|id| deed.speaks_for(id));
    let taken_back = match (undone.kind, undone.object.as_deref()) {
        (Some(UndoneKind::Follow), Some(object)) => unfollow(conn, deed, object)?,
        (Some(UndoneKind::Block), Some(object)) => unblock(conn, deed, object)?,
        (Some(UndoneKind::Like), Some(object)) => withdraw(conn, deed, object, Reaction::Like)?,
        (Some(UndoneKind::Announce), Some(object)) => {
            withdraw(conn, deed, object, Reaction::Boost)?
        }
        (Some(UndoneKind::Other), _) => {
            return Ok(Outcome::Ignored("undoes something that means nothing here"));
        }
        _ => false,
    };
    if taken_back {
        return Ok(Outcome::Done);
    }
    let Some(id) = own_id else {
        return Ok(Outcome::Ignored("undoes nothing that is here"));
    };
    if !by_id(conn, deed, id)? {
        // It may have overtaken what it undoes.
        replies::bar(conn, deed.setting.clock, id, &deed.actor.host)?;
    }
    Ok(Outcome::Done)
}

fn by_id(conn: &mut Conn, deed: &Deed<'_>, id: &str) -> Result<bool, db::Error> {
    if reactions::withdraw_activity(conn, deed.actor.id, id)? {
        return Ok(true);
    }
    match followers::agency_of_follow(conn, deed.actor.id, id)? {
        Some(agency) => followers::unfollow(conn, deed.setting.clock, agency, deed.actor.id),
        None => Ok(false),
    }
}

fn unfollow(conn: &mut Conn, deed: &Deed<'_>, object: &str) -> Result<bool, db::Error> {
    match deed.agency(conn, object)? {
        Some(agency) => followers::unfollow(conn, deed.setting.clock, agency, deed.actor.id),
        None => Ok(false),
    }
}

fn unblock(conn: &mut Conn, deed: &Deed<'_>, object: &str) -> Result<bool, db::Error> {
    if let Some(agency) = deed.agency(conn, object)? {
        followers::unblock(conn, agency, deed.actor.id)?;
        return Ok(true);
    }
    Ok(false)
}

fn withdraw(
    conn: &mut Conn,
    deed: &Deed<'_>,
    object: &str,
    reaction: Reaction,
) -> Result<bool, db::Error> {
    match announcement(conn, deed, object)? {
        Some(announcement) => reactions::withdraw(conn, announcement, deed.actor.id, reaction),
        None => Ok(false),
    }
}
