//! What was destroyed, listed in a file beside the database: a backup that is restored must not bring it back.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// One destruction. Numbers and codes only: the list names nobody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The log's origin.
    pub log: String,
    pub subject_kind: i16,
    pub subject: i64,
    /// When what was destroyed had come, in microseconds since 1970, or a part of a digest of who was: a number alone may
    /// be given out anew after a restoration.
    pub came: i64,
    pub class: String,
    pub basis: String,
    pub role: String,
    /// When it was ordered, likewise.
    pub ordered: i64,
}

/// Why the list could not be read or written.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {cause}")]
pub struct LedgerError {
    path: String,
    cause: std::io::Error,
}

/// The list. Lines are only ever added.
#[derive(Debug, Clone)]
pub struct Ledger(PathBuf);

impl Ledger {
    /// The list in the directory that holds the data.
    pub fn within(data: &Path) -> Self {
        Self(data.join("erasures.jsonl"))
    }

    fn failed(&self, cause: std::io::Error) -> LedgerError {
        LedgerError {
            path: self.0.display().to_string(),
            cause,
        }
    }

    /// Adds lines, durably.
    pub fn append(&self, lines: &[Line]) -> Result<(), LedgerError> {
        if lines.is_empty() {
            return Ok(());
        }
        let mut text = String::new();
        for line in lines {
            let json = serde_json::to_string(line).map_err(|error| self.failed(error.into()))?;
            text.push_str(&json);
            text.push('\n');
        }
        let write = || {
            if let Some(folder) = self.0.parent() {
                fs::DirBuilder::new()
                    .recursive(true)
                    .mode(0o700)
                    .create(folder)?;
            }
            let mut file = OpenOptions::new()
                .create(true)
                .append(true)
                .mode(0o600)
                .open(&self.0)?;
            file.write_all(text.as_bytes())?;
            file.sync_data()
        };
        write().map_err(|cause| self.failed(cause))
    }

    /// All lines; none if there is no list. A line that a crash has cut short was never acted upon, and is left out.
    pub fn read(&self) -> Result<Vec<Line>, LedgerError> {
        match fs::read_to_string(&self.0) {
            Ok(text) => Ok(text
                .lines()
                .filter_map(|line| serde_json::from_str(line).ok())
                .collect()),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(vec![]),
            Err(error) => Err(self.failed(error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_come_back_in_their_order_and_a_torn_one_does_not() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = Ledger::within(folder.path());
        assert!(ledger.read().unwrap().is_empty());
        let line = |subject| Line {
            log: "city.gov/record/water".to_owned(),
            subject_kind: 2,
            subject,
            came: 5,
            class: "court".to_owned(),
            basis: "order-7".to_owned(),
            role: "records-officer".to_owned(),
            ordered: 9,
        };
        ledger.append(&[line(1), line(2)]).unwrap();
        ledger.append(&[line(3)]).unwrap();
        let mut file = OpenOptions::new().append(true).open(&ledger.0).unwrap();
        file.write_all(b"{\"log\":\"city").unwrap();
        let subjects: Vec<i64> = ledger.read().unwrap().iter().map(|it| it.subject).collect();
        assert_eq!(subjects, [1, 2, 3]);
    }
}
