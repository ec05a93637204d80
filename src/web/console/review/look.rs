//! All that is on the page about a draft, looked up at once.

use std::collections::HashMap;

use super::super::refusal::Refused;
use super::super::visit::AtAgency;
use super::of_command_line;
use crate::agencies::staff::{self, Mandate};
use crate::kernel::{AnnouncementId, Clock, DraftId, PersonId, Timestamp};
use crate::platform::db::{self, Conn};
use crate::publishing::drafts::{
    self, Approval, Difference, Draft, Error, Kind, Press, Proposal, Quorum, Standing, Version,
};
use crate::publishing::house::{self, HouseRules};
use crate::publishing::{self, Announcement};
use crate::web::State as Web;
use crate::web::words::console::Words;

/// A draft, and what is to be known of it.
pub(super) struct Looked {
    pub(super) draft: Draft,
    pub(super) house: HouseRules,
    pub(super) quorum: Quorum,
    /// What would refuse it, were it to go out.
    pub(super) in_the_way: Vec<Error>,
    pub(super) differences: Vec<Difference>,
    /// Everybody who wrote in it, and when last; none is the operator.
    pub(super) writers: Vec<(Option<PersonId>, Timestamp)>,
    pub(super) was_put_up: bool,
    pub(super) approvals: Vec<Approval>,
    /// Whether they who look may approve it, and why not.
    pub(super) may_approve: Result<(), Error>,
    names: HashMap<PersonId, String>,
    /// What it changes, as it is now.
    changed: HashMap<AnnouncementId, Announcement>,
}

impl Looked {
    pub(super) fn name(&self, words: Words, by: Option<PersonId>) -> String {
        let name = by.and_then(|id| self.names.get(&id)).cloned();
        name.unwrap_or_else(|| of_command_line(words))
    }

    /// What a proposal changes, as it is now.
    pub(super) fn changes(&self, proposal: &Proposal) -> Option<&Announcement> {
        self.changed.get(&proposal.announcement()?)
    }

    /// Whether the rights to do all of it are there.
    pub(super) fn is_within(&self, mandate: &Mandate) -> bool {
        let mut kinds = self.draft.proposals().map(Proposal::kind);
        kinds.all(|kind| mandate.allows(kind.right()))
    }
}

pub(super) async fn look(web: &Web, at: &AtAgency, id: DraftId) -> Result<Looked, Refused> {
    let (mandate, clock) = (at.mandate.clone(), web.clock.clone());
    let (site, limits) = (web.site.clone(), web.server.rules);
    let all = move |conn: &mut Conn| {
        let press = Press {
            site: &site,
            limits,
            keys: None,
        };
        gather(conn, clock.as_ref(), &press, &mandate, id)
    };
    // The rehearsal publishes, and takes it back.
    let looked = web.db.write(all).await;
    looked.map_err(|error| at.refused(web, error))
}

fn gather(
    conn: &mut Conn,
    clock: &dyn Clock,
    press: &Press<'_>,
    mandate: &Mandate,
    id: DraftId,
) -> Result<Looked, Error> {
    let draft = drafts::find(conn, mandate, id)?;
    let house = house::rules(conn, draft.agency)?;
    let quorum = drafts::quorum(conn, &draft)?;
    let versions = drafts::versions(conn, mandate, id)?;
    let approvals = drafts::approvals(conn, mandate, id)?;
    let writers = writers(&versions);
    let asked = [draft.submitted_by, draft.started_by];
    let people = writers.iter().map(|(by, _)| *by).chain(asked);
    let people = people.flatten().chain(approvals.iter().map(|it| it.by));
    let people: Vec<PersonId> = people.collect();
    Ok(Looked {
        in_the_way: in_the_way(conn, clock, press, &house, &draft, quorum)?,
        differences: drafts::difference(conn, mandate, id)?,
        may_approve: drafts::may_approve(conn, mandate, &draft),
        names: staff::names(conn, &people)?,
        changed: changed(conn, &draft)?,
        was_put_up: draft.was_put_up(),
        quorum,
        house,
        writers,
        approvals,
        draft,
    })
}

/// What would refuse a draft: the wording, the house rules, the time.
fn in_the_way(
    conn: &mut Conn,
    clock: &dyn Clock,
    press: &Press<'_>,
    house: &HouseRules,
    draft: &Draft,
    quorum: Quorum,
) -> Result<Vec<Error>, Error> {
    let mut found = vec![];
    if draft.standing().is_over() {
        return Ok(found);
    }
    match drafts::check(conn, clock, press, house, draft) {
        Err(
            Error::Db(error)
            | Error::Publishing(publishing::Error::Db(error))
            | Error::Agency(crate::agencies::Error::Db(error)),
        ) => return Err(error.into()),
        Err(error) => found.push(error),
        Ok(()) => {}
    }
    let time = match &draft.state {
        drafts::State::Scheduled(due) => due.at,
        _ => clock.now(),
    };
    let allowed = draft.kind().is_some_and(Kind::is_always_allowed);
    if let Some(period) = house.forbidden_at(time).filter(|_| !allowed) {
        found.push(Error::Forbidden {
            reason: period.reason.clone(),
            until: period.until,
        });
    }
    let counted = matches!(
        draft.standing(),
        Standing::Approved | Standing::Scheduled | Standing::Held
    );
    if counted && !quorum.is_met() {
        let Quorum { have, need } = quorum;
        found.push(Error::Approvals { have, need });
    }
    Ok(found)
}

/// Everybody who wrote something that counts, in the order of their last words.
fn writers(versions: &[Version]) -> Vec<(Option<PersonId>, Timestamp)> {
    let mut writers: Vec<(Option<PersonId>, Timestamp)> = vec![];
    for version in versions.iter().filter(|it| it.unmerged_from.is_none()) {
        writers.retain(|(by, _)| *by != version.by);
        writers.push((version.by, version.at));
    }
    writers
}

fn changed(
    conn: &mut Conn,
    draft: &Draft,
) -> Result<HashMap<AnnouncementId, Announcement>, db::Error> {
    let mut changed = HashMap::new();
    for id in draft.proposals().filter_map(Proposal::announcement) {
        if let Some(announcement) = publishing::find(conn, id)? {
            changed.insert(id, announcement);
        }
    }
    Ok(changed)
}
