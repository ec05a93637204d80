//! What is to be said or changed, from the first word until it goes out.
//!
//! A [`Draft`] has one or more parts (an announcement in its languages) which are approved together and go out together,
//! in one transaction. Every text that somebody saves is a version with a number of its own; an approval is of exactly
//! one. The use cases ask the [`Mandate`] for the right and the house rules for the
//! rest, so that no surface can forget to. Call those that change something within [`Db::write`](crate::platform::db::Db::write).

mod agenda;
mod alone;
mod difference;
mod draft;
mod erasure;
mod posts;
mod proposal;
mod review;
mod sending;
mod store;
mod timetable;
mod twice;
mod version;
mod writing;

pub use self::agenda::{Waiting, calendar, waiting};
pub use self::alone::{Alone, act_alone};
pub use self::difference::{Basis, Difference, Piece, difference, words};
pub use self::draft::{
    Act, Draft, Due, Hold, InvalidStanding, Part, PartNumber, Quorum, Standing, State,
};
pub(super) use self::erasure::{
    drop_answers, drop_private, erase, redirect, shows, withhold_private,
};
pub use self::posts::PostDifference;
pub use self::proposal::{Content, InvalidKind, Kind, Profile, Proposal};
pub use self::review::{
    approve, check, may_approve, quorum, send_back, submit, withdraw_from_review,
};
pub use self::sending::{Done, NewKeys, Press, publish_in_emergency, publish_now};
pub use self::store::Approval;
pub use self::timetable::{DueDraft, Sent, due, held, next_due, schedule, send_due, unschedule};
pub use self::twice::just_started;
pub use self::version::{Version, VersionNumber};
pub use self::writing::{
    Kept, Saved, Saving, add_part, discard, drop_unmerged, exempt, remove_part, save, start,
};

use std::collections::HashMap;

use self::sending::Word;
use self::store::Shelf;
use crate::agencies;
use crate::agencies::staff::{Mandate, Refused, Right, trail};
use crate::kernel::{AgencyId, Clock, Cursor, DraftId, Unclear, WallTime};
use crate::platform::db::{self, Conn};
use crate::publishing;

