//! Actors in the database.

use diesel::prelude::*;
use diesel::upsert::excluded;

use super::{Actor, Described};
use crate::dialogue::{reactions, votes};
use crate::kernel::{ActorId, Clock, Timestamp};
use crate::platform::db::schema::{actor_keys, actors, blocks, followers, messages, replies};
use crate::platform::db::{self, Conn, on_either};

#[derive(Queryable, Selectable)]
#[diesel(table_name = actors)]
pub(in crate::dialogue) struct Row {
    id: i64,
    uri: String,
    host: String,
    handle: String,
    domain: String,
    name: String,
    url: String,
    inbox: String,
    shared_inbox: Option<String>,
    followers: Option<String>,
    fetched_at: i64,
    deleted_at: Option<i64>,
}

impl From<Row> for Actor {
    fn from(row: Row) -> Self {
        Self {
            id: ActorId::new(row.id),
            uri: row.uri,
            host: row.host,
            handle: row.handle,
            domain: row.domain,
            name: row.name,
            url: row.url,
            inbox: row.inbox,
            shared_inbox: row.shared_inbox,
            followers: row.followers,
            fetched_at: Timestamp::from_micros(row.fetched_at),
            deleted: row.deleted_at.is_some(),
        }
    }
}

/// Keeps an actor as just fetched: new, or in place of what we knew.
pub fn remember(
    conn: &mut Conn,
    clock: &dyn Clock,
    described: &Described,
) -> Result<ActorId, db::Error> {
    let id: i64 = on_either!(conn => diesel::insert_into(actors::table)
        .values((
            actors::uri.eq(&described.uri),
            actors::host.eq(&described.host),
            actors::kind.eq(&described.kind),
            actors::handle.eq(&described.handle),
            actors::domain.eq(&described.domain),
            actors::name.eq(&described.name),
            actors::url.eq(&described.url),
            actors::inbox.eq(&described.inbox),
            actors::shared_inbox.eq(&described.shared_inbox),
            actors::followers.eq(&described.followers),
            actors::document.eq(&described.document),
            actors::fetched_at.eq(clock.now().micros()),
        ))
        .on_conflict(actors::uri)
        .do_update()
        .set((
            actors::kind.eq(excluded(actors::kind)),
            actors::handle.eq(excluded(actors::handle)),
            actors::domain.eq(excluded(actors::domain)),
            actors::name.eq(excluded(actors::name)),
            actors::url.eq(excluded(actors::url)),
            actors::inbox.eq(excluded(actors::inbox)),
            actors::shared_inbox.eq(excluded(actors::shared_inbox)),
            actors::followers.eq(excluded(actors::followers)),
            actors::document.eq(excluded(actors::document)),
            actors::fetched_at.eq(excluded(actors::fetched_at)),
            actors::deleted_at.eq(None::<i64>),
        ))
        .returning(actors::id)
        .get_result(conn))?;
    Ok(ActorId::new(id))
}

pub fn by_uri(conn: &mut Conn, uri: &str) -> Result<Option<Actor>, db::Error> {
    let row = actors::table
        .filter(actors::uri.eq(uri))
        .select(Row::as_select())
        .first(conn)
        .optional()?;
    Ok(row.map(Actor::from))
}

/// Those of `uris` whom we know.
pub fn by_uris(conn: &mut Conn, uris: &[String]) -> Result<Vec<Actor>, db::Error> {
    let rows = actors::table
        .filter(actors::uri.eq_any(uris))
        .select(Row::as_select())
        .load(conn)?;
    Ok(rows.into_iter().map(Actor::from).collect())
}

pub fn by_id(conn: &mut Conn, id: ActorId) -> Result<Option<Actor>, db::Error> {
    let row = actors::table
        .find(id.get())
        .select(Row::as_select())
        .first(conn)
        .optional()?;
    Ok(row.map(Actor::from))
}

pub fn id_of(conn: &mut Conn, uri: &str) -> Result<Option<ActorId>, db::Error> {
    let id = actors::table
        .filter(actors::uri.eq(uri))
        .select(actors::id)
        .first(conn)
        .optional()?;
    Ok(id.map(ActorId::new))
}

