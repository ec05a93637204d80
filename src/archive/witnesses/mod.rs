//! Collecting cosignatures: each signed checkpoint is brought to the witnesses of the policy, and becomes the one that is
//! served when enough of them have cosigned it (c2sp.org/tlog-witness, c2sp.org/tlog-policy).

mod asking;
mod claims;
mod pending;
mod store;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream;
use tokio_util::sync::CancellationToken;

pub use self::store::cosigners;
pub(super) use self::store::overrule;

use self::asking::{Asked, Trouble};
use self::claims::{Belief, Claim};
use self::pending::Pending;
use super::keys;
use super::log::{self, Checkpointed, Log, Reader};
use super::policies::{self, Rules};
use super::recorder::Failure;
use crate::kernel::{Clock, LogId, Timestamp};
use crate::platform::bell::Bell;
use crate::platform::db::{self, Conn, Db};
use crate::platform::net::Client;
use crate::platform::telemetry::Metrics;
use crate::tlog::policy;
use crate::tlog::{Note, tree};

/// How long a witness may take to let us in, and to answer.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);
pub const TIMEOUT: Duration = Duration::from_secs(5);
/// How often witnesses are asked at the most.
const SPACING: Duration = Duration::from_secs(1);
/// Witnesses asked at the same time.
const AT_ONCE: usize = 32;
/// How long a witness that failed is left alone: at first, and at the most.
const REST: Duration = Duration::from_secs(2);
const LONGEST_REST: Duration = Duration::from_secs(60);
/// How long at the start the stored checkpoints are offered before work begins.
const OFFER: Duration = Duration::from_secs(6);
/// How long a checkpoint may lack its witnesses before the operator is told, and how often.
const TELL_AFTER: Duration = Duration::from_secs(60);
const TELL_AGAIN: Duration = Duration::from_secs(600);

/// What a witness is known to have cosigned of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cosigner {
    pub vkey: String,
    /// The largest tree that it is known to have seen.
    pub size: u64,
    /// When it was asked last.
    pub at: Timestamp,
    /// Why that failed, if it did.
    pub failure: Option<String>,
}

/// Brings checkpoints to witnesses.
pub struct Collector {
    db: Db,
    clock: Arc<dyn Clock>,
    client: Client,
    rules: Option<Rules>,
    /// Rings when a checkpoint was signed.
    bell: Bell,
    metrics: Arc<Metrics>,
    memory: Mutex<Memory>,
}

/// What need not outlast the process.
#[derive(Default)]
struct Memory {
    /// The newest checkpoint of each log, with the cosignatures that it has so far.
    pending: HashMap<LogId, Pending>,
    /// Witnesses that failed, by key, for all logs or for one: how often, and until when they are left alone.
    resting: HashMap<(String, Option<LogId>), (u32, Timestamp)>,
    /// Since when a log lacks its witnesses, and when that was said last.
    lacking: HashMap<LogId, (Timestamp, Option<Timestamp>)>,
}

impl std::fmt::Debug for Collector {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Collector")
            .field("rules", &self.rules)
            .finish_non_exhaustive()
    }
}

/// Who is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Whom {
    /// Whose cosignature of the newest checkpoint is missing.
    Missing,
    /// Every witness, whatever it has cosigned.
    Everybody,
}

/// One question to be put: this log's checkpoint, to this witness.
struct Question {
    log: Arc<Log>,
    signed: Checkpointed,
    note: Note,
    witness: policy::Witness,
    /// The size that it is thought to know.
    old: u64,
}

impl Collector {
    pub fn new(
        db: Db,
        clock: Arc<dyn Clock>,
        client: Client,
        rules: Option<Rules>,
        bell: Bell,
        metrics: Arc<Metrics>,
    ) -> Self {
        Self {
            db,
            clock,
            client,
            rules,
            bell,
            metrics,
            memory: Mutex::default(),
        }
    }

