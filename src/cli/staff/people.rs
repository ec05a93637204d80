//! `actapub staff list`, `remove` and `role`: who is on the staff, and as what.

use std::fmt::Write as _;

use serde::Serialize;

use super::{at, by_address};
use crate::agencies::staff::team::{self, Member};
use crate::agencies::staff::{Operator, Role};
use crate::cli::desk::{Desk, block_on};
use crate::cli::output;
use crate::kernel::{Handle, PersonId, Timestamp};
use crate::platform::config::Sources;
use crate::platform::db::Conn;

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct List {
    /// The agency's handle; everybody who can sign in if not named
    agency: Option<Handle>,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Remove {
    /// The agency's handle
    agency: Handle,
    /// The address that they sign in with
    address: String,
}

#[derive(Debug, clap::Subcommand)]
pub(in crate::cli) enum RoleCommand {
    /// Give somebody who can sign in a role at an agency
    #[command(after_help = "Example:\n  actapub staff role add water ada@city.gov approver")]
    Add(Change),
    /// Take a role from somebody; who has none left is off the staff
    #[command(after_help = "Example:\n  actapub staff role take water ada@city.gov approver")]
    Take(Change),
}

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Change {
    /// The agency's handle
    agency: Handle,
    /// The address that they sign in with
    address: String,
    /// author, approver, moderator, records-officer or administrator
    role: Role,
}

/// Somebody as they are shown to the operator.
#[derive(Debug, Serialize)]
struct Shown {
    id: PersonId,
    name: String,
    email: String,
    roles: Vec<Role>,
    operator: bool,
    /// Whether a code is asked for after the password.
    one_time_codes: bool,
    passkeys: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    seen: Option<Timestamp>,
}

impl Shown {
    fn of(member: Member) -> Self {
        Self {
            id: member.person.id,
            name: member.person.name,
            email: member.person.email,
            roles: member.roles,
            operator: member.person.operator_since.is_some(),
            one_time_codes: member.is_guarded,
            passkeys: member.passkeys,
            seen: member.seen_at,
        }
    }
}

pub(in crate::cli) fn list(asked: List, sources: Sources) -> anyhow::Result<()> {
    block_on(async {
        let desk = Desk::open(sources).await?;
        let members = desk
            .db
            .read(move |conn: &mut Conn| -> anyhow::Result<_> {
                Ok(match &asked.agency {
                    Some(handle) => {
                        let (_, mandate) = at(conn, handle)?;
                        team::members(conn, &mandate)?
                    }
                    None => team::everyone(conn, Operator::COMMAND_LINE)?,
                })
            })
            .await?;
        let shown: Vec<Shown> = members.into_iter().map(Shown::of).collect();
        if asked.json {
            return output::json(&shown);
        }
        if shown.is_empty() {
            eprintln!(
                "There is nobody yet; `actapub staff invite --help` says how to invite somebody."
            );
        }
        let mut text = String::new();
        for it in &shown {
            let mut roles: Vec<&str> = it.roles.iter().map(|role| role.name()).collect();
            if it.operator {
                roles.push("operator");
            }
            let _ = writeln!(
                text,
                "{:<32} {:<28} {}",
                it.email,
                it.name,
                roles.join(", ")
            );
        }
        output::text(&text)
    })
}

pub(in crate::cli) fn remove(asked: Remove, sources: Sources) -> anyhow::Result<()> {
    block_on(async {
        let desk = Desk::open(sources).await?;
        let clock = desk.clock;
        let (name, agency) = desk
            .db
            .write(move |conn: &mut Conn| -> anyhow::Result<_> {
                let (agency, mandate) = at(conn, &asked.agency)?;
                let person = by_address(conn, &asked.address)?;
                team::remove(conn, &clock, &mandate, person.id)?;
                Ok((person.name, agency.name))
            })
            .await?;
        eprintln!("{name} is off the staff of {agency}.");
        Ok(())
    })
}

pub(in crate::cli) fn role(command: RoleCommand, sources: Sources) -> anyhow::Result<()> {
    block_on(async {
        let desk = Desk::open(sources).await?;
        let clock = desk.clock;
        let done = desk
            .db
            .write(move |conn: &mut Conn| -> anyhow::Result<_> {
                let (RoleCommand::Add(change) | RoleCommand::Take(change)) = &command;
                let (agency, mandate) = at(conn, &change.agency)?;
                let (person, role) = (by_address(conn, &change.address)?, change.role);
                let is_now = match &command {
                    RoleCommand::Add(_) => {
                        team::give(conn, &clock, &mandate, person.id, role)?;
                        "is"
                    }
                    RoleCommand::Take(_) => {
                        team::take(conn, &clock, &mandate, person.id, role)?;
                        "is no longer"
                    }
                };
                Ok(format!(
                    "{} {is_now} {role} of {}.",
                    person.name, agency.name
                ))
            })
            .await?;
        eprintln!("{done}");
        Ok(())
    })
}
