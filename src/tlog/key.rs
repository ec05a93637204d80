//! The keys of signed notes, and the lines of text that they are passed around as (c2sp.org/signed-note).

use std::fmt;
use std::str::FromStr;

use aws_lc_rs::encoding::{AsBigEndian as _, Curve25519SeedBin};
use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::Hash;

/// Bytes of a longest key name: a note may name it in every line.
const LONGEST_NAME: usize = 1024;

/// What a key signs, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyKind {
    /// `0x01`: Ed25519 over the text of the note. What a log signs with.
    Ed25519,
    /// `0x04`: Ed25519 over a time and the text of a checkpoint (c2sp.org/tlog-cosignature, `cosignature/v1`). What a
    /// witness signs with.
    Cosignature,
}

impl KeyKind {
    const fn byte(self) -> u8 {
        match self {
            Self::Ed25519 => 0x01,
            Self::Cosignature => 0x04,
        }
    }

    const fn of_byte(byte: u8) -> Option<Self> {
        match byte {
            0x01 => Some(Self::Ed25519),
            0x04 => Some(Self::Cosignature),
            _ => None,
        }
    }
}

/// Why a text is no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadKey {
    #[error("a verifier key is name+id+key: a name, eight hexadecimal digits, base64")]
    Shape,
    #[error("a private key is PRIVATE+KEY+name+id+key: a name, eight hexadecimal digits, base64")]
    PrivateShape,
    #[error(
        "a key's name is 1 to {LONGEST_NAME} bytes without spaces, plus signs and control characters"
    )]
    Name,
    #[error(
        "the key is of type {0:#04x}; only Ed25519 keys (0x01) and Ed25519 cosignature keys (0x04) are known"
    )]
    Unknown(u8),
    #[error("an Ed25519 key has 32 bytes")]
    Size,
    #[error("the key's id does not belong to its name and bytes")]
    Id,
}

/// A public key under a name: verifies signatures. Its text form is the "vkey" `name+id+base64`.
///
/// ```
/// use actapub::tlog::VerifierKey;
/// let text = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
/// let key: VerifierKey = text.parse()?;
/// assert_eq!((key.name(), key.id()), ("example.com/foo", 0x530d_903a));
/// assert_eq!(key.to_string(), text);
/// # Ok::<(), actapub::tlog::key::BadKey>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VerifierKey {
    name: String,
    id: u32,
    kind: KeyKind,
    public: [u8; 32],
}

impl VerifierKey {
    pub fn new(name: &str, kind: KeyKind, public: [u8; 32]) -> Result<Self, BadKey> {
        if !is_name(name) {
            return Err(BadKey::Name);
        }
        Ok(Self {
            name: name.to_owned(),
            id: id_of(name, kind, &public),
            kind,
            public,
        })
    }

    /// Reads `name+id+base64`; the id must be the one that follows from the rest.
    pub fn parse(text: &str) -> Result<Self, BadKey> {
        let (name, id, kind, bytes) = read(text).map_err(|it| it.unwrap_or(BadKey::Shape))?;
        let key = Self::new(name, kind, bytes)?;
        if key.id == id {
            Ok(key)
        } else {
            Err(BadKey::Id)
        }
    }

    /// The name that stands in the signature line; a log's is its origin.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The key's short name in signatures: the first four bytes of a hash of name, kind and key.
    pub const fn id(&self) -> u32 {
        self.id
    }

    pub const fn kind(&self) -> KeyKind {
        self.kind
    }

    /// The key itself (RFC 8032).
    pub const fn public(&self) -> &[u8; 32] {
        &self.public
    }

    /// Whether the 64 bytes are this key's Ed25519 signature of the message, whatever kind of key it is.
    pub(super) fn accepts(&self, message: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&ED25519, &self.public)
            .verify(message, signature)
            .is_ok()
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = typed(self.kind, &self.public);
        write!(f, "{}+{:08x}+{key}", self.name, self.id)
    }
}

impl FromStr for VerifierKey {
    type Err = BadKey;

