//! Acts upon what was received: in order per actor, in batches, and again after a failure.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::future::BoxFuture;
use futures_util::stream::{FuturesUnordered, StreamExt as _};
use tokio_util::sync::CancellationToken;

use super::handle::{self, Findings, Found, Need, Outcome, Prepared, Recall, Setting};
use super::store::{self, Event};
use crate::federation::actors::{Directory, Unknown};
use crate::kernel::{Clock, EventId, Site};
use crate::platform::bell::Bells;
use crate::platform::db::{self, Conn, Db};

/// Activities taken up at once.
const BATCH: i64 = 200;
/// A transaction is ended after this long, so that those who write down what arrives get their turn.
const LONGEST: Duration = Duration::from_millis(8);
/// A batch that is worth a transaction at once; after a smaller one, others get a moment to join the next.
const FULL: usize = 150;
const BREATH: Duration = Duration::from_millis(30);
/// Activities that wait for another server at the same time.
const FETCHING: usize = 32;
/// Documents fetched for one activity, besides the posts above it: its author, itself, what it is about.
const MORE_FETCHES: u32 = 4;
/// While an activity's fetch runs, nobody else takes it up; if the process dies, it is taken up after that.
const LEASE: Duration = Duration::from_secs(120);
/// After a failure of the n-th try, the last one also from then on.
const PAUSES: [Duration; 7] = [
    Duration::from_secs(15),
    Duration::from_secs(60),
    Duration::from_secs(5 * 60),
    Duration::from_secs(30 * 60),
    Duration::from_secs(2 * 3600),
    Duration::from_secs(6 * 3600),
    Duration::from_secs(24 * 3600),
];

/// Hears how it goes, for metrics.
pub trait Observer: Send + Sync {
    fn processed(&self, count: usize);
    fn set_aside(&self);
}

/// How long one activity is tried, and how far one is followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Tries before an activity is set aside.
    pub attempts: u32,
    /// Unknown posts between a reply and something we know. A longer line is nobody's conversation.
    pub ancestors: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            attempts: 8,
            ancestors: 20,
        }
    }
}

/// Does the work. One per process is enough: batches make up for it.
pub struct Worker {
    db: Db,
    clock: Arc<dyn Clock>,
    site: Site,
    directory: Directory,
    bells: Bells,
    observer: Arc<dyn Observer>,
    limits: Limits,
}

impl std::fmt::Debug for Worker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Worker").finish_non_exhaustive()
    }
}

/// An activity that cannot go on yet.
struct Waiting {
    prepared: Prepared,
    findings: Findings,
    need: Need,
}

/// What a batch came to.
#[derive(Default)]
struct Progress {
    done: usize,
    waiting: Vec<Waiting>,
    /// What the transaction had no time for.
    rest: Vec<Prepared>,
}

impl Worker {
    pub fn new(
        db: Db,
        clock: Arc<dyn Clock>,
        site: Site,
        directory: Directory,
        bells: Bells,
        observer: Arc<dyn Observer>,
    ) -> Self {
        Self {
            db,
            clock,
            site,
            directory,
            bells,
            observer,
            limits: Limits::default(),
        }
    }

    /// The same under other limits than the default ones.
    #[must_use]
    pub fn with_limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// Works until told to stop, and then finishes what it has begun.
    pub async fn run(&self, stop: CancellationToken) {
        let mut fetching: FuturesUnordered<BoxFuture<'_, ()>> = FuturesUnordered::new();
        while !stop.is_cancelled() {
            let taken = if fetching.len() < FETCHING {
                self.take_up(&mut fetching).await
            } else {
                0
            };
            if taken >= FULL {
                continue;
            }
            // One transaction for what gathers in a moment costs a fraction of one for each few.
            if taken > 0 {
                tokio::time::sleep(BREATH).await;
                continue;
            }
            tokio::select! {
                () = stop.cancelled() => {}
                Some(()) = fetching.next() => {}
                () = self.bells.events.wait() => {}
            }
        }
        while fetching.next().await.is_some() {}
    }

