//! Rows of whatever table, carried from one database to another.

use diesel::connection::DefaultLoadingMode;
use diesel::deserialize::{self, FromSql, QueryableByName};
use diesel::pg::{Pg, PgRowByRowLoadingMode};
use diesel::row::{Field as _, NamedRow, Row};
use diesel::sql_types::{BigInt, Binary, Integer, SmallInt, Text};
use diesel::sqlite::{Sqlite, SqliteType};
use diesel::{QueryResult, RunQueryDsl as _, sql_query};

use crate::platform::db::{Conn, Error};

/// How many values one statement carries at most; PostgreSQL's limit is 65,535, SQLite's 32,766.
const MOST_VALUES: usize = 2_000;
/// After how many bytes a statement is sent off.
const MOST_BYTES: usize = 1 << 20;

/// One value, of the few kinds that our tables have.
#[derive(Debug, Clone, PartialEq)]
enum Cell {
    Null,
    Number(i64),
    Text(String),
    Bytes(Vec<u8>),
}

impl Cell {
    fn size(&self) -> usize {
        match self {
            Self::Null | Self::Number(_) => 8,
            Self::Text(text) => text.len(),
            Self::Bytes(bytes) => bytes.len(),
        }
    }
}

/// One row, its values in the order of the query's columns.
struct Cells(Vec<Cell>);

impl QueryableByName<Sqlite> for Cells {
    fn build<'a>(row: &impl NamedRow<'a, Sqlite>) -> deserialize::Result<Self> {
        let cell = |index| {
            let field = Row::get(row, index).ok_or("a column is missing")?;
            let Some(value) = field.value() else {
                return Ok(Cell::Null);
            };
            match value.value_type() {
                None => Ok(Cell::Null),
                Some(SqliteType::SmallInt | SqliteType::Integer | SqliteType::Long) => {
                    FromSql::<BigInt, Sqlite>::from_sql(value).map(Cell::Number)
                }
                Some(SqliteType::Text) => FromSql::<Text, Sqlite>::from_sql(value).map(Cell::Text),
                Some(SqliteType::Binary) => {
                    FromSql::<Binary, Sqlite>::from_sql(value).map(Cell::Bytes)
                }
                Some(other) => Err(format!("{other:?} is in no table of ours").into()),
            }
        };
        (0..row.field_count())
            .map(cell)
            .collect::<deserialize::Result<_>>()
            .map(Self)
    }
}

/// The numbers by which PostgreSQL names its types (`pg_type.oid`), which are fixed.
mod oid {
    pub(super) const BYTEA: u32 = 17;
    pub(super) const INT8: u32 = 20;
    pub(super) const INT2: u32 = 21;
    pub(super) const INT4: u32 = 23;
    pub(super) const TEXT: u32 = 25;
}

impl QueryableByName<Pg> for Cells {
    fn build<'a>(row: &impl NamedRow<'a, Pg>) -> deserialize::Result<Self> {
        let cell =
            |index| {
                let field = Row::get(row, index).ok_or("a column is missing")?;
                let Some(value) = field.value() else {
                    return Ok(Cell::Null);
                };
                match value.get_oid().get() {
                    oid::INT8 => FromSql::<BigInt, Pg>::from_sql(value).map(Cell::Number),
                    oid::INT4 => <i32 as FromSql<Integer, Pg>>::from_sql(value)
                        .map(|n| Cell::Number(n.into())),
                    oid::INT2 => <i16 as FromSql<SmallInt, Pg>>::from_sql(value)
                        .map(|n| Cell::Number(n.into())),
                    oid::TEXT => FromSql::<Text, Pg>::from_sql(value).map(Cell::Text),
                    oid::BYTEA => FromSql::<Binary, Pg>::from_sql(value).map(Cell::Bytes),
                    other => Err(format!("type {other} is in no table of ours").into()),
                }
            };
        (0..row.field_count())
            .map(cell)
            .collect::<deserialize::Result<_>>()
            .map(Self)
    }
}

/// Copies every row of `table`, telling `copied` how many have arrived so far.
pub(super) fn copy(
    from: &mut Conn,
    to: &mut Conn,
    table: &str,
    columns: &[String],
    copied: &mut dyn FnMut(u64),
) -> Result<(), Error> {
    let query = sql_query(format!("SELECT {} FROM {table}", columns.join(", ")));
    match from {
        Conn::Sqlite(from) => {
            let rows = query.load_iter::<Cells, DefaultLoadingMode>(from)?;
            pour(rows, to, table, columns, copied)
        }
        Conn::Postgres(from) => {
            let rows = query.load_iter::<Cells, PgRowByRowLoadingMode>(from)?;
            pour(rows, to, table, columns, copied)
        }
    }
}

fn pour(
    rows: impl Iterator<Item = QueryResult<Cells>>,
    to: &mut Conn,
    table: &str,
    columns: &[String],
    copied: &mut dyn FnMut(u64),
) -> Result<(), Error> {
    let (mut waiting, mut bytes, mut done) = (Vec::new(), 0, 0);
    for row in rows {
        let Cells(row) = row?;
        bytes += row.iter().map(Cell::size).sum::<usize>();
        waiting.push(row);
        if waiting.len() * columns.len() >= MOST_VALUES || bytes >= MOST_BYTES {
            done += waiting.len() as u64;
            insert(to, table, columns, std::mem::take(&mut waiting))?;
            bytes = 0;
            copied(done);
        }
    }
    done += waiting.len() as u64;
    insert(to, table, columns, waiting)?;
    copied(done);
    Ok(())
}

fn insert(
    to: &mut Conn,
    table: &str,
    columns: &[String],
    rows: Vec<Vec<Cell>>,
) -> Result<(), Error> {
    if rows.is_empty() {
        return Ok(());
    }
    let numbered = matches!(to, Conn::Postgres(_));
    let mut place = 0;
    let mut placeholder = |cell: &Cell| {
        if *cell == Cell::Null {
            // A parameter would need the column's type.
            return "NULL".to_owned();
        }
        place += 1;
        if numbered {
            format!("${place}")
        } else {
            "?".to_owned()
        }
    };
    let tuples: Vec<String> = rows
        .iter()
        .map(|row| {
            format!(
                "({})",
                row.iter()
                    .map(&mut placeholder)
                    .collect::<Vec<_>>()
                    .join(", ")
            )
        })
        .collect();
    let sql = format!(
        "INSERT INTO {table} ({}) VALUES {}",
        columns.join(", "),
        tuples.join(", ")
    );
    macro_rules! run {
        ($conn:expr, $Backend:ty) => {{
            let mut query = sql_query(sql).into_boxed::<$Backend>();
            for cell in rows.into_iter().flatten() {
                query = match cell {
                    Cell::Null => query,
                    Cell::Number(number) => query.bind::<BigInt, _>(number),
                    Cell::Text(text) => query.bind::<Text, _>(text),
                    Cell::Bytes(bytes) => query.bind::<Binary, _>(bytes),
                };
            }
            query.execute($conn)?
        }};
    }
    match to {
        Conn::Sqlite(to) => run!(to, Sqlite),
        Conn::Postgres(to) => run!(to, Pg),
    };
    Ok(())
}