    fn from_str(text: &str) -> Result<Self, BadKey> {
        Self::parse(text)
    }
}

/// A private key under a name: signs. Never prints itself; the library that holds it wipes its memory when it is
/// dropped.
pub struct SigningKey {
    pair: Ed25519KeyPair,
    verifier: VerifierKey,
}

impl SigningKey {
    /// The key that follows from 32 random bytes (RFC 8032, section 5.1.5). Whoever has them has the key.
    pub fn from_seed(name: &str, kind: KeyKind, seed: &[u8; 32]) -> Result<Self, BadKey> {
        let pair = Ed25519KeyPair::from_seed_unchecked(seed).map_err(|_| BadKey::Size)?;
        let public = pair.public_key().as_ref().try_into();
        let verifier = VerifierKey::new(name, kind, public.map_err(|_| BadKey::Size)?)?;
        Ok(Self { pair, verifier })
    }

    /// Reads the line `PRIVATE+KEY+name+id+base64`, as Go's `note` package writes it.
    pub fn parse(line: &str) -> Result<Self, BadKey> {
        let text = line
            .strip_prefix("PRIVATE+KEY+")
            .ok_or(BadKey::PrivateShape)?;
        let (name, id, kind, seed) = read(text).map_err(|it| it.unwrap_or(BadKey::PrivateShape))?;
        let key = Self::from_seed(name, kind, &seed)?;
        if key.verifier.id == id {
            Ok(key)
        } else {
            Err(BadKey::Id)
        }
    }

    /// The line that [`SigningKey::parse`] reads: the secret itself, for the file that keeps it.
    pub fn reveal(&self) -> String {
        let seed = self.pair.seed().and_then(|seed| {
            let bytes: Curve25519SeedBin<'_> = seed.as_be_bytes()?;
            Ok(typed(self.verifier.kind, bytes.as_ref()))
        });
        // A key that was made from a seed always has one.
        let seed = seed.unwrap_or_default();
        let VerifierKey { name, id, .. } = &self.verifier;
        format!("PRIVATE+KEY+{name}+{id:08x}+{seed}")
    }

    /// The key that others verify with.
    pub const fn verifier(&self) -> &VerifierKey {
        &self.verifier
    }

    pub(super) fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.pair.sign(message).as_ref().to_vec()
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({}, …)", self.verifier)
    }
}

/// Whether a text may be a key's name: not empty, no Unicode space, no plus sign, no control character.
pub(super) fn is_name(name: &str) -> bool {
    (1..=LONGEST_NAME).contains(&name.len())
        && !name.contains(|c: char| c.is_whitespace() || c == '+' || c < ' ')
}

/// `SHA-256(name ‖ 0x0A ‖ type ‖ key)[:4]`
fn id_of(name: &str, kind: KeyKind, public: &[u8; 32]) -> u32 {
    let whole = [name.as_bytes(), b"\n", &[kind.byte()], public].concat();
    let hash = Hash::of_bytes(&whole);
    hash.as_bytes()
        .first_chunk()
        .copied()
        .map_or(0, u32::from_be_bytes)
}

fn typed(kind: KeyKind, bytes: &[u8]) -> String {
    STANDARD.encode([&[kind.byte()], bytes].concat())
}