    /// Works until nothing is due, and says how much was done: for commands and tests.
    pub async fn run_until_idle(&self) -> usize {
        let mut fetching: FuturesUnordered<BoxFuture<'_, ()>> = FuturesUnordered::new();
        let mut total = 0;
        loop {
            let taken = self.take_up(&mut fetching).await;
            total += taken;
            if taken == 0 && fetching.next().await.is_none() {
                return total;
            }
        }
    }

    async fn take_up<'a>(&'a self, fetching: &mut FuturesUnordered<BoxFuture<'a, ()>>) -> usize {
        match self.batch().await {
            Ok(Progress { done, waiting, .. }) => {
                let taken = done + waiting.len();
                if done > 0 {
                    self.observer.processed(done);
                    self.bells.facts.ring();
                }
                for one in waiting {
                    fetching.push(Box::pin(self.see_through(one)));
                }
                taken
            }
            Err(error) => {
                tracing::error!(%error, "received activities could not be acted upon");
                0
            }
        }
    }

    /// Parses outside of the transaction, and on another thread than those that answer requests.
    async fn batch(&self) -> Result<Progress, db::Error> {
        let now = self.clock.now();
        let prepared: Vec<Prepared> = self
            .db
            .read(move |conn| {
                let events = store::due(conn, now, BATCH)?;
                Ok::<_, db::Error>(events.into_iter().map(Prepared::new).collect())
            })
            .await?;
        let (mut total, mut left) = (Progress::default(), prepared);
        while !left.is_empty() {
            let progress = self.act(left).await?;
            total.done += progress.done;
            total.waiting.extend(progress.waiting);
            left = progress.rest;
        }
        Ok(total)
    }

    /// Acts upon a batch together, which nearly always goes well; else again with each activity in a savepoint of its
    /// own, so that one that fails does not take others with it.
    async fn act(&self, batch: Vec<Prepared>) -> Result<Progress, db::Error> {
        let batch = Arc::new(batch);
        let verdicts = match self.judge(&batch, Guard::Together).await {
            Ok(verdicts) => verdicts,
            Err(error @ db::Error::Unavailable(_)) => return Err(error),
            Err(_) => self.judge(&batch, Guard::Apart).await?,
        };
        let mut progress = Progress::default();
        let mut batch = Arc::try_unwrap(batch).unwrap_or_default().into_iter();
        for (verdict, prepared) in verdicts.into_iter().zip(batch.by_ref()) {
            match verdict {
                Verdict::Settled => progress.done += 1,
                Verdict::NotNow => {}
                Verdict::Needs(need) => progress.waiting.push(Waiting {
                    prepared,
                    findings: Findings::default(),
                    need,
                }),
            }
        }
        progress.rest.extend(batch);
        Ok(progress)
    }

    async fn judge(
        &self,
        batch: &Arc<Vec<Prepared>>,
        guard: Guard,
    ) -> Result<Vec<Verdict>, db::Error> {
        let (site, clock, batch) = (self.site.clone(), self.clock.clone(), batch.clone());
        let ancestors = self.limits.ancestors;
        self.db
            .write(move |conn| {
                let recall = Recall::default();
                let setting = Setting {
                    site: &site,
                    clock: clock.as_ref(),
                    ancestors,
                    recall: &recall,
                };
                judge(conn, setting, &batch, guard)
            })
            .await
    }

    /// Fetches what one activity needs, and acts upon it, until it is done or cannot be done now.
    async fn see_through(&self, waiting: Waiting) {
        let Waiting {
            mut prepared,
            mut findings,
            mut need,
        } = waiting;
        for _ in 0..self.limits.ancestors.saturating_add(MORE_FETCHES) {
            if let Err(unknown) = self.find(&need, &mut findings).await {
                self.fail(&prepared.event, &unknown).await;
                return;
            }
            let (site, clock) = (self.site.clone(), self.clock.clone());
            let ancestors = self.limits.ancestors;
            let step = self.db.write(move |conn| {
                let recall = Recall::default();
                let setting = Setting {
                    site: &site,
                    clock: clock.as_ref(),
                    ancestors,
                    recall: &recall,
                };
                let next = one(conn, setting, &prepared, &findings)?;
                Ok::<_, db::Error>((prepared, findings, next))
            });
            match step.await {
                Ok((_, _, None)) => {
                    self.observer.processed(1);
                    self.bells.facts.ring();
                    // What the same actor did next may have waited for this.
                    self.bells.events.ring();
                    return;
                }
                Ok((same, found, Some(next))) => (prepared, findings, need) = (same, found, next),
                Err(error) => {
                    tracing::error!(%error, "a received activity could not be acted upon");
                    return;
                }
            }
        }
        self.give_up(
            prepared.event.id,
            "it would take too many documents of others to understand",
        )
        .await;
    }

    /// A passing failure is an error; that something is not to be had is a finding.
    async fn find(&self, need: &Need, findings: &mut Findings) -> Result<(), Unknown> {
        match need {
            Need::Object(uri) => {
                let found = match self.directory.object(uri).await {
                    Ok((object, raw)) => Found::Object(Box::new(object), raw),
                    Err(Unknown::Fetch(error)) if error.is_temporary() => {
                        return Err(Unknown::Fetch(error));
                    }
                    Err(Unknown::Db(error)) => return Err(Unknown::Db(error)),
                    Err(Unknown::Fetch(error)) if error.is_gone() => Found::Gone,
                    Err(why) => {
                        tracing::info!(reason = %why, "what an activity names was not fetched");
                        Found::Unusable
                    }
                };
                findings.objects.insert(uri.clone(), found);
            }
            Need::Actor(uri) | Need::FreshActor(uri) => {
                let found = match self.directory.meet(uri).await {
                    Ok((_, actor)) => Some(actor),
                    Err(Unknown::Fetch(error)) if error.is_temporary() => {
                        return Err(Unknown::Fetch(error));
                    }
                    Err(Unknown::Db(error)) => return Err(Unknown::Db(error)),
                    Err(why) => {
                        tracing::info!(reason = %why, "an actor was not fetched");
                        None
                    }
                };
                findings.actors.insert(uri.clone(), found);
            }
        }
        Ok(())
    }

    async fn fail(&self, event: &Event, unknown: &Unknown) {
        let before = u32::try_from(event.attempts).unwrap_or(u32::MAX);
        if before.saturating_add(1) >= self.limits.attempts {
            self.give_up(event.id, &unknown.to_string()).await;
            return;
        }
        let pause = pause_after(before);
        let (id, attempts, until) = (event.id, event.attempts + 1, self.clock.now() + pause);
        let reason = unknown.to_string();
        let postponed = self
            .db
            .write_beside(move |conn| store::postpone(conn, id, until, attempts, Some(&reason)))
            .await;
        if let Err(error) = postponed {
            tracing::error!(%error, "a received activity could not be postponed");
        }
    }

    async fn give_up(&self, id: EventId, reason: &str) {
        tracing::warn!(event.id = %id, reason, "a received activity was set aside");
        self.observer.set_aside();
        let reason = reason.to_owned();
        let set_aside = self
            .db
            .write_beside(move |conn| store::set_aside(conn, id, &reason))
            .await;
        if let Err(error) = set_aside {
            tracing::error!(%error, "a received activity could not be set aside");
        }
    }
}

