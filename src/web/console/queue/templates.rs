//! Texts to begin an answer with: who writes drafts writes them.

use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;

use super::troubles;
use crate::agencies::staff::Right;
use crate::dialogue::queue::templates::{self, Written};
use crate::dialogue::queue::{Error, Template};
use crate::kernel::TemplateId;
use crate::web::State as Web;
use crate::web::console::pieces::{Field, done, moment};
use crate::web::console::refusal::{Refusal, Refused};
use crate::web::console::sheet::{self, Section, Sheet};
use crate::web::console::troubles::Troubles;
use crate::web::console::typed::{Asked, Typed};
use crate::web::console::visit::AtAgency;
use crate::web::words::console::Words;

/// Which template an address names.
#[derive(Debug, Deserialize)]
pub(super) struct Which {
    template: String,
}

impl Which {
    fn number(&self) -> TemplateId {
        self.template.parse().unwrap_or(TemplateId::new(0))
    }
}

fn written(typed: &Typed) -> Written {
    Written {
        name: typed.get("name").to_owned(),
        language: typed.get("tongue").to_owned(),
        text: typed.get("text").to_owned(),
    }
}

pub(super) async fn page(
    State(web): State<Web>,
    at: AtAgency,
    asked: Asked,
) -> Result<Response, Refused> {
    let new = Written {
        language: at.agency.language.clone(),
        ..Written::default()
    };
    show(&web, &at, asked.done(), &new, &Troubles::none(at.words())).await
}

pub(super) async fn add(
    State(web): State<Web>,
    at: AtAgency,
    typed: Typed,
) -> Result<Response, Refused> {
    let (clock, mandate, new) = (web.clock.clone(), at.mandate.clone(), written(&typed));
    let added = web
        .db
        .write(move |conn| templates::add(conn, clock.as_ref(), &mandate, new))
        .await;
    match added {
        Ok(_) => Ok(Redirect::to(&at.path("/templates?done=saved")).into_response()),
        Err(error) => {
            let wrong = troubles(&web, &at, error)?;
            show(&web, &at, None, &written(&typed), &wrong).await
        }
    }
}

pub(super) async fn one(
    State(web): State<Web>,
    at: AtAgency,
    Path(which): Path<Which>,
) -> Result<Response, Refused> {
    let template = found(&web, &at, which.number()).await?;
    let wrong = Troubles::none(at.words());
    Ok(edit(
        &web,
        &at,
        &template,
        &Written::from(&template),
        &wrong,
    ))
}

pub(super) async fn change(
    State(web): State<Web>,
    at: AtAgency,
    Path(which): Path<Which>,
    typed: Typed,
) -> Result<Response, Refused> {
    let template = found(&web, &at, which.number()).await?;
    let (clock, mandate) = (web.clock.clone(), at.mandate.clone());
    let (id, new) = (template.id, written(&typed));
    let changed = web
        .db
        .write(move |conn| templates::change(conn, clock.as_ref(), &mandate, id, new))
        .await;
    match changed {
        Ok(()) => Ok(Redirect::to(&at.path("/templates?done=saved")).into_response()),
        Err(error) => {
            let wrong = troubles(&web, &at, error)?;
            Ok(edit(&web, &at, &template, &written(&typed), &wrong))
        }
    }
}

pub(super) async fn remove(
    State(web): State<Web>,
    at: AtAgency,
    Path(which): Path<Which>,
) -> Result<Response, Refused> {
    let (mandate, id) = (at.mandate.clone(), which.number());
    let removed = web
        .db
        .write(move |conn| templates::remove(conn, &mandate, id))
        .await;
    match removed {
        Ok(()) => Ok(Redirect::to(&at.path("/templates?done=removed")).into_response()),
        Err(error) => {
            troubles(&web, &at, error)?;
            Err(at.refused(&web, Refusal::NotFound))
        }
    }
}

