//! Receipts that were sent, and who wants no more of them, in the database.

use diesel::prelude::*;

use crate::federation::outbox;
use crate::kernel::{ActorId, AgencyId, AnnouncementId, ReplyId, Timestamp};
use crate::platform::db::schema::{announcements, record_receipt_stops, record_receipts};
use crate::platform::db::{self, Conn, on_either};

/// Notes that somebody is sent a receipt; `false` if they have one for that thread already.
pub(super) fn insert(
    conn: &mut Conn,
    now: Timestamp,
    thread: AnnouncementId,
    actor: ActorId,
    reply: ReplyId,
    fact_seq: i64,
) -> Result<bool, db::Error> {
    let inserted = on_either!(conn => diesel::insert_into(record_receipts::table)
        .values((
            record_receipts::thread_id.eq(thread.get()),
            record_receipts::actor_id.eq(actor.get()),
            record_receipts::reply_id.eq(reply.get()),
            record_receipts::fact_seq.eq(fact_seq),
            record_receipts::at.eq(now.micros()),
        ))
        .on_conflict_do_nothing()
        .execute(conn))?;
    Ok(inserted == 1)
}

/// Destroys the message about a reply that is gone, and does not deliver it if that is still to be done.
pub(in crate::archive) fn take_back(conn: &mut Conn, reply: ReplyId) -> Result<(), db::Error> {
    let facts: Vec<i64> = record_receipts::table
        .filter(record_receipts::reply_id.eq(reply.get()))
        .select(record_receipts::fact_seq)
        .load(conn)?;
    outbox::destroy_bodies(conn, &facts)
}

/// The same of all that an agency has sent somebody.
pub(super) fn take_back_all(
    conn: &mut Conn,
    agency: AgencyId,
    actor: ActorId,
) -> Result<(), db::Error> {
    let facts: Vec<i64> = record_receipts::table
        .inner_join(announcements::table.on(announcements::id.eq(record_receipts::thread_id)))
        .filter(record_receipts::actor_id.eq(actor.get()))
        .filter(announcements::agency_id.eq(agency.get()))
        .select(record_receipts::fact_seq)
        .load(conn)?;
    outbox::destroy_bodies(conn, &facts)
}

/// Leaves no trace of the receipt for a reply that is erased.
pub(in crate::archive) fn forget(conn: &mut Conn, reply: ReplyId) -> Result<(), db::Error> {
    take_back(conn, reply)?;
    let own = record_receipts::table.filter(record_receipts::reply_id.eq(reply.get()));
    diesel::delete(own).execute(conn)?;
    Ok(())
}

/// Leaves no trace of somebody's receipts, nor that they wanted none.
pub(in crate::archive) fn forget_person(conn: &mut Conn, actor: ActorId) -> Result<(), db::Error> {
    let theirs = record_receipts::table.filter(record_receipts::actor_id.eq(actor.get()));
    let facts: Vec<i64> = theirs.select(record_receipts::fact_seq).load(conn)?;
    outbox::destroy_bodies(conn, &facts)?;
    diesel::delete(record_receipts::table.filter(record_receipts::actor_id.eq(actor.get())))
        .execute(conn)?;
    let stops = record_receipt_stops::table.filter(record_receipt_stops::actor_id.eq(actor.get()));
    diesel::delete(stops).execute(conn)?;
    Ok(())
}

/// Notes that somebody wants no more receipts from an agency.
pub(super) fn stop(
    conn: &mut Conn,
    now: Timestamp,
    agency: AgencyId,
    actor: ActorId,
) -> Result<(), db::Error> {
    on_either!(conn => diesel::insert_into(record_receipt_stops::table)
        .values((
            record_receipt_stops::agency_id.eq(agency.get()),
            record_receipt_stops::actor_id.eq(actor.get()),
            record_receipt_stops::at.eq(now.micros()),
        ))
        .on_conflict_do_nothing()
        .execute(conn))?;
    Ok(())
}

pub(super) fn has_stopped(
    conn: &mut Conn,
    agency: AgencyId,
    actor: ActorId,
) -> Result<bool, db::Error> {
    let found: Option<i64> = record_receipt_stops::table
        .find((agency.get(), actor.get()))
        .select(record_receipt_stops::at)
        .first(conn)
        .optional()?;
    Ok(found.is_some())
}
