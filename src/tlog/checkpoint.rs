//! Checkpoints: a log's name, size and root, as the text of a signed note (c2sp.org/tlog-checkpoint).

use std::fmt;
use std::str::FromStr;

use super::key::{SigningKey, VerifierKey};
use super::note::{Note, Unsignable, Unverified};
use super::{Hash, decimal};

/// A tree: how many leaves it has, and its root.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Head {
    pub size: u64,
    pub root: Hash,
}

impl Head {
    /// The tree without leaves.
    pub const EMPTY: Self = Self {
        size: 0,
        root: Hash::EMPTY_TREE,
    };
}

/// What a log says about its tree.
///
/// ```
/// use actapub::tlog::Checkpoint;
/// let text = "example.com/log\n7\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
/// let checkpoint = Checkpoint::parse(text)?;
/// assert_eq!((checkpoint.origin.as_str(), checkpoint.size), ("example.com/log", 7));
/// assert_eq!(checkpoint.to_string(), text);
/// # Ok::<(), actapub::tlog::checkpoint::Malformed>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The log's name; by recommendation its address without the scheme.
    pub origin: String,
    /// The number of leaves.
    pub size: u64,
    pub root: Hash,
    /// Lines that only the log knows the meaning of; not recommended.
    pub extensions: Vec<String>,
}

/// Why a text is no checkpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    #[error("a checkpoint is at least three lines, each not empty and with a newline at its end")]
    Lines,
    #[error("a checkpoint's second line is a size, a number without leading zeros")]
    Size,
    #[error("a checkpoint's third line is a root hash in base64")]
    Root,
}

/// Why a note is not a log's checkpoint.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotOfThisLog {
    #[error(transparent)]
    Malformed(#[from] Malformed),
    #[error("the checkpoint is of the log {found}")]
    Origin { found: String },
    #[error(transparent)]
    Signature(#[from] Unverified),
}

impl Checkpoint {
    /// A checkpoint without extension lines.
    pub fn new(origin: &str, head: Head) -> Self {
        Self {
            origin: origin.to_owned(),
            size: head.size,
            root: head.root,
            extensions: vec![],
        }
    }

    /// Reads a note's text. What it reads shows itself as exactly this text.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let text = text.strip_suffix('\n').ok_or(Malformed::Lines)?;
        let mut lines = text.split('\n');
        if lines
            .clone()
            .any(|line| line.is_empty() || line.contains(|c: char| c < ' '))
        {
            return Err(Malformed::Lines);
        }
        let mut next = || lines.next().ok_or(Malformed::Lines);
        let (origin, size, root) = (next()?, next()?, next()?);
        Ok(Self {
            origin: origin.to_owned(),
            size: decimal::parse(size).ok_or(Malformed::Size)?,
            root: root.parse().map_err(|_| Malformed::Root)?,
            extensions: lines.map(str::to_owned).collect(),
        })
    }

    /// Reads a note that must be a checkpoint of the log whose key this is, signed with it. The key's name is the
    /// log's origin.
    pub fn open(note: &Note, key: &VerifierKey) -> Result<Self, NotOfThisLog> {
        let checkpoint = Self::parse(&note.text)?;
        if checkpoint.origin != key.name() {
            let found = checkpoint.origin;
            return Err(NotOfThisLog::Origin { found });
        }
        note.verify(key)?;
        Ok(checkpoint)
    }

    /// The checkpoint as a note, signed with a log's key.
    pub fn sign(&self, key: &SigningKey) -> Result<Note, Unsignable> {
        let text = self.to_string();
        if Self::parse(&text).as_ref() == Ok(self) {
            Note::signed(&text, &[key])
        } else {
            Err(Unsignable::NotACheckpoint)
        }
    }

    pub const fn head(&self) -> Head {
        Head {
            size: self.size,
            root: self.root,
        }
    }
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n{}\n{}", self.origin, self.size, self.root)?;
        self.extensions
            .iter()
            .try_for_each(|line| writeln!(f, "{line}"))
    }
}

