//! RSS 2.0, with Media RSS for every picture and its description.

use std::collections::BTreeMap;

use ::rss::extension::Extension;
use ::rss::extension::atom::AtomExtension;
use ::rss::extension::atom::Link;
use ::rss::{Category, Channel, Enclosure, Guid, Item};

use crate::kernel::Timestamp;
use crate::web::words;

use super::view::Entry;
use super::view::Feed;
use super::view::Image;

pub const MEDIA_TYPE: &str = "application/rss+xml; charset=utf-8";

const MEDIA_NAMESPACE: &str = "http://search.yahoo.com/mrss/";
const XML: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n";

/// The document as it is sent.
pub fn render(feed: &Feed) -> String {
    let channel = Channel {
        title: feed.title.clone(),
        link: feed.page.clone(),
        // RSS requires a description.
        description: if feed.summary.is_empty() {
            feed.title.clone()
        } else {
            feed.summary.clone()
        },
        language: Some(feed.language.clone()),
        last_build_date: Some(date(feed.updated_at)),
        generator: Some(words::runs_on(&feed.version)),
        docs: Some("https://www.rssboard.org/rss-specification".to_owned()),
        ttl: Some("10".to_owned()),
        image: feed.avatar.as_ref().map(|avatar| ::rss::Image {
            url: avatar.clone(),
            title: feed.title.clone(),
            link: feed.page.clone(),
            ..::rss::Image::default()
        }),
        items: feed.entries.iter().map(item).collect(),
        atom_ext: Some(AtomExtension {
            links: vec![Link {
                href: feed.address.clone(),
                rel: "self".to_owned(),
                mime_type: Some("application/rss+xml".to_owned()),
                ..Link::default()
            }],
        }),
        namespaces: BTreeMap::from([("media".to_owned(), MEDIA_NAMESPACE.to_owned())]),
        ..Channel::default()
    };
    format!("{XML}{channel}")
}

fn item(entry: &Entry) -> Item {
    let media: Vec<Extension> = entry.images.iter().map(media).collect();
    let mut item = Item {
        title: Some(entry.title()),
        link: Some(entry.page.clone()),
        guid: Some(Guid {
            value: entry.id.clone(),
            permalink: false,
        }),
        description: Some(entry.content()),
        comments: Some(format!("{}#replies", entry.page)),
        categories: entry
            .hashtags
            .iter()
            .map(|hashtag| Category {
                name: hashtag.clone(),
                domain: None,
            })
            .collect(),
        // RSS allows one enclosure; Media RSS below has them all.
        enclosure: entry.images.first().map(|image| Enclosure {
            url: image.url.clone(),
            length: image.bytes.to_string(),
            mime_type: image.media_type.clone(),
        }),
        pub_date: Some(date(entry.published_at)),
        ..Item::default()
    };
    if !media.is_empty() {
        item.extensions.insert(
            "media".to_owned(),
            BTreeMap::from([("content".to_owned(), media)]),
        );
    }
    item
}

fn media(image: &Image) -> Extension {
    let description = Extension {
        name: "media:description".to_owned(),
        value: Some(image.alt.clone()),
        attrs: BTreeMap::from([("type".to_owned(), "plain".to_owned())]),
        children: BTreeMap::new(),
    };
    Extension {
        name: "media:content".to_owned(),
        value: None,
        attrs: BTreeMap::from([
            ("url".to_owned(), image.url.clone()),
            ("type".to_owned(), image.media_type.clone()),
            ("fileSize".to_owned(), image.bytes.to_string()),
            ("medium".to_owned(), "image".to_owned()),
            ("width".to_owned(), image.width.to_string()),
            ("height".to_owned(), image.height.to_string()),
        ]),
        children: BTreeMap::from([("description".to_owned(), vec![description])]),
    }
}

/// RSS dates are those of mail (RFC 822), with four digits to the year.
fn date(at: Timestamp) -> String {
    at.to_jiff()
        .strftime("%a, %d %b %Y %H:%M:%S +0000")
        .to_string()
}
