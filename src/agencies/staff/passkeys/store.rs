//! Passkeys in the database.

use diesel::prelude::*;

use super::answer::New;
use super::{Passkey, transports};
use crate::kernel::{PasskeyId, PersonId, Timestamp};
use crate::platform::db::schema::{staff_passkeys, staff_steps};
use crate::platform::db::{self, Conn};

/// A passkey with what its answers are checked against.
pub(super) struct Kept {
    pub(super) id: PasskeyId,
    pub(super) person: PersonId,
    pub(super) user_handle: Vec<u8>,
    pub(super) key: Vec<u8>,
    pub(super) counter: u32,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = staff_passkeys)]
struct Row {
    id: i64,
    name: String,
    created_at: i64,
    used_at: Option<i64>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = staff_passkeys)]
struct KeptRow {
    id: i64,
    person_id: i64,
    user_handle: Vec<u8>,
    public_key: Vec<u8>,
    counter: Vec<u8>,
}

/// The passkeys of somebody, the oldest first.
pub(super) fn of_person(conn: &mut Conn, person: PersonId) -> Result<Vec<Passkey>, db::Error> {
    let rows: Vec<Row> = staff_passkeys::table
        .filter(staff_passkeys::person_id.eq(person.get()))
        .order(staff_passkeys::id)
        .select(Row::as_select())
        .load(conn)?;
    let passkeys = rows.into_iter().map(|row| Passkey {
        id: PasskeyId::new(row.id),
        name: row.name,
        created_at: Timestamp::from_micros(row.created_at),
        used_at: row.used_at.map(Timestamp::from_micros),
    });
    Ok(passkeys.collect())
}

pub(in crate::agencies::staff) fn count(
    conn: &mut Conn,
    person: PersonId,
) -> Result<usize, db::Error> {
    let count: i64 = staff_passkeys::table
        .filter(staff_passkeys::person_id.eq(person.get()))
        .count()
        .get_result(conn)?;
    Ok(usize::try_from(count).unwrap_or(0))
}

/// By what a browser finds those of somebody: their ids, and how they are reached.
pub(super) fn descriptors(
    conn: &mut Conn,
    person: PersonId,
) -> Result<Vec<(Vec<u8>, i64)>, db::Error> {
    Ok(staff_passkeys::table
        .filter(staff_passkeys::person_id.eq(person.get()))
        .order(staff_passkeys::id)
        .select((staff_passkeys::credential, staff_passkeys::transports))
        .load(conn)?)
}

/// By what the authenticators know somebody, if any does.
pub(super) fn user_handle(conn: &mut Conn, person: PersonId) -> Result<Option<Vec<u8>>, db::Error> {
    Ok(staff_passkeys::table
        .filter(staff_passkeys::person_id.eq(person.get()))
        .order(staff_passkeys::id)
        .select(staff_passkeys::user_handle)
        .first(conn)
        .optional()?)
}

pub(super) fn by_credential(conn: &mut Conn, id: &[u8]) -> Result<Option<Kept>, db::Error> {
    let row: Option<KeptRow> = staff_passkeys::table
        .filter(staff_passkeys::credential.eq(id))
        .select(KeptRow::as_select())
        .first(conn)
        .optional()?;
    row.map(|row| {
        let counter = <[u8; 4]>::try_from(row.counter.as_slice())
            .map_err(|_| db::Error::Corrupt("staff_passkeys.counter"))?;
        Ok(Kept {
            id: PasskeyId::new(row.id),
            person: PersonId::new(row.person_id),
            user_handle: row.user_handle,
            key: row.public_key,
            counter: u32::from_be_bytes(counter),
        })
    })
    .transpose()
}

pub(super) fn insert(
    conn: &mut Conn,
    now: Timestamp,
    person: PersonId,
    user_handle: &[u8],
    new: &New,
    name: &str,
) -> Result<(), db::Error> {
    diesel::insert_into(staff_passkeys::table)
        .values((
            staff_passkeys::person_id.eq(person.get()),
            staff_passkeys::credential.eq(&new.id),
            staff_passkeys::user_handle.eq(user_handle),
            staff_passkeys::transports.eq(transports::bits(&new.transports)),
            staff_passkeys::public_key.eq(&new.key),
            staff_passkeys::counter.eq(new.counter.to_be_bytes().as_slice()),
            staff_passkeys::name.eq(name),
            staff_passkeys::created_at.eq(now.micros()),
        ))
        .execute(conn)?;
    Ok(())
}

/// Notes that one was used; `false` if it was used at the same time elsewhere.
pub(super) fn used(
    conn: &mut Conn,
    kept: &Kept,
    counter: u32,
    now: Timestamp,
) -> Result<bool, db::Error> {
    let before = kept.counter.to_be_bytes();
    let unchanged = staff_passkeys::table
        .find(kept.id.get())
        .filter(staff_passkeys::counter.eq(before.as_slice()));
    let noted = diesel::update(unchanged)
        .set((
            staff_passkeys::counter.eq(counter.to_be_bytes().as_slice()),
            staff_passkeys::used_at.eq(now.micros()),
        ))
        .execute(conn)?;
    Ok(noted > 0)
}

pub(super) fn remove(conn: &mut Conn, person: PersonId, id: PasskeyId) -> Result<bool, db::Error> {
    let own = staff_passkeys::table
        .find(id.get())
        .filter(staff_passkeys::person_id.eq(person.get()));
    Ok(diesel::delete(own).execute(conn)? > 0)
}

/// Forgets all passkeys of somebody.
pub(in crate::agencies::staff) fn forget(
    conn: &mut Conn,
    person: PersonId,
) -> Result<(), db::Error> {
    diesel::delete(staff_passkeys::table.filter(staff_passkeys::person_id.eq(person.get())))
        .execute(conn)?;
    Ok(())
}

/// Keeps no more than `most` steps of a kind: those go that would end first.
pub(in crate::agencies::staff) fn keep_steps_few(
    conn: &mut Conn,
    kind: &str,
    most: i64,
) -> Result<(), db::Error> {
    let latest: Option<i64> = staff_steps::table
        .filter(staff_steps::kind.eq(kind))
        .order(staff_steps::expires_at.desc())
        .offset(most)
        .select(staff_steps::expires_at)
        .first(conn)
        .optional()?;
    if let Some(latest) = latest {
        let old = staff_steps::table
            .filter(staff_steps::kind.eq(kind))
            .filter(staff_steps::expires_at.le(latest));
        diesel::delete(old).execute(conn)?;
    }
    Ok(())
}
