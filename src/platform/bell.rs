//! Wakes a worker of this process when there is something for it to do.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;

/// How often a worker looks without having been woken: what another process, such as a command, has written
/// is found this late at the most.
const SAFETY_NET: Duration = Duration::from_millis(500);

/// One worker's bell. Rings while nobody waits are kept as one.
#[derive(Debug, Clone, Default)]
pub struct Bell(Arc<Notify>);

impl Bell {
    pub fn ring(&self) {
        self.0.notify_one();
    }

    /// Returns when the bell has rung, or when it is time to look anyhow.
    pub async fn wait(&self) {
        // Running out of time is the safety net, not a failure.
        drop(tokio::time::timeout(SAFETY_NET, self.0.notified()).await);
    }
}

/// The bells of a server, by what they announce.
#[derive(Debug, Clone, Default)]
pub struct Bells {
    /// A fact was appended to the journal.
    pub facts: Bell,
    /// An activity was accepted.
    pub events: Bell,
    /// Deliveries were written.
    pub deliveries: Bell,
    /// Facts have become activities, or nothing follows from them: they can be recorded.
    pub record: Bell,
    /// A checkpoint of the record was signed.
    pub checkpoints: Bell,
    /// Something may have been scheduled.
    pub timetable: Bell,
}
