//! Sessions, devices, what is half done and passwords in the database.

use diesel::prelude::*;

use super::{DEVICE, IDLE, LONGEST, Session};
use crate::agencies::staff::Person;
use crate::agencies::staff::password::Hash;
use crate::agencies::staff::store::Row as PersonRow;
use crate::kernel::{Clock, PersonId, SessionId, Timestamp};
use crate::platform::db::schema::{people, staff_devices, staff_sessions, staff_steps};
use crate::platform::db::{self, Conn, on_either};

#[derive(Queryable, Selectable)]
#[diesel(table_name = staff_sessions)]
struct Row {
    id: i64,
    person_id: i64,
    browser: String,
    begun_at: i64,
    seen_at: i64,
    proven_at: i64,
    ends_at: Option<i64>,
}

impl From<Row> for Session {
    fn from(row: Row) -> Self {
        Self {
            id: SessionId::new(row.id),
            person: PersonId::new(row.person_id),
            browser: row.browser,
            begun_at: Timestamp::from_micros(row.begun_at),
            seen_at: Timestamp::from_micros(row.seen_at),
            proven_at: Timestamp::from_micros(row.proven_at),
            ends_at: row.ends_at.map(Timestamp::from_micros),
        }
    }
}

pub(super) fn find(conn: &mut Conn, digest: &str) -> Result<Option<(Session, Person)>, db::Error> {
    let row: Option<(Row, PersonRow)> = staff_sessions::table
        .inner_join(people::table)
        .filter(staff_sessions::token.eq(digest))
        .select((Row::as_select(), PersonRow::as_select()))
        .first(conn)
        .optional()?;
    Ok(row.map(|(session, person)| (session.into(), person.into())))
}

pub(super) fn of_person(conn: &mut Conn, person: PersonId) -> Result<Vec<Session>, db::Error> {
    let rows: Vec<Row> = staff_sessions::table
        .filter(staff_sessions::person_id.eq(person.get()))
        .order(staff_sessions::seen_at.desc())
        .select(Row::as_select())
        .load(conn)?;
    Ok(rows.into_iter().map(Session::from).collect())
}

pub(super) fn begin(
    conn: &mut Conn,
    digest: &str,
    person: PersonId,
    browser: &str,
    now: Timestamp,
) -> Result<(), db::Error> {
    diesel::insert_into(staff_sessions::table)
        .values((
            staff_sessions::token.eq(digest),
            staff_sessions::person_id.eq(person.get()),
            staff_sessions::browser.eq(browser),
            staff_sessions::begun_at.eq(now.micros()),
            staff_sessions::seen_at.eq(now.micros()),
            staff_sessions::proven_at.eq(now.micros()),
        ))
        .execute(conn)?;
    Ok(())
}

pub(super) fn touch(conn: &mut Conn, id: SessionId, now: Timestamp) -> Result<(), db::Error> {
    let older = staff_sessions::table
        .find(id.get())
        .filter(staff_sessions::seen_at.lt(now.micros()));
    diesel::update(older)
        .set(staff_sessions::seen_at.eq(now.micros()))
        .execute(conn)?;
    Ok(())
}

/// Notes that whoever is in a session has proven who they are.
pub(in crate::agencies::staff) fn prove(
    conn: &mut Conn,
    id: SessionId,
    now: Timestamp,
) -> Result<(), db::Error> {
    diesel::update(staff_sessions::table.find(id.get()))
        .set((
            staff_sessions::proven_at.eq(now.micros()),
            staff_sessions::seen_at.eq(now.micros()),
        ))
        .execute(conn)?;
    Ok(())
}

pub(super) fn end(conn: &mut Conn, digest: &str) -> Result<(), db::Error> {
    diesel::delete(staff_sessions::table.filter(staff_sessions::token.eq(digest))).execute(conn)?;
    Ok(())
}

pub(super) fn end_one(
    conn: &mut Conn,
    person: PersonId,
    session: SessionId,
) -> Result<bool, db::Error> {
    let own = staff_sessions::table
        .find(session.get())
        .filter(staff_sessions::person_id.eq(person.get()));
    Ok(diesel::delete(own).execute(conn)? > 0)
}

pub(super) fn end_all(
    conn: &mut Conn,
    person: PersonId,
    except: Option<SessionId>,
) -> Result<usize, db::Error> {
    let all = staff_sessions::table
        .filter(staff_sessions::person_id.eq(person.get()))
        .filter(staff_sessions::id.ne(except.map_or(0, SessionId::get)));
    Ok(diesel::delete(all).execute(conn)?)
}

pub(super) fn is_known(conn: &mut Conn, digest: &str, person: PersonId) -> Result<bool, db::Error> {
    let found: Option<i64> = staff_devices::table
        .find(digest)
        .filter(staff_devices::person_id.eq(person.get()))
        .select(staff_devices::person_id)
        .first(conn)
        .optional()?;
    Ok(found.is_some())
}

pub(super) fn remember_device(
    conn: &mut Conn,
    digest: &str,
    person: PersonId,
    now: Timestamp,
) -> Result<(), db::Error> {
    on_either!(conn => diesel::insert_into(staff_devices::table)
        .values((
            staff_devices::token.eq(digest),
            staff_devices::person_id.eq(person.get()),
            staff_devices::seen_at.eq(now.micros()),
        ))
        .on_conflict(staff_devices::token)
        .do_update()
        .set(staff_devices::seen_at.eq(now.micros()))
        .execute(conn))?;
    Ok(())
}

