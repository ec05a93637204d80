//! `actapub staff`: the people behind an agency's voice, from the desk of whoever operates the server.

mod links;
mod operators;
mod people;
mod trail;

use crate::agencies::staff::{self, Mandate, Person};
use crate::agencies::{self, Agency};
use crate::kernel::{Handle, Site, StaffLinkId, Timestamp};
use crate::platform::config::Sources;
use crate::platform::db::Conn;

use super::output;

/// What can be asked about the staff. Whoever has the command line acts as operator.
#[derive(Debug, clap::Subcommand)]
pub(super) enum StaffCommand {
    /// Make the link by which somebody joins an agency's staff; it is used once, within seven days
    #[command(
        after_help = "Examples:\n  actapub staff invite water --role author --role approver\n  actapub staff invite water --role administrator --email ada@city.gov --json"
    )]
    Invite(links::Invite),
    /// List the open invitations of an agency
    #[command(after_help = "Example:\n  actapub staff invitations water")]
    Invitations(links::Invitations),
    /// Take an invitation back, or end somebody's sessions
    #[command(
        after_help = "Examples:\n  actapub staff revoke water 3\n  actapub staff revoke water --sessions ada@city.gov"
    )]
    Revoke(links::Revoke),
    /// List the staff of an agency, or all who can sign in
    #[command(after_help = "Examples:\n  actapub staff list water\n  actapub staff list --json")]
    List(people::List),
    /// Remove somebody from an agency's staff: from then on they may do nothing there
    #[command(after_help = "Example:\n  actapub staff remove water ada@city.gov")]
    Remove(people::Remove),
    /// Give and take roles
    #[command(subcommand)]
    Role(people::RoleCommand),
    /// Show who did what inside an agency, the newest first
    #[command(after_help = "Examples:\n  actapub staff trail water\n  actapub staff trail --json")]
    Trail(trail::Trail),
    /// Make the link by which somebody sets a new password
    #[command(
        after_help = "Examples:\n  actapub staff reset ada@city.gov\n  actapub staff reset ada@city.gov --everything"
    )]
    Reset(links::Reset),
    /// Let people operate the server from the console, or no longer
    #[command(subcommand)]
    Operator(operators::OperatorCommand),
    /// Print which role may do what, as docs/ROLES.md has it
    #[command(after_help = "Example:\n  actapub staff matrix > docs/ROLES.md")]
    Matrix,
}

pub(super) fn run(command: StaffCommand, sources: Sources) -> anyhow::Result<()> {
    match command {
        StaffCommand::Invite(asked) => links::invite(asked, sources),
        StaffCommand::Invitations(asked) => links::list(asked, sources),
        StaffCommand::Revoke(asked) => links::revoke(asked, sources),
        StaffCommand::List(asked) => people::list(asked, sources),
        StaffCommand::Remove(asked) => people::remove(asked, sources),
        StaffCommand::Role(command) => people::role(command, sources),
        StaffCommand::Trail(asked) => trail::show(asked, sources),
        StaffCommand::Reset(asked) => links::reset(asked, sources),
        StaffCommand::Operator(command) => operators::run(command, sources),
        StaffCommand::Matrix => output::text(&staff::matrix()),
    }
}

/// The operator's mandate at an agency, and the agency.
fn at(conn: &mut Conn, handle: &Handle) -> anyhow::Result<(Agency, Mandate)> {
    let agency = agencies::by_handle(conn, handle)?;
    let mandate = Mandate::operator(agency.id);
    Ok((agency, mandate))
}

/// Somebody by the address that they sign in with.
fn by_address(conn: &mut Conn, address: &str) -> anyhow::Result<Person> {
    let found = staff::find_by_address(conn, address)?;
    Ok(found
        .filter(Person::is_active)
        .ok_or(staff::Error::Unknown)?)
}

/// A link as a command tells it.
#[derive(Debug, serde::Serialize)]
struct Told {
    id: StaffLinkId,
    url: String,
    expires: Timestamp,
}

impl Told {
    fn tell(self, json: bool, what_for: &str) -> anyhow::Result<()> {
        if json {
            return output::json(&self);
        }
        let expires = self.expires.to_whole_second();
        eprintln!("{what_for} It is told only now, is used once, and is valid until {expires}.");
        output::text(&format!("{}\n", self.url))
    }
}

/// The address of an invitation.
fn joining(site: &Site, offered: &staff::links::Offered) -> Told {
    Told {
        id: offered.id,
        url: site.joining(offered.token.reveal()),
        expires: offered.expires_at,
    }
}
