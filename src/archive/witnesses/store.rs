//! What the witnesses of our logs are known to have cosigned, in the database.

use diesel::prelude::*;
use diesel::upsert::excluded;

use super::Cosigner;
use crate::kernel::{LogId, Timestamp};
use crate::platform::db::schema::record_cosigners;
use crate::platform::db::{self, Conn, on_either};

/// What each witness that was ever asked is known to have cosigned of a log.
pub fn cosigners(conn: &mut Conn, log: LogId) -> Result<Vec<Cosigner>, db::Error> {
    type Row = (String, i64, i64, Option<String>);
    let rows: Vec<Row> = record_cosigners::table
        .filter(record_cosigners::log_id.eq(log.get()))
        .order(record_cosigners::witness)
        .select((
            record_cosigners::witness,
            record_cosigners::size,
            record_cosigners::at,
            record_cosigners::failure,
        ))
        .load(conn)?;
    rows.into_iter()
        .map(|(vkey, size, at, failure)| {
            Ok(Cosigner {
                vkey,
                size: u64::try_from(size)
                    .map_err(|_| db::Error::Corrupt("record_cosigners.size"))?,
                at: Timestamp::from_micros(at),
                failure,
            })
        })
        .collect()
}

/// Keeps what came of asking a witness. Why it failed is cut to a line of some length.
pub(super) fn put(conn: &mut Conn, log: LogId, new: &Cosigner) -> Result<(), db::Error> {
    let size = i64::try_from(new.size).map_err(|_| db::Error::Corrupt("record_cosigners.size"))?;
    on_either!(conn => diesel::insert_into(record_cosigners::table)
        .values((
            record_cosigners::log_id.eq(log.get()),
            record_cosigners::witness.eq(&new.vkey),
            record_cosigners::size.eq(size),
            record_cosigners::at.eq(new.at.micros()),
            record_cosigners::failure.eq(&new.failure),
        ))
        .on_conflict((record_cosigners::log_id, record_cosigners::witness))
        .do_update()
        .set((
            record_cosigners::size.eq(excluded(record_cosigners::size)),
            record_cosigners::at.eq(excluded(record_cosigners::at)),
            record_cosigners::failure.eq(excluded(record_cosigners::failure)),
        ))
        .execute(conn))?;
    Ok(())
}
