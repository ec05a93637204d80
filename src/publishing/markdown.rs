//! Markdown in, HTML out that looks the same here and on a follower's server.
//!
//! The elements are those that Mastodon's sanitiser keeps. Everything else becomes text that can still be read.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;

use pulldown_cmark::{
    CodeBlockKind, Event, LinkType, Options, Parser, Tag, TagEnd, TextMergeStream,
};
use unicode_normalization::char::is_combining_mark;
use url::Url;

use crate::kernel::Acct;
use crate::kernel::SafeHtml;
use crate::kernel::Site;
use crate::publishing::atoms::{Atom, begins_at};

mod page;
mod title;

pub use self::page::render_page;
pub use self::title::first_line;
pub use crate::publishing::atoms::{Hashtag, fold};

/// More addresses than this in one text stay text: nobody is notified by them.
pub const MOST_MENTIONS: usize = 50;

/// What a link counts for in [`Rendered::length`], however long it is (as on Mastodon).
const LINK_LENGTH: usize = 23;

/// Lists and quotations nested deeper than this are written at this depth.
const DEEPEST: usize = 8;

const OPTIONS: Options = Options::ENABLE_STRIKETHROUGH.union(Options::ENABLE_TABLES);

/// Somebody named in a text, found by WebFinger.
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct Mention {
    /// `user@domain`, as it was written.
    pub acct: String,
    /// The actor's ActivityPub id.
    pub uri: String,
    /// The page about the actor.
    pub url: String,
}

/// What a text names, before anybody was looked up.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scanned {
    /// Each address once, in the order of the text, at most [`MOST_MENTIONS`].
    pub mentions: Vec<Acct>,
    /// Each tag once, in the order of the text.
    pub hashtags: Vec<Hashtag>,
}

/// A text as it is published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// Empty when the text shows nothing (only white space, or only link definitions).
    pub html: SafeHtml,
    /// Each tag once, in the order of the text.
    pub hashtags: Vec<Hashtag>,
    /// Characters as Mastodon counts them: an address is 23, a mention goes without its domain.
    pub length: usize,
}

/// Finds the mentions and hashtags that [`render`] will show.
pub fn scan(markdown: &str) -> Scanned {
    let marked = Marked::new(&clean(markdown));
    let mut scanned = Scanned::default();
    let mut seen_mentions = HashSet::new();
    let mut seen_tags = HashSet::new();
    for (atom, _) in marked.atoms {
        match atom {
            Atom::Mention(acct) => {
                if scanned.mentions.len() < MOST_MENTIONS
                    && seen_mentions.insert(acct.to_string().to_lowercase())
                {
                    scanned.mentions.push(acct);
                }
            }
            Atom::Hashtag(hashtag) => {
                if seen_tags.insert(hashtag.tag.clone()) {
                    scanned.hashtags.push(hashtag);
                }
            }
            Atom::Url(_) => {}
        }
    }
    scanned
}

/// Writes the HTML of a text. An address that is not among `mentions` stays text.
///
/// Raw HTML is shown as it was typed; a single line break is kept.
pub fn render(markdown: &str, site: &Site, mentions: &[Mention]) -> Rendered {
    let marked = Marked::new(&clean(markdown));
    let mut writer = Writer::new(site, &marked, mentions, None);
    writer.write(&marked.source);
    Rendered {
        html: SafeHtml::trusted(writer.html),
        hashtags: writer.hashtags,
        length: writer.length,
    }
}

/// A text as HTML that shows it and nothing else.
pub fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    push_text(&mut html, text);
    html
}

/// An address as a link that shows it as Mastodon does.
pub fn address(url: &str) -> String {
    let mut html = format!("<a href=\"{}\" translate=\"no\">", Quoted(url));
    push_shortened(&mut html, url);
    html.push_str("</a>");
    html
}

/// Marks around the number of an atom. Noncharacters: no text may hold them in interchange, and they mean nothing to Markdown.
const OPEN: char = '\u{FDD0}';
const CLOSE: char = '\u{FDD1}';

/// Drops what no HTML may hold: noncharacters, and controls other than line break and tab.
fn clean(markdown: &str) -> String {
    markdown
        .replace("\r\n", "\n")
        .replace('\r', "\n")
        .chars()
        .filter(|c| {
            !matches!(
                c,
                '\u{FDD0}'..='\u{FDEF}' | '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}'
            ) && (!c.is_control() || matches!(c, '\n' | '\t'))
        })
        .collect()
}

/// Markdown in which a number stands for every atom.
///
/// Finding them in the source first keeps Markdown from taking the `_` in an address or a hashtag for emphasis.
struct Marked {
    source: String,
    /// With each, how it was written.
    atoms: Vec<(Atom, String)>,
}

