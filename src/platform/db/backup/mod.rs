//! Backup and restoration. A backup is a SQLite file with every row, whichever database they came from, so that it
//! can be restored into either, and a server can be started on it as it is.

mod rows;

use std::fs;
use std::io::Read as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use diesel::connection::SimpleConnection as _;
use diesel::sql_types::{BigInt, Nullable, Text};
use diesel::{QueryableByName, RunQueryDsl as _, sql_query};

use super::{Conn, Error, Location, migrate, on_either, take_turn};

/// All tables, those that others refer to first.
const TABLES: [&str; 71] = [
    "agencies",
    "blobs",
    "journal",
    "journal_lanes",
    "cursors",
    "settings",
    "announcements",
    "revisions",
    "hashtags",
    "actors",
    "followers",
    "blocks",
    "replies",
    "tallies",
    "messages",
    "answers",
    "reactions",
    "quotes",
    "tombstones",
    "reports",
    "signing_keys",
    "actor_keys",
    "events",
    "event_queue",
    "activities",
    "deliveries",
    "peers",
    "record_logs",
    "record_keys",
    "record_leaves",
    "record_tiles",
    "record_entries",
    "record_documents",
    "record_erasures",
    "record_holds",
    "record_exports",
    "record_policies",
    "record_cosigners",
    "record_resumptions",
    "record_receipts",
    "record_receipt_stops",
    "witness_heads",
    "witness_evidence",
    "record_grants",
    "people",
    "staff_roles",
    "staff_links",
    "staff_sessions",
    "staff_steps",
    "staff_devices",
    "staff_codes",
    "staff_recovery_codes",
    "staff_passkeys",
    "staff_identities",
    "staff_trail",
    "house_rules",
    "drafts",
    "draft_parts",
    "draft_versions",
    "draft_approvals",
    "approved_revisions",
    "emergencies",
    "language_versions",
    "corrections",
    "queue_items",
    "queue_notes",
    "answer_templates",
    "follower_days",
    "polls",
    "poll_votes",
    "articles",
];

/// What is made from the other tables: left out of what is carried over, and made anew afterwards by whoever reads the
/// journal under that name.
const DERIVED: (&str, &str) = ("search_texts", "search");
/// On SQLite, its index, which keeps tables of its own under names that begin so.
const DERIVED_INDEX: &str = "search_index";

/// Tables from which the database itself lets nothing go; a restoration puts everything in their place at once.
const GUARDED: [&str; 1] = ["staff_trail"];

/// What a SQLite file begins with.
const SQLITE: &[u8] = b"SQLite format 3\0";

/// How far a copy has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    pub table: &'static str,
    /// Rows of this table so far.
    pub rows: u64,
}

/// Writes everything as it is at one moment into `file`; a server may run on the database meanwhile.
///
/// The file appears under its name only when it is complete. It holds the private keys: nobody else may read it.
pub fn backup(
    from: &Location,
    file: &Path,
    progress: &mut dyn FnMut(Progress),
) -> Result<(), Error> {
    refuse_to_overwrite(from, file)?;
    let part = beside(file, "part");
    let _ = fs::remove_file(&part);
    let private = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&part);
    private.map_err(|error| broken(&part, &error))?;
    let outcome = match from.connect()? {
        Conn::Sqlite(mut conn) => {
            let into = part.to_string_lossy().replace('\'', "''");
            conn.batch_execute(&format!("VACUUM INTO '{into}'"))
                .map_err(Error::from)
        }
        mut postgres @ Conn::Postgres(_) => copy_to_new(&mut postgres, &part, progress),
    };
    let outcome = outcome.and_then(|()| settle(&part, file).map_err(|error| broken(file, &error)));
    if outcome.is_err() {
        // What is there of it is of no use to anybody; the error that counts is the first.
        let _ = fs::remove_file(&part);
    }
    outcome
}

/// How every SQLite file begins (<https://www.sqlite.org/fileformat.html>, section 1.2).
const BEGINNING: &[u8; 16] = b"SQLite format 3\0";

/// Whether `file` may be a backup: that it is there and is a database, no more.
pub fn expect_backup(file: &Path) -> Result<(), Error> {
    let mut beginning = [0; BEGINNING.len()];
    let read = fs::File::open(file).map_err(|error| broken(file, &error))?;
    let mut read = std::io::BufReader::new(read);
    match read.read_exact(&mut beginning) {
        Ok(()) if beginning == *BEGINNING => Ok(()),
        _ => Err(Error::NotABackup(file.display().to_string())),
    }
}

