//! Who besides the staff may see what opens a citizen's entry: its author by a receipt, auditors by a grant.
//!
//! A receipt is a token that is computed and not stored: whoever has it can open one entry. A grant is a token of which
//! only the digest is stored: until it expires it opens what citizens said in public in one record.

mod store;

pub use self::store::{Grant, grants, revoke};

use aws_lc_rs::{constant_time, digest, hmac};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

use super::log::Log;
use crate::kernel::{Clock, GrantId, Secret, Timestamp};
use crate::platform::db::{self, Conn};

/// Bytes of a grant's token, and of the secret behind receipts.
const SIZE: usize = 32;
/// Characters of a label.
const LONGEST_LABEL: usize = 200;

/// Why a grant could not be given.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("a grant needs a label of 1 to {LONGEST_LABEL} characters that says whom it is for")]
    Label,
    #[error("a grant ends on a day to come")]
    Past,
    #[error(transparent)]
    Db(#[from] db::Error),
}

/// What a request shows to be let see more.
#[derive(Debug, Clone, Default)]
pub struct Shown {
    pub receipt: Option<Secret<String>>,
    pub grant: Option<Secret<String>>,
}

/// What it may see for that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    Public,
    /// As its author.
    Author,
    Auditor,
}

/// The token that opens one entry for its author; the secret behind all of them is made with the first.
pub fn receipt(
    conn: &mut Conn,
    log: &Log,
    index: u64,
    chance: &dyn Fn(&mut [u8]),
) -> Result<Secret<String>, db::Error> {
    if store::secret(conn)?.is_none() {
        let mut secret = [0; SIZE];
        chance(&mut secret);
        store::keep_secret(conn, &BASE64_URL_SAFE_NO_PAD.encode(secret))?;
    }
    let key = key(conn)?.ok_or(db::Error::Corrupt("settings.record_receipts"))?;
    let token = hmac::sign(&key, message(log, index).as_bytes());
    Ok(Secret::new(BASE64_URL_SAFE_NO_PAD.encode(token)))
}

fn key(conn: &mut Conn) -> Result<Option<hmac::Key>, db::Error> {
    let Some(secret) = store::secret(conn)? else {
        return Ok(None);
    };
    let secret = BASE64_URL_SAFE_NO_PAD
        .decode(secret.reveal())
        .map_err(|_| db::Error::Corrupt("settings.record_receipts"))?;
    Ok(Some(hmac::Key::new(hmac::HMAC_SHA256, &secret)))
}

fn message(log: &Log, index: u64) -> String {
    format!("receipt {} {index}", log.id)
}

/// Lets somebody see what opens citizens' entries of a log until `until`; the token is told once and never again.
pub fn grant(
    conn: &mut Conn,
    clock: &dyn Clock,
    log: &Log,
    label: &str,
    until: Timestamp,
    chance: &dyn Fn(&mut [u8]),
) -> Result<(GrantId, Secret<String>), Error> {
    let label = label.trim();
    if label.is_empty() || label.chars().count() > LONGEST_LABEL {
        return Err(Error::Label);
    }
    let now = clock.now();
    if until <= now {
        return Err(Error::Past);
    }
    let mut token = [0; SIZE];
    chance(&mut token);
    let token = BASE64_URL_SAFE_NO_PAD.encode(token);
    let id = store::insert(conn, log.id, &digest_of(&token), label, now, until)?;
    Ok((id, Secret::new(token)))
}

fn digest_of(token: &str) -> String {
    let digest = digest::digest(&digest::SHA256, token.as_bytes());
    BASE64_URL_SAFE_NO_PAD.encode(digest)
}

/// What a request may see of an entry. Tokens are compared in a time that says nothing about them.
pub fn access(
    conn: &mut Conn,
    now: Timestamp,
    log: &Log,
    index: u64,
    shown: &Shown,
) -> Result<Access, db::Error> {
    if let Some(receipt) = &shown.receipt
        && let Ok(token) = BASE64_URL_SAFE_NO_PAD.decode(receipt.reveal())
        && let Some(key) = key(conn)?
        && hmac::verify(&key, message(log, index).as_bytes(), &token).is_ok()
    {
        return Ok(Access::Author);
    }
    if let Some(grant) = &shown.grant {
        let digest = digest_of(grant.reveal());
        let stored = store::digests_in_force(conn, log.id, now)?;
        let known = stored.iter().any(|stored| {
            constant_time::verify_slices_are_equal(stored.as_bytes(), digest.as_bytes()).is_ok()
        });
        if known {
            return Ok(Access::Auditor);
        }
    }
    Ok(Access::Public)
}
