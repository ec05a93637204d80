//! From delivery rows to answered requests.
//!
//! A row is leased, its activity signed and posted, and the answer written down; a process that is killed leaves
//! leases that run out, so nothing is lost and only what was on its way is sent twice. Each host has a lane of its own
//! and a breaker, and what is slow stops counting against what may be under way: nobody waits for somebody else's
//! server.

mod batch;
mod desk;
mod flight;
mod knock;
mod lanes;
mod letter;
mod peers;
mod pens;
mod schedule;
mod sender;
mod sleepers;
mod store;
mod verdict;

pub use self::desk::{
    Ailing, Backlog, Delivery, Filter, Pruned, Selection, State, ailing, backlog, count_failed,
    list, prune, retry,
};
pub use self::peers::store::wake;
pub use self::sender::Sender;
pub use self::sleepers::Sleepers;
pub use self::store::{forget, insert, to_inbox, withdraw};

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use crate::federation::keys::{RingError, Signer};
use crate::kernel::AgencyId;

/// The keys that sign one activity.
#[derive(Debug, Clone)]
pub struct Signing {
    pub rsa: Signer,
    /// For servers that have shown that they take it.
    pub ed25519: Option<Signer>,
}

/// Knows whose keys sign what. Asked at each claim, so it should keep what it looked up.
#[async_trait]
pub trait Signers: Send + Sync {
    /// The keys for an activity of this agency and this kind, as it stands in `activities.kind`.
    async fn for_activity(&self, agency: AgencyId, kind: &str) -> Result<Arc<Signing>, RingError>;
}

/// Wants to know what became of attempts.
pub trait Observer: Send + Sync {
    /// An attempt has ended and that is written down: `done`, `retry`, `gone`, `refused` or `given_up`.
    fn attempted(&self, outcome: &'static str, took: Duration);
}

/// How much is done at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// Requests under way, without those that are slow.
    pub concurrency: usize,
    /// Requests under way to one host.
    pub per_host: usize,
    /// From then on a request counts as slow.
    pub slow_after: Duration,
    /// Slow requests that may be under way besides the others.
    pub slow: usize,
    /// For how long a delivery is ours. More than four times as long as the client waits for an answer: up to three
    /// requests are made in one attempt.
    pub lease: Duration,
    /// Threads that sign at the same time.
    pub signing_threads: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            concurrency: 256,
            per_host: 8,
            slow_after: Duration::from_secs(1),
            slow: 256,
            lease: Duration::from_secs(90),
            signing_threads: std::thread::available_parallelism().map_or(1, usize::from),
        }
    }
}
