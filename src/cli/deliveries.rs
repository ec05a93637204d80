//! `actapub deliveries`: what went out to other servers, what waits, and what could not be delivered.

use std::fmt::Write as _;

use anyhow::bail;
use serde::Serialize;

use crate::federation::delivery::{self, Delivery, Filter, Selection, State};
use crate::kernel::{Clock as _, Timestamp};
use crate::platform::config::Sources;

use super::desk::{Desk, block_on};
use super::output;

#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct Deliveries {
    #[command(subcommand)]
    command: Option<DeliveriesCommand>,
    /// List only those that will not be tried again by themselves
    #[arg(long)]
    failed: bool,
    /// How many to list, the latest first
    #[arg(long, value_name = "NUMBER", default_value_t = 100)]
    limit: u32,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Subcommand)]
enum DeliveriesCommand {
    /// Try again what could not be delivered
    #[command(
        after_help = "Examples:\n  actapub deliveries retry 4711 4712\n  actapub deliveries retry --host example.social\n  actapub deliveries retry --all"
    )]
    Retry(Retry),
}

#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
struct Retry {
    /// The deliveries' numbers, as `actapub deliveries --failed` lists them
    #[arg(value_name = "NUMBER")]
    ids: Vec<i64>,
    /// All to this server, which also counts as reachable again
    #[arg(long, value_name = "HOST")]
    host: Option<String>,
    /// All
    #[arg(long)]
    all: bool,
}

/// A delivery as `--json` shows it.
#[derive(Debug, Serialize)]
struct Shown {
    number: i64,
    /// The activity's ActivityPub id.
    activity: String,
    #[serde(rename = "type")]
    kind: String,
    host: String,
    inbox: String,
    /// `done`, `queued`, `waiting` (until its server is heard from), `failed`, or `gone` (there is no such inbox).
    state: &'static str,
    attempts: i32,
    /// When it is tried next.
    due: Option<Timestamp>,
    status: Option<i32>,
    reason: Option<String>,
    created: Timestamp,
}

impl From<Delivery> for Shown {
    fn from(delivery: Delivery) -> Self {
        let (state, due) = match delivery.state {
            State::Done => ("done", None),
            State::Queued { due_at } => ("queued", Some(due_at)),
            State::Parked => ("waiting", None),
            State::Failed => ("failed", None),
            State::Gone => ("gone", None),
        };
        Self {
            number: delivery.id,
            activity: delivery.activity,
            kind: delivery.kind,
            host: delivery.host,
            inbox: delivery.inbox,
            state,
            attempts: delivery.attempts,
            due,
            status: delivery.last_status,
            reason: delivery.last_error,
            created: delivery.created_at,
        }
    }
}

pub(super) fn run(asked: Deliveries, sources: Sources) -> anyhow::Result<()> {
    block_on(async {
        let desk = Desk::open(sources).await?;
        match asked.command {
            Some(DeliveriesCommand::Retry(which)) => retry(&desk, which).await,
            None => list(&desk, &asked).await,
        }
    })
}

async fn list(desk: &Desk, asked: &Deliveries) -> anyhow::Result<()> {
    let filter = if asked.failed {
        Filter::Failed
    } else {
        Filter::All
    };
    let limit = asked.limit.into();
    let listed = desk
        .db
        .read(move |conn| delivery::list(conn, filter, limit))
        .await?;
    let shown: Vec<Shown> = listed.into_iter().map(Shown::from).collect();
    if asked.json {
        return output::json(&shown);
    }
    if shown.is_empty() {
        let nothing = if asked.failed {
            "Nothing has failed."
        } else {
            "Nothing was sent in the last days."
        };
        eprintln!("{nothing}");
    }
    let mut text = String::new();
    for one in &shown {
        let created = one.created.to_whole_second();
        let _ = write!(
            text,
            "{}  {created}  {}  {}  {}",
            one.number, one.state, one.kind, one.inbox
        );
        if one.attempts > 1 || one.reason.is_some() {
            let tries = if one.attempts == 1 { "try" } else { "tries" };
            let _ = write!(text, "\n    {} {tries}", one.attempts);
        }
        if let Some(reason) = &one.reason {
            let _ = write!(text, ", the last: {reason}");
        }
        if let (Some(due), true) = (one.due, one.attempts > 0) {
            let _ = write!(text, "; the next at {}", due.to_whole_second());
        }
        text.push('\n');
    }
    output::text(&text)
}

async fn retry(desk: &Desk, which: Retry) -> anyhow::Result<()> {
    let selections: Vec<Selection> = match (which.all, which.host) {
        (true, _) => vec![Selection::All],
        (false, Some(host)) => vec![Selection::Host(host.to_ascii_lowercase())],
        (false, None) => which.ids.into_iter().map(Selection::Id).collect(),
    };
    let now = desk.clock.now();
    // All of them or none.
    let again = desk
        .db
        .write_beside(move |conn| -> anyhow::Result<usize> {
            let mut again = 0;
            for selection in &selections {
                let found = delivery::retry(conn, now, selection)?;
                if let (Selection::Id(id), 0) = (selection, found) {
                    bail!("no delivery {id} has failed");
                }
                again += found;
            }
            Ok(again)
        })
        .await?;
    let count = output::counted(again, "failed delivery", "failed deliveries");
    eprintln!("{count} will be tried again");
    Ok(())
}
