//! What pages show, read from the stores: a few queries a page, however long the thread or the list.

mod article;
mod series;
mod thread;

pub(super) use self::article::{AtLength, article, change};

use std::collections::{HashMap, HashSet};

use crate::agencies;
use crate::archive::erasure;
use crate::archive::keys::verifier_keys;
use crate::archive::kind::Subject;
use crate::archive::log;
use crate::dialogue::followers;
use crate::dialogue::reactions;
use crate::dialogue::reactions::Tally;
use crate::dialogue::replies;
use crate::kernel::AgencyId;
use crate::kernel::AnnouncementId;
use crate::kernel::Cursor;
use crate::kernel::Handle;
use crate::kernel::ReplyId;
use crate::kernel::Site;
use crate::kernel::Timestamp;
use crate::platform::db;
use crate::platform::db::Conn;
use crate::publishing;
use crate::publishing::Shelf;
use crate::publishing::provenance;
use crate::web::words;

use super::address;
use super::marks;
use super::view;

/// Announcements on a page of a list.
const PAGE: i64 = 20;

/// What is to be had at the address of an announcement.
pub(super) enum Found {
    Page(Box<view::AnnouncementPage>),
    Withdrawn(Box<view::WithdrawnPage>),
}

/// Which part of a thread is asked for.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Part {
    /// What answers this reply; what answers the announcement otherwise.
    pub(super) under: Option<ReplyId>,
    pub(super) after: Option<ReplyId>,
}

pub(super) fn front(conn: &mut Conn, site: &Site) -> Result<view::FrontPage, db::Error> {
    let extents = publishing::extents(conn, None)?;
    let followers = followers::counts(conn)?;
    let listed = agencies::list(conn)?.into_iter().map(|agency| {
        let extent = extents.get(&agency.id).copied().unwrap_or_default();
        view::Listed {
            by: view::Byline::of(site, &agency),
            followers: positive(followers.get(&agency.id).copied().unwrap_or(0)),
            announcements: positive(extent.announcements),
            last_published_at: extent.newest,
            summary: agency.summary_html,
            language: agency.language,
        }
    });
    Ok(view::FrontPage {
        agencies: listed.collect(),
    })
}

pub(super) fn agency(
    conn: &mut Conn,
    site: &Site,
    handle: &Handle,
) -> Result<Option<view::Agency>, db::Error> {
    let agency = agencies::find_by_handle(conn, handle)?;
    Ok(agency.map(|agency| view::Agency::of(site, agency)))
}

pub(super) fn agency_page(
    conn: &mut Conn,
    site: &Site,
    now: Timestamp,
    handle: &Handle,
    after: Option<Cursor>,
) -> Result<Option<view::AgencyPage>, db::Error> {
    let Some(agency) = agencies::find_by_handle(conn, handle)? else {
        return Ok(None);
    };
    let pinned = match after {
        None => publishing::pinned(conn, agency.id)?,
        Some(_) => vec![],
    };
    let from = after.unwrap_or(Cursor::NEWEST);
    let mut shelf = publishing::by_agency(conn, agency.id, Shelf::Announcements, from, PAGE + 1)?;
    let next = cut(&mut shelf);
    // What is pinned stands above already.
    shelf.retain(|it| !pinned.iter().any(|above| above.id == it.id));
    let extent = publishing::extents(conn, Some(agency.id))?.remove(&agency.id);
    let followers = followers::count(conn, agency.id)?;
    let by = HashMap::from([(agency.id, view::Byline::of(site, &agency))]);
    let (id, here) = (agency.id, format!("/@{handle}"));
    let pinned_count = pinned.len();
    let mut all = pinned;
    all.append(&mut shelf);
    let shown = announcements(conn, site, all, by)?;
    let mut shown = series::completed(conn, site, shown)?;
    let announcements = shown.split_off(pinned_count.min(shown.len()));
    Ok(Some(view::AgencyPage {
        agency: view::Agency::of(site, agency),
        followers: positive(followers),
        announcements_total: positive(extent.unwrap_or_default().announcements),
        record: record(conn, site, now, id)?,
        pinned: shown,
        announcements,
        pager: view::Pager {
            first: after.map(|_| here.clone()),
            next: next.map(|cursor| format!("{here}?after={cursor}")),
        },
    }))
}

