//! From delivery rows to answered requests.

mod store;

pub use self::store::insert;
