//! Announcements in the database. The rows never leave this file.

use std::collections::HashMap;

use diesel::prelude::*;

use super::{Announcement, Hashtag, Image, Revision, Withdrawal};
use crate::kernel::{AgencyId, AnnouncementId, Cursor, SafeHtml, Timestamp};
use crate::platform::blobs;
use crate::platform::db::schema::{announcements, hashtags, revisions};
use crate::platform::db::{self, Conn, on_either};
use crate::publishing::articles::Article;
use crate::publishing::polls::Poll;
use crate::publishing::{articles, drafts, polls, provenance};

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = announcements, treat_none_as_null = true, treat_none_as_default_value = false)]
struct Row {
    id: i64,
    agency_id: i64,
    thread_id: i64,
    in_reply_to: Option<String>,
    revision: i32,
    published_at: i64,
    edited_at: Option<i64>,
    pinned_at: Option<i64>,
    withdrawn_at: Option<i64>,
    withdrawal_reason: Option<String>,
    place: i32,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = revisions, treat_none_as_default_value = false)]
struct RevisionRow {
    announcement_id: i64,
    number: i32,
    markdown: String,
    html: String,
    warning: Option<String>,
    language: String,
    mentions: String,
    images: String,
    created_at: i64,
}

impl From<&Announcement> for Row {
    fn from(it: &Announcement) -> Self {
        Self {
            id: it.id.get(),
            agency_id: it.agency.get(),
            thread_id: it.thread.get(),
            in_reply_to: it.in_reply_to.clone(),
            revision: it.revision.number,
            published_at: it.published_at.micros(),
            edited_at: it.edited_at.map(Timestamp::micros),
            pinned_at: it.pinned_at.map(Timestamp::micros),
            withdrawn_at: it.withdrawn.as_ref().map(|it| it.at.micros()),
            withdrawal_reason: it.withdrawn.as_ref().map(|it| it.reason.clone()),
            place: it.place,
        }
    }
}

impl Row {
    fn with(self, revision: Revision, poll: Option<Poll>) -> Result<Announcement, db::Error> {
        let withdrawn = match (self.withdrawn_at, self.withdrawal_reason) {
            (None, None) => None,
            (Some(at), Some(reason)) => Some(Withdrawal {
                at: Timestamp::from_micros(at),
                reason,
            }),
            _ => return Err(db::Error::Corrupt("announcements.withdrawn_at")),
        };
        Ok(Announcement {
            id: AnnouncementId::new(self.id),
            agency: AgencyId::new(self.agency_id),
            thread: AnnouncementId::new(self.thread_id),
            in_reply_to: self.in_reply_to,
            place: self.place,
            revision,
            poll,
            published_at: Timestamp::from_micros(self.published_at),
            edited_at: self.edited_at.map(Timestamp::from_micros),
            pinned_at: self.pinned_at.map(Timestamp::from_micros),
            withdrawn,
        })
    }
}

impl RevisionRow {
    fn new(announcement: AnnouncementId, it: &Revision) -> Result<Self, db::Error> {
        Ok(Self {
            announcement_id: announcement.get(),
            number: it.number,
            markdown: it.markdown.clone(),
            html: it.html.as_str().to_owned(),
            warning: it.warning.clone(),
            language: it.language.clone(),
            mentions: serde_json::to_string(&it.mentions)
                .map_err(|_| db::Error::Corrupt("revisions.mentions"))?,
            images: serde_json::to_string(&it.images)
                .map_err(|_| db::Error::Corrupt("revisions.images"))?,
            created_at: it.created_at.micros(),
        })
    }

    fn into_revision(
        self,
        hashtags: Vec<Hashtag>,
        article: Option<Article>,
    ) -> Result<Revision, db::Error> {
        Ok(Revision {
            number: self.number,
            markdown: self.markdown,
            html: SafeHtml::trusted(self.html),
            warning: self.warning,
            language: self.language,
            mentions: serde_json::from_str(&self.mentions)
                .map_err(|_| db::Error::Corrupt("revisions.mentions"))?,
            hashtags,
            images: serde_json::from_str(&self.images)
                .map_err(|_| db::Error::Corrupt("revisions.images"))?,
            article,
            created_at: Timestamp::from_micros(self.created_at),
        })
    }
}

