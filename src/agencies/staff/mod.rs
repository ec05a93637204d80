//! The people behind an agency's one voice: who they are, and what they may do.

mod mandate;
mod person;
mod right;
mod role;
mod store;

pub use self::mandate::{By, Mandate, Refused};
pub use self::person::Person;
pub use self::right::Right;
pub use self::role::{InvalidRole, Role};
pub use self::store::person;

use crate::kernel::{AgencyId, PersonId};
use crate::platform::db::{self, Conn};

/// What `person` may do at `agency` now; none where they hold no role, or were removed.
pub fn mandate(
    conn: &mut Conn,
    agency: AgencyId,
    person: PersonId,
) -> Result<Option<Mandate>, db::Error> {
    let roles = store::roles(conn, agency, person)?;
    Ok((!roles.is_empty()).then(|| Mandate::of(agency, person, roles)))
}
