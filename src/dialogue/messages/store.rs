//! Private messages in the database.

use diesel::prelude::*;

use super::Incoming;
use crate::dialogue::actors::{self as actors_store, Actor, Row as ActorRow};
use crate::dialogue::{queue, replies};
use crate::kernel::{ActorId, AgencyId, Clock, EventId, MessageId, SafeHtml, Timestamp};
use crate::platform::db::schema::{actors, messages};
use crate::platform::db::{self, Conn, on_either};
use crate::publishing::answers;

const KEPT: i16 = 0;
const DELETED_BY_AUTHOR: i16 = 1;
const ERASED: i16 = 2;
const WITHHELD: i16 = 3;

/// A private message, for those whom the agency lets read its correspondence.
#[derive(Debug, Clone)]
pub struct Message {
    pub id: MessageId,
    pub uri: String,
    pub agency: AgencyId,
    pub author: Actor,
    /// The ActivityPub id of what it answers.
    pub parent: Option<String>,
    pub html: SafeHtml,
    pub warning: Option<String>,
    pub received_at: Timestamp,
    pub deleted: bool,
}

pub(super) fn insert(
    conn: &mut Conn,
    clock: &dyn Clock,
    new: &Incoming,
) -> Result<Option<MessageId>, db::Error> {
    if replies::is_barred(conn, &new.uri)? {
        return Ok(None);
    }
    let id: Option<i64> = on_either!(conn => diesel::insert_into(messages::table)
        .values((
            messages::uri.eq(&new.uri),
            messages::agency_id.eq(new.agency.get()),
            messages::actor_id.eq(new.author.get()),
            messages::parent.eq(&new.parent),
            messages::state.eq(KEPT),
            messages::html.eq(new.html.as_str()),
            messages::warning.eq(&new.warning),
            messages::event_id.eq(new.event.map(EventId::get)),
            messages::received_at.eq(clock.now().micros()),
            messages::edited_at.eq(new.updated_at.map(Timestamp::micros)),
        ))
        .on_conflict_do_nothing()
        .returning(messages::id)
        .get_result(conn)
        .optional())?;
    Ok(id.map(MessageId::new))
}

/// What decides whether something received is news.
pub(super) struct Version {
    pub(super) id: MessageId,
    pub(super) agency: AgencyId,
    pub(super) author: ActorId,
    pub(super) edited_at: Option<Timestamp>,
    pub(super) deleted: bool,
}

type VersionRow = (i64, i64, i64, Option<i64>, i16);

const VERSION: (
    messages::id,
    messages::agency_id,
    messages::actor_id,
    messages::edited_at,
    messages::state,
) = (
    messages::id,
    messages::agency_id,
    messages::actor_id,
    messages::edited_at,
    messages::state,
);

fn version((id, agency, author, edited_at, state): VersionRow) -> Version {
    Version {
        id: MessageId::new(id),
        agency: AgencyId::new(agency),
        author: ActorId::new(author),
        edited_at: edited_at.map(Timestamp::from_micros),
        deleted: state != KEPT,
    }
}

pub(super) fn version_of(conn: &mut Conn, uri: &str) -> Result<Option<Version>, db::Error> {
    let row = messages::table
        .filter(messages::uri.eq(uri))
        .select(VERSION)
        .first::<VersionRow>(conn)
        .optional()?;
    Ok(row.map(version))
}

pub(super) fn versions_by(
    conn: &mut Conn,
    author: ActorId,
    limit: i64,
) -> Result<Vec<Version>, db::Error> {
    let rows = messages::table
        .filter(messages::actor_id.eq(author.get()))
        .filter(messages::state.eq(KEPT))
        .limit(limit)
        .select(VERSION)
        .load::<VersionRow>(conn)?;
    Ok(rows.into_iter().map(version).collect())
}

pub(super) fn replace(conn: &mut Conn, id: MessageId, new: &Incoming) -> Result<(), db::Error> {
    diesel::update(messages::table.find(id.get()))
        .set((
            messages::html.eq(new.html.as_str()),
            messages::warning.eq(&new.warning),
            messages::event_id.eq(new.event.map(EventId::get)),
            messages::edited_at.eq(new.updated_at.map(Timestamp::micros)),
        ))
        .execute(conn)?;
    Ok(())
}

