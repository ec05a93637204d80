//! A draft goes out: everything in it, in one transaction, with what is to be known of how that came.

use super::review::{self, Counted};
use super::{
    Act, Draft, Error, Kind, Profile, Proposal, VersionNumber, keep, noted_done, own, store,
};
use crate::agencies;
use crate::agencies::staff::{Mandate, Right};
use crate::kernel::{AgencyId, AnnouncementId, Clock, DraftId, EmergencyId, Site};
use crate::platform::db::{self, Conn};
use crate::platform::journal::{self, Fact};
use crate::publishing::answers::{self, Answer};
use crate::publishing::house::{self, HouseRules};
use crate::publishing::provenance::{self, Correction, Emergency};
use crate::publishing::{self, Announcement, Answering, Rules};

const LONGEST_REASON: usize = 2_000;

/// What is needed to publish.
#[derive(Clone, Copy)]
pub struct Press<'a> {
    pub site: &'a Site,
    /// What the operator allows.
    pub limits: Rules,
    /// Made before the transaction, where keys are to be replaced: that takes a while.
    pub keys: Option<&'a dyn NewKeys>,
}

impl std::fmt::Debug for Press<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Press").finish_non_exhaustive()
    }
}

/// Keys that are made and not yet an agency's.
pub trait NewKeys: Sync {
    /// Puts them in the place of those that it has.
    fn install(
        &self,
        conn: &mut Conn,
        clock: &dyn Clock,
        agency: AgencyId,
    ) -> Result<(), db::Error>;
}

/// What came of one part.
#[derive(Debug, Clone, PartialEq)]
pub struct Done {
    pub kind: Kind,
    /// The announcement that was made or changed, as it is now; of several posts the first.
    pub announcement: Option<Announcement>,
    /// The further posts that were published with it, in their order.
    pub further: Vec<Announcement>,
    /// The notice that says what was wrong with it.
    pub notice: Option<AnnouncementId>,
    /// What was answered in private, or taken back.
    pub answer: Option<Answer>,
}

impl Done {
    const fn of(kind: Kind) -> Self {
        Self {
            kind,
            announcement: None,
            further: vec![],
            notice: None,
            answer: None,
        }
    }

    /// The wording that went out, of several posts that of the first, if one did.
    const fn revision(&self) -> Option<(AnnouncementId, i32)> {
        match (self.kind, &self.announcement) {
            (
                Kind::Announcement | Kind::Answer | Kind::Edit | Kind::Correction,
                Some(announcement),
            ) => Some((announcement.id, announcement.revision.number)),
            _ => None,
        }
    }
}

/// On whose word something goes out.
#[derive(Debug, Clone, Copy)]
pub(super) enum Word<'a> {
    /// Of as many people as were asked; none if nobody was.
    Approved(Option<u32>),
    /// Of one alone, and why.
    Emergency(&'a str),
}

/// Publishes a draft now, as it stands in the version `seen`, if enough people have approved that.
pub fn publish_now(
    conn: &mut Conn,
    clock: &dyn Clock,
    press: &Press<'_>,
    mandate: &Mandate,
    id: DraftId,
    seen: VersionNumber,
) -> Result<Vec<Done>, Error> {
    mandate.require(Right::Schedule)?;
    let draft = own(conn, mandate, id)?;
    draft.expect(Act::Publish)?;
    draft.expect_seen(seen)?;
    expect_rights(mandate, draft.proposals())?;
    let house = house::rules(conn, draft.agency)?;
    let counted = expect_allowed(conn, clock, &house, &draft)?;
    let people = counted.people(conn, &draft)?;
    let draft = draft.publish(counted.quorum, clock.now())?;
    let word = Word::Approved(people);
    let done = send(conn, clock, press, draft, word)?;
    noted_done(conn, clock, mandate, word, &done)?;
    Ok(done)
}

/// Publishes a draft now although the house rules want more: alone, with a reason that everybody can read.
pub fn publish_in_emergency(
    conn: &mut Conn,
    clock: &dyn Clock,
    press: &Press<'_>,
    mandate: &Mandate,
    id: DraftId,
    seen: VersionNumber,
    reason: &str,
) -> Result<Vec<Done>, Error> {
    mandate.require(Right::PublishInEmergency)?;
    let draft = own(conn, mandate, id)?;
    draft.expect(Act::PublishInEmergency)?;
    draft.expect_seen(seen)?;
    expect_rights(mandate, draft.proposals())?;
    let word = Word::Emergency(emergency_reason(reason)?);
    let draft = draft.publish_in_emergency(clock.now())?;
    let done = send(conn, clock, press, draft, word)?;
    noted_done(conn, clock, mandate, word, &done)?;
    Ok(done)
}

pub(super) fn emergency_reason(reason: &str) -> Result<&str, Error> {
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > LONGEST_REASON {
        return Err(Error::EmergencyReason);
    }
    Ok(reason)
}

