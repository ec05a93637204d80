//! A log as it stands in the database: leaves, tiles, head, keys, checkpoints.

pub(super) mod store;

pub use self::store::{
    Reader, all, by_agency, by_id, by_name, entries_tile, hash_tile, leaf, leaves, leaves_at,
    names, raise_floors, signed_sizes,
};

use crate::kernel::{AgencyId, LogId, Timestamp};
use crate::tlog::Head;

/// The log of one agency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Log {
    pub id: LogId,
    pub agency: AgencyId,
    /// The last part of its address.
    pub name: String,
    /// The address without its scheme: what the checkpoints begin with (C2SP tlog-tiles).
    pub origin: String,
    pub head: Head,
    /// The newest checkpoint that was signed.
    pub signed: Option<Checkpointed>,
    /// The newest that enough witnesses have cosigned.
    pub witnessed: Option<Checkpointed>,
    /// Nothing is signed for a tree smaller than this: a greater one was seen elsewhere.
    pub floor: u64,
    /// When the database was found without anything beside it that says that it is the newest; what witnesses say that have
    /// not cosigned since is believed without proof.
    pub doubted_at: Option<Timestamp>,
}

/// A checkpoint as it is served: a signed note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpointed {
    pub size: u64,
    pub at: Timestamp,
    pub note: String,
}

impl Log {
    /// What `/checkpoint` serves: where witnesses are asked for, the newest that enough of them have cosigned.
    pub const fn served(&self, witnesses_needed: bool) -> Option<&Checkpointed> {
        if witnesses_needed {
            self.witnessed.as_ref()
        } else {
            self.signed.as_ref()
        }
    }
}
