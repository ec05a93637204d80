//! What most commands need at hand: the configuration, the database, our addresses, the time.

use std::os::unix::fs::DirBuilderExt as _;

use anyhow::Context as _;

use crate::kernel::{Site, SystemClock};
use crate::platform::config::{Config, DatabaseUrl, HandleDomain, Sources};
use crate::platform::db::{Db, Location};

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
    /// Opens the database that the configuration names, making it if need be.
    pub(super) async fn open(sources: Sources) -> anyhow::Result<Self> {
        let config = config::load(sources)?.config;
        let location = location(&config)?;
        let connections = config.database_connections.as_usize();
        let db = Db::open(&location, connections)
            .await
            .with_context(|| config.database.to_string())?;
        let domain = config.handle_domain.as_ref().map(HandleDomain::as_str);
        Ok(Self {
            site: Site::new(&config.url, domain),
            config,
            db,
            clock: SystemClock,
        })
    }
}

/// Where the database is; for SQLite the directory is made.
pub(super) fn location(config: &Config) -> anyhow::Result<Location> {
    if let DatabaseUrl::Sqlite(path) = &config.database
        && let Some(folder) = path.parent()
    {
        // The private keys lie in there.
        std::fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)
            .with_context(|| format!("cannot make the directory {}", folder.display()))?;
    }
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
