//! How pages go out: with the policy that binds the browser.

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use maud::Markup;

use super::State as Web;
use super::answer::{Keep, conditional};
use super::policy;

pub(super) const HTML: &str = "text/html; charset=utf-8";

/// A page that a reader may keep for a minute.
pub(super) fn page(web: &Web, asked: &HeaderMap, markup: Markup) -> Response {
    let response = conditional(asked, HTML, Keep::Minute, markup.into_string());
    bound(response, policy_of(web))
}

/// A page that is the answer to this one request, and is not kept.
pub(super) fn once(web: &Web, status: StatusCode, markup: Markup) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HTML),
        (header::CACHE_CONTROL, "no-store"),
    ];
    bound(
        (status, headers, markup.into_string()).into_response(),
        policy_of(web),
    )
}

fn policy_of(web: &Web) -> &'static str {
    if web.server.allow_private {
        policy::PAGE_ON_PRIVATE_NETWORK
    } else {
        policy::PAGE
    }
}

pub(super) fn bound(mut response: Response, policy: &'static str) -> Response {
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(policy),
    );
    for (name, value) in policy::HEADERS {
        headers.insert(
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        );
    }
    response
}
