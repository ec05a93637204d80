//! An announcement of several posts: all of them on the page of the first, folded in a list, and the way between them.

use maud::{Markup, html};

use crate::web::words;

use super::card;
use super::layout;
use super::marks;
use super::poll;
use super::view::Announcement;
use super::view::Frame;
use super::view::Further;
use super::view::Place;

/// What an announcement answers; of a further post the place among the others, which says as much.
pub(super) fn answering(
    frame: &Frame,
    announcement: &Announcement,
    ours: Option<&'static str>,
) -> Markup {
    html! {
        @match (&announcement.series.place, &announcement.in_reply_to) {
            (Some(place), _) => (stands(frame, announcement, *place, ours)),
            (None, Some(target)) => (card::answering(frame, target, ours)),
            (None, None) => {}
        }
    }
}

fn stands(
    frame: &Frame,
    announcement: &Announcement,
    place: Place,
    ours: Option<&'static str>,
) -> Markup {
    let page = |id| frame.announcement(&announcement.by.handle, id);
    html! {
        nav.answering lang=[ours] aria-label=(words::POSTS) {
            (words::post_of(place.number, place.of)) " · "
            a href={ (page(place.head)) "#post-" (announcement.id) } { (words::WHOLE_THREAD) }
            " · " a rel="prev" href=(page(place.before)) { (words::POST_BEFORE) }
            @if let Some(next) = place.next { " · " a rel="next" href=(page(next)) { (words::POST_NEXT) } }
        }
    }
}

/// The further posts, whole, below the first.
pub(super) fn whole(
    frame: &Frame,
    announcement: &Announcement,
    ours: Option<&'static str>,
) -> Markup {
    let further = &announcement.series.further;
    html! {
        @if !further.is_empty() {
            ol.further-posts start="2" aria-label=(words::POSTS) lang=[ours] {
                @for (number, post) in (2..).zip(further) {
                    li #{ "post-" (post.id()) } { (one(frame, announcement, post, number)) }
                }
            }
        }
    }
}

/// The same in a list, where the browser opens them.
pub(super) fn folded(
    frame: &Frame,
    announcement: &Announcement,
    ours: Option<&'static str>,
) -> Markup {
    let count = announcement.series.further.len();
    html! {
        @if count > 0 {
            details.further-folded {
                summary lang=[ours] { (words::posts_more(count)) }
                (whole(frame, announcement, ours))
            }
        }
    }
}

fn one(frame: &Frame, head: &Announcement, post: &Further, number: usize) -> Markup {
    // The list around it is in our words already.
    let (ours, of) = (Some(words::LANGUAGE), head.series.further.len() + 1);
    let page = frame.announcement(&head.by.handle, post.id());
    html! {
        @match post {
            Further::Said(post) => {
                p.further-place {
                    (words::post_of(number, of)) " · "
                    a href=(page) { (layout::moment(post.published_at)) }
                    @if let Some(at) = post.edited_at { " · " span.edited { (words::EDITED) " " (layout::moment(at)) } }
                }
                (card::content(frame, post.as_ref().into(), ours))
                @if let Some(asked) = &post.poll { (poll::poll(asked, &post.language, words::LANGUAGE)) }
                (marks::line(frame, post.record.as_ref(), ours))
            }
            Further::Withdrawn { withdrawn_at, reason, record, .. } => {
                p.further-place { (words::post_of(number, of)) }
                p.gone-note { (words::POST_WITHDRAWN) " · " (layout::moment(*withdrawn_at)) }
                @if let Some(reason) = reason { p.gone-note { (words::REASON) ": " bdi { (reason) } } }
                (marks::line(frame, record.as_ref(), ours))
            }
        }
    }
}
