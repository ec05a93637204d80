//! Logs in the database. One transaction holds leaves, tiles and head.

use std::collections::{BTreeSet, HashMap};

use diesel::prelude::*;

use super::{Checkpointed, Log};
use crate::archive::entries::Place;
use crate::kernel::{AgencyId, LogId, LogKeyId, Timestamp};
use crate::platform::db::schema::{record_keys, record_leaves, record_logs, record_tiles};
use crate::platform::db::{self, Conn, on_either};
use crate::tlog::tree::{ChangedTile, Tiles};
use crate::tlog::{Hash, Head, bundle};

#[derive(Queryable, Selectable)]
#[diesel(table_name = record_logs)]
struct Row {
    id: i64,
    agency_id: i64,
    name: String,
    origin: String,
    size: i64,
    root: Vec<u8>,
    signed_size: i64,
    signed_at: i64,
    signed: String,
    witnessed_size: i64,
    witnessed_at: i64,
    witnessed: String,
    floor: i64,
    doubted_at: Option<i64>,
}

fn unsigned(number: i64, column: &'static str) -> Result<u64, db::Error> {
    u64::try_from(number).map_err(|_| db::Error::Corrupt(column))
}

fn signed(number: u64, column: &'static str) -> Result<i64, db::Error> {
    i64::try_from(number).map_err(|_| db::Error::Corrupt(column))
}

fn checkpointed(size: i64, at: i64, note: String) -> Result<Option<Checkpointed>, db::Error> {
    if note.is_empty() {
        return Ok(None);
    }
    Ok(Some(Checkpointed {
        size: unsigned(size, "record_logs.signed_size")?,
        at: Timestamp::from_micros(at),
        note,
    }))
}

impl TryFrom<Row> for Log {
    type Error = db::Error;

    fn try_from(row: Row) -> Result<Self, db::Error> {
        Ok(Self {
            id: LogId::new(row.id),
            agency: AgencyId::new(row.agency_id),
            name: row.name,
            origin: row.origin,
            head: Head {
                size: unsigned(row.size, "record_logs.size")?,
                root: Hash::from_slice(&row.root).ok_or(db::Error::Corrupt("record_logs.root"))?,
            },
            signed: checkpointed(row.signed_size, row.signed_at, row.signed)?,
            witnessed: checkpointed(row.witnessed_size, row.witnessed_at, row.witnessed)?,
            floor: unsigned(row.floor, "record_logs.floor")?,
            doubted_at: row.doubted_at.map(Timestamp::from_micros),
        })
    }
}

/// Begins a log, unless the agency has one.
pub(in crate::archive) fn begin(
    conn: &mut Conn,
    agency: AgencyId,
    name: &str,
    origin: &str,
) -> Result<Log, db::Error> {
    on_either!(conn => diesel::insert_into(record_logs::table)
        .values((
            record_logs::agency_id.eq(agency.get()),
            record_logs::name.eq(name),
            record_logs::origin.eq(origin),
            record_logs::size.eq(0),
            record_logs::root.eq(Hash::EMPTY_TREE.as_bytes().to_vec()),
            record_logs::signed_size.eq(0),
            record_logs::signed_at.eq(0),
            record_logs::signed.eq(""),
            record_logs::witnessed_size.eq(0),
            record_logs::witnessed_at.eq(0),
            record_logs::witnessed.eq(""),
            record_logs::floor.eq(0),
        ))
        .on_conflict(record_logs::agency_id)
        .do_nothing()
        .execute(conn))?;
    by_agency(conn, agency)?.ok_or(db::Error::Corrupt("record_logs.agency_id"))
}

/// The log of an agency.
pub fn by_agency(conn: &mut Conn, agency: AgencyId) -> Result<Option<Log>, db::Error> {
    let row = record_logs::table
        .filter(record_logs::agency_id.eq(agency.get()))
        .select(Row::as_select())
        .first(conn)
        .optional()?;
    row.map(Log::try_from).transpose()
}

/// The log at `/record/{name}`.
pub fn by_name(conn: &mut Conn, name: &str) -> Result<Option<Log>, db::Error> {
    let row = record_logs::table
        .filter(record_logs::name.eq(name))
        .select(Row::as_select())
        .first(conn)
        .optional()?;
    row.map(Log::try_from).transpose()
}

