//! Activities as they arrived. The rows never leave this file.

use std::collections::HashSet;
use std::time::Duration;

use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use crate::kernel::{AgencyId, EventId, Timestamp};
use crate::platform::db::schema::{event_queue, events, messages, replies};
use crate::platform::db::{self, Conn, insert_numbered, on_either};

/// Acted upon, unless it is still in the queue.
const TAKEN: i16 = 1;
const FAILED: i16 = 2;
const IGNORED: i16 = 3;

/// The kind of what was fetched and not sent.
const FETCHED: &str = "Fetched";

/// An activity whose signature was checked, about to be written down.
#[derive(Debug, Clone)]
pub(super) struct Arrival {
    pub(super) uri: String,
    pub(super) actor_uri: String,
    pub(super) agency: Option<AgencyId>,
    pub(super) kind: String,
    pub(super) object_uri: Option<String>,
    pub(super) body: Vec<u8>,
    pub(super) request: String,
    pub(super) key_uri: String,
    pub(super) key_der: Vec<u8>,
    pub(super) forwarded: bool,
}

/// An activity that waits to be acted upon.
#[derive(Debug, Clone)]
pub(super) struct Event {
    pub(super) id: EventId,
    pub(super) uri: String,
    pub(super) actor_uri: String,
    pub(super) body: Vec<u8>,
    pub(super) forwarded: bool,
    pub(super) attempts: i32,
    pub(super) received_at: Timestamp,
}

/// An arrival's values. Their type would take a page to write down.
macro_rules! row_of {
    ($now:expr, $new:expr) => {
        (
            events::uri.eq(&$new.uri),
            events::actor_uri.eq(&$new.actor_uri),
            events::agency_id.eq($new.agency.map(AgencyId::get)),
            events::kind.eq(&$new.kind),
            events::object_uri.eq(&$new.object_uri),
            events::body.eq(&$new.body),
            events::request.eq(&$new.request),
            events::key_uri.eq(&$new.key_uri),
            events::key_der.eq(&$new.key_der),
            events::forwarded.eq(i16::from($new.forwarded)),
            events::state.eq(TAKEN),
            events::attempts.eq(0),
            events::received_at.eq($now.micros()),
        )
    };
}

/// Writes arrivals down together; `false` for each that is here already. An error is that of one of them, or that another
/// process wrote one down meanwhile.
pub(super) fn append_all(
    conn: &mut Conn,
    now: Timestamp,
    arrivals: &[Arrival],
) -> Result<Vec<bool>, db::Error> {
    let uris = arrivals.iter().map(|new| new.uri.as_str());
    let known: Vec<String> = events::table
        .filter(events::uri.eq_any(uris))
        .select(events::uri)
        .load(conn)?;
    let mut seen: HashSet<&str> = known.iter().map(String::as_str).collect();
    let mut outcomes = Vec::with_capacity(arrivals.len());
    for new in arrivals {
        let is_new = seen.insert(&new.uri);
        if is_new {
            // Without a clause for conflicts diesel knows the statement by its type and need not spell it out.
            let id = insert_numbered!(conn => diesel::insert_into(events::table)
                .values(row_of!(now, new)), events::id)?;
            enqueue(conn, now, id, &new.actor_uri)?;
        }
        outcomes.push(is_new);
    }
    Ok(outcomes)
}

/// Writes an arrival down; `false` if it is here already.
pub(super) fn append(conn: &mut Conn, now: Timestamp, new: &Arrival) -> Result<bool, db::Error> {
    let id: Option<i64> = on_either!(conn => diesel::insert_into(events::table)
        .values(row_of!(now, new))
        .on_conflict_do_nothing()
        .returning(events::id)
        .get_result(conn)
        .optional())?;
    let Some(id) = id else { return Ok(false) };
    enqueue(conn, now, id, &new.actor_uri)?;
    Ok(true)
}

