//! Deliveries as whoever runs the server sees them: what failed and why, try again, clear away.

mod store;

pub use self::store::{ailing, backlog, count_failed, list, prune, retry};

use std::time::Duration;

use crate::kernel::{AgencyId, Timestamp};

/// One delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    pub id: i64,
    /// The activity's id.
    pub activity: String,
    pub agency: AgencyId,
    /// The activity's type.
    pub kind: String,
    pub host: String,
    pub inbox: String,
    pub state: State,
    pub attempts: i32,
    pub last_status: Option<i32>,
    /// Why the last attempt failed.
    pub last_error: Option<String>,
    pub created_at: Timestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Done,
    /// To be tried then, or being tried.
    Queued {
        due_at: Timestamp,
    },
    /// Waits until its server is heard from.
    Parked,
    /// Given up: refused, or tried too often.
    Failed,
    /// There is no such inbox, its server says.
    Gone,
}

/// Which deliveries to list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filter {
    All,
    /// Those that will not be tried again by themselves.
    Failed,
}

/// Which failed deliveries to try again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selection {
    All,
    Host(String),
    Id(i64),
}

/// What is due, or waits for another try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backlog {
    pub depth: u64,
    /// How long the oldest has been due.
    pub oldest: Duration,
}

/// What one step of clearing away did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pruned {
    pub removed: usize,
    /// Where to go on, if there may be more.
    pub next: Option<i64>,
}

/// A server that does not take what we send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ailing {
    pub host: String,
    /// Set if nothing more is sent until it is heard from.
    pub unavailable_since: Option<Timestamp>,
}
