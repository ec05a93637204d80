//! `POST /inbox` and `POST /ap/agencies/{id}/inbox`

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use tokio::time::timeout;

use crate::federation::inbox::Post;
use crate::kernel::AgencyId;
use crate::web::{Problem, State as Web};

pub(super) async fn shared(
    State(web): State<Web>,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> Result<StatusCode, Problem> {
    receive(&web, &uri, &headers, body, None).await
}

pub(super) async fn of_agency(
    State(web): State<Web>,
    Path(id): Path<String>,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> Result<StatusCode, Problem> {
    let agency: AgencyId = id.parse().map_err(|_| Problem::NotFound)?;
    receive(&web, &uri, &headers, body, Some(agency)).await
}

/// 202 once the activity is written down; what becomes of it shows later.
async fn receive(
    web: &Web,
    uri: &Uri,
    headers: &HeaderMap,
    body: Body,
    agency: Option<AgencyId>,
) -> Result<StatusCode, Problem> {
    web.metrics.inbox.received();
    let read = timeout(
        web.server.request_timeout,
        Limited::new(body, web.server.max_body).collect(),
    )
    .await;
    let body = match read {
        Err(_) => return Err(Problem::TooSlow),
        Ok(Err(error)) if error.is::<LengthLimitError>() => {
            web.metrics.inbox.refused("too_large");
            return Err(Problem::TooLarge);
        }
        Ok(Err(_)) => return Err(Problem::BadRequest("the body could not be read")),
        Ok(Ok(body)) => body.to_bytes(),
    };
    let target = uri.path_and_query().map_or("/", |target| target.as_str());
    match web
        .door
        .receive(Post {
            target,
            headers,
            body,
            agency,
        })
        .await
    {
        Ok(_) => Ok(StatusCode::ACCEPTED),
        Err(turned) => {
            web.metrics.inbox.refused(turned.label());
            tracing::info!(inbox.status = turned.status().as_u16(), reason = %turned, "an activity was not accepted");
            Err(turned.into())
        }
    }
}
