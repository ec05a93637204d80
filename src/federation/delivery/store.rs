//! Deliveries in the database: written, leased to a sender, settled.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use super::knock::Knock;
use super::letter::{Letter, Letters};
use super::peers::{self, Peer};
use super::verdict::Health;
use crate::kernel::{ActivityId, AgencyId, Timestamp};
use crate::platform::db::schema::{activities, deliveries};
use crate::platform::db::{self, Conn, on_either};

pub(super) const QUEUED: i16 = 0;
pub(super) const DONE: i16 = 1;
pub(super) const FAILED: i16 = 2;

/// The `due_at` of what waits until its host is heard from.
pub(super) const PARKED: i64 = i64::MAX;

/// Rows written in one statement.
const CHUNK: usize = 500;
/// Rows looked at in one step of a claim, and how many steps it may take to see past hosts that are full.
const LOOK: i64 = 500;
const STEPS: usize = 8;
/// How long a delivery to a host that has just failed is put off when enough others of the kind are on their way.
const PUT_OFF: Duration = Duration::from_secs(2);

/// In words that no parameter hides: only so can a database use the index of what is queued.
pub(super) fn queued() -> diesel::expression::SqlLiteral<Bool> {
    sql("deliveries.state = 0")
}

/// Queues an activity for (host, inbox), from some time on; an inbox that has it already is left alone.
pub fn insert(
    conn: &mut Conn,
    from: Timestamp,
    activity: ActivityId,
    recipients: &[(String, String)],
) -> Result<(), db::Error> {
    for chunk in recipients.chunks(CHUNK) {
        let rows: Vec<_> = chunk
            .iter()
            .map(|(host, inbox)| {
                (
                    deliveries::activity_id.eq(activity.get()),
                    deliveries::inbox.eq(inbox),
                    deliveries::host.eq(host),
                    deliveries::state.eq(QUEUED),
                    deliveries::attempts.eq(0),
                    deliveries::due_at.eq(from.micros()),
                    deliveries::created_at.eq(from.micros()),
                )
            })
            .collect();
        on_either!(conn => diesel::insert_into(deliveries::table)
            .values(&rows)
            .on_conflict_do_nothing()
            .execute(conn))?;
    }
    Ok(())
}

/// What a sender can take.
#[derive(Debug)]
pub(super) struct Room {
    pub(super) now: Timestamp,
    /// Until when nobody else takes what is claimed.
    pub(super) lease_until: Timestamp,
    pub(super) total: usize,
    pub(super) per_host: usize,
    /// How many of them may be for hosts that have just failed.
    pub(super) doubtful: usize,
    /// What the sender holds already, by host.
    pub(super) held: HashMap<Arc<str>, usize>,
    /// Hosts that were crowded at the last claim and still are.
    pub(super) crowded: HashSet<Arc<str>>,
}

/// A delivery that is ours until the lease ends.
#[derive(Debug)]
pub(super) struct Leased {
    pub(super) id: i64,
    pub(super) host: Arc<str>,
    pub(super) inbox: String,
    pub(super) attempts: i32,
    pub(super) letter: Arc<Letter>,
    pub(super) dialect: Option<Knock>,
    /// Whether the host has failed since its last success.
    pub(super) doubtful: bool,
}

#[derive(Debug, Default)]
pub(super) struct Claimed {
    pub(super) leased: Vec<Leased>,
    /// Whether more is due than there was room for.
    pub(super) more: bool,
    /// The hosts for which more is due than they may get at once.
    pub(super) crowded: HashSet<Arc<str>>,
}

type DueRow = (i64, i64, String, String, i32);

