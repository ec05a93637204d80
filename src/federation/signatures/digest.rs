//! The digest of a body, in both its headers: `Digest` (RFC 3230) and `Content-Digest` (RFC 9530).

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sfv::{BareItem, Dictionary, Item, ListEntry, Parser};

use super::Refusal;

/// The SHA-256 of a body: made once for an activity, however many inboxes it goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BodyDigest([u8; 32]);

impl BodyDigest {
    pub fn of(body: &[u8]) -> Self {
        let mut bytes = [0; 32];
        bytes.copy_from_slice(digest(&SHA256, body).as_ref());
        Self(bytes)
    }

    /// The value of `Digest`.
    pub fn to_digest(self) -> String {
        format!("SHA-256={}", STANDARD.encode(self.0))
    }

    /// The value of `Content-Digest`.
    pub fn to_content_digest(self) -> String {
        format!("sha-256=:{}:", STANDARD.encode(self.0))
    }

    /// Checks a `Digest`: a list of which only SHA-256 is used, and every SHA-256 in it must be this one.
    pub(super) fn check_digest(self, header: &[u8]) -> Result<(), Refusal> {
        let header = std::str::from_utf8(header).map_err(|_| Refusal::BadDigest)?;
        let mut is_found = false;
        for item in header.split(',') {
            let (name, value) = item.trim().split_once('=').ok_or(Refusal::BadDigest)?;
            if name.eq_ignore_ascii_case("sha-256") {
                let claimed = STANDARD.decode(value).map_err(|_| Refusal::BadDigest)?;
                self.check(&claimed)?;
                is_found = true;
            }
        }
        is_found.then_some(()).ok_or(Refusal::BadDigest)
    }

    /// Checks a `Content-Digest`, of which only `sha-256` is used.
    pub(super) fn check_content_digest(self, header: &[u8]) -> Result<(), Refusal> {
        let digests: Dictionary = Parser::new(header)
            .parse()
            .map_err(|_| Refusal::BadDigest)?;
        match digests.get("sha-256") {
            Some(ListEntry::Item(Item {
                bare_item: BareItem::ByteSequence(claimed),
                ..
            })) => self.check(claimed),
            _ => Err(Refusal::BadDigest),
        }
    }

    fn check(self, claimed: &[u8]) -> Result<(), Refusal> {
        match <[u8; 32]>::try_from(claimed) {
            Ok(claimed) if claimed == self.0 => Ok(()),
            Ok(_) => Err(Refusal::OtherBody),
            Err(_) => Err(Refusal::BadDigest),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_digests_are_read_and_only_sha_256_counts() {
        let digest = BodyDigest::of(b"body");
        let (ours, other) = (digest.to_digest(), BodyDigest::of(b"other").to_digest());
        let as_md5 = ours.replace("SHA-256", "MD5");
        for (header, verdict) in [
            (ours.clone(), Ok(())),
            (ours.replace("SHA-256", "sha-256"), Ok(())),
            (format!("MD5=AAAA,{ours}"), Ok(())),
            (format!("{ours}, SHA-512=AAAA"), Ok(())),
            (other.clone(), Err(Refusal::OtherBody)),
            (format!("{ours},{other}"), Err(Refusal::OtherBody)),
            (as_md5, Err(Refusal::BadDigest)),
            (String::new(), Err(Refusal::BadDigest)),
            ("SHA-256".to_owned(), Err(Refusal::BadDigest)),
            ("SHA-256=".to_owned(), Err(Refusal::BadDigest)),
            ("SHA-256=!!!".to_owned(), Err(Refusal::BadDigest)),
        ] {
            assert_eq!(digest.check_digest(header.as_bytes()), verdict, "{header}");
        }
    }

    #[test]
    fn content_digests_are_read_likewise() {
        let digest = BodyDigest::of(b"body");
        let ours = digest.to_content_digest();
        for (header, verdict) in [
            (ours.clone(), Ok(())),
            (format!("sha-512=:AAAA:, {ours}"), Ok(())),
            (
                BodyDigest::of(b"other").to_content_digest(),
                Err(Refusal::OtherBody),
            ),
            ("sha-256=:AAAA:".to_owned(), Err(Refusal::BadDigest)),
            ("sha-256=AAAA".to_owned(), Err(Refusal::BadDigest)),
            (digest.to_digest(), Err(Refusal::BadDigest)),
            (String::new(), Err(Refusal::BadDigest)),
        ] {
            assert_eq!(
                digest.check_content_digest(header.as_bytes()),
                verdict,
                "{header}"
            );
        }
    }
}