/// The pause after one more failure than `before`.
fn pause_after(before: u32) -> Duration {
    let last = PAUSES.len().saturating_sub(1);
    let index = usize::try_from(before).unwrap_or(usize::MAX).min(last);
    PAUSES.get(index).copied().unwrap_or(LEASE)
}

/// What became of an activity.
enum Verdict {
    /// Acted upon, ignored or set aside.
    Settled,
    Needs(Need),
    /// Somebody else's by now, or behind another of the same actor that waits.
    NotNow,
}

/// What an activity that fails takes with it.
#[derive(Clone, Copy)]
enum Guard {
    /// The whole transaction.
    Together,
    /// Nothing but what it had changed itself.
    Apart,
}

/// Acts upon one activity after the other, for as long as a transaction may take; those behind have no verdict.
fn judge(
    conn: &mut Conn,
    setting: Setting<'_>,
    batch: &[Prepared],
    guard: Guard,
) -> Result<Vec<Verdict>, db::Error> {
    let (begun, now) = (Instant::now(), setting.clock.now());
    let ids: Vec<i64> = batch
        .iter()
        .map(|prepared| prepared.event.id.get())
        .collect();
    let due: HashSet<i64> = store::still_due(conn, now, &ids)?.into_iter().collect();
    let (findings, mut held_back) = (Findings::default(), HashSet::new());
    let (mut verdicts, mut finished) = (vec![], vec![]);
    for prepared in batch {
        let event = &prepared.event;
        if !due.contains(&event.id.get()) || held_back.contains(&event.actor_uri) {
            verdicts.push(Verdict::NotNow);
            continue;
        }
        let outcome = match guard {
            Guard::Together => Ok(handle::apply(conn, setting, prepared, &findings)?),
            Guard::Apart => whole(conn, setting, prepared, &findings),
        };
        let verdict = match outcome {
            Ok(Outcome::Done) => {
                finished.push(event.id.get());
                Verdict::Settled
            }
            Ok(Outcome::Ignored(reason)) => {
                store::ignore(conn, event.id, reason)?;
                Verdict::Settled
            }
            Ok(Outcome::Again) => {
                held_back.insert(event.actor_uri.clone());
                Verdict::Settled
            }
            Ok(Outcome::Needs(need)) => {
                held_back.insert(event.actor_uri.clone());
                store::postpone(conn, event.id, now + LEASE, event.attempts, None)?;
                Verdict::Needs(need)
            }
            Err(error @ db::Error::Unavailable(_)) => return Err(error),
            Err(error) => {
                tracing::warn!(event.id = %event.id, "a received activity was set aside: the database refused it");
                store::set_aside(conn, event.id, &error.to_string())?;
                Verdict::Settled
            }
        };
        verdicts.push(verdict);
        if begun.elapsed() > LONGEST {
            break;
        }
    }
    setting.recall.settle(conn)?;
    store::finish(conn, &finished)?;
    Ok(verdicts)
}

