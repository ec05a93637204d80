//! The names in the database.

use diesel::prelude::*;
use diesel::upsert::excluded;

use super::Identity;
use crate::platform::db::schema::settings;
use crate::platform::db::{self, Conn, on_either};

const URL: &str = "url";
const HANDLE_DOMAIN: &str = "handle_domain";

/// The names that this database was last used with, if it was used at all.
pub fn kept(conn: &mut Conn) -> Result<Option<Identity>, db::Error> {
    let mut value = |name: &str| {
        settings::table
            .find(name)
            .select(settings::value)
            .first(conn)
            .optional()
    };
    let (url, handle_domain): (Option<String>, Option<String>) =
        (value(URL)?, value(HANDLE_DOMAIN)?);
    match (url, handle_domain) {
        (Some(url), Some(handle_domain)) => Ok(Some(Identity { url, handle_domain })),
        (None, None) => Ok(None),
        _ => Err(db::Error::Corrupt("settings")),
    }
}

/// Keeps these names, in the place of others if there are any.
pub fn keep(conn: &mut Conn, identity: &Identity) -> Result<(), db::Error> {
    let rows = [
        (URL, &identity.url),
        (HANDLE_DOMAIN, &identity.handle_domain),
    ];
    for (name, value) in rows {
        on_either!(conn => diesel::insert_into(settings::table)
            .values((settings::name.eq(name), settings::value.eq(value)))
            .on_conflict(settings::name)
            .do_update()
            .set(settings::value.eq(excluded(settings::value)))
            .execute(conn))?;
    }
    Ok(())
}
