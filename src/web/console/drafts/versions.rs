//! Everything that was written in a draft, and how any two of it differ.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};

use super::super::pieces::moment;
use super::super::refusal::Refused;
use super::super::sheet::{self, Section, Sheet};
use super::super::typed::Asked;
use super::super::visit::AtAgency;
use super::editor::{self, Open, Page};
use super::{Which, pieces};
use crate::publishing::drafts::{self, Proposal, Version};
use crate::web::State as Web;

pub(super) async fn page(
    State(web): State<Web>,
    at: AtAgency,
    Path(which): Path<Which>,
    asked: Asked,
) -> Result<Response, Refused> {
    let open = editor::open(&web, &at, which.draft()).await?;
    let words = at.words();
    let number = |name: &str| asked.some(name).and_then(|text| text.parse().ok());
    let of = |number: Option<i32>| {
        open.versions
            .iter()
            .find(|it| Some(it.number.get()) == number)
    };
    // Unless somebody asks for others: the newest, and what it was made from.
    let newer = of(number("to")).or_else(|| open.versions.last());
    let older = of(number("from")).or_else(|| {
        let newer = newer?;
        let before = |it: &&Version| it.part == newer.part && it.number < newer.number;
        open.versions.iter().rev().find(before)
    });
    let main = html! {
        header.opening {
            p.kicker { a href=(at.path("/drafts")) { (words.say("section-drafts")) } }
            h1 { (words.say("draft-versions")) }
            p.lead { (words.say("draft-versions-lead")) }
            (editor::ways(&at, &open.draft, Page::Versions))
        }
        @if let Some(newer) = newer {
            section aria-labelledby="difference" {
                h2 #difference { (title(&at, older, newer)) }
                (pieces::difference(words, &drafts::words(&text(older), &text(Some(newer)))))
            }
        }
        section aria-labelledby="all" {
            h2 #all { (words.say("draft-versions-all")) }
            form method="get" action=(at.path(&format!("/drafts/{}/versions", open.draft.id))) {
                (table(&at, &open, older, newer))
                div.actions { button.button type="submit" { (words.say("draft-compare")) } }
            }
        }
    };
    let sheet = Sheet::at(&at, Section::Drafts, words.say("draft-versions"), main);
    Ok(sheet::answer(&web, StatusCode::OK, &sheet))
}

fn text(version: Option<&Version>) -> String {
    let proposal = version.and_then(|it| it.proposal.as_ref());
    proposal.map(Proposal::text).unwrap_or_default()
}

fn title(at: &AtAgency, older: Option<&Version>, newer: &Version) -> String {
    let words = at.words();
    let newer = newer.number.get();
    match older {
        Some(older) => {
            let values = [("from", older.number.get().into()), ("to", newer.into())];
            words.say_of("draft-from-to", values)
        }
        None => words.say_of("draft-first-version", [("to", newer.into())]),
    }
}

fn table(at: &AtAgency, open: &Open, older: Option<&Version>, newer: Option<&Version>) -> Markup {
    let words = at.words();
    html! {
        div.scroll tabindex="0" role="region" aria-labelledby="all" {
            table {
                thead {
                    tr {
                        th scope="col" { (words.say("draft-version")) }
                        th scope="col" { (words.say("draft-from")) }
                        th scope="col" { (words.say("draft-to")) }
                        th scope="col" { (words.say("draft-in")) }
                        th scope="col" { (words.say("trail-who")) }
                        th scope="col" { (words.say("trail-when")) }
                        th scope="col" { (words.say("draft-what")) }
                    }
                }
                tbody {
                    @for version in open.versions.iter().rev() {
                        (row(at, open, version, [older, newer].map(|it| it.is_some_and(|it| it.number == version.number))))
                    }
                }
            }
        }
    }
}

fn row(at: &AtAgency, open: &Open, version: &Version, [from, to]: [bool; 2]) -> Markup {
    let words = at.words();
    let number = version.number.get();
    let label = |key: &str| words.say_of(key, [("number", number.into())]);
    html! {
        tr {
            th scope="row" { (number) }
            td { input type="radio" name="from" value=(number) checked[from] aria-label=(label("draft-from-version")); }
            td { input type="radio" name="to" value=(number) checked[to] aria-label=(label("draft-to-version")); }
            td { (pieces::language_of(version.proposal.as_ref()).unwrap_or_default()) }
            td { bdi { (open.who(words, version.by)) } }
            td { (moment(version.at)) }
            td {
                @if version.unmerged_from.is_some() { span.mark-off { (words.say("draft-version-aside")) } " " }
                @match &version.proposal {
                    Some(proposal) => { bdi { (pieces::short(&proposal.text())) } }
                    None => { (words.say("draft-erased")) }
                }
            }
        }
    }
}
