//! Payloads written by us in the shapes of ten servers (`tests/payloads`), and what each has to mean.

use super::super::*;

const US: &str = "https://social.city.gov/ap/agencies/7";
const ANNOUNCEMENT: &str = "https://social.city.gov/ap/announcements/42";
const ADA: &str = "https://mastodon.example/users/ada";

fn read(name: &str) -> Vec<u8> {
    let path = format!("{}/tests/payloads/{name}.json", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The activity, once it is sure that the first look at it agrees.
fn activity(name: &str) -> Activity {
    let body = read(name);
    let activity = Activity::parse(&body).unwrap_or_else(|error| panic!("{name}: {error}"));
    let envelope = Envelope::parse(&body).unwrap();
    assert_eq!(envelope.actor, activity.actor, "{name}");
    assert_eq!(envelope.id.as_deref(), activity.id.as_deref(), "{name}");
    assert_eq!(envelope.published, activity.published, "{name}");
    activity
}

fn created(name: &str) -> Object {
    match activity(name).act {
        Act::Create(items) if items.len() == 1 => items[0].embedded().unwrap().clone(),
        other => panic!("{name}: {other:?}"),
    }
}

#[test]
fn replies_of_every_server_are_replies() {
    for (name, body, visibility) in [
        (
            "mastodon-create-reply",
            "Is it safe to wash?",
            Visibility::Public,
        ),
        (
            "mastodon-create-unlisted",
            "Is it safe to wash?",
            Visibility::Unlisted,
        ),
        (
            "mastodon-create-direct",
            "Is it safe to wash?",
            Visibility::Direct,
        ),
        ("gotosocial-create-reply", "Thank you", Visibility::Public),
        ("pleroma-create-reply", "ok", Visibility::Public),
        ("friendica-create-page", "@water Danke", Visibility::Public),
        ("pixelfed-create-reply", "@water here", Visibility::Public),
    ] {
        let object = created(name);
        assert_eq!(object.kind, ObjectKind::Note, "{name}");
        assert_eq!(object.in_reply_to.as_deref(), Some(ANNOUNCEMENT), "{name}");
        assert_eq!(object.body().to_text(), body, "{name}");
        assert_eq!(
            object.attributed_to.as_deref(),
            Some(activity(name).actor.as_str()),
            "{name}"
        );
        assert_eq!(object.tags.mentions[0].href, US, "{name}");
        let followers = format!("{}/followers", object.attributed_to.as_deref().unwrap());
        assert_eq!(
            object.visibility(None, Some(&followers)),
            visibility,
            "{name}"
        );
        assert_eq!(
            object.published.unwrap().to_whole_second().to_string(),
            "2026-11-24T12:05:00Z",
            "{name}"
        );
        assert!(!object.is_poll_vote() && !object.is_empty(), "{name}");
        assert!(!object.body().as_str().contains("script"), "{name}");
        assert_eq!(object.warning(), None, "{name}");
    }
}

#[test]
fn details_of_a_mastodon_reply_are_kept() {
    let object = created("mastodon-create-reply");
    assert_eq!(object.language.as_deref(), Some("en"));
    assert_eq!(object.page(), "https://mastodon.example/@ada/113");
    assert_eq!(object.attachments.len(), 1);
    assert_eq!(object.attachments[0].alt.as_str(), "A brown glass of water");
    assert_eq!(
        object.attachments[0].media_type.as_deref(),
        Some("image/jpeg")
    );
    assert_eq!(object.tags.hashtags[0].name.as_str(), "water");
    assert_eq!(
        object.replies.as_deref(),
        Some("https://mastodon.example/users/ada/statuses/113/replies")
    );
}

#[test]
fn pictures_beyond_the_limit_are_left_out() {
    assert_eq!(
        created("pixelfed-create-reply").attachments.len(),
        MOST_ATTACHMENTS
    );
    assert_eq!(
        created("pleroma-create-reply").attachments[0].url,
        "https://pleroma.example/media/x.png"
    );
}

#[test]
fn an_edit_brings_the_whole_post_again() {
    let Act::Update(Item::Embedded(object)) = activity("mastodon-update-reply").act else {
        panic!()
    };
    assert!(object.updated > object.published);
    assert_eq!(object.warning().unwrap().as_str(), "water, again");
    assert!(object.sensitive);
}

#[test]
fn what_is_no_note_becomes_text_and_a_link() {
    for (name, kind, html) in [
        (
            "wordpress-create-article",
            ObjectKind::Article,
            "<p><strong>What the water works said</strong></p><p>An excerpt</p><p>Long <em>text</em></p>\
             <p><a href=\"https://blog.example/2026/water/\" rel=\"nofollow noopener noreferrer ugc\">https://blog.example/2026/water/</a></p>",
        ),
        (
            "lemmy-create-page",
            ObjectKind::Page,
            "<p><strong>Water is brown</strong></p><p>Look:</p>\
             <p><a href=\"https://lemmy.example/post/5\" rel=\"nofollow noopener noreferrer ugc\">https://lemmy.example/post/5</a></p>",
        ),
        (
            "peertube-create-video",
            ObjectKind::Video,
            "<p><strong>The pump station</strong></p><p>A **tour**</p>\
             <p><a href=\"https://peertube.example/w/7\" rel=\"nofollow noopener noreferrer ugc\">https://peertube.example/w/7</a></p>",
        ),
        (
            "mitra-create-question",
            ObjectKind::Question,
            "<p>When?</p><ul><li>now</li><li>later</li></ul>\
             <p><a href=\"https://mitra.example/objects/10\" rel=\"nofollow noopener noreferrer ugc\">https://mitra.example/objects/10</a></p>",
        ),
    ] {
        let object = created(name);
        assert_eq!(object.kind, kind, "{name}");
        assert_eq!(object.body().as_str(), html, "{name}");
        assert_eq!(object.warning(), None, "{name}");
    }
    assert_eq!(
        created("wordpress-create-article").language.as_deref(),
        Some("en-US")
    );
    assert_eq!(
        created("peertube-create-video").attributed_to.as_deref(),
        Some("https://peertube.example/accounts/fay")
    );
}

#[test]
fn votes_are_told_from_replies() {
    assert!(created("mastodon-create-poll-vote").is_poll_vote());
    let Act::Create(items) = activity("gotosocial-create-votes").act else {
        panic!()
    };
    assert_eq!(items.len(), 2);
    assert!(
        items
            .iter()
            .all(|item| item.embedded().unwrap().is_poll_vote())
    );
}

#[test]
fn what_people_do_with_an_announcement_is_recognised() {
    let object = || ANNOUNCEMENT.to_owned();
    let reaction = |text: &str| Some(crate::kernel::Plain::clean(text, 99));
    for (name, act) in [
        (
            "mastodon-follow",
            Act::Follow {
                object: US.to_owned(),
            },
        ),
        (
            "mastodon-undo-follow",
            Act::Undo(Undone {
                id: Some("https://mastodon.example/5f0d".to_owned()),
                kind: Some(UndoneKind::Follow),
                object: Some(US.to_owned()),
            }),
        ),
        (
            "mastodon-undo-like",
            Act::Undo(Undone {
                id: Some(format!("{ADA}#likes/1")),
                kind: Some(UndoneKind::Like),
                object: Some(object()),
            }),
        ),
        (
            "pleroma-undo-by-id",
            Act::Undo(Undone {
                id: Some("https://pleroma.example/activities/1".to_owned()),
                kind: None,
                object: None,
            }),
        ),
        (
            "mastodon-like",
            Act::Like {
                object: object(),
                reaction: None,
            },
        ),
        (
            "misskey-like-reaction",
            Act::Like {
                object: object(),
                reaction: reaction(":blobcat:"),
            },
        ),
        (
            "pleroma-emoji-react",
            Act::EmojiReact {
                object: object(),
                reaction: reaction("👍"),
            },
        ),
        ("mastodon-announce", Act::Announce { object: object() }),
        (
            "lemmy-announce-create",
            Act::Announce {
                object: "https://lemmy.example/activities/create/6".to_owned(),
            },
        ),
        (
            "mastodon-flag",
            Act::Flag {
                objects: vec![US.to_owned(), object()],
                comment: reaction("This is not the city"),
            },
        ),
        (
            "mastodon-move",
            Act::Move {
                object: ADA.to_owned(),
                target: "https://other.example/users/ada".to_owned(),
            },
        ),
        (
            "mastodon-block",
            Act::Block {
                object: US.to_owned(),
            },
        ),
        ("mastodon-delete-actor", Act::DeleteActor),
        (
            "mastodon-delete-reply",
            Act::Delete {
                object: format!("{ADA}/statuses/113"),
                former: None,
            },
        ),
        (
            "mastodon-add-without-id",
            Act::Add {
                object: Some(format!("{ADA}/statuses/113")),
                target: Some(format!("{ADA}/collections/featured")),
            },
        ),
    ] {
        assert_eq!(activity(name).act, act, "{name}");
    }
}

#[test]
fn quotations_are_found_in_every_spelling() {
    let Act::QuoteRequest { object, instrument } = activity("mastodon-quote-request").act else {
        panic!()
    };
    assert_eq!(object, ANNOUNCEMENT);
    let quoting = instrument.embedded().unwrap();
    assert_eq!(quoting.quote.as_deref(), Some(ANNOUNCEMENT));
    assert_eq!(
        created("misskey-create-quote").quote.as_deref(),
        Some(ANNOUNCEMENT)
    );
}

#[test]
fn an_actor_is_believed_about_its_own_server_only() {
    let ada = Actor::parse(&read("mastodon-actor")).unwrap();
    assert_eq!(ada.kind, ActorKind::Person);
    assert_eq!(ada.delivery_inbox(), "https://mastodon.example/inbox");
    assert_eq!(ada.acct().unwrap().to_string(), "ada@mastodon.example");
    assert_eq!(ada.name.as_ref().unwrap().as_str(), "Ada 💧 L.");
    assert!(ada.public_key(&format!("{ADA}#main-key")).is_some());
    assert_eq!(
        activity("mastodon-update-actor").act,
        Act::UpdateActor(Some(Box::new(ada)))
    );

    let ida = Actor::parse(&read("mitra-actor")).unwrap();
    assert_eq!(ida.shared_inbox, None);
    assert_eq!(ida.url.as_deref(), Some("https://mitra.example/@ida"));
    assert_eq!(ida.public_keys.len(), 1);
    assert_eq!(ida.multikeys.len(), 2);
    assert_eq!(ida.also_known_as, ["https://old.example/ida"]);
}

#[test]
fn keys_are_found_in_stubs_and_documents_of_their_own() {
    for (name, id, owner) in [
        (
            "gotosocial-key-stub",
            "https://gts.example/users/bo/main-key",
            "https://gts.example/users/bo",
        ),
        (
            "takahe-key-document",
            "https://takahe.example/@jo#main-key",
            "https://takahe.example/@jo",
        ),
        (
            "mastodon-actor",
            "https://mastodon.example/users/ada#main-key",
            ADA,
        ),
    ] {
        let body = read(name);
        assert_eq!(PublicKey::parse(&body, id).unwrap().owner, owner, "{name}");
        assert_eq!(
            PublicKey::parse(&body, "https://other.example/#main-key"),
            Err(Malformed::Missing("publicKey")),
            "{name}"
        );
    }
}

#[test]
fn webfinger_leads_to_the_actor_and_to_its_follow_page() {
    let jrd = Jrd::parse(&read("mastodon-webfinger")).unwrap();
    assert_eq!(jrd.actor.as_deref(), Some(ADA));
    assert_eq!(
        jrd.subject.as_ref().unwrap().to_string(),
        "ada@mastodon.example"
    );
    assert_eq!(
        jrd.follow_address(US).as_deref(),
        Some(
            "https://mastodon.example/authorize_interaction?uri=https%3A%2F%2Fsocial.city.gov%2Fap%2Fagencies%2F7"
        )
    );
}
