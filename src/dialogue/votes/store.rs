//! Votes in the database.

use diesel::prelude::*;

use crate::kernel::{ActorId, AnnouncementId};
use crate::platform::db::schema::{actors, poll_votes};
use crate::platform::db::{self, Conn, on_either};

pub(super) fn has_voted(
    conn: &mut Conn,
    announcement: AnnouncementId,
    voter: ActorId,
) -> Result<bool, db::Error> {
    let found: Option<i32> = poll_votes::table
        .filter(poll_votes::announcement_id.eq(announcement.get()))
        .filter(poll_votes::actor_id.eq(voter.get()))
        .select(poll_votes::choice)
        .first(conn)
        .optional()?;
    Ok(found.is_some())
}

/// Whether it was not there yet.
pub(super) fn insert(
    conn: &mut Conn,
    announcement: AnnouncementId,
    voter: ActorId,
    choice: usize,
) -> Result<bool, db::Error> {
    let choice = i32::try_from(choice).map_err(|_| db::Error::Corrupt("poll_votes.choice"))?;
    let inserted = on_either!(conn => diesel::insert_into(poll_votes::table)
        .values((
            poll_votes::announcement_id.eq(announcement.get()),
            poll_votes::actor_id.eq(voter.get()),
            poll_votes::choice.eq(choice),
        ))
        .on_conflict_do_nothing()
        .execute(conn))?;
    Ok(inserted > 0)
}

pub(super) fn forget_all(conn: &mut Conn, announcement: AnnouncementId) -> Result<(), db::Error> {
    let all = poll_votes::table.filter(poll_votes::announcement_id.eq(announcement.get()));
    diesel::delete(all).execute(conn)?;
    Ok(())
}

/// Forgets where somebody has voted; that somebody did stays counted.
pub(in crate::dialogue) fn forget(conn: &mut Conn, voter: ActorId) -> Result<(), db::Error> {
    diesel::delete(poll_votes::table.filter(poll_votes::actor_id.eq(voter.get()))).execute(conn)?;
    Ok(())
}

/// Those who have voted in a poll, with host and inbox, behind `after`.
pub fn voters(
    conn: &mut Conn,
    announcement: AnnouncementId,
    after: ActorId,
    limit: i64,
) -> Result<Vec<(ActorId, String, String)>, db::Error> {
    let rows: Vec<(i64, String, String, Option<String>)> = poll_votes::table
        .inner_join(actors::table)
        .filter(poll_votes::announcement_id.eq(announcement.get()))
        .filter(poll_votes::actor_id.gt(after.get()))
        .distinct()
        .order(poll_votes::actor_id)
        .limit(limit)
        .select((
            poll_votes::actor_id,
            actors::host,
            actors::inbox,
            actors::shared_inbox,
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, host, inbox, shared)| (ActorId::new(id), host, shared.unwrap_or(inbox)))
        .collect())
}
