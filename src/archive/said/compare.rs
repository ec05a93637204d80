//! Whether one text says what another says: the same words in the same order, or only similar ones.

use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::tokens::{Kind, LineEnds, Token, tokens};

/// Words and numbers that a quotation has at least, to be more than a coincidence; signs of Chinese and the like.
const FEWEST_WORDS: usize = 3;
const FEWEST_SIGNS: usize = 6;
/// Tokens of a text or a quotation that are compared for similarity.
const MOST_TOKENS: usize = 3_000;
/// How much of two texts is the same if they are to be called similar.
const SIMILAR: f64 = 0.6;
/// Tokens of the text that are shown before and behind what is similar.
const AROUND: usize = 6;

/// What somebody asks about.
#[derive(Debug, Clone)]
pub(super) struct Quotation {
    text: String,
    /// Both readings of what is divided at the end of a line.
    readings: Vec<Vec<Token>>,
    /// Whether it breaks off in dots, within a word or behind one.
    cut: Option<Cut>,
    /// Whether it ends as a sentence does.
    ends: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cut {
    BehindWord,
    WithinWord,
}

/// How a text has the words of a quotation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Match {
    /// It says this and nothing else.
    Whole,
    /// These words stand in it side by side: what is before, they, what is behind.
    Part(String, String, String),
    /// Not the same, but similar.
    Similar(Vec<Piece>),
}

/// A piece of a comparison.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(tag = "in", content = "text", rename_all = "kebab-case")]
pub enum Piece {
    Both(String),
    /// Only in what was said.
    Said(String),
    /// Only in what was asked about.
    Asked(String),
}

impl Quotation {
    /// `None` if there is nothing in it that could be compared.
    pub(super) fn of(text: &str) -> Option<Self> {
        let mut readings: Vec<Vec<Token>> = vec![];
        let (mut cut, mut ends) = (None, false);
        for line_ends in [LineEnds::Kept, LineEnds::Joined] {
            let mut reading = tokens(text, line_ends);
            cut = cut_off(&mut reading);
            ends = reading
                .iter()
                .rev()
                .find(|it| !closes(it))
                .is_some_and(ends_sentence);
            let reading = trimmed(&reading).to_vec();
            if readings
                .first()
                .is_none_or(|other| texts(other) != texts(&reading))
            {
                readings.push(reading);
            }
        }
        let has_meaning = readings.iter().flatten().any(Token::has_meaning);
        has_meaning.then(|| Self {
            text: text.to_owned(),
            readings,
            cut,
            ends,
        })
    }

    /// How a text has it; `None` if it has not.
    pub(super) fn within(&self, text: &str) -> Option<Match> {
        let row = tokens(text, LineEnds::Kept);
        for reading in &self.readings {
            if let Some(found) = self.exactly(text, &row, reading) {
                return Some(found);
            }
        }
        let reading = self.readings.first()?;
        similar(text, &row, &self.text, reading).map(Match::Similar)
    }

    fn exactly(&self, text: &str, row: &[Token], reading: &[Token]) -> Option<Match> {
        if self.cut.is_none() && texts(trimmed(row)) == texts(reading) {
            return Some(Match::Whole);
        }
        if !is_enough(reading) {
            return None;
        }
        let from = (0..row.len()).find(|from| {
            let window = row.get(*from..from + reading.len());
            window.is_some_and(|window| self.is_same(window, reading))
                && is_fair(row, *from, from + reading.len())
                && (!self.ends || ends_here(row, from + reading.len()))
        })?;
        let to = from + reading.len();
        let (start, end) = (row.get(from)?.start, row.get(to.checked_sub(1)?)?.end);
        let piece = |range: std::ops::Range<usize>| text.get(range).unwrap_or_default().to_owned();
        Some(Match::Part(
            piece(0..start),
            piece(start..end),
            piece(end..text.len()),
        ))
    }

    fn is_same(&self, window: &[Token], reading: &[Token]) -> bool {
        let (Some((last, first)), Some((end, begin))) = (window.split_last(), reading.split_last())
        else {
            return false;
        };
        let within =
            self.cut == Some(Cut::WithinWord) && end.kind == Kind::Word && last.kind == Kind::Word;
        // Most places are told apart by their first word: a text may be long.
        first.iter().zip(begin).all(|(a, b)| a.text == b.text)
            && (last.text == end.text || within && last.text.starts_with(&end.text))
    }
}

