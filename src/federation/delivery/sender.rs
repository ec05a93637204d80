//! Sends: one loop that everything comes back to, and no task of its own.

use std::collections::{HashMap, HashSet, VecDeque};
use std::hash::{BuildHasher as _, RandomState};
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::StreamExt as _;
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use tokio_util::sync::CancellationToken;

use super::batch::{self, Batch};
use super::flight::{self, Answer, Flight, Headers, Step};
use super::knock::Knock;
use super::lanes::Lanes;
use super::letter::Letters;
use super::pens::{Pens, Signed};
use super::store::{self, Room, Settled};
use super::verdict::Verdict;
use super::{Observer, Settings, Signers, Sleepers, peers};
use crate::federation::keys::KeyError;
use crate::kernel::{Clock, Timestamp};
use crate::platform::bell::Bell;
use crate::platform::db::{self, Db};
use crate::platform::net::{Client, NetError};

/// So many deliveries of one host wait here for each that may be under way: a claim should be worth its transaction.
const DEPTH: usize = 4;
/// Signed in one go on one thread: a hop between threads costs a thirtieth of a signature.
const SIGNED_AT_ONCE: usize = 8;
/// Portions given to a thread that signs, so that the next one lies there when it has done with one.
const SIGNED_AHEAD: usize = 2;
/// Answers are gathered for so long, or until there are so many, and written down together.
const GATHER: Duration = Duration::from_millis(50);
const GATHERED: usize = 512;
/// How often we ask the database which hosts sleep: another process may have put them to sleep or woken them.
const SLEEPERS_EVERY: Duration = Duration::from_secs(30);
/// A server that did not take Ed25519 may have learned it in the meantime.
const ED25519_AGAIN: Duration = Duration::from_secs(7 * 24 * 3600);

/// Delivers what is due. One per process; several processes share the work.
pub struct Sender {
    pub db: Db,
    pub clock: Arc<dyn Clock>,
    pub client: Client,
    pub signers: Arc<dyn Signers>,
    /// [`crate::platform::bell::Bells::deliveries`].
    pub bell: Bell,
    pub sleepers: Sleepers,
    pub observer: Arc<dyn Observer>,
    pub settings: Settings,
}

impl std::fmt::Debug for Sender {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sender")
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

impl Sender {
    /// Works until told to stop; then nothing new begins, and what is under way comes to its end.
    pub async fn run(self, stop: CancellationToken) {
        let (now, lease) = (self.clock.now(), self.settings.lease);
        if let Err(error) = self
            .db
            .write_beside(move |conn| store::release_leases(conn, now, lease))
            .await
        {
            tracing::warn!(%error, "deliveries of an earlier run are left until their leases run out");
        }
        let mut work = Work::new(self);
        work.listen();
        work.look_for_sleepers();
        loop {
            tokio::select! {
                () = stop.cancelled(), if !work.stopping => work.stop(),
                Some(event) = work.events.next() => work.handle(event),
                else => return,
            }
            work.go_on();
            if work.stopping && work.is_idle() {
                return;
            }
        }
    }
}

enum Event {
    Rung,
    Claimed(Result<Batch, db::Error>),
    Signed(Signed),
    Answered(Box<Flight>, Result<Answer, NetError>),
    Gathered,
    Settled(Vec<Landed>, Result<Vec<Arc<str>>, db::Error>),
    Woken(Vec<String>, Result<(), db::Error>),
    Sleeping(Result<HashSet<String>, db::Error>),
    GivenBack(Result<(), db::Error>),
}

#[derive(Clone)]
struct Landed {
    settled: Settled,
    label: &'static str,
    took: Duration,
}

/// Ed25519, where we do not know whether it is taken.
enum Trial {
    Running,
    Refused(Timestamp),
}

#[expect(
    clippy::struct_excessive_bools,
    reason = "each says whether one thing is under way; they combine freely"
)]
struct Work {
    sender: Sender,
    letters: Letters,
    pens: Pens,
    events: FuturesUnordered<BoxFuture<'static, Event>>,
    lanes: Lanes<Box<Flight>>,
    /// What is under way, and whether it counts as slow.
    flying: HashMap<i64, bool>,
    by_age: VecDeque<(Instant, i64)>,
    slow: usize,
    doubtful: usize,
    to_sign: VecDeque<Box<Flight>>,
    signing: usize,
    landed: Vec<Landed>,
    gathering: bool,
    settling: bool,
    claiming: bool,
    /// Whether something may be due that is not held here.
    wanted: bool,
    crowded: HashSet<Arc<str>>,
    waking: bool,
    sleepers_at: Instant,
    trials: HashMap<Arc<str>, Trial>,
    giving_back: usize,
    stopping: bool,
}

