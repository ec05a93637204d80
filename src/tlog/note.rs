//! Signed notes: a text and the lines that sign it (c2sp.org/signed-note).

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::cosignature;
use super::key::{KeyKind, SigningKey, VerifierKey, is_name};

/// Bytes of the largest note that is read.
pub const LARGEST: usize = 1 << 20;

/// Signatures that are read in one note, as many as Go's `note` package does; the specification asks for 16.
pub const MOST_SIGNATURES: usize = 100;

/// What a signature line begins with: an em dash and a space.
const DASH: &str = "\u{2014} ";

/// Why bytes are no signed note.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    #[error("a note has at most {LARGEST} bytes")]
    TooLarge,
    #[error("a note is UTF-8 without control characters other than the newline")]
    Characters,
    #[error("a note's text ends in a newline, and a blank line and signatures follow it")]
    Shape,
    #[error("a signature line is an em dash, a key's name and base64, with one space between them")]
    SignatureLine,
    #[error("a note has at most {MOST_SIGNATURES} signatures")]
    TooManySignatures,
}

/// Why a text cannot be signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unsignable {
    #[error("a note's text ends in a newline and has no other control characters")]
    Text,
    #[error("a key of this kind signs something else")]
    Kind,
    #[error("the text is no checkpoint")]
    NotACheckpoint,
    #[error("a cosignature's time is between 1 and 2^63 - 1 seconds")]
    Time,
}

/// Why a note is not to be believed to come from a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unverified {
    #[error("the note is not signed with this key")]
    NotSigned,
    /// A signature of the key's name and id is there, and is wrong: such a note is rejected as a whole.
    #[error("the note bears a signature of this key that is wrong")]
    WrongSignature,
}

/// What a valid signature says besides the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verified {
    /// The time of a cosignature, in seconds since 1970; a log's own signature has none.
    pub timestamp: Option<u64>,
}

/// One signature line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// The key's name.
    pub name: String,
    /// The key's id.
    pub id: u32,
    /// What the key's kind makes of it; at least one byte.
    pub bytes: Vec<u8>,
}

/// A text with its signatures, none of which has been verified. One that was read or signed shows itself as exactly
/// the bytes that it was read from, or that others read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// With its final newline, without the blank line that follows it.
    pub text: String,
    pub signatures: Vec<Signature>,
}

impl Note {
    /// Signs a text with a log's keys; the text must end in a newline.
    pub fn signed(text: &str, keys: &[&SigningKey]) -> Result<Self, Unsignable> {
        let signatures = keys.iter().map(|key| sign(text, key));
        Ok(Self {
            text: text.to_owned(),
            signatures: signatures.collect::<Result<_, _>>()?,
        })
    }

    pub fn parse(note: &str) -> Result<Self, Malformed> {
        if note.len() > LARGEST {
            return Err(Malformed::TooLarge);
        }
        if !is_text(note) {
            return Err(Malformed::Characters);
        }
        let at = note.rfind("\n\n").ok_or(Malformed::Shape)?;
        let (text, signatures) = note.split_at_checked(at + 1).ok_or(Malformed::Shape)?;
        let signatures = signatures.strip_prefix('\n').ok_or(Malformed::Shape)?;
        Ok(Self {
            text: text.to_owned(),
            signatures: parse_signatures(signatures)?,
        })
    }

    /// Reads bytes that may not be UTF-8 either.
    pub fn from_bytes(note: &[u8]) -> Result<Self, Malformed> {
        if note.len() > LARGEST {
            return Err(Malformed::TooLarge);
        }
        Self::parse(std::str::from_utf8(note).map_err(|_| Malformed::Characters)?)
    }

    /// Checks every signature that bears the key's name and id; there must be one, and none may be wrong. If a witness
    /// signed twice, the later time counts. Signatures of other keys are ignored.
    pub fn verify(&self, key: &VerifierKey) -> Result<Verified, Unverified> {
        let mut newest = None;
        let claimed = |it: &&Signature| it.id == key.id() && it.name == key.name();
        for signature in self.signatures.iter().filter(claimed) {
            let verified = signature.verify(&self.text, key)?;
            let timestamp = verified.timestamp;
            newest = Some(newest.map_or(timestamp, |other: Option<u64>| other.max(timestamp)));
        }
        let timestamp = newest.ok_or(Unverified::NotSigned)?;
        Ok(Verified { timestamp })
    }

    /// Adds a signature in the place of one by the same key, if there is one.
    pub fn add(&mut self, signature: Signature) {
        self.signatures
            .retain(|it| (it.id, &it.name) != (signature.id, &signature.name));
        self.signatures.push(signature);
    }
}

impl Signature {
    /// Reads one line, without its newline.
    pub fn parse(line: &str) -> Result<Self, Malformed> {
        let rest = line.strip_prefix(DASH).ok_or(Malformed::SignatureLine)?;
        let (name, base64) = rest.split_once(' ').ok_or(Malformed::SignatureLine)?;
        let bytes = STANDARD
            .decode(base64)
            .map_err(|_| Malformed::SignatureLine)?;
        match bytes.split_first_chunk() {
            Some((id, bytes)) if is_name(name) && !bytes.is_empty() => Ok(Self {
                name: name.to_owned(),
                id: u32::from_be_bytes(*id),
                bytes: bytes.to_vec(),
            }),
            _ => Err(Malformed::SignatureLine),
        }
    }

    fn verify(&self, text: &str, key: &VerifierKey) -> Result<Verified, Unverified> {
        let (timestamp, valid) = match key.kind() {
            KeyKind::Ed25519 => (None, key.accepts(text.as_bytes(), &self.bytes)),
            KeyKind::Cosignature => {
                let time = cosignature::verify(text, &self.bytes, key);
                (time, time.is_some())
            }
        };
        if valid {
            Ok(Verified { timestamp })
        } else {
            Err(Unverified::WrongSignature)
        }
    }
}

/// One line, without its newline.
impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = [&self.id.to_be_bytes(), &self.bytes[..]].concat();
        write!(f, "{DASH}{} {}", self.name, STANDARD.encode(bytes))
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures
            .iter()
            .try_for_each(|it| writeln!(f, "{it}"))
    }
}

impl FromStr for Note {
    type Err = Malformed;

    fn from_str(note: &str) -> Result<Self, Malformed> {
        Self::parse(note)
    }
}

/// A log's signature of a text, which must end in a newline.
pub fn sign(text: &str, key: &SigningKey) -> Result<Signature, Unsignable> {
    if key.verifier().kind() != KeyKind::Ed25519 {
        return Err(Unsignable::Kind);
    }
    if !text.ends_with('\n') || !is_text(text) {
        return Err(Unsignable::Text);
    }
    Ok(Signature {
        name: key.verifier().name().to_owned(),
        id: key.verifier().id(),
        bytes: key.sign(text.as_bytes()),
    })
}

/// Reads signature lines, at least one, each with its newline: the end of a note, or what a witness answers.
pub fn parse_signatures(lines: &str) -> Result<Vec<Signature>, Malformed> {
    let lines = lines.strip_suffix('\n').ok_or(Malformed::Shape)?;
    let mut signatures = vec![];
    for line in lines.split('\n') {
        if signatures.len() >= MOST_SIGNATURES {
            return Err(Malformed::TooManySignatures);
        }
        signatures.push(Signature::parse(line)?);
    }
    Ok(signatures)
}

fn is_text(text: &str) -> bool {
    !text.contains(|c: char| c < ' ' && c != '\n')
}
