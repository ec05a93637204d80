//! People who sign in by way of an OpenID provider, and the roles that their groups there give them.
//!
//! The groups are asked each time that somebody comes that way, and what they give counts for as long as their session
//! does: whoever is taken out of a group is asked for anew within that time, and comes in no more. What was given by hand
//! stays apart, and stays.

mod groups;
mod store;

pub use self::groups::{Gain, Gains, Groups};

use std::time::Duration;

use super::sessions::store as steps;
use super::sessions::{self, Admitted, Browser, Session};
use super::team;
use super::trail::{self, Act, Subject};
use super::{Error, Person, Role, Token, find, find_by_address, person};
use crate::agencies;
use crate::kernel::{AgencyId, Clock, PersonId, Timestamp};
use crate::platform::db::{self, Conn};

/// How long somebody may take at the provider.
const STEP: Duration = Duration::from_secs(10 * 60);
/// How much a provider's clock may be behind ours.
const LEEWAY: Duration = Duration::from_secs(30);
const KIND: &str = "openid";
/// Ways to the provider that are open; who begins when there are more takes the oldest one's place.
const MOST_STEPS: i64 = 10_000;

/// Whom a provider has vouched for.
#[derive(Debug, Clone)]
pub struct Identity {
    pub issuer: String,
    pub subject: String,
    pub name: Option<String>,
    pub email: Option<String>,
    /// What the console shall speak to them in.
    pub language: String,
    /// When they have shown the provider who they are.
    pub shown_at: Option<Timestamp>,
}

/// Who gives a role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Giver {
    Hand,
    Groups,
    Both,
}

/// Begins the way to the provider, with what has to be there when somebody comes back. `from` is whose session it is for.
pub fn leave(
    conn: &mut Conn,
    clock: &dyn Clock,
    from: Option<&Session>,
    state: Vec<u8>,
    chance: &dyn Fn(&mut [u8]),
) -> Result<Token, Error> {
    let step = Token::make(chance);
    let begun = steps::Step {
        kind: KIND,
        person: from.map(|session| session.person),
        state,
        expires_at: clock.now() + STEP,
    };
    steps::keep_step(conn, &step.digest(), &begun)?;
    super::passkeys::keep_steps_few(conn, KIND, MOST_STEPS)?;
    Ok(step)
}

/// Ends the way: what was kept, and whose session it was for. Once only.
pub fn come_back(
    conn: &mut Conn,
    clock: &dyn Clock,
    step: &Token,
) -> Result<(Option<PersonId>, Vec<u8>), Error> {
    let found = steps::attempt_step(conn, &step.digest(), KIND, clock.now(), 1)?;
    let found = found.ok_or(Error::Begin)?;
    steps::end_step(conn, &step.digest())?;
    Ok(found)
}

/// Lets in whom the provider has vouched for, with what their groups give them; the session counts for `valid`. Nobody is
/// let in to whom neither a group nor a colleague gives anything.
#[expect(
    clippy::too_many_arguments,
    reason = "everything that a sign-in brings"
)]
pub fn enter(
    conn: &mut Conn,
    clock: &dyn Clock,
    identity: &Identity,
    gains: &Gains,
    valid: Duration,
    before: Option<&Token>,
    browser: &Browser,
    chance: &dyn Fn(&mut [u8]),
) -> Result<Entry, Error> {
    let known = store::person_of(conn, &identity.issuer, &identity.subject)?;
    let person = match known {
        Some(person) => person,
        None if gains.are_none() => return Ok(Entry::Nothing),
        None => arrive(conn, clock, identity)?,
    };
    if !gains.are_none() && !is_active(conn, person)? {
        let there = find(conn, person)?.ok_or(Error::Unknown)?;
        super::store::return_to(conn, person, &there.name, &there.language)?;
    }
    if is_active(conn, person)? {
        give(conn, clock, person, gains)?;
    }
    if !is_active(conn, person)? {
        return Ok(Entry::Nothing);
    }
    if let Some(before) = before {
        sessions::sign_out(conn, before)?;
    }
    let admitted = sessions::begin(conn, clock, person, browser, chance)?;
    let now = clock.now();
    let proven_at = identity
        .shown_at
        .map_or(now - sessions::FRESH, |at| at.min(now));
    store::bound(conn, &admitted.session.digest(), now + valid, proven_at)?;
    if is_bound(conn, person)? {
        store::bound_others(conn, person, now + valid)?;
    }
    Ok(Entry::In(admitted))
}

/// What became of somebody whom a provider has vouched for. It is no error, so that what was taken from them stays taken.
#[derive(Debug)]
pub enum Entry {
    In(Admitted),
    /// No group of theirs has a part here.
    Nothing,
}

/// Notes that whoever is in a session has shown the provider again who they are.
pub fn prove_again(
    conn: &mut Conn,
    clock: &dyn Clock,
    session: &Session,
    identity: &Identity,
    since: Timestamp,
) -> Result<(), Error> {
    let known = store::person_of(conn, &identity.issuer, &identity.subject)?;
    let shown_at = identity.shown_at.filter(|at| *at + LEEWAY >= since);
    match (known, shown_at) {
        (Some(person), Some(_)) if person == session.person => {
            Ok(steps::prove(conn, session.id, clock.now())?)
        }
        _ => Err(Error::NotThem),
    }
}

