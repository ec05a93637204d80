//! Announcements and what hangs on them: `GET /ap/announcements/{id}`, its replies, likes and shares, its
//! conversation, activities and stamps.

use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Deserialize;
use serde_json::Value;

use super::{document, gone};
use crate::agencies::{self, Agency};
use crate::archive::erasure;
use crate::archive::kind::Subject;
use crate::dialogue::reactions::{self, Tally};
use crate::dialogue::{actors, quotes, replies};
use crate::federation::outbox;
use crate::federation::wire::outgoing as wire;
use crate::kernel::{ActivityId, AnnouncementId, Cursor, QuoteId, ReplyId, Timestamp};
use crate::platform::db::{self, Conn};
use crate::publishing::articles;
use crate::publishing::{self, Announcement};
use crate::web::{Problem, State as Web};

/// Ids on a page of replies. Mastodon walks up to 500 pages.
const PAGE: i64 = 60;

#[derive(Deserialize)]
pub(super) struct Paging {
    page: Option<String>,
    after: Option<Cursor>,
}

impl Paging {
    /// Whether a page is asked for, rather than the collection itself.
    const fn is_page(&self) -> bool {
        self.page.is_some() || self.after.is_some()
    }
}

/// The reply behind which a page begins.
fn behind(after: Option<Cursor>) -> ReplyId {
    ReplyId::new(after.map_or(0, |cursor| cursor.id.max(0)))
}

struct Found {
    agency: Agency,
    announcement: Announcement,
    tally: Tally,
}

fn find(conn: &mut Conn, id: AnnouncementId) -> Result<Found, db::Error> {
    let announcement = publishing::find(conn, id)?.ok_or(db::Error::NotFound)?;
    let agency = agencies::find(conn, announcement.agency)?.ok_or(db::Error::NotFound)?;
    let tally = reactions::tally(conn, id)?;
    Ok(Found {
        agency,
        announcement,
        tally,
    })
}

async fn existing(web: &Web, id: &str) -> Result<Found, Problem> {
    let id: AnnouncementId = id.parse().map_err(|_| Problem::NotFound)?;
    Ok(web.db.read(move |conn| find(conn, id)).await?)
}

fn totals(tally: Tally) -> wire::Totals {
    wire::Totals {
        likes: positive(tally.likes),
        shares: positive(tally.boosts),
    }
}

fn positive(count: i64) -> u64 {
    u64::try_from(count).unwrap_or(0)
}

pub(super) async fn note(
    State(web): State<Web>,
    Path(id): Path<String>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let found = existing(&web, &id).await?;
    let announcement = &found.announcement;
    Ok(match &announcement.withdrawn {
        Some(withdrawal) => gone(&wire::tombstone(&web.site, announcement, withdrawal.at)),
        None => document(
            &asked,
            &wire::note(&web.site, &found.agency, announcement, totals(found.tally)),
        ),
    })
}

/// `GET /ap/announcements/{id}/article`: what it says at length, as it stands now.
pub(super) async fn article(
    State(web): State<Web>,
    Path(id): Path<String>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let found = existing(&web, &id).await?;
    let announcement = &found.announcement;
    let id = announcement.id;
    let withdrawn_at = announcement.withdrawn.as_ref().map(|it| it.at);
    if let Some(article) = &announcement.revision.article
        && withdrawn_at.is_none()
    {
        let document = wire::article(&web.site, &found.agency, announcement, article);
        return Ok(super::document(&asked, &document));
    }
    let wordings = web
        .db
        .read(move |conn| articles::wordings(conn, id))
        .await?;
    let gone_at = withdrawn_at.or_else(|| articles::taken_away_at(&wordings));
    match gone_at {
        Some(at) if wordings.iter().any(|it| it.article.is_some()) => {
            Ok(gone(&wire::article_tombstone(&web.site, id, at)))
        }
        _ => Err(Problem::NotFound),
    }
}

/// The ids of all public replies, remote ones included: the one way in which a reader elsewhere sees the whole
/// conversation. Under the head of a thread stands all of it, under an answer what answers that.
pub(super) async fn replies(
    State(web): State<Web>,
    Path(id): Path<String>,
    Query(paging): Query<Paging>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let found = existing(&web, &id).await?;
    let id = found.announcement.id;
    let at = paging.after;
    let site = web.site.clone();
    let is_head = found.announcement.thread == id;
    let page = web
        .db
        .read(move |conn| {
            if is_head {
                conversation(conn, &site, id, at, false)
            } else {
                let parent = site.announcement(id);
                let direct = replies::children(conn, &[parent], behind(at), PAGE)?;
                let next = next(direct.len(), direct.last().map(|reply| reply.id));
                let shown = direct
                    .into_iter()
                    .filter(|it| it.standing == replies::Standing::Shown);
                Ok(wire::Page {
                    at,
                    items: shown.map(|reply| reply.uri).collect(),
                    next,
                })
            }
        })
        .await?;
    let total = if is_head {
        positive(found.tally.replies)
    } else {
        u64::try_from(page.items.len()).unwrap_or(0)
    };
    Ok(document(
        &asked,
        &if paging.is_page() {
            wire::replies_page(&web.site, id, page)
        } else {
            wire::replies(&web.site, id, total, page)
        },
    ))
}

