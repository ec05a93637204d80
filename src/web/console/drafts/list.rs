//! The drafts of an agency, by where they stand.

use std::collections::HashMap;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};

use super::super::pieces::moment;
use super::super::refusal::Refused;
use super::super::sheet::{self, Section, Sheet};
use super::super::typed::Asked;
use super::super::visit::AtAgency;
use super::{pieces, refused};
use crate::agencies::staff::{self, Right};
use crate::kernel::{Cursor, PersonId};
use crate::publishing::drafts::{self, Draft, Error, Kind, Standing};
use crate::web::State as Web;

/// Drafts on a page.
const LINES: usize = 50;

pub(super) async fn page(
    State(web): State<Web>,
    at: AtAgency,
    asked: Asked,
) -> Result<Response, Refused> {
    let chosen: Option<Standing> = asked.some("state").and_then(|name| name.parse().ok());
    let standings: Vec<Standing> = match chosen {
        Some(standing) => vec![standing],
        None => Standing::ALL
            .into_iter()
            .filter(|it| !it.is_over())
            .collect(),
    };
    let before: Option<Cursor> = asked.before().and_then(|text| text.parse().ok());
    let mandate = at.mandate.clone();
    let limit = i64::try_from(LINES + 1).unwrap_or(i64::MAX);
    let (mut found, counts, names) = web
        .db
        .read(move |conn| {
            let after = before.unwrap_or(Cursor::NEWEST);
            let found = drafts::behind(conn, &mandate, &standings, after, limit)?;
            let counts = drafts::counts(conn, &mandate)?;
            let people: Vec<PersonId> = found.iter().filter_map(|it| it.started_by).collect();
            let names = staff::names(conn, &people)?;
            Ok::<_, Error>((found, counts, names))
        })
        .await
        .map_err(|error| at.refused(&web, error))?;
    let more = found.len() > LINES;
    found.truncate(LINES);
    let words = at.words();
    let state = chosen.map_or_else(String::new, |it| format!("state={it}&"));
    let main = html! {
        header.opening {
            h1 { (words.say("section-drafts")) }
            div.actions {
                a.button href=(at.path("/drafts/new")) { (words.say("draft-new")) }
                a.button.quiet href=(at.path("/announcements")) { (words.say("draft-from-published")) }
                @if at.mandate.allows(Right::EditProfile) {
                    form.inline method="post" action=(at.path("/drafts/profile")) {
                        button.button.quiet type="submit" { (words.say("draft-profile-begin")) }
                    }
                }
            }
        }
        (filter(&at, chosen, &counts))
        @if found.is_empty() { p.empty { (words.say("draft-none")) } }
        @else { (table(&at, &found, &names)) }
        nav.actions aria-label=(words.say("draft-list-pages")) {
            @if before.is_some() { a.button.quiet href=(at.path(&format!("/drafts?{state}"))) { (words.say("trail-newest")) } }
            @if let Some(last) = found.last().filter(|_| more) {
                a.button.quiet rel="next" href=(at.path(&format!("/drafts?{state}before={}", place(last)))) { (words.say("trail-older")) }
            }
        }
    };
    let sheet = Sheet::at(&at, Section::Drafts, words.say("section-drafts"), main);
    Ok(sheet::answer(&web, StatusCode::OK, &sheet))
}

fn place(draft: &Draft) -> Cursor {
    Cursor {
        at: draft.changed_at,
        id: draft.id.get(),
    }
}

fn filter(at: &AtAgency, chosen: Option<Standing>, counts: &HashMap<Standing, i64>) -> Markup {
    let words = at.words();
    html! {
        nav.choices aria-label=(words.say("draft-filter")) {
            ul.inline-list {
                li { a href=(at.path("/drafts")) aria-current=[chosen.is_none().then_some("page")] { (words.say("draft-open")) } }
                @for standing in Standing::ALL {
                    @if let Some(count) = counts.get(&standing) {
                        li {
                            a href=(at.path(&format!("/drafts?state={standing}"))) aria-current=[(chosen == Some(standing)).then_some("page")] {
                                (refused::standing(words, standing)) " " span.tally-of { (count) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn table(at: &AtAgency, found: &[Draft], names: &HashMap<PersonId, String>) -> Markup {
    let words = at.words();
    html! {
        div.scroll tabindex="0" role="region" aria-label=(words.say("section-drafts")) {
            table {
                thead {
                    tr {
                        th scope="col" { (words.say("draft-what")) }
                        th scope="col" { (words.say("draft-where")) }
                        th scope="col" { (words.say("draft-in")) }
                        th scope="col" { (words.say("trail-who")) }
                        th scope="col" { (words.say("draft-changed")) }
                    }
                }
                tbody { @for draft in found { (row(at, draft, names)) } }
            }
        }
    }
}

fn row(at: &AtAgency, draft: &Draft, names: &HashMap<PersonId, String>) -> Markup {
    let words = at.words();
    let kind = draft
        .kind()
        .map_or_else(String::new, |kind| pieces::kind(words, kind));
    let excerpt = pieces::excerpt(draft);
    let languages = draft
        .proposals()
        .filter_map(|it| pieces::language_of(Some(it)));
    let languages: Vec<String> = languages.collect();
    let who = draft.started_by.and_then(|id| names.get(&id).cloned());
    let plain = matches!(draft.kind(), Some(Kind::Announcement));
    html! {
        tr {
            th.what scope="row" {
                @if !plain || excerpt.is_empty() { span.kicker { (kind) } " " }
                a href=(at.path(&format!("/drafts/{}", draft.id))) {
                    @if excerpt.is_empty() { (words.say("draft-without-text")) } @else { bdi { (excerpt) } }
                }
            }
            td { (refused::standing(words, draft.standing())) }
            td { (languages.join(&words.say("list-comma"))) }
            td { bdi { (who.unwrap_or_else(|| words.say("command-line"))) } }
            td { (moment(draft.changed_at)) }
        }
    }
}
