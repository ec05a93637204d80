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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tlog::note::{Note, Unverified};

    const CHECKPOINT: &str =
        "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";

    fn key(kind: KeyKind) -> SigningKey {
        SigningKey::from_seed("witness.example.com/w1", kind, &[9; 32]).unwrap()
    }

    #[test]
    fn what_is_signed_is_the_text_of_the_specification() {
        assert_eq!(
            message(CHECKPOINT, 1_679_315_147),
            "cosignature/v1\ntime 1679315147\nexample.com/behind-the-sofa\n20852163\n\
             CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
        );
    }

    #[test]
    fn a_cosignature_tells_its_time() {
        let key = key(KeyKind::Cosignature);
        let mut note = Note {
            text: CHECKPOINT.to_owned(),
            signatures: vec![],
        };
        for time in [1, 1_679_315_147, LATEST] {
            let signature = cosign(CHECKPOINT, &key, time).unwrap();
            assert_eq!(signature.bytes.len(), 72);
            note.add(signature);
            let read = Note::parse(&note.to_string()).unwrap();
            assert_eq!(read.verify(key.verifier()).unwrap().timestamp, Some(time));
        }
        // The newest of several counts.
        note.signatures.push(cosign(CHECKPOINT, &key, 5).unwrap());
        assert_eq!(note.verify(key.verifier()).unwrap().timestamp, Some(LATEST));
    }

    #[test]
    fn every_byte_of_it_counts() {
        let key = key(KeyKind::Cosignature);
        let right = cosign(CHECKPOINT, &key, 1_679_315_147).unwrap();
        for at in 0..right.bytes.len() {
            let mut wrong = right.clone();
            wrong.bytes[at] ^= 1;
            let note = Note {
                text: CHECKPOINT.to_owned(),
                signatures: vec![wrong],
            };
            assert_eq!(
                note.verify(key.verifier()),
                Err(Unverified::WrongSignature),
                "{at}"
            );
        }
        for size in [0, 1, 8, 71] {
            let mut short = right.clone();
            short.bytes.truncate(size);
            let note = Note {
                text: CHECKPOINT.to_owned(),
                signatures: vec![short],
            };
            assert!(note.verify(key.verifier()).is_err(), "{size}");
        }
    }

    #[test]
    fn what_cannot_be_cosigned() {
        let witness = key(KeyKind::Cosignature);
        let log = key(KeyKind::Ed25519);
        assert_eq!(cosign(CHECKPOINT, &log, 1), Err(Unsignable::Kind));
        assert_eq!(
            cosign("text\n", &witness, 1),
            Err(Unsignable::NotACheckpoint)
        );
        assert_eq!(cosign(CHECKPOINT, &witness, 0), Err(Unsignable::Time));
        assert_eq!(
            cosign(CHECKPOINT, &witness, LATEST + 1),
            Err(Unsignable::Time)
        );
    }
}
