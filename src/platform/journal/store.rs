//! The journal's rows and its readers' cursors.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::upsert::excluded;

use super::Fact;
use crate::kernel::{AgencyId, Clock, Timestamp};
use crate::platform::db::schema::{cursors, journal, journal_lanes};
use crate::platform::db::{self, Conn, on_either};

/// A fact in its place.
#[derive(Debug, Clone)]
pub struct Entry {
    pub seq: i64,
    pub agency: AgencyId,
    pub fact: Fact,
    pub at: Timestamp,
}

/// Appends a fact, within the transaction of the use case that it tells of.
pub fn append(
    conn: &mut Conn,
    clock: &dyn Clock,
    agency: AgencyId,
    fact: &Fact,
) -> Result<(), db::Error> {
    db::take_turn(conn)?;
    let json = serde_json::to_string(fact).map_err(|_| db::Error::Corrupt("journal.fact"))?;
    on_either!(conn => diesel::insert_into(journal::table)
        .values((
            journal::agency_id.eq(agency.get()),
            journal::kind.eq(fact.kind()),
            journal::fact.eq(&json),
            journal::at.eq(clock.now().micros()),
        ))
        .execute(conn))?;
    db::announce(conn)
}

type Row = (i64, Option<i64>, String, i64);

fn entry((seq, agency, fact, at): Row) -> Result<Entry, db::Error> {
    Ok(Entry {
        seq,
        agency: AgencyId::new(agency.ok_or(db::Error::Corrupt("journal.agency_id"))?),
        fact: serde_json::from_str(&fact).map_err(|_| db::Error::Corrupt("journal.fact"))?,
        at: Timestamp::from_micros(at),
    })
}

/// The next facts behind `after`, at most `limit`.
pub fn read(conn: &mut Conn, after: i64, limit: i64) -> Result<Vec<Entry>, db::Error> {
    let rows: Vec<Row> = journal::table
        .filter(journal::seq.gt(after))
        .order(journal::seq)
        .limit(limit)
        .select((journal::seq, journal::agency_id, journal::fact, journal::at))
        .load(conn)?;
    rows.into_iter().map(entry).collect()
}

/// The next facts of one agency behind `after` and up to `until`, at most `limit`.
pub fn read_of(
    conn: &mut Conn,
    agency: AgencyId,
    after: i64,
    until: i64,
    limit: i64,
) -> Result<Vec<Entry>, db::Error> {
    let rows: Vec<Row> = journal::table
        .filter(journal::seq.gt(after))
        .filter(journal::seq.le(until))
        .filter(journal::agency_id.eq(agency.get()))
        .order(journal::seq)
        .limit(limit)
        .select((journal::seq, journal::agency_id, journal::fact, journal::at))
        .load(conn)?;
    rows.into_iter().map(entry).collect()
}

/// The agencies whose facts `consumer` has gone past, each with the last that it has read all the same.
pub fn lanes(conn: &mut Conn, consumer: &str) -> Result<BTreeMap<AgencyId, i64>, db::Error> {
    let rows: Vec<(i64, i64)> = journal_lanes::table
        .filter(journal_lanes::consumer.eq(consumer))
        .select((journal_lanes::agency_id, journal_lanes::seq))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(agency, seq)| (AgencyId::new(agency), seq))
        .collect())
}

/// Has `consumer` read an agency's facts by themselves, behind `seq`, from now on.
pub fn set_lane(
    conn: &mut Conn,
    consumer: &str,
    agency: AgencyId,
    seq: i64,
) -> Result<(), db::Error> {
    on_either!(conn => diesel::insert_into(journal_lanes::table)
        .values((
            journal_lanes::consumer.eq(consumer),
            journal_lanes::agency_id.eq(agency.get()),
            journal_lanes::seq.eq(seq),
        ))
        .on_conflict((journal_lanes::consumer, journal_lanes::agency_id))
        .do_update()
        .set(journal_lanes::seq.eq(excluded(journal_lanes::seq)))
        .execute(conn))?;
    Ok(())
}

