//! `actapub backup` and `actapub restore`: everything in one file, and back.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use indicatif::ProgressBar;

use crate::agencies;
use crate::archive::erasure::{self, Ledger};
use crate::archive::recorder::refusal;
use crate::archive::{log, witness};
use crate::kernel::{Clock as _, SystemClock};
use crate::platform::config::{Config, Sources};
use crate::platform::db::{self, Location, Progress};

use super::{config, desk, output};

#[derive(Debug, clap::Args)]
pub(super) struct Backup {
    /// Where to write it; an older backup there is replaced once the new one is complete
    file: PathBuf,
}

#[derive(Debug, clap::Args)]
pub(super) struct Restore {
    /// The backup, of this version or an older one
    file: PathBuf,
}

pub(super) fn back_up(asked: &Backup, sources: Sources) -> anyhow::Result<()> {
    let config = config::load(sources)?.config;
    desk::expect_data(&config)?;
    let location = desk::location(&config)?;
    db::migrate(&location).with_context(|| config.database.to_string())?;
    write(&location, &asked.file, &config)?;
    eprintln!(
        "{} holds everything, the private keys included: keep it safe.",
        asked.file.display()
    );
    Ok(())
}

pub(super) fn restore(asked: &Restore, sources: Sources) -> anyhow::Result<()> {
    let config = config::load(sources)?.config;
    // Before anything is made or put aside for it.
    db::expect_backup(&asked.file)
        .with_context(|| format!("cannot restore {}", asked.file.display()))?;
    let location = desk::location(&config)?;
    // Held until the end: no server starts meanwhile, and none runs that would go on with what it remembers.
    let Some(_claim) = location.claim()? else {
        bail!("a server runs on {}: stop it first", config.database);
    };
    db::migrate(&location).with_context(|| config.database.to_string())?;
    let agencies = agencies::list(&mut location.connect()?)?;
    if !agencies.is_empty() {
        let now = SystemClock
            .now()
            .to_whole_second()
            .to_string()
            .replace(':', "");
        let kept = unused(&config.data, &format!("before-restore-{now}"));
        std::fs::create_dir_all(&config.data)
            .with_context(|| format!("cannot make the directory {}", config.data.display()))?;
        write(&location, &kept, &config)?;
        eprintln!("What was there until now is kept in {}.", kept.display());
    }
    let seen = Seen::before(&location)?;
    let bar = output::progress(format!("restoring {}", asked.file.display()));
    db::restore(&asked.file, &location, &mut |progress| show(&bar, progress))
        .with_context(|| format!("cannot restore {}", asked.file.display()))?;
    bar.finish_and_clear();
    erase_again(&location, &config)?;
    seen.after(&location)?;
    eprintln!(
        "{} is restored.{}",
        asked.file.display(),
        match location {
            Location::Sqlite(_) => "",
            // Whether servers run on it cannot be told from here.
            Location::Postgres(_) => " Servers that run on this database have to be restarted.",
        }
    );
    Ok(())
}

/// Destroys what was destroyed since the backup was made, before any server answers.
fn erase_again(location: &Location, config: &Config) -> anyhow::Result<()> {
    let mut conn = location.connect()?;
    let ledger = Ledger::within(&config.data);
    let again = conn
        .savepoint(|conn| erasure::apply_again(conn, &SystemClock, &ledger))
        .context("the backup is restored, but what was erased since could not be erased again: do not start a server")?;
    conn.settle()?;
    if again > 0 {
        let erasures = output::counted(again, "erasure was", "erasures were");
        eprintln!("{erasures} applied again: the backup is older than they are.");
    }
    Ok(())
}

/// What was said to the world before a restoration, and cannot be unsaid by one: how far each log was signed, and what
/// was cosigned of others' logs.
struct Seen {
    signed: Vec<(String, u64)>,
    cosigned: Vec<witness::Kept>,
}

impl Seen {
    fn before(location: &Location) -> anyhow::Result<Self> {
        let mut conn = location.connect()?;
        Ok(Self {
            signed: log::signed_sizes(&mut conn)?,
            cosigned: witness::heads(&mut conn)?,
        })
    }

    fn after(&self, location: &Location) -> anyhow::Result<()> {
        let mut conn = location.connect()?;
        log::raise_floors(&mut conn, &self.signed)?;
        witness::keep_greater(&mut conn, &self.cosigned)?;
        for log in log::all(&mut conn)? {
            if let Some(refusal) = refusal(&log) {
                eprintln!("note: {refusal}.");
            }
        }
        Ok(())
    }
}

/// A name for a file that is not there yet: one restoration must not write over what the one before it has kept.
fn unused(folder: &Path, name: &str) -> PathBuf {
    let first = folder.join(format!("{name}.db"));
    let others = (2..=u32::MAX).map(|n| folder.join(format!("{name}-{n}.db")));
    std::iter::once(first)
        .chain(others)
        .find(|path| !path.exists())
        .unwrap_or_else(|| folder.join(name))
}

fn write(from: &Location, file: &Path, config: &Config) -> anyhow::Result<()> {
    let bar = output::progress(format!("backing up {}", config.database));
    db::backup(from, file, &mut |progress| show(&bar, progress))
        .with_context(|| format!("cannot write the backup {}", file.display()))?;
    bar.finish_and_clear();
    Ok(())
}

fn show(bar: &ProgressBar, progress: Progress) {
    bar.set_message(format!("{}: {} rows", progress.table, progress.rows));
}
