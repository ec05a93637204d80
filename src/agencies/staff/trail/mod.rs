//! Who did what inside: a trail that administrators read and nobody changes.
//!
//! The database refuses to change or delete a line. Each line of an agency also becomes an entry of its record, which
//! commits to the line and discloses nothing of it: whoever changes the trail behind the database's back is found out.

mod act;
mod store;

pub use self::act::{Act, Subject};
pub use self::store::{Line, find, of_server};

use serde_json::{Value, json};

use super::{Mandate, Refused, Right, team};
use crate::kernel::{AgencyId, Clock, PersonId, TrailId};
use crate::platform::db::{self, Conn};
use crate::platform::journal::{self, Fact};

/// Why the trail is not shown.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Refused(#[from] Refused),
    #[error(transparent)]
    Db(#[from] db::Error),
}

/// Writes down what was done under a mandate, in the transaction in which it is done.
#[expect(
    clippy::needless_pass_by_value,
    reason = "an act is made where it is noted"
)]
pub fn note(
    conn: &mut Conn,
    clock: &dyn Clock,
    mandate: &Mandate,
    act: Act,
    subject: Subject,
) -> Result<TrailId, db::Error> {
    note_of(
        conn,
        clock,
        mandate.agency(),
        mandate.person(),
        &act,
        subject,
    )
}

/// The same for what somebody did who has no mandate at the agency, or none yet.
pub(super) fn note_of(
    conn: &mut Conn,
    clock: &dyn Clock,
    agency: AgencyId,
    by: Option<PersonId>,
    act: &Act,
    subject: Subject,
) -> Result<TrailId, db::Error> {
    let id = store::insert(conn, clock.now(), Some(agency), by, act, subject)?;
    journal::append(conn, clock, agency, &Fact::StaffActed { act: id })?;
    Ok(id)
}

/// Writes down what concerns no agency but the server; no record has it.
pub(super) fn note_of_server(
    conn: &mut Conn,
    clock: &dyn Clock,
    by: Option<PersonId>,
    act: &Act,
    subject: Subject,
) -> Result<TrailId, db::Error> {
    store::insert(conn, clock.now(), None, by, act, subject)
}

/// Writes down at every agency of somebody what concerns how they sign in.
pub(super) fn note_everywhere(
    conn: &mut Conn,
    clock: &dyn Clock,
    by: Option<PersonId>,
    person: PersonId,
    act: &Act,
) -> Result<(), db::Error> {
    let subject = Subject::Person(person);
    let agencies = team::roles_anywhere(conn, person)?;
    for agency in &agencies {
        note_of(conn, clock, *agency, by, act, subject)?;
    }
    if agencies.is_empty() {
        note_of_server(conn, clock, by, act, subject)?;
    }
    Ok(())
}

/// A page of the agency's trail, the newest first, from the line below `before` on.
pub fn page(
    conn: &mut Conn,
    mandate: &Mandate,
    before: Option<TrailId>,
    limit: i64,
) -> Result<Vec<Line>, Error> {
    mandate.require(Right::ReadTrail)?;
    Ok(store::page(conn, mandate.agency(), before, limit)?)
}

/// What the record commits to of a line: numbers and words, no name. Numbers are texts, since some readers of JSON
/// round them.
pub fn stated(conn: &mut Conn, id: TrailId) -> Result<Value, db::Error> {
    let Some(line) = find(conn, id)? else {
        return Ok(Value::Null);
    };
    let by = line
        .by
        .map_or_else(|| "operator".to_owned(), |it| it.to_string());
    Ok(json!({
        "trail": id.to_string(),
        "did": line.act,
        "by": by,
        "to": line.subject.to_string(),
    }))
}
