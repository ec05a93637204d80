//! What the citizens' server remembers: one JSON file, replaced as a whole at each change.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context as _;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::kernel::Timestamp;

#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Content {
    /// Private keys, PKCS #8 in base64, by handle; the server's own under [`super::SERVER`].
    pub(super) keys: BTreeMap<String, String>,
    /// By ActivityPub id.
    pub(super) agencies: BTreeMap<String, Known>,
    pub(super) follows: Vec<Follow>,
    /// What citizens wrote, by the name it has in the script.
    pub(super) posts: BTreeMap<String, Post>,
    /// What came, by the id of the announcement.
    pub(super) seen: BTreeMap<String, Seen>,
    /// Ids of activities, each of which counts once.
    pub(super) received: BTreeSet<String>,
}

/// An agency as this server met it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Known {
    pub(super) name: String,
    pub(super) acct: String,
    pub(super) page: String,
    pub(super) icon: Option<String>,
    pub(super) inbox: String,
    pub(super) followers: Option<String>,
    /// Ids and PEM.
    pub(super) keys: Vec<(String, String)>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Follow {
    pub(super) by: String,
    pub(super) agency: String,
    /// The activity's id.
    pub(super) id: String,
    pub(super) accepted: bool,
}

/// What a citizen wrote.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Post {
    pub(super) by: String,
    /// The last part of its address.
    pub(super) number: usize,
    pub(super) html: String,
    pub(super) language: Option<String>,
    pub(super) in_reply_to: Option<String>,
    /// The agency that it is addressed to, and alone if it is private.
    pub(super) agency: String,
    /// Further people in the conversation, by id.
    pub(super) mentions: Vec<String>,
    pub(super) private: bool,
    pub(super) published: Timestamp,
    pub(super) edited: Option<Timestamp>,
    pub(super) deleted: Option<Timestamp>,
}

/// An announcement as it came.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Seen {
    pub(super) by: String,
    pub(super) page: String,
    /// Made safe.
    pub(super) html: String,
    pub(super) warning: Option<String>,
    pub(super) language: Option<String>,
    pub(super) in_reply_to: Option<String>,
    /// Addresses and descriptions.
    pub(super) pictures: Vec<(String, String)>,
    pub(super) published: Timestamp,
    pub(super) edited: Option<Timestamp>,
    pub(super) withdrawn: bool,
    /// In whose inboxes it is.
    pub(super) inboxes: BTreeSet<String>,
}

#[derive(Debug, Clone)]
pub(super) struct Memory {
    path: Arc<PathBuf>,
    content: Arc<Mutex<Content>>,
}

impl Memory {
    pub(super) fn open(path: PathBuf) -> anyhow::Result<Self> {
        let content = read(&path)?.unwrap_or_default();
        Ok(Self {
            path: Arc::new(path),
            content: Arc::new(Mutex::new(content)),
        })
    }

    pub(super) fn look<T>(&self, look: impl FnOnce(&Content) -> T) -> T {
        look(&self.content.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Changes something; it is in the file once this returns.
    pub(super) fn change<T>(&self, change: impl FnOnce(&mut Content) -> T) -> anyhow::Result<T> {
        let mut content = self.content.lock().unwrap_or_else(PoisonError::into_inner);
        let result = change(&mut content);
        write(&self.path, &*content)?;
        Ok(result)
    }
}

/// Reads a file that [`write`] wrote, if there is one.
pub(in crate::app::demo) fn read<T: DeserializeOwned>(path: &Path) -> anyhow::Result<Option<T>> {
    let text = match std::fs::read(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error).with_context(|| format!("cannot read {}", path.display())),
    };
    let value = serde_json::from_slice(&text).with_context(|| {
        format!(
            "{} is damaged; remove its folder to begin anew",
            path.display()
        )
    })?;
    Ok(Some(value))
}

/// Replaces a file at once: a reader finds the old or the new one, whenever the process ends.
pub(in crate::app::demo) fn write<T: Serialize>(path: &Path, value: &T) -> anyhow::Result<()> {
    let new = path.with_extension("new");
    let replace = || -> std::io::Result<()> {
        // Private keys are in there.
        let mut file = std::fs::OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&new)?;
        file.write_all(&serde_json::to_vec_pretty(value)?)?;
        std::fs::rename(&new, path)
    };
    replace().with_context(|| format!("cannot write {}", path.display()))
}
