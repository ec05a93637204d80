//! Mark-up that is safe to send to a browser.

mod scan;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::LazyLock;

use self::scan::Piece;

/// HTML that holds only what the sanitiser let through.
///
/// The allowed elements are those that Mastodon keeps, so that a page here shows what a follower's server shows.
///
/// ```
/// use actapub::kernel::SafeHtml;
/// let html = SafeHtml::from_foreign("<p onclick=x>Hi<script>alert(1)</script></p>");
/// assert_eq!(html.as_str(), "<p>Hi</p>");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SafeHtml(String);

const TAGS: [&str; 21] = [
    "a",
    "b",
    "blockquote",
    "br",
    "code",
    "del",
    "em",
    "i",
    "li",
    "ol",
    "p",
    "pre",
    "s",
    "span",
    "strong",
    "u",
    "ul",
    "ruby",
    "rt",
    "rp",
    "wbr",
];
/// How many times longer than it was clean mark-up may be (`&` becomes `&amp;`) …
const LARGEST_GROWTH: usize = 5;
/// … and how many bytes more, for what each of a thousand links is given.
const LARGEST_START: usize = 64 * 1024;
const SCHEMES: [&str; 2] = ["http", "https"];

static FOREIGN: LazyLock<ammonia::Builder<'static>> = LazyLock::new(|| {
    let mut cleaner = ammonia::Builder::empty();
    cleaner
        .tags(HashSet::from(TAGS))
        .clean_content_tags(HashSet::from([
            "script", "style", "svg", "math", "template", "iframe", "noscript", "title",
        ]))
        .url_schemes(HashSet::from(SCHEMES))
        .url_relative(ammonia::UrlRelative::Deny)
        .generic_attributes(HashSet::from(["lang", "dir"]))
        .add_tag_attributes("a", ["href"])
        .add_tag_attributes("ol", ["start", "reversed"])
        .add_tag_attributes("li", ["value"])
        .add_tag_attribute_values("a", "translate", ["no"])
        .add_tag_attribute_values("span", "translate", ["no"])
        .add_allowed_classes("a", ["mention", "hashtag", "u-url"])
        .add_allowed_classes("span", ["h-card", "invisible", "ellipsis"])
        .add_allowed_classes("p", ["quote-inline"])
        .link_rel(Some("nofollow noopener noreferrer ugc"));
    cleaner
});

impl SafeHtml {
    /// Sanitises what came from elsewhere: scripts, styles, forms, pictures, event handlers and odd links go; text stays.
    ///
    /// The work grows with the length. Mark-up that would cost more, which no post needs, is shown as its bare text.
    pub fn from_foreign(html: &str) -> Self {
        if !scan::is_modest(html) {
            return Self::bare(html);
        }
        let clean = FOREIGN.clean(&scan::with_paragraphs(html)).to_string();
        if clean.len()
            > html
                .len()
                .saturating_mul(LARGEST_GROWTH)
                .saturating_add(LARGEST_START)
        {
            return Self::bare(html);
        }
        Self(clean.replace("<p></p>", ""))
    }

    /// The text of foreign mark-up alone, one paragraph of lines.
    fn bare(html: &str) -> Self {
        // Without tags the sanitiser only rewrites references, in one pass.
        let text = lines(html).join("\n").replace('<', "&lt;");
        let clean = FOREIGN.clean(&text).to_string();
        Self(format!("<p>{}</p>", clean.replace('\n', "<br>")))
    }

    /// Mark-up that we built ourselves, or read back from where [`SafeHtml`] was stored.
    pub fn trusted(html: String) -> Self {
        Self(html)
    }

    /// Text, escaped, in one paragraph.
    pub fn from_plain(text: &str) -> Self {
        Self(format!("<p>{}</p>", escape(text)))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn into_string(self) -> String {
        self.0
    }

    /// The text a reader sees, in one line: for summaries and search.
    pub fn to_text(&self) -> String {
        unescape(&lines(&self.0).join(" "))
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// Whether a reader would see no text.
    pub fn is_blank(&self) -> bool {
        scan::pieces(&self.0).into_iter().all(|piece| match piece {
            Piece::Text(text) => text.split("&nbsp;").all(|part| part.trim().is_empty()),
            Piece::Break => true,
        })
    }
}

/// The lines of text that mark-up shows, without those that are blank.
fn lines(html: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for piece in scan::pieces(html) {
        match (piece, lines.last_mut()) {
            (Piece::Text(text), Some(line)) => line.push_str(text),
            (Piece::Break, Some(line)) if line.trim().is_empty() => line.clear(),
            _ => lines.push(String::new()),
        }
    }
    lines.retain(|line| !line.trim().is_empty());
    lines
}

/// Escapes the five characters that mean something in HTML text and quoted attributes.
pub(crate) fn escape(text: &str) -> Cow<'_, str> {
    if !text.contains(['&', '<', '>', '"', '\'']) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    Cow::Owned(escaped)
}

/// Undoes the escapes that the sanitiser's serialiser writes.
fn unescape(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&nbsp;", "\u{a0}")
        .replace("&amp;", "&")
}
