//! Passkeys: signing in with what a device or a security key holds, which no other site can ask for (Web Authentication,
//! level 3).
//!
//! ```text
//! begin → the browser makes one → add
//! ask   → the browser shows one → enter, and somebody is in
//! ask_again → the same, → prove_again
//! ```
//!
//! A challenge is a step in the database, so that any process of several takes the answer: bound to what it was asked for,
//! good once and for five minutes. Only passkeys that check who uses them are made and taken, so that one is two factors.

mod answer;
mod key;
mod store;
mod transports;

pub use self::answer::Unfit;
pub(super) use self::store::{count, forget, keep_steps_few};

use std::net::IpAddr;
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use self::answer::{Made, Question, Shown};
use self::key::Key;
use self::store::Kept;
use super::limits::Counted;
use super::sessions::store as steps;
use super::sessions::{self, Admitted, Browser, Session};
use super::trail::{self, Act};
use super::{Error, Limits, Token, find, identities, team};
use crate::kernel::{Clock, PasskeyId, PersonId, Plain, Site, Timestamp};
use crate::platform::db::{self, Conn};

/// How long the browser and its owner may take.
const STEP: Duration = Duration::from_secs(5 * 60);
/// Answers to one challenge that may be wrong.
const MOST_ATTEMPTS: i64 = 5;
/// Challenges of strangers that are kept; who begins when there are more takes the oldest one's place.
const MOST_STEPS: i64 = 10_000;
/// Passkeys of one person.
const MOST: usize = 20;
const LONGEST_NAME: usize = 100;
const CHALLENGE: usize = 32;
const USER_HANDLE: usize = 32;

const TO_ADD: &str = "passkey-add";
const TO_ENTER: &str = "passkey-enter";
const TO_PROVE: &str = "passkey-prove";

/// A passkey of somebody's, as they see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passkey {
    pub id: PasskeyId,
    pub name: String,
    pub created_at: Timestamp,
    pub used_at: Option<Timestamp>,
}

/// What a browser is asked for.
#[derive(Debug, Clone)]
pub struct Ceremony {
    /// Comes back with the answer.
    pub step: Token,
    /// `publicKey` of what `navigator.credentials` takes, as `parse…OptionsFromJSON` reads it.
    pub options: Value,
}

/// Whether there can be passkeys: they belong to a domain, and an address is none.
pub fn are_possible(site: &Site) -> bool {
    site.domain().is_some()
}

/// The passkeys of whoever is in a session, the oldest first.
pub fn list(conn: &mut Conn, session: &Session) -> Result<Vec<Passkey>, db::Error> {
    store::of_person(conn, session.person)
}

/// Whether whoever is in a session can show a passkey.
pub fn has_any(conn: &mut Conn, session: &Session) -> Result<bool, db::Error> {
    Ok(count(conn, session.person)? > 0)
}

/// Asks for a new passkey of whoever is in a session.
pub fn begin(
    conn: &mut Conn,
    clock: &dyn Clock,
    site: &Site,
    session: &Session,
    chance: &dyn Fn(&mut [u8]),
) -> Result<Ceremony, Error> {
    session.expect_fresh(clock.now())?;
    let domain = site.domain().ok_or(Error::NoDomain)?;
    let person = find(conn, session.person)?.ok_or(Error::Unknown)?;
    if count(conn, person.id)? >= MOST {
        return Err(Error::TooManyPasskeys(MOST));
    }
    let user_handle = match store::user_handle(conn, person.id)? {
        Some(there) => there,
        None => random::<USER_HANDLE>(chance).to_vec(),
    };
    let challenge = random::<CHALLENGE>(chance);
    let state = [challenge.as_slice(), &user_handle].concat();
    let step = keep(conn, clock, TO_ADD, Some(person.id), state, chance)?;
    let parameters = key::ALGORITHMS.map(|alg| json!({"type": "public-key", "alg": alg}));
    let options = json!({
        "rp": {"id": domain, "name": site.handle_domain()},
        "user": {
            "id": text(&user_handle),
            "name": person.email,
            "displayName": person.name,
        },
        "challenge": text(&challenge),
        "pubKeyCredParams": parameters,
        "timeout": STEP.as_millis(),
        "excludeCredentials": descriptors(conn, person.id)?,
        "authenticatorSelection": {
            "residentKey": "required",
            "requireResidentKey": true,
            "userVerification": "required",
        },
        "attestation": "none",
    });
    Ok(Ceremony { step, options })
}

