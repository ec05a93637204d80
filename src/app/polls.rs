//! What is due of polls, whether or not anybody is there: telling how they stand, closing them, forgetting who voted.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::Services;
use crate::dialogue::votes;
use crate::kernel::Timestamp;
use crate::platform::db;
use crate::publishing::polls;

/// Polls that are looked up at once.
const AT_ONCE: i64 = 100;
/// How long after a failure it is tried again.
const RETRY: Duration = Duration::from_secs(5);
/// Votes and new polls ring no bell: this is how late they are noticed. A poll runs for longer.
const LOOK: Duration = Duration::from_secs(30);

impl Services {
    /// Does what is due of polls. Returns when the next is due.
    ///
    /// Any number of processes may do this at once: what is done of a poll is done under its lock, and once.
    pub async fn tend_polls(&self) -> Result<Option<Timestamp>, db::Error> {
        loop {
            let now = self.clock.now();
            let due = self
                .db
                .read(move |conn| polls::due(conn, now, AT_ONCE))
                .await?;
            if due.is_empty() {
                break;
            }
            for id in due {
                let clock = self.clock.clone();
                self.db
                    .write(move |conn| votes::tend(conn, clock.as_ref(), id))
                    .await?;
            }
            self.bells.facts.ring();
        }
        self.db.read(polls::next_due).await
    }
}

/// Does what is due until told to stop.
pub(super) async fn keep_polls(services: Services, stop: CancellationToken) {
    while !stop.is_cancelled() {
        let nap = match services.tend_polls().await {
            Ok(next) => next.map_or(LOOK, |at| at.since(services.clock.now()).min(LOOK)),
            Err(error) => {
                tracing::warn!(%error, "what is due of the polls could not be done; it is tried again");
                RETRY
            }
        };
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(nap) => {}
        }
    }
}
