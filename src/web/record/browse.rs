//! A whole record: `/record/{name}`, browsed from its newest entry on. It is never listed by author.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Deserialize;

use super::evidence::{leaves, tree};
use super::frame::{self, Frame};
use super::view::{Item, RecordView, WitnessView};
use super::{Heads, browse_page, found, open, page, signpost, wants_json};
use crate::agencies;
use crate::archive::entries::{self, Entry, Filter, Place};
use crate::archive::erasure;
use crate::archive::keys::verifier_keys;
use crate::archive::kind::{Kind, Subject};
use crate::archive::log::Log;
use crate::archive::search;
use crate::kernel::{AnnouncementId, Site, Timestamp};
use crate::platform::db::{self, Conn};
use crate::publishing::markdown;
use crate::tlog::Note;
use crate::web::answer::{Keep, conditional};
use crate::web::{Problem, State as Web};

/// Entries on a page.
const PAGE: usize = 50;
/// Characters that are looked for at once.
const LONGEST_QUESTION: usize = 500;
/// Characters of an agency's statement in the list.
const EXCERPT: usize = 140;

/// What to list, as it stands in the address. Empty is as good as left out: so forms send it.
#[derive(Deserialize)]
pub(super) struct Questions {
    kind: Option<String>,
    thread: Option<String>,
    from: Option<String>,
    to: Option<String>,
    below: Option<String>,
    /// Words and "phrases" to look for.
    q: Option<String>,
}

/// The same, understood.
#[derive(Debug, Clone, Default)]
pub(super) struct Wanted {
    pub(super) filter: Filter,
    /// As typed: `2026-11-24`.
    pub(super) from: Option<String>,
    pub(super) to: Option<String>,
    pub(super) below: Option<u64>,
    /// What is looked for in announcements and shown replies, as typed.
    pub(super) words: Option<String>,
}

impl Wanted {
    fn of(questions: Questions) -> Result<Self, Problem> {
        let given = |text: Option<String>| text.filter(|text| !text.is_empty());
        let mut wanted = Self::default();
        if let Some(kind) = given(questions.kind) {
            let kind = Kind::named(&kind).ok_or(Problem::BadRequest("there is no such kind"))?;
            wanted.filter.kind = Some(kind);
        }
        if let Some(thread) = given(questions.thread) {
            let thread: AnnouncementId = thread
                .parse()
                .map_err(|_| Problem::BadRequest("a thread is the number of an announcement"))?;
            wanted.filter.thread = Some(thread);
        }
        if let Some(from) = given(questions.from) {
            wanted.filter.from = Some(midnight(&from)?);
            wanted.from = Some(from);
        }
        if let Some(to) = given(questions.to) {
            // The whole of the last day.
            wanted.filter.to = Some(midnight(&to)? + DAY);
            wanted.to = Some(to);
        }
        if let Some(below) = given(questions.below) {
            let below = below
                .parse()
                .map_err(|_| Problem::BadRequest("`below` is the number of an entry"))?;
            wanted.below = Some(below);
        }
        if let Some(words) = given(questions.q) {
            if words.chars().count() > LONGEST_QUESTION {
                return Err(Problem::BadRequest(
                    "at most 500 characters are looked for at once",
                ));
            }
            wanted.words = Some(words);
        }
        Ok(wanted)
    }

    pub(super) fn is_filtered(&self) -> bool {
        self.filter != Filter::default() || self.words.is_some()
    }

    /// The question by which the list goes on below an entry.
    fn onward(&self, below: u64) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        if let Some(kind) = self.filter.kind {
            query.append_pair("kind", kind.name());
        }
        if let Some(thread) = self.filter.thread {
            query.append_pair("thread", &thread.to_string());
        }
        for (name, day) in [("from", &self.from), ("to", &self.to)] {
            if let Some(day) = day {
                query.append_pair(name, day);
            }
        }
        if let Some(words) = &self.words {
            query.append_pair("q", words);
        }
        query.append_pair("below", &below.to_string());
        query.finish()
    }
}

