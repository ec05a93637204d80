//! What is dangerous is done only by who has shown a short while ago that it is still them.
//!
//! Whoever left their desk for ten minutes is asked for a passkey or the password, and what they had typed meanwhile is kept.

use axum::extract::{Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use maud::html;

use super::desk::hashed;
use super::kept::{self, Kept};
use super::openid;
use super::passkeys;
use super::pieces::Field;
use super::refusal::Refusal;
use super::sheet::{self, Sheet};
use super::troubles::Troubles;
use super::typed::Typed;
use super::visit::SignedIn;
use crate::agencies::staff::password::Password;
use crate::agencies::staff::{self, sign_in};
use crate::platform::chance;
use crate::web::State as Web;
use crate::web::assets::Asset;

/// Around the routes to what is dangerous. Whom they are for is asked by the handlers.
pub(super) async fn first(State(web): State<Web>, request: Request, next: Next) -> Response {
    // Put there by `kept::keep_what_was_typed`.
    let known = request.extensions().get::<SignedIn>().cloned();
    let Some(who) = known.filter(|_| request.method() == Method::POST) else {
        return next.run(request).await;
    };
    if who.session.is_fresh(web.clock.now()) {
        return next.run(request).await;
    }
    let to = request.uri().path().to_owned();
    let form = kept::typed(request, web.server.max_body).await;
    let troubles = Troubles::none(who.words);
    page(&web, &who, &Kept::of(Some(to), form), &troubles).await
}

pub(super) async fn again(State(web): State<Web>, who: SignedIn, typed: Typed) -> Response {
    let field = |name: &str| typed.some(name).map(str::to_owned);
    let kept = Kept::of(field("to"), field("kept"));
    let proof = match typed.some("answer") {
        Some(_) => passkeys::prove(&web, &who, &typed).await,
        None => proven(&web, &who, typed.get("password")).await,
    };
    match proof {
        Ok(()) => kept.proven(&web, &who),
        Err(error) => {
            let troubles = about_password(&who, "password", error);
            page(&web, &who, &kept, &troubles).await
        }
    }
}

/// A password that is wrong here is said at its field, and nothing is said of an address.
pub(super) fn about_password(who: &SignedIn, field: &'static str, error: staff::Error) -> Troubles {
    let mut troubles = Troubles::none(who.words);
    match error {
        staff::Error::Wrong => troubles.about(field, who.words.say("password-not-yours")),
        other => troubles.add(other),
    }
    troubles
}

async fn proven(web: &Web, who: &SignedIn, password: &str) -> Result<(), staff::Error> {
    let proof = proof(web, who, password).await?;
    let (clock, desk, session) = (web.clock.clone(), web.desk.clone(), who.session.clone());
    web.db
        .write(move |conn| {
            sign_in::prove_again(conn, clock.as_ref(), &desk.limits, &session, &proof)
        })
        .await
}

/// Compares the password of whoever is in a session.
pub(super) async fn proof(
    web: &Web,
    who: &SignedIn,
    password: &str,
) -> Result<sign_in::Proof, staff::Error> {
    let (clock, desk, session) = (web.clock.clone(), web.desk.clone(), who.session.clone());
    let knock = web
        .db
        .read(move |conn| sign_in::knock_again(conn, clock.as_ref(), &desk.limits, &session))
        .await?;
    let password = Password::typed(password);
    hashed(&web.desk, move || knock.answer(&password, &chance)).await
}

async fn page(web: &Web, who: &SignedIn, kept: &Kept, troubles: &Troubles) -> Response {
    let words = who.words;
    let ways = tokio::try_join!(passkeys::has_any(web, who), openid::is_connected(web, who));
    let (has_passkeys, is_connected) = match ways {
        Ok(ways) => ways,
        Err(error) => {
            return Refusal::from(error)
                .page(web, words, Some(who))
                .into_response();
        }
    };
    let password = Field::password("password", words.say("password"), "current-password");
    let main = html! {
        header.opening {
            h1 { (words.say("prove-title")) }
            p.lead { (words.say("prove-lead")) }
        }
        (troubles.show())
        @if is_connected { (openid::way_to_prove(web, words, kept)) }
        @if has_passkeys { (passkeys::proof(words, kept)) }
        form method="post" action="/console/prove" {
            // So that a password manager knows whose it is.
            input type="hidden" name="username" autocomplete="username" value=(who.person.email);
            (password.amiss(troubles).show())
            (kept.fields())
            div.actions {
                button.button type="submit" { (words.say("go-on")) }
                a.button.quiet href=(super::HOME) { (words.say("cancel")) }
            }
        }
    };
    let status = if troubles.are_none() {
        StatusCode::FORBIDDEN
    } else {
        troubles.status()
    };
    let sheet = Sheet::plain(words, words.say("prove-title"), Some(who), main);
    let sheet = sheet.with_script(Asset::PasskeyScript);
    sheet::answer(web, status, &sheet).into_response()
}
