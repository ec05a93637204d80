//! Signing in with a password, and with a code behind it where codes are set up.
//!
//! ```text
//! knock (a transaction) → Knock::answer (slow, in none) → enter (a transaction) → in, or give_code → in
//! ```
//!
//! The edge keeps [`Knock::answer`] off its threads, and few of them going at a time: each takes 19 MiB.

use std::net::IpAddr;
use std::time::Duration;

use super::limits::Counted;
use super::password::{Hash, Password};
use super::sessions::{self, Admitted, Browser, Session, store};
use super::{Error, Limits, Person, Token, codes, find_by_address, identities, person};
use crate::kernel::{Clock, PersonId};
use crate::platform::db::{self, Conn};

/// How long the code may take after the password.
const STEP: Duration = Duration::from_secs(5 * 60);
/// Codes that may be wrong before the password is asked for again.
const MOST_CODES: i64 = 3;
const KIND: &str = "code";

/// An attempt to get in as somebody, counted, before anything was compared.
#[derive(Debug)]
pub struct Knock {
    person: Option<PersonId>,
    hash: Hash,
    counted: Counted,
}

/// Somebody who has given their password.
#[derive(Debug)]
pub struct Proof {
    person: PersonId,
    /// What it was compared with.
    hash: Hash,
    /// The same password under the parameters of today, if that was made under others.
    newer: Option<Hash>,
    counted: Counted,
}

/// What a password leads to.
#[derive(Debug)]
pub enum Entered {
    In(Admitted),
    /// A code is needed as well: this goes into a hidden field or a cookie, and [`give_code`] takes it.
    CodeWanted(Token),
}

/// Somebody wants in. Tells nothing of whether there is such an account.
pub fn knock(
    conn: &mut Conn,
    clock: &dyn Clock,
    limits: &Limits,
    address: &str,
    browser: &Browser,
    from: IpAddr,
) -> Result<Knock, Error> {
    let address = person::address(address).unwrap_or_default();
    let found = find_by_address(conn, &address)?.filter(Person::is_active);
    let device = match &found {
        Some(person) => sessions::known_device(conn, browser.device.as_ref(), person.id)?,
        None => None,
    };
    let counted = match (&found, &device) {
        (Some(person), Some(device)) => limits.known(person.id, device),
        _ => limits.unknown(&address, from),
    };
    limits.take(clock.now(), &counted).map_err(Error::Wait)?;
    let hash = match &found {
        Some(person) => store::password(conn, person.id)?,
        None => None,
    };
    Ok(Knock {
        person: found.filter(|_| hash.is_some()).map(|it| it.id),
        hash: hash.unwrap_or_else(Hash::of_nobody),
        counted,
    })
}

/// Whoever is in a session wants to prove again who they are.
pub fn knock_again(
    conn: &mut Conn,
    clock: &dyn Clock,
    limits: &Limits,
    session: &Session,
) -> Result<Knock, Error> {
    let counted = limits.inside(session.person);
    limits.take(clock.now(), &counted).map_err(Error::Wait)?;
    let hash = store::password(conn, session.person)?;
    Ok(Knock {
        person: hash.as_ref().map(|_| session.person),
        hash: hash.unwrap_or_else(Hash::of_nobody),
        counted,
    })
}

/// Whether whoever is in a session has a password; who came by way of a provider may have none.
pub fn has_password(conn: &mut Conn, session: &Session) -> Result<bool, db::Error> {
    Ok(store::password(conn, session.person)?.is_some())
}

impl Knock {
    /// Compares: slow on purpose, as slow for an account that is not there, and outside of any transaction.
    pub fn answer(self, password: &Password, chance: &dyn Fn(&mut [u8])) -> Result<Proof, Error> {
        let fits = self.hash.fits(password);
        let person = self.person.filter(|_| fits).ok_or(Error::Wrong)?;
        Ok(Proof {
            person,
            newer: self.hash.is_outdated().then(|| password.hash(chance)),
            hash: self.hash,
            counted: self.counted,
        })
    }
}

