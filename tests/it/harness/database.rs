//! Fresh databases: a SQLite file in a folder of its own, or a copy of a migrated template on PostgreSQL.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use actapub::platform::db::{self, Conn, Location};
use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::Text;
use tempfile::TempDir;
use url::Url;

/// Names the PostgreSQL server on which tests may make databases.
const POSTGRES: &str = "ACTAPUB_TEST_POSTGRES";

/// Says once, past the test runner's capture, that something is missing; under `ACTAPUB_TEST_ALL=1` that is a failure.
pub(crate) fn left_out(what: &'static str, how: &str) {
    static SAID: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
    assert!(
        std::env::var_os("ACTAPUB_TEST_ALL").is_none_or(|all| all != "1"),
        "{what} is missing, and ACTAPUB_TEST_ALL=1 asks for everything: {how}"
    );
    if SAID
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .insert(what)
    {
        let _ = writeln!(
            std::io::stderr(),
            "note: tests on {what} were left out; {how}"
        );
    }
}

/// A database that nobody else uses, and that is gone afterwards.
pub(crate) struct Database {
    pub(crate) location: Location,
    kept: Kept,
}

enum Kept {
    Folder(TempDir),
    /// The server's address, and the name of the database there.
    OnServer(Url, String),
}

impl Database {
    pub(crate) fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a folder for the database");
        let file = folder.path().join("actapub.db");
        Self {
            location: Location::Sqlite(file.display().to_string()),
            kept: Kept::Folder(folder),
        }
    }

    /// `None` where there is no PostgreSQL, which is said once.
    pub(crate) fn postgres() -> Option<Self> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let Ok(server) = std::env::var(POSTGRES) else {
            left_out(
                "PostgreSQL",
                "set ACTAPUB_TEST_POSTGRES=postgres://user@host/postgres to run them",
            );
            return None;
        };
        let server = Url::parse(&server).expect("ACTAPUB_TEST_POSTGRES is a postgres:// address");
        let template = template(&server);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("actapub_test_{}_{number}", std::process::id());
        on_server(
            &server,
            &format!("CREATE DATABASE {name} TEMPLATE {template}"),
        );
        Some(Self {
            location: Location::Postgres(named(&server, &name)),
            kept: Kept::OnServer(server, name),
        })
    }

    /// One of each kind that there is.
    pub(crate) fn each() -> impl Iterator<Item = Self> {
        std::iter::once_with(|| Some(Self::sqlite()))
            .chain(std::iter::once_with(Self::postgres))
            .flatten()
    }

    /// As the setting `database` is written.
    pub(crate) fn setting(&self) -> String {
        match &self.location {
            Location::Sqlite(path) => format!("sqlite:{path}"),
            Location::Postgres(url) => url.clone(),
        }
    }

    /// The SQLite file, if this is one.
    pub(crate) fn file(&self) -> Option<PathBuf> {
        match &self.kept {
            Kept::Folder(folder) => Some(folder.path().join("actapub.db")),
            Kept::OnServer(..) => None,
        }
    }

    /// Makes the database unreachable for good.
    pub(crate) fn destroy(&self) {
        match &self.kept {
            Kept::Folder(folder) => std::fs::remove_dir_all(folder.path()).expect("the folder"),
            Kept::OnServer(server, name) => on_server(
                server,
                &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
            ),
        }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Kept::OnServer(server, name) = &self.kept {
            on_server(
                server,
                &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
            );
        }
    }
}

fn named(server: &Url, name: &str) -> String {
    let mut url = server.clone();
    url.set_path(name);
    url.into()
}

fn on_server(server: &Url, statement: &str) {
    let mut conn = PgConnection::establish(server.as_str()).expect("PostgreSQL answers");
    conn.batch_execute("SET client_min_messages = warning")
        .unwrap();
    conn.batch_execute(statement)
        .unwrap_or_else(|error| panic!("{statement}: {error}"));
}

