//! How other servers find an agency, and what they learn of this one: `WebFinger`, host-meta, `NodeInfo`.

use std::time::Duration;

use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Deserialize;
use serde_json::Value;

use crate::agencies::{self, Agency};
use crate::dialogue::replies;
use crate::federation::wire::outgoing as wire;
use crate::kernel::{Acct, Handle};
use crate::platform::db;
use crate::publishing;
use crate::web::answer::{Keep, conditional};
use crate::web::{Problem, State as Web};

#[derive(Deserialize)]
pub(super) struct Question {
    resource: Option<String>,
}

/// Whom a `resource` means (RFC 7033): an address at either of our domains, the address of an actor or of its page,
/// or the server itself.
enum Meant {
    Handle(Handle),
    Agency(crate::kernel::AgencyId),
    Instance,
    Nobody,
}

fn meant(web: &Web, resource: &str) -> Meant {
    let site = &web.site;
    if resource.starts_with("http:") || resource.starts_with("https:") {
        if let Some(id) = site.agency_of(resource) {
            return Meant::Agency(id);
        }
        let bare = resource.trim_end_matches('/');
        if bare == site.base() || resource == site.instance_actor() {
            return Meant::Instance;
        }
        let handle = bare
            .strip_prefix(site.base())
            .and_then(|path| path.strip_prefix("/@"));
        return handle
            .and_then(|handle| handle.parse().ok())
            .map_or(Meant::Nobody, Meant::Handle);
    }
    let ours = |domain: &str| domain == site.handle_domain() || domain == site.authority();
    if ours(&resource.to_ascii_lowercase()) {
        return Meant::Instance;
    }
    let Ok(acct) = resource.parse::<Acct>() else {
        return Meant::Nobody;
    };
    if !ours(acct.domain()) {
        return Meant::Nobody;
    }
    if ours(acct.user()) || acct.user() == wire::instance_name(site) {
        return Meant::Instance;
    }
    acct.user().parse().map_or(Meant::Nobody, Meant::Handle)
}

pub(super) async fn webfinger(
    State(web): State<Web>,
    Query(question): Query<Question>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let resource = question.resource.filter(|resource| !resource.is_empty());
    let resource = resource.ok_or(Problem::BadRequest(
        "a WebFinger question names a `resource`",
    ))?;
    let agency: Option<Agency> = match meant(&web, &resource) {
        Meant::Nobody => None,
        Meant::Instance => return Ok(jrd(&asked, &wire::webfinger_of_instance(&web.site))),
        Meant::Handle(handle) => {
            web.db
                .read(move |conn| agencies::find_by_handle(conn, &handle))
                .await?
        }
        Meant::Agency(id) => web.db.read(move |conn| agencies::find(conn, id)).await?,
    };
    let agency = agency.ok_or(Problem::NotFound)?;
    Ok(jrd(&asked, &wire::webfinger(&web.site, &agency)))
}

fn jrd(asked: &HeaderMap, document: &Value) -> Response {
    opened(conditional(
        asked,
        "application/jrd+json",
        Keep::Minute,
        document.to_string(),
    ))
}

fn opened(mut response: Response) -> Response {
    super::open(&mut response);
    response
}

pub(super) async fn host_meta(State(web): State<Web>, asked: HeaderMap) -> Response {
    opened(conditional(
        &asked,
        "application/xrd+xml; charset=utf-8",
        Keep::Hour,
        wire::host_meta_xml(&web.site),
    ))
}

pub(super) async fn host_meta_json(State(web): State<Web>, asked: HeaderMap) -> Response {
    opened(conditional(
        &asked,
        "application/json",
        Keep::Hour,
        wire::host_meta_json(&web.site).to_string(),
    ))
}

pub(super) async fn nodeinfo_links(State(web): State<Web>, asked: HeaderMap) -> Response {
    opened(conditional(
        &asked,
        "application/json",
        Keep::Hour,
        wire::nodeinfo_links(&web.site).to_string(),
    ))
}

pub(super) async fn nodeinfo_2_0(
    State(web): State<Web>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let server = server(&web).await?;
    let media_type =
        "application/json; profile=\"http://nodeinfo.diaspora.software/ns/schema/2.0#\"";
    Ok(opened(conditional(
        &asked,
        media_type,
        Keep::Hour,
        wire::nodeinfo_2_0(&server).to_string(),
    )))
}

pub(super) async fn nodeinfo_2_1(
    State(web): State<Web>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let server = server(&web).await?;
    let media_type =
        "application/json; profile=\"http://nodeinfo.diaspora.software/ns/schema/2.1#\"";
    Ok(opened(conditional(
        &asked,
        media_type,
        Keep::Hour,
        wire::nodeinfo_2_1(&server).to_string(),
    )))
}

const MONTH: Duration = Duration::from_secs(30 * 24 * 3600);
const HALF_YEAR: Duration = Duration::from_secs(182 * 24 * 3600);

async fn server(web: &Web) -> Result<wire::ServerView, Problem> {
    let (now, server) = (web.clock.now(), web.server.clone());
    let positive = |count: i64| u64::try_from(count).unwrap_or(0);
    Ok(web
        .db
        .read(move |conn| {
            Ok::<_, db::Error>(wire::ServerView {
                name: server.name.clone(),
                description: server.summary.clone().unwrap_or_default(),
                version: env!("CARGO_PKG_VERSION").to_owned(),
                repository: Some(server.source.clone()),
                agencies: u64::try_from(agencies::list(conn)?.len()).unwrap_or(0),
                active_month: positive(publishing::active_agencies(conn, now - MONTH)?),
                active_half_year: positive(publishing::active_agencies(conn, now - HALF_YEAR)?),
                announcements: positive(publishing::count(conn, None)?),
                replies: positive(replies::count_shown(conn)?),
            })
        })
        .await?)
}
