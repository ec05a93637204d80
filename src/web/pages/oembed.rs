//! How another site embeds an announcement: <https://oembed.com>, type `rich`.

use maud::html;
use serde::Serialize;

use crate::web::words;

use super::view::AnnouncementPage;
use super::view::Frame;

/// Seconds for which an embedding site may keep the document.
const CACHE_AGE: u32 = 86_400;
/// Pixels, unless the embedding site has less room.
const WIDTH: u32 = 480;
const HEIGHT: u32 = 420;
const NARROWEST: u32 = 220;

/// The document that `/api/oembed?url=…` answers, as `application/json`.
#[derive(Debug, Serialize)]
pub struct Document {
    r#type: &'static str,
    version: &'static str,
    title: String,
    author_name: String,
    author_url: String,
    provider_name: String,
    provider_url: String,
    cache_age: u32,
    html: String,
    width: u32,
    height: u32,
}

/// `max_width` and `max_height` as asked for, in pixels.
pub fn document(
    frame: &Frame,
    view: &AnnouncementPage,
    max_width: Option<u32>,
    max_height: Option<u32>,
) -> Document {
    let agency = &view.agency;
    let width = max_width.map_or(WIDTH, |most| WIDTH.min(most.max(NARROWEST)));
    let height = max_height.map_or(HEIGHT, |most| HEIGHT.min(most.max(NARROWEST)));
    let title = words::headline(
        &agency.name,
        &words::announcement_of(view.announcement.published_at),
    );
    let source = format!(
        "{}/embed",
        frame
            .site
            .announcement_page(&agency.handle, view.announcement.id)
    );
    let html = html! {
        iframe src=(source) title=(title) width=(width) height=(height) loading="lazy"
            sandbox="allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation" {}
    };
    Document {
        r#type: "rich",
        version: "1.0",
        title,
        author_name: agency.name.clone(),
        author_url: frame.site.agency_page(&agency.handle),
        provider_name: frame.name.clone(),
        provider_url: format!("{}/", frame.site.base()),
        cache_age: CACHE_AGE,
        html: html.into_string(),
        width,
        height,
    }
}

/// Which announcement the `url` parameter names: a page of ours, its own or that of its long text, with or without `/embed`.
pub fn asked_for(frame: &Frame, url: &str) -> Option<crate::kernel::AnnouncementId> {
    frame
        .site
        .announcement_of_page(url.strip_suffix("/embed").unwrap_or(url))
}
