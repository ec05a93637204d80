//! Sessions: how long somebody who has signed in is let in, on which devices, and how that ends.

pub(super) mod store;

pub use self::store::sweep;

use std::time::Duration;

use super::{Error, Person, Token};
use crate::kernel::{Clock, PersonId, SessionId, Timestamp};
use crate::platform::db::{self, Conn};

/// A session ends when nobody used it for this long.
pub const IDLE: Duration = Duration::from_secs(2 * 3600);
/// And in any case after this.
pub const LONGEST: Duration = Duration::from_secs(12 * 3600);
/// How long after proving who they are somebody may do what is dangerous.
pub const FRESH: Duration = Duration::from_secs(10 * 60);
/// When a session was used is noted no more often than this.
const NOTED_EVERY: Duration = Duration::from_secs(60);
/// How long a device is remembered on which nobody signs in.
pub const DEVICE: Duration = Duration::from_secs(400 * 24 * 3600);
/// Devices of one person that are remembered.
const MOST_DEVICES: i64 = 20;

/// Somebody's session. It holds no address and nothing of the browser but its family.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    pub id: SessionId,
    pub person: PersonId,
    pub browser: String,
    pub begun_at: Timestamp,
    pub seen_at: Timestamp,
    /// When they last proved who they are.
    pub proven_at: Timestamp,
    /// Until when what a provider said of them counts, if they came by way of one.
    pub ends_at: Option<Timestamp>,
}

/// What whoever was let in gets: two cookies.
#[derive(Debug, Clone)]
pub struct Admitted {
    pub person: PersonId,
    /// For as long as the browser runs, at most [`LONGEST`].
    pub session: Token,
    /// For [`DEVICE`]: gives this browser an allowance of its own, and lets nobody in.
    pub device: Token,
}

/// What a request tells of the browser that it comes from.
#[derive(Debug, Clone, Default)]
pub struct Browser {
    /// As [`super::browser::family`] says.
    pub family: String,
    /// Its device cookie.
    pub device: Option<Token>,
}

impl Session {
    /// Whether it still lets anybody in.
    pub fn is_open(&self, now: Timestamp) -> bool {
        let is_vouched_for = self.ends_at.is_none_or(|end| now < end);
        is_vouched_for && now.since(self.seen_at) < IDLE && now.since(self.begun_at) < LONGEST
    }

    /// Whether what is dangerous may be done without proving again who one is.
    pub fn is_fresh(&self, now: Timestamp) -> bool {
        now.since(self.proven_at) < FRESH
    }

    pub fn expect_fresh(&self, now: Timestamp) -> Result<(), Error> {
        if self.is_fresh(now) {
            Ok(())
        } else {
            Err(Error::ProveAgain)
        }
    }
}

/// The session that a cookie stands for, and whose it is; `None` if it has ended.
pub fn find(
    conn: &mut Conn,
    clock: &dyn Clock,
    token: &Token,
) -> Result<Option<(Session, Person)>, db::Error> {
    let now = clock.now();
    let found = store::find(conn, &token.digest())?;
    Ok(found.filter(|(session, person)| session.is_open(now) && person.is_active()))
}

/// Notes that a session is used, if that was not noted just before: ask [`is_due`] whether a write is worth it.
pub fn touch(conn: &mut Conn, clock: &dyn Clock, session: &Session) -> Result<(), db::Error> {
    store::touch(conn, session.id, clock.now())
}

/// Whether [`touch`] has something to note.
pub fn is_due(clock: &dyn Clock, session: &Session) -> bool {
    clock.now().since(session.seen_at) >= NOTED_EVERY
}

/// Ends the session that a cookie stands for; that there is none any more is no error.
pub fn sign_out(conn: &mut Conn, token: &Token) -> Result<(), db::Error> {
    store::end(conn, &token.digest())
}

/// The open sessions of whoever is in one, the one used last first.
pub fn list(
    conn: &mut Conn,
    clock: &dyn Clock,
    session: &Session,
) -> Result<Vec<Session>, db::Error> {
    let now = clock.now();
    let mut all = store::of_person(conn, session.person)?;
    all.retain(|it| it.is_open(now));
    Ok(all)
}

/// Ends one of one's own sessions.
pub fn revoke(conn: &mut Conn, session: &Session, other: SessionId) -> Result<(), Error> {
    if store::end_one(conn, session.person, other)? {
        Ok(())
    } else {
        Err(Error::SessionEnded)
    }
}

/// Ends all of one's own sessions but this one, and forgets all devices; returns how many sessions there were.
pub fn revoke_others(conn: &mut Conn, session: &Session) -> Result<usize, db::Error> {
    store::forget_devices(conn, session.person)?;
    store::end_all(conn, session.person, Some(session.id))
}

/// Ends all sessions of somebody.
pub(super) fn end_sessions(conn: &mut Conn, person: PersonId) -> Result<usize, db::Error> {
    store::forget_steps(conn, person)?;
    store::end_all(conn, person, None)
}

/// Forgets all that somebody could get in with.
pub(super) fn forget(conn: &mut Conn, person: PersonId) -> Result<(), db::Error> {
    end_sessions(conn, person)?;
    store::forget_devices(conn, person)?;
    store::set_password(conn, person, None)?;
    super::codes::forget(conn, person)?;
    super::passkeys::forget(conn, person)
}

/// Lets somebody in.
pub(super) fn begin(
    conn: &mut Conn,
    clock: &dyn Clock,
    person: PersonId,
    browser: &Browser,
    chance: &dyn Fn(&mut [u8]),
) -> Result<Admitted, db::Error> {
    let now = clock.now();
    let session = Token::make(chance);
    store::begin(conn, &session.digest(), person, &browser.family, now)?;
    let known = known_device(conn, browser.device.as_ref(), person)?;
    let device = known.unwrap_or_else(|| Token::make(chance));
    store::remember_device(conn, &device.digest(), person, now)?;
    store::forget_oldest_devices(conn, person, MOST_DEVICES)?;
    Ok(Admitted {
        person,
        session,
        device,
    })
}

/// The device, if this person has signed in on it.
pub(super) fn known_device(
    conn: &mut Conn,
    device: Option<&Token>,
    person: PersonId,
) -> Result<Option<Token>, db::Error> {
    let Some(device) = device else {
        return Ok(None);
    };
    let is_known = store::is_known(conn, &device.digest(), person)?;
    Ok(is_known.then(|| device.clone()))
}