    /// Works until told to stop.
    pub async fn run(&self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            let asked = tokio::select! {
                () = stop.cancelled() => return,
                asked = self.round() => asked,
            };
            let asked = asked.unwrap_or_else(|error| {
                tracing::warn!(%error, "no cosignatures could be collected");
                0
            });
            let pause = if asked > 0 { SPACING } else { Duration::ZERO };
            tokio::select! {
                () = stop.cancelled() => {}
                () = async { tokio::join!(self.bell.wait(), tokio::time::sleep(pause)); } => {}
            }
        }
    }

    /// Before anything new is signed: shows the witnesses what was signed last, so that a restored backup that is older
    /// than what they have seen is noticed. Waits for a few seconds at the most.
    pub async fn offer_stored(&self) {
        match tokio::time::timeout(OFFER, self.ask_all(Whom::Everybody)).await {
            Ok(Ok(_)) => {}
            Ok(Err(error)) => {
                tracing::warn!(%error, "the last checkpoints were not offered to witnesses");
            }
            Err(_) => tracing::warn!(
                "not all witnesses have answered; the record goes on without them for now"
            ),
        }
    }

    /// Asks every witness whose cosignature is missing and who is not left alone for now. Returns how many were asked.
    pub async fn round(&self) -> Result<usize, db::Error> {
        self.ask_all(Whom::Missing).await
    }

    async fn ask_all(&self, whom: Whom) -> Result<usize, db::Error> {
        let Some(rules) = self.rules.clone() else {
            return Ok(0);
        };
        let questions = self.questions(&rules, whom).await?;
        let count = questions.len();
        let answers = stream::iter(questions)
            .map(|question| self.put(question, &rules))
            .buffer_unordered(AT_ONCE)
            .collect::<Vec<_>>();
        answers.await.into_iter().collect::<Result<Vec<()>, _>>()?;
        self.tell(&rules).await?;
        Ok(count)
    }

    /// What has to be asked now.
    async fn questions(&self, rules: &Rules, whom: Whom) -> Result<Vec<Question>, db::Error> {
        let logs = self
            .db
            .read(|conn| {
                let mut logs = vec![];
                for log in log::all(conn)? {
                    let cosigners = store::cosigners(conn, log.id)?;
                    logs.push((Arc::new(log), cosigners));
                }
                Ok::<_, db::Error>(logs)
            })
            .await?;
        let now = self.clock.now();
        let mut memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        let mut questions = vec![];
        for (log, cosigners) in logs {
            let Some(signed) = log.signed.clone() else {
                continue;
            };
            let Ok(note) = Note::parse(&signed.note) else {
                return Err(db::Error::Corrupt("record_logs.signed"));
            };
            let pending = memory
                .pending
                .entry(log.id)
                .and_modify(|pending| pending.renew(&note))
                .or_insert_with(|| Pending::new(&note, log.witnessed.as_ref(), &rules.policy));
            let missing: Vec<_> = rules
                .policy
                .witnesses()
                .iter()
                .filter(|witness| {
                    whom == Whom::Everybody || !pending.is_fresh(&witness.key, signed.at)
                })
                .cloned()
                .collect();
            for witness in missing {
                let vkey = witness.key.to_string();
                let rests = |of: Option<LogId>| {
                    let rest = memory.resting.get(&(vkey.clone(), of));
                    rest.is_some_and(|(_, until)| now < *until)
                };
                if rests(None) || rests(Some(log.id)) {
                    continue;
                }
                let known = cosigners.iter().find(|it| it.vkey == vkey);
                questions.push(Question {
                    old: known.map_or(0, |it| it.size).min(signed.size),
                    log: log.clone(),
                    signed: signed.clone(),
                    note: note.clone(),
                    witness,
                });
            }
        }
        Ok(questions)
    }

    /// Asks one witness, and keeps what comes of it.
    async fn put(&self, question: Question, rules: &Rules) -> Result<(), db::Error> {
        let vkey = question.witness.key.to_string();
        let (known, outcome) = match tokio::time::timeout(TIMEOUT, self.ask(&question)).await {
            Ok(answered) => answered?,
            Err(_) => (None, Err(Trouble::Silent)),
        };
        let now = self.clock.now();
        let failure = outcome.as_ref().err().map(ToString::to_string);
        let satisfied = {
            let mut memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
            match outcome {
                Ok(signature) => {
                    memory.resting.remove(&(vkey.clone(), None));
                    memory
                        .resting
                        .remove(&(vkey.clone(), Some(question.log.id)));
                    memory
                        .pending
                        .get_mut(&question.log.id)
                        .and_then(|it| it.add(&question, signature, now, &rules.policy))
                }
                Err(trouble) => {
                    // What it holds against one log is no reason to ask it for no other.
                    let of = trouble.is_about_the_log().then_some(question.log.id);
                    let rest = memory.resting.entry((vkey.clone(), of)).or_insert((0, now));
                    rest.0 = rest.0.saturating_add(1);
                    let longer = 1_u32.checked_shl(rest.0.min(16) - 1).unwrap_or(u32::MAX);
                    rest.1 = now + REST.saturating_mul(longer).min(LONGEST_REST);
                    None
                }
            }
        };
        if let Some(failure) = &failure {
            self.metrics.record.witness_failed(&question.witness.name);
            tracing::warn!(
                witness.name = question.witness.name,
                record.name = question.log.name,
                reason = failure,
                "a witness did not cosign"
            );
        }
        let cosigner = Cosigner {
            vkey,
            size: match (&failure, known) {
                (None, _) => question.signed.size,
                (Some(_), Some(known)) => known,
                (Some(_), None) => question.old,
            },
            at: now,
            failure,
        };
        let (log, size) = (question.log.id, question.signed.size);
        self.db
            .write_beside(move |conn| {
                store::put(conn, log, &cosigner)?;
                if let Some(note) = satisfied {
                    let at = now;
                    log::store::put_witnessed(conn, log, &Checkpointed { size, at, note })?;
                }
                Ok::<_, db::Error>(())
            })
            .await
    }

    /// One question, and once more from where the witness says that it stands. Returns the size that it told, if it did.
    async fn ask(&self, question: &Question) -> Result<(Option<u64>, Asked), db::Error> {
        let Some(first) = self.proved(question, question.old).await? else {
            return Ok((None, Err(Trouble::OwnTree)));
        };
        let known = match asking::ask(&self.client, question, first, self.clock.now()).await {
            Err(Trouble::Knows(known)) => known,
            answered => return Ok((None, answered)),
        };
        if known > question.signed.size {
            return self.exceeded(question, known).await;
        }
        let Some(again) = self.proved(question, known).await? else {
            return Ok((Some(known), Err(Trouble::OwnTree)));
        };
        let answered = asking::ask(&self.client, question, again, self.clock.now()).await;
        Ok((Some(known), answered))
    }

    /// A witness says that it has seen more than it was shown: another process of this server has shown it more, or a
    /// backup was restored, or it is not true.
    async fn exceeded(
        &self,
        question: &Question,
        known: u64,
    ) -> Result<(Option<u64>, Asked), db::Error> {
        let log = question.log.id;
        let look = move |conn: &mut Conn| -> Result<_, db::Error> {
            let here = log::store::by_id(conn, log)?.map_or(0, |log| log.head.size);
            Ok((here, keys::all(conn, log)?))
        };
        let (here, keys) = self.db.read(look).await?;
        if known <= here {
            return Ok((Some(known), Err(Trouble::Overtaken)));
        }
        let shown = asking::shown(&self.client, question, &keys).await;
        let claim = match shown.filter(|head| head.size > here) {
            Some(head) => Claim {
                size: head.size,
                root: Some(head.root),
            },
            None if known > LARGEST => return Ok((None, Err(Trouble::Absurd))),
            None => Claim {
                size: known,
                root: None,
            },
        };
        let (vkey, now) = (question.witness.key.to_string(), self.clock.now());
        let believed = self
            .db
            .write(move |conn| claims::weigh(conn, log, &vkey, claim, now))
            .await?;
        let trouble = match believed {
            Belief::Settled => Trouble::Overruled { known: claim.size },
            Belief::Unproven => Trouble::Unproven { known, here },
            Belief::Believed => {
                let refusal = Failure::BehindWitness {
                    log: question.log.origin.clone(),
                    seen: claim.size,
                    here,
                };
                tracing::error!(witness.name = question.witness.name, "{refusal}");
                Trouble::Behind {
                    known: claim.size,
                    here,
                }
            }
        };
        Ok((None, Err(trouble)))
    }

    /// The proof from the size that a witness knows to the checkpoint's.
    async fn proved(
        &self,
        question: &Question,
        old: u64,
    ) -> Result<Option<(u64, Vec<crate::tlog::Hash>)>, db::Error> {
        let (log, size) = (question.log.id, question.signed.size);
        self.db
            .read(move |conn| {
                let proof = tree::consistency_proof(old, size, &mut Reader::new(conn, log));
                match proof {
                    Ok(proof) => Ok(Some((old, proof))),
                    Err(tree::TreeError::Tiles(error)) => Err(error),
                    Err(_) => Ok(None),
                }
            })
            .await
    }

    /// Tells the operator of logs whose checkpoints have lacked their witnesses for long, and takes the figures.
    async fn tell(&self, rules: &Rules) -> Result<(), db::Error> {
        let logs = self.db.read(log::all).await?;
        let now = self.clock.now();
        let mut memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        for log in logs {
            let Some(signed) = &log.signed else { continue };
            let witnessed = log.witnessed.as_ref().map(|it| it.size);
            if rules.policy.needs_no_witness() || witnessed == Some(signed.size) {
                if let Some((_, Some(_))) = memory.lacking.remove(&log.id) {
                    tracing::info!(record.name = log.name, "enough witnesses cosign again");
                }
                self.metrics.record.unwitnessed(&log.name, Duration::ZERO);
                continue;
            }
            let (since, told) = memory.lacking.entry(log.id).or_insert((now, None));
            let lasting = now.since(*since);
            self.metrics.record.unwitnessed(&log.name, lasting);
            let due = told.map_or(lasting >= TELL_AFTER, |told| now.since(told) >= TELL_AGAIN);
            if due {
                *told = Some(now);
                tracing::warn!(
                    record.name = log.name,
                    record.signed = signed.size,
                    record.witnessed = witnessed,
                    seconds = lasting.as_secs(),
                    "the newest checkpoint lacks witnesses: the last one that had enough is served in its place"
                );
            }
        }
        Ok(())
    }
}

/// More entries than a log here can have: whoever claims to have seen them has not.
const LARGEST: u64 = 1 << 40;

fn url_of(witness: &policy::Witness) -> Option<url::Url> {
    policies::address(witness.url.as_deref())
}
