//! An announcement's content, and an announcement as an item of a list.

use maud::{Markup, PreEscaped, html};

use crate::kernel::SafeHtml;
use crate::web::words;

use super::address;
use super::article;
use super::language;
use super::layout;
use super::marks;
use super::poll;
use super::series;
use super::view::Announcement;
use super::view::Frame;
use super::view::Image;
use super::view::Link;
use super::view::Teaser;

/// What stands in the margin of a list says who speaks only where several do.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Speakers {
    One,
    Several,
}

/// One announcement in a list.
pub(super) fn card(
    frame: &Frame,
    announcement: &Announcement,
    speakers: Speakers,
    page_language: &str,
) -> Markup {
    let page = frame.announcement(&announcement.by.handle, announcement.id);
    let (day, month) = words::margin(announcement.published_at);
    let ours = layout::ours(page_language);
    html! {
        article.notice aria-labelledby={ "notice-" (announcement.id) } {
            h3.notice-date id={ "notice-" (announcement.id) } lang=[ours] {
                a href=(page) {
                    time datetime=(announcement.published_at.to_whole_second()) {
                        span.day { (day) } " "
                        span.month { (month) }
                        span.vh { ", " }
                        span.hour { (words::hour(announcement.published_at)) }
                    }
                }
            }
            div.notice-body {
                @if speakers == Speakers::Several { (layout::byline(frame, &announcement.by)) }
                (series::answering(frame, announcement, ours))
                (content(frame, announcement.into(), ours))
                (series::folded(frame, announcement, ours))
                @if let Some(poll) = &announcement.poll { (poll::brief(poll, &announcement.language, page_language)) }
                (tally(frame, announcement, &page, ours))
            }
        }
    }
}

/// What the announcements and answers of an agency have in common.
#[derive(Clone, Copy)]
pub(super) struct Content<'a> {
    pub(super) html: &'a SafeHtml,
    pub(super) warning: Option<&'a str>,
    pub(super) language: &'a str,
    pub(super) images: &'a [Image],
    pub(super) article: Option<&'a Teaser>,
}

impl<'a> From<&'a Announcement> for Content<'a> {
    fn from(announcement: &'a Announcement) -> Self {
        Self {
            html: &announcement.html,
            warning: announcement.warning.as_deref(),
            language: &announcement.language,
            images: &announcement.images,
            article: announcement.article.as_ref(),
        }
    }
}

/// Text and pictures; behind the warning, if there is one.
pub(super) fn content(frame: &Frame, content: Content<'_>, ours: Option<&'static str>) -> Markup {
    let language = content.language;
    let inner = html! {
        @if let Some(teaser) = content.article {
            p.article-title lang=(language) dir=(language::direction(language)) { (teaser.title) }
        }
        div.prose lang=(language) dir=(language::direction(language)) { (PreEscaped(content.html.as_str())) }
        (images(frame, content.images, language))
        @if let Some(teaser) = content.article { (article::teaser(frame, teaser, language, ours)) }
    };
    match content.warning {
        None => inner,
        Some(warning) => warned(warning, Some(language), &inner, ours),
    }
}

/// Something that is read only by choice. The browser opens it; no script does.
pub(super) fn warned(
    warning: &str,
    language: Option<&str>,
    inner: &Markup,
    ours: Option<&'static str>,
) -> Markup {
    html! {
        details.warning {
            summary {
                span.warning-label lang=[ours] { (words::WARNING) }
                " "
                span.warning-text lang=[language] dir=(language.map_or("auto", language::direction)) { (warning) }
            }
            (inner)
        }
    }
}

pub(super) fn images(frame: &Frame, images: &[Image], language: &str) -> Markup {
    html! {
        @if !images.is_empty() {
            ul.images data-count=(images.len()) lang=(language) {
                @for image in images {
                    li {
                        a href=(frame.path(&image.url)) {
                            img src=(frame.path(&image.url)) alt=(image.alt) width=(image.width) height=(image.height)
                                loading="lazy" decoding="async";
                        }
                    }
                }
            }
        }
    }
}

/// What an announcement answers.
pub(super) fn answering(frame: &Frame, target: &Link, ours: Option<&'static str>) -> Markup {
    let path = frame.path(&target.url);
    html! {
        p.answering {
            span lang=[ours] { (words::ANSWERING) } " "
            @if path.starts_with('/') && !path.starts_with("//") {
                a href=(path) { bdi { (target.label) } }
            } @else if let Some(url) = address::outward(path) {
                a href=(url) rel="nofollow noopener ugc" { bdi { (target.label) } }
            } @else {
                bdi { (target.label) }
            }
        }
    }
}

fn tally(
    frame: &Frame,
    announcement: &Announcement,
    page: &str,
    ours: Option<&'static str>,
) -> Markup {
    let counts = announcement.counts;
    html! {
        ul.tally lang=[ours] {
            li { a href={ (page) "#replies" } { (words::replies(counts.replies)) } }
            li { (words::likes(counts.likes)) }
            li { (words::shares(counts.shares)) }
            @if announcement.edited_at.is_some() { li { (words::EDITED) } }
            @if let Some(mark) = &announcement.record {
                li { (words::record::place(mark.number)) " · " (marks::link(frame, mark)) }
            }
        }
    }
}
