//! One thing in the queue, and where it stands.

use std::fmt;
use std::time::Duration;

use crate::agencies::staff::trail;
use crate::kernel::{
    ActorId, AgencyId, AnnouncementId, AnswerId, DraftId, MessageId, PersonId, QueueItemId,
    QueueNoteId, QuoteId, ReplyId, ReportId, Timestamp,
};

/// How long somebody who does nothing keeps others away.
pub const LOCK: Duration = Duration::from_secs(10 * 60);

/// Something that a citizen sent, and what becomes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    pub id: QueueItemId,
    pub agency: AgencyId,
    pub subject: Subject,
    /// The announcement that it concerns.
    pub thread: Option<AnnouncementId>,
    pub author: Option<ActorId>,
    /// BCP 47, if the author's server says.
    pub language: Option<String>,
    pub received_at: Timestamp,
    /// Since when it waits: since it came, or was opened again.
    pub since: Timestamp,
    pub state: State,
    /// Who took it last. It keeps others away while it [lasts](Item::held_by).
    pub(super) hold: Option<Hold>,
    pub assigned_to: Option<PersonId>,
    /// By which it is to be answered; it may have been discarded.
    pub draft: Option<DraftId>,
}

/// What it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Subject {
    Reply(ReplyId),
    /// Public, and in no announcement's thread.
    Mention(ReplyId),
    Message(MessageId),
    Quote(QuoteId),
    Report(ReportId),
}

/// A subject's kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    Reply,
    Mention,
    Message,
    Quote,
    Report,
}

/// Where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Open,
    Answered {
        by: AnsweredBy,
        at: Timestamp,
    },
    /// Nothing more is to be said.
    Done {
        at: Timestamp,
    },
    /// Its author has deleted it, or it was destroyed.
    Gone,
}

/// What answered it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnsweredBy {
    Announcement(AnnouncementId),
    /// In private.
    Message(AnswerId),
}

/// Somebody is at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hold {
    pub by: PersonId,
    pub until: Timestamp,
}

/// Which entries are meant.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Which {
    #[default]
    Open,
    /// Open, and for longer than the house rules allow.
    Overdue,
    /// Assigned to who asks, or in their hands.
    Mine,
    Closed,
    Everything,
}

/// What colleagues tell each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    pub id: QueueNoteId,
    /// None for the command line.
    pub by: Option<PersonId>,
    pub by_name: Option<String>,
    pub text: String,
    pub at: Timestamp,
}

impl Item {
    pub const fn kind(&self) -> Kind {
        self.subject.kind()
    }

    /// Who is at it now.
    pub fn held_by(&self, now: Timestamp) -> Option<Hold> {
        self.hold.filter(|hold| hold.until > now)
    }

    /// Whether only those may see it who read what was written in private.
    pub const fn is_private(&self) -> bool {
        matches!(self.subject, Subject::Message(_))
    }

    pub const fn is_open(&self) -> bool {
        matches!(self.state, State::Open)
    }

    /// Whether it waits for longer than it may.
    pub fn is_overdue(&self, now: Timestamp, within: Duration) -> bool {
        self.is_open() && self.kind().wants_answer() && now.since(self.since) > within
    }
}

impl AnsweredBy {
    pub(super) const fn number(self) -> i64 {
        match self {
            Self::Announcement(id) => id.get(),
            Self::Message(id) => id.get(),
        }
    }

    /// What answers a thing of that kind.
    pub(super) const fn of(kind: Kind, number: i64) -> Self {
        match kind {
            Kind::Message => Self::Message(AnswerId::new(number)),
            Kind::Reply | Kind::Mention | Kind::Quote | Kind::Report => {
                Self::Announcement(AnnouncementId::new(number))
            }
        }
    }
}

impl Subject {
    pub const fn kind(self) -> Kind {
        match self {
            Self::Reply(_) => Kind::Reply,
            Self::Mention(_) => Kind::Mention,
            Self::Message(_) => Kind::Message,
            Self::Quote(_) => Kind::Quote,
            Self::Report(_) => Kind::Report,
        }
    }

    pub(super) const fn number(self) -> i64 {
        match self {
            Self::Reply(id) | Self::Mention(id) => id.get(),
            Self::Message(id) => id.get(),
            Self::Quote(id) => id.get(),
            Self::Report(id) => id.get(),
        }
    }

    pub(super) const fn of(kind: Kind, number: i64) -> Self {
        match kind {
            Kind::Reply => Self::Reply(ReplyId::new(number)),
            Kind::Mention => Self::Mention(ReplyId::new(number)),
            Kind::Message => Self::Message(MessageId::new(number)),
            Kind::Quote => Self::Quote(QuoteId::new(number)),
            Kind::Report => Self::Report(ReportId::new(number)),
        }
    }

    /// As the trail of the staff names it.
    pub(super) const fn in_trail(self) -> trail::Subject {
        match self {
            Self::Reply(id) | Self::Mention(id) => trail::Subject::Reply(id),
            Self::Message(id) => trail::Subject::Message(id),
            Self::Quote(id) => trail::Subject::Quote(id),
            Self::Report(id) => trail::Subject::Report(id),
        }
    }
}

impl Kind {
    pub const ALL: [Self; 5] = [
        Self::Reply,
        Self::Mention,
        Self::Message,
        Self::Quote,
        Self::Report,
    ];

    /// The name in commands, addresses and documents.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Reply => "reply",
            Self::Mention => "mention",
            Self::Message => "message",
            Self::Quote => "quote",
            Self::Report => "report",
        }
    }

    /// Whether the agency can answer it: in private what was said in private.
    pub const fn is_answerable(self) -> bool {
        !matches!(self, Self::Report)
    }

    /// Whether somebody waits for something: nobody does who quotes.
    pub const fn wants_answer(self) -> bool {
        !matches!(self, Self::Quote)
    }

    pub(super) const fn code(self) -> i16 {
        match self {
            Self::Reply => 0,
            Self::Mention => 1,
            Self::Message => 2,
            Self::Quote => 3,
            Self::Report => 4,
        }
    }

    pub(super) fn from_code(code: i16) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A word that names no kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is nothing that a queue holds; there are reply, mention, message, quote and report")]
pub struct InvalidKind(pub String);

impl std::str::FromStr for Kind {
    type Err = InvalidKind;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.name() == text)
            .ok_or_else(|| InvalidKind(text.chars().take(40).collect()))
    }
}

impl Which {
    pub const ALL: [Self; 5] = [
        Self::Open,
        Self::Overdue,
        Self::Mine,
        Self::Closed,
        Self::Everything,
    ];

    /// The name in commands and addresses.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Overdue => "overdue",
            Self::Mine => "mine",
            Self::Closed => "closed",
            Self::Everything => "everything",
        }
    }
}

/// A word that names no part of a queue.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no part of a queue; there are open, overdue, mine, closed and everything")]
pub struct InvalidWhich(pub String);

impl std::str::FromStr for Which {
    type Err = InvalidWhich;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|which| which.name() == text)
            .ok_or_else(|| InvalidWhich(text.chars().take(40).collect()))
    }
}
