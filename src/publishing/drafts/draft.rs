//! A draft and the only ways it may go.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Error, Kind, Proposal, VersionNumber};
use crate::kernel::{
    AgencyId, AnnouncementId, DraftId, MessageId, PersonId, Timestamp, WallTime, Zone,
};

/// What is to be said or changed, on its way. All its parts are approved together and go out together.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    pub id: DraftId,
    pub agency: AgencyId,
    /// The private message that it is about: only who may read that may see it.
    pub message: Option<MessageId>,
    pub state: State,
    /// The newest version of any part: whoever has seen this one has seen all of it.
    pub version: VersionNumber,
    /// The version that was approved last.
    pub approved: Option<VersionNumber>,
    /// Who put it up for approval last; none for the operator.
    pub submitted_by: Option<PersonId>,
    /// Why it is not in all languages that the house rules ask for.
    pub exemption: Option<String>,
    pub started_by: Option<PersonId>,
    pub started_at: Timestamp,
    pub changed_at: Timestamp,
    /// In the order in which they go out; at least one.
    pub parts: Vec<Part>,
    /// The version that was put up for approval last.
    pub(super) submitted: Option<VersionNumber>,
    /// Approvals count for one round.
    pub(super) round: i32,
    pub(super) last_number: i32,
    /// Counts the changes of this draft.
    pub(super) steps: i32,
    /// Since when nobody is shown it, since what it answers is deleted or to be destroyed.
    pub(super) withheld_at: Option<Timestamp>,
}

/// One act of a draft in its newest version: an announcement in one of its languages, or all that there is.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    pub number: PartNumber,
    pub version: VersionNumber,
    /// None if it was erased with what it became.
    pub proposal: Option<Proposal>,
    /// The announcement that it changes, or became.
    pub announcement: Option<AnnouncementId>,
}

/// Counts the parts of a draft from 1; what was removed keeps its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PartNumber(pub(super) i32);

/// Where a draft stands.
#[derive(Debug, Clone, PartialEq)]
pub enum State {
    Writing,
    InReview,
    SentBack {
        remark: String,
    },
    Approved,
    Scheduled(Due),
    /// It should have gone out and did not.
    Held(Hold),
    Published {
        at: Timestamp,
    },
    Discarded {
        at: Timestamp,
    },
}

/// When something goes out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    pub at: Timestamp,
    /// By whose clocks that was said.
    pub zone: Zone,
}

/// Why something did not go out at its time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "kebab-case")]
pub enum Hold {
    /// The server was down, and it came too late for the house rules.
    Late { due: Timestamp, minutes: u64 },
    /// An approver was removed, or holds the role no more; or the house rules ask for more.
    Approvals { have: u8, need: u8 },
    /// Nothing goes out in this period.
    Forbidden { reason: String, until: WallTime },
    /// Languages are missing that the house rules ask for now.
    Languages { missing: Vec<String> },
    /// It could not be done any more.
    Refused { reason: String },
}

/// A state's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Standing {
    Writing,
    InReview,
    SentBack,
    Approved,
    Scheduled,
    Held,
    Published,
    Discarded,
}

/// What may be done with a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Act {
    Save,
    Submit,
    TakeBack,
    Approve,
    SendBack,
    Schedule,
    Unschedule,
    Publish,
    PublishInEmergency,
    Discard,
}

/// How many approvals count, and how many are needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quorum {
    pub have: u8,
    pub need: u8,
}

impl PartNumber {
    pub const FIRST: Self = Self(1);

    pub const fn new(number: i32) -> Self {
        Self(number)
    }

    pub const fn get(self) -> i32 {
        self.0
    }
}

impl fmt::Display for PartNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Quorum {
    pub const fn is_met(self) -> bool {
        self.have >= self.need
    }

    const fn met(self) -> Result<(), Error> {
        if self.is_met() {
            Ok(())
        } else {
            Err(Error::Approvals {
                have: self.have,
                need: self.need,
            })
        }
    }
}

impl Standing {
    pub const ALL: [Self; 8] = [
        Self::Writing,
        Self::InReview,
        Self::SentBack,
        Self::Approved,
        Self::Scheduled,
        Self::Held,
        Self::Published,
        Self::Discarded,
    ];

