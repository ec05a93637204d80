//! Activities of an agency.
//!
//! Every activity has an id of its own, on our host, and its actor as a plain string: Misskey drops others.

use serde_json::{Value, json};

use crate::agencies::Agency;
use crate::federation::wire::PUBLIC;
use crate::kernel::AgencyId;
use crate::kernel::AnnouncementId;
use crate::kernel::Site;
use crate::kernel::Timestamp;
use crate::publishing::Announcement;

use super::actor::agency_actor_inner;
use super::context;
use super::document::{Document, without_context};
use super::note::{addressed, note_inner, tombstone_inner};
use super::view::{FollowView, KeysView, MessageView, Totals};

/// The id of the activity that first published an announcement: always the same, so that an outbox needs no record of it.
pub fn create_id(site: &Site, id: AnnouncementId) -> String {
    format!("{}#create", site.announcement(id))
}

/// The id of an edit, by its time.
pub fn update_id(site: &Site, id: AnnouncementId, at: Timestamp) -> String {
    format!("{}#updates/{}", site.announcement(id), at.micros())
}

/// The id of a message of how a poll stands, by its time.
pub fn tally_id(site: &Site, id: AnnouncementId, at: Timestamp) -> String {
    format!("{}#tallies/{}", site.announcement(id), at.micros())
}

pub fn delete_id(site: &Site, id: AnnouncementId) -> String {
    format!("{}#delete", site.announcement(id))
}

/// The id of a change of an agency's own document, by its time.
pub fn update_actor_id(site: &Site, agency: AgencyId, at: Timestamp) -> String {
    format!("{}#updates/{}", site.actor(agency), at.micros())
}

/// An announcement is published.
pub fn create(
    site: &Site,
    id: &str,
    agency: &Agency,
    announcement: &Announcement,
    totals: Totals,
) -> Value {
    let published = announcement.published_at.to_whole_second();
    about_announcement(site, "Create", id, agency, announcement, published, totals)
}

/// An agency writes to one person. Whom it names in `to`, and mentions, is all who may read it: so Mastodon and its
/// relatives show it as private.
pub fn create_message(site: &Site, id: &str, agency: AgencyId, message: &MessageView) -> Value {
    let at = message.at.to_whole_second().to_string();
    let to = vec![message.to.as_str()];
    let content = message.html.as_str();
    let note = Document::new("Note", message.id.as_str())
        .with("attributedTo", site.actor(agency))
        .with("to", to.clone())
        .with("published", at.as_str())
        .with("inReplyTo", message.in_reply_to.as_str())
        .maybe("summary", message.warning.as_deref())
        .with("sensitive", message.warning.is_some())
        .with("content", content)
        .with("contentMap", json!({message.language.as_str(): content}))
        .with(
            "tag",
            json!([{"type": "Mention", "href": message.to, "name": message.to_name}]),
        );
    begun("Create", id, site, agency)
        .with("published", at.as_str())
        .with("to", to)
        .with("object", note.inner())
        .outer(context::post())
}

/// What was said to one person is taken back; they alone are told.
pub fn delete_message(
    site: &Site,
    id: &str,
    agency: AgencyId,
    (message, to): (&str, &str),
    withdrawn_at: Timestamp,
) -> Value {
    let at = withdrawn_at.to_whole_second().to_string();
    let tombstone = Document::new("Tombstone", message)
        .with("formerType", "Note")
        .with("deleted", at.as_str());
    begun("Delete", id, site, agency)
        .with("published", at.as_str())
        .with("to", vec![to])
        .with("object", tombstone.inner())
        .outer(context::post())
}

/// An announcement was edited. Peers take it for an edit only if the announcement's `edited_at` has grown.
pub fn update(
    site: &Site,
    id: &str,
    agency: &Agency,
    announcement: &Announcement,
    totals: Totals,
) -> Value {
    let edited = announcement.edited_at.unwrap_or(announcement.published_at);
    about_announcement(site, "Update", id, agency, announcement, edited, totals)
}

fn about_announcement(
    site: &Site,
    kind: &str,
    id: &str,
    agency: &Agency,
    announcement: &Announcement,
    published: Timestamp,
    totals: Totals,
) -> Value {
    let activity = begun(kind, id, site, agency.id).with("published", published.to_string());
    addressed(activity, site, agency.id, &announcement.revision)
        .with(
            "object",
            note_inner(site, agency, announcement, totals).inner(),
        )
        .outer(context::of(announcement))
}

