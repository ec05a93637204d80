//! Passkeys: signing in with one, showing by one that it is still oneself, and having some.
//!
//! The browser asks for them by a script, `passkey.js`; without it these forms stay hidden. The answer is sent with the form
//! like anything that was typed, so that what was kept goes on with it.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::{Extension, Json};
use maud::{Markup, html};
use serde_json::json;

use super::desk;
use super::kept::Kept;
use super::pieces::{Field, moment};
use super::refusal::{Refusal, Refused};
use super::sheet::{self, Sheet};
use super::sign_in;
use super::typed::Typed;
use super::visit::{self, SignedIn};
use crate::agencies::staff::passkeys::{self, Ceremony, Passkey, Unfit};
use crate::agencies::staff::{self, Token};
use crate::platform::chance;
use crate::platform::db;
use crate::web::assets::Asset;
use crate::web::words::console::Words;
use crate::web::{ClientAddress, State as Web};

/// The question to whoever is at the door.
pub(super) async fn ask(
    State(web): State<Web>,
    from: Option<Extension<ClientAddress>>,
) -> Response {
    let (clock, desk, site) = (web.clock.clone(), web.desk.clone(), web.site.clone());
    let from = desk::address_of(from.map(|it| it.0));
    let asked = web
        .db
        .write(move |conn| passkeys::ask(conn, clock.as_ref(), &desk.limits, &site, from, &chance))
        .await;
    question(asked)
}

/// The question to whoever is in a session.
pub(super) async fn ask_again(State(web): State<Web>, who: SignedIn) -> Response {
    let (clock, desk, site) = (web.clock.clone(), web.desk.clone(), web.site.clone());
    let session = who.session;
    let asked = web
        .db
        .write(move |conn| {
            let (clock, limits) = (clock.as_ref(), &desk.limits);
            passkeys::ask_again(conn, clock, limits, &site, &session, &chance)
        })
        .await;
    question(asked)
}

/// For the script.
fn question(asked: Result<Ceremony, staff::Error>) -> Response {
    let kept = [(header::CACHE_CONTROL, "no-store")];
    match asked {
        Ok(Ceremony { step, options }) => {
            let question = json!({"step": step.reveal(), "options": options});
            (kept, Json(question)).into_response()
        }
        Err(error) => (Refusal::from(error).status(), kept).into_response(),
    }
}

/// The answer of whoever is at the door.
pub(super) async fn enter(
    State(web): State<Web>,
    from: Option<Extension<ClientAddress>>,
    headers: HeaderMap,
    typed: Typed,
) -> Response {
    let words = visit::words_asked(&headers);
    let field = |name: &str| typed.some(name).map(str::to_owned);
    let kept = Kept::of(field("to"), field("kept"));
    let browser = visit::browser(&web.site, &headers);
    let from = desk::address_of(from.map(|it| it.0));
    let (clock, desk, site) = (web.clock.clone(), web.desk.clone(), web.site.clone());
    let entered = match answer(&typed) {
        Ok((step, answer)) => {
            web.db
                .write(move |conn| {
                    let (clock, limits) = (clock.as_ref(), &desk.limits);
                    passkeys::enter(
                        conn, clock, limits, &site, &step, &answer, &browser, from, &chance,
                    )
                })
                .await
        }
        Err(error) => Err(error),
    };
    match entered {
        Ok(admitted) => sign_in::let_in(&web, words, &admitted, &kept),
        Err(error) => {
            note(&error);
            sign_in::refused(&web, words, &kept, error)
        }
    }
}

/// The answer of whoever is in a session and shows again that it is them.
pub(super) async fn prove(web: &Web, who: &SignedIn, typed: &Typed) -> Result<(), staff::Error> {
    let (step, answer) = answer(typed)?;
    let (clock, desk, site) = (web.clock.clone(), web.desk.clone(), web.site.clone());
    let session = who.session.clone();
    web.db
        .write(move |conn| {
            let (clock, limits) = (clock.as_ref(), &desk.limits);
            passkeys::prove_again(conn, clock, limits, &site, &session, &step, &answer)
        })
        .await
        .inspect_err(note)
}

/// What the script has filled in.
fn answer(typed: &Typed) -> Result<(Token, String), staff::Error> {
    let step = Token::shown(typed.get("step")).ok_or(staff::Error::Begin)?;
    Ok((step, typed.get("answer").to_owned()))
}

/// There may be a copy of a passkey: whoever runs the server should hear of it.
fn note(error: &staff::Error) {
    if let staff::Error::Passkey(unfit @ (Unfit::Counter | Unfit::Origin)) = error {
        tracing::warn!(passkey.unfit = %unfit, "a passkey was refused");
    }
}

/// For whoever is at the door; hidden until the script shows it.
pub(super) fn door(web: &Web, words: Words, kept: &Kept) -> Markup {
    html! {
        @if passkeys::are_possible(&web.site) {
            form hidden method="post" action="/console/sign-in/passkey"
                data-passkey="show" data-question="/console/sign-in/passkey/question" {
                (asked())
                (kept.fields())
                div.actions { button.button type="submit" { (words.say("passkey-sign-in")) } }
                (failed(words))
                @if web.desk.takes_passwords() { p.note { (words.say("passkey-or-password")) } }
            }
        }
    }
}

