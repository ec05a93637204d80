//! What citizens do, and what becomes of it: from their server's request to the public record of the dialogue.

mod accounts;
mod order;
mod quotes;
mod reactions;
mod trust;
mod visibility;

use axum::http::StatusCode;

use crate::harness::TestServer;

/// The id of the announcement under `uri`, as its page's address has it.
fn number(uri: &str) -> &str {
    uri.rsplit('/').next().unwrap()
}

/// Every public address at which `text` is to be read, of all that concern the announcement and its agency.
async fn seen_in_public(server: &TestServer, announcement: &str, text: &str) -> Vec<String> {
    let id = number(announcement);
    let agency = server.actor();
    let json = "application/activity+json";
    let mut seen = vec![];
    for (url, accept) in [
        ("/".to_owned(), "text/html"),
        ("/@water".to_owned(), "text/html"),
        (format!("/@water/{id}"), "text/html"),
        ("/@water.rss".to_owned(), "*/*"),
        ("/@water.atom".to_owned(), "*/*"),
        (announcement.to_owned(), json),
        (format!("{announcement}/replies"), json),
        (format!("{announcement}/replies?page=true"), json),
        (format!("/ap/contexts/{id}"), json),
        (format!("/ap/contexts/{id}?page=true"), json),
        (format!("{announcement}/likes"), json),
        (format!("{announcement}/shares"), json),
        (agency.clone(), json),
        (format!("{agency}/outbox?page=true"), json),
        (format!("{agency}/featured"), json),
        (format!("{agency}/followers"), json),
        ("/nodeinfo/2.1".to_owned(), "*/*"),
    ] {
        let reply = server.get(&url, accept).await;
        assert_ne!(reply.status, StatusCode::INTERNAL_SERVER_ERROR, "{url}");
        if reply.text().contains(text) {
            seen.push(url);
        }
    }
    seen
}

/// The ids that the announcement's collection of replies lists.
async fn listed(server: &TestServer, announcement: &str) -> Vec<String> {
    let page = server
        .document(&format!("{announcement}/replies?page=true"))
        .await;
    let items = page["items"].as_array().cloned().unwrap_or_default();
    items
        .iter()
        .map(|item| item.as_str().unwrap().to_owned())
        .collect()
}

async fn total(server: &TestServer, collection: &str) -> i64 {
    server.document(collection).await["totalItems"]
        .as_i64()
        .unwrap()
}
