//! What an entry of the record says happened, by whose act, and about what.

use crate::kernel::{
    ActorId, AgencyId, AnnouncementId, ErasureId, ExportId, HoldId, LogKeyId, MessageId, PolicyId,
    QuoteId, ReplyId, ReportId, ResumptionId, TrailId,
};
use crate::platform::db;

/// Whose act an entry records: the leaf's `k`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum By {
    Agency,
    Citizen,
    Moderator,
    System,
}

impl By {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Agency => "agency",
            Self::Citizen => "citizen",
            Self::Moderator => "moderator",
            Self::System => "system",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        [Self::Agency, Self::Citizen, Self::Moderator, Self::System]
            .into_iter()
            .find(|by| by.name() == name)
    }
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $word:literal, $by:ident;)+) => {
        /// What happened: the leaf's `t`. Later features add kinds; what has landed keeps its word and its number.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Kind { $($(#[$doc])* $name),+ }

        impl Kind {
            /// Every kind there is.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// As it stands in a leaf.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $word),+ }
            }

            /// Whose act it is.
            pub const fn by(self) -> By {
                match self { $(Self::$name => By::$by),+ }
            }

            pub(super) const fn code(self) -> i16 {
                match self { $(Self::$name => $code),+ }
            }
        }
    };
}

kinds! {
    AgencyCreated = 10, "agency.created", Agency;
    AgencyChanged = 11, "agency.changed", Agency;
    /// The keys that sign what the agency sends.
    KeysRotated = 12, "agency.keys-rotated", Agency;
    HouseRulesSet = 13, "agency.rules-set", Agency;

    ReplyReceived = 20, "reply.received", Citizen;
    ReplyEdited = 21, "reply.edited", Citizen;
    ReplyDeleted = 22, "reply.deleted", Citizen;
    MessageReceived = 23, "message.received", Citizen;
    MessageEdited = 24, "message.edited", Citizen;
    MessageDeleted = 25, "message.deleted", Citizen;
    ReportReceived = 26, "report.received", Citizen;
    /// In private.
    MessageAnswered = 27, "message.answered", Agency;
    AnswerWithdrawn = 28, "message.answer-withdrawn", Agency;

    AnnouncementPublished = 30, "announcement.published", Agency;
    AnnouncementEdited = 31, "announcement.edited", Agency;
    AnnouncementPinned = 32, "announcement.pinned", Agency;
    AnnouncementUnpinned = 33, "announcement.unpinned", Agency;
    AnnouncementWithdrawn = 34, "announcement.withdrawn", Agency;
    /// What the entry before it says was done by one person alone, although the house rules want two.
    EmergencyDeclared = 35, "emergency.declared", Agency;
    /// With how often each choice was made.
    PollClosed = 36, "poll.closed", System;

    QuoteAuthorised = 40, "quote.authorised", Agency;
    QuoteRevoked = 41, "quote.revoked", Agency;

    RedactionOrdered = 50, "redaction.ordered", Agency;
    RedactionDone = 51, "redaction.done", System;
    HoldPlaced = 52, "hold.placed", Agency;
    HoldReleased = 53, "hold.released", Agency;
    RetentionDisposed = 54, "retention.disposed", System;

    ExportMade = 60, "export.made", Agency;
    WitnessAdded = 61, "witness.added", Agency;
    PolicyChanged = 62, "policy.changed", Agency;
    /// The key that signs the checkpoints.
    LogKeyRotated = 63, "log-key.rotated", Agency;
    /// More was seen of the log elsewhere, and it goes on all the same.
    LogResumed = 64, "log.resumed", Agency;

    /// Something inside: the record commits to who did what, and tells nobody.
    StaffAct = 70, "staff.act", Agency;
}

