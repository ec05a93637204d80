//! `actapub record hold`, `release` and `holds`: orders to keep what would otherwise be destroyed.

use std::fmt::Write as _;

use anyhow::bail;
use serde::Serialize;

use super::keys::log_of;
use super::target;
use crate::archive::entries;
use crate::archive::holds::{self, Hold, Scope};
use crate::archive::kind::Subject;
use crate::archive::log::Log;
use crate::cli::desk::{Desk, block_on};
use crate::cli::output;
use crate::kernel::{Handle, HoldId, Site, Timestamp};
use crate::platform::config::Sources;
use crate::platform::db::{self, Conn};

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Place {
    /// The agency's handle
    agency: Handle,
    /// Only an announcement and all that was said under it
    #[arg(long, value_name = "URL", conflicts_with = "entry")]
    thread: Option<String>,
    /// Only one reply, message, report or announcement: its address or its entry's
    #[arg(long, value_name = "URL")]
    entry: Option<String>,
    /// Why, for the staff, such as the number of the case; the record does not say it
    #[arg(long, value_name = "TEXT")]
    matter: String,
}

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Release {
    /// Its number
    hold: i64,
}

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Holds {
    /// The agency's handle
    agency: Handle,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

pub(in crate::cli) fn place(asked: Place, sources: Sources) -> anyhow::Result<()> {
    block_on(async {
        let desk = Desk::open(sources).await?;
        let (site, clock) = (desk.site.clone(), desk.clock);
        let hold = desk
            .db
            .write(move |conn: &mut Conn| -> anyhow::Result<_> {
                let log = log_of(conn, &asked.agency)?;
                let scope = scope_of(conn, &site, &log, &asked)?;
                Ok(holds::place(
                    conn,
                    &clock,
                    log.agency,
                    scope,
                    &asked.matter,
                )?)
            })
            .await?;
        eprintln!("Hold {hold} stands: nothing that it covers is destroyed until it is released.");
        output::text(&format!("{hold}\n"))
    })
}

fn scope_of(conn: &mut Conn, site: &Site, log: &Log, asked: &Place) -> anyhow::Result<Scope> {
    let Some(url) = asked.thread.as_ref().or(asked.entry.as_ref()) else {
        return Ok(Scope::Agency);
    };
    let (subject, agency) = target::find(conn, site, url)?;
    if agency != log.agency {
        bail!(
            "{url} is in the record of another agency than @{}",
            asked.agency
        );
    }
    match subject {
        Subject::Announcement(id) if asked.thread.is_some() => Ok(Scope::Thread(id)),
        _ if asked.thread.is_some() => bail!("{url} is not an announcement"),
        Subject::Announcement(_) | Subject::Reply(_) | Subject::Message(_) | Subject::Report(_) => {
            Ok(Scope::Entry(subject))
        }
        _ => bail!("{url} is nothing that could be destroyed"),
    }
}

pub(in crate::cli) fn release(asked: &Release, sources: Sources) -> anyhow::Result<()> {
    block_on(async {
        let desk = Desk::open(sources).await?;
        let (hold, clock) = (HoldId::new(asked.hold), desk.clock);
        desk.db
            .write(move |conn: &mut Conn| holds::release(conn, &clock, hold))
            .await?;
        eprintln!("Hold {hold} is released: what it alone held back is destroyed.");
        Ok(())
    })
}

/// A hold as it is shown to the staff.
#[derive(Debug, Serialize)]
struct Shown {
    id: i64,
    covers: &'static str,
    /// The first entry about what it covers.
    entry: Option<String>,
    matter: String,
    placed: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    released: Option<Timestamp>,
}

pub(in crate::cli) fn list(asked: &Holds, sources: Sources) -> anyhow::Result<()> {
    block_on(async {
        let desk = Desk::open(sources).await?;
        let (site, handle) = (desk.site.clone(), asked.agency.clone());
        let shown = desk
            .db
            .read(move |conn: &mut Conn| -> anyhow::Result<_> {
                let log = log_of(conn, &handle)?;
                let mut shown = vec![];
                for hold in holds::list(conn, log.id)? {
                    shown.push(show(conn, &site, &log, hold)?);
                }
                Ok(shown)
            })
            .await?;
        if asked.json {
            return output::json(&shown);
        }
        let mut text = String::new();
        for it in &shown {
            let state = match it.released {
                Some(at) => format!("released {}", at.to_whole_second()),
                None => "stands".to_owned(),
            };
            let about = it.entry.as_deref().unwrap_or_default();
            let _ = writeln!(
                text,
                "{} {} {} {state} {} {about}",
                it.id,
                it.placed.to_whole_second(),
                it.covers,
                it.matter
            );
        }
        output::text(&text)
    })
}

fn show(conn: &mut Conn, site: &Site, log: &Log, hold: Hold) -> Result<Shown, db::Error> {
    let (covers, subject) = match hold.scope {
        Scope::Agency => ("agency", None),
        Scope::Thread(id) => ("thread", Some(Subject::Announcement(id))),
        Scope::Entry(subject) => ("entry", Some(subject)),
    };
    let place = match subject {
        Some(subject) => entries::first_of(conn, subject)?,
        None => None,
    };
    Ok(Shown {
        id: hold.id.get(),
        covers,
        entry: place.map(|place| site.record_entry(&log.name, place.index)),
        matter: hold.matter,
        placed: hold.placed_at,
        released: hold.released_at,
    })
}
