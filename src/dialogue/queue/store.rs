//! The queue in the database. The rows never leave this file.
//!
//! Whoever changes it does so within [`Db::write`](crate::platform::db::Db::write), whose transactions commit one after
//! the other: what was read before is still so.

use diesel::prelude::*;

use super::item::{AnsweredBy, Hold, Item, Kind, Note, State, Subject, Which};
use crate::agencies;
use crate::kernel::{
    ActorId, AgencyId, AnnouncementId, DraftId, PersonId, QueueItemId, QueueNoteId, Timestamp,
};
use crate::platform::db::schema::{people, queue_items, queue_notes};
use crate::platform::db::{self, Conn, on_either};

const OPEN: i16 = 0;
const ANSWERED: i16 = 1;
const DONE: i16 = 2;
const GONE: i16 = 3;

#[derive(Queryable, Selectable)]
#[diesel(table_name = queue_items)]
struct Row {
    id: i64,
    agency_id: i64,
    kind: i16,
    subject: i64,
    thread_id: Option<i64>,
    actor_id: Option<i64>,
    language: Option<String>,
    received_at: i64,
    state: i16,
    since: i64,
    taken_by: Option<i64>,
    taken_until: Option<i64>,
    assigned_to: Option<i64>,
    draft_id: Option<i64>,
    answer_id: Option<i64>,
    closed_at: Option<i64>,
}

fn item(row: Row) -> Result<Item, db::Error> {
    let kind = Kind::from_code(row.kind).ok_or(db::Error::Corrupt("queue_items.kind"))?;
    let closed = row.closed_at.map(Timestamp::from_micros);
    let state = match (row.state, row.answer_id, closed) {
        (OPEN, _, None) => State::Open,
        (ANSWERED, Some(answer), Some(at)) => State::Answered {
            by: AnsweredBy::of(kind, answer),
            at,
        },
        (DONE, _, Some(at)) => State::Done { at },
        (GONE, _, _) => State::Gone,
        _ => return Err(db::Error::Corrupt("queue_items.state")),
    };
    let hold = row.taken_by.zip(row.taken_until).map(|(by, until)| Hold {
        by: PersonId::new(by),
        until: Timestamp::from_micros(until),
    });
    Ok(Item {
        id: QueueItemId::new(row.id),
        agency: AgencyId::new(row.agency_id),
        subject: Subject::of(kind, row.subject),
        thread: row.thread_id.map(AnnouncementId::new),
        author: row.actor_id.map(ActorId::new),
        language: row.language,
        received_at: Timestamp::from_micros(row.received_at),
        since: Timestamp::from_micros(row.since),
        state,
        hold,
        assigned_to: row.assigned_to.map(PersonId::new),
        draft: row.draft_id.map(DraftId::new),
    })
}

/// Something that came.
pub(super) struct Arrival {
    pub(super) agency: AgencyId,
    pub(super) subject: Subject,
    pub(super) thread: Option<AnnouncementId>,
    pub(super) author: Option<ActorId>,
    pub(super) language: Option<String>,
    pub(super) at: Timestamp,
}

/// Puts something into the queue; what is there stays as it is.
pub(super) fn insert(conn: &mut Conn, new: &Arrival) -> Result<(), db::Error> {
    on_either!(conn => diesel::insert_into(queue_items::table)
        .values((
            queue_items::agency_id.eq(new.agency.get()),
            queue_items::kind.eq(new.subject.kind().code()),
            queue_items::subject.eq(new.subject.number()),
            queue_items::thread_id.eq(new.thread.map(AnnouncementId::get)),
            queue_items::actor_id.eq(new.author.map(ActorId::get)),
            queue_items::language.eq(new.language.as_deref().and_then(folded)),
            queue_items::received_at.eq(new.at.micros()),
            queue_items::state.eq(OPEN),
            queue_items::since.eq(new.at.micros()),
        ))
        .on_conflict_do_nothing()
        .execute(conn))?;
    Ok(())
}

