//! Every document that we send, pinned; and that JSON-LD processors understand every word of it.

use std::collections::BTreeSet;

use insta::{assert_json_snapshot, assert_snapshot};
use serde_json::{Value, json};
use url::Url;

use crate::agencies::{Agency, Link, Picture, Theme};
use crate::kernel::AgencyId;
use crate::kernel::AnnouncementId;
use crate::kernel::Cursor;
use crate::kernel::QuoteId;
use crate::kernel::SafeHtml;
use crate::kernel::Site;
use crate::kernel::Timestamp;
use crate::publishing::{Announcement, Hashtag, Image, Mention, Revision};

use super::article::tests::{announcement_at_length, long_text};
use super::*;

pub(super) fn site() -> Site {
    let url = Url::parse("https://social.city.gov").unwrap();
    Site::new(&url, Some("city.gov"))
}

pub(super) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

const AGENCY: AgencyId = AgencyId::new(7);
pub(super) const ANNOUNCEMENT: AnnouncementId = AnnouncementId::new(42);
const CITIZEN: &str = "https://example.social/users/citizen";

pub(super) fn agency() -> Agency {
    let picture = |digest: &str, alt: &str| Picture {
        digest: digest.to_owned(),
        media_type: "image/png".to_owned(),
        alt: alt.to_owned(),
    };
    Agency {
        id: AGENCY,
        handle: "water".parse().unwrap(),
        name: "City Water Works".to_owned(),
        summary: String::new(),
        language: "en".to_owned(),
        theme: Theme::default(),
        summary_html: SafeHtml::from_foreign("<p>Water &amp; sewers</p>"),
        links: vec![Link {
            label: "Website".to_owned(),
            url: "https://water.city.gov/?a=1&b=2".to_owned(),
        }],
        avatar: Some(picture("aa", "A drop of water")),
        header: Some(picture("bb", "")),
        aliases: vec!["https://mastodon.example/users/water".to_owned()],
        attribution_domains: vec!["city.gov".to_owned()],
        created_at: at("2026-01-01T00:00:00.5Z"),
        updated_at: at("2026-02-01T00:00:00.25Z"),
    }
}

fn keys() -> KeysView {
    KeysView {
        rsa: PublicKeyView {
            id: "https://social.city.gov/ap/agencies/7#main-key".to_owned(),
            pem: "-----BEGIN PUBLIC KEY-----\nMII…\n-----END PUBLIC KEY-----\n".to_owned(),
        },
        ed25519: Some(MultikeyView {
            id: "https://social.city.gov/ap/agencies/7#ed25519-key".to_owned(),
            multibase: "z6MkrHMC6Ti6m3Px4yDr98MKwaKpyg8uEfDFrgpUbp6fjtf3".to_owned(),
        }),
        record: Some("city.example/record/water+1234abcd+AQ==".to_owned()),
    }
}

/// With everything that an announcement can have.
pub(super) fn announcement() -> Announcement {
    Announcement {
        id: ANNOUNCEMENT,
        agency: AGENCY,
        pinned_at: None,
        withdrawn: None,
        thread: AnnouncementId::new(41),
        in_reply_to: Some("https://example.social/users/citizen/statuses/9".to_owned()),
        place: 0,
        revision: Revision {
            number: 1,
            markdown: String::new(),
            created_at: at("2026-11-24T12:00:00Z"),
            html: SafeHtml::from_foreign("<p>Boil your water &amp; wait.</p>"),
            warning: Some("Drinking water".to_owned()),
            language: "en".to_owned(),
            mentions: vec![Mention {
                acct: "citizen@example.social".to_owned(),
                uri: CITIZEN.to_owned(),
                url: CITIZEN.to_owned(),
            }],
            hashtags: vec![Hashtag {
                tag: "drinkingwater".to_owned(),
                display: "DrinkingWater".to_owned(),
            }],
            images: vec![Image {
                digest: "cc".to_owned(),
                media_type: "image/jpeg".to_owned(),
                alt: "A map of the streets concerned".to_owned(),
                width: 1200,
                height: 800,
                blurhash: "LEHV6nWB2yk8pyo0adR*.7kCMdnj".to_owned(),
                focus: Some((0.0, -0.5)),
            }],
            article: None,
        },
        poll: None,
        published_at: at("2026-11-24T12:00:00.75Z"),
        edited_at: Some(at("2026-11-24T12:30:00.123456Z")),
    }
}

/// With nothing that it need not have.
fn bare_announcement() -> Announcement {
    Announcement {
        thread: ANNOUNCEMENT,
        in_reply_to: None,
        edited_at: None,
        revision: Revision {
            warning: None,
            mentions: Vec::new(),
            hashtags: Vec::new(),
            images: Vec::new(),
            ..announcement().revision
        },
        ..announcement()
    }
}

