//! Markdown as the body of a page of its own: with headings, tables and rules, which no post may have.

use std::collections::HashMap;
use std::fmt::Write as _;

use pulldown_cmark::{Alignment, Event, HeadingLevel, Parser, Tag, TagEnd};

use super::{Marked, Mention, OPTIONS, Writer, clean};
use crate::kernel::{SafeHtml, Site};

/// Characters of an anchor, without its number.
const LONGEST_ANCHOR: usize = 60;
/// Before every anchor: none is that of another part of the page.
const PREFIX: &str = "s-";

/// What only a page has.
pub(super) struct Form {
    /// The highest level in the text, which becomes the second.
    highest: u8,
    /// The level of the last heading: the next is at most one below.
    last: u8,
    /// Where the heading begins that is open, and its level.
    open: Option<(usize, u8)>,
    /// How often each anchor was wanted.
    anchors: HashMap<String, usize>,
    /// Of the table that is open.
    columns: Vec<Alignment>,
    is_head: bool,
}

/// Writes the HTML of a page's body. Its headings begin with the second level, leave none out, and each has an anchor.
///
/// An address that is not among `mentions` stays text.
pub fn render_page(markdown: &str, site: &Site, mentions: &[Mention]) -> SafeHtml {
    let marked = Marked::new(&clean(markdown));
    let form = Form {
        highest: highest(&marked.source),
        last: 1,
        open: None,
        anchors: HashMap::new(),
        columns: vec![],
        is_head: false,
    };
    let mut writer = Writer::new(site, &marked, mentions, Some(form));
    writer.write(&marked.source);
    SafeHtml::trusted(writer.html)
}

fn highest(source: &str) -> u8 {
    let levels = Parser::new_ext(source, OPTIONS).filter_map(|event| match event {
        Event::Start(Tag::Heading { level, .. }) => Some(number(level)),
        _ => None,
    });
    levels.min().unwrap_or(1)
}

const fn number(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}

impl Writer<'_> {
    /// Opens what only a page has; returns what closes it, and nothing for what a post has as well.
    pub(super) fn page_starts(&mut self, tag: &Tag<'_>) -> Option<&'static str> {
        let form = self.page.as_mut()?;
        Some(match tag {
            Tag::Heading { level, .. } => {
                let level = (number(*level) - form.highest + 2)
                    .min(form.last + 1)
                    .min(6);
                form.last = level;
                form.open = Some((self.html.len(), level));
                ""
            }
            Tag::Table(columns) => {
                form.columns.clone_from(columns);
                self.html.push_str("<table>");
                "</tbody></table>"
            }
            Tag::TableHead => {
                form.is_head = true;
                self.cells = 0;
                self.html.push_str("<thead><tr>");
                "</tr></thead><tbody>"
            }
            Tag::TableRow => {
                self.cells = 0;
                self.html.push_str("<tr>");
                "</tr>"
            }
            Tag::TableCell => {
                let (opening, closing) = if form.is_head {
                    ("<th scope=\"col\"", "</th>\n")
                } else {
                    ("<td", "</td>\n")
                };
                self.html.push_str(opening);
                self.html.push_str(match form.columns.get(self.cells) {
                    Some(Alignment::Right) => " class=\"end\">",
                    Some(Alignment::Center) => " class=\"middle\">",
                    _ => ">",
                });
                self.cells += 1;
                closing
            }
            _ => return None,
        })
    }

    /// Closes what [`Self::page_starts`] has opened; whether it did.
    pub(super) fn page_ends(&mut self, tag: TagEnd, closing: &str) -> bool {
        let Some(form) = self.page.as_mut() else {
            return false;
        };
        match tag {
            TagEnd::Heading(_) => {
                if let Some((from, level)) = form.open.take() {
                    let inner = self.html.split_off(from.min(self.html.len()));
                    let anchor = form.anchor(&SafeHtml::trusted(inner.clone()).to_text());
                    // Letters, digits and hyphens need no escape.
                    let _ = write!(
                        self.html,
                        "<h{level} id=\"{PREFIX}{anchor}\">{inner}</h{level}>"
                    );
                }
            }
            TagEnd::TableHead => {
                form.is_head = false;
                self.html.push_str(closing);
            }
            TagEnd::Table | TagEnd::TableRow | TagEnd::TableCell => self.html.push_str(closing),
            _ => return false,
        }
        true
    }
}

impl Form {
    /// The letters and digits of a heading, and a number if another had the same before.
    fn anchor(&mut self, text: &str) -> String {
        let words = text
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_lowercase);
        let words: Vec<String> = words.collect();
        let anchor: String = words.join("-").chars().take(LONGEST_ANCHOR).collect();
        let anchor = anchor.trim_end_matches('-').to_owned();
        let before = self.anchors.entry(anchor.clone()).or_default();
        *before += 1;
        match (*before, anchor.is_empty()) {
            (1, false) => anchor,
            (number, true) => number.to_string(),
            // No heading has a text that gives this.
            (number, false) => format!("{anchor}--{number}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(markdown: &str) -> String {
        let site = Site::new(&"https://social.city.gov".parse().unwrap(), None);
        render_page(markdown, &site, &[]).into_string()
    }

    #[test]
    fn headings_begin_below_the_title_and_leave_no_level_out() {
        assert_eq!(
            page("# One *two*\n\n#### Deep\n\n## Two"),
            "<h2 id=\"s-one-two\">One <em>two</em></h2><h3 id=\"s-deep\">Deep</h3><h3 id=\"s-two\">Two</h3>"
        );
        assert_eq!(
            page("### A\n\n### A\n\n### !\n\n#### Größe 2"),
            "<h2 id=\"s-a\">A</h2><h2 id=\"s-a--2\">A</h2><h2 id=\"s-1\">!</h2><h3 id=\"s-größe-2\">Größe 2</h3>"
        );
        assert!(page("# <b>\"x").starts_with("<h2 id=\"s-b-x\">&lt;b&gt;\"x</h2>"));
    }

    #[test]
    fn tables_and_rules_are_what_they_are() {
        assert_eq!(
            page("| a | b |\n|---|--:|\n| 1 | **2** |\n\n---"),
            "<table><thead><tr><th scope=\"col\">a</th>\n<th scope=\"col\" class=\"end\">b</th>\n</tr></thead><tbody><tr>\
             <td>1</td>\n<td class=\"end\"><strong>2</strong></td>\n</tr></tbody></table><hr>"
        );
    }

    #[test]
    fn everything_else_is_as_in_a_post() {
        let text =
            "A https://city.gov/x and #Pool, <script>\n\n> - q\n\n```rust\nlet a = \"<b>\";\n```";
        let site = Site::new(&"https://social.city.gov".parse().unwrap(), None);
        assert_eq!(
            page(text),
            super::super::render(text, &site, &[]).html.into_string()
        );
    }

    #[test]
    fn no_mark_up_of_the_author_gets_through() {
        for text in [
            "# <img src=x onerror=alert(1)>",
            "| <script>x</script> |\n|---|\n| [a](javascript:alert(1)) |",
            "<h2 id=\"content\">x</h2>",
            "![x](javascript:y) [b](data:text/html,x)",
        ] {
            let html = page(text);
            for bad in [
                "<img",
                "<script",
                "<h2 id=\"content\"",
                "href=\"data",
                "href=\"java",
            ] {
                assert!(!html.contains(bad), "{text}: {html}");
            }
        }
    }
}
