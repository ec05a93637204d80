//! What may be done for an agency, and which roles may do it.

use std::fmt::Write as _;

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

    /// Whether whoever operates the server has it at every agency: what sets an agency up, nothing that speaks in its name
    /// or reads what was written to it.
    pub const fn is_for_operators(self) -> bool {
        matches!(
            self,
            Self::EditProfile
                | Self::RotateKeys
                | Self::SetHouseRules
                | Self::ManageStaff
                | Self::ReadTrail
        )
    }

    /// What it is, in a sentence for the documents.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Draft => "Write drafts and put them up for approval",
            Self::Approve => "Approve what others wrote, or send it back",
            Self::Schedule => "Set a time for what is approved, or let it go out now",
            Self::PublishInEmergency => "Publish alone in an emergency, with a reason",
            Self::WorkQueue => "Work through what citizens sent",
            Self::ReadPrivate => "Read what citizens wrote in private",
            Self::Moderate => "Hide and show replies, decide about reports",
            Self::KeepRecords => "Place holds, order erasures, make exports, receipts and grants",
            Self::EditProfile => "Change how the agency presents itself",
            Self::RotateKeys => "Replace the agency's keys",
            Self::SetHouseRules => "Say what needs approval, and what must never go out",
            Self::ManageStaff => "Invite people, give and take roles, remove people",
            Self::ReadTrail => "Read who did what inside",
            Self::SeeNumbers => "See the numbers",
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

/// Who may do what, as a page of the documentation: made from the table by which it is decided.
pub fn matrix() -> String {
    let mut page = String::from(
        "# Roles and rights\n\nMade by `actapub staff matrix` from the table by which it is decided; a test walks it cell by cell.\n\n\
         A person may hold several roles, at several agencies; their rights add up, at each agency for itself. `operator` is\n\
         whoever operates the server and signs in to the console: they set agencies up, and neither speak for them nor read what\n\
         was written to them. The server's command line holds every right. What needs two people is said by the agency's house\n\
         rules; nobody approves what they wrote themselves, whatever roles they hold.\n\n| right |",
    );
    let roles = Role::ALL.map(Role::name);
    for head in roles.into_iter().chain(["operator", "what it is"]) {
        let _ = write!(page, " {head} |");
    }
    page.push_str("\n|");
    page.push_str(&" --- |".repeat(roles.len() + 3));
    for right in Right::ALL {
        let _ = write!(page, "\n| `{}` |", right.name());
        for role in Role::ALL {
            page.push_str(cell(right.roles().contains(&role)));
        }
        page.push_str(cell(right.is_for_operators()));
        let _ = write!(page, " {} |", right.sentence());
    }
    page.push('\n');
    page
}

const fn cell(has: bool) -> &'static str {
    if has { " yes |" } else { " |" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documentation_is_as_it_is_made() {
        assert_eq!(
            matrix(),
            include_str!("../../../docs/ROLES.md"),
            "make it anew: actapub staff matrix > docs/ROLES.md"
        );
    }

    #[test]
    fn every_right_is_listed_once_and_held_by_somebody() {
        let names: std::collections::BTreeSet<_> =
            Right::ALL.iter().map(|right| right.name()).collect();
        assert_eq!(names.len(), Right::ALL.len());
        assert!(Right::ALL.iter().all(|right| !right.roles().is_empty()));
    }
}
