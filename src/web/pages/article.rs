//! What an announcement says at length: its page, how a wording of it differs from the one before, and what leads there.

use maud::{Markup, PreEscaped, html};
use serde_json::{Value, json};

use crate::web::long_text;
use crate::web::words;
use crate::web::words::article as said;

use super::agency;
use super::announcement;
use super::card;
use super::excerpt;
use super::head::Alternate;
use super::head::Meta;
use super::language;
use super::layout;
use super::layout::Sheet;
use super::marks;
use super::view::ArticlePage;
use super::view::ChangePage;
use super::view::Frame;
use super::view::Heading;
use super::view::Piece;
use super::view::Teaser;
use super::view::WordingOf;

/// Fewer headings than these are seen at a glance.
const FEWEST_HEADINGS: usize = 4;
/// Characters of what did not change that are shown before and behind what did.
const AROUND: usize = 200;

pub fn page(frame: &Frame, view: &ArticlePage) -> Markup {
    let announcement = &view.announcement;
    let language = announcement.language.as_str();
    let ours = layout::ours(language);
    let conversation = frame.announcement(&view.agency.handle, announcement.id);
    let main = html! {
        article.announcement.at-length aria-labelledby="title" {
            (layout::letterhead(frame, &view.agency))
            header.announcement-head {
                h1 #title { (view.title) }
                p.dates lang=[ours] {
                    (words::PUBLISHED) " " (layout::moment(announcement.published_at))
                    @if let Some(at) = announcement.edited_at {
                        span.edited { (words::EDITED) " " (layout::moment(at)) }
                    }
                    span.edited { (said::minutes(view.minutes)) }
                }
            }
            @let body = html! {
                div.prose.in-short lang=(language) dir=(language::direction(language)) { (PreEscaped(announcement.html.as_str())) }
                (card::images(frame, &announcement.images, language))
                @if view.outline.len() >= FEWEST_HEADINGS { (contents(&view.outline, ours)) }
                (long_text::body(&view.html, language))
            };
            @match &announcement.warning {
                None => (body),
                Some(warning) => (card::warned(warning, Some(language), &body, ours)),
            }
            @if let Some(provenance) = &announcement.provenance {
                p.hint lang=[ours] { (words::provenance(provenance)) }
            }
            (marks::line(frame, announcement.record.as_ref(), ours))
            p.read-on lang=[ours] { a href={ (conversation) "#replies" } { (said::CONVERSATION) } }
            @if view.wordings.len() > 1 { (versions(&conversation, &view.wordings, ours)) }
        }
    };
    layout::document(
        frame,
        &Sheet {
            language,
            meta: meta(frame, view),
            agency: Some(&view.agency),
            main,
        },
    )
}

fn contents(outline: &[Heading], ours: Option<&'static str>) -> Markup {
    html! {
        nav.contents aria-labelledby="contents-title" {
            p.rubric #contents-title lang=[ours] { (said::CONTENTS) }
            ol {
                @for heading in outline {
                    li class={ "level-" (heading.level) } { a href={ "#" (heading.anchor) } { (heading.text) } }
                }
            }
        }
    }
}

fn versions(conversation: &str, wordings: &[WordingOf], ours: Option<&'static str>) -> Markup {
    html! {
        section.versions aria-labelledby="versions" lang=[ours] {
            h2.rubric #versions { (said::VERSIONS) }
            ol reversed {
                @for wording in wordings {
                    li value=(wording.number) {
                        (layout::moment(wording.at)) ": "
                        @if wording.differs {
                            a href={ (conversation) "/article/changes/" (wording.number) } {
                                span.vh { (said::version(wording.number)) ": " } (said::WHAT_CHANGED)
                            }
                        } @else { (said::FIRST_VERSION) }
                    }
                }
            }
            p.hint { (said::VERSIONS_NOTE) }
        }
    }
}

/// What leads from the announcement to the page.
pub(super) fn teaser(
    frame: &Frame,
    teaser: &Teaser,
    language: &str,
    ours: Option<&'static str>,
) -> Markup {
    html! {
        p.read-on lang=[ours] {
            a href=(frame.path(&teaser.page)) { (said::read(teaser.minutes)) span.vh lang=(language) { ": " (teaser.title) } }
        }
    }
}

