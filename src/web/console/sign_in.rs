//! Signing in and out.

use axum::Form;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::{Extension, extract::rejection::QueryRejection};
use maud::{Markup, html};
use serde::Deserialize;
use url::form_urlencoded::byte_serialize;

use super::desk::{self, hashed};
use super::kept::Kept;
use super::openid;
use super::passkeys;
use super::pieces::{Field, alarm};
use super::refusal::{Refusal, Refused};
use super::sheet::{self, Sheet};
use super::visit;
use crate::agencies::staff::password::Password;
use crate::agencies::staff::sessions::{self, Admitted};
use crate::agencies::staff::sign_in::{self, Code, Entered};
use crate::agencies::staff::{self, Token};
use crate::platform::chance;
use crate::web::assets::Asset;
use crate::web::words::console::Words;
use crate::web::{ClientAddress, State as Web};

#[derive(Debug, Default, Deserialize)]
pub(super) struct Wanted {
    to: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Entry {
    email: String,
    password: String,
    to: Option<String>,
    kept: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct CodeEntry {
    step: String,
    code: String,
    to: Option<String>,
    kept: Option<String>,
}

pub(super) async fn form(
    State(web): State<Web>,
    headers: HeaderMap,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Result<Response, Refused> {
    let words = visit::words_asked(&headers);
    let to = wanted.ok().and_then(|Query(wanted)| wanted.to);
    let kept = Kept::of(to, None);
    let known = visit::find(&web, &headers).await;
    match known.map_err(|error| Refusal::from(error).page(&web, words, None))? {
        Some(_) => Ok(kept.go_on(&web, words)),
        // Their session has ended, and the provider may let them in without asking them for anything.
        None if kept.to().is_some()
            && web.desk.openid.is_some()
            && visit::came_by_openid(&web.site, &headers) =>
        {
            let to: String = byte_serialize(kept.to().unwrap_or_default().as_bytes()).collect();
            Ok(Redirect::to(&format!("/console/sign-in/openid?to={to}")).into_response())
        }
        None => Ok(page(&web, words, StatusCode::OK, "", &kept, None)),
    }
}

/// The form for somebody whose session has ended.
pub(super) fn asked_again(web: &Web, words: Words, kept: &Kept) -> Response {
    page(web, words, StatusCode::UNAUTHORIZED, "", kept, None)
}

pub(super) async fn enter(
    State(web): State<Web>,
    from: Option<Extension<ClientAddress>>,
    headers: HeaderMap,
    Form(entry): Form<Entry>,
) -> Response {
    let words = visit::words_asked(&headers);
    let kept = Kept::of(entry.to, entry.kept);
    if !web.desk.takes_passwords() {
        return refused(&web, words, &kept, staff::Error::PasswordsOff);
    }
    match attempt(
        &web,
        &headers,
        from.map(|it| it.0),
        &entry.email,
        entry.password,
    )
    .await
    {
        Ok(Entered::In(admitted)) => let_in(&web, words, &admitted, &kept),
        Ok(Entered::CodeWanted(step)) => code_page(&web, words, StatusCode::OK, &step, &kept, None),
        Err(error) => {
            let refusal = Refusal::from(error);
            let status = refusal.status();
            let wrong = refusal.sentence(words);
            page(&web, words, status, &entry.email, &kept, Some(&wrong))
        }
    }
}

async fn attempt(
    web: &Web,
    headers: &HeaderMap,
    from: Option<ClientAddress>,
    email: &str,
    password: String,
) -> Result<Entered, staff::Error> {
    let browser = visit::browser(&web.site, headers);
    let (clock, desk) = (web.clock.clone(), web.desk.clone());
    let (address, asking) = (email.to_owned(), browser.clone());
    let from = desk::address_of(from);
    let knock = web
        .db
        .read(move |conn| {
            sign_in::knock(conn, clock.as_ref(), &desk.limits, &address, &asking, from)
        })
        .await?;
    let proof = hashed(&web.desk, move || {
        knock.answer(&Password::typed(&password), &chance)
    })
    .await?;
    let (clock, desk) = (web.clock.clone(), web.desk.clone());
    web.db
        .write(move |conn| {
            sign_in::enter(
                conn,
                clock.as_ref(),
                &desk.limits,
                &proof,
                &browser,
                &chance,
            )
        })
        .await
}

pub(super) async fn give_code(
    State(web): State<Web>,
    headers: HeaderMap,
    Form(entry): Form<CodeEntry>,
) -> Response {
    let words = visit::words_asked(&headers);
    let kept = Kept::of(entry.to, entry.kept);
    let Some(step) = Token::shown(&entry.step) else {
        let wrong = Refusal::from(staff::Error::Begin).sentence(words);
        return page(
            &web,
            words,
            StatusCode::UNPROCESSABLE_ENTITY,
            "",
            &kept,
            Some(&wrong),
        );
    };
    let browser = visit::browser(&web.site, &headers);
    let (clock, desk, shown) = (web.clock.clone(), web.desk.clone(), step.clone());
    let came = web
        .db
        .write(move |conn| {
            let (clock, limits) = (clock.as_ref(), &desk.limits);
            sign_in::give_code(conn, clock, limits, &shown, &entry.code, &browser, &chance)
        })
        .await;
    match came {
        Ok(Code::In(admitted)) => let_in(&web, words, &admitted, &kept),
        Ok(Code::Wrong) => {
            let wrong = Refusal::from(staff::Error::WrongCode).sentence(words);
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            code_page(&web, words, status, &step, &kept, Some(&wrong))
        }
        Err(error) => refused(&web, words, &kept, error),
    }
}

/// The form again, with what was wrong.
pub(super) fn refused(web: &Web, words: Words, kept: &Kept, error: staff::Error) -> Response {
    let refusal = Refusal::from(error);
    said(web, words, kept, refusal.status(), &refusal.sentence(words))
}

/// The same with a sentence.
pub(super) fn said(
    web: &Web,
    words: Words,
    kept: &Kept,
    status: StatusCode,
    sentence: &str,
) -> Response {
    page(web, words, status, "", kept, Some(sentence))
}

/// With the cookies of a session, on to where somebody was going.
pub(super) fn let_in(web: &Web, words: Words, admitted: &Admitted, kept: &Kept) -> Response {
    let mut response = kept.go_on(web, words);
    visit::admitted(&web.site, response.headers_mut(), admitted);
    response
}

pub(super) async fn sign_out(
    State(web): State<Web>,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    if let Some(token) = visit::session_token(&web.site, &headers) {
        let words = visit::words_asked(&headers);
        web.db
            .write(move |conn| sessions::sign_out(conn, &token))
            .await
            .map_err(|error| Refusal::from(error).page(&web, words, None))?;
    }
    let mut response = Redirect::to("/console/sign-in").into_response();
    visit::dismissed(&web.site, response.headers_mut());
    visit::by_openid(&web.site, response.headers_mut(), false);
    Ok(response)
}

fn page(
    web: &Web,
    words: Words,
    status: StatusCode,
    email: &str,
    kept: &Kept,
    wrong: Option<&str>,
) -> Response {
    let main = html! {
        header.opening {
            h1 { (words.say("sign-in")) }
            p.lead { (words.say("sign-in-lead")) }
        }
        @if kept.has_words() { div.done role="status" { p { (words.say("kept-lead")) } } }
        @if let Some(sentence) = wrong { (alarm(words, sentence)) }
        (openid::way_in(web, words, kept))
        (passkeys::door(web, words, kept))
        @if web.desk.takes_passwords() { (by_password(words, email, kept)) }
        p.note { (words.say("sign-in-trouble")) }
    };
    show(web, words, status, main)
}

fn by_password(words: Words, email: &str, kept: &Kept) -> Markup {
    html! {
        form method="post" action="/console/sign-in" {
            (Field::email("email", words.say("email"), email).show())
            (Field::password("password", words.say("password"), "current-password").show())
            (kept.fields())
            div.actions { button.button type="submit" { (words.say("sign-in")) } }
        }
    }
}

fn code_page(
    web: &Web,
    words: Words,
    status: StatusCode,
    step: &Token,
    kept: &Kept,
    wrong: Option<&str>,
) -> Response {
    let code = Field {
        autocomplete: "one-time-code",
        ..Field::text("code", words.say("code"), "")
    };
    let main = html! {
        header.opening {
            h1 { (words.say("code-title")) }
            p.lead { (words.say("code-lead")) }
        }
        @if let Some(sentence) = wrong { (alarm(words, sentence)) }
        form method="post" action="/console/sign-in/code" {
            (code.hinted(words.say("code-hint")).show())
            input type="hidden" name="step" value=(step.reveal());
            (kept.fields())
            div.actions { button.button type="submit" { (words.say("sign-in")) } }
        }
    };
    show(web, words, status, main)
}

fn show(web: &Web, words: Words, status: StatusCode, main: Markup) -> Response {
    let sheet = Sheet::plain(words, words.say("sign-in"), None, main);
    let sheet = sheet.with_script(Asset::PasskeyScript);
    sheet::answer(web, status, &sheet)
}
