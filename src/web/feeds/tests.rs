//! Feeds are read back by the parsers of their formats.

use crate::kernel::SafeHtml;
use crate::kernel::Timestamp;

use super::view::{Entry, Feed, Image};
use super::{atom, rss};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn feed() -> Feed {
    let entry = Entry {
        id: "https://social.city.example/ap/announcements/9".to_owned(),
        page: "https://social.city.example/@water/9".to_owned(),
        html: SafeHtml::from_foreign("<p>Boil your water & stay safe ]]> until <em>noon</em></p>"),
        article: None,
        warning: None,
        language: "en".to_owned(),
        hashtags: vec!["BoilWater".to_owned()],
        images: vec![
            Image {
                url: "https://social.city.example/media/a.png".to_owned(),
                media_type: "image/png".to_owned(),
                alt: "A map \"of\" <the> area & more".to_owned(),
                bytes: 12_345,
                width: 800,
                height: 600,
            },
            Image {
                url: "https://social.city.example/media/b.jpg".to_owned(),
                media_type: "image/jpeg".to_owned(),
                alt: "A pipe".to_owned(),
                bytes: 99,
                width: 80,
                height: 60,
            },
        ],
        poll: None,
        published_at: at("2026-11-04T08:12:09.5Z"),
        edited_at: Some(at("2026-11-04T09:00:00Z")),
        further: vec![],
    };
    let warned = Entry {
        id: "https://social.city.example/ap/announcements/8".to_owned(),
        html: SafeHtml::from_plain("Secret until chosen"),
        warning: Some("Injuries <&>".to_owned()),
        language: "ar".to_owned(),
        hashtags: Vec::new(),
        images: Vec::new(),
        edited_at: None,
        ..entry.clone()
    };
    Feed {
        id: "https://social.city.example/ap/agencies/1".to_owned(),
        title: "Water </title> & Sewers".to_owned(),
        summary: "Pipes & more".to_owned(),
        page: "https://social.city.example/@water".to_owned(),
        address: "https://social.city.example/@water.rss".to_owned(),
        language: "en".to_owned(),
        avatar: Some("https://social.city.example/media/c.png".to_owned()),
        updated_at: at("2026-11-04T09:00:00Z"),
        entries: vec![entry, warned],
        version: "0.1.0".to_owned(),
    }
}

#[test]
fn rss_reads_back_as_written() {
    let text = rss::render(&feed());
    let channel = ::rss::Channel::read_from(text.as_bytes()).unwrap();
    assert_eq!(channel.title(), "Water </title> & Sewers");
    assert_eq!(channel.language(), Some("en"));
    let [first, second] = channel.items() else {
        panic!("two items")
    };
    let guid = first.guid().unwrap();
    assert_eq!(
        guid.value(),
        "https://social.city.example/ap/announcements/9"
    );
    assert!(!guid.is_permalink());
    assert_eq!(first.pub_date(), Some("Wed, 04 Nov 2026 08:12:09 +0000"));
    assert_eq!(
        first.title(),
        Some("Boil your water & stay safe ]]> until noon")
    );
    assert_eq!(first.enclosure().unwrap().length(), "12345");
    let media = &first.extensions()["media"]["content"];
    assert_eq!(media.len(), 2);
    assert_eq!(
        media[0].children()["description"][0].value(),
        Some("A map \"of\" <the> area & more")
    );
    assert!(first.description().unwrap().contains("<em>noon</em>"));
    assert_eq!(second.title(), Some("Injuries <&>"));
    assert!(second.enclosure().is_none());
}

#[test]
fn atom_reads_back_as_written() {
    let text = atom::render(&feed());
    let read = atom_syndication::Feed::read_from(text.as_bytes()).unwrap();
    assert_eq!(read.id(), "https://social.city.example/ap/agencies/1");
    assert_eq!(read.title().as_str(), "Water </title> & Sewers");
    assert_eq!(read.lang(), Some("en"));
    let [first, second] = read.entries() else {
        panic!("two entries")
    };
    assert_eq!(first.id(), "https://social.city.example/ap/announcements/9");
    assert_eq!(first.updated().to_rfc3339(), "2026-11-04T09:00:00+00:00");
    assert_eq!(
        first.published().unwrap().to_rfc3339(),
        "2026-11-04T08:12:09+00:00"
    );
    let enclosures: Vec<_> = first
        .links()
        .iter()
        .filter(|link| link.rel() == "enclosure")
        .collect();
    assert_eq!(enclosures.len(), 2);
    assert_eq!(
        enclosures[0].title(),
        Some("A map \"of\" <the> area & more")
    );
    let content = first.content().unwrap();
    assert_eq!(content.content_type(), Some("html"));
    assert!(content.value().unwrap().contains("<em>noon</em>"));
    assert_eq!(second.content().unwrap().lang(), Some("ar"));
    assert_eq!(
        second.summary().unwrap().as_str(),
        "Content warning: Injuries <&>"
    );
    assert_eq!(second.title().as_str(), "Injuries <&>");
}

#[test]
fn long_texts_have_short_titles() {
    let mut feed = feed();
    feed.entries[0].html = SafeHtml::from_plain(&"water and pipes ".repeat(20));
    let title = feed.entries[0].title();
    assert!(
        title.ends_with("and…") || title.ends_with("water…") || title.ends_with("pipes…"),
        "{title}"
    );
    assert!(title.chars().count() <= 81, "{title}");
}
