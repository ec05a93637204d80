//! Announcements in the database, counted.

use diesel::prelude::*;

use crate::kernel::{AgencyId, Timestamp};
use crate::platform::db::schema::announcements;
use crate::platform::db::{self, Conn};

/// How many announcements an agency has pinned.
pub(in crate::publishing) fn count_pinned(
    conn: &mut Conn,
    agency: AgencyId,
) -> Result<i64, db::Error> {
    Ok(announcements::table
        .filter(announcements::agency_id.eq(agency.get()))
        .filter(announcements::pinned_at.is_not_null())
        .count()
        .get_result(conn)?)
}

/// How many standing announcements an agency has, answers included; of all agencies if `None`.
pub fn count(conn: &mut Conn, agency: Option<AgencyId>) -> Result<i64, db::Error> {
    let mut query = announcements::table
        .filter(announcements::withdrawn_at.is_null())
        .count()
        .into_boxed();
    if let Some(agency) = agency {
        query = query.filter(announcements::agency_id.eq(agency.get()));
    }
    Ok(query.get_result(conn)?)
}

/// How many agencies have published anything since.
pub fn active_agencies(conn: &mut Conn, since: Timestamp) -> Result<i64, db::Error> {
    let ids: Vec<i64> = announcements::table
        .filter(announcements::published_at.ge(since.micros()))
        .select(announcements::agency_id)
        .distinct()
        .load(conn)?;
    Ok(i64::try_from(ids.len()).unwrap_or(i64::MAX))
}
