//! Mark-up that is safe to send to a browser.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::LazyLock;

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
    pub fn from_foreign(html: &str) -> Self {
        Self(FOREIGN.clean(html).to_string())
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

    /// The text a reader sees, paragraphs as single spaces: for summaries and search.
    pub fn to_text(&self) -> String {
        static NONE: LazyLock<ammonia::Builder<'static>> = LazyLock::new(ammonia::Builder::empty);
        let spaced = self
            .0
            .replace("<br>", " ")
            .replace("</p>", " </p>")
            .replace("</li>", " </li>");
        let bare = NONE.clean(&spaced).to_string();
        unescape(&bare)
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
    }
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
