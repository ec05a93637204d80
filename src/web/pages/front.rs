//! The server's front page: which agencies speak here.

use maud::{Markup, PreEscaped, html};
use serde_json::json;

use crate::web::words;

use super::head::Meta;
use super::language;
use super::layout;
use super::layout::Sheet;
use super::view::Frame;
use super::view::FrontPage;
use super::view::Listed;

pub fn page(frame: &Frame, view: &FrontPage) -> Markup {
    let canonical = format!("{}/", frame.site.base());
    let meta = Meta {
        title: frame.name.clone(),
        description: words::FRONT_LEAD.to_owned(),
        json_ld: Some(json!({
            "@context": "https://schema.org",
            "@type": "WebSite",
            "name": frame.name,
            "url": canonical,
        })),
        canonical: Some(canonical),
        ..Meta::default()
    };
    let main = html! {
        header.opening {
            h1 { (frame.name) }
            p.lead { (words::FRONT_LEAD) }
        }
        section aria-labelledby="agencies" {
            h2.rubric #agencies { (words::ALL_AGENCIES) }
            @if view.agencies.is_empty() { p.empty { (words::FRONT_EMPTY) } }
            ul.register { @for agency in &view.agencies { li { (entry(frame, agency)) } } }
        }
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

fn entry(frame: &Frame, listed: &Listed) -> Markup {
    let language = &listed.language;
    html! {
        article.entry {
            (layout::portrait(frame, listed.by.avatar.as_ref(), &listed.by.name))
            div {
                h3 lang=(language) { a href=(frame.agency(&listed.by.handle)) { bdi { (listed.by.name) } } }
                p.acct dir="ltr" { (frame.acct(&listed.by.handle)) }
                div.prose.small lang=(language) dir=(language::direction(language)) { (PreEscaped(listed.summary.as_str())) }
                ul.tally {
                    li { (words::followers(listed.followers)) }
                    li { (words::announcements(listed.announcements)) }
                    @if let Some(at) = listed.last_published_at {
                        li { time datetime=(at.to_whole_second()) { (words::last_announcement(at)) } }
                    }
                }
            }
        }
    }
}
