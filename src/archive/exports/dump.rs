//! What anybody may have of a record, as lines of JSON: leaves, what opens those of agencies, the words that are shown.

use serde_json::{Value, json};

use super::{Disclosed, lines};
use crate::archive::entries::{self, Filter, Place};
use crate::archive::erasure;
use crate::archive::kind::{Kind, Subject};
use crate::archive::log::{self, Log};
use crate::dialogue::replies::{self, Standing};
use crate::kernel::{ReplyId, Site, Timestamp};
use crate::platform::db::{self, Conn};

/// Entries read at a time.
const PAGE: i64 = 200;

/// How many entries of a log came before an instant.
pub fn size_before(conn: &mut Conn, log: &Log, instant: Timestamp) -> Result<u64, db::Error> {
    let filter = Filter {
        to: Some(instant),
        ..Filter::default()
    };
    let last = entries::page(conn, log.id, filter, log.head.size, 1)?;
    Ok(last.first().map_or(0, |entry| entry.place.index + 1))
}

/// The first line: what this is and how it may be used.
pub fn head(site: &Site, log: &Log, entries: u64, until: Timestamp, licence: &str) -> String {
    let head = json!({
        "record": site.record(&log.name),
        "origin": log.origin,
        "entries": entries,
        "until": until.to_whole_second(),
        "licence": licence,
        "licenceCovers": "the log and what agencies say; what citizens say stays theirs",
    });
    format!("{head}\n")
}

/// The lines of the next entries from index `from` on and before `below`, and the index to go on with; `None` at the end.
pub fn lines(
    conn: &mut Conn,
    site: &Site,
    log: &Log,
    from: u64,
    below: u64,
) -> Result<Option<(String, u64)>, db::Error> {
    let page = entries::span(conn, log.id, Filter::default(), from, below, PAGE)?;
    let Some(last) = page.last() else {
        return Ok(None);
    };
    let (next, mut text) = (last.place.index + 1, String::new());
    let subjects: Vec<Subject> = page.iter().map(|entry| entry.subject).collect();
    let withheld = erasure::withheld(conn, &subjects)?;
    for entry in &page {
        let index = entry.place.index;
        let leaf = log::leaf(conn, Place::new(log.id, index))?
            .ok_or(db::Error::Corrupt("record_leaves: a leaf is missing"))?;
        let url = site.record_entry(&log.name, index);
        let disclosed = (Disclosed::Public, withheld.contains(&entry.subject));
        let (mut line, _) = lines::line(conn, &url, &leaf, entry, disclosed)?;
        if let (Kind::ReplyReceived, Subject::Reply(id)) = (entry.kind, entry.subject)
            && let Some(words) = shown(conn, id)?
        {
            line = with_words(&line, &words);
        }
        text.push_str(&line);
        text.push('\n');
    }
    Ok(Some((text, next)))
}

/// The words of a reply that everybody may read.
fn shown(conn: &mut Conn, id: ReplyId) -> Result<Option<String>, db::Error> {
    let reply = replies::by_id(conn, id)?;
    Ok(reply
        .filter(|reply| reply.standing == Standing::Shown)
        .map(|reply| reply.words.html.to_text()))
}

fn with_words(line: &str, words: &str) -> String {
    let mut line: Value = serde_json::from_str(line).unwrap_or_default();
    if let Some(line) = line.as_object_mut() {
        line.insert("text".to_owned(), words.into());
    }
    line.to_string()
}
