//! Copies of the record that are taken away, as the record notes them: bags that anybody can check, and the daily dump.

mod bag;
mod contents;
pub mod dump;
mod guide;
mod lines;
mod package;
mod premis;
mod store;
mod table;
mod threads;

pub use self::contents::{Exported, Failure, Plan, Progress, export};
pub use self::store::note;

use serde_json::{Value, json};

use crate::kernel::{AnnouncementId, ExportId, Timestamp};
use crate::platform::db::{self, Conn};

/// Which part of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    All,
    /// An announcement and all that was said under it.
    Thread(AnnouncementId),
    /// What was recorded from one instant on and before another.
    Period {
        from: Timestamp,
        to: Timestamp,
    },
}

/// For whom a copy is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disclosed {
    /// For everybody: what opens the entries of agencies and the system, and the words that are shown, without names.
    Public,
    /// For those who may read everything: also what opens citizens' entries, with their evidence and names.
    Staff,
}

/// What the record says of an export.
pub(super) fn stated(conn: &mut Conn, id: ExportId) -> Result<Value, db::Error> {
    let Some((extent, size)) = store::find(conn, id)? else {
        return Ok(Value::Null);
    };
    Ok(json!({ "extent": extent, "size": size }))
}
