//! How much there is.

mod store;

pub(super) use self::store::count_pinned;
pub use self::store::{active_agencies, count};
