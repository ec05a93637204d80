//! Cosignatures: a witness says that it saw this tree grow, and when (c2sp.org/tlog-cosignature, Ed25519).

use super::Checkpoint;
use super::key::{KeyKind, SigningKey, VerifierKey};
use super::note::{Signature, Unsignable};

/// The latest time that a cosignature may bear, in seconds since 1970.
const LATEST: u64 = u64::MAX >> 1;

/// Cosigns a checkpoint's text at a time in seconds since 1970: "as of then, this was the largest consistent tree of
/// this log that I have seen".
pub fn cosign(checkpoint: &str, key: &SigningKey, time: u64) -> Result<Signature, Unsignable> {
    if key.verifier().kind() != KeyKind::Cosignature {
        return Err(Unsignable::Kind);
    }
    if Checkpoint::parse(checkpoint).is_err() {
        return Err(Unsignable::NotACheckpoint);
    }
    if !(1..=LATEST).contains(&time) {
        return Err(Unsignable::Time);
    }
    let signature = key.sign(message(checkpoint, time).as_bytes());
    Ok(Signature {
        name: key.verifier().name().to_owned(),
        id: key.verifier().id(),
        bytes: [&time.to_be_bytes(), &signature[..]].concat(),
    })
}

/// The time of a valid cosignature of the text; `None` if it is not valid.
pub(super) fn verify(text: &str, signature: &[u8], key: &VerifierKey) -> Option<u64> {
    let (time, signature) = signature.split_first_chunk()?;
    let time = u64::from_be_bytes(*time);
    let sensible = (1..=LATEST).contains(&time) && Checkpoint::parse(text).is_ok();
    let valid = sensible && key.accepts(message(text, time).as_bytes(), signature);
    valid.then_some(time)
}

fn message(checkpoint: &str, time: u64) -> String {
    format!("cosignature/v1\ntime {time}\n{checkpoint}")
}
