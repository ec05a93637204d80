//! Secrets of one-time codes, and recovery codes, in the database.

use diesel::prelude::*;

use crate::kernel::{PersonId, Timestamp};
use crate::platform::db::schema::{staff_codes, staff_recovery_codes};
use crate::platform::db::{self, Conn, on_either};

/// What codes are made from.
pub(super) struct Kept {
    pub(super) secret: Vec<u8>,
    pub(super) is_confirmed: bool,
    /// Of the last code that was used.
    pub(super) step: i64,
}

pub(super) fn find(conn: &mut Conn, person: PersonId) -> Result<Option<Kept>, db::Error> {
    let row: Option<(Vec<u8>, Option<i64>, i64)> = staff_codes::table
        .find(person.get())
        .select((
            staff_codes::secret,
            staff_codes::confirmed_at,
            staff_codes::step,
        ))
        .first(conn)
        .optional()?;
    Ok(row.map(|(secret, confirmed_at, step)| Kept {
        secret,
        is_confirmed: confirmed_at.is_some(),
        step,
    }))
}

/// Whether a code is asked for after the password.
pub(in crate::agencies::staff) fn are_set_up(
    conn: &mut Conn,
    person: PersonId,
) -> Result<bool, db::Error> {
    Ok(find(conn, person)?.is_some_and(|kept| kept.is_confirmed))
}

/// Keeps a secret in the place of one that was not confirmed.
pub(super) fn enrol(conn: &mut Conn, person: PersonId, secret: &[u8]) -> Result<(), db::Error> {
    on_either!(conn => diesel::insert_into(staff_codes::table)
        .values((
            staff_codes::person_id.eq(person.get()),
            staff_codes::secret.eq(secret),
            staff_codes::step.eq(0),
        ))
        .on_conflict(staff_codes::person_id)
        .do_update()
        .set((staff_codes::secret.eq(secret), staff_codes::step.eq(0)))
        .execute(conn))?;
    Ok(())
}

pub(super) fn confirm(
    conn: &mut Conn,
    person: PersonId,
    now: Timestamp,
    step: i64,
) -> Result<(), db::Error> {
    diesel::update(staff_codes::table.find(person.get()))
        .set((
            staff_codes::confirmed_at.eq(now.micros()),
            staff_codes::step.eq(step),
        ))
        .execute(conn)?;
    Ok(())
}

/// Notes that the code of a step was used; `false` if somebody else has used it, or a later one, meanwhile.
pub(super) fn spend_step(conn: &mut Conn, person: PersonId, step: i64) -> Result<bool, db::Error> {
    let earlier = staff_codes::table
        .find(person.get())
        .filter(staff_codes::step.lt(step));
    let noted = diesel::update(earlier)
        .set(staff_codes::step.eq(step))
        .execute(conn)?;
    Ok(noted > 0)
}

pub(super) fn keep_recovery_codes(
    conn: &mut Conn,
    person: PersonId,
    digests: &[String],
) -> Result<(), db::Error> {
    forget_recovery_codes(conn, person)?;
    for digest in digests {
        diesel::insert_into(staff_recovery_codes::table)
            .values((
                staff_recovery_codes::person_id.eq(person.get()),
                staff_recovery_codes::code.eq(digest),
            ))
            .execute(conn)?;
    }
    Ok(())
}

pub(super) fn spend_recovery_code(
    conn: &mut Conn,
    person: PersonId,
    digest: &str,
) -> Result<bool, db::Error> {
    let spent =
        diesel::delete(staff_recovery_codes::table.find((person.get(), digest))).execute(conn)?;
    Ok(spent > 0)
}

pub(super) fn recovery_codes(conn: &mut Conn, person: PersonId) -> Result<usize, db::Error> {
    let left: i64 = staff_recovery_codes::table
        .filter(staff_recovery_codes::person_id.eq(person.get()))
        .count()
        .get_result(conn)?;
    Ok(usize::try_from(left).unwrap_or(0))
}

fn forget_recovery_codes(conn: &mut Conn, person: PersonId) -> Result<(), db::Error> {
    let all = staff_recovery_codes::table.filter(staff_recovery_codes::person_id.eq(person.get()));
    diesel::delete(all).execute(conn)?;
    Ok(())
}

/// Forgets the secret and the recovery codes.
pub(in crate::agencies::staff) fn forget(
    conn: &mut Conn,
    person: PersonId,
) -> Result<(), db::Error> {
    forget_recovery_codes(conn, person)?;
    diesel::delete(staff_codes::table.find(person.get())).execute(conn)?;
    Ok(())
}
