//! `actapub demo`: a city to look at, with nothing to set up.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::bail;

use crate::app;
use crate::app::demo;
use crate::platform::config::Sources;
use crate::platform::telemetry;

use super::serve::runtime;
use super::settings::SettingFlags;

/// Where browsers and people look first.
const PORT: u16 = 8080;

/// Warnings, without the ones that private addresses may be reached, which here is meant, and that one of the two public
/// servers starts before the other.
const QUIET: &str = "warn,actapub::app::services=error,actapub::archive::witnesses=error";

#[derive(Debug, clap::Args)]
pub(super) struct Demo {}

pub(super) fn run(_: &Demo, settings: SettingFlags) -> anyhow::Result<()> {
    if settings.config.is_some() || settings.url.is_some() || settings.database.is_some() {
        bail!("a demonstration is configured by itself; it takes --data and --listen only");
    }
    let folder = settings
        .data
        .map_or_else(|| PathBuf::from("./data/demo"), PathBuf::from);
    let port = match settings.listen.as_deref().map(str::parse::<SocketAddr>) {
        None => PORT,
        Some(Ok(address)) if address.ip().is_loopback() => address.port(),
        Some(_) => bail!(
            "a demonstration listens on this machine only: --listen 127.0.0.1:8080, or another port"
        ),
    };
    let level = std::env::var("ACTAPUB_LOG_LEVEL").unwrap_or_else(|_| QUIET.to_owned());
    let config = Sources::default().flag("log.level", level).load()?.config;
    telemetry::start_logging(&config.log)?;
    telemetry::log_panics();
    runtime()?.block_on(show(&folder, port))
}

async fn show(folder: &Path, port: u16) -> anyhow::Result<()> {
    let say = |line: &str| eprintln!("{line}");
    let mut demo = demo::Demo::start(folder, port, &say).await?;
    let set_up = tokio::select! {
        set_up = demo.set_up(&say) => Some(set_up),
        ended = app::terminated() => {
            ended?;
            None
        }
    };
    match set_up {
        Some(Ok(())) => {
            eprintln!();
            eprintln!("The city and its agencies:        {}", demo.city());
            eprintln!("What its citizens see, elsewhere: {}", demo.citizens());
            eprintln!("The county, the city's witness:   {}", demo.county());
            eprintln!();
            eprintln!("Ctrl-C ends all servers; the next start continues.");
            app::terminated().await?;
        }
        Some(Err(error)) => {
            demo.stop().await;
            return Err(error.context("the city could not be completed"));
        }
        None => eprintln!("Interrupted; the next start completes the city."),
    }
    eprintln!("Ending all servers.");
    demo.stop().await;
    Ok(())
}
