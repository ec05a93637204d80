//! Where the record has what a page shows: its number there, the time, and the way to check it.

use std::collections::HashMap;

use maud::{Markup, html};

use super::frame::Frame;
use super::words;
use super::words::record as said;
use crate::archive::entries::{self, Place};
use crate::archive::kind::Subject;
use crate::archive::leaf::ReadLeaf;
use crate::archive::log;
use crate::kernel::{LogId, Site, Timestamp};
use crate::platform::db::{self, Conn};

/// An entry of the record, as pages refer to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    pub number: u64,
    /// The entry's page.
    pub url: String,
    /// As exactly as its leaf tells it.
    pub recorded_at: Option<Timestamp>,
}

/// The first entries about several subjects, as far as they are signed: a few queries, however many there are.
pub fn of(
    conn: &mut Conn,
    site: &Site,
    subjects: &[Subject],
) -> Result<HashMap<Subject, Mark>, db::Error> {
    if subjects.is_empty() {
        return Ok(HashMap::new());
    }
    let places = entries::places_of(conn, subjects)?;
    let all: Vec<Place> = places.values().copied().collect();
    let mut logs: Vec<LogId> = all.iter().map(|place| place.log).collect();
    logs.sort_unstable();
    logs.dedup();
    let names = log::names(conn, &logs)?;
    let leaves = log::leaves_at(conn, &all)?;
    let marks = places.into_iter().filter_map(|(subject, place)| {
        let (name, signed) = names.get(&place.log)?;
        let leaf = ReadLeaf::parse(leaves.get(&place)?.as_bytes())?;
        (place.index < *signed).then(|| {
            let mark = Mark {
                number: place.index,
                url: site.record_entry(name, place.index),
                recorded_at: leaf.at(),
            };
            (subject, mark)
        })
    });
    Ok(marks.collect())
}

/// The line below what is recorded.
pub(super) fn line(frame: &Frame, mark: Option<&Mark>, ours: Option<&'static str>) -> Markup {
    html! {
        @if let Some(mark) = mark {
            p.mark-line lang=[ours] {
                (said::place(mark.number))
                @if let Some(at) = mark.recorded_at {
                    " · " time datetime=(at.to_whole_second()) { (words::moment(at)) }
                }
                " · " (link(frame, mark))
            }
        }
    }
}

/// The way to the check alone.
pub(super) fn link(frame: &Frame, mark: &Mark) -> Markup {
    html! {
        a href={ (frame.path(&mark.url)) "#verify" } {
            (said::VERIFY) span.vh { " " (said::place(mark.number)) }
        }
    }
}