/// Keeps what the origin of a post served when it was asked: the evidence for a post that no activity brought.
pub(super) fn keep_fetched(
    conn: &mut Conn,
    now: Timestamp,
    actor_uri: &str,
    object_uri: &str,
    body: &[u8],
) -> Result<EventId, db::Error> {
    let request = serde_json::json!({"method": "GET", "target": object_uri, "headers": []});
    let id: i64 = on_either!(conn => diesel::insert_into(events::table)
        .values((
            events::uri.eq(format!("fetched:{}:{object_uri}", now.micros())),
            events::actor_uri.eq(actor_uri),
            events::kind.eq(FETCHED),
            events::object_uri.eq(object_uri),
            events::body.eq(body),
            events::request.eq(request.to_string()),
            events::key_uri.eq(""),
            events::key_der.eq(Vec::<u8>::new()),
            events::forwarded.eq(0),
            events::state.eq(TAKEN),
            events::attempts.eq(0),
            events::received_at.eq(now.micros()),
        ))
        .on_conflict(events::uri)
        .do_update()
        .set(events::body.eq(body))
        .returning(events::id)
        .get_result(conn))?;
    Ok(EventId::new(id))
}

fn enqueue(conn: &mut Conn, now: Timestamp, id: i64, actor_uri: &str) -> Result<(), db::Error> {
    on_either!(conn => diesel::insert_into(event_queue::table)
        .values((
            event_queue::event_id.eq(id),
            event_queue::actor_uri.eq(actor_uri),
            event_queue::attempts.eq(0),
            event_queue::due_at.eq(now.micros()),
        ))
        .execute(conn))?;
    Ok(())
}

/// How often a failure holds back what the same actor did afterwards.
const HOLDS_BACK: i32 = 2;
/// Actors whose queue waits for a fetch; beyond that order gives way to progress.
const MOST_HELD_BACK: i64 = 5_000;

/// The next activities to act upon, in order; of an actor whose earlier activity waits for something, none.
pub(super) fn due(conn: &mut Conn, now: Timestamp, limit: i64) -> Result<Vec<Event>, db::Error> {
    let held_back: Vec<String> = event_queue::table
        .filter(event_queue::due_at.gt(now.micros()))
        .filter(event_queue::attempts.le(HOLDS_BACK))
        .select(event_queue::actor_uri)
        .distinct()
        .limit(MOST_HELD_BACK)
        .load(conn)?;
    let mut query = event_queue::table
        .inner_join(events::table)
        .filter(event_queue::due_at.le(now.micros()))
        .order(event_queue::event_id)
        .limit(limit)
        .select((
            events::id,
            events::uri,
            events::actor_uri,
            events::body,
            events::forwarded,
            event_queue::attempts,
            events::received_at,
        ))
        .into_boxed();
    if !held_back.is_empty() {
        query = query.filter(event_queue::actor_uri.ne_all(held_back));
    }
    let rows: Vec<(i64, String, String, Vec<u8>, i16, i32, i64)> = query.load(conn)?;
    Ok(rows
        .into_iter()
        .map(
            |(id, uri, actor_uri, body, forwarded, attempts, received_at)| Event {
                id: EventId::new(id),
                uri,
                actor_uri,
                body,
                forwarded: forwarded != 0,
                attempts,
                received_at: Timestamp::from_micros(received_at),
            },
        )
        .collect())
}

/// Those of `ids` that nobody else has acted upon meanwhile.
pub(super) fn still_due(
    conn: &mut Conn,
    now: Timestamp,
    ids: &[i64],
) -> Result<Vec<i64>, db::Error> {
    Ok(event_queue::table
        .filter(event_queue::event_id.eq_any(ids))
        .filter(event_queue::due_at.le(now.micros()))
        .select(event_queue::event_id)
        .load(conn)?)
}

/// Whether an activity still waits.
pub(super) fn is_queued(conn: &mut Conn, id: EventId) -> Result<bool, db::Error> {
    let found: Option<i64> = event_queue::table
        .find(id.get())
        .select(event_queue::event_id)
        .first(conn)
        .optional()?;
    Ok(found.is_some())
}

