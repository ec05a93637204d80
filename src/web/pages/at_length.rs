//! The pages of long texts, as they are asked for.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use crate::kernel::AnnouncementId;
use crate::web::Problem;
use crate::web::State as Web;

use super::answer;
use super::article;
use super::load;
use super::load::AtLength;
use super::reading::{gone_for, named, with_document};
use super::view;
use super::withdrawn;

/// `GET /@{name}/{id}/article`
pub(super) async fn article_page(
    State(web): State<Web>,
    Path((name, id)): Path<(String, String)>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let id = named(&id)?;
    let site = web.site.clone();
    let found = web
        .db
        .read(move |conn| load::article(conn, &site, id))
        .await?
        .ok_or(Problem::NotFound)?;
    let handle = match &found {
        AtLength::Page(view) => &view.agency.handle,
        AtLength::Nothing { agency, .. } => &agency.handle,
        AtLength::Withdrawn(view) => &view.agency.handle,
    };
    if handle.as_str() != name {
        return Ok(answer::moved(&format!("/@{handle}/{id}/article")));
    }
    let frame = answer::frame(&web);
    let document = web.site.article(id);
    Ok(match found {
        AtLength::Page(view) => {
            let markup = article::page(&frame, &view);
            with_document(&document, answer::page(&web, &asked, markup))
        }
        AtLength::Nothing { agency, had_one } => instead(&agency, id, had_one)?,
        AtLength::Withdrawn(view) => gone_for(&web, &document, withdrawn::page(&frame, &view)),
    })
}

/// `GET /@{name}/{id}/article/changes/{number}`
pub(super) async fn change_page(
    State(web): State<Web>,
    Path((name, id, number)): Path<(String, String, i32)>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let id = named(&id)?;
    let site = web.site.clone();
    let found = web
        .db
        .read(move |conn| load::change(conn, &site, id, number))
        .await?
        .ok_or(Problem::NotFound)?;
    let handle = match &found {
        AtLength::Page(view) => &view.agency.handle,
        AtLength::Nothing { agency, .. } => &agency.handle,
        AtLength::Withdrawn(view) => &view.agency.handle,
    };
    if handle.as_str() != name {
        return Ok(answer::moved(&format!(
            "/@{handle}/{id}/article/changes/{number}"
        )));
    }
    let frame = answer::frame(&web);
    Ok(match found {
        AtLength::Page(view) => answer::page(&web, &asked, article::change(&frame, &view)),
        AtLength::Nothing { agency, had_one } => instead(&agency, id, had_one)?,
        AtLength::Withdrawn(view) => {
            gone_for(&web, &web.site.article(id), withdrawn::page(&frame, &view))
        }
    })
}

/// Who looks for a text that was taken away is led to the announcement.
fn instead(agency: &view::Agency, id: AnnouncementId, had_one: bool) -> Result<Response, Problem> {
    let location = format!("/@{}/{id}", agency.handle);
    let location = HeaderValue::from_str(&location).map_err(|_| Problem::NotFound)?;
    if !had_one {
        return Err(Problem::NotFound);
    }
    let headers = [
        (header::LOCATION, location),
        (
            header::VARY,
            HeaderValue::from_static("accept, accept-encoding"),
        ),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
    ];
    Ok((StatusCode::SEE_OTHER, headers).into_response())
}
