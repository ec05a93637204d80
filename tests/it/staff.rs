//! The people behind an agency: who is let in, who may do what, and what is left of what they did.

mod authenticator;
mod entry;
mod passkeys;
mod roles;
mod team;
mod trail;

pub(crate) use self::entry::code;

use std::net::IpAddr;
use std::sync::OnceLock;

use actapub::agencies::staff::links::{Arrived, Invitation, Newcomer, Offered};
use actapub::agencies::staff::password::{Hash, Password};
use actapub::agencies::staff::sessions::{Admitted, Browser, Session};
use actapub::agencies::staff::sign_in::{self, Entered};
use actapub::agencies::staff::{self, Error, Limits, Mandate, Role, Token, links, sessions};
use actapub::kernel::{AgencyId, PersonId};
use actapub::platform::chance;
use actapub::platform::db::Conn;

use crate::harness::TestServer;

/// What everybody here signs in with.
const PASSWORD: &str = "gravel pelican honest umbrella";
const ANOTHER: &str = "seven quiet lanterns by the pier";
const HOME: [u8; 4] = [192, 0, 2, 7];

fn hash() -> Hash {
    static HASH: OnceLock<Hash> = OnceLock::new();
    HASH.get_or_init(|| Password::chosen(PASSWORD, &[]).unwrap().hash(&chance))
        .clone()
}

fn newcomer(name: &str) -> Newcomer {
    Newcomer {
        name: name.to_owned(),
        email: format!("{name}@city.example"),
        language: "en".to_owned(),
        password: hash(),
    }
}

/// Runs a use case in a transaction, which may fail.
async fn attempt<T: Send + 'static>(
    server: &TestServer,
    work: impl FnOnce(&mut Conn) -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    server.services.db.write(work).await
}

async fn invite(server: &TestServer, mandate: Mandate, roles: &[Role]) -> Result<Offered, Error> {
    let (clock, roles) = (server.clock.clone(), roles.to_vec());
    attempt(server, move |conn| {
        let invitation = Invitation { email: None, roles };
        links::invite(conn, clock.as_ref(), &mandate, invitation, &chance)
    })
    .await
}

async fn join(server: &TestServer, token: &Token, name: &str) -> Result<Arrived, Error> {
    let (clock, token, newcomer) = (server.clock.clone(), token.clone(), newcomer(name));
    attempt(server, move |conn| {
        links::join(conn, clock.as_ref(), &token, &newcomer)
    })
    .await
}

/// Somebody new on an agency's staff.
async fn hired(server: &TestServer, agency: AgencyId, name: &str, roles: &[Role]) -> PersonId {
    let offered = invite(server, Mandate::operator(agency), roles)
        .await
        .unwrap();
    join(server, &offered.token, name)
        .await
        .unwrap()
        .person()
        .id
}

async fn mandate(server: &TestServer, agency: AgencyId, person: PersonId) -> Option<Mandate> {
    server
        .read(move |conn| staff::mandate(conn, agency, person))
        .await
}

/// The mandate of somebody who has one.
async fn acting(server: &TestServer, agency: AgencyId, person: PersonId) -> Mandate {
    mandate(server, agency, person).await.unwrap()
}

/// Gives a password at the door.
async fn enter(
    server: &TestServer,
    limits: &'static Limits,
    address: &str,
    password: &str,
    browser: &Browser,
) -> Result<Entered, Error> {
    enter_from(server, limits, address, password, browser, HOME.into()).await
}

async fn enter_from(
    server: &TestServer,
    limits: &'static Limits,
    address: &str,
    password: &str,
    browser: &Browser,
    from: IpAddr,
) -> Result<Entered, Error> {
    let (clock, at, with) = (server.clock.clone(), address.to_owned(), browser.clone());
    let knock = attempt(server, move |conn| {
        sign_in::knock(conn, clock.as_ref(), limits, &at, &with, from)
    })
    .await?;
    let proof = knock.answer(&Password::typed(password), &chance)?;
    let (clock, with) = (server.clock.clone(), browser.clone());
    attempt(server, move |conn| {
        sign_in::enter(conn, clock.as_ref(), limits, &proof, &with, &chance)
    })
    .await
}

/// Signs somebody in who needs no code.
async fn signed_in(server: &TestServer, limits: &'static Limits, name: &str) -> Admitted {
    let address = format!("{name}@city.example");
    let browser = Browser {
        family: "Firefox, Linux".to_owned(),
        device: None,
    };
    match enter(server, limits, &address, PASSWORD, &browser)
        .await
        .unwrap()
    {
        Entered::In(admitted) => admitted,
        Entered::CodeWanted(_) => panic!("{name} has codes"),
    }
}

/// The session of a cookie, if it still lets anybody in.
async fn session(server: &TestServer, token: &Token) -> Option<Session> {
    let (clock, token) = (server.clock.clone(), token.clone());
    server
        .read(move |conn| sessions::find(conn, clock.as_ref(), &token))
        .await
        .map(|(session, _)| session)
}

/// Where a token stands in the database, by its longest part that a query takes as it is.
async fn places_of(server: &TestServer, token: &Token) -> Vec<String> {
    let parts = token.reveal().split(['-', '_']);
    let longest = parts.max_by_key(|part| part.len()).unwrap();
    server.places_of(longest).await
}

/// Counts of its own for a test.
fn limits() -> &'static Limits {
    Box::leak(Box::default())
}
