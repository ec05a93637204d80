//! Trust policies: which logs and witnesses count, and how many of them (c2sp.org/tlog-policy).

use std::collections::{HashMap, HashSet};

use super::Checkpoint;
use super::key::{BadKey, KeyKind, VerifierKey};
use super::note::{Note, Unverified};

/// Bytes of the longest policy that is read.
pub const LONGEST: usize = 1 << 20;

/// Lines that a policy may have besides comments and empty ones.
pub const MOST_LINES: usize = 1024;

/// A log whose checkpoints are accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Log {
    /// Its name is the log's origin.
    pub key: VerifierKey,
    pub url: Option<String>,
}

/// A witness whose cosignature counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Witness {
    /// Its name within the policy; the key has a name of its own.
    pub name: String,
    pub key: VerifierKey,
    /// Where it takes checkpoints: the "submission prefix".
    pub url: Option<String>,
}

/// Which checkpoints are to be believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    logs: Vec<Log>,
    witnesses: Vec<Witness>,
    /// Witnesses and groups in the order of their lines: a group is made of what stands before it.
    members: Vec<Member>,
    quorum: Quorum,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Quorum {
    /// `quorum none`
    Nobody,
    /// Its place among the members.
    Member(usize),
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Member {
    /// Its place among the witnesses.
    Witness(usize),
    Group {
        /// How many of its members it takes.
        threshold: usize,
        members: Vec<usize>,
    },
}

/// What a policy says of a checkpoint.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Judgement {
    /// Whether the note is a checkpoint, signed by a log of the policy (if it lists any) and cosigned by the quorum,
    /// without a wrong signature of anyone whom the policy names.
    pub satisfied: bool,
    /// The witnesses whose cosignatures are valid, by their names in the policy, and the times of these in seconds
    /// since 1970.
    pub cosigned_by: Vec<(String, u64)>,
    /// The origin of the policy's log that signed.
    pub signed_by: Option<String>,
    /// Whose signature is there and wrong: the names of keys.
    pub wrong: Vec<String>,
}

