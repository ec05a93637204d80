//! `actapub record resume`: going on with a record of which more was seen elsewhere.

use anyhow::Context as _;

use super::keys::log_of;
use crate::archive::log;
use crate::archive::resumptions;
use crate::cli::desk::{Desk, block_on};
use crate::kernel::Handle;
use crate::platform::config::Sources;
use crate::platform::db::Conn;

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Resume {
    /// The agency's handle
    agency: Handle,
    /// Why it goes on, such as what became of the newer database: it is public, so name nobody
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

pub(in crate::cli) fn run(asked: &Resume, sources: Sources) -> anyhow::Result<()> {
    block_on(async {
        let desk = Desk::open(sources).await?;
        let (handle, reason, clock) = (asked.agency.clone(), asked.reason.clone(), desk.clock);
        let (before, after) = desk
            .db
            .write(move |conn: &mut Conn| -> anyhow::Result<_> {
                let before = log_of(conn, &handle)?;
                resumptions::resume(conn, &clock, before.agency, &reason)?;
                let after = log::by_id(conn, before.id)?.context("the record is gone")?;
                Ok((before, after))
            })
            .await?;
        eprintln!(
            "The record of @{} goes on behind entry {}; a tree of {} entries was seen elsewhere. The record says so, with the reason. \
             Whoever kept a later checkpoint, witnesses above all, will find that this is another history: tell them.",
            asked.agency, after.head.size, before.floor
        );
        Ok(())
    })
}