impl Kind {
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.name() == name)
    }

    pub(super) fn coded(code: i16) -> Result<Self, db::Error> {
        Self::ALL
            .iter()
            .copied()
            .find(|kind| kind.code() == code)
            .ok_or(db::Error::Corrupt("record_entries.kind"))
    }

    /// Whether what opens the commitment is for everybody, or only for those whom it concerns.
    pub const fn is_open(self) -> bool {
        !matches!(self.by(), By::Citizen) && !self.is_internal() && !self.is_private()
    }

    /// Whether only the agency itself may see what opens the commitment.
    pub const fn is_internal(self) -> bool {
        matches!(self, Self::StaffAct)
    }

    /// Whether nobody but those concerned may see more than that there was something.
    pub const fn is_private(self) -> bool {
        matches!(
            self,
            Self::MessageReceived
                | Self::MessageEdited
                | Self::MessageDeleted
                | Self::MessageAnswered
                | Self::AnswerWithdrawn
                | Self::ReportReceived
        )
    }
}

/// What an entry is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Subject {
    Agency(AgencyId),
    Announcement(AnnouncementId),
    Reply(ReplyId),
    Message(MessageId),
    Quote(QuoteId),
    Report(ReportId),
    Erasure(ErasureId),
    Hold(HoldId),
    Export(ExportId),
    Policy(PolicyId),
    LogKey(LogKeyId),
    /// A line of the trail.
    StaffAct(TrailId),
    Resumption(ResumptionId),
    /// Somebody on another server, of whom everything is erased; no entry is about them, and none names them.
    Actor(ActorId),
}

impl Subject {
    /// What it is, in a word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Agency(_) => "agency",
            Self::Announcement(_) => "announcement",
            Self::Reply(_) => "reply",
            Self::Message(_) => "message",
            Self::Quote(_) => "quotation",
            Self::Report(_) => "report",
            Self::Erasure(_) => "erasure",
            Self::Hold(_) => "hold",
            Self::Export(_) => "export",
            Self::Policy(_) => "policy",
            Self::LogKey(_) => "key",
            Self::StaffAct(_) => "act of the staff",
            Self::Resumption(_) => "decision",
            Self::Actor(_) => "account",
        }
    }

    /// As two columns: kind and number.
    pub(super) const fn columns(self) -> (i16, i64) {
        match self {
            Self::Agency(id) => (0, id.get()),
            Self::Announcement(id) => (1, id.get()),
            Self::Reply(id) => (2, id.get()),
            Self::Message(id) => (3, id.get()),
            Self::Quote(id) => (4, id.get()),
            Self::Report(id) => (5, id.get()),
            Self::Erasure(id) => (6, id.get()),
            Self::Hold(id) => (7, id.get()),
            Self::Export(id) => (8, id.get()),
            Self::Policy(id) => (9, id.get()),
            Self::LogKey(id) => (10, id.get()),
            Self::Actor(id) => (11, id.get()),
            Self::StaffAct(id) => (12, id.get()),
            Self::Resumption(id) => (15, id.get()),
        }
    }

    pub(super) const fn from_columns(kind: i16, id: i64) -> Result<Self, db::Error> {
        Ok(match kind {
            0 => Self::Agency(AgencyId::new(id)),
            1 => Self::Announcement(AnnouncementId::new(id)),
            2 => Self::Reply(ReplyId::new(id)),
            3 => Self::Message(MessageId::new(id)),
            4 => Self::Quote(QuoteId::new(id)),
            5 => Self::Report(ReportId::new(id)),
            6 => Self::Erasure(ErasureId::new(id)),
            7 => Self::Hold(HoldId::new(id)),
            8 => Self::Export(ExportId::new(id)),
            9 => Self::Policy(PolicyId::new(id)),
            10 => Self::LogKey(LogKeyId::new(id)),
            11 => Self::Actor(ActorId::new(id)),
            12 => Self::StaffAct(TrailId::new(id)),
            15 => Self::Resumption(ResumptionId::new(id)),
            _ => return Err(db::Error::Corrupt("record_entries.subject_kind")),
        })
    }
}
