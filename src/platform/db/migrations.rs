//! The schema, brought up to date; it only ever moves forward.

use std::path::Path;

use diesel::connection::SimpleConnection as _;
use diesel::migration::{Migration, MigrationSource as _};
use diesel::sql_types::Bool;
use diesel::{RunQueryDsl as _, sql_query};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::{Conn, Error, Location};

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// Runs the migrations that are missing, and says their names. Of several servers that start together one does so,
/// while the others wait.
pub fn migrate(location: &Location) -> Result<Vec<String>, Error> {
    match &mut location.connect()? {
        Conn::Postgres(conn) => {
            sql_query("SET lock_timeout = 0").execute(conn)?;
            sql_query("SELECT pg_advisory_lock(hashtext('actapub migrations'))").execute(conn)?;
            let ran = run(conn, POSTGRES);
            sql_query("SELECT pg_advisory_unlock(hashtext('actapub migrations'))").execute(conn)?;
            ran
        }
        Conn::Sqlite(conn) => {
            // To alter a table, SQLite may have to drop it and the rows that refer to it.
            conn.batch_execute("PRAGMA foreign_keys = OFF")?;
            // One at a time: a command may open a new database while the server does.
            let ran = conn.immediate_transaction(|conn| run(conn, SQLITE))?;
            conn.batch_execute("PRAGMA optimize")?;
            Ok(ran)
        }
    }
}

/// Whether there is a database of ours at `location`: nothing is made by asking.
pub fn exists(location: &Location) -> Result<bool, Error> {
    match location {
        Location::Sqlite(path) => Ok(Path::new(path).exists()),
        Location::Postgres(_) => {
            let there = diesel::dsl::sql::<Bool>(
                "SELECT to_regclass('__diesel_schema_migrations') IS NOT NULL",
            );
            Ok(there.get_result(&mut location.connect()?)?)
        }
    }
}

/// The names of the migrations that this program knows and the database has not had. An error if the database has had
/// some that this program does not know.
pub fn pending(location: &Location) -> Result<Vec<String>, Error> {
    match &mut location.connect()? {
        Conn::Postgres(conn) => names(conn, POSTGRES),
        Conn::Sqlite(conn) => names(conn, SQLITE),
    }
}

fn names<DB: diesel::backend::Backend>(
    conn: &mut impl MigrationHarness<DB>,
    source: EmbeddedMigrations,
) -> Result<Vec<String>, Error> {
    refuse_newer(conn, &source)?;
    let pending = conn
        .pending_migrations(source)
        .map_err(|error| failed(&*error))?;
    Ok(pending
        .iter()
        .map(|migration| migration.name().to_string())
        .collect())
}

fn run<DB: diesel::backend::Backend>(
    conn: &mut impl MigrationHarness<DB>,
    source: EmbeddedMigrations,
) -> Result<Vec<String>, Error> {
    refuse_newer(conn, &source)?;
    let ran = conn
        .run_pending_migrations(source)
        .map_err(|error| failed(&*error))?;
    Ok(ran.iter().map(ToString::to_string).collect())
}

fn refuse_newer<DB: diesel::backend::Backend>(
    conn: &mut impl MigrationHarness<DB>,
    source: &EmbeddedMigrations,
) -> Result<(), Error> {
    let known: Vec<Box<dyn Migration<DB>>> =
        source.migrations().map_err(|error| failed(&*error))?;
    let newest = known
        .iter()
        .map(|migration| migration.name().version().to_string())
        .max();
    let applied = conn.applied_migrations().map_err(|error| failed(&*error))?;
    match applied.first() {
        Some(theirs) if newest.is_none_or(|ours| theirs.to_string() > ours) => {
            Err(Error::Newer(theirs.to_string()))
        }
        _ => Ok(()),
    }
}

fn failed(error: &(dyn std::error::Error + Send + Sync)) -> Error {
    Error::Migrate(error.to_string())
}
