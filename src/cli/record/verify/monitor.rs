//! `actapub record monitor`: follows a record of somebody else's, and says when something is amiss.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, anyhow};
use url::Url;

use super::{CONTRADICTS, USAGE, client, judged, record_of, trust_of};
use crate::app::terminated;
use crate::archive::audit::Source;
use crate::archive::audit::monitor::{Alarm, Look, Monitor};
use crate::cli::desk::block_on;
use crate::cli::{Exit, output};
use crate::kernel::{Clock as _, SystemClock};

/// The exit code for what was published and not recorded.
const UNRECORDED: u8 = 13;

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Follow {
    /// The record's address
    #[arg(value_name = "URL")]
    record: Url,
    /// Where to keep what was seen, for the next time
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,
    /// Look once, and end with a code that says what was found
    #[arg(long, conflicts_with = "every")]
    once: bool,
    /// How often to look: 30s, 10m, 2h
    #[arg(long, value_name = "TIME", default_value = "10m", value_parser = duration)]
    every: Duration,
    /// The agency's actor, whose outbox is compared; the record names it otherwise
    #[arg(long, value_name = "URL")]
    actor: Option<String>,
    /// The log's key, from elsewhere than the record itself; the key of the first look counts otherwise
    #[arg(long, value_name = "KEY")]
    vkey: Vec<String>,
    /// Which witnesses must have cosigned (C2SP tlog-policy)
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// Also reach private addresses, without TLS
    #[arg(long)]
    allow_private: bool,
}

fn duration(text: &str) -> Result<Duration, String> {
    let (number, unit) = text.split_at(text.len().saturating_sub(1));
    let seconds = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        _ => 0,
    };
    match number.parse::<u32>() {
        Ok(number) if number > 0 && seconds > 0 => {
            Ok(Duration::from_secs(u64::from(number) * seconds))
        }
        _ => Err("a time is a number and s, m or h, such as 10m".to_owned()),
    }
}

pub(in crate::cli) fn run(asked: &Follow) -> anyhow::Result<()> {
    let usage = |error: anyhow::Error| Exit::because(USAGE, &error);
    let trust = trust_of(&asked.vkey, asked.policy.as_deref()).map_err(usage)?;
    let client = client(asked.allow_private)?;
    let (base, entry) = record_of(&asked.record);
    if entry.is_some() {
        return Err(usage(anyhow!(
            "{} is an entry: name its record",
            asked.record
        )));
    }
    let source = Source::web(client.clone(), &base);
    let mut monitor = Monitor::open(
        client,
        source,
        trust,
        asked.actor.clone(),
        asked.state.clone(),
        Arc::new(SystemClock),
    )?;
    block_on(async {
        loop {
            let look = monitor.look().await?;
            report(&look)?;
            if asked.once {
                return worst(&look);
            }
            tokio::select! {
                ended = terminated() => return ended.context("cannot wait"),
                () = tokio::time::sleep(asked.every) => {}
            }
        }
    })
}

/// A line for what was found, and one for each alarm.
fn report(look: &Look) -> anyhow::Result<()> {
    let now = SystemClock.now().to_whole_second();
    let mut lines: Vec<String> = look
        .alarms
        .iter()
        .map(|alarm| format!("{now} ALARM {alarm}\n"))
        .collect();
    if look.alarms.is_empty() {
        let entries = output::counted(look.size, "entry", "entries");
        let how = if look.whole { ", all of them read" } else { "" };
        let outbox = match look.compared {
            Some(_) => "",
            None => "; no outbox was found to compare it with",
        };
        lines.push(format!(
            "{now} ok {entries}, {} new{how}{outbox}\n",
            look.new
        ));
    }
    output::text(&lines.concat())
}

/// The exit code of the gravest alarm, with its sentence.
fn worst(look: &Look) -> anyhow::Result<()> {
    let code = |alarm: &Alarm| match alarm {
        Alarm::Fault(fault) => judged(fault).1,
        Alarm::Unrecorded(_) => UNRECORDED,
    };
    let gravity = |alarm: &&Alarm| match code(alarm) {
        CONTRADICTS => u8::MAX,
        other => other,
    };
    match look.alarms.iter().max_by_key(gravity) {
        None => Ok(()),
        Some(alarm) => Err(Exit::because(code(alarm), &anyhow!("{alarm}"))),
    }
}
