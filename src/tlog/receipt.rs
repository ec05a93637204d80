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
        let index = index.ok_or(Malformed::Index)?;
        let (proof, note) = read_proof(rest, LONGEST_PROOF).ok_or(Malformed::Proof)?;
        let note = Note::parse(note)?;
        Checkpoint::parse(&note.text)?;
        Ok(Self {
            extra,
            index,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tlog::cosignature::cosign;
    use crate::tlog::key::KeyKind;
    use crate::tlog::note::Unverified;
    use crate::tlog::tests::{Shelf, entry};
    use crate::tlog::{SigningKey, tree};

    fn log() -> SigningKey {
        SigningKey::from_seed("log.example", KeyKind::Ed25519, &[1; 32]).unwrap()
    }

    fn witness() -> SigningKey {
        SigningKey::from_seed("witness.example", KeyKind::Cosignature, &[2; 32]).unwrap()
    }

    fn policy() -> Policy {
        Policy::parse(&format!("witness w {}\nquorum w\n", witness().verifier())).unwrap()
    }

    fn receipt(index: u64, size: u64) -> Receipt {
        let (mut shelf, edge) = Shelf::of(size);
        let head = Head {
            size,
            root: edge.root(),
        };
        let mut note = Checkpoint::new("log.example", head).sign(&log()).unwrap();
        note.add(cosign(&note.text, &witness(), 77).unwrap());
        let proof = tree::inclusion_proof(index, size, &mut shelf).unwrap();
        Receipt {
            extra: None,
            index,
            proof,
            note,
        }
    }

    #[test]
    fn a_receipt_proves_its_entry() {
        for (index, size) in [(0, 1), (0, 2), (5, 7), (299, 300), (256, 300)] {
            let mut receipt = receipt(index, size);
            for extra in [None, Some(vec![]), Some(b"salt".to_vec())] {
                receipt.extra = extra;
                let read = Receipt::parse(&receipt.to_string()).unwrap();
                assert_eq!(read, receipt);
                let leaf = Hash::of_record(&entry(index));
                let proven = read.verify(leaf, log().verifier(), &policy()).unwrap();
                assert_eq!(proven.checkpoint.size, size);
                assert_eq!(proven.cosigned_by, [("w".to_owned(), 77)]);
            }
        }
    }

    #[test]
    fn and_no_other() {
        let receipt = receipt(5, 7);
        let leaf = Hash::of_record(&entry(5));
        let verify = |receipt: &Receipt, leaf| receipt.verify(leaf, log().verifier(), &policy());
        let other = Hash::of_record(&entry(4));
        assert_eq!(
            verify(&receipt, other),
            Err(Unproven::NotIncluded(Invalid::Root))
        );
        let moved = Receipt {
            index: 4,
            ..receipt.clone()
        };
        assert_eq!(
            verify(&moved, leaf),
            Err(Unproven::NotIncluded(Invalid::Root))
        );
        let beyond = Receipt {
            index: 7,
            ..receipt.clone()
        };
        assert_eq!(
            verify(&beyond, leaf),
            Err(Unproven::NotIncluded(Invalid::OutOfRange))
        );
        let mut unwitnessed = receipt.clone();
        unwitnessed.note.signatures.pop();
        assert!(matches!(
            verify(&unwitnessed, leaf),
            Err(Unproven::Unwitnessed(_))
        ));
        let unsigned = Unproven::NotOfThisLog(Unverified::NotSigned.into());
        let mut unlogged = receipt.clone();
        unlogged.note.signatures.remove(0);
        assert_eq!(verify(&unlogged, leaf), Err(unsigned));
        let mut altered = receipt.clone();
        altered.note.text = altered.note.text.replace("\n7\n", "\n8\n");
        let wrong = Unproven::NotOfThisLog(Unverified::WrongSignature.into());
        assert_eq!(verify(&altered, leaf), Err(wrong));
    }

    #[test]
    fn what_is_no_receipt() {
        let text = Receipt {
            extra: Some(b"x".to_vec()),
            ..receipt(5, 7)
        }
        .to_string();
        let bad = |from: &str, to: &str| Receipt::parse(&text.replacen(from, to, 1)).unwrap_err();
        assert_eq!(bad("@v1", "@v2"), Malformed::FirstLine);
        assert_eq!(bad("c2sp", "\nc2sp"), Malformed::FirstLine);
        assert_eq!(bad("extra eA==", "extra eA"), Malformed::Extra);
        assert_eq!(bad("extra eA==", "extra"), Malformed::Index);
        assert_eq!(
            bad("extra eA==\n", "extra eA==\nextra eA==\n"),
            Malformed::Index
        );
        assert_eq!(bad("index 5", "index 05"), Malformed::Index);
        assert_eq!(bad("index 5", "index -5"), Malformed::Index);
        assert_eq!(bad("index 5\n", ""), Malformed::Index);
        assert_eq!(bad("index 5\n", "index 5\nx\n"), Malformed::Proof);
        assert_eq!(bad("\n\nlog", "\nlog"), Malformed::Proof);
        assert_eq!(
            bad("\u{2014}", "-"),
            Malformed::Note(note::Malformed::SignatureLine)
        );
        assert_eq!(
            bad("\n7\n", "\n07\n"),
            Malformed::Checkpoint(checkpoint::Malformed::Size)
        );
        let hash = format!("{}\n", Hash::EMPTY_TREE);
        let long = |count| {
            format!(
                "{FIRST_LINE}\nindex 5\n{}\n{}",
                hash.repeat(count),
                receipt(5, 7).note
            )
        };
        assert!(Receipt::parse(&long(64)).is_ok());
        assert_eq!(Receipt::parse(&long(65)), Err(Malformed::Proof));
        assert_eq!(
            Receipt::parse(&"x".repeat(LARGEST + 1)),
            Err(Malformed::TooLarge)
        );
        let mut once_signed = receipt(5, 7);
        once_signed.note.signatures.truncate(1);
        let text = once_signed.to_string();
        for end in 0..text.len() {
            assert!(
                text.get(..end)
                    .is_none_or(|part| Receipt::parse(part).is_err()),
                "{end}"
            );
        }
    }
}
