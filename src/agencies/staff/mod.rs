//! The people behind an agency's one voice: who they are, how they get in, and what they may do.
//!
//! Whoever builds a page or a command calls, each in one transaction:
//!
//! | what somebody wants | what does it |
//! | --- | --- |
//! | sign in | [`sign_in::knock`], [`sign_in::Knock::answer`] outside of any transaction, [`sign_in::enter`], then [`sign_in::give_code`] if a code is wanted |
//! | be recognised | [`sessions::find`], and [`sessions::touch`] if [`sessions::is_due`] |
//! | act | [`mandate()`] for the session's person; every use case takes it and asks it for the right |
//! | do what is dangerous | [`sign_in::knock_again`], `answer`, [`sign_in::prove_again`] when [`sessions::Session::is_fresh`] says no |
//! | sign out, see and end sessions | [`sessions::sign_out`], [`sessions::list`], [`sessions::revoke`], [`sessions::revoke_others`] |
//! | change the password | [`sign_in::knock_again`], `answer`, [`password::Password::chosen`] and `hash`, [`sign_in::change_password`] |
//! | have one-time codes | [`codes::enrol`], [`codes::begun`], [`codes::confirm`], [`codes::remove`], [`codes::renew_recovery_codes`], [`codes::standing`] |
//! | have passkeys | [`passkeys::begin`], [`passkeys::add`], [`passkeys::list`], [`passkeys::remove`]; [`passkeys::ask`] and [`passkeys::enter`] to sign in, [`passkeys::ask_again`] and [`passkeys::prove_again`] to prove |
//! | come by way of an OpenID provider | [`identities::leave`], [`identities::come_back`], then [`identities::enter`], [`identities::prove_again`] or [`identities::connect`] |
//! | open a link | [`links::find_open`], then [`links::join`], [`links::accept`], [`links::reset`] or [`links::set_up`], and [`let_in`] |
//! | invite | [`links::invite`], [`links::invitations`], [`links::revoke`] |
//! | help somebody who cannot sign in | [`links::offer_reset`] |
//! | see and change the staff | [`team::members`], [`team::give`], [`team::take`], [`team::remove`], [`team::end_sessions`] |
//! | read who did what | [`trail::page`]; features write with [`trail::note`] |
//! | operate the server | [`operator`], [`team::everyone`], [`team::make_operator`], [`links::invite_operator`] |
//!
//! Requests with a token or a password from outside are counted first: [`sign_in::knock`] does so itself, for links there
//! is [`sign_in::count_from`].

pub mod browser;
pub mod codes;
mod error;
pub mod identities;
mod limits;
pub mod links;
mod mandate;
pub mod passkeys;
pub mod password;
mod person;
mod right;
mod role;
pub mod sessions;
pub mod sign_in;
mod store;
pub mod team;
mod token;
pub mod trail;

pub use self::error::Error;
pub use self::limits::Limits;
pub use self::mandate::{By, Mandate, Operator, Refused};
pub use self::person::Person;
pub use self::right::{Right, matrix};
pub use self::role::{InvalidRole, Role};
pub use self::store::{names, person, speak};
pub use self::token::Token;

use self::store::person as find;
use crate::kernel::{AgencyId, Clock, PersonId};
use crate::platform::db::{self, Conn};

/// What `person` may do at `agency` now; none where they hold no role, or were removed, unless they operate the server.
pub fn mandate(
    conn: &mut Conn,
    agency: AgencyId,
    person: PersonId,
) -> Result<Option<Mandate>, db::Error> {
    let roles = store::roles(conn, agency, person)?;
    let is_operator = operator(conn, person)?.is_some();
    Ok((is_operator || !roles.is_empty()).then(|| Mandate::of(agency, person, roles, is_operator)))
}

/// Whether somebody operates the server, besides whoever has its command line.
pub fn operator(conn: &mut Conn, person: PersonId) -> Result<Option<Operator>, db::Error> {
    let found = find(conn, person)?.filter(Person::is_active);
    Ok(found
        .filter(|it| it.operator_since.is_some())
        .map(|it| Operator::person(it.id)))
}

/// Notes what somebody wants to be called by colleagues.
pub fn rename(conn: &mut Conn, person: PersonId, name: &str) -> Result<(), Error> {
    let name = Person::name_of(name)?;
    Ok(store::rename(conn, person, &name)?)
}

/// The agencies at which somebody holds a role.
pub fn agencies_of(
    conn: &mut Conn,
    person: PersonId,
) -> Result<std::collections::BTreeSet<AgencyId>, db::Error> {
    team::roles_anywhere(conn, person)
}

/// Somebody by the address that they sign in with, if it is one.
pub fn find_by_address(conn: &mut Conn, address: &str) -> Result<Option<Person>, db::Error> {
    match person::address(address) {
        Ok(address) => store::by_address(conn, &address),
        Err(_) => Ok(None),
    }
}

/// Lets in who has just joined or set a new password by a link. Who has codes set up, or anything from a group, signs in instead.
pub fn let_in(
    conn: &mut Conn,
    clock: &dyn Clock,
    arrived: &links::Arrived,
    browser: &sessions::Browser,
    chance: &dyn Fn(&mut [u8]),
) -> Result<Option<sessions::Admitted>, Error> {
    let person = arrived.person().id;
    if codes::are_set_up(conn, person)? || identities::is_bound(conn, person)? {
        return Ok(None);
    }
    Ok(Some(sessions::begin(conn, clock, person, browser, chance)?))
}