pub(super) fn insert(conn: &mut Conn, announcement: &Announcement) -> Result<(), db::Error> {
    diesel::insert_into(announcements::table)
        .values(Row::from(announcement))
        .execute(conn)?;
    insert_revision(conn, announcement)
}

/// Adds the revision, and makes its hashtags the announcement's.
pub(super) fn insert_revision(
    conn: &mut Conn,
    announcement: &Announcement,
) -> Result<(), db::Error> {
    let row = RevisionRow::new(announcement.id, &announcement.revision)?;
    diesel::insert_into(revisions::table)
        .values(row)
        .execute(conn)?;
    if let Some(article) = &announcement.revision.article {
        articles::insert(conn, announcement.id, announcement.revision.number, article)?;
    }
    diesel::delete(hashtags::table.filter(hashtags::announcement_id.eq(announcement.id.get())))
        .execute(conn)?;
    for hashtag in &announcement.revision.hashtags {
        on_either!(conn => diesel::insert_into(hashtags::table)
            .values((
                hashtags::announcement_id.eq(announcement.id.get()),
                hashtags::tag.eq(&hashtag.tag),
                hashtags::display.eq(&hashtag.display),
            ))
            .on_conflict_do_nothing()
            .execute(conn))?;
    }
    Ok(())
}

pub(super) fn update(conn: &mut Conn, announcement: &Announcement) -> Result<(), db::Error> {
    diesel::update(announcements::table.find(announcement.id.get()))
        .set(Row::from(announcement))
        .execute(conn)?;
    Ok(())
}

pub fn find(conn: &mut Conn, id: AnnouncementId) -> Result<Option<Announcement>, db::Error> {
    let row = announcements::table
        .find(id.get())
        .select(Row::as_select())
        .first(conn)
        .optional()?;
    Ok(with_revisions(conn, row.into_iter().collect())?.pop())
}

/// The announcements of `ids`, withdrawn ones included, in no order.
pub fn by_ids(conn: &mut Conn, ids: &[AnnouncementId]) -> Result<Vec<Announcement>, db::Error> {
    let rows = announcements::table
        .filter(announcements::id.eq_any(ids.iter().map(|id| id.get())))
        .select(Row::as_select())
        .load(conn)?;
    with_revisions(conn, rows)
}

/// The ActivityPub id of what an announcement answers, if it stands.
pub fn answered_by(conn: &mut Conn, id: AnnouncementId) -> Result<Option<String>, db::Error> {
    let answered: Option<Option<String>> = announcements::table
        .find(id.get())
        .filter(announcements::withdrawn_at.is_null())
        .select(announcements::in_reply_to)
        .first(conn)
        .optional()?;
    Ok(answered.flatten())
}

/// The agency and the head of the thread of an announcement, withdrawn ones included.
pub fn place_of(
    conn: &mut Conn,
    id: AnnouncementId,
) -> Result<Option<(AgencyId, AnnouncementId)>, db::Error> {
    let row: Option<(i64, i64)> = announcements::table
        .find(id.get())
        .select((announcements::agency_id, announcements::thread_id))
        .first(conn)
        .optional()?;
    Ok(row.map(|(agency, thread)| (AgencyId::new(agency), AnnouncementId::new(thread))))
}

/// One wording of an announcement, however old. Its hashtags are the newest revision's.
pub fn revision(
    conn: &mut Conn,
    id: AnnouncementId,
    number: i32,
) -> Result<Option<Revision>, db::Error> {
    let row = revisions::table
        .find((id.get(), number))
        .select(RevisionRow::as_select())
        .first(conn)
        .optional()?;
    let Some(row) = row else { return Ok(None) };
    let hashtags = hashtags_of(conn, &[id.get()])?
        .remove(&id.get())
        .unwrap_or_default();
    let article = articles::find(conn, id, number)?;
    row.into_revision(hashtags, article).map(Some)
}

/// When the first wording of an announcement was written.
pub fn first_revision_at(
    conn: &mut Conn,
    id: AnnouncementId,
) -> Result<Option<Timestamp>, db::Error> {
    let at = revisions::table
        .find((id.get(), 1))
        .select(revisions::created_at)
        .first(conn)
        .optional()?;
    Ok(at.map(Timestamp::from_micros))
}