/// Takes activities that were acted upon out of the queue.
pub(super) fn finish(conn: &mut Conn, ids: &[i64]) -> Result<(), db::Error> {
    if !ids.is_empty() {
        diesel::delete(event_queue::table.filter(event_queue::event_id.eq_any(ids)))
            .execute(conn)?;
    }
    Ok(())
}

pub(super) fn ignore(conn: &mut Conn, id: EventId, reason: &str) -> Result<(), db::Error> {
    settle(conn, id, IGNORED, reason)
}

pub(super) fn set_aside(conn: &mut Conn, id: EventId, reason: &str) -> Result<(), db::Error> {
    settle(conn, id, FAILED, reason)
}

fn settle(conn: &mut Conn, id: EventId, state: i16, reason: &str) -> Result<(), db::Error> {
    let attempts: Option<i32> = event_queue::table
        .find(id.get())
        .select(event_queue::attempts)
        .first(conn)
        .optional()?;
    diesel::update(events::table.find(id.get()))
        .set((
            events::state.eq(state),
            events::attempts.eq(attempts.unwrap_or(0)),
            events::reason.eq(reason),
        ))
        .execute(conn)?;
    finish(conn, &[id.get()])
}

/// Puts an activity off; why is for whoever looks at the queue.
pub(super) fn postpone(
    conn: &mut Conn,
    id: EventId,
    until: Timestamp,
    attempts: i32,
    reason: Option<&str>,
) -> Result<(), db::Error> {
    diesel::update(event_queue::table.find(id.get()))
        .set((
            event_queue::due_at.eq(until.micros()),
            event_queue::attempts.eq(attempts),
        ))
        .execute(conn)?;
    if let Some(reason) = reason {
        diesel::update(events::table.find(id.get()))
            .set(events::reason.eq(reason))
            .execute(conn)?;
    }
    Ok(())
}

/// Destroys the text of everything that brought `object_uri`, which its author has deleted.
pub(super) fn forget(conn: &mut Conn, actor_uri: &str, object_uri: &str) -> Result<(), db::Error> {
    let brought = events::table
        .filter(events::object_uri.eq(object_uri))
        .filter(events::actor_uri.eq(actor_uri))
        .filter(events::kind.ne("Delete"));
    diesel::update(brought)
        .set(events::body.eq(Vec::<u8>::new()))
        .execute(conn)?;
    Ok(())
}

/// Destroys the text of the activity of that id.
pub(super) fn forget_request(conn: &mut Conn, uri: &str) -> Result<(), db::Error> {
    if let Some(id) = by_uri(conn, uri)? {
        destroy_evidence(conn, &[id])?;
    }
    Ok(())
}

/// Written out, since a bound value would not let the planner use the partial index.
fn set_aside_ones() -> SqlLiteral<Bool> {
    sql("events.state = 2")
}

/// An activity that was set aside.
#[derive(Debug, Clone)]
pub struct Filed {
    pub id: EventId,
    pub kind: String,
    pub uri: String,
    pub attempts: i32,
    pub reason: String,
    pub received_at: Timestamp,
}

/// What was set aside after its last try, newest first.
pub fn failed(conn: &mut Conn, limit: i64) -> Result<Vec<Filed>, db::Error> {
    let rows: Vec<(i64, String, String, i32, Option<String>, i64)> = events::table
        .filter(set_aside_ones())
        .order(events::id.desc())
        .limit(limit)
        .select((
            events::id,
            events::kind,
            events::uri,
            events::attempts,
            events::reason,
            events::received_at,
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, kind, uri, attempts, reason, received_at)| Filed {
            id: EventId::new(id),
            kind,
            uri,
            attempts,
            reason: reason.unwrap_or_default(),
            received_at: Timestamp::from_micros(received_at),
        })
        .collect())
}

