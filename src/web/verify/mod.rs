//! "Did the agency really say this?": a question, and what the records here answer.

mod page;

use std::sync::Arc;

use axum::extract::rejection::{FormRejection, QueryRejection};
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum::{Extension, Form, Router};
use serde::Deserialize;
use tokio::sync::Semaphore;

use crate::archive::said::{self, Answer};
use crate::web::frame::Frame;
use crate::web::{Problem, State as Web};

/// Questions that are answered at a time: each may read a few hundred texts.
const AT_ONCE: usize = 4;

pub(super) fn routes(_: &Web) -> Router<Web> {
    Router::new()
        .route("/verify", get(asked_by_address).post(asked_by_form))
        .layer(Extension(Arc::new(Semaphore::new(AT_ONCE))))
}

#[derive(Deserialize)]
struct Question {
    q: Option<String>,
}

/// `GET /verify?q=…`
async fn asked_by_address(
    State(web): State<Web>,
    Extension(turns): Extension<Arc<Semaphore>>,
    question: Result<Query<Question>, QueryRejection>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let Query(question) =
        question.map_err(|_| Problem::BadRequest("the question is not readable text"))?;
    answer(&web, &turns, question, &asked).await
}

/// `POST /verify`, for texts that are too long for an address.
async fn asked_by_form(
    State(web): State<Web>,
    Extension(turns): Extension<Arc<Semaphore>>,
    asked: HeaderMap,
    question: Result<Form<Question>, FormRejection>,
) -> Result<Response, Problem> {
    let Form(question) = question.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Problem::TooLarge,
        _ => Problem::BadRequest("the question is not readable text"),
    })?;
    answer(&web, &turns, question, &asked).await
}

async fn answer(
    web: &Web,
    turns: &Semaphore,
    question: Question,
    asked: &HeaderMap,
) -> Result<Response, Problem> {
    let question = question.q.unwrap_or_default();
    let is_asked = !question.trim().is_empty();
    if question.chars().count() > said::LONGEST {
        return Err(Problem::TooLarge);
    }
    let answer = if is_asked {
        let _turn = turns.try_acquire().map_err(|_| Problem::Overloaded)?;
        Some(look_up(web, question.clone()).await?)
    } else {
        None
    };
    if wants_json(asked) {
        let answer = answer.ok_or(Problem::BadRequest("a question is asked with `q`"))?;
        return json(&answer);
    }
    let frame = Frame::of(web);
    let markup = page::page(&frame, &question, answer.as_ref());
    Ok(super::page::once(web, StatusCode::OK, markup))
}

async fn look_up(web: &Web, question: String) -> Result<Answer, Problem> {
    let site = web.site.clone();
    Ok(web
        .db
        .read(move |conn| said::ask(conn, &site, &question))
        .await?)
}

fn json(answer: &Answer) -> Result<Response, Problem> {
    let body = serde_json::to_vec(answer).map_err(|_| Problem::Internal)?;
    let mut response = ([(header::CONTENT_TYPE, "application/json")], body).into_response();
    for (name, value) in [
        (header::CACHE_CONTROL, "no-store"),
        (header::VARY, "accept, accept-encoding"),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    ] {
        response
            .headers_mut()
            .insert(name, HeaderValue::from_static(value));
    }
    Ok(response)
}

/// Whether a program asks: JSON is named, and HTML is not.
fn wants_json(asked: &HeaderMap) -> bool {
    let accepts = |wanted: &str| {
        asked
            .get_all(header::ACCEPT)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .filter_map(|one| one.split(';').next())
            .any(|one| one.trim().eq_ignore_ascii_case(wanted))
    };
    accepts("application/json") && !accepts("text/html")
}