/// Which of an agency's announcements a page shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shelf {
    /// Only what starts a thread.
    Announcements,
    /// Answers to citizens as well.
    Everything,
}

/// What an agency published in a time, withdrawn or not, oldest first, at most `limit`.
pub fn published_between(
    conn: &mut Conn,
    agency: AgencyId,
    from: Timestamp,
    until: Timestamp,
    limit: i64,
) -> Result<Vec<Announcement>, db::Error> {
    let rows = announcements::table
        .filter(announcements::agency_id.eq(agency.get()))
        .filter(announcements::published_at.ge(from.micros()))
        .filter(announcements::published_at.lt(until.micros()))
        .order((announcements::published_at, announcements::id))
        .limit(limit)
        .select(Row::as_select())
        .load(conn)?;
    with_revisions(conn, rows)
}

/// An agency's standing announcements, newest first, behind `after`.
pub fn by_agency(
    conn: &mut Conn,
    agency: AgencyId,
    shelf: Shelf,
    after: Cursor,
    limit: i64,
) -> Result<Vec<Announcement>, db::Error> {
    let mut query = announcements::table
        .filter(announcements::agency_id.eq(agency.get()))
        .filter(announcements::withdrawn_at.is_null())
        .filter(announcements::published_at.le(after.at.micros()))
        .filter(
            announcements::published_at
                .lt(after.at.micros())
                .or(announcements::id.lt(after.id)),
        )
        .order((announcements::published_at.desc(), announcements::id.desc()))
        .limit(limit)
        .select(Row::as_select())
        .into_boxed();
    if shelf == Shelf::Announcements {
        query = query.filter(announcements::in_reply_to.is_null());
    }
    let rows = query.load(conn)?;
    with_revisions(conn, rows)
}

/// An agency's pinned announcements, the last pinned first.
pub fn pinned(conn: &mut Conn, agency: AgencyId) -> Result<Vec<Announcement>, db::Error> {
    let rows = announcements::table
        .filter(announcements::agency_id.eq(agency.get()))
        .filter(announcements::pinned_at.is_not_null())
        .order(announcements::pinned_at.desc())
        .select(Row::as_select())
        .load(conn)?;
    with_revisions(conn, rows)
}

/// Standing announcements with a hashtag (folded), newest first, behind `after`. Further posts only if the first lacks it.
pub fn by_tag(
    conn: &mut Conn,
    tag: &str,
    after: Cursor,
    limit: i64,
) -> Result<Vec<Announcement>, db::Error> {
    let tagged = || {
        hashtags::table
            .filter(hashtags::tag.eq(tag))
            .select(hashtags::announcement_id)
    };
    let head = diesel::alias!(announcements as head);
    let heads = head
        .filter(head.field(announcements::id).eq_any(tagged()))
        .filter(head.field(announcements::place).eq(0))
        .filter(head.field(announcements::withdrawn_at).is_null())
        .select(head.field(announcements::id));
    let rows = announcements::table
        .filter(announcements::id.eq_any(tagged()))
        .filter(
            announcements::place
                .eq(0)
                .or(announcements::thread_id.ne_all(heads)),
        )
        .filter(announcements::withdrawn_at.is_null())
        .filter(announcements::published_at.le(after.at.micros()))
        .filter(
            announcements::published_at
                .lt(after.at.micros())
                .or(announcements::id.lt(after.id)),
        )
        .order((announcements::published_at.desc(), announcements::id.desc()))
        .limit(limit)
        .select(Row::as_select())
        .load(conn)?;
    with_revisions(conn, rows)
}

/// The hashtags that an agency uses most, at most `limit`.
pub fn tags_of(conn: &mut Conn, agency: AgencyId, limit: i64) -> Result<Vec<Hashtag>, db::Error> {
    let rows: Vec<(String, Option<String>)> = hashtags::table
        .inner_join(announcements::table)
        .filter(announcements::agency_id.eq(agency.get()))
        .filter(announcements::withdrawn_at.is_null())
        .group_by(hashtags::tag)
        .order((diesel::dsl::count_star().desc(), hashtags::tag))
        .limit(limit)
        .select((hashtags::tag, diesel::dsl::max(hashtags::display)))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(tag, display)| Hashtag {
            display: display.unwrap_or_else(|| tag.clone()),
            tag,
        })
        .collect())
}

