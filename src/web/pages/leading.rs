//! The forms that lead a citizen to their own server, to follow or to reply there.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::extract::rejection::FormRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Form};
use serde::Deserialize;

use crate::federation::actors::Unknown;
use crate::kernel::{Acct, Handle, Timestamp};
use crate::web::State as Web;
use crate::web::{ClientAddress, Problem};

use super::answer;
use super::invitation;
use super::load;
use super::load::Found;
use super::reading;
use super::view::{Agency, HandleTrouble, Invitation, Purpose};
use super::withdrawn;

/// How long somebody waits for their own server's answer.
const PATIENCE: Duration = Duration::from_secs(8);

/// What a citizen types.
#[derive(Deserialize)]
pub(super) struct Entered {
    #[serde(default)]
    address: String,
}

type Typed = Result<Form<Entered>, FormRejection>;

pub(super) async fn follow_form(
    State(web): State<Web>,
    Path(name): Path<String>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let agency = agency(&web, &name).await?;
    if agency.handle.as_str() != name {
        return Ok(answer::moved(&format!("/@{}/follow", agency.handle)));
    }
    let view = invitation(agency, Purpose::Follow);
    let frame = answer::frame(&web);
    Ok(answer::page(&web, &asked, invitation::page(&frame, &view)))
}

pub(super) async fn follow(
    State(web): State<Web>,
    Path(name): Path<String>,
    client: Option<Extension<ClientAddress>>,
    Extension(gate): Extension<Arc<Gate>>,
    typed: Typed,
) -> Result<Response, Problem> {
    let view = invitation(agency(&web, &name).await?, Purpose::Follow);
    lead(&web, &gate, client, view, typed).await
}

pub(super) async fn reply_form(
    State(web): State<Web>,
    Path((name, id)): Path<(String, String)>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let id = reading::named(&id)?;
    let found = reading::alone(&web, id).await?;
    if let Some(elsewhere) = reading::misnamed(&found, &name, id, "/reply") {
        return Ok(elsewhere);
    }
    let frame = answer::frame(&web);
    Ok(match found {
        Found::Page(page) => {
            let page = *page;
            let announcement = Box::new(page.announcement);
            let view = invitation(page.agency, Purpose::Reply { announcement });
            answer::page(&web, &asked, invitation::page(&frame, &view))
        }
        Found::Withdrawn(view) => reading::gone(&web, id, withdrawn::page(&frame, &view)),
    })
}

pub(super) async fn reply(
    State(web): State<Web>,
    Path((_, id)): Path<(String, String)>,
    client: Option<Extension<ClientAddress>>,
    Extension(gate): Extension<Arc<Gate>>,
    typed: Typed,
) -> Result<Response, Problem> {
    let id = reading::named(&id)?;
    match reading::alone(&web, id).await? {
        Found::Page(page) => {
            let page = *page;
            let announcement = Box::new(page.announcement);
            let view = invitation(page.agency, Purpose::Reply { announcement });
            lead(&web, &gate, client, view, typed).await
        }
        Found::Withdrawn(view) => {
            let frame = answer::frame(&web);
            Ok(reading::gone(&web, id, withdrawn::page(&frame, &view)))
        }
    }
}

async fn agency(web: &Web, name: &str) -> Result<Agency, Problem> {
    let handle: Handle = name.parse().map_err(|_| Problem::NotFound)?;
    let site = web.site.clone();
    web.db
        .read(move |conn| load::agency(conn, &site, &handle))
        .await?
        .ok_or(Problem::NotFound)
}

fn invitation(agency: Agency, purpose: Purpose) -> Invitation {
    Invitation {
        agency,
        purpose,
        entered: String::new(),
        trouble: None,
    }
}