pub(super) fn forget_oldest_devices(
    conn: &mut Conn,
    person: PersonId,
    keep: i64,
) -> Result<(), db::Error> {
    let old: Vec<String> = staff_devices::table
        .filter(staff_devices::person_id.eq(person.get()))
        .order(staff_devices::seen_at.desc())
        .offset(keep)
        .limit(i64::from(i16::MAX))
        .select(staff_devices::token)
        .load(conn)?;
    if !old.is_empty() {
        diesel::delete(staff_devices::table.filter(staff_devices::token.eq_any(&old)))
            .execute(conn)?;
    }
    Ok(())
}

pub(super) fn forget_devices(conn: &mut Conn, person: PersonId) -> Result<(), db::Error> {
    diesel::delete(staff_devices::table.filter(staff_devices::person_id.eq(person.get())))
        .execute(conn)?;
    Ok(())
}

/// Something that has begun and not ended.
pub(in crate::agencies::staff) struct Step {
    pub(in crate::agencies::staff) kind: &'static str,
    pub(in crate::agencies::staff) person: Option<PersonId>,
    pub(in crate::agencies::staff) state: Vec<u8>,
    pub(in crate::agencies::staff) expires_at: Timestamp,
}

pub(in crate::agencies::staff) fn keep_step(
    conn: &mut Conn,
    digest: &str,
    step: &Step,
) -> Result<(), db::Error> {
    diesel::insert_into(staff_steps::table)
        .values((
            staff_steps::token.eq(digest),
            staff_steps::kind.eq(step.kind),
            staff_steps::person_id.eq(step.person.map(PersonId::get)),
            staff_steps::state.eq(&step.state),
            staff_steps::attempts.eq(0),
            staff_steps::expires_at.eq(step.expires_at.micros()),
        ))
        .execute(conn)?;
    Ok(())
}

/// Counts an attempt at a step that is still open; `None` if there is none, or there were `most` attempts before.
pub(in crate::agencies::staff) fn attempt_step(
    conn: &mut Conn,
    digest: &str,
    kind: &str,
    now: Timestamp,
    most: i64,
) -> Result<Option<(Option<PersonId>, Vec<u8>)>, db::Error> {
    let open = staff_steps::table
        .filter(staff_steps::token.eq(digest))
        .filter(staff_steps::kind.eq(kind))
        .filter(staff_steps::expires_at.gt(now.micros()))
        .filter(staff_steps::attempts.lt(most));
    let counted = diesel::update(open)
        .set(staff_steps::attempts.eq(staff_steps::attempts + 1))
        .execute(conn)?;
    if counted == 0 {
        return Ok(None);
    }
    let (person, state): (Option<i64>, Vec<u8>) = staff_steps::table
        .find(digest)
        .select((staff_steps::person_id, staff_steps::state))
        .first(conn)?;
    Ok(Some((person.map(PersonId::new), state)))
}

/// Ends a step; `false` if it has ended before.
pub(in crate::agencies::staff) fn end_step(
    conn: &mut Conn,
    digest: &str,
) -> Result<bool, db::Error> {
    Ok(diesel::delete(staff_steps::table.find(digest)).execute(conn)? > 0)
}

pub(super) fn forget_steps(conn: &mut Conn, person: PersonId) -> Result<(), db::Error> {
    diesel::delete(staff_steps::table.filter(staff_steps::person_id.eq(person.get())))
        .execute(conn)?;
    Ok(())
}

pub(in crate::agencies::staff) fn set_password(
    conn: &mut Conn,
    person: PersonId,
    password: Option<&Hash>,
) -> Result<(), db::Error> {
    diesel::update(people::table.find(person.get()))
        .set(people::password.eq(password.map(Hash::text)))
        .execute(conn)?;
    Ok(())
}

/// The password of somebody who may sign in.
pub(in crate::agencies::staff) fn password(
    conn: &mut Conn,
    person: PersonId,
) -> Result<Option<Hash>, db::Error> {
    let text: Option<Option<String>> = people::table
        .find(person.get())
        .filter(people::removed_at.is_null())
        .select(people::password)
        .first(conn)
        .optional()?;
    Ok(text.flatten().map(Hash::stored))
}

/// Drops what has ended by itself.
pub fn sweep(conn: &mut Conn, clock: &dyn Clock) -> Result<(), db::Error> {
    let now = clock.now();
    let ended = staff_sessions::seen_at
        .le((now - IDLE).micros())
        .or(staff_sessions::begun_at.le((now - LONGEST).micros()));
    diesel::delete(staff_sessions::table.filter(ended)).execute(conn)?;
    let ended = staff_sessions::ends_at.le(now.micros());
    diesel::delete(staff_sessions::table.filter(ended)).execute(conn)?;
    diesel::delete(staff_steps::table.filter(staff_steps::expires_at.le(now.micros())))
        .execute(conn)?;
    let unused = staff_devices::seen_at.le((now - DEVICE).micros());
    diesel::delete(staff_devices::table.filter(unused)).execute(conn)?;
    Ok(())
}
