//! Orders to destroy, in the database.

use std::collections::{HashMap, HashSet};

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use super::{Class, Order};
use crate::archive::kind::Subject;
use crate::kernel::{ErasureId, LogId, Timestamp};
use crate::platform::db::schema::record_erasures;
use crate::platform::db::{self, Conn, on_either};

/// An order and how far it has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erasure {
    pub id: ErasureId,
    pub log: LogId,
    pub subject: Subject,
    pub class: Class,
    pub basis: String,
    pub role: String,
    pub ordered_at: Timestamp,
    pub due_at: Timestamp,
    pub done_at: Option<Timestamp>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = record_erasures)]
struct Row {
    id: i64,
    log_id: i64,
    subject_kind: i16,
    subject: i64,
    class: String,
    basis: String,
    role: String,
    ordered_at: i64,
    due_at: i64,
    done_at: Option<i64>,
}

impl TryFrom<Row> for Erasure {
    type Error = db::Error;

    fn try_from(row: Row) -> Result<Self, db::Error> {
        Ok(Self {
            id: ErasureId::new(row.id),
            log: LogId::new(row.log_id),
            subject: Subject::from_columns(row.subject_kind, row.subject)?,
            class: Class::named(&row.class).ok_or(db::Error::Corrupt("record_erasures.class"))?,
            basis: row.basis,
            role: row.role,
            ordered_at: Timestamp::from_micros(row.ordered_at),
            due_at: Timestamp::from_micros(row.due_at),
            done_at: row.done_at.map(Timestamp::from_micros),
        })
    }
}

/// Not ready to be executed: the fact that orders it is not recorded yet.
const UNRECORDED: i64 = 0;

/// Writes an order down; it is executed once [`recorded`].
pub(in crate::archive) fn insert(
    conn: &mut Conn,
    log: LogId,
    order: &Order,
    ordered_at: Timestamp,
    due_at: Timestamp,
) -> Result<ErasureId, db::Error> {
    let (subject_kind, subject) = order.subject.columns();
    let id: i64 = on_either!(conn => diesel::insert_into(record_erasures::table)
        .values((
            record_erasures::log_id.eq(log.get()),
            record_erasures::subject_kind.eq(subject_kind),
            record_erasures::subject.eq(subject),
            record_erasures::class.eq(order.class.name()),
            record_erasures::basis.eq(&order.basis),
            record_erasures::role.eq(&order.role),
            record_erasures::ordered_at.eq(ordered_at.micros()),
            record_erasures::due_at.eq(due_at.micros()),
            record_erasures::fact_seq.eq(UNRECORDED),
        ))
        .returning(record_erasures::id)
        .get_result(conn))?;
    Ok(ErasureId::new(id))
}

/// The fact that orders it stands in the record: it may be executed.
pub(in crate::archive) fn recorded(
    conn: &mut Conn,
    id: ErasureId,
    fact_seq: i64,
) -> Result<(), db::Error> {
    diesel::update(record_erasures::table.find(id.get()))
        .set(record_erasures::fact_seq.eq(fact_seq))
        .execute(conn)?;
    Ok(())
}

pub fn find(conn: &mut Conn, id: ErasureId) -> Result<Option<Erasure>, db::Error> {
    let row = record_erasures::table
        .find(id.get())
        .select(Row::as_select())
        .first(conn)
        .optional()?;
    row.map(Erasure::try_from).transpose()
}

/// Written out, since a bound value would not let the planner use the partial index.
fn undone() -> diesel::expression::SqlLiteral<Bool> {
    sql("record_erasures.done_at IS NULL")
}