/// Adds what the browser has made after [`begin`]. A name that is empty is the browser's.
pub fn add(
    conn: &mut Conn,
    clock: &dyn Clock,
    site: &Site,
    session: &Session,
    step: &Token,
    answer: &str,
    name: &str,
) -> Result<(), Error> {
    session.expect_fresh(clock.now())?;
    let state = open(conn, clock, step, TO_ADD, Some(session.person))?;
    let (challenge, user_handle) = state.split_at_checked(CHALLENGE).ok_or(Error::Begin)?;
    let new = Made::read(answer)?.answers(&Question { challenge, site })?;
    if store::by_credential(conn, &new.id)?.is_some() {
        return Err(Unfit::Registered.into());
    }
    if count(conn, session.person)? >= MOST {
        return Err(Error::TooManyPasskeys(MOST));
    }
    end(conn, step)?;
    let mut name = Plain::clean(name, LONGEST_NAME);
    if name.is_empty() {
        name = Plain::clean(&session.browser, LONGEST_NAME);
    }
    let now = clock.now();
    store::insert(conn, now, session.person, user_handle, &new, name.as_str())?;
    note(conn, clock, session, &Act::PasskeyAdded)
}

/// Removes a passkey of whoever is in a session.
pub fn remove(
    conn: &mut Conn,
    clock: &dyn Clock,
    session: &Session,
    id: PasskeyId,
) -> Result<(), Error> {
    session.expect_fresh(clock.now())?;
    if !store::remove(conn, session.person, id)? {
        return Err(Unfit::Unknown.into());
    }
    note(conn, clock, session, &Act::PasskeyRemoved)
}

/// Asks somebody at the door for a passkey: whichever their browser has for this site.
pub fn ask(
    conn: &mut Conn,
    clock: &dyn Clock,
    limits: &Limits,
    site: &Site,
    from: IpAddr,
    chance: &dyn Fn(&mut [u8]),
) -> Result<Ceremony, Error> {
    let domain = site.domain().ok_or(Error::NoDomain)?;
    limits
        .take(clock.now(), &limits.from(from))
        .map_err(Error::Wait)?;
    let challenge = random::<CHALLENGE>(chance);
    let step = keep(conn, clock, TO_ENTER, None, challenge.to_vec(), chance)?;
    store::keep_steps_few(conn, TO_ENTER, MOST_STEPS)?;
    let options = options(domain, &challenge, &[]);
    Ok(Ceremony { step, options })
}

/// Lets in who has shown a passkey after [`ask`]. What it was counted for is given back.
#[expect(
    clippy::too_many_arguments,
    reason = "everything that a request brings"
)]
pub fn enter(
    conn: &mut Conn,
    clock: &dyn Clock,
    limits: &Limits,
    site: &Site,
    step: &Token,
    answer: &str,
    browser: &Browser,
    from: IpAddr,
    chance: &dyn Fn(&mut [u8]),
) -> Result<Admitted, Error> {
    let counted = limits.from(from);
    limits.take(clock.now(), &counted).map_err(Error::Wait)?;
    let challenge = open(conn, clock, step, TO_ENTER, None)?;
    let shown = Shown::read(answer)?;
    let kept = known(conn, &shown)?;
    if shown.user_handle() != Some(&kept.user_handle) {
        return Err(Unfit::Unknown.into());
    }
    identities::expect_none_by_groups(conn, kept.person)?;
    take(conn, clock, site, step, &challenge, &shown, &kept)?;
    let admitted = sessions::begin(conn, clock, kept.person, browser, chance)?;
    // Once for the question, once for the answer.
    limits.give_back(&counted);
    limits.give_back(&counted);
    Ok(admitted)
}

/// Asks whoever is in a session to show again that it is them, with one of their passkeys.
pub fn ask_again(
    conn: &mut Conn,
    clock: &dyn Clock,
    limits: &Limits,
    site: &Site,
    session: &Session,
    chance: &dyn Fn(&mut [u8]),
) -> Result<Ceremony, Error> {
    let domain = site.domain().ok_or(Error::NoDomain)?;
    let counted = limits.inside(session.person);
    limits.take(clock.now(), &counted).map_err(Error::Wait)?;
    let own = descriptors(conn, session.person)?;
    if own.is_empty() {
        return Err(Unfit::Unknown.into());
    }
    let challenge = random::<CHALLENGE>(chance);
    let of = Some(session.person);
    let step = keep(conn, clock, TO_PROVE, of, challenge.to_vec(), chance)?;
    let options = options(domain, &challenge, &own);
    Ok(Ceremony { step, options })
}

