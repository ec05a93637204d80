//! Storage in a SQLite file or in PostgreSQL, behind one connection type.
//!
//! Queries are plain functions of a [`Conn`], and so is a transaction, which calls several. Async stops here:
//! ```ignore
//! let page = db.read(move |conn| store::page(conn, agency, cursor)).await?;
//! ```

mod backup;
mod checkup;
mod connection;
mod error;
mod gaps;
mod lock;
mod migrations;
mod number;
mod pool;
pub(crate) mod schema;
mod watch;
mod writer;

pub use self::backup::{Progress, backup, expect_backup, restore};
pub use self::checkup::{damages, postgres_version};
pub(crate) use self::connection::on_either;
pub use self::connection::{Conn, Location};
pub use self::error::Error;
pub use self::lock::Claim;
pub use self::migrations::{exists, migrate, pending};
pub(crate) use self::number::{insert_numbered, last_insert_rowid};
pub use self::watch::Watch;
pub(in crate::platform) use self::watch::announce;

use diesel::{RunQueryDsl as _, sql_query};

use self::pool::Pool;
use self::writer::Writer;

const SQLITE_READERS: usize = 4;
/// Pages whose gaps are overwritten in one transaction.
const PAGES_AT_ONCE: i64 = 500;

/// The database. Cheap to clone.
#[derive(Clone)]
pub struct Db {
    pool: Pool,
    /// Only SQLite has one: PostgreSQL writes on any connection.
    writer: Option<Writer>,
}

impl std::fmt::Debug for Db {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Db").finish_non_exhaustive()
    }
}

impl Db {
    /// Opens the database at `location` and brings its schema up to date. `connections` counts for PostgreSQL.
    pub async fn open(location: &Location, connections: usize) -> Result<Self, Error> {
        let location = location.clone();
        blocking(move || {
            migrate(&location)?;
            Ok(match &location {
                Location::Postgres(_) => Self {
                    pool: pool::new(location, false, connections)?,
                    writer: None,
                },
                Location::Sqlite(_) => Self {
                    writer: Some(Writer::spawn(location.clone())?),
                    pool: pool::new(location, true, SQLITE_READERS)?,
                },
            })
        })
        .await
    }

    /// Runs a query, or several, that change nothing.
    pub async fn read<T, E>(
        &self,
        query: impl FnOnce(&mut Conn) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        pool::run(&self.pool, query).await
    }

    /// Runs a transaction. What it wrote survives a crash once this returns `Ok`; a transaction that returns `Err` or
    /// panics writes nothing.
    ///
    /// Such transactions commit one after the other, on PostgreSQL too: facts are numbered in the order in which they
    /// become visible, so that a consumer of the journal cannot read past one that is still on its way.
    pub async fn write<T, E>(
        &self,
        work: impl FnOnce(&mut Conn) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        match &self.writer {
            Some(writer) => writer.run(work).await,
            None => {
                pool::run(&self.pool, |conn| {
                    in_transaction(conn, |conn| {
                        take_turn(conn)?;
                        work(conn)
                    })
                })
                .await
            }
        }
    }

    /// Like [`Db::write`], for what no fact follows from: on PostgreSQL many of these commit at once.
    pub async fn write_beside<T, E>(
        &self,
        work: impl FnOnce(&mut Conn) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        match &self.writer {
            Some(writer) => writer.run(work).await,
            None => pool::run(&self.pool, |conn| in_transaction(conn, work)).await,
        }
    }

    /// Like [`Db::write_beside`], for work that several wait for: `tell` learns what came of it once it is committed, even
    /// if whoever handed it over has gone. If it cannot be committed, `tell` is dropped.
    pub async fn hand_over<T, E>(
        &self,
        work: impl FnOnce(&mut Conn) -> Result<T, E> + Send + 'static,
        tell: impl FnOnce(Result<T, E>) + Send + 'static,
    ) -> Result<(), Error>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        match &self.writer {
            Some(writer) => writer.hand_over(work, tell).await,
            None => {
                pool::run(&self.pool, |conn| {
                    tell(in_transaction(conn, work));
                    Ok(())
                })
                .await
            }
        }
    }

    /// Overwrites what rows that are gone have left in those parts of the file that hold none, some pages at a time, so
    /// that others may write in between; it reads the whole file. PostgreSQL's `VACUUM` sees to this.
    pub async fn overwrite_gaps(&self) -> Result<(), Error> {
        if self.writer.is_none() {
            return Ok(());
        }
        let count = self.read(gaps::pages).await?;
        let mut first = 1;
        while first <= count {
            self.write(move |conn| gaps::overwrite(conn, first, PAGES_AT_ONCE))
                .await?;
            first += PAGES_AT_ONCE;
        }
        Ok(())
    }

    /// Brings the write-ahead log into the database file and empties it: until then the log may hold what was deleted.
    /// `false` if somebody was just reading. PostgreSQL sees to this itself.
    pub async fn settle(&self) -> Result<bool, Error> {
        if self.writer.is_none() {
            return Ok(true);
        }
        let location = self.pool.manager().location().clone();
        blocking(move || location.connect()?.settle()).await
    }

    /// How many writes wait for the one writer; PostgreSQL has none.
    pub fn writes_waiting(&self) -> usize {
        self.writer.as_ref().map_or(0, Writer::waiting)
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), Error> {
        self.read(|conn| Ok(on_either!(conn => sql_query("SELECT 1").execute(conn)).map(drop)?))
            .await
    }
}

fn in_transaction<T, E: From<Error>>(
    conn: &mut Conn,
    work: impl FnOnce(&mut Conn) -> Result<T, E>,
) -> Result<T, E> {
    conn.savepoint(work)
}

/// Waits for its turn to append facts, which it keeps until it has committed.
pub(super) fn take_turn(conn: &mut Conn) -> Result<(), Error> {
    if let Conn::Postgres(conn) = conn {
        sql_query("SELECT pg_advisory_xact_lock(hashtext('actapub journal'))").execute(conn)?;
    }
    Ok(())
}

/// Takes blocking work off the async runtime; a panic passes through to the caller.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(stopped) => std::panic::resume_unwind(stopped.into_panic()),
    }
}
