//! How pages go out: with the policy that binds the browser, and as pages even where something failed.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Redirect, Response};
use maud::Markup;

use crate::web::Problem;
use crate::web::State as Web;
use crate::web::answer::{Keep, conditional};

use super::error;
use super::error::Trouble;
use super::frame::Frame;
use super::page::{HTML, bound};
use super::policy;

pub(super) use super::page::{once, page};

/// What every page of this server has in common.
pub(super) fn frame(web: &Web) -> Frame {
    Frame::of(web)
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
