//! An agency's collections: what it said, what it pinned, how many follow.

use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Deserialize;
use serde_json::Value;

use super::document;
use crate::dialogue::{followers as listeners, reactions};
use crate::federation::wire::outgoing as wire;
use crate::kernel::Cursor;
use crate::platform::db::{self, Conn};
use crate::publishing::{self, Announcement, Shelf};
use crate::web::{Problem, State as Web};

/// As many as Mastodon serves.
const PAGE: i64 = 20;
/// As many as Mastodon reads.
const TAGS: i64 = 10;

#[derive(Deserialize)]
pub(super) struct Paging {
    page: Option<String>,
    after: Option<Cursor>,
}

fn positive(count: i64) -> u64 {
    u64::try_from(count).unwrap_or(0)
}

fn totals(conn: &mut Conn, announcement: &Announcement) -> Result<wire::Totals, db::Error> {
    let tally = reactions::tally(conn, announcement.id)?;
    Ok(wire::Totals {
        likes: positive(tally.likes),
        shares: positive(tally.boosts),
    })
}

pub(super) async fn outbox(
    State(web): State<Web>,
    Path(id): Path<String>,
    Query(paging): Query<Paging>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let agency = super::agency(&web, &id).await?;
    let id = agency.id;
    if paging.page.is_none() && paging.after.is_none() {
        let total = web
            .db
            .read(move |conn| publishing::count(conn, Some(id)))
            .await?;
        return Ok(document(
            &asked,
            &wire::outbox(&web.site, id, positive(total)),
        ));
    }
    let (site, at) = (web.site.clone(), paging.after);
    let page = web
        .db
        .read(move |conn| {
            let announcements = publishing::by_agency(
                conn,
                id,
                Shelf::Everything,
                at.unwrap_or(Cursor::NEWEST),
                PAGE,
            )?;
            let full = i64::try_from(announcements.len()).unwrap_or(0) >= PAGE;
            let next = announcements.last().filter(|_| full).map(|last| Cursor {
                at: last.published_at,
                id: last.id.get(),
            });
            let mut items: Vec<Value> = vec![];
            for announcement in &announcements {
                let totals = totals(conn, announcement)?;
                items.push(wire::create(
                    &site,
                    &wire::create_id(&site, announcement.id),
                    &agency,
                    announcement,
                    totals,
                ));
            }
            Ok::<_, db::Error>(wire::Page { at, items, next })
        })
        .await?;
    Ok(document(&asked, &wire::outbox_page(&web.site, id, page)))
}

/// How many follow. Never who: whom a citizen listens to is their own affair.
pub(super) async fn followers(
    State(web): State<Web>,
    Path(id): Path<String>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let id = super::agency(&web, &id).await?.id;
    let total = web.db.read(move |conn| listeners::count(conn, id)).await?;
    Ok(document(
        &asked,
        &wire::followers(&web.site, id, positive(total)),
    ))
}

/// Agencies follow nobody.
pub(super) async fn following(
    State(web): State<Web>,
    Path(id): Path<String>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let id = super::agency(&web, &id).await?.id;
    Ok(document(&asked, &wire::following(&web.site, id, 0)))
}

pub(super) async fn featured(
    State(web): State<Web>,
    Path(id): Path<String>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let agency = super::agency(&web, &id).await?;
    let (id, site) = (agency.id, web.site.clone());
    let notes = web
        .db
        .read(move |conn| {
            let mut notes = vec![];
            for announcement in publishing::pinned(conn, id)? {
                let totals = totals(conn, &announcement)?;
                notes.push(wire::note(&site, &agency, &announcement, totals));
            }
            Ok::<_, db::Error>(notes)
        })
        .await?;
    Ok(document(&asked, &wire::featured(&web.site, id, notes)))
}

pub(super) async fn featured_tags(
    State(web): State<Web>,
    Path(id): Path<String>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let id = super::agency(&web, &id).await?.id;
    let tags = web
        .db
        .read(move |conn| publishing::tags_of(conn, id, TAGS))
        .await?;
    Ok(document(&asked, &wire::featured_tags(&web.site, id, &tags)))
}

/// The server's own actor says nothing.
pub(super) async fn instance_outbox(State(web): State<Web>, asked: HeaderMap) -> Response {
    document(&asked, &wire::instance_outbox_collection(&web.site))
}
