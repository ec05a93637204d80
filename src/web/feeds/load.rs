//! An agency's newest announcements, read from the stores and answered in either format.

use std::collections::HashMap;

use axum::http::HeaderMap;
use axum::response::Response;

use crate::agencies;
use crate::kernel::{AnnouncementId, Cursor, Handle, Site};
use crate::platform::blobs;
use crate::platform::db;
use crate::platform::db::Conn;
use crate::publishing::{self, Announcement, Shelf};
use crate::web::Problem;
use crate::web::State as Web;
use crate::web::answer::{Keep, conditional};

use super::view::{Entry, Feed, Image};
use super::{atom, rss};

const ENTRIES: i64 = 30;

/// `GET /@{handle}.rss`
pub(in crate::web) async fn rss_feed(
    web: &Web,
    handle: &str,
    asked: &HeaderMap,
) -> Result<Response, Problem> {
    let feed = feed(web, handle, "rss").await?;
    Ok(conditional(
        asked,
        rss::MEDIA_TYPE,
        Keep::Minute,
        rss::render(&feed),
    ))
}

/// `GET /@{handle}.atom`
pub(in crate::web) async fn atom_feed(
    web: &Web,
    handle: &str,
    asked: &HeaderMap,
) -> Result<Response, Problem> {
    let feed = feed(web, handle, "atom").await?;
    Ok(conditional(
        asked,
        atom::MEDIA_TYPE,
        Keep::Minute,
        atom::render(&feed),
    ))
}

async fn feed(web: &Web, handle: &str, ending: &'static str) -> Result<Feed, Problem> {
    let handle: Handle = handle.parse().map_err(|_| Problem::NotFound)?;
    let site = web.site.clone();
    web.db
        .read(move |conn| load(conn, &site, &handle, ending))
        .await?
        .ok_or(Problem::NotFound)
}

fn load(
    conn: &mut Conn,
    site: &Site,
    handle: &Handle,
    ending: &str,
) -> Result<Option<Feed>, db::Error> {
    let Some(agency) = agencies::find_by_handle(conn, handle)? else {
        return Ok(None);
    };
    let newest = publishing::by_agency(
        conn,
        agency.id,
        Shelf::Announcements,
        Cursor::NEWEST,
        ENTRIES,
    )?;
    let ids: Vec<AnnouncementId> = newest.iter().map(|it| it.id).collect();
    let mut series = publishing::further(conn, &ids)?;
    for posts in series.values_mut() {
        posts.retain(|post| post.withdrawn.is_none());
    }
    let digests: Vec<String> = newest
        .iter()
        .chain(series.values().flatten())
        .flat_map(|it| &it.revision.images)
        .map(|image| image.digest.clone())
        .collect();
    let sizes = blobs::sizes(conn, &digests)?;
    let entries = newest.into_iter().map(|it| {
        let further = series.remove(&it.id).unwrap_or_default();
        let further = further.into_iter();
        Entry {
            further: further.map(|it| entry(site, handle, it, &sizes)).collect(),
            ..entry(site, handle, it, &sizes)
        }
    });
    let entries: Vec<Entry> = entries.collect();
    let updated_at = entries.iter().map(Entry::updated_at).max();
    let page = site.agency_page(handle);
    Ok(Some(Feed {
        id: site.actor(agency.id),
        title: agency.name,
        summary: agency.summary_html.to_text(),
        address: format!("{page}.{ending}"),
        page,
        language: agency.language,
        avatar: agency
            .avatar
            .map(|it| site.media(&it.digest, &it.media_type)),
        updated_at: updated_at.unwrap_or(agency.created_at),
        entries,
        version: env!("CARGO_PKG_VERSION").to_owned(),
    }))
}

fn entry(site: &Site, handle: &Handle, it: Announcement, sizes: &HashMap<String, u64>) -> Entry {
    let images = it.revision.images.into_iter().map(|image| Image {
        url: site.media(&image.digest, &image.media_type),
        media_type: image.media_type,
        alt: image.alt,
        bytes: sizes.get(&image.digest).copied().unwrap_or(0),
        width: image.width,
        height: image.height,
    });
    Entry {
        id: site.announcement(it.id),
        page: site.announcement_page(handle, it.id),
        images: images.collect(),
        html: it.revision.html,
        article: it.revision.article,
        warning: it.revision.warning,
        language: it.revision.language,
        hashtags: it
            .revision
            .hashtags
            .into_iter()
            .map(|tag| tag.display)
            .collect(),
        poll: it.poll,
        published_at: it.published_at,
        edited_at: it.edited_at,
        further: vec![],
    }
}
