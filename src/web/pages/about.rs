//! What this server is, how it treats what citizens say, and what it keeps.

use maud::{Markup, PreEscaped, html};

use crate::kernel::SafeHtml;
use crate::web::words;

use super::head::Meta;
use super::language;
use super::layout;
use super::layout::Sheet;
use super::view::Frame;

/// What the operator adds to what is true of every such server.
#[derive(Debug, Clone, Default)]
pub struct AboutPage {
    /// The operator's own text, such as house rules or an imprint, and its language.
    pub statement: Option<(SafeHtml, String)>,
}

pub fn page(frame: &Frame, view: &AboutPage) -> Markup {
    let main = html! {
        article.about {
            header.opening {
                h1 { (words::ABOUT) }
                p.lead { (words::about_lead(&frame.name)) }
            }
            @if let Some((statement, language)) = &view.statement {
                div.prose lang=(language) dir=(language::direction(language)) { (PreEscaped(statement.as_str())) }
            }
            @for (title, paragraphs) in words::POLICY {
                section {
                    h2 { (title) }
                    @for paragraph in paragraphs { p { (paragraph) } }
                }
            }
            @if let Some(contact) = &frame.contact {
                section {
                    h2 { (words::CONTACT) }
                    p { (layout::anchor(contact)) }
                }
            }
            section {
                h2 { (words::THE_SOFTWARE) }
                p {
                    (words::runs_on(&frame.version)) ". " (words::FREE_SOFTWARE) " "
                    a href=(frame.source) { (words::SOURCE) } "."
                }
            }
        }
    };
    let meta = Meta {
        title: words::titled(words::ABOUT, &frame.name),
        description: words::about_lead(&frame.name),
        canonical: Some(format!("{}/about", frame.site.base())),
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