/// Some of the servers that we know people on.
pub fn some_hosts(conn: &mut Conn, limit: i64) -> Result<Vec<String>, db::Error> {
    Ok(actors::table
        .filter(actors::deleted_at.is_null())
        .select(actors::host)
        .distinct()
        .limit(limit)
        .load(conn)?)
}

/// An account that is gone: what it said about itself, whom it followed and what it liked go too. Its replies are
/// for [`crate::dialogue::replies::delete_by`] to take down.
pub fn delete(conn: &mut Conn, clock: &dyn Clock, id: ActorId) -> Result<(), db::Error> {
    diesel::delete(followers::table.filter(followers::actor_id.eq(id.get()))).execute(conn)?;
    reactions::forget(conn, id)?;
    votes::forget(conn, id)?;
    diesel::update(actors::table.find(id.get()))
        .set((
            actors::name.eq(""),
            actors::document.eq(""),
            actors::deleted_at.eq(clock.now().micros()),
        ))
        .execute(conn)?;
    Ok(())
}

/// Followers of an account that has moved: the old one follows no longer.
pub fn touch_moved(conn: &mut Conn, from: ActorId) -> Result<usize, db::Error> {
    Ok(
        diesel::delete(followers::table.filter(followers::actor_id.eq(from.get())))
            .execute(conn)?,
    )
}

/// What the servers of these actors said of them, and when they did; nothing of those who are gone.
pub fn documents(
    conn: &mut Conn,
    ids: &[ActorId],
) -> Result<Vec<(ActorId, Timestamp, String)>, db::Error> {
    let ids: Vec<i64> = ids.iter().map(|id| id.get()).collect();
    let rows: Vec<(i64, i64, String)> = actors::table
        .filter(actors::id.eq_any(ids))
        .filter(actors::deleted_at.is_null())
        .select((actors::id, actors::fetched_at, actors::document))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, at, document)| (ActorId::new(id), Timestamp::from_micros(at), document))
        .collect())
}

/// Whom erased words belong to: a row that names nobody.
pub(in crate::dialogue) fn nobody(
    conn: &mut Conn,
    clock: &dyn Clock,
) -> Result<ActorId, db::Error> {
    const NOBODY: &str = "urn:actapub:nobody";
    if let Some(id) = id_of(conn, NOBODY)? {
        return Ok(id);
    }
    let nothing = String::new;
    let described = Described {
        uri: NOBODY.to_owned(),
        host: nothing(),
        kind: nothing(),
        handle: nothing(),
        domain: nothing(),
        name: nothing(),
        url: nothing(),
        inbox: nothing(),
        shared_inbox: None,
        followers: None,
        document: nothing(),
    };
    remember(conn, clock, &described)
}

/// Whether something that somebody said still stands under their name, deleted by them or not.
pub fn has_said(conn: &mut Conn, id: ActorId) -> Result<bool, db::Error> {
    let reply: Option<i64> = replies::table
        .filter(replies::actor_id.eq(id.get()))
        .select(replies::id)
        .first(conn)
        .optional()?;
    let message: Option<i64> = messages::table
        .filter(messages::actor_id.eq(id.get()))
        .select(messages::id)
        .first(conn)
        .optional()?;
    Ok(reply.is_some() || message.is_some())
}

/// Leaves no trace of somebody: what they are called, their keys, whom they follow or block, what they liked. What they
/// said and quoted must be erased before.
pub fn erase(conn: &mut Conn, id: ActorId) -> Result<(), db::Error> {
    reactions::forget(conn, id)?;
    votes::forget(conn, id)?;
    diesel::delete(followers::table.filter(followers::actor_id.eq(id.get()))).execute(conn)?;
    diesel::delete(blocks::table.filter(blocks::actor_id.eq(id.get()))).execute(conn)?;
    diesel::delete(actor_keys::table.filter(actor_keys::actor_id.eq(id.get()))).execute(conn)?;
    diesel::delete(actors::table.find(id.get())).execute(conn)?;
    Ok(())
}
