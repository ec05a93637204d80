//! What nobody sends by accident. Each is refused or read as far as it makes sense; nothing panics.

use serde_json::{Value, json};

use super::super::*;

const ACTOR: &str = "https://a.example/users/eve";

fn activity(object: &Value) -> Value {
    json!({"id": "https://a.example/1", "type": "Create", "actor": ACTOR, "object": object})
}

fn note(change: &Value) -> Value {
    let mut note = json!({
        "id": "https://a.example/notes/1", "type": "Note", "attributedTo": ACTOR,
        "to": crate::federation::wire::PUBLIC, "content": "hi",
    });
    for (name, value) in change.as_object().unwrap() {
        note[name] = value.clone();
    }
    note
}

fn parse_all(body: &[u8]) -> [Result<(), Malformed>; 6] {
    [
        Envelope::parse(body).map(drop),
        Activity::parse(body).map(drop),
        Object::parse(body).map(drop),
        Actor::parse(body).map(drop),
        Jrd::parse(body).map(drop),
        PublicKey::parse(body, ACTOR).map(drop),
    ]
}

#[test]
fn documents_that_are_none_are_refused_with_their_reason() {
    let deep = |open: &str, close: &str| {
        format!(
            "{{\"type\":\"Create\",\"actor\":\"{ACTOR}\",\"object\":{}1{}}}",
            open.repeat(10_000),
            close.repeat(10_000)
        )
    };
    for (body, reason) in [
        (deep("[", "]").into_bytes(), Malformed::TooDeep),
        (deep("{\"object\":", "}").into_bytes(), Malformed::TooDeep),
        (b"[[[[".repeat(50_000), Malformed::TooDeep),
        (b"{\"type\":\"\xff\xfe\"}".to_vec(), Malformed::NotUtf8),
        (b"".to_vec(), Malformed::NotJson),
        (b"{\"type\":".to_vec(), Malformed::NotJson),
        (b"{} {}".to_vec(), Malformed::NotJson),
        (b"<html>".to_vec(), Malformed::NotJson),
        (b"[]".to_vec(), Malformed::NotAnObject),
        (b"7".to_vec(), Malformed::NotAnObject),
        (b"null".to_vec(), Malformed::NotAnObject),
        (b"\"Create\"".to_vec(), Malformed::NotAnObject),
    ] {
        for result in parse_all(&body) {
            assert_eq!(result, Err(reason));
        }
    }
}

#[test]
fn what_lacks_the_needful_is_refused() {
    for (change, reason) in [
        (json!({"type": null}), Malformed::Missing("type")),
        (json!({"type": 7}), Malformed::Missing("type")),
        (json!({"actor": null}), Malformed::Missing("actor")),
        (json!({"actor": {}}), Malformed::Missing("actor")),
        (
            json!({"actor": "ada@a.example"}),
            Malformed::Missing("actor"),
        ),
        (
            json!({"actor": format!("https://a.example/{}", "x".repeat(LONGEST_URI))}),
            Malformed::Missing("actor"),
        ),
        (json!({"object": null}), Malformed::Missing("object")),
        (json!({"object": []}), Malformed::Missing("object")),
        (json!({"object": [[], 7]}), Malformed::Missing("object")),
        (json!({"object": {}}), Malformed::Missing("object.id")),
        (
            json!({"object": note(&json!({"id": null}))}),
            Malformed::Missing("object.id"),
        ),
        (
            json!({"object": note(&json!({"id": ["https://a.example/1"]}))}),
            Malformed::Missing("object.id"),
        ),
        (
            json!({"type": "Undo", "object": {"id": "https://b.example/1", "type": "Follow", "actor": "https://b.example/2"}}),
            Malformed::SomebodyElses,
        ),
        (
            json!({"type": "Undo", "object": {"type": "Follow"}}),
            Malformed::Missing("object"),
        ),
        (json!({"type": "Move"}), Malformed::Missing("target")),
        (
            json!({"type": "QuoteRequest", "instrument": 7}),
            Malformed::Missing("instrument"),
        ),
    ] {
        let mut body = activity(&note(&json!({})));
        for (name, value) in change.as_object().unwrap() {
            body[name] = value.clone();
        }
        let body = body.to_string();
        assert_eq!(Activity::parse(body.as_bytes()), Err(reason), "{change}");
    }
}

/// Every property with every wrong kind of value, one at a time.
#[test]
fn no_property_of_the_wrong_kind_does_harm() {
    let values = [
        json!(null),
        json!(true),
        json!(7),
        json!(-1.5e300),
        json!(""),
        json!("x"),
        json!([]),
        json!({}),
        json!([[], {}, null, 7, "x"]),
        json!({"id": 7, "type": ["a"], "href": {}, "items": [1]}),
        json!("\u{202e}\u{0}\u{feff}"),
    ];
    let names = [
        "@context",
        "id",
        "type",
        "actor",
        "object",
        "published",
        "updated",
        "to",
        "cc",
        "target",
        "instrument",
        "content",
        "contentMap",
        "nameMap",
        "summaryMap",
        "name",
        "summary",
        "sensitive",
        "inReplyTo",
        "attributedTo",
        "url",
        "attachment",
        "tag",
        "quote",
        "oneOf",
        "anyOf",
        "replies",
        "mediaType",
        "inbox",
        "endpoints",
        "followers",
        "publicKey",
        "assertionMethod",
        "preferredUsername",
        "webfinger",
        "alsoKnownAs",
        "movedTo",
        "suspended",
        "subject",
        "links",
        "aliases",
        "result",
        "_misskey_reaction",
    ];
    for kind in [
        "Follow",
        "Undo",
        "Create",
        "Update",
        "Delete",
        "Like",
        "EmojiReact",
        "Announce",
        "Block",
        "Flag",
        "Move",
        "Accept",
        "Reject",
        "Add",
        "Remove",
        "QuoteRequest",
        "Listen",
        "Note",
        "Person",
    ] {
        for name in names {
            for value in &values {
                let mut body = activity(&note(&json!({})));
                body["type"] = json!(kind);
                if matches!(kind, "Create" | "Note") {
                    body["object"][name] = value.clone();
                    let _ = parse_all(body.to_string().as_bytes());
                }
                body[name] = value.clone();
                let whole = body.to_string();
                let [envelope, activity, ..] = parse_all(whole.as_bytes());
                // The front door is no stricter than what stands behind it.
                assert!(activity.is_err() || envelope.is_ok(), "{whole}");
            }
        }
    }
}

