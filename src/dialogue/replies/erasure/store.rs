//! Replies in the database, as the record reads and destroys them.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use diesel::prelude::*;

use crate::dialogue::replies::store::{ERASED, SHOWN, WITHHELD};
use crate::dialogue::{actors, queue, reactions};
use crate::kernel::{ActorId, AgencyId, AnnouncementId, Clock, ReplyId, Timestamp};
use crate::platform::db::schema::{replies, tombstones};
use crate::platform::db::{self, Conn, on_either};
use crate::publishing;

/// Destroys what a reply says; its row stays, so that its answers keep their place.
pub fn empty(conn: &mut Conn, id: ReplyId) -> Result<(), db::Error> {
    diesel::update(replies::table.find(id.get()))
        .set((
            replies::html.eq(""),
            replies::warning.eq(None::<String>),
            replies::language.eq(None::<String>),
            replies::attachments.eq("[]"),
        ))
        .execute(conn)?;
    queue::forget(conn, queue::Subject::Reply(id))
}

/// Hides a reply that its author has deleted already, as a backup does not know: no fact is made of it.
pub fn hide(conn: &mut Conn, clock: &dyn Clock, id: ReplyId) -> Result<(), db::Error> {
    let shown: Option<Option<i64>> = replies::table
        .find(id.get())
        .filter(replies::state.eq(SHOWN))
        .select(replies::thread_id)
        .first(conn)
        .optional()?;
    let Some(thread) = shown else { return Ok(()) };
    if let Some(thread) = thread {
        reactions::count_replies(conn, AnnouncementId::new(thread), -1)?;
    }
    crate::dialogue::replies::store::hide(conn, clock, id)
}

/// Shows nobody any more a reply whose destruction was ordered; its author may have hidden it already.
pub fn withhold(conn: &mut Conn, clock: &dyn Clock, id: ReplyId) -> Result<(), db::Error> {
    queue::hide(conn, queue::Subject::Reply(id))?;
    let shown: Option<Option<i64>> = replies::table
        .find(id.get())
        .filter(replies::state.eq(SHOWN))
        .select(replies::thread_id)
        .first(conn)
        .optional()?;
    let Some(thread) = shown else { return Ok(()) };
    if let Some(thread) = thread {
        reactions::count_replies(conn, AnnouncementId::new(thread), -1)?;
    }
    diesel::update(replies::table.find(id.get()))
        .set((
            replies::state.eq(WITHHELD),
            replies::deleted_at.eq(clock.now().micros()),
        ))
        .execute(conn)?;
    Ok(())
}

/// Destroys what a reply says, where it stood and whose it was; it is not taken in again.
pub fn erase(conn: &mut Conn, clock: &dyn Clock, id: ReplyId) -> Result<(), db::Error> {
    let row: Option<(String, i16, Option<i64>, Option<String>)> = replies::table
        .find(id.get())
        .select((
            replies::uri,
            replies::state,
            replies::thread_id,
            replies::parent,
        ))
        .first(conn)
        .optional()?;
    let Some((uri, state, thread, parent)) = row else {
        return Ok(());
    };
    if let (SHOWN, Some(thread)) = (state, thread) {
        reactions::count_replies(conn, AnnouncementId::new(thread), -1)?;
    }
    let token = erased(&uri);
    empty(conn, id)?;
    diesel::update(replies::table.find(id.get()))
        .set((
            replies::state.eq(ERASED),
            replies::uri.eq(&token),
            replies::url.eq(""),
            replies::parent.eq(place_in_thread(conn, &uri, parent)?),
            replies::actor_id.eq(actors::nobody(conn, clock)?.get()),
            replies::event_id.eq(None::<i64>),
            replies::deleted_at.eq(clock.now().micros()),
        ))
        .execute(conn)?;
    diesel::update(replies::table.filter(replies::parent.eq(&uri)))
        .set(replies::parent.eq(&token))
        .execute(conn)?;
    publishing::drop_answers(conn, &uri)?;
    publishing::redirect(conn, &uri, &token)?;
    bar_for_good(conn, &uri)
}

/// What an erased reply answered, by which its place is found: not if that names its author, who may have answered
/// something of their own that is not here.
fn place_in_thread(
    conn: &mut Conn,
    uri: &str,
    parent: Option<String>,
) -> Result<Option<String>, db::Error> {
    let Some(parent) = parent else {
        return Ok(None);
    };
    let authority = |uri: &str| {
        let url = url::Url::parse(uri).ok()?;
        Some((url.host_str()?.to_owned(), url.port_or_known_default()))
    };
    if authority(&parent) != authority(uri) {
        return Ok(Some(parent));
    }
    let here: Option<i64> = replies::table
        .filter(replies::uri.eq(&parent))
        .select(replies::id)
        .first(conn)
        .optional()?;
    Ok(here.map(|_| parent))
}