/// The same tag is written the same way, and what is none is left out.
fn folded(language: &str) -> Option<String> {
    let tag = agencies::language(language).ok()?;
    Some(tag.to_lowercase())
}

/// What is said in public is a reply or a mention by where it stands; its number is that of one table.
fn codes(subject: Subject) -> Vec<i16> {
    match subject {
        Subject::Reply(_) | Subject::Mention(_) => vec![Kind::Reply.code(), Kind::Mention.code()],
        other => vec![other.kind().code()],
    }
}

pub(super) fn by_subject(conn: &mut Conn, subject: Subject) -> Result<Option<Item>, db::Error> {
    let row = queue_items::table
        .filter(queue_items::kind.eq_any(codes(subject)))
        .filter(queue_items::subject.eq(subject.number()))
        .select(Row::as_select())
        .first(conn)
        .optional()?;
    row.map(item).transpose()
}

pub(super) fn find(conn: &mut Conn, id: QueueItemId) -> Result<Option<Item>, db::Error> {
    let row = queue_items::table
        .find(id.get())
        .select(Row::as_select())
        .first(conn)
        .optional()?;
    row.map(item).transpose()
}

/// The same, which nobody else changes until the transaction ends.
pub(super) fn find_for_change(conn: &mut Conn, id: QueueItemId) -> Result<Option<Item>, db::Error> {
    let own = queue_items::table.find(id.get());
    let row = match conn {
        Conn::Postgres(conn) => own
            .select(Row::as_select())
            .for_update()
            .first(conn)
            .optional()?,
        Conn::Sqlite(conn) => own.select(Row::as_select()).first(conn).optional()?,
    };
    row.map(item).transpose()
}

/// Saves who is at it, whose it is and by which draft it is to be answered.
pub(super) fn keep(conn: &mut Conn, item: &Item) -> Result<(), db::Error> {
    let (state, answer, closed) = match item.state {
        State::Open => (OPEN, None, None),
        State::Answered { by, at } => (ANSWERED, Some(by.number()), Some(at.micros())),
        State::Done { at } => (DONE, None, Some(at.micros())),
        State::Gone => (GONE, None, None),
    };
    diesel::update(queue_items::table.find(item.id.get()))
        .set((
            queue_items::state.eq(state),
            queue_items::since.eq(item.since.micros()),
            queue_items::taken_by.eq(item.hold.map(|hold| hold.by.get())),
            queue_items::taken_until.eq(item.hold.map(|hold| hold.until.micros())),
            queue_items::assigned_to.eq(item.assigned_to.map(PersonId::get)),
            queue_items::draft_id.eq(item.draft.map(DraftId::get)),
            queue_items::answer_id.eq(answer),
            queue_items::closed_at.eq(closed),
        ))
        .execute(conn)?;
    Ok(())
}

/// The first answer counts.
pub(super) fn answered(
    conn: &mut Conn,
    id: QueueItemId,
    by: AnsweredBy,
    at: Timestamp,
) -> Result<(), db::Error> {
    let waiting = queue_items::table
        .filter(queue_items::id.eq(id.get()))
        .filter(queue_items::state.eq_any([OPEN, DONE]));
    diesel::update(waiting)
        .set((
            queue_items::state.eq(ANSWERED),
            queue_items::answer_id.eq(by.number()),
            queue_items::closed_at.eq(at.micros()),
            queue_items::taken_by.eq(None::<i64>),
            queue_items::taken_until.eq(None::<i64>),
        ))
        .execute(conn)?;
    Ok(())
}

/// What was answered or done waits again from now on.
pub(super) fn reopen(conn: &mut Conn, subject: Subject, at: Timestamp) -> Result<(), db::Error> {
    let closed = queue_items::table
        .filter(queue_items::kind.eq_any(codes(subject)))
        .filter(queue_items::subject.eq(subject.number()))
        .filter(queue_items::state.eq_any([ANSWERED, DONE]));
    diesel::update(closed)
        .set((
            queue_items::state.eq(OPEN),
            queue_items::since.eq(at.micros()),
            queue_items::draft_id.eq(None::<i64>),
            queue_items::answer_id.eq(None::<i64>),
            queue_items::closed_at.eq(None::<i64>),
        ))
        .execute(conn)?;
    Ok(())
}

