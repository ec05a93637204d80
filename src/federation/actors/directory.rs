//! Who somebody is: from memory, from the database, or from their own server.

use std::sync::Arc;
use std::time::Duration;

use quick_cache::sync::Cache;
use url::Url;

use crate::dialogue::actors::{self, Described};
use crate::federation::fetch::{FetchError, Fetcher};
use crate::federation::keys::{self, PublicKey};
use crate::federation::wire::incoming::{self as wire, Jrd, Object};
use crate::kernel::{Acct, ActorId, Clock, Site, Timestamp};
use crate::platform::db::{self, Db};

/// Keys kept ready. Each takes about a kilobyte.
const KEYS: usize = 4_096;
/// A key that does not verify is fetched again at most this often, since anybody can send a wrong signature.
const REFETCH: Duration = Duration::from_secs(60);
/// Longest actor document that is kept as evidence.
const LONGEST_DOCUMENT: usize = 64 * 1024;

/// A key and whose it is.
#[derive(Debug, Clone)]
pub struct KnownKey {
    pub uri: String,
    pub owner: String,
    pub host: String,
    pub key: PublicKey,
}

/// Why nobody is known by that name.
#[derive(Debug, thiserror::Error)]
pub enum Unknown {
    #[error("the key's or actor's id is no address of a server")]
    NotAnAddress,
    #[error("the key or actor is one of our own")]
    OurOwn,
    #[error("the key's owner does not name it")]
    NotTheirs,
    #[error("the document is not an actor's: {0}")]
    Malformed(#[from] wire::Malformed),
    #[error(transparent)]
    Fetch(#[from] FetchError),
    #[error(transparent)]
    Db(#[from] db::Error),
}

/// Knows everybody, or finds out. Cheap to clone.
#[derive(Clone)]
pub struct Directory(Arc<Inner>);

struct Inner {
    db: Db,
    clock: Arc<dyn Clock>,
    fetcher: Fetcher,
    /// Of WebFinger: `https`, unless we are ourselves only to be had without.
    scheme: String,
    keys: Cache<String, Arc<KnownKey>>,
    refetched: Cache<String, Timestamp>,
}

impl std::fmt::Debug for Directory {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Directory").finish_non_exhaustive()
    }
}

impl Directory {
    pub fn new(db: Db, clock: Arc<dyn Clock>, site: &Site, fetcher: Fetcher) -> Self {
        let scheme = site.scheme().to_owned();
        let (keys, refetched) = (Cache::new(KEYS), Cache::new(KEYS));
        Self(Arc::new(Inner {
            db,
            clock,
            fetcher,
            scheme,
            keys,
            refetched,
        }))
    }

    /// The key that a signature names, fetched if it is new to us.
    pub async fn key(&self, key_uri: &str) -> Result<Arc<KnownKey>, Unknown> {
        if let Some(key) = self.remembered_key(key_uri).await? {
            return Ok(key);
        }
        // Of several requests at once by somebody new, one asks.
        self.0
            .keys
            .get_or_insert_async(key_uri, self.fetch_key(key_uri))
            .await
    }

    /// The key, if we have it already.
    pub async fn remembered_key(&self, key_uri: &str) -> Result<Option<Arc<KnownKey>>, Unknown> {
        if let Some(key) = self.0.keys.get(key_uri) {
            return Ok(Some(key));
        }
        let uri = key_uri.to_owned();
        let Some(owned) = self
            .0
            .db
            .read(move |conn| keys::store::of_others(conn, &uri))
            .await?
        else {
            return Ok(None);
        };
        let Ok(key) = PublicKey::from_der(&owned.spki) else {
            return Ok(None);
        };
        let key = Arc::new(KnownKey {
            uri: key_uri.to_owned(),
            owner: owned.actor_uri,
            host: owned.host,
            key,
        });
        self.0.keys.insert(key_uri.to_owned(), key.clone());
        Ok(Some(key))
    }

    /// The key as its server has it now, for a signature that did not fit the one we know. `None` if we asked just now.
    pub async fn fresh_key(&self, key_uri: &str) -> Result<Option<Arc<KnownKey>>, Unknown> {
        let now = self.0.clock.now();
        if self
            .0
            .refetched
            .get(key_uri)
            .is_some_and(|at| now.since(at) < REFETCH)
        {
            return Ok(None);
        }
        self.0.refetched.insert(key_uri.to_owned(), now);
        self.0.keys.remove(key_uri);
        self.0
            .keys
            .get_or_insert_async(key_uri, self.fetch_key(key_uri))
            .await
            .map(Some)
    }

    /// Whether we know an actor by that id.
    pub async fn knows(&self, uri: &str) -> Result<bool, db::Error> {
        let uri = uri.to_owned();
        Ok(self
            .0
            .db
            .read(move |conn| actors::id_of(conn, &uri))
            .await?
            .is_some())
    }

    /// Fetches an actor's document and remembers what it says.
    pub async fn meet(&self, uri: &str) -> Result<(ActorId, wire::Actor), Unknown> {
        let url = address(uri)?;
        let fetched = self.0.fetcher.fetch(&url).await?;
        let actor = wire::Actor::parse(&fetched.raw)?;
        if actor.id != uri {
            return Err(Unknown::NotTheirs);
        }
        self.remember(actor, fetched.raw).await
    }

    /// Fetches a post from its origin, with the bytes that say it.
    pub async fn object(&self, uri: &str) -> Result<(Object, Vec<u8>), Unknown> {
        let fetched = self.0.fetcher.fetch(&address(uri)?).await?;
        let object = Object::parse(&fetched.raw)?;
        if object.id == uri {
            Ok((object, fetched.raw))
        } else {
            Err(Unknown::NotTheirs)
        }
    }

    /// Finds whom an address means, by WebFinger, and meets them.
    pub async fn find(&self, acct: &Acct) -> Result<(ActorId, wire::Actor), Unknown> {
        let jrd = self.webfinger(acct).await?;
        let uri = jrd.actor.ok_or(Unknown::NotTheirs)?;
        self.meet(&uri).await
    }

    /// What an address's server says about it.
    pub async fn webfinger(&self, acct: &Acct) -> Result<Jrd, Unknown> {
        let question = format!(
            "{}://{}/.well-known/webfinger?resource=acct:{acct}",
            self.0.scheme,
            acct.domain()
        );
        let answer = self.0.fetcher.fetch_jrd(&address(&question)?).await?;
        Ok(Jrd::parse(answer.to_string().as_bytes())?)
    }

    async fn fetch_key(&self, key_uri: &str) -> Result<Arc<KnownKey>, Unknown> {
        let mut url = address(key_uri)?;
        url.set_fragment(None);
        let fetched = self.0.fetcher.fetch(&url).await?;
        let (actor, raw) = match wire::Actor::parse(&fetched.raw) {
            Ok(actor) if actor.id == fetched.id.as_str() => (actor, fetched.raw),
            _ => {
                // A document of the key alone: its owner must name it, or anybody could claim anybody's key.
                let key = wire::PublicKey::parse(&fetched.raw, key_uri)?;
                if !wire::same_origin(&key.owner, key_uri) {
                    return Err(Unknown::NotTheirs);
                }
                let owner = self.0.fetcher.fetch(&address(&key.owner)?).await?;
                (wire::Actor::parse(&owner.raw)?, owner.raw)
            }
        };
        if !wire::same_origin(&actor.id, key_uri) {
            return Err(Unknown::NotTheirs);
        }
        let (owner, host) = (
            actor.id.clone(),
            wire::authority(&actor.id).unwrap_or_default(),
        );
        let key = published_keys(&actor)
            .into_iter()
            .find(|(uri, _)| uri == key_uri);
        self.remember(actor, raw).await?;
        let (uri, key) = key.ok_or(Unknown::NotTheirs)?;
        Ok(Arc::new(KnownKey {
            uri,
            owner,
            host,
            key,
        }))
    }

    async fn remember(
        &self,
        actor: wire::Actor,
        raw: Vec<u8>,
    ) -> Result<(ActorId, wire::Actor), Unknown> {
        let domain = self.domain_of(&actor).await;
        let keys = published_keys(&actor);
        let described = describe(&actor, domain, raw).ok_or(Unknown::NotAnAddress)?;
        let (clock, stored) = (self.0.clock.clone(), keys.clone());
        let id = self
            .0
            .db
            .write_beside(move |conn| -> Result<ActorId, db::Error> {
                let id = actors::remember(conn, clock.as_ref(), &described)?;
                keys::store::remember(conn, clock.now(), id, &stored)?;
                Ok(id)
            })
            .await?;
        for (uri, _) in keys {
            self.0.keys.remove(&uri);
        }
        Ok((id, actor))
    }

    /// The domain of the actor's handle: the server's own, unless WebFinger at another confirms that one.
    async fn domain_of(&self, actor: &wire::Actor) -> Option<String> {
        let host = wire::authority(&actor.id)?;
        let acct = actor.acct().filter(|acct| acct.domain() != host)?;
        let jrd = self.webfinger(&acct).await.ok()?;
        let confirmed =
            jrd.actor.as_deref() == Some(&actor.id) && jrd.subject.as_ref() == Some(&acct);
        confirmed.then(|| acct.domain().to_owned())
    }
}

fn address(uri: &str) -> Result<Url, Unknown> {
    Url::parse(uri)
        .ok()
        .filter(Url::has_host)
        .ok_or(Unknown::NotAnAddress)
}

/// The keys of an actor document that can be read.
fn published_keys(actor: &wire::Actor) -> Vec<(String, PublicKey)> {
    let rsa = actor
        .public_keys
        .iter()
        .filter_map(|it| Some((it.id.clone(), PublicKey::from_pem(&it.pem).ok()?)));
    let multi = actor.multikeys.iter().filter_map(|it| {
        Some((
            it.id.clone(),
            PublicKey::from_multibase(&it.multibase).ok()?,
        ))
    });
    rsa.chain(multi)
        .filter(|(uri, _)| wire::same_origin(uri, &actor.id))
        .collect()
}

fn describe(actor: &wire::Actor, domain: Option<String>, raw: Vec<u8>) -> Option<Described> {
    let host = wire::authority(&actor.id)?;
    let handle = actor
        .preferred_username
        .as_ref()
        .map_or_else(|| "unknown".to_owned(), |it| it.as_str().to_owned());
    let name = actor.name.as_ref().filter(|name| !name.is_empty());
    Some(Described {
        uri: actor.id.clone(),
        kind: format!("{:?}", actor.kind),
        name: name.map_or_else(|| handle.clone(), |name| name.as_str().to_owned()),
        handle,
        domain: domain.unwrap_or_else(|| host.clone()),
        url: actor.url.clone().unwrap_or_else(|| actor.id.clone()),
        inbox: actor.inbox.clone(),
        shared_inbox: actor.shared_inbox.clone(),
        followers: actor.followers.clone(),
        document: String::from_utf8(raw)
            .ok()
            .filter(|text| text.len() <= LONGEST_DOCUMENT)
            .unwrap_or_default(),
        host,
    })
}
