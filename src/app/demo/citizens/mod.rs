//! A small second server, on which the demonstration's citizens live: its own keys, its own memory, real requests.
//!
//! It knows of the agencies' server what any server knows: what is to be had over HTTP.

mod documents;
mod inbox;
mod memory;
mod pages;
mod routes;
mod speech;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use self::memory::{Memory, Post};
use super::script::CITIZENS;
use crate::federation::fetch::{FetchLimits, Fetcher};
use crate::federation::keys::{Algorithm, SigningKey};
use crate::kernel::Clock;
use crate::platform::net::{Client, NetSettings, Reach};

pub(super) use self::memory::{read, write};
pub(super) use self::routes::routes;
pub(super) use self::speech::Words;

/// The handle of the server's own actor.
const SERVER: &str = "server";

/// The addresses of this server.
#[derive(Debug, Clone)]
pub(super) struct Address {
    /// `localhost:8081`
    pub(super) authority: String,
}

impl Address {
    pub(super) fn base(&self) -> String {
        format!("http://{}", self.authority)
    }

    fn acct(&self, handle: &str) -> String {
        format!("{handle}@{}", self.authority)
    }

    pub(super) fn actor(&self, handle: &str) -> String {
        format!("{}/users/{handle}", self.base())
    }

    fn page(&self, handle: &str) -> String {
        format!("{}/@{handle}", self.base())
    }

    fn shared_inbox(&self) -> String {
        format!("{}/inbox", self.base())
    }

    fn post(&self, post: &Post) -> String {
        format!("{}/posts/{}", self.actor(&post.by), post.number)
    }

    fn post_page(&self, post: &Post) -> String {
        format!("{}#{}", self.page(&post.by), post.number)
    }

    /// Whose id this is, if it is one of ours.
    fn handle_of<'a>(&self, uri: &'a str) -> Option<&'a str> {
        let handle = uri.strip_prefix(&self.base())?.strip_prefix("/users/")?;
        (!handle.contains('/')).then_some(handle)
    }
}

/// The server. Cheap to clone.
#[derive(Clone)]
pub(super) struct Citizens(Arc<Inner>);

struct Inner {
    address: Address,
    memory: Memory,
    keys: HashMap<String, SigningKey>,
    client: Client,
    fetcher: Fetcher,
    clock: Arc<dyn Clock>,
    /// Where the agencies are, for links and pictures.
    city: String,
}

impl std::fmt::Debug for Citizens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Citizens").finish_non_exhaustive()
    }
}

impl Citizens {
    /// Opens what was kept in `file`, or begins anew.
    pub(super) async fn open(
        file: PathBuf,
        address: Address,
        city: String,
        clock: Arc<dyn Clock>,
    ) -> anyhow::Result<Self> {
        let memory = Memory::open(file)?;
        let keys = keys(&memory).await?;
        let reach = Reach {
            allow_private: true,
        };
        let client = Client::new(&NetSettings::new(
            "Citizens (Actapub's demonstration)",
            reach,
        ))?;
        let key = keys
            .get(SERVER)
            .context("the server's key is missing")?
            .clone();
        let key_id = format!("{}#main-key", address.actor(SERVER));
        let signer = move || (key.clone(), key_id.clone());
        let limits = FetchLimits::default();
        let fetcher = Fetcher::new(
            &client,
            &address.authority,
            Arc::new(signer),
            clock.clone(),
            limits,
        )
        .await?;
        Ok(Self(Arc::new(Inner {
            address,
            memory,
            keys,
            client,
            fetcher,
            clock,
            city,
        })))
    }

    /// The id of somebody who lives here.
    pub(super) fn actor(&self, handle: &str) -> String {
        self.0.address.actor(handle)
    }

    fn key(&self, handle: &str) -> anyhow::Result<&SigningKey> {
        self.0
            .keys
            .get(handle)
            .with_context(|| format!("nobody here is called {handle}"))
    }
}

/// Everybody's keys; those that are missing are made.
async fn keys(memory: &Memory) -> anyhow::Result<HashMap<String, SigningKey>> {
    let handles = CITIZENS
        .iter()
        .map(|citizen| citizen.handle)
        .chain([SERVER]);
    let missing: Vec<&str> = handles
        .filter(|handle| memory.look(|all| !all.keys.contains_key(*handle)))
        .collect();
    // An RSA key takes a moment; each gets a thread.
    let made = missing.into_iter().map(|handle| async move {
        let made = tokio::task::spawn_blocking(SigningKey::generate_rsa)
            .await
            .context("a key could not be made")??;
        anyhow::Ok((handle.to_owned(), STANDARD.encode(made.pkcs8.reveal())))
    });
    let made = futures_util::future::try_join_all(made).await?;
    let all = memory.change(|all| {
        all.keys.extend(made);
        all.keys.clone()
    })?;
    all.into_iter()
        .map(|(handle, pkcs8)| {
            let key = SigningKey::from_pkcs8(Algorithm::Rsa, &STANDARD.decode(pkcs8)?)?;
            Ok((handle, key))
        })
        .collect()
}
