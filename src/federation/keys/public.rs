//! Public keys: read once from whatever form a peer publishes, then cheap to verify with.

use std::fmt;

use aws_lc_rs::signature::{ED25519, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256};

use super::der::{self, Key};
use super::{Algorithm, multikey, pem};

/// Shorter keys can be broken, longer ones take too long to verify with.
const RSA_BITS: std::ops::RangeInclusive<usize> = 2048..=4096;

/// A key that verifies signatures: parsed, so worth caching.
#[derive(Clone)]
pub struct PublicKey {
    algorithm: Algorithm,
    parsed: ParsedPublicKey,
    spki: Vec<u8>,
}

/// Why something is no public key of ours to use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidKey {
    #[error("the key is not PEM with the label PUBLIC KEY or RSA PUBLIC KEY")]
    NotPem,
    #[error("the key is neither an RSA nor an Ed25519 public key")]
    UnknownForm,
    #[error("the RSA key has {0} bits; from 2048 to 4096 are accepted")]
    RsaSize(usize),
    #[error("the key is not an Ed25519 Multikey (z6Mk…)")]
    NotMultikey,
    #[error("the key's numbers are not those of a key")]
    Unsound,
}

impl PublicKey {
    /// From `publicKeyPem`, as leniently as peers write it.
    pub fn from_pem(text: &str) -> Result<Self, InvalidKey> {
        Self::from_der(&pem::read_public(text).ok_or(InvalidKey::NotPem)?)
    }

    /// From a `SubjectPublicKeyInfo` or an `RSAPublicKey` in DER.
    pub fn from_der(der: &[u8]) -> Result<Self, InvalidKey> {
        match der::read_key(der).ok_or(InvalidKey::UnknownForm)? {
            Key::Rsa { bits, .. } if !RSA_BITS.contains(&bits) => Err(InvalidKey::RsaSize(bits)),
            Key::Rsa { pkcs1, .. } => Ok(Self {
                algorithm: Algorithm::Rsa,
                parsed: ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, pkcs1)
                    .map_err(|_| InvalidKey::Unsound)?,
                spki: der::rsa_spki(pkcs1),
            }),
            Key::Ed25519 { key } => Self::from_ed25519(key),
        }
    }

    /// From `publicKeyMultibase`.
    pub fn from_multibase(text: &str) -> Result<Self, InvalidKey> {
        Self::from_ed25519(&multikey::read_ed25519(text).ok_or(InvalidKey::NotMultikey)?)
    }

    /// From the 32 bytes of an Ed25519 key.
    pub fn from_ed25519(key: &[u8]) -> Result<Self, InvalidKey> {
        if key.len() != 32 {
            return Err(InvalidKey::Unsound);
        }
        Ok(Self {
            algorithm: Algorithm::Ed25519,
            parsed: ParsedPublicKey::new(&ED25519, key).map_err(|_| InvalidKey::Unsound)?,
            spki: der::ed25519_spki(key),
        })
    }

    pub const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// `SubjectPublicKeyInfo` in DER, whatever form the key came in.
    pub fn spki(&self) -> &[u8] {
        &self.spki
    }

    pub fn to_pem(&self) -> String {
        pem::write("PUBLIC KEY", &self.spki)
    }

    /// As Multikey, if this is an Ed25519 key.
    pub fn to_multibase(&self) -> Option<String> {
        match der::read_key(&self.spki) {
            Some(Key::Ed25519 { key }) => Some(multikey::write_ed25519(key)),
            _ => None,
        }
    }

    /// Whether the key's owner signed the message: RSA with PKCS #1 v1.5 and SHA-256, or Ed25519.
    #[must_use]
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        self.parsed.verify_sig(message, signature).is_ok()
    }
}

impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.spki == other.spki
    }
}

