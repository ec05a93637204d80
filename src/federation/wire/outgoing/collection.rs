//! Collections: lists behind an address, in pages where they are long.

use serde_json::{Value, json};

use crate::kernel::AgencyId;
use crate::kernel::AnnouncementId;
use crate::kernel::Cursor;
use crate::kernel::Site;
use crate::publishing::Hashtag;

use super::context;
use super::document::{Document, without_context};

/// One page of a collection.
#[derive(Debug, Clone, PartialEq)]
pub struct Page<T> {
    /// The cursor in the page's own address; `None` on the first page.
    pub at: Option<Cursor>,
    pub items: Vec<T>,
    /// Where the next page begins, if there is one.
    pub next: Option<Cursor>,
}

/// The address of a collection's first page.
pub fn first_page(collection: &str) -> String {
    format!("{collection}?page=true")
}

/// The address of the page that begins behind a cursor.
pub fn page_after(collection: &str, cursor: Cursor) -> String {
    format!("{collection}?page=true&after={cursor}")
}

/// What an agency published, newest first.
pub fn outbox(site: &Site, agency: AgencyId, total: u64) -> Value {
    let id = site.outbox(agency);
    Document::new("OrderedCollection", &id)
        .with("totalItems", total)
        .with("first", first_page(&id))
        .outer(context::post())
}

/// The outbox of the server's own actor: it says nothing.
pub fn instance_outbox_collection(site: &Site) -> Value {
    Document::new("OrderedCollection", super::instance_outbox(site))
        .with("totalItems", 0)
        .outer(json!(context::ACTIVITY_STREAMS))
}

/// A page of whole `Create` activities.
pub fn outbox_page(site: &Site, agency: AgencyId, page: Page<Value>) -> Value {
    let items = page.items.into_iter().map(without_context).collect();
    let page = Page {
        at: page.at,
        items,
        next: page.next,
    };
    paged("OrderedCollection", &site.outbox(agency), page).outer(context::post())
}

/// How many follow an agency. Who they are is nobody's business: without pages, peers show the list as hidden.
pub fn followers(site: &Site, agency: AgencyId, total: u64) -> Value {
    Document::new("OrderedCollection", site.followers(agency))
        .with("totalItems", total)
        .outer(json!(context::ACTIVITY_STREAMS))
}

/// How many an agency follows.
pub fn following(site: &Site, agency: AgencyId, total: u64) -> Value {
    Document::new("OrderedCollection", site.following(agency))
        .with("totalItems", total)
        .outer(json!(context::ACTIVITY_STREAMS))
}

/// Pinned announcements, whole, newest pin first.
pub fn featured(site: &Site, agency: AgencyId, notes: Vec<Value>) -> Value {
    let notes: Vec<Value> = notes.into_iter().map(without_context).collect();
    Document::new("OrderedCollection", site.featured(agency))
        .with("totalItems", notes.len())
        .with("orderedItems", notes)
        .outer(context::post())
}

/// The hashtags that an agency wants to be known for; Mastodon reads ten.
pub fn featured_tags(site: &Site, agency: AgencyId, tags: &[Hashtag]) -> Value {
    let items: Vec<Value> = tags
        .iter()
        .map(|tag| {
            json!({
                "type": "Hashtag",
                "name": format!("#{}", tag.display),
                "href": site.tag_page(&tag.tag),
            })
        })
        .collect();
    Document::new("Collection", site.featured_tags(agency))
        .with("totalItems", items.len())
        .with("items", items)
        .outer(context::post())
}

/// All public replies to an announcement, the agency's and citizens': ids, not copies, so that each server answers for its own.
///
/// This is how other servers come to see a conversation that nobody there follows.
pub fn replies(site: &Site, id: AnnouncementId, total: u64, first: Page<String>) -> Value {
    let collection = site.replies(id);
    Document::new("Collection", &collection)
        .with("totalItems", total)
        .with(
            "first",
            paged("Collection", &collection, ids(first)).inner(),
        )
        .outer(json!(context::ACTIVITY_STREAMS))
}

pub fn replies_page(site: &Site, id: AnnouncementId, page: Page<String>) -> Value {
    paged("Collection", &site.replies(id), ids(page)).outer(json!(context::ACTIVITY_STREAMS))
}

/// Inside a `Note`: Mastodon reads items here once, and comes back for more by `next`.
pub(super) fn replies_stub(site: &Site, id: AnnouncementId) -> Value {
    let collection = site.replies(id);
    json!({
        "id": collection,
        "type": "Collection",
        "first": {
            "type": "CollectionPage",
            "partOf": collection,
            "next": first_page(&collection),
            "items": [],
        },
    })
}

/// How many liked an announcement.
pub fn likes(site: &Site, id: AnnouncementId, total: u64) -> Value {
    likes_inner(site, id, total).outer(json!(context::ACTIVITY_STREAMS))
}

pub(super) fn likes_inner(site: &Site, id: AnnouncementId, total: u64) -> Document {
    Document::new("Collection", site.likes(id)).with("totalItems", total)
}

/// How many passed an announcement on.
pub fn shares(site: &Site, id: AnnouncementId, total: u64) -> Value {
    shares_inner(site, id, total).outer(json!(context::ACTIVITY_STREAMS))
}

pub(super) fn shares_inner(site: &Site, id: AnnouncementId, total: u64) -> Document {
    Document::new("Collection", site.shares(id)).with("totalItems", total)
}

/// The whole conversation that an announcement heads (FEP-7888): itself and all public replies, oldest first.
pub fn context_collection(
    site: &Site,
    agency: AgencyId,
    thread: AnnouncementId,
    total: u64,
) -> Value {
    let id = site.context(thread);
    Document::new("OrderedCollection", &id)
        .with("attributedTo", site.actor(agency))
        .with("totalItems", total)
        .with("first", first_page(&id))
        .outer(json!(context::ACTIVITY_STREAMS))
}

pub fn context_page(site: &Site, thread: AnnouncementId, page: Page<String>) -> Value {
    paged("OrderedCollection", &site.context(thread), ids(page))
        .outer(json!(context::ACTIVITY_STREAMS))
}

fn ids(page: Page<String>) -> Page<Value> {
    Page {
        at: page.at,
        items: page.items.into_iter().map(Value::from).collect(),
        next: page.next,
    }
}

/// The name of the items has to fit the kind of the collection, or Mastodon sees none.
fn paged(kind: &str, collection: &str, page: Page<Value>) -> Document {
    let id = page.at.map_or_else(
        || first_page(collection),
        |cursor| page_after(collection, cursor),
    );
    let items = if kind == "OrderedCollection" {
        "orderedItems"
    } else {
        "items"
    };
    Document::new(&format!("{kind}Page"), id)
        .with("partOf", collection)
        .maybe(
            "next",
            page.next.map(|cursor| page_after(collection, cursor)),
        )
        .with(items, page.items)
}
