//! Four eyes: what was written is put before others, who approve exactly that, or send it back.

use super::sending::{self, Press};
use super::{Act, Draft, Error, Kind, Proposal, Quorum, VersionNumber, keep, noted, own, store};
use crate::agencies::staff::{self, By, Mandate, Refused, Right, Role, trail};
use crate::kernel::{AgencyId, Clock, DraftId, PersonId};
use crate::platform::db::{self, Conn};
use crate::publishing::house::{self, HouseRules, Matter};
use crate::publishing::{self, markdown};

const LONGEST_REMARK: usize = 2_000;

/// Puts a draft up for approval. Where nobody has to approve it, it counts as approved.
pub fn submit(
    conn: &mut Conn,
    clock: &dyn Clock,
    press: &Press<'_>,
    mandate: &Mandate,
    id: DraftId,
    seen: VersionNumber,
) -> Result<Draft, Error> {
    mandate.require(Right::Draft)?;
    let draft = own(conn, mandate, id)?;
    draft.expect(Act::Submit)?;
    draft.expect_seen(seen)?;
    let house = house::rules(conn, draft.agency)?;
    check(conn, clock, press, &house, &draft)?;
    let quorum = counted(conn, &house, &draft)?.quorum;
    let draft = draft.submit(mandate.person(), quorum, clock.now())?;
    let draft = keep(conn, draft)?;
    noted(conn, clock, mandate, trail::Act::DraftSubmitted, &draft)?;
    Ok(draft)
}

/// Takes a draft back to work on it; approvals that it had are gone.
pub fn withdraw_from_review(
    conn: &mut Conn,
    clock: &dyn Clock,
    mandate: &Mandate,
    id: DraftId,
) -> Result<Draft, Error> {
    mandate.require(Right::Draft)?;
    let draft = own(conn, mandate, id)?.take_back(clock.now())?;
    let draft = keep(conn, draft)?;
    noted(conn, clock, mandate, trail::Act::DraftWithdrawn, &draft)?;
    Ok(draft)
}

/// Approves a draft as it stands in the version `seen`, and in no other.
pub fn approve(
    conn: &mut Conn,
    clock: &dyn Clock,
    mandate: &Mandate,
    id: DraftId,
    seen: VersionNumber,
) -> Result<Draft, Error> {
    let house = house::rules(conn, mandate.agency())?;
    let person = reviewer(mandate, &house)?;
    let draft = own(conn, mandate, id)?;
    draft.expect(Act::Approve)?;
    draft.expect_seen(seen)?;
    expect_other_eyes(conn, mandate, &house, &draft)?;
    store::approve(conn, &draft, person, clock.now())?;
    let quorum = counted(conn, &house, &draft)?.quorum;
    let draft = draft.approve(quorum, clock.now())?;
    let draft = keep(conn, draft)?;
    noted(conn, clock, mandate, trail::Act::DraftApproved, &draft)?;
    Ok(draft)
}

/// Sends a draft back to those who wrote it, with a remark; approvals that it had are gone.
pub fn send_back(
    conn: &mut Conn,
    clock: &dyn Clock,
    mandate: &Mandate,
    id: DraftId,
    remark: &str,
) -> Result<Draft, Error> {
    let house = house::rules(conn, mandate.agency())?;
    if mandate.by() != &By::Operator {
        reviewer(mandate, &house)?;
    }
    let draft = own(conn, mandate, id)?;
    let remark = remark.trim();
    if remark.is_empty() || remark.chars().count() > LONGEST_REMARK {
        return Err(Error::Remark);
    }
    let draft = draft.send_back(remark.to_owned(), clock.now())?;
    let draft = keep(conn, draft)?;
    noted(conn, clock, mandate, trail::Act::DraftSentBack, &draft)?;
    Ok(draft)
}

/// Whether the mandate's person may approve a draft as it stands; the error says why not.
pub fn may_approve(conn: &mut Conn, mandate: &Mandate, draft: &Draft) -> Result<(), Error> {
    let house = house::rules(conn, mandate.agency())?;
    reviewer(mandate, &house)?;
    if draft.agency != mandate.agency() {
        return Err(Error::NotFound);
    }
    draft.expect(Act::Approve)?;
    expect_other_eyes(conn, mandate, &house, draft)
}

/// How many approvals of what a draft says now count at this moment, and how many it needs.
pub fn quorum(conn: &mut Conn, draft: &Draft) -> Result<Quorum, Error> {
    let house = house::rules(conn, draft.agency)?;
    Ok(counted(conn, &house, draft)?.quorum)
}

/// Whether a draft could go out as it is, approvals and time apart: the house rules' languages, and everything that
/// would refuse it then.
pub fn check(
    conn: &mut Conn,
    clock: &dyn Clock,
    press: &Press<'_>,
    house: &HouseRules,
    draft: &Draft,
) -> Result<(), Error> {
    let proposals: Vec<Proposal> = draft.proposals().cloned().collect();
    expect_languages(house, &proposals, draft.exemption.as_deref())?;
    sending::rehearse(conn, clock, press, draft.agency, &proposals)
}

