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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tlog::key::{KeyKind, SigningKey};
    use crate::tlog::tests::Shelf;
    use crate::tlog::tree;

    fn key() -> SigningKey {
        SigningKey::from_seed("log.example", KeyKind::Ed25519, &[1; 32]).unwrap()
    }

    fn trusted() -> Vec<VerifierKey> {
        vec![key().verifier().clone()]
    }

    fn head(size: u64) -> Head {
        let (_, edge) = Shelf::of(size);
        Head {
            size,
            root: edge.root(),
        }
    }

    fn signed(head: Head) -> Note {
        Checkpoint::new("log.example", head).sign(&key()).unwrap()
    }

    fn request(old: u64, size: u64) -> AddCheckpoint {
        let (mut shelf, _) = Shelf::of(size);
        let proof = tree::consistency_proof(old, size, &mut shelf).unwrap();
        AddCheckpoint::new(old, proof, signed(head(size))).unwrap()
    }

    const FORGED: Hash = Hash::from_bytes([7; 32]);

    fn bad_proof(known: Option<&Head>, request: &AddCheckpoint) -> Invalid {
        let refusal = judge(known, request, &trusted()).unwrap_err();
        assert_eq!(refusal.status(), 422);
        match refusal {
            Refusal::BadProof { reason, evidence } => {
                assert_eq!(*evidence, request.note);
                reason
            }
            other => panic!("{other}"),
        }
    }

    #[test]
    fn a_log_that_grows_is_cosigned() {
        let mut known = None;
        for (old, size) in [(0, 0), (0, 1), (1, 5), (5, 5), (5, 300), (300, 700)] {
            let request = request(old, size);
            let body = request.to_string();
            assert_eq!(
                AddCheckpoint::from_bytes(body.as_bytes()),
                Ok(request.clone())
            );
            assert_eq!(request.origin(), "log.example");
            let new = judge(known.as_ref(), &request, &trusted()).unwrap();
            assert_eq!(new, head(size), "{old} to {size}");
            known = Some(new);
        }
    }

    #[test]
    fn only_a_trusted_key_counts() {
        let other = SigningKey::from_seed("log.example", KeyKind::Ed25519, &[2; 32]).unwrap();
        let others = vec![other.verifier().clone()];
        let request = request(0, 3);
        let refused = judge(None, &request, &others);
        assert_eq!(refused, Err(Refusal::BadSignature));
        assert_eq!(refused.unwrap_err().status(), 403);
        assert_eq!(judge(None, &request, &[]), Err(Refusal::BadSignature));
        // After a change of keys either will do; a wrong signature will not, whatever stands beside it.
        let both = [others, trusted()].concat();
        assert!(judge(None, &request, &both).is_ok());
        let mut note = signed(head(3));
        note.add(note::sign(&note.text, &other).unwrap());
        let request = AddCheckpoint::new(0, vec![], note.clone()).unwrap();
        assert!(judge(None, &request, &both).is_ok());
        note.signatures[1].bytes[0] ^= 1;
        let request = AddCheckpoint::new(0, vec![], note).unwrap();
        assert_eq!(judge(None, &request, &both), Err(Refusal::BadSignature));
        assert!(
            judge(None, &request, &trusted()).is_ok(),
            "an unknown key's signature is ignored"
        );
    }

    #[test]
    fn old_sizes_are_compared() {
        let known = head(5);
        for old in [0, 4, 6] {
            let refusal = judge(Some(&known), &request(old, 7), &trusted()).unwrap_err();
            assert_eq!(refusal, Refusal::OldSizeMismatch { known: 5 });
            assert_eq!(refusal.status(), 409);
        }
        let refusal = judge(None, &request(2, 7), &trusted()).unwrap_err();
        assert_eq!(refusal, Refusal::OldSizeMismatch { known: 0 });
        let above = AddCheckpoint::new(5, vec![], signed(head(4))).unwrap();
        let refusal = judge(Some(&known), &above, &trusted()).unwrap_err();
        assert_eq!((refusal.status(), refusal), (400, Refusal::OldSizeAbove));
        assert_eq!(parse_size("5\n"), Some(5));
        for body in ["", "5", "05\n", "5\n\n", "-5\n"] {
            assert_eq!(parse_size(body), None, "{body:?}");
        }
    }

    #[test]
    fn a_forked_log_is_refused_and_the_evidence_kept() {
        let known = head(5);
        let forged = |old, proof, size| {
            let head = Head { size, root: FORGED };
            AddCheckpoint::new(old, proof, signed(head)).unwrap()
        };
        assert_eq!(
            bad_proof(Some(&known), &forged(5, vec![], 5)),
            Invalid::OldRoot
        );
        let (mut shelf, _) = Shelf::of(9);
        let proof = tree::consistency_proof(5, 9, &mut shelf).unwrap();
        assert_eq!(
            bad_proof(Some(&known), &forged(5, proof.clone(), 9)),
            Invalid::Root
        );
        assert_eq!(
            bad_proof(Some(&known), &forged(5, vec![], 9)),
            Invalid::Length
        );
        // What the witness knows is a forgery: the log's true tree does not go on from it.
        let known = Head {
            root: FORGED,
            ..known
        };
        assert_eq!(bad_proof(Some(&known), &request(5, 9)), Invalid::OldRoot);
        // An empty tree has one root, and needs no proof.
        assert_eq!(bad_proof(None, &forged(0, vec![], 0)), Invalid::Root);
        let with_proof = AddCheckpoint::new(0, proof, signed(head(9))).unwrap();
        assert_eq!(bad_proof(None, &with_proof), Invalid::Length);
        let with_proof = AddCheckpoint::new(5, vec![FORGED], signed(head(5))).unwrap();
        assert_eq!(bad_proof(Some(&head(5)), &with_proof), Invalid::Length);
    }

    #[test]
    fn what_is_no_request() {
        let text = request(5, 9).to_string();
        let bad =
            |from: &str, to: &str| AddCheckpoint::parse(&text.replacen(from, to, 1)).unwrap_err();
        assert_eq!(bad("old 5", "old 05"), Malformed::OldSize);
        assert_eq!(bad("old 5", "old  5"), Malformed::OldSize);
        assert_eq!(bad("old 5", "Old 5"), Malformed::OldSize);
        assert_eq!(bad("old 5\n", ""), Malformed::OldSize);
        assert_eq!(bad("old 5\n", "old 5\nnohash\n"), Malformed::Proof);
        assert_eq!(bad("\n\n", "\n"), Malformed::Proof);
        assert_eq!(
            bad("\u{2014}", "-"),
            Malformed::Note(note::Malformed::SignatureLine)
        );
        assert_eq!(
            bad("\n9\n", "\nnine\n"),
            Malformed::Checkpoint(checkpoint::Malformed::Size)
        );
        assert_eq!(
            AddCheckpoint::from_bytes(b"old 0\n\xff"),
            Err(Malformed::Characters)
        );
        assert_eq!(
            AddCheckpoint::from_bytes(&vec![b'x'; LARGEST + 1]),
            Err(Malformed::TooLarge)
        );
        let hash = format!("{FORGED}\n");
        let long = |count| format!("old 5\n{}\n{}", hash.repeat(count), signed(head(9)));
        assert!(AddCheckpoint::parse(&long(63)).is_ok());
        assert_eq!(AddCheckpoint::parse(&long(64)), Err(Malformed::Proof));
        assert_eq!(
            AddCheckpoint::new(5, vec![FORGED; 64], signed(head(9))),
            Err(Malformed::Proof)
        );
    }

    #[test]
    fn a_logs_place_at_the_witness() {
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(origin_hash("abc"), expected);
    }
}