/// Notes that whoever is in a session has shown a passkey of theirs after [`ask_again`].
pub fn prove_again(
    conn: &mut Conn,
    clock: &dyn Clock,
    limits: &Limits,
    site: &Site,
    session: &Session,
    step: &Token,
    answer: &str,
) -> Result<(), Error> {
    let counted: Counted = limits.inside(session.person);
    limits.take(clock.now(), &counted).map_err(Error::Wait)?;
    let challenge = open(conn, clock, step, TO_PROVE, Some(session.person))?;
    let shown = Shown::read(answer)?;
    let kept = known(conn, &shown)?;
    if kept.person != session.person {
        return Err(Unfit::Unknown.into());
    }
    take(conn, clock, site, step, &challenge, &shown, &kept)?;
    steps::prove(conn, session.id, clock.now())?;
    limits.give_back(&counted);
    limits.give_back(&counted);
    Ok(())
}

/// A passkey of somebody who may sign in.
fn known(conn: &mut Conn, shown: &Shown) -> Result<Kept, Error> {
    let kept = store::by_credential(conn, &shown.id)?.ok_or(Unfit::Unknown)?;
    match team::active(conn, kept.person) {
        Ok(_) => Ok(kept),
        Err(Error::Unknown) => Err(Unfit::Unknown.into()),
        Err(error) => Err(error),
    }
}

/// Takes an answer that fits, and its challenge with it.
fn take(
    conn: &mut Conn,
    clock: &dyn Clock,
    site: &Site,
    step: &Token,
    challenge: &[u8],
    shown: &Shown,
    kept: &Kept,
) -> Result<(), Error> {
    let key = Key::read(&kept.key).ok_or(db::Error::Corrupt("staff_passkeys.public_key"))?;
    let counter = shown.answers(&Question { challenge, site }, &key, kept.counter)?;
    end(conn, step)?;
    if store::used(conn, kept, counter, clock.now())? {
        Ok(())
    } else {
        Err(Unfit::Counter.into())
    }
}

fn keep(
    conn: &mut Conn,
    clock: &dyn Clock,
    kind: &'static str,
    person: Option<PersonId>,
    state: Vec<u8>,
    chance: &dyn Fn(&mut [u8]),
) -> Result<Token, db::Error> {
    let step = Token::make(chance);
    let begun = steps::Step {
        kind,
        person,
        state,
        expires_at: clock.now() + STEP,
    };
    steps::keep_step(conn, &step.digest(), &begun)?;
    Ok(step)
}

/// What was kept with a step that is open, and was begun for `person`.
fn open(
    conn: &mut Conn,
    clock: &dyn Clock,
    step: &Token,
    kind: &str,
    person: Option<PersonId>,
) -> Result<Vec<u8>, Error> {
    let found = steps::attempt_step(conn, &step.digest(), kind, clock.now(), MOST_ATTEMPTS)?;
    match found {
        Some((of, state)) if of == person => Ok(state),
        _ => Err(Error::Begin),
    }
}

fn end(conn: &mut Conn, step: &Token) -> Result<(), Error> {
    if steps::end_step(conn, &step.digest())? {
        Ok(())
    } else {
        Err(Error::Begin)
    }
}

fn note(conn: &mut Conn, clock: &dyn Clock, session: &Session, act: &Act) -> Result<(), Error> {
    let person = session.person;
    Ok(trail::note_everywhere(
        conn,
        clock,
        Some(person),
        person,
        act,
    )?)
}

fn options(domain: &str, challenge: &[u8], own: &[Value]) -> Value {
    json!({
        "challenge": text(challenge),
        "timeout": STEP.as_millis(),
        "rpId": domain,
        "userVerification": "required",
        "allowCredentials": own,
    })
}

fn descriptors(conn: &mut Conn, person: PersonId) -> Result<Vec<Value>, db::Error> {
    let found = store::descriptors(conn, person)?;
    let descriptors = found.into_iter().map(|(id, reached)| {
        let transports = transports::names(reached);
        json!({"type": "public-key", "id": text(&id), "transports": transports})
    });
    Ok(descriptors.collect())
}

fn random<const N: usize>(chance: &dyn Fn(&mut [u8])) -> [u8; N] {
    let mut bytes = [0; N];
    chance(&mut bytes);
    bytes
}

fn text(bytes: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}
