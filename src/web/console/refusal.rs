//! What the console says when something was not done, and what to do about it.

use std::time::Duration;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use maud::html;

use super::drafts::refused;
use super::sheet::{self, Sheet};
use super::visit::SignedIn;
use crate::agencies::staff::passkeys::Unfit;
use crate::agencies::staff::password::Weak;
use crate::agencies::{self, staff};
use crate::platform::db;
use crate::publishing::drafts;
use crate::web::State as Web;
use crate::web::words::console::Words;

/// Why something was not done.
#[derive(Debug)]
pub(super) enum Refusal {
    /// Nobody is signed in; `to` is where they wanted to go.
    SignInFirst {
        to: String,
    },
    /// The form was sent from somewhere else.
    Elsewhere,
    NotFound,
    /// Their roles do not allow it.
    NotAllowed,
    /// They have to show again that it is them.
    ProveAgain,
    /// Too often: how long to wait.
    TooMany(Duration),
    /// Something about the staff that says what to do.
    Staff(Box<staff::Error>),
    /// Something about a draft that says what to do.
    Draft(Box<drafts::Error>),
    /// The database does not answer.
    Unavailable,
    Internal,
}

/// A refusal, as the answer to one request.
#[derive(Debug)]
pub(super) struct Refused(Box<Response>);

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        *self.0
    }
}

impl Refusal {
    pub(super) fn status(&self) -> StatusCode {
        match self {
            Self::SignInFirst { .. } => StatusCode::UNAUTHORIZED,
            Self::Elsewhere | Self::NotAllowed | Self::ProveAgain => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Staff(error) if matches!(**error, staff::Error::LinkGone) => StatusCode::GONE,
            Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Staff(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Draft(error) => refused::status(error),
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
            Self::NotAllowed => words.say("refused-not-allowed"),
            Self::ProveAgain => words.say("refused-prove-again"),
            Self::TooMany(wait) => {
                let minutes = wait.as_secs().div_ceil(60).max(1);
                words.count(
                    "refused-too-many",
                    usize::try_from(minutes).unwrap_or(usize::MAX),
                )
            }
            Self::Staff(error) => about_staff(error, words),
            Self::Draft(error) => refused::sentence(error, words),
            Self::Unavailable => words.say("refused-unavailable"),
            Self::Internal => words.say("refused-internal"),
        }
    }

    /// The field that it is about, by its name in our forms.
    pub(super) fn field(&self) -> Option<&'static str> {
        use agencies::Error as A;
        use staff::Error as E;
        match self {
            Self::Staff(error) => match &**error {
                E::Name => Some("name"),
                E::Address | E::AddressTaken => Some("email"),
                E::Password(_) => Some("password"),
                E::NoRole => Some("roles"),
                E::WrongCode => Some("code"),
                E::Agency(A::Name) => Some("agency"),
                E::Agency(A::Taken(_) | A::Reserved(_)) => Some("handle"),
                E::Agency(A::Language(_)) => Some("writes"),
                _ => None,
            },
            Self::Draft(error) => refused::field(error),
            _ => None,
        }
    }

    /// The whole answer.
    pub(super) fn page(self, web: &Web, words: Words, who: Option<&SignedIn>) -> Refused {
        if let Self::SignInFirst { to } = &self {
            let to: String = url::form_urlencoded::byte_serialize(to.as_bytes()).collect();
            let sign_in = Redirect::to(&format!("/console/sign-in?to={to}"));
            return Refused(Box::new(sign_in.into_response()));
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
        Refused(Box::new(response))
    }
}

/// The sentence of a refusal that somebody of the staff can do something about.
fn about_staff(error: &staff::Error, words: Words) -> String {
    use staff::Error as E;
    match error {
        E::NotOperator => words.say("staff-not-operator"),
        E::Unknown => words.say("staff-unknown"),
        E::LastAdministrator => words.say("staff-last-administrator"),
        E::NoRole => words.say("staff-no-role"),
        E::NotHeld(_) => words.say("staff-not-held"),
        E::WorksElsewhere => words.say("staff-works-elsewhere"),
        E::NoInvitation => words.say("staff-no-invitation"),
        E::LinkGone => words.say("staff-link-gone"),
        E::AddressTaken => words.say("staff-address-taken"),
        E::Address => words.say("staff-address"),
        E::Name => words.say("staff-name"),
        E::Password(weak) => words.say(match weak {
            Weak::Short => "password-short",
            Weak::Long => "password-long",
            Weak::Guessable => "password-guessable",
        }),
        E::Wrong => words.say("staff-wrong"),
        E::WrongCode => words.say("staff-wrong-code"),
        E::Begin => words.say("staff-begin"),
        E::SessionEnded => words.say("staff-session-ended"),
        E::HasCodes => words.say("staff-has-codes"),
        E::NoCodes => words.say("staff-no-codes"),
        E::Passkey(Unfit::Registered) => words.say("passkey-registered"),
        E::Passkey(_) => words.say("passkey-unfit"),
        E::TooManyPasskeys(most) => words.count("passkey-too-many", *most),
        E::NoDomain => words.say("passkey-no-domain"),
        E::NoProvider => words.say("oidc-no-provider"),
        E::ByProvider => words.say("oidc-by-provider"),
        E::ConnectFirst => words.say("oidc-connect-first"),
        E::NoAddress => words.say("oidc-no-address"),
        E::NotThem => words.say("oidc-not-them"),
        E::GivenByGroups(_) => words.say("oidc-role-by-groups"),
        E::PasswordsOff => words.say("oidc-passwords-off"),
        E::Agency(error) => about_agency(error, words),
        // These have a refusal of their own.
        E::Refused(_) | E::ProveAgain | E::Wait(_) | E::Db(_) => words.say("refused-internal"),
    }
}

/// The sentence of a refusal about how an agency presents itself.
pub(super) fn about_agency(error: &agencies::Error, words: Words) -> String {
    use agencies::Error as E;
    match error {
        E::Unknown(_) => words.say("refused-not-found"),
        E::Taken(handle) => words.say_with("agency-taken", "handle", handle.as_str()),
        E::Reserved(handle) => words.say_with("agency-reserved", "handle", handle.as_str()),
        E::Name => words.say("agency-name"),
        E::Summary => words.say("agency-summary"),
        E::Link(link) => words.say_with("agency-link", "text", link),
        E::TooManyLinks(most) => words.count("agency-too-many-links", *most),
        E::Language(tag) => words.say_with("agency-language", "text", tag),
        E::Colour(colour) => words.say_with("agency-colour", "text", colour),
        E::Alias(alias) => words.say_with("agency-alias", "text", alias),
        E::Domain(domain) => words.say_with("agency-domain", "text", domain),
        // It has a refusal of its own.
        E::Db(_) => words.say("refused-internal"),
    }
}

impl From<staff::Error> for Refusal {
    fn from(error: staff::Error) -> Self {
        match error {
            staff::Error::Refused(refused) => refused.into(),
            staff::Error::ProveAgain => Self::ProveAgain,
            staff::Error::Wait(wait) => Self::TooMany(wait),
            staff::Error::Db(error) | staff::Error::Agency(agencies::Error::Db(error)) => {
                error.into()
            }
            other => Self::Staff(Box::new(other)),
        }
    }
}

impl From<staff::Refused> for Refusal {
    fn from(_: staff::Refused) -> Self {
        Self::NotAllowed
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
            other => Self::Staff(Box::new(other.into())),
        }
    }
}
