//! `actapub inbox`: activities that could not be processed.

use std::fmt::Write as _;

use anyhow::bail;
use serde::Serialize;

use crate::federation::inbox::{self, Filed};
use crate::kernel::{Clock as _, EventId, Timestamp};
use crate::platform::config::Sources;

use super::desk::{Desk, block_on};
use super::output;

#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct Inbox {
    #[command(subcommand)]
    command: Option<InboxCommand>,
    /// List the activities that were set aside after the last try, newest first
    #[arg(long)]
    failed: bool,
    /// How many to list
    #[arg(long, value_name = "NUMBER", default_value_t = 100)]
    limit: u32,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Subcommand)]
enum InboxCommand {
    /// Have activities that were set aside processed again
    #[command(after_help = "Examples:\n  actapub inbox retry 4711\n  actapub inbox retry --all")]
    Retry(Retry),
}

#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
struct Retry {
    /// The activities' numbers, as `actapub inbox --failed` lists them
    #[arg(value_name = "NUMBER")]
    ids: Vec<EventId>,
    /// All of them
    #[arg(long)]
    all: bool,
}

pub(super) fn run(asked: Inbox, sources: Sources) -> anyhow::Result<()> {
    block_on(async {
        let desk = Desk::open(sources).await?;
        match asked.command {
            Some(InboxCommand::Retry(which)) => retry(&desk, which).await,
            None if asked.failed => list(&desk, asked.limit, asked.json).await,
            None => summary(&desk, asked.json).await,
        }
    })
}

/// How the inbox stands, as `--json` shows it.
#[derive(Debug, Serialize)]
struct SummaryShown {
    queued: i64,
    failed: i64,
    oldest: Option<Timestamp>,
}

async fn summary(desk: &Desk, json: bool) -> anyhow::Result<()> {
    let backlog = desk.db.read(inbox::backlog).await?;
    if json {
        return output::json(&SummaryShown {
            queued: backlog.queued,
            failed: backlog.failed,
            oldest: backlog.oldest,
        });
    }
    let mut text = format!("{} wait to be processed", backlog.queued);
    if let Some(oldest) = backlog.oldest {
        let _ = write!(text, ", the oldest since {}", oldest.to_whole_second());
    }
    let _ = writeln!(text, "; {} were set aside", backlog.failed);
    output::text(&text)
}

/// An activity that was set aside, as `--json` shows it.
#[derive(Debug, Serialize)]
struct FiledShown {
    number: EventId,
    /// ActivityPub id.
    id: String,
    #[serde(rename = "type")]
    kind: String,
    attempts: i32,
    reason: String,
    received: Timestamp,
}

impl From<Filed> for FiledShown {
    fn from(filed: Filed) -> Self {
        Self {
            number: filed.id,
            id: filed.uri,
            kind: filed.kind,
            attempts: filed.attempts,
            reason: filed.reason,
            received: filed.received_at,
        }
    }
}

async fn list(desk: &Desk, limit: u32, json: bool) -> anyhow::Result<()> {
    let filed = desk
        .db
        .read(move |conn| inbox::failed(conn, limit.into()))
        .await?;
    let shown: Vec<FiledShown> = filed.into_iter().map(FiledShown::from).collect();
    if json {
        return output::json(&shown);
    }
    let mut text = String::new();
    for one in &shown {
        let received = one.received.to_whole_second();
        let _ = writeln!(
            text,
            "{}  {received}  {}  {}\n    {}",
            one.number, one.kind, one.id, one.reason
        );
    }
    if shown.is_empty() {
        eprintln!("Nothing was set aside.");
    }
    output::text(&text)
}

async fn retry(desk: &Desk, which: Retry) -> anyhow::Result<()> {
    let clock = desk.clock;
    let tried = if which.all {
        desk.db
            .write(move |conn| inbox::retry_all(conn, clock.now()))
            .await?
    } else {
        for id in &which.ids {
            let id = *id;
            if !desk
                .db
                .write(move |conn| inbox::retry(conn, clock.now(), id))
                .await?
            {
                bail!("no activity {id} was set aside");
            }
        }
        which.ids.len()
    };
    eprintln!("{tried} will be processed again");
    Ok(())
}