/// Puts one set-aside activity back in the queue.
pub fn retry(conn: &mut Conn, now: Timestamp, id: EventId) -> Result<bool, db::Error> {
    let row = events::table
        .filter(events::id.eq(id.get()))
        .filter(set_aside_ones());
    let Some(actor_uri) = row
        .select(events::actor_uri)
        .first::<String>(conn)
        .optional()?
    else {
        return Ok(false);
    };
    diesel::update(events::table.find(id.get()))
        .set(events::state.eq(TAKEN))
        .execute(conn)?;
    enqueue(conn, now, id.get(), &actor_uri)?;
    Ok(true)
}

/// Puts all set-aside activities back in the queue.
pub fn retry_all(conn: &mut Conn, now: Timestamp) -> Result<usize, db::Error> {
    let ids: Vec<i64> = events::table
        .filter(set_aside_ones())
        .order(events::id)
        .select(events::id)
        .load(conn)?;
    for id in &ids {
        retry(conn, now, EventId::new(*id))?;
    }
    Ok(ids.len())
}

/// How much waits, and for how long the oldest has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Backlog {
    pub queued: i64,
    pub failed: i64,
    pub oldest: Option<Timestamp>,
}

pub fn backlog(conn: &mut Conn) -> Result<Backlog, db::Error> {
    Ok(Backlog {
        queued: event_queue::table.count().get_result(conn)?,
        failed: events::table
            .filter(set_aside_ones())
            .count()
            .get_result(conn)?,
        oldest: event_queue::table
            .inner_join(events::table)
            .order(event_queue::event_id)
            .select(events::received_at)
            .first::<i64>(conn)
            .optional()?
            .map(Timestamp::from_micros),
    })
}

/// Drops what was acted upon or ignored longer than `age` ago and is no evidence, at most `limit`.
///
/// Evidence is what brought words that are kept, what took them back, and reports; all of it goes when the record
/// destroys what it is evidence of. The same activity could then be taken in once more; its signature would have long
/// expired.
pub fn prune(
    conn: &mut Conn,
    now: Timestamp,
    age: Duration,
    limit: i64,
) -> Result<usize, db::Error> {
    use diesel::dsl::{exists, not};
    let before = (now - age).micros();
    let (reply, message) = (
        diesel::alias!(replies as reply),
        diesel::alias!(messages as message),
    );
    let taken_back = events::kind
        .eq("Delete")
        .and(not(exists(
            reply
                .filter(reply.field(replies::uri).nullable().eq(events::object_uri))
                .filter(reply.field(replies::html).ne("")),
        )))
        .and(not(exists(
            message
                .filter(
                    message
                        .field(messages::uri)
                        .nullable()
                        .eq(events::object_uri),
                )
                .filter(message.field(messages::html).ne("")),
        )));
    let ids: Vec<i64> = events::table
        .filter(events::state.eq_any([TAKEN, IGNORED]))
        .filter(events::received_at.lt(before))
        .filter(not(
            events::id.eq_any(event_queue::table.select(event_queue::event_id))
        ))
        .filter(
            events::state
                .eq(IGNORED)
                .or(events::kind.ne_all(["Create", "Update", "Delete", "Flag", FETCHED]))
                // What it brought was destroyed; its length is known without reading it.
                .or(sql::<Bool>("length(events.body) = 0"))
                .or(taken_back),
        )
        .order(events::id)
        .limit(limit)
        .select(events::id)
        .load(conn)?;
    Ok(diesel::delete(events::table.filter(events::id.eq_any(&ids))).execute(conn)?)
}

/// Destroys the text of one activity: it brought what its author had deleted before.
pub(super) fn destroy(conn: &mut Conn, id: EventId) -> Result<(), db::Error> {
    diesel::update(events::table.find(id.get()))
        .set(events::body.eq(Vec::<u8>::new()))
        .execute(conn)?;
    Ok(())
}

/// Destroys the text of what brought the description of an account that is gone, at most `limit` activities at a time;
/// returns how many there were. What brought their words is for the record to destroy.
pub(super) fn forget_actor(
    conn: &mut Conn,
    actor_uri: &str,
    limit: i64,
) -> Result<usize, db::Error> {
    let ids: Vec<i64> = events::table
        .filter(events::object_uri.eq(actor_uri))
        .filter(events::actor_uri.eq(actor_uri))
        .filter(events::id.ne_all(event_queue::table.select(event_queue::event_id)))
        .filter(events::body.ne(Vec::<u8>::new()))
        .limit(limit)
        .select(events::id)
        .load(conn)?;
    Ok(diesel::update(events::table.filter(events::id.eq_any(ids)))
        .set(events::body.eq(Vec::<u8>::new()))
        .execute(conn)?)
}

