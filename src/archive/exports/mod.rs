//! Copies of the record that were taken away, as the record notes them.

mod store;

pub use self::store::note;

use serde_json::{Value, json};

use crate::kernel::ExportId;
use crate::platform::db::{self, Conn};

/// What the record says of an export.
pub(super) fn stated(conn: &mut Conn, id: ExportId) -> Result<Value, db::Error> {
    let Some((extent, size)) = store::find(conn, id)? else {
        return Ok(Value::Null);
    };
    Ok(json!({ "extent": extent, "size": size }))
}
