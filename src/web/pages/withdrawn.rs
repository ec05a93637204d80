//! What is left of an announcement that its agency withdrew. Sent with status 410.

use maud::{Markup, html};

use crate::web::words;

use super::head::Alternate;
use super::head::Meta;
use super::layout;
use super::layout::Sheet;
use super::marks;
use super::view::Frame;
use super::view::WithdrawnPage;

pub fn page(frame: &Frame, view: &WithdrawnPage) -> Markup {
    let agency = &view.agency;
    let ours = layout::ours(&agency.language);
    let main = html! {
        article.announcement.withdrawn aria-labelledby="title" {
            (layout::letterhead(frame, agency))
            header.announcement-head lang=[ours] {
                h1 #title { (words::WITHDRAWN) }
            }
            p.lead lang=[ours] { (words::withdrawn(&agency.name)) }
            dl.record {
                div { dt lang=[ours] { (words::PUBLISHED) } dd lang=[ours] { (layout::moment(view.published_at)) } }
                div { dt lang=[ours] { (words::WITHDRAWN_AT) } dd lang=[ours] { (layout::moment(view.withdrawn_at)) } }
                div {
                    dt lang=[ours] { (words::REASON) }
                    @match &view.reason {
                        Some(reason) => dd dir="auto" { (reason) },
                        None => dd lang=[ours] { (words::NO_REASON) },
                    }
                }
            }
            (marks::line(frame, view.record.as_ref(), ours))
            @if !view.others.is_empty() {
                p.others lang=[ours] {
                    (words::OTHER_POSTS)
                    @for (number, id) in &view.others { " " a href=(frame.announcement(&agency.handle, *id)) { (words::post(*number)) } }
                }
            }
            p lang=[ours] { a href=(frame.agency(&agency.handle)) { (words::back_to(&agency.name)) } }
        }
    };
    let meta = Meta {
        title: words::titled(
            &words::headline(&agency.name, words::WITHDRAWN),
            &frame.name,
        ),
        alternates: vec![Alternate {
            media_type: "application/activity+json",
            href: frame.site.announcement(view.id),
            title: None,
        }],
        ..Meta::default()
    };
    layout::document(
        frame,
        &Sheet {
            language: &agency.language,
            meta,
            agency: Some(agency),
            main,
        },
    )
}