impl Marked {
    fn new(markdown: &str) -> Self {
        let mut source = String::with_capacity(markdown.len());
        let mut atoms = Vec::new();
        let mut copied = 0;
        let mut free = 0;
        let mut opaque = 0_usize;
        for (event, range) in Parser::new_ext(markdown, OPTIONS).into_offset_iter() {
            match event {
                Event::Start(Tag::Link { .. } | Tag::Image { .. } | Tag::CodeBlock(_)) => {
                    opaque += 1;
                }
                Event::End(TagEnd::Link | TagEnd::Image | TagEnd::CodeBlock) => {
                    opaque = opaque.saturating_sub(1);
                }
                // A text that differs from its source was an entity or an escape.
                Event::Text(text) if opaque == 0 && markdown.get(range.clone()) == Some(&*text) => {
                    for (offset, _) in text.char_indices() {
                        let at = range.start + offset;
                        if at < free {
                            continue;
                        }
                        let Some(found) = begins_at(markdown, at) else {
                            continue;
                        };
                        free = at + found.length;
                        let Some(atom) = found.atom else { continue };
                        source.push_str(markdown.get(copied..at).unwrap_or_default());
                        source.push(OPEN);
                        source.push_str(&atoms.len().to_string());
                        source.push(CLOSE);
                        let written = markdown.get(at..free).unwrap_or_default();
                        atoms.push((atom, written.to_owned()));
                        copied = free;
                    }
                }
                _ => {}
            }
        }
        source.push_str(markdown.get(copied..).unwrap_or_default());
        Self { source, atoms }
    }
}

/// What the writer is inside of, as far as text must know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Block {
    Prose,
    Code,
    Html,
}

/// How often each style is open: it is written once, however often it is nested.
#[derive(Default)]
struct Styles {
    em: usize,
    strong: usize,
    del: usize,
}

/// An open link.
struct Link {
    /// Where its label begins in the HTML.
    from: usize,
    kind: Target,
}

enum Target {
    /// An address that Mastodon keeps.
    Web(Url),
    /// `mailto:` and `tel:` become text on Mastodon, so they are written out.
    Spoken(String),
    Nothing,
    /// `<https://…>`: the label is the address again, and is left out.
    Itself,
}

/// The image we are in; images in its description count as part of that.
struct Image {
    address: String,
    description: String,
    depth: usize,
}

struct Writer<'a> {
    site: &'a Site,
    atoms: &'a [(Atom, String)],
    mentions: HashMap<String, &'a Mention>,
    html: String,
    hashtags: Vec<Hashtag>,
    seen: HashSet<String>,
    length: usize,
    closings: Vec<&'static str>,
    nesting: usize,
    styles: Styles,
    block: Block,
    link: Option<Link>,
    image: Option<Image>,
    /// Cells written in this row.
    cells: usize,
    /// None for a post, whose headings and tables become paragraphs.
    page: Option<page::Form>,
}

impl<'a> Writer<'a> {
    fn new(
        site: &'a Site,
        marked: &'a Marked,
        mentions: &'a [Mention],
        page: Option<page::Form>,
    ) -> Self {
        Self {
            site,
            atoms: &marked.atoms,
            mentions: mentions
                .iter()
                .map(|mention| (mention.acct.to_lowercase(), mention))
                .collect(),
            html: String::with_capacity(marked.source.len() * 2),
            hashtags: Vec::new(),
            seen: HashSet::new(),
            length: 0,
            closings: Vec::new(),
            nesting: 0,
            styles: Styles::default(),
            block: Block::Prose,
            link: None,
            image: None,
            cells: 0,
            page,
        }
    }

    fn write(&mut self, source: &str) {
        for event in TextMergeStream::new(Parser::new_ext(source, OPTIONS)) {
            self.event(event);
        }
    }

