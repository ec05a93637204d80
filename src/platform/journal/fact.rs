//! The kinds of fact. They hold ids only: what they mean stands in the tables, and can be erased there.

use serde::{Deserialize, Serialize};

use crate::kernel::{
    ActorId, AnnouncementId, AnswerId, EmergencyId, ErasureId, EventId, ExportId, HoldId, LogKeyId,
    MessageId, PolicyId, QuoteId, ReplyId, ReportId, ResumptionId, TrailId,
};

/// Something that happened at an agency. Stored as JSON, so a variant or field that has landed keeps its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Fact {
    AgencyCreated,
    AgencyChanged,
    /// New signing keys stand ready; the old ones sign until this is announced.
    KeysRotated,

    AnnouncementPublished {
        announcement: AnnouncementId,
        revision: i32,
    },
    AnnouncementEdited {
        announcement: AnnouncementId,
        revision: i32,
    },
    AnnouncementWithdrawn {
        announcement: AnnouncementId,
    },
    AnnouncementPinned {
        announcement: AnnouncementId,
    },
    AnnouncementUnpinned {
        announcement: AnnouncementId,
    },
    /// Votes have come in since the network was last told.
    PollTallied {
        announcement: AnnouncementId,
    },
    /// No vote counts any more.
    PollClosed {
        announcement: AnnouncementId,
    },

    /// One person alone did what the fact before it says, although the house rules want two: about an announcement, or
    /// about the agency itself.
    EmergencyDeclared {
        emergency: EmergencyId,
        announcement: Option<AnnouncementId>,
    },
    /// The agency works by other rules from now on.
    HouseRulesSet {
        number: i32,
    },

    /// Somebody follows, or asks again: either way an Accept is due.
    FollowAccepted {
        actor: ActorId,
    },
    FollowerLeft {
        actor: ActorId,
    },

    ReplyReceived {
        reply: ReplyId,
        event: Option<EventId>,
    },
    ReplyEdited {
        reply: ReplyId,
        event: Option<EventId>,
    },
    ReplyDeleted {
        reply: ReplyId,
        event: Option<EventId>,
    },
    MessageReceived {
        message: MessageId,
        event: Option<EventId>,
    },
    MessageEdited {
        message: MessageId,
        event: Option<EventId>,
    },
    MessageDeleted {
        message: MessageId,
        event: Option<EventId>,
    },
    /// The agency has answered in private.
    MessageAnswered {
        message: MessageId,
        answer: AnswerId,
    },
    /// It takes that back.
    AnswerWithdrawn {
        message: MessageId,
        answer: AnswerId,
    },

    QuoteAuthorised {
        quote: QuoteId,
    },
    QuoteRevoked {
        quote: QuoteId,
    },
    ReportReceived {
        report: ReportId,
    },

    /// Something in the record is to be destroyed.
    ErasureOrdered {
        erasure: ErasureId,
    },
    /// It is gone, from everywhere.
    ErasureDone {
        erasure: ErasureId,
    },
    HoldPlaced {
        hold: HoldId,
    },
    HoldReleased {
        hold: HoldId,
    },
    ExportMade {
        export: ExportId,
    },
    /// Checkpoints are witnessed by other rules from now on.
    PolicyChanged {
        policy: PolicyId,
    },
    /// A policy names a witness that the one before did not: the n-th, from 0.
    WitnessAdded {
        policy: PolicyId,
        witness: i32,
    },
    LogKeyRotated {
        key: LogKeyId,
    },
    /// It was decided to go on with a log of which more was seen elsewhere.
    LogResumed {
        resumption: ResumptionId,
    },

    /// Somebody of the staff did something inside.
    StaffActed {
        act: TrailId,
    },
}

impl Fact {
    /// The kind's name, as stored.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::AgencyCreated => "agency_created",
            Self::AgencyChanged => "agency_changed",
            Self::KeysRotated => "keys_rotated",
            Self::AnnouncementPublished { .. } => "announcement_published",
            Self::AnnouncementEdited { .. } => "announcement_edited",
            Self::AnnouncementWithdrawn { .. } => "announcement_withdrawn",
            Self::AnnouncementPinned { .. } => "announcement_pinned",
            Self::AnnouncementUnpinned { .. } => "announcement_unpinned",
            Self::PollTallied { .. } => "poll_tallied",
            Self::PollClosed { .. } => "poll_closed",
            Self::EmergencyDeclared { .. } => "emergency_declared",
            Self::HouseRulesSet { .. } => "house_rules_set",
            Self::FollowAccepted { .. } => "follow_accepted",
            Self::FollowerLeft { .. } => "follower_left",
            Self::ReplyReceived { .. } => "reply_received",
            Self::ReplyEdited { .. } => "reply_edited",
            Self::ReplyDeleted { .. } => "reply_deleted",
            Self::MessageReceived { .. } => "message_received",
            Self::MessageEdited { .. } => "message_edited",
            Self::MessageDeleted { .. } => "message_deleted",
            Self::MessageAnswered { .. } => "message_answered",
            Self::AnswerWithdrawn { .. } => "answer_withdrawn",
            Self::QuoteAuthorised { .. } => "quote_authorised",
            Self::QuoteRevoked { .. } => "quote_revoked",
            Self::ReportReceived { .. } => "report_received",
            Self::ErasureOrdered { .. } => "erasure_ordered",
            Self::ErasureDone { .. } => "erasure_done",
            Self::HoldPlaced { .. } => "hold_placed",
            Self::HoldReleased { .. } => "hold_released",
            Self::ExportMade { .. } => "export_made",
            Self::PolicyChanged { .. } => "policy_changed",
            Self::WitnessAdded { .. } => "witness_added",
            Self::LogKeyRotated { .. } => "log_key_rotated",
            Self::StaffActed { .. } => "staff_acted",
            Self::LogResumed { .. } => "log_resumed",
        }
    }
}
