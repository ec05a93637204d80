//! What the citizens' server tells others, as Mastodon would write it.

use serde_json::{Value, json};

use super::memory::{Content, Post};
use super::{Address, SERVER};
use crate::app::demo::script::Citizen;
use crate::federation::keys::PublicKey;
use crate::kernel::Timestamp;

const CONTEXT: [&str; 2] = [
    "https://www.w3.org/ns/activitystreams",
    "https://w3id.org/security/v1",
];
const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";

pub(super) fn person(address: &Address, citizen: &Citizen, key: &PublicKey) -> Value {
    let id = address.actor(citizen.handle);
    json!({
        "@context": CONTEXT,
        "id": id,
        "type": "Person",
        "preferredUsername": citizen.handle,
        "name": citizen.name,
        "summary": format!("<p>{}</p>", maud::html! { (citizen.about) }.into_string()),
        "url": address.page(citizen.handle),
        "inbox": format!("{id}/inbox"),
        "outbox": format!("{id}/outbox"),
        "followers": format!("{id}/followers"),
        "following": format!("{id}/following"),
        "endpoints": { "sharedInbox": address.shared_inbox() },
        "manuallyApprovesFollowers": false,
        "discoverable": true,
        "publicKey": public_key(&id, key),
    })
}

/// The actor in whose name this server fetches.
pub(super) fn server(address: &Address, key: &PublicKey) -> Value {
    let id = address.actor(SERVER);
    json!({
        "@context": CONTEXT,
        "id": id,
        "type": "Application",
        "preferredUsername": SERVER,
        "inbox": address.shared_inbox(),
        "outbox": format!("{id}/outbox"),
        "publicKey": public_key(&id, key),
    })
}

fn public_key(owner: &str, key: &PublicKey) -> Value {
    json!({ "id": format!("{owner}#main-key"), "owner": owner, "publicKeyPem": key.to_pem() })
}

pub(super) fn webfinger(address: &Address, handle: &str) -> Value {
    json!({
        "subject": format!("acct:{}", address.acct(handle)),
        "aliases": [address.page(handle), address.actor(handle)],
        "links": [
            { "rel": "self", "type": "application/activity+json", "href": address.actor(handle) },
            { "rel": "http://webfinger.net/rel/profile-page", "type": "text/html", "href": address.page(handle) },
        ],
    })
}

/// A collection of which only the size is told.
pub(super) fn collection(id: &str, total: usize) -> Value {
    json!({ "@context": CONTEXT, "id": id, "type": "OrderedCollection", "totalItems": total })
}

pub(super) fn follow(address: &Address, by: &str, agency: &str, id: &str) -> Value {
    json!({ "@context": CONTEXT, "id": id, "type": "Follow", "actor": address.actor(by), "object": agency })
}

pub(super) fn like(address: &Address, by: &str, announcement: &str) -> Value {
    json!({
        "@context": CONTEXT,
        "id": format!("{}#likes/{}", address.actor(by), last_part(announcement)),
        "type": "Like",
        "actor": address.actor(by),
        "object": announcement,
    })
}

pub(super) fn boost(
    address: &Address,
    by: &str,
    agency: &str,
    announcement: &str,
    now: Timestamp,
) -> Value {
    json!({
        "@context": CONTEXT,
        "id": format!("{}#boosts/{}", address.actor(by), last_part(announcement)),
        "type": "Announce",
        "actor": address.actor(by),
        "published": now.to_whole_second().to_string(),
        "to": [PUBLIC],
        "cc": [agency, format!("{}/followers", address.actor(by))],
        "object": announcement,
    })
}

/// A post, as it stands at its address.
pub(super) fn note(address: &Address, content: &Content, post: &Post) -> Value {
    let mut note = json!({ "@context": CONTEXT });
    extend(&mut note, inner_note(address, content, post));
    note
}

fn inner_note(address: &Address, content: &Content, post: &Post) -> Value {
    let (to, cc) = audience(address, post);
    let tags: Vec<Value> = std::iter::once(&post.agency)
        .chain(&post.mentions)
        .map(|uri| {
            let local = address.handle_of(uri).map(|handle| address.acct(handle));
            let known = content.agencies.get(uri).map(|known| known.acct.clone());
            json!({ "type": "Mention", "href": uri, "name": format!("@{}", local.or(known).unwrap_or_default()) })
        })
        .collect();
    let mut note = json!({
        "id": address.post(post),
        "type": "Note",
        "attributedTo": address.actor(&post.by),
        "to": to,
        "cc": cc,
        "published": post.published.to_whole_second().to_string(),
        "url": address.post_page(post),
        "inReplyTo": post.in_reply_to,
        "sensitive": false,
        "content": post.html,
        "tag": tags,
        "attachment": [],
    });
    if let Some(language) = &post.language {
        extend(&mut note, json!({ "contentMap": { language: post.html } }));
    }
    if let Some(edited) = post.edited {
        extend(&mut note, json!({ "updated": edited.to_string() }));
    }
    note
}

fn audience(address: &Address, post: &Post) -> (Vec<String>, Vec<String>) {
    if post.private {
        return (vec![post.agency.clone()], vec![]);
    }
    let followers = format!("{}/followers", address.actor(&post.by));
    let named = std::iter::once(&post.agency).chain(&post.mentions).cloned();
    (
        vec![PUBLIC.to_owned()],
        std::iter::once(followers).chain(named).collect(),
    )
}

pub(super) fn create(address: &Address, content: &Content, post: &Post) -> Value {
    about(address, content, post, "Create", "create", post.published)
}

pub(super) fn update(
    address: &Address,
    content: &Content,
    post: &Post,
    edited: Timestamp,
) -> Value {
    about(
        address,
        content,
        post,
        "Update",
        &format!("updates/{}", edited.micros()),
        edited,
    )
}

fn about(
    address: &Address,
    content: &Content,
    post: &Post,
    kind: &str,
    part: &str,
    at: Timestamp,
) -> Value {
    let (to, cc) = audience(address, post);
    json!({
        "@context": CONTEXT,
        "id": format!("{}#{part}", address.post(post)),
        "type": kind,
        "actor": address.actor(&post.by),
        "published": at.to_whole_second().to_string(),
        "to": to,
        "cc": cc,
        "object": inner_note(address, content, post),
    })
}

pub(super) fn delete(address: &Address, post: &Post) -> Value {
    json!({
        "@context": CONTEXT,
        "id": format!("{}#delete", address.post(post)),
        "type": "Delete",
        "actor": address.actor(&post.by),
        "to": [PUBLIC],
        "object": { "id": address.post(post), "type": "Tombstone" },
    })
}

pub(super) fn tombstone(address: &Address, post: &Post) -> Value {
    json!({ "@context": CONTEXT, "id": address.post(post), "type": "Tombstone", "formerType": "Note" })
}

fn last_part(uri: &str) -> &str {
    uri.rsplit('/').next().unwrap_or(uri)
}

fn extend(document: &mut Value, more: Value) {
    if let (Value::Object(document), Value::Object(more)) = (document, more) {
        document.extend(more);
    }
}
