//! Why a document was not fetched.

use std::time::Duration;

use http::StatusCode;

use crate::federation::keys::KeyError;
use crate::platform::net::NetError;
use crate::platform::net::Unreachable;

/// What came of a fetch that failed. The sentences name no address, for some name citizens.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The address may not be asked, or it led to one that may not.
    #[error(transparent)]
    Refused(#[from] Unreachable),
    /// Permanent, and known to be deliberate: status 410.
    #[error("the document is gone")]
    Gone,
    /// Status 404.
    #[error("there is no such document")]
    NotFound,
    /// Status 401 or 403, in whichever dialect we signed.
    #[error("the server does not let us read the document (status {0})")]
    Forbidden(StatusCode),
    /// Any other status, or no connection. Worth another try.
    #[error("the server is not available{}", .status.map(|status| format!(" (status {status})")).unwrap_or_default())]
    Unavailable {
        status: Option<StatusCode>,
        /// How long the server asks us to wait.
        retry_after: Option<Duration>,
    },
    #[error("the server did not answer in time")]
    Timeout,
    #[error("the answer is longer than {limit} bytes")]
    TooLarge { limit: usize },
    #[error("the server redirects too often, or nowhere")]
    Redirects,
    #[error("the answer is not of an ActivityPub media type")]
    WrongType,
    #[error("the answer cannot be read as JSON")]
    NotJson,
    /// The document calls itself something else than what was asked for, or nothing at all.
    #[error("the document has another id than the one asked for")]
    WrongId,
    #[error("this piece of work has fetched as much as it may")]
    TooMany,
    #[error(transparent)]
    Key(#[from] KeyError),
}

impl FetchError {
    /// Whether the same fetch may succeed later.
    pub const fn is_temporary(&self) -> bool {
        matches!(self, Self::Unavailable { .. } | Self::Timeout)
    }

    /// Whether the server says that there is no such document, be it no longer or not at all.
    pub const fn is_gone(&self) -> bool {
        matches!(self, Self::Gone | Self::NotFound)
    }

    /// What a status other than success means.
    pub(super) fn from_answer(status: StatusCode, headers: &http::HeaderMap) -> Self {
        match status {
            StatusCode::GONE => Self::Gone,
            StatusCode::NOT_FOUND => Self::NotFound,
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Self::Forbidden(status),
            _ => Self::Unavailable {
                status: Some(status),
                // A number of seconds; a date says nothing that our own backing off does not.
                retry_after: headers
                    .get(http::header::RETRY_AFTER)
                    .and_then(|value| value.to_str().ok()?.trim().parse().ok())
                    .map(Duration::from_secs),
            },
        }
    }
}

impl From<NetError> for FetchError {
    fn from(error: NetError) -> Self {
        match error {
            NetError::Refused(refused) => Self::Refused(refused),
            NetError::Timeout => Self::Timeout,
            NetError::TooLarge { limit } => Self::TooLarge { limit },
            NetError::Connect(_) | NetError::Broken(_) => Self::Unavailable {
                status: None,
                retry_after: None,
            },
        }
    }
}

/// Through the middleware of the client, which carries an error of ours inside its own.
impl From<reqwest_middleware::Error> for FetchError {
    fn from(error: reqwest_middleware::Error) -> Self {
        match error {
            reqwest_middleware::Error::Middleware(inside) => {
                inside.downcast().unwrap_or(Self::Unavailable {
                    status: None,
                    retry_after: None,
                })
            }
            reqwest_middleware::Error::Reqwest(error) => NetError::from_reqwest(&error).into(),
        }
    }
}

/// Out of the crate that fetches. Most refusals are ours and come through its client unchanged.
impl From<activitypub_federation::error::Error> for FetchError {
    fn from(error: activitypub_federation::error::Error) -> Self {
        use activitypub_federation::error::Error;
        match error {
            Error::ReqwestMiddleware(error) => error.into(),
            Error::Reqwest(error) => NetError::from_reqwest(&error).into(),
            Error::ObjectDeleted(_) => Self::Gone,
            // It says this of our own domain only: nobody fetches from oneself.
            Error::NotFound => Self::Refused(Unreachable::Ourselves),
            // The guard has passed before; what the crate dislikes beyond it are odd names.
            Error::UrlVerificationError(_) | Error::UrlParse(_) => {
                Self::Refused(Unreachable::NoHost)
            }
            Error::FetchInvalidContentType(_) => Self::WrongType,
            // The limit is reached when the document that another one called itself calls itself a third.
            Error::FetchWrongId(_) | Error::RequestLimit => Self::WrongId,
            Error::ParseFetchedObject(..) | Error::Utf8(_) => Self::NotJson,
            _ => Self::Unavailable {
                status: None,
                retry_after: None,
            },
        }
    }
}
