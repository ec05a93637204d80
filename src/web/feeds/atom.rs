//! Atom (RFC 4287): the format that says languages, edits and several pictures properly.

use atom_syndication::{Category, Content, FixedDateTime, Generator, Link, Person, Text};

use crate::kernel::Timestamp;
use crate::web::words;

use super::view::Entry;
use super::view::Feed;

pub const MEDIA_TYPE: &str = "application/atom+xml; charset=utf-8";

/// The document as it is sent.
pub fn render(feed: &Feed) -> String {
    let author = Person {
        name: feed.title.clone(),
        uri: Some(feed.page.clone()),
        ..Person::default()
    };
    atom_syndication::Feed {
        id: feed.id.clone(),
        title: Text::plain(feed.title.clone()),
        subtitle: (!feed.summary.is_empty()).then(|| Text::plain(feed.summary.clone())),
        updated: date(feed.updated_at),
        authors: vec![author],
        generator: Some(Generator {
            value: words::SOFTWARE.to_owned(),
            version: Some(feed.version.clone()),
            uri: None,
        }),
        icon: feed.avatar.clone(),
        lang: Some(feed.language.clone()),
        links: vec![
            link("self", &feed.address, "application/atom+xml"),
            link("alternate", &feed.page, "text/html"),
        ],
        entries: feed.entries.iter().map(entry).collect(),
        ..atom_syndication::Feed::default()
    }
    .to_string()
}

fn entry(entry: &Entry) -> atom_syndication::Entry {
    let enclosures = entry.images.iter().map(|image| Link {
        length: Some(image.bytes.to_string()),
        title: Some(image.alt.clone()),
        ..link("enclosure", &image.url, &image.media_type)
    });
    let mut links = vec![
        link("alternate", &entry.page, "text/html"),
        // The same as an ActivityPub object, for readers that can reply to it.
        link("alternate", &entry.id, "application/activity+json"),
    ];
    links.extend(enclosures);
    atom_syndication::Entry {
        id: entry.id.clone(),
        title: Text::plain(entry.title()),
        published: Some(date(entry.published_at)),
        updated: date(entry.updated_at()),
        summary: entry
            .warning
            .as_ref()
            .map(|warning| Text::plain(words::feed_warning(warning))),
        content: Some(Content {
            value: Some(entry.content()),
            content_type: Some("html".to_owned()),
            lang: Some(entry.language.clone()),
            ..Content::default()
        }),
        categories: entry
            .hashtags
            .iter()
            .map(|hashtag| Category {
                term: hashtag.clone(),
                ..Category::default()
            })
            .collect(),
        links,
        ..atom_syndication::Entry::default()
    }
}

fn link(rel: &str, href: &str, media_type: &str) -> Link {
    Link {
        href: href.to_owned(),
        rel: rel.to_owned(),
        mime_type: Some(media_type.to_owned()),
        ..Link::default()
    }
}

fn date(at: Timestamp) -> FixedDateTime {
    // RFC 3339 as we write it is RFC 3339 as this crate reads it; the default is 1970.
    at.to_whole_second().to_string().parse().unwrap_or_default()
}
