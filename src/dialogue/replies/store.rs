//! Replies in the database. The rows never leave this file.

use std::time::Duration;

use diesel::prelude::*;
use diesel::upsert::excluded;
use url::Url;

use super::erasure::erased;
use super::{Incoming, Reply, Standing, Words};
use crate::dialogue::actors::{Actor, Row as ActorRow};
use crate::kernel::{ActorId, AgencyId, AnnouncementId, Clock, ReplyId, SafeHtml, Timestamp};
use crate::platform::db::schema::{actors, replies, tombstones};
use crate::platform::db::{self, Conn, insert_numbered, on_either};

pub(super) const SHOWN: i16 = 0;
const DELETED_BY_AUTHOR: i16 = 1;
pub(super) const ERASED: i16 = 2;
pub(super) const WITHHELD: i16 = 3;

#[derive(Queryable, Selectable)]
#[diesel(table_name = replies)]
struct Row {
    id: i64,
    uri: String,
    agency_id: i64,
    thread_id: Option<i64>,
    parent: Option<String>,
    state: i16,
    html: String,
    warning: Option<String>,
    language: Option<String>,
    url: String,
    attachments: String,
    published_at: i64,
    received_at: i64,
    edited_at: Option<i64>,
    deleted_at: Option<i64>,
}

fn reply((row, author): (Row, ActorRow)) -> Result<Reply, db::Error> {
    let standing = match (row.state, row.deleted_at) {
        (SHOWN, None) => Standing::Shown,
        (DELETED_BY_AUTHOR, Some(at)) => Standing::DeletedByAuthor {
            at: Timestamp::from_micros(at),
        },
        (ERASED, Some(at)) => Standing::Erased {
            at: Timestamp::from_micros(at),
        },
        (WITHHELD, Some(at)) => Standing::Withheld {
            at: Timestamp::from_micros(at),
        },
        _ => return Err(db::Error::Corrupt("replies.state")),
    };
    // What is not shown may be kept for a while; nobody who asks for a reply gets it.
    let words = if standing == Standing::Shown {
        Words {
            html: SafeHtml::trusted(row.html),
            warning: row.warning,
            language: row.language,
            url: row.url,
            attachments: serde_json::from_str(&row.attachments)
                .map_err(|_| db::Error::Corrupt("replies.attachments"))?,
            published_at: Timestamp::from_micros(row.published_at),
        }
    } else {
        Words {
            html: SafeHtml::default(),
            warning: None,
            language: None,
            url: row.url,
            attachments: vec![],
            published_at: Timestamp::from_micros(row.published_at),
        }
    };
    Ok(Reply {
        id: ReplyId::new(row.id),
        uri: row.uri,
        agency: AgencyId::new(row.agency_id),
        thread: row.thread_id.map(AnnouncementId::new),
        author: Actor::from(author),
        parent: row.parent,
        standing,
        words,
        received_at: Timestamp::from_micros(row.received_at),
        edited_at: row.edited_at.map(Timestamp::from_micros),
    })
}

fn attachments(words: &Words) -> Result<String, db::Error> {
    if words.attachments.is_empty() {
        return Ok("[]".to_owned());
    }
    serde_json::to_string(&words.attachments).map_err(|_| db::Error::Corrupt("replies.attachments"))
}

/// Inserts a reply that we do not have.
pub(super) fn insert(
    conn: &mut Conn,
    clock: &dyn Clock,
    new: &Incoming,
) -> Result<ReplyId, db::Error> {
    let (now, attachments) = (clock.now(), attachments(&new.words)?);
    let id = insert_numbered!(conn => diesel::insert_into(replies::table)
        .values((
            replies::uri.eq(&new.uri),
            replies::agency_id.eq(new.agency.get()),
            replies::thread_id.eq(new.thread.map(AnnouncementId::get)),
            replies::actor_id.eq(new.author.get()),
            replies::parent.eq(&new.parent),
            replies::state.eq(SHOWN),
            replies::listed.eq(i16::from(new.listed)),
            replies::html.eq(new.words.html.as_str()),
            replies::warning.eq(&new.words.warning),
            replies::language.eq(&new.words.language),
            replies::url.eq(&new.words.url),
            replies::attachments.eq(&attachments),
            replies::event_id.eq(new.event.map(crate::kernel::EventId::get)),
            replies::published_at.eq(new.words.published_at.min(now).micros()),
            replies::received_at.eq(now.micros()),
            replies::edited_at.eq(new.updated_at.map(Timestamp::micros)),
        )), replies::id)?;
    Ok(ReplyId::new(id))
}

