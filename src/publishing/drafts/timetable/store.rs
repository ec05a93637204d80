//! Which drafts go out when, in the database.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use crate::kernel::{DraftId, Timestamp};
use crate::platform::db::schema::{draft_parts, drafts};
use crate::platform::db::{self, Conn};
use crate::publishing::drafts::Standing;

/// The drafts whose time has come, the most overdue first; those of kinds that need new keys are marked.
pub(super) fn due(
    conn: &mut Conn,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<(DraftId, String)>, db::Error> {
    let rows: Vec<(i64, String)> = drafts::table
        .inner_join(draft_parts::table.on(draft_parts::draft_id.eq(drafts::id)))
        // A literal, since the index is for this state.
        .filter(sql::<Bool>("drafts.state = 4"))
        .filter(drafts::due_at.le(now.micros()))
        .filter(draft_parts::removed_at.is_null())
        .order((drafts::due_at, drafts::id, draft_parts::part))
        .limit(limit)
        .select((drafts::id, draft_parts::kind))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, kind)| (DraftId::new(id), kind))
        .collect())
}

/// When the next draft goes out.
pub(super) fn next_due(conn: &mut Conn) -> Result<Option<Timestamp>, db::Error> {
    let next: Option<Option<i64>> = drafts::table
        .filter(sql::<Bool>("drafts.state = 4"))
        .order(drafts::due_at)
        .select(drafts::due_at)
        .first(conn)
        .optional()?;
    Ok(next.flatten().map(Timestamp::from_micros))
}

/// How many drafts were held and wait for somebody to decide, of all agencies.
pub(super) fn count_held(conn: &mut Conn) -> Result<i64, db::Error> {
    Ok(drafts::table
        .filter(drafts::state.eq(Standing::Held.code()))
        .count()
        .get_result(conn)?)
}
