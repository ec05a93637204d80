//! HTTP signatures, in and out: draft-cavage-http-signatures-12 and RFC 9421. Pure: no clock, no network.

mod cavage;
mod digest;
mod message;
pub mod proof;
mod refusal;
mod sign;

use http::{HeaderMap, Method};

pub use self::digest::BodyDigest;
pub use self::refusal::Refusal;
pub use self::sign::{Outgoing, SignedHeaders, sign};

use crate::federation::keys::Algorithm;
use crate::federation::keys::PublicKey;
use crate::kernel::Timestamp;

/// Longer key ids, header values and bases than these are refused before anything is done with them.
const LONGEST_KEY_ID: usize = 2048;
const LONGEST_HEADER: usize = 8 * 1024;
const LONGEST_BASE: usize = 64 * 1024;
/// More covered components than any server signs.
const MOST_COMPONENTS: usize = 32;
/// A signature of the longest key that we accept has 512 bytes.
const LONGEST_SIGNATURE: usize = 512;

/// A request as it came in. Behind a TLS proxy only the configuration knows what the sender signed, so the
/// caller says it.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    pub method: &'a Method,
    /// Path and query, as received: `/inbox?a=b`.
    pub target: &'a str,
    pub headers: &'a HeaderMap,
    /// `https`, or `http` where that is our public address.
    pub scheme: &'a str,
    /// Our public authority: the host, with its port if that is not the scheme's own.
    pub authority: &'a str,
    pub body: &'a [u8],
}

/// The two ways to sign a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// draft-cavage-http-signatures-12: what every server understands.
    Cavage,
    /// RFC 9421, HTTP Message Signatures: what some prefer.
    Message,
}

/// How old a signature may be, in seconds. Mastodon takes 65 minutes, 13 hours with `expires`, and an hour of
/// the future; Misskey takes five minutes either way. A signature from the past is what a slow queue sends,
/// and the once-only rule makes a replay harmless; one from the future is only ever a wrong clock, and whose
/// clock is wrong by more than five minutes is refused by half the network already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// Without `expires`.
    pub past: u32,
    /// With `expires`, which must not have passed either.
    pub past_with_expires: u32,
    /// Into the future; also the grace after `expires`.
    pub skew: u32,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            past: 3600,
            past_with_expires: 12 * 3600,
            skew: 300,
        }
    }
}

impl Policy {
    /// Whether a signature made at `created`, in seconds since 1970, may still be believed.
    fn judge(self, created: i64, expires: Option<i64>, now: Timestamp) -> Result<(), Refusal> {
        let now = now.seconds();
        let skew = i64::from(self.skew);
        let past = if expires.is_some() {
            self.past_with_expires
        } else {
            self.past
        };
        if created > now.saturating_add(skew) {
            return Err(Refusal::Future);
        }
        if created < now.saturating_sub(i64::from(past))
            || expires.is_some_and(|expires| expires.saturating_add(skew) < now)
        {
            return Err(Refusal::Stale);
        }
        Ok(())
    }
}

/// What a request's signature claims. Nothing of it is true until [`Claim::verify`] says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// As the sender wrote it: mostly a URL, with or without a fragment.
    pub key_id: String,
    pub dialect: Dialect,
    /// The algorithm that the sender names, if the name says which.
    pub algorithm: Option<Algorithm>,
    /// The covered headers and other components, in the order signed.
    pub covered: Vec<String>,
    pub signature: Vec<u8>,
    /// The bytes that may have been signed: some servers leave out the query of the target.
    bases: Vec<Vec<u8>>,
}

impl Claim {
    /// Whether this key made the signature.
    pub fn verify(&self, key: &PublicKey) -> Result<(), Refusal> {
        if self
            .algorithm
            .is_some_and(|algorithm| algorithm != key.algorithm())
        {
            return Err(Refusal::OtherAlgorithm);
        }
        let is_signed = self
            .bases
            .iter()
            .any(|base| key.verifies(base, &self.signature));
        if is_signed {
            Ok(())
        } else {
            Err(Refusal::Mismatch)
        }
    }
}

/// Reads the signature of a request, and refuses it unless it covers what it must: the method, the target, the
/// host, the time and the body, all of them ours and of now. Whose key it is remains to be seen.
pub fn parse(request: &Request<'_>, now: Timestamp, policy: Policy) -> Result<Claim, Refusal> {
    // Another host in the clear is refused here; an absent one (HTTP/2) is filled in as ours below.
    if let Some(host) = one_header(request.headers, "host")?
        && !is_same_authority(host, request)
    {
        return Err(Refusal::OtherHost);
    }
    let claim = if request.headers.contains_key("signature-input") {
        message::parse(request, now, policy)?
    } else if request.headers.contains_key("signature") {
        cavage::parse(request, now, policy)?
    } else {
        return Err(Refusal::Unsigned);
    };
    if claim.bases.iter().any(|base| base.len() > LONGEST_BASE)
        || claim.key_id.len() > LONGEST_KEY_ID
        || claim.signature.len() > LONGEST_SIGNATURE
    {
        return Err(Refusal::TooLong);
    }
    if claim.key_id.is_empty() {
        return Err(Refusal::NoKeyId);
    }
    Ok(claim)
}

/// Whether a `Host` names us; the scheme's own port may be written or not.
fn is_same_authority(host: &str, request: &Request<'_>) -> bool {
    let port = if request.scheme == "http" {
        ":80"
    } else {
        ":443"
    };
    let bare = |authority: &str| {
        authority
            .strip_suffix(port)
            .unwrap_or(authority)
            .to_ascii_lowercase()
    };
    bare(host.trim()) == bare(request.authority)
}

/// Whether this request must say what its body is.
fn has_body(request: &Request<'_>) -> bool {
    !request.body.is_empty() || !matches!(*request.method, Method::GET | Method::HEAD)
}

/// The value of a header that may stand only once.
fn one_header<'a>(headers: &'a HeaderMap, name: &str) -> Result<Option<&'a str>, Refusal> {
    let mut values = headers.get_all(name).iter();
    let Some(value) = values.next() else {
        return Ok(None);
    };
    if values.next().is_some() {
        return Err(Refusal::Repeated);
    }
    if value.len() > LONGEST_HEADER {
        return Err(Refusal::TooLong);
    }
    value.to_str().map(Some).map_err(|_| Refusal::Malformed)
}

/// A header as both dialects sign it: its values trimmed, and joined by a comma and a space.
fn joined_header(request: &Request<'_>, name: &str) -> Result<Vec<u8>, Refusal> {
    let mut joined = Vec::new();
    let mut is_first = true;
    for value in request.headers.get_all(name) {
        if joined.len() + value.len() > LONGEST_HEADER {
            return Err(Refusal::TooLong);
        }
        if !is_first {
            joined.extend_from_slice(b", ");
        }
        joined.extend_from_slice(value.as_bytes().trim_ascii());
        is_first = false;
    }
    match (is_first, name) {
        (false, _) => Ok(joined),
        // HTTP/2 has no such header; what the sender called `:authority` can only be us.
        (true, "host") => Ok(request.authority.as_bytes().to_vec()),
        (true, _) => Err(Refusal::CoversMissing),
    }
}

#[cfg(test)]
mod tests;
