//! Followers in the database.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::upsert::excluded;

use crate::dialogue::actors::Actor;
use crate::dialogue::actors::Row as ActorRow;
use crate::kernel::{ActorId, AgencyId, Clock};
use crate::platform::db::schema::{actors, blocks, followers};
use crate::platform::db::{self, Conn, on_either};

pub(super) fn put(
    conn: &mut Conn,
    clock: &dyn Clock,
    agency: AgencyId,
    actor: ActorId,
    follow_uri: &str,
) -> Result<(), db::Error> {
    on_either!(conn => diesel::insert_into(followers::table)
        .values((
            followers::agency_id.eq(agency.get()),
            followers::actor_id.eq(actor.get()),
            followers::follow_uri.eq(follow_uri),
            followers::since.eq(clock.now().micros()),
        ))
        .on_conflict((followers::agency_id, followers::actor_id))
        .do_update()
        .set(followers::follow_uri.eq(excluded(followers::follow_uri)))
        .execute(conn))?;
    Ok(())
}

pub(super) fn remove(conn: &mut Conn, agency: AgencyId, actor: ActorId) -> Result<bool, db::Error> {
    Ok(diesel::delete(followers::table.find((agency.get(), actor.get()))).execute(conn)? > 0)
}

pub(super) fn block(
    conn: &mut Conn,
    clock: &dyn Clock,
    agency: AgencyId,
    actor: ActorId,
) -> Result<(), db::Error> {
    on_either!(conn => diesel::insert_into(blocks::table)
        .values((
            blocks::agency_id.eq(agency.get()),
            blocks::actor_id.eq(actor.get()),
            blocks::at.eq(clock.now().micros()),
        ))
        .on_conflict_do_nothing()
        .execute(conn))?;
    Ok(())
}

pub(super) fn unblock(conn: &mut Conn, agency: AgencyId, actor: ActorId) -> Result<(), db::Error> {
    diesel::delete(blocks::table.find((agency.get(), actor.get()))).execute(conn)?;
    Ok(())
}

/// Whether the actor asked not to be addressed by the agency.
pub fn blocked(conn: &mut Conn, agency: AgencyId, actor: ActorId) -> Result<bool, db::Error> {
    let found = blocks::table
        .find((agency.get(), actor.get()))
        .select(blocks::actor_id)
        .first::<i64>(conn)
        .optional()?;
    Ok(found.is_some())
}

pub fn is_following(conn: &mut Conn, agency: AgencyId, actor: ActorId) -> Result<bool, db::Error> {
    let found = followers::table
        .find((agency.get(), actor.get()))
        .select(followers::actor_id)
        .first::<i64>(conn)
        .optional()?;
    Ok(found.is_some())
}

/// The id of the Follow that an Accept must name.
pub fn follow_uri(
    conn: &mut Conn,
    agency: AgencyId,
    actor: ActorId,
) -> Result<Option<String>, db::Error> {
    Ok(followers::table
        .find((agency.get(), actor.get()))
        .select(followers::follow_uri)
        .first(conn)
        .optional()?)
}

pub fn count(conn: &mut Conn, agency: AgencyId) -> Result<i64, db::Error> {
    Ok(followers::table
        .filter(followers::agency_id.eq(agency.get()))
        .count()
        .get_result(conn)?)
}

/// How many follow each agency; one that nobody follows is left out.
pub fn counts(conn: &mut Conn) -> Result<HashMap<AgencyId, i64>, db::Error> {
    let rows: Vec<(i64, i64)> = followers::table
        .group_by(followers::agency_id)
        .select((followers::agency_id, diesel::dsl::count_star()))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(agency, count)| (AgencyId::new(agency), count))
        .collect())
}

/// The agency's followers in the order in which we met them, behind the actor `after`.
pub fn list(
    conn: &mut Conn,
    agency: AgencyId,
    after: ActorId,
    limit: i64,
) -> Result<Vec<Actor>, db::Error> {
    let rows = followers::table
        .inner_join(actors::table)
        .filter(followers::agency_id.eq(agency.get()))
        .filter(followers::actor_id.gt(after.get()))
        .order(followers::actor_id)
        .limit(limit)
        .select(ActorRow::as_select())
        .load(conn)?;
    Ok(rows.into_iter().map(Actor::from).collect())
}

/// The agencies that an actor follows.
pub fn of_actor(conn: &mut Conn, actor: ActorId) -> Result<Vec<AgencyId>, db::Error> {
    let ids: Vec<i64> = followers::table
        .filter(followers::actor_id.eq(actor.get()))
        .select(followers::agency_id)
        .load(conn)?;
    Ok(ids.into_iter().map(AgencyId::new).collect())
}

/// The next followers' (actor, host, inbox to deliver to), behind the actor `after`.
pub fn inboxes(
    conn: &mut Conn,
    agency: AgencyId,
    after: ActorId,
    limit: i64,
) -> Result<Vec<(ActorId, String, String)>, db::Error> {
    let rows: Vec<(i64, String, String, Option<String>)> = followers::table
        .inner_join(actors::table)
        .filter(followers::agency_id.eq(agency.get()))
        .filter(followers::actor_id.gt(after.get()))
        .order(followers::actor_id)
        .limit(limit)
        .select((
            followers::actor_id,
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

/// The agency that a Follow of the actor, named by its id, is about.
pub fn agency_of_follow(
    conn: &mut Conn,
    actor: ActorId,
    follow_uri: &str,
) -> Result<Option<AgencyId>, db::Error> {
    let id: Option<i64> = followers::table
        .filter(followers::actor_id.eq(actor.get()))
        .filter(followers::follow_uri.eq(follow_uri))
        .select(followers::agency_id)
        .first(conn)
        .optional()?;
    Ok(id.map(AgencyId::new))
}
