//! One-time codes from an app (RFC 6238), and the recovery codes for when the telephone is gone.

mod store;
mod totp;

pub(super) use self::store::{are_set_up, forget};

use super::sessions::Session;
use super::token::digest_of;
use super::{Error, Person, find};
use crate::kernel::{Clock, PersonId, Secret, Site};
use crate::platform::db::{self, Conn};

/// As many recovery codes are given out.
const RECOVERY_CODES: usize = 10;
/// Bytes of chance in one: 80 bits, which nobody guesses, so that a plain digest of it may be kept.
const RECOVERY_BYTES: usize = 10;
/// Bytes of a secret (RFC 4226, section 4: 160 bits are recommended).
const SECRET_BYTES: usize = 20;

/// What an app needs to make codes.
#[derive(Debug, Clone)]
pub struct Enrolment {
    /// To be typed: base 32, in groups of four.
    pub secret: Secret<String>,
    /// To be opened or shown as a picture: an `otpauth:` address.
    pub address: Secret<String>,
}

impl Enrolment {
    fn of(site: &Site, person: &Person, secret: &[u8]) -> Self {
        Self {
            secret: Secret::new(totp::in_groups(&totp::base32(secret))),
            address: Secret::new(totp::address(site.authority(), &person.email, secret)),
        }
    }
}

/// Whether codes are set up, and how many recovery codes are left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    pub are_set_up: bool,
    pub recovery_codes: usize,
}

/// Where whoever is in a session stands.
pub fn standing(conn: &mut Conn, session: &Session) -> Result<Standing, db::Error> {
    Ok(Standing {
        are_set_up: are_set_up(conn, session.person)?,
        recovery_codes: store::recovery_codes(conn, session.person)?,
    })
}

/// Begins to set codes up: nothing is asked for until [`confirm`] was given a first right code. Beginning again makes a
/// new secret.
pub fn enrol(
    conn: &mut Conn,
    clock: &dyn Clock,
    site: &Site,
    session: &Session,
    chance: &dyn Fn(&mut [u8]),
) -> Result<Enrolment, Error> {
    session.expect_fresh(clock.now())?;
    let person = find(conn, session.person)?.ok_or(Error::Unknown)?;
    if are_set_up(conn, person.id)? {
        return Err(Error::HasCodes);
    }
    let mut secret = [0; SECRET_BYTES];
    chance(&mut secret);
    store::enrol(conn, person.id, &secret)?;
    Ok(Enrolment::of(site, &person, &secret))
}

/// What [`enrol`] has told, as long as no right code was given: for whoever mistyped the first.
pub fn begun(
    conn: &mut Conn,
    clock: &dyn Clock,
    site: &Site,
    session: &Session,
) -> Result<Enrolment, Error> {
    session.expect_fresh(clock.now())?;
    let person = find(conn, session.person)?.ok_or(Error::Unknown)?;
    let kept = store::find(conn, person.id)?.ok_or(Error::NoCodes)?;
    if kept.is_confirmed {
        return Err(Error::HasCodes);
    }
    Ok(Enrolment::of(site, &person, &kept.secret))
}

/// Sets codes up with the first code that the app shows; returns the recovery codes, which are told once.
pub fn confirm(
    conn: &mut Conn,
    clock: &dyn Clock,
    session: &Session,
    code: &str,
    chance: &dyn Fn(&mut [u8]),
) -> Result<Vec<Secret<String>>, Error> {
    session.expect_fresh(clock.now())?;
    let kept = store::find(conn, session.person)?.ok_or(Error::NoCodes)?;
    if kept.is_confirmed {
        return Err(Error::HasCodes);
    }
    let step = totp::step_of(&kept.secret, code, clock.now(), kept.step).ok_or(Error::WrongCode)?;
    store::confirm(conn, session.person, clock.now(), step)?;
    new_recovery_codes(conn, session.person, chance)
}

/// Removes codes and recovery codes: from then on the password alone lets in.
pub fn remove(conn: &mut Conn, clock: &dyn Clock, session: &Session) -> Result<(), Error> {
    session.expect_fresh(clock.now())?;
    if !are_set_up(conn, session.person)? {
        return Err(Error::NoCodes);
    }
    Ok(forget(conn, session.person)?)
}

/// Makes ten new recovery codes in the place of those that there are.
pub fn renew_recovery_codes(
    conn: &mut Conn,
    clock: &dyn Clock,
    session: &Session,
    chance: &dyn Fn(&mut [u8]),
) -> Result<Vec<Secret<String>>, Error> {
    session.expect_fresh(clock.now())?;
    if !are_set_up(conn, session.person)? {
        return Err(Error::NoCodes);
    }
    new_recovery_codes(conn, session.person, chance)
}

fn new_recovery_codes(
    conn: &mut Conn,
    person: PersonId,
    chance: &dyn Fn(&mut [u8]),
) -> Result<Vec<Secret<String>>, Error> {
    let mut codes = vec![];
    for _ in 0..RECOVERY_CODES {
        let mut bytes = [0; RECOVERY_BYTES];
        chance(&mut bytes);
        codes.push(totp::base32(&bytes));
    }
    let digests: Vec<String> = codes.iter().map(|code| digest_of(code)).collect();
    store::keep_recovery_codes(conn, person, &digests)?;
    Ok(codes
        .iter()
        .map(|code| Secret::new(totp::in_groups(code).to_lowercase()))
        .collect())
}

/// Uses up a code or a recovery code; `false` if it is not right, or was used before.
pub(super) fn spend(
    conn: &mut Conn,
    clock: &dyn Clock,
    person: PersonId,
    code: &str,
) -> Result<bool, db::Error> {
    let code: String = code
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .take(64)
        .collect::<String>()
        .to_uppercase();
    if code.len() > totp::DIGITS {
        return store::spend_recovery_code(conn, person, &digest_of(&code));
    }
    let Some(kept) = store::find(conn, person)?.filter(|kept| kept.is_confirmed) else {
        return Ok(false);
    };
    match totp::step_of(&kept.secret, &code, clock.now(), kept.step) {
        Some(step) => store::spend_step(conn, person, step),
        None => Ok(false),
    }
}