/// Leads to the citizen's server, or shows the form again with what was wrong.
async fn lead(
    web: &Web,
    gate: &Gate,
    client: Option<Extension<ClientAddress>>,
    view: Invitation,
    typed: Typed,
) -> Result<Response, Problem> {
    let client = client.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |Extension(it)| it.0);
    if !gate.lets_in(client, web.clock.now()) {
        return Err(Problem::TooMany);
    }
    let Form(Entered { address }) =
        typed.map_err(|_| Problem::BadRequest("the form holds an address and nothing else"))?;
    let entered: String = address.trim().chars().take(LONGEST).collect();
    match destination(web, &view, &entered).await {
        Ok(location) => Ok((
            StatusCode::SEE_OTHER,
            [
                (header::LOCATION, location),
                (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
            ],
        )
            .into_response()),
        Err(trouble) => {
            let view = Invitation {
                entered,
                trouble: Some(trouble),
                ..view
            };
            let markup = invitation::page(&answer::frame(web), &view);
            Ok(answer::once(web, StatusCode::UNPROCESSABLE_ENTITY, markup))
        }
    }
}

/// As much as the form's field takes.
const LONGEST: usize = 512;

async fn destination(
    web: &Web,
    view: &Invitation,
    entered: &str,
) -> Result<HeaderValue, HandleTrouble> {
    if entered.is_empty() {
        return Err(HandleTrouble::Missing);
    }
    let acct: Acct = entered.parse().map_err(|_| HandleTrouble::NotAnAddress)?;
    let host = acct.domain().to_owned();
    // Nobody has an account here, and we need not ask ourselves.
    if host == web.site.authority() || host == web.site.handle_domain() {
        return Err(HandleTrouble::NoWayIn { host });
    }
    let jrd = match tokio::time::timeout(PATIENCE, web.directory.webfinger(&acct)).await {
        Ok(Ok(jrd)) => jrd,
        Ok(Err(Unknown::Fetch(error))) if error.is_gone() => {
            return Err(HandleTrouble::Unknown { host });
        }
        Ok(Err(_)) | Err(_) => return Err(HandleTrouble::Silent { host }),
    };
    let location = match &view.purpose {
        Purpose::Follow => jrd.follow_address(&view.agency.id),
        Purpose::Reply { announcement } => {
            jrd.open_address(&web.site.announcement(announcement.id))
        }
    };
    location
        .and_then(|location| HeaderValue::from_str(&location).ok())
        .ok_or(HandleTrouble::NoWayIn { host })
}

/// How often somebody may make us ask another server, and how many may at all, within a minute.
const EACH: u32 = 10;
const CLIENTS: usize = 10_000;

/// Counts who asked within this minute. Nothing of it outlives the minute after, or is written anywhere.
#[derive(Default)]
pub(super) struct Gate(Mutex<Minute>);

#[derive(Default)]
struct Minute {
    number: i64,
    asked: HashMap<IpAddr, u32>,
}

impl Gate {
    fn lets_in(&self, client: IpAddr, now: Timestamp) -> bool {
        let mut minute = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let number = now.seconds().div_euclid(60);
        if minute.number != number {
            *minute = Minute {
                number,
                asked: HashMap::new(),
            };
        }
        let client = household(client);
        if minute.asked.len() >= CLIENTS && !minute.asked.contains_key(&client) {
            return false;
        }
        let asked = minute.asked.entry(client).or_default();
        *asked += 1;
        *asked <= EACH
    }
}

/// IPv6 gives one customer a network of /64.
fn household(client: IpAddr) -> IpAddr {
    match client.to_canonical() {
        IpAddr::V6(address) => {
            let network = address.to_bits() >> 64 << 64;
            IpAddr::V6(Ipv6Addr::from_bits(network))
        }
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gate_counts_by_household_and_minute() {
        let gate = Gate::default();
        let now = Timestamp::from_seconds(60);
        let at = |last: u16| IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0, 1, 0, 0, 0, last));
        for last in 0..10 {
            assert!(gate.lets_in(at(last), now));
        }
        assert!(!gate.lets_in(at(99), now));
        assert!(gate.lets_in(IpAddr::V4(Ipv4Addr::LOCALHOST), now));
        assert!(gate.lets_in(at(99), now + Duration::from_secs(60)));
    }

    #[test]
    fn the_gate_holds_a_bounded_number_of_clients() {
        let gate = Gate::default();
        let now = Timestamp::from_seconds(60);
        for number in 0..20_000_u32 {
            gate.lets_in(IpAddr::V4(Ipv4Addr::from_bits(number)), now);
        }
        assert_eq!(gate.0.lock().unwrap().asked.len(), CLIENTS);
    }
}
