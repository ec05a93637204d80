//! The composition root: builds everything from the configuration, and owns every task.

pub mod demo;
mod listener;
mod services;
mod tasks;

pub use self::listener::Bound;
pub use self::services::{Services, prepare_data};
pub use self::tasks::Tasks;

use anyhow::Context as _;

use crate::platform::config::Config;
use crate::web;

/// A server that answers.
#[derive(Debug)]
pub struct Server {
    pub services: Services,
    tasks: Tasks,
    bound: Bound,
}

impl Server {
    /// Opens the database, binds the address and starts all work. From then on it answers.
    pub async fn start(config: &Config) -> anyhow::Result<Self> {
        let bound = Bound::to(config.listen).await?;
        let metrics_bound = match config.metrics.listen {
            Some(address) => Some(Bound::to(address).await?),
            None => None,
        };
        let services = Services::open(config).await?;
        let tasks = Tasks::new();
        services.start(&tasks, config).await?;
        let router = web::router(services.web.clone());
        tasks.own(
            "listener",
            listener::serve(
                bound.try_clone()?,
                router,
                config.trusted_proxies.clone(),
                tasks.stopping(),
            ),
        );
        if let Some(bound) = metrics_bound {
            let metrics = services.web.metrics.clone();
            let router = web::metrics_router(metrics);
            tasks.own(
                "metrics",
                listener::serve(
                    bound,
                    router,
                    config.trusted_proxies.clone(),
                    tasks.stopping(),
                ),
            );
        }
        Ok(Self {
            services,
            tasks,
            bound,
        })
    }

    /// The address that it listens on.
    pub fn address(&self) -> anyhow::Result<std::net::SocketAddr> {
        self.bound.address()
    }

    /// Stops taking requests, finishes what is in flight, and returns.
    pub async fn stop(self, config: &Config) {
        self.tasks.stop(config.limits.shutdown_timeout).await;
    }
}

/// Serves until the process is told to stop.
pub async fn serve(config: &Config, ready: impl FnOnce(&Server)) -> anyhow::Result<()> {
    let server = Server::start(config).await?;
    ready(&server);
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