impl FromStr for Checkpoint {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tlog::key::KeyKind;

    const TEXT: &str =
        "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";

    #[test]
    fn what_is_read_is_written_again() {
        let extended = format!("{TEXT}one\n two \n");
        for text in [
            TEXT,
            &extended,
            &TEXT.replace("20852163", "0"),
            &TEXT.replace("example", "an ex+mple"),
        ] {
            assert_eq!(Checkpoint::parse(text).unwrap().to_string(), *text);
        }
        assert_eq!(
            Checkpoint::parse(&extended).unwrap().extensions,
            ["one", " two "]
        );
        let largest = TEXT.replace("20852163", "18446744073709551615");
        assert_eq!(Checkpoint::parse(&largest).unwrap().size, u64::MAX);
    }

    #[test]
    fn what_is_no_checkpoint() {
        let bad = |text: &str| Checkpoint::parse(text).unwrap_err();
        for text in ["", "\n", "\n\n\n", "a\n", "a\n1\n", TEXT.trim_end()] {
            assert_eq!(bad(text), Malformed::Lines, "{text:?}");
        }
        assert_eq!(bad(&format!("\n{TEXT}")), Malformed::Lines);
        assert_eq!(bad(&format!("{TEXT}\n")), Malformed::Lines);
        assert_eq!(bad(&format!("{TEXT}a\n\nb\n")), Malformed::Lines);
        assert_eq!(bad(&TEXT.replace("sofa", "so\tfa")), Malformed::Lines);
        for size in [
            "00",
            "020852163",
            "+1",
            "-1",
            "1 ",
            "0x1",
            "18446744073709551616",
        ] {
            assert_eq!(
                bad(&TEXT.replace("20852163", size)),
                Malformed::Size,
                "{size}"
            );
        }
        for (from, to) in [
            ("q2I=", "q2I"),
            ("q2I=", "q2J="),
            ("q2I=", "q2I=\u{20}"),
            ("CsUY", ""),
        ] {
            assert_eq!(bad(&TEXT.replace(from, to)), Malformed::Root, "{to}");
        }
    }

    #[test]
    fn a_checkpoint_is_opened_with_its_logs_key() {
        let key = SigningKey::from_seed("example.com/behind-the-sofa", KeyKind::Ed25519, &[3; 32])
            .unwrap();
        let checkpoint = Checkpoint::parse(TEXT).unwrap();
        let note = checkpoint.sign(&key).unwrap();
        assert_eq!(
            Checkpoint::open(&note, key.verifier()),
            Ok(checkpoint.clone())
        );
        let other = SigningKey::from_seed("example.com/other", KeyKind::Ed25519, &[3; 32]).unwrap();
        let found = "example.com/behind-the-sofa".to_owned();
        let opened = Checkpoint::open(&note, other.verifier());
        assert_eq!(opened, Err(NotOfThisLog::Origin { found }));
        let unsigned = Note {
            signatures: vec![],
            ..note.clone()
        };
        let opened = Checkpoint::open(&unsigned, key.verifier());
        assert_eq!(opened, Err(Unverified::NotSigned.into()));
        let text = Note::signed("text\n", &[&key]).unwrap();
        assert_eq!(
            Checkpoint::open(&text, key.verifier()),
            Err(Malformed::Lines.into())
        );
    }

    #[test]
    fn what_nobody_could_read_is_not_signed() {
        let key = SigningKey::from_seed("o", KeyKind::Ed25519, &[3; 32]).unwrap();
        for origin in ["", "a\nb"] {
            let checkpoint = Checkpoint::new(origin, Head::EMPTY);
            assert_eq!(checkpoint.sign(&key), Err(Unsignable::NotACheckpoint));
        }
        let mut checkpoint = Checkpoint::new("o", Head::EMPTY);
        checkpoint.extensions.push(String::new());
        assert_eq!(checkpoint.sign(&key), Err(Unsignable::NotACheckpoint));
    }
}
