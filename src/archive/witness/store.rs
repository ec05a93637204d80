//! What this server saw as a witness, in the database, and its key.

use diesel::prelude::*;
use diesel::upsert::excluded;

use super::{Evidence, Kept, Reason};
use crate::kernel::{Secret, Timestamp};
use crate::platform::db::schema::{settings, witness_evidence, witness_heads};
use crate::platform::db::{self, Conn, on_either};
use crate::tlog::{Hash, Head};

/// Pieces of evidence that are kept of one log for one reason.
const MOST_EVIDENCE: usize = 16;

fn stored_size(size: u64) -> Result<i64, db::Error> {
    i64::try_from(size).map_err(|_| db::Error::Corrupt("witness_heads.size"))
}

type HeadRow = (String, i64, Vec<u8>, String, i64);

fn kept((origin, size, root, checkpoint, at): HeadRow) -> Result<Kept, db::Error> {
    Ok(Kept {
        origin,
        head: Head {
            size: u64::try_from(size).map_err(|_| db::Error::Corrupt("witness_heads.size"))?,
            root: Hash::from_slice(&root).ok_or(db::Error::Corrupt("witness_heads.root"))?,
        },
        checkpoint,
        at: Timestamp::from_micros(at),
    })
}

/// The largest consistent tree that was seen of a log.
pub fn head(conn: &mut Conn, origin: &str) -> Result<Option<Kept>, db::Error> {
    let row: Option<HeadRow> = witness_heads::table
        .find(origin)
        .select(witness_heads::all_columns)
        .first(conn)
        .optional()?;
    row.map(kept).transpose()
}

/// The same of every log.
pub fn heads(conn: &mut Conn) -> Result<Vec<Kept>, db::Error> {
    let rows: Vec<HeadRow> = witness_heads::table
        .order(witness_heads::origin)
        .select(witness_heads::all_columns)
        .load(conn)?;
    rows.into_iter().map(kept).collect()
}

/// Puts `new` in the place of `known`, if that is what stands there: comparing and keeping are one statement, so that
/// of several who try at a time, in this process or in another, one succeeds.
pub(super) fn replace(
    conn: &mut Conn,
    known: Option<&Head>,
    new: &Kept,
) -> Result<bool, db::Error> {
    let values = (
        witness_heads::size.eq(stored_size(new.head.size)?),
        witness_heads::root.eq(new.head.root.as_bytes().to_vec()),
        witness_heads::checkpoint.eq(&new.checkpoint),
        witness_heads::at.eq(new.at.micros()),
    );
    let changed = match known {
        Some(known) => {
            let unmoved = witness_heads::table
                .find(&new.origin)
                .filter(witness_heads::size.eq(stored_size(known.size)?))
                .filter(witness_heads::root.eq(known.root.as_bytes().to_vec()));
            diesel::update(unmoved).set(values).execute(conn)?
        }
        None => on_either!(conn => diesel::insert_into(witness_heads::table)
            .values((witness_heads::origin.eq(&new.origin), values))
            .on_conflict_do_nothing()
            .execute(conn))?,
    };
    Ok(changed == 1)
}

/// Keeps a head that was seen elsewhere, unless one as large is known.
pub(super) fn keep_greater(conn: &mut Conn, seen: &Kept) -> Result<(), db::Error> {
    let known = head(conn, &seen.origin)?;
    if known
        .as_ref()
        .is_none_or(|known| known.head.size < seen.head.size)
    {
        replace(conn, known.map(|known| known.head).as_ref(), seen)?;
    }
    Ok(())
}

type EvidenceRow = (i64, String, String, i64, String, i64);

fn evidence((id, origin, reason, known, request, at): EvidenceRow) -> Result<Evidence, db::Error> {
    Ok(Evidence {
        id,
        origin,
        reason: Reason::of_word(&reason).ok_or(db::Error::Corrupt("witness_evidence.reason"))?,
        known_size: u64::try_from(known)
            .map_err(|_| db::Error::Corrupt("witness_evidence.known_size"))?,
        request,
        at: Timestamp::from_micros(at),
    })
}

/// All refused heads, the newest first.
pub fn all_evidence(conn: &mut Conn) -> Result<Vec<Evidence>, db::Error> {
    let rows: Vec<EvidenceRow> = witness_evidence::table
        .order(witness_evidence::id.desc())
        .select(witness_evidence::all_columns)
        .load(conn)?;
    rows.into_iter().map(evidence).collect()
}

/// One refused head.
pub fn one_evidence(conn: &mut Conn, id: i64) -> Result<Option<Evidence>, db::Error> {
    let row: Option<EvidenceRow> = witness_evidence::table
        .find(id)
        .select(witness_evidence::all_columns)
        .first(conn)
        .optional()?;
    row.map(evidence).transpose()
}

/// Keeps a refused head once. Of forks the first are kept, since one is proof enough; of the rest the latest.
pub(super) fn add_evidence(conn: &mut Conn, new: &Evidence) -> Result<bool, db::Error> {
    let known: Vec<(i64, String)> = witness_evidence::table
        .filter(witness_evidence::origin.eq(&new.origin))
        .filter(witness_evidence::reason.eq(new.reason.word()))
        .order(witness_evidence::id)
        .select((witness_evidence::id, witness_evidence::request))
        .load(conn)?;
    let note = |request: &str| request.split_once("\n\n").map(|(_, note)| note.to_owned());
    let again = known
        .iter()
        .any(|(_, request)| note(request) == note(&new.request));
    if again || (new.reason == Reason::Fork && known.len() >= MOST_EVIDENCE) {
        return Ok(false);
    }
    let too_many = (known.len() + 1).saturating_sub(MOST_EVIDENCE);
    let oldest: Vec<i64> = known.iter().take(too_many).map(|(id, _)| *id).collect();
    diesel::delete(witness_evidence::table.filter(witness_evidence::id.eq_any(oldest)))
        .execute(conn)?;
    on_either!(conn => diesel::insert_into(witness_evidence::table)
        .values((
            witness_evidence::origin.eq(&new.origin),
            witness_evidence::reason.eq(new.reason.word()),
            witness_evidence::known_size.eq(stored_size(new.known_size)?),
            witness_evidence::request.eq(&new.request),
            witness_evidence::at.eq(new.at.micros()),
        ))
        .execute(conn))?;
    Ok(true)
}

const VKEY: &str = "witness.vkey";
const PRIVATE: &str = "witness.private";

/// The witness's public key, and the private one unless that is in a file.
pub(super) fn key(conn: &mut Conn) -> Result<Option<(String, Option<Secret<String>>)>, db::Error> {
    let mut value = |name: &str| -> Result<Option<String>, db::Error> {
        Ok(settings::table
            .find(name)
            .select(settings::value)
            .first(conn)
            .optional()?)
    };
    let (vkey, private) = (value(VKEY)?, value(PRIVATE)?);
    Ok(vkey.map(|vkey| (vkey, private.map(Secret::new))))
}

pub(super) fn put_key(conn: &mut Conn, vkey: &str, private: Option<&str>) -> Result<(), db::Error> {
    diesel::delete(settings::table.find(PRIVATE)).execute(conn)?;
    let values = [(VKEY, Some(vkey)), (PRIVATE, private)];
    for (name, value) in values {
        let Some(value) = value else { continue };
        on_either!(conn => diesel::insert_into(settings::table)
            .values((settings::name.eq(name), settings::value.eq(value)))
            .on_conflict(settings::name)
            .do_update()
            .set(settings::value.eq(excluded(settings::value)))
            .execute(conn))?;
    }
    Ok(())
}
