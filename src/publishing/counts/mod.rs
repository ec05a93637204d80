//! How much there is.

mod store;

pub use self::store::{active_agencies, count, count_pinned};
