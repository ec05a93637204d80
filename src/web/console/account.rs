//! One's own account: name, language, passkeys, password, codes, and where one is signed in.

use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use maud::{Markup, html};

use super::desk::hashed;
use super::openid;
use super::passkeys;
use super::pieces::{Field, done, moment};
use super::prove;
use super::refusal::{Refusal, Refused};
use super::sheet::{self, Sheet};
use super::troubles::Troubles;
use super::typed::{Asked, Typed};
use super::visit::{self, SignedIn};
use crate::agencies::staff::codes::{self, Standing};
use crate::agencies::staff::passkeys::Passkey;
use crate::agencies::staff::password::Password;
use crate::agencies::staff::sessions::{self, Session};
use crate::agencies::staff::{self, sign_in};
use crate::platform::chance;
use crate::platform::db;
use crate::web::State as Web;
use crate::web::words::console::{Choice, Words};

/// What the page shows.
struct Account {
    standing: Standing,
    sessions: Vec<Session>,
    passkeys: Vec<Passkey>,
    is_connected: bool,
    has_password: bool,
}

pub(super) async fn page(
    State(web): State<Web>,
    who: SignedIn,
    asked: Asked,
) -> Result<Response, Refused> {
    show(&web, &who, asked.done(), None, &Troubles::none(who.words)).await
}

/// Name and language.
pub(super) async fn change(
    State(web): State<Web>,
    who: SignedIn,
    typed: Typed,
) -> Result<Response, Refused> {
    let (person, words) = (who.person.id, Words::of(typed.get("speaks")));
    let (name, tag) = (typed.get("name").to_owned(), words.tag());
    let changed = web
        .db
        .write(move |conn| {
            staff::rename(conn, person, &name)?;
            Ok::<_, staff::Error>(staff::speak(conn, person, tag)?)
        })
        .await;
    match changed {
        Ok(()) => {
            let mut response = back("you");
            visit::language(&web.site, response.headers_mut(), tag);
            Ok(response)
        }
        Err(error) => {
            let troubles = Troubles::of(who.words, error);
            show(&web, &who, None, Some(&typed), &troubles).await
        }
    }
}

pub(super) async fn change_password(
    State(web): State<Web>,
    who: SignedIn,
    typed: Typed,
) -> Result<Response, Refused> {
    match set_password(&web, &who, &typed).await {
        Ok(()) => Ok(back("password")),
        Err(error) => {
            let troubles = prove::about_password(&who, "current", error);
            show(&web, &who, None, None, &troubles).await
        }
    }
}

async fn set_password(web: &Web, who: &SignedIn, typed: &Typed) -> Result<(), staff::Error> {
    let about = [who.person.name.as_str(), who.person.email.as_str()];
    let new = Password::chosen(typed.get("password"), &about)?;
    let proof = prove::proof(web, who, typed.get("current")).await?;
    let new = hashed(&web.desk, move || Ok(new.hash(&chance))).await?;
    let (clock, desk, session) = (web.clock.clone(), web.desk.clone(), who.session.clone());
    web.db
        .write(move |conn| {
            let (clock, limits) = (clock.as_ref(), &desk.limits);
            sign_in::change_password(conn, clock, limits, &session, &proof, &new)
        })
        .await
}

pub(super) async fn end_session(
    State(web): State<Web>,
    who: SignedIn,
    typed: Typed,
) -> Result<Response, Refused> {
    let session = who.session.clone();
    let ended = match typed.get("session").parse() {
        Ok(other) => {
            web.db
                .write(move |conn| sessions::revoke(conn, &session, other))
                .await
        }
        Err(_) => Err(staff::Error::SessionEnded),
    };
    match ended {
        Ok(()) => Ok(back("session")),
        Err(error) => {
            let troubles = Troubles::of(who.words, error);
            show(&web, &who, None, None, &troubles).await
        }
    }
}

pub(super) async fn end_others(State(web): State<Web>, who: SignedIn) -> Result<Response, Refused> {
    let session = who.session.clone();
    let ended = web
        .db
        .write(move |conn| sessions::revoke_others(conn, &session))
        .await;
    ended.map_err(|error: db::Error| Refusal::from(error).page(&web, who.words, Some(&who)))?;
    Ok(back("sessions"))
}

fn back(done: &str) -> Response {
    Redirect::to(&format!("/console/account?done={done}")).into_response()
}

async fn show(
    web: &Web,
    who: &SignedIn,
    before: Option<&str>,
    typed: Option<&Typed>,
    troubles: &Troubles,
) -> Result<Response, Refused> {
    let (clock, session) = (web.clock.clone(), who.session.clone());
    let account = web
        .db
        .read(move |conn| {
            Ok::<_, db::Error>(Account {
                standing: codes::standing(conn, &session)?,
                sessions: sessions::list(conn, clock.as_ref(), &session)?,
                passkeys: staff::passkeys::list(conn, &session)?,
                is_connected: staff::identities::is_connected(conn, &session)?,
                has_password: sign_in::has_password(conn, &session)?,
            })
        })
        .await
        .map_err(|error| Refusal::from(error).page(web, who.words, Some(who)))?;
    let words = who.words;
    let main = html! {
        header.opening {
            h1 { (words.say("account")) }
            p.acct dir="ltr" { (who.person.email) }
        }
        @if let Some(sentence) = before.and_then(|what| said(words, what)) { (done(&sentence)) }
        (troubles.show())
        div.columns {
            (you(who, typed, troubles))
            (passkeys::panel(web, words, &account.passkeys))
            (openid::panel(web, words, account.is_connected))
            @if account.has_password {
                (password(who, troubles))
                (steps(words, account.standing))
            } @else {
                (no_password(words))
            }
        }
        (sessions_of(who, &account.sessions))
    };
    let sheet = Sheet::plain(words, words.say("account"), Some(who), main);
    Ok(sheet::answer(web, troubles.status(), &sheet))
}

