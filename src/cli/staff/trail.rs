//! `actapub staff trail`: who did what inside.

use std::fmt::Write as _;

use serde::Serialize;

use super::at;
use crate::agencies::staff::trail::{self, Act, Line};
use crate::cli::desk::{Desk, block_on};
use crate::cli::output;
use crate::kernel::{Handle, Timestamp, TrailId};
use crate::platform::config::Sources;
use crate::platform::db::Conn;

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Trail {
    /// The agency's handle; what concerns only the server if not named
    agency: Option<Handle>,
    /// Go on below the line of this number
    #[arg(long, value_name = "NUMBER")]
    before: Option<TrailId>,
    /// At most as many lines
    #[arg(long, value_name = "LINES", default_value_t = 100, value_parser = clap::value_parser!(i64).range(1..=10_000))]
    limit: i64,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

/// A line as it is shown.
#[derive(Debug, Serialize)]
struct Shown {
    id: TrailId,
    at: Timestamp,
    /// Nobody but the command line, if not said.
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<String>,
    act: Act,
    to: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    to_name: Option<String>,
}

impl Shown {
    fn of(line: Line) -> Self {
        Self {
            id: line.id,
            at: line.at,
            by: line.by_name,
            to: line.subject.to_string(),
            to_name: line.subject_name,
            act: line.act,
        }
    }
}

pub(in crate::cli) fn show(asked: Trail, sources: Sources) -> anyhow::Result<()> {
    block_on(async {
        let desk = Desk::open(sources).await?;
        let lines = desk
            .db
            .read(move |conn: &mut Conn| -> anyhow::Result<_> {
                Ok(match &asked.agency {
                    Some(handle) => {
                        let (_, mandate) = at(conn, handle)?;
                        trail::page(conn, &mandate, asked.before, asked.limit)?
                    }
                    None => trail::of_server(conn, asked.before, asked.limit)?,
                })
            })
            .await?;
        let shown: Vec<Shown> = lines.into_iter().map(Shown::of).collect();
        if asked.json {
            return output::json(&shown);
        }
        let mut text = String::new();
        for it in &shown {
            let _ = writeln!(
                text,
                "{} {} {} {} {}",
                it.id,
                it.at.to_whole_second(),
                it.by.as_deref().unwrap_or("operator"),
                said(&it.act),
                it.to_name.as_ref().unwrap_or(&it.to),
            );
        }
        output::text(&text)
    })
}

/// An act with the roles that it is about.
fn said(act: &Act) -> String {
    let roles = match act {
        Act::Invited(roles) | Act::Joined(roles) => roles.as_slice(),
        Act::RoleGiven(role) | Act::RoleTaken(role) => std::slice::from_ref(role),
        _ => &[],
    };
    let names: Vec<&str> = roles.iter().map(|role| role.name()).collect();
    format!("{} {}", act.name(), names.join(","))
        .trim_end()
        .to_owned()
}
