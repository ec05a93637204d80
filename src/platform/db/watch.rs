//! Notices what another process has written: a command beside the server, or another server.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::BigInt;

use super::{Conn, Error, Location};

/// The channel on which PostgreSQL passes on that facts were appended.
const CHANNEL: &str = "actapub_facts";

/// A connection that watches. On SQLite it compares the file's version, on PostgreSQL it listens.
pub struct Watch {
    conn: Conn,
    version: i64,
}

impl std::fmt::Debug for Watch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Watch").finish_non_exhaustive()
    }
}

#[derive(QueryableByName)]
struct Version {
    #[diesel(sql_type = BigInt)]
    data_version: i64,
}

impl Watch {
    pub fn open(location: &Location) -> Result<Self, Error> {
        let mut conn = location.connect_reader()?;
        if let Conn::Postgres(conn) = &mut conn {
            sql_query(format!("LISTEN {CHANNEL}")).execute(conn)?;
        }
        Ok(Self { conn, version: 0 })
    }

    /// Whether anything was written since the last look. Takes some microseconds, and waits for nobody.
    pub fn has_changed(&mut self) -> Result<bool, Error> {
        match &mut self.conn {
            Conn::Sqlite(conn) => {
                let version = sql_query("PRAGMA data_version")
                    .get_result::<Version>(conn)?
                    .data_version;
                let changed = version != self.version;
                self.version = version;
                Ok(changed)
            }
            Conn::Postgres(conn) => {
                let mut changed = false;
                for notification in conn.notifications_iter() {
                    notification?;
                    changed = true;
                }
                Ok(changed)
            }
        }
    }
}

/// Tells those who watch, once this transaction has committed.
pub(in crate::platform) fn announce(conn: &mut Conn) -> Result<(), Error> {
    if let Conn::Postgres(conn) = conn {
        sql_query(format!("NOTIFY {CHANNEL}")).execute(conn)?;
    }
    Ok(())
}
