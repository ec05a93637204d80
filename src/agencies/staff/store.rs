//! The staff in the database. The rows never leave this file.

use std::collections::{BTreeSet, HashMap};

use diesel::prelude::*;

use super::{Person, Role};
use crate::kernel::{AgencyId, PersonId, Timestamp};
use crate::platform::db::schema::{people, staff_roles};
use crate::platform::db::{self, Conn};

#[derive(Queryable, Selectable)]
#[diesel(table_name = people)]
pub(super) struct Row {
    id: i64,
    name: String,
    email: String,
    language: String,
    operator_since: Option<i64>,
    created_at: i64,
    removed_at: Option<i64>,
}

impl From<Row> for Person {
    fn from(row: Row) -> Self {
        Self {
            id: PersonId::new(row.id),
            name: row.name,
            email: row.email,
            language: row.language,
            operator_since: row.operator_since.map(Timestamp::from_micros),
            created_at: Timestamp::from_micros(row.created_at),
            removed_at: row.removed_at.map(Timestamp::from_micros),
        }
    }
}

pub fn person(conn: &mut Conn, id: PersonId) -> Result<Option<Person>, db::Error> {
    let row = people::table
        .find(id.get())
        .select(Row::as_select())
        .first(conn)
        .optional()?;
    Ok(row.map(Person::from))
}

/// What these people are called, those who were removed included.
pub fn names(conn: &mut Conn, ids: &[PersonId]) -> Result<HashMap<PersonId, String>, db::Error> {
    let ids: BTreeSet<i64> = ids.iter().map(|id| id.get()).collect();
    let rows: Vec<(i64, String)> = people::table
        .filter(people::id.eq_any(ids))
        .select((people::id, people::name))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, name)| (PersonId::new(id), name))
        .collect())
}

pub(super) fn by_address(conn: &mut Conn, address: &str) -> Result<Option<Person>, db::Error> {
    let row = people::table
        .filter(people::email.eq(address))
        .select(Row::as_select())
        .first(conn)
        .optional()?;
    Ok(row.map(Person::from))
}

pub(super) fn insert(
    conn: &mut Conn,
    now: Timestamp,
    name: &str,
    email: &str,
    language: &str,
) -> Result<PersonId, db::Error> {
    let id = PersonId::mint(now);
    diesel::insert_into(people::table)
        .values((
            people::id.eq(id.get()),
            people::name.eq(name),
            people::email.eq(email),
            people::language.eq(language),
            people::created_at.eq(now.micros()),
        ))
        .execute(conn)?;
    Ok(id)
}

/// Somebody who was removed is here again.
pub(super) fn return_to(
    conn: &mut Conn,
    id: PersonId,
    name: &str,
    language: &str,
) -> Result<(), db::Error> {
    diesel::update(people::table.find(id.get()))
        .set((
            people::name.eq(name),
            people::language.eq(language),
            people::removed_at.eq(None::<i64>),
        ))
        .execute(conn)?;
    Ok(())
}

pub(super) fn rename(conn: &mut Conn, id: PersonId, name: &str) -> Result<(), db::Error> {
    diesel::update(people::table.find(id.get()))
        .set(people::name.eq(name))
        .execute(conn)?;
    Ok(())
}

/// Notes in which language (BCP 47) the console speaks to somebody.
pub fn speak(conn: &mut Conn, id: PersonId, language: &str) -> Result<(), db::Error> {
    diesel::update(people::table.find(id.get()))
        .set(people::language.eq(language))
        .execute(conn)?;
    Ok(())
}

/// What somebody is to an agency; nothing once they were removed.
pub(super) fn roles(
    conn: &mut Conn,
    agency: AgencyId,
    person: PersonId,
) -> Result<Vec<Role>, db::Error> {
    let names: Vec<String> = staff_roles::table
        .inner_join(people::table)
        .filter(staff_roles::agency_id.eq(agency.get()))
        .filter(staff_roles::person_id.eq(person.get()))
        .filter(people::removed_at.is_null())
        .select(staff_roles::role)
        .load(conn)?;
    names.iter().map(|name| role(name)).collect()
}

pub(super) fn role(name: &str) -> Result<Role, db::Error> {
    name.parse()
        .map_err(|_| db::Error::Corrupt("staff_roles.role"))
}
