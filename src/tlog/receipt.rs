//! Receipts: that an entry is in a log, in one file that is verified offline (c2sp.org/tlog-proof).

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::checkpoint::{self, Checkpoint, Head};
use super::key::VerifierKey;
use super::note::{self, Note};
use super::policy::{Judgement, Policy};
use super::proof::{Invalid, LONGEST_PROOF, check_inclusion};
use super::{Hash, decimal};

/// The first line of every receipt.
const FIRST_LINE: &str = "c2sp.org/tlog-proof@v1";

/// Bytes of the largest receipt that is read.
pub const LARGEST: usize = 2 << 20;

/// A proof that an entry is in a log, with the checkpoint that it is in. Its file name should end in `.tlog-proof`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// What the application adds; nothing vouches for it.
    pub extra: Option<Vec<u8>>,
    /// The entry's place in the log, from 0.
    pub index: u64,
    /// From the leaf's sibling up to the root's child.
    pub proof: Vec<Hash>,
    /// The log's checkpoint with its signature and cosignatures.
    pub note: Note,
}

/// Why a text is no receipt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    #[error("a receipt has at most {LARGEST} bytes")]
    TooLarge,
    #[error("a receipt's first line is {FIRST_LINE}")]
    FirstLine,
    #[error("what stands behind `extra` in a receipt is base64")]
    Extra,
    #[error("a receipt has a line `index` with a number without leading zeros")]
    Index,
    #[error(
        "a receipt's proof is at most {LONGEST_PROOF} hashes in base64, a line each, and an empty line"
    )]
    Proof,
    #[error(transparent)]
    Note(#[from] note::Malformed),
    #[error(transparent)]
    Checkpoint(#[from] checkpoint::Malformed),
}

/// Why a receipt does not prove what it says.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unproven {
    #[error(transparent)]
    NotOfThisLog(#[from] checkpoint::NotOfThisLog),
    /// The log signed it, but not those whom the policy asks for.
    #[error("the checkpoint has not the witnesses that the policy asks for")]
    Unwitnessed(Judgement),
    #[error("the entry is not in the signed tree: {0}")]
    NotIncluded(#[from] Invalid),
}

/// What a receipt proves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proven {
    /// The tree in which the leaf is.
    pub checkpoint: Checkpoint,
    /// The witnesses that stand for it, and when they signed, in seconds since 1970.
    pub cosigned_by: Vec<(String, u64)>,
}

impl Receipt {
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        if text.len() > LARGEST {
            return Err(Malformed::TooLarge);
        }
        let (first, rest) = line(text).ok_or(Malformed::FirstLine)?;
        if first != FIRST_LINE {
            return Err(Malformed::FirstLine);
        }
        let (second, after) = line(rest).ok_or(Malformed::Index)?;
        let (extra, rest) = match second.strip_prefix("extra ") {
            None => (None, rest),
            Some(base64) => {
                let extra = STANDARD.decode(base64).map_err(|_| Malformed::Extra)?;
                (Some(extra), after)
            }
        };
        let (index, rest) = line(rest).ok_or(Malformed::Index)?;
        let index = index.strip_prefix("index ").and_then(decimal::parse);
        let (proof, note) = read_proof(rest, LONGEST_PROOF).ok_or(Malformed::Proof)?;
        let note = Note::parse(note)?;
        Checkpoint::parse(&note.text)?;
        Ok(Self {
            extra,
            index: index.ok_or(Malformed::Index)?,
            proof,
            note,
        })
    }

    /// Checks that the leaf is in the log whose key this is, under a checkpoint that satisfies the policy.
    pub fn verify(
        &self,
        leaf: Hash,
        log: &VerifierKey,
        policy: &Policy,
    ) -> Result<Proven, Unproven> {
        let checkpoint = Checkpoint::open(&self.note, log)?;
        let Head { size, root } = checkpoint.head();
        check_inclusion(&self.proof, self.index, leaf, size, root)?;
        let judgement = policy.judge(&self.note);
        if !judgement.satisfied {
            return Err(Unproven::Unwitnessed(judgement));
        }
        Ok(Proven {
            checkpoint,
            cosigned_by: judgement.cosigned_by,
        })
    }
}

/// The file's text.
impl fmt::Display for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{FIRST_LINE}")?;
        if let Some(extra) = &self.extra {
            writeln!(f, "extra {}", STANDARD.encode(extra))?;
        }
        writeln!(f, "index {}", self.index)?;
        self.proof
            .iter()
            .try_for_each(|hash| writeln!(f, "{hash}"))?;
        write!(f, "\n{}", self.note)
    }
}

impl FromStr for Receipt {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        Self::parse(text)
    }
}

/// The first line without its newline, and what follows.
pub(super) fn line(text: &str) -> Option<(&str, &str)> {
    text.split_once('\n')
}

/// Hashes, one a line, up to an empty line, and what follows it; `None` if there are more than `most`.
pub(super) fn read_proof(text: &str, most: usize) -> Option<(Vec<Hash>, &str)> {
    let mut proof = vec![];
    let mut rest = text;
    loop {
        let (hash, behind) = line(rest)?;
        rest = behind;
        if hash.is_empty() {
            return Some((proof, rest));
        }
        if proof.len() >= most {
            return None;
        }
        proof.push(hash.parse().ok()?);
    }
}