/// All that agencies say in a thread, oldest first, its head included.
pub fn thread(conn: &mut Conn, thread: AnnouncementId) -> Result<Vec<Announcement>, db::Error> {
    let rows = announcements::table
        .filter(announcements::thread_id.eq(thread.get()))
        .order((announcements::published_at, announcements::id))
        .select(Row::as_select())
        .load(conn)?;
    with_revisions(conn, rows)
}

/// What agencies answered to any of `parents` (ActivityPub ids) within a thread, from one instant and before another,
/// oldest first; withdrawn answers as well, since others may answer them.
pub fn answers(
    conn: &mut Conn,
    thread: AnnouncementId,
    parents: &[String],
    span: std::ops::Range<Timestamp>,
    limit: i64,
) -> Result<Vec<Announcement>, db::Error> {
    let rows = announcements::table
        .filter(announcements::thread_id.eq(thread.get()))
        .filter(announcements::published_at.ge(span.start.micros()))
        .filter(announcements::published_at.lt(span.end.micros()))
        .filter(announcements::in_reply_to.eq_any(parents))
        .order((announcements::published_at, announcements::id))
        .limit(limit)
        .select(Row::as_select())
        .load(conn)?;
    with_revisions(conn, rows)
}

/// How many announcements of an agency stand, answers not counted, and when the newest of them was published.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Extent {
    pub announcements: i64,
    pub newest: Option<Timestamp>,
}

/// The extents of all agencies, or of one; an agency that has announced nothing is left out.
pub fn extents(
    conn: &mut Conn,
    only: Option<AgencyId>,
) -> Result<HashMap<AgencyId, Extent>, db::Error> {
    let mut query = announcements::table
        .filter(announcements::withdrawn_at.is_null())
        .filter(announcements::in_reply_to.is_null())
        .group_by(announcements::agency_id)
        .select((
            announcements::agency_id,
            diesel::dsl::count_star(),
            diesel::dsl::max(announcements::published_at),
        ))
        .into_boxed();
    if let Some(agency) = only {
        query = query.filter(announcements::agency_id.eq(agency.get()));
    }
    let rows: Vec<(i64, i64, Option<i64>)> = query.load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(agency, announcements, newest)| {
            let newest = newest.map(Timestamp::from_micros);
            let extent = Extent {
                announcements,
                newest,
            };
            (AgencyId::new(agency), extent)
        })
        .collect())
}

/// The standing answers of agencies to `parent`, an ActivityPub id, within a thread: their ids.
pub fn replies_by_agencies(
    conn: &mut Conn,
    thread: AnnouncementId,
    parent: &str,
) -> Result<Vec<AnnouncementId>, db::Error> {
    let ids: Vec<i64> = announcements::table
        .filter(announcements::thread_id.eq(thread.get()))
        .filter(announcements::in_reply_to.eq(parent))
        .filter(announcements::withdrawn_at.is_null())
        .order((announcements::published_at, announcements::id))
        .select(announcements::id)
        .load(conn)?;
    Ok(ids.into_iter().map(AnnouncementId::new).collect())
}

fn with_revisions(conn: &mut Conn, rows: Vec<Row>) -> Result<Vec<Announcement>, db::Error> {
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let mut newest: HashMap<i64, RevisionRow> = HashMap::new();
    let found = revisions::table
        .inner_join(announcements::table)
        .filter(announcements::id.eq_any(&ids))
        .filter(revisions::number.eq(announcements::revision))
        .select(RevisionRow::as_select())
        .load::<RevisionRow>(conn)?;
    for revision in found {
        newest.insert(revision.announcement_id, revision);
    }
    let mut hashtags = hashtags_of(conn, &ids)?;
    let mut polls = polls::of(conn, &ids)?;
    let mut articles = articles::of(conn, &ids)?;
    rows.into_iter()
        .map(|row| {
            let revision = newest
                .remove(&row.id)
                .ok_or(db::Error::Corrupt("announcements.revision"))?;
            let hashtags = hashtags.remove(&row.id).unwrap_or_default();
            let revision = revision.into_revision(hashtags, articles.remove(&row.id))?;
            let poll = polls.remove(&row.id);
            row.with(revision, poll)
        })
        .collect()
}

