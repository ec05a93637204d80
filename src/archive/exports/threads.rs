//! A conversation as a page that needs nothing else: no server, no script, no request.

use std::collections::{HashMap, HashSet};
use std::io::{self, Write};

use maud::{DOCTYPE, Markup, PreEscaped, html};
use serde_json::Value;

use super::Disclosed;
use super::guide::{POLICY, STYLE};
use crate::archive::entries::{self, Entry, Filter};
use crate::archive::erasure;
use crate::archive::kind::{Kind, Subject};
use crate::archive::log::Log;
use crate::dialogue::replies::{self, Reply, Standing};
use crate::kernel::{AnnouncementId, ReplyId, Site};
use crate::platform::db::{self, Conn};
use crate::publishing;

/// Entries that are read at a time.
const PAGE: i64 = 200;

const WITHHELD: &str = "Withheld: its erasure is ordered.";

/// Whose thread is written, and for whom.
#[derive(Debug, Clone, Copy)]
pub(super) struct Setting<'a> {
    pub(super) site: &'a Site,
    pub(super) log: &'a Log,
    pub(super) agency: &'a str,
    pub(super) disclosed: Disclosed,
    /// Entries of the log that count.
    pub(super) size: u64,
}

#[derive(Debug, thiserror::Error)]
pub enum Failure {
    #[error(transparent)]
    Db(#[from] db::Error),
    #[error(transparent)]
    Io(#[from] io::Error),
}

pub(super) fn write(
    conn: &mut Conn,
    out: &mut dyn Write,
    setting: Setting<'_>,
    thread: AnnouncementId,
) -> Result<(), Failure> {
    let filter = Filter {
        thread: Some(thread),
        ..Filter::default()
    };
    let head = html! {
        (DOCTYPE)
        (PreEscaped("<html lang=\"en\"><head>"))
        meta charset="utf-8";
        meta http-equiv="Content-Security-Policy" content=(POLICY);
        meta name="viewport" content="width=device-width";
        title { (setting.agency) ", a conversation" }
        style { (PreEscaped(STYLE)) }
        (PreEscaped("</head><body>"))
        h1 { (setting.agency) }
        p { (setting.site.announcement(thread)) }
    };
    writeln!(out, "{}", head.into_string())?;
    let mut from = 0;
    loop {
        let page = entries::span(conn, setting.log.id, filter, from, setting.size, PAGE)?;
        let Some(last) = page.last() else { break };
        from = last.place.index + 1;
        let seen = Seen::of(conn, &page)?;
        for entry in &page {
            if let Some(article) = article(conn, setting, &seen, entry)? {
                writeln!(out, "{}", article.into_string())?;
            }
        }
    }
    writeln!(out, "</body></html>")?;
    Ok(())
}

/// What is known of the entries of a page, each read with one query.
struct Seen {
    replies: HashMap<ReplyId, Reply>,
    withheld: HashSet<Subject>,
}

impl Seen {
    fn of(conn: &mut Conn, page: &[Entry]) -> Result<Self, db::Error> {
        let subjects: Vec<Subject> = page.iter().map(|entry| entry.subject).collect();
        let ids: Vec<ReplyId> = page
            .iter()
            .filter(|entry| entry.kind == Kind::ReplyReceived)
            .filter_map(|entry| match entry.subject {
                Subject::Reply(id) => Some(id),
                _ => None,
            })
            .collect();
        Ok(Self {
            replies: replies::by_ids(conn, &ids)?
                .into_iter()
                .map(|reply| (reply.id, reply))
                .collect(),
            withheld: erasure::withheld(conn, &subjects)?,
        })
    }
}

/// What an entry says, for people. Citizens' edits and deletions show in what became of their words.
fn article(
    conn: &mut Conn,
    setting: Setting<'_>,
    seen: &Seen,
    entry: &Entry,
) -> Result<Option<Markup>, db::Error> {
    let (title, body) = match (entry.kind, entry.subject) {
        (Kind::AnnouncementPublished, Subject::Announcement(id)) => {
            ("Published", announced(conn, entry, id)?)
        }
        (Kind::AnnouncementEdited, Subject::Announcement(id)) => {
            ("Edited", announced(conn, entry, id)?)
        }
        (Kind::AnnouncementWithdrawn, _) => ("Withdrawn", withdrawn(entry)),
        (Kind::ReplyReceived, Subject::Reply(id)) => (
            "A citizen replied",
            seen.replies
                .get(&id)
                .map_or_else(|| html! {}, |reply| replied(setting, reply)),
        ),
        _ => return Ok(None),
    };
    let index = entry.place.index;
    let url = setting.site.record_entry(&setting.log.name, index);
    let time = match entry.kind {
        // To the minute, as the record tells it.
        Kind::ReplyReceived => entry
            .at
            .to_whole_second()
            .to_string()
            .chars()
            .take(16)
            .collect(),
        _ => entry.at.to_whole_second().to_string(),
    };
    let tombstone = match entry.erased_at {
        Some(_) => Some(erased(conn, entry.subject)?),
        None if seen.withheld.contains(&entry.subject) => Some(WITHHELD.to_owned()),
        None => None,
    };
    Ok(Some(html! {
        article id=(format!("entry-{index}")) {
            h2 { (title) }
            p.when { (time) ", entry " (index) ": " (url) }
            @match tombstone {
                Some(tombstone) => p { (tombstone) },
                None => (body),
            }
        }
    }))
}

fn erased(conn: &mut Conn, subject: Subject) -> Result<String, db::Error> {
    let executed = erasure::of_subject(conn, subject)?
        .into_iter()
        .rfind(|it| it.done_at.is_some());
    Ok(executed.map_or_else(
        || "Erased.".to_owned(),
        |it| {
            let (class, basis, role) = (it.class.name(), it.basis, it.role);
            format!("Erased: {class}, {basis}, decided by {role}.")
        },
    ))
}

/// The wording that an entry stands for, from what it commits to.
fn announced(conn: &mut Conn, entry: &Entry, id: AnnouncementId) -> Result<Markup, db::Error> {
    let stated = stated(entry);
    let number = stated
        .get("revision")
        .and_then(Value::as_i64)
        .and_then(|number| i32::try_from(number).ok());
    let revision = match number {
        Some(number) => publishing::revision(conn, id, number)?,
        None => None,
    };
    let Some(revision) = revision else {
        return Ok(html! {});
    };
    Ok(html! {
        div lang=(revision.language) {
            @if let Some(warning) = &revision.warning { p { strong { (warning) } } }
            (PreEscaped(revision.html.as_str()))
            @if let Some(article) = &revision.article {
                p { strong { (article.title) } }
                (PreEscaped(article.html.as_str()))
            }
            @for image in &revision.images {
                p { img src=(format!("../media/{}.{}", image.digest, ending(&image.media_type))) alt=(image.alt); }
            }
        }
    })
}

fn ending(media_type: &str) -> &'static str {
    match media_type {
        "image/png" => "png",
        "image/gif" => "gif",
        "image/webp" => "webp",
        "image/jpeg" => "jpg",
        _ => "bin",
    }
}

fn stated(entry: &Entry) -> Value {
    entry
        .statement
        .as_deref()
        .and_then(|statement| serde_json::from_str(statement).ok())
        .unwrap_or_default()
}

fn withdrawn(entry: &Entry) -> Markup {
    let stated = stated(entry);
    let reason = stated.get("reason").and_then(Value::as_str);
    html! { p { (reason.unwrap_or_default()) } }
}

fn replied(setting: Setting<'_>, reply: &Reply) -> Markup {
    match reply.standing {
        Standing::Shown => html! {
            @if setting.disclosed == Disclosed::Staff {
                p { (reply.author.name) " (@" (reply.author.acct()) ")" }
            }
            @if let Some(warning) = &reply.words.warning { p { strong { (warning) } } }
            div lang=[&reply.words.language] { (PreEscaped(reply.words.html.as_str())) }
            @if reply.edited_at.is_some() { p.when { "Edited since by its author." } }
        },
        Standing::DeletedByAuthor { .. } => html! { p { "Deleted by its author." } },
        Standing::Withheld { .. } => html! { p { (WITHHELD) } },
        Standing::Erased { .. } => html! { p { "Erased." } },
    }
}
