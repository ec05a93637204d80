//! How far the retention schedule has come.

use diesel::prelude::*;
use diesel::upsert::excluded;

use crate::platform::db::schema::settings;
use crate::platform::db::{self, Conn, on_either};

fn name(of: &str) -> String {
    format!("retention/{of}")
}

/// The number of the last of a kind that was looked at: what comes later has a greater one.
pub(super) fn position(conn: &mut Conn, of: &str) -> Result<i64, db::Error> {
    let value: Option<String> = settings::table
        .find(name(of))
        .select(settings::value)
        .first(conn)
        .optional()?;
    match value {
        None => Ok(0),
        Some(value) => value
            .parse()
            .map_err(|_| db::Error::Corrupt("settings.value")),
    }
}

pub(super) fn advance(conn: &mut Conn, of: &str, to: i64) -> Result<(), db::Error> {
    on_either!(conn => diesel::insert_into(settings::table)
        .values((settings::name.eq(name(of)), settings::value.eq(to.to_string())))
        .on_conflict(settings::name)
        .do_update()
        .set(settings::value.eq(excluded(settings::value)))
        .execute(conn))?;
    Ok(())
}
