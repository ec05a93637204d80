//! Writing: every text that somebody saves is kept, and none is lost to another.

use std::time::Duration;

use super::version::Written;
use super::{
    Act, Draft, Error, Kind, Part, PartNumber, Proposal, Standing, Version, VersionNumber, keep,
    noted, own, store,
};
use crate::agencies::staff::{Mandate, Right, trail};
use crate::kernel::{Clock, DraftId, PersonId, Timestamp};
use crate::platform::db::Conn;
use crate::publishing::{self, answers};

/// How long automatic saves of one author replace one another.
const ONE_SITTING: Duration = Duration::from_secs(5 * 60);
const LONGEST_EXEMPTION: usize = 500;
/// More languages than any announcement has.
const MOST_PARTS: usize = 24;

/// How a text comes to be saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Saving {
    ByHand,
    /// While somebody types.
    Automatic,
}

/// What became of a text.
#[derive(Debug, Clone, PartialEq)]
#[must_use = "a text may have been kept aside"]
pub enum Saved {
    /// It is the newest version. `left` is where the draft stood before, if not in writing: it has to be approved anew,
    /// and goes out at no time that was set.
    Merged {
        version: VersionNumber,
        left: Option<Standing>,
    },
    /// It says what the newest version says.
    Unchanged { version: VersionNumber },
    /// It counts for nothing, but is there, for its author to see, under the number `yours`.
    Aside { yours: VersionNumber, why: Kept },
}

/// Why a text was only kept.
#[derive(Debug, Clone, PartialEq)]
pub enum Kept {
    /// Somebody else was quicker, and this is what they wrote.
    Conflict { theirs: Box<Version> },
    /// The part was removed.
    Removed,
    /// The draft has gone out, or was discarded.
    Over(Standing),
}

/// Begins a draft with one part, or with an announcement in several languages.
pub fn start(
    conn: &mut Conn,
    clock: &dyn Clock,
    mandate: &Mandate,
    proposals: Vec<Proposal>,
) -> Result<Draft, Error> {
    mandate.require(Right::Draft)?;
    let several = proposals.len() > 1;
    let of_languages = |it: &Proposal| it.kind() == Kind::Announcement;
    if proposals.is_empty()
        || proposals.len() > MOST_PARTS
        || several && !proposals.iter().all(of_languages)
    {
        return Err(Error::Parts);
    }
    let (now, by) = (clock.now(), mandate.person());
    let mut draft = Draft::start(DraftId::mint(now), mandate.agency(), by, now);
    draft.message = proposals.first().and_then(Proposal::message);
    store::insert(conn, &draft)?;
    for proposal in proposals {
        mandate.require(proposal.kind().right())?;
        expect_ours(conn, mandate, &proposal)?;
        draft = append(conn, draft, proposal, by, now)?;
    }
    keep(conn, draft)
}

/// Adds a language to an announcement.
pub fn add_part(
    conn: &mut Conn,
    clock: &dyn Clock,
    mandate: &Mandate,
    id: DraftId,
    proposal: Proposal,
) -> Result<Draft, Error> {
    mandate.require(Right::Draft)?;
    let draft = own(conn, mandate, id)?;
    let of_languages = [Some(Kind::Announcement), draft.kind()]
        .iter()
        .all(|kind| *kind == Some(proposal.kind()));
    if !of_languages || draft.parts.len() >= MOST_PARTS {
        return Err(Error::Parts);
    }
    let draft = append(conn, draft, proposal, mandate.person(), clock.now())?;
    keep(conn, draft)
}

/// Takes a language away; what was written of it stays among the versions.
pub fn remove_part(
    conn: &mut Conn,
    clock: &dyn Clock,
    mandate: &Mandate,
    id: DraftId,
    number: PartNumber,
    seen: VersionNumber,
) -> Result<Draft, Error> {
    mandate.require(Right::Draft)?;
    let mut draft = own(conn, mandate, id)?;
    draft.expect(Act::Save)?;
    draft.expect_seen(seen)?;
    if draft.part(number).is_none() {
        return Err(Error::NoPart);
    }
    if draft.parts.len() == 1 {
        return Err(Error::Parts);
    }
    let now = clock.now();
    store::remove_part(conn, draft.id, number, now)?;
    draft.parts.retain(|part| part.number != number);
    let draft = sign(conn, draft, mandate.person(), now)?;
    keep(conn, draft)
}

