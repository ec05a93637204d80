//! The house rules: read by the whole staff, changed by who has the right.

mod form;
mod shown;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use maud::html;

use super::pieces::done;
use super::refusal::{Refusal, Refused};
use super::review::said::by_clocks;
use super::sheet::{self, Section, Sheet};
use super::troubles::Troubles;
use super::typed::{Asked, Typed};
use super::visit::AtAgency;
use crate::agencies::staff::{self, Right};
use crate::platform::db::{self, Conn};
use crate::publishing::house::{self, Error, HouseRules, InForce};
use crate::web::State as Web;
use crate::web::words::console::Words;

pub(super) async fn page(
    State(web): State<Web>,
    at: AtAgency,
    asked: Asked,
) -> Result<Response, Refused> {
    let troubles = Troubles::none(at.words());
    let done = asked.done() == Some("set");
    show(&web, &at, done, None, &troubles).await
}

pub(super) async fn set(
    State(web): State<Web>,
    at: AtAgency,
    typed: Typed,
) -> Result<Response, Refused> {
    at.require(Right::SetHouseRules)
        .map_err(|refusal| at.refused(&web, refusal))?;
    let words = at.words();
    let now = in_force(&web, &at).await?.0.rules;
    let mut troubles = Troubles::none(words);
    let asked = form::read(&typed, now, &mut troubles);
    if !troubles.are_none() {
        return show(&web, &at, false, Some(&typed), &troubles).await;
    }
    let seen = typed.get("number").parse().unwrap_or(-1);
    let (mandate, clock) = (at.mandate.clone(), web.clock.clone());
    let set = web
        .db
        .write(move |conn| house::set_upon(conn, clock.as_ref(), &mandate, seen, asked))
        .await;
    let error = match set {
        Ok(_) => return Ok(Redirect::to(&at.path("/rules?done=set")).into_response()),
        Err(Error::Refused(refused)) => return Err(at.refused(&web, refused)),
        Err(Error::Db(error)) => return Err(at.refused(&web, error)),
        Err(error) => error,
    };
    let status = match error {
        Error::Overtaken => StatusCode::CONFLICT,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    troubles.told(status, form::field(&error), sentence(words, &error));
    show(&web, &at, false, Some(&typed), &troubles).await
}

/// What is wrong with rules, and what to do.
fn sentence(words: Words, error: &Error) -> String {
    match error {
        Error::Refused(_) => words.say("refused-not-allowed"),
        Error::Approvals => words.say("rules-wrong-approvals"),
        Error::Approvers => words.say("rules-wrong-approvers"),
        Error::Language(tag) => words.say_with("agency-language", "text", tag),
        Error::Hashtag(tag) => words.say_with("rules-wrong-hashtag", "text", tag),
        Error::Period => words.say("rules-wrong-period"),
        Error::Late => words.say("rules-wrong-late"),
        Error::AnswerWithin => words.say("queue-rules-wrong"),
        Error::Overtaken => words.say("rules-overtaken"),
        Error::TooMany { most, .. } => words.count("rules-too-many", *most),
        Error::Db(_) => words.say("refused-internal"),
    }
}

/// The rules, and who set them.
async fn in_force(web: &Web, at: &AtAgency) -> Result<(InForce, Option<String>), Refused> {
    let agency = at.agency.id;
    let query = move |conn: &mut Conn| {
        let found = house::in_force(conn, agency)?;
        let by = match found.set_by {
            Some(id) => staff::person(conn, id)?.map(|it| it.name),
            None => None,
        };
        Ok::<_, db::Error>((found, by))
    };
    let found = web.db.read(query).await;
    found.map_err(|error| at.refused(web, Refusal::from(error)))
}

async fn show(
    web: &Web,
    at: &AtAgency,
    was_set: bool,
    typed: Option<&Typed>,
    troubles: &Troubles,
) -> Result<Response, Refused> {
    let words = at.words();
    let (found, by) = in_force(web, at).await?;
    let rules: &HouseRules = &found.rules;
    let may = at.mandate.allows(Right::SetHouseRules);
    let is_conflict = troubles.status() == StatusCode::CONFLICT;
    let main = html! {
        header.opening {
            h1 { (words.say("rules-title")) }
            p.lead { (words.say_with("rules-lead", "agency", &at.agency.name)) }
            @match found.set_at {
                Some(then) => {
                    p.note {
                        (words.say_with("rules-number", "number", &found.number.to_string())) " "
                        (by_clocks(&rules.zone, then)) ", "
                        bdi { (by.unwrap_or_else(|| words.say("command-line"))) }
                    }
                }
                None => p.note { (words.say("rules-none")) },
            }
        }
        @if was_set { (done(&words.say("rules-done"))) }
        (troubles.show())
        @if is_conflict {
            section.panel aria-labelledby="theirs" {
                h2 #theirs { (words.say("rules-theirs")) }
                (shown::all(words, rules))
            }
        }
        @if may { (form::form(at, &found, typed, troubles)) }
        @else { (shown::all(words, rules)) }
    };
    let sheet = Sheet::at(at, Section::Rules, words.say("rules-title"), main);
    Ok(sheet::answer(web, troubles.status(), &sheet))
}
