//! Deliveries in the database.

use diesel::prelude::*;

use crate::kernel::{ActivityId, Timestamp};
use crate::platform::db::schema::deliveries;
use crate::platform::db::{self, Conn, on_either};

/// Queues an activity for (host, inbox); an inbox that has it already is left alone.
pub fn insert(
    conn: &mut Conn,
    now: Timestamp,
    activity: ActivityId,
    recipients: &[(String, String)],
) -> Result<(), db::Error> {
    for chunk in recipients.chunks(500) {
        let rows: Vec<_> = chunk
            .iter()
            .map(|(host, inbox)| {
                (
                    deliveries::activity_id.eq(activity.get()),
                    deliveries::inbox.eq(inbox),
                    deliveries::host.eq(host),
                    deliveries::state.eq(0),
                    deliveries::attempts.eq(0),
                    deliveries::due_at.eq(now.micros()),
                    deliveries::created_at.eq(now.micros()),
                )
            })
            .collect();
        on_either!(conn => diesel::insert_into(deliveries::table)
            .values(&rows)
            .on_conflict_do_nothing()
            .execute(conn))?;
    }
    Ok(())
}