async fn found(web: &Web, at: &AtAgency, id: TemplateId) -> Result<Template, Refused> {
    at.require(Right::Draft)
        .map_err(|refusal| at.refused(web, refusal))?;
    let mandate = at.mandate.clone();
    let found = web
        .db
        .read(move |conn| templates::find(conn, &mandate, id))
        .await;
    match found {
        Ok(template) => Ok(template),
        Err(error) => {
            troubles(web, at, error)?;
            Err(at.refused(web, Refusal::NotFound))
        }
    }
}

fn said(words: Words, what: &str) -> Option<String> {
    Some(match what {
        "saved" => words.say("template-done-saved"),
        "removed" => words.say("template-done-removed"),
        _ => return None,
    })
}

async fn show(
    web: &Web,
    at: &AtAgency,
    before: Option<&str>,
    new: &Written,
    wrong: &Troubles,
) -> Result<Response, Refused> {
    at.require(Right::Draft)
        .map_err(|refusal| at.refused(web, refusal))?;
    let mandate = at.mandate.clone();
    let listed = web
        .db
        .read(move |conn| templates::list(conn, &mandate))
        .await;
    let listed = match listed {
        Ok(listed) => listed,
        Err(Error::Db(error)) => return Err(at.refused(web, error)),
        Err(_) => return Err(at.refused(web, Refusal::NotAllowed)),
    };
    let words = at.words();
    let main = html! {
        header.opening {
            p.kicker { a href=(at.path("/queue")) { (words.say("queue-title")) } }
            h1 { (words.say("template-title")) }
            p.lead { (words.say("template-lead")) }
        }
        @if let Some(sentence) = before.and_then(|what| said(words, what)) { (done(&sentence)) }
        (wrong.show())
        @if !listed.is_empty() {
            div.cards {
                @for template in &listed {
                    article.panel {
                        h2 { a href=(at.path(&format!("/templates/{}", template.id))) { bdi { (template.name) } } }
                        p.hint { (template.language) " · " (moment(template.changed_at)) }
                        p.typed lang=(template.language) dir="auto" { (template.text) }
                    }
                }
            }
        }
        section.panel aria-labelledby="new" {
            h2 #new { (words.say("template-new")) }
            form method="post" action=(at.path("/templates")) {
                (fields(words, new, wrong))
                div.actions { button.button type="submit" { (words.say("template-add")) } }
            }
        }
    };
    let sheet = Sheet::at(at, Section::Queue, words.say("template-title"), main);
    Ok(sheet::answer(web, wrong.status(), &sheet))
}

fn edit(
    web: &Web,
    at: &AtAgency,
    template: &Template,
    written: &Written,
    wrong: &Troubles,
) -> Response {
    let words = at.words();
    let own = at.path(&format!("/templates/{}", template.id));
    let main = html! {
        header.opening {
            p.kicker { a href=(at.path("/templates")) { (words.say("template-title")) } }
            h1 { bdi { (template.name) } }
        }
        (wrong.show())
        form method="post" action=(own) {
            (fields(words, written, wrong))
            div.actions { button.button type="submit" { (words.say("save")) } }
        }
        section aria-labelledby="remove" {
            h2 #remove { (words.say("template-remove")) }
            p { (words.say("template-remove-lead")) }
            form method="post" action={ (own) "/remove" } {
                div.actions { button.button.danger type="submit" { (words.say("template-remove")) } }
            }
        }
    };
    let sheet = Sheet::at(at, Section::Queue, template.name.clone(), main);
    sheet::answer(web, wrong.status(), &sheet)
}

fn fields(words: Words, written: &Written, wrong: &Troubles) -> Markup {
    let amiss = wrong.at("text");
    html! {
        (Field::text("name", words.say("template-name"), &written.name).amiss(wrong).show())
        (Field::text("tongue", words.say("template-language"), &written.language).hinted(words.say("template-language-hint")).amiss(wrong).show())
        div.field {
            label for="text" { (words.say("template-text")) }
            textarea #text name="text" required maxlength="5000" dir="auto" aria-invalid=[amiss.as_ref().map(|_| "true")] { (written.text) }
            @if let Some(text) = &amiss { p.wrong { (text) } }
        }
    }
}
