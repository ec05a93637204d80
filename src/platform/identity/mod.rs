//! The names by which others know this server: its url and the domain of its handles, which stay once given.

mod store;

pub use self::store::{keep, kept};

use crate::kernel::Site;

/// Both names, as ids and handles carry them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Scheme and authority: `https://social.city.gov`.
    pub url: String,
    /// What stands behind the second `@` of a handle.
    pub handle_domain: String,
}

impl Identity {
    pub fn of(site: &Site) -> Self {
        Self {
            url: site.base().to_owned(),
            handle_domain: site.handle_domain().to_owned(),
        }
    }
}