/// Says why an announcement is not in all languages that the house rules ask for, or that it will be. It is part of what
/// is approved.
pub fn exempt(
    conn: &mut Conn,
    clock: &dyn Clock,
    mandate: &Mandate,
    id: DraftId,
    seen: VersionNumber,
    reason: Option<&str>,
) -> Result<Draft, Error> {
    mandate.require(Right::Draft)?;
    let draft = own(conn, mandate, id)?;
    draft.expect(Act::Save)?;
    draft.expect_seen(seen)?;
    let exemption = exemption(reason)?;
    if draft.exemption == exemption {
        return Ok(draft);
    }
    let draft = Draft { exemption, ..draft };
    let draft = sign(conn, draft, mandate.person(), clock.now())?;
    keep(conn, draft)
}

pub(super) fn exemption(reason: Option<&str>) -> Result<Option<String>, Error> {
    let reason = reason.map(str::trim).filter(|reason| !reason.is_empty());
    if reason.is_some_and(|reason| reason.chars().count() > LONGEST_EXEMPTION) {
        return Err(Error::TooLarge);
    }
    Ok(reason.map(str::to_owned))
}

/// Saves a text of a part. `seen` is the version that its author had before them; if another has come meanwhile the text
/// is kept aside, and so it is if the draft is over.
#[expect(
    clippy::too_many_arguments,
    reason = "what is saved, where, by whom, and upon what"
)]
pub fn save(
    conn: &mut Conn,
    clock: &dyn Clock,
    mandate: &Mandate,
    id: DraftId,
    number: PartNumber,
    seen: VersionNumber,
    proposal: &Proposal,
    saving: Saving,
) -> Result<Saved, Error> {
    mandate.require(Right::Draft)?;
    mandate.require(proposal.kind().right())?;
    let draft = own(conn, mandate, id)?;
    expect_fit(proposal)?;
    let (now, by) = (clock.now(), mandate.person());
    let written = Written::of(proposal)?;
    let aside = |conn: &mut Conn, draft: Draft, why: Kept| {
        let yours = set_aside(conn, draft, number, seen, (by, now), &written)?;
        Ok(Saved::Aside { yours, why })
    };
    let is_over = draft.standing().is_over();
    let Some(part) = draft.part(number).cloned() else {
        if number.get() < 1 || number.get() > store::parts_ever(conn, draft.id)? {
            return Err(Error::NoPart);
        }
        return aside(conn, draft, Kept::Removed);
    };
    let about_the_same = |it: &Proposal| it.is_about_the_same_as(proposal);
    if !part.proposal.as_ref().is_none_or(about_the_same) {
        return Err(Error::AnotherMatter);
    }
    if is_over {
        let standing = draft.standing();
        return aside(conn, draft, Kept::Over(standing));
    }
    let newest = store::version(conn, draft.id, part.version)?.ok_or(Error::NoPart)?;
    if newest.hash == written.hash {
        return Ok(Saved::Unchanged {
            version: part.version,
        });
    }
    if part.version != seen {
        // Somebody may have changed something about the draft, and not this text.
        let base = store::version(conn, draft.id, seen)?;
        if base.is_none_or(|base| base.part != number || base.hash != newest.hash) {
            let theirs = Box::new(newest);
            return aside(conn, draft, Kept::Conflict { theirs });
        }
    }
    let begun = begun(&draft, &newest, by, now).filter(|_| saving == Saving::Automatic);
    if begun.is_some() {
        store::delete_version(conn, draft.id, newest.number)?;
    }
    let since = match saving {
        Saving::ByHand => None,
        Saving::Automatic => Some(begun.unwrap_or(now)),
    };
    let left = draft.standing();
    let mut draft = draft;
    let version = draft.number();
    let row = Version {
        number: version,
        part: number,
        proposal: None,
        hash: written.hash.clone(),
        by,
        at: now,
        automatic_since: since,
        unmerged_from: None,
    };
    store::insert_version(conn, draft.id, &row, &written)?;
    let part = Part { version, ..part };
    store::update_part(conn, draft.id, &part)?;
    keep(conn, draft.changed(version, now)?)?;
    let left = (left != Standing::Writing).then_some(left);
    Ok(Saved::Merged { version, left })
}

/// Drops one's own text that was kept aside.
pub fn drop_unmerged(
    conn: &mut Conn,
    mandate: &Mandate,
    id: DraftId,
    number: VersionNumber,
) -> Result<(), Error> {
    mandate.require(Right::Draft)?;
    let draft = own(conn, mandate, id)?;
    let version = store::version(conn, draft.id, number)?;
    let own = version.filter(|it| it.unmerged_from.is_some() && it.by == mandate.person());
    if own.is_none() {
        return Err(Error::NotFound);
    }
    Ok(store::delete_version(conn, draft.id, number)?)
}

