//! What pages are made of besides text: style sheets, pictures, the mark in a browser's tab.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::{IntoResponse as _, Response};

use crate::agencies;
use crate::kernel::Handle;
use crate::platform::blobs;
use crate::web::Problem;
use crate::web::State as Web;
use crate::web::answer::{Keep, conditional};

use super::assets::Asset;
use crate::web::theme::Accent;

const CSS: &str = "text/css; charset=utf-8";
const MARK: &str = include_str!("../assets/mark.svg");

pub(super) async fn asset(Path(name): Path<String>, asked: HeaderMap) -> Result<Response, Problem> {
    let (asset, is_current) = Asset::named(&name).ok_or(Problem::NotFound)?;
    let keep = if is_current {
        Keep::Forever
    } else {
        Keep::Minute
    };
    Ok(conditional(
        &asked,
        asset.media_type(),
        keep,
        asset.content(),
    ))
}

/// An agency's own colour.
pub(super) async fn theme(
    State(web): State<Web>,
    Path(name): Path<String>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let handle: Handle = name.parse().map_err(|_| Problem::NotFound)?;
    let agency = web
        .db
        .read(move |conn| agencies::find_by_handle(conn, &handle))
        .await?;
    let accent = agency.and_then(|agency| agency.theme.accent?.parse::<Accent>().ok());
    let sheet = accent.ok_or(Problem::NotFound)?.style_sheet();
    Ok(conditional(&asked, CSS, Keep::Hour, sheet))
}

/// A stored picture. What it is decides what was stored, never its name or its bytes.
pub(super) async fn media(
    State(web): State<Web>,
    Path(name): Path<String>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let (digest, _) = name.split_once('.').ok_or(Problem::NotFound)?;
    let is_digest = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    if digest.len() != 64 || !digest.bytes().all(is_digest) {
        return Err(Problem::NotFound);
    }
    let wanted = digest.to_owned();
    let blob = web
        .db
        .read(move |conn| blobs::shown(conn, &wanted))
        .await?
        .ok_or(Problem::NotFound)?;
    let place = web.site.media(digest, &blob.media_type);
    if place.rsplit('/').next() != Some(name.as_str()) {
        return Err(Problem::NotFound);
    }
    let media_type = ["image/jpeg", "image/png", "image/gif", "image/webp"]
        .into_iter()
        .find(|known| *known == blob.media_type)
        .unwrap_or("application/octet-stream");
    let mut response = conditional(&asked, media_type, Keep::Forever, blob.bytes);
    let headers = response.headers_mut();
    for (name, value) in [
        ("content-security-policy", "default-src 'none'; sandbox"),
        ("x-content-type-options", "nosniff"),
        ("accept-ranges", "none"),
        // Other servers' pages may show what an agency publishes.
        ("cross-origin-resource-policy", "cross-origin"),
        ("access-control-allow-origin", "*"),
    ] {
        headers.insert(
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        );
    }
    headers.remove(header::VARY);
    Ok(response)
}

/// Browsers that ask for the old name take this form as well.
pub(super) async fn mark(asked: HeaderMap) -> Response {
    let mut response = conditional(&asked, "image/svg+xml", Keep::Hour, MARK);
    response.headers_mut().insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; sandbox"),
    );
    response
}

/// Everything here is public; what is of no use in a search says so itself.
pub(super) async fn robots() -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
        (header::CACHE_CONTROL, "public, max-age=3600"),
    ];
    (headers, "User-agent: *\nDisallow:\n").into_response()
}
