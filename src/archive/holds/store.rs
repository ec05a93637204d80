//! Holds in the database.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use super::Scope;
use crate::archive::kind::Subject;
use crate::kernel::{AnnouncementId, HoldId, LogId, Timestamp};
use crate::platform::db::schema::record_holds;
use crate::platform::db::{self, Conn, on_either};

/// A hold as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    pub id: HoldId,
    pub log: LogId,
    pub scope: Scope,
    pub matter: String,
    pub placed_at: Timestamp,
    pub released_at: Option<Timestamp>,
}

const AGENCY: &str = "agency";
const THREAD: &str = "thread";
const ENTRY: &str = "entry";

type Row = (i64, i64, String, i16, i64, String, i64, Option<i64>);

const COLUMNS: (
    record_holds::id,
    record_holds::log_id,
    record_holds::scope,
    record_holds::subject_kind,
    record_holds::subject,
    record_holds::matter,
    record_holds::placed_at,
    record_holds::released_at,
) = (
    record_holds::id,
    record_holds::log_id,
    record_holds::scope,
    record_holds::subject_kind,
    record_holds::subject,
    record_holds::matter,
    record_holds::placed_at,
    record_holds::released_at,
);

fn hold(
    (id, log, scope, subject_kind, subject, matter, placed_at, released_at): Row,
) -> Result<Hold, db::Error> {
    let scope = match scope.as_str() {
        AGENCY => Scope::Agency,
        THREAD => Scope::Thread(AnnouncementId::new(subject)),
        ENTRY => Scope::Entry(Subject::from_columns(subject_kind, subject)?),
        _ => return Err(db::Error::Corrupt("record_holds.scope")),
    };
    Ok(Hold {
        id: HoldId::new(id),
        log: LogId::new(log),
        scope,
        matter,
        placed_at: Timestamp::from_micros(placed_at),
        released_at: released_at.map(Timestamp::from_micros),
    })
}

pub(super) fn insert(
    conn: &mut Conn,
    now: Timestamp,
    log: LogId,
    scope: Scope,
    matter: &str,
) -> Result<HoldId, db::Error> {
    let (word, (subject_kind, subject)) = match scope {
        Scope::Agency => (AGENCY, (0, 0)),
        Scope::Thread(thread) => (THREAD, Subject::Announcement(thread).columns()),
        Scope::Entry(subject) => (ENTRY, subject.columns()),
    };
    let id: i64 = on_either!(conn => diesel::insert_into(record_holds::table)
        .values((
            record_holds::log_id.eq(log.get()),
            record_holds::scope.eq(word),
            record_holds::subject_kind.eq(subject_kind),
            record_holds::subject.eq(subject),
            record_holds::matter.eq(matter),
            record_holds::placed_at.eq(now.micros()),
        ))
        .returning(record_holds::id)
        .get_result(conn))?;
    Ok(HoldId::new(id))
}

pub fn find(conn: &mut Conn, id: HoldId) -> Result<Option<Hold>, db::Error> {
    let row = record_holds::table
        .find(id.get())
        .select(COLUMNS)
        .first::<Row>(conn)
        .optional()?;
    row.map(hold).transpose()
}

/// The holds of a log that are not released.
pub fn active(conn: &mut Conn, log: LogId) -> Result<Vec<Hold>, db::Error> {
    let rows = record_holds::table
        .filter(sql::<Bool>("record_holds.released_at IS NULL"))
        .filter(record_holds::log_id.eq(log.get()))
        .order(record_holds::id)
        .select(COLUMNS)
        .load::<Row>(conn)?;
    rows.into_iter().map(hold).collect()
}

/// All holds of a log, released ones included.
pub fn list(conn: &mut Conn, log: LogId) -> Result<Vec<Hold>, db::Error> {
    let rows = record_holds::table
        .filter(record_holds::log_id.eq(log.get()))
        .order(record_holds::id)
        .select(COLUMNS)
        .load::<Row>(conn)?;
    rows.into_iter().map(hold).collect()
}

pub(super) fn release(conn: &mut Conn, id: HoldId, now: Timestamp) -> Result<(), db::Error> {
    diesel::update(record_holds::table.find(id.get()))
        .set(record_holds::released_at.eq(now.micros()))
        .execute(conn)?;
    Ok(())
}
