//! How an announcement came to stand as it does: how many stood for it, in which languages it is, what put it right.
//! It is kept with what was published, and never says who.

mod store;

use crate::kernel::{AgencyId, AnnouncementId, EmergencyId, Timestamp};
use crate::publishing::drafts::Kind;

pub use self::store::{corrections, emergency, linked_languages, of_newest, people_for};
pub(super) use self::store::{declare, erase, link_languages, note_approval, note_correction};

/// Who stood for the newest wording of an announcement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Provenance {
    /// So many people: whoever put it up for approval, and those who approved it.
    Approved { people: u32 },
    /// One person alone, although the house rules want more; and why it could not wait.
    Emergency { reason: String },
}

/// What one person did alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Emergency {
    pub id: EmergencyId,
    pub agency: AgencyId,
    pub act: Kind,
    /// What it was about; none if it was about the agency itself.
    pub announcement: Option<AnnouncementId>,
    /// Which wording went out.
    pub revision: Option<i32>,
    pub reason: String,
    pub at: Timestamp,
}

/// The same announcement in another language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InLanguage {
    pub announcement: AnnouncementId,
    /// BCP 47.
    pub language: String,
}

/// That a wording was put right in public.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Correction {
    /// The revision that is right.
    pub revision: i32,
    /// The announcement that says what was wrong.
    pub notice: AnnouncementId,
}
