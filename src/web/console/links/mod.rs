//! Pages behind one-time links: joining, a new password, and the first set-up.
//!
//! A link is looked at as often as somebody likes, and used up by sending the form. Whoever tries tokens is counted.

pub(super) mod join;
pub(super) mod reset;
pub(super) mod set_up;

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use axum::response::{IntoResponse as _, Redirect, Response};

use super::desk::{self, hashed};
use super::refusal::{Refusal, Refused};
use super::visit::{self, SignedIn};
use crate::agencies::staff::links::{self, Arrived, Link, Purpose};
use crate::agencies::staff::password::{Hash, Password};
use crate::agencies::staff::sessions::{Admitted, Browser};
use crate::agencies::staff::{self, Person, Token, sign_in};
use crate::agencies::{self, Agency};
use crate::platform::chance;
use crate::platform::db::Conn;
use crate::web::words::console::Words;
use crate::web::{ClientAddress, State as Web};

/// A link that somebody has opened, and that can be used.
#[derive(Debug, Clone)]
pub(super) struct Opened {
    token: Token,
    link: Link,
    /// At which agency it is an invitation.
    agency: Option<Agency>,
    /// Whose password it sets.
    person: Option<Person>,
    /// Who is signed in, if anybody is.
    who: Option<SignedIn>,
    words: Words,
    browser: Browser,
}

impl Opened {
    fn refuse(&self, web: &Web, refusal: impl Into<Refusal>) -> Response {
        let refusal = refusal.into();
        let page = refusal.page(web, self.words, self.who.as_ref());
        page.into_response()
    }
}

fn find(
    conn: &mut Conn,
    web: &Web,
    token: &Token,
) -> Result<(Link, Option<Agency>, Option<Person>), staff::Error> {
    let link = links::find_open(conn, web.clock.as_ref(), token)?;
    let (agency, person) = match &link.purpose {
        Purpose::Invitation { agency, .. } => (agencies::find(conn, *agency)?, None),
        Purpose::Reset { person, .. } => (None, staff::person(conn, *person)?),
        Purpose::Operator | Purpose::SetUp => (None, None),
    };
    Ok((link, agency, person))
}

impl FromRequestParts<Web> for Opened {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Self::Rejection> {
        let asked = visit::words_asked(&parts.headers);
        let who = visit::find(web, &parts.headers)
            .await
            .map_err(|error| Refusal::from(error).page(web, asked, None))?;
        let words = who.as_ref().map_or(asked, |who| who.words);
        let refused = |error: staff::Error| Refusal::from(error).page(web, words, who.as_ref());
        let from = desk::address_of(parts.extensions.get::<ClientAddress>().copied());
        sign_in::count_from(&web.desk.limits, web.clock.as_ref(), from).map_err(refused)?;
        let token = token_of(parts, web).await;
        let token = token.ok_or_else(|| refused(staff::Error::LinkGone))?;
        let (web_, shown) = (web.clone(), token.clone());
        let found = web.db.read(move |conn| find(conn, &web_, &shown)).await;
        let (link, agency, person) = found.map_err(refused)?;
        Ok(Self {
            token,
            link,
            agency,
            person,
            browser: visit::browser(&web.site, &parts.headers),
            words,
            who,
        })
    }
}

async fn token_of(parts: &mut Parts, web: &Web) -> Option<Token> {
    let params = RawPathParams::from_request_parts(parts, web).await.ok()?;
    let (_, text) = params.iter().find(|(key, _)| *key == "token")?;
    Token::shown(text)
}

/// A password as it is kept.
async fn hash(web: &Web, password: Password) -> Result<Hash, staff::Error> {
    hashed(&web.desk, move || Ok(password.hash(&chance))).await
}

/// Lets in who has come by a link, in the same transaction.
fn let_in(
    conn: &mut Conn,
    web: &Web,
    arrived: &Arrived,
    browser: &Browser,
) -> Result<Option<Admitted>, staff::Error> {
    staff::let_in(conn, web.clock.as_ref(), arrived, browser, &chance)
}

/// Leads to `to` who was let in, and anybody else to where they sign in.
fn on(web: &Web, admitted: Option<&Admitted>, to: &str) -> Response {
    let Some(admitted) = admitted else {
        return Redirect::to("/console/sign-in").into_response();
    };
    let mut response = Redirect::to(to).into_response();
    let headers: &mut HeaderMap = response.headers_mut();
    visit::admitted(&web.site, headers, admitted);
    response
}
