//! Quotations in the database.

use diesel::prelude::*;
use diesel::upsert::excluded;

use super::NewQuote;
use crate::dialogue::actors::{Actor, Row as ActorRow};
use crate::dialogue::queue;
use crate::kernel::{ActorId, AnnouncementId, Clock, QuoteId};
use crate::platform::db::schema::{actors, quotes};
use crate::platform::db::{self, Conn, on_either};

/// An authorised quotation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote {
    pub id: QuoteId,
    pub announcement: AnnouncementId,
    pub actor: ActorId,
    pub quote_uri: String,
    pub request_uri: String,
    pub revoked: bool,
}

type Row = (i64, i64, i64, String, String, Option<i64>);

const COLUMNS: (
    quotes::id,
    quotes::announcement_id,
    quotes::actor_id,
    quotes::quote_uri,
    quotes::request_uri,
    quotes::revoked_at,
) = (
    quotes::id,
    quotes::announcement_id,
    quotes::actor_id,
    quotes::quote_uri,
    quotes::request_uri,
    quotes::revoked_at,
);

fn quote((id, announcement, actor, quote_uri, request_uri, revoked_at): Row) -> Quote {
    Quote {
        id: QuoteId::new(id),
        announcement: AnnouncementId::new(announcement),
        actor: ActorId::new(actor),
        quote_uri,
        request_uri,
        revoked: revoked_at.is_some(),
    }
}

pub(super) fn put(
    conn: &mut Conn,
    clock: &dyn Clock,
    new: &NewQuote,
) -> Result<QuoteId, db::Error> {
    let id: i64 = on_either!(conn => diesel::insert_into(quotes::table)
        .values((
            quotes::id.eq(QuoteId::mint(clock.now()).get()),
            quotes::announcement_id.eq(new.announcement.get()),
            quotes::actor_id.eq(new.actor.get()),
            quotes::quote_uri.eq(&new.quote_uri),
            quotes::request_uri.eq(&new.request_uri),
            quotes::at.eq(clock.now().micros()),
        ))
        .on_conflict(quotes::quote_uri)
        .do_update()
        .set(quotes::request_uri.eq(excluded(quotes::request_uri)))
        .returning(quotes::id)
        .get_result(conn))?;
    Ok(QuoteId::new(id))
}

pub(super) fn revoke(conn: &mut Conn, clock: &dyn Clock, id: QuoteId) -> Result<bool, db::Error> {
    let standing = quotes::table
        .filter(quotes::id.eq(id.get()))
        .filter(quotes::revoked_at.is_null());
    Ok(diesel::update(standing)
        .set(quotes::revoked_at.eq(clock.now().micros()))
        .execute(conn)?
        > 0)
}

pub(super) fn remove(conn: &mut Conn, quote_uri: &str) -> Result<bool, db::Error> {
    if let Some(quote) = find_by_uri(conn, quote_uri)? {
        queue::forget(conn, queue::Subject::Quote(quote.id))?;
    }
    Ok(diesel::delete(quotes::table.filter(quotes::quote_uri.eq(quote_uri))).execute(conn)? > 0)
}

pub fn find(conn: &mut Conn, id: QuoteId) -> Result<Option<Quote>, db::Error> {
    Ok(quotes::table
        .find(id.get())
        .select(COLUMNS)
        .first::<Row>(conn)
        .optional()?
        .map(quote))
}

/// The quotations of `ids`, each with who made it.
pub fn by_ids(conn: &mut Conn, ids: &[QuoteId]) -> Result<Vec<(Quote, Actor)>, db::Error> {
    let rows: Vec<(Row, ActorRow)> = quotes::table
        .inner_join(actors::table)
        .filter(quotes::id.eq_any(ids.iter().map(|id| id.get())))
        .select((COLUMNS, ActorRow::as_select()))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(row, actor)| (quote(row), Actor::from(actor)))
        .collect())
}

pub fn find_by_uri(conn: &mut Conn, quote_uri: &str) -> Result<Option<Quote>, db::Error> {
    let row = quotes::table
        .filter(quotes::quote_uri.eq(quote_uri))
        .select(COLUMNS)
        .first::<Row>(conn)
        .optional()?;
    Ok(row.map(quote))
}

/// The quotations by somebody. It looks through all.
pub fn by_actor(conn: &mut Conn, actor: ActorId) -> Result<Vec<Quote>, db::Error> {
    let rows = quotes::table
        .filter(quotes::actor_id.eq(actor.get()))
        .select(COLUMNS)
        .load::<Row>(conn)?;
    Ok(rows.into_iter().map(quote).collect())
}