/// The log that calls itself so.
pub(in crate::archive) fn by_origin(
    conn: &mut Conn,
    origin: &str,
) -> Result<Option<Log>, db::Error> {
    let row = record_logs::table
        .filter(record_logs::origin.eq(origin))
        .select(Row::as_select())
        .first(conn)
        .optional()?;
    row.map(Log::try_from).transpose()
}

pub fn by_id(conn: &mut Conn, id: LogId) -> Result<Option<Log>, db::Error> {
    let row = record_logs::table
        .find(id.get())
        .select(Row::as_select())
        .first(conn)
        .optional()?;
    row.map(Log::try_from).transpose()
}

/// All logs of this server.
pub fn all(conn: &mut Conn) -> Result<Vec<Log>, db::Error> {
    let rows = record_logs::table
        .order(record_logs::id)
        .select(Row::as_select())
        .load(conn)?;
    rows.into_iter().map(Log::try_from).collect()
}

/// Rows that one statement inserts; each database takes far more values.
const AT_ONCE: usize = 200;

/// Appends leaves behind `from`, with the tiles that they change, and moves the head, which must not have moved since.
pub(in crate::archive) fn grow(
    conn: &mut Conn,
    log: LogId,
    from: Head,
    leaves: &[String],
    tiles: &[ChangedTile],
    to: Head,
) -> Result<(), db::Error> {
    for (chunk, start) in leaves.chunks(AT_ONCE).zip((from.size..).step_by(AT_ONCE)) {
        let rows: Vec<_> = chunk
            .iter()
            .zip(start..)
            .map(|(leaf, index)| {
                (
                    record_leaves::place.eq(Place::new(log, index).number()),
                    record_leaves::leaf.eq(leaf.as_str()),
                )
            })
            .collect();
        on_either!(conn => diesel::insert_into(record_leaves::table).values(rows).execute(conn))?;
    }
    for tile in tiles {
        put_tile(conn, log, tile)?;
    }
    let unmoved = record_logs::table
        .filter(record_logs::id.eq(log.get()))
        .filter(record_logs::size.eq(signed(from.size, "record_logs.size")?))
        .filter(record_logs::root.eq(from.root.as_bytes().to_vec()))
        .filter(record_logs::floor.le(record_logs::size));
    let moved = diesel::update(unmoved)
        .set((
            record_logs::size.eq(signed(to.size, "record_logs.size")?),
            record_logs::root.eq(to.root.as_bytes().to_vec()),
        ))
        .execute(conn)?;
    if moved == 1 {
        Ok(())
    } else {
        Err(db::Error::Unavailable(
            "another process has moved the record's head".to_owned(),
        ))
    }
}

fn put_tile(conn: &mut Conn, log: LogId, tile: &ChangedTile) -> Result<(), db::Error> {
    use diesel::upsert::excluded;
    on_either!(conn => diesel::insert_into(record_tiles::table)
        .values((
            record_tiles::log_id.eq(log.get()),
            record_tiles::level.eq(i16::from(tile.level)),
            record_tiles::tile.eq(signed(tile.index, "record_tiles.tile")?),
            record_tiles::hashes.eq(&tile.bytes),
        ))
        .on_conflict((record_tiles::log_id, record_tiles::level, record_tiles::tile))
        .do_update()
        .set(record_tiles::hashes.eq(excluded(record_tiles::hashes)))
        .execute(conn))?;
    Ok(())
}

/// The hashes of a tile, as many as there are.
pub fn hash_tile(
    conn: &mut Conn,
    log: LogId,
    level: u8,
    index: u64,
) -> Result<Option<Vec<u8>>, db::Error> {
    let Ok(index) = i64::try_from(index) else {
        return Ok(None);
    };
    Ok(record_tiles::table
        .find((log.get(), i16::from(level), index))
        .select(record_tiles::hashes)
        .first(conn)
        .optional()?)
}

/// Leaves from `start` on, at most `count`.
pub fn leaves(
    conn: &mut Conn,
    log: LogId,
    start: u64,
    count: u64,
) -> Result<Vec<String>, db::Error> {
    let (first, end) = (
        Place::new(log, start).number(),
        Place::new(log, start.saturating_add(count)).number(),
    );
    Ok(record_leaves::table
        .filter(record_leaves::place.ge(first))
        .filter(record_leaves::place.lt(end))
        .order(record_leaves::place)
        .select(record_leaves::leaf)
        .load(conn)?)
}

/// One leaf.
pub fn leaf(conn: &mut Conn, place: Place) -> Result<Option<String>, db::Error> {
    Ok(record_leaves::table
        .find(place.number())
        .select(record_leaves::leaf)
        .first(conn)
        .optional()?)
}