/// What this answered is not answered any more.
pub(super) fn reopen_answered(
    conn: &mut Conn,
    by: AnsweredBy,
    at: Timestamp,
) -> Result<(), db::Error> {
    let kinds: Vec<i16> = Kind::ALL
        .into_iter()
        .filter(|kind| AnsweredBy::of(*kind, by.number()) == by)
        .map(Kind::code)
        .collect();
    let answered = queue_items::table
        .filter(queue_items::answer_id.eq(by.number()))
        .filter(queue_items::kind.eq_any(kinds))
        .filter(queue_items::state.eq(ANSWERED));
    diesel::update(answered)
        .set((
            queue_items::state.eq(OPEN),
            queue_items::since.eq(at.micros()),
            queue_items::draft_id.eq(None::<i64>),
            queue_items::answer_id.eq(None::<i64>),
            queue_items::closed_at.eq(None::<i64>),
        ))
        .execute(conn)?;
    Ok(())
}

/// In which language it is said now.
pub(super) fn speaks(
    conn: &mut Conn,
    subject: Subject,
    language: Option<&str>,
) -> Result<(), db::Error> {
    let own = queue_items::table
        .filter(queue_items::kind.eq_any(codes(subject)))
        .filter(queue_items::subject.eq(subject.number()));
    diesel::update(own)
        .set(queue_items::language.eq(language.and_then(folded)))
        .execute(conn)?;
    Ok(())
}

/// Takes out of the queue what its author has deleted, or what is to be destroyed.
pub(in crate::dialogue) fn hide(conn: &mut Conn, subject: Subject) -> Result<(), db::Error> {
    let own = queue_items::table
        .filter(queue_items::kind.eq_any(codes(subject)))
        .filter(queue_items::subject.eq(subject.number()));
    diesel::update(own)
        .set((
            queue_items::state.eq(GONE),
            queue_items::taken_by.eq(None::<i64>),
            queue_items::taken_until.eq(None::<i64>),
        ))
        .execute(conn)?;
    Ok(())
}

/// Leaves nothing in the queue of what is destroyed: neither whose it was nor what was noted about it.
pub(in crate::dialogue) fn forget(conn: &mut Conn, subject: Subject) -> Result<(), db::Error> {
    let ids: Vec<i64> = queue_items::table
        .filter(queue_items::kind.eq_any(codes(subject)))
        .filter(queue_items::subject.eq(subject.number()))
        .select(queue_items::id)
        .load(conn)?;
    diesel::delete(queue_notes::table.filter(queue_notes::item_id.eq_any(&ids))).execute(conn)?;
    diesel::update(queue_items::table.filter(queue_items::id.eq_any(&ids)))
        .set((
            queue_items::state.eq(GONE),
            queue_items::actor_id.eq(None::<i64>),
            queue_items::language.eq(None::<String>),
            queue_items::taken_by.eq(None::<i64>),
            queue_items::taken_until.eq(None::<i64>),
        ))
        .execute(conn)?;
    Ok(())
}

/// What of the queue is wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    pub which: Which,
    pub kind: Option<Kind>,
    pub thread: Option<AnnouncementId>,
    /// As the queue writes it: in small letters.
    pub language: Option<String>,
    /// The place behind which a page begins.
    pub after: Option<(Timestamp, QueueItemId)>,
}

/// For whom, and as of when.
#[derive(Debug, Clone, Copy)]
pub struct Standing {
    pub(super) agency: AgencyId,
    pub(super) person: Option<PersonId>,
    /// Whether they may read what was written in private.
    pub(super) private: bool,
    pub(super) now: Timestamp,
    /// What has waited since before then waits for too long.
    pub(super) overdue: Timestamp,
}