/// Whether `uri` was deleted, or undone, before we saw it.
pub fn is_barred(conn: &mut Conn, uri: &str) -> Result<bool, db::Error> {
    let erased = erased(uri);
    // Asked for every reply: two alternatives are a statement that is kept, a list is one that is planned anew each time.
    Ok(on_either!(conn => tombstones::table
        .filter(tombstones::uri.eq(uri).or(tombstones::uri.eq(&erased)))
        .select(tombstones::at)
        .first::<i64>(conn)
        .optional())?
    .is_some())
}

/// What decides whether something received is news.
pub(super) struct Version {
    pub(super) id: ReplyId,
    pub(super) agency: AgencyId,
    pub(super) thread: Option<AnnouncementId>,
    pub(super) author: ActorId,
    pub(super) edited_at: Option<Timestamp>,
    pub(super) deleted: bool,
}

type VersionRow = (i64, i64, Option<i64>, i64, Option<i64>, i16);

const VERSION: (
    replies::id,
    replies::agency_id,
    replies::thread_id,
    replies::actor_id,
    replies::edited_at,
    replies::state,
) = (
    replies::id,
    replies::agency_id,
    replies::thread_id,
    replies::actor_id,
    replies::edited_at,
    replies::state,
);

fn version((id, agency, thread, author, edited_at, state): VersionRow) -> Version {
    Version {
        id: ReplyId::new(id),
        agency: AgencyId::new(agency),
        thread: thread.map(AnnouncementId::new),
        author: ActorId::new(author),
        edited_at: edited_at.map(Timestamp::from_micros),
        deleted: state != SHOWN,
    }
}

pub(super) fn version_of(conn: &mut Conn, uri: &str) -> Result<Option<Version>, db::Error> {
    let row = on_either!(conn => replies::table
        .filter(replies::uri.eq(uri))
        .select(VERSION)
        .first::<VersionRow>(conn)
        .optional())?;
    Ok(row.map(version))
}

/// The undeleted replies of somebody.
pub(super) fn versions_by(
    conn: &mut Conn,
    author: ActorId,
    limit: i64,
) -> Result<Vec<Version>, db::Error> {
    let rows = replies::table
        .filter(replies::actor_id.eq(author.get()))
        .filter(replies::state.eq(SHOWN))
        .limit(limit)
        .select(VERSION)
        .load::<VersionRow>(conn)?;
    Ok(rows.into_iter().map(version).collect())
}

pub(super) fn replace(conn: &mut Conn, id: ReplyId, new: &Incoming) -> Result<(), db::Error> {
    diesel::update(replies::table.find(id.get()))
        .set((
            replies::html.eq(new.words.html.as_str()),
            replies::warning.eq(&new.words.warning),
            replies::language.eq(&new.words.language),
            replies::url.eq(&new.words.url),
            replies::attachments.eq(attachments(&new.words)?),
            replies::event_id.eq(new.event.map(crate::kernel::EventId::get)),
            replies::edited_at.eq(new.updated_at.map(Timestamp::micros)),
        ))
        .execute(conn)?;
    Ok(())
}

/// Hides a reply that its author has deleted; the record destroys what it said when that may be.
pub(super) fn hide(conn: &mut Conn, clock: &dyn Clock, id: ReplyId) -> Result<(), db::Error> {
    diesel::update(replies::table.find(id.get()))
        .set((
            replies::state.eq(DELETED_BY_AUTHOR),
            replies::deleted_at.eq(clock.now().micros()),
        ))
        .execute(conn)?;
    Ok(())
}

