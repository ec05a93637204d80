//! Somebody of the staff.

use crate::kernel::{PersonId, Timestamp};

/// A person with a login of their own. Their name is for colleagues; no public page ever shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub id: PersonId,
    pub name: String,
    /// Lower case; one person has one address.
    pub email: String,
    /// What the console speaks to them in (BCP 47).
    pub language: String,
    pub created_at: Timestamp,
    pub removed_at: Option<Timestamp>,
}
