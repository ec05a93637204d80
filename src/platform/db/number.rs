//! The number that a new row was given.

/// Inserts one row and gives its number, the primary key.
///
/// What `RETURNING` returns SQLite gathers in a table of its own, which it makes and drops for every statement: that costs
/// more than the insertion. There it is asked for the number afterwards; nobody else writes on the connection.
macro_rules! insert_numbered {
    ($conn:ident => $insertion:expr, $number:expr) => {
        match $conn {
            $crate::platform::db::Conn::Postgres($conn) => {
                $insertion.returning($number).get_result::<i64>($conn)
            }
            $crate::platform::db::Conn::Sqlite($conn) => $insertion.execute($conn).and_then(|_| {
                diesel::select($crate::platform::db::last_insert_rowid()).get_result::<i64>($conn)
            }),
        }
    };
}
pub(crate) use insert_numbered;

diesel::define_sql_function! {
    /// In SQLite: the number of the row that this connection inserted last.
    fn last_insert_rowid() -> diesel::sql_types::BigInt;
}
