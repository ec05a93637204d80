//! An address as a question: what is recorded of what stands there.

use super::{Became, Book, Finding, Later, Verdict};
use crate::archive::entries::{self, Entry, Place};
use crate::archive::erasure;
use crate::archive::kind::{Kind, Subject};
use crate::dialogue::replies::{self, Standing};
use crate::platform::db::{self, Conn};
use crate::publishing;

/// Whether a question is an address and nothing else.
pub(super) fn is_one(question: &str) -> bool {
    let web = question.starts_with("https://") || question.starts_with("http://");
    web && !question.contains(char::is_whitespace)
}

/// What is recorded under an address: an announcement's or a reply's page or id, or an entry's.
pub(super) fn look_up(
    conn: &mut Conn,
    book: &Book<'_>,
    address: &str,
) -> Result<Vec<Finding>, db::Error> {
    let bare = address.split('#').next().unwrap_or_default();
    let bare = bare.strip_suffix('/').unwrap_or(bare);
    let subject = match entry_of(book, bare) {
        Some(place) => match entries::at(conn, place)? {
            Some(entry) => match entry.subject {
                subject @ (Subject::Announcement(_) | Subject::Reply(_)) => Some(subject),
                _ => {
                    return Ok(book
                        .finding(place, Verdict::Recorded, entry.at)
                        .into_iter()
                        .collect());
                }
            },
            None => None,
        },
        None => subject_of(conn, book, bare)?,
    };
    match subject {
        Some(subject) => history(conn, book, subject),
        None => Ok(vec![]),
    }
}

fn subject_of(
    conn: &mut Conn,
    book: &Book<'_>,
    address: &str,
) -> Result<Option<Subject>, db::Error> {
    let ours = book
        .site
        .announcement_of(address)
        .or_else(|| book.site.announcement_of_page(address));
    if let Some(id) = ours {
        return Ok(Some(Subject::Announcement(id)));
    }
    let reply = match replies::by_uri(conn, address)? {
        Some(reply) => Some(reply),
        None => replies::by_page(conn, address)?,
    };
    Ok(reply.map(|reply| Subject::Reply(reply.id)))
}

/// `https://…/record/water/12`, with or without what may follow.
fn entry_of(book: &Book<'_>, address: &str) -> Option<Place> {
    book.logs.values().find_map(|log| {
        let rest = address
            .strip_prefix(&book.site.record(&log.name))?
            .strip_prefix('/')?;
        let index = rest.split(['/', '?', '.']).next()?;
        Some(Place::new(log.id, index.parse().ok()?))
    })
}

/// All that is recorded of a subject, as one finding.
fn history(conn: &mut Conn, book: &Book<'_>, subject: Subject) -> Result<Vec<Finding>, db::Error> {
    let entries = entries::by_subject(conn, subject)?;
    let Some(first) = entries.first() else {
        return Ok(vec![]);
    };
    let Some(mut finding) = book.finding(first.place, Verdict::Recorded, first.at) else {
        return Ok(vec![]);
    };
    let withheld = !erasure::withheld(conn, &[subject])?.is_empty();
    let (mut body, mut reason) = (None, None);
    match subject {
        Subject::Announcement(id) => {
            finding.page = book.page(conn, id)?;
            if let Some(announcement) = publishing::find(conn, id)? {
                let stands = announcement.withdrawn.is_none();
                reason = announcement
                    .withdrawn
                    .map(|it| it.reason)
                    .filter(|_| !withheld);
                finding.language = Some(announcement.revision.language);
                if stands {
                    body = Some(announcement.revision.html.to_text());
                }
            }
        }
        Subject::Reply(id) => {
            finding.verdict = Verdict::SaidByCitizen;
            let shown = replies::by_id(conn, id)?
                .filter(|reply| reply.standing == Standing::Shown && reply.thread.is_some());
            body = shown.map(|reply| reply.words.html.to_text());
        }
        _ => {}
    }
    finding.within = body
        .filter(|body| !body.is_empty())
        .map(|body| [String::new(), body, String::new()]);
    finding.later = entries
        .iter()
        .skip(1)
        .filter_map(|entry| step(book, entry, reason.as_deref()))
        .collect();
    if let Some(at) = first.erased_at
        && let Some(mut erased) = book.later(first, Became::Erased)
    {
        erased.at = at;
        finding.later.push(erased);
    } else if withheld && let Some(mut ordered) = book.later(first, Became::Withheld) {
        let orders = erasure::of_subject(conn, subject)?;
        ordered.at = orders
            .iter()
            .find(|it| it.done_at.is_none())
            .map_or(first.at, |it| it.ordered_at);
        finding.later.push(ordered);
    }
    Ok(vec![finding])
}

fn step(book: &Book<'_>, entry: &Entry, reason: Option<&str>) -> Option<Later> {
    let what = match entry.kind {
        Kind::AnnouncementEdited | Kind::ReplyEdited => Became::Edited,
        Kind::AnnouncementWithdrawn => Became::Withdrawn,
        Kind::ReplyDeleted => Became::Deleted,
        _ => return None,
    };
    let mut later = book.later(entry, what)?;
    if what == Became::Withdrawn {
        later.reason = reason.map(str::to_owned);
    }
    Some(later)
}