impl Work {
    fn new(sender: Sender) -> Self {
        Self {
            lanes: Lanes::new(sender.settings.per_host.max(1)),
            pens: Pens::new(sender.settings.signing_threads.max(1), &sender.clock),
            sender,
            letters: Letters::new(),
            events: FuturesUnordered::new(),
            flying: HashMap::new(),
            by_age: VecDeque::new(),
            slow: 0,
            doubtful: 0,
            to_sign: VecDeque::new(),
            signing: 0,
            landed: vec![],
            gathering: false,
            settling: false,
            claiming: false,
            wanted: true,
            crowded: HashSet::new(),
            waking: false,
            sleepers_at: Instant::now(),
            trials: HashMap::new(),
            giving_back: 0,
            stopping: false,
        }
    }

    fn is_idle(&self) -> bool {
        let writing = self.claiming || self.settling || self.giving_back > 0;
        !writing && self.flying.is_empty() && self.landed.is_empty()
    }

    fn stop(&mut self) {
        self.stopping = true;
        let waiting = self.lanes.take_back_all();
        self.give_back(&waiting);
    }

    fn handle(&mut self, event: Event) {
        match event {
            Event::Rung => {
                self.wanted = true;
                self.age();
                self.sender.client.courier().tidy();
                self.listen();
                if self.sleepers_at.elapsed() >= SLEEPERS_EVERY {
                    self.look_for_sleepers();
                }
            }
            Event::Claimed(batch) => {
                self.claiming = false;
                match batch {
                    Ok(batch) => self.take(batch),
                    Err(error) => tracing::error!(%error, "deliveries could not be claimed"),
                }
            }
            Event::Signed(signed) => {
                self.signing -= 1;
                for (flight, headers) in signed {
                    self.send(flight, headers);
                }
            }
            Event::Answered(flight, answer) => self.answered(flight, answer),
            Event::Gathered => {
                self.gathering = false;
                self.settle();
            }
            Event::Settled(landed, closed) => self.settled(landed, closed),
            Event::Woken(hosts, outcome) => {
                self.waking = false;
                match outcome {
                    Ok(()) => {
                        self.sender.sleepers.are_awake(&hosts);
                        self.wanted = true;
                    }
                    Err(error) => {
                        tracing::warn!(%error, "a server that is back could not be noted");
                    }
                }
            }
            Event::Sleeping(hosts) => match hosts {
                Ok(hosts) => self.sender.sleepers.are_asleep(hosts),
                Err(error) => tracing::warn!(%error, "unreachable servers could not be looked up"),
            },
            Event::GivenBack(outcome) => {
                self.giving_back -= 1;
                if let Err(error) = outcome {
                    tracing::warn!(%error, "deliveries that were not tried wait until their lease runs out");
                }
            }
        }
    }

    /// Does all that can be done now.
    fn go_on(&mut self) {
        self.start();
        self.sign();
        if self.landed.len() >= GATHERED {
            self.settle();
        } else if !self.landed.is_empty() && !self.gathering && !self.settling {
            self.gathering = true;
            self.push(async {
                tokio::time::sleep(GATHER).await;
                Event::Gathered
            });
        }
        if !self.stopping {
            self.claim();
            self.wake();
        }
    }

    fn push(&self, work: impl Future<Output = Event> + Send + 'static) {
        self.events.push(Box::pin(work));
    }

    fn listen(&self) {
        let bell = self.sender.bell.clone();
        self.push(async move {
            bell.wait().await;
            Event::Rung
        });
    }

    fn look_for_sleepers(&mut self) {
        self.sleepers_at = Instant::now();
        let db = self.sender.db.clone();
        self.push(async move { Event::Sleeping(db.read(peers::store::asleep).await) });
    }

    fn wake(&mut self) {
        if self.waking {
            return;
        }
        let hosts = self.sender.sleepers.woken();
        if hosts.is_empty() {
            return;
        }
        self.waking = true;
        let (db, now) = (self.sender.db.clone(), self.sender.clock.now());
        self.push(async move {
            let names = hosts.clone();
            let outcome = db
                .write_beside(move |conn| {
                    names
                        .iter()
                        .try_for_each(|host| peers::store::wake(conn, now, host))
                })
                .await;
            Event::Woken(hosts, outcome)
        });
    }

