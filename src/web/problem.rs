//! Failures as RFC 9457 problem documents.
//!
//! Every match here is exhaustive, so that a new failure cannot go out as a guess.

#![deny(clippy::wildcard_enum_match_arm)]

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::federation::inbox::Turned;
use crate::federation::keys::RingError;
use crate::platform::db;

/// A failure as the client learns of it. The cause is logged, never sent.
#[derive(Debug)]
pub enum Problem {
    NotFound,
    /// The request cannot be understood; the sentence says why.
    BadRequest(&'static str),
    TooLarge,
    TooSlow,
    /// From one address, within a short time.
    TooMany,
    /// Temporary: come again.
    Overloaded,
    Internal,
    Inbox(Turned),
}

#[derive(Serialize)]
struct Document<'a> {
    #[serde(rename = "type")]
    kind: &'a str,
    title: &'a str,
    status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
}

impl Problem {
    pub fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::BadRequest(_) => StatusCode::BAD_REQUEST,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Self::Overloaded => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Inbox(turned) => turned.status(),
        }
    }

    fn kind(&self) -> (&'static str, &'static str) {
        match self {
            Self::NotFound => ("not-found", "There is nothing here"),
            Self::BadRequest(_) => ("bad-request", "The request cannot be understood"),
            Self::TooLarge => ("too-large", "The body is too large"),
            Self::TooSlow => ("too-slow", "The body took too long to arrive"),
            Self::TooMany => ("too-many", "Too many requests; try again in a minute"),
            Self::Overloaded => ("overloaded", "Not now; try again in a moment"),
            Self::Internal => ("internal", "Something went wrong here"),
            Self::Inbox(_) => ("not-accepted", "The activity was not accepted"),
        }
    }

    fn detail(&self) -> Option<String> {
        match self {
            Self::BadRequest(why) => Some((*why).to_owned()),
            Self::Inbox(turned) if !matches!(turned, Turned::Db(_)) => Some(turned.to_string()),
            Self::Inbox(_)
            | Self::NotFound
            | Self::TooLarge
            | Self::TooSlow
            | Self::TooMany
            | Self::Overloaded
            | Self::Internal => None,
        }
    }
}

impl From<db::Error> for Problem {
    fn from(error: db::Error) -> Self {
        match error {
            db::Error::NotFound => Self::NotFound,
            db::Error::Unavailable(_) | db::Error::Query(_) | db::Error::Open(_) => {
                tracing::error!(%error, "the database failed a request");
                Self::Overloaded
            }
            db::Error::Taken
            | db::Error::Corrupt(_)
            | db::Error::NotABackup(_)
            | db::Error::Newer(_)
            | db::Error::Migrate(_) => {
                tracing::error!(%error, "the database failed a request");
                Self::Internal
            }
        }
    }
}

impl From<RingError> for Problem {
    fn from(error: RingError) -> Self {
        match error {
            RingError::Db(error) => error.into(),
            RingError::Key(error) => {
                tracing::error!(%error, "a key of ours cannot be used");
                Self::Internal
            }
        }
    }
}

impl From<Turned> for Problem {
    fn from(turned: Turned) -> Self {
        Self::Inbox(turned)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let (kind, title) = self.kind();
        let status = self.status();
        let document = Document {
            kind: &format!("/problems/{kind}"),
            title,
            status: status.as_u16(),
            detail: self.detail(),
        };
        let body = serde_json::to_vec(&document).unwrap_or_default();
        let mut response = (
            status,
            [(header::CONTENT_TYPE, "application/problem+json")],
            body,
        )
            .into_response();
        let wait = match self {
            Self::Overloaded => Some("30"),
            Self::Inbox(turned) if turned.status() == StatusCode::SERVICE_UNAVAILABLE => Some("30"),
            Self::TooMany => Some("60"),
            Self::NotFound
            | Self::BadRequest(_)
            | Self::TooLarge
            | Self::TooSlow
            | Self::Internal
            | Self::Inbox(_) => None,
        };
        if let Some(seconds) = wait {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from_static(seconds));
        }
        response
    }
}