/// The record of an agency, once it is begun.
fn record(
    conn: &mut Conn,
    site: &Site,
    now: Timestamp,
    agency: AgencyId,
) -> Result<Option<view::Record>, db::Error> {
    let Some(log) = log::by_agency(conn, agency)? else {
        return Ok(None);
    };
    let vkey = verifier_keys(conn, &log, now)?.into_iter().next();
    Ok(vkey.map(|vkey| view::Record {
        url: site.record(&log.name),
        vkey,
    }))
}

pub(super) fn tag_page(
    conn: &mut Conn,
    site: &Site,
    tag: &str,
    after: Option<Cursor>,
) -> Result<view::TagPage, db::Error> {
    let folded = publishing::markdown::fold(tag);
    let from = after.unwrap_or(Cursor::NEWEST);
    let mut tagged = publishing::by_tag(conn, &folded, from, PAGE + 1)?;
    let next = cut(&mut tagged);
    // As an agency wrote it, which is how it reads best.
    let written = tagged
        .iter()
        .flat_map(|it| &it.revision.hashtags)
        .find(|hashtag| hashtag.tag == folded)
        .map(|hashtag| hashtag.display.clone());
    let url = site.tag_page(&folded);
    let here = url.strip_prefix(site.base()).unwrap_or(&url).to_owned();
    let by = bylines(
        conn,
        site,
        tagged.iter().map(|it| it.agency),
        HashMap::new(),
    )?;
    Ok(view::TagPage {
        hashtag: view::Hashtag {
            display: written.unwrap_or_else(|| folded.clone()),
            tag: folded,
        },
        announcements: {
            let shown = announcements(conn, site, tagged, by)?;
            series::completed(conn, site, shown)?
        },
        pager: view::Pager {
            first: after.map(|_| here.clone()),
            next: next.map(|cursor| format!("{here}?after={cursor}")),
        },
    })
}

/// An announcement without its thread, as an embedding page or a form shows it.
pub(super) fn announcement_alone(
    conn: &mut Conn,
    site: &Site,
    id: AnnouncementId,
) -> Result<Option<Found>, db::Error> {
    let Some(announcement) = publishing::find(conn, id)? else {
        return Ok(None);
    };
    let announcement = without_what_is_withheld(conn, announcement)?;
    let agency = agencies::find(conn, announcement.agency)?
        .ok_or(db::Error::Corrupt("announcements.agency_id"))?;
    if let Some(withdrawal) = announcement.withdrawn.clone() {
        return Ok(Some(Found::Withdrawn(Box::new(view::WithdrawnPage {
            agency: view::Agency::of(site, agency),
            id,
            published_at: announcement.published_at,
            withdrawn_at: withdrawal.at,
            reason: Some(withdrawal.reason).filter(|reason| !reason.is_empty()),
            record: marks::of(conn, site, &[Subject::Announcement(id)])?
                .remove(&Subject::Announcement(id)),
            others: series::others(conn, &announcement)?,
        }))));
    }
    let by = HashMap::from([(agency.id, view::Byline::of(site, &agency))]);
    let shown = announcements(conn, site, vec![announcement], by)?;
    let shown = series::completed(conn, site, shown)?.pop();
    Ok(shown.map(|announcement| {
        Found::Page(Box::new(view::AnnouncementPage {
            agency: view::Agency::of(site, agency),
            announcement,
            thread: view::Thread::default(),
        }))
    }))
}

/// An announcement with a page of its thread; `None` if either is not there.
pub(super) fn announcement(
    conn: &mut Conn,
    site: &Site,
    id: AnnouncementId,
    part: Part,
) -> Result<Option<Found>, db::Error> {
    let mut found = announcement_alone(conn, site, id)?;
    if let Some(Found::Page(page)) = &mut found {
        let Some(thread) = thread::page(conn, site, &page.announcement, part)? else {
            return Ok(None);
        };
        page.thread = thread;
    }
    Ok(found)
}

/// Leaves a page's worth, and tells where the next begins.
fn cut(list: &mut Vec<publishing::Announcement>) -> Option<Cursor> {
    let page = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let more = list.len() > page;
    list.truncate(page);
    list.last().filter(|_| more).map(|last| Cursor {
        at: last.published_at,
        id: last.id.get(),
    })
}

