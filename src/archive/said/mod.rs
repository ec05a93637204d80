//! "Did the agency really say this?": an address, a text or a quotation, held against all that is recorded here.
//!
//! Nothing is called said but the same words, numbers and marks in the same order; what is only similar is another
//! answer, and shows where it differs.

mod address;
mod compare;
mod tokens;

pub use self::compare::Piece;

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use self::compare::{Match, Quotation};
use super::entries::{self, Entry, Place};
use super::kind::{Kind, Subject};
use super::log::{self, Log};
use super::search::{self, Found, Row};
use crate::agencies;
use crate::kernel::{AgencyId, AnnouncementId, LogId, Site, Timestamp};
use crate::platform::db::{self, Conn};
use crate::platform::journal;

/// Characters of a question; what follows is not looked at.
pub const LONGEST: usize = 20_000;
/// Texts that may be meant, by what they have in common with a question; and those of them that are compared.
const CANDIDATES: i64 = 400;
const COMPARED: usize = 24;
/// Answers that are given.
const MOST: usize = 10;

/// The answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    pub verdict: Verdict,
    /// What was found, the surest first, of these the earliest.
    pub findings: Vec<Finding>,
    /// Up to where the records were searched.
    pub searched: Vec<Searched>,
}

/// In a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// An agency said exactly this, and nothing else.
    Said,
    /// These words stand side by side in something that an agency said.
    PartOfSaid,
    /// The address is that of something recorded here.
    Recorded,
    /// A citizen said it, not an agency.
    SaidByCitizen,
    /// Something similar was said, and not this.
    Similar,
    /// It is not in these records, up to the entries named.
    NotFound,
}

/// Something that was said, and how it relates to the question.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    pub verdict: Verdict,
    /// The agency whose record it is in.
    pub agency: String,
    /// Its entry's number and address.
    pub index: u64,
    pub entry: String,
    /// The page on which it stands.
    pub page: Option<String>,
    pub at: Timestamp,
    /// BCP 47, if known.
    pub language: Option<String>,
    /// The words before, those that were asked about, and those behind.
    pub within: Option<[String; 3]>,
    /// Where it differs from the question, if it does.
    pub difference: Vec<Piece>,
    /// What became of it.
    pub later: Vec<Later>,
}

/// What became of something later.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Later {
    pub what: Became,
    pub at: Timestamp,
    pub index: u64,
    pub entry: String,
    /// Why it was withdrawn.
    pub reason: Option<String>,
    /// How the newest wording differs from the one in question.
    pub difference: Vec<Piece>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Became {
    Edited,
    Withdrawn,
    Deleted,
    /// Its destruction was ordered, and waits.
    Withheld,
    Erased,
}

/// A record, and how much of it was searched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Searched {
    pub agency: String,
    pub record: String,
    pub entries: u64,
    /// The time of the last of these entries.
    pub at: Option<Timestamp>,
}

/// Answers a question: an address if it is one, a text otherwise.
pub fn ask(conn: &mut Conn, site: &Site, question: &str) -> Result<Answer, db::Error> {
    let question: String = question.trim().chars().take(LONGEST).collect();
    let book = Book::open(conn, site)?;
    let mut findings = if address::is_one(&question) {
        address::look_up(conn, &book, &question)?
    } else {
        compare_all(conn, &book, &question)?
    };
    findings.sort_by_key(|finding| (finding.verdict, finding.at));
    findings.truncate(MOST);
    Ok(Answer {
        verdict: findings.first().map_or(Verdict::NotFound, |it| it.verdict),
        findings,
        searched: book.searched(conn)?,
    })
}

/// The records here, and whose they are.
struct Book<'a> {
    site: &'a Site,
    logs: HashMap<LogId, Log>,
    agencies: HashMap<AgencyId, agencies::Agency>,
}

impl<'a> Book<'a> {
    fn open(conn: &mut Conn, site: &'a Site) -> Result<Self, db::Error> {
        let logs = log::all(conn)?
            .into_iter()
            .map(|log| (log.id, log))
            .collect();
        let agencies = agencies::list(conn)?
            .into_iter()
            .map(|agency| (agency.id, agency))
            .collect();
        Ok(Self {
            site,
            logs,
            agencies,
        })
    }

