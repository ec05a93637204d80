//! One type per kind of identifier, so that none can stand in for another.

use std::hash::{BuildHasher as _, RandomState};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

use super::Timestamp;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[derive(serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(i64);

        impl $name {
            pub const fn new(raw: i64) -> Self {
                Self(raw)
            }

            pub const fn get(self) -> i64 {
                self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = std::num::ParseIntError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )+};
}

ids! {
    /// A public agency: the unit that speaks.
    AgencyId;
    /// One announcement, through all its revisions.
    AnnouncementId;
    /// Somebody on another server, as far as we know them.
    ActorId;
    /// A citizen's public reply to an announcement, or mention of an agency.
    ReplyId;
    /// A citizen's private message to an agency.
    MessageId;
    /// One activity as it arrived in an inbox.
    EventId;
    /// One activity that we send.
    ActivityId;
    /// A citizen's quotation of an announcement, as authorised.
    QuoteId;
    /// A complaint from another server about something here.
    ReportId;
    /// The log that is one agency's public record.
    LogId;
    /// A key that signs the checkpoints of a log.
    LogKeyId;
    /// A destruction of what an entry of the record holds.
    ErasureId;
    /// An order to keep what would otherwise be destroyed.
    HoldId;
    /// A copy of the record, or of a part of it, that was taken away.
    ExportId;
    /// Rules by which a checkpoint counts as witnessed.
    PolicyId;
    /// A decision to go on with a record of which more was seen elsewhere.
    ResumptionId;
    /// Leave to see what opens citizens' entries of a record.
    GrantId;
    /// Somebody of the staff.
    PersonId;
    /// One thing that somebody of the staff did.
    TrailId;
    /// A one-time link for somebody of the staff, or to be.
    StaffLinkId;
    /// A sign-in of somebody of the staff, as long as it lasts.
    SessionId;
    /// A passkey of somebody of the staff.
    PasskeyId;
    /// Something that is to be said or changed, on its way to being approved.
    DraftId;
    /// Something that was published by one person alone, against the house rules, since it could not wait.
    EmergencyId;
    /// One thing that a citizen sent, in the queue through which an agency's people work.
    QueueItemId;
    /// What somebody of the staff noted about it.
    QueueNoteId;
    /// A text to begin an answer with.
    TemplateId;
    /// What an agency answered in private to a private message.
    AnswerId;
}

macro_rules! minted {
    ($($name:ident)+) => {$(
        impl $name {
            /// A new identifier that no other process, and no earlier or restored database, has given out:
            /// 42 bits of milliseconds since 2020, 21 bits of chance.
            ///
            /// Such ids stand in public URLs, which must never come to mean something else.
            pub fn mint(now: Timestamp) -> Self {
                Self(mint(now))
            }
        }
    )+};
}

minted!(AgencyId AnnouncementId ActivityId QuoteId PersonId DraftId EmergencyId AnswerId);

const EPOCH_2020_MILLIS: i64 = 1_577_836_800_000;
const CHANCE_BITS: u32 = 21;

/// Odd, so that multiples of it meet every number of 21 bits once before any comes again.
const STRIDE: u64 = 0x9e37_79b9_7f4a_7c15;
/// Every `RandomState` hashes with keys of its own, drawn from the system's generator.
static START: LazyLock<u64> = LazyLock::new(|| RandomState::new().hash_one(0_u8));
static GIVEN: AtomicU64 = AtomicU64::new(0);

/// A process begins anywhere and never meets itself: drawn anew each time, two of the ten thousand numbers that a
/// second may need would be the same every so often.
fn mint(now: Timestamp) -> i64 {
    let millis = (now.micros().div_euclid(1_000) - EPOCH_2020_MILLIS).max(0);
    let step = GIVEN.fetch_add(1, Ordering::Relaxed);
    let chance = START.wrapping_add(step.wrapping_mul(STRIDE)) & ((1 << CHANCE_BITS) - 1);
    (millis << CHANCE_BITS) | i64::try_from(chance).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minted_ids_grow_with_time_and_never_repeat_within_a_moment() {
        let noon: Timestamp = "2026-11-24T12:00:00Z".parse().unwrap();
        let later = noon + std::time::Duration::from_millis(1);
        assert!(AnnouncementId::mint(noon) < AnnouncementId::mint(later));
        let many: std::collections::HashSet<_> =
            (0..100_000).map(|_| AnnouncementId::mint(noon)).collect();
        assert_eq!(many.len(), 100_000);
    }
}
