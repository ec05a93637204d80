//! What somebody of the staff may have done, and to what.

use serde::{Deserialize, Serialize};

use crate::agencies::staff::Role;
use crate::kernel::{
    AnnouncementId, DraftId, ExportId, GrantId, HoldId, MessageId, PersonId, QuoteId, ReplyId,
    ReportId, StaffLinkId,
};

macro_rules! acts {
    ($($(#[$doc:meta])* $name:ident $(($detail:ty))? = $word:literal;)+) => {
        /// Something done inside. It holds no name and no text. Features add acts; what has landed keeps its word, under
        /// which it is stored.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        pub enum Act { $($(#[$doc])* #[serde(rename = $word)] $name $(($detail))?),+ }

        impl Act {
            /// The words of all acts.
            pub const NAMES: &[&str] = &[$($word),+];

            /// The word for it, in commands, the database and the record.
            pub const fn name(&self) -> &'static str {
                match self { $(Self::$name { .. } => $word),+ }
            }
        }
    };
}

acts! {
    Invited(Vec<Role>) = "invited";
    InvitationRevoked = "invitation-revoked";
    /// By an invitation.
    Joined(Vec<Role>) = "joined";
    RoleGiven(Role) = "role-given";
    RoleTaken(Role) = "role-taken";
    Removed = "removed";
    /// A link was made by which somebody sets a new password.
    ResetOffered = "reset-offered";
    /// It was used.
    AccessReset = "access-reset";
    /// Somebody else's sessions were ended.
    SessionsEnded = "sessions-ended";
    /// Their own, as with the next.
    PasskeyAdded = "passkey-added";
    PasskeyRemoved = "passkey-removed";
    IdentityConnected = "identity-connected";
    OperatorMade = "operator-made";
    OperatorEnded = "operator-ended";

    DraftSubmitted = "draft-submitted";
    DraftApproved = "draft-approved";
    DraftSentBack = "draft-sent-back";
    DraftWithdrawn = "draft-withdrawn";
    DraftDiscarded = "draft-discarded";
    Scheduled = "scheduled";
    Unscheduled = "unscheduled";
    Published = "published";
    /// Alone, in an emergency.
    PublishedInEmergency = "published-in-emergency";
    Edited = "edited";
    Corrected = "corrected";
    Withdrawn = "withdrawn";
    Pinned = "pinned";
    Unpinned = "unpinned";

    ProfileChanged = "profile-changed";
    KeysRotated = "keys-rotated";
    HouseRulesChanged = "house-rules-changed";

    QueueTaken = "queue-taken";
    QueueAssigned = "queue-assigned";
    QueueNoted = "queue-noted";
    QueueAnswered = "queue-answered";
    QueueDone = "queue-done";
    QueueReopened = "queue-reopened";
    /// In private.
    MessageAnswered = "message-answered";
    AnswerWithdrawn = "answer-withdrawn";
    ReplyHidden = "reply-hidden";
    ReplyShown = "reply-shown";
    ReportDecided = "report-decided";

    HoldPlaced = "hold-placed";
    HoldReleased = "hold-released";
    ErasureOrdered = "erasure-ordered";
    ExportMade = "export-made";
    ReceiptMade = "receipt-made";
    GrantGiven = "grant-given";
    GrantRevoked = "grant-revoked";
}

macro_rules! subjects {
    ($($name:ident($id:ty) = $word:literal;)+) => {
        /// What an act was done to, by its number.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Subject {
            /// The agency itself.
            Agency,
            $($name($id)),+
        }

        impl std::fmt::Display for Subject {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                match self {
                    Self::Agency => f.write_str(AGENCY),
                    $(Self::$name(id) => write!(f, concat!($word, " {}"), id)),+
                }
            }
        }

        impl Subject {
            /// Reads what [`std::fmt::Display`] has written.
            pub(super) fn parse(text: &str) -> Option<Self> {
                if text == AGENCY {
                    return Some(Self::Agency);
                }
                let (word, id) = text.split_once(' ')?;
                match word {
                    $($word => id.parse().ok().map(Self::$name),)+
                    _ => None,
                }
            }
        }
    };
}

const AGENCY: &str = "agency";

subjects! {
    Person(PersonId) = "person";
    Link(StaffLinkId) = "link";
    Draft(DraftId) = "draft";
    Announcement(AnnouncementId) = "announcement";
    Reply(ReplyId) = "reply";
    Message(MessageId) = "message";
    Quote(QuoteId) = "quotation";
    Report(ReportId) = "report";
    Hold(HoldId) = "hold";
    Export(ExportId) = "export";
    Grant(GrantId) = "grant";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn acts_are_stored_under_their_words() {
        for (act, stored) in [
            (Act::Published, r#""published""#),
            (
                Act::RoleGiven(Role::RecordsOfficer),
                r#"{"role-given":"records-officer"}"#,
            ),
            (
                Act::Joined(vec![Role::Author, Role::Approver]),
                r#"{"joined":["author","approver"]}"#,
            ),
        ] {
            assert_eq!(serde_json::to_string(&act).unwrap(), stored);
            assert_eq!(serde_json::from_str::<Act>(stored).unwrap(), act);
            assert!(stored.contains(act.name()));
        }
    }

    #[test]
    fn subjects_are_read_as_they_are_written() {
        for subject in [
            Subject::Agency,
            Subject::Person(PersonId::new(7)),
            Subject::Quote(QuoteId::new(-1)),
        ] {
            assert_eq!(Subject::parse(&subject.to_string()), Some(subject));
        }
        assert_eq!(Subject::parse("person"), None);
        assert_eq!(Subject::parse("nobody 1"), None);
    }
}
