//! Who is on the staff of an agency: roles given and taken, people removed.

mod store;

pub use self::store::{everyone, members};
pub(super) use self::store::{is_alone, roles_anywhere};

use super::trail::{self, Act, Subject};
use super::{Error, Mandate, Operator, Person, Right, Role, find, identities, links, sessions};
use crate::kernel::{AgencyId, Clock, PersonId, Timestamp};
use crate::platform::db::{self, Conn};

/// Somebody on the staff of an agency, as colleagues see them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    pub person: Person,
    /// In the order in which roles are listed.
    pub roles: Vec<Role>,
    /// When they were last here, if they are signed in.
    pub seen_at: Option<Timestamp>,
    /// Whether their password alone lets nobody in.
    pub is_guarded: bool,
    /// How many passkeys they have.
    pub passkeys: usize,
}

/// Gives somebody of the staff a role. Administrators give roles to those who have one at the agency already, and
/// invite others; an operator may give one to whoever has a login here. Nothing happens if they hold it.
pub fn give(
    conn: &mut Conn,
    clock: &dyn Clock,
    mandate: &Mandate,
    person: PersonId,
    role: Role,
) -> Result<(), Error> {
    mandate.require(Right::ManageStaff)?;
    let agency = mandate.agency();
    active(conn, person)?;
    let held = super::store::roles(conn, agency, person)?;
    if held.is_empty() && !mandate.is_operators() {
        return Err(Error::Unknown);
    }
    if !held.contains(&role) {
        store::give(conn, clock.now(), agency, person, role)?;
        let subject = Subject::Person(person);
        trail::note(conn, clock, mandate, Act::RoleGiven(role), subject)?;
    }
    Ok(())
}

/// Takes a role from somebody. Who has none left is off the staff.
pub fn take(
    conn: &mut Conn,
    clock: &dyn Clock,
    mandate: &Mandate,
    person: PersonId,
    role: Role,
) -> Result<(), Error> {
    mandate.require(Right::ManageStaff)?;
    let agency = mandate.agency();
    let held = super::store::roles(conn, agency, person)?;
    if held.is_empty() {
        return Err(Error::Unknown);
    }
    if !held.contains(&role) {
        return Err(Error::NotHeld(role));
    }
    if identities::gives(conn, agency, person, role)? {
        return Err(Error::GivenByGroups(role));
    }
    if role == Role::Administrator {
        expect_another(conn, agency, person)?;
        links::forget_made_by(conn, clock, agency, person)?;
    }
    store::take(conn, agency, person, role)?;
    let subject = Subject::Person(person);
    trail::note(conn, clock, mandate, Act::RoleTaken(role), subject)?;
    if held.len() == 1 {
        trail::note(conn, clock, mandate, Act::Removed, subject)?;
    }
    leave(conn, clock, person)
}

/// Removes somebody from the staff of an agency: from now on they may do nothing there. Who is on no staff any more is
/// signed out everywhere, and what they signed in with is forgotten.
pub fn remove(
    conn: &mut Conn,
    clock: &dyn Clock,
    mandate: &Mandate,
    person: PersonId,
) -> Result<(), Error> {
    mandate.require(Right::ManageStaff)?;
    let agency = mandate.agency();
    let held = super::store::roles(conn, agency, person)?;
    if held.is_empty() {
        return Err(Error::Unknown);
    }
    if held.contains(&Role::Administrator) {
        expect_another(conn, agency, person)?;
    }
    store::take_all(conn, agency, person)?;
    links::forget_made_by(conn, clock, agency, person)?;
    trail::note(conn, clock, mandate, Act::Removed, Subject::Person(person))?;
    leave(conn, clock, person)
}

/// Ends all sessions of somebody who is on the staff of the agency and of no other.
pub fn end_sessions(
    conn: &mut Conn,
    clock: &dyn Clock,
    mandate: &Mandate,
    person: PersonId,
) -> Result<usize, Error> {
    mandate.require(Right::ManageStaff)?;
    expect_only_here(conn, mandate, person)?;
    let ended = sessions::end_sessions(conn, person)?;
    let subject = Subject::Person(person);
    trail::note(conn, clock, mandate, Act::SessionsEnded, subject)?;
    Ok(ended)
}