/// Why something could not be done with a draft.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("there is no such draft at this agency")]
    NotFound,
    #[error("the draft has no such part")]
    NoPart,
    #[error(transparent)]
    Refused(#[from] Refused),
    #[error("a draft that is {is} cannot be {}", .act.done())]
    State { is: Standing, act: Act },
    #[error("somebody has changed the draft since you looked at it: look again")]
    Changed { now: VersionNumber },
    #[error("somebody else was quicker: look at the draft again")]
    Overtaken,
    #[error("a later version is about the same matter as the one before it: begin another draft")]
    AnotherMatter,
    #[error(
        "a draft needs at least one part; only an announcement has several, one for each language"
    )]
    Parts,
    #[error("two parts are in the same language, {0}")]
    SameLanguage(String),
    #[error("this is more than a draft can hold")]
    TooLarge,
    #[error("nothing to change was named")]
    NothingToChange,

    #[error(
        "the operator is nobody's second pair of eyes: somebody of the staff who may approve has to do it, in the console"
    )]
    OperatorApproves,
    #[error("nobody approves what they have written themselves")]
    OwnText,
    #[error("the house rules want somebody with another role to approve what its authors wrote")]
    AnotherApprover,
    #[error("you have approved it already")]
    ApprovedAlready,
    #[error("it has all the approvals that it needs")]
    NothingToApprove,
    #[error(
        "say what is to be changed: what is sent back needs a remark of at most 2,000 characters"
    )]
    Remark,

    #[error("it needs {need} approvals, and {have} count")]
    Approvals { have: u8, need: u8 },
    #[error("the house rules want somebody else to approve this {kind} first ({need} needed)")]
    NeedsApproval { kind: Kind, need: u8 },
    #[error("the house rules ask for {} as well, or for a reason why not", .0.join(", "))]
    Languages(Vec<String>),
    #[error("the house rules let nothing go out until {until}: {reason}")]
    Forbidden { reason: String, until: WallTime },
    #[error("an emergency needs a reason of at most 2,000 characters, which everybody can read")]
    EmergencyReason,

    #[error(transparent)]
    Unclear(#[from] Unclear),
    #[error("that time is past")]
    Past,
    #[error(
        "an answer to a private message waits for those who may read it: an emergency is told in public"
    )]
    EmergencyInPrivate,
    #[error("new keys have to be made before this can be done")]
    KeysNeeded,
    #[error("somebody else has edited the announcement meanwhile: look at it, and try again")]
    EditedMeanwhile,

    #[error(transparent)]
    Publishing(#[from] publishing::Error),
    #[error(transparent)]
    Agency(#[from] agencies::Error),
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl Error {
    /// Whether it is the house rules that stand in the way, which an emergency goes past.
    pub const fn is_of_the_house(&self) -> bool {
        matches!(
            self,
            Self::Approvals { .. }
                | Self::NeedsApproval { .. }
                | Self::Languages(_)
                | Self::Forbidden { .. }
        )
    }
}

/// A draft of the mandate's agency; those of others are not there.
pub fn find(conn: &mut Conn, mandate: &Mandate, id: DraftId) -> Result<Draft, Error> {
    mandate.require(Right::Draft)?;
    covered(mandate, store::find(conn, id)?)
}

/// What is about a private message is there only for who may read that.
fn covered(mandate: &Mandate, draft: Option<Draft>) -> Result<Draft, Error> {
    draft
        .filter(|draft| draft.agency == mandate.agency() && draft.withheld_at.is_none())
        .filter(|draft| draft.message.is_none() || mandate.allows(Right::ReadPrivate))
        .ok_or(Error::NotFound)
}

/// The drafts that the mandate covers.
fn shelf(mandate: &Mandate) -> Shelf {
    Shelf {
        agency: mandate.agency(),
        private: mandate.allows(Right::ReadPrivate),
    }
}

/// The agency's drafts in these states, the last changed first, at most `limit`.
pub fn list(
    conn: &mut Conn,
    mandate: &Mandate,
    standings: &[Standing],
    limit: i64,
) -> Result<Vec<Draft>, Error> {
    behind(conn, mandate, standings, Cursor::NEWEST, limit)
}

/// The same, those that stand behind `after` in that order.
pub fn behind(
    conn: &mut Conn,
    mandate: &Mandate,
    standings: &[Standing],
    after: Cursor,
    limit: i64,
) -> Result<Vec<Draft>, Error> {
    mandate.require(Right::Draft)?;
    Ok(store::list(conn, shelf(mandate), standings, after, limit)?)
}

/// How many of the agency's drafts stand where.
pub fn counts(conn: &mut Conn, mandate: &Mandate) -> Result<HashMap<Standing, i64>, Error> {
    mandate.require(Right::Draft)?;
    Ok(store::counts(conn, shelf(mandate))?)
}

/// Where a draft of the agency stands: that is all that is told of it.
pub fn standing(conn: &mut Conn, agency: AgencyId, id: DraftId) -> Result<Option<Standing>, Error> {
    let draft = store::find(conn, id)?.filter(|draft| draft.agency == agency);
    Ok(draft.map(|draft| draft.standing()))
}

/// Everything that was written in a draft, the oldest first; of texts that count for nothing only one's own.
pub fn versions(conn: &mut Conn, mandate: &Mandate, id: DraftId) -> Result<Vec<Version>, Error> {
    let draft = find(conn, mandate, id)?;
    let mut versions = store::versions(conn, draft.id)?;
    versions.retain(|it| it.unmerged_from.is_none() || it.by == mandate.person());
    Ok(versions)
}

/// Who has approved what a draft says now, the first first.
pub fn approvals(conn: &mut Conn, mandate: &Mandate, id: DraftId) -> Result<Vec<Approval>, Error> {
    let draft = find(conn, mandate, id)?;
    Ok(store::approvals(conn, &draft)?)
}

/// The draft of that number, to be changed.
fn own(conn: &mut Conn, mandate: &Mandate, id: DraftId) -> Result<Draft, Error> {
    covered(mandate, store::find_for_change(conn, id)?)
}

/// Saves where a draft stands now.
fn keep(conn: &mut Conn, draft: Draft) -> Result<Draft, Error> {
    if store::update(conn, &draft)? {
        Ok(Draft {
            steps: draft.steps + 1,
            ..draft
        })
    } else {
        Err(Error::Overtaken)
    }
}

/// Notes in the trail of the staff what was done with a draft.
fn noted(
    conn: &mut Conn,
    clock: &dyn Clock,
    mandate: &Mandate,
    act: trail::Act,
    draft: &Draft,
) -> Result<(), Error> {
    trail::note(conn, clock, mandate, act, trail::Subject::Draft(draft.id))?;
    Ok(())
}

/// Notes in the trail of the staff what has gone out on somebody's word.
fn noted_done(
    conn: &mut Conn,
    clock: &dyn Clock,
    mandate: &Mandate,
    word: Word<'_>,
    all: &[Done],
) -> Result<(), Error> {
    for done in all {
        if let Some(answer) = &done.answer {
            let act = match answer.withdrawn {
                None => trail::Act::MessageAnswered,
                Some(_) => trail::Act::AnswerWithdrawn,
            };
            let subject = trail::Subject::Message(answer.message);
            trail::note(conn, clock, mandate, act, subject)?;
            continue;
        }
        let act = match (word, done.kind) {
            (Word::Emergency(_), _) => trail::Act::PublishedInEmergency,
            (_, Kind::Announcement | Kind::Answer) => trail::Act::Published,
            (_, Kind::Edit) => trail::Act::Edited,
            (_, Kind::Correction) => trail::Act::Corrected,
            (_, Kind::Withdrawal) => trail::Act::Withdrawn,
            (_, Kind::Pin) => trail::Act::Pinned,
            (_, Kind::Unpin) => trail::Act::Unpinned,
            (_, Kind::Profile) => trail::Act::ProfileChanged,
            (_, Kind::Keys) => trail::Act::KeysRotated,
        };
        let subject = done
            .announcement
            .as_ref()
            .map_or(trail::Subject::Agency, |it| {
                trail::Subject::Announcement(it.id)
            });
        let further = done.further.iter().map(|it| it.id);
        let further = further.map(trail::Subject::Announcement);
        for subject in std::iter::once(subject).chain(further) {
            trail::note(conn, clock, mandate, act.clone(), subject)?;
        }
    }
    Ok(())
}
