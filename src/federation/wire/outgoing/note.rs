//! An announcement as a `Note`, and what is left of a withdrawn one.

use serde_json::{Value, json};

use crate::agencies::Agency;
use crate::federation::wire::PUBLIC;
use crate::kernel::AgencyId;
use crate::kernel::Site;
use crate::kernel::Timestamp;
use crate::publishing::polls::Poll;
use crate::publishing::{Announcement, Hashtag, Image, Revision};

use super::article;
use super::collection;
use super::context;
use super::document::Document;
use super::view::Totals;

/// The document behind an announcement's id.
pub fn note(site: &Site, agency: &Agency, announcement: &Announcement, totals: Totals) -> Value {
    note_inner(site, agency, announcement, totals).outer(context::of(announcement))
}

pub(super) fn note_inner(
    site: &Site,
    agency: &Agency,
    announcement: &Announcement,
    totals: Totals,
) -> Document {
    let id = site.announcement(announcement.id);
    let revision = &announcement.revision;
    let content = article::content(site, agency, announcement);
    let content = content.as_str();
    let conversation = site.context(announcement.thread);
    let note = addressed(
        Document::new(kind(announcement), &id).with("attributedTo", site.actor(agency.id)),
        site,
        agency.id,
        revision,
    )
    .with(
        "published",
        announcement.published_at.to_whole_second().to_string(),
    )
    // To the microsecond: a second edit within a second is still newer.
    .maybe(
        "updated",
        announcement
            .edited_at
            .map(|at| at.max(announcement.published_at).to_string()),
    )
    .with(
        "url",
        site.announcement_page(&agency.handle, announcement.id),
    )
    // What it answered may have been erased since, with its address.
    .maybe(
        "inReplyTo",
        announcement
            .in_reply_to
            .as_deref()
            .filter(|uri| !uri.starts_with("urn:")),
    )
    // On a `Note` the summary is the warning, and hides the text.
    .maybe("summary", revision.warning.as_deref())
    .with("sensitive", revision.warning.is_some())
    // GoToSocial takes the language only if both texts are the same, byte for byte.
    .with("content", content)
    .with("contentMap", json!({revision.language.as_str(): content}))
    .with(
        "attachment",
        revision
            .images
            .iter()
            .map(|one| image(site, one))
            .chain(article::link(site, agency, announcement))
            .collect::<Vec<_>>(),
    )
    .with("tag", tags(site, revision))
    .with("context", conversation.as_str())
    .with("conversation", conversation)
    .with("replies", collection::replies_stub(site, announcement.id))
    .with(
        "likes",
        collection::likes_inner(site, announcement.id, totals.likes).inner(),
    )
    .with(
        "shares",
        collection::shares_inner(site, announcement.id, totals.shares).inner(),
    )
    // Without it Mastodon shows the post as one that may not be quoted.
    .with(
        "interactionPolicy",
        json!({"canQuote": {"automaticApproval": [PUBLIC]}}),
    );
    match &announcement.poll {
        Some(poll) => asking(note, poll),
        None => note,
    }
}

const fn kind(announcement: &Announcement) -> &'static str {
    if announcement.poll.is_some() {
        "Question"
    } else {
        "Note"
    }
}

/// With what can be chosen, as Mastodon has it.
fn asking(document: Document, poll: &Poll) -> Document {
    let options: Vec<Value> = poll
        .options
        .iter()
        .map(|choice| {
            json!({
                "type": "Note",
                "name": choice.text,
                "replies": {"type": "Collection", "totalItems": choice.votes},
            })
        })
        .collect();
    let ends = poll.ends_at.to_whole_second().to_string();
    document
        .with(if poll.multiple { "anyOf" } else { "oneOf" }, options)
        .with("endTime", ends.as_str())
        .maybe("closed", poll.closed_at.map(|_| ends.as_str()))
        .with("votersCount", poll.voters)
}

/// What stands in the place of a withdrawn announcement; to be served with status 410.
pub fn tombstone(site: &Site, announcement: &Announcement, withdrawn_at: Timestamp) -> Value {
    tombstone_inner(site, announcement, withdrawn_at).outer(context::post())
}

pub(super) fn tombstone_inner(
    site: &Site,
    announcement: &Announcement,
    withdrawn_at: Timestamp,
) -> Document {
    let id = site.announcement(announcement.id);
    stone(id, kind(announcement), withdrawn_at)
}

pub(super) fn stone(id: String, former: &str, gone_at: Timestamp) -> Document {
    Document::new("Tombstone", id)
        .with("formerType", former)
        .with("deleted", gone_at.to_whole_second().to_string())
}

/// To everybody; copied to followers and to those mentioned, without which they are not notified.
pub(super) fn addressed(
    document: Document,
    site: &Site,
    agency: AgencyId,
    revision: &Revision,
) -> Document {
    let mut cc = vec![site.followers(agency)];
    for mention in &revision.mentions {
        if !cc.contains(&mention.uri) {
            cc.push(mention.uri.clone());
        }
    }
    document.with("to", vec![PUBLIC]).with("cc", cc)
}

pub(super) fn tags(site: &Site, revision: &Revision) -> Vec<Value> {
    let mentions = revision.mentions.iter().map(|mention| {
        json!({"type": "Mention", "href": mention.uri, "name": format!("@{}", mention.acct)})
    });
    let hashtags = revision.hashtags.iter().map(|it| hashtag(site, it));
    mentions.chain(hashtags).collect()
}

pub(super) fn hashtag(site: &Site, hashtag: &Hashtag) -> Value {
    json!({
        "type": "Hashtag",
        "href": site.tag_page(&hashtag.tag),
        "name": format!("#{}", hashtag.display),
    })
}

/// The description stands twice: older servers read `name`, newer ones prefer `summary`.
fn image(site: &Site, image: &Image) -> Value {
    Document::anonymous("Image")
        .with("mediaType", image.media_type.as_str())
        .with("url", site.media(&image.digest, &image.media_type))
        .with("name", image.alt.as_str())
        .with("summary", image.alt.as_str())
        .with("width", image.width)
        .with("height", image.height)
        .with("blurhash", image.blurhash.as_str())
        .maybe("focalPoint", image.focus.map(|(x, y)| vec![x, y]))
        .inner()
}