/// Entries in the order in which they wait; of those that are closed the last first.
pub(super) fn list(
    conn: &mut Conn,
    standing: Standing,
    filter: &Filter,
    limit: i64,
) -> Result<Vec<Item>, db::Error> {
    let mut query = queue_items::table
        .filter(queue_items::agency_id.eq(standing.agency.get()))
        .select(Row::as_select())
        .limit(limit)
        .into_boxed();
    match filter.which {
        Which::Open => query = query.filter(queue_items::state.eq(OPEN)),
        Which::Overdue => {
            query = query
                .filter(queue_items::state.eq(OPEN))
                .filter(queue_items::kind.ne(Kind::Quote.code()))
                .filter(queue_items::since.lt(standing.overdue.micros()));
        }
        Which::Mine => {
            let own = standing.person.map_or(0, PersonId::get);
            query = query.filter(queue_items::state.eq(OPEN)).filter(
                queue_items::assigned_to.eq(own).or(queue_items::taken_by
                    .eq(own)
                    .and(queue_items::taken_until.gt(standing.now.micros()))),
            );
        }
        Which::Closed => query = query.filter(queue_items::state.eq_any([ANSWERED, DONE])),
        Which::Everything => query = query.filter(queue_items::state.ne(GONE)),
    }
    if !standing.private {
        query = query.filter(queue_items::kind.ne(Kind::Message.code()));
    }
    if let Some(kind) = filter.kind {
        query = query.filter(queue_items::kind.eq(kind.code()));
    }
    if let Some(thread) = filter.thread {
        query = query.filter(queue_items::thread_id.eq(thread.get()));
    }
    if let Some(language) = &filter.language {
        query = query.filter(queue_items::language.eq(language));
    }
    let oldest_first = !matches!(filter.which, Which::Closed | Which::Everything);
    if let Some((at, id)) = filter.after {
        let (at, id) = (at.micros(), id.get());
        query = if oldest_first {
            query.filter(
                queue_items::since
                    .gt(at)
                    .or(queue_items::since.eq(at).and(queue_items::id.gt(id))),
            )
        } else {
            query.filter(
                queue_items::since
                    .lt(at)
                    .or(queue_items::since.eq(at).and(queue_items::id.lt(id))),
            )
        };
    }
    query = if oldest_first {
        query.order((queue_items::since.asc(), queue_items::id.asc()))
    } else {
        query.order((queue_items::since.desc(), queue_items::id.desc()))
    };
    let rows: Vec<Row> = query.load(conn)?;
    rows.into_iter().map(item).collect()
}

/// How much of a kind is open, and how much of that waits for too long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    pub kind: Kind,
    pub open: i64,
    pub overdue: i64,
}

pub(super) fn counts(conn: &mut Conn, standing: Standing) -> Result<Vec<Count>, db::Error> {
    let open = || {
        queue_items::table
            .filter(queue_items::agency_id.eq(standing.agency.get()))
            .filter(queue_items::state.eq(OPEN))
            .group_by(queue_items::kind)
    };
    let all: Vec<(i16, i64)> = open()
        .select((queue_items::kind, diesel::dsl::count_star()))
        .load(conn)?;
    let late: Vec<(i16, i64)> = open()
        .filter(queue_items::since.lt(standing.overdue.micros()))
        .select((queue_items::kind, diesel::dsl::count_star()))
        .load(conn)?;
    let of = |rows: &[(i16, i64)], kind: Kind| {
        let row = rows.iter().find(|(code, _)| *code == kind.code());
        row.map_or(0, |(_, count)| *count)
    };
    Ok(Kind::ALL
        .into_iter()
        .filter(|kind| standing.private || *kind != Kind::Message)
        .map(|kind| Count {
            kind,
            open: of(&all, kind),
            overdue: if kind.wants_answer() {
                of(&late, kind)
            } else {
                0
            },
        })
        .collect())
}

/// The languages in which something is open.
pub(super) fn languages(conn: &mut Conn, standing: Standing) -> Result<Vec<String>, db::Error> {
    let found: Vec<Option<String>> = queue_items::table
        .filter(queue_items::agency_id.eq(standing.agency.get()))
        .filter(queue_items::state.eq(OPEN))
        .filter(queue_items::language.is_not_null())
        .select(queue_items::language)
        .distinct()
        .order(queue_items::language)
        .limit(100)
        .load(conn)?;
    Ok(found.into_iter().flatten().collect())
}

