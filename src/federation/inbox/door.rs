//! The front door: who is there, and is what they bring written down? Only then does it say yes.

use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};

use super::evidence;
use super::intake::Intake;
use super::store::Arrival;
use crate::federation::actors::{Directory, KnownKey, Unknown};
use crate::federation::fetch::FetchError;
use crate::federation::signatures::{self, Policy, Refusal};
use crate::federation::wire::incoming::{Envelope, Malformed, same_origin};
use crate::kernel::{AgencyId, Clock, Site};
use crate::platform::bell::Bell;
use crate::platform::db::{self, Db};
use crate::platform::net::Unreachable;

/// A request to an inbox.
#[derive(Debug, Clone)]
pub struct Post<'a> {
    /// Path and query as received.
    pub target: &'a str,
    pub headers: &'a HeaderMap,
    pub body: Bytes,
    /// Whose inbox it came to; `None` for the shared one.
    pub agency: Option<AgencyId>,
}

/// What an accepted activity is to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accepted {
    /// Written down, to be acted upon.
    New,
    /// Written down before.
    Known,
    /// About an account that we never met and that is gone: nothing to do, and nobody to ask.
    Moot,
}

/// Why a request was turned away.
#[derive(Debug, thiserror::Error)]
pub enum Turned {
    #[error("the body is not an activity: {0}")]
    Malformed(#[from] Malformed),
    #[error("{0}")]
    Signature(#[from] Refusal),
    #[error("the signer's key is not to be had: {0}")]
    NoKey(Unknown),
    #[error("the activity's id, its actor and the key that signed are not of one origin")]
    MixedOrigins,
    #[error("the actor is one of our own")]
    OurOwn,
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl Turned {
    /// What the sender is told: 503 where it is worth their while to try again.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Malformed(_) => StatusCode::BAD_REQUEST,
            Self::Signature(refusal) => refusal.status(),
            Self::NoKey(Unknown::Fetch(error)) if error.is_temporary() => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            Self::NoKey(Unknown::Db(_)) | Self::Db(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::NoKey(_) | Self::MixedOrigins | Self::OurOwn => StatusCode::UNAUTHORIZED,
        }
    }

    /// A word for metrics.
    pub fn label(&self) -> &'static str {
        match self {
            Self::Malformed(_) => "malformed",
            Self::Signature(Refusal::Unsigned) => "unsigned",
            Self::Signature(Refusal::Stale | Refusal::Future | Refusal::BadTime) => "time",
            Self::Signature(Refusal::OtherBody | Refusal::BadDigest) => "digest",
            Self::Signature(_) => "signature",
            Self::NoKey(_) => "no_key",
            Self::MixedOrigins => "mixed_origins",
            Self::OurOwn => "our_own",
            Self::Db(_) => "database",
        }
    }
}

/// Wants to know who is alive: whoever sends something signed can be delivered to again.
pub trait Peers: Send + Sync {
    fn heard_from(&self, host: &str);
}

/// Receives. Cheap to clone.
#[derive(Clone)]
pub struct Door(Arc<Inner>);

struct Inner {
    intake: Intake,
    clock: Arc<dyn Clock>,
    site: Site,
    directory: Directory,
    peers: Arc<dyn Peers>,
    bell: Bell,
    policy: Policy,
}

impl std::fmt::Debug for Door {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Door").finish_non_exhaustive()
    }
}

impl Door {
    pub fn new(
        db: Db,
        clock: Arc<dyn Clock>,
        site: Site,
        directory: Directory,
        peers: Arc<dyn Peers>,
        bell: Bell,
    ) -> Self {
        Self(Arc::new(Inner {
            intake: Intake::new(db, clock.clone()),
            clock,
            site,
            directory,
            peers,
            bell,
            policy: Policy::default(),
        }))
    }

