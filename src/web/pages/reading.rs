//! The pages that are read: the server's own, agencies, announcements and hashtags.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;

use crate::kernel::{AnnouncementId, Cursor, Handle, ReplyId};
use crate::publishing::markdown;
use crate::web::Problem;
use crate::web::State as Web;

use super::answer;
use super::load;
use super::load::{Found, Part};
use super::view;
use super::{about, agency, announcement, embed, front, hashtag, oembed, withdrawn};

type Asked<T> = Result<Query<T>, QueryRejection>;

pub(super) async fn front_page(
    State(web): State<Web>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let site = web.site.clone();
    let view = web.db.read(move |conn| load::front(conn, &site)).await?;
    let frame = answer::frame(&web);
    Ok(answer::page(&web, &asked, front::page(&frame, &view)))
}

pub(super) async fn about_page(State(web): State<Web>, asked: HeaderMap) -> Response {
    let statement = web.server.summary.as_ref().map(|text| {
        let rendered = markdown::render(text, &web.site, &[]);
        (rendered.html, web.server.language.clone())
    });
    let view = about::AboutPage { statement };
    let frame = answer::frame(&web);
    answer::page(&web, &asked, about::page(&frame, &view))
}

/// Where a list of announcements goes on.
#[derive(Deserialize)]
pub(in crate::web) struct Onward {
    after: Option<Cursor>,
}

/// `GET /@{name}`, which the router cannot tell from the feeds' addresses.
pub(in crate::web) async fn agency_page(
    web: &Web,
    name: &str,
    query: Asked<Onward>,
    asked: &HeaderMap,
) -> Result<Response, Problem> {
    let handle: Handle = name.parse().map_err(|_| Problem::NotFound)?;
    if handle.as_str() != name {
        return Ok(answer::moved(&format!("/@{handle}")));
    }
    let after = answer::questions(query)?.after;
    let (site, now) = (web.site.clone(), web.clock.now());
    let view = web
        .db
        .read(move |conn| load::agency_page(conn, &site, now, &handle, after))
        .await?
        .ok_or(Problem::NotFound)?;
    let frame = answer::frame(web);
    Ok(answer::page(web, asked, agency::page(&frame, &view)))
}

pub(super) async fn tag_page(
    State(web): State<Web>,
    Path(tag): Path<String>,
    query: Asked<Onward>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let after = answer::questions(query)?.after;
    if tag.chars().count() > LONGEST_TAG {
        return Err(Problem::NotFound);
    }
    let site = web.site.clone();
    let view = web
        .db
        .read(move |conn| load::tag_page(conn, &site, &tag, after))
        .await?;
    let frame = answer::frame(&web);
    Ok(answer::page(&web, &asked, hashtag::page(&frame, &view)))
}

/// In characters; longer than any that an announcement can bear.
const LONGEST_TAG: usize = 200;

/// Which part of a thread.
#[derive(Deserialize)]
pub(super) struct Paging {
    after: Option<ReplyId>,
    under: Option<ReplyId>,
}

pub(super) async fn announcement_page(
    State(web): State<Web>,
    Path((name, id)): Path<(String, String)>,
    query: Asked<Paging>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let id = named(&id)?;
    let Paging { after, under } = answer::questions(query)?;
    let part = Part { under, after };
    let site = web.site.clone();
    let found = web
        .db
        .read(move |conn| load::announcement(conn, &site, id, part))
        .await?
        .ok_or(Problem::NotFound)?;
    if let Some(elsewhere) = misnamed(&found, &name, id, "") {
        return Ok(elsewhere);
    }
    let frame = answer::frame(&web);
    Ok(match found {
        Found::Page(view) => {
            let markup = announcement::page(&frame, &view);
            let document = web.site.announcement(id);
            with_document(&document, answer::page(&web, &asked, markup))
        }
        Found::Withdrawn(view) => gone(&web, id, withdrawn::page(&frame, &view)),
    })
}

