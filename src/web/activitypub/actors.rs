//! `GET /ap/agencies/{id}` and `GET /actor`

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;

use crate::archive::keys::record_key_of;
use crate::federation::wire::outgoing as wire;
use crate::web::{Problem, State as Web};

pub(super) async fn agency(
    State(web): State<Web>,
    Path(id): Path<String>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let agency = super::agency(&web, &id).await?;
    let keys = web.ring.agency(agency.id).await?;
    let (id, now) = (agency.id, web.clock.now());
    let record = web
        .db
        .read(move |conn| record_key_of(conn, id, now))
        .await?;
    Ok(super::document(
        &asked,
        &wire::agency_actor(
            &web.site,
            &agency,
            &super::keys_view(&keys).with_record(record),
        ),
    ))
}

/// The server's own actor, readable by everybody without a signature: else two servers that check each other's first
/// signature would wait for one another.
pub(super) async fn instance(
    State(web): State<Web>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let keys = web.ring.instance().await?;
    Ok(super::document(
        &asked,
        &wire::instance_actor(&web.site, &super::keys_view(&keys)),
    ))
}
