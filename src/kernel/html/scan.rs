//! One pass over mark-up: what would a parser have to build, and what is text.
//!
//! Building a tree from hostile mark-up costs the square of its length, so what is sanitised is measured first. The
//! measure errs on the safe side: everything that could open a tag counts as one, within a comment or a value too.

use std::borrow::Cow;
use std::collections::HashMap;

/// More tags than this are no post.
const MOST_TAGS: usize = 1_000;
/// More tags than this left open at once are no post.
const DEEPEST: usize = 100;
/// Bytes of one tag with its attributes.
const LONGEST_TAG: usize = 4096;
const MOST_ATTRIBUTES: usize = 64;

const VOID: [&str; 7] = ["area", "br", "col", "hr", "img", "input", "wbr"];
/// Elements that stand on lines of their own, and that the sanitiser takes away.
const BLOCKS: [&str; 28] = [
    "address",
    "article",
    "aside",
    "center",
    "dd",
    "details",
    "dl",
    "dt",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "main",
    "nav",
    "section",
    "summary",
    "table",
    "tr",
    "div",
    "legend",
    "fieldset",
];
/// And those that it leaves.
const KEPT_BLOCKS: [&str; 8] = ["p", "br", "hr", "li", "ol", "ul", "pre", "blockquote"];

/// A place where a tag, a comment or a declaration may begin.
struct Tag<'a> {
    /// Where its `<` stands.
    start: usize,
    /// Where its name stands: after `<` or `</`.
    name_at: usize,
    /// In the letters that were written; empty for comments and declarations.
    name: &'a str,
    closing: bool,
}

impl Tag<'_> {
    fn is_one_of(&self, names: &[&str]) -> bool {
        names
            .iter()
            .any(|name| self.name.eq_ignore_ascii_case(name))
    }
}

fn tags(html: &str) -> impl Iterator<Item = Tag<'_>> {
    html.match_indices('<').filter_map(move |(start, _)| {
        let rest = html.get(start + 1..)?;
        let (closing, rest) = rest
            .strip_prefix('/')
            .map_or((false, rest), |rest| (true, rest));
        let first = rest.bytes().next()?;
        if !first.is_ascii_alphabetic() && !closing && !matches!(first, b'!' | b'?') {
            return None;
        }
        let end = rest
            .find(|c: char| !c.is_ascii_alphanumeric() && c != '-')
            .unwrap_or(rest.len())
            .min(64);
        Some(Tag {
            start,
            name_at: start + 1 + usize::from(closing),
            name: rest.get(..end)?,
            closing,
        })
    })
}

/// Whether a parser's work on this mark-up is bounded.
pub(super) fn is_modest(html: &str) -> bool {
    let mut open: HashMap<String, usize> = HashMap::new();
    let mut depth = 0_usize;
    for (count, tag) in tags(html).enumerate() {
        if count >= MOST_TAGS || !ends_soon(html.as_bytes().get(tag.start..).unwrap_or_default()) {
            return false;
        }
        if tag.name.is_empty() || tag.is_one_of(&VOID) {
            continue;
        }
        let opened = open.entry(tag.name.to_ascii_lowercase()).or_default();
        if !tag.closing {
            *opened += 1;
            depth += 1;
        } else if *opened > 0 {
            *opened -= 1;
            depth -= 1;
        }
        if depth > DEEPEST {
            return false;
        }
    }
    true
}