pub(super) async fn embed_page(
    State(web): State<Web>,
    Path((name, id)): Path<(String, String)>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let id = named(&id)?;
    let found = alone(&web, id).await?;
    if let Some(elsewhere) = misnamed(&found, &name, id, "/embed") {
        return Ok(elsewhere);
    }
    let frame = answer::frame(&web);
    Ok(match found {
        Found::Page(view) => answer::embedded(&asked, embed::page(&frame, &view)),
        Found::Withdrawn(view) => {
            let mut response = answer::embedded(&asked, withdrawn::page(&frame, &view));
            if response.status() == StatusCode::OK {
                *response.status_mut() = StatusCode::GONE;
            }
            response
        }
    })
}

/// What an embedding site asks: <https://oembed.com>, section 2.2.
#[derive(Deserialize)]
pub(super) struct Embedding {
    url: Option<String>,
    maxwidth: Option<u32>,
    maxheight: Option<u32>,
    format: Option<String>,
}

pub(super) async fn oembed_document(
    State(web): State<Web>,
    query: Asked<Embedding>,
) -> Result<Response, Problem> {
    let asked = query
        .map(|Query(asked)| asked)
        .map_err(|_| Problem::BadRequest("the width and height are numbers of pixels"))?;
    if asked.format.is_some_and(|format| format != "json") {
        return Ok(StatusCode::NOT_IMPLEMENTED.into_response());
    }
    let url = asked.url.ok_or(Problem::BadRequest(
        "an oEmbed question names a `url` of ours",
    ))?;
    let frame = answer::frame(&web);
    let id = oembed::asked_for(&frame, &url).ok_or(Problem::NotFound)?;
    let Found::Page(view) = alone(&web, id).await? else {
        return Err(Problem::NotFound);
    };
    let headers = [
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (header::CACHE_CONTROL, "public, max-age=3600"),
    ];
    let document = oembed::document(&frame, &view, asked.maxwidth, asked.maxheight);
    Ok((headers, Json(document)).into_response())
}

/// The announcement that stands in an address.
pub(super) fn named(id: &str) -> Result<AnnouncementId, Problem> {
    let parsed: AnnouncementId = id.parse().map_err(|_| Problem::NotFound)?;
    // `+7` and `007` are other addresses, and nothing stands there.
    if parsed.to_string() == id {
        Ok(parsed)
    } else {
        Err(Problem::NotFound)
    }
}

pub(super) async fn alone(web: &Web, id: AnnouncementId) -> Result<Found, Problem> {
    let site = web.site.clone();
    web.db
        .read(move |conn| load::announcement_alone(conn, &site, id))
        .await?
        .ok_or(Problem::NotFound)
}

/// The right address, if an announcement was asked for under another agency's name.
pub(super) fn misnamed(
    found: &Found,
    name: &str,
    id: AnnouncementId,
    rest: &str,
) -> Option<Response> {
    let handle = &agency_of(found).handle;
    (handle.as_str() != name).then(|| answer::moved(&format!("/@{handle}/{id}{rest}")))
}

pub(super) fn agency_of(found: &Found) -> &view::Agency {
    match found {
        Found::Page(page) => &page.agency,
        Found::Withdrawn(page) => &page.agency,
    }
}

/// Tells other servers where the same is for them.
pub(super) fn with_document(document: &str, mut response: Response) -> Response {
    let link = format!("<{document}>; rel=\"alternate\"; type=\"application/activity+json\"");
    if let Ok(link) = HeaderValue::from_str(&link) {
        response.headers_mut().insert(header::LINK, link);
    }
    response
}

pub(super) fn gone(web: &Web, id: AnnouncementId, markup: maud::Markup) -> Response {
    gone_for(web, &web.site.announcement(id), markup)
}

pub(super) fn gone_for(web: &Web, document: &str, markup: maud::Markup) -> Response {
    let mut response = answer::once(web, StatusCode::GONE, markup);
    let vary = HeaderValue::from_static("accept, accept-encoding");
    response.headers_mut().insert(header::VARY, vary);
    with_document(document, response)
}
