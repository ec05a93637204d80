//! Entries in the database. The rows never leave this file.

use std::collections::HashMap;

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use super::Place;
use crate::archive::commitment::{Manifest, Salts};
use crate::archive::kind::{Kind, Subject};
use crate::kernel::{ActorId, AnnouncementId, EventId, LogId, Timestamp};
use crate::platform::db::schema::{record_documents, record_entries};
use crate::platform::db::{self, Conn, on_either};

/// What a leaf is about, and what opens its commitment.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    pub place: Place,
    pub kind: Kind,
    pub at: Timestamp,
    pub subject: Subject,
    /// The announcement at the head of the thread.
    pub thread: Option<AnnouncementId>,
    /// The fact that it records: what was sent for it is found by this number.
    pub fact_seq: i64,
    /// The activity that brought it.
    pub event: Option<EventId>,
    /// What its author's server said of them: a row of the documents.
    pub document: Option<i64>,
    /// What an agency or the system states, as JSON.
    pub statement: Option<String>,
    /// `None` once destroyed.
    pub opening: Option<Opening>,
    pub erased_at: Option<Timestamp>,
}

/// What opens a commitment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    pub manifest: Manifest,
    pub salts: Salts,
}

/// An entry about to be written.
#[derive(Debug, Clone)]
pub(in crate::archive) struct New {
    pub(in crate::archive) place: Place,
    pub(in crate::archive) kind: Kind,
    pub(in crate::archive) at: Timestamp,
    pub(in crate::archive) subject: Subject,
    pub(in crate::archive) thread: Option<AnnouncementId>,
    pub(in crate::archive) fact_seq: i64,
    pub(in crate::archive) event: Option<EventId>,
    pub(in crate::archive) document: Option<(ActorId, Timestamp)>,
    pub(in crate::archive) statement: Option<String>,
    pub(in crate::archive) manifest: Manifest,
    pub(in crate::archive) salts: Salts,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = record_entries)]
struct Row {
    place: i64,
    kind: i16,
    at: i64,
    subject_kind: i16,
    subject: i64,
    thread_id: Option<i64>,
    fact_seq: i64,
    event_id: Option<i64>,
    document_id: Option<i64>,
    statement: Option<String>,
    manifest: Option<String>,
    salts: Option<Vec<u8>>,
    erased_at: Option<i64>,
}

impl TryFrom<Row> for Entry {
    type Error = db::Error;

    fn try_from(row: Row) -> Result<Self, db::Error> {
        Ok(Self {
            place: Place::from_number(row.place),
            kind: Kind::coded(row.kind)?,
            at: Timestamp::from_micros(row.at),
            subject: Subject::from_columns(row.subject_kind, row.subject)?,
            thread: row.thread_id.map(AnnouncementId::new),
            fact_seq: row.fact_seq,
            event: row.event_id.map(EventId::new),
            document: row.document_id,
            statement: row.statement,
            opening: row
                .manifest
                .zip(row.salts)
                .map(|(manifest, salts)| Opening {
                    manifest: Manifest::from_text(manifest),
                    salts: Salts::from_bytes(&salts),
                }),
            erased_at: row.erased_at.map(Timestamp::from_micros),
        })
    }
}

/// Rows that one statement inserts.
const AT_ONCE: usize = 100;

/// Writes entries; the documents they name are there already, by (actor, time).
pub(in crate::archive) fn insert(
    conn: &mut Conn,
    new: &[New],
    documents: &HashMap<(ActorId, Timestamp), i64>,
) -> Result<(), db::Error> {
    for chunk in new.chunks(AT_ONCE) {
        let rows: Vec<_> = chunk
            .iter()
            .map(|it| {
                let (subject_kind, subject) = it.subject.columns();
                (
                    record_entries::place.eq(it.place.number()),
                    record_entries::kind.eq(it.kind.code()),
                    record_entries::at.eq(it.at.micros()),
                    record_entries::subject_kind.eq(subject_kind),
                    record_entries::subject.eq(subject),
                    record_entries::thread_id.eq(it.thread.map(AnnouncementId::get)),
                    record_entries::fact_seq.eq(it.fact_seq),
                    record_entries::event_id.eq(it.event.map(EventId::get)),
                    record_entries::document_id
                        .eq(it.document.and_then(|key| documents.get(&key)).copied()),
                    record_entries::statement.eq(it.statement.as_deref()),
                    record_entries::manifest.eq(it.manifest.as_str()),
                    record_entries::salts.eq(it.salts.to_bytes()),
                )
            })
            .collect();
        on_either!(conn => diesel::insert_into(record_entries::table).values(rows).execute(conn))?;
    }
    Ok(())
}

