//! The announcements that bear a hashtag.

use maud::{Markup, html};

use crate::web::words;

use super::card;
use super::card::Speakers;
use super::head::Meta;
use super::layout;
use super::layout::Sheet;
use super::pager;
use super::view::Frame;
use super::view::TagPage;

pub fn page(frame: &Frame, view: &TagPage) -> Markup {
    let tag = &view.hashtag.display;
    let lead = words::tag_lead(tag, &frame.name);
    let main = html! {
        header.opening {
            h1 dir="auto" { (words::tagged(tag)) }
            p.lead { (lead) }
        }
        section.notices aria-labelledby="announcements" {
            h2.rubric #announcements { (words::ANNOUNCEMENTS) }
            @if view.announcements.is_empty() { p.empty { (words::TAG_EMPTY) } }
            @for announcement in &view.announcements {
                (card::card(frame, announcement, Speakers::Several, words::LANGUAGE))
            }
            (pager::pager(&view.pager, &pager::ANNOUNCEMENTS, None))
        }
    };
    let meta = Meta {
        title: words::titled(&words::tagged(tag), &frame.name),
        description: lead,
        canonical: Some(frame.tag_url(&view.hashtag.tag)),
        ..Meta::default()
    };
    layout::document(
        frame,
        &Sheet {
            language: words::LANGUAGE,
            meta,
            agency: None,
            main,
        },
    )
}
