//! `POST /witness/add-checkpoint`

use std::net::{IpAddr, Ipv4Addr};

use axum::Extension;
use axum::body::Body;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use tokio::time::timeout;

use crate::archive::witness::{Answer, Failure};
use crate::tlog::witness::{Refusal, SIZE_MEDIA_TYPE};
use crate::web::{ClientAddress, Problem, State as Web};

/// Bytes of the largest request: a proof, and a checkpoint with as many signatures as anybody has.
const LARGEST: usize = 256 * 1024;
const TEXT: &str = "text/plain; charset=utf-8";

/// The statuses are those of the specification; besides 409 and 200 the body is a sentence for people.
pub(super) async fn add_checkpoint(
    State(web): State<Web>,
    client: Option<Extension<ClientAddress>>,
    body: Body,
) -> Result<Response, Problem> {
    let client = client.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |Extension(it)| it.0);
    let read = timeout(
        web.server.request_timeout,
        Limited::new(body, LARGEST).collect(),
    )
    .await;
    let body = match read {
        Err(_) => return Err(Problem::TooSlow),
        Ok(Err(error)) if error.is::<LengthLimitError>() => return Err(Problem::TooLarge),
        Ok(Err(_)) => return Err(Problem::BadRequest("the body could not be read")),
        Ok(Ok(body)) => body.to_bytes(),
    };
    let answer = match web.witness.add_checkpoint(&body, client).await {
        Err(malformed) => return Ok(said(StatusCode::BAD_REQUEST, &malformed.to_string())),
        Ok(Err(Failure::Db(error))) => return Err(error.into()),
        Ok(Err(error @ Failure::Cosign(_))) => {
            tracing::error!(%error, "the witness cannot cosign");
            return Err(Problem::Internal);
        }
        Ok(Ok(answer)) => answer,
    };
    Ok(match answer {
        Answer::Cosigned(line) => {
            (StatusCode::OK, [(header::CONTENT_TYPE, TEXT)], line).into_response()
        }
        Answer::UnknownOrigin => said(
            StatusCode::NOT_FOUND,
            "this server is no witness for a log of that origin",
        ),
        Answer::TooMany => return Err(Problem::TooMany),
        Answer::Refused(Refusal::OldSizeMismatch { known }) => (
            StatusCode::CONFLICT,
            [(header::CONTENT_TYPE, SIZE_MEDIA_TYPE)],
            format!("{known}\n"),
        )
            .into_response(),
        Answer::Refused(refusal) => said(
            StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY),
            &refusal.to_string(),
        ),
    })
}

fn said(status: StatusCode, sentence: &str) -> Response {
    (
        status,
        [(header::CONTENT_TYPE, TEXT)],
        format!("{sentence}\n"),
    )
        .into_response()
}
