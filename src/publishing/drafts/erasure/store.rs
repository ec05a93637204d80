//! Drafts that lose what they said. The rows never leave this file.

use diesel::prelude::*;

use crate::kernel::{AnnouncementId, MessageId, Timestamp};
use crate::platform::db::schema::{announcements, draft_parts, draft_versions, drafts};
use crate::platform::db::{self, Conn};
use crate::publishing::drafts::store::proposal;
use crate::publishing::drafts::{Kind, Proposal, Standing};

/// Destroys what drafts say of an announcement, in all their versions.
pub(in crate::publishing) fn erase(conn: &mut Conn, id: AnnouncementId) -> Result<(), db::Error> {
    let ids: Vec<i64> = draft_parts::table
        .filter(draft_parts::announcement_id.eq(id.get()))
        .select(draft_parts::draft_id)
        .distinct()
        .load(conn)?;
    let mut parts: Vec<(i64, i32)> = draft_parts::table
        .filter(draft_parts::announcement_id.eq(id.get()))
        .select((draft_parts::draft_id, draft_parts::part))
        .load(conn)?;
    // A further post was written in the draft of the first, which goes with it.
    let head: Option<i64> = announcements::table
        .find(id.get())
        .filter(announcements::place.gt(0))
        .select(announcements::thread_id)
        .first(conn)
        .optional()?;
    if let Some(head) = head {
        let written: Vec<(i64, i32)> = draft_parts::table
            .filter(draft_parts::announcement_id.eq(head))
            .filter(draft_parts::kind.eq(Kind::Announcement.name()))
            .select((draft_parts::draft_id, draft_parts::part))
            .load(conn)?;
        parts.extend(written);
    }
    for (draft, part) in parts {
        let own = draft_versions::table
            .filter(draft_versions::draft_id.eq(draft))
            .filter(draft_versions::part.eq(part));
        diesel::update(own)
            .set((draft_versions::proposal.eq(""), draft_versions::hash.eq("")))
            .execute(conn)?;
    }
    let remarks = drafts::table.filter(drafts::id.eq_any(&ids));
    diesel::update(remarks.filter(drafts::remark.is_not_null()))
        .set(drafts::remark.eq(""))
        .execute(conn)?;
    // What is not over yet can be of no more use.
    discard(conn, &ids)
}

/// Destroys what drafts say that were to answer something that is destroyed, if they have not gone out.
pub(in crate::publishing) fn drop_answers(conn: &mut Conn, uri: &str) -> Result<(), db::Error> {
    let ids: Vec<i64> = draft_parts::table
        .inner_join(drafts::table.on(drafts::id.eq(draft_parts::draft_id)))
        .filter(draft_parts::answering.eq(uri))
        .filter(drafts::state.ne(Standing::Published.code()))
        .select(draft_parts::draft_id)
        .distinct()
        .load(conn)?;
    empty(conn, &ids)?;
    discard(conn, &ids)
}

/// Shows nobody any more what drafts say about a private message, and lets none of them go out.
pub(in crate::publishing) fn withhold_private(
    conn: &mut Conn,
    message: MessageId,
    now: Timestamp,
) -> Result<(), db::Error> {
    let ids = about(conn, message)?;
    diesel::update(drafts::table.filter(drafts::id.eq_any(&ids)))
        .set(drafts::withheld_at.eq(now.micros()))
        .execute(conn)?;
    discard(conn, &ids)
}

/// Destroys what drafts say about a private message, whether they have gone out or not.
pub(in crate::publishing) fn drop_private(
    conn: &mut Conn,
    message: MessageId,
    now: Timestamp,
) -> Result<(), db::Error> {
    withhold_private(conn, message, now)?;
    let ids = about(conn, message)?;
    empty(conn, &ids)
}

fn about(conn: &mut Conn, message: MessageId) -> Result<Vec<i64>, db::Error> {
    Ok(drafts::table
        .filter(drafts::message_id.eq(message.get()))
        .select(drafts::id)
        .load(conn)?)
}

/// Destroys what drafts say, and what was remarked about them.
fn empty(conn: &mut Conn, ids: &[i64]) -> Result<(), db::Error> {
    diesel::update(draft_versions::table.filter(draft_versions::draft_id.eq_any(ids)))
        .set((draft_versions::proposal.eq(""), draft_versions::hash.eq("")))
        .execute(conn)?;
    let remarks = drafts::table.filter(drafts::id.eq_any(ids));
    diesel::update(remarks.filter(drafts::remark.is_not_null()))
        .set(drafts::remark.eq(""))
        .execute(conn)?;
    Ok(())
}

/// Gives up those drafts that have not gone out.
fn discard(conn: &mut Conn, ids: &[i64]) -> Result<(), db::Error> {
    let over = [Standing::Published.code(), Standing::Discarded.code()];
    let open = drafts::table
        .filter(drafts::id.eq_any(ids))
        .filter(drafts::state.ne_all(over));
    diesel::update(open)
        .set((
            drafts::state.eq(Standing::Discarded.code()),
            drafts::ended_at.eq(drafts::changed_at.nullable()),
            drafts::due_at.eq(None::<i64>),
            drafts::steps.eq(drafts::steps + 1),
        ))
        .execute(conn)?;
    Ok(())
}

/// Whether a draft shows a picture.
pub(in crate::publishing) fn shows(conn: &mut Conn, digest: &str) -> Result<bool, db::Error> {
    let found: Option<i64> = draft_versions::table
        .filter(draft_versions::proposal.like(format!("%{digest}%")))
        .select(draft_versions::draft_id)
        .first(conn)
        .optional()?;
    Ok(found.is_some())
}

/// What was to answer `from` answers `to`, which stands in its place.
pub(in crate::publishing) fn redirect(
    conn: &mut Conn,
    from: &str,
    to: &str,
) -> Result<(), db::Error> {
    let parts: Vec<(i64, i32)> = draft_parts::table
        .filter(draft_parts::answering.eq(from))
        .select((draft_parts::draft_id, draft_parts::part))
        .load(conn)?;
    for (draft, part) in parts {
        let versions: Vec<(i32, String)> = draft_versions::table
            .filter(draft_versions::draft_id.eq(draft))
            .filter(draft_versions::part.eq(part))
            .select((draft_versions::number, draft_versions::proposal))
            .load(conn)?;
        for (number, json) in versions {
            let Some(Proposal::Announcement {
                content,
                answering: Some(mut answering),
                pin,
                rest,
            }) = proposal(&json)?
            else {
                continue;
            };
            to.clone_into(&mut answering.uri);
            let redirected = Proposal::Announcement {
                content,
                answering: Some(answering),
                pin,
                rest,
            };
            let json = serde_json::to_string(&redirected)
                .map_err(|_| db::Error::Corrupt("draft_versions.proposal"))?;
            // The hash stays: whoever approved it approved this.
            diesel::update(draft_versions::table.find((draft, number)))
                .set(draft_versions::proposal.eq(json))
                .execute(conn)?;
        }
        diesel::update(draft_parts::table.find((draft, part)))
            .set(draft_parts::answering.eq(to))
            .execute(conn)?;
    }
    Ok(())
}
