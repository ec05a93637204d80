//! Who asks: the cookies of a request, whose session they are, and for which agency somebody may act.

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};

use super::refusal::{Refusal, Refused};
use crate::agencies::staff::sessions::{self, Admitted, Browser, Session};
use crate::agencies::staff::{self, Mandate, Operator, Person, Right, Token};
use crate::agencies::{self, Agency};
use crate::kernel::{Handle, Site};
use crate::platform::db;
use crate::web::State as Web;
use crate::web::words::console::Words;

/// How long a browser remembers that somebody signed in on it.
const DEVICE_SECONDS: u32 = 180 * 24 * 3600;
/// How long the way to the provider and back may take.
const WAY_SECONDS: u32 = 600;
const LANGUAGE: &str = "language";

/// Somebody who is signed in.
#[derive(Debug, Clone)]
pub(super) struct SignedIn {
    pub(super) session: Session,
    pub(super) person: Person,
    pub(super) words: Words,
}

/// Somebody who is signed in and holds a role at the agency whose page this is: `{handle}` in the route.
#[derive(Debug, Clone)]
pub(super) struct AtAgency {
    pub(super) who: SignedIn,
    pub(super) agency: Agency,
    pub(super) mandate: Mandate,
}

impl AtAgency {
    pub(super) const fn words(&self) -> Words {
        self.who.words
    }

    /// A page of this agency's desk.
    pub(super) fn path(&self, part: &str) -> String {
        format!("/console/{}{part}", self.agency.handle)
    }

    /// A refusal, on a page of its own.
    pub(super) fn refused(&self, web: &Web, refusal: impl Into<Refusal>) -> Refused {
        refusal.into().page(web, self.words(), Some(&self.who))
    }

    /// For pages that show what only some may see. Use cases ask for themselves.
    pub(super) fn require(&self, right: Right) -> Result<(), Refusal> {
        self.mandate.require(right).map_err(Refusal::from)
    }
}

/// Somebody who is signed in and operates the server.
#[derive(Debug, Clone)]
pub(super) struct AsOperator {
    pub(super) who: SignedIn,
    pub(super) operator: Operator,
}

impl AsOperator {
    pub(super) const fn words(&self) -> Words {
        self.who.words
    }

    /// A refusal, on a page of its own.
    pub(super) fn refused(&self, web: &Web, refusal: impl Into<Refusal>) -> Refused {
        refusal.into().page(web, self.words(), Some(&self.who))
    }
}

/// The value of a cookie.
pub(super) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value)
}

/// `__Host-session` where the site is served over TLS: no other host, and no plain connection, can set such a cookie
/// (RFC 6265bis, section 4.1.3.2).
fn name(site: &Site, plain: &str) -> String {
    if is_secure(site) {
        format!("__Host-{plain}")
    } else {
        plain.to_owned()
    }
}

fn is_secure(site: &Site) -> bool {
    site.base().starts_with("https:")
}

fn set(site: &Site, plain: &str, value: &str, seconds: Option<u32>) -> Option<HeaderValue> {
    let secure = if is_secure(site) { "; Secure" } else { "" };
    let age = seconds.map_or_else(String::new, |seconds| format!("; Max-Age={seconds}"));
    let cookie = format!(
        "{}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{age}",
        name(site, plain)
    );
    cookie.parse().ok()
}

/// The cookies of somebody who was let in.
pub(super) fn admitted(site: &Site, headers: &mut HeaderMap, admitted: &Admitted) {
    let session = set(site, "session", admitted.session.reveal(), None);
    let device = set(
        site,
        "device",
        admitted.device.reveal(),
        Some(DEVICE_SECONDS),
    );
    for cookie in [session, device].into_iter().flatten() {
        headers.append(header::SET_COOKIE, cookie);
    }
}

/// Of somebody who has signed out: the device is remembered.
pub(super) fn dismissed(site: &Site, headers: &mut HeaderMap) {
    if let Some(cookie) = set(site, "session", "", Some(0)) {
        headers.append(header::SET_COOKIE, cookie);
    }
}

pub(super) fn language(site: &Site, headers: &mut HeaderMap, tag: &str) {
    if let Some(cookie) = set(site, LANGUAGE, tag, Some(DEVICE_SECONDS)) {
        headers.append(header::SET_COOKIE, cookie);
    }
}

/// On its way to an OpenID provider, or back again.
pub(super) fn on_the_way(site: &Site, headers: &mut HeaderMap, step: Option<&Token>) {
    let (value, age) = step.map_or(("", 0), |step| (step.reveal(), WAY_SECONDS));
    if let Some(cookie) = set(site, "openid-step", value, Some(age)) {
        headers.append(header::SET_COOKIE, cookie);
    }
}