/// Puts everything that `file` holds in the place of everything that the database holds, in one transaction.
///
/// A backup of an older version is brought up to date on the way. Errors if `file` is not a backup, or a newer one.
pub fn restore(
    file: &Path,
    to: &Location,
    progress: &mut dyn FnMut(Progress),
) -> Result<(), Error> {
    // Bringing it up to date must not change the backup itself.
    let copy = beside(file, "restoring");
    fs::copy(file, &copy).map_err(|error| broken(file, &error))?;
    let outcome = restore_copy(file, &copy, to, progress);
    for ending in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(format!("{}{ending}", copy.display()));
    }
    outcome
}

fn restore_copy(
    file: &Path,
    copy: &Path,
    to: &Location,
    progress: &mut dyn FnMut(Progress),
) -> Result<(), Error> {
    let from = Location::Sqlite(copy.to_string_lossy().into_owned());
    let no_backup = || Error::NotABackup(file.display().to_string());
    let mut conn = from.connect().map_err(|_| no_backup())?;
    let tables = tables(&mut conn).map_err(|_| no_backup())?;
    if !tables.contains(&"agencies".to_owned()) {
        return Err(no_backup());
    }
    migrate(&from)?;
    migrate(to)?;
    let mut to = to.connect()?;
    begin(&mut to)?;
    let outcome = replace(&mut conn, &mut to, progress);
    let end = if outcome.is_ok() {
        "COMMIT"
    } else {
        "ROLLBACK"
    };
    let ended = to.batch_execute(end).map_err(Error::from);
    outcome.and(ended)
}

fn begin(conn: &mut Conn) -> Result<(), Error> {
    match conn {
        // Nobody else writes from here on.
        Conn::Sqlite(conn) => conn.batch_execute("BEGIN IMMEDIATE")?,
        Conn::Postgres(conn) => conn.batch_execute("SET statement_timeout = 0; BEGIN")?,
    }
    take_turn(conn)
}

fn replace(
    from: &mut Conn,
    to: &mut Conn,
    progress: &mut dyn FnMut(Progress),
) -> Result<(), Error> {
    let guards = lift_guards(to)?;
    for table in TABLES.iter().rev() {
        on_either!(to => sql_query(format!("DELETE FROM {table}")).execute(to))?;
    }
    copy_all(from, to, progress)?;
    for guard in guards {
        to.batch_execute(&guard)?;
    }
    Ok(())
}

/// Lets rows of the guarded tables go, until what this returns is executed.
fn lift_guards(conn: &mut Conn) -> Result<Vec<String>, Error> {
    let mut restoring = vec![];
    for table in GUARDED {
        if let Conn::Postgres(conn) = conn {
            conn.batch_execute(&format!("ALTER TABLE {table} DISABLE TRIGGER USER"))?;
            restoring.push(format!("ALTER TABLE {table} ENABLE TRIGGER USER"));
            continue;
        }
        let of_table =
            format!("FROM sqlite_master WHERE type = 'trigger' AND tbl_name = '{table}'");
        restoring.extend(names(conn, &format!("SELECT sql AS name {of_table}"))?);
        for trigger in names(conn, &format!("SELECT name {of_table}"))? {
            conn.batch_execute(&format!("DROP TRIGGER {trigger}"))?;
        }
    }
    Ok(restoring)
}

/// Fills a new file from one snapshot of a PostgreSQL database.
fn copy_to_new(
    from: &mut Conn,
    part: &Path,
    progress: &mut dyn FnMut(Progress),
) -> Result<(), Error> {
    let location = Location::Sqlite(part.to_string_lossy().into_owned());
    migrate(&location)?;
    let mut to = location.connect()?;
    from.batch_execute(
        "SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0;
         BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    )?;
    to.batch_execute("BEGIN IMMEDIATE")?;
    copy_all(from, &mut to, progress)?;
    to.batch_execute("COMMIT; PRAGMA journal_mode = DELETE")?;
    from.batch_execute("COMMIT")?;
    Ok(())
}

fn copy_all(
    from: &mut Conn,
    to: &mut Conn,
    progress: &mut dyn FnMut(Progress),
) -> Result<(), Error> {
    for table in TABLES {
        let columns = {
            let sqlite = if matches!(from, Conn::Sqlite(_)) {
                &mut *from
            } else {
                &mut *to
            };
            columns(sqlite, table)?
        };
        rows::copy(from, to, table, &columns, &mut |rows| {
            progress(Progress { table, rows });
        })?;
    }
    forget_derived(to)?;
    // A number that was given out before must not be given out again: consumers of the journal would not see it.
    let counted = {
        let sqlite = if matches!(from, Conn::Sqlite(_)) {
            &mut *from
        } else {
            &mut *to
        };
        counted_tables(sqlite)?
    };
    for Counted { table, column } in counted {
        let last = last_number(from, &table, &column)?;
        set_last_number(to, &table, &column, last)?;
    }
    Ok(())
}

