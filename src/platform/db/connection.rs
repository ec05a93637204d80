//! One connection type over both databases.

use std::path::Path;
use std::time::{Duration, Instant};

use diesel::ConnectionError::CouldntSetupConfiguration;
use diesel::connection::TransactionManagerStatus::{InError, Valid};
use diesel::connection::{SimpleConnection as _, TransactionManager as _};
use diesel::prelude::*;

use super::Error;

/// An open connection. Plain queries run on it as they are; see [`on_either`] for the rest.
#[derive(diesel::MultiConnection)]
pub enum Conn {
    Postgres(diesel::PgConnection),
    Sqlite(diesel::SqliteConnection),
}

/// Writes a query once and compiles it for each database.
///
/// For what diesel's `MultiConnection` cannot express: upserts, `RETURNING`, batches.
macro_rules! on_either {
    ($conn:ident => $query:expr) => {
        match $conn {
            $crate::platform::db::Conn::Postgres($conn) => $query,
            $crate::platform::db::Conn::Sqlite($conn) => $query,
        }
    };
}
pub(crate) use on_either;

/// Where a database is: a SQLite file (`sqlite:data/actapub.db`, or a path) or a PostgreSQL URL.
#[derive(Clone, PartialEq, Eq)]
pub enum Location {
    Sqlite(String),
    /// May hold a password.
    Postgres(String),
}

impl std::fmt::Debug for Location {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Sqlite(path) => f.debug_tuple("Sqlite").field(path).finish(),
            Self::Postgres(_) => f.debug_tuple("Postgres").finish_non_exhaustive(),
        }
    }
}

impl Location {
    pub fn parse(url: &str) -> Self {
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            Self::Postgres(url.to_owned())
        } else {
            let path = url.strip_prefix("sqlite:").unwrap_or(url);
            Self::Sqlite(path.strip_prefix("//").unwrap_or(path).to_owned())
        }
    }

    /// Opens a connection that may write.
    pub fn connect(&self) -> Result<Conn, Error> {
        match self {
            Self::Postgres(url) => postgres(url),
            Self::Sqlite(path) => sqlite(path),
        }
    }

    /// Opens a connection that only reads: on SQLite a write through it is an error.
    pub fn connect_reader(&self) -> Result<Conn, Error> {
        let mut conn = self.connect()?;
        if let Conn::Sqlite(conn) = &mut conn {
            conn.batch_execute("PRAGMA query_only = ON")
                .map_err(CouldntSetupConfiguration)?;
        }
        Ok(conn)
    }
}

fn postgres(url: &str) -> Result<Conn, Error> {
    let mut conn = diesel::PgConnection::establish(url)?;
    // Our statements are short; one that is not must not hold the others for ever.
    conn.batch_execute(
        "SET client_min_messages = warning; SET statement_timeout = '60s'; SET lock_timeout = '30s';
         SET idle_in_transaction_session_timeout = '60s'; SET TIME ZONE 'UTC'",
    )
    .map_err(CouldntSetupConfiguration)?;
    Ok(Conn::Postgres(conn))
}

/// How long a new file that somebody else is setting up is waited for.
const PATIENCE: Duration = Duration::from_secs(2);
const SETTINGS: &str = "PRAGMA busy_timeout = 5000;
         PRAGMA journal_mode = WAL;
         PRAGMA synchronous = FULL;
         PRAGMA foreign_keys = ON;
         PRAGMA temp_store = MEMORY;
         PRAGMA secure_delete = FAST;
         PRAGMA cache_size = -16384;
         PRAGMA wal_autocheckpoint = 16000;
         PRAGMA journal_size_limit = 67108864;";

/// `synchronous = FULL`: what is acknowledged has been flushed to the disk, as on PostgreSQL.
fn sqlite(path: &str) -> Result<Conn, Error> {
    if let Some(folder) = Path::new(path)
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        && !folder.is_dir()
    {
        return Err(Error::Open(format!(
            "the folder {} does not exist",
            folder.display()
        )));
    }
    let mut conn = diesel::SqliteConnection::establish(path)?;
    let begun = Instant::now();
    loop {
        match conn.batch_execute(SETTINGS) {
            Ok(()) => break,
            // Two that open a new file at the same time both want to change its journal, for which SQLite does not wait.
            Err(error) if error.to_string().contains("locked") && begun.elapsed() < PATIENCE => {
                std::thread::sleep(Duration::from_millis(20));
            }
            Err(error) => return Err(Error::Open(format!("{path}: {error}"))),
        }
    }
    Ok(Conn::Sqlite(conn))
}

#[derive(QueryableByName)]
struct Settled {
    #[diesel(sql_type = diesel::sql_types::Integer)]
    busy: i32,
}

impl Conn {
    pub(super) fn is_alive(&mut self) -> bool {
        self.batch_execute("SELECT 1").is_ok()
    }

    /// How many transactions are open, each within the one before.
    pub(super) fn depth(&mut self) -> u32 {
        match <Self as Connection>::TransactionManager::transaction_manager_status_mut(self) {
            Valid(status) => status.transaction_depth().map_or(0, u32::from),
            InError => u32::MAX,
        }
    }

    /// What [`super::Db::settle`] does, on this connection.
    pub fn settle(&mut self) -> Result<bool, Error> {
        let Self::Sqlite(conn) = self else {
            return Ok(true);
        };
        conn.batch_execute("PRAGMA busy_timeout = 100")?;
        let outcome: Vec<Settled> =
            diesel::sql_query("PRAGMA wal_checkpoint(TRUNCATE)").load(conn)?;
        conn.batch_execute("PRAGMA busy_timeout = 5000")?;
        Ok(outcome.iter().all(|it| it.busy == 0))
    }

    /// Runs `work` so that what it deletes or replaces is overwritten in the file as well, as far as SQLite can; other
    /// work is spared the cost.
    pub fn thoroughly<T, E: From<Error>>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, E>,
    ) -> Result<T, E> {
        self.set_thorough("ON").map_err(Error::from)?;
        let outcome = work(self);
        self.set_thorough("FAST").map_err(Error::from)?;
        outcome
    }

    fn set_thorough(&mut self, how: &str) -> QueryResult<()> {
        match self {
            Self::Postgres(_) => Ok(()),
            Self::Sqlite(conn) => conn.batch_execute(&format!("PRAGMA secure_delete = {how}")),
        }
    }

    /// Runs `work` in a savepoint of the transaction at hand: if it fails, only its own changes are taken back.
    pub fn savepoint<T, E: From<Error>>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut failure = None;
        let outcome = self.transaction(|conn| {
            work(conn).map_err(|error| {
                failure = Some(error);
                diesel::result::Error::RollbackTransaction
            })
        });
        outcome.map_err(|error| failure.unwrap_or_else(|| Error::from(error).into()))
    }
}
