//! The servers that have been unreachable for so long that nothing is sent until they are heard from.

use std::collections::HashSet;
use std::sync::{Arc, PoisonError, RwLock};

use crate::federation::inbox::Peers;
use crate::platform::bell::Bell;

/// Shared between the sender and whoever hears from other servers. Cheap to clone and to ask.
#[derive(Debug, Clone, Default)]
pub struct Sleepers(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    asleep: RwLock<HashSet<String>>,
    woken: RwLock<HashSet<String>>,
    bell: Bell,
}

impl Sleepers {
    /// The bell is the sender's: [`crate::platform::bell::Bells::deliveries`].
    pub fn new(bell: Bell) -> Self {
        Self(Arc::new(Inner {
            bell,
            ..Inner::default()
        }))
    }

    /// A validly signed request came from `host`: if it was thought unreachable, what waits for it becomes due.
    pub fn wake(&self, host: &str) {
        let is_asleep = self
            .0
            .asleep
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .contains(host);
        if is_asleep {
            self.0
                .woken
                .write()
                .unwrap_or_else(PoisonError::into_inner)
                .insert(host.to_owned());
            self.0.bell.ring();
        }
    }

    /// Those who are to be woken.
    pub(super) fn woken(&self) -> Vec<String> {
        self.0
            .woken
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .iter()
            .cloned()
            .collect()
    }

    /// It is written down that they are awake.
    pub(super) fn are_awake(&self, hosts: &[String]) {
        let mut asleep = self
            .0
            .asleep
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        let mut woken = self.0.woken.write().unwrap_or_else(PoisonError::into_inner);
        for host in hosts {
            asleep.remove(host);
            woken.remove(host);
        }
    }

    /// What the database says now.
    pub(super) fn are_asleep(&self, hosts: HashSet<String>) {
        *self
            .0
            .asleep
            .write()
            .unwrap_or_else(PoisonError::into_inner) = hosts;
    }
}

impl Peers for Sleepers {
    fn heard_from(&self, host: &str) {
        self.wake(host);
    }
}
