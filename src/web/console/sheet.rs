//! The frame around every page of the console.

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use maud::{DOCTYPE, Markup, html};

use super::visit::{AtAgency, SignedIn};
use crate::agencies::staff::{Mandate, Right};
use crate::kernel::Handle;
use crate::web::State as Web;
use crate::web::assets::Asset;
use crate::web::frame::Frame;
use crate::web::head::{Meta, head};
use crate::web::page::HTML;
use crate::web::words::console::Words;
use crate::web::{language, policy};

/// A whole page.
pub(super) struct Sheet<'a> {
    words: Words,
    title: String,
    who: Option<&'a SignedIn>,
    at: Option<Here<'a>>,
    /// Besides the one of every page.
    scripts: Vec<Asset>,
    main: Markup,
}

/// At whose desk the page is, and in which part of it.
struct Here<'a> {
    handle: &'a Handle,
    name: &'a str,
    mandate: &'a Mandate,
    section: Section,
}

/// A part of an agency's desk, in the order of the tabs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Section {
    Desk,
    Queue,
    Drafts,
    Calendar,
    Numbers,
    Staff,
    Rules,
    Trail,
}

impl Section {
    const ALL: [Self; 8] = [
        Self::Desk,
        Self::Queue,
        Self::Drafts,
        Self::Calendar,
        Self::Numbers,
        Self::Staff,
        Self::Rules,
        Self::Trail,
    ];

    fn path(self, handle: &Handle) -> String {
        let part = match self {
            Self::Desk => "",
            Self::Queue => "/queue",
            Self::Drafts => "/drafts",
            Self::Calendar => "/calendar",
            Self::Numbers => "/numbers",
            Self::Staff => "/staff",
            Self::Rules => "/rules",
            Self::Trail => "/trail",
        };
        format!("/console/{handle}{part}")
    }

    fn label(self, words: Words) -> String {
        match self {
            Self::Desk => words.say("section-desk"),
            Self::Queue => words.say("queue-title"),
            Self::Drafts => words.say("section-drafts"),
            Self::Calendar => words.say("calendar-section"),
            Self::Numbers => words.say("numbers-title"),
            Self::Staff => words.say("section-staff"),
            Self::Rules => words.say("rules-section"),
            Self::Trail => words.say("section-trail"),
        }
    }

    /// Who sees the tab.
    fn is_for(self, mandate: &Mandate) -> bool {
        match self {
            Self::Desk | Self::Rules => true,
            Self::Queue => mandate.allows(Right::WorkQueue),
            Self::Drafts | Self::Calendar => mandate.allows(Right::Draft),
            Self::Numbers => mandate.allows(Right::SeeNumbers),
            Self::Staff => mandate.allows(Right::ManageStaff),
            Self::Trail => mandate.allows(Right::ReadTrail),
        }
    }
}

impl<'a> Sheet<'a> {
    /// A page that belongs to no agency.
    pub(super) fn plain(
        words: Words,
        title: String,
        who: Option<&'a SignedIn>,
        main: Markup,
    ) -> Self {
        Self {
            words,
            title,
            who,
            at: None,
            scripts: vec![],
            main,
        }
    }

    /// A page of an agency's desk.
    pub(super) fn at(at: &'a AtAgency, section: Section, title: String, main: Markup) -> Self {
        Self {
            words: at.words(),
            title,
            who: Some(&at.who),
            at: Some(Here {
                handle: &at.agency.handle,
                name: &at.agency.name,
                mandate: &at.mandate,
                section,
            }),
            scripts: vec![],
            main,
        }
    }

    /// The same with a script of its own.
    pub(super) fn with_script(mut self, script: Asset) -> Self {
        self.scripts.push(script);
        self
    }
}

/// The page as the answer to this one request: no cache keeps it, and a script of ours may run in it.
pub(super) fn answer(web: &Web, status: StatusCode, sheet: &Sheet<'_>) -> Response {
    let markup = document(&Frame::of(web), sheet);
    let kind = [
        (header::CONTENT_TYPE, HTML),
        (header::CACHE_CONTROL, "no-store"),
    ];
    let mut response = (status, kind, markup.into_string()).into_response();
    let headers = response.headers_mut();
    for (name, value) in policy::HEADERS {
        headers.insert(
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        );
    }
    // Unlike the public pages: without a referrer a form would be sent with `Origin: null`.
    headers.insert(
        header::REFERRER_POLICY,
        HeaderValue::from_static("same-origin"),
    );
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(policy::CONSOLE),
    );
    response
}

fn document(frame: &Frame, sheet: &Sheet<'_>) -> Markup {
    let words = sheet.words;
    let mut scripts = vec![Asset::ConsoleScript];
    scripts.extend(&sheet.scripts);
    let meta = Meta {
        title: format!(
            "{} – {} – {}",
            sheet.title,
            words.say("console"),
            frame.name
        ),
        style_sheets: vec![Asset::ConsoleStyleSheet],
        scripts,
        ..Meta::default()
    };
    html! {
        (DOCTYPE)
        html lang=(words.tag()) dir=(language::direction(words.tag())) {
            (head(frame, words.tag(), &meta, None))
            body.desk {
                a.skip href="#content" { (words.say("skip")) }
                header.band {
                    div.band-inner {
                        div.mark { a.site href=(super::HOME) { bdi { (frame.name) } } span.here { (words.say("console")) } }
                        @if let Some(who) = sheet.who { (account(words, who)) }
                    }
                }
                @if let Some(here) = &sheet.at { (tabs(words, here)) }
                main #content tabindex="-1" { (sheet.main) }
                (foot(words, frame))
            }
        }
    }
}

fn account(words: Words, who: &SignedIn) -> Markup {
    html! {
        nav aria-label=(words.say("account")) {
            ul {
                @if who.person.operator_since.is_some() {
                    li { a href="/console/operator" { (words.say("operator")) } }
                }
                li { a href="/console/account" { bdi { (who.person.name) } } }
                li {
                    form.inline method="post" action="/console/sign-out" {
                        button.button.quiet.small type="submit" { (words.say("sign-out")) }
                    }
                }
            }
        }
    }
}

fn tabs(words: Words, here: &Here<'_>) -> Markup {
    html! {
        nav.tabs aria-label=(words.say_with("sections-of", "agency", here.name)) {
            ul {
                @for section in Section::ALL {
                    @if section.is_for(here.mandate) {
                        li {
                            a href=(section.path(here.handle)) aria-current=[(section == here.section).then_some("page")] {
                                @if section == Section::Desk { bdi { (here.name) } } @else { (section.label(words)) }
                            }
                        }
                    }
                }
                li { a href={ "/@" (here.handle) } { (words.say("public-page")) } }
            }
        }
    }
}

fn foot(words: Words, frame: &Frame) -> Markup {
    html! {
        footer.foot {
            div.foot-inner {
                p { (words.say("private-note")) }
                form.inline method="post" action="/console/language" {
                    div.field {
                        label for="spoken" { (words.say("choose-language")) }
                        select.short #spoken name="language" {
                            @for choice in Words::choices() {
                                option value=(choice.tag) lang=(choice.tag) selected[choice.tag == words.tag()] { (choice.name) }
                            }
                        }
                    }
                    button.button.quiet.small type="submit" { (words.say("change-language")) }
                }
                ul.foot-links {
                    li { a href="/" { bdi { (frame.name) } } }
                    li { a href=(frame.source) { "Actapub " (frame.version) } }
                }
            }
        }
    }
}