const DAY: std::time::Duration = std::time::Duration::from_secs(24 * 3600);

/// The beginning of a day, in UTC.
fn midnight(day: &str) -> Result<Timestamp, Problem> {
    let wrong = Problem::BadRequest("a day is written as 2026-11-24");
    if day.len() != "2026-11-24".len() {
        return Err(wrong);
    }
    format!("{day}T00:00:00Z").parse().map_err(|_| wrong)
}

/// `GET /record/{name}`
pub(super) async fn record(
    State(web): State<Web>,
    Path(name): Path<String>,
    query: Result<Query<Questions>, QueryRejection>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let (name, json) = match name.strip_suffix(".json") {
        Some(name) => (name.to_owned(), true),
        None => (name, wants_json(&asked)),
    };
    let Query(questions) =
        query.map_err(|_| Problem::BadRequest("the address names no page of this list"))?;
    let wanted = Wanted::of(questions)?;
    let (site, now, licence) = (
        web.site.clone(),
        web.clock.now(),
        web.server.licence.clone(),
    );
    let for_list = wanted.clone();
    let view = web
        .db
        .read(move |conn| read(conn, &site, now, licence, &name, &for_list))
        .await?;
    let mut response = if json {
        let body = serde_json::to_vec(&view).map_err(|_| Problem::Internal)?;
        conditional(&asked, "application/json", Keep::Seconds, body)
    } else {
        let markup = browse_page::page(&Frame::of(&web), &view, &wanted);
        page::page(&web, &asked, markup)
    };
    response = open(response);
    let checkpoint = format!("{}/checkpoint", view.url);
    let links = [
        (view.url.clone(), "rel=\"cite-as\""),
        (
            format!("{}.json", view.url),
            "rel=\"describedby\"; type=\"application/json\"",
        ),
        (checkpoint, "rel=\"item\"; type=\"text/plain\""),
        (
            format!("{}/vkey", view.url),
            "rel=\"item\"; type=\"text/plain\"",
        ),
        (view.licence.clone(), "rel=\"license\""),
    ];
    signpost(&mut response, &links);
    Ok(response)
}

fn read(
    conn: &mut Conn,
    site: &Site,
    now: Timestamp,
    licence: String,
    name: &str,
    wanted: &Wanted,
) -> Result<RecordView, db::Error> {
    let log = found(conn, name)?;
    let heads = Heads::of(conn, &log)?;
    let below = wanted.below.unwrap_or(u64::MAX).min(heads.size());
    let limit = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    let url = site.record(&log.name);
    let (listed, last) = match &wanted.words {
        None => listed(conn, &log, wanted, below, limit)?,
        Some(words) => found_by(conn, &log, wanted, words, below, limit)?,
    };
    let next = last.map(|last| format!("{url}?{}", wanted.onward(last)));
    let agency = agencies::find(conn, log.agency)?.ok_or(db::Error::Corrupt("record_logs"))?;
    let served = heads.served.as_ref();
    Ok(RecordView {
        entries: items(conn, site, &log, listed)?,
        log: log.origin.clone(),
        agency_id: site.actor(log.agency),
        agency: frame::Agency::of(site, agency),
        checkpoint: served.map(|it| tree(site, &log, &heads, it)),
        unwitnessed: heads
            .newest
            .as_ref()
            .filter(|newest| served.is_none_or(|served| served.size < newest.size))
            .map(|it| tree(site, &log, &heads, it)),
        vkeys: verifier_keys(conn, &log, now)?,
        witnesses: witnesses(&heads),
        licence,
        next,
        url,
    })
}

