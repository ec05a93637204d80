//! Public keys of passkeys, as authenticators write them: `COSE_Key` (RFC 9052, section 7).

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, ED25519, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents,
    UnparsedPublicKey,
};
use ciborium::Value;

/// Nested values in what an authenticator says; what goes deeper is none of theirs.
const DEEPEST: usize = 16;

/// Ed25519, ECDSA over P-256 with SHA-256 and RSA PKCS #1 with SHA-256 (RFC 9053 and RFC 8812), the best first.
pub(super) const ALGORITHMS: [i64; 3] = [EDDSA, ES256, RS256];
const EDDSA: i64 = -8;
const ES256: i64 = -7;
const RS256: i64 = -257;

// Labels (RFC 9052, section 7.1; RFC 9053, section 7; RFC 8230, section 4).
const TYPE: i64 = 1;
const ALGORITHM: i64 = 3;
const CURVE: i64 = -1;
const X: i64 = -2;
const Y: i64 = -3;
const MODULUS: i64 = -1;
const EXPONENT: i64 = -2;

/// What signatures are checked with.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Key {
    Ed25519(Vec<u8>),
    /// A point as it is written uncompressed (SEC 1, section 2.3.3).
    P256(Vec<u8>),
    Rsa {
        modulus: Vec<u8>,
        exponent: Vec<u8>,
    },
}

/// Reads one CBOR value; returns it, and how many bytes it took.
pub(super) fn cbor(bytes: &[u8]) -> Option<(Value, usize)> {
    let mut rest = bytes;
    let value = ciborium::de::from_reader_with_recursion_limit(&mut rest, DEEPEST).ok()?;
    Some((value, bytes.len() - rest.len()))
}

impl Key {
    /// Reads a key; `None` if it is none that we have asked for.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let (value, length) = cbor(bytes)?;
        let whole = length == bytes.len();
        Self::of(&value).filter(|_| whole)
    }

    pub(super) fn of(value: &Value) -> Option<Self> {
        let number = |label| find(value, label)?.as_integer()?.try_into().ok();
        let bytes = |label| find(value, label)?.as_bytes().cloned();
        let coordinate = |label| bytes(label).filter(|it| it.len() == 32);
        let kind: i64 = number(TYPE)?;
        match (kind, number(ALGORITHM)?) {
            (1, EDDSA) if number(CURVE) == Some(6) => Some(Self::Ed25519(coordinate(X)?)),
            (2, ES256) if number(CURVE) == Some(1) => Some(Self::P256(
                [vec![4], coordinate(X)?, coordinate(Y)?].concat(),
            )),
            (3, RS256) => Some(Self::Rsa {
                modulus: bytes(MODULUS)?,
                exponent: bytes(EXPONENT)?,
            }),
            _ => None,
        }
    }

    pub(super) fn has_signed(&self, message: &[u8], signature: &[u8]) -> bool {
        let checked = match self {
            Self::Ed25519(key) => UnparsedPublicKey::new(&ED25519, key).verify(message, signature),
            Self::P256(key) => {
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, key).verify(message, signature)
            }
            Self::Rsa { modulus, exponent } => RsaPublicKeyComponents {
                n: modulus,
                e: exponent,
            }
            .verify(&RSA_PKCS1_2048_8192_SHA256, message, signature),
        };
        checked.is_ok()
    }
}

/// What stands in a map under a number.
fn find(map: &Value, label: i64) -> Option<&Value> {
    let found = map.as_map()?.iter().find(|(key, _)| *key == label.into());
    found.map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(pairs: &[(i64, Value)]) -> Vec<u8> {
        let map = pairs
            .iter()
            .map(|(label, value)| ((*label).into(), value.clone()));
        let mut bytes = vec![];
        ciborium::into_writer(&Value::Map(map.collect()), &mut bytes).unwrap();
        bytes
    }

    #[test]
    fn keys_are_read_that_were_asked_for_and_no_others() {
        let x = || Value::Bytes(vec![7; 32]);
        let ed25519 = [(1, 1.into()), (3, (-8).into()), (-1, 6.into()), (-2, x())];
        assert_eq!(
            Key::read(&written(&ed25519)),
            Some(Key::Ed25519(vec![7; 32]))
        );
        let p256 = [
            (1, 2.into()),
            (3, (-7).into()),
            (-1, 1.into()),
            (-2, x()),
            (-3, x()),
        ];
        assert!(matches!(Key::read(&written(&p256)), Some(Key::P256(key)) if key.len() == 65));
        let rsa = [(1, 3.into()), (3, (-257).into()), (-1, x()), (-2, x())];
        assert!(matches!(Key::read(&written(&rsa)), Some(Key::Rsa { .. })));

        // Another curve, another algorithm for the same kind, half a point, and something behind it.
        let p384 = [
            (1, 2.into()),
            (3, (-7).into()),
            (-1, 2.into()),
            (-2, x()),
            (-3, x()),
        ];
        assert_eq!(Key::read(&written(&p384)), None);
        let confused = [(1, 2.into()), (3, (-8).into()), (-1, 6.into()), (-2, x())];
        assert_eq!(Key::read(&written(&confused)), None);
        assert_eq!(Key::read(&written(&p256[..4])), None);
        assert_eq!(Key::read(&[written(&p256), vec![0]].concat()), None);
        assert_eq!(Key::read(b""), None);
    }

    #[test]
    fn what_is_nested_or_longer_than_it_is_is_refused() {
        assert!(cbor(&[0x81; 10_000]).is_none());
        // Bytes, and an array, that say they were four thousand million.
        assert!(cbor(&[0x5a, 0xff, 0xff, 0xff, 0xff, 0]).is_none());
        assert!(cbor(&[0x9a, 0xff, 0xff, 0xff, 0xff, 0]).is_none());
    }
}