/// The migrated database of which all others are copies: made once for each set of migrations.
fn template(server: &Url) -> &'static str {
    static NAME: OnceLock<String> = OnceLock::new();
    NAME.get_or_init(|| {
        let name = format!("actapub_template_{:016x}", fingerprint());
        let mut conn = PgConnection::establish(server.as_str()).expect("PostgreSQL answers");
        // Another run of the tests may be making it just now.
        conn.batch_execute("SELECT pg_advisory_lock(hashtext('actapub template'))")
            .unwrap();
        let exists = sql_query("SELECT datname::text AS value FROM pg_database WHERE datname = $1")
            .bind::<Text, _>(&name)
            .load::<Value>(&mut conn)
            .unwrap();
        if exists.is_empty() {
            let raw = format!("{name}_raw");
            on_server(
                server,
                &format!("DROP DATABASE IF EXISTS {raw} WITH (FORCE)"),
            );
            on_server(server, &format!("CREATE DATABASE {raw}"));
            db::migrate(&Location::Postgres(named(server, &raw))).expect("the migrations run");
            on_server(server, &format!("ALTER DATABASE {raw} RENAME TO {name}"));
        }
        name
    })
}

fn fingerprint() -> u64 {
    let mut hasher = DefaultHasher::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations/postgres");
    let mut folders: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    folders.sort();
    for folder in folders {
        std::fs::read(folder.join("up.sql"))
            .unwrap()
            .hash(&mut hasher);
    }
    hasher.finish()
}

#[derive(QueryableByName)]
struct Value {
    #[diesel(sql_type = Text)]
    value: String,
}

pub(crate) type Texts = Vec<String>;

/// The answers to a query of one column, called `value`, that is text in both databases.
#[expect(clippy::unnecessary_wraps, reason = "it is called as a query is")]
pub(crate) fn texts(conn: &mut Conn, query: &str) -> Result<Texts, db::Error> {
    let rows: Vec<Value> = match conn {
        Conn::Postgres(conn) => sql_query(query).load(conn),
        Conn::Sqlite(conn) => sql_query(query).load(conn),
    }
    .unwrap_or_else(|error| panic!("{query}: {error}"));
    Ok(rows.into_iter().map(|row| row.value).collect())
}

/// Runs a statement as it is.
#[expect(clippy::unnecessary_wraps, reason = "it is called as a query is")]
pub(crate) fn execute(conn: &mut Conn, statement: &str) -> Result<(), db::Error> {
    conn.batch_execute(statement)
        .unwrap_or_else(|error| panic!("{statement}: {error}"));
    Ok(())
}

/// Where `text` stands: every `table.column` of the database that holds it, whatever its type.
pub(crate) fn places_of(conn: &mut Conn, text: &str) -> Result<Texts, db::Error> {
    assert!(
        text.chars()
            .all(|c| c.is_alphanumeric() || matches!(c, ' ' | ',')),
        "{text} goes into a query"
    );
    let mut places = vec![];
    let columns = match conn {
        Conn::Sqlite(_) => {
            "SELECT m.name || '.' || c.name AS value FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table'"
        }
        Conn::Postgres(_) => {
            "SELECT table_name || '.' || column_name AS value FROM information_schema.columns WHERE table_schema = 'public'"
        }
    };
    for place in texts(conn, columns)? {
        let (table, column) = place.split_once('.').unwrap();
        let holds = match conn {
            Conn::Sqlite(_) => {
                format!("instr(CAST(\"{column}\" AS BLOB), CAST('{text}' AS BLOB)) > 0")
            }
            Conn::Postgres(_) => format!(
                "position('{text}' in \"{column}\"::text) > 0 OR position(encode('{text}', 'hex') in \"{column}\"::text) > 0"
            ),
        };
        let count =
            format!("SELECT CAST(count(*) AS TEXT) AS value FROM \"{table}\" WHERE {holds}");
        if texts(conn, &count)? != ["0"] {
            places.push(place);
        }
    }
    Ok(places)
}
