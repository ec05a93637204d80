//! `actapub staff invite`, `invitations`, `revoke` and `reset`: links, and what undoes them.

use std::fmt::Write as _;

use anyhow::bail;
use serde::Serialize;

use super::{Told, at, by_address, joining};
use crate::agencies::staff::links::{self, Invitation, Lost, Purpose};
use crate::agencies::staff::{Operator, Role, team};
use crate::cli::desk::{Desk, block_on};
use crate::cli::output;
use crate::kernel::{Handle, StaffLinkId, Timestamp};
use crate::platform::chance;
use crate::platform::config::Sources;
use crate::platform::db::Conn;

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Invite {
    /// The agency's handle
    agency: Handle,
    /// author, approver, moderator, records-officer or administrator; may be repeated
    #[arg(long = "role", value_name = "ROLE", required = true)]
    roles: Vec<Role>,
    /// Whom the invitation is for; they may sign in with another address
    #[arg(long, value_name = "ADDRESS")]
    email: Option<String>,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Invitations {
    /// The agency's handle
    agency: Handle,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Revoke {
    /// The agency's handle
    agency: Handle,
    /// The invitation's number, as `actapub staff invitations` shows it
    #[arg(required_unless_present = "sessions")]
    invitation: Option<StaffLinkId>,
    /// End all sessions of somebody of the staff instead
    #[arg(long, value_name = "ADDRESS", conflicts_with = "invitation")]
    sessions: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Reset {
    /// The address that they sign in with
    address: String,
    /// Their one-time codes, recovery codes and passkeys are lost as well, and are removed when the link is used
    #[arg(long)]
    everything: bool,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

pub(in crate::cli) fn invite(asked: Invite, sources: Sources) -> anyhow::Result<()> {
    block_on(async {
        let desk = Desk::open(sources).await?;
        let (clock, json) = (desk.clock, asked.json);
        let (offered, agency) = desk
            .db
            .write(move |conn: &mut Conn| -> anyhow::Result<_> {
                let (agency, mandate) = at(conn, &asked.agency)?;
                let invitation = Invitation {
                    email: asked.email,
                    roles: asked.roles,
                };
                let offered = links::invite(conn, &clock, &mandate, invitation, &chance)?;
                Ok((offered, agency))
            })
            .await?;
        let what_for = format!(
            "Whoever opens this link joins the staff of {}.",
            agency.name
        );
        joining(&desk.site, &offered).tell(json, &what_for)
    })
}

/// An invitation as it is shown.
#[derive(Debug, Serialize)]
struct Shown {
    id: StaffLinkId,
    roles: Vec<Role>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    /// Nobody but the command line, if not said.
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<String>,
    made: Timestamp,
    expires: Timestamp,
}

pub(in crate::cli) fn list(asked: Invitations, sources: Sources) -> anyhow::Result<()> {
    block_on(async {
        let desk = Desk::open(sources).await?;
        let clock = desk.clock;
        let open = desk
            .db
            .read(move |conn: &mut Conn| -> anyhow::Result<_> {
                let (_, mandate) = at(conn, &asked.agency)?;
                Ok(links::invitations(conn, &clock, &mandate)?)
            })
            .await?;
        let shown: Vec<Shown> = open
            .into_iter()
            .map(|link| Shown {
                id: link.id,
                roles: match link.purpose {
                    Purpose::Invitation { roles, .. } => roles,
                    Purpose::Operator | Purpose::Reset { .. } | Purpose::SetUp => vec![],
                },
                email: link.email,
                by: link.by,
                made: link.made_at,
                expires: link.expires_at,
            })
            .collect();
        if asked.json {
            return output::json(&shown);
        }
        let mut text = String::new();
        for it in &shown {
            let roles: Vec<&str> = it.roles.iter().map(|role| role.name()).collect();
            let _ = writeln!(
                text,
                "{} until {} {} {}",
                it.id,
                it.expires.to_whole_second(),
                roles.join(", "),
                it.email.as_deref().unwrap_or_default()
            );
        }
        output::text(&text)
    })
}

pub(in crate::cli) fn revoke(asked: Revoke, sources: Sources) -> anyhow::Result<()> {
    block_on(async {
        let desk = Desk::open(sources).await?;
        let clock = desk.clock;
        let done = desk
            .db
            .write(move |conn: &mut Conn| -> anyhow::Result<_> {
                let (_, mandate) = at(conn, &asked.agency)?;
                match (asked.invitation, asked.sessions) {
                    (Some(link), _) => {
                        links::revoke(conn, &clock, &mandate, link)?;
                        Ok(format!("Invitation {link} is void."))
                    }
                    (None, Some(address)) => {
                        let person = by_address(conn, &address)?;
                        let ended = team::end_sessions(conn, &clock, &mandate, person.id)?;
                        Ok(output::counted(
                            ended,
                            "session has ended.",
                            "sessions have ended.",
                        ))
                    }
                    (None, None) => bail!("say which invitation, or whose --sessions"),
                }
            })
            .await?;
        eprintln!("{done}");
        Ok(())
    })
}

pub(in crate::cli) fn reset(asked: Reset, sources: Sources) -> anyhow::Result<()> {
    block_on(async {
        let desk = Desk::open(sources).await?;
        let (clock, json) = (desk.clock, asked.json);
        let (offered, name) = desk
            .db
            .write(move |conn: &mut Conn| -> anyhow::Result<_> {
                let person = by_address(conn, &asked.address)?;
                let lost = if asked.everything {
                    Lost::Everything
                } else {
                    Lost::Password
                };
                let by = Operator::COMMAND_LINE;
                let offered =
                    links::offer_reset_as_operator(conn, &clock, by, person.id, lost, &chance)?;
                Ok((offered, person.name))
            })
            .await?;
        let told = Told {
            id: offered.id,
            url: desk.site.resetting(offered.token.reveal()),
            expires: offered.expires_at,
        };
        let what_for = format!("Whoever opens this link sets a new password for {name}.");
        told.tell(json, &what_for)
    })
}
