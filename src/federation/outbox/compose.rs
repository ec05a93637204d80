//! Which activity a fact becomes, and whom it concerns besides the followers.

use std::sync::Arc;

use serde_json::Value;

use super::{Failure, RecordKey, message};
use crate::agencies::{self, Agency};
use crate::dialogue::reactions::{self, Tally};
use crate::dialogue::{actors, followers, quotes};
use crate::federation::keys::Keys;
use crate::federation::signatures::proof;
use crate::federation::wire::outgoing as wire;
use crate::kernel::{ActivityId, ActorId, AgencyId, AnnouncementId, Clock, QuoteId, Site};
use crate::platform::db::{self, Conn};
use crate::platform::journal::{Entry, Fact};
use crate::publishing::{self, Announcement};

/// An activity, ready to be sent.
#[derive(Debug)]
pub(super) struct Letter {
    pub(super) id: ActivityId,
    pub(super) uri: String,
    pub(super) kind: &'static str,
    pub(super) body: Vec<u8>,
    pub(super) announcement: Option<AnnouncementId>,
    pub(super) audience: Audience,
    /// (host, inbox) of those who get it whether they follow or not.
    pub(super) addressees: Vec<(String, String)>,
}

/// Who gets an activity besides its addressees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Audience {
    Nobody,
    Followers,
    /// Followers, and everybody who replied, liked or boosted.
    Everybody,
}

/// Whether anything is sent for a fact of this kind.
pub(super) const fn goes_out(fact: &Fact) -> bool {
    match fact {
        Fact::AgencyChanged
        | Fact::KeysRotated
        | Fact::LogKeyRotated { .. }
        | Fact::AnnouncementPublished { .. }
        | Fact::AnnouncementEdited { .. }
        | Fact::AnnouncementWithdrawn { .. }
        | Fact::AnnouncementPinned { .. }
        | Fact::AnnouncementUnpinned { .. }
        | Fact::PollTallied { .. }
        | Fact::PollClosed { .. }
        | Fact::FollowAccepted { .. }
        | Fact::MessageAnswered { .. }
        | Fact::AnswerWithdrawn { .. }
        | Fact::QuoteAuthorised { .. }
        | Fact::QuoteRevoked { .. } => true,
        Fact::AgencyCreated
        | Fact::EmergencyDeclared { .. }
        | Fact::HouseRulesSet { .. }
        | Fact::FollowerLeft { .. }
        | Fact::ReplyReceived { .. }
        | Fact::ReplyEdited { .. }
        | Fact::ReplyDeleted { .. }
        | Fact::MessageReceived { .. }
        | Fact::MessageEdited { .. }
        | Fact::MessageDeleted { .. }
        | Fact::ReportReceived { .. }
        | Fact::ErasureOrdered { .. }
        | Fact::ErasureDone { .. }
        | Fact::HoldPlaced { .. }
        | Fact::HoldReleased { .. }
        | Fact::ExportMade { .. }
        | Fact::PolicyChanged { .. }
        | Fact::WitnessAdded { .. }
        | Fact::StaffActed { .. }
        | Fact::LogResumed { .. } => false,
    }
}

/// The activity that follows from a fact, if what it is about still stands.
pub(super) fn letter(
    conn: &mut Conn,
    site: &Site,
    clock: &dyn Clock,
    keys: &Arc<Keys>,
    record_key: RecordKey,
    entry: &Entry,
) -> Result<Option<Letter>, Failure> {
    let Some(agency) = agencies::find(conn, entry.agency)? else {
        return Ok(None);
    };
    let desk = Desk {
        site,
        clock,
        keys,
        record_key,
        entry,
        agency,
    };
    match &entry.fact {
        Fact::AnnouncementPublished { announcement, .. } => desk.published(conn, *announcement),
        Fact::AnnouncementEdited {
            announcement,
            revision,
        } => desk.edited(conn, *announcement, *revision),
        Fact::AnnouncementWithdrawn { announcement } => desk.withdrawn(conn, *announcement),
        Fact::AnnouncementPinned { announcement } => desk.pinned(*announcement, wire::pin, "Add"),
        Fact::AnnouncementUnpinned { announcement } => {
            desk.pinned(*announcement, wire::unpin, "Remove")
        }
        Fact::PollTallied { announcement } | Fact::PollClosed { announcement } => {
            desk.polled(conn, *announcement)
        }
        // The profile names the key that the record is checked with.
        Fact::AgencyChanged | Fact::LogKeyRotated { .. } => desk.presented(conn, "Update"),
        Fact::KeysRotated => desk.presented(conn, super::store::KEYS_ROTATED),
        Fact::FollowAccepted { actor } => desk.accepted(conn, *actor),
        Fact::MessageAnswered { message, answer } => {
            let what = (*message, *answer);
            Ok(message::answered(conn, site, clock, desk.agency.id, what)?)
        }
        Fact::AnswerWithdrawn { message, answer } => {
            let what = (*message, *answer);
            let agency = desk.agency.id;
            Ok(message::answer_withdrawn(conn, site, clock, agency, what)?)
        }
        Fact::QuoteAuthorised { quote } => desk.quote_authorised(conn, *quote),
        Fact::QuoteRevoked { quote } => desk.quote_revoked(conn, *quote),
        Fact::AgencyCreated
        | Fact::EmergencyDeclared { .. }
        | Fact::HouseRulesSet { .. }
        | Fact::FollowerLeft { .. }
        | Fact::ReplyReceived { .. }
        | Fact::ReplyEdited { .. }
        | Fact::ReplyDeleted { .. }
        | Fact::MessageReceived { .. }
        | Fact::MessageEdited { .. }
        | Fact::MessageDeleted { .. }
        | Fact::ReportReceived { .. }
        | Fact::ErasureOrdered { .. }
        | Fact::ErasureDone { .. }
        | Fact::HoldPlaced { .. }
        | Fact::HoldReleased { .. }
        | Fact::ExportMade { .. }
        | Fact::PolicyChanged { .. }
        | Fact::WitnessAdded { .. }
        | Fact::StaffActed { .. }
        | Fact::LogResumed { .. } => Ok(None),
    }
}

