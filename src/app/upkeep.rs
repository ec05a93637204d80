//! What goes on beside requests: looking for what others wrote, taking figures, dropping what is old.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::Services;
use crate::agencies::staff;
use crate::archive::{log, recorder};
use crate::dialogue::replies;
use crate::federation::{delivery, inbox};
use crate::platform::bell::Bells;
use crate::platform::db::{self, Watch};
use crate::platform::telemetry::LogFigures;

/// How soon what another process has written is noticed.
const GLANCE: Duration = Duration::from_millis(40);

/// Rings the bells when another process has written something.
pub(super) async fn watch_for_others(mut watch: Watch, bells: Bells, stop: CancellationToken) {
    while !stop.is_cancelled() {
        let glance = tokio::task::spawn_blocking(move || (watch.has_changed(), watch)).await;
        let Ok((changed, same)) = glance else { return };
        watch = same;
        match changed {
            Ok(true) => {
                bells.facts.ring();
                bells.events.ring();
                bells.deliveries.ring();
                bells.record.ring();
                bells.timetable.ring();
            }
            Ok(false) => {}
            // The workers look by themselves twice a second, too.
            Err(error) => {
                tracing::warn!(%error, "the database is not watched any more");
                return;
            }
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(GLANCE) => {}
        }
    }
}

/// How often it is looked whether something came for a team to work through.
const LISTEN: Duration = Duration::from_secs(1);
/// While more activities than this wait to be acted upon, filling the queues stands back …
const CROWD: i64 = 64;
/// … for so many looks, and then takes one batch anyhow.
const PATIENCE: u32 = 30;

/// Fills the queues through which agencies' people work, behind everything else that reads the journal.
pub(super) async fn fill_queues(services: Services, stop: CancellationToken) {
    let mut stood_back = 0;
    while !stop.is_cancelled() {
        let crowd = services.db.read(inbox::backlog).await;
        let crowded = crowd.is_ok_and(|crowd| crowd.queued > CROWD);
        if crowded && stood_back < PATIENCE {
            stood_back += 1;
        } else {
            stood_back = 0;
            match services.fill_queues_once().await {
                Ok(true) if !crowded => continue,
                Ok(_) => {}
                Err(error) => tracing::error!(%error, "the queues are not filled"),
            }
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(LISTEN) => {}
        }
    }
}

/// How often figures are taken, and old things dropped.
const FIGURES: Duration = Duration::from_secs(15);
const SWEEP_EVERY: u32 = 40;
/// Deletions of things never seen are remembered this long: what they bar does not come later.
const TOMBSTONES: Duration = Duration::from_secs(30 * 24 * 3600);
const SWEEP_AT_ONCE: i64 = 2_000;

/// Takes the figures that nobody else does, and drops what is kept long enough.
pub(super) async fn housekeeping(services: Services, keep: Duration, stop: CancellationToken) {
    let (mut rounds, mut swept_to) = (0_u32, 0);
    while !stop.is_cancelled() {
        if let Err(error) = figures(&services).await {
            tracing::warn!(%error, "figures could not be taken");
        }
        if rounds % SWEEP_EVERY == 0 {
            let clock = services.clock.clone();
            let swept = services.db.write_beside(move |conn| {
                staff::sessions::sweep(conn, clock.as_ref())?;
                staff::links::sweep(conn, clock.as_ref())?;
                replies::prune_tombstones(conn, clock.as_ref(), TOMBSTONES)?;
                inbox::prune(conn, clock.now(), keep, SWEEP_AT_ONCE)
            });
            if let Err(error) = swept.await {
                tracing::warn!(%error, "old activities could not be dropped");
            }
        }
        let (now, after) = (services.clock.now(), swept_to);
        match services
            .db
            .write_beside(move |conn| delivery::prune(conn, now, after))
            .await
        {
            Ok(pruned) => swept_to = pruned.next.unwrap_or(0),
            Err(error) => tracing::warn!(%error, "old deliveries could not be dropped"),
        }
        rounds = rounds.wrapping_add(1);
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(FIGURES) => {}
        }
    }
}

/// How often it is asked what was kept long enough.
const SCHEDULE: Duration = Duration::from_secs(3600);

/// Has the record dispose of what was kept long enough.
pub(super) async fn keep_schedule(services: Services, stop: CancellationToken) {
    while !stop.is_cancelled() {
        match services.dispose().await {
            Ok(due) if due.is_nothing() => {}
            Ok(due) => tracing::info!(
                retention.replies = due.replies,
                retention.messages = due.messages,
                retention.reports = due.reports,
                "what was kept long enough is disposed of"
            ),
            Err(error) => {
                tracing::warn!(%error, "what was kept long enough could not be looked for");
            }
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(SCHEDULE) => {}
        }
    }
}

async fn figures(services: &Services) -> Result<(), db::Error> {
    let backlog = services.db.read(inbox::backlog).await?;
    let metrics = &services.web.metrics;
    let now = services.clock.now();
    let age = backlog.oldest.map_or(Duration::ZERO, |at| now.since(at));
    metrics
        .inbox
        .queue(u64::try_from(backlog.queued).unwrap_or(0), age);
    let waiting = services
        .db
        .read(move |conn| delivery::backlog(conn, now))
        .await?;
    metrics.delivery.queue(waiting.depth, waiting.oldest);
    metrics.database.writer_queue(services.db.writes_waiting());
    let (logs, unrecorded) = services
        .db
        .read(|conn| Ok::<_, db::Error>((log::all(conn)?, recorder::backlog(conn)?)))
        .await?;
    metrics.record.backlog(unrecorded);
    for log in logs {
        let size = |it: &Option<log::Checkpointed>| it.as_ref().map_or(0, |it| it.size);
        let figures = LogFigures {
            entries: log.head.size,
            signed: size(&log.signed),
            witnessed: size(&log.witnessed),
            age: log
                .signed
                .as_ref()
                .map_or(Duration::ZERO, |it| now.since(it.at)),
            stopped: recorder::is_stopped(&log),
        };
        metrics.record.log(&log.name, figures);
    }
    Ok(())
}
