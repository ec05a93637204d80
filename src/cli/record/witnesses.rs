//! `actapub record witness`: this server as a witness, for others' policies; and what our witnesses have cosigned.

use anyhow::Context as _;
use serde::Serialize;

use crate::archive::log::Log;
use crate::archive::witnesses::cosigners;
use crate::archive::{policies, witness};
use crate::cli::desk::{Desk, block_on};
use crate::cli::output;
use crate::kernel::Timestamp;
use crate::platform::config::Sources;
use crate::platform::db::{self, Conn};
use crate::tlog::Policy;

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Witness {
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Own {
    vkey: String,
    url: String,
    policy_line: String,
}

pub(in crate::cli) fn show_own(asked: &Witness, sources: Sources) -> anyhow::Result<()> {
    block_on(async {
        let desk = Desk::open(sources).await?;
        let vkey = desk.db.read(witness::kept_vkey).await?;
        let vkey = vkey.context("this server has no witness key yet: its first start makes it")?;
        let url = format!("{}/witness", desk.site.base());
        let own = Own {
            policy_line: format!("witness {} {vkey} {url}", desk.site.authority()),
            vkey,
            url,
        };
        if asked.json {
            return output::json(&own);
        }
        eprintln!("For the policy of whoever wants to be witnessed by this server:");
        output::text(&format!("{}\n", own.policy_line))
    })
}

/// A witness of the policy in force, and how it stands with one log.
#[derive(Serialize)]
pub(super) struct Standing {
    name: String,
    vkey: String,
    /// The largest tree that it is known to have seen.
    size: Option<u64>,
    asked_at: Option<Timestamp>,
    failure: Option<String>,
}

/// The witnesses of the policy in force, in its order.
pub(super) fn of(conn: &mut Conn, log: &Log) -> Result<Vec<Standing>, db::Error> {
    let policy = policies::current(conn)?.and_then(|text| Policy::parse(&text).ok());
    let known = cosigners(conn, log.id)?;
    let witnesses = policy.as_ref().map_or(&[][..], Policy::witnesses);
    Ok(witnesses
        .iter()
        .map(|witness| {
            let vkey = witness.key.to_string();
            let known = known.iter().find(|it| it.vkey == vkey);
            Standing {
                name: witness.name.clone(),
                size: known.map(|it| it.size),
                asked_at: known.map(|it| it.at),
                failure: known.and_then(|it| it.failure.clone()),
                vkey,
            }
        })
        .collect())
}

impl Standing {
    pub(super) fn line(&self) -> String {
        let seen = match (self.size, self.asked_at) {
            (Some(size), Some(at)) => format!("{size}, {}", at.to_whole_second()),
            _ => "not asked yet".to_owned(),
        };
        let failure = self
            .failure
            .as_ref()
            .map_or(String::new(), |why| format!(" ({why})"));
        format!("witness:   {} {seen}{failure}", self.name)
    }
}