/// An announcement is withdrawn. `interested` are those besides the followers who have to know: mentioned, replying, sharing.
pub fn delete(
    site: &Site,
    id: &str,
    announcement: &Announcement,
    withdrawn_at: Timestamp,
    interested: &[String],
) -> Value {
    let agency = announcement.agency;
    let cc: Vec<String> = std::iter::once(site.followers(agency))
        .chain(interested.iter().cloned())
        .collect();
    begun("Delete", id, site, agency)
        .with("published", withdrawn_at.to_whole_second().to_string())
        .with("to", vec![PUBLIC])
        .with("cc", cc)
        .with(
            "object",
            tombstone_inner(site, announcement, withdrawn_at).inner(),
        )
        .outer(context::post())
}

/// An announcement is pinned to the agency's profile.
pub fn pin(site: &Site, id: &str, agency: AgencyId, announcement: AnnouncementId) -> Value {
    pinning("Add", site, id, agency, announcement)
}

/// And taken off again.
pub fn unpin(site: &Site, id: &str, agency: AgencyId, announcement: AnnouncementId) -> Value {
    pinning("Remove", site, id, agency, announcement)
}

fn pinning(
    kind: &str,
    site: &Site,
    id: &str,
    agency: AgencyId,
    announcement: AnnouncementId,
) -> Value {
    public(begun(kind, id, site, agency), site, agency)
        .with("object", site.announcement(announcement))
        .with("target", site.featured(agency))
        .outer(context::post())
}

/// An agency's own document changed: its name, its pictures, its keys. Signed with the key that peers know.
pub fn update_actor(site: &Site, id: &str, agency: &Agency, keys: &KeysView) -> Value {
    public(begun("Update", id, site, agency.id), site, agency.id)
        .with("published", agency.updated_at.to_whole_second().to_string())
        .with("object", agency_actor_inner(site, agency, keys).inner())
        .outer(context::actor())
}

/// An agency is gone for good; peers do not let its handle come back.
pub fn delete_actor(site: &Site, id: &str, agency: AgencyId) -> Value {
    public(begun("Delete", id, site, agency), site, agency)
        .with("object", site.actor(agency))
        .outer(context::post())
}

/// A follower is welcome. Repeated requests are accepted again, under another `id`.
pub fn accept_follow(site: &Site, id: &str, agency: AgencyId, follow: &FollowView) -> Value {
    answer_follow("Accept", site, id, agency, follow)
}

/// A follower is not welcome, or no longer.
pub fn reject_follow(site: &Site, id: &str, agency: AgencyId, follow: &FollowView) -> Value {
    answer_follow("Reject", site, id, agency, follow)
}

/// The request comes back with the id, actor and object it had: Mastodon looks at the id, Misskey at the actor.
fn answer_follow(
    kind: &str,
    site: &Site,
    id: &str,
    agency: AgencyId,
    follow: &FollowView,
) -> Value {
    begun(kind, id, site, agency)
        .with("to", vec![follow.actor.as_str()])
        .with(
            "object",
            json!({
                "id": follow.id,
                "type": "Follow",
                "actor": follow.actor,
                "object": site.actor(agency),
            }),
        )
        .outer(json!(context::ACTIVITY_STREAMS))
}

/// Takes back an activity of ours, which is sent along whole.
pub fn undo(site: &Site, id: &str, agency: AgencyId, activity: Value) -> Value {
    let audience = |name: &str| activity.get(name).cloned();
    begun("Undo", id, site, agency)
        .maybe("to", audience("to"))
        .maybe("cc", audience("cc"))
        .with("object", without_context(without_proof(activity)))
        .outer(context::post())
}

/// A proof covers the document it stands in, and would not hold within another.
fn without_proof(mut activity: Value) -> Value {
    if let Value::Object(map) = &mut activity {
        map.shift_remove("proof");
    }
    activity
}

pub(super) fn begun(kind: &str, id: &str, site: &Site, agency: AgencyId) -> Document {
    Document::new(kind, id).with("actor", site.actor(agency))
}

fn public(document: Document, site: &Site, agency: AgencyId) -> Document {
    document
        .with("to", vec![PUBLIC])
        .with("cc", vec![site.followers(agency)])
}