pub(super) fn insert_tombstone(
    conn: &mut Conn,
    clock: &dyn Clock,
    uri: &str,
    host: &str,
) -> Result<(), db::Error> {
    on_either!(conn => diesel::insert_into(tombstones::table)
        .values((tombstones::uri.eq(uri), tombstones::host.eq(host), tombstones::at.eq(clock.now().micros())))
        .on_conflict(tombstones::uri)
        .do_update()
        .set(tombstones::at.eq(excluded(tombstones::at)))
        .execute(conn))?;
    Ok(())
}

/// Forgets deletions older than `age`: whatever they bar does not come that late.
pub fn prune_tombstones(
    conn: &mut Conn,
    clock: &dyn Clock,
    age: Duration,
) -> Result<usize, db::Error> {
    let old = tombstones::table.filter(tombstones::at.lt((clock.now() - age).micros()));
    Ok(diesel::delete(old).execute(conn)?)
}

pub fn by_uri(conn: &mut Conn, uri: &str) -> Result<Option<Reply>, db::Error> {
    let row = replies::table
        .inner_join(actors::table)
        .filter(replies::uri.eq(uri))
        .select((Row::as_select(), ActorRow::as_select()))
        .first(conn)
        .optional()?;
    row.map(reply).transpose()
}

/// The reply of this page on its author's server. It is looked for among those of that server's authors: an index of all
/// pages would cost each reply that arrives more than it saves the few who ask.
pub fn by_page(conn: &mut Conn, url: &str) -> Result<Option<Reply>, db::Error> {
    let Ok(page) = Url::parse(url) else {
        return Ok(None);
    };
    let row = actors::table
        .inner_join(replies::table)
        .filter(actors::host.eq(page.authority()))
        .filter(replies::url.eq(url))
        .select((Row::as_select(), ActorRow::as_select()))
        .first(conn)
        .optional()?;
    row.map(reply).transpose()
}

pub fn by_id(conn: &mut Conn, id: ReplyId) -> Result<Option<Reply>, db::Error> {
    let row = replies::table
        .inner_join(actors::table)
        .filter(replies::id.eq(id.get()))
        .select((Row::as_select(), ActorRow::as_select()))
        .first(conn)
        .optional()?;
    row.map(reply).transpose()
}

/// The agency and thread that a known reply belongs to.
pub fn place_of(
    conn: &mut Conn,
    uri: &str,
) -> Result<Option<(AgencyId, Option<AnnouncementId>)>, db::Error> {
    let row: Option<(i64, Option<i64>)> = replies::table
        .filter(replies::uri.eq(uri))
        .select((replies::agency_id, replies::thread_id))
        .first(conn)
        .optional()?;
    Ok(row.map(|(agency, thread)| (AgencyId::new(agency), thread.map(AnnouncementId::new))))
}

/// Direct answers to any of `parents` (ActivityPub ids), oldest first, behind `after`; deleted ones as well, since
/// others may answer them.
pub fn children(
    conn: &mut Conn,
    parents: &[String],
    after: ReplyId,
    limit: i64,
) -> Result<Vec<Reply>, db::Error> {
    let rows = replies::table
        .inner_join(actors::table)
        .filter(replies::parent.eq_any(parents))
        .filter(replies::thread_id.is_not_null())
        .filter(replies::id.gt(after.get()))
        .order(replies::id)
        .limit(limit)
        .select((Row::as_select(), ActorRow::as_select()))
        .load(conn)?;
    rows.into_iter().map(reply).collect()
}

/// The replies among `uris` that we have, deleted ones as well.
pub fn by_uris(conn: &mut Conn, uris: &[String]) -> Result<Vec<Reply>, db::Error> {
    let rows = replies::table
        .inner_join(actors::table)
        .filter(replies::uri.eq_any(uris))
        .select((Row::as_select(), ActorRow::as_select()))
        .load(conn)?;
    rows.into_iter().map(reply).collect()
}

