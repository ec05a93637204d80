//! What a monitor keeps between two looks, in a file of its own.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{ErrorKind, Write as _};
use std::path::Path;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde::{Deserialize, Serialize};

use crate::archive::audit::whole::Fetched;
use crate::kernel::Timestamp;
use crate::tlog::{Checkpoint, Edge, Note};

/// Contradictory heads that are kept.
const MOST_EVIDENCE: usize = 32;

/// What was seen of a record.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct State {
    /// The record's address.
    record: String,
    /// The keys that sign it.
    pub(super) vkeys: Vec<String>,
    /// The newest head that was verified: a signed note.
    checkpoint: String,
    /// The tiles at its right edge, by level and index, in base64.
    edge: BTreeMap<String, String>,
    /// The latest time of an entry, in seconds since 1970.
    pub(super) latest: i64,
    /// When the whole log was read.
    pub(super) read_at: Option<Timestamp>,
    /// Announcements that are recorded, by their ActivityPub ids.
    pub(super) recorded: BTreeSet<String>,
    /// Entries up to here have been asked what they are about.
    pub(super) disclosed_to: u64,
    /// Announcements whose entries had been erased before we could ask.
    pub(super) undisclosed: u64,
    /// Heads, signed by the log, that contradict what was seen before.
    evidence: Vec<String>,
}

/// Why nothing can be kept.
#[derive(Debug, thiserror::Error)]
pub enum StateError {
    #[error("{file} cannot be read or written: {why}")]
    File { file: String, why: String },
    #[error("{file} is of the record {found}")]
    Other { file: String, found: String },
}

impl State {
    /// What a file keeps; an empty state if there is none yet.
    pub fn read(file: &Path, record: &str) -> Result<Self, StateError> {
        let name = file.display().to_string();
        let bytes = match fs::read(file) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(broken(file, &error)),
        };
        let state: Self = serde_json::from_slice(&bytes).map_err(|error| broken(file, &error))?;
        if state.record == record {
            Ok(state)
        } else {
            let found = state.record;
            Err(StateError::Other { file: name, found })
        }
    }

    /// Puts the state in the file's place: what was there before stays until this is on the disk.
    pub(super) fn write(&mut self, file: &Path, record: &str) -> Result<(), StateError> {
        record.clone_into(&mut self.record);
        let json = serde_json::to_vec_pretty(self).map_err(|error| broken(file, &error))?;
        let mut part = file.as_os_str().to_owned();
        part.push(".part");
        let write = || -> std::io::Result<()> {
            let mut new = File::create(&part)?;
            new.write_all(&json)?;
            new.sync_all()?;
            fs::rename(&part, file)?;
            let folder = file.parent().filter(|it| !it.as_os_str().is_empty());
            File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
        };
        write().map_err(|error| broken(file, &error))
    }

    pub(super) fn checkpoint(&self) -> Option<Checkpoint> {
        let note = Note::parse(&self.checkpoint).ok()?;
        Checkpoint::parse(&note.text).ok()
    }

    /// Entries of the newest head.
    pub(super) fn size(&self) -> u64 {
        self.checkpoint().map_or(0, |checkpoint| checkpoint.size)
    }

    /// The tree at the newest head; `None` if the file does not hold it, or holds another.
    pub(super) fn edge(&self) -> Option<Edge> {
        let head = self.checkpoint()?.head();
        let mut tiles = Fetched::default();
        for (place, bytes) in &self.edge {
            let (level, index) = place.split_once('/')?;
            let bytes = BASE64_STANDARD.decode(bytes).ok()?;
            tiles
                .0
                .insert((level.parse().ok()?, index.parse().ok()?), bytes);
        }
        let edge = Edge::load(head.size, &mut tiles).ok()?;
        (edge.root() == head.root).then_some(edge)
    }

    pub(super) fn advance(&mut self, note: &Note, latest: i64, tiles: Fetched) {
        self.checkpoint = note.to_string();
        self.latest = latest;
        self.edge = tiles
            .0
            .into_iter()
            .map(|((level, index), bytes)| {
                (format!("{level}/{index}"), BASE64_STANDARD.encode(bytes))
            })
            .collect();
    }

    pub(super) fn keep_evidence(&mut self, note: &str) {
        if self.evidence.len() < MOST_EVIDENCE && !self.evidence.iter().any(|it| it == note) {
            self.evidence.push(note.to_owned());
        }
    }
}

fn broken(file: &Path, error: &dyn ToString) -> StateError {
    StateError::File {
        file: file.display().to_string(),
        why: error.to_string(),
    }
}
