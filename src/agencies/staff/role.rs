//! What a person is to an agency.

use serde::{Deserialize, Serialize};

/// What somebody does for an agency. One person may hold several roles, at several agencies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    Author,
    Approver,
    Moderator,
    RecordsOfficer,
    Administrator,
}

impl Role {
    pub const ALL: [Self; 5] = [
        Self::Author,
        Self::Approver,
        Self::Moderator,
        Self::RecordsOfficer,
        Self::Administrator,
    ];

    /// The name in commands, in the database and in addresses.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Author => "author",
            Self::Approver => "approver",
            Self::Moderator => "moderator",
            Self::RecordsOfficer => "records-officer",
            Self::Administrator => "administrator",
        }
    }
}

impl std::fmt::Display for Role {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// A word that names no role.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no role; there are author, approver, moderator, records-officer and administrator"
)]
pub struct InvalidRole(pub String);

impl std::str::FromStr for Role {
    type Err = InvalidRole;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|role| role.name() == text)
            .ok_or_else(|| InvalidRole(text.chars().take(40).collect()))
    }
}
