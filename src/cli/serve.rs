//! `actapub serve`: the server itself.

use anyhow::Context as _;

use crate::app::{self, Server};
use crate::platform::config::{Config, Sources};
use crate::platform::telemetry;

use super::config;

#[derive(Debug, clap::Args)]
pub(super) struct Serve {}

pub(super) fn run(_: &Serve, sources: Sources) -> anyhow::Result<()> {
    let config = config::load(sources)?.config;
    telemetry::start_logging(&config.log)?;
    telemetry::log_panics();
    runtime()?.block_on(app::serve(&config, |server, link| {
        greet(&config, server, link);
    }))
}

/// A runtime with a thread for each core.
pub(super) fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        // Queries and signatures run on these; a few are busy at a time, and each costs memory.
        .max_blocking_threads(32)
        .thread_keep_alive(std::time::Duration::from_secs(5))
        .build()
        .context("cannot start the runtime")
}

/// Says where the server is, and what to do next.
fn greet(config: &Config, server: &Server, set_up: Option<String>) {
    eprintln!(
        "Actapub {} serves {}",
        env!("CARGO_PKG_VERSION"),
        server.services.site.base()
    );
    eprintln!(
        "Its data is in {}; it listens on {}.",
        config.database, config.listen
    );
    if let Some(link) = set_up {
        eprintln!("Set up the first agency in a browser, within a day:   {link}");
    }
    eprintln!("Set up an agency:   actapub agency create water --name \"Water Works\"");
    eprintln!("Let it speak:       actapub announce water --text \"Hello, citizens.\"");
    eprintln!("Before anybody else sees it: docs/OPERATIONS.md. Ctrl-C stops the server.");
}
