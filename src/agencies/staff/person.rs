//! Somebody of the staff.

use super::Error;
use crate::kernel::{PersonId, Plain, Timestamp};

/// A person with a login of their own. Their name is for colleagues; no public page ever shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub id: PersonId,
    pub name: String,
    /// Lower case; one person has one address.
    pub email: String,
    /// What the console speaks to them in (BCP 47).
    pub language: String,
    /// Since when they operate the server, if they do.
    pub operator_since: Option<Timestamp>,
    pub created_at: Timestamp,
    pub removed_at: Option<Timestamp>,
}

impl Person {
    /// A name as it is kept.
    pub fn name_of(text: &str) -> Result<String, Error> {
        name(text)
    }

    /// An address as it is kept and compared.
    pub fn address_of(text: &str) -> Result<String, Error> {
        address(text)
    }

    /// Whether they may sign in at all.
    pub const fn is_active(&self) -> bool {
        self.removed_at.is_none()
    }
}

const LONGEST_ADDRESS: usize = 254;
const LONGEST_NAME: usize = 200;

/// An address as it is compared: without white space around it, in lower case.
pub(super) fn address(text: &str) -> Result<String, Error> {
    let text = text.trim().to_lowercase();
    let (local, domain) = text.rsplit_once('@').ok_or(Error::Address)?;
    let is_wrong = local.is_empty()
        || domain.is_empty()
        || text.len() > LONGEST_ADDRESS
        || text.chars().any(|c| c.is_whitespace() || c.is_control());
    if is_wrong {
        Err(Error::Address)
    } else {
        Ok(text)
    }
}

/// A name as colleagues see it.
pub(super) fn name(text: &str) -> Result<String, Error> {
    let name = Plain::clean(text, LONGEST_NAME + 1);
    if name.is_empty() || name.as_str().chars().count() > LONGEST_NAME {
        return Err(Error::Name);
    }
    Ok(name.into_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_compared_without_regard_to_case() {
        assert_eq!(address(" Ada@City.GOV ").unwrap(), "ada@city.gov");
        for text in [
            "",
            "ada",
            "@city.gov",
            "ada@",
            "a da@city.gov",
            &"a@".repeat(200),
        ] {
            assert!(address(text).is_err(), "{text}");
        }
    }

    #[test]
    fn names_are_one_line() {
        assert_eq!(name(" Ada\n Lovelace ").unwrap(), "Ada Lovelace");
        assert!(name(" ").is_err());
        assert!(name(&"a".repeat(201)).is_err());
    }
}
