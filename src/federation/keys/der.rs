//! As much of DER (X.690) as public keys need: reading two forms of an RSA key, writing one.

pub(super) const SEQUENCE: u8 = 0x30;
const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const OBJECT_ID: u8 = 0x06;

/// rsaEncryption, 1.2.840.113549.1.1.1
const RSA: [u8; 9] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
/// id-Ed25519, 1.3.101.112 (RFC 8410)
const ED25519: [u8; 3] = [0x2b, 0x65, 0x70];

/// What a public key's DER holds.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Key<'a> {
    /// The bits of the modulus, and the whole as `RSAPublicKey` (RFC 8017, A.1.1).
    Rsa {
        bits: usize,
        pkcs1: &'a [u8],
    },
    Ed25519 {
        key: &'a [u8],
    },
}

/// Reads a `SubjectPublicKeyInfo` (RFC 5280, 4.1.2.7) or a bare `RSAPublicKey`.
pub(super) fn read_key(der: &[u8]) -> Option<Key<'_>> {
    let (outer, rest) = read(der, SEQUENCE)?;
    if !rest.is_empty() {
        return None;
    }
    if outer.first() == Some(&INTEGER) {
        return read_rsa(der);
    }
    let (algorithm, rest) = read(outer, SEQUENCE)?;
    let (bits, rest) = read(rest, BIT_STRING)?;
    let (&unused, key) = bits.split_first()?;
    if unused != 0 || !rest.is_empty() {
        return None;
    }
    let (id, _) = read(algorithm, OBJECT_ID)?;
    if id == RSA {
        read_rsa(key)
    } else if id == ED25519 {
        Some(Key::Ed25519 { key })
    } else {
        None
    }
}

fn read_rsa(pkcs1: &[u8]) -> Option<Key<'_>> {
    let (inside, rest) = read(pkcs1, SEQUENCE)?;
    let (modulus, exponent) = read(inside, INTEGER)?;
    let (_, end) = read(exponent, INTEGER)?;
    if !rest.is_empty() || !end.is_empty() {
        return None;
    }
    let modulus = match modulus.split_first() {
        Some((0, positive)) => positive,
        _ => modulus,
    };
    let zeros = modulus.first()?.leading_zeros();
    let bits = (modulus.len() * 8).checked_sub(usize::try_from(zeros).ok()?)?;
    Some(Key::Rsa { bits, pkcs1 })
}

/// The content of the first value, which must have this tag, and what follows it.
fn read(input: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (&found, input) = input.split_first()?;
    let (&first, input) = input.split_first()?;
    if found != tag {
        return None;
    }
    let (length, input) = match first {
        0..=0x7f => (usize::from(first), input),
        0x81..=0x83 => {
            let (octets, input) = input.split_at_checked(usize::from(first & 0x0f))?;
            let length = octets
                .iter()
                .fold(0, |length, &octet| length << 8 | usize::from(octet));
            (length, input)
        }
        _ => return None,
    };
    input.split_at_checked(length)
}

/// `SubjectPublicKeyInfo` around an `RSAPublicKey`.
pub(super) fn rsa_spki(pkcs1: &[u8]) -> Vec<u8> {
    let mut algorithm = value(OBJECT_ID, &RSA);
    // NULL, which RFC 3279 demands here.
    algorithm.extend_from_slice(&[0x05, 0x00]);
    spki(&algorithm, pkcs1)
}

/// `SubjectPublicKeyInfo` around an Ed25519 key of 32 bytes.
pub(super) fn ed25519_spki(key: &[u8]) -> Vec<u8> {
    spki(&value(OBJECT_ID, &ED25519), key)
}

fn spki(algorithm: &[u8], key: &[u8]) -> Vec<u8> {
    let mut bits = vec![0];
    bits.extend_from_slice(key);
    let mut inside = value(SEQUENCE, algorithm);
    inside.extend_from_slice(&value(BIT_STRING, &bits));
    value(SEQUENCE, &inside)
}

fn value(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len().to_be_bytes();
    let significant: Vec<u8> = length.into_iter().skip_while(|&octet| octet == 0).collect();
    let mut out = vec![tag];
    match significant.as_slice() {
        [] => out.push(0),
        [short @ 0..=0x7f] => out.push(*short),
        long => {
            out.push(0x80 | u8::try_from(long.len()).unwrap_or(8));
            out.extend_from_slice(long);
        }
    }
    out.extend_from_slice(content);
    out
}
