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

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the specification.
    const KEY: &str = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
    const NOTE: &str = "This is an example message.\n\n\
        \u{2014} example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";

    fn key(name: &str, seed: u8) -> SigningKey {
        SigningKey::from_seed(name, KeyKind::Ed25519, &[seed; 32]).unwrap()
    }

    #[test]
    fn the_note_of_the_specification() {
        let note = Note::parse(NOTE).unwrap();
        assert_eq!(note.text, "This is an example message.\n");
        assert_eq!(note.to_string(), NOTE);
        assert_eq!(Note::from_bytes(NOTE.as_bytes()), Ok(note.clone()));
        let key = KEY.parse().unwrap();
        assert_eq!(note.verify(&key), Ok(Verified { timestamp: None }));
        let altered = Note::parse(&NOTE.replace("example message", "example massage")).unwrap();
        assert_eq!(altered.verify(&key), Err(Unverified::WrongSignature));
    }

    #[test]
    fn only_the_key_of_both_name_and_id_counts() {
        let (ours, other) = (key("ours", 1), key("ours", 2));
        let mut note = Note::signed("text\n\nmore\n", &[&other]).unwrap();
        assert_eq!(note.verify(ours.verifier()), Err(Unverified::NotSigned));
        note.add(sign(&note.text, &ours).unwrap());
        assert_eq!(note.signatures.len(), 2);
        assert!(note.verify(ours.verifier()).is_ok());
        assert_eq!(Note::parse(&note.to_string()), Ok(note.clone()));
        // The id alone is somebody else's, and so is the name alone.
        let mut renamed = note.clone();
        renamed.signatures[1].name = "theirs".to_owned();
        assert_eq!(renamed.verify(ours.verifier()), Err(Unverified::NotSigned));
        // Signing again replaces.
        note.add(sign(&note.text, &ours).unwrap());
        assert_eq!(note.signatures.len(), 2);
        // A wrong signature beside a right one of the same key.
        let mut wrong = note.signatures[1].clone();
        wrong.bytes[0] ^= 1;
        note.signatures.push(wrong);
        assert_eq!(
            note.verify(ours.verifier()),
            Err(Unverified::WrongSignature)
        );
        assert!(note.verify(other.verifier()).is_ok());
    }

    #[test]
    fn what_is_no_note() {
        let line = NOTE.lines().last().unwrap();
        let malformed = |note: &str| Note::parse(note).unwrap_err();
        for note in [
            "",
            "\n",
            "\n\n",
            "text",
            "text\n",
            "text\n\n",
            "text\nmore\n",
        ] {
            assert_eq!(malformed(note), Malformed::Shape, "{note:?}");
        }
        assert_eq!(malformed(&format!("{line}\n")), Malformed::Shape);
        assert_eq!(malformed(&format!("text\n\n{line}")), Malformed::Shape);
        assert_eq!(malformed(&format!("text\n{line}\n")), Malformed::Shape);
        assert_eq!(malformed(&format!("text\n\n{line}\n\n")), Malformed::Shape);
        assert_eq!(
            malformed(&format!("te\txt\n\n{line}\n")),
            Malformed::Characters
        );
        assert_eq!(
            malformed(&format!("text\r\n\n{line}\n")),
            Malformed::Characters
        );
        assert_eq!(Note::from_bytes(b"\xff\n\n"), Err(Malformed::Characters));
        for (from, to) in [
            ("\u{2014}", "-"),
            ("\u{2014} ", "\u{2014}"),
            ("\u{2014} ", "\u{2014}  "),
            ("foo ", "foo  "),
            ("foo ", "foo\u{a0} "),
            ("foo ", "f+o "),
            ("foo ", ""),
            ("aQM=", "aQM"),
            ("aQM=", "aQN="),
            ("aQM=", "aQM= "),
            (" Uw2Q", " w2Q"),
        ] {
            let altered = line.replacen(from, to, 1);
            let found = Note::parse(&format!("text\n\n{altered}\n"));
            assert_eq!(found, Err(Malformed::SignatureLine), "{altered}");
        }
        let four_bytes = "text\n\n\u{2014} name AAAAAA==\n";
        assert_eq!(malformed(four_bytes), Malformed::SignatureLine);
        let five_bytes = Note::parse("text\n\n\u{2014} name AAAAAAA=\n").unwrap();
        assert_eq!(five_bytes.signatures[0].bytes, [0]);
    }

    #[test]
    fn signatures_and_bytes_are_counted() {
        let lines = |count| format!("text\n\n{}", "\u{2014} name AAAAAAA=\n".repeat(count));
        assert_eq!(Note::parse(&lines(100)).unwrap().signatures.len(), 100);
        assert_eq!(Note::parse(&lines(101)), Err(Malformed::TooManySignatures));
        let signature = lines(1);
        let filled = |size| format!("{}{signature}", "x".repeat(size - signature.len()));
        assert!(Note::parse(&filled(LARGEST)).is_ok());
        assert_eq!(Note::parse(&filled(LARGEST + 1)), Err(Malformed::TooLarge));
        assert_eq!(
            Note::from_bytes(&vec![0; LARGEST + 1]),
            Err(Malformed::TooLarge)
        );
    }

    #[test]
    fn what_cannot_be_signed() {
        let ours = key("ours", 1);
        for text in ["", "text", "te\txt\n", "text\r\n"] {
            assert_eq!(
                Note::signed(text, &[&ours]),
                Err(Unsignable::Text),
                "{text:?}"
            );
        }
        let witness = SigningKey::from_seed("w", KeyKind::Cosignature, &[1; 32]).unwrap();
        assert_eq!(sign("text\n", &witness), Err(Unsignable::Kind));
    }
}