    fn searched(&self, conn: &mut Conn) -> Result<Vec<Searched>, db::Error> {
        let seq = journal::seen(conn, search::CONSUMER)?;
        let lanes = journal::lanes(conn, search::CONSUMER)?;
        let mut searched = vec![];
        for log in self.logs.values() {
            let seq = lanes.get(&log.agency).copied().unwrap_or(seq);
            let entries = search::indexed_to(conn, log.id, seq)?;
            let last = match entries.checked_sub(1) {
                Some(index) => entries::at(conn, Place::new(log.id, index))?,
                None => None,
            };
            searched.push(Searched {
                agency: self.name_of(log),
                record: self.site.record(&log.name),
                entries,
                at: last.map(|entry| entry.at),
            });
        }
        searched.sort_by(|a, b| a.record.cmp(&b.record));
        Ok(searched)
    }

    fn name_of(&self, log: &Log) -> String {
        let agency = self.agencies.get(&log.agency);
        agency.map_or_else(|| log.name.clone(), |agency| agency.name.clone())
    }

    /// A finding that only says where something stands.
    fn finding(&self, place: Place, verdict: Verdict, at: Timestamp) -> Option<Finding> {
        let log = self.logs.get(&place.log)?;
        Some(Finding {
            verdict,
            agency: self.name_of(log),
            index: place.index,
            entry: self.site.record_entry(&log.name, place.index),
            page: None,
            at,
            language: None,
            within: None,
            difference: vec![],
            later: vec![],
        })
    }

    fn page(&self, conn: &mut Conn, id: AnnouncementId) -> Result<Option<String>, db::Error> {
        let place = crate::publishing::place_of(conn, id)?;
        let agency = place.and_then(|(agency, _)| self.agencies.get(&agency));
        Ok(agency.map(|agency| self.site.announcement_page(&agency.handle, id)))
    }

    fn later(&self, entry: &Entry, what: Became) -> Option<Later> {
        let log = self.logs.get(&entry.place.log)?;
        Some(Later {
            what,
            at: entry.at,
            index: entry.place.index,
            entry: self.site.record_entry(&log.name, entry.place.index),
            reason: None,
            difference: vec![],
        })
    }
}

/// Compares a text with whatever in the records has something in common with it.
fn compare_all(
    conn: &mut Conn,
    book: &Book<'_>,
    question: &str,
) -> Result<Vec<Finding>, db::Error> {
    let Some(quotation) = Quotation::of(question) else {
        return Ok(vec![]);
    };
    let rows = candidates(conn, &search::words(question))?;
    let texts = search::texts(conn, &rows)?;
    let mut findings = vec![];
    for row in &rows {
        let Some(found) = texts.get(&row.place) else {
            continue;
        };
        if let Some((matched, whole)) = best_match(&quotation, found) {
            findings.extend(finding(conn, book, row, found, matched, whole)?);
        }
    }
    Ok(findings)
}

/// How the parts of a text have it: the text itself, with its warning, a picture's description, or what it says at length;
/// and what is shown if it is all of that part.
fn best_match(quotation: &Quotation, found: &Found) -> Option<(Match, String)> {
    let mut parts = vec![found.body.clone()];
    if let Some(warning) = &found.warning {
        parts.push(format!("{warning} {}", found.body));
        parts.push(warning.clone());
    }
    parts.extend(found.alts.iter().cloned());
    let short = parts.len();
    parts.extend(found.article.iter().flatten().cloned());
    let shown = |n: usize, part: &str| {
        let whole = if n < short { &found.body } else { part };
        whole.to_owned()
    };
    parts
        .iter()
        .enumerate()
        .filter_map(|(n, part)| Some((quotation.within(part)?, shown(n, part))))
        .min_by_key(|(matched, _)| match matched {
            Match::Whole => 0,
            Match::Part(..) => 1,
            Match::Similar(_) => 2,
        })
}

fn finding(
    conn: &mut Conn,
    book: &Book<'_>,
    row: &Row,
    found: &Found,
    matched: Match,
    whole: String,
) -> Result<Option<Finding>, db::Error> {
    let by_citizen = matches!(row.subject, Subject::Reply(_));
    let verdict = match &matched {
        Match::Similar(_) if by_citizen => return Ok(None),
        Match::Similar(_) => Verdict::Similar,
        _ if by_citizen => Verdict::SaidByCitizen,
        Match::Whole => Verdict::Said,
        Match::Part(..) => Verdict::PartOfSaid,
    };
    let Some(mut finding) = book.finding(row.place, verdict, found.at) else {
        return Ok(None);
    };
    finding.language.clone_from(&found.language);
    match matched {
        Match::Whole => finding.within = Some([String::new(), whole, String::new()]),
        Match::Part(before, words, behind) => {
            finding.within = Some([ending(before), words, beginning(behind)]);
        }
        Match::Similar(difference) => finding.difference = difference,
    }
    if let Subject::Announcement(id) = row.subject {
        finding.page = book.page(conn, id)?;
        finding.later = became(conn, book, id, row, found)?;
    }
    Ok(Some(finding))
}