impl Proof {
    /// An error if the password was changed, or its owner removed, since it was compared.
    fn expect_valid(&self, conn: &mut Conn) -> Result<(), Error> {
        let now = store::password(conn, self.person)?;
        if now.as_ref() != Some(&self.hash) {
            return Err(Error::Wrong);
        }
        if let Some(newer) = &self.newer {
            store::set_password(conn, self.person, Some(newer))?;
        }
        Ok(())
    }
}

/// Lets in who has given their password, or asks for a code.
pub fn enter(
    conn: &mut Conn,
    clock: &dyn Clock,
    limits: &Limits,
    proof: &Proof,
    browser: &Browser,
    chance: &dyn Fn(&mut [u8]),
) -> Result<Entered, Error> {
    proof.expect_valid(conn)?;
    identities::expect_none_by_groups(conn, proof.person)?;
    if codes::are_set_up(conn, proof.person)? {
        let step = Token::make(chance);
        let begun = store::Step {
            kind: KIND,
            person: Some(proof.person),
            state: vec![],
            expires_at: clock.now() + STEP,
        };
        store::keep_step(conn, &step.digest(), &begun)?;
        return Ok(Entered::CodeWanted(step));
    }
    let admitted = sessions::begin(conn, clock, proof.person, browser, chance)?;
    limits.give_back(&proof.counted);
    Ok(Entered::In(admitted))
}

/// What became of a code. It is no error, so that the transaction which has counted the attempt is kept.
#[derive(Debug)]
pub enum Code {
    In(Admitted),
    Wrong,
}

/// Lets in who has also given a code, or a recovery code.
pub fn give_code(
    conn: &mut Conn,
    clock: &dyn Clock,
    limits: &Limits,
    step: &Token,
    code: &str,
    browser: &Browser,
    chance: &dyn Fn(&mut [u8]),
) -> Result<Code, Error> {
    let now = clock.now();
    let open = store::attempt_step(conn, &step.digest(), KIND, now, MOST_CODES)?;
    let Some((Some(person), _)) = open else {
        return Err(Error::Begin);
    };
    let device = sessions::known_device(conn, browser.device.as_ref(), person)?;
    let counted = limits.code(person, device.as_ref());
    limits.take(now, &counted).map_err(Error::Wait)?;
    if !codes::spend(conn, clock, person, code)? {
        return Ok(Code::Wrong);
    }
    if !store::end_step(conn, &step.digest())? {
        return Err(Error::Begin);
    }
    let admitted = sessions::begin(conn, clock, person, browser, chance)?;
    limits.give_back(&counted);
    Ok(Code::In(admitted))
}

/// Notes that whoever is in a session has proven again who they are.
pub fn prove_again(
    conn: &mut Conn,
    clock: &dyn Clock,
    limits: &Limits,
    session: &Session,
    proof: &Proof,
) -> Result<(), Error> {
    if proof.person != session.person {
        return Err(Error::Wrong);
    }
    proof.expect_valid(conn)?;
    store::prove(conn, session.id, clock.now())?;
    limits.give_back(&proof.counted);
    Ok(())
}

/// Sets a new password for whoever is in a session and has given the old one. Their other sessions end.
pub fn change_password(
    conn: &mut Conn,
    clock: &dyn Clock,
    limits: &Limits,
    session: &Session,
    proof: &Proof,
    new: &Hash,
) -> Result<(), Error> {
    prove_again(conn, clock, limits, session, proof)?;
    store::set_password(conn, session.person, Some(new))?;
    sessions::revoke_others(conn, session)?;
    Ok(())
}

/// Counts an attempt with nothing but an address, such as opening a link.
pub fn count_from(limits: &Limits, clock: &dyn Clock, from: IpAddr) -> Result<(), Error> {
    limits
        .take(clock.now(), &limits.from(from))
        .map_err(Error::Wait)
}

/// What a person may be asked for besides their password.
pub fn needs_code(conn: &mut Conn, session: &Session) -> Result<bool, db::Error> {
    codes::are_set_up(conn, session.person)
}
