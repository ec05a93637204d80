//! What the leaves are about: the part of the record that can be destroyed.

mod store;

pub use self::store::document;
pub use self::store::{
    Entry, Filter, Opening, at, by_subject, first_of, page, places_of, span, threads,
};
pub(super) use self::store::{New, close, forget_documents, insert, remember_documents};

use crate::kernel::LogId;

/// Where an entry stands: its log, and its index there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    pub log: LogId,
    pub index: u64,
}

const INDEX_BITS: u32 = 40;

impl Place {
    pub const fn new(log: LogId, index: u64) -> Self {
        Self { log, index }
    }

    /// As one number, by which both tables are sorted: the log's times 2^40, plus the index.
    pub(super) const fn number(self) -> i64 {
        (self.log.get() << INDEX_BITS) | (self.index.cast_signed() & ((1 << INDEX_BITS) - 1))
    }

    pub(super) const fn from_number(number: i64) -> Self {
        Self {
            log: LogId::new(number >> INDEX_BITS),
            index: (number & ((1 << INDEX_BITS) - 1)).cast_unsigned(),
        }
    }
}