/// The parts of `name+id+base64`; the error is `None` where the text has another shape.
fn read(text: &str) -> Result<(&str, u32, KeyKind, [u8; 32]), Option<BadKey>> {
    let mut parts = text.splitn(3, '+');
    let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(None);
    };
    if !is_name(name) {
        return Err(Some(BadKey::Name));
    }
    let digits = |c: char| matches!(c, '0'..='9' | 'a'..='f');
    if id.len() != 8 || !id.chars().all(digits) {
        return Err(None);
    }
    let id = u32::from_str_radix(id, 16).map_err(|_| None)?;
    let bytes = STANDARD.decode(key).map_err(|_| None)?;
    let (kind, key) = bytes.split_first().ok_or(None)?;
    let kind = KeyKind::of_byte(*kind).ok_or(Some(BadKey::Unknown(*kind)))?;
    let key = key.try_into().map_err(|_| Some(BadKey::Size))?;
    Ok((name, id, kind, key))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";

    #[test]
    fn a_verifier_key_has_one_text() {
        let key = VerifierKey::parse(TEXT).unwrap();
        assert_eq!(
            VerifierKey::new(key.name(), key.kind(), *key.public()),
            Ok(key)
        );
        let bad = |from, to| VerifierKey::parse(&TEXT.replacen(from, to, 1)).unwrap_err();
        assert_eq!(bad("530d903a", "530D903A"), BadKey::Shape);
        assert_eq!(bad("530d903a", "30d903a"), BadKey::Shape);
        assert_eq!(bad("530d903a", "+530d903"), BadKey::Shape);
        assert_eq!(bad("530d903a", "530d903b"), BadKey::Id);
        assert_eq!(bad("foo", "fop"), BadKey::Id);
        assert_eq!(bad("3U2k", "3U2l"), BadKey::Id);
        assert_eq!(bad("3U2k", ""), BadKey::Size);
        assert_eq!(bad("3U2k", "3U2"), BadKey::Shape);
        assert_eq!(bad("3U2k", "3U2k+"), BadKey::Shape);
        assert_eq!(
            bad("AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", ""),
            BadKey::Shape
        );
        assert_eq!(bad("+Aeky", "+Buky"), BadKey::Unknown(6));
        assert_eq!(bad("example.com/foo", ""), BadKey::Name);
        assert_eq!(bad("/foo", " foo"), BadKey::Name);
        assert_eq!(bad("/foo", "\u{2003}foo"), BadKey::Name);
        assert_eq!(bad("/foo", "\u{1}foo"), BadKey::Name);
        for text in ["", "+", "++", "a+b", "PRIVATE+KEY"] {
            assert!(VerifierKey::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn names_are_checked_wherever_keys_are_made() {
        let long = "n".repeat(LONGEST_NAME + 1);
        for name in ["", "a b", "a+b", "a\nb", "a\u{a0}b", "a\u{85}b", &long] {
            let made = VerifierKey::new(name, KeyKind::Ed25519, [1; 32]);
            assert_eq!(made, Err(BadKey::Name), "{name:?}");
            let made = SigningKey::from_seed(name, KeyKind::Ed25519, &[1; 32]);
            assert_eq!(made.err(), Some(BadKey::Name), "{name:?}");
        }
        assert!(VerifierKey::new("agentur.example/protokoll-ä", KeyKind::Ed25519, [1; 32]).is_ok());
    }

    /// The key pair of the example in Go's `note` package.
    #[test]
    fn gos_private_keys_are_read() {
        let line = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
        let key = SigningKey::parse(line).unwrap();
        let vkey = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
        assert_eq!(key.verifier().to_string(), vkey);
        assert_eq!(key.reveal(), line);
        let shown = format!("{key:?}");
        assert_eq!(shown, format!("SigningKey({vkey}, …)"));
        for (from, to) in [
            ("PRIVATE", "PUBLIC"),
            ("c74f20a3", "c74f20a4"),
            ("KDFz", ""),
            ("AYEK", "BIEK"),
        ] {
            assert!(SigningKey::parse(&line.replace(from, to)).is_err(), "{to}");
        }
    }

    #[test]
    fn a_kind_of_key_is_part_of_its_id() {
        let log = SigningKey::from_seed("n", KeyKind::Ed25519, &[7; 32]).unwrap();
        let witness = SigningKey::from_seed("n", KeyKind::Cosignature, &[7; 32]).unwrap();
        assert_eq!(log.verifier().public(), witness.verifier().public());
        assert_ne!(log.verifier().id(), witness.verifier().id());
        let again = SigningKey::parse(&witness.reveal()).unwrap();
        assert_eq!(again.verifier(), witness.verifier());
        assert_eq!(again.verifier().kind(), KeyKind::Cosignature);
    }
}
