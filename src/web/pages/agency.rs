//! An agency's page: who it is, how to follow it, what it has announced.

use maud::{Markup, PreEscaped, html};
use serde_json::Value;
use serde_json::json;

use crate::web::words;

use super::address;
use super::card;
use super::card::Speakers;
use super::excerpt;
use super::head::Alternate;
use super::head::Meta;
use super::language;
use super::layout;
use super::layout::Sheet;
use super::pager;
use super::view::Agency;
use super::view::AgencyPage;
use super::view::Announcement;
use super::view::Frame;

pub fn page(frame: &Frame, view: &AgencyPage) -> Markup {
    let agency = &view.agency;
    let language = agency.language.as_str();
    let ours = layout::ours(language);
    let main = html! {
        @if let Some(header) = &agency.header {
            img.header-image src=(frame.path(&header.url)) alt=(header.alt) width="1500" height="500";
        }
        (introduction(frame, view, ours))
        @if !view.pinned.is_empty() {
            section.notices aria-labelledby="pinned" {
                h2.rubric #pinned lang=[ours] { (words::PINNED) }
                (list(frame, &view.pinned, language))
            }
        }
        section.notices aria-labelledby="announcements" {
            h2.rubric #announcements lang=[ours] { (words::ANNOUNCEMENTS) }
            @if view.announcements.is_empty() { p.empty lang=[ours] { (words::NO_ANNOUNCEMENTS) } }
            (list(frame, &view.announcements, language))
            (pager::pager(&view.pager, &pager::ANNOUNCEMENTS, ours))
        }
    };
    layout::document(
        frame,
        &Sheet {
            language,
            meta: meta(frame, agency),
            agency: Some(agency),
            main,
        },
    )
}

fn list(frame: &Frame, announcements: &[Announcement], language: &str) -> Markup {
    html! {
        @for announcement in announcements {
            (card::card(frame, announcement, Speakers::One, language))
        }
    }
}

fn introduction(frame: &Frame, view: &AgencyPage, ours: Option<&'static str>) -> Markup {
    let agency = &view.agency;
    let language = agency.language.as_str();
    let follow = format!("{}/follow", frame.agency(&agency.handle));
    html! {
        header.agency {
            div.agency-name {
                (layout::portrait(frame, agency.avatar.as_ref(), &agency.name))
                div {
                    p.kicker lang=[ours] { (words::OFFICIAL) }
                    h1 { bdi { (agency.name) } }
                    p.acct.copy { span.vh lang=[ours] { (words::ADDRESS) ": " } code dir="ltr" { (frame.acct(&agency.handle)) } }
                }
            }
            div.agency-body {
                div {
                    div.prose lang=(language) dir=(language::direction(language)) { (PreEscaped(agency.summary.as_str())) }
                    @if !agency.links.is_empty() {
                        dl.links {
                            @for link in &agency.links {
                                div {
                                    dt { bdi { (link.label) } }
                                    dd dir="ltr" {
                                        @match address::contact(&link.url) {
                                            Some(url) => a href=(url) rel="me noopener" { (shown(url)) },
                                            None => (link.url),
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
                div.follow lang=[ours] {
                    a.button href=(follow) { (words::FOLLOW) }
                    p.feeds {
                        (words::SUBSCRIBE) br;
                        a href=(frame.path(&frame.rss(&agency.handle))) type="application/rss+xml" { (words::RSS) }
                        " · "
                        a href=(frame.path(&frame.atom(&agency.handle))) type="application/atom+xml" { (words::ATOM) }
                    }
                    @if let Some(record) = &view.record {
                        p.record-link {
                            a href=(frame.path(&record.url)) { (words::record::RECORD) }
                            span.hint { (words::record::CHECKED_WITH) ": " code.bytes dir="ltr" { (record.vkey) } }
                        }
                    }
                    ul.tally {
                        li { (words::followers(view.followers)) }
                        li { (words::announcements(view.announcements_total)) }
                    }
                }
            }
        }
    }
}

/// An address without what every address has.
fn shown(url: &str) -> &str {
    let bare = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"))
        .or_else(|| url.strip_prefix("mailto:"))
        .or_else(|| url.strip_prefix("tel:"))
        .unwrap_or(url);
    bare.strip_suffix('/').unwrap_or(bare)
}

fn meta(frame: &Frame, agency: &Agency) -> Meta {
    let acct = frame.acct(&agency.handle);
    let canonical = frame.site.agency_page(&agency.handle);
    let title = format!("{} ({acct})", agency.name);
    Meta {
        title: words::titled(&title, &frame.name),
        preview_title: Some(title),
        description: excerpt::of_text(&agency.summary.to_text(), 200),
        kind: Some("profile"),
        image: agency.avatar.clone().or_else(|| agency.header.clone()),
        creator: Some(acct),
        username: Some(agency.handle.as_str().to_owned()),
        alternates: alternates(frame, agency),
        me: agency
            .links
            .iter()
            .filter_map(|link| address::outward(&link.url))
            .map(str::to_owned)
            .collect(),
        json_ld: Some(json_ld(frame, agency)),
        canonical: Some(canonical),
        ..Meta::default()
    }
}

/// The agency as an actor, and its feeds.
fn alternates(frame: &Frame, agency: &Agency) -> Vec<Alternate> {
    vec![
        Alternate {
            media_type: "application/activity+json",
            href: agency.id.clone(),
            title: None,
        },
        Alternate {
            media_type: "application/rss+xml",
            href: frame.rss(&agency.handle),
            title: Some(words::feed_title(&agency.name, words::RSS)),
        },
        Alternate {
            media_type: "application/atom+xml",
            href: frame.atom(&agency.handle),
            title: Some(words::feed_title(&agency.name, words::ATOM)),
        },
    ]
}

/// The agency for search engines (schema.org).
pub(super) fn json_ld(frame: &Frame, agency: &Agency) -> Value {
    let mut organization = json!({
        "@context": "https://schema.org",
        "@type": "GovernmentOrganization",
        "@id": agency.id,
        "name": agency.name,
        "url": frame.site.agency_page(&agency.handle),
        "description": agency.summary.to_text(),
        "sameAs": agency.links.iter().filter_map(|link| address::outward(&link.url)).collect::<Vec<_>>(),
    });
    if let (Some(object), Some(avatar)) = (organization.as_object_mut(), &agency.avatar) {
        object.insert("logo".to_owned(), Value::from(avatar.url.clone()));
    }
    organization
}
