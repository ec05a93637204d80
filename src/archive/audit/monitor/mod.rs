//! Following a record of somebody else's: that it only ever grows, and that what its agency says in public is in it.

mod disclosed;
mod outbox;
mod state;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

pub use self::state::{State, StateError};

use super::whole::{self, Signed, Walk};
use super::{Contradiction, Fault, Leaves, Source, Trust, read_keys};
use crate::archive::kind::Kind;
use crate::kernel::Clock;
use crate::platform::net::Client;
use crate::tlog::{Checkpoint, Edge};

/// How long what was published may take to be recorded and signed.
const GRACE: Duration = Duration::from_secs(60);
/// After this time the whole log is read again, from its first entry.
const AGAIN: Duration = Duration::from_secs(24 * 3600);

/// What is amiss.
#[derive(Debug, thiserror::Error)]
pub enum Alarm {
    #[error(transparent)]
    Fault(#[from] Fault),
    #[error("published and not recorded: {0}")]
    Unrecorded(String),
}

/// What a look at a record found.
#[derive(Debug, Default)]
pub struct Look {
    pub size: u64,
    /// Entries since the last look.
    pub new: u64,
    /// Whether the whole log was read.
    pub whole: bool,
    /// Announcements in the outbox that were compared; none if there was no outbox to be found.
    pub compared: Option<usize>,
    pub alarms: Vec<Alarm>,
}

/// Where announcements were published, and what their leaves commit to.
type Announced = Vec<(u64, String)>;

/// Follows one record.
pub struct Monitor {
    client: Client,
    source: Source,
    trust: Trust,
    /// Whose outbox is compared; found from the record if `None`.
    actor: Option<String>,
    file: Option<PathBuf>,
    clock: Arc<dyn Clock>,
    state: State,
}

impl std::fmt::Debug for Monitor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Monitor").finish_non_exhaustive()
    }
}