/// Connects whoever is in a session with whom the provider has vouched for.
pub fn connect(
    conn: &mut Conn,
    clock: &dyn Clock,
    session: &Session,
    identity: &Identity,
) -> Result<(), Error> {
    session.expect_fresh(clock.now())?;
    match store::person_of(conn, &identity.issuer, &identity.subject)? {
        Some(person) if person == session.person => return Ok(()),
        Some(_) => return Err(Error::AddressTaken),
        None => {}
    }
    store::insert(conn, clock.now(), identity, session.person)?;
    let person = session.person;
    Ok(trail::note_everywhere(
        conn,
        clock,
        Some(person),
        person,
        &Act::IdentityConnected,
    )?)
}

/// Whether somebody is known to a provider.
pub fn is_connected(conn: &mut Conn, session: &Session) -> Result<bool, db::Error> {
    store::is_connected(conn, session.person)
}

/// An error for who has anything from a group: the provider has to be asked whether they still are in it.
pub(super) fn expect_none_by_groups(conn: &mut Conn, person: PersonId) -> Result<(), Error> {
    if is_bound(conn, person)? {
        Err(Error::ByProvider)
    } else {
        Ok(())
    }
}

/// Whether somebody has anything from a group.
pub(super) fn is_bound(conn: &mut Conn, person: PersonId) -> Result<bool, db::Error> {
    store::has_any_by_groups(conn, person)
}

/// Whether a group gives somebody a role: by hand it is not taken.
pub(super) fn gives(
    conn: &mut Conn,
    agency: AgencyId,
    person: PersonId,
    role: Role,
) -> Result<bool, db::Error> {
    let held = store::held(conn, person)?;
    let found = held.iter().find(|it| (it.0, it.1) == (agency, role));
    Ok(found.is_some_and(|it| it.2 != Giver::Hand))
}

/// Makes somebody who comes for the first time.
fn arrive(conn: &mut Conn, clock: &dyn Clock, identity: &Identity) -> Result<PersonId, Error> {
    let email = identity.email.as_deref().ok_or(Error::NoAddress)?;
    let email = person::address(email)?;
    let name = identity.name.as_deref().unwrap_or(&email);
    let name = person::name(name)?;
    let now = clock.now();
    let id = match find_by_address(conn, &email)? {
        // Whoever could choose their address at the provider would be them here.
        Some(_) => return Err(Error::ConnectFirst),
        None => super::store::insert(conn, now, &name, &email, &identity.language)?,
    };
    store::insert(conn, now, identity, id)?;
    Ok(id)
}

fn is_active(conn: &mut Conn, person: PersonId) -> Result<bool, db::Error> {
    Ok(find(conn, person)?.is_some_and(|it| Person::is_active(&it)))
}

/// Gives what groups give now, and takes what they gave before and give no more: the last administrator too, since the
/// directory has the last word about who works there.
fn give(conn: &mut Conn, clock: &dyn Clock, person: PersonId, gains: &Gains) -> Result<(), Error> {
    let mut wanted = vec![];
    for (handle, role) in gains.roles() {
        if let Some(agency) = agencies::find_by_handle(conn, handle)? {
            wanted.push((agency.id, role));
        }
    }
    let held = store::held(conn, person)?;
    for (agency, role) in &wanted {
        let there = held.iter().find(|it| (it.0, it.1) == (*agency, *role));
        match there.map(|it| it.2) {
            Some(Giver::Groups | Giver::Both) => {}
            Some(Giver::Hand) => store::set_giver(conn, *agency, person, *role, Giver::Both)?,
            None => {
                store::give(conn, clock.now(), *agency, person, *role)?;
                note(conn, clock, *agency, person, &Act::RoleGiven(*role))?;
            }
        }
    }
    for (agency, role, giver) in held.iter().filter(|it| !wanted.contains(&(it.0, it.1))) {
        match giver {
            Giver::Hand => {}
            Giver::Both => store::set_giver(conn, *agency, person, *role, Giver::Hand)?,
            Giver::Groups => take(conn, clock, *agency, person, *role)?,
        }
    }
    operate(conn, clock, person, gains.is_operator())?;
    team::leave(conn, clock, person)
}

fn take(
    conn: &mut Conn,
    clock: &dyn Clock,
    agency: AgencyId,
    person: PersonId,
    role: Role,
) -> Result<(), Error> {
    if role == Role::Administrator {
        super::links::forget_made_by(conn, clock, agency, person)?;
    }
    store::take(conn, agency, person, role)?;
    note(conn, clock, agency, person, &Act::RoleTaken(role))?;
    if super::store::roles(conn, agency, person)?.is_empty() {
        note(conn, clock, agency, person, &Act::Removed)?;
    }
    Ok(())
}

fn operate(conn: &mut Conn, clock: &dyn Clock, person: PersonId, may: bool) -> Result<(), Error> {
    let is_operator = super::operator(conn, person)?.is_some();
    let by_groups = store::operates_by_groups(conn, person)?;
    let subject = Subject::Person(person);
    if may && !is_operator {
        store::set_operator_by_groups(conn, person, Some(clock.now()))?;
        trail::note_of_server(conn, clock, None, &Act::OperatorMade, subject)?;
    } else if !may && by_groups {
        store::set_operator_by_groups(conn, person, None)?;
        trail::note_of_server(conn, clock, None, &Act::OperatorEnded, subject)?;
        super::links::forget_all_made_by(conn, clock, person)?;
    }
    Ok(())
}

/// By nobody: it was the provider's word.
fn note(
    conn: &mut Conn,
    clock: &dyn Clock,
    agency: AgencyId,
    person: PersonId,
    act: &Act,
) -> Result<(), db::Error> {
    trail::note_of(conn, clock, agency, None, act, Subject::Person(person))?;
    Ok(())
}