struct Desk<'a> {
    site: &'a Site,
    clock: &'a dyn Clock,
    keys: &'a Arc<Keys>,
    record_key: RecordKey,
    entry: &'a Entry,
    agency: Agency,
}

impl Desk<'_> {
    fn published(&self, conn: &mut Conn, id: AnnouncementId) -> Result<Option<Letter>, Failure> {
        let Some(announcement) = standing(conn, id)? else {
            return Ok(None);
        };
        let uri = wire::create_id(self.site, id);
        let totals = totals(reactions::tally(conn, id)?);
        let activity = wire::create(self.site, &uri, &self.agency, &announcement, totals);
        let letter = self.public("Create", uri, activity, Audience::Followers)?;
        let addressees = addressees(conn, self.agency.id, &announcement)?;
        Ok(Some(Letter {
            announcement: Some(id),
            addressees,
            ..letter
        }))
    }

    /// Of several edits in a row the last is told, once.
    fn edited(
        &self,
        conn: &mut Conn,
        id: AnnouncementId,
        revision: i32,
    ) -> Result<Option<Letter>, Failure> {
        let Some(announcement) = standing(conn, id)?.filter(|it| it.revision.number == revision)
        else {
            return Ok(None);
        };
        let at = announcement.edited_at.unwrap_or(self.entry.at);
        let uri = wire::update_id(self.site, id, at);
        let totals = totals(reactions::tally(conn, id)?);
        let activity = wire::update(self.site, &uri, &self.agency, &announcement, totals);
        let letter = self.public("Update", uri, activity, Audience::Everybody)?;
        let addressees = addressees(conn, self.agency.id, &announcement)?;
        Ok(Some(Letter {
            announcement: Some(id),
            addressees,
            ..letter
        }))
    }

    /// How a poll stands. Nothing of it was edited: `updated` stays as it was.
    fn polled(&self, conn: &mut Conn, id: AnnouncementId) -> Result<Option<Letter>, Failure> {
        let Some(announcement) = standing(conn, id)?.filter(|it| it.poll.is_some()) else {
            return Ok(None);
        };
        let uri = wire::tally_id(self.site, id, self.entry.at);
        let totals = totals(reactions::tally(conn, id)?);
        let activity = wire::update(self.site, &uri, &self.agency, &announcement, totals);
        let letter = self.public("Update", uri, activity, Audience::Everybody)?;
        Ok(Some(Letter {
            announcement: Some(id),
            ..letter
        }))
    }

    fn withdrawn(&self, conn: &mut Conn, id: AnnouncementId) -> Result<Option<Letter>, Failure> {
        let Some(announcement) = publishing::find(conn, id)? else {
            return Ok(None);
        };
        let Some(withdrawal) = &announcement.withdrawn else {
            return Ok(None);
        };
        let uri = wire::delete_id(self.site, id);
        let mentioned: Vec<String> = announcement
            .revision
            .mentions
            .iter()
            .map(|it| it.uri.clone())
            .collect();
        let activity = wire::delete(self.site, &uri, &announcement, withdrawal.at, &mentioned);
        let letter = self.public("Delete", uri, activity, Audience::Everybody)?;
        let addressees = addressees(conn, self.agency.id, &announcement)?;
        Ok(Some(Letter {
            announcement: Some(id),
            addressees,
            ..letter
        }))
    }

    fn pinned(
        &self,
        id: AnnouncementId,
        build: fn(&Site, &str, AgencyId, AnnouncementId) -> Value,
        kind: &'static str,
    ) -> Result<Option<Letter>, Failure> {
        let (activity_id, uri) = self.mint();
        let activity = build(self.site, &uri, self.agency.id, id);
        let letter = self.public(kind, uri, activity, Audience::Followers)?;
        Ok(Some(Letter {
            id: activity_id,
            ..letter
        }))
    }

    fn presented(&self, conn: &mut Conn, kind: &'static str) -> Result<Option<Letter>, Failure> {
        let record = (self.record_key)(conn, self.agency.id, self.clock.now())?;
        let uri = wire::update_actor_id(self.site, self.agency.id, self.entry.at);
        let activity = wire::update_actor(
            self.site,
            &uri,
            &self.agency,
            &wire::KeysView::of(self.keys).with_record(record),
        );
        self.public(kind, uri, activity, Audience::Followers)
            .map(Some)
    }

    fn accepted(&self, conn: &mut Conn, actor: ActorId) -> Result<Option<Letter>, Failure> {
        // Somebody who has left again wants no answer.
        let Some(id) = followers::follow_uri(conn, self.agency.id, actor)? else {
            return Ok(None);
        };
        let Some(actor) = actors::by_id(conn, actor)? else {
            return Ok(None);
        };
        let (activity_id, uri) = self.mint();
        let follow = wire::FollowView {
            id,
            actor: actor.uri,
        };
        let activity = wire::accept_follow(self.site, &uri, self.agency.id, &follow);
        Ok(Some(private(
            activity_id,
            uri,
            "Accept",
            &activity,
            (actor.host, actor.inbox),
        )))
    }

    fn quote_authorised(&self, conn: &mut Conn, id: QuoteId) -> Result<Option<Letter>, Failure> {
        let Some(quote) = quotes::find(conn, id)? else {
            return Ok(None);
        };
        let Some(actor) = actors::by_id(conn, quote.actor)? else {
            return Ok(None);
        };
        let (activity_id, uri) = self.mint();
        let view = wire::QuoteView::of(&quote, &actor);
        let activity = wire::accept_quote(self.site, &uri, self.agency.id, &view);
        Ok(Some(private(
            activity_id,
            uri,
            "Accept",
            &activity,
            (actor.host, actor.inbox),
        )))
    }

    fn quote_revoked(&self, conn: &mut Conn, id: QuoteId) -> Result<Option<Letter>, Failure> {
        let Some(quote) = quotes::find(conn, id)? else {
            return Ok(None);
        };
        let Some(actor) = actors::by_id(conn, quote.actor)? else {
            return Ok(None);
        };
        let uri = format!("{}#delete", self.site.quote_authorization(id));
        let activity =
            wire::delete_quote_authorization(self.site, &uri, self.agency.id, id, &actor.uri);
        let letter = self.public("Delete", uri, activity, Audience::Followers)?;
        Ok(Some(Letter {
            addressees: vec![(actor.host, actor.inbox)],
            ..letter
        }))
    }

    fn mint(&self) -> (ActivityId, String) {
        let id = ActivityId::mint(self.clock.now());
        (id, self.site.activity(id))
    }

    /// What everybody may read carries a proof (FEP-8b32), so that it can be believed wherever it is met.
    fn public(
        &self,
        kind: &'static str,
        uri: String,
        mut activity: Value,
        audience: Audience,
    ) -> Result<Letter, Failure> {
        let key = &self.keys.ed25519;
        proof::add(&mut activity, &key.key, &key.key_id, self.entry.at)?;
        Ok(Letter {
            id: ActivityId::mint(self.clock.now()),
            uri,
            kind,
            body: activity.to_string().into_bytes(),
            announcement: None,
            audience,
            addressees: vec![],
        })
    }
}

