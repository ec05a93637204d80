//! The way through a list that is longer than a page.

use maud::{Markup, html};

use crate::web::words;

use super::frame::Pager;

/// What leads on and back is called, which differs by list.
pub(super) struct Labels {
    pub(super) first: &'static str,
    pub(super) next: &'static str,
}

pub(super) const ANNOUNCEMENTS: Labels = Labels {
    first: words::NEWEST,
    next: words::OLDER,
};
pub(super) const REPLIES: Labels = Labels {
    first: words::FIRST_REPLIES,
    next: words::MORE_REPLIES,
};

pub(super) fn pager(pager: &Pager, labels: &Labels, ours: Option<&'static str>) -> Markup {
    html! {
        @if pager.first.is_some() || pager.next.is_some() {
            nav.pager aria-label=(words::PAGES) lang=[ours] {
                @if let Some(first) = &pager.first { a.button.quiet href=(first) { (labels.first) } }
                @if let Some(next) = &pager.next { a.button.quiet.onward href=(next) rel="next" { (labels.next) } }
            }
        }
    }
}