fn hashtags_of(conn: &mut Conn, ids: &[i64]) -> Result<HashMap<i64, Vec<Hashtag>>, db::Error> {
    let rows: Vec<(i64, String, String)> = hashtags::table
        .filter(hashtags::announcement_id.eq_any(ids))
        .order(hashtags::tag)
        .select((hashtags::announcement_id, hashtags::tag, hashtags::display))
        .load(conn)?;
    let mut by_announcement: HashMap<i64, Vec<Hashtag>> = HashMap::new();
    for (id, tag, display) in rows {
        by_announcement
            .entry(id)
            .or_default()
            .push(Hashtag { tag, display });
    }
    Ok(by_announcement)
}

/// Destroys what an announcement says in all its revisions, with the pictures that nothing else shows.
pub fn erase(conn: &mut Conn, id: AnnouncementId) -> Result<(), db::Error> {
    provenance::erase(conn, id)?;
    drafts::erase(conn, id)?;
    polls::erase(conn, id)?;
    articles::erase(conn, id)?;
    let own = || revisions::table.filter(revisions::announcement_id.eq(id.get()));
    let images: Vec<String> = own().select(revisions::images).load(conn)?;
    diesel::update(own())
        .set((
            revisions::markdown.eq(""),
            revisions::html.eq(""),
            revisions::warning.eq(None::<String>),
            revisions::mentions.eq("[]"),
            revisions::images.eq("[]"),
        ))
        .execute(conn)?;
    let withdrawn = announcements::table
        .filter(announcements::id.eq(id.get()))
        .filter(announcements::withdrawn_at.is_not_null());
    diesel::update(withdrawn)
        .set(announcements::withdrawal_reason.eq(""))
        .execute(conn)?;
    diesel::delete(hashtags::table.filter(hashtags::announcement_id.eq(id.get()))).execute(conn)?;
    for digest in shown_by_nothing_else(conn, id, &images)? {
        blobs::remove(conn, &digest)?;
    }
    Ok(())
}

/// Shows nobody any more the pictures of an announcement that nothing else shows.
pub fn withhold_pictures(
    conn: &mut Conn,
    now: Timestamp,
    id: AnnouncementId,
) -> Result<(), db::Error> {
    let images: Vec<String> = revisions::table
        .filter(revisions::announcement_id.eq(id.get()))
        .select(revisions::images)
        .load(conn)?;
    for digest in shown_by_nothing_else(conn, id, &images)? {
        blobs::withhold(conn, now, &digest)?;
    }
    Ok(())
}

/// Which pictures of an announcement's wordings no other announcement shows.
fn shown_by_nothing_else(
    conn: &mut Conn,
    id: AnnouncementId,
    images: &[String],
) -> Result<Vec<String>, db::Error> {
    let mut own = vec![];
    for images in images {
        let images: Vec<Image> =
            serde_json::from_str(images).map_err(|_| db::Error::Corrupt("revisions.images"))?;
        for image in images {
            let shown_elsewhere: Option<i64> = revisions::table
                .filter(revisions::announcement_id.ne(id.get()))
                .filter(revisions::images.like(format!("%{}%", image.digest)))
                .select(revisions::announcement_id)
                .first(conn)
                .optional()?;
            if shown_elsewhere.is_none() && !drafts::shows(conn, &image.digest)? {
                own.push(image.digest);
            }
        }
    }
    Ok(own)
}

/// Gives up the drafts that were to answer what is destroyed, with all that they say: they name its author.
pub fn drop_answers(conn: &mut Conn, uri: &str) -> Result<(), db::Error> {
    drafts::drop_answers(conn, uri)
}

/// What answered `from` answers `to`, which stands in its place.
pub fn redirect(conn: &mut Conn, from: &str, to: &str) -> Result<(), db::Error> {
    drafts::redirect(conn, from, to)?;
    diesel::update(announcements::table.filter(announcements::in_reply_to.eq(from)))
        .set(announcements::in_reply_to.eq(to))
        .execute(conn)?;
    Ok(())
}