/// Characters of a long text that are shown before and behind what was asked about.
const AROUND: usize = 2_000;

fn ending(text: String) -> String {
    match text.char_indices().nth_back(AROUND) {
        Some((at, _)) => format!("…{}", text.get(at..).unwrap_or_default()),
        None => text,
    }
}

fn beginning(text: String) -> String {
    match text.char_indices().nth(AROUND) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
        None => text,
    }
}

/// What became of an announcement after the wording in a row.
fn became(
    conn: &mut Conn,
    book: &Book<'_>,
    id: AnnouncementId,
    row: &Row,
    found: &Found,
) -> Result<Vec<Later>, db::Error> {
    let mut later = vec![];
    let rows = search::of_subject(conn, row.subject)?;
    let newest = rows.last().filter(|newest| newest.place > row.place);
    let newest = match newest {
        Some(newest) => search::texts(conn, std::slice::from_ref(newest))?.remove(&newest.place),
        None => None,
    };
    for entry in entries::by_subject(conn, Subject::Announcement(id))? {
        if entry.place <= row.place {
            continue;
        }
        let what = match entry.kind {
            Kind::AnnouncementEdited => Became::Edited,
            Kind::AnnouncementWithdrawn => Became::Withdrawn,
            _ => continue,
        };
        let Some(mut step) = book.later(&entry, what) else {
            continue;
        };
        if what == Became::Withdrawn {
            step.reason = found.withdrawn.as_ref().map(|(_, reason)| reason.clone());
        }
        later.push(step);
    }
    let last_edit = later
        .iter_mut()
        .rev()
        .find(|step| step.what == Became::Edited);
    if let (Some(step), Some(newest)) = (last_edit, newest) {
        step.difference = compare::difference(&found.body, &newest.body);
    }
    Ok(later)
}

/// Words of the run that must stand in whatever says the same.
const RUN: usize = 12;
/// Runs of three words by which what is similar is looked for.
const SHINGLE: usize = 3;
const SHINGLES: usize = 40;

/// The texts that may be meant: those that have a run of words from the middle, and those that have several short runs.
fn candidates(conn: &mut Conn, words: &[String]) -> Result<Vec<Row>, db::Error> {
    // The first and the last word may be cut off.
    let inner = match words {
        [_, inner @ .., _] if inner.len() >= SHINGLE => inner,
        all => all,
    };
    let run: Vec<String> = inner.iter().take(RUN).cloned().collect();
    let mut rows: BTreeMap<Place, Row> = BTreeMap::new();
    if !run.is_empty() {
        for row in search::matching(conn, None, &[run], None, CANDIDATES / 4)? {
            rows.insert(row.place, row);
        }
    }
    let all: Vec<Vec<String>> = words.windows(SHINGLE).map(<[String]>::to_vec).collect();
    let step = all.len().div_ceil(SHINGLES).max(1);
    let mut shingles: Vec<Vec<String>> = all.into_iter().step_by(step).collect();
    if shingles.is_empty() && !words.is_empty() {
        shingles = vec![words.to_vec()];
    }
    let mut near = search::matching_any(conn, &shingles, CANDIDATES)?;
    if near.is_empty() && rows.is_empty() {
        // Every third word may be another: whatever has the longer words, then.
        let mut long: Vec<Vec<String>> = words
            .iter()
            .filter(|word| word.chars().count() > 4)
            .take(RUN)
            .map(|word| vec![word.clone()])
            .collect();
        long.dedup();
        near = search::matching_any(conn, &long, CANDIDATES)?;
    }
    for row in near {
        rows.insert(row.place, row);
    }
    let mut ranked: Vec<(usize, Row)> = rows
        .into_values()
        .map(|row| (in_common(words, &row.words), row))
        .collect();
    ranked.sort_by_key(|(common, row)| (std::cmp::Reverse(*common), row.place));
    ranked.truncate(COMPARED);
    Ok(ranked.into_iter().map(|(_, row)| row).collect())
}

/// How many of the words a text has, in thousandths, less a little for what it has besides.
fn in_common(words: &[String], text: &str) -> usize {
    let theirs: std::collections::HashSet<&str> = text.split(' ').collect();
    let common = words
        .iter()
        .filter(|word| theirs.contains(word.as_str()))
        .count();
    let surplus = theirs.len().saturating_sub(words.len()).min(999);
    common * 1000 + 999 - surplus
}

#[cfg(test)]
mod tests;