/// The conversation that an announcement heads, the agencies' answers included (FEP-7888).
pub(super) async fn context(
    State(web): State<Web>,
    Path(id): Path<String>,
    Query(paging): Query<Paging>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let found = existing(&web, &id).await?;
    let (id, agency) = (found.announcement.thread, found.agency.id);
    let (site, at) = (web.site.clone(), paging.after);
    let page = web
        .db
        .read(move |conn| conversation(conn, &site, id, at, true))
        .await?;
    Ok(document(
        &asked,
        &if paging.is_page() {
            wire::context_page(&web.site, id, page)
        } else {
            wire::context_collection(&web.site, agency, id, positive(found.tally.replies))
        },
    ))
}

/// A page of a thread's ids: on the first the agencies' own, then the citizens'.
fn conversation(
    conn: &mut Conn,
    site: &crate::kernel::Site,
    thread: AnnouncementId,
    at: Option<Cursor>,
    with_head: bool,
) -> Result<wire::Page<String>, db::Error> {
    let mut items = vec![];
    if at.is_none() {
        let own = publishing::thread(conn, thread)?;
        let own = own
            .iter()
            .filter(|it| it.withdrawn.is_none() && (with_head || it.id != thread));
        items.extend(own.map(|it| site.announcement(it.id)));
    }
    let citizens = replies::ids_in_thread(conn, thread, behind(at), PAGE)?;
    let next = next(citizens.len(), citizens.last().map(|(id, _)| *id));
    items.extend(citizens.into_iter().map(|(_, uri)| uri));
    Ok(wire::Page { at, items, next })
}

fn next(count: usize, last: Option<ReplyId>) -> Option<Cursor> {
    let full = i64::try_from(count).unwrap_or(0) >= PAGE;
    last.filter(|_| full).map(|id| Cursor {
        at: Timestamp::EPOCH,
        id: id.get(),
    })
}

pub(super) async fn likes(
    State(web): State<Web>,
    Path(id): Path<String>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let found = existing(&web, &id).await?;
    Ok(document(
        &asked,
        &wire::likes(
            &web.site,
            found.announcement.id,
            positive(found.tally.likes),
        ),
    ))
}

pub(super) async fn shares(
    State(web): State<Web>,
    Path(id): Path<String>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let found = existing(&web, &id).await?;
    Ok(document(
        &asked,
        &wire::shares(
            &web.site,
            found.announcement.id,
            positive(found.tally.boosts),
        ),
    ))
}

/// An activity as it was sent, if it was sent to everybody.
pub(super) async fn activity(
    State(web): State<Web>,
    Path(id): Path<String>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let id: ActivityId = id.parse().map_err(|_| Problem::NotFound)?;
    let sent = web
        .db
        .read(move |conn| {
            let sent = outbox::sent(conn, id)?;
            let about = sent.as_ref().and_then(|it| it.announcement);
            let withheld = match about.map(Subject::Announcement) {
                Some(subject) => !erasure::withheld(conn, &[subject])?.is_empty(),
                None => false,
            };
            // That it was withdrawn says nothing of what it said.
            Ok::<_, db::Error>(sent.filter(|it| !withheld || it.kind == "Delete"))
        })
        .await?;
    let sent = sent
        .filter(outbox::Sent::is_public)
        .ok_or(Problem::NotFound)?;
    let body: Value = serde_json::from_slice(&sent.body).map_err(|_| Problem::Internal)?;
    Ok(document(&asked, &body))
}

pub(super) async fn quote_authorization(
    State(web): State<Web>,
    Path(id): Path<String>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let id: QuoteId = id.parse().map_err(|_| Problem::NotFound)?;
    let (quote, actor, agency) = web
        .db
        .read(move |conn| {
            let quote = quotes::find(conn, id)?
                .filter(|quote| !quote.revoked)
                .ok_or(db::Error::NotFound)?;
            let actor = actors::by_id(conn, quote.actor)?.ok_or(db::Error::NotFound)?;
            let found = find(conn, quote.announcement)?;
            if found.announcement.withdrawn.is_some() {
                return Err(db::Error::NotFound);
            }
            Ok((quote, actor, found.agency.id))
        })
        .await?;
    Ok(document(
        &asked,
        &wire::quote_authorization(&web.site, agency, &wire::QuoteView::of(&quote, &actor)),
    ))
}
