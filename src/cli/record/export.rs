//! `actapub record export`: an agency's record in one file that anybody can check.

use std::path::PathBuf;

use anyhow::{Context as _, bail};

use super::keys::log_of;
use super::target;
use crate::agencies;
use crate::archive::exports::{self, Disclosed, Extent, Plan};
use crate::archive::kind::Subject;
use crate::cli::desk::{self, Desk, block_on};
use crate::cli::output;
use crate::kernel::{Handle, Timestamp};
use crate::platform::config::Sources;
use crate::platform::db::Conn;
use crate::publishing;

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Export {
    /// The agency's handle
    agency: Handle,
    /// Where to write it: an archive if it ends in .tar or .tar.gz, or else a folder; nothing is replaced
    file: PathBuf,
    /// Only an announcement and all that was said under it
    #[arg(long, value_name = "URL", conflicts_with_all = ["from", "to"])]
    thread: Option<String>,
    /// Only what was recorded from this day, or this instant, on
    #[arg(long, value_name = "DATE", value_parser = day)]
    from: Option<Timestamp>,
    /// Only what was recorded before this day, or this instant
    #[arg(long, value_name = "DATE", value_parser = day)]
    to: Option<Timestamp>,
    /// For whom it is: for everybody, or for those who may read all that citizens sent
    #[arg(long, value_enum, default_value = "public")]
    disclose: Reader,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Reader {
    Public,
    Staff,
}

/// A day (in UTC) or an instant.
fn day(text: &str) -> Result<Timestamp, String> {
    text.parse()
        .or_else(|_| format!("{text}T00:00:00Z").parse())
        .map_err(|_| format!("{text} is no day such as 2026-11-24, and no instant"))
}

pub(in crate::cli) fn run(asked: &Export, sources: Sources) -> anyhow::Result<()> {
    block_on(async {
        let desk = Desk::open(sources).await?;
        let mut conn = desk::location(&desk.config)?.connect_reader()?;
        let plan = plan(&mut conn, &desk, asked)?;
        let bar = output::progress(format!("exporting the record of @{}", asked.agency));
        let file = asked.file.display();
        let exported = exports::export(&mut conn, &plan, &asked.file, &mut |progress| {
            bar.set_message(format!("{} of {} entries", progress.entries, progress.size));
        })
        .with_context(|| format!("cannot export to {file}"))?;
        bar.finish_and_clear();
        let extent = plan.extent_in_words(&mut conn)?;
        let (clock, agency) = (desk.clock, plan.agency.id);
        desk.db
            .write(move |conn: &mut Conn| {
                exports::note(conn, &clock, agency, &extent, exported.size)
            })
            .await?;
        let entries = output::counted(exported.entries, "entry", "entries");
        eprintln!("{file} holds {entries} of {}.", exported.size);
        if plan.disclosed == Disclosed::Staff {
            eprintln!(
                "It holds what citizens sent, and their names: keep it as safe as the database."
            );
        }
        Ok(())
    })
}

fn plan(conn: &mut Conn, desk: &Desk, asked: &Export) -> anyhow::Result<Plan> {
    let log = log_of(conn, &asked.agency)?;
    let extent = match (&asked.thread, asked.from, asked.to) {
        (Some(url), ..) => {
            let (Subject::Announcement(id), _) = target::find(conn, &desk.site, url)? else {
                bail!("{url} is not an announcement");
            };
            let place = publishing::place_of(conn, id)?;
            Extent::Thread(place.map_or(id, |(_, thread)| thread))
        }
        (None, None, None) => Extent::All,
        (None, from, to) => Extent::Period {
            from: from.unwrap_or(Timestamp::EPOCH),
            to: to.unwrap_or(Timestamp::from_seconds(LATE)),
        },
    };
    Ok(Plan {
        site: desk.site.clone(),
        agency: agencies::by_handle(conn, &asked.agency)?,
        log,
        extent,
        disclosed: match asked.disclose {
            Reader::Public => Disclosed::Public,
            Reader::Staff => Disclosed::Staff,
        },
        licence: desk.config.record.licence.as_str().to_owned(),
    })
}

/// In seconds since 1970: later than any entry, and still a year of four digits.
const LATE: i64 = 253_402_300_799;