/// For whoever has passkeys and shows again that it is them.
pub(super) fn proof(words: Words, kept: &Kept) -> Markup {
    html! {
        form hidden method="post" action="/console/prove"
            data-passkey="show" data-question="/console/prove/question" {
            (asked())
            (kept.fields())
            div.actions { button.button type="submit" { (words.say("passkey-prove")) } }
            (failed(words))
            p.note { (words.say("passkey-or-password")) }
        }
    }
}

/// What the script fills in.
fn asked() -> Markup {
    html! {
        input type="hidden" name="step" value="";
        input type="hidden" name="answer" value="";
    }
}

fn failed(words: Words) -> Markup {
    html! { p.wrong hidden data-failed role="alert" { (words.say("passkey-failed")) } }
}

pub(super) async fn has_any(web: &Web, who: &SignedIn) -> Result<bool, db::Error> {
    if !passkeys::are_possible(&web.site) {
        return Ok(false);
    }
    let session = who.session.clone();
    web.db
        .read(move |conn| passkeys::has_any(conn, &session))
        .await
}

/// The page on which one is made.
pub(super) async fn begin(State(web): State<Web>, who: SignedIn) -> Result<Response, Refused> {
    let (clock, site, session) = (web.clock.clone(), web.site.clone(), who.session.clone());
    let ceremony = web
        .db
        .write(move |conn| passkeys::begin(conn, clock.as_ref(), &site, &session, &chance))
        .await
        .map_err(|error| Refusal::from(error).page(&web, who.words, Some(&who)))?;
    let words = who.words;
    let name = Field {
        hint: Some(words.say("passkey-name-hint")),
        ..Field::text("name", words.say("passkey-name"), &who.session.browser).optional()
    };
    let main = html! {
        header.opening {
            p.kicker { a href="/console/account" { (words.say("account")) } }
            h1 { (words.say("passkey-new")) }
            p.lead { (words.say("passkey-new-lead")) }
        }
        form hidden method="post" action="/console/account/passkeys/add"
            data-passkey="make" data-options=(ceremony.options) {
            (name.show())
            input type="hidden" name="step" value=(ceremony.step.reveal());
            input type="hidden" name="answer" value="";
            div.actions {
                button.button type="submit" { (words.say("passkey-make")) }
                a.button.quiet href="/console/account" { (words.say("cancel")) }
            }
            (failed(words))
        }
        noscript { p.note { (words.say("passkey-needs-script")) } }
    };
    let sheet = Sheet::plain(words, words.say("passkey-new"), Some(&who), main);
    let sheet = sheet.with_script(Asset::PasskeyScript);
    Ok(sheet::answer(&web, StatusCode::OK, &sheet))
}

pub(super) async fn add(
    State(web): State<Web>,
    who: SignedIn,
    typed: Typed,
) -> Result<Response, Refused> {
    let (clock, site, session) = (web.clock.clone(), web.site.clone(), who.session.clone());
    let name = typed.get("name").to_owned();
    let added = match answer(&typed) {
        Ok((step, answer)) => {
            web.db
                .write(move |conn| {
                    let clock = clock.as_ref();
                    passkeys::add(conn, clock, &site, &session, &step, &answer, &name)
                })
                .await
        }
        Err(error) => Err(error),
    };
    done(&web, &who, added, "passkey")
}

pub(super) async fn remove(
    State(web): State<Web>,
    who: SignedIn,
    typed: Typed,
) -> Result<Response, Refused> {
    let (clock, session) = (web.clock.clone(), who.session.clone());
    let removed = match typed.get("passkey").parse() {
        Ok(id) => {
            web.db
                .write(move |conn| passkeys::remove(conn, clock.as_ref(), &session, id))
                .await
        }
        Err(_) => Err(Unfit::Unknown.into()),
    };
    done(&web, &who, removed, "no-passkey")
}

fn done(
    web: &Web,
    who: &SignedIn,
    result: Result<(), staff::Error>,
    what: &str,
) -> Result<Response, Refused> {
    match result {
        Ok(()) => Ok(Redirect::to(&format!("/console/account?done={what}")).into_response()),
        Err(error) => Err(Refusal::from(error).page(web, who.words, Some(who))),
    }
}

/// On the page of one's account.
pub(super) fn panel(web: &Web, words: Words, own: &[Passkey]) -> Markup {
    html! {
        section.panel aria-labelledby="passkeys" {
            h2 #passkeys { (words.say("passkey-title")) }
            p { (words.say("passkey-why")) }
            @if !own.is_empty() {
                ul.switches { @for passkey in own { (line(words, passkey)) } }
            }
            @if passkeys::are_possible(&web.site) {
                form.actions method="post" action="/console/account/passkeys/begin" {
                    button.button.quiet type="submit" { (words.say("passkey-add")) }
                }
            } @else {
                p.note { (words.say("passkey-no-domain")) }
            }
        }
    }
}

fn line(words: Words, passkey: &Passkey) -> Markup {
    let name = match passkey.name.as_str() {
        "" => words.say("passkey-unnamed"),
        name => name.to_owned(),
    };
    html! {
        li {
            div {
                p { strong { bdi { (name) } } }
                p.hint { (words.say("passkey-since")) " " (moment(passkey.created_at)) }
                @if let Some(used) = passkey.used_at {
                    p.hint { (words.say("passkey-used")) " " (moment(used)) }
                }
            }
            form method="post" action="/console/account/passkeys/remove" {
                input type="hidden" name="passkey" value=(passkey.id);
                button.button.danger.small type="submit" { (words.say("passkey-remove")) span.vh { " " (name) } }
            }
        }
    }
}
