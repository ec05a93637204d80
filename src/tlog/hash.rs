//! SHA-256 as the tree uses it: leaves and nodes that cannot be taken for one another (RFC 6962, section 2.1).

use std::fmt;
use std::str::FromStr;

use aws_lc_rs::digest::{Context, SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// The hash of a leaf, a node or a whole tree. Shows itself, and is read, as standard base64 with padding.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash([u8; Self::SIZE]);

/// A text that is no hash in base64.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the base64 of 32 bytes")]
pub struct NotAHash;

/// Records up to this size are hashed in one go.
const SHORT: usize = 512;

impl Hash {
    /// Bytes of a hash.
    pub const SIZE: usize = 32;

    /// The root of a tree without leaves: SHA-256 of nothing.
    pub const EMPTY_TREE: Self = Self([
        0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14, 0x9a, 0xfb, 0xf4, 0xc8, 0x99, 0x6f, 0xb9,
        0x24, 0x27, 0xae, 0x41, 0xe4, 0x64, 0x9b, 0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52,
        0xb8, 0x55,
    ]);

    /// The leaf hash of a record: `SHA-256(0x00 ‖ record)`.
    ///
    /// ```
    /// use actapub::tlog::Hash;
    /// let leaf = Hash::of_record(b"");
    /// assert_eq!(leaf.to_string(), "bjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0=");
    /// ```
    pub fn of_record(record: &[u8]) -> Self {
        let mut short = [0; 1 + SHORT];
        if let Some(place) = short.get_mut(1..=record.len()) {
            place.copy_from_slice(record);
            return Self::of_bytes(short.get(..=record.len()).unwrap_or_default());
        }
        let mut context = Context::new(&SHA256);
        context.update(&[0]);
        context.update(record);
        Self::of_digest(context.finish().as_ref())
    }

    /// The hash of two hashes side by side: `SHA-256(0x01 ‖ left ‖ right)`.
    pub fn of_node(left: Self, right: Self) -> Self {
        let mut bytes = [1; 1 + 2 * Self::SIZE];
        let (_, both) = bytes.split_at_mut(1);
        let (first, second) = both.split_at_mut(Self::SIZE);
        first.copy_from_slice(&left.0);
        second.copy_from_slice(&right.0);
        Self::of_bytes(&bytes)
    }

    /// Plain SHA-256, as key ids need it; never a leaf or a node.
    pub(super) fn of_bytes(bytes: &[u8]) -> Self {
        Self::of_digest(digest(&SHA256, bytes).as_ref())
    }

    fn of_digest(digest: &[u8]) -> Self {
        let mut hash = [0; Self::SIZE];
        hash.copy_from_slice(digest);
        Self(hash)
    }

    pub const fn from_bytes(bytes: [u8; Self::SIZE]) -> Self {
        Self(bytes)
    }

    pub const fn as_bytes(&self) -> &[u8; Self::SIZE] {
        &self.0
    }

    /// The hash whose 32 bytes these are; `None` for any other number of them.
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }
}

/// Standard base64 with padding (RFC 4648, section 4), as every format here writes a hash.
impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&STANDARD.encode(self.0))
    }
}

/// Hexadecimal, to be compared by eye.
impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// Reads the base64 that a hash shows itself as; only that way of writing is accepted.
impl FromStr for Hash {
    type Err = NotAHash;

    fn from_str(text: &str) -> Result<Self, NotAHash> {
        let mut hash = [0; Self::SIZE + 1];
        match STANDARD.decode_slice(text, &mut hash) {
            Ok(Self::SIZE) => {
                Self::from_slice(hash.get(..Self::SIZE).unwrap_or_default()).ok_or(NotAHash)
            }
            _ => Err(NotAHash),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaves_and_nodes_of_the_rfc() {
        // The test vectors of the Certificate Transparency project.
        assert_eq!(
            format!("{:?}", Hash::of_record(b"")),
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
        );
        let l123456 = Hash::of_record(b"L123456");
        assert_eq!(
            format!("{l123456:?}"),
            "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56"
        );
        let node = Hash::of_bytes(b"\x01N123N456");
        assert_eq!(
            format!("{node:?}"),
            "aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb"
        );
        assert_eq!(Hash::of_bytes(b""), Hash::EMPTY_TREE);
    }

    #[test]
    fn long_records_hash_as_short_ones_do() {
        for size in [0, 1, SHORT - 1, SHORT, SHORT + 1, 70_000] {
            let record = vec![7; size];
            let whole = [&[0], &record[..]].concat();
            assert_eq!(Hash::of_record(&record), Hash::of_bytes(&whole), "{size}");
        }
    }

    #[test]
    fn base64_has_one_way_of_writing() {
        let hash = Hash::of_record(b"x");
        assert_eq!(hash.to_string().parse(), Ok(hash));
        let text = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";
        assert_eq!(text.parse::<Hash>().unwrap().to_string(), text);
        for other in [
            "",
            "CsUY",
            "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I",
            "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=",
            "CsUYapGGPo4dkMgIAUqom_Xajj7h2fB2MPA3j2jxq2I=",
            "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
            "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2IA",
            "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=",
        ] {
            assert_eq!(other.parse::<Hash>(), Err(NotAHash), "{other}");
        }
    }
}
