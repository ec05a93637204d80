//! Fetching documents from other servers: guarded, signed, bounded, and only what calls itself what we asked for.

mod error;
mod layers;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use activitypub_federation::config::{Data, FederationConfig};
use activitypub_federation::fetch::fetch_object_http;
use reqwest_middleware::{ClientBuilder, ClientWithMiddleware};
use serde_json::Value;
use serde_json::value::RawValue;
use tokio::sync::Semaphore;
use url::Url;

pub use self::error::FetchError;
use self::layers::{Bounded, Expected, Guarded, Signed};

use crate::federation::keys::SigningKey;
use crate::kernel::Clock;
use crate::platform::net::Client;

/// The switch of the crate's own guard. Ours does not read it; whoever sets it expects something else.
const CRATES_OWN_SWITCH: &str = "DANGER_FEDERATION_ALLOW_LOCAL_IP";

/// What the crate may ask for one document: the document, and the one that it calls itself.
const REQUESTS_FOR_ONE: u32 = 2;

/// Who signs the fetches: the instance actor, with the key of the moment. Asked at every request, so that a new
/// key counts at once.
pub trait FetchSigner: Send + Sync {
    /// The key, and the id under which it is published.
    fn current(&self) -> (SigningKey, String);
}

impl<F: Fn() -> (SigningKey, String) + Send + Sync> FetchSigner for F {
    fn current(&self) -> (SigningKey, String) {
        self()
    }
}

/// How much one fetch, and one piece of work, may take.
#[derive(Debug, Clone, Copy)]
pub struct FetchLimits {
    /// Documents in one piece of work.
    pub per_job: u32,
    /// For one document, with its redirects and second knocks.
    pub time: Duration,
    /// Documents at the same time; further ones wait for as long again.
    pub at_once: usize,
}

impl Default for FetchLimits {
    fn default() -> Self {
        Self {
            per_job: 20,
            // A peer waits about as long for our answer, and a fetch may be on its way to one.
            time: Duration::from_secs(10),
            at_once: 64,
        }
    }
}

/// Why no fetcher could be made.
#[derive(Debug, thiserror::Error)]
pub enum FetchSetupError {
    #[error(
        "{CRATES_OWN_SWITCH} is set; unset it and use federation.allow_private, the one switch there is"
    )]
    OtherSwitch,
    #[error("the fetcher could not be set up: {0}")]
    Crate(String),
}

/// A document as it was fetched.
#[derive(Debug, Clone)]
pub struct Fetched {
    /// What the document calls itself: where it was read from, and of the same origin as what was asked for.
    /// The two may differ (a page's address leads to its object): who trusts in one id compares.
    pub id: Url,
    pub body: Value,
    /// The bytes of the document, for the record.
    pub raw: Vec<u8>,
}

/// Fetches. Cheap to clone.
#[derive(Clone)]
pub struct Fetcher {
    config: FederationConfig<()>,
    documents: ClientWithMiddleware,
    descriptors: ClientWithMiddleware,
    limits: FetchLimits,
    at_once: Arc<Semaphore>,
}

/// One piece of work: an activity that is processed, say. It may fetch so many documents and no more, whatever
/// they refer to.
pub struct FetchJob {
    data: Data<()>,
    documents: ClientWithMiddleware,
    descriptors: ClientWithMiddleware,
    limits: FetchLimits,
    at_once: Arc<Semaphore>,
    begun: AtomicU32,
}

impl Fetcher {
    /// `authority` is ours: nothing is fetched from there.
    pub async fn new(
        client: &Client,
        authority: &str,
        signer: Arc<dyn FetchSigner>,
        clock: Arc<dyn Clock>,
        limits: FetchLimits,
    ) -> Result<Self, FetchSetupError> {
        refuse_other_switch(std::env::var_os(CRATES_OWN_SWITCH).is_some())?;
        let guarded = || Guarded {
            reach: client.reach(),
            ours: authority.to_owned(),
        };
        let bounded = |expected| Bounded {
            expected,
            max_body: client.max_body(),
        };
        let documents = ClientBuilder::new(client.unguarded())
            .with(bounded(Expected::Activity))
            .with(guarded())
            .with(Signed::new(signer, clock))
            .build();
        let descriptors = ClientBuilder::new(client.unguarded())
            .with(bounded(Expected::Descriptor))
            .with(guarded())
            .build();
        // `debug` takes the crate's own guard away, in favour of ours: it would look every name up once more,
        // refuse every port, judge nothing after a redirect of ours, and obey a switch of its own. What else
        // `debug` changes is its queue of deliveries, which is not used.
        let config = FederationConfig::builder()
            .domain(authority)
            .app_data(())
            .client(documents.clone())
            .debug(true)
            .request_timeout(limits.time)
            .http_fetch_limit(REQUESTS_FOR_ONE)
            .build()
            .await
            .map_err(|error| FetchSetupError::Crate(error.to_string()))?;
        Ok(Self {
            config,
            documents,
            descriptors,
            limits,
            at_once: Arc::new(Semaphore::new(limits.at_once)),
        })
    }