/// Keeps what was said of actors at a time, once for each; returns the numbers of their rows.
pub(in crate::archive) fn remember_documents(
    conn: &mut Conn,
    documents: &[(ActorId, Timestamp, String)],
) -> Result<HashMap<(ActorId, Timestamp), i64>, db::Error> {
    let mut numbers = HashMap::new();
    for (actor, fetched_at, document) in documents {
        let own = record_documents::table
            .filter(record_documents::actor_id.eq(actor.get()))
            .filter(record_documents::fetched_at.eq(fetched_at.micros()))
            .select(record_documents::id);
        let known: Option<i64> = own.first(conn).optional()?;
        let id = match known {
            Some(id) => id,
            None => on_either!(conn => diesel::insert_into(record_documents::table)
                .values((
                    record_documents::actor_id.eq(actor.get()),
                    record_documents::fetched_at.eq(fetched_at.micros()),
                    record_documents::document.eq(document),
                ))
                .returning(record_documents::id)
                .get_result(conn))?,
        };
        numbers.insert((*actor, *fetched_at), id);
    }
    Ok(numbers)
}

/// What was said of an actor, as recorded.
pub fn document(conn: &mut Conn, id: i64) -> Result<Option<String>, db::Error> {
    Ok(record_documents::table
        .find(id)
        .select(record_documents::document)
        .first(conn)
        .optional()?)
}

/// The entry at a place.
pub fn at(conn: &mut Conn, place: Place) -> Result<Option<Entry>, db::Error> {
    let row = record_entries::table
        .find(place.number())
        .select(Row::as_select())
        .first(conn)
        .optional()?;
    row.map(Entry::try_from).transpose()
}

/// All entries about one subject, in their order.
pub fn by_subject(conn: &mut Conn, subject: Subject) -> Result<Vec<Entry>, db::Error> {
    let (kind, number) = subject.columns();
    let rows = record_entries::table
        .filter(record_entries::subject.eq(number))
        .filter(record_entries::subject_kind.eq(kind))
        .order(record_entries::place)
        .select(Row::as_select())
        .load(conn)?;
    rows.into_iter().map(Entry::try_from).collect()
}

/// The first entry about a subject: what later ones refer to.
pub fn first_of(conn: &mut Conn, subject: Subject) -> Result<Option<Place>, db::Error> {
    let (kind, number) = subject.columns();
    Ok(record_entries::table
        .filter(record_entries::subject.eq(number))
        .filter(record_entries::subject_kind.eq(kind))
        .order(record_entries::place)
        .select(record_entries::place)
        .first(conn)
        .optional()?
        .map(Place::from_number))
}

/// The first entries about several subjects, by subject.
pub fn places_of(
    conn: &mut Conn,
    subjects: &[Subject],
) -> Result<HashMap<Subject, Place>, db::Error> {
    let mut wanted: HashMap<i16, Vec<i64>> = HashMap::new();
    for subject in subjects {
        let (kind, number) = subject.columns();
        wanted.entry(kind).or_default().push(number);
    }
    let mut places = HashMap::new();
    for (kind, numbers) in wanted {
        let rows: Vec<(i64, Option<i64>)> = record_entries::table
            .filter(record_entries::subject.eq_any(numbers))
            .filter(record_entries::subject_kind.eq(kind))
            .group_by(record_entries::subject)
            .select((
                record_entries::subject,
                diesel::dsl::min(record_entries::place),
            ))
            .load(conn)?;
        for (number, place) in rows {
            let Some(place) = place else { continue };
            places.insert(
                Subject::from_columns(kind, number)?,
                Place::from_number(place),
            );
        }
    }
    Ok(places)
}

/// Which entries of a log to list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Filter {
    pub kind: Option<Kind>,
    pub thread: Option<AnnouncementId>,
    /// Not before.
    pub from: Option<Timestamp>,
    /// Before.
    pub to: Option<Timestamp>,
}

/// Entries of a log from index `from` on and below `below`, the oldest first, at most `limit`.
pub fn span(
    conn: &mut Conn,
    log: LogId,
    filter: Filter,
    from: u64,
    below: u64,
    limit: i64,
) -> Result<Vec<Entry>, db::Error> {
    let mut query = record_entries::table
        .filter(record_entries::place.ge(Place::new(log, from).number()))
        .filter(record_entries::place.lt(Place::new(log, below).number()))
        .order(record_entries::place)
        .limit(limit)
        .select(Row::as_select())
        .into_boxed();
    if let Some(kind) = filter.kind {
        query = query.filter(record_entries::kind.eq(kind.code()));
    }
    if let Some(thread) = filter.thread {
        query = query.filter(record_entries::thread_id.eq(thread.get()));
    }
    if let Some(from) = filter.from {
        query = query.filter(record_entries::at.ge(from.micros()));
    }
    if let Some(to) = filter.to {
        query = query.filter(record_entries::at.lt(to.micros()));
    }
    let rows = query.load(conn)?;
    rows.into_iter().map(Entry::try_from).collect()
}

