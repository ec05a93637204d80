//! From facts to leaves, and from leaves to signed checkpoints.
//!
//! Facts are gathered and hashed beside the database's one writer; one transaction then appends leaves, tiles and head,
//! and moves the journal's cursor, so that no fact is recorded twice and none is left out. What is signed was committed
//! before.

mod plan;
mod portion;
mod signing;

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex as Lock, PoisonError};
use std::time::Duration;

use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;

use self::plan::{edge_of, plan};
use self::portion::next;
use self::signing::{Signed, is_due};
use super::entries::{self, Place};
use super::erasure::{self, Class, Eraser, Order};
use super::keys::{KeyError, KeyStore};
use super::kind::{Kind, Subject};
use super::leaf::Precision;
use super::log::{self, Checkpointed, Log};
use super::marks::{MarkError, Marks};
use super::retention::Retention;
use super::witness::Witness;
use super::{policies, resumptions};
use crate::agencies;
use crate::kernel::{AgencyId, Clock, LogId, Site, Timestamp};
use crate::platform::bell::Bell;
use crate::platform::chance;
use crate::platform::db::{self, Conn, Db};
use crate::platform::journal::{self, Fact};
use crate::tlog::Edge;
use crate::tlog::note::Unsignable;
use crate::tlog::tree::TreeError;

/// The name of our cursor in the journal.
pub(super) const CONSUMER: &str = "record";
/// Facts recorded in one transaction.
const BATCH: i64 = 512;
/// How long facts gather before they are recorded together; a checkpoint follows at once.
const GATHER: Duration = Duration::from_millis(250);
/// How often a checkpoint is signed anew although nothing happened.
const REFRESH: Duration = Duration::from_secs(600);
/// How often it is said that a log is stopped.
const TELL_AGAIN: Duration = Duration::from_secs(600);

/// How the record is kept.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    pub keys: KeyStore,
    /// How exactly citizens' entries tell the time.
    pub precision: Precision,
    pub retention: Retention,
    /// This server as a witness: its line on each checkpoint says when that was fresh.
    pub witness: Option<Witness>,
}

/// Why the record does not get on.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    #[error(transparent)]
    Db(#[from] db::Error),
    #[error("a tree could not be read: {0}")]
    Tree(#[from] TreeError<db::Error>),
    #[error("the stored tiles of {0} do not lead to its stored head: somebody has changed them")]
    Damaged(String),
    #[error(
        "a tree of {seen} entries of {log} was seen elsewhere, and there are {here} here: a later backup has to be restored, since to sign again what was signed before would make two records of one; only if there is none, `actapub record resume` goes on"
    )]
    BehindWitness { log: String, seen: u64, here: u64 },
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error("a checkpoint could not be signed: {0}")]
    Sign(#[from] Unsignable),
    #[error(transparent)]
    Erase(#[from] erasure::Failure),
    #[error("how far the record is signed could not be noted: {0}")]
    Mark(#[from] MarkError),
    #[error("another process has gone on meanwhile")]
    Moved,
}

/// Keeps the record of every agency here. One per process; of several processes one at a time gets on.
pub struct Recorder {
    db: Db,
    clock: Arc<dyn Clock>,
    site: Site,
    settings: Settings,
    eraser: Eraser,
    /// Rings when the outbox has come further.
    bell: Bell,
    /// Rings when a checkpoint was signed.
    signed: Bell,
    edges: Mutex<HashMap<LogId, Edge>>,
    /// Logs that are stopped, and when that was said last.
    stopped: Lock<HashMap<LogId, Timestamp>>,
    marks: Marks,
}

impl std::fmt::Debug for Recorder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Recorder").finish_non_exhaustive()
    }
}

impl Recorder {
    pub fn new(
        db: Db,
        clock: Arc<dyn Clock>,
        site: Site,
        settings: Settings,
        eraser: Eraser,
        marks: Marks,
        (bell, signed): (Bell, Bell),
    ) -> Self {
        Self {
            db,
            clock,
            site,
            settings,
            eraser,
            bell,
            signed,
            edges: Mutex::default(),
            stopped: Lock::default(),
            marks,
        }
    }

