//! From facts to leaves, and from leaves to signed checkpoints.
//!
//! Facts are gathered and hashed beside the database's one writer; one transaction then appends leaves, tiles and head,
//! and moves the journal's cursor, so that no fact is recorded twice and none is left out. What is signed was committed
//! before.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;

use super::commitment::{Commitment, Manifest, Part, Salts};
use super::entries::{self, New, Place};
use super::erasure::{self, Class, Eraser, Order};
use super::gather::{self, Documents, Draft};
use super::keys::{KeyError, KeyStore};
use super::kind::{By, Kind, Subject};
use super::leaf::{Leaf, Precision};
use super::log::{self, Checkpointed, Log, Reader};
use super::policies;
use super::retention::Retention;
use super::witness::{self, OwnWord, Witness};
use crate::agencies;
use crate::federation::outbox;
use crate::kernel::{AgencyId, Clock, LogId, Site, Timestamp};
use crate::platform::bell::Bell;
use crate::platform::db::{self, Conn, Db};
use crate::platform::journal::{self, Fact};
use crate::tlog::note::Unsignable;
use crate::tlog::tree::{ChangedTile, TreeError};
use crate::tlog::{Checkpoint, Edge, Hash, Head, Note, SigningKey, tree};

/// The name of our cursor in the journal.
const CONSUMER: &str = "record";
/// Facts recorded in one transaction.
const BATCH: i64 = 512;
/// How long facts gather before they are recorded together; a checkpoint follows at once.
const GATHER: Duration = Duration::from_millis(250);
/// How often a checkpoint is signed anew although nothing happened.
const REFRESH: Duration = Duration::from_secs(600);

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
        "a tree of {seen} entries of {log} was seen elsewhere, and there are {here} here: a later backup has to be restored, since to sign again what was signed before would make two records of one"
    )]
    BehindWitness { log: String, seen: u64, here: u64 },
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error("a checkpoint could not be signed: {0}")]
    Sign(#[from] Unsignable),
    #[error(transparent)]
    Erase(#[from] erasure::Failure),
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
}

impl std::fmt::Debug for Recorder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Recorder").finish_non_exhaustive()
    }
}

/// Bytes of chance from the system: nobody may guess a salt.
pub fn chance(bytes: &mut [u8]) {
    // It fails only where there is no system to speak of; then nothing may go on.
    aws_lc_rs::rand::fill(bytes).unwrap_or_else(|_| std::process::abort());
}

