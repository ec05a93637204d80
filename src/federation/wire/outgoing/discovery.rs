//! How others find an agency by its handle: `WebFinger`, host-meta, and the way to `NodeInfo`.

use maud::html;
use serde_json::{Value, json};

use crate::agencies::Agency;
use crate::federation::wire::ACTIVITY_JSON;
use crate::kernel::Site;

use super::actor::instance_name;

/// The answer to every form of question about an agency (RFC 7033), the same on both domains.
///
/// There are no templates for acting from here (FEP-3b86, `OStatus`): nobody logs in at this server.
pub fn webfinger(site: &Site, agency: &Agency) -> Value {
    let page = site.agency_page(&agency.handle);
    let actor = site.actor(agency.id);
    let avatar = agency.avatar.as_ref().map(|avatar| {
        json!({
            "rel": "http://webfinger.net/rel/avatar",
            "type": avatar.media_type,
            "href": site.media(&avatar.digest, &avatar.media_type),
        })
    });
    let links: Vec<Value> = [profile_page(&page), self_link(&actor)]
        .into_iter()
        .chain(avatar)
        .collect();
    json!({
        "subject": format!("acct:{}", site.acct(&agency.handle)),
        "aliases": [page, actor],
        "links": links,
    })
}

/// The answer to a question about the server itself: its bare host, or `acct:host@host`.
pub fn webfinger_of_instance(site: &Site) -> Value {
    let actor = site.instance_actor();
    json!({
        "subject": format!("acct:{}@{}", instance_name(site), site.handle_domain()),
        "aliases": [actor],
        "links": [profile_page(&format!("{}/about", site.base())), self_link(&actor)],
    })
}

fn profile_page(href: &str) -> Value {
    json!({"rel": "http://webfinger.net/rel/profile-page", "type": "text/html", "href": href})
}

/// Mastodon compares the type as a string.
fn self_link(href: &str) -> Value {
    json!({"rel": "self", "type": ACTIVITY_JSON, "href": href})
}

/// Where `WebFinger` is answered (RFC 6415), as `application/xrd+xml`. One link only: Phanpy takes the first.
pub fn host_meta_xml(site: &Site) -> String {
    let template = html! { (webfinger_template(site)) }.into_string();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <XRD xmlns=\"http://docs.oasis-open.org/ns/xri/xrd-1.0\">\
         <Link rel=\"lrdd\" template=\"{template}\"/></XRD>\n"
    )
}

/// The same as JSON.
pub fn host_meta_json(site: &Site) -> Value {
    json!({"links": [{"rel": "lrdd", "template": webfinger_template(site)}]})
}

fn webfinger_template(site: &Site) -> String {
    format!("{}/.well-known/webfinger?resource={{uri}}", site.base())
}

/// `/.well-known/nodeinfo`, which also leads to the server's own actor (FEP-2677).
pub fn nodeinfo_links(site: &Site) -> Value {
    let schema = |version: &str| {
        json!({
            "rel": format!("http://nodeinfo.diaspora.software/ns/schema/{version}"),
            "href": format!("{}/nodeinfo/{version}", site.base()),
        })
    };
    json!({"links": [
        schema("2.0"),
        schema("2.1"),
        {
            "rel": "https://www.w3.org/ns/activitystreams#Application",
            "href": site.instance_actor(),
        },
    ]})
}