/// What is to be executed by `now`, the longest due first.
pub(in crate::archive) fn due(
    conn: &mut Conn,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<Erasure>, db::Error> {
    let rows = record_erasures::table
        .filter(undone())
        .filter(record_erasures::due_at.le(now.micros()))
        .filter(record_erasures::fact_seq.ne(UNRECORDED))
        .order((record_erasures::due_at, record_erasures::id))
        .limit(limit)
        .select(Row::as_select())
        .load(conn)?;
    rows.into_iter().map(Erasure::try_from).collect()
}

/// Everything that is ordered and not executed yet, the longest due first.
pub fn waiting(conn: &mut Conn, log: LogId, limit: i64) -> Result<Vec<Erasure>, db::Error> {
    let rows = record_erasures::table
        .filter(undone())
        .filter(record_erasures::log_id.eq(log.get()))
        .order((record_erasures::due_at, record_erasures::id))
        .limit(limit)
        .select(Row::as_select())
        .load(conn)?;
    rows.into_iter().map(Erasure::try_from).collect()
}

/// The orders about a subject, in their order.
pub fn of_subject(conn: &mut Conn, subject: Subject) -> Result<Vec<Erasure>, db::Error> {
    let (kind, number) = subject.columns();
    let rows = record_erasures::table
        .filter(record_erasures::subject.eq(number))
        .filter(record_erasures::subject_kind.eq(kind))
        .order(record_erasures::id)
        .select(Row::as_select())
        .load(conn)?;
    rows.into_iter().map(Erasure::try_from).collect()
}

/// Which of these subjects somebody has ordered to be destroyed that are not yet, since a hold stands in the way or the
/// record has not come so far: nobody is shown them. What only a schedule or an author's deletion asks for is not among
/// them.
pub fn withheld(conn: &mut Conn, subjects: &[Subject]) -> Result<HashSet<Subject>, db::Error> {
    let mut wanted: HashMap<i16, Vec<i64>> = HashMap::new();
    for subject in subjects {
        let (kind, number) = subject.columns();
        wanted.entry(kind).or_default().push(number);
    }
    let mut found = HashSet::new();
    for (kind, numbers) in wanted {
        let waiting: Vec<i64> = record_erasures::table
            .filter(undone())
            .filter(record_erasures::subject.eq_any(numbers))
            .filter(record_erasures::subject_kind.eq(kind))
            .filter(record_erasures::class.ne(Class::Author.name()))
            .filter(record_erasures::fact_seq.ge(UNRECORDED))
            .select(record_erasures::subject)
            .load(conn)?;
        for number in waiting {
            found.insert(Subject::from_columns(kind, number)?);
        }
    }
    Ok(found)
}

/// The newest that were executed, the last first.
pub fn executed(conn: &mut Conn, log: LogId, limit: i64) -> Result<Vec<Erasure>, db::Error> {
    let rows = record_erasures::table
        .filter(record_erasures::done_at.is_not_null())
        .filter(record_erasures::log_id.eq(log.get()))
        .order(record_erasures::id.desc())
        .limit(limit)
        .select(Row::as_select())
        .load(conn)?;
    rows.into_iter().map(Erasure::try_from).collect()
}

/// How many were executed, of all logs: whether any was meanwhile.
pub fn count_executed(conn: &mut Conn) -> Result<i64, db::Error> {
    Ok(record_erasures::table
        .filter(record_erasures::done_at.is_not_null())
        .count()
        .get_result(conn)?)
}

/// Notes that other orders about a subject have nothing left to destroy.
pub(in crate::archive) fn overtake(
    conn: &mut Conn,
    subject: Subject,
    now: Timestamp,
) -> Result<(), db::Error> {
    let (kind, number) = subject.columns();
    let others = record_erasures::table
        .filter(undone())
        .filter(record_erasures::subject.eq(number))
        .filter(record_erasures::subject_kind.eq(kind));
    diesel::update(others)
        .set(record_erasures::done_at.eq(now.micros()))
        .execute(conn)?;
    Ok(())
}

/// Makes what waits for a subject due now.
pub(in crate::archive) fn hasten_for(
    conn: &mut Conn,
    subject: Subject,
    now: Timestamp,
) -> Result<(), db::Error> {
    let (kind, number) = subject.columns();
    let waiting = record_erasures::table
        .filter(undone())
        .filter(record_erasures::subject.eq(number))
        .filter(record_erasures::subject_kind.eq(kind))
        .filter(record_erasures::due_at.gt(now.micros()));
    diesel::update(waiting)
        .set(record_erasures::due_at.eq(now.micros()))
        .execute(conn)?;
    Ok(())
}

/// Puts a destruction off, since a hold stands in its way.
pub(in crate::archive) fn put_off(
    conn: &mut Conn,
    id: ErasureId,
    until: Timestamp,
) -> Result<(), db::Error> {
    diesel::update(record_erasures::table.find(id.get()))
        .set(record_erasures::due_at.eq(until.micros()))
        .execute(conn)?;
    Ok(())
}

/// Makes what holds had put off due now; whatever still stands in its way puts it off again.
pub(in crate::archive) fn hasten(
    conn: &mut Conn,
    log: LogId,
    put_off_to: Timestamp,
    now: Timestamp,
) -> Result<(), db::Error> {
    let (somebody, _) = Subject::Actor(crate::kernel::ActorId::new(0)).columns();
    let held = record_erasures::table
        .filter(undone())
        .filter(
            record_erasures::log_id
                .eq(log.get())
                // Any agency's hold holds back the erasure of somebody.
                .or(record_erasures::subject_kind.eq(somebody)),
        )
        .filter(record_erasures::due_at.eq(put_off_to.micros()));
    diesel::update(held)
        .set(record_erasures::due_at.eq(now.micros()))
        .execute(conn)?;
    Ok(())
}

pub(in crate::archive) fn done(
    conn: &mut Conn,
    id: ErasureId,
    now: Timestamp,
) -> Result<(), db::Error> {
    diesel::update(record_erasures::table.find(id.get()))
        .set(record_erasures::done_at.eq(now.micros()))
        .execute(conn)?;
    Ok(())
}
