//! `actapub numbers`: what an agency's dialogue comes to.

use crate::agencies;
use crate::agencies::staff::Mandate;
use crate::dialogue::numbers::{self, Grain, Report};
use crate::kernel::Handle;
use crate::platform::config::Sources;
use crate::platform::db::Conn;

use super::desk::{Desk, block_on};
use super::output;

#[derive(Debug, clap::Args)]
pub(super) struct Numbers {
    /// The agency, such as water
    agency: Handle,
    /// week or month
    #[arg(long, default_value = "week")]
    by: Grain,
    /// Print comma-separated values
    #[arg(long)]
    csv: bool,
}

pub(super) fn run(asked: Numbers, sources: Sources) -> anyhow::Result<()> {
    block_on(async {
        let desk = Desk::open(sources).await?;
        desk.services().await?.fill_queues().await?;
        let clock = desk.clock;
        let query = move |conn: &mut Conn| -> anyhow::Result<Report> {
            let agency = agencies::by_handle(conn, &asked.agency)?.id;
            let mandate = Mandate::operator(agency);
            Ok(numbers::report(conn, &clock, &mandate, asked.by)?)
        };
        let report = desk.db.read(query).await?;
        if asked.csv {
            output::text(&report.csv(&desk.site))
        } else {
            output::text(&report.text(&desk.site))
        }
    })
}
