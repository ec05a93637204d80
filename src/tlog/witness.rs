//! What a log asks of a witness, and how the witness decides (c2sp.org/tlog-witness, `add-checkpoint`).

use std::fmt;
use std::fmt::Write as _;
use std::str::FromStr;

use super::checkpoint::{self, Checkpoint};
use super::key::VerifierKey;
use super::note::{self, Note};
use super::proof::{Invalid, check_consistency};
use super::receipt::{line, read_proof};
use super::{Hash, decimal};

pub use super::checkpoint::Head;

/// The most hashes that a request may have.
pub const MOST_HASHES: usize = 63;

/// Bytes of the largest request that is read: a largest note, and the proof before it.
pub const LARGEST: usize = note::LARGEST + 4096;

/// The media type of the answer to a request with another old size than the witness knows.
pub const SIZE_MEDIA_TYPE: &str = "text/x.tlog.size";

/// The body of a request: cosign this checkpoint, whose tree goes on from the one that you know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddCheckpoint {
    old: u64,
    proof: Vec<Hash>,
    note: Note,
    checkpoint: Checkpoint,
}

/// Why a body is no request: 400.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    #[error("a request has at most {LARGEST} bytes")]
    TooLarge,
    #[error("a request is UTF-8")]
    Characters,
    #[error("a request's first line is `old` and a size without leading zeros")]
    OldSize,
    #[error(
        "at most {MOST_HASHES} hashes in base64, a line each, and an empty line follow the old size"
    )]
    Proof,
    #[error(transparent)]
    Note(#[from] note::Malformed),
    #[error(transparent)]
    Checkpoint(#[from] checkpoint::Malformed),
}

/// Why a witness does not cosign. What it knows stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// 400: the old tree would be larger than the new one.
    #[error("the old size is above the checkpoint's")]
    OldSizeAbove,
    /// 403: no trusted key of the log signed it, or one of them wrongly.
    #[error("the checkpoint is not signed by a key of this log that the witness trusts")]
    BadSignature,
    /// 409: the proof begins at another size than the one cosigned last, which the answer's body tells.
    #[error("the latest checkpoint that was cosigned has the size {known}")]
    OldSizeMismatch { known: u64 },
    /// 422: the log signed a tree that is not shown to go on from the one cosigned last. If no proof can show it, the
    /// checkpoint proves that the log misbehaved.
    #[error("the checkpoint is not consistent with the latest one that was cosigned: {reason}")]
    BadProof {
        reason: Invalid,
        evidence: Box<Note>,
    },
}

impl Refusal {
    /// The HTTP status that the specification asks for.
    pub const fn status(&self) -> u16 {
        match self {
            Self::OldSizeAbove => 400,
            Self::BadSignature => 403,
            Self::OldSizeMismatch { .. } => 409,
            Self::BadProof { .. } => 422,
        }
    }
}

impl AddCheckpoint {
    /// A request to be sent; refused if the note is no checkpoint or the proof too long.
    pub fn new(old: u64, proof: Vec<Hash>, note: Note) -> Result<Self, Malformed> {
        if proof.len() > MOST_HASHES {
            return Err(Malformed::Proof);
        }
        let checkpoint = Checkpoint::parse(&note.text)?;
        Ok(Self {
            old,
            proof,
            note,
            checkpoint,
        })
    }

    pub fn parse(body: &str) -> Result<Self, Malformed> {
        if body.len() > LARGEST {
            return Err(Malformed::TooLarge);
        }
        let (first, rest) = line(body).ok_or(Malformed::OldSize)?;
        let old = first.strip_prefix("old ").and_then(decimal::parse);
        let old = old.ok_or(Malformed::OldSize)?;
        let (proof, note) = read_proof(rest, MOST_HASHES).ok_or(Malformed::Proof)?;
        Self::new(old, proof, Note::parse(note)?)
    }

    /// Reads a body that may not be UTF-8 either.
    pub fn from_bytes(body: &[u8]) -> Result<Self, Malformed> {
        if body.len() > LARGEST {
            return Err(Malformed::TooLarge);
        }
        Self::parse(std::str::from_utf8(body).map_err(|_| Malformed::Characters)?)
    }

    /// The size of the tree that the proof begins at.
    pub const fn old(&self) -> u64 {
        self.old
    }

    pub fn proof(&self) -> &[Hash] {
        &self.proof
    }

    /// The checkpoint with its signatures.
    pub const fn note(&self) -> &Note {
        &self.note
    }

    pub const fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }

    /// The log whose checkpoint it is, as it says; unknown ones are answered with 404.
    pub fn origin(&self) -> &str {
        &self.checkpoint.origin
    }
}

impl fmt::Display for AddCheckpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "old {}", self.old)?;
        self.proof
            .iter()
            .try_for_each(|hash| writeln!(f, "{hash}"))?;
        write!(f, "\n{}", self.note)
    }
}

impl FromStr for AddCheckpoint {
    type Err = Malformed;

    fn from_str(body: &str) -> Result<Self, Malformed> {
        Self::parse(body)
    }
}

/// Decides whether a witness that cosigned `known` last may cosign the checkpoint of a request: returns the head that
/// it must have stored before it answers, in one step with the comparison against `known`.
///
/// `keys` are those that the witness trusts for the request's origin. A head that is known already may be cosigned
/// again.
pub fn judge(
    known: Option<&Head>,
    request: &AddCheckpoint,
    keys: &[VerifierKey],
) -> Result<Head, Refusal> {
    let mut signed = false;
    for key in keys {
        match request.note.verify(key) {
            Ok(_) => signed = true,
            Err(note::Unverified::NotSigned) => {}
            Err(note::Unverified::WrongSignature) => return Err(Refusal::BadSignature),
        }
    }
    if !signed {
        return Err(Refusal::BadSignature);
    }
    let known = known.copied().unwrap_or(Head::EMPTY);
    let new = request.checkpoint.head();
    if request.old > new.size {
        return Err(Refusal::OldSizeAbove);
    }
    if request.old != known.size {
        let known = known.size;
        return Err(Refusal::OldSizeMismatch { known });
    }
    check_consistency(&request.proof, known.size, known.root, new.size, new.root).map_err(
        |reason| Refusal::BadProof {
            reason,
            evidence: Box::new(request.note.clone()),
        },
    )?;
    Ok(new)
}

/// Reads the body of a 409: the size that the witness knows, and a newline.
pub fn parse_size(body: &str) -> Option<u64> {
    body.strip_suffix('\n').and_then(decimal::parse)
}

/// The part of a witness's address under which it shows the last checkpoint of a log, `<origin hash>/checkpoint`: the
/// SHA-256 of the origin in hexadecimal.
pub fn origin_hash(origin: &str) -> String {
    let hash = Hash::of_bytes(origin.as_bytes());
    let mut text = String::new();
    for byte in hash.as_bytes() {
        let _ = write!(text, "{byte:02x}");
    }
    text
}
