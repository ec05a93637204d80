//! How a leaf commits to what it must not hold (docs/ARCHIVE.md).
//!
//! A part is some bytes exactly as they came or went; the manifest lists the parts with a salted digest of each; the
//! commitment is a salted digest of the manifest. Without its salt a digest says nothing, not even to somebody who
//! guesses the bytes: to destroy a salt is to destroy what it opened, and every other part stays provable.

use std::fmt;

use aws_lc_rs::digest::{Context, SHA256};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

const COMMITMENT: &[u8] = b"actapub-record/v1\n";
const PART: &[u8] = b"actapub-part/v1\n";
const MANIFEST: &str = "actapub-manifest/v1\n";
/// Bytes of a salt and of a digest.
const SIZE: usize = 32;

/// 32 bytes of chance.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Salt([u8; SIZE]);

impl Salt {
    pub const fn from_bytes(bytes: [u8; SIZE]) -> Self {
        Self(bytes)
    }

    /// As a page or a document gives it away: base64url without padding.
    pub fn to_text(self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(self.0)
    }

    pub fn parse(text: &str) -> Option<Self> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok()?;
        bytes.try_into().ok().map(Self)
    }
}

impl fmt::Debug for Salt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Salt(…)")
    }
}

/// The salts of an entry: the commitment's, and one for every part, in the order of the manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Salts(Vec<Salt>);

impl Salts {
    /// Salts for an entry of so many parts, from 32 bytes of chance for each and for the entry.
    pub fn for_parts(parts: usize, chance: &dyn Fn(&mut [u8])) -> Self {
        let mut bytes = vec![0; (parts + 1) * SIZE];
        chance(&mut bytes);
        Self::from_bytes(&bytes)
    }

    /// As stored: 32 bytes each; all zero stands for one that was destroyed.
    pub fn from_bytes(bytes: &[u8]) -> Self {
        let (salts, _) = bytes.as_chunks::<SIZE>();
        Self(salts.iter().copied().map(Salt).collect())
    }

    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.iter().flat_map(|salt| salt.0).collect()
    }

    /// Opens the commitment.
    pub fn of_entry(&self) -> Option<Salt> {
        self.nth(0)
    }

    /// Opens the n-th part, from 0.
    pub fn of_part(&self, n: usize) -> Option<Salt> {
        self.nth(n.checked_add(1)?)
    }

    fn nth(&self, n: usize) -> Option<Salt> {
        self.0.get(n).copied().filter(|salt| salt.0 != [0; SIZE])
    }

    /// Destroys the salt of the n-th part: its digest then proves nothing about it any more.
    pub fn destroy_part(&mut self, n: usize) {
        if let Some(salt) = n.checked_add(1).and_then(|n| self.0.get_mut(n)) {
            *salt = Salt([0; SIZE]);
        }
    }
}

fn digest(domain: &[u8], salt: Salt, bytes: &[u8]) -> [u8; SIZE] {
    let mut context = Context::new(&SHA256);
    context.update(domain);
    context.update(&salt.0);
    context.update(bytes);
    let mut digest = [0; SIZE];
    digest.copy_from_slice(context.finish().as_ref());
    digest
}

/// Some bytes and what they are.
#[derive(Debug, Clone, Copy)]
pub struct Part<'a> {
    /// `statement`, `body`, `http`, `key`, `actor`, `article`, `media/1`…
    pub name: &'a str,
    pub media_type: &'a str,
    pub bytes: &'a [u8],
}

/// What a manifest says of a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub name: String,
    pub media_type: String,
    pub size: u64,
    /// base64url without padding.
    pub digest: String,
}

/// The parts of an entry, by a salted digest of each.
///
/// A line for the format, then a line for every part: name, media type, size in bytes, digest, separated by one space.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest(String);

impl Default for Manifest {
    /// Without parts.
    fn default() -> Self {
        Self(MANIFEST.to_owned())
    }
}

