//! What may be done for an agency, and which roles may do it.

use super::Role;
use Role::{Administrator, Approver, Author, Moderator, RecordsOfficer};

/// One thing that somebody may do for an agency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Right {
    /// Write drafts, of announcements, answers, edits and withdrawals, and put them up for approval.
    Draft,
    /// Approve what others wrote, or send it back.
    Approve,
    /// Set a time for what is approved, put it off, or let it go out now.
    Schedule,
    /// Publish alone what the house rules want two for: in an emergency, with a reason, marked in the record.
    PublishInEmergency,
    /// Work through what citizens sent: take, note, mark done.
    WorkQueue,
    /// Read what citizens wrote in private.
    ReadPrivate,
    /// Hide and show replies, and decide about reports.
    Moderate,
    /// Place holds, order erasures, make exports, receipts and grants.
    KeepRecords,
    /// Change how the agency presents itself.
    EditProfile,
    /// Replace the agency's keys.
    RotateKeys,
    /// Say what needs approval, which languages are required, when nothing goes out.
    SetHouseRules,
    /// Invite people, give and take roles, remove people.
    ManageStaff,
    /// Read who did what inside.
    ReadTrail,
    /// See the numbers: followers, replies, time to answer.
    SeeNumbers,
}

impl Right {
    pub const ALL: [Self; 14] = [
        Self::Draft,
        Self::Approve,
        Self::Schedule,
        Self::PublishInEmergency,
        Self::WorkQueue,
        Self::ReadPrivate,
        Self::Moderate,
        Self::KeepRecords,
        Self::EditProfile,
        Self::RotateKeys,
        Self::SetHouseRules,
        Self::ManageStaff,
        Self::ReadTrail,
        Self::SeeNumbers,
    ];

    /// The roles that have it: the one table from which the check, the documentation and the test are made.
    pub const fn roles(self) -> &'static [Role] {
        match self {
            Self::Draft | Self::WorkQueue => &[Author, Approver, Moderator, Administrator],
            Self::Approve => &[Approver],
            Self::Schedule => &[Author, Approver, Administrator],
            Self::PublishInEmergency
            | Self::EditProfile
            | Self::RotateKeys
            | Self::SetHouseRules
            | Self::ManageStaff
            | Self::ReadTrail => &[Administrator],
            Self::ReadPrivate => &[Moderator, Administrator],
            Self::Moderate => &[Moderator],
            Self::KeepRecords => &[RecordsOfficer],
            Self::SeeNumbers => &Role::ALL,
        }
    }

    /// The name in commands and documents.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Approve => "approve",
            Self::Schedule => "schedule",
            Self::PublishInEmergency => "publish-in-emergency",
            Self::WorkQueue => "work-queue",
            Self::ReadPrivate => "read-private",
            Self::Moderate => "moderate",
            Self::KeepRecords => "keep-records",
            Self::EditProfile => "edit-profile",
            Self::RotateKeys => "rotate-keys",
            Self::SetHouseRules => "set-house-rules",
            Self::ManageStaff => "manage-staff",
            Self::ReadTrail => "read-trail",
            Self::SeeNumbers => "see-numbers",
        }
    }
}
