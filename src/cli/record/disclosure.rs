//! `actapub record receipt`, `grant`, `grants` and `revoke-grant`: who may see what opens citizens' entries.

use std::fmt::Write as _;

use anyhow::{Context as _, bail};
use serde::Serialize;

use super::keys::log_of;
use crate::archive::disclosure;
use crate::archive::entries::{self, Place};
use crate::archive::kind::Subject;
use crate::archive::log;
use crate::cli::desk::{Desk, block_on};
use crate::cli::output;
use crate::dialogue::replies;
use crate::kernel::{Clock as _, GrantId, Handle, Site, Timestamp};
use crate::platform::chance;
use crate::platform::config::Sources;
use crate::platform::db::Conn;

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Receipt {
    /// The entry's address (`https://…/record/water/17`), or that of the reply on its author's server
    #[arg(value_name = "URL")]
    entry: String,
}

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Grant {
    /// The agency's handle
    agency: Handle,
    /// Whom it is for and why; only you see it
    #[arg(long)]
    label: String,
    /// The last day on which it opens anything, such as 2026-12-31 (UTC)
    #[arg(long)]
    until: String,
}

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Grants {
    /// The agency's handle
    agency: Handle,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct RevokeGrant {
    /// The agency's handle
    agency: Handle,
    /// Its number, as `actapub record grants` shows it
    number: i64,
}

pub(in crate::cli) fn receipt(asked: &Receipt, sources: Sources) -> anyhow::Result<()> {
    block_on(async {
        let desk = Desk::open(sources).await?;
        let (url, site) = (asked.entry.clone(), desk.site.clone());
        let link = desk
            .db
            .write(move |conn: &mut Conn| -> anyhow::Result<_> {
                let place = entry_at(conn, &site, &url)?;
                let log = log::all(conn)?
                    .into_iter()
                    .find(|log| log.id == place.log)
                    .context("there is no such record here")?;
                let token = disclosure::receipt(conn, &log, place.index, &chance)?;
                let entry = site.record_entry(&log.name, place.index);
                Ok(format!("{entry}?receipt={}", token.reveal()))
            })
            .await?;
        output::text(&(link + "\n"))?;
        eprintln!("Whoever has this link sees what opens the entry. Give it to its author alone.");
        Ok(())
    })
}

/// The entry that an address names: its own, or that of a citizen's reply.
fn entry_at(conn: &mut Conn, site: &Site, url: &str) -> anyhow::Result<Place> {
    let Some(path) = url.strip_prefix(&format!("{}/record/", site.base())) else {
        let reply = match replies::by_uri(conn, url)? {
            Some(reply) => Some(reply),
            None => replies::by_page(conn, url)?,
        };
        let reply = reply.with_context(|| format!("{url} is no entry and no reply known here"))?;
        return entries::first_of(conn, Subject::Reply(reply.id))?
            .context("that reply is not recorded yet: a running server does it");
    };
    let (name, index) = path
        .split(['?', '#'])
        .next()
        .and_then(|path| path.split_once('/'))
        .with_context(|| format!("{url} names no entry: it ends in a number"))?;
    let index: u64 = index
        .parse()
        .with_context(|| format!("{url} names no entry: it ends in a number"))?;
    let log = log::by_name(conn, name)?.with_context(|| format!("there is no record {name}"))?;
    if index >= log.head.size {
        bail!(
            "the record {name} has no entry {index}: it has {}",
            log.head.size
        );
    }
    Ok(Place::new(log.id, index))
}

pub(in crate::cli) fn grant(asked: &Grant, sources: Sources) -> anyhow::Result<()> {
    // Through the whole of that day.
    let until: Timestamp = format!("{}T23:59:59Z", asked.until)
        .parse()
        .with_context(|| {
            format!(
                "--until is a day such as 2026-12-31; `{}` is not",
                asked.until
            )
        })?;
    block_on(async {
        let desk = Desk::open(sources).await?;
        let (handle, label, clock) = (asked.agency.clone(), asked.label.clone(), desk.clock);
        let (number, token) = desk
            .db
            .write(move |conn: &mut Conn| -> anyhow::Result<_> {
                let log = log_of(conn, &handle)?;
                Ok(disclosure::grant(
                    conn, &clock, &log, &label, until, &chance,
                )?)
            })
            .await?;
        output::text(&format!("{}\n", token.reveal()))?;
        eprintln!(
            "This token is shown once. It opens what citizens said in public until {until}, as `Authorization: Bearer …`. \
             To end it sooner: actapub record revoke-grant {} {number}",
            asked.agency
        );
        Ok(())
    })
}

#[derive(Serialize)]
struct Shown {
    number: i64,
    label: String,
    granted: Timestamp,
    expires: Timestamp,
    revoked: Option<Timestamp>,
}

pub(in crate::cli) fn grants(asked: &Grants, sources: Sources) -> anyhow::Result<()> {
    block_on(async {
        let desk = Desk::open(sources).await?;
        let handle = asked.agency.clone();
        let grants = desk
            .db
            .read(move |conn: &mut Conn| -> anyhow::Result<_> {
                let log = log_of(conn, &handle)?;
                Ok(disclosure::grants(conn, log.id)?)
            })
            .await?;
        let shown: Vec<Shown> = grants
            .into_iter()
            .map(|it| Shown {
                number: it.id.get(),
                label: it.label,
                granted: it.granted_at.to_whole_second(),
                expires: it.expires_at.to_whole_second(),
                revoked: it.revoked_at.map(Timestamp::to_whole_second),
            })
            .collect();
        if asked.json {
            return output::json(&shown);
        }
        let now = desk.clock.now();
        let mut lines = String::new();
        for it in &shown {
            let state = match it.revoked {
                Some(at) => format!("revoked {at}"),
                None if it.expires <= now => format!("expired {}", it.expires),
                None => format!("until {}", it.expires),
            };
            // Writing to a string cannot fail.
            let _ = writeln!(lines, "{}  {state}  {}", it.number, it.label);
        }
        output::text(&lines)
    })
}

pub(in crate::cli) fn revoke(asked: &RevokeGrant, sources: Sources) -> anyhow::Result<()> {
    block_on(async {
        let desk = Desk::open(sources).await?;
        let (handle, number, now) = (asked.agency.clone(), asked.number, desk.clock.now());
        let revoked = desk
            .db
            .write(move |conn: &mut Conn| -> anyhow::Result<_> {
                let log = log_of(conn, &handle)?;
                Ok(disclosure::revoke(conn, now, log.id, GrantId::new(number))?)
            })
            .await?;
        if !revoked {
            bail!("@{} has no grant {number} in force", asked.agency);
        }
        Ok(())
    })
}
