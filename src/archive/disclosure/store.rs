//! Grants, and the secret behind receipts, in the database.

use diesel::prelude::*;

use crate::kernel::{GrantId, LogId, Secret, Timestamp};
use crate::platform::db::schema::{record_grants, settings};
use crate::platform::db::{self, Conn, on_either};

/// The name of the secret among the settings.
const SECRET: &str = "record_receipts";

/// Grants that are in force at a time, of one log, are few.
const MOST: i64 = 1_000;

/// A grant as its giver sees it: its token is not kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    pub id: GrantId,
    pub label: String,
    pub granted_at: Timestamp,
    pub expires_at: Timestamp,
    pub revoked_at: Option<Timestamp>,
}

pub(super) fn secret(conn: &mut Conn) -> Result<Option<Secret<String>>, db::Error> {
    let secret: Option<String> = settings::table
        .find(SECRET)
        .select(settings::value)
        .first(conn)
        .optional()?;
    Ok(secret.map(Secret::new))
}

/// Keeps the secret, unless there is one.
pub(super) fn keep_secret(conn: &mut Conn, secret: &str) -> Result<(), db::Error> {
    on_either!(conn => diesel::insert_into(settings::table)
        .values((settings::name.eq(SECRET), settings::value.eq(secret)))
        .on_conflict(settings::name)
        .do_nothing()
        .execute(conn))?;
    Ok(())
}

pub(super) fn insert(
    conn: &mut Conn,
    log: LogId,
    digest: &str,
    label: &str,
    now: Timestamp,
    until: Timestamp,
) -> Result<GrantId, db::Error> {
    let id: i64 = on_either!(conn => diesel::insert_into(record_grants::table)
        .values((
            record_grants::log_id.eq(log.get()),
            record_grants::token.eq(digest),
            record_grants::label.eq(label),
            record_grants::granted_at.eq(now.micros()),
            record_grants::expires_at.eq(until.micros()),
        ))
        .returning(record_grants::id)
        .get_result(conn))?;
    Ok(GrantId::new(id))
}

/// The digests of the tokens that open entries of a log at this time.
pub(super) fn digests_in_force(
    conn: &mut Conn,
    log: LogId,
    now: Timestamp,
) -> Result<Vec<String>, db::Error> {
    Ok(record_grants::table
        .filter(record_grants::log_id.eq(log.get()))
        .filter(record_grants::expires_at.gt(now.micros()))
        .filter(record_grants::revoked_at.is_null())
        .order(record_grants::id.desc())
        .limit(MOST)
        .select(record_grants::token)
        .load(conn)?)
}

/// The grants of a log, the newest first.
pub fn grants(conn: &mut Conn, log: LogId) -> Result<Vec<Grant>, db::Error> {
    type Row = (i64, String, i64, i64, Option<i64>);
    let rows: Vec<Row> = record_grants::table
        .filter(record_grants::log_id.eq(log.get()))
        .order(record_grants::id.desc())
        .limit(MOST)
        .select((
            record_grants::id,
            record_grants::label,
            record_grants::granted_at,
            record_grants::expires_at,
            record_grants::revoked_at,
        ))
        .load(conn)?;
    let grants = rows
        .into_iter()
        .map(|(id, label, granted_at, expires_at, revoked_at)| Grant {
            id: GrantId::new(id),
            label,
            granted_at: Timestamp::from_micros(granted_at),
            expires_at: Timestamp::from_micros(expires_at),
            revoked_at: revoked_at.map(Timestamp::from_micros),
        });
    Ok(grants.collect())
}

/// Ends a grant of a log before its time; `false` if there is none of that number in force.
pub fn revoke(
    conn: &mut Conn,
    now: Timestamp,
    log: LogId,
    grant: GrantId,
) -> Result<bool, db::Error> {
    let in_force = record_grants::table
        .filter(record_grants::id.eq(grant.get()))
        .filter(record_grants::log_id.eq(log.get()))
        .filter(record_grants::revoked_at.is_null());
    Ok(diesel::update(in_force)
        .set(record_grants::revoked_at.eq(now.micros()))
        .execute(conn)?
        == 1)
}
