//! What the witnesses of our logs are known to have cosigned, in the database.

use diesel::prelude::*;
use diesel::upsert::excluded;

use super::Cosigner;
use super::claims::Claim;
use crate::kernel::{LogId, Timestamp};
use crate::platform::db::schema::record_cosigners;
use crate::platform::db::{self, Conn, on_either};
use crate::tlog::Hash;

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
    let size = stored(new.size)?;
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
    if new.failure.is_none() {
        diesel::update(record_cosigners::table.find((log.get(), &new.vkey)))
            .set(record_cosigners::cosigned_at.eq(new.at.micros()))
            .execute(conn)?;
    }
    Ok(())
}

fn stored(size: u64) -> Result<i64, db::Error> {
    i64::try_from(size).map_err(|_| db::Error::Corrupt("record_cosigners.size"))
}

/// What decides whether a witness is believed.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Standing {
    /// When it cosigned last.
    pub(super) cosigned_at: Option<Timestamp>,
    /// What it said last that the operator has overruled.
    pub(super) overruled: Option<Claim>,
}

pub(super) fn standing(conn: &mut Conn, log: LogId, vkey: &str) -> Result<Standing, db::Error> {
    type Row = (Option<i64>, Option<i64>, Option<Vec<u8>>, Option<i64>);
    let row: Option<Row> = record_cosigners::table
        .find((log.get(), vkey))
        .select((
            record_cosigners::cosigned_at,
            record_cosigners::claimed,
            record_cosigners::claimed_root,
            record_cosigners::overruled_at,
        ))
        .first(conn)
        .optional()?;
    let Some((cosigned_at, claimed, root, overruled_at)) = row else {
        return Ok(Standing::default());
    };
    let root = root
        .map(|root| {
            Hash::from_slice(&root).ok_or(db::Error::Corrupt("record_cosigners.claimed_root"))
        })
        .transpose()?;
    let overruled = match claimed.filter(|_| overruled_at.is_some()) {
        Some(size) => Some(Claim {
            size: u64::try_from(size)
                .map_err(|_| db::Error::Corrupt("record_cosigners.claimed"))?,
            root,
        }),
        None => None,
    };
    Ok(Standing {
        cosigned_at: cosigned_at.map(Timestamp::from_micros),
        overruled,
    })
}

/// Keeps what a witness has said against a log.
pub(super) fn keep_claim(
    conn: &mut Conn,
    log: LogId,
    vkey: &str,
    claim: Claim,
    now: Timestamp,
) -> Result<(), db::Error> {
    let values = (
        record_cosigners::claimed.eq(stored(claim.size)?),
        record_cosigners::claimed_root.eq(claim.root.map(|root| root.as_bytes().to_vec())),
        record_cosigners::overruled_at.eq(None::<i64>),
    );
    on_either!(conn => diesel::insert_into(record_cosigners::table)
        .values((
            record_cosigners::log_id.eq(log.get()),
            record_cosigners::witness.eq(vkey),
            record_cosigners::size.eq(0),
            record_cosigners::at.eq(now.micros()),
            values.clone(),
        ))
        .on_conflict((record_cosigners::log_id, record_cosigners::witness))
        .do_update()
        .set(values)
        .execute(conn))?;
    Ok(())
}

/// Notes that the operator goes on in spite of what witnesses have said against a log.
pub(in crate::archive) fn overrule(
    conn: &mut Conn,
    log: LogId,
    now: Timestamp,
) -> Result<(), db::Error> {
    let claims = record_cosigners::table
        .filter(record_cosigners::log_id.eq(log.get()))
        .filter(record_cosigners::claimed.is_not_null())
        .filter(record_cosigners::overruled_at.is_null());
    diesel::update(claims)
        .set(record_cosigners::overruled_at.eq(now.micros()))
        .execute(conn)?;
    Ok(())
}
