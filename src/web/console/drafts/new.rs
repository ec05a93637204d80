//! A new announcement, from its first word.

use std::collections::HashMap;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use maud::html;
use serde_json::json;

use super::super::refusal::{Refusal, Refused};
use super::super::sent::Sent;
use super::super::sheet::{self, Section, Sheet};
use super::super::troubles::Troubles;
use super::super::typed::Typed;
use super::super::visit::AtAgency;
use super::saving::{self, is_automatic};
use super::{form, look, posts};
use crate::agencies::staff::Right;
use crate::publishing::drafts::{self, Content, Error, Proposal};
use crate::publishing::house::{self, HouseRules};
use crate::web::State as Web;

/// An announcement of which nothing is written.
pub(super) fn blank(at: &AtAgency) -> Proposal {
    Proposal::Announcement {
        content: Content {
            language: at.agency.language.clone(),
            ..Content::default()
        },
        answering: None,
        pin: false,
        rest: vec![],
    }
}

pub(super) async fn page(State(web): State<Web>, at: AtAgency) -> Result<Response, Refused> {
    at.require(Right::Draft)
        .map_err(|refusal| at.refused(&web, refusal))?;
    let troubles = Troubles::none(at.words());
    show(&web, &at, &blank(&at), None, &troubles).await
}

pub(super) async fn create(
    State(web): State<Web>,
    at: AtAgency,
    sent: Sent,
) -> Result<Response, Refused> {
    at.require(Right::Draft)
        .map_err(|refusal| at.refused(&web, refusal))?;
    let words = at.words();
    let Sent { typed, files } = sent;
    let automatic = is_automatic(&typed);
    let mut troubles = Troubles::none(words);
    let mut proposal = form::proposal(&typed, &blank(&at), &HashMap::new(), &mut troubles);
    let mut pictures = vec![];
    if !automatic {
        pictures = saving::finish(&web, &at, &typed, files, &mut proposal, &mut troubles).await?;
        if !troubles.are_none() {
            return show(&web, &at, &proposal, Some(&typed), &troubles).await;
        }
    }
    let act = posts::Act::asked(&typed).filter(|_| !automatic);
    if !automatic {
        posts::arrange(&mut proposal, act);
    }
    let (clock, mandate, new) = (web.clock.clone(), at.mandate.clone(), proposal.clone());
    let started = web
        .db
        .write(move |conn| {
            if let Some(begun) = drafts::just_started(conn, clock.as_ref(), &mandate, &new)? {
                return Ok(begun);
            }
            super::uploads::put(conn, clock.as_ref(), &pictures)?;
            drafts::start(conn, clock.as_ref(), &mandate, vec![new])
        })
        .await;
    match started {
        Ok(draft) if automatic => {
            let own = at.path(&format!("/drafts/{}", draft.id));
            let first = draft.parts.first().map_or(draft.version, |it| it.version);
            let document = json!({
                "to": own,
                "action": format!("{own}/parts/1"),
                "draft": draft.id.to_string(),
                "part": "1",
                "seen": first.to_string(),
                "said": words.say("draft-saved-itself"),
            });
            Ok(Json(document).into_response())
        }
        Ok(draft) => {
            let done = act.map(|act| act.done(proposal.contents().len()));
            let (done, place) = done.unwrap_or(("saved", String::new()));
            let to = at.path(&format!("/drafts/{}?done={done}{place}", draft.id));
            Ok(Redirect::to(&to).into_response())
        }
        Err(error @ Error::TooLarge) => {
            troubles.add(error);
            if automatic {
                return Ok(saving::said(&troubles));
            }
            show(&web, &at, &proposal, Some(&typed), &troubles).await
        }
        Err(error) => Err(at.refused(&web, error)),
    }
}

async fn show(
    web: &Web,
    at: &AtAgency,
    proposal: &Proposal,
    typed: Option<&Typed>,
    troubles: &Troubles,
) -> Result<Response, Refused> {
    let agency = at.agency.id;
    let house: HouseRules = web
        .db
        .read(move |conn| house::rules(conn, agency))
        .await
        .map_err(|error| at.refused(web, Refusal::from(error)))?;
    let words = at.words();
    let mut languages = vec![at.agency.language.clone()];
    languages.extend(house.languages.iter().cloned());
    languages.dedup();
    let fields = form::Sheet {
        words,
        site: &web.site,
        proposal,
        typed,
        troubles,
        languages: &languages,
    };
    let main = html! {
        header.opening {
            p.kicker { a href=(at.path("/drafts")) { (words.say("section-drafts")) } }
            h1 { (words.say("draft-new")) }
        }
        (troubles.show())
        div.desk-of-two {
            section aria-labelledby="writing" {
                h2 #writing { (words.say("draft-write")) }
                form.writes method="post" enctype="multipart/form-data" action=(at.path("/drafts/new"))
                    data-automatic="yes" data-preview=(at.path("/drafts/preview")) data-lookup=(at.path("/drafts/lookup")) {
                    input type="hidden" name="seen" value="";
                    input type="hidden" name="draft" value="";
                    input type="hidden" name="part" value="";
                    (form::usual_button(words))
                    (fields.fields())
                    div.actions {
                        button.button type="submit" { (words.say("draft-save")) }
                        p.hint.saved role="status" {}
                    }
                }
            }
            section aria-labelledby="look-title" {
                h2 #look-title { (words.say("draft-look")) }
                div #look { (look::look(web, at, &house, proposal)) }
            }
        }
    };
    let sheet = Sheet::at(at, Section::Drafts, words.say("draft-new"), main);
    let status = if troubles.are_none() {
        StatusCode::OK
    } else {
        troubles.status()
    };
    Ok(sheet::answer(web, status, &sheet))
}