/// The entries of a page, and the last of them if there are more.
fn listed(
    conn: &mut Conn,
    log: &Log,
    wanted: &Wanted,
    below: u64,
    limit: i64,
) -> Result<(Vec<Entry>, Option<u64>), db::Error> {
    let mut listed = entries::page(conn, log.id, wanted.filter, below, limit)?;
    let more = listed.len() > PAGE;
    listed.truncate(PAGE);
    let last = listed.last().filter(|_| more);
    let last = last.map(|last| last.place.index);
    Ok((listed, last))
}

/// The same of the entries that say something.
fn found_by(
    conn: &mut Conn,
    log: &Log,
    wanted: &Wanted,
    words: &str,
    below: u64,
    limit: i64,
) -> Result<(Vec<Entry>, Option<u64>), db::Error> {
    let mut hits = search::find(conn, log.id, words, Some(below), limit)?;
    let more = hits.len() > PAGE;
    hits.truncate(PAGE);
    let last = hits.last().filter(|_| more).map(|hit| hit.place.index);
    let mut listed = vec![];
    for hit in hits {
        if let Some(entry) = entries::at(conn, hit.place)?
            && wanted.filter.takes(&entry)
        {
            listed.push(entry);
        }
    }
    Ok((listed, last))
}

pub(super) fn witnesses(heads: &Heads) -> Vec<WitnessView> {
    let Some(policy) = &heads.policy else {
        return vec![];
    };
    let note = heads
        .served
        .as_ref()
        .and_then(|it| Note::parse(&it.note).ok());
    let witnesses = policy.witnesses().iter().map(|witness| {
        let seconds = note
            .as_ref()
            .and_then(|note| note.verify(&witness.key).ok())
            .and_then(|verified| i64::try_from(verified.timestamp?).ok());
        WitnessView {
            name: witness.name.clone(),
            vkey: witness.key.to_string(),
            cosigned: seconds.map(Timestamp::from_seconds),
        }
    });
    witnesses.collect()
}

fn items(
    conn: &mut Conn,
    site: &Site,
    log: &Log,
    listed: Vec<Entry>,
) -> Result<Vec<Item>, db::Error> {
    let places: Vec<Place> = listed.iter().map(|entry| entry.place).collect();
    let leaves = leaves(conn, &places)?;
    let subjects: Vec<Subject> = listed.iter().map(|entry| entry.subject).collect();
    let withheld = erasure::withheld(conn, &subjects)?;
    let items = listed.into_iter().filter_map(|entry| {
        let leaf = leaves.get(&entry.place)?;
        let withheld = withheld.contains(&entry.subject) && entry.erased_at.is_none();
        let (excerpt, language) = if withheld {
            (None, None)
        } else {
            excerpt(site, &entry)
        };
        Some(Item {
            index: entry.place.index,
            url: site.record_entry(&log.name, entry.place.index),
            kind: entry.kind,
            kind_name: entry.kind.name(),
            by: entry.kind.by().name(),
            time: leaf.time.clone(),
            at: entry.at,
            refers_to: leaf.refers_to,
            erased: entry.erased_at.is_some(),
            withheld,
            excerpt,
            language,
        })
    });
    Ok(items.collect())
}

/// The first words of what an agency states, as they are read, and their language.
fn excerpt(site: &Site, entry: &Entry) -> (Option<String>, Option<String>) {
    let stated: Option<serde_json::Value> = entry
        .statement
        .as_deref()
        .filter(|_| entry.kind.is_open())
        .and_then(|statement| serde_json::from_str(statement).ok());
    let member = |name: &str| {
        let text = stated.as_ref()?.get(name)?.as_str()?;
        (!text.is_empty()).then(|| text.to_owned())
    };
    // A warning stands before what it covers.
    let text = member("warning")
        .or_else(|| {
            let rendered = markdown::render(&member("markdown")?, site, &[]);
            Some(rendered.html.to_text())
        })
        .or_else(|| member("reason"));
    let text = text.map(|text| {
        let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if words.chars().count() > EXCERPT {
            words.chars().take(EXCERPT).chain(['…']).collect()
        } else {
            words
        }
    });
    (text, member("language"))
}
