//! An announcement's page, with what citizens said to it.

use maud::{Markup, html};
use serde_json::Value;
use serde_json::json;

use crate::web::words;

use super::agency;
use super::card;
use super::excerpt;
use super::head::Alternate;
use super::head::Meta;
use super::layout;
use super::layout::Sheet;
use super::marks;
use super::poll;
use super::series;
use super::thread;
use super::view::Agency;
use super::view::Announcement;
use super::view::AnnouncementPage;
use super::view::Counts;
use super::view::Frame;
use super::view::Picture;

pub fn page(frame: &Frame, view: &AnnouncementPage) -> Markup {
    let announcement = &view.announcement;
    let language = announcement.language.as_str();
    let ours = layout::ours(language);
    let main = html! {
        article.announcement aria-labelledby="title" {
            (layout::letterhead(frame, &view.agency))
            header.announcement-head lang=[ours] {
                h1 #title { (words::announcement_of(announcement.published_at)) }
                p.dates {
                    (words::PUBLISHED) " " (layout::moment(announcement.published_at))
                    @if let Some(at) = announcement.edited_at {
                        span.edited { (words::EDITED) " " (layout::moment(at)) }
                    }
                }
            }
            (series::answering(frame, announcement, ours))
            (card::content(frame, announcement.into(), ours))
            @if let Some(poll) = &announcement.poll { (poll::poll(poll, language, language)) }
            @if let Some(provenance) = &announcement.provenance {
                p.hint lang=[ours] { (words::provenance(provenance)) }
            }
            (marks::line(frame, announcement.record.as_ref(), ours))
            (series::whole(frame, announcement, ours))
            (figures(announcement.counts, ours))
        }
        (thread::section(frame, view))
    };
    layout::document(
        frame,
        &Sheet {
            language,
            meta: meta(frame, &view.agency, announcement),
            agency: Some(&view.agency),
            main,
        },
    )
}

fn figures(counts: Counts, ours: Option<&'static str>) -> Markup {
    html! {
        dl.figures lang=[ours] aria-label=(words::IN_FIGURES) {
            @for (name, count) in [
                (words::REPLIES, counts.replies),
                (words::LIKES, counts.likes),
                (words::SHARES, counts.shares),
            ] {
                div { dt { (name) } dd { (words::number(count)) } }
            }
        }
    }
}

fn meta(frame: &Frame, agency: &Agency, announcement: &Announcement) -> Meta {
    let page = frame
        .site
        .announcement_page(&agency.handle, announcement.id);
    let warning = announcement.warning.as_deref();
    let first_words = match &announcement.article {
        Some(article) if warning.is_none() => article.title.clone(),
        _ => excerpt::of_announcement(&announcement.html, warning, 70),
    };
    let headline = words::headline(&agency.name, &first_words);
    Meta {
        title: words::titled(&headline, &frame.name),
        preview_title: Some(headline),
        description: excerpt::of_announcement(&announcement.html, warning, 300),
        kind: Some("article"),
        image: preview_image(agency, announcement),
        published: Some(announcement.published_at),
        modified: announcement.edited_at,
        creator: Some(frame.acct(&agency.handle)),
        alternates: vec![
            Alternate {
                media_type: "application/activity+json",
                href: frame.site.announcement(announcement.id),
                title: None,
            },
            Alternate {
                media_type: "application/json+oembed",
                href: frame.oembed(&page),
                title: Some(words::announcements_of(&agency.name)),
            },
            Alternate {
                media_type: "application/rss+xml",
                href: frame.rss(&agency.handle),
                title: Some(words::feed_title(&agency.name, words::RSS)),
            },
            Alternate {
                media_type: "application/atom+xml",
                href: frame.atom(&agency.handle),
                title: Some(words::feed_title(&agency.name, words::ATOM)),
            },
        ],
        json_ld: Some(json_ld(frame, agency, announcement, &page)),
        canonical: Some(page),
        ..Meta::default()
    }
}

/// A picture of the announcement's own, unless a warning covers it; else one of the agency's.
pub(super) fn preview_image(agency: &Agency, announcement: &Announcement) -> Option<Picture> {
    announcement
        .images
        .first()
        .filter(|_| announcement.warning.is_none())
        .map(|image| Picture {
            url: image.url.clone(),
            alt: image.alt.clone(),
        })
        .or_else(|| agency.header.clone())
        .or_else(|| agency.avatar.clone())
}

/// The announcement for search engines (schema.org).
fn json_ld(frame: &Frame, agency: &Agency, announcement: &Announcement, page: &str) -> Value {
    let publisher = agency::json_ld(frame, agency);
    let warning = announcement.warning.as_deref();
    json!({
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "@id": frame.site.announcement(announcement.id),
        "url": page,
        "mainEntityOfPage": page,
        // Search engines cut headlines at 110 characters.
        "headline": match &announcement.article {
            Some(article) if warning.is_none() => excerpt::of_text(&article.title, 105),
            _ => excerpt::of_announcement(&announcement.html, warning, 105),
        },
        "description": excerpt::of_announcement(&announcement.html, warning, 300),
        "inLanguage": announcement.language,
        "datePublished": announcement.published_at.to_whole_second(),
        "dateModified": announcement.edited_at.unwrap_or(announcement.published_at).to_whole_second(),
        "image": preview_image(agency, announcement).map(|image| image.url),
        "commentCount": announcement.counts.replies,
        "author": publisher,
        "publisher": publisher,
        "isAccessibleForFree": true,
    })
}
