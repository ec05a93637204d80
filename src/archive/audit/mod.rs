//! Checking a record as a stranger would: from its public files alone, with no database and no server of one's own.

pub mod bag;
mod leaves;
mod lines;
pub mod monitor;
pub mod receipt;
pub mod source;
mod stream;
pub mod whole;

pub use self::leaves::{BadLeaf, Leaves};
pub use self::source::Source;

use crate::platform::net::NetError;
use crate::tlog::checkpoint::NotOfThisLog;
use crate::tlog::policy::Judgement;
use crate::tlog::{Checkpoint, Hash, Note, Policy, VerifierKey};

/// What a record is checked against.
#[derive(Debug, Clone)]
pub struct Trust {
    /// Whose signature counts. Empty: the keys that the record itself names, which proves only that it agrees with
    /// itself.
    pub keys: Vec<VerifierKey>,
    /// Which witnesses must have cosigned.
    pub policy: Policy,
}

impl Default for Trust {
    fn default() -> Self {
        Self {
            keys: vec![],
            policy: Policy::none(),
        }
    }
}

/// What was found to be true.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    pub origin: String,
    /// Entries in the signed tree.
    pub size: u64,
    pub root: Hash,
    /// The keys that signed.
    pub vkeys: Vec<String>,
    /// Whether these came from the record itself.
    pub own_keys: bool,
    /// The witnesses that stand for it, and when they signed, in seconds since 1970.
    pub cosigned_by: Vec<(String, u64)>,
    /// The size of the older checkpoint that it goes on from.
    pub from: Option<u64>,
    /// The one entry that was checked, if it was not all of them.
    pub entry: Option<u64>,
    /// The signed note, to be kept for the next time.
    pub note: String,
}

/// Why a record is not to be believed, or could not be checked.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// Nothing can be said of it.
    #[error("{what} could not be read: {why}")]
    Unreadable { what: String, why: String },
    #[error("{0}")]
    Invalid(Invalid),
    /// Valid, and not cosigned by those whom the policy asks for.
    #[error("the checkpoint of {size} entries is not cosigned as the policy asks: {}", named(.judgement))]
    Unwitnessed { size: u64, judgement: Judgement },
    #[error("{0}")]
    Contradiction(Contradiction),
}

/// What is wrong in a record, by its place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Invalid {
    #[error("entry {index} is not the one that the tree was built from")]
    Entry { index: u64 },
    #[error("entry {index} is no leaf of a record: {why}")]
    Leaf { index: u64, why: BadLeaf },
    #[error("{path} is not there, and a log of {size} entries has it")]
    Missing { path: String, size: u64 },
    #[error("{path}: {why}")]
    Tile { path: String, why: String },
    #[error("entries {first} to {last} are not those that {path} was built from")]
    Range { first: u64, last: u64, path: String },
    #[error(
        "the {size} entries have another root than the checkpoint says; no tile tells which of them was changed"
    )]
    Root { size: u64 },
    #[error("the checkpoint: {0}")]
    Checkpoint(String),
    #[error("the proof of entry {index}: {why}")]
    Proof { index: u64, why: String },
    #[error("entry {index} is not what its leaf commits to, in the file {name}")]
    Changed { index: u64, name: String },
    #[error("the file {name} {why}")]
    File { name: String, why: &'static str },
}

/// How a record contradicts what was known of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Contradiction {
    #[error("the record shows {found} entries, and {known} were signed before: it was rolled back")]
    Rollback { known: u64, found: u64 },
    #[error(
        "the first {known} entries are not those that were signed before: there are two records under one name"
    )]
    Fork { known: u64 },
}

impl From<Invalid> for Fault {
    fn from(invalid: Invalid) -> Self {
        Self::Invalid(invalid)
    }
}

impl Fault {
    pub(super) fn unreadable(what: impl Into<String>, why: impl std::fmt::Display) -> Self {
        Self::Unreadable {
            what: what.into(),
            why: why.to_string(),
        }
    }

    pub(super) fn net(what: &str, error: &NetError) -> Self {
        Self::unreadable(what, error)
    }
}

fn named(judgement: &Judgement) -> String {
    if !judgement.wrong.is_empty() {
        return format!("the signature of {} is wrong", judgement.wrong.join(", "));
    }
    let names: Vec<&str> = judgement
        .cosigned_by
        .iter()
        .map(|(name, _)| name.as_str())
        .collect();
    if names.is_empty() {
        "by nobody".to_owned()
    } else {
        format!("only by {}", names.join(", "))
    }
}

/// Reads keys, one a line.
pub fn read_keys(text: &str) -> Result<Vec<VerifierKey>, String> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(|line| VerifierKey::parse(line).map_err(|error| error.to_string()))
        .collect()
}

/// Opens a checkpoint with whichever of the keys has signed it; returns those that have.
pub(super) fn open(
    note: &Note,
    keys: &[VerifierKey],
) -> Result<(Checkpoint, Vec<String>), Invalid> {
    let mut signed = vec![];
    let mut opened = None;
    let mut refusal = None;
    for key in keys {
        match Checkpoint::open(note, key) {
            Ok(checkpoint) => {
                signed.push(key.to_string());
                opened = Some(checkpoint);
            }
            Err(NotOfThisLog::Signature(crate::tlog::note::Unverified::WrongSignature)) => {
                return Err(Invalid::Checkpoint(format!(
                    "the signature of {} is wrong",
                    key.name()
                )));
            }
            Err(error) => refusal = Some(error),
        }
    }
    match (opened, refusal) {
        (Some(checkpoint), _) => Ok((checkpoint, signed)),
        (None, Some(error)) => Err(Invalid::Checkpoint(error.to_string())),
        (None, None) => Err(Invalid::Checkpoint(
            "no key is known that could have signed it".to_owned(),
        )),
    }
}