/// Has what is made from the other tables made anew.
fn forget_derived(conn: &mut Conn) -> Result<(), Error> {
    let (table, consumer) = DERIVED;
    if let Conn::Sqlite(conn) = conn {
        conn.batch_execute(&format!(
            "INSERT INTO {DERIVED_INDEX} ({DERIVED_INDEX}) VALUES ('delete-all')"
        ))?;
    }
    conn.batch_execute(&format!(
        "DELETE FROM {table}; DELETE FROM cursors WHERE consumer = '{consumer}';
         DELETE FROM journal_lanes WHERE consumer = '{consumer}'"
    ))?;
    Ok(())
}

#[derive(QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    name: String,
}

fn tables(sqlite: &mut Conn) -> Result<Vec<String>, Error> {
    names(
        sqlite,
        "SELECT name FROM sqlite_master WHERE type = 'table'",
    )
}

fn columns(sqlite: &mut Conn, table: &str) -> Result<Vec<String>, Error> {
    names(
        sqlite,
        &format!("SELECT name FROM pragma_table_info('{table}')"),
    )
}

fn names(conn: &mut Conn, query: &str) -> Result<Vec<String>, Error> {
    let rows: Vec<Name> = on_either!(conn => sql_query(query).load(conn))?;
    Ok(rows.into_iter().map(|row| row.name).collect())
}

/// A table whose rows the database numbers.
#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = Text)]
    table: String,
    #[diesel(sql_type = Text)]
    column: String,
}

fn counted_tables(sqlite: &mut Conn) -> Result<Vec<Counted>, Error> {
    let query = "SELECT m.name AS \"table\", c.name AS \"column\"
         FROM sqlite_master AS m, pragma_table_info(m.name) AS c
         WHERE m.type = 'table' AND m.sql LIKE '%AUTOINCREMENT%' AND c.pk = 1";
    Ok(on_either!(sqlite => sql_query(query).load(sqlite))?)
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = Nullable<BigInt>)]
    number: Option<i64>,
}

/// The last number that was given out; 0 if none was.
fn last_number(conn: &mut Conn, table: &str, column: &str) -> Result<i64, Error> {
    let query = match conn {
        Conn::Sqlite(_) => {
            format!("SELECT max(seq) AS number FROM sqlite_sequence WHERE name = '{table}'")
        }
        Conn::Postgres(_) => format!(
            "SELECT pg_sequence_last_value(pg_get_serial_sequence('{table}', '{column}')::regclass) AS number"
        ),
    };
    let row: Number = on_either!(conn => sql_query(query).get_result(conn))?;
    Ok(row.number.unwrap_or(0))
}

/// Numbers begin behind `last`, or behind those that were given out here before if they are greater.
fn set_last_number(conn: &mut Conn, table: &str, column: &str, last: i64) -> Result<(), Error> {
    let last = last.max(last_number(conn, table, column)?);
    if last == 0 {
        return Ok(());
    }
    match conn {
        Conn::Sqlite(conn) => conn.batch_execute(&format!(
            "DELETE FROM sqlite_sequence WHERE name = '{table}';
             INSERT INTO sqlite_sequence (name, seq) VALUES ('{table}', {last})"
        ))?,
        Conn::Postgres(conn) => {
            conn.batch_execute(&format!(
                "SELECT setval(pg_get_serial_sequence('{table}', '{column}'), {last})"
            ))?;
        }
    }
    Ok(())
}

/// The database itself and files that are no databases are not written over.
fn refuse_to_overwrite(from: &Location, file: &Path) -> Result<(), Error> {
    let Ok(there) = fs::canonicalize(file) else {
        return Ok(());
    };
    if let Location::Sqlite(path) = from
        && fs::canonicalize(path).is_ok_and(|path| path == there)
    {
        return Err(Error::Open(format!(
            "{} is the database itself",
            file.display()
        )));
    }
    let mut start = Vec::new();
    fs::File::open(&there)
        .and_then(|file| file.take(SQLITE.len() as u64).read_to_end(&mut start))
        .map_err(|error| broken(file, &error))?;
    if start.is_empty() || start == SQLITE {
        Ok(())
    } else {
        Err(Error::Open(format!(
            "{} is there already and is not a backup",
            file.display()
        )))
    }
}

/// Makes a complete backup durable, and visible under its name.
fn settle(part: &Path, file: &Path) -> std::io::Result<()> {
    fs::File::open(part)?.sync_all()?;
    fs::rename(part, file)?;
    if let Some(folder) = file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    {
        fs::File::open(folder)?.sync_all()?;
    }
    Ok(())
}

fn broken(file: &Path, error: &std::io::Error) -> Error {
    Error::Open(format!("{}: {error}", file.display()))
}

fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(format!(".{ending}"));
    name.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fresh(folder: &Path, name: &str) -> Location {
        let location = Location::Sqlite(folder.join(name).to_string_lossy().into_owned());
        migrate(&location).unwrap();
        location
    }

    fn write(location: &Location, sql: &str) {
        location.connect().unwrap().batch_execute(sql).unwrap();
    }

    /// All rows of two tables that have every kind of value between them, and the last number given out.
    fn content(location: &Location) -> (Vec<String>, i64) {
        let mut conn = location.connect().unwrap();
        let rows = names(
            &mut conn,
            "SELECT 'b ' || digest || hex(bytes) || created_at AS name FROM blobs
             UNION ALL SELECT 'j ' || seq || coalesce(agency_id, 'null') || fact AS name FROM journal ORDER BY 1",
        );
        (
            rows.unwrap(),
            last_number(&mut conn, "journal", "seq").unwrap(),
        )
    }

    const SOME: &str = "INSERT INTO blobs VALUES ('d', 'image/png', x'00ff27', 9223372036854775807, NULL);
         INSERT INTO journal (agency_id, kind, fact, at) VALUES (7, 'k', '{\"a\":\"it''s ☃\"}', 1), (NULL, 'k', '', 2), (NULL, 'k', 'gone', 3);
         DELETE FROM journal WHERE seq = 3";

    #[test]
    fn the_list_of_tables_is_complete() {
        let folder = tempfile::tempdir().unwrap();
        let location = fresh(folder.path(), "a.db");
        let mut there = tables(&mut location.connect().unwrap()).unwrap();
        there.retain(|name| !name.starts_with("sqlite_") && !name.starts_with("__diesel"));
        there.retain(|name| !name.starts_with(DERIVED_INDEX));
        there.sort();
        let mut listed = TABLES.map(str::to_owned).to_vec();
        listed.push(DERIVED.0.to_owned());
        listed.sort();
        assert_eq!(there, listed);
    }

    #[test]
    fn what_was_backed_up_comes_back_over_what_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let (one, other) = (
            fresh(folder.path(), "one.db"),
            fresh(folder.path(), "other.db"),
        );
        write(&one, SOME);
        write(
            &other,
            "INSERT INTO blobs VALUES ('x', 'image/gif', x'01', 1, 2)",
        );
        let file = folder.path().join("backup.db");
        backup(&one, &file, &mut |_| {}).unwrap();
        write(&one, "DELETE FROM blobs");
        let mut tables = Vec::new();
        restore(&file, &other, &mut |progress| tables.push(progress.table)).unwrap();
        let (rows, last) = content(&other);
        assert_eq!(rows.len(), 3, "{rows:?}");
        assert!(
            rows[0].starts_with("b d00FF279223372036854775807"),
            "{rows:?}"
        );
        assert!(rows[2].contains("2null"), "{rows:?}");
        assert_eq!(
            last, 3,
            "a number that was given out is not given out again"
        );
        assert!(tables.contains(&"blobs"));
        // A second backup goes over the first.
        backup(&other, &file, &mut |_| {}).unwrap();
        let left: Vec<_> = fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        let stray = |name: &&std::ffi::OsString| name.to_string_lossy().contains("backup.db.");
        assert_eq!(left.iter().find(stray), None, "{left:?}");
    }

    #[test]
    fn a_backup_is_private() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("backup.db");
        backup(&fresh(folder.path(), "a.db"), &file, &mut |_| {}).unwrap();
        assert_eq!(
            fs::metadata(&file).unwrap().permissions().mode() & 0o777,
            0o600
        );
    }

    #[test]
    fn a_restoration_that_fails_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let location = fresh(folder.path(), "a.db");
        write(&location, SOME);
        let before = content(&location);
        let file = folder.path().join("no-backup");
        fs::write(&file, "SQLite format 3 it is not").unwrap();
        assert!(
            restore(&file, &location, &mut |_| {})
                .unwrap_err()
                .to_string()
                .contains("not a backup")
        );
        assert!(restore(&folder.path().join("nowhere"), &location, &mut |_| {}).is_err());
        let broken = fresh(folder.path(), "broken.db");
        write(
            &broken,
            "PRAGMA foreign_keys = OFF; INSERT INTO blocks VALUES (1, 1, 1)",
        );
        assert!(restore(&folder.path().join("broken.db"), &location, &mut |_| {}).is_err());
        assert_eq!(content(&location), before);
    }

    #[test]
    fn nothing_else_is_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let location = fresh(folder.path(), "a.db");
        let letter = folder.path().join("letter.txt");
        fs::write(&letter, "Dear city,").unwrap();
        let refused = |file: &Path| {
            backup(&location, file, &mut |_| {})
                .unwrap_err()
                .to_string()
        };
        assert!(refused(&letter).contains("is not a backup"));
        assert!(refused(&folder.path().join("a.db")).contains("the database itself"));
        assert!(refused(&folder.path().join("nowhere/backup.db")).contains("No such file"));
        assert_eq!(fs::read_to_string(&letter).unwrap(), "Dear city,");
    }
}
