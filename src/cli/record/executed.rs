//! Waiting for the record to have executed what was ordered: a server that runs does it, or else the command itself.

use std::time::{Duration, Instant};

use crate::archive::erasure::{self, Erasure};
use crate::cli::desk::{self, Desk};
use crate::kernel::{ErasureId, Timestamp};
use crate::platform::db::{self, Conn, Location};

/// How long a server that runs is waited for.
const PATIENCE: Duration = Duration::from_secs(30);
/// On PostgreSQL nobody can tell whether one runs; several may work at the same time.
const SHORT_PATIENCE: Duration = Duration::from_secs(5);
const GLANCE: Duration = Duration::from_millis(50);

/// Returns the orders as they stand once all are executed or held back, or nobody has got on with them for long.
pub(super) async fn wait_for(desk: &Desk, ids: Vec<ErasureId>) -> anyhow::Result<Vec<Erasure>> {
    let location = desk::location(&desk.config)?;
    let (server, patience) = match location {
        Location::Sqlite(_) => (location.claim()?, PATIENCE),
        Location::Postgres(_) => (None, SHORT_PATIENCE),
    };
    if server.is_some() {
        // Nobody else has it, and nobody starts until this is done.
        execute(desk).await?;
    }
    let begun = Instant::now();
    let mut orders = look(desk, ids.clone()).await?;
    while !orders.iter().all(is_settled) && begun.elapsed() < patience {
        tokio::time::sleep(GLANCE).await;
        orders = look(desk, ids.clone()).await?;
    }
    if !orders.iter().all(is_settled) && matches!(location, Location::Postgres(_)) {
        execute(desk).await?;
        orders = look(desk, ids).await?;
    }
    Ok(orders)
}

async fn look(desk: &Desk, ids: Vec<ErasureId>) -> Result<Vec<Erasure>, db::Error> {
    desk.db
        .read(move |conn: &mut Conn| {
            let mut orders = vec![];
            for id in ids {
                orders.extend(erasure::find(conn, id)?);
            }
            Ok(orders)
        })
        .await
}

/// Whether an order is executed, or held back by a hold.
fn is_settled(erasure: &Erasure) -> bool {
    erasure.done_at.is_some() || erasure.due_at == Timestamp::from_micros(i64::MAX)
}

/// Does what a server does in the background, as far as the record needs it.
async fn execute(desk: &Desk) -> anyhow::Result<()> {
    let services = desk.services().await?;
    let recorder = services.recorder();
    services.outbox().run_until_idle().await;
    recorder.run_until_idle().await?;
    // What was destroyed is a fact in turn.
    services.outbox().run_until_idle().await;
    recorder.run_until_idle().await?;
    Ok(())
}
