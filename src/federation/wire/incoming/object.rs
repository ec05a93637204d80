//! A post from elsewhere: `Note` and what can be shown like one.

use maud::html;
use serde_json::{Map, Value};

use crate::kernel::Plain;
use crate::kernel::SafeHtml;
use crate::kernel::Timestamp;

use super::{
    Audience, ForeignHtml, LONGEST_ALT, LONGEST_HTML, LONGEST_LINE, MOST_ATTACHMENTS, MOST_OPTIONS,
    Malformed, Tags, Visibility, read, same_authority,
};

/// What kind of thing was posted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ObjectKind {
    Note,
    /// A poll.
    Question,
    Article,
    /// A Lemmy post.
    Page,
    Event,
    Image,
    Video,
    Audio,
    Tombstone,
    /// Anything else, or no `type` at all: not for us.
    Other,
}

impl ObjectKind {
    pub(super) fn of(kind: Option<&str>) -> Self {
        match kind {
            Some("Note") => Self::Note,
            Some("Question") => Self::Question,
            Some("Article") => Self::Article,
            Some("Page") => Self::Page,
            Some("Event") => Self::Event,
            Some("Image") => Self::Image,
            Some("Video") => Self::Video,
            Some("Audio") => Self::Audio,
            Some("Tombstone") => Self::Tombstone,
            _ => Self::Other,
        }
    }

    /// Whether it can stand in a thread.
    pub const fn is_post(&self) -> bool {
        !matches!(self, Self::Tombstone | Self::Other)
    }
}

/// A file or link that hangs on a post; its address is never shown as a picture by our pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    pub url: String,
    /// As claimed, such as `image/png`.
    pub media_type: Option<String>,
    /// What the author says it shows; may be empty.
    pub alt: Plain,
}

/// A post as its server sent it. Whether that server may speak for it is for the caller to check:
/// `id`, `attributed_to` and the signer belong to one origin, or nothing here counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    pub id: String,
    pub kind: ObjectKind,
    /// The author; of several, the first.
    pub attributed_to: Option<String>,
    pub audience: Audience,
    pub in_reply_to: Option<String>,
    /// A title; on a poll vote the option chosen.
    pub name: Option<Plain>,
    pub content: Option<ForeignHtml>,
    /// A content warning on a `Note` or `Question`, an abstract on everything else.
    summary: Option<String>,
    pub sensitive: bool,
    /// A BCP 47 tag, if the server gave a valid one.
    pub language: Option<String>,
    /// The page that shows it, as claimed; see [`Object::page`].
    pub url: Option<String>,
    pub published: Option<Timestamp>,
    pub updated: Option<Timestamp>,
    pub attachments: Vec<Attachment>,
    pub tags: Tags,
    /// The post that this one quotes.
    pub quote: Option<String>,
    /// What a poll offers.
    pub options: Vec<Plain>,
    /// The collection of replies to it.
    pub replies: Option<String>,
}

impl Object {
    /// Reads a document that was fetched; whether its `id` is the one asked for is for the caller to check.
    pub fn parse(body: &[u8]) -> Result<Self, Malformed> {
        Self::from_map(&read::document(body)?)
    }

    pub(super) fn from_map(map: &Map<String, Value>) -> Result<Self, Malformed> {
        let tags = Tags::of(map);
        Ok(Self {
            id: map
                .get("id")
                .and_then(Value::as_str)
                .filter(|id| read::is_uri(id))
                .ok_or(Malformed::Missing("object.id"))?
                .to_owned(),
            kind: ObjectKind::of(read::kind(map)),
            attributed_to: read::uri(map.get("attributedTo")),
            audience: Audience::of(map),
            in_reply_to: read::uri(map.get("inReplyTo")),
            name: read::line(map.get("name"), LONGEST_LINE)
                .or_else(|| read::line(first_of_map(map, "nameMap"), LONGEST_LINE)),
            content: ForeignHtml::content(map),
            summary: read::text(map.get("summary"))
                .or_else(|| read::text(first_of_map(map, "summaryMap")))
                .map(|text| read::cut(text, LONGEST_HTML).to_owned()),
            sensitive: read::truth(map.get("sensitive")),
            language: language(map),
            url: page(map.get("url")),
            published: read::date_in(map.get("published")),
            updated: read::date_in(map.get("updated")),
            attachments: read::many(map.get("attachment"))
                .iter()
                .filter_map(attachment)
                .take(MOST_ATTACHMENTS)
                .collect(),
            quote: [
                "quote",
                "quoteUri",
                "quoteUrl",
                "quoteURL",
                "_misskey_quote",
            ]
            .iter()
            .find_map(|name| read::uri(map.get(*name)))
            .or_else(|| tags.quote.clone()),
            options: options(map),
            replies: read::uri(map.get("replies")).or_else(|| {
                let first = map.get("replies")?.get("first")?;
                read::uri(Some(first)).or_else(|| read::uri(first.get("next")))
            }),
            tags,
        })
    }