/// Leases what is due, as far as there is room for it.
///
/// Deliveries to hosts that are paused or unavailable are put off where they are met, so that they do not stand
/// in front of the others again and again. An attempt counts when it has been made, not here.
pub(super) fn claim(
    conn: &mut Conn,
    letters: &Letters,
    mut room: Room,
) -> Result<Claimed, db::Error> {
    let mut claimed = Claimed {
        crowded: std::mem::take(&mut room.crowded),
        ..Claimed::default()
    };
    let mut known: HashMap<String, Option<Peer>> = HashMap::new();
    for _ in 0..STEPS {
        let rows = due(conn, room.now, &claimed.crowded)?;
        let is_last = i64::try_from(rows.len()).unwrap_or(LOOK) < LOOK;
        meet(conn, &mut known, &rows)?;
        let mut taken = vec![];
        // Only rows that are locked here: another process may be claiming others of the same host.
        let mut later: HashMap<i64, Vec<i64>> = HashMap::new();
        for (id, activity, inbox, host, attempts) in rows {
            let host: Arc<str> = host.into();
            let peer = known.get(&*host).and_then(Option::as_ref);
            if let Some(until) = peer.and_then(|peer| wait_of(peer, room.now)) {
                later.entry(until).or_default().push(id);
                continue;
            }
            let doubtful = peer.is_some_and(|peer| peer.failures > 0);
            let allowance = peer.map_or(room.per_host, |peer| peer.allowance(room.per_host));
            let held = room.held.entry(host.clone()).or_default();
            if *held >= allowance {
                claimed.crowded.insert(host);
            } else if doubtful && room.doubtful == 0 {
                later
                    .entry((room.now + PUT_OFF).micros())
                    .or_default()
                    .push(id);
            } else if room.total == 0 {
                claimed.more = true;
            } else {
                *held += 1;
                room.total -= 1;
                room.doubtful -= usize::from(doubtful);
                let dialect = peer.and_then(|peer| peer.dialect);
                taken.push((id, activity, inbox, host, attempts, dialect, doubtful));
            }
        }
        for (until, ids) in later {
            set_due(conn, &ids, until)?;
        }
        let ids: Vec<i64> = taken.iter().map(|row| row.0).collect();
        set_due(conn, &ids, room.lease_until.micros())?;
        let found = letters_of(conn, letters, taken.iter().map(|row| row.1))?;
        for (id, activity, inbox, host, attempts, dialect, doubtful) in taken {
            let letter = found
                .get(&activity)
                .cloned()
                .ok_or(db::Error::Corrupt("deliveries.activity_id"))?;
            claimed.leased.push(Leased {
                id,
                host,
                inbox,
                attempts,
                letter,
                dialect,
                doubtful,
            });
        }
        if is_last || claimed.more {
            return Ok(claimed);
        }
    }
    claimed.more = true;
    Ok(claimed)
}

fn due(
    conn: &mut Conn,
    now: Timestamp,
    except: &HashSet<Arc<str>>,
) -> Result<Vec<DueRow>, db::Error> {
    let except: Vec<&str> = except.iter().map(|host| &**host).collect();
    let query = deliveries::table
        .filter(queued())
        .filter(deliveries::due_at.le(now.micros()))
        .filter(deliveries::host.ne_all(except))
        .order((deliveries::due_at, deliveries::id))
        .limit(LOOK)
        .select((
            deliveries::id,
            deliveries::activity_id,
            deliveries::inbox,
            deliveries::host,
            deliveries::attempts,
        ));
    Ok(match conn {
        Conn::Postgres(conn) => query.for_update().skip_locked().load(conn)?,
        Conn::Sqlite(conn) => query.load(conn)?,
    })
}

/// Looks up the hosts of these rows that were not met before.
fn meet(
    conn: &mut Conn,
    known: &mut HashMap<String, Option<Peer>>,
    rows: &[DueRow],
) -> Result<(), db::Error> {
    let new: HashSet<&str> = rows
        .iter()
        .map(|row| row.3.as_str())
        .filter(|host| !known.contains_key(*host))
        .collect();
    if new.is_empty() {
        return Ok(());
    }
    let new: Vec<&str> = new.into_iter().collect();
    let mut found = peers::store::look(conn, &new)?;
    known.extend(
        new.into_iter()
            .map(|host| (host.to_owned(), found.remove(host))),
    );
    Ok(())
}