/// Which of `uris`, replies that we have, are answered.
pub fn answered(conn: &mut Conn, uris: &[String]) -> Result<Vec<String>, db::Error> {
    let answer = diesel::alias!(replies as answer);
    let answers = answer.filter(answer.field(replies::parent).eq(replies::uri.nullable()));
    Ok(replies::table
        .filter(replies::uri.eq_any(uris))
        .filter(diesel::dsl::exists(answers))
        .select(replies::uri)
        .load(conn)?)
}

/// Direct answers to one `parent` (an ActivityPub id), oldest first, behind `after`; deleted ones as well.
///
/// For one parent alone an index gives them in order; for several at once ([`children`]) all are read and sorted first.
pub fn children_of(
    conn: &mut Conn,
    parent: &str,
    after: ReplyId,
    limit: i64,
) -> Result<Vec<Reply>, db::Error> {
    let rows = replies::table
        .inner_join(actors::table)
        .filter(replies::parent.eq(parent))
        .filter(replies::thread_id.is_not_null())
        .filter(replies::id.gt(after.get()))
        .order(replies::id)
        .limit(limit)
        .select((Row::as_select(), ActorRow::as_select()))
        .load(conn)?;
    rows.into_iter().map(reply).collect()
}

/// Of each of `parents`, replies that we have, the first `each` answers with what they answer, the oldest first.
pub fn first_answers(
    conn: &mut Conn,
    parents: &[String],
    each: i64,
) -> Result<Vec<(ReplyId, String)>, db::Error> {
    let beyond = diesel::alias!(replies as beyond);
    let one_too_many = beyond
        .filter(beyond.field(replies::parent).eq(replies::uri.nullable()))
        .order(beyond.field(replies::id))
        .select(beyond.field(replies::id))
        .limit(1)
        .offset(each)
        .single_value();
    let many: Vec<String> = replies::table
        .filter(replies::uri.eq_any(parents))
        .filter(one_too_many.is_not_null())
        .select(replies::uri)
        .load(conn)?;
    let few: Vec<&String> = parents.iter().filter(|uri| !many.contains(uri)).collect();
    // Not ordered here: SQLite would read the whole table in that order.
    let mut rows: Vec<(i64, Option<String>)> = replies::table
        .filter(replies::parent.eq_any(few))
        .select((replies::id, replies::parent))
        .load(conn)?;
    for parent in many {
        let first: Vec<(i64, Option<String>)> = replies::table
            .filter(replies::parent.eq(parent))
            .order(replies::id)
            .limit(each)
            .select((replies::id, replies::parent))
            .load(conn)?;
        rows.extend(first);
    }
    rows.sort_unstable();
    Ok(rows
        .into_iter()
        .filter_map(|(id, parent)| Some((ReplyId::new(id), parent?)))
        .collect())
}

/// The replies of `ids`, oldest first.
pub fn by_ids(conn: &mut Conn, ids: &[ReplyId]) -> Result<Vec<Reply>, db::Error> {
    let rows = replies::table
        .inner_join(actors::table)
        .filter(replies::id.eq_any(ids.iter().map(|id| id.get())))
        .select((Row::as_select(), ActorRow::as_select()))
        .load(conn)?;
    let mut found: Vec<Reply> = rows.into_iter().map(reply).collect::<Result<_, _>>()?;
    found.sort_unstable_by_key(|reply| reply.id);
    Ok(found)
}