/// Refuses if a language is there twice, or one that the house rules ask for is not.
pub(super) fn expect_languages(
    house: &HouseRules,
    proposals: &[Proposal],
    exemption: Option<&str>,
) -> Result<(), Error> {
    let announced: Vec<&str> = proposals
        .iter()
        .filter(|it| it.kind() == Kind::Announcement)
        .filter_map(|it| it.contents().into_iter().next())
        .map(|content| content.language.as_str())
        .collect();
    for (n, language) in announced.iter().enumerate() {
        let again = |it: &&str| it.eq_ignore_ascii_case(language);
        if announced.iter().skip(n + 1).any(again) {
            return Err(Error::SameLanguage((*language).to_owned()));
        }
    }
    let missing = house.missing_languages(&announced);
    if announced.is_empty() || missing.is_empty() || exemption.is_some() {
        return Ok(());
    }
    let missing = missing.into_iter().map(str::to_owned).collect();
    Err(Error::Languages(missing))
}

/// The approvals that count.
#[derive(Debug)]
pub(super) struct Counted {
    pub(super) quorum: Quorum,
    approvers: Vec<PersonId>,
}

impl Counted {
    /// How many people stand for a draft: its approvers, and one of those who wrote it. None if nobody was asked.
    pub(super) fn people(&self, conn: &mut Conn, draft: &Draft) -> Result<Option<u32>, db::Error> {
        if self.approvers.is_empty() {
            return Ok(None);
        }
        let writers = store::writers(conn, draft.id, None)?;
        let wrote = writers.iter().any(|it| !self.approvers.contains(it));
        let people = self.approvers.len() + usize::from(wrote);
        Ok(Some(u32::try_from(people).unwrap_or(u32::MAX)))
    }
}

/// Counts the approvals of those who may approve now, by the rules and the roles of now.
pub(super) fn counted(
    conn: &mut Conn,
    house: &HouseRules,
    draft: &Draft,
) -> Result<Counted, Error> {
    let need = needed(conn, house, draft.proposals())?.map_or(0, |(_, need)| need);
    let mut approvers = vec![];
    for approval in store::approvals(conn, draft)? {
        let writers = store::writers(conn, draft.id, approval.since)?;
        let roles = roles_of(conn, draft.agency, approval.by)?;
        let of_writers = all_roles(conn, draft.agency, &writers)?;
        let may_see = draft.message.is_none()
            || Right::ReadPrivate
                .roles()
                .iter()
                .any(|role| roles.contains(role));
        if may_see && !writers.contains(&approval.by) && house.may_approve(&roles, &of_writers) {
            approvers.push(approval.by);
        }
    }
    let have = u8::try_from(approvers.len()).unwrap_or(u8::MAX);
    Ok(Counted {
        quorum: Quorum { have, need },
        approvers,
    })
}

/// Which of these acts needs approval, and by how many.
pub(super) fn needed<'a>(
    conn: &mut Conn,
    house: &HouseRules,
    proposals: impl Iterator<Item = &'a Proposal>,
) -> Result<Option<(Kind, u8)>, db::Error> {
    for proposal in proposals {
        let kind = proposal.kind();
        let matter = Matter {
            kind,
            hashtags: hashtags(conn, proposal)?,
        };
        let need = house.approvals(&matter);
        if need > 0 {
            return Ok(Some((kind, need)));
        }
    }
    Ok(None)
}

/// The hashtags of a text, and those of the announcement that it changes: to leave one out is no way around a rule.
fn hashtags(conn: &mut Conn, proposal: &Proposal) -> Result<Vec<String>, db::Error> {
    let mut tags: Vec<String> = proposal
        .contents()
        .into_iter()
        .flat_map(|content| markdown::scan(&content.markdown).hashtags)
        .map(|hashtag| hashtag.tag)
        .collect();
    if let Some(id) = proposal.announcement()
        && let Some(announcement) = publishing::find(conn, id)?
    {
        let before = announcement.revision.hashtags;
        tags.extend(before.into_iter().map(|hashtag| hashtag.tag));
    }
    Ok(tags)
}

/// Who would approve, if the house rules let somebody with their roles.
fn reviewer(mandate: &Mandate, house: &HouseRules) -> Result<PersonId, Error> {
    let By::Person { id, roles, .. } = mandate.by() else {
        return Err(Error::OperatorApproves);
    };
    if house.may_approve(roles, &[]) {
        Ok(*id)
    } else {
        Err(Refused(Right::Approve).into())
    }
}

/// Refuses those who wrote a part of it since it was approved last, those whose role is not the one for these authors,
/// and those who have approved it.
fn expect_other_eyes(
    conn: &mut Conn,
    mandate: &Mandate,
    house: &HouseRules,
    draft: &Draft,
) -> Result<(), Error> {
    let By::Person { id, roles, .. } = mandate.by() else {
        return Err(Error::OperatorApproves);
    };
    let writers = store::writers(conn, draft.id, draft.approved)?;
    if writers.contains(id) {
        return Err(Error::OwnText);
    }
    if !house.may_approve(roles, &all_roles(conn, draft.agency, &writers)?) {
        return Err(Error::AnotherApprover);
    }
    if store::approvals(conn, draft)?.iter().any(|it| it.by == *id) {
        return Err(Error::ApprovedAlready);
    }
    Ok(())
}

fn roles_of(conn: &mut Conn, agency: AgencyId, person: PersonId) -> Result<Vec<Role>, db::Error> {
    Ok(match staff::mandate(conn, agency, person)? {
        Some(mandate) => match mandate.by() {
            By::Person { roles, .. } => roles.clone(),
            By::Operator => vec![],
        },
        None => vec![],
    })
}

fn all_roles(
    conn: &mut Conn,
    agency: AgencyId,
    people: &[PersonId],
) -> Result<Vec<Vec<Role>>, db::Error> {
    people
        .iter()
        .map(|person| roles_of(conn, agency, *person))
        .collect()
}
