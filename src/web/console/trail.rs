//! Who did what inside an agency, a page at a time.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};

use super::pieces::{moment, role_names};
use super::refusal::{Refusal, Refused};
use super::sheet::{self, Section, Sheet};
use super::typed::Asked;
use super::visit::AtAgency;
use crate::agencies::staff::trail::{self, Act, Line, Subject};
use crate::kernel::TrailId;
use crate::web::State as Web;
use crate::web::words::console::Words;

/// Lines on a page.
const LINES: usize = 50;

pub(super) async fn page(
    State(web): State<Web>,
    at: AtAgency,
    asked: Asked,
) -> Result<Response, Refused> {
    let before: Option<TrailId> = asked.before().and_then(|text| text.parse().ok());
    let mandate = at.mandate.clone();
    let limit = i64::try_from(LINES + 1).unwrap_or(i64::MAX);
    let mut lines = web
        .db
        .read(move |conn| trail::page(conn, &mandate, before, limit))
        .await
        .map_err(|error| at.refused(&web, error))?;
    let more = lines.len() > LINES;
    lines.truncate(LINES);
    let words = at.words();
    let main = html! {
        header.opening {
            h1 { (words.say("section-trail")) }
            p.lead { (words.say("trail-lead")) }
        }
        @if lines.is_empty() { p.empty { (words.say("trail-empty")) } }
        @else { (table(words, &lines)) }
        nav.actions aria-label=(words.say("trail-pages")) {
            @if before.is_some() { a.button.quiet href=(at.path("/trail")) { (words.say("trail-newest")) } }
            @if let Some(last) = lines.last().filter(|_| more) {
                a.button.quiet rel="next" href=(at.path(&format!("/trail?before={}", last.id))) { (words.say("trail-older")) }
            }
        }
    };
    let sheet = Sheet::at(&at, Section::Trail, words.say("section-trail"), main);
    Ok(sheet::answer(&web, StatusCode::OK, &sheet))
}

/// Lines, the newest first.
pub(super) fn table(words: Words, lines: &[Line]) -> Markup {
    html! {
        div.scroll tabindex="0" role="region" aria-label=(words.say("section-trail")) {
            table {
                thead {
                    tr {
                        th scope="col" { (words.say("trail-when")) }
                        th scope="col" { (words.say("trail-who")) }
                        th scope="col" { (words.say("trail-what")) }
                        th scope="col" { (words.say("trail-whom")) }
                    }
                }
                tbody {
                    @for line in lines {
                        tr {
                            td { (moment(line.at)) }
                            td { bdi { (by(words, line)) } }
                            th scope="row" { (act(words, &line.act)) }
                            td { bdi { (subject(words, line)) } }
                        }
                    }
                }
            }
        }
    }
}

fn by(words: Words, line: &Line) -> String {
    line.by_name
        .clone()
        .unwrap_or_else(|| words.say("command-line"))
}

fn act(words: Words, act: &Act) -> String {
    let what = words.say(&format!("act-{}", act.name()));
    let roles = match act {
        Act::Invited(roles) | Act::Joined(roles) => roles.as_slice(),
        Act::RoleGiven(role) | Act::RoleTaken(role) => std::slice::from_ref(role),
        _ => &[],
    };
    if roles.is_empty() {
        what
    } else {
        format!("{what}: {}", role_names(words, roles))
    }
}

fn subject(words: Words, line: &Line) -> String {
    if let Some(name) = &line.subject_name {
        return name.clone();
    }
    let text = line.subject.to_string();
    match (line.subject, text.split_once(' ')) {
        (Subject::Agency, _) | (_, None) => String::new(),
        (_, Some((kind, number))) => {
            let kind = words.say(&format!("subject-{kind}"));
            format!("{kind} {number}")
        }
    }
}

impl From<trail::Error> for Refusal {
    fn from(error: trail::Error) -> Self {
        match error {
            trail::Error::Refused(refused) => refused.into(),
            trail::Error::Db(error) => error.into(),
        }
    }
}
