//! Exports in the database.

use diesel::prelude::*;

use crate::archive::log;
use crate::kernel::{AgencyId, Clock, ExportId};
use crate::platform::db::schema::record_exports;
use crate::platform::db::{self, Conn, on_either};
use crate::platform::journal::{self, Fact};

/// Notes that a copy of a log of that size was taken; `extent` says which part, and names nobody.
pub fn note(
    conn: &mut Conn,
    clock: &dyn Clock,
    agency: AgencyId,
    extent: &str,
    size: u64,
) -> Result<Option<ExportId>, db::Error> {
    let Some(log) = log::by_agency(conn, agency)? else {
        return Ok(None);
    };
    let size = i64::try_from(size).map_err(|_| db::Error::Corrupt("record_exports.size"))?;
    let id: i64 = on_either!(conn => diesel::insert_into(record_exports::table)
        .values((
            record_exports::log_id.eq(log.id.get()),
            record_exports::extent.eq(extent),
            record_exports::size.eq(size),
            record_exports::at.eq(clock.now().micros()),
        ))
        .returning(record_exports::id)
        .get_result(conn))?;
    let export = ExportId::new(id);
    journal::append(conn, clock, agency, &Fact::ExportMade { export })?;
    Ok(Some(export))
}

/// Which part, and the size of the log then.
pub(super) fn find(conn: &mut Conn, id: ExportId) -> Result<Option<(String, i64)>, db::Error> {
    Ok(record_exports::table
        .find(id.get())
        .select((record_exports::extent, record_exports::size))
        .first(conn)
        .optional()?)
}
