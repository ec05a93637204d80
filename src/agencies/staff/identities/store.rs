//! Identities, and what was given by groups, in the database.

use diesel::prelude::*;

use super::{Giver, Identity};
use crate::agencies::staff::Role;
use crate::agencies::staff::store::role;
use crate::kernel::{AgencyId, PersonId, Timestamp};
use crate::platform::db::schema::{people, staff_identities, staff_roles, staff_sessions};
use crate::platform::db::{self, Conn};

impl Giver {
    const fn word(self) -> &'static str {
        match self {
            Self::Hand => "hand",
            Self::Groups => "groups",
            Self::Both => "both",
        }
    }

    fn read(word: &str) -> Result<Self, db::Error> {
        [Self::Hand, Self::Groups, Self::Both]
            .into_iter()
            .find(|it| it.word() == word)
            .ok_or(db::Error::Corrupt("staff_roles.given_by"))
    }
}

pub(super) fn person_of(
    conn: &mut Conn,
    issuer: &str,
    subject: &str,
) -> Result<Option<PersonId>, db::Error> {
    let id: Option<i64> = staff_identities::table
        .find((issuer, subject))
        .select(staff_identities::person_id)
        .first(conn)
        .optional()?;
    Ok(id.map(PersonId::new))
}

pub(super) fn is_connected(conn: &mut Conn, person: PersonId) -> Result<bool, db::Error> {
    let count: i64 = staff_identities::table
        .filter(staff_identities::person_id.eq(person.get()))
        .count()
        .get_result(conn)?;
    Ok(count > 0)
}

pub(super) fn insert(
    conn: &mut Conn,
    now: Timestamp,
    identity: &Identity,
    person: PersonId,
) -> Result<(), db::Error> {
    diesel::insert_into(staff_identities::table)
        .values((
            staff_identities::issuer.eq(&identity.issuer),
            staff_identities::subject.eq(&identity.subject),
            staff_identities::person_id.eq(person.get()),
            staff_identities::created_at.eq(now.micros()),
        ))
        .execute(conn)?;
    Ok(())
}

/// Bounds a session that has just begun.
pub(super) fn bound(
    conn: &mut Conn,
    digest: &str,
    ends_at: Timestamp,
    proven_at: Timestamp,
) -> Result<(), db::Error> {
    diesel::update(staff_sessions::table.filter(staff_sessions::token.eq(digest)))
        .set((
            staff_sessions::ends_at.eq(ends_at.micros()),
            staff_sessions::proven_at.eq(proven_at.micros()),
        ))
        .execute(conn)?;
    Ok(())
}

/// Bounds the sessions of somebody that came by other ways.
pub(super) fn bound_others(
    conn: &mut Conn,
    person: PersonId,
    ends_at: Timestamp,
) -> Result<(), db::Error> {
    let others = staff_sessions::table
        .filter(staff_sessions::person_id.eq(person.get()))
        .filter(staff_sessions::ends_at.is_null());
    diesel::update(others)
        .set(staff_sessions::ends_at.eq(ends_at.micros()))
        .execute(conn)?;
    Ok(())
}

/// What somebody is anywhere, and who gives it.
pub(super) fn held(
    conn: &mut Conn,
    person: PersonId,
) -> Result<Vec<(AgencyId, Role, Giver)>, db::Error> {
    let rows: Vec<(i64, String, String)> = staff_roles::table
        .filter(staff_roles::person_id.eq(person.get()))
        .order((staff_roles::agency_id, staff_roles::role))
        .select((
            staff_roles::agency_id,
            staff_roles::role,
            staff_roles::given_by,
        ))
        .load(conn)?;
    rows.into_iter()
        .map(|(agency, name, giver)| {
            Ok((AgencyId::new(agency), role(&name)?, Giver::read(&giver)?))
        })
        .collect()
}

pub(super) fn give(
    conn: &mut Conn,
    now: Timestamp,
    agency: AgencyId,
    person: PersonId,
    role: Role,
) -> Result<(), db::Error> {
    diesel::insert_into(staff_roles::table)
        .values((
            staff_roles::agency_id.eq(agency.get()),
            staff_roles::person_id.eq(person.get()),
            staff_roles::role.eq(role.name()),
            staff_roles::given_at.eq(now.micros()),
            staff_roles::given_by.eq(Giver::Groups.word()),
        ))
        .execute(conn)?;
    Ok(())
}

pub(super) fn set_giver(
    conn: &mut Conn,
    agency: AgencyId,
    person: PersonId,
    role: Role,
    giver: Giver,
) -> Result<(), db::Error> {
    diesel::update(staff_roles::table.find((agency.get(), person.get(), role.name())))
        .set(staff_roles::given_by.eq(giver.word()))
        .execute(conn)?;
    Ok(())
}

pub(super) fn take(
    conn: &mut Conn,
    agency: AgencyId,
    person: PersonId,
    role: Role,
) -> Result<(), db::Error> {
    diesel::delete(staff_roles::table.find((agency.get(), person.get(), role.name())))
        .execute(conn)?;
    Ok(())
}

pub(super) fn operates_by_groups(conn: &mut Conn, person: PersonId) -> Result<bool, db::Error> {
    let count: i64 = people::table
        .find(person.get())
        .filter(people::operator_since.is_not_null())
        .filter(people::operator_by.eq(Giver::Groups.word()))
        .count()
        .get_result(conn)?;
    Ok(count > 0)
}

pub(super) fn set_operator_by_groups(
    conn: &mut Conn,
    person: PersonId,
    since: Option<Timestamp>,
) -> Result<(), db::Error> {
    let giver = since.map_or(Giver::Hand, |_| Giver::Groups);
    diesel::update(people::table.find(person.get()))
        .set((
            people::operator_since.eq(since.map(Timestamp::micros)),
            people::operator_by.eq(giver.word()),
        ))
        .execute(conn)?;
    Ok(())
}

/// Whether somebody is anything here that a group says.
pub(super) fn has_any_by_groups(conn: &mut Conn, person: PersonId) -> Result<bool, db::Error> {
    let roles: i64 = staff_roles::table
        .filter(staff_roles::person_id.eq(person.get()))
        .filter(staff_roles::given_by.ne(Giver::Hand.word()))
        .count()
        .get_result(conn)?;
    Ok(roles > 0 || operates_by_groups(conn, person)?)
}