    fn event(&mut self, event: Event<'_>) {
        if self.image.is_some() {
            return self.in_image(event);
        }
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) if self.block == Block::Prose => self.prose(&text),
            Event::Html(html) => self.lines(&html),
            Event::Text(text) | Event::InlineHtml(text) => self.verbatim(&text),
            Event::Code(code) => {
                self.html.push_str("<code>");
                self.verbatim(&code);
                self.html.push_str("</code>");
            }
            Event::SoftBreak | Event::HardBreak => self.line_break(),
            Event::Rule if self.page.is_some() => self.html.push_str("<hr>"),
            Event::Rule => {
                self.block_begins();
                self.html.push_str("<p>———</p>");
                self.length += 3;
            }
            // Not asked for in OPTIONS; if they come, their text stays.
            Event::InlineMath(text) | Event::DisplayMath(text) | Event::FootnoteReference(text) => {
                self.verbatim(&text);
            }
            Event::TaskListMarker(done) => self.verbatim(if done { "[x] " } else { "[ ] " }),
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        if let Some(closing) = self.page_starts(&tag) {
            self.closings.push(closing);
            return;
        }
        let closing = match tag {
            Tag::Paragraph | Tag::Table(_) => self.open("<p>", "</p>"),
            Tag::Heading { .. } => {
                self.styles.strong += 1;
                self.open("<p><strong>", "</strong></p>")
            }
            Tag::BlockQuote(_) => self.nest("<blockquote>", "</blockquote>"),
            Tag::List(Some(1)) => self.nest("<ol>", "</ol>"),
            Tag::List(Some(start)) => {
                let opening = format!("<ol start=\"{start}\">");
                self.nest(&opening, "</ol>")
            }
            Tag::List(None) => self.nest("<ul>", "</ul>"),
            Tag::Item => self.item(),
            Tag::CodeBlock(kind) => {
                self.block = Block::Code;
                // Readers of plain HTML see no language; naming it would only add noise.
                let (CodeBlockKind::Fenced(_) | CodeBlockKind::Indented) = kind;
                self.open("<pre><code>", "</code></pre>")
            }
            Tag::HtmlBlock => {
                self.block = Block::Html;
                self.open("<p>", "</p>")
            }
            Tag::TableHead => {
                self.cells = 0;
                self.styles.strong += 1;
                self.html.push_str("<strong>");
                "</strong>"
            }
            Tag::TableRow => {
                self.cells = 0;
                self.line_break();
                ""
            }
            Tag::TableCell => {
                if self.cells > 0 {
                    self.verbatim(" | ");
                }
                self.cells += 1;
                ""
            }
            Tag::Emphasis => style(&mut self.html, &mut self.styles.em, "<em>", "</em>"),
            Tag::Strong => style(
                &mut self.html,
                &mut self.styles.strong,
                "<strong>",
                "</strong>",
            ),
            Tag::Strikethrough => style(&mut self.html, &mut self.styles.del, "<del>", "</del>"),
            Tag::Link {
                link_type,
                dest_url,
                ..
            } => self.link_begins(link_type, &dest_url),
            Tag::Image { dest_url, .. } => {
                self.image = Some(Image {
                    address: self.unmarked(&dest_url).into_owned(),
                    description: String::new(),
                    depth: 1,
                });
                return;
            }
            Tag::FootnoteDefinition(_)
            | Tag::DefinitionList
            | Tag::DefinitionListTitle
            | Tag::DefinitionListDefinition
            | Tag::Superscript
            | Tag::Subscript
            | Tag::MetadataBlock(_) => "",
        };
        self.closings.push(closing);
    }

    fn end(&mut self, tag: TagEnd) {
        let closing = self.closings.pop().unwrap_or_default();
        if self.page_ends(tag, closing) {
            return;
        }
        match tag {
            TagEnd::BlockQuote(_) | TagEnd::List(_) => self.nesting -= 1,
            TagEnd::Heading(_) | TagEnd::TableHead | TagEnd::Strong => self.styles.strong -= 1,
            TagEnd::Emphasis => self.styles.em -= 1,
            TagEnd::Strikethrough => self.styles.del -= 1,
            TagEnd::CodeBlock => {
                self.block = Block::Prose;
                self.trim_end("\n");
            }
            TagEnd::HtmlBlock => {
                self.block = Block::Prose;
                self.trim_end("<br>");
            }
            TagEnd::Link => return self.link_ends(closing),
            _ => {}
        }
        self.html.push_str(closing);
    }

    // Blocks.

    fn block_begins(&mut self) {
        if self.length > 0 {
            self.length += 2;
        }
    }

    fn open(&mut self, opening: &str, closing: &'static str) -> &'static str {
        self.block_begins();
        self.html.push_str(opening);
        closing
    }

    fn nest(&mut self, opening: &str, closing: &'static str) -> &'static str {
        self.nesting += 1;
        if self.nesting > DEEPEST {
            return "";
        }
        self.html.push_str(opening);
        closing
    }

    fn item(&mut self) -> &'static str {
        if self.nesting > DEEPEST {
            self.line_break();
            return "";
        }
        self.length += 1;
        self.html.push_str("<li>");
        "</li>"
    }

    fn line_break(&mut self) {
        self.html.push_str("<br>");
        self.length += 1;
    }

    fn trim_end(&mut self, ending: &str) {
        if self.html.ends_with(ending) {
            self.html.truncate(self.html.len() - ending.len());
            self.length = self.length.saturating_sub(1);
        }
    }

    // Text.

    fn prose(&mut self, text: &str) {
        if matches!(
            self.link,
            Some(Link {
                kind: Target::Itself,
                ..
            })
        ) {
            return;
        }
        let mut rest = text;
        while let Some((before, after)) = rest.split_once(OPEN) {
            self.visible(before);
            rest = after;
            if let Some((number, beyond)) = after.split_once(CLOSE) {
                self.atom(number);
                rest = beyond;
            }
        }
        self.visible(rest);
    }

    fn verbatim(&mut self, text: &str) {
        let text = self.unmarked(text).into_owned();
        self.visible(&text);
    }

    fn lines(&mut self, text: &str) {
        for line in text.split_inclusive('\n') {
            match line.strip_suffix('\n') {
                Some(line) => {
                    self.verbatim(line);
                    self.line_break();
                }
                None => self.verbatim(line),
            }
        }
    }

    fn visible(&mut self, text: &str) {
        self.length += characters(text);
        push_text(&mut self.html, text);
    }

    /// Puts what was written back where an atom turned out to stand in code, in a link or in raw HTML.
    fn unmarked<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if !text.contains(OPEN) {
            return Cow::Borrowed(text);
        }
        let mut plain = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once(OPEN) {
            plain.push_str(before);
            rest = after;
            if let Some((number, beyond)) = after.split_once(CLOSE) {
                plain.push_str(self.numbered(number).map_or("", |(_, written)| written));
                rest = beyond;
            }
        }
        plain.push_str(rest);
        Cow::Owned(plain)
    }

    fn numbered(&self, number: &str) -> Option<&(Atom, String)> {
        self.atoms.get(number.parse::<usize>().ok()?)
    }

    fn atom(&mut self, number: &str) {
        let atoms = self.atoms;
        let Some((atom, written)) = number
            .parse::<usize>()
            .ok()
            .and_then(|number| atoms.get(number))
        else {
            return;
        };
        if self.link.is_some() {
            return self.visible(written);
        }
        match atom {
            Atom::Url(url) => self.address(url, written),
            Atom::Mention(acct) => self.mention(acct, written),
            Atom::Hashtag(hashtag) => self.hashtag(hashtag),
        }
    }

    fn mention(&mut self, acct: &Acct, written: &str) {
        self.length += 1 + acct.user().len();
        let url = self
            .mentions
            .get(&acct.to_string().to_lowercase())
            .and_then(|mention| web(&mention.url));
        match url {
            Some(url) => {
                let _ = write!(
                    self.html,
                    "<span class=\"h-card\" translate=\"no\"><a href=\"{}\" class=\"u-url mention\">@<span>{}</span></a></span>",
                    Quoted(url.as_str()),
                    acct.user(),
                );
            }
            None => push_text(&mut self.html, written),
        }
    }

    fn hashtag(&mut self, hashtag: &Hashtag) {
        self.length += 1 + characters(&hashtag.display);
        let _ = write!(
            self.html,
            "<a href=\"{}\" class=\"mention hashtag\" rel=\"tag\">#<span>{}</span></a>",
            Quoted(&self.site.tag_page(&hashtag.tag)),
            hashtag.display,
        );
        if self.seen.insert(hashtag.tag.clone()) {
            self.hashtags.push(hashtag.clone());
        }
    }

    /// An address, shown as Mastodon does: host and the beginning of the path; the rest is there for those who copy it.
    fn address(&mut self, url: &Url, written: &str) {
        self.length += LINK_LENGTH;
        let _ = write!(
            self.html,
            "<a href=\"{}\" translate=\"no\">",
            Quoted(url.as_str())
        );
        self.shortened(written);
        self.html.push_str("</a>");
    }

    fn shortened(&mut self, written: &str) {
        push_shortened(&mut self.html, written);
    }

    // Links and images.

    fn link_begins(&mut self, link_type: LinkType, destination: &str) -> &'static str {
        let destination = self.unmarked(destination).into_owned();
        let kind = match (link_type, web(&destination)) {
            (LinkType::Autolink, Some(url)) => {
                self.address(&url, &destination);
                Target::Itself
            }
            (LinkType::Autolink | LinkType::Email, _) => Target::Nothing,
            (_, Some(url)) => Target::Web(url),
            (_, None) => spoken(&destination).map_or(Target::Nothing, Target::Spoken),
        };
        let closing = if let Target::Web(url) = &kind {
            let _ = write!(self.html, "<a href=\"{}\">", Quoted(url.as_str()));
            "</a>"
        } else {
            ""
        };
        self.link = Some(Link {
            from: self.html.len(),
            kind,
        });
        closing
    }

    fn link_ends(&mut self, closing: &str) {
        if let Some(Link { from, kind }) = self.link.take() {
            let label = self.html.get(from..).unwrap_or_default();
            match kind {
                Target::Web(url) if label.trim().is_empty() => {
                    self.length += LINK_LENGTH;
                    self.shortened(url.as_str());
                }
                Target::Spoken(address) if !label.contains(&address) => {
                    self.visible(&format!(" ({address})"));
                }
                Target::Web(_) | Target::Spoken(_) | Target::Nothing | Target::Itself => {}
            }
        }
        self.html.push_str(closing);
    }

    /// Pictures are attached, not written: their description links to them.
    fn in_image(&mut self, event: Event<'_>) {
        let Some(image) = self.image.as_mut() else {
            return;
        };
        match event {
            Event::Text(text) | Event::Code(text) | Event::InlineHtml(text) => {
                image.description.push_str(&text);
            }
            Event::SoftBreak | Event::HardBreak => image.description.push(' '),
            Event::Start(Tag::Image { .. }) => image.depth += 1,
            Event::End(TagEnd::Image) => {
                image.depth -= 1;
                if image.depth == 0 {
                    self.image_ends();
                }
            }
            _ => {}
        }
    }

    fn image_ends(&mut self) {
        let Some(Image {
            address,
            description,
            ..
        }) = self.image.take()
        else {
            return;
        };
        match web(&address) {
            Some(url) if self.link.is_none() => {
                if description.trim().is_empty() {
                    self.address(&url, &address);
                } else {
                    let _ = write!(self.html, "<a href=\"{}\">", Quoted(url.as_str()));
                    self.verbatim(&description);
                    self.html.push_str("</a>");
                }
            }
            _ => self.verbatim(&description),
        }
    }
}