/// Hides a message that its author has deleted; the record destroys what it said when that may be.
pub fn hide(conn: &mut Conn, clock: &dyn Clock, id: MessageId) -> Result<(), db::Error> {
    answers::withhold(conn, clock.now(), id)?;
    let kept = messages::table
        .filter(messages::id.eq(id.get()))
        .filter(messages::state.eq(KEPT));
    diesel::update(kept)
        .set((
            messages::state.eq(DELETED_BY_AUTHOR),
            messages::deleted_at.eq(clock.now().micros()),
        ))
        .execute(conn)?;
    Ok(())
}

/// Shows nobody any more a message whose destruction was ordered.
pub fn withhold(conn: &mut Conn, clock: &dyn Clock, id: MessageId) -> Result<(), db::Error> {
    queue::hide(conn, queue::Subject::Message(id))?;
    answers::withhold(conn, clock.now(), id)?;
    let kept = messages::table
        .filter(messages::id.eq(id.get()))
        .filter(messages::state.eq(KEPT));
    diesel::update(kept)
        .set((
            messages::state.eq(WITHHELD),
            messages::deleted_at.eq(clock.now().micros()),
        ))
        .execute(conn)?;
    Ok(())
}

/// Destroys what a message says, and what was answered to it.
pub fn empty(conn: &mut Conn, clock: &dyn Clock, id: MessageId) -> Result<(), db::Error> {
    answers::forget(conn, clock.now(), id)?;
    diesel::update(messages::table.find(id.get()))
        .set((messages::html.eq(""), messages::warning.eq(None::<String>)))
        .execute(conn)?;
    queue::forget(conn, queue::Subject::Message(id))
}

/// Destroys what a message says and whose it was; it is not taken in again.
pub fn erase(conn: &mut Conn, clock: &dyn Clock, id: MessageId) -> Result<(), db::Error> {
    let Some((uri, _)) = placed(conn, id)? else {
        return Ok(());
    };
    empty(conn, clock, id)?;
    diesel::update(messages::table.find(id.get()))
        .set((
            messages::state.eq(ERASED),
            messages::uri.eq(replies::erased(&uri)),
            messages::parent.eq(None::<String>),
            messages::actor_id.eq(actors_store::nobody(conn, clock)?.get()),
            messages::event_id.eq(None::<i64>),
            messages::deleted_at.eq(clock.now().micros()),
        ))
        .execute(conn)?;
    replies::bar_for_good(conn, &uri)
}

/// The messages of `ids`.
pub fn by_ids(conn: &mut Conn, ids: &[MessageId]) -> Result<Vec<Message>, db::Error> {
    let rows: Vec<(Row, ActorRow)> = messages::table
        .inner_join(actors::table)
        .filter(messages::id.eq_any(ids.iter().map(|id| id.get())))
        .select((Row::as_select(), ActorRow::as_select()))
        .load(conn)?;
    Ok(rows.into_iter().map(message).collect())
}

/// Who wrote a message, and what it says; none if that is hidden.
pub fn words(conn: &mut Conn, id: MessageId) -> Result<Option<(ActorId, SafeHtml)>, db::Error> {
    let row: Option<(i64, String)> = messages::table
        .find(id.get())
        .filter(messages::state.eq(KEPT))
        .select((messages::actor_id, messages::html))
        .first(conn)
        .optional()?;
    Ok(row.map(|(author, html)| (ActorId::new(author), SafeHtml::trusted(html))))
}

/// Whether anything that somebody wrote in private is still kept.
pub fn has_words(conn: &mut Conn, author: ActorId) -> Result<bool, db::Error> {
    let one: Option<i64> = messages::table
        .filter(messages::actor_id.eq(author.get()))
        .filter(messages::html.ne(""))
        .select(messages::id)
        .first(conn)
        .optional()?;
    Ok(one.is_some())
}

/// When a message came.
pub fn received_at(conn: &mut Conn, id: MessageId) -> Result<Option<Timestamp>, db::Error> {
    let at: Option<i64> = messages::table
        .find(id.get())
        .select(messages::received_at)
        .first(conn)
        .optional()?;
    Ok(at.map(Timestamp::from_micros))
}

pub fn count(conn: &mut Conn, agency: AgencyId) -> Result<i64, db::Error> {
    Ok(messages::table
        .filter(messages::agency_id.eq(agency.get()))
        .count()
        .get_result(conn)?)
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = messages)]
struct Row {
    id: i64,
    uri: String,
    agency_id: i64,
    parent: Option<String>,
    state: i16,
    html: String,
    warning: Option<String>,
    received_at: i64,
}