impl Recorder {
    pub fn new(
        db: Db,
        clock: Arc<dyn Clock>,
        site: Site,
        settings: Settings,
        eraser: Eraser,
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

    /// Appends the next facts. Whether there were any.
    async fn append(&self) -> Result<bool, Failure> {
        let facts = self.db.read(next).await?;
        let Some(last) = facts.last().map(|fact| fact.seq) else {
            return Ok(false);
        };
        self.begin_logs(&facts).await?;
        let mut edges = self.edges.lock().await;
        let known = edges.clone();
        let (site, precision) = (self.site.clone(), self.settings.precision);
        let (facts, plan) = self
            .db
            .read(move |conn| {
                let plan = plan(conn, &site, precision, known, &facts)?;
                Ok::<_, Failure>((facts, plan))
            })
            .await?;
        // Until it is committed nobody may rely on it.
        edges.clear();
        let (clock, retention) = (self.clock.clone(), self.settings.retention);
        let kept = self
            .db
            .write(move |conn| {
                let from = facts.first().map_or(0, |fact| fact.seq - 1);
                if journal::position(conn, CONSUMER)? > from {
                    // Another process was quicker.
                    return Ok::<_, Failure>(HashMap::new());
                }
                let documents = entries::remember_documents(conn, &plan.documents)?;
                let mut kept = HashMap::new();
                for grown in plan.logs {
                    log::store::grow(
                        conn,
                        grown.log,
                        grown.from,
                        &grown.leaves,
                        &grown.tiles,
                        grown.to,
                    )?;
                    entries::insert(conn, &grown.entries, &documents)?;
                    kept.insert(grown.log, grown.edge);
                }
                follow_up(conn, clock.as_ref(), retention, &facts)?;
                journal::advance(conn, CONSUMER, last)?;
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

    /// Signs the head of every log that has grown, or whose checkpoint is old. Whether there was any.
    async fn sign(&self) -> Result<bool, Failure> {
        let now = self.clock.now();
        let (keys, witness) = (self.settings.keys.clone(), self.settings.witness.clone());
        let due = self
            .db
            .read(move |conn| {
                let mut due = vec![];
                for log in log::all(conn)? {
                    if is_due(&log, now) {
                        refuse_below_floor(&log)?;
                        let keys = keys.signing(conn, &log, now)?;
                        due.push(Signed::new(conn, &log, &keys, witness.as_ref(), now)?);
                    }
                }
                Ok::<_, Failure>(due)
            })
            .await?;
        if due.is_empty() {
            return Ok(false);
        }
        self.db
            .write_beside(move |conn| due.into_iter().try_for_each(|signed| signed.keep(conn)))
            .await?;
        self.signed.ring();
        Ok(true)
    }
}

/// What was signed, and has still to be kept.
struct Signed {
    log: LogId,
    checkpoint: Checkpointed,
    /// The same with our own witness's line, if it may give one.
    cosigned: Option<OwnWord>,
}

impl Signed {
    fn new(
        conn: &mut Conn,
        log: &Log,
        keys: &[SigningKey],
        witness: Option<&Witness>,
        at: Timestamp,
    ) -> Result<Self, Failure> {
        let text = Checkpoint::new(&log.origin, log.head).to_string();
        let note = Note::signed(&text, &keys.iter().collect::<Vec<_>>())?;
        let cosigned = match witness {
            Some(witness) => {
                let trusted: Vec<_> = keys.iter().map(|key| key.verifier().clone()).collect();
                witness::own_word(conn, witness, &trusted, &note, at, |conn, old| {
                    proof(conn, log, old)
                })?
            }
            None => None,
        };
        Ok(Self {
            log: log.id,
            checkpoint: Checkpointed {
                size: log.head.size,
                at,
                note: note.to_string(),
            },
            cosigned,
        })
    }

    fn keep(mut self, conn: &mut Conn) -> Result<(), db::Error> {
        if let Some(word) = self.cosigned {
            if witness::give(conn, &word)? {
                self.checkpoint.note = word.note;
            } else if log::store::by_id(conn, self.log)?
                .and_then(|log| log.signed)
                .is_some_and(|signed| signed.size == self.checkpoint.size)
            {
                // Another process was quicker, and its note bears the line.
                return Ok(());
            }
        }
        log::store::put_signed(conn, self.log, &self.checkpoint)?;
        Ok(())
    }
}

/// The proof that a log goes on from its tree of `old` entries; `None` if there was no such tree.
fn proof(conn: &mut Conn, log: &Log, old: u64) -> Result<Option<Vec<Hash>>, Failure> {
    if old > log.head.size {
        return Ok(None);
    }
    let mut tiles = Reader::new(conn, log.id);
    Ok(Some(tree::consistency_proof(
        old,
        log.head.size,
        &mut tiles,
    )?))
}

/// Refuses to go on with a log of which more was seen elsewhere than is here: what would be appended now would stand
/// where something else stood.
fn refuse_below_floor(log: &Log) -> Result<(), Failure> {
    if log.floor > log.head.size {
        return Err(Failure::BehindWitness {
            seen: log.floor,
            here: log.head.size,
            log: log.origin.clone(),
        });
    }
    Ok(())
}

fn is_due(log: &Log, now: Timestamp) -> bool {
    match &log.signed {
        None => log.head.size > 0,
        Some(signed) => log.head.size > signed.size || now.since(signed.at) >= REFRESH,
    }
}

/// How far facts have become entries.
pub(super) fn recorded_to(conn: &mut Conn) -> Result<i64, db::Error> {
    journal::seen(conn, CONSUMER)
}

/// The next facts to record: those up to which the outbox has come, since what is sent for a fact is part of its entry.
fn next(conn: &mut Conn) -> Result<Vec<journal::Entry>, db::Error> {
    let composed = outbox::composed_to(conn)?;
    let position = journal::seen(conn, CONSUMER)?;
    let mut facts = journal::read(conn, position, BATCH)?;
    facts.retain(|fact| fact.seq <= composed);
    Ok(facts)
}

/// What a batch of facts does to the logs.
struct Plan {
    logs: Vec<Grown>,
    documents: Documents,
}

/// A log with its new leaves.
struct Grown {
    log: LogId,
    from: Head,
    to: Head,
    leaves: Vec<String>,
    tiles: Vec<ChangedTile>,
    entries: Vec<New>,
    edge: Edge,
}

fn edge_of(conn: &mut Conn, log: &Log) -> Result<Edge, Failure> {
    let edge = Edge::load(log.head.size, &mut Reader::new(conn, log.id))?;
    if edge.root() == log.head.root {
        Ok(edge)
    } else {
        Err(Failure::Damaged(log.origin.clone()))
    }
}

fn plan(
    conn: &mut Conn,
    site: &Site,
    precision: Precision,
    mut edges: HashMap<LogId, Edge>,
    facts: &[journal::Entry],
) -> Result<Plan, Failure> {
    let (drafts, documents) = gather::gather(conn, site, facts)?;
    let referred: HashSet<Subject> = drafts.iter().filter_map(|draft| draft.refers_to).collect();
    let referred: Vec<Subject> = referred.into_iter().collect();
    let mut first = entries::places_of(conn, &referred)?;
    let mut by_agency: HashMap<AgencyId, Vec<Draft>> = HashMap::new();
    for draft in drafts {
        by_agency.entry(draft.agency).or_default().push(draft);
    }
    let mut logs = vec![];
    for (agency, drafts) in by_agency {
        let Some(log) = log::by_agency(conn, agency)? else {
            continue;
        };
        refuse_below_floor(&log)?;
        let edge = match edges.remove(&log.id) {
            Some(edge) if edge.size() == log.head.size && edge.root() == log.head.root => edge,
            _ => edge_of(conn, &log)?,
        };
        logs.push(grow(&log, edge, precision, drafts, &mut first));
    }
    Ok(Plan { logs, documents })
}

/// Makes leaves of drafts, in their order, and appends them to the tree.
fn grow(
    log: &Log,
    mut edge: Edge,
    precision: Precision,
    drafts: Vec<Draft>,
    first: &mut HashMap<Subject, Place>,
) -> Grown {
    let (mut leaves, mut hashes, mut entries) = (vec![], vec![], vec![]);
    for (draft, index) in drafts.into_iter().zip(log.head.size..) {
        let place = Place::new(log.id, index);
        let refers_to = draft
            .refers_to
            .and_then(|subject| first.get(&subject))
            .filter(|place| place.log == log.id)
            .map(|place| place.index);
        let new = entry(place, draft);
        first.entry(new.subject).or_insert(place);
        let leaf = leaf(&new, refers_to, precision);
        hashes.push(Hash::of_record(leaf.as_bytes()));
        leaves.push(leaf);
        entries.push(new);
    }
    let tiles = edge.append(&hashes);
    Grown {
        log: log.id,
        from: log.head,
        to: Head {
            size: edge.size(),
            root: edge.root(),
        },
        leaves,
        tiles,
        entries,
        edge,
    }
}

fn entry(place: Place, draft: Draft) -> New {
    let salts = Salts::for_parts(draft.parts.len(), &chance);
    let parts: Vec<Part<'_>> = draft
        .parts
        .iter()
        .map(|part| Part {
            name: &part.name,
            media_type: &part.media_type,
            bytes: &part.bytes,
        })
        .collect();
    New {
        place,
        kind: draft.kind,
        at: draft.at,
        subject: draft.subject,
        thread: draft.thread,
        fact_seq: draft.seq,
        event: draft.event,
        document: draft.document,
        manifest: Manifest::of(&parts, &salts),
        statement: draft.statement,
        salts,
    }
}

fn leaf(new: &New, refers_to: Option<u64>, precision: Precision) -> String {
    Leaf {
        commitment: Commitment::of(&new.salts, &new.manifest),
        kind: new.kind,
        refers_to,
        at: new.at,
        precision: if new.kind.by() == By::Citizen {
            precision
        } else {
            Precision::Second
        },
    }
    .to_json()
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
