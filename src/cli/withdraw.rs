//! `actapub withdraw`: takes an announcement back.

use crate::platform::config::Sources;
use crate::publishing;

use super::conversation::announcement_of;
use super::desk::{Desk, block_on};

#[derive(Debug, clap::Args)]
pub(super) struct Withdraw {
    /// The announcement: its page or its ActivityPub id
    url: String,
    /// Why: it stands in the announcement's place
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

pub(super) fn run(asked: Withdraw, sources: Sources) -> anyhow::Result<()> {
    block_on(async {
        let desk = Desk::open(sources).await?;
        let id = announcement_of(&desk.site, &asked.url)?;
        let clock = desk.clock;
        desk.db
            .write(move |conn| publishing::withdraw(conn, &clock, id, &asked.reason))
            .await?;
        eprintln!("{} is withdrawn", asked.url);
        Ok(())
    })
}
