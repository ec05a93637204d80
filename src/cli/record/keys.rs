//! `actapub record show` and `actapub record rotate-key`.

use anyhow::Context as _;
use serde::Serialize;

use crate::agencies;
use crate::archive::keys::{self, KeyStore};
use crate::archive::log::{self, Log};
use crate::archive::recorder::refusal;
use crate::cli::desk::{Desk, block_on};
use crate::cli::output;
use crate::kernel::{Clock as _, Handle, Timestamp};
use crate::platform::chance;
use crate::platform::config::Sources;
use crate::platform::db::Conn;

use super::witnesses::{Standing, of};

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Show {
    /// The agency's handle
    agency: Handle,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct RotateKey {
    /// The agency's handle
    agency: Handle,
}

#[derive(Serialize)]
struct Shown {
    origin: String,
    url: String,
    entries: u64,
    signed: Option<u64>,
    signed_at: Option<Timestamp>,
    witnessed: Option<u64>,
    vkeys: Vec<String>,
    witnesses: Vec<Standing>,
    /// Why nothing is recorded at present, if so.
    refusal: Option<String>,
}

/// The log of an agency, which begins with its first entry.
pub(super) fn log_of(conn: &mut Conn, handle: &Handle) -> anyhow::Result<Log> {
    let agency = agencies::by_handle(conn, handle)?;
    log::by_agency(conn, agency.id)?
        .with_context(|| format!("@{handle} has no record yet: a running server begins it"))
}

pub(in crate::cli) fn show(asked: &Show, sources: Sources) -> anyhow::Result<()> {
    block_on(async {
        let desk = Desk::open(sources).await?;
        let (handle, now) = (asked.agency.clone(), desk.clock.now());
        let (log, vkeys, witnesses) = desk
            .db
            .read(move |conn: &mut Conn| -> anyhow::Result<_> {
                let log = log_of(conn, &handle)?;
                let vkeys = keys::verifier_keys(conn, &log, now)?;
                let witnesses = of(conn, &log)?;
                Ok((log, vkeys, witnesses))
            })
            .await?;
        let shown = Shown {
            url: desk.site.record(&log.name),
            refusal: refusal(&log),
            origin: log.origin,
            entries: log.head.size,
            signed: log.signed.as_ref().map(|it| it.size),
            signed_at: log.signed.as_ref().map(|it| it.at),
            witnessed: log.witnessed.as_ref().map(|it| it.size),
            vkeys,
            witnesses,
        };
        if asked.json {
            return output::json(&shown);
        }
        let mut lines = vec![shown.url, format!("entries:   {}", shown.entries)];
        if let (Some(size), Some(at)) = (shown.signed, shown.signed_at) {
            lines.push(format!("signed:    {size}, {}", at.to_whole_second()));
        }
        lines.extend(shown.witnessed.map(|size| format!("witnessed: {size}")));
        lines.extend(shown.vkeys.iter().map(|vkey| format!("key:       {vkey}")));
        lines.extend(shown.witnesses.iter().map(Standing::line));
        lines.extend(shown.refusal.iter().map(|why| format!("stopped:   {why}")));
        output::text(&(lines.join("\n") + "\n"))
    })
}

pub(in crate::cli) fn rotate(asked: &RotateKey, sources: Sources) -> anyhow::Result<()> {
    block_on(async {
        let desk = Desk::open(sources).await?;
        let (handle, clock) = (asked.agency.clone(), desk.clock);
        let store = KeyStore::new(desk.config.record.keys.clone());
        let vkeys = desk
            .db
            .write(move |conn: &mut Conn| -> anyhow::Result<_> {
                let log = log_of(conn, &handle)?;
                store.rotate(conn, &clock, &log, &chance)?;
                Ok(keys::verifier_keys(conn, &log, clock.now())?)
            })
            .await?;
        output::text(&(vkeys.join("\n") + "\n"))?;
        eprintln!("The first key is new; both sign for 30 days. Tell those who verify.");
        Ok(())
    })
}