fn quote() -> QuoteView {
    QuoteView {
        id: QuoteId::new(5),
        announcement: ANNOUNCEMENT,
        request: "https://example.social/users/citizen/quote_requests/1".to_owned(),
        actor: CITIZEN.to_owned(),
        instrument: "https://example.social/users/citizen/statuses/10".to_owned(),
    }
}

fn message() -> MessageView {
    MessageView {
        id: "https://social.city.gov/ap/messages/9".to_owned(),
        to: CITIZEN.to_owned(),
        to_name: "@citizen@example.social".to_owned(),
        in_reply_to: "https://example.social/statuses/1".to_owned(),
        warning: None,
        html: SafeHtml::from_foreign("<p>For you alone.</p>"),
        language: "en".to_owned(),
        at: at("2026-11-24T12:00:00.5Z"),
    }
}

fn server() -> ServerView {
    ServerView {
        name: "City of Example".to_owned(),
        description: "What the city has to say".to_owned(),
        version: "0.1.0".to_owned(),
        repository: Some("https://code.city.gov/actapub".to_owned()),
        agencies: 3,
        active_month: 2,
        active_half_year: 3,
        announcements: 120,
        replies: 17,
    }
}

fn cursor(id: i64) -> Cursor {
    Cursor {
        at: at("2026-11-24T12:00:00Z"),
        id,
    }
}

pub(super) const TOTALS: Totals = Totals {
    likes: 11,
    shares: 4,
};

/// Every JSON-LD document, by name.
#[expect(clippy::too_many_lines, reason = "a list, one entry a document")]
fn documents() -> Vec<(&'static str, Value)> {
    let site = site();
    let site = &site;
    let follow = FollowView {
        id: "https://example.social/b7f9".to_owned(),
        actor: CITIZEN.to_owned(),
    };
    let created = create(
        site,
        &create_id(site, ANNOUNCEMENT),
        &agency(),
        &bare_announcement(),
        Totals::default(),
    );
    let edited = at("2026-11-24T12:30:00.123456Z");
    let id = "https://social.city.gov/ap/activities/1";
    vec![
        ("agency_actor", agency_actor(site, &agency(), &keys())),
        ("instance_actor", instance_actor(site, &keys())),
        ("note", note(site, &agency(), &announcement(), TOTALS)),
        (
            "note_at_length",
            note(site, &agency(), &announcement_at_length(), TOTALS),
        ),
        ("article", long_text(site)),
        (
            "article_tombstone",
            article_tombstone(site, ANNOUNCEMENT, at("2026-11-25T08:00:00.9Z")),
        ),
        (
            "note_bare",
            note(site, &agency(), &bare_announcement(), Totals::default()),
        ),
        ("tombstone", tombstone(site, &announcement(), edited)),
        ("create", created.clone()),
        (
            "update",
            update(
                site,
                &update_id(site, ANNOUNCEMENT, edited),
                &agency(),
                &announcement(),
                TOTALS,
            ),
        ),
        (
            "delete",
            delete(
                site,
                &delete_id(site, ANNOUNCEMENT),
                &announcement(),
                edited,
                &[CITIZEN.to_owned()],
            ),
        ),
        ("pin", pin(site, id, AGENCY, ANNOUNCEMENT)),
        ("unpin", unpin(site, id, AGENCY, ANNOUNCEMENT)),
        (
            "update_actor",
            update_actor(
                site,
                &update_actor_id(site, AGENCY, edited),
                &agency(),
                &keys(),
            ),
        ),
        ("delete_actor", delete_actor(site, id, AGENCY)),
        ("accept_follow", accept_follow(site, id, AGENCY, &follow)),
        (
            "create_message",
            create_message(site, id, AGENCY, &message()),
        ),
        (
            "delete_message",
            delete_message(site, id, AGENCY, (message().id.as_str(), CITIZEN), edited),
        ),
        ("reject_follow", reject_follow(site, id, AGENCY, &follow)),
        (
            "undo_pin",
            undo(
                site,
                id,
                AGENCY,
                pin(
                    site,
                    "https://social.city.gov/ap/activities/0",
                    AGENCY,
                    ANNOUNCEMENT,
                ),
            ),
        ),
        (
            "quote_authorization",
            quote_authorization(site, AGENCY, &quote()),
        ),
        ("accept_quote", accept_quote(site, id, AGENCY, &quote())),
        ("reject_quote", reject_quote(site, id, AGENCY, &quote())),
        (
            "delete_quote_authorization",
            delete_quote_authorization(site, id, AGENCY, QuoteId::new(5), CITIZEN),
        ),
        ("outbox", outbox(site, AGENCY, 120)),
        (
            "outbox_page",
            outbox_page(
                site,
                AGENCY,
                Page {
                    at: None,
                    items: vec![created],
                    next: Some(cursor(42)),
                },
            ),
        ),
        ("followers", followers(site, AGENCY, 1_000)),
        ("following", following(site, AGENCY, 0)),
        (
            "featured",
            featured(
                site,
                AGENCY,
                vec![note(site, &agency(), &bare_announcement(), TOTALS)],
            ),
        ),
        (
            "featured_tags",
            featured_tags(
                site,
                AGENCY,
                &[Hashtag {
                    tag: "drinkingwater".to_owned(),
                    display: "DrinkingWater".to_owned(),
                }],
            ),
        ),
        (
            "replies",
            replies(
                site,
                ANNOUNCEMENT,
                3,
                Page {
                    at: None,
                    items: vec![
                        site.announcement(AnnouncementId::new(43)),
                        "https://example.social/users/citizen/statuses/11".to_owned(),
                    ],
                    next: Some(cursor(44)),
                },
            ),
        ),
        (
            "replies_page",
            replies_page(
                site,
                ANNOUNCEMENT,
                Page {
                    at: Some(cursor(44)),
                    items: vec!["https://example.social/users/citizen/statuses/12".to_owned()],
                    next: None,
                },
            ),
        ),
        ("likes", likes(site, ANNOUNCEMENT, 11)),
        ("shares", shares(site, ANNOUNCEMENT, 4)),
        ("context", context_collection(site, AGENCY, ANNOUNCEMENT, 4)),
        (
            "context_page",
            context_page(
                site,
                ANNOUNCEMENT,
                Page {
                    at: None,
                    items: vec![site.announcement(ANNOUNCEMENT)],
                    next: Some(cursor(45)),
                },
            ),
        ),
    ]
}