#[test]
fn of_keys_that_stand_twice_both_readings_take_the_last() {
    let body = format!(
        "{{\"type\":\"Like\",\"id\":\"https://a.example/1\",\"actor\":\"https://b.example/x\",\"actor\":\"{ACTOR}\",\
         \"object\":\"https://a.example/o\",\"object\":{{\"id\":\"https://a.example/p\",\"id\":\"https://a.example/q\"}},\
         \"\\u0069d\":\"https://a.example/2\"}}"
    );
    let envelope = Envelope::parse(body.as_bytes()).unwrap();
    let activity = Activity::parse(body.as_bytes()).unwrap();
    assert_eq!(envelope.id.as_deref(), Some("https://a.example/2"));
    assert_eq!(envelope.id.as_deref(), activity.id.as_deref());
    assert_eq!(
        (envelope.actor.as_ref(), activity.actor.as_str()),
        (ACTOR, ACTOR)
    );
    assert_eq!(envelope.object.as_deref(), Some("https://a.example/q"));
    assert_eq!(
        activity.act,
        Act::Like {
            object: "https://a.example/q".to_owned(),
            reaction: None
        }
    );
}

#[test]
fn lists_without_end_are_cut() {
    let mentions: Vec<_> = (0..50_000)
        .map(|n| json!({"type": "Mention", "href": format!("https://a.example/{n}"), "name": "@x"}))
        .collect();
    let addressees: Vec<_> = (0..50_000)
        .map(|n| format!("https://a.example/{n}"))
        .collect();
    let body = activity(&note(&json!({
        "tag": mentions, "to": addressees, "content": "<b>".repeat(100_000),
        "name": "n".repeat(100_000), "oneOf": vec![json!({"name": "o"}); 50_000],
        "attachment": vec![json!({"type": "Image", "url": "https://a.example/i.png"}); 50_000],
    })))
    .to_string();
    let Act::Create(items) = Activity::parse(body.as_bytes()).unwrap().act else {
        panic!()
    };
    let object = items[0].embedded().unwrap();
    assert_eq!(object.tags.mentions_sent, 50_000);
    assert!(object.tags.is_cut);
    assert_eq!(object.tags.mentions.len(), MOST_TAGS);
    assert_eq!(object.audience.to.len(), MOST_ADDRESSEES);
    assert_eq!(object.attachments.len(), MOST_ATTACHMENTS);
    assert_eq!(object.options.len(), MOST_OPTIONS);
    assert_eq!(object.name.as_ref().unwrap().as_str().len(), LONGEST_LINE);
}

#[test]
fn dates_that_cannot_be_are_none() {
    for date in [
        json!("99999-01-01T00:00:00Z"),
        json!("-1"),
        json!(-1),
        json!(1_795_332_038),
        json!("soon"),
        json!(["2026-11-24T12:00:00Z"]),
    ] {
        let body = note(&json!({"published": date, "updated": date})).to_string();
        let object = Object::parse(body.as_bytes()).unwrap();
        assert_eq!((object.published, object.updated), (None, None), "{date}");
    }
    let arrival: crate::kernel::Timestamp = "2026-11-24T12:00:00Z".parse().unwrap();
    let body = note(&json!({"published": "2036-11-24T12:00:00Z"})).to_string();
    let object = Object::parse(body.as_bytes()).unwrap();
    assert_eq!(object.published_by(arrival), arrival);
}

#[test]
fn nothing_unsafe_leaves_through_the_body() {
    for kind in ["Note", "Article", "Question"] {
        let body = note(&json!({
            "type": kind, "name": "<script>n</script>\"onload=x", "summary": "<img src=x onerror=y>s",
            "content": "<p onclick=x>a<svg><script>1</script></svg><a href=\"data:text/html,x\">b</a><style>*{}</style>",
            "oneOf": [{"name": "<iframe src=x>o"}],
            "url": "https://a.example/\"><script>1</script>",
        }))
        .to_string();
        let object = Object::parse(body.as_bytes()).unwrap();
        let html = object.body();
        for bad in [
            "<script", "<img", "<svg", "<style", "<iframe", "data:", "onclick=",
        ] {
            assert!(!html.as_str().contains(bad), "{kind}: {}", html.as_str());
        }
        assert!(!format!("{object:?}").contains("onclick"));
    }
}

#[test]
fn a_page_on_another_host_is_not_believed() {
    let body = note(&json!({"url": "https://bank.example/login"})).to_string();
    let object = Object::parse(body.as_bytes()).unwrap();
    assert_eq!(object.page(), "https://a.example/notes/1");
}
