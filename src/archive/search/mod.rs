//! Looking for words in what agencies announce and citizens answer in public.
//!
//! A reader of the journal behind the record keeps the words of every wording of an announcement, withdrawn ones as
//! well, and of the replies that are shown. Whose words they are cannot be looked for.

mod indexer;
mod store;
mod words;

pub use self::indexer::Indexer;
pub(super) use self::store::{Row, forget, indexed_to, matching, matching_any, of_subject};
pub use self::words::{Query, words};
pub(super) use self::words::{digit, is_sign};

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::entries::Place;
use super::erasure;
use super::kind::Subject;
use crate::dialogue::replies::{self, Standing};
use crate::kernel::{AnnouncementId, LogId, ReplyId, Timestamp};
use crate::platform::db::{self, Conn};
use crate::publishing::{self, Announcement, Revision};

/// The name of our cursor in the journal.
pub(super) const CONSUMER: &str = "search";

/// Something that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// The entry that the text is from.
    pub place: Place,
    pub subject: Subject,
    /// When an agency wrote it, or a reply came.
    pub at: Timestamp,
    /// Some of the text around what was looked for.
    pub excerpt: String,
    /// BCP 47, if known.
    pub language: Option<String>,
    /// Whether another wording has taken the place of this one.
    pub superseded: bool,
    /// Whether the announcement was withdrawn.
    pub withdrawn: bool,
}

/// What a query finds in a log, the newest entries first, below index `before` if that is given; at most `limit`. A
/// reply that is not shown any more is left out, so that fewer may be found.
pub fn find(
    conn: &mut Conn,
    log: LogId,
    query: &str,
    before: Option<u64>,
    limit: i64,
) -> Result<Vec<Hit>, db::Error> {
    let query = Query::parse(query);
    if query.is_empty() {
        return Ok(vec![]);
    }
    let rows = matching(conn, Some(log), &query.0, before, limit)?;
    let first = query.0.first().and_then(|phrase| phrase.first());
    let found = texts(conn, &rows)?;
    Ok(rows
        .iter()
        .filter_map(|row| {
            let text = found.get(&row.place)?;
            Some(Hit {
                place: row.place,
                subject: row.subject,
                at: text.at,
                excerpt: excerpt(&text.all(), first.map_or("", String::as_str)),
                language: text.language.clone(),
                superseded: text.superseded,
                withdrawn: text.withdrawn.is_some(),
            })
        })
        .collect())
}

/// What stands behind a row of the index.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub(super) body: String,
    pub(super) warning: Option<String>,
    /// Text alternatives of pictures.
    pub(super) alts: Vec<String>,
    /// What it says at length, title and text.
    pub(super) article: Option<[String; 2]>,
    pub(super) language: Option<String>,
    pub(super) at: Timestamp,
    pub(super) superseded: bool,
    pub(super) withdrawn: Option<(Timestamp, String)>,
}

impl Found {
    fn all(&self) -> String {
        let mut pieces: Vec<&str> = self.warning.as_deref().into_iter().collect();
        pieces.push(&self.body);
        pieces.extend(self.alts.iter().map(String::as_str));
        pieces.extend(self.article.iter().flatten().map(String::as_str));
        pieces.join(" ")
    }

    fn of_revision(announcement: &Announcement, revision: &Revision) -> Self {
        Self {
            body: revision.html.to_text(),
            warning: revision.warning.clone(),
            alts: revision.images.iter().map(|it| it.alt.clone()).collect(),
            article: revision
                .article
                .as_ref()
                .map(|it| [it.title.clone(), it.html.to_text()]),
            language: Some(revision.language.clone()),
            at: revision.created_at,
            superseded: revision.number != announcement.revision.number,
            withdrawn: announcement
                .withdrawn
                .as_ref()
                .map(|it| (it.at, it.reason.clone())),
        }
    }

    fn of_reply(reply: &replies::Reply) -> Option<Self> {
        let shown = reply.standing == Standing::Shown && reply.thread.is_some();
        shown.then(|| Self {
            body: reply.words.html.to_text(),
            warning: reply.words.warning.clone(),
            alts: vec![],
            article: None,
            language: reply.words.language.clone(),
            at: reply.received_at,
            superseded: false,
            withdrawn: None,
        })
    }
}

/// The texts of rows, by place, as they may be shown now: a reply that was deleted has none, nor has what was ordered to be
/// destroyed.
pub(super) fn texts(conn: &mut Conn, rows: &[Row]) -> Result<HashMap<Place, Found>, db::Error> {
    let mut found = HashMap::new();
    let ids: Vec<ReplyId> = rows
        .iter()
        .filter_map(|row| match row.subject {
            Subject::Reply(id) => Some(id),
            _ => None,
        })
        .collect();
    let replies: HashMap<ReplyId, replies::Reply> = replies::by_ids(conn, &ids)?
        .into_iter()
        .map(|reply| (reply.id, reply))
        .collect();
    let mut announcements: HashMap<AnnouncementId, Option<Announcement>> = HashMap::new();
    let subjects: Vec<Subject> = rows.iter().map(|row| row.subject).collect();
    let withheld = erasure::withheld(conn, &subjects)?;
    for row in rows.iter().filter(|row| !withheld.contains(&row.subject)) {
        let text = match row.subject {
            Subject::Reply(id) => replies.get(&id).and_then(Found::of_reply),
            Subject::Announcement(id) => {
                if let Entry::Vacant(vacant) = announcements.entry(id) {
                    vacant.insert(publishing::find(conn, id)?);
                }
                let revision = publishing::revision(conn, id, row.revision)?;
                announcements
                    .get(&id)
                    .and_then(Option::as_ref)
                    .zip(revision.as_ref())
                    .map(|(announcement, revision)| Found::of_revision(announcement, revision))
            }
            _ => None,
        };
        if let Some(text) = text {
            found.insert(row.place, text);
        }
    }
    Ok(found)
}

/// Characters of an excerpt, and how many of them stand before what was found.
const EXCERPT: usize = 240;
const BEFORE: usize = 60;

/// Some of a text, around the first word that folds to `word`.
fn excerpt(text: &str, word: &str) -> String {
    let mut at = 0;
    let mut seen = 0;
    for piece in text.split_inclusive(char::is_whitespace) {
        if words(piece).iter().any(|it| it == word) {
            at = seen;
            break;
        }
        seen += piece.chars().count();
    }
    let all = text.chars().count();
    let start = if all <= EXCERPT {
        0
    } else {
        at.saturating_sub(BEFORE)
    };
    let mut excerpt: String = text.chars().skip(start).take(EXCERPT).collect();
    if start > 0 {
        excerpt.insert(0, '…');
    }
    if start + EXCERPT < all {
        excerpt.push('…');
    }
    excerpt
}