    /// Works until told to stop.
    pub async fn run(&self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            match self.step().await {
                Ok(true) => {}
                Ok(false) => self.bell.wait().await,
                Err(error) => {
                    tracing::error!(%error, "the record does not get on");
                    self.bell.wait().await;
                }
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(GATHER) => {}
            }
        }
    }

    /// Works until nothing is left to do: for commands and tests.
    pub async fn run_until_idle(&self) -> Result<(), Failure> {
        while self.step().await? {}
        Ok(())
    }

    /// Records what has happened, signs, and destroys what is due. Whether there was anything to do.
    pub async fn step(&self) -> Result<bool, Failure> {
        let recorded = self.record().await;
        // What was ordered before is destroyed even where nothing more can be recorded.
        let erased = self.eraser.step().await? > 0;
        Ok(recorded? | erased)
    }

    async fn record(&self) -> Result<bool, Failure> {
        let mut busy = false;
        while self.append().await? {
            busy = true;
        }
        Ok(busy | self.sign().await?)
    }

    /// Refuses, with a sentence, if what is stored of a log does not fit together.
    pub async fn check(&self) -> Result<(), Failure> {
        self.db
            .read(|conn| {
                for log in log::all(conn)? {
                    edge_of(conn, &log)?;
                    let last = log.head.size.saturating_sub(1);
                    let whole =
                        log.head.size == 0 || log::leaf(conn, Place::new(log.id, last))?.is_some();
                    let more = log::leaf(conn, Place::new(log.id, log.head.size))?.is_some();
                    let ahead = |it: &Checkpointed| it.size > log.head.size;
                    if !whole || more || log.signed.as_ref().is_some_and(ahead) {
                        return Err(Failure::Damaged(log.origin));
                    }
                }
                Ok(())
            })
            .await
    }

    /// Looks, before anything is signed, whether the database is as old as it was left: a log that was signed further
    /// stops, and where nothing beside the database tells, witnesses are believed without proof until they have cosigned.
    pub async fn recollect(&self) -> Result<(), Failure> {
        let (now, marks) = (self.clock.now(), self.marks.read()?);
        self.db
            .write(move |conn| {
                for log in log::all(conn)? {
                    let resumed = resumptions::last_of(conn, log.id)?;
                    let signed = log.signed.as_ref().map_or(0, |it| it.size);
                    match marks.get(&log.origin) {
                        Some(mark) if resumed.is_some_and(|resumed| mark.at <= resumed) => {}
                        Some(mark) if mark.size > log.head.size => {
                            log::store::raise_floor(conn, log.id, mark.size)?;
                        }
                        Some(mark) if mark.size >= signed => {}
                        _ if signed > 0 => log::store::doubt(conn, log.id, now)?,
                        _ => {}
                    }
                }
                Ok::<_, Failure>(())
            })
            .await
    }

    /// Appends the next facts. Whether there were any.
    async fn append(&self) -> Result<bool, Failure> {
        let Some(portion) = self.db.read(next).await? else {
            return Ok(false);
        };
        self.begin_logs(&portion.facts).await?;
        let mut edges = self.edges.lock().await;
        let known = edges.clone();
        let (site, precision) = (self.site.clone(), self.settings.precision);
        let planned = self
            .db
            .read(move |conn| {
                let plan = plan(conn, &site, precision, known, &portion.facts)?;
                Ok::<_, Failure>((portion, plan))
            })
            .await;
        let (portion, plan) = match planned {
            // A log was stopped meanwhile: its facts are left aside the next time.
            Err(Failure::Moved) => return Ok(true),
            planned => planned?,
        };
        // Until it is committed nobody may rely on it.
        edges.clear();
        let (clock, retention) = (self.clock.clone(), self.settings.retention);
        let kept = self
            .db
            .write(move |conn| {
                if !portion.stands(conn)? {
                    // Another process was quicker.
                    return Ok::<_, Failure>(HashMap::new());
                }
                let kept = plan.carry_out(conn)?;
                follow_up(conn, clock.as_ref(), retention, &portion.facts)?;
                portion.close(conn)?;
                Ok(kept)
            })
            .await?;
        *edges = kept;
        Ok(true)
    }

    /// Begins a log for each agency that has none yet.
    async fn begin_logs(&self, facts: &[journal::Entry]) -> Result<(), Failure> {
        let agencies: HashSet<AgencyId> = facts.iter().map(|fact| fact.agency).collect();
        let missing = self
            .db
            .read(move |conn| {
                let mut missing = vec![];
                for agency in agencies {
                    if log::by_agency(conn, agency)?.is_none() {
                        missing.push(agency);
                    }
                }
                Ok::<_, db::Error>(missing)
            })
            .await?;
        for agency in missing {
            let (site, clock) = (self.site.clone(), self.clock.clone());
            let keys = self.settings.keys.clone();
            self.db
                .write(move |conn| {
                    let Some(agency) = agencies::find(conn, agency)? else {
                        return Ok(());
                    };
                    let name = agency.handle.to_string();
                    let origin = site.record_origin(&name);
                    let log = log::store::begin(conn, agency.id, &name, &origin)?;
                    if log::store::keys(conn, log.id)?.is_empty() {
                        keys.generate(conn, &log, clock.now(), &chance)?;
                        policies::state(conn, clock.as_ref(), &log)?;
                    }
                    Ok::<_, Failure>(())
                })
                .await?;
        }
        Ok(())
    }

    /// Signs the head of every log that has grown, or whose checkpoint is old, and is not stopped. Whether there was any.
    async fn sign(&self) -> Result<bool, Failure> {
        let now = self.clock.now();
        let (keys, witness) = (self.settings.keys.clone(), self.settings.witness.clone());
        let (due, stopped) = self
            .db
            .read(move |conn| {
                let (mut due, mut stopped) = (vec![], vec![]);
                for log in log::all(conn)? {
                    if is_stopped(&log) {
                        stopped.push(log);
                    } else if is_due(&log, now) {
                        let keys = keys.signing(conn, &log, now)?;
                        due.push(Signed::new(conn, &log, &keys, witness.as_ref(), now)?);
                    }
                }
                Ok::<_, Failure>((due, stopped))
            })
            .await?;
        self.tell(&stopped, now);
        if due.is_empty() {
            return Ok(false);
        }
        let marks = self.marks.clone();
        self.db
            .write_beside(move |conn| {
                let grown: Vec<(String, u64)> = due.iter().filter_map(Signed::grown).collect();
                marks.set(&grown, now)?;
                for signed in due {
                    signed.keep(conn)?;
                }
                Ok::<_, Failure>(())
            })
            .await?;
        self.signed.ring();
        Ok(true)
    }

    /// Tells the operator which logs are stopped, and again now and then.
    fn tell(&self, stopped: &[Log], now: Timestamp) {
        let mut told = self.stopped.lock().unwrap_or_else(PoisonError::into_inner);
        told.retain(|id, _| stopped.iter().any(|log| log.id == *id));
        for log in stopped {
            if told
                .get(&log.id)
                .is_none_or(|told| now.since(*told) >= TELL_AGAIN)
            {
                told.insert(log.id, now);
                tracing::error!(record.name = log.name, "{}", behind(log));
            }
        }
    }
}

