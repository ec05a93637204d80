//! What most commands need at hand: the configuration, the database, our addresses, the time.

use std::sync::Arc;

use anyhow::{Context as _, bail};

use crate::app::{self, Services};
use crate::kernel::{Site, SystemClock};
use crate::platform::config::{Config, Loaded, Sources};
use crate::platform::db::{self, Db, Location};
use crate::platform::identity::{self, Identity};

use super::config;

/// A command's connections to everything. A server may run beside it on the same database.
#[derive(Debug)]
pub(super) struct Desk {
    pub(super) config: Config,
    pub(super) site: Site,
    pub(super) db: Db,
    pub(super) clock: SystemClock,
}

impl Desk {
    /// Opens the database that the configuration names; one that is not there is more likely misspelt than wanted. A url
    /// and a handle domain that nobody gave are those that the server beside it has.
    pub(super) async fn open(sources: Sources) -> anyhow::Result<Self> {
        let loaded = config::load(sources.clone())?;
        expect_data(&loaded.config)?;
        Self::at(sources, loaded).await
    }

    /// The same, making the database if need be.
    pub(super) async fn open_or_make(sources: Sources) -> anyhow::Result<Self> {
        let loaded = config::load(sources.clone())?;
        Self::at(sources, loaded).await
    }

    async fn at(sources: Sources, loaded: Loaded) -> anyhow::Result<Self> {
        let db = app::open_database(&loaded.config).await?;
        let kept = db.read(identity::kept).await?;
        let config = match &kept {
            Some(kept) => adopt(sources, &loaded, kept)?,
            None => loaded.config,
        };
        let site = app::site_of(&config);
        if let Some(kept) = kept.filter(|kept| *kept != Identity::of(&site))
            && location(&config)?.claim()?.is_none()
        {
            bail!(
                "the server that runs here is {} with handles at {}, and not {} with handles at {}: give this command \
                 the same settings, or none",
                kept.url,
                kept.handle_domain,
                site.base(),
                site.handle_domain()
            );
        }
        app::hold_to(&db, &site).await?;
        Ok(Self {
            site,
            config,
            db,
            clock: SystemClock,
        })
    }

    /// All that a server has, to look others up on the way.
    pub(super) async fn services(&self) -> anyhow::Result<Services> {
        Services::over(&self.config, self.db.clone(), Arc::new(self.clock)).await
    }
}

/// The configuration, with the kept names where none were given.
pub(super) fn adopt(
    mut sources: Sources,
    loaded: &Loaded,
    kept: &Identity,
) -> anyhow::Result<Config> {
    if loaded.is_default("url") {
        sources = sources.flag("url", &kept.url);
    } else if app::site_of(&loaded.config).base() != kept.url {
        // The handles belong to the other url.
        return Ok(loaded.config.clone());
    }
    if loaded.is_default("handle_domain") {
        sources = sources.flag("handle_domain", &kept.handle_domain);
    }
    // What it warns of was said when it was loaded first.
    Ok(sources.load()?.config)
}

/// Refuses to go on where there is no database yet.
pub(super) fn expect_data(config: &Config) -> anyhow::Result<()> {
    let location = Location::parse(&config.database.reveal());
    let is_there = db::exists(&location).with_context(|| config.database.to_string())?;
    if !is_there {
        bail!(
            "there is no database at {} yet: `actapub serve` or `actapub agency create` makes one; --data or --database \
             names another place",
            config.database
        );
    }
    Ok(())
}

/// Where the database is; for SQLite the directory is made.
pub(super) fn location(config: &Config) -> anyhow::Result<Location> {
    app::prepare_data(config)?;
    Ok(Location::parse(&config.database.reveal()))
}

/// Runs a command that waits for things.
pub(super) fn block_on<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("cannot start the runtime")?
        .block_on(work)
}