/// Gives a draft up. What was written stays among the discarded.
pub fn discard(
    conn: &mut Conn,
    clock: &dyn Clock,
    mandate: &Mandate,
    id: DraftId,
) -> Result<Draft, Error> {
    mandate.require(Right::Draft)?;
    let draft = own(conn, mandate, id)?.discard(clock.now())?;
    let draft = keep(conn, draft)?;
    noted(conn, clock, mandate, trail::Act::DraftDiscarded, &draft)?;
    Ok(draft)
}

/// What answers in private holds nothing that others could come upon.
fn expect_fit(proposal: &Proposal) -> Result<(), Error> {
    match proposal {
        Proposal::PrivateAnswer { content, .. } => Ok(answers::expect_fit(content)?),
        _ => Ok(()),
    }
}

/// What a proposal is about has to be the agency's own, and for its author to see.
pub(super) fn expect_ours(
    conn: &mut Conn,
    mandate: &Mandate,
    proposal: &Proposal,
) -> Result<(), Error> {
    expect_fit(proposal)?;
    if proposal.message().is_some() {
        mandate.require(Right::ReadPrivate)?;
    }
    if let Proposal::AnswerWithdrawal {
        message, answer, ..
    } = proposal
    {
        let found = answers::find(conn, *answer)?;
        let ours = found.is_some_and(|it| it.agency == mandate.agency() && it.message == *message);
        if !ours {
            return Err(publishing::Error::NotFound.into());
        }
    }
    let Some(announcement) = proposal.announcement() else {
        return Ok(());
    };
    match publishing::place_of(conn, announcement)? {
        Some((agency, _)) if agency == mandate.agency() => Ok(()),
        _ => Err(publishing::Error::NotFound.into()),
    }
}

fn append(
    conn: &mut Conn,
    mut draft: Draft,
    proposal: Proposal,
    by: Option<PersonId>,
    now: Timestamp,
) -> Result<Draft, Error> {
    let written = Written::of(&proposal)?;
    let version = draft.number();
    let part = Part {
        number: PartNumber(store::parts_ever(conn, draft.id)? + 1),
        version,
        announcement: proposal.announcement(),
        proposal: None,
    };
    let row = Version {
        number: version,
        part: part.number,
        proposal: None,
        hash: written.hash.clone(),
        by,
        at: now,
        automatic_since: None,
        unmerged_from: None,
    };
    store::insert_version(conn, draft.id, &row, &written)?;
    store::insert_part(conn, draft.id, &part, &proposal)?;
    draft.parts.push(Part {
        proposal: Some(proposal),
        ..part
    });
    draft.changed(version, now)
}

/// Puts somebody's name under what a draft says now, although its texts stay: they have changed something else about it.
fn sign(
    conn: &mut Conn,
    mut draft: Draft,
    by: Option<PersonId>,
    now: Timestamp,
) -> Result<Draft, Error> {
    let number = draft.number();
    let (id, Some(part)) = (draft.id, draft.parts.first_mut()) else {
        return Err(Error::Parts);
    };
    let proposal = part.proposal.as_ref().ok_or(Error::NoPart)?;
    let written = Written::of(proposal)?;
    let row = Version {
        number,
        part: part.number,
        proposal: None,
        hash: written.hash.clone(),
        by,
        at: now,
        automatic_since: None,
        unmerged_from: None,
    };
    part.version = number;
    store::insert_version(conn, id, &row, &written)?;
    store::update_part(conn, id, part)?;
    draft.changed(number, now)
}

/// Keeps a text that does not become the newest.
fn set_aside(
    conn: &mut Conn,
    mut draft: Draft,
    part: PartNumber,
    seen: VersionNumber,
    (by, now): (Option<PersonId>, Timestamp),
    written: &Written,
) -> Result<VersionNumber, Error> {
    store::drop_unmerged(conn, draft.id, part, by, seen)?;
    let number = draft.number();
    let row = Version {
        number,
        part,
        proposal: None,
        hash: written.hash.clone(),
        by,
        at: now,
        automatic_since: None,
        unmerged_from: Some(seen),
    };
    store::insert_version(conn, draft.id, &row, written)?;
    keep(conn, draft)?;
    Ok(number)
}

/// Since when the newest version was saved automatically, if the next automatic save may take its place: the same author
/// in one sitting, and nobody was shown it for approval.
fn begun(
    draft: &Draft,
    newest: &Version,
    by: Option<PersonId>,
    now: Timestamp,
) -> Option<Timestamp> {
    let since = newest.automatic_since?;
    let same_author = by.is_some() && newest.by == by;
    let unseen = draft.standing() == Standing::Writing
        && draft.submitted.is_none_or(|shown| newest.number > shown);
    (same_author && unseen && now >= since && now.since(since) < ONE_SITTING).then_some(since)
}