fn announcements(
    conn: &mut Conn,
    site: &Site,
    list: Vec<publishing::Announcement>,
    mut by: HashMap<AgencyId, view::Byline>,
) -> Result<Vec<view::Announcement>, db::Error> {
    let ids: Vec<AnnouncementId> = list.iter().map(|it| it.id).collect();
    let mut tallies = reactions::tallies(conn, &ids)?;
    let targets = targets(conn, site, &list)?;
    let subjects: Vec<Subject> = ids.iter().copied().map(Subject::Announcement).collect();
    let mut recorded = marks::of(conn, site, &subjects)?;
    let mut provenances = provenance::of_newest(conn, &ids)?;
    by = bylines(conn, site, list.iter().map(|it| it.agency), by)?;
    list.into_iter()
        .map(|it| {
            let counts = counts(tallies.remove(&it.id).unwrap_or_default());
            Ok(view::Announcement {
                id: it.id,
                article: by
                    .get(&it.agency)
                    .and_then(|by| article::teaser(site, &by.handle, it.id, &it.revision)),
                by: by
                    .get(&it.agency)
                    .cloned()
                    .ok_or(db::Error::Corrupt("announcements.agency_id"))?,
                html: it.revision.html,
                warning: it.revision.warning,
                language: it.revision.language,
                images: images(site, it.revision.images),
                poll: it.poll,
                in_reply_to: it.in_reply_to.and_then(|uri| targets.get(&uri).cloned()),
                published_at: it.published_at,
                edited_at: it.edited_at,
                counts,
                provenance: provenances.remove(&it.id),
                record: recorded.remove(&Subject::Announcement(it.id)),
                series: view::Series::default(),
            })
        })
        .collect()
}

/// What the announcements of a list answer, as links: to a page of ours, or to the citizen's own server.
fn targets(
    conn: &mut Conn,
    site: &Site,
    list: &[publishing::Announcement],
) -> Result<HashMap<String, view::Link>, db::Error> {
    let uris: Vec<String> = list
        .iter()
        .filter_map(|it| it.in_reply_to.clone())
        .collect();
    let mut targets = HashMap::new();
    if uris.is_empty() {
        return Ok(targets);
    }
    for reply in replies::by_uris(conn, &uris)? {
        let link = match reply.standing {
            replies::Standing::Shown => view::Link {
                label: format!("@{}", reply.author.acct()),
                url: reply.words.url,
            },
            replies::Standing::DeletedByAuthor { .. }
            | replies::Standing::Withheld { .. }
            | replies::Standing::Erased { .. } => view::Link {
                label: words::A_DELETED_REPLY.to_owned(),
                url: String::new(),
            },
        };
        targets.insert(reply.uri, link);
    }
    for uri in uris {
        if targets.contains_key(&uri) {
            continue;
        }
        // The document's address leads a person on to its page, whoever the agency is.
        let label = match site.announcement_of(&uri) {
            Some(_) => words::AN_EARLIER_ANNOUNCEMENT.to_owned(),
            None => address::host(&uri).unwrap_or_default(),
        };
        let url = uri.clone();
        targets.insert(uri, view::Link { label, url });
    }
    Ok(targets)
}

/// Takes out of a withdrawn announcement the reason, if somebody has ordered that it is destroyed.
fn without_what_is_withheld(
    conn: &mut Conn,
    mut announcement: publishing::Announcement,
) -> Result<publishing::Announcement, db::Error> {
    if let Some(withdrawal) = &mut announcement.withdrawn
        && !erasure::withheld(conn, &[Subject::Announcement(announcement.id)])?.is_empty()
    {
        withdrawal.reason.clear();
    }
    Ok(announcement)
}

fn bylines(
    conn: &mut Conn,
    site: &Site,
    agencies: impl Iterator<Item = AgencyId>,
    mut known: HashMap<AgencyId, view::Byline>,
) -> Result<HashMap<AgencyId, view::Byline>, db::Error> {
    let missing: HashSet<AgencyId> = agencies.filter(|id| !known.contains_key(id)).collect();
    if !missing.is_empty() {
        let ids: Vec<AgencyId> = missing.into_iter().collect();
        for agency in agencies::by_ids(conn, &ids)? {
            known.insert(agency.id, view::Byline::of(site, &agency));
        }
    }
    Ok(known)
}

fn images(site: &Site, images: Vec<publishing::Image>) -> Vec<view::Image> {
    let images = images.into_iter().map(|it| view::Image {
        url: site.media(&it.digest, &it.media_type),
        alt: it.alt,
        width: it.width,
        height: it.height,
    });
    images.collect()
}

fn counts(tally: Tally) -> view::Counts {
    view::Counts {
        replies: positive(tally.replies),
        likes: positive(tally.likes),
        shares: positive(tally.boosts),
    }
}

fn positive(count: i64) -> u64 {
    u64::try_from(count).unwrap_or(0)
}