/// The threads that such entries below index `below` belong to, behind thread `after`, at most `limit`.
pub fn threads(
    conn: &mut Conn,
    log: LogId,
    filter: Filter,
    after: AnnouncementId,
    below: u64,
    limit: i64,
) -> Result<Vec<AnnouncementId>, db::Error> {
    let mut query = record_entries::table
        .filter(record_entries::thread_id.gt(after.get()))
        .filter(record_entries::place.ge(Place::new(log, 0).number()))
        .filter(record_entries::place.lt(Place::new(log, below).number()))
        .order(record_entries::thread_id)
        .limit(limit)
        .select(record_entries::thread_id)
        .distinct()
        .into_boxed();
    if let Some(thread) = filter.thread {
        query = query.filter(record_entries::thread_id.eq(thread.get()));
    }
    if let Some(from) = filter.from {
        query = query.filter(record_entries::at.ge(from.micros()));
    }
    if let Some(to) = filter.to {
        query = query.filter(record_entries::at.lt(to.micros()));
    }
    let rows: Vec<Option<i64>> = query.load(conn)?;
    Ok(rows
        .into_iter()
        .flatten()
        .map(AnnouncementId::new)
        .collect())
}

impl Filter {
    /// Whether an entry is one of those.
    pub fn takes(&self, entry: &Entry) -> bool {
        self.kind.is_none_or(|kind| entry.kind == kind)
            && self
                .thread
                .is_none_or(|thread| entry.thread == Some(thread))
            && self.from.is_none_or(|from| entry.at >= from)
            && self.to.is_none_or(|to| entry.at < to)
    }
}

/// Entries of a log below index `below`, the newest first, at most `limit`.
pub fn page(
    conn: &mut Conn,
    log: LogId,
    filter: Filter,
    below: u64,
    limit: i64,
) -> Result<Vec<Entry>, db::Error> {
    let mut query = record_entries::table
        .filter(record_entries::place.ge(Place::new(log, 0).number()))
        .filter(record_entries::place.lt(Place::new(log, below).number()))
        .order(record_entries::place.desc())
        .limit(limit)
        .select(Row::as_select())
        .into_boxed();
    if let Some(kind) = filter.kind {
        query = query.filter(record_entries::kind.eq(kind.code()));
        if kind != Kind::ReplyReceived {
            // Written out, since a bound value would not let the planner use the partial index.
            query = query.filter(sql::<Bool>("record_entries.kind <> 20"));
        }
    }
    if let Some(thread) = filter.thread {
        query = query.filter(record_entries::thread_id.eq(thread.get()));
    }
    if let Some(from) = filter.from {
        query = query.filter(record_entries::at.ge(from.micros()));
    }
    if let Some(to) = filter.to {
        query = query.filter(record_entries::at.lt(to.micros()));
    }
    let rows = query.load(conn)?;
    rows.into_iter().map(Entry::try_from).collect()
}

/// Destroys what opens the commitments of everything about a subject, and what was stated of it; returns the entries
/// as they were.
pub(in crate::archive) fn close(
    conn: &mut Conn,
    now: Timestamp,
    subject: Subject,
) -> Result<Vec<Entry>, db::Error> {
    let entries = by_subject(conn, subject)?;
    let places: Vec<i64> = entries.iter().map(|entry| entry.place.number()).collect();
    diesel::update(record_entries::table.filter(record_entries::place.eq_any(&places)))
        .set((
            record_entries::statement.eq(None::<String>),
            record_entries::manifest.eq(None::<String>),
            record_entries::salts.eq(None::<Vec<u8>>),
            record_entries::document_id.eq(None::<i64>),
            record_entries::erased_at.eq(now.micros()),
        ))
        .execute(conn)?;
    Ok(entries)
}

/// Drops what was recorded of an actor, of whose words nothing is left.
pub(in crate::archive) fn forget_documents(
    conn: &mut Conn,
    actor: ActorId,
) -> Result<usize, db::Error> {
    let theirs = record_documents::table.filter(record_documents::actor_id.eq(actor.get()));
    Ok(diesel::delete(theirs).execute(conn)?)
}