/// Whether more was seen of a log elsewhere than is here: what would be appended now would stand where something else
/// stood.
pub const fn is_stopped(log: &Log) -> bool {
    log.floor > log.head.size
}

/// Why a log is stopped.
fn behind(log: &Log) -> Failure {
    Failure::BehindWitness {
        seen: log.floor,
        here: log.head.size,
        log: log.origin.clone(),
    }
}

/// Why nothing is recorded of a log, for those who only look.
pub fn refusal(log: &Log) -> Option<String> {
    is_stopped(log).then(|| behind(log).to_string())
}

/// How far facts have become entries.
pub(super) fn recorded_to(conn: &mut Conn) -> Result<i64, db::Error> {
    journal::seen(conn, CONSUMER)
}

/// What a recorded fact sets going: what an author took back becomes due for destruction.
fn follow_up(
    conn: &mut Conn,
    clock: &dyn Clock,
    retention: Retention,
    facts: &[journal::Entry],
) -> Result<(), db::Error> {
    for fact in facts {
        let subject = match fact.fact {
            Fact::ReplyDeleted { reply, .. } => Subject::Reply(reply),
            Fact::MessageDeleted { message, .. } => Subject::Message(message),
            Fact::ErasureOrdered { erasure } => {
                erasure::store::recorded(conn, erasure, fact.seq)?;
                continue;
            }
            _ => continue,
        };
        let Some(log) = log::by_agency(conn, fact.agency)? else {
            continue;
        };
        let executed = |it: &erasure::Erasure| it.done_at.is_some();
        if erasure::of_subject(conn, subject)?.iter().any(executed) {
            continue;
        }
        let order = Order {
            subject,
            class: Class::Author,
            basis: "author".to_owned(),
            role: "author".to_owned(),
        };
        let due = fact.at + retention.deleted;
        let erasure = erasure::store::insert(conn, log.id, &order, clock.now(), due)?;
        erasure::store::recorded(conn, erasure, fact.seq)?;
    }
    Ok(())
}

/// How many facts wait to be recorded.
pub fn backlog(conn: &mut Conn) -> Result<u64, db::Error> {
    journal::backlog(conn, CONSUMER)
}

/// Whether a kind of entry has been recorded for a subject already: for what must not be recorded twice.
pub fn is_recorded(conn: &mut Conn, subject: Subject, kind: Kind) -> Result<bool, db::Error> {
    Ok(entries::by_subject(conn, subject)?
        .iter()
        .any(|entry| entry.kind == kind))
}