pub(super) fn expect_rights<'a>(
    mandate: &Mandate,
    mut proposals: impl Iterator<Item = &'a Proposal>,
) -> Result<(), Error> {
    proposals.try_for_each(|it| Ok(mandate.require(it.kind().right())?))
}

/// Refuses what the house rules do not let out now. Returns the approvals that count.
pub(super) fn expect_allowed(
    conn: &mut Conn,
    clock: &dyn Clock,
    house: &HouseRules,
    draft: &Draft,
) -> Result<Counted, Error> {
    let proposals: Vec<Proposal> = draft.proposals().cloned().collect();
    review::expect_languages(house, &proposals, draft.exemption.as_deref())?;
    expect_time(house, &proposals, clock.now())?;
    review::counted(conn, house, draft)
}

/// Refuses what may not go out at that time.
pub(super) fn expect_time(
    house: &HouseRules,
    proposals: &[Proposal],
    at: crate::kernel::Timestamp,
) -> Result<(), Error> {
    let allowed = proposals.iter().all(|it| it.kind().is_always_allowed());
    match house.forbidden_at(at) {
        Some(period) if !allowed => Err(Error::Forbidden {
            reason: period.reason.clone(),
            until: period.until,
        }),
        _ => Ok(()),
    }
}

/// Does all that a draft says, which has been published by its state already.
pub(super) fn send(
    conn: &mut Conn,
    clock: &dyn Clock,
    press: &Press<'_>,
    draft: Draft,
    word: Word<'_>,
) -> Result<Vec<Done>, Error> {
    // Before anything else: whoever comes second has published nothing.
    let mut draft = keep(conn, draft)?;
    let proposals: Vec<Proposal> = draft.proposals().cloned().collect();
    if proposals.len() != draft.parts.len() {
        return Err(Error::NoPart);
    }
    let done = act(conn, clock, press, draft.agency, proposals, word)?;
    for (part, done) in draft.parts.iter_mut().zip(&done) {
        part.announcement = done.announcement.as_ref().map(|it| it.id);
        store::update_part(conn, draft.id, part)?;
    }
    Ok(done)
}

/// Does what is proposed, in order.
pub(super) fn act(
    conn: &mut Conn,
    clock: &dyn Clock,
    press: &Press<'_>,
    agency: AgencyId,
    proposals: Vec<Proposal>,
    word: Word<'_>,
) -> Result<Vec<Done>, Error> {
    let in_private = proposals.iter().any(|it| it.message().is_some());
    if in_private && matches!(word, Word::Emergency(_)) {
        return Err(Error::EmergencyInPrivate);
    }
    let mut all = vec![];
    for proposal in proposals {
        let done = effect(conn, clock, press, agency, proposal)?;
        vouch(conn, clock, agency, &done, word)?;
        all.push(done);
    }
    let languages: Vec<AnnouncementId> = all
        .iter()
        .filter(|done| done.kind == Kind::Announcement)
        .filter_map(|done| done.announcement.as_ref().map(|it| it.id))
        .collect();
    if languages.len() > 1 {
        provenance::link_languages(conn, &languages)?;
    }
    Ok(all)
}

/// Keeps on whose word it went out.
fn vouch(
    conn: &mut Conn,
    clock: &dyn Clock,
    agency: AgencyId,
    done: &Done,
    word: Word<'_>,
) -> Result<(), Error> {
    match word {
        Word::Approved(None) => {}
        Word::Approved(Some(people)) => {
            if let Some((id, revision)) = done.revision() {
                provenance::note_approval(conn, id, revision, people)?;
            }
            for post in &done.further {
                provenance::note_approval(conn, post.id, post.revision.number, people)?;
            }
            if let Some(notice) = done.notice {
                provenance::note_approval(conn, notice, 1, people)?;
            }
            if let Some(answer) = done.answer.as_ref().filter(|it| it.withdrawn.is_none()) {
                answers::note_approval(conn, answer.id, people)?;
            }
        }
        Word::Emergency(reason) => {
            let revision = done.revision().map(|(_, revision)| revision);
            let about = done.announcement.as_ref().map(|it| it.id);
            declare(conn, clock, agency, (done.kind, about, revision), reason)?;
            for post in &done.further {
                let post = (done.kind, Some(post.id), Some(post.revision.number));
                declare(conn, clock, agency, post, reason)?;
            }
            if let Some(notice) = done.notice {
                let notice = (Kind::Correction, Some(notice), Some(1));
                declare(conn, clock, agency, notice, reason)?;
            }
        }
    }
    Ok(())
}

fn declare(
    conn: &mut Conn,
    clock: &dyn Clock,
    agency: AgencyId,
    (act, announcement, revision): (Kind, Option<AnnouncementId>, Option<i32>),
    reason: &str,
) -> Result<(), db::Error> {
    let emergency = Emergency {
        id: EmergencyId::mint(clock.now()),
        agency,
        act,
        announcement,
        revision,
        reason: reason.to_owned(),
        at: clock.now(),
    };
    provenance::declare(conn, &emergency)?;
    let fact = Fact::EmergencyDeclared {
        emergency: emergency.id,
        announcement,
    };
    journal::append(conn, clock, agency, &fact)
}