/// The leaves at several places, by place.
pub fn leaves_at(conn: &mut Conn, places: &[Place]) -> Result<HashMap<Place, String>, db::Error> {
    let numbers: Vec<i64> = places.iter().map(|place| place.number()).collect();
    let rows: Vec<(i64, String)> = record_leaves::table
        .filter(record_leaves::place.eq_any(numbers))
        .select((record_leaves::place, record_leaves::leaf))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(number, leaf)| (Place::from_number(number), leaf))
        .collect())
}

/// The names of several logs, and how large the newest tree is that each has signed.
pub fn names(conn: &mut Conn, logs: &[LogId]) -> Result<HashMap<LogId, (String, u64)>, db::Error> {
    let numbers: Vec<i64> = logs.iter().map(|log| log.get()).collect();
    let rows: Vec<(i64, String, i64)> = record_logs::table
        .filter(record_logs::id.eq_any(numbers))
        .select((record_logs::id, record_logs::name, record_logs::signed_size))
        .load(conn)?;
    rows.into_iter()
        .map(|(id, name, size)| {
            let size = unsigned(size, "record_logs.signed_size")?;
            Ok((LogId::new(id), (name, size)))
        })
        .collect()
}

/// The entries of the n-th entries tile, the first `width` of its 256, as it is served; `None` unless all are there.
pub fn entries_tile(
    conn: &mut Conn,
    log: LogId,
    index: u64,
    width: u16,
) -> Result<Option<Vec<u8>>, db::Error> {
    let leaves = leaves(conn, log, index.saturating_mul(256), u64::from(width))?;
    if leaves.len() != usize::from(width) {
        return Ok(None);
    }
    bundle::encode(leaves.iter().map(String::as_bytes))
        .map(Some)
        .map_err(|_| db::Error::Corrupt("record_leaves.leaf"))
}

/// Reads a log's tiles for proofs.
pub struct Reader<'a> {
    conn: &'a mut Conn,
    log: LogId,
}

impl std::fmt::Debug for Reader<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reader")
            .field("log", &self.log)
            .finish_non_exhaustive()
    }
}

impl<'a> Reader<'a> {
    pub const fn new(conn: &'a mut Conn, log: LogId) -> Self {
        Self { conn, log }
    }
}

impl Tiles for Reader<'_> {
    type Error = db::Error;

    fn tile(&mut self, level: u8, index: u64, _width: u16) -> Result<Vec<u8>, db::Error> {
        hash_tile(self.conn, self.log, level, index)?
            .ok_or(db::Error::Corrupt("record_tiles: a tile is missing"))
    }
}

/// Keeps a signed checkpoint, unless a later one stands; the tree that it is of must be there.
pub(in crate::archive) fn put_signed(
    conn: &mut Conn,
    log: LogId,
    new: &Checkpointed,
) -> Result<bool, db::Error> {
    let size = signed(new.size, "record_logs.signed_size")?;
    let older = record_logs::table
        .filter(record_logs::id.eq(log.get()))
        .filter(record_logs::signed_size.le(size))
        .filter(record_logs::size.ge(size))
        .filter(record_logs::floor.le(size));
    Ok(diesel::update(older)
        .set((
            record_logs::signed_size.eq(size),
            record_logs::signed_at.eq(new.at.micros()),
            record_logs::signed.eq(&new.note),
        ))
        .execute(conn)?
        == 1)
}

/// Keeps a checkpoint that enough witnesses have cosigned, unless a later one stands.
pub(in crate::archive) fn put_witnessed(
    conn: &mut Conn,
    log: LogId,
    new: &Checkpointed,
) -> Result<bool, db::Error> {
    let size = signed(new.size, "record_logs.witnessed_size")?;
    let older = record_logs::table
        .filter(record_logs::id.eq(log.get()))
        .filter(record_logs::witnessed_size.le(size));
    Ok(diesel::update(older)
        .set((
            record_logs::witnessed_size.eq(size),
            record_logs::witnessed_at.eq(new.at.micros()),
            record_logs::witnessed.eq(&new.note),
        ))
        .execute(conn)?
        == 1)
}

/// Nothing is signed below `size` from now on.
pub(in crate::archive) fn raise_floor(
    conn: &mut Conn,
    log: LogId,
    size: u64,
) -> Result<(), db::Error> {
    let size = signed(size, "record_logs.floor")?;
    let lower = record_logs::table
        .filter(record_logs::id.eq(log.get()))
        .filter(record_logs::floor.lt(size));
    diesel::update(lower)
        .set(record_logs::floor.eq(size))
        .execute(conn)?;
    Ok(())
}

