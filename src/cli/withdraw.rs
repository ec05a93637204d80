//! `actapub withdraw`: takes an announcement back.

use crate::platform::config::Sources;
use crate::platform::db::Conn;
use crate::publishing;
use crate::publishing::drafts::{Press, Proposal};

use super::alone::Ground;
use super::announce::rules;
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
    #[command(flatten)]
    ground: Ground,
}

pub(super) fn run(asked: Withdraw, sources: Sources) -> anyhow::Result<()> {
    block_on(async {
        let desk = Desk::open(sources).await?;
        let id = announcement_of(&desk.site, &asked.announcement)?;
        let (clock, site, limits) = (desk.clock, desk.site.clone(), rules(&desk));
        let work = move |conn: &mut Conn| -> anyhow::Result<()> {
            let (agency, _) = publishing::place_of(conn, id)?.ok_or(publishing::Error::NotFound)?;
            let withdrawal = Proposal::Withdrawal {
                announcement: id,
                reason: asked.reason,
            };
            let press = Press {
                site: &site,
                limits,
                keys: None,
            };
            asked
                .ground
                .act(conn, &clock, &press, agency, vec![withdrawal], None)?;
            Ok(())
        };
        desk.db.write(work).await?;
        eprintln!("{} is withdrawn", asked.announcement);
        Ok(())
    })
}
