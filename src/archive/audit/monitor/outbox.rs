//! What an agency shows in its ActivityPub outbox at this moment.

use std::collections::BTreeSet;

use serde_json::Value;
use url::Url;

use crate::archive::audit::Fault;
use crate::archive::audit::source::{LARGEST_TEXT, fetch};
use crate::kernel::Timestamp;
use crate::platform::net::Client;

const ACTIVITY: &str = "application/activity+json";
/// Pages that are read at most.
const MOST_PAGES: usize = 2_000;

/// An announcement in the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Said {
    /// Its ActivityPub id.
    pub(super) id: String,
    pub(super) published: Timestamp,
}

/// Whose record it is, as the record itself says in JSON.
pub(super) async fn actor_of(client: &Client, base: &Url) -> Result<Option<String>, Fault> {
    let mut url = base.clone();
    let path = format!("{}.json", base.path().trim_end_matches('/'));
    url.set_path(&path);
    let Some(record) = fetch(client, &url, "application/json", LARGEST_TEXT).await? else {
        return Ok(None);
    };
    let record: Option<Value> = serde_json::from_slice(&record).ok();
    let agency = record.as_ref().and_then(|record| record.get("agency"));
    Ok(agency.and_then(Value::as_str).map(str::to_owned))
}

/// What the outbox shows, the newest first, up to a page of which everything is known.
pub(super) async fn read(
    client: &Client,
    actor: &str,
    known: &BTreeSet<String>,
) -> Result<Vec<Said>, Fault> {
    let actor = document(client, actor).await?;
    let address = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
    let outbox = address(actor.get("outbox"))
        .ok_or_else(|| Fault::unreadable("the actor", "it names no outbox"))?;
    let outbox = document(client, &outbox).await?;
    let mut page = match outbox.get("first") {
        Some(Value::String(first)) => document(client, first).await?,
        Some(first) => first.clone(),
        None => outbox,
    };
    let mut all = vec![];
    for _ in 0..MOST_PAGES {
        let said = items(&page);
        let is_known = !said.is_empty() && said.iter().all(|it| known.contains(&it.id));
        all.extend(said);
        let next = address(page.get("next"));
        match next {
            Some(next) if !is_known => page = document(client, &next).await?,
            _ => break,
        }
    }
    Ok(all)
}

async fn document(client: &Client, url: &str) -> Result<Value, Fault> {
    let parsed: Url = url.parse().map_err(|error| Fault::unreadable(url, error))?;
    let bytes = fetch(client, &parsed, ACTIVITY, LARGEST_TEXT).await?;
    let bytes = bytes.ok_or_else(|| Fault::unreadable(url, "it is not there"))?;
    serde_json::from_slice(&bytes).map_err(|error| Fault::unreadable(url, error))
}

fn items(page: &Value) -> Vec<Said> {
    let list = page.get("orderedItems").or_else(|| page.get("items"));
    list.and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter(|item| item.get("type").and_then(Value::as_str) == Some("Create"))
        .filter_map(|item| {
            let object = item.get("object")?;
            let id = object.as_str().or_else(|| object.get("id")?.as_str())?;
            let published = object
                .get("published")
                .or_else(|| item.get("published"))
                .and_then(Value::as_str)
                .and_then(|at| at.parse().ok())
                .unwrap_or(Timestamp::EPOCH);
            Some(Said {
                id: id.to_owned(),
                published,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_is_created_counts() {
        let page = json!({"orderedItems": [
            {"type": "Create", "object": {"id": "https://a.example/1", "published": "2026-11-24T12:00:00Z"}},
            {"type": "Announce", "object": "https://b.example/2"},
            {"type": "Create", "published": "2026-11-24T12:00:01Z", "object": "https://a.example/3"},
            {"type": "Create"}, 7,
        ]});
        let said: Vec<String> = items(&page)
            .into_iter()
            .map(|it| format!("{} {}", it.id, it.published))
            .collect();
        assert_eq!(
            said,
            [
                "https://a.example/1 2026-11-24T12:00:00Z",
                "https://a.example/3 2026-11-24T12:00:01Z"
            ]
        );
    }
}
