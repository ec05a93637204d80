//! Whether a database is sound, for whoever looks after it.

use diesel::sql_types::{Integer, Text};
use diesel::{QueryableByName, RunQueryDsl as _, sql_query};

use super::{Conn, Error};

#[derive(QueryableByName)]
struct Finding {
    #[diesel(sql_type = Text)]
    quick_check: String,
}

/// What is damaged in a SQLite file, in SQLite's words; reads the whole file. PostgreSQL looks after itself.
pub fn damages(conn: &mut Conn) -> Result<Vec<String>, Error> {
    let Conn::Sqlite(conn) = conn else {
        return Ok(vec![]);
    };
    let found: Vec<Finding> = sql_query("PRAGMA quick_check(10)").load(conn)?;
    let texts = found.into_iter().map(|finding| finding.quick_check);
    Ok(texts.filter(|text| text != "ok").collect())
}

#[derive(QueryableByName)]
struct Version {
    #[diesel(sql_type = Integer)]
    version: i32,
}

/// PostgreSQL's major version; `None` for SQLite, which is built in.
pub fn postgres_version(conn: &mut Conn) -> Result<Option<i32>, Error> {
    let Conn::Postgres(conn) = conn else {
        return Ok(None);
    };
    let number = "SELECT current_setting('server_version_num')::integer / 10000 AS version";
    let row: Version = sql_query(number).get_result(conn)?;
    Ok(Some(row.version))
}