    /// Leases more, if there is room for a good deal of it.
    fn claim(&mut self) {
        let settings = self.sender.settings;
        let most = settings.concurrency * 3;
        let held = self.lanes.len().saturating_sub(self.slow);
        if !self.wanted || self.claiming || held * 3 > most * 2 {
            return;
        }
        self.wanted = false;
        self.claiming = true;
        let now = self.sender.clock.now();
        let room = Room {
            now,
            lease_until: now + settings.lease,
            total: most - held,
            per_host: settings.per_host * DEPTH,
            doubtful: (settings.concurrency / 4)
                .max(1)
                .saturating_sub(self.doubtful),
            held: self.lanes.holdings(),
            crowded: self.crowded.clone(),
        };
        let (db, letters, signers) = (
            self.sender.db.clone(),
            self.letters.clone(),
            self.sender.signers.clone(),
        );
        self.push(async move {
            Event::Claimed(batch::claim(&db, letters, signers.as_ref(), room).await)
        });
    }

    fn take(&mut self, batch: Batch) {
        self.wanted |= batch.more;
        let mut unused = vec![];
        for (leased, signing) in batch.leased {
            let now = self.sender.clock.now();
            let flight = match signing {
                Ok(signing) => Flight::new(leased, signing, batch.lease_until),
                Err(error) => {
                    tracing::error!(%error, delivery.agency = %leased.letter.agency, "there is no key to sign with");
                    Err(flight::failed_before(
                        &leased,
                        &Verdict::ours("there is no key to sign with"),
                        now,
                    ))
                }
            };
            match flight {
                Ok(flight) if self.stopping => unused.push(Box::new(flight)),
                Ok(flight) => {
                    self.doubtful += usize::from(flight.doubtful);
                    self.lanes.add(&flight.host.clone(), Box::new(flight));
                }
                Err(settled) => {
                    self.landed.push(Landed {
                        settled,
                        label: "refused",
                        took: Duration::ZERO,
                    });
                }
            }
        }
        // Those who have been served in the meantime would wait for ever to be looked at again.
        let met = batch.crowded.len();
        self.crowded = batch.crowded;
        self.crowded.retain(|host| self.lanes.held_for(host) > 0);
        self.wanted |= self.crowded.len() < met;
        if !unused.is_empty() {
            // They were never in a lane.
            self.return_rows(unused.iter().map(|flight| flight.id).collect());
        }
    }

    fn start(&mut self) {
        let now = self.sender.clock.now();
        let margin = self.sender.settings.lease / 2;
        while self.flying.len() - self.slow < self.sender.settings.concurrency {
            let Some(mut flight) = self.lanes.start() else {
                return;
            };
            if now + margin > flight.lease_until {
                // It has waited here so long that somebody else may take it before it has come to its end.
                self.leave_lane(&flight.host, flight.doubtful);
                self.return_rows(vec![flight.id]);
                continue;
            }
            let tries_ed25519 =
                flight.has_ed25519() && self.may_try_ed25519(&flight.host, flight.dialect, now);
            flight.begin(tries_ed25519);
            self.flying.insert(flight.id, false);
            self.by_age.push_back((flight.begun, flight.id));
            self.to_sign.push_back(flight);
        }
    }

    fn may_try_ed25519(&mut self, host: &Arc<str>, dialect: Option<Knock>, now: Timestamp) -> bool {
        if dialect != Some(Knock::Message) {
            return false;
        }
        let may = match self.trials.get(host) {
            None => true,
            Some(Trial::Running) => false,
            Some(Trial::Refused(at)) => now.since(*at) >= ED25519_AGAIN,
        };
        if may {
            self.trials.insert(host.clone(), Trial::Running);
        }
        may
    }

    fn sign(&mut self) {
        let most = self.sender.settings.signing_threads.max(1) * SIGNED_AHEAD;
        while self.signing < most && !self.to_sign.is_empty() {
            let some = self.to_sign.len().min(SIGNED_AT_ONCE);
            let signed = self.pens.sign(self.to_sign.drain(..some).collect());
            self.signing += 1;
            self.push(async move {
                match signed.await {
                    Ok(signed) => Event::Signed(signed),
                    Err(_) => {
                        std::panic::resume_unwind(Box::new("a thread that signs has stopped"))
                    }
                }
            });
        }
    }

    fn send(&mut self, flight: Box<Flight>, headers: Result<Headers, KeyError>) {
        match headers {
            Ok(headers) => {
                let (client, now) = (self.sender.client.clone(), self.sender.clock.now());
                self.push(async move {
                    let answer = flight::post(&client, &flight, headers, now).await;
                    Event::Answered(flight, answer)
                });
            }
            Err(error) => {
                tracing::error!(%error, "an activity could not be signed");
                let verdict = Verdict::ours("it could not be signed");
                let (settled, label) = flight.give_up(verdict, self.sender.clock.now(), chance());
                self.land(&flight.host, flight.begun, flight.doubtful, settled, label);
            }
        }
    }