impl Monitor {
    /// Takes up what `file` keeps of this record, or begins.
    pub fn open(
        client: Client,
        source: Source,
        trust: Trust,
        actor: Option<String>,
        file: Option<PathBuf>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, StateError> {
        let state = match &file {
            Some(file) => State::read(file, &source.name())?,
            None => State::default(),
        };
        Ok(Self {
            client,
            source,
            trust,
            actor,
            file,
            clock,
            state,
        })
    }

    /// Looks once, and writes down what was seen. What contradicts what was seen before is kept as evidence and does
    /// not take its place.
    pub async fn look(&mut self) -> Result<Look, StateError> {
        let mut look = Look {
            size: self.state.size(),
            ..Look::default()
        };
        // First what is said, then what is recorded: whatever was said by then should be in the record by now.
        let said = match self.said().await {
            Ok(said) => said,
            Err(fault) => {
                look.alarms.push(fault.into());
                None
            }
        };
        match self.follow(&mut look).await {
            Ok(()) => {
                if let Some(said) = said {
                    look.compared = Some(said.len());
                    self.compare(said, &mut look);
                }
            }
            Err(fault) => look.alarms.push(fault.into()),
        }
        if let Some(file) = &self.file {
            self.state.write(file, &self.source.name())?;
        }
        Ok(look)
    }

    /// Goes on from the head that was seen last.
    async fn follow(&mut self, look: &mut Look) -> Result<(), Fault> {
        let mut trust = self.trust.clone();
        if trust.keys.is_empty() {
            // The keys of the first look count from then on.
            trust.keys = read_keys(&self.state.vkeys.join("\n")).unwrap_or_default();
        }
        let signed = whole::head(&self.source, &trust).await?;
        let now = self.clock.now();
        let is_due = self.state.read_at.is_none_or(|at| now.since(at) >= AGAIN);
        let outcome = if is_due || self.state.size() == 0 {
            look.whole = true;
            self.read_whole(&signed).await
        } else {
            self.read_on(&signed).await
        };
        let (walk, announced) = match outcome {
            Ok(read) => read,
            Err(fault) => {
                if matches!(fault, Fault::Contradiction(_)) {
                    self.state.keep_evidence(&signed.note.to_string());
                }
                return Err(fault);
            }
        };
        let size = signed.checkpoint.size;
        look.new = size.saturating_sub(self.state.size());
        look.size = size;
        for (index, commitment) in announced {
            if index >= self.state.disclosed_to {
                self.disclose(index, &commitment).await?;
            }
        }
        self.state.disclosed_to = size;
        if look.whole {
            self.state.read_at = Some(now);
        }
        self.learn_keys(&signed).await?;
        let latest = walk.leaves.latest();
        self.state
            .advance(&signed.note, latest, walk.into_partial());
        let judgement = self.trust.policy.judge(&signed.note);
        if judgement.satisfied {
            Ok(())
        } else {
            Err(Fault::Unwitnessed { size, judgement })
        }
    }

    async fn read_whole(&self, signed: &Signed) -> Result<(Walk, Announced), Fault> {
        let known = self.state.checkpoint().map(|known| known.head());
        self.read(Walk::begin(Edge::empty(), Leaves::default()), signed, known)
            .await
    }

    async fn read_on(&self, signed: &Signed) -> Result<(Walk, Announced), Fault> {
        match self.state.edge() {
            Some(edge) => {
                let walk = Walk::begin(edge, Leaves::after(self.state.latest));
                self.read(walk, signed, None).await
            }
            None => self.read_whole(signed).await,
        }
    }

    /// Reads up to a head; returns where announcements were published.
    async fn read(
        &self,
        mut walk: Walk,
        signed: &Signed,
        known: Option<crate::tlog::Head>,
    ) -> Result<(Walk, Announced), Fault> {
        let mut announced = vec![];
        walk.go(
            &self.source,
            signed.checkpoint.head(),
            known,
            &mut |_, _| {},
            &mut |index, leaf, _| {
                if leaf.kind() == Some(Kind::AnnouncementPublished) {
                    announced.push((index, leaf.commitment.clone()));
                }
            },
        )
        .await?;
        Ok((walk, announced))
    }

    /// Finds out which announcement an entry is about, and that the entry commits to saying so.
    async fn disclose(&mut self, index: u64, commitment: &str) -> Result<(), Fault> {
        match disclosed::announcement(&self.source, index, commitment).await? {
            Some(announcement) => {
                self.state.recorded.insert(announcement);
            }
            None => self.state.undisclosed += 1,
        }
        Ok(())
    }

    /// A key that signs beside one that is known already is known from then on: so keys change.
    async fn learn_keys(&mut self, signed: &Signed) -> Result<(), Fault> {
        let mut known = signed.vkeys.clone();
        if self.trust.keys.is_empty()
            && let Some(listed) = self
                .source
                .get("vkeys", super::source::LARGEST_TEXT)
                .await?
            && let Ok(keys) = read_keys(&String::from_utf8_lossy(&listed))
        {
            for key in keys {
                if Checkpoint::open(&signed.note, &key).is_ok() {
                    known.push(key.to_string());
                }
            }
        }
        known.sort();
        known.dedup();
        self.state.vkeys = known;
        Ok(())
    }

    /// What the agency's outbox shows; `None` if there is no way to it.
    async fn said(&self) -> Result<Option<Vec<outbox::Said>>, Fault> {
        let Source::Web { client, base } = &self.source else {
            return Ok(None);
        };
        let actor = match &self.actor {
            Some(actor) => Some(actor.clone()),
            None => outbox::actor_of(client, base).await?,
        };
        match actor {
            Some(actor) => outbox::read(&self.client, &actor, &self.state.recorded)
                .await
                .map(Some),
            None => Ok(None),
        }
    }

    fn compare(&self, said: Vec<outbox::Said>, look: &mut Look) {
        let before = self.clock.now() - GRACE;
        let missing: Vec<String> = said
            .into_iter()
            .filter(|said| said.published <= before)
            .map(|said| said.id)
            .filter(|id| !self.state.recorded.contains(id))
            .collect();
        // An entry that was erased before the first look does not tell any more what it was about.
        let undisclosed = usize::try_from(self.state.undisclosed).unwrap_or(usize::MAX);
        if missing.len() > undisclosed {
            look.alarms
                .extend(missing.into_iter().map(Alarm::Unrecorded));
        }
    }
}

impl Alarm {
    /// Whether the record contradicts what was signed before.
    pub const fn is_contradiction(&self) -> bool {
        matches!(
            self,
            Self::Fault(Fault::Contradiction(
                Contradiction::Fork { .. } | Contradiction::Rollback { .. }
            ))
        )
    }
}
