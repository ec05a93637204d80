//! Our own keys: made when first needed, read often, changed by `agency rotate-keys`.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::store::{self, Stored};
use super::{Algorithm, GeneratedKey, KeyError, SigningKey};
use crate::kernel::{AgencyId, Clock, Site, Timestamp};
use crate::platform::db::{self, Conn, Db};
use crate::platform::journal::{self, Fact};
use crate::publishing::drafts::NewKeys;

/// How long keys are used before they are looked up again: a command that rotates them is heeded that soon.
const FRESH: Duration = Duration::from_secs(1);

/// Why there is no key to sign with.
#[derive(Debug, thiserror::Error)]
pub enum RingError {
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error(transparent)]
    Db(#[from] db::Error),
}

/// A private key and the id under which the world finds its public half.
#[derive(Debug, Clone)]
pub struct Signer {
    pub key_id: String,
    pub key: SigningKey,
}

/// The keys of one of our actors.
#[derive(Debug, Clone)]
pub struct Keys {
    pub rsa: Signer,
    pub ed25519: Signer,
    /// The RSA key before the last rotation, which announces its successor.
    pub previous: Option<Signer>,
}

/// Gives out our actors' keys. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Ring(Arc<Inner>);

struct Inner {
    db: Db,
    clock: Arc<dyn Clock>,
    site: Site,
    known: Mutex<HashMap<Option<AgencyId>, (Timestamp, Arc<Keys>)>>,
}

impl std::fmt::Debug for Inner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ring").finish_non_exhaustive()
    }
}

impl Ring {
    pub fn new(db: Db, clock: Arc<dyn Clock>, site: Site) -> Self {
        Self(Arc::new(Inner {
            db,
            clock,
            site,
            known: Mutex::default(),
        }))
    }

    /// The keys of an agency.
    pub async fn agency(&self, agency: AgencyId) -> Result<Arc<Keys>, RingError> {
        self.of(Some(agency)).await
    }

    /// The keys of an agency as the database has them now, whatever was known: for what announces new ones.
    pub async fn agency_anew(&self, agency: AgencyId) -> Result<Arc<Keys>, RingError> {
        self.look_up(Some(agency), self.0.clock.now()).await
    }

    /// The keys of the server's own actor.
    pub async fn instance(&self) -> Result<Arc<Keys>, RingError> {
        self.of(None).await
    }

    async fn of(&self, owner: Option<AgencyId>) -> Result<Arc<Keys>, RingError> {
        let now = self.0.clock.now();
        if let Some(keys) = self.fresh(owner, now) {
            return Ok(keys);
        }
        self.look_up(owner, now).await
    }

    async fn look_up(
        &self,
        owner: Option<AgencyId>,
        now: Timestamp,
    ) -> Result<Arc<Keys>, RingError> {
        let stored = self.0.db.read(move |conn| store::own(conn, owner)).await?;
        let stored = if has_both(&stored) {
            stored
        } else {
            self.make(owner, now).await?
        };
        let keys = Arc::new(self.assemble(owner, &stored)?);
        self.0
            .known
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(owner, (now, keys.clone()));
        Ok(keys)
    }

    fn fresh(&self, owner: Option<AgencyId>, now: Timestamp) -> Option<Arc<Keys>> {
        let known = self.0.known.lock().unwrap_or_else(PoisonError::into_inner);
        let (at, keys) = known.get(&owner)?;
        (now.since(*at) < FRESH).then(|| keys.clone())
    }

    async fn make(
        &self,
        owner: Option<AgencyId>,
        now: Timestamp,
    ) -> Result<Vec<Stored>, RingError> {
        let pair = new_pair().await?;
        self.0
            .db
            .write(move |conn| {
                // Somebody else may have been quicker.
                if !has_both(&store::own(conn, owner)?) {
                    install(conn, now, owner, &pair, "main-key", "ed25519-key")?;
                }
                Ok(store::own(conn, owner)?)
            })
            .await
    }

    fn assemble(&self, owner: Option<AgencyId>, stored: &[Stored]) -> Result<Keys, RingError> {
        let actor = owner.map_or_else(
            || self.0.site.instance_actor(),
            |agency| self.0.site.actor(agency),
        );
        let signer = |algorithm: Algorithm, retired: bool| {
            let found = stored
                .iter()
                .find(|it| it.algorithm == algorithm && it.retired == retired)?;
            Some(
                SigningKey::from_pkcs8(algorithm, found.pkcs8.reveal()).map(|key| Signer {
                    key_id: format!("{actor}#{}", found.fragment),
                    key,
                }),
            )
        };
        Ok(Keys {
            rsa: signer(Algorithm::Rsa, false).ok_or(KeyError::Unreadable)??,
            ed25519: signer(Algorithm::Ed25519, false).ok_or(KeyError::Unreadable)??,
            previous: signer(Algorithm::Rsa, true).transpose()?,
        })
    }
}

fn has_both(stored: &[Stored]) -> bool {
    [Algorithm::Rsa, Algorithm::Ed25519]
        .iter()
        .all(|algorithm| {
            stored
                .iter()
                .any(|it| it.algorithm == *algorithm && !it.retired)
        })
}

/// One RSA and one Ed25519 key, made but not yet installed.
#[derive(Debug, Clone)]
pub struct NewPair {
    rsa: GeneratedKey,
    ed25519: GeneratedKey,
}

impl NewKeys for NewPair {
    fn install(
        &self,
        conn: &mut Conn,
        clock: &dyn Clock,
        agency: AgencyId,
    ) -> Result<(), db::Error> {
        rotate(conn, clock, agency, self)
    }
}

/// Makes a pair of keys, which takes a good part of a second: not to be done within a transaction.
pub async fn new_pair() -> Result<NewPair, KeyError> {
    let made = tokio::task::spawn_blocking(|| {
        Ok(NewPair {
            rsa: SigningKey::generate_rsa()?,
            ed25519: SigningKey::generate_ed25519()?,
        })
    });
    made.await.unwrap_or(Err(KeyError::Generate))
}

/// Puts new keys in the place of an agency's. The old RSA key signs once more: the announcement of the new ones.
pub fn rotate(
    conn: &mut Conn,
    clock: &dyn Clock,
    agency: AgencyId,
    pair: &NewPair,
) -> Result<(), db::Error> {
    let now = clock.now();
    let stamp = format!("{:x}", now.micros());
    store::retire_own(conn, now, agency)?;
    install(
        conn,
        now,
        Some(agency),
        pair,
        &format!("rsa-{stamp}"),
        &format!("ed25519-{stamp}"),
    )?;
    journal::append(conn, clock, agency, &Fact::KeysRotated)
}

fn install(
    conn: &mut Conn,
    now: Timestamp,
    owner: Option<AgencyId>,
    pair: &NewPair,
    rsa: &str,
    ed25519: &str,
) -> Result<(), db::Error> {
    store::insert_own(conn, now, owner, rsa, &pair.rsa)?;
    store::insert_own(conn, now, owner, ed25519, &pair.ed25519)
}
