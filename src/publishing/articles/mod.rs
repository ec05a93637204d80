//! Long texts: what an announcement has to say at length, on a page of its own.
//!
//! The announcement is the summary, and stays the post that followers get; it leads to the page. An article belongs to
//! a wording: an edit makes a new one, and every earlier one is kept.

mod outline;
mod store;

pub use self::outline::{Heading, outline};
pub use self::store::{Wording, find, wordings};
pub(super) use self::store::{erase, insert, of};

use serde::{Deserialize, Serialize};

use super::{Hashtag, Mention, Rules, markdown};
use crate::kernel::{Plain, SafeHtml, Site, Timestamp};

/// Characters of a title: it has to fit a line or two wherever it is shown (FEP-b2b8).
const LONGEST_TITLE: usize = 150;
/// What is read in a minute: words, or signs of scripts that put no space between them.
const WORDS_A_MINUTE: usize = 200;
const SIGNS_A_MINUTE: usize = 400;

/// A long text as it is written; it may be unfinished.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manuscript {
    pub title: String,
    pub markdown: String,
}

/// A long text as it is published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Article {
    pub title: String,
    pub markdown: String,
    /// Its headings begin with the second level: the first is the title.
    pub html: SafeHtml,
}

/// Why a long text cannot be published.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    #[error("a long text needs a title of 1 to {LONGEST_TITLE} characters")]
    Title,
    #[error("a long text needs a text besides its title")]
    Empty,
    #[error("the long text has {length} characters; at most {longest} are accepted here")]
    TooLong { length: usize, longest: usize },
}

impl Manuscript {
    /// The article that it becomes. Whom it names is linked if the announcement names them too, and is told by that only.
    pub(super) fn published(
        self,
        site: &Site,
        mentions: &[Mention],
        rules: Rules,
    ) -> Result<Article, Unfit> {
        let title = Plain::clean(&self.title, LONGEST_TITLE + 1).into_string();
        if title.is_empty() || title.chars().count() > LONGEST_TITLE {
            return Err(Unfit::Title);
        }
        let (length, longest) = (self.length(), rules.longest_article);
        if length > longest {
            return Err(Unfit::TooLong { length, longest });
        }
        let html = markdown::render_page(&self.markdown, site, mentions);
        if html.is_blank() {
            return Err(Unfit::Empty);
        }
        Ok(Article {
            title,
            markdown: self.markdown,
            html,
        })
    }

    /// Characters of the text as it is written.
    pub fn length(&self) -> usize {
        self.markdown.chars().count()
    }

    /// Whether nothing was written.
    pub fn is_blank(&self) -> bool {
        self.title.trim().is_empty() && self.markdown.trim().is_empty()
    }

    /// Everything in it that is read.
    pub fn text(&self) -> String {
        let parts = [self.title.trim(), self.markdown.trim()];
        let parts = parts.into_iter().filter(|part| !part.is_empty());
        parts.collect::<Vec<_>>().join("\n\n")
    }

    /// A file whose first line may be its title: `# Title`.
    pub fn of_file(text: &str) -> Self {
        let text = text.trim_start();
        let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
        match first.trim_end().strip_prefix("# ") {
            Some(title) => Self {
                title: title.trim().trim_end_matches('#').trim_end().to_owned(),
                markdown: rest.trim_start_matches(['\r', '\n']).to_owned(),
            },
            None => Self {
                title: String::new(),
                markdown: text.to_owned(),
            },
        }
    }
}

impl Article {
    /// As somebody would write it again.
    pub fn manuscript(&self) -> Manuscript {
        Manuscript {
            title: self.title.clone(),
            markdown: self.markdown.clone(),
        }
    }

    /// Each tag once, in the order of the text.
    pub fn hashtags(&self) -> Vec<Hashtag> {
        markdown::scan(&self.markdown).hashtags
    }

    /// About how long it takes to read, at least one.
    pub fn minutes(&self) -> usize {
        minutes(&self.html)
    }
}

