//! How far each log was signed, in a file beside the database: by it an older database is noticed that somebody has put
//! in the place of the newest, whatever witnesses say.

use std::collections::BTreeMap;
use std::fs::{self, DirBuilder};
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::kernel::Timestamp;

/// How far one log was signed, and when that was noted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    pub size: u64,
    pub at: Timestamp,
}

#[derive(Serialize, Deserialize)]
struct Line {
    /// The log's origin.
    log: String,
    size: u64,
    /// In microseconds since 1970.
    at: i64,
}

/// Why the file could not be read or written.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {cause}")]
pub struct MarkError {
    path: String,
    cause: std::io::Error,
}

/// The file. It has a line for each log.
#[derive(Debug, Clone)]
pub struct Marks(PathBuf);

impl Marks {
    /// The file in the directory that holds the data.
    pub fn within(data: &Path) -> Self {
        Self(data.join("signed.jsonl"))
    }

    fn failed(&self, cause: std::io::Error) -> MarkError {
        MarkError {
            path: self.0.display().to_string(),
            cause,
        }
    }

    /// The mark of each log, by its origin; none if there is no file.
    pub fn read(&self) -> Result<BTreeMap<String, Mark>, MarkError> {
        let text = match fs::read_to_string(&self.0) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(BTreeMap::new()),
            Err(error) => return Err(self.failed(error)),
        };
        let lines = text
            .lines()
            .filter_map(|line| serde_json::from_str::<Line>(line).ok());
        Ok(lines
            .map(|line| {
                let at = Timestamp::from_micros(line.at);
                let mark = Mark {
                    size: line.size,
                    at,
                };
                (line.log, mark)
            })
            .collect())
    }

    /// Notes how far some logs are signed, durably: before anybody else may see what is signed.
    pub fn set(&self, signed: &[(String, u64)], at: Timestamp) -> Result<(), MarkError> {
        if signed.is_empty() {
            return Ok(());
        }
        let mut marks = self.read()?;
        for (log, size) in signed {
            marks.insert(log.clone(), Mark { size: *size, at });
        }
        let mut text = String::new();
        for (log, mark) in marks {
            let line = Line {
                log,
                size: mark.size,
                at: mark.at.micros(),
            };
            let json = serde_json::to_string(&line).map_err(|error| self.failed(error.into()))?;
            text.push_str(&json);
            text.push('\n');
        }
        self.replace(&text).map_err(|cause| self.failed(cause))
    }

    fn replace(&self, text: &str) -> std::io::Result<()> {
        let folder = self.0.parent().unwrap_or(Path::new("."));
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)?;
        // Of several processes that share the folder each writes a file of its own first.
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(text.as_bytes())?;
        file.as_file().sync_data()?;
        file.persist(&self.0)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_mark_of_each_log_stays() {
        let folder = tempfile::tempdir().unwrap();
        let marks = Marks::within(&folder.path().join("data"));
        assert!(marks.read().unwrap().is_empty());
        let at: Timestamp = "2026-11-27T12:00:00Z".parse().unwrap();
        let of = |log: &str, size| (log.to_owned(), size);
        marks.set(&[of("a", 1), of("b", 2)], at).unwrap();
        marks.set(&[of("a", 7)], at).unwrap();
        // After a decision to go on with less.
        marks.set(&[of("a", 5)], at).unwrap();
        let sizes: Vec<u64> = marks.read().unwrap().values().map(|it| it.size).collect();
        assert_eq!(sizes, [5, 2]);
        assert_eq!(fs::read_dir(folder.path().join("data")).unwrap().count(), 1);
    }
}
