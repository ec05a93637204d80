//! `actapub withdraw`: takes an announcement back.

use crate::platform::config::Sources;
use crate::publishing;

use super::conversation::announcement_of;
use super::desk::{Desk, block_on};

#[derive(Debug, clap::Args)]
pub(super) struct Withdraw {
    /// Its page or its ActivityPub id
    #[arg(value_name = "URL")]
    announcement: String,
    /// Why: it stands in the announcement's place
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

pub(super) fn run(asked: Withdraw, sources: Sources) -> anyhow::Result<()> {
    block_on(async {
        let desk = Desk::open(sources).await?;
        let id = announcement_of(&desk.site, &asked.announcement)?;
        let clock = desk.clock;
        desk.db
            .write(move |conn| publishing::withdraw(conn, &clock, id, &asked.reason))
            .await?;
        eprintln!("{} is withdrawn", asked.announcement);
        Ok(())
    })
}