fn texts(tokens: &[Token]) -> Vec<&str> {
    tokens.iter().map(|token| token.text.as_str()).collect()
}

fn ends_sentence(token: &Token) -> bool {
    ["?", ".", "!"].iter().any(|mark| token.is(mark))
}

fn closes(token: &Token) -> bool {
    ["\"", "]", ")"].iter().any(|mark| token.is(mark))
}

/// Whether a sentence of the text ends before a place: whoever puts a full stop there says that nothing follows.
fn ends_here(row: &[Token], at: usize) -> bool {
    let behind = row.get(at..).unwrap_or_default();
    let next = behind.iter().find(|token| !closes(token));
    let before = at.checked_sub(1).and_then(|at| row.get(at));
    next.is_none_or(|token| ends_sentence(token) || token.is("…"))
        || before.is_some_and(ends_sentence)
}

/// Takes the dots away in which a quotation breaks off, or begins.
fn cut_off(reading: &mut Vec<Token>) -> Option<Cut> {
    let opening = |token: &Token| ["\"", "[", "("].iter().any(|mark| token.is(mark));
    let first = reading
        .iter()
        .position(|token| !opening(token))
        .unwrap_or(0);
    if reading.get(first).is_some_and(|token| token.is("…")) {
        reading.drain(..=first);
    }
    let last = reading.iter().rposition(|token| !closes(token))?;
    let dots = reading.get(last).filter(|token| token.is("…"))?.start;
    reading.truncate(last);
    while reading.last().is_some_and(&opening) {
        reading.pop();
    }
    match reading.last() {
        Some(word) if word.end == dots && word.kind == Kind::Word => Some(Cut::WithinWord),
        _ => Some(Cut::BehindWord),
    }
}

/// Without the punctuation around it that says nothing: quotation marks, full stops and the like, but no question mark,
/// no sign and no dash before a number.
fn trimmed(row: &[Token]) -> &[Token] {
    let idle = |token: &Token| {
        [
            "\"", ".", ",", ";", ":", "!", "…", "(", ")", "[", "]", "·", "*", "•",
        ]
        .iter()
        .any(|mark| token.is(mark))
    };
    let mut rest = row;
    while let Some((first, behind)) = rest.split_first() {
        let dash = first.is("-") && behind.first().is_none_or(|next| next.kind != Kind::Number);
        if !(idle(first) || dash) {
            break;
        }
        rest = behind;
    }
    while let Some((last, before)) = rest.split_last() {
        if !(idle(last) || last.is("-")) {
            break;
        }
        rest = before;
    }
    rest
}

fn is_enough(reading: &[Token]) -> bool {
    let count = |wanted: &[Kind]| {
        reading
            .iter()
            .filter(|it| wanted.contains(&it.kind))
            .count()
    };
    count(&[Kind::Word, Kind::Number]) >= FEWEST_WORDS
        || count(&[Kind::Word, Kind::Number, Kind::Sign]) >= FEWEST_SIGNS
}

/// Whether a part of a text can stand for itself: it neither leaves out the word that turns it round, nor breaks a
/// number from its sign, unit or other half, nor takes the question from a question.
fn is_fair(row: &[Token], from: usize, to: usize) -> bool {
    let before = row.get(..from).unwrap_or_default();
    let behind = row.get(to..).unwrap_or_default();
    let previous = before.iter().rev().find(|token| !token.is("\""));
    let next = behind.iter().find(|token| !token.is("\""));
    let first = row.get(from).map(|token| token.kind);
    let last = to
        .checked_sub(1)
        .and_then(|to| row.get(to))
        .map(|token| token.kind);
    // A comma before `except` does not take the edge off it.
    let next_word = behind
        .iter()
        .find(|token| !token.is("\"") && !token.is(","));
    let denied = [previous, next_word].into_iter().flatten().any(negates);
    let sign = |token: &Token| {
        token.kind == Kind::Mark
            && !matches!(
                token.text.as_str(),
                "." | "," | ";" | ":" | "!" | "(" | ")" | "…"
            )
    };
    let torn_before = first == Some(Kind::Number)
        && previous.is_some_and(|token| token.kind == Kind::Number || sign(token));
    let torn_behind = last == Some(Kind::Number)
        && next.is_some_and(|token| token.kind != Kind::Mark || sign(token));
    let question = next.is_some_and(|token| token.is("?"));
    // Up to the end of the sentence, a question stays one.
    let asked = behind
        .iter()
        .find(|token| ends_sentence(token))
        .is_some_and(|token| token.is("?"));
    !(denied || torn_before || torn_behind || question || asked)
}

