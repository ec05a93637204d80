//! What goes out at its time, whether or not anybody is there.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::Services;
use crate::federation::keys;
use crate::kernel::{DraftId, Timestamp};
use crate::platform::db::Conn;
use crate::publishing::drafts::{self, DueDraft, Hold, NewKeys, Press, Sent};

/// Drafts that are looked up at once.
const AT_ONCE: i64 = 100;
/// How long after a failure it is tried again.
const RETRY: Duration = Duration::from_secs(5);
/// Nothing is scheduled: the bell rings before.
const LONG: Duration = Duration::from_secs(3600);

impl Services {
    /// Sends every draft whose time has come, or holds it and says so. Returns when the next goes out.
    ///
    /// Any number of processes may do this at once: a draft goes out with the change of its own state, in one transaction.
    pub async fn send_due(&self) -> Result<Option<Timestamp>, drafts::Error> {
        loop {
            let now = self.clock.now();
            let due = self
                .db
                .read(move |conn| drafts::due(conn, now, AT_ONCE))
                .await?;
            if due.is_empty() {
                break;
            }
            let mut failure = None;
            for one in due {
                // One that cannot be sent now does not keep the others waiting.
                if let Err(error) = self.send_one(one).await {
                    failure = Some(error);
                }
            }
            self.bells.facts.ring();
            if let Some(failure) = failure {
                return Err(failure);
            }
        }
        Ok(self.db.read(drafts::next_due).await?)
    }

    async fn send_one(&self, due: DueDraft) -> Result<(), drafts::Error> {
        let pair = if due.needs_keys {
            let made = keys::new_pair().await;
            Some(made.map_err(|_| drafts::Error::KeysNeeded)?)
        } else {
            None
        };
        let (clock, site, limits) = (self.clock.clone(), self.site.clone(), self.rules);
        let work = move |conn: &mut Conn| {
            let press = Press {
                site: &site,
                limits,
                keys: pair.as_ref().map(|pair| pair as &dyn NewKeys),
            };
            drafts::send_due(conn, clock.as_ref(), &press, due.id)
        };
        match self.db.write(work).await? {
            Sent::Published(_) | Sent::NotDue => {}
            Sent::Held(why) => report(due.id, &why),
        }
        Ok(())
    }
}

/// Says that a draft did not go out; why exactly is for its staff.
fn report(draft: DraftId, why: &Hold) {
    let why = match why {
        Hold::Late { .. } => "it would have been too late",
        Hold::Approvals { .. } => "its approvals do not suffice any more",
        Hold::Forbidden { .. } => "nothing goes out at this time",
        Hold::Languages { .. } => "a required language is missing",
        Hold::Refused { .. } => "it could not be done any more",
    };
    tracing::warn!(
        draft.id = draft.get(),
        "a scheduled draft did not go out and is held: {why}"
    );
}

/// Sends what is due until told to stop: woken at the next time, and whenever something was written.
pub(super) async fn keep_time(services: Services, stop: CancellationToken) {
    while !stop.is_cancelled() {
        let nap = match services.send_due().await {
            Ok(next) => next.map_or(LONG, |at| at.since(services.clock.now())),
            Err(error) => {
                tracing::warn!(error = %kind(&error), "a scheduled draft could not be sent; it is tried again");
                tokio::select! {
                    () = stop.cancelled() => {}
                    () = tokio::time::sleep(RETRY) => {}
                }
                continue;
            }
        };
        tokio::select! {
            () = stop.cancelled() => {}
            // The clock may have been changed meanwhile, too: the bell returns twice a second.
            () = services.bells.timetable.wait() => {}
            () = tokio::time::sleep(nap) => {}
        }
    }
}

/// An error as it may stand in a log: nothing of what was written.
fn kind(error: &drafts::Error) -> String {
    match error {
        drafts::Error::Db(_) | drafts::Error::KeysNeeded => error.to_string(),
        _ => "it was refused".to_owned(),
    }
}
