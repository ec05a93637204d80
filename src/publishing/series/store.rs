//! Posts and their places in the database.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::kernel::{AnnouncementId, Timestamp};
use crate::platform::db::schema::announcements;
use crate::platform::db::{self, Conn};

/// The further posts of these threads.
pub(super) fn ids(
    conn: &mut Conn,
    heads: &[AnnouncementId],
) -> Result<Vec<AnnouncementId>, db::Error> {
    let ids: Vec<i64> = announcements::table
        .filter(announcements::thread_id.eq_any(heads.iter().map(|id| id.get())))
        .filter(announcements::place.gt(0))
        .select(announcements::id)
        .load(conn)?;
    Ok(ids.into_iter().map(AnnouncementId::new).collect())
}

/// When an announcement is published: the further posts of a thread some seconds behind the first.
pub fn published_at(conn: &mut Conn, id: AnnouncementId) -> Result<Option<Timestamp>, db::Error> {
    let at: Option<i64> = announcements::table
        .find(id.get())
        .select(announcements::published_at)
        .first(conn)
        .optional()?;
    Ok(at.map(Timestamp::from_micros))
}

/// The first post of each of these announcements that belong to several posts, which it may be itself.
pub fn heads_of(
    conn: &mut Conn,
    announced: &[AnnouncementId],
) -> Result<HashMap<AnnouncementId, AnnouncementId>, db::Error> {
    let asked: Vec<i64> = announced.iter().map(|id| id.get()).collect();
    let rows: Vec<(i64, i64)> = announcements::table
        .filter(announcements::place.gt(0))
        .filter(
            announcements::thread_id
                .eq_any(&asked)
                .or(announcements::id.eq_any(&asked)),
        )
        .select((announcements::id, announcements::thread_id))
        .load(conn)?;
    let mut heads = HashMap::new();
    for (id, head) in rows {
        for of in [id, head] {
            if asked.contains(&of) {
                heads.insert(AnnouncementId::new(of), AnnouncementId::new(head));
            }
        }
    }
    Ok(heads)
}