/// Words that turn round what stands beside them, in languages that agencies here write.
fn negates(token: &Token) -> bool {
    const WORDS: [&str; 61] = [
        "not", "no", "never", "none", "nor", "neither", "without", "cannot", "unless", "except",
        "hardly", "nicht", "nie", "niemals", "weder", "ohne", "außer", "nein", "ne", "pas",
        "jamais", "sans", "non", "ni", "aucun", "aucune", "sauf", "nunca", "sin", "tampoco", "não",
        "nem", "sem", "mai", "senza", "niet", "geen", "nooit", "zonder", "не", "нет", "без", "nie",
        "bez", "değil", "لا", "ليس", "ليست", "لن", "لم", "غير", "بدون", "不", "没", "沒", "未",
        "无", "無", "非", "勿", "禁",
    ];
    let word = token.text.as_str();
    WORDS.contains(&word)
        || word.starts_with("kein")
        || word.starts_with("n'")
        || word.ends_with("n't")
}

/// The difference between what was said and what is asked about, if they have enough in common.
fn similar(said: &str, row: &[Token], asked: &str, reading: &[Token]) -> Option<Vec<Piece>> {
    let row = row.get(..row.len().min(MOST_TOKENS))?;
    let reading = reading.get(..reading.len().min(MOST_TOKENS))?;
    let ops = capture_diff_slices(Algorithm::Patience, &texts(row), &texts(reading));
    let common = |op: &&DiffOp| matches!(op, DiffOp::Equal { .. });
    let first = ops.iter().find(common)?.old_range().start;
    let last = ops.iter().rev().find(common)?.old_range().end;
    let meant = |tokens: &[Token]| tokens.iter().filter(|it| it.has_meaning()).count();
    let same: usize = ops
        .iter()
        .filter(common)
        .map(|op| meant(row.get(op.old_range()).unwrap_or_default()))
        .sum();
    let all = meant(row.get(first..last)?) + meant(reading);
    #[expect(clippy::cast_precision_loss, reason = "a few thousand tokens")]
    let ratio = 2.0 * same as f64 / all.max(1) as f64;
    let enough = same >= 2 || meant(reading) <= 2 && same >= 1;
    if ratio < SIMILAR || !enough {
        return None;
    }
    let shown = first.saturating_sub(AROUND)..(last + AROUND).min(row.len());
    Some(pieces(said, row, asked, reading, &ops, shown))
}

/// The difference between two wordings.
pub(super) fn difference(old: &str, new: &str) -> Vec<Piece> {
    let (before, after) = (tokens(old, LineEnds::Kept), tokens(new, LineEnds::Kept));
    let before = before
        .get(..before.len().min(MOST_TOKENS))
        .unwrap_or_default();
    let after = after
        .get(..after.len().min(MOST_TOKENS))
        .unwrap_or_default();
    let ops = capture_diff_slices(Algorithm::Patience, &texts(before), &texts(after));
    pieces(old, before, new, after, &ops, 0..before.len())
}

fn pieces(
    said: &str,
    row: &[Token],
    asked: &str,
    reading: &[Token],
    ops: &[DiffOp],
    shown: std::ops::Range<usize>,
) -> Vec<Piece> {
    let slice = |text: &str, tokens: &[Token], range: std::ops::Range<usize>| {
        let within = tokens.get(range)?;
        let (first, last) = (within.first()?, within.last()?);
        text.get(first.start..last.end).map(str::to_owned)
    };
    let mut pieces = vec![];
    for op in ops {
        let old = op.old_range();
        let old = old.start.max(shown.start)..old.end.min(shown.end);
        let before = if old.is_empty() {
            None
        } else {
            slice(said, row, old)
        };
        match op {
            DiffOp::Equal { .. } => pieces.extend(before.map(Piece::Both)),
            DiffOp::Delete { .. } => pieces.extend(before.map(Piece::Said)),
            DiffOp::Insert { .. } | DiffOp::Replace { .. } => {
                pieces.extend(before.map(Piece::Said));
                pieces.extend(slice(asked, reading, op.new_range()).map(Piece::Asked));
            }
        }
    }
    pieces
}