    fn answered(&mut self, flight: Box<Flight>, answer: Result<Answer, NetError>) {
        let now = self.sender.clock.now();
        let (host, begun, doubtful) = (flight.host.clone(), flight.begun, flight.doubtful);
        let is_trial = flight.is_trial;
        match flight.step(answer, now, chance()) {
            Step::KnockAgain(flight) => {
                if flight.refused.contains(&Knock::MessageEd25519) {
                    self.trials.insert(host, Trial::Refused(now));
                }
                self.to_sign.push_front(flight);
            }
            Step::Landed(settled, label) => {
                if is_trial && matches!(self.trials.get(&host), Some(Trial::Running)) {
                    self.trials.remove(&host);
                }
                self.land(&host, begun, doubtful, settled, label);
            }
        }
    }

    fn land(
        &mut self,
        host: &Arc<str>,
        begun: Instant,
        doubtful: bool,
        settled: Settled,
        label: &'static str,
    ) {
        if self.flying.remove(&settled.id) == Some(true) {
            self.slow -= 1;
        }
        self.leave_lane(host, doubtful);
        self.landed.push(Landed {
            settled,
            label,
            took: begun.elapsed(),
        });
    }

    fn leave_lane(&mut self, host: &Arc<str>, doubtful: bool) {
        self.doubtful -= usize::from(doubtful);
        self.lanes.end(host);
        let half = self.sender.settings.per_host * DEPTH / 2;
        if self.lanes.held_for(host) <= half && self.crowded.remove(host) {
            self.wanted = true;
        }
    }

    /// Moves what has been under way for long to the slow ones, as far as there may be more of them.
    fn age(&mut self) {
        while let Some((begun, id)) = self.by_age.front().copied() {
            let Some(slow) = self.flying.get_mut(&id) else {
                self.by_age.pop_front();
                continue;
            };
            if begun.elapsed() < self.sender.settings.slow_after
                || self.slow >= self.sender.settings.slow
            {
                return;
            }
            self.by_age.pop_front();
            *slow = true;
            self.slow += 1;
        }
    }

    fn settle(&mut self) {
        if self.settling || self.landed.is_empty() {
            return;
        }
        self.settling = true;
        let landed = std::mem::take(&mut self.landed);
        let (db, now) = (self.sender.db.clone(), self.sender.clock.now());
        self.push(async move {
            let settled: Vec<Settled> = landed.iter().map(|it| it.settled.clone()).collect();
            let outcome = db
                .write_beside(move |conn| store::settle(conn, now, &settled))
                .await;
            if outcome.is_err() {
                // Not at once: the database may need a moment.
                tokio::time::sleep(Duration::from_millis(500)).await;
            }
            Event::Settled(landed, outcome)
        });
    }

    fn settled(&mut self, landed: Vec<Landed>, closed: Result<Vec<Arc<str>>, db::Error>) {
        self.settling = false;
        match closed {
            Ok(closed) => {
                for it in &landed {
                    self.sender.observer.attempted(it.label, it.took);
                }
                for host in closed {
                    tracing::info!(
                        delivery.host = &*host,
                        "nothing is sent to this server for now"
                    );
                    let waiting = self.lanes.take_back(&host);
                    self.crowded.remove(&host);
                    self.give_back(&waiting);
                }
            }
            Err(error) => {
                tracing::error!(%error, "what became of deliveries could not be written down");
                self.landed.extend(landed);
            }
        }
    }

    fn give_back(&mut self, flights: &[Box<Flight>]) {
        self.doubtful -= flights.iter().filter(|flight| flight.doubtful).count();
        self.return_rows(flights.iter().map(|flight| flight.id).collect());
    }

    fn return_rows(&mut self, ids: Vec<i64>) {
        if ids.is_empty() {
            return;
        }
        self.giving_back += 1;
        let (db, now) = (self.sender.db.clone(), self.sender.clock.now());
        self.push(async move {
            Event::GivenBack(
                db.write_beside(move |conn| store::give_back(conn, now, &ids))
                    .await,
            )
        });
    }
}

/// Between 0 and 1. Every `RandomState` hashes with keys of its own, drawn from the system's generator.
fn chance() -> f64 {
    let bits = u32::try_from(RandomState::new().hash_one(0_u8) >> 32).unwrap_or(0);
    f64::from(bits) / f64::from(u32::MAX)
}