#[test]
fn every_document_is_as_it_was() {
    for (name, document) in documents() {
        assert_json_snapshot!(name, document);
    }
}

#[test]
fn discovery_is_as_it_was() {
    let site = site();
    assert_json_snapshot!("webfinger", webfinger(&site, &agency()));
    assert_json_snapshot!("webfinger_of_instance", webfinger_of_instance(&site));
    assert_snapshot!("host_meta_xml", host_meta_xml(&site));
    assert_json_snapshot!("host_meta_json", host_meta_json(&site));
    assert_json_snapshot!("nodeinfo_links", nodeinfo_links(&site));
    assert_json_snapshot!("nodeinfo_2_0", nodeinfo_2_0(&server()));
    assert_json_snapshot!("nodeinfo_2_1", nodeinfo_2_1(&server()));
}

/// What the context of `ActivityStreams` defines, as far as we use it.
const ACTIVITY_STREAMS_TERMS: &str = "id type actor object target result instrument attributedTo to cc \
    published updated deleted url href name summary content contentMap mediaType width height \
    inReplyTo attachment tag icon image context replies likes shares preview source nameMap summaryMap \
    totalItems first next partOf items orderedItems formerType \
    inbox outbox followers following endpoints sharedInbox preferredUsername \
    Application Organization Note Article Tombstone Image Link Mention \
    Create Update Delete Add Remove Accept Reject Follow Undo \
    Collection OrderedCollection CollectionPage OrderedCollectionPage";
/// What the context of `security/v1` defines, as far as we use it.
const SECURITY_TERMS: &str = "publicKey owner publicKeyPem";

/// The terms that a document's context defines.
fn defined(document: &Value) -> BTreeSet<String> {
    let mut terms = BTreeSet::new();
    let contexts = match &document["@context"] {
        Value::Array(many) => many.clone(),
        one => vec![one.clone()],
    };
    for context in contexts {
        match context {
            Value::String(uri) => {
                let known = match uri.as_str() {
                    "https://www.w3.org/ns/activitystreams" => ACTIVITY_STREAMS_TERMS,
                    "https://w3id.org/security/v1" => SECURITY_TERMS,
                    other => panic!("{other} is not a context that every peer has"),
                };
                terms.extend(known.split_whitespace().map(str::to_owned));
            }
            Value::Object(map) => terms.extend(map.keys().cloned()),
            other => panic!("{other} is no context"),
        }
    }
    terms
}

fn undefined(value: &Value, terms: &BTreeSet<String>, found: &mut BTreeSet<String>) {
    match value {
        Value::Array(many) => many.iter().for_each(|one| undefined(one, terms, found)),
        Value::Object(map) => {
            for (key, inner) in map {
                if key == "@context" {
                    continue;
                }
                if !terms.contains(key) {
                    found.insert(key.clone());
                }
                if key == "type" {
                    let kind = inner.as_str().unwrap();
                    if !terms.contains(kind) {
                        found.insert(kind.to_owned());
                    }
                }
                if !matches!(key.as_str(), "contentMap" | "nameMap" | "summaryMap") {
                    undefined(inner, terms, found);
                }
            }
        }
        _ => {}
    }
}

