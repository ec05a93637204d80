//! What the groups of a directory are here.

use std::collections::BTreeSet;

use crate::agencies::staff::Role;
use crate::kernel::Handle;

/// What a group makes of those who are in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Gain {
    Role(Handle, Role),
    Operator,
}

/// Which group makes what of whom, as the operator has set it.
#[derive(Debug, Clone, Default)]
pub struct Groups(Vec<(String, Gain)>);

/// What somebody's groups make of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Gains {
    roles: Vec<(Handle, Role)>,
    is_operator: bool,
}

impl Groups {
    pub const fn new(groups: Vec<(String, Gain)>) -> Self {
        Self(groups)
    }

    /// What whoever is in these groups gains. Groups are compared letter by letter.
    pub fn gains(&self, held: &[String]) -> Gains {
        let held: BTreeSet<&str> = held.iter().map(String::as_str).collect();
        let mut gains = Gains::default();
        for (_, gain) in self
            .0
            .iter()
            .filter(|(group, _)| held.contains(group.as_str()))
        {
            match gain {
                Gain::Operator => gains.is_operator = true,
                Gain::Role(handle, role) => {
                    let gained = (handle.clone(), *role);
                    if !gains.roles.contains(&gained) {
                        gains.roles.push(gained);
                    }
                }
            }
        }
        gains
    }
}

impl Gains {
    pub const fn are_none(&self) -> bool {
        self.roles.is_empty() && !self.is_operator
    }

    pub(super) fn roles(&self) -> impl Iterator<Item = (&Handle, Role)> {
        self.roles.iter().map(|(handle, role)| (handle, *role))
    }

    pub(super) const fn is_operator(&self) -> bool {
        self.is_operator
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_give_what_was_set_and_nothing_twice() {
        let handle: Handle = "water".parse().unwrap();
        let author = || Gain::Role(handle.clone(), Role::Author);
        let groups = Groups::new(vec![
            ("press".to_owned(), author()),
            ("mayor".to_owned(), author()),
            ("it".to_owned(), Gain::Operator),
        ]);
        let gains = |held: &[&str]| {
            let held: Vec<String> = held.iter().map(|it| (*it).to_owned()).collect();
            groups.gains(&held)
        };
        assert!(gains(&["Press", "pre", ""]).are_none());
        assert_eq!(gains(&["press", "mayor"]).roles().count(), 1);
        assert!(gains(&["it"]).is_operator() && !gains(&["it"]).are_none());
    }
}
