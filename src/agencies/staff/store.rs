//! The staff in the database. The rows never leave this file.

use diesel::prelude::*;

use super::{Person, Role};
use crate::kernel::{AgencyId, PersonId, Timestamp};
use crate::platform::db::schema::{people, staff_roles};
use crate::platform::db::{self, Conn};

#[derive(Queryable, Selectable)]
#[diesel(table_name = people)]
struct Row {
    id: i64,
    name: String,
    email: String,
    language: String,
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
    names
        .iter()
        .map(|name| {
            name.parse()
                .map_err(|_| db::Error::Corrupt("staff_roles.role"))
        })
        .collect()
}