#[test]
fn every_word_is_defined_in_its_context() {
    for (name, document) in documents() {
        let mut found = BTreeSet::new();
        undefined(&document, &defined(&document), &mut found);
        assert_eq!(found, BTreeSet::new(), "{name}");
    }
}

#[test]
fn a_word_that_is_not_defined_would_be_noticed() {
    let document = json!({"@context": "https://www.w3.org/ns/activitystreams", "tag": [{"type": "Hashtag"}], "blurhash": "x"});
    let mut found = BTreeSet::new();
    undefined(&document, &defined(&document), &mut found);
    assert_eq!(
        found.into_iter().collect::<Vec<_>>(),
        ["Hashtag", "blurhash"]
    );
}

#[test]
fn no_context_stands_inside_a_document() {
    fn contexts(value: &Value) -> usize {
        match value {
            Value::Array(many) => many.iter().map(contexts).sum(),
            Value::Object(map) => {
                usize::from(map.contains_key("@context"))
                    + map.values().map(contexts).sum::<usize>()
            }
            _ => 0,
        }
    }
    for (name, document) in documents() {
        assert_eq!(contexts(&document), 1, "{name}");
        assert_eq!(
            document.as_object().unwrap().keys().next().unwrap(),
            "@context",
            "{name}"
        );
    }
}

#[test]
fn activity_and_object_have_the_same_audience() {
    for (name, document) in documents() {
        if matches!(name, "create" | "create_message" | "update") {
            for list in ["to", "cc"] {
                assert_eq!(document[list], document["object"][list], "{name}");
            }
        }
    }
}

#[test]
fn the_text_stands_twice_the_same_and_its_language_first() {
    let document = note(&site(), &agency(), &announcement(), TOTALS);
    let map = document["contentMap"].as_object().unwrap();
    assert_eq!(
        map.iter().next(),
        Some((&"en".to_owned(), &document["content"]))
    );
}

/// GoToSocial refuses a post that is older than itself.
#[test]
fn an_edit_is_never_older_than_its_announcement() {
    let strange = Announcement {
        edited_at: Some(at("2026-11-24T11:00:00Z")),
        ..announcement()
    };
    let document = note(&site(), &agency(), &strange, TOTALS);
    let date = |name: &str| at(document[name].as_str().unwrap());
    assert!(date("updated") >= date("published"));
}

/// Our own documents, read as a peer of ours would read them.
#[test]
fn we_understand_ourselves() {
    use super::super::incoming;

    let site = site();
    let bytes = agency_actor(&site, &agency(), &keys()).to_string();
    let actor = incoming::Actor::parse(bytes.as_bytes()).unwrap();
    assert_eq!(actor.public_keys.len() + actor.multikeys.len(), 2);
    assert_eq!(actor.acct().unwrap().to_string(), "water@city.gov");
    assert_eq!(actor.url, Some(site.agency_page(&agency().handle)));

    let activity = create(
        &site,
        &create_id(&site, ANNOUNCEMENT),
        &agency(),
        &announcement(),
        TOTALS,
    );
    let activity = incoming::Activity::parse(activity.to_string().as_bytes()).unwrap();
    let incoming::Act::Create(items) = &activity.act else {
        panic!("{:?}", activity.act)
    };
    let object = items[0].embedded().unwrap();
    assert_eq!(
        object.visibility(None, actor.followers.as_deref()),
        incoming::Visibility::Public
    );
    assert_eq!(object.body(), announcement().revision.html);
    assert_eq!(object.language.as_deref(), Some("en"));
    assert_eq!(object.attachments.len(), 1);

    let private = create_message(
        &site,
        &site.activity(crate::kernel::ActivityId::new(7)),
        AGENCY,
        &message(),
    );
    let private = incoming::Activity::parse(private.to_string().as_bytes()).unwrap();
    let incoming::Act::Create(items) = &private.act else {
        panic!("{:?}", private.act)
    };
    let object = items[0].embedded().unwrap();
    let visibility = object.visibility(Some(&private.audience), actor.followers.as_deref());
    assert!(!visibility.is_open(), "{visibility:?}");

    let jrd = incoming::Jrd::parse(webfinger(&site, &agency()).to_string().as_bytes()).unwrap();
    assert_eq!(jrd.actor, Some(site.actor(AGENCY)));
    assert_eq!(jrd.subject, actor.acct());
}
