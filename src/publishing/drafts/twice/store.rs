//! Drafts that were just begun, in the database.

use diesel::prelude::*;

use crate::kernel::{AgencyId, DraftId, PersonId, Timestamp};
use crate::platform::db::schema::{draft_versions, drafts};
use crate::platform::db::{self, Conn};
use crate::publishing::drafts::Standing;

/// The newest draft that somebody has begun since then with these words, and nobody has touched.
pub(super) fn begun_with(
    conn: &mut Conn,
    agency: AgencyId,
    by: PersonId,
    since: Timestamp,
    hash: &str,
) -> Result<Option<DraftId>, db::Error> {
    let id: Option<i64> = drafts::table
        .inner_join(draft_versions::table.on(draft_versions::draft_id.eq(drafts::id)))
        .filter(drafts::agency_id.eq(agency.get()))
        .filter(drafts::changed_at.ge(since.micros()))
        .filter(drafts::started_at.ge(since.micros()))
        .filter(drafts::started_by.eq(by.get()))
        .filter(drafts::state.eq(Standing::Writing.code()))
        .filter(drafts::last_number.eq(1))
        .filter(draft_versions::hash.eq(hash))
        .order(drafts::id.desc())
        .select(drafts::id)
        .first(conn)
        .optional()?;
    Ok(id.map(DraftId::new))
}
