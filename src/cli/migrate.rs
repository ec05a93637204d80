//! `actapub migrate`: brings the database up to date without starting a server.

use anyhow::Context as _;

use crate::platform::config::{DatabaseUrl, Sources};
use crate::platform::db;

use super::{config, desk, output};

pub(super) fn run(sources: Sources) -> anyhow::Result<()> {
    let config = config::load(sources)?.config;
    // An empty PostgreSQL database was made by somebody; a folder without a SQLite file is more likely misspelt.
    if let DatabaseUrl::Sqlite(_) = config.database {
        desk::expect_data(&config)?;
    }
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