/// When what is due for this host should come up again, if not now.
fn wait_of(peer: &Peer, now: Timestamp) -> Option<i64> {
    if peer.unavailable_since.is_some() {
        Some(PARKED)
    } else {
        peer.pause(now).map(Timestamp::micros)
    }
}

fn put_off_host(conn: &mut Conn, now: Timestamp, host: &str, until: i64) -> Result<(), db::Error> {
    // What is leased is due later than now, and not touched.
    diesel::update(
        deliveries::table
            .filter(queued())
            .filter(deliveries::host.eq(host))
            .filter(deliveries::due_at.le(now.micros())),
    )
    .set(deliveries::due_at.eq(until))
    .execute(conn)?;
    Ok(())
}

fn set_due(conn: &mut Conn, ids: &[i64], due_at: i64) -> Result<(), db::Error> {
    if !ids.is_empty() {
        diesel::update(
            deliveries::table
                .filter(deliveries::id.eq_any(ids))
                .filter(queued()),
        )
        .set(deliveries::due_at.eq(due_at))
        .execute(conn)?;
    }
    Ok(())
}

/// The activities of these ids, from memory as far as they are there.
fn letters_of(
    conn: &mut Conn,
    letters: &Letters,
    ids: impl Iterator<Item = i64>,
) -> Result<HashMap<i64, Arc<Letter>>, db::Error> {
    let mut found = HashMap::new();
    let mut missing = HashSet::new();
    for id in ids {
        if found.contains_key(&id) || missing.contains(&id) {
            continue;
        }
        match letters.get(id) {
            Some(letter) => drop(found.insert(id, letter)),
            None => drop(missing.insert(id)),
        }
    }
    if missing.is_empty() {
        return Ok(found);
    }
    let rows: Vec<(i64, i64, String, Vec<u8>)> = activities::table
        .filter(activities::id.eq_any(missing))
        .select((
            activities::id,
            activities::agency_id,
            activities::kind,
            activities::body,
        ))
        .load(conn)?;
    for (id, agency, kind, body) in rows {
        let letter = Arc::new(Letter::new(AgencyId::new(agency), kind, body));
        letters.keep(id, &letter);
        found.insert(id, letter);
    }
    Ok(found)
}

/// How an attempt ended.
#[derive(Debug, Clone)]
pub(super) struct Settled {
    pub(super) id: i64,
    pub(super) host: Arc<str>,
    pub(super) next: Next,
    pub(super) status: Option<u16>,
    pub(super) reason: Option<String>,
    pub(super) health: Health,
    pub(super) learned: Option<Knock>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    Done,
    Again(Timestamp),
    Failed,
}

/// Writes down how attempts ended, and what they say about the hosts. Returns the hosts that now get nothing.
pub(super) fn settle(
    conn: &mut Conn,
    now: Timestamp,
    settled: &[Settled],
) -> Result<Vec<Arc<str>>, db::Error> {
    let mut done: HashMap<Option<u16>, Vec<i64>> = HashMap::new();
    for it in settled {
        let (state, due_at) = match it.next {
            Next::Done => {
                done.entry(it.status).or_default().push(it.id);
                continue;
            }
            Next::Again(at) => (QUEUED, at.micros()),
            Next::Failed => (FAILED, now.micros()),
        };
        // What was done elsewhere meanwhile stays done.
        diesel::update(
            deliveries::table
                .filter(deliveries::id.eq(it.id))
                .filter(queued()),
        )
        .set((
            deliveries::state.eq(state),
            deliveries::attempts.eq(deliveries::attempts + 1),
            deliveries::due_at.eq(due_at),
            deliveries::last_status.eq(it.status.map(i32::from)),
            deliveries::last_error.eq(it.reason.as_deref()),
        ))
        .execute(conn)?;
    }
    for (status, ids) in done {
        diesel::update(deliveries::table.filter(deliveries::id.eq_any(ids)))
            .set((
                deliveries::state.eq(DONE),
                deliveries::attempts.eq(deliveries::attempts + 1),
                deliveries::last_status.eq(status.map(i32::from)),
                deliveries::last_error.eq(None::<String>),
            ))
            .execute(conn)?;
    }
    note_peers(conn, now, settled)
}