    /// The name in commands and documents.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Writing => "writing",
            Self::InReview => "in-review",
            Self::SentBack => "sent-back",
            Self::Approved => "approved",
            Self::Scheduled => "scheduled",
            Self::Held => "held",
            Self::Published => "published",
            Self::Discarded => "discarded",
        }
    }

    pub(super) const fn code(self) -> i16 {
        match self {
            Self::Writing => 0,
            Self::InReview => 1,
            Self::SentBack => 2,
            Self::Approved => 3,
            Self::Scheduled => 4,
            Self::Held => 5,
            Self::Published => 6,
            Self::Discarded => 7,
        }
    }

    /// Whether nothing more can come of it.
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Published | Self::Discarded)
    }

    /// Whether something may be done with a draft that stands there, as far as the draft is concerned.
    pub const fn allows(self, act: Act) -> bool {
        match act {
            Act::Save | Act::PublishInEmergency | Act::Discard => !self.is_over(),
            // Again, where approvals have ceased to count.
            Act::Submit => matches!(
                self,
                Self::Writing | Self::SentBack | Self::Approved | Self::Held
            ),
            Act::TakeBack | Act::Approve => matches!(self, Self::InReview),
            Act::SendBack => matches!(
                self,
                Self::InReview | Self::Approved | Self::Scheduled | Self::Held
            ),
            // From writing only where nobody has to approve it.
            Act::Schedule | Act::Publish => matches!(
                self,
                Self::Writing | Self::Approved | Self::Scheduled | Self::Held
            ),
            Act::Unschedule => matches!(self, Self::Scheduled),
        }
    }
}

impl fmt::Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl std::str::FromStr for Standing {
    type Err = InvalidStanding;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|standing| standing.name() == text)
            .ok_or_else(|| InvalidStanding(text.chars().take(40).collect()))
    }
}

/// A word that names no state.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no state of a draft; there are writing, in-review, sent-back, approved, scheduled, held, published and discarded"
)]
pub struct InvalidStanding(pub String);

impl Act {
    /// What is done, as a sentence goes on.
    pub const fn done(self) -> &'static str {
        match self {
            Self::Save => "changed",
            Self::Submit => "put up for approval",
            Self::TakeBack => "taken back from approval",
            Self::Approve => "approved",
            Self::SendBack => "sent back",
            Self::Schedule => "scheduled",
            Self::Unschedule => "taken off the schedule",
            Self::Publish | Self::PublishInEmergency => "published",
            Self::Discard => "discarded",
        }
    }
}

impl State {
    pub const fn standing(&self) -> Standing {
        match self {
            Self::Writing => Standing::Writing,
            Self::InReview => Standing::InReview,
            Self::SentBack { .. } => Standing::SentBack,
            Self::Approved => Standing::Approved,
            Self::Scheduled(_) => Standing::Scheduled,
            Self::Held(_) => Standing::Held,
            Self::Published { .. } => Standing::Published,
            Self::Discarded { .. } => Standing::Discarded,
        }
    }
}

impl fmt::Display for Hold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Late { due, minutes } => {
                write!(
                    f,
                    "it was due at {due} and would have been {minutes} minutes late"
                )
            }
            Self::Approvals { have, need } => {
                write!(f, "{have} of {need} approvals count any more")
            }
            Self::Forbidden { reason, until } => {
                write!(f, "nothing goes out until {until}: {reason}")
            }
            Self::Languages { missing } => {
                write!(f, "it is not there in {}", missing.join(", "))
            }
            Self::Refused { reason } => f.write_str(reason),
        }
    }
}

impl Draft {
    pub(super) fn start(
        id: DraftId,
        agency: AgencyId,
        by: Option<PersonId>,
        now: Timestamp,
    ) -> Self {
        Self {
            id,
            agency,
            message: None,
            state: State::Writing,
            version: VersionNumber(0),
            approved: None,
            submitted_by: None,
            exemption: None,
            started_by: by,
            started_at: now,
            changed_at: now,
            parts: vec![],
            submitted: None,
            round: 0,
            last_number: 0,
            steps: 0,
            withheld_at: None,
        }
    }

    pub const fn standing(&self) -> Standing {
        self.state.standing()
    }

    pub fn part(&self, number: PartNumber) -> Option<&Part> {
        self.parts.iter().find(|part| part.number == number)
    }

    /// What its parts say, in order.
    pub fn proposals(&self) -> impl Iterator<Item = &Proposal> {
        self.parts.iter().filter_map(|part| part.proposal.as_ref())
    }

    /// Whether it was ever put up for approval.
    pub const fn was_put_up(&self) -> bool {
        self.submitted.is_some()
    }

    /// What kind of act it is: parts are of one kind.
    pub fn kind(&self) -> Option<Kind> {
        self.proposals().next().map(Proposal::kind)
    }