/// Makes somebody who has a login here an operator of the server.
pub fn make_operator(
    conn: &mut Conn,
    clock: &dyn Clock,
    operator: Operator,
    person: PersonId,
) -> Result<(), Error> {
    if active(conn, person)?.operator_since.is_none() {
        store::set_operator(conn, person, Some(clock.now()))?;
        let subject = Subject::Person(person);
        trail::note_of_server(conn, clock, operator.by(), &Act::OperatorMade, subject)?;
    }
    Ok(())
}

/// Ends it. The command line always remains.
pub fn end_operator(
    conn: &mut Conn,
    clock: &dyn Clock,
    operator: Operator,
    person: PersonId,
) -> Result<(), Error> {
    if active(conn, person)?.operator_since.is_none() {
        return Err(Error::NotOperator);
    }
    store::set_operator(conn, person, None)?;
    let subject = Subject::Person(person);
    trail::note_of_server(conn, clock, operator.by(), &Act::OperatorEnded, subject)?;
    links::forget_all_made_by(conn, clock, person)?;
    leave(conn, clock, person)
}

/// Somebody who may sign in.
pub(super) fn active(conn: &mut Conn, person: PersonId) -> Result<Person, Error> {
    find(conn, person)?
        .filter(Person::is_active)
        .ok_or(Error::Unknown)
}

/// An error unless the agency has another administrator than `person`.
fn expect_another(conn: &mut Conn, agency: AgencyId, person: PersonId) -> Result<(), Error> {
    if store::administrators(conn, agency)?
        .iter()
        .any(|other| *other != person)
    {
        Ok(())
    } else {
        Err(Error::LastAdministrator)
    }
}

/// An error if somebody has to do with more than the mandate's agency, unless an operator asks: whoever can sign in as
/// them could act there.
pub(super) fn expect_only_here(
    conn: &mut Conn,
    mandate: &Mandate,
    person: PersonId,
) -> Result<(), Error> {
    let found = active(conn, person)?;
    let agencies = roles_anywhere(conn, person)?;
    if !agencies.contains(&mandate.agency()) {
        return Err(Error::Unknown);
    }
    let elsewhere = agencies.iter().any(|agency| *agency != mandate.agency());
    if (elsewhere || found.operator_since.is_some()) && !mandate.is_operators() {
        return Err(Error::WorksElsewhere);
    }
    Ok(())
}

/// Ends the access of somebody who is nothing here any more.
pub(super) fn leave(conn: &mut Conn, clock: &dyn Clock, person: PersonId) -> Result<(), Error> {
    let is_operator = find(conn, person)?.is_some_and(|it| it.operator_since.is_some());
    if !is_operator && roles_anywhere(conn, person)?.is_empty() {
        sessions::forget(conn, person)?;
        links::forget_resets_of(conn, clock, person)?;
        store::set_removed(conn, person, Some(clock.now()))?;
    }
    Ok(())
}

/// Puts somebody who was invited on the staff.
pub(super) fn join(
    conn: &mut Conn,
    clock: &dyn Clock,
    agency: AgencyId,
    person: PersonId,
    roles: &[Role],
) -> Result<(), db::Error> {
    let held = super::store::roles(conn, agency, person)?;
    for role in roles.iter().filter(|role| !held.contains(role)) {
        store::give(conn, clock.now(), agency, person, *role)?;
    }
    let act = Act::Joined(roles.to_vec());
    trail::note_of(
        conn,
        clock,
        agency,
        Some(person),
        &act,
        Subject::Person(person),
    )?;
    Ok(())
}

/// Makes somebody an operator who was invited to be one.
pub(super) fn join_as_operator(
    conn: &mut Conn,
    clock: &dyn Clock,
    person: PersonId,
) -> Result<(), db::Error> {
    store::set_operator(conn, person, Some(clock.now()))?;
    let subject = Subject::Person(person);
    trail::note_of_server(conn, clock, Some(person), &Act::OperatorMade, subject)?;
    Ok(())
}
