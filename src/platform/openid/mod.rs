//! OpenID Connect (Core 1.0), the relying party's side: signing in by way of a provider that the operator has chosen.
//!
//! The authorization code flow with PKCE (RFC 7636), `state` and `nonce`. Tokens are checked by `jsonwebtoken` with
//! aws-lc-rs; times are ours to compare, since time is an argument here.

mod provider;
mod token;

pub use self::provider::{Provider, ProviderSettings};

use crate::kernel::{Secret, Timestamp};
use crate::platform::net::NetError;

/// What is asked of the provider, and comes back or is kept meanwhile.
#[derive(Debug, Clone)]
pub struct Question {
    /// Comes back in the address, and says to which question the answer belongs.
    pub state: String,
    /// Comes back inside the token.
    pub nonce: String,
    /// Shown when the code is redeemed; the provider has its digest (RFC 7636).
    pub verifier: Secret<String>,
    /// Whether they have to show anew who they are, although they are signed in with the provider.
    pub anew: bool,
}

/// Whom the provider has vouched for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claims {
    /// With the next, who somebody is; nothing else is for ever.
    pub issuer: String,
    pub subject: String,
    pub name: Option<String>,
    /// None if the provider says that it was not verified.
    pub email: Option<String>,
    /// BCP 47.
    pub locale: Option<String>,
    pub groups: Vec<String>,
    /// When they have shown the provider who they are.
    pub shown_at: Option<Timestamp>,
}

/// Why the provider vouches for nobody. The sentences are for the operator.
#[derive(Debug, thiserror::Error)]
pub enum OpenIdError {
    #[error("the provider cannot be reached: {0}")]
    Net(#[from] NetError),
    #[error("the provider answers {0}")]
    Status(u16),
    #[error("the provider's {0} is not as it should be")]
    Malformed(&'static str),
    #[error("the provider says of itself that it is another issuer than oidc.issuer")]
    Issuer,
    #[error("the provider's token does not count: {0}")]
    Token(&'static str),
}
