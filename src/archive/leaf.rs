//! The permanent, public line of an entry (docs/ARCHIVE.md): it names nobody and holds no text.

use serde::Deserialize;

use super::commitment::Commitment;
use super::kind::{By, Kind};
use crate::kernel::Timestamp;

/// The version of the format: the leaf's `v`.
pub const VERSION: u8 = 1;

/// How exactly a leaf tells the time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Precision {
    /// `2026-11-24T12:00Z`: citizens' entries, so that fewer can be told apart by when they came.
    #[default]
    Minute,
    /// `2026-11-24T12:00:00Z`
    Second,
}

/// A leaf about to be appended.
#[derive(Debug, Clone, Copy)]
pub struct Leaf {
    pub commitment: Commitment,
    pub kind: Kind,
    /// The index of the leaf that this one refers to.
    pub refers_to: Option<u64>,
    pub at: Timestamp,
    pub precision: Precision,
}

impl Leaf {
    /// The exact bytes of the leaf: JSON with its members in order of their names and no white space (RFC 8785).
    pub fn to_json(&self) -> String {
        let reference = self
            .refers_to
            .map(|index| format!("\"ref\":{index},"))
            .unwrap_or_default();
        format!(
            r#"{{"c":"{}","k":"{}",{reference}"t":"{}","ts":"{}","v":{VERSION}}}"#,
            self.commitment,
            self.kind.by().name(),
            self.kind.name(),
            self.time(),
        )
    }

    fn time(&self) -> String {
        let at = self.at.to_whole_second();
        match self.precision {
            Precision::Second => at.to_string(),
            Precision::Minute => {
                let minute = Timestamp::from_seconds(at.seconds().div_euclid(60) * 60);
                minute.to_string().replacen(":00Z", "Z", 1)
            }
        }
    }
}

/// A leaf as read: of any version and kind, since a reader may be older than the record.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ReadLeaf {
    #[serde(rename = "c")]
    pub commitment: String,
    #[serde(rename = "k")]
    pub by: String,
    #[serde(rename = "ref", default)]
    pub refers_to: Option<u64>,
    #[serde(rename = "t")]
    pub kind: String,
    #[serde(rename = "ts")]
    pub time: String,
    #[serde(rename = "v")]
    pub version: u32,
}

impl ReadLeaf {
    /// Reads a leaf; `None` if it is none.
    pub fn parse(leaf: &[u8]) -> Option<Self> {
        serde_json::from_slice(leaf).ok()
    }

    /// Whose act it is, if that is a word that we know.
    pub fn by(&self) -> Option<By> {
        By::named(&self.by)
    }

    /// When, to the minute or to the second.
    pub fn at(&self) -> Option<Timestamp> {
        let minute = self.time.strip_suffix('Z')?;
        match minute.matches(':').count() {
            1 => format!("{minute}:00Z").parse().ok(),
            _ => self.time.parse().ok(),
        }
    }

    /// What happened, if that is a word that we know.
    pub fn kind(&self) -> Option<Kind> {
        Kind::named(&self.kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::archive::commitment::{Manifest, Salt};

    #[test]
    fn a_leaf_is_canonical_and_short() {
        let manifest = Manifest::default();
        let leaf = Leaf {
            commitment: Commitment::to(&Salt::from_bytes([7; 32]), &manifest),
            kind: Kind::ReplyReceived,
            refers_to: Some(123_456),
            at: "2026-11-24T12:34:56.789Z".parse().unwrap(),
            precision: Precision::Minute,
        };
        let json = leaf.to_json();
        let canonical = serde_json_canonicalizer::to_string(
            &serde_json::from_str::<serde_json::Value>(&json).unwrap(),
        )
        .unwrap();
        assert_eq!(json, canonical);
        assert!(json.len() <= 135, "{} bytes: {json}", json.len());
        let read = ReadLeaf::parse(json.as_bytes()).unwrap();
        assert_eq!(read.time, "2026-11-24T12:34Z");
        assert_eq!(read.at(), "2026-11-24T12:34:00Z".parse().ok());
        assert_eq!(read.kind(), Some(Kind::ReplyReceived));
        assert_eq!(read.by(), Some(By::Citizen));
        assert_eq!(read.refers_to, Some(123_456));
        let second = Leaf {
            precision: Precision::Second,
            refers_to: None,
            at: "2026-11-24T12:00:00Z".parse().unwrap(),
            ..leaf
        };
        assert!(
            second.to_json().contains(
                r#""k":"citizen","t":"reply.received","ts":"2026-11-24T12:00:00Z","v":1"#
            )
        );
    }

    #[test]
    fn every_kind_has_a_word_and_a_number_of_its_own() {
        let words: std::collections::HashSet<_> =
            Kind::ALL.iter().map(|kind| kind.name()).collect();
        let codes: std::collections::HashSet<_> =
            Kind::ALL.iter().map(|kind| kind.code()).collect();
        assert_eq!(
            (words.len(), codes.len()),
            (Kind::ALL.len(), Kind::ALL.len())
        );
    }
}
