//! What was written when, by whom.

use std::fmt;
use std::str::FromStr;

use aws_lc_rs::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};

use super::{Error, PartNumber, Proposal};
use crate::kernel::{PersonId, Timestamp};
use crate::platform::db;
use crate::publishing::pictures::hexadecimal;

/// More than any post can have with its long text, in bytes of JSON.
const LARGEST: usize = 768 * 1024;
/// More than any announcement of several posts can have.
const LARGEST_OF_ALL: usize = 1536 * 1024;

/// Counts the versions of a draft, of all its parts together, from 1. A number is never given twice, so it names exactly
/// one wording.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct VersionNumber(pub(super) i32);

/// One part of a draft as somebody left it.
#[derive(Debug, Clone, PartialEq)]
pub struct Version {
    pub number: VersionNumber,
    pub part: PartNumber,
    /// None if it was erased with what it became.
    pub proposal: Option<Proposal>,
    /// SHA-256 of the proposal as it is stored, hex.
    pub hash: String,
    /// None for the operator.
    pub by: Option<PersonId>,
    pub at: Timestamp,
    /// Since when it was saved automatically, again and again; none if somebody saved it by hand.
    pub(super) automatic_since: Option<Timestamp>,
    /// The version that its author had before them, if somebody else was quicker: it counts for nothing, and only its
    /// author sees it.
    pub unmerged_from: Option<VersionNumber>,
}

impl VersionNumber {
    pub const fn new(number: i32) -> Self {
        Self(number)
    }

    pub const fn get(self) -> i32 {
        self.0
    }
}

impl fmt::Display for VersionNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for VersionNumber {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

/// A proposal as it is stored, and its hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) json: String,
    pub(super) hash: String,
}

impl Written {
    pub(super) fn of(proposal: &Proposal) -> Result<Self, Error> {
        let json = serde_json::to_string(proposal)
            .map_err(|_| db::Error::Corrupt("draft_versions.proposal"))?;
        let posts = 1 + proposal.rest().len();
        if json.len() > LARGEST.saturating_mul(posts).min(LARGEST_OF_ALL) {
            return Err(Error::TooLarge);
        }
        let hash = hexadecimal(digest(&SHA256, json.as_bytes()).as_ref());
        Ok(Self { json, hash })
    }
}
