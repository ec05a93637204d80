//! Writes arrivals down: those that come while the database is busy go together.
//!
//! An arrival of its own costs the writer a savepoint, a look for the id and the spelling of two statements; sixteen
//! together cost little more.

use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

use super::store::{self, Arrival};
use crate::kernel::{Clock, Timestamp};
use crate::platform::db::{self, Conn, Db};

/// Whether an arrival is new, or why it could not be written down.
type Outcome = Result<bool, db::Error>;

/// The way down for arrivals.
pub(super) struct Intake {
    db: Db,
    clock: Arc<dyn Clock>,
    waiting: Arc<Mutex<Waiting>>,
}

#[derive(Default)]
struct Waiting {
    arrivals: Vec<Arrival>,
    tellers: Vec<oneshot::Sender<Outcome>>,
    /// Whether a write is on its way that will take all of them.
    is_fetched: bool,
}

impl Intake {
    pub(super) fn new(db: Db, clock: Arc<dyn Clock>) -> Self {
        Self {
            db,
            clock,
            waiting: Arc::default(),
        }
    }

    /// Writes an arrival down; `false` if it is here already.
    pub(super) async fn write(&self, arrival: Arrival) -> Outcome {
        let (teller, told) = oneshot::channel();
        let leads = {
            let mut waiting = lock(&self.waiting);
            waiting.arrivals.push(arrival);
            waiting.tellers.push(teller);
            !mem::replace(&mut waiting.is_fetched, true)
        };
        if leads {
            let fetch = Fetch {
                waiting: self.waiting.clone(),
                is_done: false,
            };
            let now = self.clock.now();
            self.db
                .hand_over(move |conn| fetch.write(conn, now), tell)
                .await?;
        }
        let gone = |_| db::Error::Unavailable("it could not be written down".to_owned());
        told.await.map_err(gone)?
    }
}

fn lock(waiting: &Mutex<Waiting>) -> MutexGuard<'_, Waiting> {
    // Nothing that holds the lock can panic halfway.
    waiting.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Takes all arrivals that wait when the writer comes to it. If it never does, they are given up rather than left behind.
struct Fetch {
    waiting: Arc<Mutex<Waiting>>,
    is_done: bool,
}

impl Drop for Fetch {
    fn drop(&mut self) {
        if !self.is_done {
            drop(self.take());
        }
    }
}

impl Fetch {
    fn take(&mut self) -> Waiting {
        self.is_done = true;
        mem::take(&mut *lock(&self.waiting))
    }

    fn write(mut self, conn: &mut Conn, now: Timestamp) -> Result<Written, db::Error> {
        let Waiting {
            arrivals, tellers, ..
        } = self.take();
        let together = conn.savepoint(|conn| store::append_all(conn, now, &arrivals));
        let outcomes = match together {
            Ok(outcomes) => outcomes.into_iter().map(Ok).collect(),
            Err(error @ db::Error::Unavailable(_)) => return Err(error),
            // One that cannot be written down takes no other with it.
            Err(_) => arrivals
                .iter()
                .map(|arrival| conn.savepoint(|conn| store::append(conn, now, arrival)))
                .collect(),
        };
        Ok(Written { tellers, outcomes })
    }
}

struct Written {
    tellers: Vec<oneshot::Sender<Outcome>>,
    outcomes: Vec<Outcome>,
}

fn tell(written: Result<Written, db::Error>) {
    let Ok(Written { tellers, outcomes }) = written else {
        return;
    };
    for (teller, outcome) in tellers.into_iter().zip(outcomes) {
        // Whoever has hung up meanwhile does not wait to hear it.
        drop(teller.send(outcome));
    }
}