/// How one wording differs from the one before.
pub fn change(frame: &Frame, view: &ChangePage) -> Markup {
    let language = view.language.as_str();
    let ours = layout::ours(language);
    let is_same = view.pieces.iter().all(|it| matches!(it, Piece::Same(_)));
    let text = format!(
        "{}/article",
        frame.announcement(&view.agency.handle, view.id)
    );
    let title = said::between(view.before.number, view.after.number);
    let main = html! {
        article.announcement aria-labelledby="title" {
            (layout::letterhead(frame, &view.agency))
            header.announcement-head {
                p.kicker { a href=(text) { (view.title) } }
                h1 #title lang=[ours] { (title) }
                p.dates lang=[ours] {
                    (layout::moment(view.before.at)) " → " (layout::moment(view.after.at))
                }
            }
            @if is_same { p lang=[ours] { (said::NOTHING_CHANGED) } }
            @else { (difference(&view.pieces, language, ours)) }
            p.read-on lang=[ours] { a href=(text) { (said::TO_TEXT) } }
        }
    };
    let meta = Meta {
        title: words::titled(&format!("{title}: {}", view.title), &frame.name),
        ..Meta::default()
    };
    layout::document(
        frame,
        &Sheet {
            language,
            meta,
            agency: Some(&view.agency),
            main,
        },
    )
}

/// Both texts as one, as they were written: what went is struck out, what came is underlined, and both are said as well.
fn difference(pieces: &[Piece], language: &str, ours: Option<&'static str>) -> Markup {
    html! {
        div.difference.verbatim dir=(language::direction(language)) {
            @for piece in pieces {
                @match piece {
                    Piece::Same(text) => {
                        @match cut(text) {
                            None => (text),
                            Some((end, start)) => { (end) "\n[…]\n" (start) }
                        }
                    }
                    Piece::Removed(text) => {
                        del { span.vh lang=[ours] { "[" (said::TAKEN_OUT) " " } (text) span.vh { "]" } }
                    }
                    Piece::Added(text) => {
                        ins { span.vh lang=[ours] { "[" (said::PUT_IN) " " } (text) span.vh { "]" } }
                    }
                }
            }
        }
    }
}

/// The beginning and the end of what is the same in both, if it is long.
fn cut(text: &str) -> Option<(&str, &str)> {
    let (end, _) = text.char_indices().nth(AROUND)?;
    let (start, _) = text.char_indices().nth_back(AROUND)?;
    (start > end + AROUND).then(|| {
        (
            text.get(..end).unwrap_or_default(),
            text.get(start..).unwrap_or_default(),
        )
    })
}

fn meta(frame: &Frame, view: &ArticlePage) -> Meta {
    let (agency, announcement) = (&view.agency, &view.announcement);
    let page = frame.site.article_page(&agency.handle, announcement.id);
    let warning = announcement.warning.as_deref();
    let headline = words::headline(&agency.name, &view.title);
    Meta {
        title: words::titled(&headline, &frame.name),
        preview_title: Some(view.title.clone()),
        description: excerpt::of_announcement(&announcement.html, warning, 300),
        kind: Some("article"),
        image: announcement::preview_image(agency, announcement),
        published: Some(announcement.published_at),
        modified: announcement.edited_at,
        creator: Some(frame.acct(&agency.handle)),
        alternates: vec![
            Alternate {
                media_type: "application/activity+json",
                href: frame.site.article(announcement.id),
                title: None,
            },
            Alternate {
                media_type: "application/json+oembed",
                href: frame.oembed(&page),
                title: Some(words::announcements_of(&agency.name)),
            },
        ],
        json_ld: Some(json_ld(frame, view, &page)),
        canonical: Some(page),
        ..Meta::default()
    }
}

/// The text for search engines (schema.org).
fn json_ld(frame: &Frame, view: &ArticlePage, page: &str) -> Value {
    let (agency, announcement) = (&view.agency, &view.announcement);
    let publisher = agency::json_ld(frame, agency);
    let warning = announcement.warning.as_deref();
    json!({
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "@id": frame.site.article(announcement.id),
        "url": page,
        "mainEntityOfPage": page,
        // Search engines cut headlines at 110 characters.
        "headline": excerpt::of_text(&view.title, 105),
        "description": excerpt::of_announcement(&announcement.html, warning, 300),
        "inLanguage": announcement.language,
        "datePublished": announcement.published_at.to_whole_second(),
        "dateModified": announcement.edited_at.unwrap_or(announcement.published_at).to_whole_second(),
        "image": announcement::preview_image(agency, announcement).map(|image| image.url),
        "wordCount": view.words,
        "commentCount": announcement.counts.replies,
        "discussionUrl": frame.site.announcement_page(&agency.handle, announcement.id),
        "author": publisher,
        "publisher": publisher,
        "isAccessibleForFree": true,
    })
}