/// Replies of a thread behind `after` that answer something we do not have, oldest first. Only the next `window`
/// replies of the thread, and only those before `until`, are looked at; what begins with `ours` is never missing.
pub fn strays(
    conn: &mut Conn,
    thread: AnnouncementId,
    ours: &str,
    after: ReplyId,
    until: ReplyId,
    window: i64,
) -> Result<Vec<Reply>, db::Error> {
    let mut ids: Vec<i64> = replies::table
        .filter(replies::thread_id.eq(thread.get()))
        .filter(replies::id.gt(after.get()))
        .order(replies::id)
        .limit(window)
        .select(replies::id)
        .load(conn)?;
    ids.retain(|id| *id < until.get());
    let parent = diesel::alias!(replies as parent);
    let parents = parent.filter(parent.field(replies::uri).nullable().eq(replies::parent));
    let rows = replies::table
        .inner_join(actors::table)
        .filter(replies::id.eq_any(ids))
        .filter(replies::parent.not_like(format!("{ours}/%")))
        .filter(diesel::dsl::not(diesel::dsl::exists(parents)))
        .select((Row::as_select(), ActorRow::as_select()))
        .load(conn)?;
    let mut strays: Vec<Reply> = rows.into_iter().map(reply).collect::<Result<_, _>>()?;
    strays.sort_unstable_by_key(|reply| reply.id);
    Ok(strays)
}

/// All replies of a thread, oldest first, behind `after`; deleted ones as well.
pub fn in_thread(
    conn: &mut Conn,
    thread: AnnouncementId,
    after: ReplyId,
    limit: i64,
) -> Result<Vec<Reply>, db::Error> {
    let rows = replies::table
        .inner_join(actors::table)
        .filter(replies::thread_id.eq(thread.get()))
        .filter(replies::id.gt(after.get()))
        .order(replies::id)
        .limit(limit)
        .select((Row::as_select(), ActorRow::as_select()))
        .load(conn)?;
    rows.into_iter().map(reply).collect()
}

/// (id, ActivityPub id, parent) of the replies shown in a thread, oldest first, behind `after`.
pub fn ids_in_thread(
    conn: &mut Conn,
    thread: AnnouncementId,
    after: ReplyId,
    limit: i64,
) -> Result<Vec<(ReplyId, String)>, db::Error> {
    let rows: Vec<(i64, String)> = replies::table
        .filter(replies::thread_id.eq(thread.get()))
        .filter(replies::state.eq(SHOWN))
        .filter(replies::id.gt(after.get()))
        .order(replies::id)
        .limit(limit)
        .select((replies::id, replies::uri))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, uri)| (ReplyId::new(id), uri))
        .collect())
}

/// How many replies are shown on this server.
pub fn count_shown(conn: &mut Conn) -> Result<i64, db::Error> {
    Ok(replies::table
        .filter(replies::state.eq(SHOWN))
        .count()
        .get_result(conn)?)
}

/// Those who replied in a thread, by reply, behind `after`: (reply, host, inbox to deliver to).
pub fn repliers(
    conn: &mut Conn,
    thread: AnnouncementId,
    after: ReplyId,
    limit: i64,
) -> Result<Vec<(ReplyId, String, String)>, db::Error> {
    let rows: Vec<(i64, String, String, Option<String>)> = replies::table
        .inner_join(actors::table)
        .filter(replies::thread_id.eq(thread.get()))
        .filter(replies::id.gt(after.get()))
        .order(replies::id)
        .limit(limit)
        .select((
            replies::id,
            actors::host,
            actors::inbox,
            actors::shared_inbox,
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, host, inbox, shared)| (ReplyId::new(id), host, shared.unwrap_or(inbox)))
        .collect())
}

/// The addresses of those who replied to an agency and can be read, the last who did so first, without their `@`.
pub fn authors(conn: &mut Conn, agency: AgencyId, limit: i64) -> Result<Vec<String>, db::Error> {
    let rows: Vec<(String, String)> = replies::table
        .inner_join(actors::table)
        .filter(replies::agency_id.eq(agency.get()))
        .filter(replies::state.eq(SHOWN))
        .filter(actors::deleted_at.is_null())
        .group_by((actors::id, actors::handle, actors::domain))
        .order(diesel::dsl::max(replies::received_at).desc())
        .limit(limit)
        .select((actors::handle, actors::domain))
        .load(conn)?;
    let written = |(handle, domain): (String, String)| format!("{handle}@{domain}");
    Ok(rows.into_iter().map(written).collect())
}
