//! In whose name something is done.

use super::{Right, Role};
use crate::kernel::{AgencyId, PersonId};

/// Leave to act for one agency, as it was when it was looked up. Every use case that staff may call takes one, and asks
/// it for the right: an edge that forgot to ask is refused all the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mandate {
    agency: AgencyId,
    by: By,
}

/// Who acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum By {
    /// Somebody of the staff, with the roles that they hold at the agency.
    Person {
        id: PersonId,
        roles: Vec<Role>,
        /// Operators of the server may set up every agency, and do nothing in its name.
        is_operator: bool,
    },
    /// Whoever has the server's command line: holds every right, and is bound by the house rules like everybody.
    Operator,
}

/// A right that is missing. It says nothing of what stands behind the door.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("your roles at this agency do not include the right to {}", .0.name())]
pub struct Refused(pub Right);

impl Mandate {
    /// Of the server's command line.
    pub const fn operator(agency: AgencyId) -> Self {
        Self {
            agency,
            by: By::Operator,
        }
    }

    pub(super) const fn of(
        agency: AgencyId,
        id: PersonId,
        roles: Vec<Role>,
        is_operator: bool,
    ) -> Self {
        Self {
            agency,
            by: By::Person {
                id,
                roles,
                is_operator,
            },
        }
    }

    pub const fn agency(&self) -> AgencyId {
        self.agency
    }

    pub const fn by(&self) -> &By {
        &self.by
    }

    /// Who of the staff acts; none for the command line.
    pub const fn person(&self) -> Option<PersonId> {
        match self.by {
            By::Person { id, .. } => Some(id),
            By::Operator => None,
        }
    }

    pub fn allows(&self, right: Right) -> bool {
        match &self.by {
            By::Person {
                roles, is_operator, ..
            } => {
                right.roles().iter().any(|role| roles.contains(role))
                    || (*is_operator && right.is_for_operators())
            }
            By::Operator => true,
        }
    }

    pub fn require(&self, right: Right) -> Result<(), Refused> {
        if self.allows(right) {
            Ok(())
        } else {
            Err(Refused(right))
        }
    }

    /// Whether this is an operator of the server, at the command line or not.
    pub(super) const fn is_operators(&self) -> bool {
        match self.by {
            By::Person { is_operator, .. } => is_operator,
            By::Operator => true,
        }
    }
}

/// Leave to act for the whole server: who operates it, who may sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Operator(Option<PersonId>);

impl Operator {
    /// Whoever has the command line.
    pub const COMMAND_LINE: Self = Self(None);

    /// Somebody who was found to be one.
    pub(super) const fn person(id: PersonId) -> Self {
        Self(Some(id))
    }

    /// Who acts; none for the command line.
    pub const fn by(self) -> Option<PersonId> {
        self.0
    }

    /// What follows from it at one agency.
    pub fn at(self, agency: AgencyId) -> Mandate {
        match self.0 {
            Some(id) => Mandate::of(agency, id, vec![], true),
            None => Mandate::operator(agency),
        }
    }
}