fn message((row, author): (Row, ActorRow)) -> Message {
    let Row {
        id,
        uri,
        agency_id,
        parent,
        state,
        html,
        warning,
        received_at,
    } = row;
    Message {
        id: MessageId::new(id),
        uri,
        agency: AgencyId::new(agency_id),
        author: Actor::from(author),
        parent,
        html: if state == KEPT {
            SafeHtml::trusted(html)
        } else {
            SafeHtml::default()
        },
        warning: warning.filter(|_| state == KEPT),
        received_at: Timestamp::from_micros(received_at),
        deleted: state != KEPT,
    }
}

/// The messages to an agency that answer any of these, the first first, at most `limit`.
pub fn answering(
    conn: &mut Conn,
    agency: AgencyId,
    parents: &[String],
    limit: i64,
) -> Result<Vec<Message>, db::Error> {
    let rows: Vec<(Row, ActorRow)> = messages::table
        .inner_join(actors::table)
        .filter(messages::parent.eq_any(parents))
        .filter(messages::agency_id.eq(agency.get()))
        .order((messages::received_at, messages::id))
        .limit(limit)
        .select((Row::as_select(), ActorRow::as_select()))
        .load(conn)?;
    Ok(rows.into_iter().map(message).collect())
}

/// The newest private messages to an agency.
pub fn list(conn: &mut Conn, agency: AgencyId, limit: i64) -> Result<Vec<Message>, db::Error> {
    let rows: Vec<(Row, ActorRow)> = messages::table
        .inner_join(actors::table)
        .filter(messages::agency_id.eq(agency.get()))
        .order((messages::received_at.desc(), messages::id.desc()))
        .limit(limit)
        .select((Row::as_select(), ActorRow::as_select()))
        .load(conn)?;
    Ok(rows.into_iter().map(message).collect())
}

/// The ActivityPub id of a message and its author.
pub fn placed(conn: &mut Conn, id: MessageId) -> Result<Option<(String, ActorId)>, db::Error> {
    let row: Option<(String, i64)> = messages::table
        .find(id.get())
        .select((messages::uri, messages::actor_id))
        .first(conn)
        .optional()?;
    Ok(row.map(|(uri, author)| (uri, ActorId::new(author))))
}

/// Whether a message was erased, and not merely deleted by its author.
pub fn is_erased(conn: &mut Conn, id: MessageId) -> Result<bool, db::Error> {
    let state: Option<i16> = messages::table
        .find(id.get())
        .select(messages::state)
        .first(conn)
        .optional()?;
    Ok(state.is_none_or(|state| state == ERASED))
}

/// The message of that ActivityPub id, and whom it was sent to.
pub fn id_of(conn: &mut Conn, uri: &str) -> Result<Option<(MessageId, AgencyId)>, db::Error> {
    let row: Option<(i64, i64)> = messages::table
        .filter(messages::uri.eq(uri))
        .select((messages::id, messages::agency_id))
        .first(conn)
        .optional()?;
    Ok(row.map(|(id, agency)| (MessageId::new(id), AgencyId::new(agency))))
}

/// What somebody wrote in private, deleted or not, behind `after`. It looks through all messages.
pub fn said_by(
    conn: &mut Conn,
    author: ActorId,
    after: MessageId,
    limit: i64,
) -> Result<Vec<(MessageId, AgencyId)>, db::Error> {
    let rows: Vec<(i64, i64)> = messages::table
        .filter(messages::actor_id.eq(author.get()))
        .filter(messages::id.gt(after.get()))
        .order(messages::id)
        .limit(limit)
        .select((messages::id, messages::agency_id))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, agency)| (MessageId::new(id), AgencyId::new(agency)))
        .collect())
}

/// Messages behind `after` that came before an instant, in their order, each with its agency, and whether it was erased.
pub fn older(
    conn: &mut Conn,
    after: MessageId,
    before: Timestamp,
    limit: i64,
) -> Result<Vec<(MessageId, AgencyId, bool)>, db::Error> {
    let rows: Vec<(i64, i64, i16, i64)> = messages::table
        .filter(messages::id.gt(after.get()))
        .order(messages::id)
        .limit(limit)
        .select((
            messages::id,
            messages::agency_id,
            messages::state,
            messages::received_at,
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .take_while(|(_, _, _, at)| *at < before.micros())
        .map(|(id, agency, state, _)| (MessageId::new(id), AgencyId::new(agency), state == ERASED))
        .collect())
}

/// What answered something that was erased answers what stands in its place.
pub fn redirect(conn: &mut Conn, erased: &str) -> Result<(), db::Error> {
    diesel::update(messages::table.filter(messages::parent.eq(erased)))
        .set(messages::parent.eq(replies::erased(erased)))
        .execute(conn)?;
    Ok(())
}
