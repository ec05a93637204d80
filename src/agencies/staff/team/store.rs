//! Roles and their holders in the database.

use std::collections::BTreeSet;

use diesel::prelude::*;

use super::{Member, Operator};
use crate::agencies::staff::store::{Row, role};
use crate::agencies::staff::{Mandate, Person, Role};
use crate::kernel::{AgencyId, PersonId, Timestamp};
use crate::platform::db::schema::{
    agencies, people, staff_codes, staff_passkeys, staff_roles, staff_sessions,
};
use crate::platform::db::{self, Conn, on_either};

pub(super) fn give(
    conn: &mut Conn,
    now: Timestamp,
    agency: AgencyId,
    person: PersonId,
    role: Role,
) -> Result<(), db::Error> {
    on_either!(conn => diesel::insert_into(staff_roles::table)
        .values((
            staff_roles::agency_id.eq(agency.get()),
            staff_roles::person_id.eq(person.get()),
            staff_roles::role.eq(role.name()),
            staff_roles::given_at.eq(now.micros()),
        ))
        .on_conflict_do_nothing()
        .execute(conn))?;
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

pub(super) fn take_all(
    conn: &mut Conn,
    agency: AgencyId,
    person: PersonId,
) -> Result<(), db::Error> {
    let held = staff_roles::table
        .filter(staff_roles::agency_id.eq(agency.get()))
        .filter(staff_roles::person_id.eq(person.get()));
    diesel::delete(held).execute(conn)?;
    Ok(())
}

pub(super) fn administrators(
    conn: &mut Conn,
    agency: AgencyId,
) -> Result<Vec<PersonId>, db::Error> {
    let ids: Vec<i64> = staff_roles::table
        .inner_join(people::table)
        .filter(staff_roles::agency_id.eq(agency.get()))
        .filter(staff_roles::role.eq(Role::Administrator.name()))
        .filter(people::removed_at.is_null())
        .select(staff_roles::person_id)
        .load(conn)?;
    Ok(ids.into_iter().map(PersonId::new).collect())
}

/// The agencies at which somebody holds a role.
pub(in crate::agencies::staff) fn roles_anywhere(
    conn: &mut Conn,
    person: PersonId,
) -> Result<BTreeSet<AgencyId>, db::Error> {
    let ids: Vec<i64> = staff_roles::table
        .filter(staff_roles::person_id.eq(person.get()))
        .select(staff_roles::agency_id)
        .load(conn)?;
    Ok(ids.into_iter().map(AgencyId::new).collect())
}

pub(super) fn set_operator(
    conn: &mut Conn,
    person: PersonId,
    since: Option<Timestamp>,
) -> Result<(), db::Error> {
    diesel::update(people::table.find(person.get()))
        .set(people::operator_since.eq(since.map(Timestamp::micros)))
        .execute(conn)?;
    Ok(())
}

pub(super) fn set_removed(
    conn: &mut Conn,
    person: PersonId,
    at: Option<Timestamp>,
) -> Result<(), db::Error> {
    diesel::update(people::table.find(person.get()))
        .set(people::removed_at.eq(at.map(Timestamp::micros)))
        .execute(conn)?;
    Ok(())
}

/// Whether nobody is here yet: no agency, and nobody who could sign in.
pub(in crate::agencies::staff) fn is_alone(conn: &mut Conn) -> Result<bool, db::Error> {
    let agencies: i64 = agencies::table.count().get_result(conn)?;
    let people: i64 = people::table.count().get_result(conn)?;
    Ok(agencies == 0 && people == 0)
}

/// The staff of an agency, by name. Colleagues know each other: it takes a mandate, and no right.
pub fn members(conn: &mut Conn, mandate: &Mandate) -> Result<Vec<Member>, db::Error> {
    let rows: Vec<(Row, String)> = staff_roles::table
        .inner_join(people::table)
        .filter(staff_roles::agency_id.eq(mandate.agency().get()))
        .filter(people::removed_at.is_null())
        .order((people::name, people::id))
        .select((Row::as_select(), staff_roles::role))
        .load(conn)?;
    let mut members: Vec<Member> = vec![];
    for (row, name) in rows {
        let held = role(&name)?;
        let person = Person::from(row);
        match members
            .last_mut()
            .filter(|last| last.person.id == person.id)
        {
            Some(member) => member.roles.push(held),
            None => members.push(member(person, vec![held])),
        }
    }
    complete(conn, &mut members)?;
    Ok(members)
}

/// All who may sign in on this server, by name, with the roles that they hold anywhere.
pub fn everyone(conn: &mut Conn, _: Operator) -> Result<Vec<Member>, db::Error> {
    let rows: Vec<Row> = people::table
        .filter(people::removed_at.is_null())
        .order((people::name, people::id))
        .select(Row::as_select())
        .load(conn)?;
    let mut members: Vec<Member> = rows
        .into_iter()
        .map(|row| member(Person::from(row), vec![]))
        .collect();
    let held: Vec<(i64, String)> = staff_roles::table
        .select((staff_roles::person_id, staff_roles::role))
        .load(conn)?;
    for member in &mut members {
        for (_, name) in held.iter().filter(|(id, _)| *id == member.person.id.get()) {
            member.roles.push(role(name)?);
        }
    }
    complete(conn, &mut members)?;
    Ok(members)
}

const fn member(person: Person, roles: Vec<Role>) -> Member {
    Member {
        person,
        roles,
        seen_at: None,
        is_guarded: false,
        passkeys: 0,
    }
}

/// Adds what stands in other tables.
fn complete(conn: &mut Conn, members: &mut [Member]) -> Result<(), db::Error> {
    let ids: Vec<i64> = members.iter().map(|it| it.person.id.get()).collect();
    let seen: Vec<(i64, i64)> = staff_sessions::table
        .filter(staff_sessions::person_id.eq_any(&ids))
        .select((staff_sessions::person_id, staff_sessions::seen_at))
        .load(conn)?;
    let mut guarded: Vec<i64> = staff_codes::table
        .filter(staff_codes::person_id.eq_any(&ids))
        .filter(staff_codes::confirmed_at.is_not_null())
        .select(staff_codes::person_id)
        .load(conn)?;
    guarded.sort_unstable();
    let passkeys: Vec<i64> = staff_passkeys::table
        .filter(staff_passkeys::person_id.eq_any(&ids))
        .select(staff_passkeys::person_id)
        .load(conn)?;
    for member in members {
        let id = member.person.id.get();
        member.roles.sort_unstable();
        member.roles.dedup();
        member.is_guarded = guarded.binary_search(&id).is_ok();
        member.passkeys = passkeys.iter().filter(|of| **of == id).count();
        member.seen_at = seen
            .iter()
            .filter(|(of, _)| *of == id)
            .map(|(_, at)| Timestamp::from_micros(*at))
            .max();
    }
    Ok(())
}
