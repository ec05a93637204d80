//! Reactions and tallies in the database.

use std::collections::HashMap;

use diesel::prelude::*;

use super::Reaction;
use crate::kernel::{ActorId, AnnouncementId, Clock};
use crate::platform::db::schema::{actors, reactions, tallies};
use crate::platform::db::{self, Conn, on_either};

/// An announcement's echo in numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Replies shown in the thread that it heads.
    pub replies: i64,
    pub likes: i64,
    pub boosts: i64,
}

pub(super) fn insert(
    conn: &mut Conn,
    clock: &dyn Clock,
    announcement: AnnouncementId,
    actor: ActorId,
    reaction: Reaction,
    activity_uri: &str,
) -> Result<bool, db::Error> {
    let inserted = on_either!(conn => diesel::insert_into(reactions::table)
        .values((
            reactions::announcement_id.eq(announcement.get()),
            reactions::actor_id.eq(actor.get()),
            reactions::kind.eq(reaction.code()),
            reactions::activity_uri.eq(activity_uri),
            reactions::at.eq(clock.now().micros()),
        ))
        .on_conflict_do_nothing()
        .execute(conn))?;
    Ok(inserted > 0)
}

pub(super) fn remove(
    conn: &mut Conn,
    announcement: AnnouncementId,
    actor: ActorId,
    reaction: Reaction,
) -> Result<bool, db::Error> {
    let row = reactions::table.find((announcement.get(), reaction.code(), actor.get()));
    Ok(diesel::delete(row).execute(conn)? > 0)
}

pub(super) fn by_activity(
    conn: &mut Conn,
    actor: ActorId,
    activity_uri: &str,
) -> Result<Option<(AnnouncementId, Reaction)>, db::Error> {
    let row: Option<(i64, i16)> = reactions::table
        .filter(reactions::activity_uri.eq(activity_uri))
        .filter(reactions::actor_id.eq(actor.get()))
        .select((reactions::announcement_id, reactions::kind))
        .first(conn)
        .optional()?;
    row.map(|(id, kind)| Ok((AnnouncementId::new(id), Reaction::from_code(kind)?)))
        .transpose()
}

pub(super) fn by_actor(
    conn: &mut Conn,
    actor: ActorId,
) -> Result<Vec<(AnnouncementId, Reaction)>, db::Error> {
    let rows: Vec<(i64, i16)> = reactions::table
        .filter(reactions::actor_id.eq(actor.get()))
        .select((reactions::announcement_id, reactions::kind))
        .load(conn)?;
    rows.into_iter()
        .map(|(id, kind)| Ok((AnnouncementId::new(id), Reaction::from_code(kind)?)))
        .collect()
}

pub(super) fn count(
    conn: &mut Conn,
    announcement: AnnouncementId,
    reaction: Reaction,
    change: i64,
) -> Result<(), db::Error> {
    let (likes, boosts) = match reaction {
        Reaction::Like => (change, 0),
        Reaction::Boost => (0, change),
    };
    add(
        conn,
        announcement,
        Tally {
            replies: 0,
            likes,
            boosts,
        },
    )
}

pub(super) fn count_replies(
    conn: &mut Conn,
    thread: AnnouncementId,
    change: i64,
) -> Result<(), db::Error> {
    add(
        conn,
        thread,
        Tally {
            replies: change,
            likes: 0,
            boosts: 0,
        },
    )
}

fn add(conn: &mut Conn, announcement: AnnouncementId, change: Tally) -> Result<(), db::Error> {
    // Nearly always there is a tally, and to change it costs half as much as to insert one or else change it.
    let changed = diesel::update(tallies::table.find(announcement.get()))
        .set((
            tallies::replies.eq(tallies::replies + change.replies),
            tallies::likes.eq(tallies::likes + change.likes),
            tallies::boosts.eq(tallies::boosts + change.boosts),
        ))
        .execute(conn)?;
    if changed > 0 {
        return Ok(());
    }
    on_either!(conn => diesel::insert_into(tallies::table)
        .values((
            tallies::announcement_id.eq(announcement.get()),
            tallies::replies.eq(change.replies),
            tallies::likes.eq(change.likes),
            tallies::boosts.eq(change.boosts),
        ))
        .on_conflict(tallies::announcement_id)
        .do_update()
        .set((
            tallies::replies.eq(tallies::replies + change.replies),
            tallies::likes.eq(tallies::likes + change.likes),
            tallies::boosts.eq(tallies::boosts + change.boosts),
        ))
        .execute(conn))?;
    Ok(())
}

pub fn tally(conn: &mut Conn, announcement: AnnouncementId) -> Result<Tally, db::Error> {
    Ok(tallies(conn, &[announcement])?
        .remove(&announcement)
        .unwrap_or_default())
}

/// The tallies of several announcements; one without any echo is left out.
pub fn tallies(
    conn: &mut Conn,
    ids: &[AnnouncementId],
) -> Result<HashMap<AnnouncementId, Tally>, db::Error> {
    let ids = ids.iter().map(|id| id.get());
    let rows: Vec<(i64, i64, i64, i64)> = tallies::table
        .filter(tallies::announcement_id.eq_any(ids))
        .select((
            tallies::announcement_id,
            tallies::replies,
            tallies::likes,
            tallies::boosts,
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, replies, likes, boosts)| {
            (
                AnnouncementId::new(id),
                Tally {
                    replies,
                    likes,
                    boosts,
                },
            )
        })
        .collect())
}

/// Those who reacted to an announcement in one way, behind the actor `after`: (actor, host, inbox to deliver to).
pub fn reactors(
    conn: &mut Conn,
    announcement: AnnouncementId,
    reaction: Reaction,
    after: ActorId,
    limit: i64,
) -> Result<Vec<(ActorId, String, String)>, db::Error> {
    let rows: Vec<(i64, String, String, Option<String>)> = reactions::table
        .inner_join(actors::table)
        .filter(reactions::announcement_id.eq(announcement.get()))
        .filter(reactions::kind.eq(reaction.code()))
        .filter(reactions::actor_id.gt(after.get()))
        .order(reactions::actor_id)
        .limit(limit)
        .select((
            reactions::actor_id,
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