/// Has `consumer` read an agency's facts among those of the others again: it has caught up.
pub fn close_lane(conn: &mut Conn, consumer: &str, agency: AgencyId) -> Result<(), db::Error> {
    diesel::delete(journal_lanes::table.find((consumer, agency.get()))).execute(conn)?;
    Ok(())
}

/// How far `consumer` has read; 0 at first. Within a transaction on PostgreSQL the answer also bars other processes
/// from reading on for the same consumer until it ends.
pub fn position(conn: &mut Conn, consumer: &str) -> Result<i64, db::Error> {
    on_either!(conn => diesel::insert_into(cursors::table)
        .values((cursors::consumer.eq(consumer), cursors::seq.eq(0)))
        .on_conflict_do_nothing()
        .execute(conn))?;
    let own = cursors::table.find(consumer).select(cursors::seq);
    Ok(match conn {
        Conn::Postgres(conn) => own.for_update().first(conn)?,
        Conn::Sqlite(conn) => own.first(conn)?,
    })
}

/// Has `consumer` begin behind the last fact, unless it has begun; returns whether it begins now.
pub fn begin_at_end(conn: &mut Conn, consumer: &str) -> Result<bool, db::Error> {
    let last: Option<i64> = journal::table
        .select(diesel::dsl::max(journal::seq))
        .first(conn)?;
    let begun = on_either!(conn => diesel::insert_into(cursors::table)
        .values((cursors::consumer.eq(consumer), cursors::seq.eq(last.unwrap_or(0))))
        .on_conflict_do_nothing()
        .execute(conn))?;
    Ok(begun == 1)
}

/// Whether `consumer` has begun.
pub fn has_begun(conn: &mut Conn, consumer: &str) -> Result<bool, db::Error> {
    let found: Option<i64> = cursors::table
        .find(consumer)
        .select(cursors::seq)
        .first(conn)
        .optional()?;
    Ok(found.is_some())
}

/// Has `consumer` read no more, and forget how far it had come.
pub fn leave(conn: &mut Conn, consumer: &str) -> Result<(), db::Error> {
    diesel::delete(cursors::table.find(consumer)).execute(conn)?;
    let lanes = journal_lanes::table.filter(journal_lanes::consumer.eq(consumer));
    diesel::delete(lanes).execute(conn)?;
    Ok(())
}

/// How far `consumer` has read, for a look that commits to nothing.
pub fn seen(conn: &mut Conn, consumer: &str) -> Result<i64, db::Error> {
    Ok(cursors::table
        .find(consumer)
        .select(cursors::seq)
        .first(conn)
        .optional()?
        .unwrap_or(0))
}

/// How many facts `consumer` has not read yet.
pub fn backlog(conn: &mut Conn, consumer: &str) -> Result<u64, db::Error> {
    let seen = seen(conn, consumer)?;
    let last: Option<i64> = journal::table
        .select(diesel::dsl::max(journal::seq))
        .first(conn)?;
    let mut count = last.unwrap_or(0) - seen;
    for (agency, after) in lanes(conn, consumer)? {
        count += journal::table
            .filter(journal::seq.gt(after))
            .filter(journal::seq.le(seen))
            .filter(journal::agency_id.eq(agency.get()))
            .count()
            .get_result::<i64>(conn)?;
    }
    Ok(u64::try_from(count).unwrap_or(0))
}

/// Moves the cursor of `consumer` to `seq`.
pub fn advance(conn: &mut Conn, consumer: &str, seq: i64) -> Result<(), db::Error> {
    on_either!(conn => diesel::insert_into(cursors::table)
        .values((cursors::consumer.eq(consumer), cursors::seq.eq(seq)))
        .on_conflict(cursors::consumer)
        .do_update()
        .set(cursors::seq.eq(excluded(cursors::seq)))
        .execute(conn))?;
    Ok(())
}