/// When a long text that there was before was taken away: with the first wording that has none behind the last that
/// has one.
pub fn taken_away_at(wordings: &[Wording]) -> Option<Timestamp> {
    let last = wordings.iter().rposition(|it| it.article.is_some())?;
    wordings.get(last + 1).map(|it| it.created_at)
}

/// About how many minutes it takes to read a text, at least one.
pub fn minutes(html: &SafeHtml) -> usize {
    let text = html.to_text();
    let signs = text.chars().filter(|c| is_sign(*c)).count();
    let words = text.split(|c: char| c.is_whitespace() || is_sign(c));
    let words = words
        .filter(|word| word.chars().any(char::is_alphanumeric))
        .count();
    // In parts of the two rates, rounded up.
    (words * SIGNS_A_MINUTE + signs * WORDS_A_MINUTE)
        .div_ceil(WORDS_A_MINUTE * SIGNS_A_MINUTE)
        .max(1)
}

const fn is_sign(c: char) -> bool {
    matches!(c, '\u{0E00}'..='\u{0EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}' | '\u{3040}'..='\u{30FF}'
        | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

/// What leads from the post to the page: the title, and the address as Mastodon shows addresses, of which it makes a card.
pub fn pointer(title: &str, page: &str) -> String {
    format!(
        "<p><strong>{}</strong><br>{}</p>",
        markdown::escaped(title),
        markdown::address(page)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site() -> Site {
        Site::new(&"https://social.city.gov".parse().unwrap(), None)
    }

    fn written(title: &str, markdown: &str) -> Manuscript {
        Manuscript {
            title: title.to_owned(),
            markdown: markdown.to_owned(),
        }
    }

    fn published(title: &str, markdown: &str) -> Result<Article, Unfit> {
        written(title, markdown).published(&site(), &[], Rules::default())
    }

    #[test]
    fn a_title_and_a_text_are_needed() {
        assert_eq!(published(" ", "Text."), Err(Unfit::Title));
        assert_eq!(published(&"x".repeat(151), "Text."), Err(Unfit::Title));
        assert_eq!(published("Title", " \n"), Err(Unfit::Empty));
        assert_eq!(
            published("Title", "[a]: https://x.example"),
            Err(Unfit::Empty)
        );
        assert_eq!(
            published("Title", &"é".repeat(100_001)),
            Err(Unfit::TooLong {
                length: 100_001,
                longest: 100_000
            })
        );
        let article = published(" The  plan\n", "## Why\n\nBecause.").unwrap();
        assert_eq!(article.title, "The plan");
        assert_eq!(
            article.html.as_str(),
            "<h2 id=\"s-why\">Why</h2><p>Because.</p>"
        );
    }

    #[test]
    fn a_file_may_begin_with_its_title() {
        assert_eq!(
            Manuscript::of_file("\n# The plan #\r\n\r\nText.\n"),
            written("The plan", "Text.\n")
        );
        assert_eq!(
            Manuscript::of_file("Text.\n\n# Later"),
            written("", "Text.\n\n# Later")
        );
        assert_eq!(Manuscript::of_file("# Only"), written("Only", ""));
        assert_eq!(Manuscript::of_file(""), written("", ""));
    }

    #[test]
    fn reading_takes_as_long_as_there_is_to_read() {
        let minutes = |text: &str| minutes(&SafeHtml::from_plain(text));
        assert_eq!(minutes("A few words."), 1);
        assert_eq!(minutes(&"word ".repeat(200)), 1);
        assert_eq!(minutes(&"word ".repeat(201)), 2);
        assert_eq!(minutes(&"水".repeat(800)), 2);
    }

    #[test]
    fn what_leads_to_the_page_can_break_out_of_nothing() {
        let html = pointer("<b> & \"co\"", "https://social.city.gov/@water/9/article");
        assert_eq!(
            html,
            "<p><strong>&lt;b&gt; &amp; \"co\"</strong><br><a href=\"https://social.city.gov/@water/9/article\" \
             translate=\"no\"><span class=\"invisible\">https://</span><span class=\"ellipsis\">social.city.gov/@water/9/artic\
             </span><span class=\"invisible\">le</span></a></p>"
        );
    }
}
