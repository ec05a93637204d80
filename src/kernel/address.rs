//! How agencies and citizens are addressed: `water` here, `@citizen@example.social` anywhere.

use std::fmt;
use std::str::FromStr;

/// Why a text is no handle or address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidAddress {
    #[error("a handle is 1 to 30 of the characters a–z, 0–9 and _, such as `water`; `{0}` is not")]
    Handle(String),
    #[error("an address looks like `@water@city.gov`; `{0}` does not")]
    Acct(String),
}

/// An agency's name on its server: `[a-z0-9_]{1,30}`, which every peer accepts.
///
/// ```
/// use actapub::kernel::Handle;
/// assert_eq!("@Water".parse::<Handle>().unwrap().as_str(), "water");
/// assert!("city water".parse::<Handle>().is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(transparent)]
pub struct Handle(String);

impl Handle {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Handle {
    type Err = InvalidAddress;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let handle = text.trim_start_matches('@').to_ascii_lowercase();
        let fits = (1..=30).contains(&handle.len())
            && handle
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        if fits {
            Ok(Self(handle))
        } else {
            Err(InvalidAddress::Handle(text.to_owned()))
        }
    }
}

impl fmt::Display for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Somebody's address in the fediverse: user and domain, as WebFinger (RFC 7033) asks for it.
///
/// Accepts `@user@domain`, `user@domain` and `acct:user@domain`; the domain is folded to lower case, the user is kept as written.
///
/// ```
/// use actapub::kernel::Acct;
/// let acct: Acct = "@Ada@Example.social".parse().unwrap();
/// assert_eq!(acct.to_string(), "Ada@example.social");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Acct {
    user: String,
    domain: String,
}

impl Acct {
    pub fn user(&self) -> &str {
        &self.user
    }

    pub fn domain(&self) -> &str {
        &self.domain
    }
}

impl FromStr for Acct {
    type Err = InvalidAddress;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let invalid = || InvalidAddress::Acct(text.chars().take(128).collect());
        let bare = text.strip_prefix("acct:").unwrap_or(text);
        let bare = bare.strip_prefix('@').unwrap_or(bare);
        let (user, domain) = bare.split_once('@').ok_or_else(invalid)?;
        let user_fits = (1..=256).contains(&user.len())
            && user
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-'));
        let domain_fits = (1..=255).contains(&domain.len())
            && !domain.starts_with(['.', '-', ':'])
            && domain.bytes().all(|b| {
                b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b':' | b'[' | b']')
            });
        if user_fits && domain_fits {
            Ok(Self {
                user: user.to_owned(),
                domain: domain.to_ascii_lowercase(),
            })
        } else {
            Err(invalid())
        }
    }
}

impl fmt::Display for Acct {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.user, self.domain)
    }
}
