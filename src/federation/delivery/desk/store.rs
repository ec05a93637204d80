//! Looking through deliveries, and clearing them away.

use std::time::Duration;

use diesel::dsl::{count_star, min, sql};
use diesel::prelude::*;
use diesel::sql_types::Bool;

use super::super::peers;
use super::super::store::{DONE, FAILED, PARKED, QUEUED, queued};
use super::super::verdict;
use super::{Ailing, Backlog, Delivery, Filter, Pruned, Selection, State};
use crate::kernel::{AgencyId, Timestamp};
use crate::platform::db::schema::{activities, deliveries, peers as peers_table};
use crate::platform::db::{self, Conn};

const DAY: Duration = Duration::from_secs(24 * 3600);
/// How long it is kept on record that something could not be delivered.
const FAILED_KEPT: Duration = Duration::from_secs(30 * 24 * 3600);
/// Rows looked at in one step.
const STEP: i64 = 1_000;

type Row = (
    (i64, String, String, i64),
    (String, i64, String),
    (i16, i64),
    (i32, Option<i32>, Option<String>),
);

/// The latest deliveries first.
pub fn list(conn: &mut Conn, filter: Filter, limit: i64) -> Result<Vec<Delivery>, db::Error> {
    let mut query = deliveries::table
        .inner_join(activities::table)
        .order(deliveries::id.desc())
        .limit(limit)
        .select((
            (
                deliveries::id,
                deliveries::host,
                deliveries::inbox,
                deliveries::created_at,
            ),
            (activities::uri, activities::agency_id, activities::kind),
            (deliveries::state, deliveries::due_at),
            (
                deliveries::attempts,
                deliveries::last_status,
                deliveries::last_error,
            ),
        ))
        .into_boxed();
    if filter == Filter::Failed {
        query = query.filter(sql::<Bool>("deliveries.state = 2"));
    }
    let rows: Vec<Row> = query.load(conn)?;
    rows.into_iter()
        .map(
            |(delivery, activity, (state, due_at), (attempts, last_status, last_error))| {
                let (id, host, inbox, created_at) = delivery;
                let (activity, agency, kind) = activity;
                Ok(Delivery {
                    id,
                    activity,
                    agency: AgencyId::new(agency),
                    kind,
                    host,
                    inbox,
                    state: match (state, due_at) {
                        (DONE, _) => State::Done,
                        (FAILED, _) if verdict::says_gone(last_status) => State::Gone,
                        (FAILED, _) => State::Failed,
                        (QUEUED, PARKED) => State::Parked,
                        (QUEUED, due_at) => State::Queued {
                            due_at: Timestamp::from_micros(due_at),
                        },
                        _ => return Err(db::Error::Corrupt("deliveries.state")),
                    },
                    attempts,
                    last_status,
                    last_error,
                    created_at: Timestamp::from_micros(created_at),
                })
            },
        )
        .collect()
}

/// Queues failed deliveries again, with all their tries before them; a host that is named is no longer paused.
/// Returns how many. Ring [`crate::platform::bell::Bells::deliveries`] afterwards.
pub fn retry(conn: &mut Conn, now: Timestamp, selection: &Selection) -> Result<usize, db::Error> {
    let again = (
        deliveries::state.eq(QUEUED),
        deliveries::attempts.eq(0),
        deliveries::due_at.eq(now.micros()),
    );
    let failed = deliveries::table.filter(sql::<Bool>("deliveries.state = 2"));
    Ok(match selection {
        Selection::All => diesel::update(failed).set(again).execute(conn)?,
        Selection::Id(id) => diesel::update(failed.filter(deliveries::id.eq(*id)))
            .set(again)
            .execute(conn)?,
        Selection::Host(host) => {
            peers::store::wake(conn, now, host)?;
            diesel::update(failed.filter(deliveries::host.eq(host)))
                .set(again)
                .execute(conn)?
        }
    })
}

/// How much waits, without what is for unavailable hosts.
pub fn backlog(conn: &mut Conn, now: Timestamp) -> Result<Backlog, db::Error> {
    let (depth, oldest): (i64, Option<i64>) = deliveries::table
        .filter(queued())
        .filter(deliveries::due_at.lt(PARKED))
        .select((count_star(), min(deliveries::due_at)))
        .first(conn)?;
    Ok(Backlog {
        depth: u64::try_from(depth).unwrap_or(0),
        oldest: oldest.map_or(Duration::ZERO, |due_at| {
            now.since(Timestamp::from_micros(due_at))
        }),
    })
}

/// Clears away, in the next rows behind `after` (0 at first), what is of no more use: what was delivered more than a
/// day ago and whose activity goes to nobody else, and after thirty days what could not be delivered.
pub fn prune(conn: &mut Conn, now: Timestamp, after: i64) -> Result<Pruned, db::Error> {
    let rows: Vec<(i64, i16, i64, i64, i16)> = deliveries::table
        .inner_join(activities::table)
        .filter(deliveries::id.gt(after))
        .order(deliveries::id)
        .limit(STEP)
        .select((
            deliveries::id,
            deliveries::state,
            deliveries::due_at,
            deliveries::created_at,
            activities::fan_out,
        ))
        .load(conn)?;
    let is_last = i64::try_from(rows.len()).unwrap_or(STEP) < STEP;
    // Rows come in the order of their making: behind the first young one all are.
    let is_old = |row: &(i64, i16, i64, i64, i16)| row.3 < (now - DAY).micros();
    let next = rows
        .last()
        .filter(|row| !is_last && is_old(row))
        .map(|row| row.0);
    let useless: Vec<i64> = rows
        .iter()
        .filter(|(_, state, due_at, created_at, fan_out)| {
            let age = now.since(Timestamp::from_micros(*created_at));
            match (*state, *due_at) {
                (DONE, _) => age > DAY && *fan_out == 0,
                (FAILED, _) | (QUEUED, PARKED) => age > FAILED_KEPT,
                _ => false,
            }
        })
        .map(|row| row.0)
        .collect();
    let removed = if useless.is_empty() {
        0
    } else {
        diesel::delete(deliveries::table.filter(deliveries::id.eq_any(useless))).execute(conn)?
    };
    Ok(Pruned { removed, next })
}

/// How many deliveries have failed for good.
pub fn count_failed(conn: &mut Conn) -> Result<i64, db::Error> {
    Ok(deliveries::table
        .filter(sql::<Bool>("deliveries.state = 2"))
        .count()
        .get_result(conn)?)
}

/// The servers that get nothing at present, or nothing any more.
pub fn ailing(conn: &mut Conn, now: Timestamp) -> Result<Vec<Ailing>, db::Error> {
    let rows: Vec<(String, Option<i64>)> = peers_table::table
        .filter(
            peers_table::unavailable_since
                .is_not_null()
                .or(peers_table::paused_until.gt(now.micros())),
        )
        .order(peers_table::host)
        .select((peers_table::host, peers_table::unavailable_since))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(host, since)| Ailing {
            host,
            unavailable_since: since.map(Timestamp::from_micros),
        })
        .collect())
}