/// What is said of what was done; nothing of what we do not know.
fn said(words: Words, what: &str) -> Option<String> {
    Some(match what {
        "you" => words.say("account-done-you"),
        "password" => words.say("account-done-password"),
        "session" => words.say("account-done-session"),
        "sessions" => words.say("account-done-sessions"),
        "codes" => words.say("account-done-codes"),
        "passkey" => words.say("passkey-done-added"),
        "no-passkey" => words.say("passkey-done-removed"),
        "connected" => words.say("oidc-done-connected"),
        "no-codes" => words.say("account-done-no-codes"),
        _ => return None,
    })
}

fn you(who: &SignedIn, typed: Option<&Typed>, troubles: &Troubles) -> Markup {
    let words = who.words;
    let name = typed.map_or(who.person.name.as_str(), |typed| typed.get("name"));
    html! {
        section.panel aria-labelledby="you" {
            h2 #you { (words.say("account-you")) }
            form method="post" action="/console/account" {
                (Field { autocomplete: "name", ..Field::text("name", words.say("your-name"), name) }
                    .hinted(words.say("your-name-hint")).amiss(troubles).show())
                div.field {
                    label for="speaks" { (words.say("account-language")) }
                    select.short #speaks name="speaks" {
                        @for Choice { tag, name } in Words::choices() {
                            option value=(tag) lang=(tag) selected[tag == words.tag()] { (name) }
                        }
                    }
                }
                div.actions { button.button type="submit" { (words.say("save")) } }
            }
        }
    }
}

fn password(who: &SignedIn, troubles: &Troubles) -> Markup {
    let words = who.words;
    html! {
        section.panel aria-labelledby="change-password" {
            h2 #change-password { (words.say("password")) }
            form method="post" action="/console/account/password" {
                // So that a password manager knows whose it is.
                input type="hidden" name="username" autocomplete="username" value=(who.person.email);
                (Field::password("current", words.say("current-password"), "current-password").amiss(troubles).show())
                (Field::password("password", words.say("new-password"), "new-password")
                    .hinted(words.say("password-hint")).amiss(troubles).show())
                p.note { (words.say("account-password-note")) }
                div.actions { button.button type="submit" { (words.say("account-change-password")) } }
            }
        }
    }
}

fn no_password(words: Words) -> Markup {
    html! {
        section.panel aria-labelledby="change-password" {
            h2 #change-password { (words.say("password")) }
            p { (words.say("account-no-password")) }
        }
    }
}

fn steps(words: Words, standing: Standing) -> Markup {
    html! {
        section.panel aria-labelledby="second-step" {
            h2 #second-step { (words.say("codes-title")) }
            @if standing.are_set_up {
                p { span.mark-on { (words.say("codes-on")) } }
                p { (words.count("codes-left", standing.recovery_codes)) }
            } @else {
                p { span.mark-off { (words.say("codes-off")) } }
                p { (words.say("codes-why")) }
            }
            div.actions {
                a.button.quiet href="/console/account/codes" {
                    @if standing.are_set_up { (words.say("codes-manage")) } @else { (words.say("codes-begin")) }
                }
            }
        }
    }
}

fn sessions_of(who: &SignedIn, sessions: &[Session]) -> Markup {
    let words = who.words;
    html! {
        section aria-labelledby="sessions" {
            h2 #sessions { (words.say("sessions-title")) }
            p.note { (words.say("sessions-note")) }
            div.scroll tabindex="0" role="region" aria-labelledby="sessions" {
                table {
                    thead {
                        tr {
                            th scope="col" { (words.say("sessions-browser")) }
                            th scope="col" { (words.say("sessions-begun")) }
                            th scope="col" { (words.say("sessions-seen")) }
                            th scope="col" { span.vh { (words.say("actions")) } }
                        }
                    }
                    tbody {
                        @for session in sessions { (row(words, session, session.id == who.session.id)) }
                    }
                }
            }
            @if sessions.len() > 1 {
                form.actions method="post" action="/console/account/end-others" {
                    button.button.danger type="submit" { (words.say("sessions-end-others")) }
                }
            }
        }
    }
}

fn row(words: Words, session: &Session, is_this: bool) -> Markup {
    let browser = match session.browser.as_str() {
        "" => words.say("sessions-unknown"),
        family => family.to_owned(),
    };
    html! {
        tr {
            th scope="row" { bdi { (browser) } @if is_this { " " span.badge { (words.say("sessions-this")) } } }
            td { (moment(session.begun_at)) }
            td { (moment(session.seen_at)) }
            td {
                @if !is_this {
                    form method="post" action="/console/account/end-session" {
                        input type="hidden" name="session" value=(session.id);
                        button.button.danger.small type="submit" {
                            (words.say("sessions-end")) span.vh { " " (browser) }
                        }
                    }
                }
            }
        }
    }
}