    /// Whether this is a choice in a poll, which no one else may see, rather than a reply:
    /// a `Note` that has a name and no text.
    pub fn is_poll_vote(&self) -> bool {
        self.kind == ObjectKind::Note
            && self.name.is_some()
            && self.content.is_none()
            && self.in_reply_to.is_some()
            && self.attachments.is_empty()
    }

    /// Whether there is anything to show.
    pub fn is_empty(&self) -> bool {
        self.content.is_none()
            && self.attachments.is_empty()
            && self.quote.is_none()
            && (self.name.is_none() || self.kind == ObjectKind::Note)
    }

    /// Who may see it; `delivery` is the audience of the activity that brought it, for an object that has none of its own.
    pub fn visibility(&self, delivery: Option<&Audience>, followers: Option<&str>) -> Visibility {
        match delivery {
            Some(delivery) if self.audience.is_empty() => delivery,
            _ => &self.audience,
        }
        .visibility(followers)
    }

    /// The warning that hides the text, on the kinds that have one.
    pub fn warning(&self) -> Option<Plain> {
        if !matches!(self.kind, ObjectKind::Note | ObjectKind::Question) {
            return None;
        }
        read::line_of(self.summary.as_deref()?, LONGEST_LINE)
    }

    /// Where a reader finds it: its page if that is on the same host as its id, which its server can speak for; else the id.
    pub fn page(&self) -> &str {
        self.url
            .as_deref()
            .filter(|url| same_authority(url, &self.id))
            .unwrap_or(&self.id)
    }

    /// The text to store and show, sanitised. What is no `Note` begins with its title and ends with a link to its page.
    pub fn body(&self) -> SafeHtml {
        let content = || {
            self.content
                .as_ref()
                .map_or_else(String::new, |content| content.sanitised().into_string())
        };
        if self.kind == ObjectKind::Note {
            return SafeHtml::trusted(content());
        }
        let mut body = String::new();
        if let Some(name) = &self.name {
            body.push_str(&html! { p { strong { (name) } } }.into_string());
        }
        if self.kind != ObjectKind::Question
            && let Some(summary) = &self.summary
        {
            body.push_str(ForeignHtml::html(summary).sanitised().as_str());
        }
        body.push_str(&content());
        let page = self.page();
        let end = html! {
            @if !self.options.is_empty() {
                ul { @for option in &self.options { li { (option) } } }
            }
            p { a href=(page) rel="nofollow noopener noreferrer ugc" { (page) } }
        };
        body.push_str(&end.into_string());
        SafeHtml::trusted(body)
    }

    /// When it was published, for a thread that sorts by it: never later than it arrived.
    pub fn published_by(&self, arrival: Timestamp) -> Timestamp {
        self.published
            .map_or(arrival, |published| published.min(arrival))
    }
}

fn first_of_map<'a>(map: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    map.get(name)?.as_object()?.values().next()
}

/// The first language named, as Mastodon reads it.
fn language(map: &Map<String, Value>) -> Option<String> {
    ["contentMap", "nameMap", "summaryMap"]
        .iter()
        .filter_map(|name| map.get(*name)?.as_object()?.keys().next())
        .find(|tag| {
            tag.len() <= 35
                && tag.as_str() != "und"
                && oxilangtag::LanguageTag::parse(tag.as_str()).is_ok()
        })
        .cloned()
}

/// The page among the addresses of a post: a link to HTML, else an address of no stated type.
fn page(value: Option<&Value>) -> Option<String> {
    let links = read::many(value);
    let media_type = |link: &Value| {
        link.get("mediaType")
            .and_then(Value::as_str)
            .map(str::to_owned)
    };
    let html = links
        .iter()
        .filter(|link| media_type(link).is_some_and(|found| found.starts_with("text/html")))
        .find_map(|link| read::uri(Some(link)));
    html.or_else(|| {
        links
            .iter()
            .filter(|link| media_type(link).is_none())
            .find_map(|link| read::uri(Some(link)))
    })
}

fn attachment(value: &Value) -> Option<Attachment> {
    let map = value.as_object()?;
    let links = read::many(map.get("url"));
    let url = read::uri(map.get("url")).or_else(|| read::uri(map.get("href")))?;
    let media_type = map
        .get("mediaType")
        .or_else(|| links.iter().find_map(|link| link.get("mediaType")))
        .and_then(Value::as_str)
        .filter(|media_type| is_media_type(media_type))
        .map(str::to_ascii_lowercase);
    Some(Attachment {
        url,
        media_type,
        alt: read::line(map.get("summary"), LONGEST_ALT)
            .or_else(|| read::line(map.get("name"), LONGEST_ALT))
            .unwrap_or_default(),
    })
}

fn is_media_type(text: &str) -> bool {
    let token = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&b))
    };
    text.len() <= 127
        && text
            .split_once('/')
            .is_some_and(|(main, sub)| token(main) && token(sub))
}

fn options(map: &Map<String, Value>) -> Vec<Plain> {
    let offered = map.get("oneOf").or_else(|| map.get("anyOf"));
    read::many(offered)
        .iter()
        .take(MOST_OPTIONS)
        .filter_map(|option| read::line(option.get("name"), LONGEST_LINE))
        .collect()
}