fn style(
    html: &mut String,
    open: &mut usize,
    opening: &str,
    closing: &'static str,
) -> &'static str {
    *open += 1;
    if *open > 1 {
        return "";
    }
    html.push_str(opening);
    closing
}

/// An address that a link may lead to.
fn web(destination: &str) -> Option<Url> {
    Url::parse(destination).ok().filter(|url| {
        matches!(url.scheme(), "http" | "https")
            && url.host_str().is_some_and(|host| !host.is_empty())
    })
}

/// The mail address or telephone number of a link.
fn spoken(destination: &str) -> Option<String> {
    let (scheme, rest) = destination.split_once(':')?;
    let known = scheme.eq_ignore_ascii_case("mailto") || scheme.eq_ignore_ascii_case("tel");
    let address = rest.split('?').next()?.trim();
    (known && !address.is_empty()).then(|| address.to_owned())
}

/// Marks that combine with the letter before them are not counted.
fn characters(text: &str) -> usize {
    text.chars().filter(|c| !is_combining_mark(*c)).count()
}

/// An address without its scheme, cut; the rest is there for those who copy it.
fn push_shortened(html: &mut String, written: &str) {
    const SHOWN: usize = 30;
    let scheme = written.find("//").map_or(0, |slashes| slashes + 2);
    let (_, host) = written.split_at_checked(scheme).unwrap_or(("", written));
    let hidden = scheme + if host.starts_with("www.") { 4 } else { 0 };
    let (prefix, shown) = written.split_at_checked(hidden).unwrap_or(("", written));
    let cut = shown
        .char_indices()
        .nth(SHOWN)
        .map_or(shown.len(), |(at, _)| at);
    let (shown, tail) = shown.split_at_checked(cut).unwrap_or((shown, ""));
    let class = if tail.is_empty() {
        ""
    } else {
        " class=\"ellipsis\""
    };
    html.push_str("<span class=\"invisible\">");
    push_text(html, prefix);
    let _ = write!(html, "</span><span{class}>");
    push_text(html, shown);
    html.push_str("</span>");
    if !tail.is_empty() {
        html.push_str("<span class=\"invisible\">");
        push_text(html, tail);
        html.push_str("</span>");
    }
}

/// Escapes as the sanitiser's serialiser does, so that sanitising again changes nothing.
fn push_text(html: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '\u{A0}' => html.push_str("&nbsp;"),
            other => html.push(other),
        }
    }
}

/// An attribute's value, escaped for double quotes.
struct Quoted<'a>(&'a str);

impl std::fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for c in self.0.chars() {
            match c {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                other => f.write_char(other)?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