/// What stands in the place of an id that was erased: it is found by who has the id, and names nobody to who has not.
pub(in crate::dialogue) fn erased(uri: &str) -> String {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, uri.as_bytes());
    format!("{ERASED_URI}{}", BASE64_URL_SAFE_NO_PAD.encode(digest))
}

const ERASED_URI: &str = "urn:actapub:erased:";

/// Notes that what had this id was erased, for as long as the database lives.
pub(in crate::dialogue) fn bar_for_good(conn: &mut Conn, uri: &str) -> Result<(), db::Error> {
    // Its author may have deleted it before.
    diesel::delete(tombstones::table.find(uri)).execute(conn)?;
    on_either!(conn => diesel::insert_into(tombstones::table)
        .values((tombstones::uri.eq(erased(uri)), tombstones::host.eq(""), tombstones::at.eq(i64::MAX)))
        .on_conflict_do_nothing()
        .execute(conn))?;
    Ok(())
}

/// Whether anything that somebody said is still kept.
pub fn has_words(conn: &mut Conn, author: ActorId) -> Result<bool, db::Error> {
    let one: Option<i64> = replies::table
        .filter(replies::actor_id.eq(author.get()))
        .filter(replies::html.ne(""))
        .select(replies::id)
        .first(conn)
        .optional()?;
    Ok(one.is_some())
}

/// Where a reply belongs, and whose it is: what the record needs to know of it.
#[derive(Debug, Clone)]
pub struct Placed {
    pub id: ReplyId,
    pub uri: String,
    pub thread: Option<AnnouncementId>,
    pub parent: Option<String>,
    pub author: ActorId,
}

pub fn placed(conn: &mut Conn, ids: &[ReplyId]) -> Result<Vec<Placed>, db::Error> {
    let ids: Vec<i64> = ids.iter().map(|id| id.get()).collect();
    let rows: Vec<(i64, String, Option<i64>, Option<String>, i64)> = replies::table
        .filter(replies::id.eq_any(ids))
        .select((
            replies::id,
            replies::uri,
            replies::thread_id,
            replies::parent,
            replies::actor_id,
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, uri, thread, parent, author)| Placed {
            id: ReplyId::new(id),
            uri,
            thread: thread.map(AnnouncementId::new),
            parent,
            author: ActorId::new(author),
        })
        .collect())
}

/// The replies of these ActivityPub ids.
pub fn ids_of(conn: &mut Conn, uris: &[String]) -> Result<Vec<(String, ReplyId)>, db::Error> {
    let rows: Vec<(String, i64)> = replies::table
        .filter(replies::uri.eq_any(uris))
        .select((replies::uri, replies::id))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(uri, id)| (uri, ReplyId::new(id)))
        .collect())
}

/// Whether a reply was erased, and not merely deleted by its author.
pub fn is_erased(conn: &mut Conn, id: ReplyId) -> Result<bool, db::Error> {
    let state: Option<i16> = replies::table
        .find(id.get())
        .select(replies::state)
        .first(conn)
        .optional()?;
    Ok(state.is_none_or(|state| state == ERASED))
}

/// What somebody said in public, deleted or not, behind `after`.
pub fn said_by(
    conn: &mut Conn,
    author: ActorId,
    after: ReplyId,
    limit: i64,
) -> Result<Vec<(ReplyId, AgencyId)>, db::Error> {
    let rows: Vec<(i64, i64)> = replies::table
        .filter(replies::actor_id.eq(author.get()))
        .filter(replies::id.gt(after.get()))
        .order(replies::id)
        .limit(limit)
        .select((replies::id, replies::agency_id))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, agency)| (ReplyId::new(id), AgencyId::new(agency)))
        .collect())
}

/// Replies behind `after` that came before an instant, in their order, each with its agency, and whether it was erased.
pub fn older(
    conn: &mut Conn,
    after: ReplyId,
    before: Timestamp,
    limit: i64,
) -> Result<Vec<(ReplyId, AgencyId, bool)>, db::Error> {
    let rows: Vec<(i64, i64, i16, i64)> = replies::table
        .filter(replies::id.gt(after.get()))
        .order(replies::id)
        .limit(limit)
        .select((
            replies::id,
            replies::agency_id,
            replies::state,
            replies::received_at,
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .take_while(|(_, _, _, at)| *at < before.micros())
        .map(|(id, agency, state, _)| (ReplyId::new(id), AgencyId::new(agency), state == ERASED))
        .collect())
}
