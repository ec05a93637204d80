//! What a feed says, whichever its format.

use maud::{Markup, html};

use crate::kernel::SafeHtml;
use crate::kernel::Timestamp;
use crate::publishing::articles::Article;
use crate::publishing::polls::Poll;
use crate::web::words::poll as words;

/// An agency's newest announcements, the newest first. All addresses are absolute.
#[derive(Debug, Clone)]
pub struct Feed {
    /// The agency's ActivityPub id, which never changes.
    pub id: String,
    /// The agency's name.
    pub title: String,
    /// Plain text.
    pub summary: String,
    /// The agency's page.
    pub page: String,
    /// This feed's own address.
    pub address: String,
    /// BCP 47.
    pub language: String,
    pub avatar: Option<String>,
    /// When the newest entry was published or edited; the agency's creation if there is none.
    pub updated_at: Timestamp,
    pub entries: Vec<Entry>,
    /// Version of the software.
    pub version: String,
}

#[derive(Debug, Clone)]
pub struct Entry {
    /// The announcement's ActivityPub id, which never changes.
    pub id: String,
    pub page: String,
    pub html: SafeHtml,
    pub article: Option<Article>,
    pub warning: Option<String>,
    pub language: String,
    pub hashtags: Vec<String>,
    pub images: Vec<Image>,
    pub poll: Option<Poll>,
    pub published_at: Timestamp,
    pub edited_at: Option<Timestamp>,
    /// The further posts of an announcement of several, which stand with it in one entry.
    pub further: Vec<Self>,
}

/// `bytes` is the file's size.
#[derive(Debug, Clone)]
pub struct Image {
    pub url: String,
    pub media_type: String,
    pub alt: String,
    pub bytes: u64,
    pub width: u32,
    pub height: u32,
}

impl Entry {
    /// The warning, the title, or the first words.
    pub(super) fn title(&self) -> String {
        let text = match (&self.warning, &self.article) {
            (Some(warning), _) => warning.clone(),
            // It is short enough already.
            (None, Some(article)) => return article.title.clone(),
            (None, None) => self.html.to_text(),
        };
        let mut title: String = text.chars().take(LONGEST_TITLE).collect();
        if title.len() < text.len() {
            if let Some(space) = title.rfind(' ').filter(|space| *space > LONGEST_TITLE / 2) {
                title.truncate(space);
            }
            title.push('…');
        }
        title
    }

    /// The whole content as mark-up: warning, text, pictures, and what is said at length; then those of the further posts.
    pub(super) fn content(&self) -> String {
        let mut content = self.own_content();
        for post in &self.further {
            content.push_str("<hr>");
            content.push_str(&post.own_content());
        }
        content
    }

    fn own_content(&self) -> String {
        let body = maud::html! {
            (maud::PreEscaped(self.html.as_str()))
            @for image in &self.images {
                p { img src=(image.url) alt=(image.alt) width=(image.width) height=(image.height); }
            }
            @if let Some(poll) = &self.poll { (self.asked(poll)) }
            @if let Some(article) = &self.article { (maud::PreEscaped(article.html.as_str())) }
        };
        match &self.warning {
            None => body.into_string(),
            Some(warning) => maud::html! {
                p { strong { (crate::web::words::feed_warning(warning)) } }
                hr;
                (body)
            }
            .into_string(),
        }
    }

    /// What is asked, and how it stood when the feed was made.
    fn asked(&self, poll: &Poll) -> Markup {
        let words = words::of(&self.language);
        let all = poll.all();
        html! {
            ul {
                @for choice in &poll.options { li { (choice.text) ": " (words.votes(choice.votes, all)) } }
            }
            p {
                (words.poll()) " · " (words.voters(poll.voters)) " · "
                @if poll.multiple { (words.several()) " · " }
                (words.until(poll.closed_at)) " " (words.moment(poll.ends_at))
            }
        }
    }

    pub(super) fn updated_at(&self) -> Timestamp {
        let own = self.edited_at.unwrap_or(self.published_at);
        self.further
            .iter()
            .map(Self::updated_at)
            .fold(own, Timestamp::max)
    }
}

const LONGEST_TITLE: usize = 80;