/// The announcements about which most is open, each with how much.
pub(super) fn threads(
    conn: &mut Conn,
    standing: Standing,
    limit: i64,
) -> Result<Vec<(AnnouncementId, i64)>, db::Error> {
    let found: Vec<(Option<i64>, i64)> = queue_items::table
        .filter(queue_items::agency_id.eq(standing.agency.get()))
        .filter(queue_items::state.eq(OPEN))
        .filter(queue_items::thread_id.is_not_null())
        .group_by(queue_items::thread_id)
        .order((
            diesel::dsl::count_star().desc(),
            queue_items::thread_id.desc(),
        ))
        .limit(limit)
        .select((queue_items::thread_id, diesel::dsl::count_star()))
        .load(conn)?;
    Ok(found
        .into_iter()
        .filter_map(|(thread, count)| Some((AnnouncementId::new(thread?), count)))
        .collect())
}

/// What else its author has sent and is still open, or is in the same thread.
pub(super) fn others_by_author(
    conn: &mut Conn,
    of: &Item,
    private: bool,
    limit: i64,
) -> Result<Vec<Item>, db::Error> {
    let Some(author) = of.author else {
        return Ok(vec![]);
    };
    let mut query = queue_items::table
        .filter(queue_items::agency_id.eq(of.agency.get()))
        .filter(queue_items::actor_id.eq(author.get()))
        .filter(queue_items::id.ne(of.id.get()))
        .filter(queue_items::state.ne(GONE))
        .order((queue_items::since.desc(), queue_items::id.desc()))
        .limit(limit)
        .select(Row::as_select())
        .into_boxed();
    query = match of.thread {
        Some(thread) => query.filter(queue_items::thread_id.eq(thread.get())),
        None => query.filter(queue_items::state.eq(OPEN)),
    };
    if !private {
        query = query.filter(queue_items::kind.ne(Kind::Message.code()));
    }
    let rows: Vec<Row> = query.load(conn)?;
    rows.into_iter().map(item).collect()
}

pub(super) fn insert_note(
    conn: &mut Conn,
    item: QueueItemId,
    by: Option<PersonId>,
    text: &str,
    at: Timestamp,
) -> Result<(), db::Error> {
    diesel::insert_into(queue_notes::table)
        .values((
            queue_notes::item_id.eq(item.get()),
            queue_notes::person_id.eq(by.map(PersonId::get)),
            queue_notes::text.eq(text),
            queue_notes::at.eq(at.micros()),
        ))
        .execute(conn)?;
    Ok(())
}

/// The notes about something, the oldest first.
pub(super) fn notes(conn: &mut Conn, item: QueueItemId) -> Result<Vec<Note>, db::Error> {
    type NoteRow = (i64, Option<i64>, Option<String>, String, i64);
    let rows: Vec<NoteRow> = queue_notes::table
        .left_join(people::table.on(people::id.nullable().eq(queue_notes::person_id)))
        .filter(queue_notes::item_id.eq(item.get()))
        .order(queue_notes::id)
        .select((
            queue_notes::id,
            queue_notes::person_id,
            people::name.nullable(),
            queue_notes::text,
            queue_notes::at,
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, by, by_name, text, at)| Note {
            id: QueueNoteId::new(id),
            by: by.map(PersonId::new),
            by_name,
            text,
            at: Timestamp::from_micros(at),
        })
        .collect())
}

/// What colleagues are called, those who have left as well.
pub(super) fn names(
    conn: &mut Conn,
    ids: &[PersonId],
) -> Result<Vec<(PersonId, String)>, db::Error> {
    let ids: Vec<i64> = ids.iter().map(|id| id.get()).collect();
    let rows: Vec<(i64, String)> = people::table
        .filter(people::id.eq_any(ids))
        .select((people::id, people::name))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, name)| (PersonId::new(id), name))
        .collect())
}
