//! Where somebody lands who has signed in: the agencies for which they may act.

use axum::Form;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use maud::html;
use serde::Deserialize;

use super::refusal::{Refusal, Refused};
use super::sheet::{self, Sheet};
use super::visit::{self, SignedIn};
use crate::agencies::{self, Agency, staff};
use crate::platform::db;
use crate::web::State as Web;
use crate::web::words::console::Words;

pub(super) async fn page(State(web): State<Web>, who: SignedIn) -> Result<Response, Refused> {
    let person = who.person.id;
    let agencies = web
        .db
        .read(move |conn| {
            if staff::operator(conn, person)?.is_some() {
                return agencies::list(conn);
            }
            let ids: Vec<_> = staff::agencies_of(conn, person)?.into_iter().collect();
            agencies::by_ids(conn, &ids)
        })
        .await
        .map_err(|error: db::Error| Refusal::from(error).page(&web, who.words, Some(&who)))?;
    let words = who.words;
    let main = html! {
        header.opening { h1 { (words.say_with("home-greeting", "name", &who.person.name)) } }
        @if agencies.is_empty() { p.empty { (words.say("home-empty")) } }
        @if who.person.operator_since.is_some() {
            p { a.button.quiet href="/console/operator" { (words.say("operator")) } }
        }
        ul.cards {
            @for Agency { handle, name, .. } in &agencies {
                li.panel {
                    h2 { a href={ "/console/" (handle) } { bdi { (name) } } }
                    p.acct dir="ltr" { (web.site.acct(handle)) }
                }
            }
        }
    };
    let sheet = Sheet::plain(words, words.say("home"), Some(&who), main);
    Ok(sheet::answer(&web, StatusCode::OK, &sheet))
}

/// Where a form went that is now asked for as a page: to the page above it.
pub(super) async fn above(method: Method, uri: Uri) -> Response {
    if method != Method::GET {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    let above = uri.path().rsplit_once('/').map_or("", |(above, _)| above);
    let above = if above.starts_with(super::HOME) {
        above
    } else {
        super::HOME
    };
    Redirect::to(above).into_response()
}

#[derive(Debug, Deserialize)]
pub(super) struct Chosen {
    language: String,
}

/// Remembered in a cookie for who is not signed in, and with the person otherwise.
pub(super) async fn choose_language(
    State(web): State<Web>,
    headers: HeaderMap,
    Form(chosen): Form<Chosen>,
) -> Result<Response, Refused> {
    let words = Words::of(&chosen.language);
    let refused = |error: db::Error| Refusal::from(error).page(&web, words, None);
    if let Some(who) = visit::find(&web, &headers).await.map_err(refused)? {
        let (person, tag) = (who.person.id, words.tag());
        web.db
            .write(move |conn| staff::speak(conn, person, tag))
            .await
            .map_err(refused)?;
    }
    // Back to where the form stood, which is a page of ours.
    let back = headers
        .get(header::REFERER)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.strip_prefix(web.site.base()))
        .filter(|path| path.starts_with("/console"))
        .unwrap_or(super::HOME);
    let mut response = Redirect::to(back).into_response();
    visit::language(&web.site, response.headers_mut(), words.tag());
    Ok(response)
}
