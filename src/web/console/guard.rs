//! Forms are taken from our own pages only.
//!
//! What a browser says of a request that another site caused cannot be forged by that site: `Sec-Fetch-Site` (Fetch
//! Metadata) where it is sent, and `Origin` (RFC 6454) elsewhere. A request that changes something and says neither is
//! refused; the cookie is `SameSite=Lax` besides.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use super::refusal::Refusal;
use super::visit;
use crate::web::State as Web;

pub(super) async fn only_from_here(
    State(web): State<Web>,
    request: Request,
    next: Next,
) -> Response {
    let is_safe = matches!(*request.method(), Method::GET | Method::HEAD);
    if is_safe || is_ours(request.headers(), web.site.base()) {
        next.run(request).await
    } else {
        let words = visit::words_asked(request.headers());
        Refusal::Elsewhere.page(&web, words, None).into_response()
    }
}

fn is_ours(headers: &HeaderMap, base: &str) -> bool {
    let text = |name| {
        headers
            .get(name)
            .and_then(|value: &axum::http::HeaderValue| value.to_str().ok())
    };
    match (text("sec-fetch-site"), text(header::ORIGIN.as_str())) {
        // `none`: the person themselves, such as by a reload.
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        (None, Some(origin)) => origin == base,
        (None, None) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_pages_send_forms() {
        let base = "https://social.city.gov";
        for (headers, ours) in [
            (vec![("sec-fetch-site", "same-origin")], true),
            (vec![("sec-fetch-site", "none")], true),
            (vec![("sec-fetch-site", "same-site")], false),
            (
                vec![("sec-fetch-site", "cross-site"), ("origin", base)],
                false,
            ),
            (vec![("origin", base)], true),
            (
                vec![("origin", "https://social.city.gov.evil.example")],
                false,
            ),
            (vec![("origin", "null")], false),
            (vec![], false),
        ] {
            let map: HeaderMap = headers
                .iter()
                .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
                .collect();
            assert_eq!(is_ours(&map, base), ours, "{headers:?}");
        }
    }
}
