//! Which facts become entries, and why the others do not. Every kind of fact has its rule here.

use super::kind::{Kind, Subject};
use crate::kernel::{EmergencyId, EventId};
use crate::platform::journal::Fact;

/// What becomes of a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    Recorded(Recorded),
    NotRecorded(&'static str),
}

/// An entry to be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recorded {
    pub kind: Kind,
    /// What it is about; an agency's own affairs are about itself.
    pub subject: Option<Subject>,
    /// The activity that brought it.
    pub event: Option<EventId>,
    /// Which revision of an announcement.
    pub revision: Option<i32>,
    /// Which witness of a policy.
    pub witness: Option<i32>,
    /// Why it could not wait.
    pub emergency: Option<EmergencyId>,
    /// Which of an agency's house rules.
    pub house_rules: Option<i32>,
}

impl Recorded {
    const fn about(kind: Kind, subject: Option<Subject>) -> Self {
        Self {
            kind,
            subject,
            event: None,
            revision: None,
            witness: None,
            emergency: None,
            house_rules: None,
        }
    }
}

const WHO_LISTENS: &str = "who listens to an agency is nobody's business";

impl Rule {
    const fn about(kind: Kind, subject: Subject) -> Self {
        Self::entry(kind, Some(subject), None)
    }

    const fn entry(kind: Kind, subject: Option<Subject>, event: Option<EventId>) -> Self {
        Self::Recorded(Recorded {
            event,
            ..Recorded::about(kind, subject)
        })
    }

    const fn revision(kind: Kind, subject: Subject, revision: i32) -> Self {
        Self::Recorded(Recorded {
            revision: Some(revision),
            ..Recorded::about(kind, Some(subject))
        })
    }
}

/// The rule for a fact. A kind of fact without one does not compile.
#[expect(
    clippy::too_many_lines,
    reason = "a table: a line or a few for each kind of fact"
)]
pub const fn rule(fact: &Fact) -> Rule {
    match fact {
        Fact::AgencyCreated => Rule::entry(Kind::AgencyCreated, None, None),
        Fact::AgencyChanged => Rule::entry(Kind::AgencyChanged, None, None),
        Fact::KeysRotated => Rule::entry(Kind::KeysRotated, None, None),

        Fact::AnnouncementPublished {
            announcement,
            revision,
        } => Rule::revision(
            Kind::AnnouncementPublished,
            Subject::Announcement(*announcement),
            *revision,
        ),
        Fact::AnnouncementEdited {
            announcement,
            revision,
        } => Rule::revision(
            Kind::AnnouncementEdited,
            Subject::Announcement(*announcement),
            *revision,
        ),
        Fact::AnnouncementWithdrawn { announcement } => Rule::about(
            Kind::AnnouncementWithdrawn,
            Subject::Announcement(*announcement),
        ),
        Fact::AnnouncementPinned { announcement } => Rule::about(
            Kind::AnnouncementPinned,
            Subject::Announcement(*announcement),
        ),
        Fact::AnnouncementUnpinned { announcement } => Rule::about(
            Kind::AnnouncementUnpinned,
            Subject::Announcement(*announcement),
        ),

        Fact::PollTallied { .. } => Rule::NotRecorded(
            "how a poll stands while it is open is not what came of it; votes are not public",
        ),
        Fact::PollClosed { announcement } => {
            Rule::about(Kind::PollClosed, Subject::Announcement(*announcement))
        }

        Fact::EmergencyDeclared {
            emergency,
            announcement,
        } => Rule::Recorded(Recorded {
            emergency: Some(*emergency),
            ..Recorded::about(
                Kind::EmergencyDeclared,
                match announcement {
                    Some(announcement) => Some(Subject::Announcement(*announcement)),
                    None => None,
                },
            )
        }),
        Fact::HouseRulesSet { number } => Rule::Recorded(Recorded {
            house_rules: Some(*number),
            ..Recorded::about(Kind::HouseRulesSet, None)
        }),

        Fact::FollowAccepted { .. } | Fact::FollowerLeft { .. } => Rule::NotRecorded(WHO_LISTENS),

        Fact::ReplyReceived { reply, event } => {
            Rule::entry(Kind::ReplyReceived, Some(Subject::Reply(*reply)), *event)
        }
        Fact::ReplyEdited { reply, event } => {
            Rule::entry(Kind::ReplyEdited, Some(Subject::Reply(*reply)), *event)
        }
        Fact::ReplyDeleted { reply, event } => {
            Rule::entry(Kind::ReplyDeleted, Some(Subject::Reply(*reply)), *event)
        }
        Fact::MessageReceived { message, event } => Rule::entry(
            Kind::MessageReceived,
            Some(Subject::Message(*message)),
            *event,
        ),
        Fact::MessageEdited { message, event } => Rule::entry(
            Kind::MessageEdited,
            Some(Subject::Message(*message)),
            *event,
        ),
        Fact::MessageDeleted { message, event } => Rule::entry(
            Kind::MessageDeleted,
            Some(Subject::Message(*message)),
            *event,
        ),

        // About the message: they go with it.
        Fact::MessageAnswered { message, .. } => {
            Rule::about(Kind::MessageAnswered, Subject::Message(*message))
        }
        Fact::AnswerWithdrawn { message, .. } => {
            Rule::about(Kind::AnswerWithdrawn, Subject::Message(*message))
        }

        Fact::QuoteAuthorised { quote } => {
            Rule::about(Kind::QuoteAuthorised, Subject::Quote(*quote))
        }
        Fact::QuoteRevoked { quote } => Rule::about(Kind::QuoteRevoked, Subject::Quote(*quote)),
        Fact::ReportReceived { report } => {
            Rule::about(Kind::ReportReceived, Subject::Report(*report))
        }

        Fact::ErasureOrdered { erasure } => {
            Rule::about(Kind::RedactionOrdered, Subject::Erasure(*erasure))
        }
        // `RetentionDisposed` if it was not ordered by anybody.
        Fact::ErasureDone { erasure } => {
            Rule::about(Kind::RedactionDone, Subject::Erasure(*erasure))
        }
        Fact::HoldPlaced { hold } => Rule::about(Kind::HoldPlaced, Subject::Hold(*hold)),
        Fact::HoldReleased { hold } => Rule::about(Kind::HoldReleased, Subject::Hold(*hold)),
        Fact::ExportMade { export } => Rule::about(Kind::ExportMade, Subject::Export(*export)),
        Fact::PolicyChanged { policy } => {
            Rule::about(Kind::PolicyChanged, Subject::Policy(*policy))
        }
        Fact::WitnessAdded { policy, witness } => Rule::Recorded(Recorded {
            witness: Some(*witness),
            ..Recorded::about(Kind::WitnessAdded, Some(Subject::Policy(*policy)))
        }),
        Fact::LogKeyRotated { key } => Rule::about(Kind::LogKeyRotated, Subject::LogKey(*key)),
        Fact::StaffActed { act } => Rule::about(Kind::StaffAct, Subject::StaffAct(*act)),
        Fact::LogResumed { resumption } => {
            Rule::about(Kind::LogResumed, Subject::Resumption(*resumption))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The specification is written by hand; what it leaves out nobody else can know.
    #[test]
    fn the_specification_names_every_kind() {
        let specification = include_str!("../../docs/ARCHIVE.md");
        for kind in Kind::ALL {
            assert!(
                specification.contains(&format!("`{}`", kind.name())),
                "docs/ARCHIVE.md does not say what {} is",
                kind.name()
            );
        }
    }
}