/// Acts upon one activity, so that it leaves nothing behind if it fails.
fn whole(
    conn: &mut Conn,
    setting: Setting<'_>,
    prepared: &Prepared,
    findings: &Findings,
) -> Result<Outcome, db::Error> {
    let recall = Recall::default();
    let setting = Setting {
        recall: &recall,
        ..setting
    };
    conn.savepoint(|conn| {
        let outcome = handle::apply(conn, setting, prepared, findings)?;
        recall.settle(conn)?;
        Ok(outcome)
    })
}

/// Acts upon one activity for which something was fetched; returns what it still needs.
fn one(
    conn: &mut Conn,
    setting: Setting<'_>,
    prepared: &Prepared,
    findings: &Findings,
) -> Result<Option<Need>, db::Error> {
    let event = &prepared.event;
    if !store::is_queued(conn, event.id)? {
        return Ok(None);
    }
    match whole(conn, setting, prepared, findings)? {
        Outcome::Done => store::finish(conn, &[event.id.get()])?,
        Outcome::Ignored(reason) => store::ignore(conn, event.id, reason)?,
        Outcome::Again => {
            store::postpone(conn, event.id, setting.clock.now(), event.attempts, None)?;
        }
        Outcome::Needs(need) => return Ok(Some(need)),
    }
    Ok(None)
}
