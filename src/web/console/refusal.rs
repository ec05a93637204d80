//! What the console says when something was not done, and what to do about it.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use maud::html;

use super::sheet::{self, Sheet};
use super::visit::SignedIn;
use crate::agencies::{self, staff};
use crate::platform::db;
use crate::web::State as Web;
use crate::web::words::console::Words;

/// Why something was not done.
#[derive(Debug)]
pub(super) enum Refusal {
    /// Nobody is signed in; `to` is where they wanted to go.
    SignInFirst { to: String },
    /// The form was sent from somewhere else.
    Elsewhere,
    NotFound,
    /// Their roles do not allow it.
    NotAllowed(staff::Refused),
    /// They have to show again that it is them.
    ProveAgain,
    /// Too often; the sentence says for how long.
    TooMany(String),
    /// A sentence that says what to do.
    Because(String),
    /// The database does not answer.
    Unavailable,
    Internal,
}

/// A refusal, as the answer to one request.
#[derive(Debug)]
pub(super) struct Refused(Response);

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        self.0
    }
}

impl Refusal {
    const fn status(&self) -> StatusCode {
        match self {
            Self::SignInFirst { .. } => StatusCode::UNAUTHORIZED,
            Self::Elsewhere | Self::NotAllowed(_) | Self::ProveAgain => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Because(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// For a page of its own, or above the form that it is about.
    pub(super) fn sentence(&self, words: Words) -> String {
        match self {
            Self::SignInFirst { .. } => words.say("refused-sign-in"),
            Self::Elsewhere => words.say("refused-elsewhere"),
            Self::NotFound => words.say("refused-not-found"),
            Self::NotAllowed(_) => words.say("refused-not-allowed"),
            Self::ProveAgain => words.say("refused-prove-again"),
            Self::TooMany(sentence) | Self::Because(sentence) => sentence.clone(),
            Self::Unavailable => words.say("refused-unavailable"),
            Self::Internal => words.say("refused-internal"),
        }
    }

    /// The whole answer.
    pub(super) fn page(self, web: &Web, words: Words, who: Option<&SignedIn>) -> Refused {
        if let Self::SignInFirst { to } = &self {
            let to: String = url::form_urlencoded::byte_serialize(to.as_bytes()).collect();
            return Refused(Redirect::to(&format!("/console/sign-in?to={to}")).into_response());
        }
        let main = html! {
            header.opening { h1 { (words.say("error-title")) } }
            p.lead { (self.sentence(words)) }
            p { a.button.quiet href=(super::HOME) { (words.say("home")) } }
        };
        let sheet = Sheet::plain(words, words.say("error-title"), who, main);
        let mut response = sheet::answer(web, self.status(), &sheet);
        if matches!(self, Self::TooMany(_) | Self::Unavailable) {
            let wait = HeaderValue::from_static("60");
            response.headers_mut().insert(header::RETRY_AFTER, wait);
        }
        Refused(response)
    }
}

impl From<staff::Refused> for Refusal {
    fn from(refused: staff::Refused) -> Self {
        Self::NotAllowed(refused)
    }
}

impl From<db::Error> for Refusal {
    fn from(error: db::Error) -> Self {
        match error {
            db::Error::NotFound => Self::NotFound,
            db::Error::Unavailable(_) | db::Error::Query(_) | db::Error::Open(_) => {
                tracing::error!(%error, "the database failed a request of the console");
                Self::Unavailable
            }
            db::Error::Taken
            | db::Error::Corrupt(_)
            | db::Error::NotABackup(_)
            | db::Error::Newer(_)
            | db::Error::Migrate(_) => {
                tracing::error!(%error, "the database failed a request of the console");
                Self::Internal
            }
        }
    }
}

impl From<agencies::Error> for Refusal {
    fn from(error: agencies::Error) -> Self {
        match error {
            agencies::Error::Db(error) => error.into(),
            other => Self::Because(other.to_string()),
        }
    }
}