impl Manifest {
    /// Lists parts, each with its salt.
    pub fn of(parts: &[Part<'_>], salts: &Salts) -> Self {
        use fmt::Write as _;
        let mut text = MANIFEST.to_owned();
        for (n, part) in parts.iter().enumerate() {
            let Some(salt) = salts.of_part(n) else {
                continue;
            };
            let digest = BASE64_URL_SAFE_NO_PAD.encode(digest(PART, salt, part.bytes));
            let (name, media_type, size) = (part.name, part.media_type, part.bytes.len());
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{name} {media_type} {size} {digest}");
        }
        Self(text)
    }

    pub const fn from_text(text: String) -> Self {
        Self(text)
    }

    /// The exact bytes that are committed to.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The parts in their order; `None` if this is no manifest.
    pub fn parts(&self) -> Option<Vec<Listed>> {
        let lines = self.0.strip_prefix(MANIFEST)?.strip_suffix('\n');
        let lines = lines.unwrap_or_default();
        lines
            .split('\n')
            .filter(|line| !line.is_empty())
            .map(|line| {
                let mut words = line.split(' ');
                let listed = Listed {
                    name: words.next()?.to_owned(),
                    media_type: words.next()?.to_owned(),
                    size: words.next()?.parse().ok()?,
                    digest: words.next()?.to_owned(),
                };
                words.next().is_none().then_some(listed)
            })
            .collect()
    }
}

impl Listed {
    /// Whether these bytes are the part, given its salt.
    pub fn opens(&self, salt: Salt, bytes: &[u8]) -> bool {
        self.size == bytes.len() as u64
            && BASE64_URL_SAFE_NO_PAD.encode(digest(PART, salt, bytes)) == self.digest
    }
}

/// What a leaf holds of its entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Commitment([u8; SIZE]);

impl Commitment {
    /// To a manifest, with the first of an entry's salts.
    pub(super) fn of(salts: &Salts, manifest: &Manifest) -> Self {
        let salt = salts.0.first().copied().unwrap_or(Salt([0; SIZE]));
        Self::to(&salt, manifest)
    }

    pub fn to(salt: &Salt, manifest: &Manifest) -> Self {
        Self(digest(COMMITMENT, *salt, manifest.0.as_bytes()))
    }
}

impl fmt::Display for Commitment {
    /// base64url without padding: 43 characters.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&BASE64_URL_SAFE_NO_PAD.encode(self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts() -> [Part<'static>; 2] {
        [
            Part {
                name: "body",
                media_type: "application/activity+json",
                bytes: b"{\"a\":1}",
            },
            Part {
                name: "key",
                media_type: "application/octet-stream",
                bytes: b"\x30\x00",
            },
        ]
    }

    fn salts() -> Salts {
        Salts::for_parts(2, &|bytes| {
            for (n, byte) in bytes.iter_mut().enumerate() {
                *byte = u8::try_from(n).unwrap();
            }
        })
    }

    #[test]
    fn a_commitment_opens_with_its_salts_and_with_nothing_else() {
        let (parts, salts) = (parts(), salts());
        let manifest = Manifest::of(&parts, &salts);
        let commitment = Commitment::to(&salts.of_entry().unwrap(), &manifest);
        // Computed by another program from docs/ARCHIVE.md.
        insta::assert_snapshot!(manifest.as_str(), @r"
        actapub-manifest/v1
        body application/activity+json 7 -7BNqK2gZSvyyLIpfKC5n1qowEnbj01ASgxPXwNnyuc
        key application/octet-stream 2 vbNPvUey35q8U3kIgiBWuw9FyOihZuLI-NcyK00svG4
        ");
        insta::assert_snapshot!(commitment.to_string(), @"dh1aK4qVsR4w_aSeq_h6fog8IHNtzkrIndxvcqO40vg");
        let listed = manifest.parts().unwrap();
        for (n, part) in parts.iter().enumerate() {
            assert!(listed[n].opens(salts.of_part(n).unwrap(), part.bytes));
            assert!(!listed[n].opens(salts.of_part(1 - n).unwrap(), part.bytes));
            assert!(!listed[n].opens(salts.of_part(n).unwrap(), b"{\"a\":2}"));
        }
        assert_ne!(
            Commitment::to(&salts.of_part(0).unwrap(), &manifest),
            commitment
        );
    }

    #[test]
    fn a_destroyed_salt_leaves_the_other_parts_provable() {
        let (parts, mut salts) = (parts(), salts());
        let manifest = Manifest::of(&parts, &salts);
        salts.destroy_part(0);
        let kept = Salts::from_bytes(&salts.to_bytes());
        assert_eq!(kept.of_part(0), None);
        let listed = manifest.parts().unwrap();
        assert!(listed[1].opens(kept.of_part(1).unwrap(), parts[1].bytes));
        assert!(kept.of_entry().is_some());
    }

    #[test]
    fn what_is_no_manifest_is_not_read_as_one() {
        for text in [
            "",
            "actapub-manifest/v2\n",
            "actapub-manifest/v1\nbody text/plain x y\n",
            "actapub-manifest/v1\nbody text/plain 1 y z\n",
        ] {
            assert_eq!(
                Manifest::from_text(text.to_owned()).parts(),
                None,
                "{text:?}"
            );
        }
        assert_eq!(Manifest::default().parts(), Some(vec![]));
    }
}
