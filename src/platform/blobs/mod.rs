//! Pictures, kept in the database by the digest of their bytes: every process finds them, and a backup holds them.

mod store;

pub use self::store::{Blob, find, put, remove, shown, sizes, withhold};
