//! `actapub staff operator`: who operates the server from the console.

use super::{by_address, joining};
use crate::agencies::staff::{Operator, links, team};
use crate::cli::desk::{Desk, block_on};
use crate::platform::chance;
use crate::platform::config::Sources;
use crate::platform::db::Conn;

#[derive(Debug, clap::Subcommand)]
pub(in crate::cli) enum OperatorCommand {
    /// Make the link by which somebody new becomes an operator
    #[command(after_help = "Example:\n  actapub staff operator invite --email ada@city.gov")]
    Invite {
        /// Whom the invitation is for; they may sign in with another address
        #[arg(long, value_name = "ADDRESS")]
        email: Option<String>,
        /// Print one JSON document
        #[arg(long)]
        json: bool,
    },
    /// Make somebody who can sign in an operator
    #[command(after_help = "Example:\n  actapub staff operator add ada@city.gov")]
    Add {
        /// The address that they sign in with
        address: String,
    },
    /// Let somebody be an operator no longer; the command line always remains
    #[command(after_help = "Example:\n  actapub staff operator take ada@city.gov")]
    Take {
        /// The address that they sign in with
        address: String,
    },
}

pub(in crate::cli) fn run(command: OperatorCommand, sources: Sources) -> anyhow::Result<()> {
    block_on(async {
        let desk = Desk::open(sources).await?;
        let (clock, by) = (desk.clock, Operator::COMMAND_LINE);
        match command {
            OperatorCommand::Invite { email, json } => {
                let offered = desk
                    .db
                    .write(move |conn| {
                        links::invite_operator(conn, &clock, by, email.as_deref(), &chance)
                    })
                    .await?;
                let what_for = "Whoever opens this link becomes an operator of this server.";
                joining(&desk.site, &offered).tell(json, what_for)
            }
            OperatorCommand::Add { address } => {
                let name = desk
                    .db
                    .write(move |conn: &mut Conn| -> anyhow::Result<_> {
                        let person = by_address(conn, &address)?;
                        team::make_operator(conn, &clock, by, person.id)?;
                        Ok(person.name)
                    })
                    .await?;
                eprintln!("{name} is an operator of this server.");
                Ok(())
            }
            OperatorCommand::Take { address } => {
                let name = desk
                    .db
                    .write(move |conn: &mut Conn| -> anyhow::Result<_> {
                        let person = by_address(conn, &address)?;
                        team::end_operator(conn, &clock, by, person.id)?;
                        Ok(person.name)
                    })
                    .await?;
                eprintln!("{name} is no longer an operator of this server.");
                Ok(())
            }
        }
    })
}