/// Why a text is no policy, and in which line (counted from 1).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {reason}")]
pub struct BadPolicy {
    pub line: usize,
    pub reason: Reason,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    #[error("a policy has at most {LONGEST} bytes and {MOST_LINES} lines that are not comments")]
    TooLong,
    #[error("tab and newline are the only control characters of a policy")]
    ControlCharacter,
    #[error("the last line has no newline at its end")]
    NoNewline,
    #[error("a line begins with log, witness, group or quorum, not with {0}")]
    Keyword(String),
    #[error("the line is to read: {0}")]
    Shape(&'static str),
    #[error(transparent)]
    Key(#[from] BadKey),
    #[error("a log signs with a key of type 0x01, a witness with one of type 0x04")]
    KeyKind,
    #[error("this key stands in an earlier line")]
    DuplicateKey,
    #[error("the name {0} is taken")]
    DuplicateName(String),
    #[error("no earlier line defines {0}")]
    UnknownName(String),
    #[error("{0} is a member of a group already")]
    DuplicateMember(String),
    #[error("a group's threshold is `any`, `all` or a number from 1 to the number of its members")]
    Threshold,
    #[error("a policy has one quorum line")]
    SecondQuorum,
    #[error("a policy has a quorum line, and this one has none")]
    NoQuorum,
}

impl Policy {
    /// Accepts every log and asks for no witness: `quorum none`.
    pub const fn none() -> Self {
        Self {
            logs: vec![],
            witnesses: vec![],
            members: vec![],
            quorum: Quorum::Nobody,
        }
    }

    /// Reads a policy. The specification leaves open how names are encoded; here they are UTF-8.
    ///
    /// ```
    /// use actapub::tlog::Policy;
    /// assert_eq!(Policy::parse("# Nobody watches.\nquorum none\n"), Ok(Policy::none()));
    /// let error = Policy::parse("\nwitness X\n").unwrap_err();
    /// assert_eq!(error.to_string(), "line 2: the line is to read: witness <name> <vkey> [<url>]");
    /// ```
    pub fn parse(text: &str) -> Result<Self, BadPolicy> {
        let mut draft = Draft::default();
        let mut line = 0;
        if text.len() > LONGEST {
            let reason = Reason::TooLong;
            return Err(BadPolicy { line, reason });
        }
        for whole in text.split_inclusive('\n') {
            line += 1;
            draft
                .line(whole)
                .map_err(|reason| BadPolicy { line, reason })?;
        }
        let reason = Reason::NoQuorum;
        let quorum = draft.quorum.ok_or(BadPolicy { line, reason })?;
        Ok(Self {
            logs: draft.logs,
            witnesses: draft.witnesses,
            members: draft.members,
            quorum,
        })
    }

    /// The logs that are accepted; none means that the log is known from elsewhere.
    pub fn logs(&self) -> &[Log] {
        &self.logs
    }

    pub fn witnesses(&self) -> &[Witness] {
        &self.witnesses
    }

    /// Whether the quorum is `none`.
    pub const fn needs_no_witness(&self) -> bool {
        matches!(self.quorum, Quorum::Nobody)
    }

    /// Says whether a note is a checkpoint that is to be believed, and who stands for it.
    pub fn judge(&self, note: &Note) -> Judgement {
        let mut judgement = Judgement::default();
        let Ok(checkpoint) = Checkpoint::parse(&note.text) else {
            return judgement;
        };
        for log in &self.logs {
            match note.verify(&log.key) {
                Ok(_) if log.key.name() == checkpoint.origin => {
                    judgement.signed_by = Some(checkpoint.origin.clone());
                }
                Err(Unverified::WrongSignature) => judgement.wrong.push(log.key.name().to_owned()),
                Ok(_) | Err(Unverified::NotSigned) => {}
            }
        }
        let mut cosigned = vec![];
        for witness in &self.witnesses {
            let verified = note.verify(&witness.key);
            let time = verified.ok().and_then(|it| it.timestamp);
            cosigned.push(time.is_some());
            if verified == Err(Unverified::WrongSignature) {
                judgement.wrong.push(witness.key.name().to_owned());
            }
            judgement
                .cosigned_by
                .extend(time.map(|time| (witness.name.clone(), time)));
        }
        judgement.satisfied = judgement.wrong.is_empty()
            && (self.logs.is_empty() || judgement.signed_by.is_some())
            && self.is_quorum(&cosigned);
        judgement
    }

    /// Whether these witnesses, each by its place, are enough.
    fn is_quorum(&self, cosigned: &[bool]) -> bool {
        let Quorum::Member(quorum) = self.quorum else {
            return true;
        };
        let mut witnessed: Vec<bool> = vec![];
        for member in &self.members {
            witnessed.push(match member {
                Member::Witness(at) => cosigned.get(*at) == Some(&true),
                Member::Group { threshold, members } => {
                    let is_true = |at: &&usize| witnessed.get(**at) == Some(&true);
                    members.iter().filter(is_true).count() >= *threshold
                }
            });
        }
        witnessed.get(quorum) == Some(&true)
    }
}

/// A policy whose lines are being read.
#[derive(Default)]
struct Draft {
    logs: Vec<Log>,
    witnesses: Vec<Witness>,
    members: Vec<Member>,
    /// The place of each name among the members.
    names: HashMap<String, usize>,
    /// Members of some group.
    taken: HashSet<usize>,
    quorum: Option<Quorum>,
    lines: usize,
}

impl Draft {
    fn line(&mut self, line: &str) -> Result<(), Reason> {
        let line = line.strip_suffix('\n').ok_or(Reason::NoNewline)?;
        if line.contains(|c: char| (c < ' ' && c != '\t') || c == '\x7f') {
            return Err(Reason::ControlCharacter);
        }
        if line.trim_start_matches([' ', '\t']).starts_with('#') {
            return Ok(());
        }
        let items: Vec<&str> = line
            .split([' ', '\t'])
            .filter(|it| !it.is_empty())
            .collect();
        let Some((keyword, items)) = items.split_first() else {
            return Ok(());
        };
        self.lines += 1;
        if self.lines > MOST_LINES {
            return Err(Reason::TooLong);
        }
        match *keyword {
            "log" => self.log(items),
            "witness" => self.witness(items),
            "group" => self.group(items),
            "quorum" => self.quorum(items),
            other => Err(Reason::Keyword(shortened(other))),
        }
    }

    fn log(&mut self, items: &[&str]) -> Result<(), Reason> {
        let (key, url) = match *items {
            [key] => (key, None),
            [key, url] => (key, Some(url)),
            _ => return Err(Reason::Shape("log <vkey> [<url>]")),
        };
        let others = self.logs.iter().map(|it| &it.key);
        let key = new_key(key, KeyKind::Ed25519, others)?;
        let url = url.map(str::to_owned);
        self.logs.push(Log { key, url });
        Ok(())
    }

    fn witness(&mut self, items: &[&str]) -> Result<(), Reason> {
        let (name, key, url) = match *items {
            [name, key] => (name, key, None),
            [name, key, url] => (name, key, Some(url)),
            _ => return Err(Reason::Shape("witness <name> <vkey> [<url>]")),
        };
        let others = self.witnesses.iter().map(|it| &it.key);
        let key = new_key(key, KeyKind::Cosignature, others)?;
        self.define(name, Member::Witness(self.witnesses.len()))?;
        self.witnesses.push(Witness {
            name: name.to_owned(),
            key,
            url: url.map(str::to_owned),
        });
        Ok(())
    }

    fn group(&mut self, items: &[&str]) -> Result<(), Reason> {
        let [name, threshold, names @ ..] = items else {
            return Err(Reason::Shape("group <name> all|any|<k> <name>…"));
        };
        let mut members = vec![];
        for member in names {
            let at = self.member(member)?;
            if !self.taken.insert(at) {
                return Err(Reason::DuplicateMember(shortened(member)));
            }
            members.push(at);
        }
        let threshold = match *threshold {
            "any" => 1,
            "all" => members.len(),
            number => super::decimal::parse(number)
                .and_then(|number| usize::try_from(number).ok())
                .ok_or(Reason::Threshold)?,
        };
        if !(1..=members.len()).contains(&threshold) {
            return Err(Reason::Threshold);
        }
        self.define(name, Member::Group { threshold, members })
    }

    fn quorum(&mut self, items: &[&str]) -> Result<(), Reason> {
        let [name] = items else {
            return Err(Reason::Shape("quorum <name>|none"));
        };
        if self.quorum.is_some() {
            return Err(Reason::SecondQuorum);
        }
        self.quorum = Some(match *name {
            "none" => Quorum::Nobody,
            name => Quorum::Member(self.member(name)?),
        });
        Ok(())
    }

    fn member(&self, name: &str) -> Result<usize, Reason> {
        let at = self.names.get(name).copied();
        at.ok_or_else(|| Reason::UnknownName(shortened(name)))
    }

    fn define(&mut self, name: &str, member: Member) -> Result<(), Reason> {
        if name == "none" || self.names.contains_key(name) {
            return Err(Reason::DuplicateName(shortened(name)));
        }
        self.names.insert(name.to_owned(), self.members.len());
        self.members.push(member);
        Ok(())
    }
}

fn new_key<'a>(
    text: &str,
    kind: KeyKind,
    others: impl IntoIterator<Item = &'a VerifierKey>,
) -> Result<VerifierKey, Reason> {
    let key = VerifierKey::parse(text)?;
    if key.kind() != kind {
        return Err(Reason::KeyKind);
    }
    // The same key under another name is a duplicate as well.
    if others
        .into_iter()
        .any(|other| other.public() == key.public())
    {
        return Err(Reason::DuplicateKey);
    }
    Ok(key)
}

/// Enough of a name to find it by.
fn shortened(name: &str) -> String {
    name.chars().take(80).collect()
}