/// An activity as it arrived, with who signed it: what the record commits to.
#[derive(Debug, Clone)]
pub struct Evidence {
    pub id: EventId,
    /// Empty once destroyed.
    pub body: Vec<u8>,
    /// Request line and signed headers, as JSON.
    pub request: String,
    /// `SubjectPublicKeyInfo` in DER.
    pub key: Vec<u8>,
}

/// The evidence for several activities.
pub fn evidence(conn: &mut Conn, ids: &[EventId]) -> Result<Vec<Evidence>, db::Error> {
    let ids: Vec<i64> = ids.iter().map(|id| id.get()).collect();
    let rows: Vec<(i64, Vec<u8>, String, Vec<u8>)> = events::table
        .filter(events::id.eq_any(ids))
        .select((events::id, events::body, events::request, events::key_der))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, body, request, key)| Evidence {
            id: EventId::new(id),
            body,
            request,
            key,
        })
        .collect())
}

/// Destroys the evidence for what these activities brought: the bodies, and the requests, whose digests would confirm
/// a guess.
pub fn destroy_evidence(conn: &mut Conn, ids: &[EventId]) -> Result<(), db::Error> {
    let ids: Vec<i64> = ids.iter().map(|id| id.get()).collect();
    diesel::update(events::table.filter(events::id.eq_any(ids)))
        .set((events::body.eq(Vec::<u8>::new()), events::request.eq("")))
        .execute(conn)?;
    Ok(())
}

/// Leaves no trace of activities: nobody can tell from what is here that there were any.
pub fn erase(conn: &mut Conn, ids: &[EventId]) -> Result<(), db::Error> {
    let ids: Vec<i64> = ids.iter().map(|id| id.get()).collect();
    for ids in ids.chunks(AT_ONCE) {
        finish(conn, ids)?;
        diesel::delete(events::table.filter(events::id.eq_any(ids))).execute(conn)?;
    }
    Ok(())
}

/// Values that one statement is given.
const AT_ONCE: usize = 500;

/// The activities that brought an object, or versions of it, or are otherwise about it alone: those of `actor_uri` and
/// those before `before`, if that is given. Reports are no part of it.
pub fn that_brought(
    conn: &mut Conn,
    actor_uri: Option<&str>,
    object_uri: &str,
    before: Option<EventId>,
) -> Result<Vec<EventId>, db::Error> {
    let mut query = events::table
        .filter(events::object_uri.eq(object_uri))
        .filter(events::kind.ne("Flag"))
        .select(events::id)
        .into_boxed();
    if let Some(actor) = actor_uri {
        query = query
            .filter(events::actor_uri.eq(actor.to_owned()))
            .filter(events::kind.ne("Delete"));
    }
    if let Some(before) = before {
        query = query.filter(events::id.lt(before.get()));
    }
    let ids: Vec<i64> = query.load(conn)?;
    Ok(ids.into_iter().map(EventId::new).collect())
}

/// The activity of that id.
pub fn by_uri(conn: &mut Conn, uri: &str) -> Result<Option<EventId>, db::Error> {
    Ok(events::table
        .filter(events::uri.eq(uri))
        .select(events::id)
        .first(conn)
        .optional()?
        .map(EventId::new))
}

/// All that an actor has sent, and of what kind. It looks through everything.
pub fn by_actor(conn: &mut Conn, actor_uri: &str) -> Result<Vec<(EventId, String)>, db::Error> {
    let rows: Vec<(i64, String)> = events::table
        .filter(events::actor_uri.eq(actor_uri))
        .select((events::id, events::kind))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, kind)| (EventId::new(id), kind))
        .collect())
}
