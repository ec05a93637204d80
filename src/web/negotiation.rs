//! One address, two readers: servers that ask for ActivityPub get the document, people get the page.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use crate::agencies;
use crate::kernel::AnnouncementId;
use crate::platform::db;
use crate::publishing;

/// Leads a server from a page's address to the document's, and a person from the document's to the page.
pub(super) async fn lead(
    State(state): State<super::State>,
    mut request: Request,
    next: Next,
) -> Response {
    if request.method() != Method::GET && request.method() != Method::HEAD {
        return next.run(request).await;
    }
    let path = request.uri().path().to_owned();
    if let Some(page) = path.strip_prefix("/@") {
        if wants_activity(request.headers()) {
            let document = document_of(&state, page).await;
            if let Ok(Some(document)) = document
                && let Ok(uri) = document.parse::<Uri>()
            {
                *request.uri_mut() = uri;
            }
        }
    } else if path.starts_with("/ap/")
        && wants_page(request.headers())
        && let Ok(Some(page)) = page_of(&state, &path).await
        && let Ok(location) = HeaderValue::from_str(&page)
    {
        let vary = (header::VARY, HeaderValue::from_static("accept"));
        return (StatusCode::SEE_OTHER, [(header::LOCATION, location), vary]).into_response();
    }
    next.run(request).await
}

/// Whether the reader asks for ActivityPub: with or without a profile, since Mastodon's fetcher leaves it out.
fn wants_activity(headers: &HeaderMap) -> bool {
    accepts(headers).any(|one| one == "application/activity+json" || one == "application/ld+json")
}

/// Whether the reader is a browser: asks for HTML and not for ActivityPub.
pub(super) fn wants_page(headers: &HeaderMap) -> bool {
    accepts(headers).any(|one| one == "text/html") && !wants_activity(headers)
}

fn accepts(headers: &HeaderMap) -> impl Iterator<Item = String> {
    headers
        .get_all(header::ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|one| {
            one.split(';')
                .next()
                .unwrap_or_default()
                .trim()
                .to_ascii_lowercase()
        })
}

/// `/@water`, `/@water/7` and `/@water/7/article` as paths of documents.
async fn document_of(state: &super::State, page: &str) -> Result<Option<String>, db::Error> {
    let (handle, id) = match page.split_once('/') {
        Some((handle, id)) => (handle.to_owned(), Some(id.to_owned())),
        None => (page.to_owned(), None),
    };
    let Ok(handle) = handle.parse() else {
        return Ok(None);
    };
    if let Some(id) = id {
        let (id, rest) = match id.strip_suffix("/article") {
            Some(id) => (id, "/article"),
            None => (id.as_str(), ""),
        };
        let id = id.parse::<AnnouncementId>().ok();
        return Ok(id.map(|id| format!("/ap/announcements/{id}{rest}")));
    }
    let agency = state
        .db
        .read(move |conn| agencies::find_by_handle(conn, &handle))
        .await?;
    Ok(agency.map(|agency| format!("/ap/agencies/{}", agency.id)))
}

/// `/ap/agencies/1`, `/ap/announcements/7` and its `/article` as addresses of pages.
async fn page_of(state: &super::State, path: &str) -> Result<Option<String>, db::Error> {
    let uri = format!("{}{path}", state.site.base());
    let site = state.site.clone();
    if let Some(id) = site.agency_of(&uri) {
        let agency = state.db.read(move |conn| agencies::find(conn, id)).await?;
        return Ok(agency.map(|agency| site.agency_page(&agency.handle)));
    }
    let Some(id) = site.announcement_of(&uri) else {
        return Ok(None);
    };
    state
        .db
        .read(move |conn| {
            let Some((agency, _)) = publishing::place_of(conn, id)? else {
                return Ok(None);
            };
            let Some(agency) = agencies::find(conn, agency)? else {
                return Ok(None);
            };
            Ok(Some(if site.article_of(&uri).is_some() {
                site.article_page(&agency.handle, id)
            } else {
                site.announcement_page(&agency.handle, id)
            }))
        })
        .await
}
