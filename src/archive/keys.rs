//! The keys that sign a log's checkpoints: in the database, or in files of their own.

use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::log::{Log, store};
use crate::kernel::{AgencyId, Clock, LogId, LogKeyId, Timestamp};
use crate::platform::db::{self, Conn};
use crate::platform::journal::{self, Fact};
use crate::tlog::key::{BadKey, KeyKind};
use crate::tlog::{SigningKey, VerifierKey};

/// How long a key that was rotated out goes on signing beside its successor, so that verifiers can change over.
pub const OVERLAP: Duration = Duration::from_secs(30 * 24 * 3600);

/// Why a log's key could not be made or read.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error("{path}: {cause}")]
    File { path: String, cause: std::io::Error },
    #[error("{path} is not the private key of this log: {cause}")]
    Unreadable { path: String, cause: BadKey },
    #[error("{path} holds another key than the record was signed with")]
    Another { path: String },
    #[error(
        "the private key of the record {log} is in a file, and `record.keys` does not say where"
    )]
    Nowhere { log: String },
    #[error(transparent)]
    Key(#[from] BadKey),
    #[error(transparent)]
    Db(#[from] db::Error),
}

/// Where private keys are kept: a folder, or the database.
#[derive(Debug, Clone, Default)]
pub struct KeyStore(Option<PathBuf>);

impl KeyStore {
    pub const fn new(folder: Option<PathBuf>) -> Self {
        Self(folder)
    }

    /// The folder, if keys are kept in files.
    pub(super) fn folder(&self) -> Option<&Path> {
        self.0.as_deref()
    }

    /// The keys that sign for a log at this time, the newest first.
    pub(super) fn signing(
        &self,
        conn: &mut Conn,
        log: &Log,
        now: Timestamp,
    ) -> Result<Vec<SigningKey>, KeyError> {
        let mut keys = vec![];
        for stored in store::keys(conn, log.id)? {
            if stored
                .retired_at
                .is_some_and(|retired| now > retired + OVERLAP)
            {
                continue;
            }
            let key = match stored.private {
                Some(private) => SigningKey::parse(private.reveal())?,
                None => self.read(log, &VerifierKey::parse(&stored.vkey)?)?,
            };
            keys.push(key);
        }
        Ok(keys)
    }

    fn path(&self, log: &Log, key: &VerifierKey) -> Option<PathBuf> {
        let name = format!("{}-{:08x}.key", log.name, key.id());
        self.0.as_ref().map(|folder| folder.join(name))
    }

    fn read(&self, log: &Log, key: &VerifierKey) -> Result<SigningKey, KeyError> {
        let path = self.path(log, key).ok_or_else(|| KeyError::Nowhere {
            log: log.name.clone(),
        })?;
        let shown = path.display().to_string();
        let line = fs::read_to_string(&path).map_err(|cause| KeyError::File {
            path: shown.clone(),
            cause,
        })?;
        let read = SigningKey::parse(line.trim()).map_err(|cause| KeyError::Unreadable {
            path: shown.clone(),
            cause,
        })?;
        if read.verifier() == key {
            Ok(read)
        } else {
            Err(KeyError::Another { path: shown })
        }
    }

    /// A new key for a log, kept where keys are kept.
    pub(super) fn generate(
        &self,
        conn: &mut Conn,
        log: &Log,
        now: Timestamp,
        chance: &dyn Fn(&mut [u8]),
    ) -> Result<LogKeyId, KeyError> {
        let mut seed = [0; 32];
        chance(&mut seed);
        let key = SigningKey::from_seed(&log.origin, KeyKind::Ed25519, &seed)?;
        let vkey = key.verifier().to_string();
        let private = key.reveal();
        let id = match self.path(log, key.verifier()) {
            Some(path) => {
                // Before the row: a key that the record names must be there.
                write(&path, &private).map_err(|cause| KeyError::File {
                    path: path.display().to_string(),
                    cause,
                })?;
                store::add_key(conn, now, log.id, &vkey, None)?
            }
            None => store::add_key(conn, now, log.id, &vkey, Some(&private))?,
        };
        Ok(id)
    }

    /// Lets a new key sign; the one before goes on beside it for [`OVERLAP`]. The record says so.
    pub fn rotate(
        &self,
        conn: &mut Conn,
        clock: &dyn Clock,
        log: &Log,
        chance: &dyn Fn(&mut [u8]),
    ) -> Result<LogKeyId, KeyError> {
        let key = self.generate(conn, log, clock.now(), chance)?;
        journal::append(conn, clock, log.agency, &Fact::LogKeyRotated { key })?;
        Ok(key)
    }
}

/// The verifier keys of a log that still sign, the newest first (c2sp.org/signed-note).
pub fn verifier_keys(conn: &mut Conn, log: &Log, now: Timestamp) -> Result<Vec<String>, db::Error> {
    Ok(store::keys(conn, log.id)?
        .into_iter()
        .filter(|key| {
            key.retired_at
                .is_none_or(|retired| now <= retired + OVERLAP)
        })
        .map(|key| key.vkey)
        .collect())
}

/// All keys with which a log was ever signed, the newest first.
pub(super) fn all(conn: &mut Conn, log: LogId) -> Result<Vec<VerifierKey>, db::Error> {
    store::keys(conn, log)?
        .iter()
        .map(|key| {
            VerifierKey::parse(&key.vkey).map_err(|_| db::Error::Corrupt("record_keys.vkey"))
        })
        .collect()
}

/// The key that verifies an agency's record from now on; none before the record is begun.
pub fn record_key_of(
    conn: &mut Conn,
    agency: AgencyId,
    now: Timestamp,
) -> Result<Option<String>, db::Error> {
    let Some(log) = super::log::by_agency(conn, agency)? else {
        return Ok(None);
    };
    Ok(verifier_keys(conn, &log, now)?.into_iter().next())
}

/// Writes a private key into a file of its own, which must not be there yet.
pub(super) fn write(path: &Path, private: &str) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)?;
    }
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(private.as_bytes())?;
    file.write_all(b"\n")?;
    file.sync_all()?;
    path.parent()
        .map_or(Ok(()), |folder| File::open(folder)?.sync_all())
}
