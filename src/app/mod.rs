//! The composition root: builds everything from the configuration, and owns every task.

pub mod demo;
mod identity;
mod listener;
mod mail;
mod openid;
mod polls;
mod services;
mod tasks;
mod timetable;
mod upkeep;

pub use self::identity::{hold_to, refusal};
pub use self::listener::Bound;
pub use self::mail::mailer;
pub use self::services::{Services, client, open_database, prepare_data, site_of};
pub use self::tasks::Tasks;

use anyhow::Context as _;

use crate::archive::receipts;
use crate::platform::config::Config;
use crate::platform::db::{Claim, Location};
use crate::web;

/// A server that answers.
#[derive(Debug)]
pub struct Server {
    pub services: Services,
    tasks: Tasks,
    bound: Bound,
    /// Held while the server lives.
    claim: Option<Claim>,
}

impl Server {
    /// Opens the database, binds the address and starts all work. From then on it answers.
    pub async fn start(config: &Config) -> anyhow::Result<Self> {
        let bound = Bound::to(config.listen).await?;
        let claim = claim(config)?;
        let services = Services::open(config).await?;
        let again = services.apply_erasures_again().await?;
        if again > 0 {
            tracing::warn!(
                erasures.again = again,
                "an older database was put here: what had been erased was erased again"
            );
        }
        // What does not fit together must not be signed.
        services.recorder().check().await?;
        services.recorder().recollect().await?;
        let mut server = Self::answering(config, services, bound).await?;
        server.claim = Some(claim);
        let collector = server.services.collector();
        // Nor what is older than what others have seen: they are shown what was signed last before anything else is.
        collector.offer_stored().await;
        server.services.adopt_policy().await?;
        if !config.record.receipts {
            server.services.db.write(receipts::switch_off).await?;
        }
        server.services.start(&server.tasks, config, collector)?;
        Ok(server)
    }

    /// Answers requests and does nothing besides: who calls this does the work of the background by hand.
    pub async fn answering(
        config: &Config,
        services: Services,
        bound: Bound,
    ) -> anyhow::Result<Self> {
        let tasks = Tasks::new();
        if let Some(address) = config.metrics.listen {
            let metrics = Bound::to(address).await?;
            let router = web::metrics_router(services.web.metrics.clone());
            let (proxies, stop) = (config.trusted_proxies.clone(), tasks.stopping());
            tasks.own("metrics", listener::serve(metrics, router, proxies, stop));
        }
        let router = web::router(services.web.clone());
        let (proxies, stop) = (config.trusted_proxies.clone(), tasks.stopping());
        tasks.own(
            "listener",
            listener::serve(bound.try_clone()?, router, proxies, stop),
        );
        Ok(Self {
            services,
            tasks,
            bound,
            claim: None,
        })
    }

    /// The address that it listens on.
    pub fn address(&self) -> anyhow::Result<std::net::SocketAddr> {
        self.bound.address()
    }

    /// Stops taking requests, finishes what is in flight, and returns.
    pub async fn stop(self, config: &Config) {
        self.tasks.stop(config.limits.shutdown_timeout).await;
        drop(self.claim);
    }
}

/// Claims the database for this process, as far as it cannot be shared.
pub fn claim(config: &Config) -> anyhow::Result<Claim> {
    prepare_data(config)?;
    Location::parse(&config.database.reveal())
        .claim()?
        .with_context(|| format!("another server already runs on {}", config.database))
}

/// Serves until the process is told to stop. `ready` is told the link by which an empty server is set up.
pub async fn serve(
    config: &Config,
    ready: impl FnOnce(&Server, Option<String>),
) -> anyhow::Result<()> {
    let server = Server::start(config).await?;
    let link = server.services.setup_link().await?;
    ready(&server, link);
    terminated().await?;
    tracing::info!("stopping: finishing what is in flight");
    server.stop(config).await;
    Ok(())
}

/// Returns on Ctrl-C, or when a supervisor asks to stop.
pub async fn terminated() -> anyhow::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut term = signal(SignalKind::terminate()).context("cannot listen for signals")?;
    tokio::select! {
        _ = term.recv() => {}
        interrupted = tokio::signal::ctrl_c() => interrupted.context("cannot listen for Ctrl-C")?,
    }
    Ok(())
}
