//! Looking for what must not be there any more: in every table, and in the very bytes of the files.

use crate::harness::TestServer;

/// Fails if `text` is anywhere: in a column of a table, or in the database's file or its write-ahead log.
pub(crate) async fn is_nowhere(server: &TestServer, text: &str) {
    assert_eq!(server.places_of(text).await, Vec::<String>::new(), "{text}");
    let Some(file) = server.database.file() else {
        return;
    };
    for ending in ["", "-wal"] {
        let path = format!("{}{ending}", file.display());
        let bytes = std::fs::read(&path).unwrap_or_default();
        assert_eq!(find(&bytes, text), None, "{text} in actapub.db{ending}");
    }
}

/// Where in `bytes` the text begins.
pub(super) fn find(bytes: &[u8], text: &str) -> Option<usize> {
    bytes
        .windows(text.len())
        .position(|window| window == text.as_bytes())
}
