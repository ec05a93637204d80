//! Publishing alone what the house rules want two for: with a reason that everybody reads.

use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use maud::html;

use super::super::drafts::Which;
use super::super::refusal::Refused;
use super::super::sheet::{self, Section, Sheet};
use super::super::troubles::Troubles;
use super::super::typed::Typed;
use super::super::visit::AtAgency;
use super::acts::{Deed, done, seen};
use super::forms::{area, version};
use super::{Before, content, look, said, show};
use crate::agencies::staff::Right;
use crate::kernel::DraftId;
use crate::publishing::drafts::{Act, Error};
use crate::web::State as Web;

pub(super) async fn page(
    State(web): State<Web>,
    at: AtAgency,
    Path(which): Path<Which>,
) -> Result<Response, Refused> {
    asks(&web, &at, which.draft(), &Before::default()).await
}

pub(super) async fn publish(
    State(web): State<Web>,
    at: AtAgency,
    Path(which): Path<Which>,
    typed: Typed,
) -> Result<Response, Refused> {
    let id = which.draft();
    let reason = typed.get("reason").to_owned();
    let deed = Deed::PublishInEmergency { reason };
    match done(&web, &at, id, seen(&typed), deed).await {
        Ok(()) => {
            let page = at.path(&format!("/drafts/{id}/review?done=emergency"));
            Ok(Redirect::to(&page).into_response())
        }
        Err(error) => {
            let moved_on = matches!(error, Error::State { .. });
            let before = Before::refused(at.words(), typed, error)
                .map_err(|refusal| at.refused(&web, refusal))?;
            if moved_on {
                show(&web, &at, id, &before).await
            } else {
                asks(&web, &at, id, &before).await
            }
        }
    }
}

async fn asks(web: &Web, at: &AtAgency, id: DraftId, before: &Before) -> Result<Response, Refused> {
    at.require(Right::PublishInEmergency)
        .map_err(|refusal| at.refused(web, refusal))?;
    let looked = look::look(web, at, id).await?;
    if !looked.draft.standing().allows(Act::PublishInEmergency) {
        let page = at.path(&format!("/drafts/{id}/review"));
        return Ok(Redirect::to(&page).into_response());
    }
    let words = at.words();
    let none = Troubles::none(words);
    let troubles = before.troubles.as_ref().unwrap_or(&none);
    let own = at.path(&format!("/drafts/{id}/review"));
    let main = html! {
        header.opening {
            p.kicker { a href=(own) { bdi { (said::title(words, &looked.draft)) } } }
            h1 { (words.say("review-emergency")) }
            p.lead { (words.say("review-emergency-lead")) }
        }
        (troubles.show())
        form.panel method="post" action={ (own) "/emergency" } {
            (version(&looked.draft))
            (area("reason", &words.say("review-emergency-reason"), &words.say("review-emergency-hint"), before.typed.get("reason"), troubles))
            div.actions {
                button.button.danger type="submit" { (words.say("review-emergency-do")) }
                a.button.quiet href=(own) { (words.say("cancel")) }
            }
        }
        (content::goes_out(web, at, &looked))
    };
    let sheet = Sheet::at(at, Section::Drafts, words.say("review-emergency"), main);
    Ok(sheet::answer(web, troubles.status(), &sheet))
}
