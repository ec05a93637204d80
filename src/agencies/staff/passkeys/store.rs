//! Passkeys in the database.

use diesel::prelude::*;

use crate::kernel::PersonId;
use crate::platform::db::schema::staff_passkeys;
use crate::platform::db::{self, Conn};

/// Forgets all passkeys of somebody.
pub(in crate::agencies::staff) fn forget(
    conn: &mut Conn,
    person: PersonId,
) -> Result<(), db::Error> {
    diesel::delete(staff_passkeys::table.filter(staff_passkeys::person_id.eq(person.get())))
        .execute(conn)?;
    Ok(())
}