/// Whether the tag that begins here has few attributes and ends within [`LONGEST_TAG`], or with the text.
///
/// The states are those of the HTML standard, 13.2.5.32 to 39: a `>` within quotes ends nothing.
fn ends_soon(from: &[u8]) -> bool {
    enum At {
        TagName,
        BeforeName,
        Name,
        AfterName,
        BeforeValue,
        Quoted(u8),
        Bare,
    }
    let mut at = At::TagName;
    let mut attributes = 0_usize;
    for &byte in from.iter().take(LONGEST_TAG) {
        let space = byte.is_ascii_whitespace();
        at = match (at, byte) {
            (At::Quoted(quote), _) if byte != quote => At::Quoted(quote),
            (At::Quoted(_), _) => At::BeforeName,
            (At::BeforeValue, b'"' | b'\'') => At::Quoted(byte),
            (_, b'>') => return attributes <= MOST_ATTRIBUTES,
            (At::TagName | At::BeforeName | At::Bare, _) if space => At::BeforeName,
            (At::Name | At::AfterName, _) if space => At::AfterName,
            (At::BeforeValue, _) if space => At::BeforeValue,
            (At::BeforeValue | At::Bare, _) => At::Bare,
            (At::TagName | At::BeforeName | At::Name | At::AfterName, b'/') => At::BeforeName,
            (At::Name | At::AfterName, b'=') => At::BeforeValue,
            (At::TagName, _) => At::TagName,
            (At::Name, _) => At::Name,
            (At::BeforeName | At::AfterName, _) => {
                attributes += 1;
                At::Name
            }
        };
    }
    from.len() <= LONGEST_TAG && attributes <= MOST_ATTRIBUTES
}

/// The same with blocks that the sanitiser would dissolve turned into paragraphs, so that their words stay apart.
///
/// A cell of a table becomes a space.
pub(super) fn with_paragraphs(html: &str) -> Cow<'_, str> {
    let mut changed = String::new();
    let mut copied = 0;
    for tag in tags(html) {
        let name = if tag.is_one_of(&BLOCKS) {
            "p"
        } else if tag.name.eq_ignore_ascii_case("hr") {
            "br"
        } else if tag.closing && tag.is_one_of(&["td", "th"]) {
            changed.push_str(html.get(copied..tag.start).unwrap_or_default());
            changed.push(' ');
            copied = tag.start;
            continue;
        } else {
            continue;
        };
        changed.push_str(html.get(copied..tag.name_at).unwrap_or_default());
        changed.push_str(name);
        copied = tag.name_at + tag.name.len();
    }
    if copied == 0 {
        return Cow::Borrowed(html);
    }
    changed.push_str(html.get(copied..).unwrap_or_default());
    Cow::Owned(changed)
}

/// What a run through mark-up finds.
pub(super) enum Piece<'a> {
    /// Text, its references (`&amp;`) as they were written.
    Text(&'a str),
    /// A tag that begins or ends a line.
    Break,
}

/// The text between tags, in one pass. Scripts and styles are no text.
///
/// A tag ends at the first `>` outside double quotes, as the sanitiser writes them.
pub(super) fn pieces(html: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut copied = 0;
    let mut hidden: Option<&str> = None;
    for tag in tags(html) {
        if tag.start < copied
            || hidden.is_some_and(|name| !tag.closing || !tag.name.eq_ignore_ascii_case(name))
        {
            continue;
        }
        if hidden.take().is_none() {
            pieces.push(Piece::Text(html.get(copied..tag.start).unwrap_or_default()));
        }
        let rest = html.get(tag.start..).unwrap_or_default();
        let Some(length) = length_of_tag(rest) else {
            // Nothing after it can be trusted to be text.
            return pieces;
        };
        copied = tag.start + length;
        if tag.is_one_of(&BLOCKS) || tag.is_one_of(&KEPT_BLOCKS) {
            pieces.push(Piece::Break);
        }
        if !tag.closing && tag.is_one_of(&["script", "style"]) {
            hidden = Some(tag.name);
        }
    }
    if hidden.is_none() {
        pieces.push(Piece::Text(html.get(copied..).unwrap_or_default()));
    }
    pieces
}

/// Bytes up to and with the `>`.
fn length_of_tag(from: &str) -> Option<usize> {
    let mut quoted = false;
    for (at, byte) in from.bytes().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b'>' if !quoted => return Some(at + 1),
            _ => {}
        }
    }
    None
}
