//! Replies in the database, as the record reads and destroys them.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use diesel::prelude::*;

use crate::dialogue::replies::store::{ERASED, SHOWN};
use crate::dialogue::{actors, reactions};
use crate::kernel::{ActorId, AnnouncementId, Clock, ReplyId};
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
    Ok(())
}

/// Destroys what a reply says, where it stood and whose it was; it is not taken in again.
pub fn erase(conn: &mut Conn, clock: &dyn Clock, id: ReplyId) -> Result<(), db::Error> {
    let row: Option<(String, i16, Option<i64>)> = replies::table
        .find(id.get())
        .select((replies::uri, replies::state, replies::thread_id))
        .first(conn)
        .optional()?;
    let Some((uri, state, thread)) = row else {
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
            replies::actor_id.eq(actors::nobody(conn, clock)?.get()),
            replies::event_id.eq(None::<i64>),
            replies::deleted_at.eq(clock.now().micros()),
        ))
        .execute(conn)?;
    diesel::update(replies::table.filter(replies::parent.eq(&uri)))
        .set(replies::parent.eq(&token))
        .execute(conn)?;
    publishing::redirect(conn, &uri, &token)?;
    bar_for_good(conn, &uri)
}

/// What stands in the place of an id that was erased: it is found by who has the id, and names nobody to who has not.
pub(in crate::dialogue) fn erased(uri: &str) -> String {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, uri.as_bytes());
    format!("{ERASED_URI}{}", BASE64_URL_SAFE_NO_PAD.encode(digest))
}

const ERASED_URI: &str = "urn:actapub:erased:";

/// Notes that what had this id was erased, for as long as the database lives.
pub(in crate::dialogue) fn bar_for_good(conn: &mut Conn, uri: &str) -> Result<(), db::Error> {
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
