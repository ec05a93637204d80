//! `actapub migrate`: brings the database up to date without starting a server.

use anyhow::Context as _;

use crate::platform::config::Sources;
use crate::platform::db;

use super::{config, desk, output};

pub(super) fn run(sources: Sources) -> anyhow::Result<()> {
    let config = config::load(sources)?.config;
    let location = desk::location(&config)?;
    let ran = db::migrate(&location).with_context(|| config.database.to_string())?;
    if ran.is_empty() {
        eprintln!("The database is up to date.");
    }
    for name in ran {
        output::text(&format!("{name}\n"))?;
    }
    Ok(())
}
