//! What running servers sent: read where it lies beside the project, never copied.

use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Once;

use serde_json::{Value, json};

use super::super::*;

static SAID: Once = Once::new();

/// The files of one folder of the corpus, by name; `None`, with a line that says so, without a corpus.
fn corpus(folder: &str) -> Option<Vec<(String, Vec<u8>)>> {
    let root = std::env::var_os("ACTAPUB_CORPUS").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus"),
        PathBuf::from,
    );
    let Ok(entries) = std::fs::read_dir(root.join(folder)) else {
        let sentence = "note: no corpus of other servers' documents stands beside the project; tests on it were left out";
        assert!(
            std::env::var_os("ACTAPUB_TEST_ALL").is_none_or(|all| all != "1"),
            "{sentence}"
        );
        // Past the capture of a test's output, which a test that passes never shows; once for all of them.
        SAID.call_once(|| drop(writeln!(std::io::stderr(), "{sentence}")));
        return None;
    };
    let mut files: Vec<_> = entries
        .map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            (name, std::fs::read(path).unwrap())
        })
        .collect();
    files.sort();
    Some(files)
}

/// An object of the corpus with the properties that it leaves to be filled in; a `null` there is meant.
fn filled(body: &[u8]) -> Value {
    let mut object: Value = serde_json::from_slice(body).unwrap();
    for (name, value) in [
        ("id", "http://pasture-one-actor/objects/1"),
        ("type", "Note"),
        ("attributedTo", "http://pasture-one-actor/actor"),
        ("to", "https://www.w3.org/ns/activitystreams#Public"),
    ] {
        if object.get(name).is_none() {
            object[name] = json!(value);
        }
    }
    object
}

#[test]
fn every_shape_of_object_is_read() {
    let Some(files) = corpus("objects") else {
        return;
    };
    assert!(files.len() >= 262);
    for (name, body) in files {
        let raw = filled(&body);
        let read = Object::parse(raw.to_string().as_bytes());
        if name == "necessary_properties-001" {
            assert_eq!(read, Err(Malformed::Missing("object.id")));
            continue;
        }
        let object = read.unwrap_or_else(|error| panic!("{name}: {error}"));
        let is_note = raw["type"] == "Note" || raw["type"][0] == "Note";
        assert_eq!(object.kind == ObjectKind::Note, is_note, "{name}");
        assert_eq!(
            object.attributed_to.is_some(),
            name != "necessary_properties-003",
            "{name}"
        );
        assert!(!object.is_poll_vote(), "{name}");
        let html = object.body();
        for bad in [
            "<script",
            "<style",
            "<img",
            "<svg",
            "javascript:",
            "onclick=",
        ] {
            assert!(!html.as_str().contains(bad), "{name}: {}", html.as_str());
        }

        // And wrapped up, the two readings agree.
        let activity = json!({
            "type": "Create", "id": "http://pasture-one-actor/1#create",
            "actor": "http://pasture-one-actor/actor", "object": raw,
        })
        .to_string();
        let envelope = Envelope::parse(activity.as_bytes()).unwrap();
        let Act::Create(items) = Activity::parse(activity.as_bytes()).unwrap().act else {
            panic!("{name}")
        };
        assert_eq!(envelope.object.as_deref(), Some(items[0].id()), "{name}");
        assert_eq!(items[0].embedded(), Some(&object), "{name}");
    }
}

#[test]
fn properties_are_found_in_every_shape_of_object() {
    let Some(files) = corpus("objects") else {
        return;
    };
    for (name, body) in files {
        if name == "necessary_properties-001" {
            continue;
        }
        let object = Object::parse(filled(&body).to_string().as_bytes()).unwrap();
        let (group, number) = name.rsplit_once('-').unwrap();
        match (group, number) {
            ("public_addressing", _) => {
                assert_eq!(object.visibility(None, None), Visibility::Public, "{name}");
            }
            ("quotes", _) => assert!(object.quote.is_some(), "{name}"),
            ("language", "000") => assert_eq!(object.language, None, "{name}"),
            ("language", _) => assert!(object.language.is_some(), "{name}"),
            ("mentions", "000" | "001" | "002" | "003" | "007" | "009") => {
                assert_eq!(object.tags.mentions.len(), 1, "{name}");
            }
            ("in_reply_to", "005") => assert_eq!(object.in_reply_to, None, "{name}"),
            ("in_reply_to", _) => assert!(object.in_reply_to.is_some(), "{name}"),
            // A picture within a `data:` URL.
            ("image_attachments", "016") => assert!(object.attachments.is_empty(), "{name}"),
            ("image_attachments" | "image_description" | "recommended_attachments", _) => {
                assert!(!object.attachments.is_empty(), "{name}");
            }
            ("hashtags", _) => assert_eq!(object.tags.hashtags.len(), 1, "{name}"),
            ("url", "005") => assert_eq!(object.url, None, "{name}"),
            ("url", "004" | "006" | "007" | "008" | "009" | "010") => assert_eq!(
                object.url.as_deref(),
                Some("http://html.example/objects/123"),
                "{name}"
            ),
            ("content_warnings", "001" | "002") => {
                assert_eq!(object.warning().unwrap().as_str(), "summary", "{name}");
            }
            _ => {}
        }
        if group != "language" {
            assert!(
                !object.body().to_text().is_empty() || group.starts_with("html"),
                "{name}"
            );
        }
    }
}

#[test]
fn every_request_that_was_captured_is_read() {
    let Some(files) = corpus("wire") else { return };
    for (name, file) in files {
        let file: Value = serde_json::from_slice(&file).unwrap();
        if name == "actors" {
            for one in file.as_array().unwrap() {
                let body = one["document"].to_string();
                let actor = Actor::parse(body.as_bytes()).unwrap();
                let key = &actor.public_keys[0];
                assert_eq!(key.owner, actor.id);
                assert_eq!(&PublicKey::parse(body.as_bytes(), &key.id).unwrap(), key);
            }
            continue;
        }
        let body = file["req_body"].as_str().unwrap().as_bytes();
        let envelope = Envelope::parse(body).unwrap_or_else(|error| panic!("{name}: {error}"));
        let activity = Activity::parse(body).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(envelope.actor, activity.actor, "{name}");
        assert_eq!(envelope.id.as_deref(), activity.id.as_deref(), "{name}");
        assert_eq!(envelope.published, activity.published, "{name}");
        let kind = name.split("--").nth(2).unwrap();
        let fits = match kind.split_once('-').unwrap() {
            ("Follow", _) => matches!(activity.act, Act::Follow { .. }),
            ("Accept", _) => matches!(activity.act, Act::Accept { .. }),
            ("Like", _) => matches!(activity.act, Act::Like { .. }),
            ("Announce", _) => matches!(activity.act, Act::Announce { .. }),
            ("Delete", _) => matches!(activity.act, Act::Delete { .. }),
            ("Undo", "Follow") => {
                matches!(&activity.act, Act::Undo(undone) if undone.kind == Some(UndoneKind::Follow))
            }
            ("Create", _) => {
                matches!(&activity.act, Act::Create(items) if items[0].embedded().is_some_and(|object| object.kind.is_post() && !object.is_empty()))
            }
            ("Update", _) => {
                matches!(&activity.act, Act::Update(Item::Embedded(object)) if object.kind.is_post())
            }
            other => panic!("{name}: {other:?}"),
        };
        assert!(fits, "{name}: {:?}", activity.act);
    }
}