/// Does what is proposed and undoes it again: whatever would refuse it then refuses it now.
pub(super) fn rehearse(
    conn: &mut Conn,
    clock: &dyn Clock,
    press: &Press<'_>,
    agency: AgencyId,
    proposals: &[Proposal],
) -> Result<(), Error> {
    /// Why it was broken off.
    enum Ended {
        ToUndo,
        Refused(Error),
    }
    impl From<db::Error> for Ended {
        fn from(error: db::Error) -> Self {
            Self::Refused(error.into())
        }
    }
    let outcome = conn.savepoint(|conn| {
        for proposal in proposals {
            // New keys are always possible, and making them takes a while.
            if *proposal != Proposal::Keys {
                effect(conn, clock, press, agency, proposal.clone()).map_err(Ended::Refused)?;
            }
        }
        Err::<(), _>(Ended::ToUndo)
    });
    match outcome {
        Ok(()) | Err(Ended::ToUndo) => Ok(()),
        Err(Ended::Refused(error)) => Err(error),
    }
}

/// Does one act.
fn effect(
    conn: &mut Conn,
    clock: &dyn Clock,
    press: &Press<'_>,
    agency: AgencyId,
    proposal: Proposal,
) -> Result<Done, Error> {
    let kind = proposal.kind();
    let (site, limits) = (press.site, press.limits);
    let about = |announcement| Done {
        announcement: Some(announcement),
        ..Done::of(kind)
    };
    let private = |answer| Done {
        answer: Some(answer),
        ..Done::of(kind)
    };
    Ok(match proposal {
        Proposal::Announcement {
            content,
            answering,
            pin,
            rest,
        } => {
            let said = content.said(agency, answering, pin);
            let rest = rest.into_iter().map(|it| it.said(agency, None, false));
            let further = rest.collect();
            let series = publishing::announce_series(conn, clock, site, limits, said, further)?;
            Done {
                further: series.further,
                ..about(series.head)
            }
        }
        Proposal::Edit {
            announcement,
            revision,
            content,
        } => {
            expect_revision(conn, announcement, revision)?;
            let said = content.said(agency, None, false);
            about(publishing::edit(
                conn,
                clock,
                site,
                limits,
                announcement,
                said,
            )?)
        }
        Proposal::Correction {
            announcement,
            revision,
            content,
            notice,
        } => {
            expect_revision(conn, announcement, revision)?;
            let said = content.said(agency, None, false);
            let edited = publishing::edit(conn, clock, site, limits, announcement, said)?;
            let answering = Answering {
                uri: site.announcement(announcement),
                thread: Some(edited.thread),
            };
            let notice = notice.said(agency, Some(answering), false);
            let notice = publishing::announce(conn, clock, site, limits, notice)?.id;
            let correction = Correction {
                revision: edited.revision.number,
                notice,
            };
            provenance::note_correction(conn, announcement, correction)?;
            Done {
                notice: Some(notice),
                ..about(edited)
            }
        }
        Proposal::Withdrawal {
            announcement,
            reason,
        } => about(publishing::withdraw(conn, clock, announcement, &reason)?),
        Proposal::PrivateAnswer {
            message,
            to,
            content,
        } => {
            let whose = (message, &to);
            private(answers::send(
                conn, clock, site, limits, agency, whose, content,
            )?)
        }
        Proposal::AnswerWithdrawal { answer, reason, .. } => {
            private(answers::withdraw(conn, clock, agency, answer, &reason)?)
        }
        Proposal::Pin { announcement } => about(publishing::pin(conn, clock, announcement)?),
        Proposal::Unpin { announcement } => about(publishing::unpin(conn, clock, announcement)?),
        Proposal::Profile(profile) => {
            if *profile == Profile::default() {
                return Err(Error::NothingToChange);
            }
            let handle = agencies::find(conn, agency)?.ok_or(Error::NotFound)?.handle;
            agencies::edit(conn, clock, &handle, profile.change(site))?;
            Done::of(kind)
        }
        Proposal::Keys => {
            let keys = press.keys.ok_or(Error::KeysNeeded)?;
            keys.install(conn, clock, agency)?;
            Done::of(kind)
        }
    })
}

/// Refuses if somebody has edited the announcement since the author looked at it.
fn expect_revision(conn: &mut Conn, id: AnnouncementId, seen: i32) -> Result<(), Error> {
    let now = publishing::find(conn, id)?.ok_or(publishing::Error::NotFound)?;
    if now.withdrawn.is_none() && now.revision.number != seen {
        return Err(Error::EditedMeanwhile);
    }
    Ok(())
}
