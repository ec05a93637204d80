//! What was published together: the further posts of announcements, and where a further post stands.

use std::collections::HashMap;

use crate::archive::kind::Subject;
use crate::kernel::AnnouncementId;
use crate::kernel::Site;
use crate::platform::db;
use crate::platform::db::Conn;
use crate::publishing;
use crate::web::marks;
use crate::web::pages::view;

/// The same announcements, each with what it was published with.
pub(super) fn completed(
    conn: &mut Conn,
    site: &Site,
    mut shown: Vec<view::Announcement>,
) -> Result<Vec<view::Announcement>, db::Error> {
    let ids: Vec<AnnouncementId> = shown.iter().map(|it| it.id).collect();
    let heads = publishing::heads_of(conn, &ids)?;
    if heads.is_empty() {
        return Ok(shown);
    }
    let threads: Vec<AnnouncementId> = heads.values().copied().collect();
    let series = publishing::further(conn, &threads)?;
    let below = |id: &AnnouncementId| series.get(id).map_or(&[][..], Vec::as_slice);
    let all: Vec<publishing::Announcement> = ids.iter().flat_map(below).cloned().collect();
    let mut further = further(conn, site, all)?;
    for announcement in &mut shown {
        let id = announcement.id;
        let Some(head) = heads.get(&id) else { continue };
        announcement.series = if *head == id {
            let posts = below(&id).iter();
            view::Series {
                further: posts.filter_map(|post| further.remove(&post.id)).collect(),
                place: None,
            }
        } else {
            view::Series {
                further: vec![],
                place: place(below(head), id),
            }
        };
    }
    Ok(shown)
}

/// Further posts as they are shown.
fn further(
    conn: &mut Conn,
    site: &Site,
    posts: Vec<publishing::Announcement>,
) -> Result<HashMap<AnnouncementId, view::Further>, db::Error> {
    let (standing, withdrawn): (Vec<_>, Vec<_>) =
        posts.into_iter().partition(|post| post.withdrawn.is_none());
    let standing = super::announcements(conn, site, standing, HashMap::new())?;
    let said = standing.into_iter();
    let mut further: HashMap<AnnouncementId, view::Further> = said
        .map(|post| (post.id, view::Further::Said(Box::new(post))))
        .collect();
    let subjects: Vec<Subject> = withdrawn
        .iter()
        .map(|post| Subject::Announcement(post.id))
        .collect();
    let mut recorded = marks::of(conn, site, &subjects)?;
    for post in withdrawn {
        let post = super::without_what_is_withheld(conn, post)?;
        let Some(withdrawal) = post.withdrawn else {
            continue;
        };
        let gone = view::Further::Withdrawn {
            id: post.id,
            published_at: post.published_at,
            withdrawn_at: withdrawal.at,
            reason: Some(withdrawal.reason).filter(|reason| !reason.is_empty()),
            record: recorded.remove(&Subject::Announcement(post.id)),
        };
        further.insert(post.id, gone);
    }
    Ok(further)
}

fn place(posts: &[publishing::Announcement], id: AnnouncementId) -> Option<view::Place> {
    let at = posts.iter().position(|post| post.id == id)?;
    let head = posts.first()?.thread;
    let before = at.checked_sub(1).and_then(|at| posts.get(at));
    Some(view::Place {
        number: at + 2,
        of: posts.len() + 1,
        head,
        before: before.map_or(head, |post| post.id),
        next: posts.get(at + 1).map(|post| post.id),
    })
}

/// The posts that were published with a withdrawn one and stand, by their numbers.
pub(super) fn others(
    conn: &mut Conn,
    withdrawn: &publishing::Announcement,
) -> Result<Vec<(usize, AnnouncementId)>, db::Error> {
    let head = withdrawn.thread;
    if withdrawn.place == 0 && withdrawn.in_reply_to.is_some() {
        return Ok(vec![]);
    }
    let Some(further) = publishing::further(conn, &[head])?.remove(&head) else {
        return Ok(vec![]);
    };
    let first = publishing::find(conn, head)?;
    let all = first.into_iter().chain(further);
    let standing = (1..).zip(all).filter(|(_, post)| post.withdrawn.is_none());
    Ok(standing.map(|(number, post)| (number, post.id)).collect())
}