fn note_peers(
    conn: &mut Conn,
    now: Timestamp,
    settled: &[Settled],
) -> Result<Vec<Arc<str>>, db::Error> {
    let mut hosts: Vec<&str> = settled.iter().map(|it| &*it.host).collect();
    hosts.sort_unstable();
    hosts.dedup();
    let mut known = peers::store::of(conn, &hosts)?;
    // In the order of the hosts, so that two processes do not wait for each other.
    let mut changed: BTreeMap<Arc<str>, Peer> = BTreeMap::new();
    for it in settled {
        let before = changed
            .get(&it.host)
            .or_else(|| known.get(&*it.host))
            .cloned()
            .unwrap_or_default();
        let mut peer = before.clone();
        peer.note(it.health, now);
        peer.dialect = it.learned.or(peer.dialect);
        if peer != before {
            known.remove(&*it.host);
            changed.insert(it.host.clone(), peer);
        }
    }
    let mut closed = vec![];
    for (host, peer) in changed {
        peers::store::put(conn, &host, &peer)?;
        if let Some(until) = wait_of(&peer, now) {
            put_off_host(conn, now, &host, until)?;
            closed.push(host);
        }
    }
    Ok(closed)
}

/// Gives back what was leased and not tried: due at once, unless its host gets nothing now.
pub(super) fn give_back(conn: &mut Conn, now: Timestamp, ids: &[i64]) -> Result<(), db::Error> {
    set_due(conn, ids, now.micros())
}

/// Makes due what a sender held that was killed. On SQLite only, where there is one sender: on PostgreSQL another may
/// hold it, and the lease runs out by itself.
pub(super) fn release_leases(
    conn: &mut Conn,
    now: Timestamp,
    lease: Duration,
) -> Result<(), db::Error> {
    if matches!(conn, Conn::Sqlite(_)) {
        // Among these are some that wait for another try anyhow, which then comes a little early.
        diesel::update(
            deliveries::table
                .filter(queued())
                .filter(deliveries::due_at.gt(now.micros()))
                .filter(deliveries::due_at.le((now + lease).micros()))
                // What is not to begin yet was held by nobody.
                .filter(deliveries::created_at.le(now.micros())),
        )
        .set(deliveries::due_at.eq(now.micros()))
        .execute(conn)?;
    }
    Ok(())
}

/// Takes back what is not delivered yet of activities that do not say anything any more.
pub fn withdraw(conn: &mut Conn, activities: &[i64]) -> Result<(), db::Error> {
    let waiting = deliveries::table
        .filter(deliveries::activity_id.eq_any(activities))
        .filter(deliveries::state.ne(DONE));
    diesel::delete(waiting).execute(conn)?;
    Ok(())
}

/// The deliveries to an inbox that is somebody's own. It looks through all deliveries.
pub fn to_inbox(conn: &mut Conn, inbox: &str) -> Result<Vec<i64>, db::Error> {
    Ok(deliveries::table
        .filter(deliveries::inbox.eq(inbox))
        .select(deliveries::id)
        .load(conn)?)
}

/// Drops deliveries, made or not.
pub fn forget(conn: &mut Conn, ids: &[i64]) -> Result<(), db::Error> {
    for ids in ids.chunks(CHUNK) {
        diesel::delete(deliveries::table.filter(deliveries::id.eq_any(ids))).execute(conn)?;
    }
    Ok(())
}
