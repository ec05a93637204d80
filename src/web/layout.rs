//! The frame around every page.

use maud::{DOCTYPE, Markup, html};

use crate::kernel::Timestamp;
use crate::web::words;

use super::address;
use super::frame::Agency;
use super::frame::Byline;
use super::frame::Frame;
use super::frame::Link;
use super::frame::Picture;
use super::frame::Theme;
use super::head::Meta;
use super::head::head;
use super::language;

/// A whole page, in the language of what it shows.
pub(super) struct Sheet<'a> {
    /// BCP 47.
    pub(super) language: &'a str,
    pub(super) meta: Meta,
    /// Whose page this is; none for the server's own.
    pub(super) agency: Option<&'a Agency>,
    pub(super) main: Markup,
}

pub(super) fn document(frame: &Frame, sheet: &Sheet<'_>) -> Markup {
    let theme = sheet.agency.map(|agency| &agency.theme);
    let ours = ours(sheet.language);
    html! {
        (DOCTYPE)
        html lang=(sheet.language) dir=(language::direction(sheet.language)) {
            (head(frame, sheet.language, &sheet.meta, theme))
            body {
                a.skip href="#content" lang=[ours] { (words::SKIP) }
                header.band {
                    div.band-inner {
                        (mark(frame, sheet.agency))
                        nav aria-label=(words::SITE_NAVIGATION) lang=[ours] {
                            ul {
                                li { a href="/" { (words::ALL_AGENCIES) } }
                                li { a href="/about" { (words::ABOUT) } }
                            }
                        }
                    }
                }
                main #content tabindex="-1" { (sheet.main) }
                (foot(frame, theme, ours))
            }
        }
    }
}

fn mark(frame: &Frame, agency: Option<&Agency>) -> Markup {
    let logo = agency.and_then(|agency| Some((agency, agency.theme.logo.as_ref()?)));
    html! {
        div.mark {
            @if let Some((agency, logo)) = logo {
                a.logo href=(frame.agency(&agency.handle)) {
                    img src=(frame.path(&logo.url)) alt=(logo.alt) height="40";
                }
            }
            a.site href="/" { bdi { (frame.name) } }
        }
    }
}

fn foot(frame: &Frame, theme: Option<&Theme>, ours: Option<&'static str>) -> Markup {
    html! {
        footer.foot {
            div.foot-inner {
                @if let Some(theme) = theme.filter(|theme| !theme.footer.is_empty()) {
                    ul.foot-links {
                        @for link in &theme.footer { li { (anchor(link)) } }
                    }
                }
                div.foot-note lang=[ours] {
                    p { (words::NO_TRACKING) }
                    ul.foot-links {
                        @if let Some(contact) = &frame.contact { li { (anchor(contact)) } }
                        li { a href="/about" { (words::ABOUT) } }
                        li { a href="/verify" { (words::verify::TITLE) } }
                        li { a href=(frame.source) { (words::SOURCE) } " (" (words::LICENCE) ")" }
                        li { (words::runs_on(&frame.version)) }
                    }
                }
            }
        }
    }
}

/// A link that an agency or the operator set; only its label, if it leads nowhere on the web.
pub(super) fn anchor(link: &Link) -> Markup {
    html! {
        @match address::contact(&link.url) {
            Some(url) => a href=(url) rel="noopener" { bdi { (link.label) } },
            None => bdi { (link.label) },
        }
    }
}

/// The `lang` attribute that our own words need inside a page of another language.
pub(super) fn ours(language: &str) -> Option<&'static str> {
    let primary = language.split('-').next().unwrap_or_default();
    (!primary.eq_ignore_ascii_case(words::LANGUAGE)).then_some(words::LANGUAGE)
}

/// An agency's picture, or a tile with its initial. It stands beside the name, so that it needs no text of its own.
pub(super) fn portrait(frame: &Frame, picture: Option<&Picture>, name: &str) -> Markup {
    html! {
        @match picture {
            Some(picture) => img.portrait src=(frame.path(&picture.url)) alt="" width="96" height="96";,
            None => span.portrait.initial aria-hidden="true" { (initial(name)) },
        }
    }
}

/// The first letter or digit of a name; a neutral sign for a name that has none.
pub(super) fn initial(name: &str) -> String {
    name.chars().find(|c| c.is_alphanumeric()).map_or_else(
        || "·".to_owned(),
        |letter| letter.to_uppercase().to_string(),
    )
}

/// The line that says whose page this is, above what it shows.
pub(super) fn letterhead(frame: &Frame, agency: &Agency) -> Markup {
    let by = Byline {
        handle: agency.handle.clone(),
        name: agency.name.clone(),
        avatar: agency.avatar.clone(),
    };
    html! {
        div.letterhead { (byline(frame, &by)) }
    }
}

/// Portrait, name and address of an agency, leading to its page.
pub(super) fn byline(frame: &Frame, by: &Byline) -> Markup {
    html! {
        div.byline {
            (portrait(frame, by.avatar.as_ref(), &by.name))
            div {
                a.name href=(frame.agency(&by.handle)) { bdi { (by.name) } }
                div.acct dir="ltr" { (frame.acct(&by.handle)) }
            }
        }
    }
}

/// An instant, for people and for machines.
pub(super) fn moment(at: Timestamp) -> Markup {
    html! {
        time datetime=(at.to_whole_second()) dir=(language::direction(words::LANGUAGE)) { (words::moment(at)) }
    }
}
