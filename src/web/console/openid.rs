//! Signing in by way of an OpenID provider: the way there, and what becomes of who comes back.
//!
//! Browsers are led there by links and not by forms, since a form of ours may lead to no other site. What somebody had typed
//! stays on their page meanwhile: the link opens beside it.

use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Redirect, Response};
use maud::{Markup, html};
use serde::{Deserialize, Serialize};
use url::form_urlencoded::byte_serialize;

use super::desk::{self, OpenId};
use super::kept::Kept;
use super::refusal::{Refusal, Refused};
use super::sheet::{self, Sheet};
use super::sign_in;
use super::typed::Asked;
use super::visit::{self, SignedIn};
use crate::agencies::staff::identities::{self, Entry, Identity};
use crate::agencies::staff::sessions::Session;
use crate::agencies::staff::{self, Token, sign_in as door};
use crate::kernel::{Secret, Timestamp};
use crate::platform::chance;
use crate::platform::db;
use crate::platform::openid::{Claims, OpenIdError, Question};
use crate::web::words::console::Words;
use crate::web::{ClientAddress, State as Web};

/// Where the provider sends people back to.
pub const CALLBACK: &str = "/console/sign-in/openid/callback";

/// What is kept while somebody is with the provider.
#[derive(Debug, Serialize, Deserialize)]
struct Way {
    purpose: Purpose,
    nonce: String,
    verifier: String,
    to: Option<String>,
    since: Timestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum Purpose {
    Enter,
    Prove,
    Connect,
}

/// Why somebody does not get in by this way.
#[derive(Debug)]
enum Failed {
    Staff(staff::Error),
    /// The provider does not answer as it should.
    Provider(OpenIdError),
    /// They have turned back there.
    Denied,
    /// No group of theirs has a part here.
    Nothing,
}

impl From<staff::Error> for Failed {
    fn from(error: staff::Error) -> Self {
        Self::Staff(error)
    }
}

impl From<db::Error> for Failed {
    fn from(error: db::Error) -> Self {
        Self::Staff(error.into())
    }
}

impl From<OpenIdError> for Failed {
    fn from(error: OpenIdError) -> Self {
        Self::Provider(error)
    }
}

impl Failed {
    fn said(self, words: Words) -> (StatusCode, String) {
        match self {
            Self::Staff(error) => {
                let refusal = Refusal::from(error);
                (refusal.status(), refusal.sentence(words))
            }
            Self::Provider(error) => {
                tracing::error!(%error, "the OpenID provider lets nobody in");
                (StatusCode::BAD_GATEWAY, words.say("oidc-unavailable"))
            }
            Self::Denied => (StatusCode::UNPROCESSABLE_ENTITY, words.say("oidc-denied")),
            Self::Nothing => (StatusCode::FORBIDDEN, words.say("oidc-no-group")),
        }
    }
}

/// Leads whoever is at the door to the provider.
pub(super) async fn leave(
    State(web): State<Web>,
    from: Option<Extension<ClientAddress>>,
    headers: HeaderMap,
    asked: Asked,
) -> Response {
    let words = visit::words_asked(&headers);
    let kept = Kept::of(asked.to().map(str::to_owned), None);
    let from = desk::address_of(from.map(|it| it.0));
    let counted = door::count_from(&web.desk.limits, web.clock.as_ref(), from);
    let way = match counted {
        Ok(()) => begin(&web, Purpose::Enter, None, kept.to()).await,
        Err(error) => Err(error.into()),
    };
    lead(&web, words, &kept, way)
}

/// Leads whoever is in a session to the provider, to show again that it is them.
pub(super) async fn leave_to_prove(State(web): State<Web>, who: SignedIn) -> Response {
    let way = begin(&web, Purpose::Prove, Some(&who.session), None).await;
    lead(&web, who.words, &Kept::default(), way)
}

fn lead(web: &Web, words: Words, kept: &Kept, way: Result<(Token, String), Failed>) -> Response {
    match way {
        Ok((step, url)) => {
            let mut response = Redirect::to(&url).into_response();
            visit::on_the_way(&web.site, response.headers_mut(), Some(&step));
            response
        }
        Err(failed) => refused(web, words, kept, failed),
    }
}

/// For whoever wants to be known to the provider: a page with a link, since a form may lead to no other site.
pub(super) async fn connect(State(web): State<Web>, who: SignedIn) -> Response {
    let words = who.words;
    let way = begin(&web, Purpose::Connect, Some(&who.session), None).await;
    let (step, url) = match way {
        Ok(way) => way,
        Err(failed) => return refused(&web, words, &Kept::default(), failed),
    };
    let label = web.desk.openid.as_ref().map_or("", |it| it.label.as_str());
    let main = html! {
        header.opening {
            p.kicker { a href="/console/account" { (words.say("account")) } }
            h1 { (words.say_with("oidc-connect", "provider", label)) }
            p.lead { (words.say("oidc-connect-lead")) }
        }
        div.actions {
            a.button href=(url) { (words.say("go-on")) }
            a.button.quiet href="/console/account" { (words.say("cancel")) }
        }
    };
    let title = words.say_with("oidc-connect", "provider", label);
    let sheet = Sheet::plain(words, title, Some(&who), main);
    let mut response = sheet::answer(&web, StatusCode::OK, &sheet);
    visit::on_the_way(&web.site, response.headers_mut(), Some(&step));
    response
}

async fn begin(
    web: &Web,
    purpose: Purpose,
    session: Option<&Session>,
    to: Option<&str>,
) -> Result<(Token, String), Failed> {
    let openid = web.desk.openid.as_ref().ok_or(staff::Error::NoProvider)?;
    let way = Way {
        purpose,
        nonce: Token::random(&chance).reveal().to_owned(),
        verifier: Token::random(&chance).reveal().to_owned(),
        to: to.map(str::to_owned),
        since: web.clock.now(),
    };
    let state = serde_json::to_vec(&way).map_err(|_| staff::Error::Begin)?;
    let (clock, session) = (web.clock.clone(), session.cloned());
    let step = web
        .db
        .write(move |conn| {
            identities::leave(conn, clock.as_ref(), session.as_ref(), state, &chance)
        })
        .await?;
    let question = question(&way, &step);
    let url = openid
        .provider
        .leads_to(web.clock.as_ref(), &question)
        .await?;
    Ok((step, url.into()))
}

fn question(way: &Way, step: &Token) -> Question {
    Question {
        state: step.reveal().to_owned(),
        nonce: way.nonce.clone(),
        verifier: Secret::new(way.verifier.clone()),
        anew: way.purpose != Purpose::Enter,
    }
}

/// Somebody comes back.
pub(super) async fn come_back(
    State(web): State<Web>,
    headers: HeaderMap,
    asked: Asked,
) -> Result<Response, Refused> {
    let mut words = visit::words_asked(&headers);
    let who = visit::find(&web, &headers).await;
    let who = who.map_err(|error| Refusal::from(error).page(&web, words, None))?;
    if let Some(who) = &who {
        words = who.words;
    }
    let mut kept = Kept::default();
    let came = arrive(&web, &headers, who.as_ref(), &asked, &mut kept).await;
    let mut response = match came {
        Ok(response) => response,
        Err(failed) => {
            let mut response = refused(&web, words, &kept, failed);
            visit::by_openid(&web.site, response.headers_mut(), false);
            response
        }
    };
    visit::on_the_way(&web.site, response.headers_mut(), None);
    Ok(response)
}

async fn arrive(
    web: &Web,
    headers: &HeaderMap,
    who: Option<&SignedIn>,
    asked: &Asked,
    kept: &mut Kept,
) -> Result<Response, Failed> {
    let openid = web.desk.openid.as_ref().ok_or(staff::Error::NoProvider)?;
    // Who comes back has left from this browser: nobody else can make them somebody else.
    let step = Token::shown(asked.get("state"))
        .filter(|state| visit::was_on_the_way(&web.site, headers, state));
    let step = step.ok_or(staff::Error::Begin)?;
    let (clock, shown) = (web.clock.clone(), step.clone());
    let (person, state) = web
        .db
        .write(move |conn| identities::come_back(conn, clock.as_ref(), &shown))
        .await?;
    let way: Way = serde_json::from_slice(&state).map_err(|_| staff::Error::Begin)?;
    *kept = Kept::of(way.to.clone(), None);
    let code = asked.get("code");
    if code.is_empty() {
        return Err(Failed::Denied);
    }
    let claims = openid
        .provider
        .redeem(web.clock.as_ref(), code, &question(&way, &step))
        .await?;
    let own = who.filter(|who| Some(who.session.person) == person);
    match (way.purpose, own) {
        (Purpose::Enter, _) => enter(web, openid, headers, claims, kept).await,
        (Purpose::Prove, Some(who)) => prove(web, who, claims, way.since).await,
        (Purpose::Connect, Some(who)) => link(web, who, claims).await,
        (Purpose::Prove | Purpose::Connect, None) => Err(staff::Error::Begin.into()),
    }
}

async fn enter(
    web: &Web,
    openid: &OpenId,
    headers: &HeaderMap,
    claims: Claims,
    kept: &Kept,
) -> Result<Response, Failed> {
    let gains = openid.groups.gains(&claims.groups);
    let words = claims
        .locale
        .as_deref()
        .map_or_else(|| visit::words_asked(headers), Words::of);
    let identity = identity(claims, words);
    let browser = visit::browser(&web.site, headers);
    let before = visit::session_token(&web.site, headers);
    let (clock, valid) = (web.clock.clone(), openid.recheck);
    let entry = web
        .db
        .write(move |conn| {
            let (clock, before) = (clock.as_ref(), before.as_ref());
            identities::enter(
                conn, clock, &identity, &gains, valid, before, &browser, &chance,
            )
        })
        .await?;
    let Entry::In(admitted) = entry else {
        return Err(Failed::Nothing);
    };
    let mut response = sign_in::let_in(web, words, &admitted, kept);
    visit::by_openid(&web.site, response.headers_mut(), true);
    Ok(response)
}

async fn prove(
    web: &Web,
    who: &SignedIn,
    claims: Claims,
    since: Timestamp,
) -> Result<Response, Failed> {
    let (clock, session) = (web.clock.clone(), who.session.clone());
    let identity = identity(claims, who.words);
    web.db
        .write(move |conn| {
            identities::prove_again(conn, clock.as_ref(), &session, &identity, since)
        })
        .await?;
    let words = who.words;
    let main = html! {
        header.opening {
            h1 { (words.say("proven-title")) }
            p.lead { (words.say("oidc-proven")) }
        }
    };
    let sheet = Sheet::plain(words, words.say("proven-title"), Some(who), main);
    Ok(sheet::answer(web, StatusCode::OK, &sheet))
}

async fn link(web: &Web, who: &SignedIn, claims: Claims) -> Result<Response, Failed> {
    let (clock, session) = (web.clock.clone(), who.session.clone());
    let identity = identity(claims, who.words);
    web.db
        .write(move |conn| identities::connect(conn, clock.as_ref(), &session, &identity))
        .await?;
    Ok(Redirect::to("/console/account?done=connected").into_response())
}

fn identity(claims: Claims, words: Words) -> Identity {
    Identity {
        issuer: claims.issuer,
        subject: claims.subject,
        name: claims.name,
        email: claims.email,
        language: words.tag().to_owned(),
        shown_at: claims.shown_at,
    }
}

fn refused(web: &Web, words: Words, kept: &Kept, failed: Failed) -> Response {
    let (status, sentence) = failed.said(words);
    sign_in::said(web, words, kept, status, &sentence)
}

/// For whoever is at the door.
pub(super) fn way_in(web: &Web, words: Words, kept: &Kept) -> Markup {
    let Some(openid) = &web.desk.openid else {
        return html! {};
    };
    let label = words.say_with("oidc-sign-in", "provider", &openid.label);
    html! {
        @if kept.has_words() {
            p { a.button href="/console/sign-in/openid" target="_blank" { (label) span.vh { " " (words.say("oidc-new-tab")) } } }
            p.note { (words.say("oidc-then-send")) }
            (kept.resend(words))
        } @else {
            p { a.button href={ "/console/sign-in/openid" @if let Some(to) = kept.to() { "?to=" (written(to)) } } { (label) } }
        }
    }
}

/// For whoever is known to the provider and has to show again that it is them.
pub(super) fn way_to_prove(web: &Web, words: Words, kept: &Kept) -> Markup {
    let Some(openid) = &web.desk.openid else {
        return html! {};
    };
    html! {
        p {
            a.button href="/console/prove/openid" target="_blank" {
                (words.say_with("oidc-prove", "provider", &openid.label)) span.vh { " " (words.say("oidc-new-tab")) }
            }
        }
        p.note { (words.say("oidc-then-send")) }
        (kept.resend(words))
    }
}

/// On the page of one's account.
pub(super) fn panel(web: &Web, words: Words, is_connected: bool) -> Markup {
    let Some(openid) = &web.desk.openid else {
        return html! {};
    };
    html! {
        section.panel aria-labelledby="openid" {
            h2 #openid { (openid.label) }
            @if is_connected {
                p { span.mark-on { (words.say("oidc-connected")) } }
            } @else {
                p { (words.say_with("oidc-connect-why", "provider", &openid.label)) }
                form.actions method="post" action="/console/account/connect" {
                    button.button.quiet type="submit" { (words.say_with("oidc-connect", "provider", &openid.label)) }
                }
            }
        }
    }
}

pub(super) async fn is_connected(web: &Web, who: &SignedIn) -> Result<bool, db::Error> {
    if web.desk.openid.is_none() {
        return Ok(false);
    }
    let session = who.session.clone();
    web.db
        .read(move |conn| identities::is_connected(conn, &session))
        .await
}

fn written(text: &str) -> String {
    byte_serialize(text.as_bytes()).collect()
}
