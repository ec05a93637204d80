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
