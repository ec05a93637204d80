//! How pages go out: with the policy that binds the browser, and as pages even where something failed.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Redirect, Response};
use maud::Markup;

use crate::web::Problem;
use crate::web::State as Web;
use crate::web::answer::{Keep, conditional};
use crate::web::words;

use super::error;
use super::error::Trouble;
use super::head::Meta;
use super::layout::{self, Sheet};
use super::policy;
use super::view::{Frame, Link};

const HTML: &str = "text/html; charset=utf-8";

/// What every page of this server has in common.
pub(super) fn frame(web: &Web) -> Frame {
    Frame {
        site: web.site.clone(),
        name: web.server.name.clone(),
        contact: web.server.contact.as_deref().map(contact),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        source: web.server.source.clone(),
    }
}

/// An e-mail address or a web address, as an operator writes it.
fn contact(text: &str) -> Link {
    let text = text.trim();
    let url = if text.contains("://") || text.starts_with("mailto:") || text.starts_with("tel:") {
        text.to_owned()
    } else if text.contains('@') {
        format!("mailto:{text}")
    } else {
        String::new()
    };
    let label = ["https://", "http://", "mailto:", "tel:"]
        .iter()
        .find_map(|scheme| text.strip_prefix(scheme))
        .unwrap_or(text);
    Link {
        label: label.trim_end_matches('/').to_owned(),
        url,
    }
}

/// A page that a reader may keep for a minute.
pub(super) fn page(web: &Web, asked: &HeaderMap, markup: Markup) -> Response {
    let response = conditional(asked, HTML, Keep::Minute, markup.into_string());
    bound(response, policy_of(web))
}

/// What another surface shows to people, in the frame of all pages: its title, what it is about, its path, and itself.
pub(in crate::web) fn framed(
    web: &Web,
    asked: &HeaderMap,
    (title, description, path): (&str, &str, &str),
    main: Markup,
) -> Response {
    let frame = frame(web);
    let meta = Meta {
        title: words::titled(title, &frame.name),
        description: description.to_owned(),
        canonical: Some(format!("{}{path}", frame.site.base())),
        ..Meta::default()
    };
    let sheet = Sheet {
        language: words::LANGUAGE,
        meta,
        agency: None,
        main,
    };
    page(web, asked, layout::document(&frame, &sheet))
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

/// A page for the inside of other pages.
pub(super) fn embedded(asked: &HeaderMap, markup: Markup) -> Response {
    let response = conditional(asked, HTML, Keep::Minute, markup.into_string());
    let mut response = bound(response, policy::EMBED);
    let headers = response.headers_mut();
    // Whoever frames it may be of another origin.
    headers.remove("cross-origin-opener-policy");
    headers.insert(
        "cross-origin-resource-policy",
        HeaderValue::from_static("cross-origin"),
    );
    response
}

/// Leads to the one address of a page, for good.
pub(super) fn moved(path: &str) -> Response {
    let vary = [(header::VARY, HeaderValue::from_static("accept"))];
    match HeaderValue::from_str(path) {
        Ok(location) => (
            StatusCode::MOVED_PERMANENTLY,
            vary,
            [(header::LOCATION, location)],
        )
            .into_response(),
        Err(_) => Redirect::permanent("/").into_response(),
    }
}

/// The questions behind a `?`, or a sentence about them.
pub(super) fn questions<T>(query: Result<Query<T>, QueryRejection>) -> Result<T, Problem> {
    query
        .map(|Query(questions)| questions)
        .map_err(|_| Problem::BadRequest("the address names no page of this list"))
}

fn policy_of(web: &Web) -> &'static str {
    if web.server.allow_private {
        policy::PAGE_ON_PRIVATE_NETWORK
    } else {
        policy::PAGE
    }
}

fn bound(mut response: Response, policy: &'static str) -> Response {
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

/// Turns a failure into a page where a person asked: by what the request accepts, whichever surface answered.
pub(in crate::web) async fn for_people(
    State(web): State<Web>,
    request: Request,
    next: Next,
) -> Response {
    let people = wants_page(request.headers()) && !request.uri().path().starts_with("/health/");
    let head = request.method() == Method::HEAD;
    let response = next.run(request).await;
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let is_page = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    let mut answer = if people && !is_page {
        let markup = error::page(&frame(&web), Trouble::of(status.as_u16()));
        let mut answer = once(&web, status, markup);
        for kept in [header::RETRY_AFTER, header::ALLOW] {
            if let Some(value) = response.headers().get(&kept) {
                answer.headers_mut().insert(kept, value.clone());
            }
        }
        if head {
            *answer.body_mut() = axum::body::Body::empty();
        }
        answer
    } else {
        response
    };
    if !answer.headers().contains_key(header::VARY) {
        let vary = HeaderValue::from_static("accept, accept-encoding");
        answer.headers_mut().insert(header::VARY, vary);
    }
    answer
}

fn wants_page(asked: &HeaderMap) -> bool {
    asked
        .get_all(header::ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|one| one.split(';').next())
        .any(|one| one.trim().eq_ignore_ascii_case("text/html"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contact_becomes_a_link() {
        let link = |text| {
            let Link { label, url } = contact(text);
            (label, url)
        };
        let pair = |label: &str, url: &str| (label.to_owned(), url.to_owned());
        assert_eq!(
            link("press@city.gov"),
            pair("press@city.gov", "mailto:press@city.gov")
        );
        assert_eq!(
            link("https://city.gov/contact/"),
            pair("city.gov/contact", "https://city.gov/contact/")
        );
        assert_eq!(link("the town hall"), pair("the town hall", ""));
    }
}
