//! Decisions to go on, in the database.

use diesel::prelude::*;

use crate::archive::log::Log;
use crate::kernel::{LogId, ResumptionId, Timestamp};
use crate::platform::db::schema::record_resumptions;
use crate::platform::db::{self, Conn, on_either};

/// A decision as it was made.
pub(super) struct Resumption {
    pub(super) reason: String,
    /// Entries that were seen elsewhere, and those that were here.
    pub(super) seen: i64,
    pub(super) size: i64,
}

pub(super) fn insert(
    conn: &mut Conn,
    now: Timestamp,
    log: &Log,
    reason: &str,
) -> Result<ResumptionId, db::Error> {
    let number = |number: u64| {
        i64::try_from(number).map_err(|_| db::Error::Corrupt("record_resumptions.seen"))
    };
    let (seen, size) = (number(log.floor)?, number(log.head.size)?);
    let id: i64 = on_either!(conn => diesel::insert_into(record_resumptions::table)
        .values((
            record_resumptions::log_id.eq(log.id.get()),
            record_resumptions::reason.eq(reason),
            record_resumptions::seen.eq(seen),
            record_resumptions::size.eq(size),
            record_resumptions::at.eq(now.micros()),
        ))
        .returning(record_resumptions::id)
        .get_result(conn))?;
    Ok(ResumptionId::new(id))
}

pub(super) fn find(conn: &mut Conn, id: ResumptionId) -> Result<Option<Resumption>, db::Error> {
    let row: Option<(String, i64, i64)> = record_resumptions::table
        .find(id.get())
        .select((
            record_resumptions::reason,
            record_resumptions::seen,
            record_resumptions::size,
        ))
        .first(conn)
        .optional()?;
    Ok(row.map(|(reason, seen, size)| Resumption { reason, seen, size }))
}

/// When it was last decided that a log goes on.
pub fn last_of(conn: &mut Conn, log: LogId) -> Result<Option<Timestamp>, db::Error> {
    let at: Option<i64> = record_resumptions::table
        .filter(record_resumptions::log_id.eq(log.get()))
        .select(diesel::dsl::max(record_resumptions::at))
        .first(conn)?;
    Ok(at.map(Timestamp::from_micros))
}