impl Eq for PublicKey {}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({:?})", self.algorithm)
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    use super::*;
    use crate::federation::keys::SigningKey;

    /// The PEM block of `der` with lines of this many columns.
    fn wrapped(label: &str, der: &[u8], columns: usize, end: &str) -> String {
        let body = STANDARD.encode(der);
        let lines: Vec<&str> = body
            .as_bytes()
            .chunks(columns)
            .map(|line| std::str::from_utf8(line).unwrap())
            .collect();
        format!(
            "-----BEGIN {label}-----{end}{}{end}-----END {label}-----",
            lines.join(end)
        )
    }

    #[test]
    fn rsa_keys_are_read_however_they_are_wrapped() {
        let key = SigningKey::generate_rsa().unwrap().key.public();
        let Some(Key::Rsa { bits: 2048, pkcs1 }) = der::read_key(key.spki()) else {
            panic!("not 2048 bits");
        };
        for text in [
            key.to_pem(),
            key.to_pem().replace('\n', "\r\n"),
            key.to_pem().replace('\n', "  \n"),
            format!("\n\n{}   \n", key.to_pem()),
            wrapped("PUBLIC KEY", key.spki(), 76, "\n"),
            wrapped("PUBLIC KEY", key.spki(), 10_000, "\n"),
            wrapped("PUBLIC KEY", key.spki(), 10_000, ""),
            wrapped("RSA PUBLIC KEY", pkcs1, 64, "\n"),
            wrapped("PUBLIC KEY", pkcs1, 64, "\r\n"),
        ] {
            assert_eq!(PublicKey::from_pem(&text), Ok(key.clone()), "{text}");
        }
    }

    #[test]
    fn what_is_no_key_is_refused_with_its_reason() {
        let key = SigningKey::generate_rsa().unwrap().key.public();
        let small = aws_lc_rs_small_key();
        let cut = &key.spki()[..key.spki().len() - 1];
        for (text, reason) in [
            (String::new(), InvalidKey::NotPem),
            ("nonsense".to_owned(), InvalidKey::NotPem),
            (
                wrapped("PRIVATE KEY", key.spki(), 64, "\n"),
                InvalidKey::NotPem,
            ),
            (
                wrapped("PUBLIC KEY", b"nonsense", 64, "\n"),
                InvalidKey::UnknownForm,
            ),
            (
                wrapped("PUBLIC KEY", cut, 64, "\n"),
                InvalidKey::UnknownForm,
            ),
            (
                wrapped("PUBLIC KEY", &small, 64, "\n"),
                InvalidKey::RsaSize(1024),
            ),
            ("a".repeat(1 << 20), InvalidKey::NotPem),
        ] {
            assert_eq!(PublicKey::from_pem(&text), Err(reason));
        }
    }

    /// An `RSAPublicKey` with a modulus of 1024 bits: only its length matters.
    fn aws_lc_rs_small_key() -> Vec<u8> {
        let mut modulus = vec![0x02, 0x81, 0x81, 0x00];
        modulus.extend([0xff; 128]);
        let mut der = vec![0x30, 0x81, 0x89];
        der.extend(modulus);
        der.extend([0x02, 0x03, 0x01, 0x00, 0x01]);
        der
    }

    #[test]
    fn ed25519_keys_are_read_as_multikey_and_pem() {
        // The key of RFC 8032, section 7.1, test 1.
        let multibase = "z6MktwupdmLXVVqTzCw4i46r4uGyosGXRnR3XjN4Zq7oMMsw";
        let key = PublicKey::from_multibase(multibase).unwrap();
        assert_eq!(key.to_multibase().as_deref(), Some(multibase));
        assert_eq!(PublicKey::from_pem(&key.to_pem()), Ok(key.clone()));
        assert_eq!(PublicKey::from_der(key.spki()), Ok(key));
        for bad in [
            "",
            "z",
            "z6Mk",
            "u7QGwDY2Tjn93PVFWWq02piP1NE9",
            "zzzzzz",
            "z0OIl",
        ] {
            assert_eq!(PublicKey::from_multibase(bad), Err(InvalidKey::NotMultikey));
        }
    }
}