/// Whether this browser has left with `step`.
pub(super) fn was_on_the_way(site: &Site, headers: &HeaderMap, step: &Token) -> bool {
    let shown = cookie(headers, &name(site, "openid-step")).and_then(Token::shown);
    shown.as_ref() == Some(step)
}

/// Remembers that somebody came by way of the provider, so that they are led there again.
pub(super) fn by_openid(site: &Site, headers: &mut HeaderMap, came: bool) {
    let (value, age) = if came { ("1", DEVICE_SECONDS) } else { ("", 0) };
    if let Some(cookie) = set(site, "openid", value, Some(age)) {
        headers.append(header::SET_COOKIE, cookie);
    }
}

/// Whether who sits here came by way of the provider last.
pub(super) fn came_by_openid(site: &Site, headers: &HeaderMap) -> bool {
    cookie(headers, &name(site, "openid")) == Some("1")
}

/// The token of a session, as shown.
pub(super) fn session_token(site: &Site, headers: &HeaderMap) -> Option<Token> {
    Token::shown(cookie(headers, &name(site, "session"))?)
}

/// The browser of a request, for signing in.
pub(super) fn browser(site: &Site, headers: &HeaderMap) -> Browser {
    let agent = headers
        .get(header::USER_AGENT)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    Browser {
        family: staff::browser::family(agent),
        device: cookie(headers, &name(site, "device")).and_then(Token::shown),
    }
}

/// The language of whoever is not signed in.
pub(super) fn words_asked(headers: &HeaderMap) -> Words {
    let chosen = cookie(headers, LANGUAGE).or_else(|| cookie(headers, "__Host-language"));
    if let Some(tag) = chosen {
        return Words::of(tag);
    }
    let accepted = headers
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok());
    Words::accepted(accepted.unwrap_or_default())
}

/// Whose session it is, if it is open.
pub(super) async fn find(web: &Web, headers: &HeaderMap) -> Result<Option<SignedIn>, db::Error> {
    let Some(token) = session_token(&web.site, headers) else {
        return Ok(None);
    };
    let clock = web.clock.clone();
    let found = web
        .db
        .read(move |conn| sessions::find(conn, clock.as_ref(), &token))
        .await?;
    let Some((session, person)) = found else {
        return Ok(None);
    };
    if sessions::is_due(web.clock.as_ref(), &session) {
        let (clock, session) = (web.clock.clone(), session.clone());
        web.db
            .write(move |conn| sessions::touch(conn, clock.as_ref(), &session))
            .await?;
    }
    Ok(Some(SignedIn {
        words: Words::of(&person.language),
        session,
        person,
    }))
}

impl FromRequestParts<Web> for SignedIn {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Self::Rejection> {
        let words = words_asked(&parts.headers);
        if let Some(known) = parts.extensions.get::<Self>() {
            return Ok(known.clone());
        }
        match find(web, &parts.headers).await {
            Ok(Some(known)) => Ok(known),
            Ok(None) => {
                let to = parts.uri.path().to_owned();
                Err(Refusal::SignInFirst { to }.page(web, words, None))
            }
            Err(error) => Err(Refusal::from(error).page(web, words, None)),
        }
    }
}

impl FromRequestParts<Web> for AtAgency {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Self::Rejection> {
        let who = SignedIn::from_request_parts(parts, web).await?;
        let params = RawPathParams::from_request_parts(parts, web).await;
        let handle: Option<Handle> = params.ok().and_then(|params| {
            let found = params.iter().find(|(key, _)| *key == "handle");
            found.and_then(|(_, value)| value.parse().ok())
        });
        let person = who.person.id;
        let found = web
            .db
            .read(move |conn| {
                let agency = match handle {
                    Some(handle) => agencies::find_by_handle(conn, &handle)?,
                    None => None,
                };
                let Some(agency) = agency else {
                    return Ok(None);
                };
                let mandate = staff::mandate(conn, agency.id, person)?;
                Ok::<_, db::Error>(mandate.map(|mandate| (agency, mandate)))
            })
            .await;
        match found {
            Ok(Some((agency, mandate))) => Ok(Self {
                who,
                agency,
                mandate,
            }),
            // Whether there is such an agency is not for those who have no part in it.
            Ok(None) => Err(Refusal::NotFound.page(web, who.words, Some(&who))),
            Err(error) => Err(Refusal::from(error).page(web, who.words, Some(&who))),
        }
    }
}

impl FromRequestParts<Web> for AsOperator {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Self::Rejection> {
        let who = SignedIn::from_request_parts(parts, web).await?;
        let person = who.person.id;
        let found = web.db.read(move |conn| staff::operator(conn, person)).await;
        match found {
            Ok(Some(operator)) => Ok(Self { who, operator }),
            Ok(None) => Err(Refusal::NotFound.page(web, who.words, Some(&who))),
            Err(error) => Err(Refusal::from(error).page(web, who.words, Some(&who))),
        }
    }
}