    /// Checks a request and writes its activity down. Once this returns `Ok`, a crash does not lose it.
    pub async fn receive(&self, post: Post<'_>) -> Result<Accepted, Turned> {
        let inner = &self.0;
        let envelope = Envelope::parse(&post.body)?;
        // Once only goes by the id. Mastodon sends these two without one.
        if envelope.id.is_none() && !matches!(&*envelope.kind, "Add" | "Remove") {
            return Err(Malformed::Missing("id").into());
        }
        if matches!(&*envelope.kind, "Delete" | "Update")
            && envelope.is_about_its_actor()
            && !inner.directory.knows(&envelope.actor).await?
        {
            return Ok(Accepted::Moot);
        }
        let request = signatures::Request {
            method: &Method::POST,
            target: post.target,
            headers: post.headers,
            scheme: inner.site.scheme(),
            authority: inner.site.authority(),
            body: &post.body,
        };
        let claim = signatures::parse(&request, inner.clock.now(), inner.policy)?;
        if inner.site.is_ours(&claim.key_id) || inner.site.is_ours(&envelope.actor) {
            return Err(Turned::OurOwn);
        }
        let key = self.verified_key(&claim).await?;
        if let Some(id) = envelope.id.as_deref()
            && !same_origin(id, &envelope.actor)
        {
            return Err(Turned::MixedOrigins);
        }
        let arrival = arrival(&post, &envelope, &claim, &key);
        let host = key.host.clone();
        let new = inner.intake.write(arrival).await?;
        inner.peers.heard_from(&host);
        if new {
            inner.bell.ring();
            Ok(Accepted::New)
        } else {
            Ok(Accepted::Known)
        }
    }

    /// The key that made the signature. One that does not fit is fetched once more: it may have been changed.
    async fn verified_key(&self, claim: &signatures::Claim) -> Result<Arc<KnownKey>, Turned> {
        let directory = &self.0.directory;
        let known = directory.key(&claim.key_id).await.map_err(unavailable)?;
        match claim.verify(&known.key) {
            Ok(()) => Ok(known),
            Err(refusal) if refusal.depends_on_key() => {
                let fresh = directory
                    .fresh_key(&claim.key_id)
                    .await
                    .map_err(unavailable)?
                    .ok_or(refusal)?;
                claim.verify(&fresh.key)?;
                Ok(fresh)
            }
            Err(refusal) => Err(refusal.into()),
        }
    }
}

fn unavailable(unknown: Unknown) -> Turned {
    match unknown {
        Unknown::Db(error) => Turned::Db(error),
        Unknown::Fetch(FetchError::Refused(Unreachable::Ourselves)) => Turned::OurOwn,
        other => Turned::NoKey(other),
    }
}

/// What is written down. Somebody who passes on another's activity must not be able to take its id from it, so
/// theirs is kept under the passer's name as well.
fn arrival(
    post: &Post<'_>,
    envelope: &Envelope<'_>,
    claim: &signatures::Claim,
    key: &KnownKey,
) -> Arrival {
    let forwarded = key.owner != envelope.actor;
    let id = match envelope.id.as_deref() {
        Some(id) => id.to_owned(),
        // Mastodon's `Add` and `Remove` have none.
        None => format!(
            "{}#sha256={}",
            key.owner,
            signatures::BodyDigest::of(&post.body).to_digest()
        ),
    };
    Arrival {
        uri: if forwarded {
            format!("{} passed on {id}", key.owner)
        } else {
            id
        },
        actor_uri: envelope.actor.clone().into_owned(),
        agency: post.agency,
        kind: envelope
            .kind
            .chars()
            .filter(|c| !c.is_control())
            .take(64)
            .collect(),
        // PostgreSQL takes no NUL in a text.
        object_uri: envelope
            .object
            .as_deref()
            .filter(|uri| !uri.contains(char::is_control))
            .map(str::to_owned),
        body: post.body.to_vec(),
        request: evidence::of(post.target, post.headers, &claim.covered),
        key_uri: key.uri.clone(),
        key_der: key.key.spki().to_vec(),
        forwarded,
    }
}