    /// Begins a piece of work.
    pub fn job(&self) -> FetchJob {
        FetchJob {
            data: self.config.to_request_data(),
            documents: self.documents.clone(),
            descriptors: self.descriptors.clone(),
            limits: self.limits,
            at_once: self.at_once.clone(),
            begun: AtomicU32::new(0),
        }
    }

    /// Fetches one document, as a piece of work of its own.
    pub async fn fetch(&self, url: &Url) -> Result<Fetched, FetchError> {
        self.job().fetch(url).await
    }

    /// Fetches one WebFinger answer, as a piece of work of its own.
    pub async fn fetch_jrd(&self, url: &Url) -> Result<Value, FetchError> {
        self.job().fetch_jrd(url).await
    }
}

fn refuse_other_switch(is_set: bool) -> Result<(), FetchSetupError> {
    if is_set {
        return Err(FetchSetupError::OtherSwitch);
    }
    Ok(())
}

impl FetchJob {
    /// Fetches an ActivityPub document. The answer must call itself by the URL that it was read from; if it
    /// names another one of the same host, that is asked, once.
    pub async fn fetch(&self, url: &Url) -> Result<Fetched, FetchError> {
        // The fragment stays here: `…#main-key` is a part of the document that the rest of the URL names.
        let mut asked = url.clone();
        asked.set_fragment(None);
        let (id, document) = self.within(self.document(&asked)).await?;
        // The crate compares hosts; an origin has a scheme and a port too. A redirect may have led anywhere,
        // and there somebody else speaks.
        if id.origin() != asked.origin() {
            return Err(FetchError::WrongId);
        }
        let raw = document.get();
        let body: Value = serde_json::from_str(raw).map_err(|_| FetchError::NotJson)?;
        if !body.is_object() {
            return Err(FetchError::NotJson);
        }
        Ok(Fetched {
            id,
            body,
            raw: raw.as_bytes().to_vec(),
        })
    }

    /// The document and the id under which it stands where it was read.
    async fn document(&self, url: &Url) -> Result<(Url, Box<RawValue>), FetchError> {
        if url.domain().is_some() {
            let answer = fetch_object_http(url, &self.data.reset_request_count()).await?;
            return Ok((answer.url, answer.object));
        }
        // The crate refuses an address in place of a name. The guard lets one pass where it may be reached, as
        // in a demonstration on loopback; what the crate checks is checked here.
        let mut url = url.clone();
        for _ in 0..REQUESTS_FOR_ONE {
            let response = self.documents.get(url.clone()).send().await?;
            let read_from = response.url().clone();
            let body = response.bytes().await.map_err(|_| FetchError::NotJson)?;
            let document: Box<RawValue> =
                serde_json::from_slice(&body).map_err(|_| FetchError::NotJson)?;
            let id = id_of(&document).ok_or(FetchError::WrongId)?;
            if id == read_from {
                return Ok((id, document));
            }
            if id.origin() != read_from.origin() {
                break;
            }
            url = id;
        }
        Err(FetchError::WrongId)
    }

    /// Fetches a JSON resource descriptor (RFC 7033), unsigned, as everybody does.
    pub async fn fetch_jrd(&self, url: &Url) -> Result<Value, FetchError> {
        let answer = self.within(async {
            let response = self.descriptors.get(url.clone()).send().await?;
            response.bytes().await.map_err(|_| FetchError::NotJson)
        });
        serde_json::from_slice(&answer.await?).map_err(|_| FetchError::NotJson)
    }

    async fn within<T>(
        &self,
        work: impl Future<Output = Result<T, FetchError>>,
    ) -> Result<T, FetchError> {
        if self.begun.fetch_add(1, Ordering::Relaxed) >= self.limits.per_job {
            return Err(FetchError::TooMany);
        }
        let turn = tokio::time::timeout(self.limits.time, self.at_once.acquire()).await;
        let _turn = turn.map_err(|_| FetchError::Timeout)?;
        tokio::time::timeout(self.limits.time, work)
            .await
            .map_err(|_| FetchError::Timeout)?
    }
}

fn id_of(document: &RawValue) -> Option<Url> {
    #[derive(serde::Deserialize)]
    struct Named {
        id: Url,
    }
    let named: Named = serde_json::from_str(document.get()).ok()?;
    Some(named.id)
}

#[cfg(test)]
mod tests;
