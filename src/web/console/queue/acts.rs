//! What somebody does with an entry of the queue. Each leads back to the entry, which says what was done or what was not.

use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};

use super::{Which, entry, troubles};
use crate::agencies::staff::Mandate;
use crate::dialogue::queue::{self, Error, Item};
use crate::kernel::{AnswerId, Clock, PersonId, QueueItemId, TemplateId};
use crate::platform::db::Conn;
use crate::publishing::drafts;
use crate::web::State as Web;
use crate::web::console::refusal::Refused;
use crate::web::console::typed::Typed;
use crate::web::console::visit::AtAgency;

/// [`queue::take`] and those like it.
type Act = fn(&mut Conn, &dyn Clock, &Mandate, QueueItemId) -> Result<Item, Error>;

pub(super) async fn take(
    State(web): State<Web>,
    at: AtAgency,
    Path(which): Path<Which>,
) -> Result<Response, Refused> {
    act(&web, &at, &which, queue::take, "taken").await
}

pub(super) async fn release(
    State(web): State<Web>,
    at: AtAgency,
    Path(which): Path<Which>,
) -> Result<Response, Refused> {
    act(&web, &at, &which, queue::release, "released").await
}

pub(super) async fn done(
    State(web): State<Web>,
    at: AtAgency,
    Path(which): Path<Which>,
) -> Result<Response, Refused> {
    act(&web, &at, &which, queue::done, "done").await
}

pub(super) async fn reopen(
    State(web): State<Web>,
    at: AtAgency,
    Path(which): Path<Which>,
) -> Result<Response, Refused> {
    act(&web, &at, &which, queue::reopen, "reopened").await
}

async fn act(
    web: &Web,
    at: &AtAgency,
    which: &Which,
    act: Act,
    done: &str,
) -> Result<Response, Refused> {
    let (clock, mandate, id) = (web.clock.clone(), at.mandate.clone(), which.number());
    let result = web
        .db
        .write(move |conn| act(conn, clock.as_ref(), &mandate, id))
        .await;
    back(web, at, id, &Typed::default(), result.map(drop), done).await
}

pub(super) async fn assign(
    State(web): State<Web>,
    at: AtAgency,
    Path(which): Path<Which>,
    typed: Typed,
) -> Result<Response, Refused> {
    let (clock, mandate, id) = (web.clock.clone(), at.mandate.clone(), which.number());
    // Who is no number is nobody of ours.
    let to = typed
        .some("to")
        .map(|text| text.parse().unwrap_or(PersonId::new(0)));
    let result = web
        .db
        .write(move |conn| queue::assign(conn, clock.as_ref(), &mandate, id, to))
        .await;
    back(&web, &at, id, &typed, result.map(drop), "assigned").await
}

pub(super) async fn note(
    State(web): State<Web>,
    at: AtAgency,
    Path(which): Path<Which>,
    typed: Typed,
) -> Result<Response, Refused> {
    let (clock, mandate, id) = (web.clock.clone(), at.mandate.clone(), which.number());
    let text = typed.get("note").to_owned();
    let result = web
        .db
        .write(move |conn| queue::note(conn, clock.as_ref(), &mandate, id, &text))
        .await;
    back(&web, &at, id, &typed, result, "noted").await
}

/// Begins the answer, and leads to where it is written.
pub(super) async fn answer(
    State(web): State<Web>,
    at: AtAgency,
    Path(which): Path<Which>,
    typed: Typed,
) -> Result<Response, Refused> {
    let (clock, mandate, id) = (web.clock.clone(), at.mandate.clone(), which.number());
    let template = typed
        .some("template")
        .map(|text| text.parse().unwrap_or(TemplateId::new(0)));
    let result = web
        .db
        .write(move |conn| queue::answer(conn, clock.as_ref(), &mandate, id, template))
        .await;
    match result {
        Ok(draft) => {
            let to = at.path(&format!("/drafts/{draft}"));
            Ok(Redirect::to(&to).into_response())
        }
        Err(error) => back(&web, &at, id, &typed, Err(error), "").await,
    }
}

/// Begins the draft by which a private answer is taken back.
pub(super) async fn withdraw(
    State(web): State<Web>,
    at: AtAgency,
    Path(which): Path<Which>,
    typed: Typed,
) -> Result<Response, Refused> {
    let (clock, mandate, id) = (web.clock.clone(), at.mandate.clone(), which.number());
    // What is no number is that of no answer.
    let answer = typed.get("answer").parse().unwrap_or(AnswerId::new(0));
    let work = move |conn: &mut Conn| {
        let proposal = queue::withdrawal(conn, &mandate, id, Some(answer), "")?;
        let draft = drafts::start(conn, clock.as_ref(), &mandate, vec![proposal])?;
        Ok::<_, Error>(draft.id)
    };
    match web.db.write(work).await {
        Ok(draft) => {
            let to = at.path(&format!("/drafts/{draft}"));
            Ok(Redirect::to(&to).into_response())
        }
        Err(error) => back(&web, &at, id, &typed, Err(error), "").await,
    }
}

async fn back(
    web: &Web,
    at: &AtAgency,
    id: QueueItemId,
    typed: &Typed,
    result: Result<(), Error>,
    done: &str,
) -> Result<Response, Refused> {
    match result {
        Ok(()) => {
            let to = at.path(&format!("/queue/{id}?done={done}"));
            Ok(Redirect::to(&to).into_response())
        }
        Err(error) => {
            let wrong = troubles(web, at, error)?;
            entry::show(web, at, id, None, typed, &wrong).await
        }
    }
}
