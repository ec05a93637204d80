//! Hashtags and people to choose from while somebody types: for our script.

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use serde_json::json;

use super::super::refusal::Refused;
use super::super::typed::Asked;
use super::super::visit::AtAgency;
use crate::agencies;
use crate::agencies::staff::Right;
use crate::dialogue::replies;
use crate::platform::db::{self, Conn};
use crate::publishing;
use crate::publishing::markdown::fold;
use crate::web::State as Web;

/// So many are offered …
const OFFERED: usize = 8;
/// … out of so many.
const LOOKED_AT: i64 = 500;

/// Those whose beginning was typed: `#wat` offers tags that the agency has used, `@ada` who has replied to it in public.
pub(super) async fn page(
    State(web): State<Web>,
    at: AtAgency,
    asked: Asked,
) -> Result<Response, Refused> {
    at.require(Right::Draft)
        .map_err(|refusal| at.refused(&web, refusal))?;
    let typed = asked.some("q").unwrap_or_default().to_owned();
    let (agency, site) = (at.agency.id, web.site.clone());
    let query = move |conn: &mut Conn| -> Result<Vec<String>, db::Error> {
        let mut found = vec![];
        if let Some(tag) = typed.strip_prefix('#') {
            let tag = fold(tag);
            let tags = publishing::tags_of(conn, agency, LOOKED_AT)?;
            let tags = tags.into_iter().filter(|it| it.tag.starts_with(&tag));
            found.extend(tags.map(|it| format!("#{}", it.display)));
        } else if let Some(name) = typed.strip_prefix('@') {
            let name = name.to_lowercase();
            let known = replies::authors(conn, agency, LOOKED_AT)?;
            let ours = agencies::list(conn)?;
            let ours = ours.iter().map(|it| site.acct(&it.handle));
            let all = known.into_iter().chain(ours);
            let fits = all.filter(|acct| acct.to_lowercase().starts_with(&name));
            found.extend(fits.map(|acct| format!("@{acct}")));
        }
        found.truncate(OFFERED);
        Ok(found)
    };
    let found = web.db.read(query).await;
    let found = found.map_err(|error| at.refused(&web, error))?;
    let headers = [(header::CACHE_CONTROL, "no-store")];
    Ok((headers, Json(json!({ "found": found }))).into_response())
}