    pub(super) const fn expect(&self, act: Act) -> Result<(), Error> {
        let is = self.standing();
        if is.allows(act) {
            Ok(())
        } else {
            Err(Error::State { is, act })
        }
    }

    /// Refuses if somebody has written something that the caller has not seen.
    pub(super) fn expect_seen(&self, seen: VersionNumber) -> Result<(), Error> {
        if self.version == seen {
            Ok(())
        } else {
            Err(Error::Changed { now: self.version })
        }
    }

    /// The next number of a version.
    pub(super) const fn number(&mut self) -> VersionNumber {
        self.last_number += 1;
        VersionNumber(self.last_number)
    }

    /// Something in it was written: whatever was approved before, this was not.
    pub(super) fn changed(self, version: VersionNumber, now: Timestamp) -> Result<Self, Error> {
        self.expect(Act::Save)?;
        Ok(Self {
            state: State::Writing,
            version,
            changed_at: now,
            ..self
        })
    }

    /// `quorum` is what counts of a draft whose approvals have been there before; a new round begins with none.
    pub(super) fn submit(
        self,
        by: Option<PersonId>,
        quorum: Quorum,
        now: Timestamp,
    ) -> Result<Self, Error> {
        self.expect(Act::Submit)?;
        let again = matches!(self.state, State::Approved | State::Held(_));
        let quorum = Quorum {
            have: if again { quorum.have } else { 0 },
            ..quorum
        };
        if quorum.is_met() && matches!(self.state, State::Approved) {
            return Err(Error::NothingToApprove);
        }
        Ok(Self {
            state: if quorum.is_met() {
                State::Approved
            } else {
                State::InReview
            },
            round: if again { self.round } else { self.round + 1 },
            submitted: Some(self.version),
            submitted_by: by,
            changed_at: now,
            ..self
        })
    }

    pub(super) fn take_back(self, now: Timestamp) -> Result<Self, Error> {
        self.expect(Act::TakeBack)?;
        Ok(Self {
            state: State::Writing,
            changed_at: now,
            ..self
        })
    }

    /// With one approval more, which `quorum` counts already.
    pub(super) fn approve(self, quorum: Quorum, now: Timestamp) -> Result<Self, Error> {
        self.expect(Act::Approve)?;
        if !quorum.is_met() {
            return Ok(Self {
                changed_at: now,
                ..self
            });
        }
        Ok(Self {
            state: State::Approved,
            approved: Some(self.version),
            changed_at: now,
            ..self
        })
    }

    pub(super) fn send_back(self, remark: String, now: Timestamp) -> Result<Self, Error> {
        self.expect(Act::SendBack)?;
        Ok(Self {
            state: State::SentBack { remark },
            changed_at: now,
            ..self
        })
    }

    pub(super) fn schedule(self, due: Due, quorum: Quorum, now: Timestamp) -> Result<Self, Error> {
        self.expect(Act::Schedule)?;
        quorum.met()?;
        if due.at <= now {
            return Err(Error::Past);
        }
        Ok(Self {
            state: State::Scheduled(due),
            changed_at: now,
            ..self
        })
    }

    pub(super) fn unschedule(self, now: Timestamp) -> Result<Self, Error> {
        self.expect(Act::Unschedule)?;
        Ok(Self {
            state: State::Approved,
            changed_at: now,
            ..self
        })
    }

    pub(super) fn publish(self, quorum: Quorum, now: Timestamp) -> Result<Self, Error> {
        self.expect(Act::Publish)?;
        quorum.met()?;
        Ok(self.gone_out(now))
    }

    pub(super) fn publish_in_emergency(self, now: Timestamp) -> Result<Self, Error> {
        self.expect(Act::PublishInEmergency)?;
        Ok(self.gone_out(now))
    }

    fn gone_out(self, now: Timestamp) -> Self {
        Self {
            state: State::Published { at: now },
            changed_at: now,
            ..self
        }
    }

    /// It was to go out at its time, and did not.
    pub(super) fn hold(self, why: Hold, now: Timestamp) -> Result<Self, Error> {
        self.expect(Act::Unschedule)?;
        Ok(Self {
            state: State::Held(why),
            changed_at: now,
            ..self
        })
    }

    pub(super) fn discard(self, now: Timestamp) -> Result<Self, Error> {
        self.expect(Act::Discard)?;
        Ok(Self {
            state: State::Discarded { at: now },
            changed_at: now,
            ..self
        })
    }
}
