//! From facts to activities, and from activities to one delivery for every inbox.
//!
//! A fact becomes at most one activity, in the transaction that moves the cursor; its followers' deliveries are
//! written in portions behind it, so that the first go out before the last are written and no transaction is long.

mod compose;
mod fan_out;
mod message;
mod store;

pub use self::message::{Message, send, take_back};
pub use self::store::{
    Sent, announces_keys, answers_to, body_for, body_of, destroy, destroy_bodies, hold_back, sent,
};

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use crate::federation::keys::{Keys, Ring, RingError};
use crate::kernel::{AgencyId, Clock, Site, Timestamp};
use crate::platform::bell::Bells;
use crate::platform::db::{self, Conn, Db};
use crate::platform::journal::{self, Fact};

/// The name of our cursor in the journal.
const CONSUMER: &str = "federation";
/// Facts read at once. Most of them say what came in, and nothing goes out for those.
const BATCH: i64 = 500;

/// How far facts have become activities: what follows from the facts up to there is ready, or nothing does.
pub fn composed_to(conn: &mut Conn) -> Result<i64, db::Error> {
    journal::seen(conn, CONSUMER)
}

#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Db(#[from] db::Error),
    #[error(transparent)]
    Keys(#[from] RingError),
    #[error("an activity could not be proved: {0}")]
    Prove(#[from] crate::federation::signatures::proof::ProveError),
}

/// Finds the key of an agency's public record, which federation knows nothing else of.
pub type RecordKey = fn(&mut Conn, AgencyId, Timestamp) -> Result<Option<String>, db::Error>;

/// Turns facts into activities. One per process; of several processes one at a time gets on.
pub struct Outbox {
    db: Db,
    clock: Arc<dyn Clock>,
    site: Site,
    ring: Ring,
    bells: Bells,
    record_key: RecordKey,
}

impl std::fmt::Debug for Outbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Outbox").finish_non_exhaustive()
    }
}

impl Outbox {
    pub fn new(
        db: Db,
        clock: Arc<dyn Clock>,
        site: Site,
        ring: Ring,
        bells: Bells,
        record_key: RecordKey,
    ) -> Self {
        Self {
            db,
            clock,
            site,
            ring,
            bells,
            record_key,
        }
    }

    /// Works until told to stop.
    pub async fn run(&self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            match self.step().await {
                Ok(true) => {}
                Ok(false) => tokio::select! {
                    () = stop.cancelled() => {}
                    () = self.bells.facts.wait() => {}
                },
                Err(error) => {
                    tracing::error!(%error, "facts could not be turned into activities");
                    tokio::select! {
                        () = stop.cancelled() => {}
                        () = self.bells.facts.wait() => {}
                    }
                }
            }
        }
    }

    /// Works until nothing is left to do: for commands and tests.
    pub async fn run_until_idle(&self) {
        loop {
            match self.step().await {
                Ok(true) => {}
                Ok(false) => return,
                Err(error) => {
                    tracing::error!(%error, "facts could not be turned into activities");
                    return;
                }
            }
        }
    }

    /// Whether there was anything to do.
    async fn step(&self) -> Result<bool, Failure> {
        let composed = self.compose().await?;
        let fanned = self.fan_out().await?;
        if composed.activities > 0 || fanned {
            self.bells.deliveries.ring();
        }
        if composed.facts > 0 {
            self.bells.record.ring();
        }
        Ok(composed.facts > 0 || fanned)
    }

    async fn compose(&self) -> Result<Composed, Failure> {
        let entries = self
            .db
            .read(|conn| {
                let position = journal::seen(conn, CONSUMER)?;
                journal::read(conn, position, BATCH)
            })
            .await?;
        if entries.is_empty() {
            return Ok(Composed::default());
        }
        let keys = self.keys_for(&entries).await?;
        let (site, clock) = (self.site.clone(), self.clock.clone());
        let record_key = self.record_key;
        self.db
            .write(move |conn| consume(conn, &site, clock.as_ref(), &keys, record_key, &entries))
            .await
    }

    async fn keys_for(
        &self,
        entries: &[journal::Entry],
    ) -> Result<HashMap<AgencyId, Arc<Keys>>, RingError> {
        let mut keys = HashMap::new();
        for entry in entries
            .iter()
            .filter(|entry| compose::goes_out(&entry.fact))
        {
            if let Entry::Vacant(place) = keys.entry(entry.agency) {
                // A second ago others were in use, and may be remembered still.
                let is_new =
                    |it: &journal::Entry| it.agency == entry.agency && it.fact == Fact::KeysRotated;
                place.insert(if entries.iter().any(is_new) {
                    self.ring.agency_anew(entry.agency).await?
                } else {
                    self.ring.agency(entry.agency).await?
                });
            }
        }
        Ok(keys)
    }

    async fn fan_out(&self) -> Result<bool, Failure> {
        let waiting = self.db.read(store::next_to_fan_out).await?;
        let Some(job) = waiting else { return Ok(false) };
        let (site, clock) = (self.site.clone(), self.clock.clone());
        self.db
            .write_beside(move |conn| fan_out::portion(conn, &site, clock.now(), &job))
            .await?;
        Ok(true)
    }
}

#[derive(Debug, Default)]
struct Composed {
    facts: usize,
    activities: usize,
}

fn consume(
    conn: &mut Conn,
    site: &Site,
    clock: &dyn Clock,
    keys: &HashMap<AgencyId, Arc<Keys>>,
    record_key: RecordKey,
    entries: &[journal::Entry],
) -> Result<Composed, Failure> {
    let mut composed = Composed::default();
    let position = journal::position(conn, CONSUMER)?;
    for entry in entries.iter().filter(|entry| entry.seq > position) {
        composed.facts += 1;
        let Some(keys) = keys.get(&entry.agency) else {
            continue;
        };
        if let Some(letter) = compose::letter(conn, site, clock, keys, record_key, entry)? {
            store::insert(conn, site, clock.now(), entry, &letter)?;
            composed.activities += 1;
        }
    }
    if let Some(last) = entries.last().filter(|last| last.seq > position) {
        journal::advance(conn, CONSUMER, last.seq)?;
    }
    Ok(composed)
}
