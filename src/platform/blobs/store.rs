//! Blobs' rows.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::kernel::{Clock, Timestamp};
use crate::platform::db::schema::blobs;
use crate::platform::db::{self, Conn, on_either};

/// Bytes with their type.
#[derive(Debug, Clone)]
pub struct Blob {
    pub media_type: String,
    pub bytes: Vec<u8>,
}

/// Keeps `blob` under `digest` (SHA-256 of its bytes, hex); what is there already stays, and is shown again.
pub fn put(conn: &mut Conn, clock: &dyn Clock, digest: &str, blob: &Blob) -> Result<(), db::Error> {
    on_either!(conn => diesel::insert_into(blobs::table)
        .values((
            blobs::digest.eq(digest),
            blobs::media_type.eq(&blob.media_type),
            blobs::bytes.eq(&blob.bytes),
            blobs::created_at.eq(clock.now().micros()),
        ))
        .on_conflict(blobs::digest)
        .do_update()
        .set(blobs::withheld_at.eq(None::<i64>))
        .execute(conn))?;
    Ok(())
}

pub fn find(conn: &mut Conn, digest: &str) -> Result<Option<Blob>, db::Error> {
    let row = blobs::table
        .find(digest)
        .select((blobs::media_type, blobs::bytes))
        .first::<(String, Vec<u8>)>(conn)
        .optional()?;
    Ok(row.map(|(media_type, bytes)| Blob { media_type, bytes }))
}

/// The same for everybody: not if it is withheld.
pub fn shown(conn: &mut Conn, digest: &str) -> Result<Option<Blob>, db::Error> {
    let row = blobs::table
        .find(digest)
        .filter(blobs::withheld_at.is_null())
        .select((blobs::media_type, blobs::bytes))
        .first::<(String, Vec<u8>)>(conn)
        .optional()?;
    Ok(row.map(|(media_type, bytes)| Blob { media_type, bytes }))
}

/// Shows a blob to nobody any more, unless an agency presents itself with it.
pub fn withhold(conn: &mut Conn, now: Timestamp, digest: &str) -> Result<(), db::Error> {
    if !is_presented(conn, digest)? {
        diesel::update(blobs::table.find(digest))
            .set(blobs::withheld_at.eq(now.micros()))
            .execute(conn)?;
    }
    Ok(())
}

diesel::define_sql_function! {
    /// Bytes, in both databases.
    fn length(bytes: diesel::sql_types::Binary) -> diesel::sql_types::Integer;
}

/// How many bytes each of `digests` has; what is not kept here is left out.
pub fn sizes(conn: &mut Conn, digests: &[String]) -> Result<HashMap<String, u64>, db::Error> {
    let rows: Vec<(String, i32)> = blobs::table
        .filter(blobs::digest.eq_any(digests))
        .select((blobs::digest, length(blobs::bytes)))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(digest, size)| (digest, u64::try_from(size).unwrap_or(0)))
        .collect())
}

/// Drops a blob, unless an agency presents itself with it.
pub fn remove(conn: &mut Conn, digest: &str) -> Result<(), db::Error> {
    if !is_presented(conn, digest)? {
        diesel::delete(blobs::table.find(digest)).execute(conn)?;
    }
    Ok(())
}

fn is_presented(conn: &mut Conn, digest: &str) -> Result<bool, db::Error> {
    use crate::platform::db::schema::agencies;
    let presented: Option<i64> = agencies::table
        .filter(
            agencies::avatar
                .like(format!("%{digest}%"))
                .or(agencies::header.like(format!("%{digest}%"))),
        )
        .select(agencies::id)
        .first(conn)
        .optional()?;
    Ok(presented.is_some())
}