/// What is for one actor alone.
fn private(
    id: ActivityId,
    uri: String,
    kind: &'static str,
    activity: &Value,
    addressee: (String, String),
) -> Letter {
    Letter {
        id,
        uri,
        kind,
        body: activity.to_string().into_bytes(),
        announcement: None,
        audience: Audience::Nobody,
        addressees: vec![addressee],
    }
}

fn standing(conn: &mut Conn, id: AnnouncementId) -> Result<Option<Announcement>, db::Error> {
    Ok(publishing::find(conn, id)?.filter(|it| it.withdrawn.is_none()))
}

fn totals(tally: Tally) -> wire::Totals {
    let positive = |count: i64| u64::try_from(count).unwrap_or(0);
    wire::Totals {
        likes: positive(tally.likes),
        shares: positive(tally.boosts),
    }
}

/// Those whom an announcement names or answers, unless they asked not to hear from the agency.
fn addressees(
    conn: &mut Conn,
    agency: AgencyId,
    announcement: &Announcement,
) -> Result<Vec<(String, String)>, db::Error> {
    let mut uris: Vec<String> = announcement
        .revision
        .mentions
        .iter()
        .map(|it| it.uri.clone())
        .collect();
    if let Some(parent) = &announcement.in_reply_to
        && let Some(reply) = crate::dialogue::replies::by_uri(conn, parent)?
    {
        uris.push(reply.author.uri);
    }
    let mut inboxes = vec![];
    for actor in actors::by_uris(conn, &uris)? {
        if !actor.deleted && !followers::blocked(conn, agency, actor.id)? {
            inboxes.push((actor.host.clone(), actor.delivery_inbox().to_owned()));
        }
    }
    Ok(inboxes)
}
