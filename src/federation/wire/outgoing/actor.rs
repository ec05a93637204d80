//! Actor documents: an agency's, and the server's own.

use maud::html;
use serde_json::{Value, json};

use crate::agencies::{Agency, Link, Picture};
use crate::kernel::Site;

use super::context;
use super::document::Document;
use super::view::KeysView;

/// The actor of an agency.
pub fn agency_actor(site: &Site, agency: &Agency, keys: &KeysView) -> Value {
    agency_actor_inner(site, agency, keys).outer(context::actor())
}

pub(super) fn agency_actor_inner(site: &Site, agency: &Agency, keys: &KeysView) -> Document {
    let id = site.actor(agency.id);
    let mut fields: Vec<Value> = agency.links.iter().map(field).collect();
    fields.extend(keys.record.as_deref().map(record_key));
    let actor = Document::new("Organization", &id)
        .with("webfinger", site.acct(&agency.handle))
        .with("preferredUsername", agency.handle.as_str())
        .with("name", agency.name.as_str())
        .with("summary", agency.summary_html.as_str())
        .with("url", site.agency_page(&agency.handle))
        .with("inbox", site.inbox(agency.id))
        .with("outbox", site.outbox(agency.id))
        .with("followers", site.followers(agency.id))
        .with("following", site.following(agency.id))
        .with("featured", site.featured(agency.id))
        .with("featuredTags", site.featured_tags(agency.id))
        .with("endpoints", json!({"sharedInbox": site.shared_inbox()}))
        .with("manuallyApprovesFollowers", false)
        .with("discoverable", true)
        .with("indexable", true)
        .with("published", agency.created_at.to_whole_second().to_string())
        .with("updated", agency.updated_at.to_string())
        .maybe("icon", agency.avatar.as_ref().map(|it| picture(site, it)))
        .maybe("image", agency.header.as_ref().map(|it| picture(site, it)))
        // Always lists: Mastodon reads no single field.
        .with("attachment", fields)
        .with("tag", Vec::<Value>::new())
        .with("attributionDomains", agency.attribution_domains.clone())
        .with("alsoKnownAs", agency.aliases.clone());
    with_keys(actor, &id, keys)
}

/// The server's own actor, which signs fetches and reports; it is served without asking for a signature.
pub fn instance_actor(site: &Site, keys: &KeysView) -> Value {
    let id = site.instance_actor();
    let name = instance_name(site);
    let actor = Document::new("Application", &id)
        .with("webfinger", format!("{name}@{}", site.handle_domain()))
        .with("preferredUsername", name)
        .with("name", site.authority())
        .with("url", format!("{}/about", site.base()))
        // What comes to the server itself comes to all of it.
        .with("inbox", site.shared_inbox())
        .with("outbox", instance_outbox(site))
        .with("endpoints", json!({"sharedInbox": site.shared_inbox()}))
        .with("manuallyApprovesFollowers", true);
    with_keys(actor, &id, keys).outer(context::actor())
}

/// The server's own name: the domain of its handles without a port, which no user name may hold.
pub fn instance_name(site: &Site) -> &str {
    let domain = site.handle_domain();
    domain.split_once(':').map_or(domain, |(host, _)| host)
}

/// The address of the server's own, always empty, outbox.
pub fn instance_outbox(site: &Site) -> String {
    format!("{}/outbox", site.instance_actor())
}

fn with_keys(actor: Document, id: &str, keys: &KeysView) -> Document {
    let multikey = keys.ed25519.as_ref().map(|key| {
        json!({
            "id": key.id,
            "type": "Multikey",
            "controller": id,
            "publicKeyMultibase": key.multibase,
        })
    });
    actor
        .with(
            "publicKey",
            json!({"id": keys.rsa.id, "owner": id, "publicKeyPem": keys.rsa.pem}),
        )
        .list("assertionMethod", multikey.into_iter().collect())
}

/// The visible text equals the address, or Mastodon would not check the link (`rel=me`).
fn field(link: &Link) -> Value {
    let value = html! { a href=(link.url) rel="me" { (link.url) } };
    json!({"type": "PropertyValue", "name": link.label, "value": value.into_string()})
}

/// Where whoever follows the agency elsewhere finds the key of its record, apart from the record itself.
fn record_key(vkey: &str) -> Value {
    let value = html! { (vkey) };
    json!({"type": "PropertyValue", "name": "Record key", "value": value.into_string()})
}

fn picture(site: &Site, picture: &Picture) -> Value {
    Document::anonymous("Image")
        .with("mediaType", picture.media_type.as_str())
        .with("url", site.media(&picture.digest, &picture.media_type))
        .maybe(
            "summary",
            (!picture.alt.is_empty()).then_some(picture.alt.as_str()),
        )
        .inner()
}
