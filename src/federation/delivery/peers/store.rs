//! The servers that we deliver to, in the database.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;
use diesel::upsert::excluded;

use super::super::knock::Knock;
use super::super::store::{PARKED, queued};
use super::Peer;
use crate::kernel::Timestamp;
use crate::platform::db::schema::{deliveries, peers};
use crate::platform::db::{self, Conn, on_either};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = peers, treat_none_as_default_value = false)]
struct Row {
    host: String,
    dialect: Option<String>,
    failures: i32,
    paused_until: Option<i64>,
    bad_days: i32,
    last_bad_day: Option<i64>,
    unavailable_since: Option<i64>,
    last_success: Option<i64>,
}

impl From<Row> for (String, Peer) {
    fn from(row: Row) -> Self {
        let peer = Peer {
            // A dialect of a later version is one that we do not know.
            dialect: row.dialect.as_deref().and_then(Knock::parse),
            failures: row.failures,
            paused_until: row.paused_until.map(Timestamp::from_micros),
            bad_days: row.bad_days,
            last_bad_day: row.last_bad_day,
            unavailable_since: row.unavailable_since.map(Timestamp::from_micros),
            last_success: row.last_success.map(Timestamp::from_micros),
        };
        (row.host, peer)
    }
}

/// Those of `hosts` that are written down. Within a transaction on PostgreSQL nobody else may change them until it
/// ends.
pub(in super::super) fn of(
    conn: &mut Conn,
    hosts: &[&str],
) -> Result<HashMap<String, Peer>, db::Error> {
    let query = peers::table
        .filter(peers::host.eq_any(hosts))
        .order(peers::host);
    let rows: Vec<Row> = match conn {
        Conn::Postgres(conn) => query.select(Row::as_select()).for_update().load(conn)?,
        Conn::Sqlite(conn) => query.select(Row::as_select()).load(conn)?,
    };
    Ok(rows.into_iter().map(Into::into).collect())
}

/// The same, only to look.
pub(in super::super) fn look(
    conn: &mut Conn,
    hosts: &[&str],
) -> Result<HashMap<String, Peer>, db::Error> {
    let rows: Vec<Row> = peers::table
        .filter(peers::host.eq_any(hosts))
        .select(Row::as_select())
        .load(conn)?;
    Ok(rows.into_iter().map(Into::into).collect())
}

pub(in super::super) fn put(conn: &mut Conn, host: &str, peer: &Peer) -> Result<(), db::Error> {
    let row = Row {
        host: host.to_owned(),
        dialect: peer.dialect.map(|it| it.as_str().to_owned()),
        failures: peer.failures,
        paused_until: peer.paused_until.map(Timestamp::micros),
        bad_days: peer.bad_days,
        last_bad_day: peer.last_bad_day,
        unavailable_since: peer.unavailable_since.map(Timestamp::micros),
        last_success: peer.last_success.map(Timestamp::micros),
    };
    on_either!(conn => diesel::insert_into(peers::table)
        .values(&row)
        .on_conflict(peers::host)
        .do_update()
        .set((
            peers::dialect.eq(excluded(peers::dialect)),
            peers::failures.eq(excluded(peers::failures)),
            peers::paused_until.eq(excluded(peers::paused_until)),
            peers::bad_days.eq(excluded(peers::bad_days)),
            peers::last_bad_day.eq(excluded(peers::last_bad_day)),
            peers::unavailable_since.eq(excluded(peers::unavailable_since)),
            peers::last_success.eq(excluded(peers::last_success)),
        ))
        .execute(conn))?;
    Ok(())
}

/// The hosts to which nothing is sent until they are heard from.
pub(in super::super) fn asleep(conn: &mut Conn) -> Result<HashSet<String>, db::Error> {
    let hosts: Vec<String> = peers::table
        .filter(peers::unavailable_since.is_not_null())
        .select(peers::host)
        .load(conn)?;
    Ok(hosts.into_iter().collect())
}

/// Forgets the failures of a host, and makes due what waited for it.
pub fn wake(conn: &mut Conn, now: Timestamp, host: &str) -> Result<(), db::Error> {
    diesel::update(peers::table.find(host))
        .set((
            peers::failures.eq(0),
            peers::paused_until.eq(None::<i64>),
            peers::bad_days.eq(0),
            peers::last_bad_day.eq(None::<i64>),
            peers::unavailable_since.eq(None::<i64>),
        ))
        .execute(conn)?;
    diesel::update(
        deliveries::table
            .filter(queued())
            .filter(deliveries::host.eq(host))
            .filter(deliveries::due_at.eq(PARKED)),
    )
    .set(deliveries::due_at.eq(now.micros()))
    .execute(conn)?;
    Ok(())
}
