//! A server's claim on its SQLite database: another server there would process and deliver everything a second time.

use std::fs::File;
use std::io;

use rustix::fs::{FlockOperation, flock};

use super::{Error, Location};

/// Held as long as a server runs. It ends with the process, however that ends.
#[derive(Debug)]
pub struct Claim {
    /// PostgreSQL shares out the work itself: any number of servers may run.
    _file: Option<File>,
}

impl Location {
    /// Claims the database for one server; `None` if another has it.
    pub fn claim(&self) -> Result<Option<Claim>, Error> {
        let Self::Sqlite(path) = self else {
            return Ok(Some(Claim { _file: None }));
        };
        let path = format!("{path}.lock");
        let refused = |error: &io::Error| Error::Open(format!("{path}: {error}"));
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(|error| refused(&error))?;
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => Ok(Some(Claim { _file: Some(file) })),
            Err(rustix::io::Errno::WOULDBLOCK) => Ok(None),
            Err(error) => Err(refused(&error.into())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_is_claimed_once_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db").to_string_lossy().into_owned();
        let location = Location::Sqlite(path);
        let claim = location.claim().unwrap();
        assert!(claim.is_some());
        assert!(location.claim().unwrap().is_none());
        drop(claim);
        assert!(location.claim().unwrap().is_some());
        let nowhere = Location::Sqlite("/nowhere/at/all.db".to_owned());
        assert!(nowhere.claim().is_err());
    }

    #[test]
    fn a_password_is_not_shown() {
        let location = Location::parse("postgres://actapub:s3cret@db/actapub");
        assert!(!format!("{location:?}").contains("s3cret"));
    }
}
