//! Policies in the database.

use diesel::prelude::*;

use crate::kernel::{Clock, PolicyId};
use crate::platform::db::schema::record_policies;
use crate::platform::db::{self, Conn, on_either};

/// The policy in force.
pub fn current(conn: &mut Conn) -> Result<Option<String>, db::Error> {
    Ok(record_policies::table
        .order(record_policies::id.desc())
        .select(record_policies::policy)
        .first(conn)
        .optional()?)
}

/// The same with its number.
pub(super) fn current_numbered(conn: &mut Conn) -> Result<Option<(PolicyId, String)>, db::Error> {
    let row: Option<(i64, String)> = record_policies::table
        .order(record_policies::id.desc())
        .select((record_policies::id, record_policies::policy))
        .first(conn)
        .optional()?;
    Ok(row.map(|(id, policy)| (PolicyId::new(id), policy)))
}

pub(super) fn find(conn: &mut Conn, id: PolicyId) -> Result<Option<String>, db::Error> {
    Ok(record_policies::table
        .find(id.get())
        .select(record_policies::policy)
        .first(conn)
        .optional()?)
}

pub(super) fn insert(
    conn: &mut Conn,
    clock: &dyn Clock,
    policy: &str,
) -> Result<PolicyId, db::Error> {
    let id: i64 = on_either!(conn => diesel::insert_into(record_policies::table)
        .values((
            record_policies::policy.eq(policy),
            record_policies::since.eq(clock.now().micros()),
        ))
        .returning(record_policies::id)
        .get_result(conn))?;
    Ok(PolicyId::new(id))
}
