//! Both databases have the same tables, and the queries know them as they are.

use std::collections::BTreeMap;

use actapub::platform::db::{self, Location};

use crate::harness::{Database, Texts, texts};

/// `table.column` and what it is: one word for the type, and whether it may be empty.
type Columns = BTreeMap<String, String>;

fn columns(location: &Location) -> Columns {
    let query = match location {
        Location::Sqlite(_) => {
            "SELECT m.name || '.' || c.name || ' ' || lower(c.type) || CASE c.\"notnull\" WHEN 1 THEN '' ELSE ' null' END
             AS value FROM sqlite_master m, pragma_table_info(m.name) c
             WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name NOT LIKE 'search_index%'"
        }
        Location::Postgres(_) => {
            "SELECT table_name || '.' || column_name || ' ' || data_type
                || CASE is_nullable WHEN 'NO' THEN '' ELSE ' null' END
             AS value FROM information_schema.columns WHERE table_schema = 'public'"
        }
    };
    let found: Texts = texts(&mut location.connect().unwrap(), query).unwrap();
    found
        .iter()
        .map(|line| line.split_once(' ').unwrap())
        .filter(|(place, _)| !place.starts_with("__diesel"))
        .map(|(place, kind)| (place.to_owned(), common(kind)))
        .collect()
}

/// The same word for what is the same in both.
fn common(kind: &str) -> String {
    let (kind, null) = kind
        .strip_suffix(" null")
        .map_or((kind, ""), |kind| (kind, " null"));
    let word = match kind {
        "integer" | "bigint" | "smallint" => "number",
        "blob" | "bytea" => "bytes",
        "text" => "text",
        "real" | "double precision" => "fraction",
        other => other,
    };
    format!("{word}{null}")
}

/// What the queries take the tables to be.
fn declared() -> Columns {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/platform/db");
    let read = |file: &str| std::fs::read_to_string(folder.join(file)).unwrap();
    let sources = read("schema.rs") + &read("schema/record.rs");
    let (mut table, mut found) = (String::new(), Columns::new());
    for line in sources.lines().map(str::trim) {
        if let Some((name, _)) = line
            .split_once(" (")
            .filter(|(_, rest)| rest.ends_with(") {"))
        {
            name.clone_into(&mut table);
        } else if let Some((column, kind)) = line
            .strip_suffix(',')
            .and_then(|line| line.split_once(" -> "))
        {
            let (kind, null) = kind
                .strip_prefix("Nullable<")
                .and_then(|kind| kind.strip_suffix('>'))
                .map_or((kind, ""), |kind| (kind, " null"));
            let word = match kind {
                "BigInt" | "Integer" | "SmallInt" => "number",
                "Binary" => "bytes",
                "Text" => "text",
                "Double" => "fraction",
                other => panic!("{table}.{column}: what is {other}?"),
            };
            found.insert(format!("{table}.{column}"), format!("{word}{null}"));
        }
    }
    found
}

fn migrated_sqlite() -> Database {
    let database = Database::sqlite();
    db::migrate(&database.location).unwrap();
    database
}

#[test]
fn the_queries_know_the_tables() {
    let database = migrated_sqlite();
    let columns = columns(&database.location);
    assert!(columns.len() > 100, "{}", columns.len());
    assert_eq!(columns, declared());
}

#[test]
fn both_databases_have_the_same_columns() {
    let Some(postgres) = Database::postgres() else {
        return;
    };
    let sqlite = migrated_sqlite();
    assert_eq!(columns(&sqlite.location), columns(&postgres.location));
}

#[test]
fn nothing_is_pending_after_a_migration() {
    let database = migrated_sqlite();
    assert!(db::pending(&database.location).unwrap().is_empty());
    assert!(db::migrate(&database.location).unwrap().is_empty());
    let Some(postgres) = Database::postgres() else {
        return;
    };
    assert!(db::pending(&postgres.location).unwrap().is_empty());
}
