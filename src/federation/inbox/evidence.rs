//! The part of a request that its signature covers, kept beside the body so that anybody can check it later.

use http::HeaderMap;
use serde::Serialize;

#[derive(Serialize)]
struct Evidence<'a> {
    method: &'static str,
    target: &'a str,
    headers: Vec<(&'a str, &'a str)>,
}

/// Headers that carry a signature themselves and so are never among those it covers.
const CARRIERS: [&str; 2] = ["signature", "signature-input"];

/// Request line and signed headers as JSON; headers that are no text are left out, since no signature covers them.
pub(super) fn of(target: &str, headers: &HeaderMap, covered: &[String]) -> String {
    let named = covered.iter().map(String::as_str).chain(CARRIERS);
    let headers = named
        .flat_map(|name| {
            headers
                .get_all(name)
                .iter()
                .filter_map(move |value| Some((name, value.to_str().ok()?)))
        })
        .collect();
    serde_json::to_string(&Evidence {
        method: "POST",
        target,
        headers,
    })
    .unwrap_or_default()
}