/// Has a log go on whatever was seen elsewhere, without doubt about the database.
pub(in crate::archive) fn lower_floor(conn: &mut Conn, log: LogId) -> Result<(), db::Error> {
    diesel::update(record_logs::table.find(log.get()))
        .set((
            record_logs::floor.eq(0),
            record_logs::doubted_at.eq(None::<i64>),
        ))
        .execute(conn)?;
    Ok(())
}

/// Notes that the database may be older than what was signed.
pub(in crate::archive) fn doubt(
    conn: &mut Conn,
    log: LogId,
    now: Timestamp,
) -> Result<(), db::Error> {
    diesel::update(record_logs::table.find(log.get()))
        .set(record_logs::doubted_at.eq(now.micros()))
        .execute(conn)?;
    Ok(())
}

/// The agencies of whose logs more was seen elsewhere than is here.
pub(in crate::archive) fn stopped(conn: &mut Conn) -> Result<BTreeSet<AgencyId>, db::Error> {
    let agencies: Vec<i64> = record_logs::table
        .filter(record_logs::floor.gt(record_logs::size))
        .select(record_logs::agency_id)
        .load(conn)?;
    Ok(agencies.into_iter().map(AgencyId::new).collect())
}

/// The largest tree that each log has signed or was refused below, by its origin.
pub fn signed_sizes(conn: &mut Conn) -> Result<Vec<(String, u64)>, db::Error> {
    Ok(all(conn)?
        .into_iter()
        .map(|log| {
            let signed = log.signed.map_or(0, |signed| signed.size);
            (log.origin, signed.max(log.floor))
        })
        .collect())
}

/// Nothing is signed below what was signed before a restoration.
pub fn raise_floors(conn: &mut Conn, sizes: &[(String, u64)]) -> Result<(), db::Error> {
    for (origin, size) in sizes {
        if let Some(log) = by_origin(conn, origin)? {
            raise_floor(conn, log.id, *size)?;
        }
    }
    Ok(())
}

/// A key as stored.
#[derive(Debug, Clone)]
pub(in crate::archive) struct StoredKey {
    pub(in crate::archive) vkey: String,
    /// None if it is kept in a file.
    pub(in crate::archive) private: Option<crate::kernel::Secret<String>>,
    pub(in crate::archive) retired_at: Option<Timestamp>,
}

/// All keys that a log ever had, the newest first.
pub(in crate::archive) fn keys(conn: &mut Conn, log: LogId) -> Result<Vec<StoredKey>, db::Error> {
    type KeyRow = (String, Option<String>, Option<i64>);
    let rows: Vec<KeyRow> = record_keys::table
        .filter(record_keys::log_id.eq(log.get()))
        .order(record_keys::id.desc())
        .select((
            record_keys::vkey,
            record_keys::private,
            record_keys::retired_at,
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(vkey, private, retired_at)| StoredKey {
            vkey,
            private: private.map(crate::kernel::Secret::new),
            retired_at: retired_at.map(Timestamp::from_micros),
        })
        .collect())
}

/// The key of that number, and its log.
pub(in crate::archive) fn vkey_of(
    conn: &mut Conn,
    key: LogKeyId,
) -> Result<Option<String>, db::Error> {
    Ok(record_keys::table
        .find(key.get())
        .select(record_keys::vkey)
        .first(conn)
        .optional()?)
}

/// Adds a key; those before it retire.
pub(in crate::archive) fn add_key(
    conn: &mut Conn,
    now: Timestamp,
    log: LogId,
    vkey: &str,
    private: Option<&str>,
) -> Result<LogKeyId, db::Error> {
    let current = record_keys::table
        .filter(record_keys::log_id.eq(log.get()))
        .filter(record_keys::retired_at.is_null());
    diesel::update(current)
        .set(record_keys::retired_at.eq(now.micros()))
        .execute(conn)?;
    let id: i64 = on_either!(conn => diesel::insert_into(record_keys::table)
        .values((
            record_keys::log_id.eq(log.get()),
            record_keys::vkey.eq(vkey),
            record_keys::private.eq(private),
            record_keys::created_at.eq(now.micros()),
        ))
        .returning(record_keys::id)
        .get_result(conn))?;
    Ok(LogKeyId::new(id))
}
