//! A form that was sent twice.

mod store;

use std::time::Duration;

use super::version::Written;
use super::{Draft, Error, Proposal, store as drafts};
use crate::agencies::staff::{Mandate, Right};
use crate::kernel::Clock;
use crate::platform::db::Conn;

/// How long the same form from the same person is taken for one that was sent twice.
const SENT_TWICE: Duration = Duration::from_secs(2 * 60);

/// The draft that whoever acts has just begun with the same words, and has not touched since: a form that is sent twice
/// says one thing.
pub fn just_started(
    conn: &mut Conn,
    clock: &dyn Clock,
    mandate: &Mandate,
    proposal: &Proposal,
) -> Result<Option<Draft>, Error> {
    mandate.require(Right::Draft)?;
    let Some(by) = mandate.person() else {
        return Ok(None);
    };
    let since = clock.now() - SENT_TWICE;
    let hash = Written::of(proposal)?.hash;
    let found = store::begun_with(conn, mandate.agency(), by, since, &hash)?;
    match found {
        Some(id) => Ok(drafts::find(conn, id)?),
        None => Ok(None),
    }
}
