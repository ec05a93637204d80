//! What bad input gets at the inbox: the right status, nothing stored that should not be, and a server that goes on.

use std::time::Duration;

use actapub::federation::signatures::BodyDigest;
use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::harness::{Answer, Database, Leftover, TestServer, on_both};

/// Everything that something received may be stored as.
const STORED: [&str; 6] = [
    "events",
    "replies",
    "messages",
    "followers",
    "reactions",
    "reports",
];

async fn nothing_is_stored(server: &TestServer, after: &str) {
    for table in STORED {
        assert_eq!(server.count(table).await, 0, "{table} after: {after}");
    }
}

/// Years and centuries, in seconds.
const TEN_YEARS: Duration = Duration::from_secs(10 * 365 * 24 * 3600);

on_both! {
    /// The two dialects carry a good activity, each time in each covered form that servers send.
    async fn good_signatures_are_accepted(server: &TestServer) {
        let peer = server.peer().await;
        let alice = peer.citizen("alice");
        let letter = || alice.letter(server, &alice.act("Like", server.actor()));
        let created = {
            let mut letter = letter();
            letter.covers = vec!["(request-target)", "host", "(created)", "digest"];
            letter
        };
        let past = letter().at(server.now() - Duration::from_secs(3_599));
        let early = letter().at(server.now() + Duration::from_secs(299));
        for (case, signed) in [
            ("draft-cavage", letter().cavage(&alice.key)),
            ("RFC 9421", letter().message(&alice.key)),
            ("(created)", created.cavage(&alice.key)),
            ("nearly an hour old", past.cavage(&alice.key)),
            ("of a clock that is fast", early.message(&alice.key)),
        ] {
            let reply = server.post(&signed).await;
            assert_eq!(reply.status, StatusCode::ACCEPTED, "{case}: {}", reply.text());
        }
        assert_eq!(server.count("events").await, 5);
        assert_eq!(peer.asked(&alice.path()), 1, "the key is fetched once");
        server.settle().await;
    }

    async fn signatures_that_prove_nothing_are_refused(server: &TestServer) {
        let peer = server.peer().await;
        let (alice, eve) = (peer.citizen("alice"), peer.citizen("eve"));
        let follow = alice.act("Follow", server.actor());
        let letter = alice.letter(server, &follow);
        let bad = StatusCode::BAD_REQUEST;
        let denied = StatusCode::UNAUTHORIZED;
        let covering = |covers: &[&'static str]| {
            let mut letter = letter.clone();
            letter.covers = covers.to_vec();
            letter.cavage(&alice.key)
        };
        let message_covering = |covers: &[&'static str]| {
            let mut letter = letter.clone();
            letter.message_covers = covers.to_vec();
            letter.message(&alice.key)
        };
        let created = |text: &str| {
            let mut letter = letter.clone();
            text.clone_into(&mut letter.created);
            letter.covers = vec!["(request-target)", "host", "(created)", "digest"];
            letter
        };
        let elsewhere = {
            let mut letter = letter.clone();
            "social.example".clone_into(&mut letter.host);
            "https://social.example".clone_into(&mut letter.scheme_and_host);
            letter
        };
        let other = br#"{"id":"x"}"#;
        let swapped = follow.to_string().replace("Follow", "Block ").into_bytes();
        let swapped_digest = BodyDigest::of(&swapped).to_digest();
        let old = letter.clone().at(server.now() - Duration::from_secs(3_601));
        let future = letter.clone().at(server.now() + TEN_YEARS);
        let no_digest = letter.cavage(&alice.key).swap("digest", "").swap("content-digest", "");
        let table = [
            ("unsigned", letter.unsigned(), denied),
            ("signed with another key", letter.cavage(&eve.key), denied),
            ("signed with another key, RFC 9421", letter.message(&eve.key), denied),
            ("stale", old.cavage(&alice.key), denied),
            ("stale, RFC 9421", old.message(&alice.key), denied),
            ("ten years ahead", future.cavage(&alice.key), denied),
            ("ten years ahead, RFC 9421", future.message(&alice.key), denied),
            ("created out of range", created("18446744073709551615").cavage(&alice.key), bad),
            ("created out of range, RFC 9421", created("18446744073709551615").message(&alice.key), bad),
            ("created below range", created("-9223372036854775808").cavage(&alice.key), denied),
            ("swapped body", letter.cavage(&alice.key).with_body(&swapped), denied),
            ("swapped body, RFC 9421", letter.message(&alice.key).with_body(&swapped), denied),
            ("swapped body and digest", letter.cavage(&alice.key).with_body(&swapped).swap("digest", &swapped_digest), denied),
            ("digest missing", no_digest, denied),
            ("digest of another kind", letter.cavage(&alice.key).swap("digest", "MD5=AAAA"), bad),
            ("date swapped", letter.cavage(&alice.key).swap("date", &(server.now() - Duration::from_secs(60)).to_http_date()), denied),
            ("target swapped", letter.cavage(&alice.key).to("/actor/inbox"), denied),
            ("covers no target", covering(&["host", "date", "digest"]), denied),
            ("covers no host", covering(&["(request-target)", "date", "digest"]), denied),
            ("covers no time", covering(&["(request-target)", "host", "digest"]), denied),
            ("covers no digest", covering(&["(request-target)", "host", "date"]), denied),
            ("covers nothing", covering(&[]), denied),
            ("covers what is not there", covering(&["(request-target)", "host", "date", "digest", "x-other"]), denied),
            ("covers no method, RFC 9421", message_covering(&["@target-uri", "content-digest"]), denied),
            ("covers no target, RFC 9421", message_covering(&["@method", "content-digest"]), denied),
            ("covers no digest, RFC 9421", message_covering(&["@method", "@target-uri"]), denied),
            ("signed for another host", elsewhere.cavage(&alice.key), denied),
            ("signed for another host, sent to ours", elsewhere.cavage(&alice.key).swap("host", &letter.host), denied),
            ("signed for another host, RFC 9421", elsewhere.message(&alice.key).swap("host", &letter.host), denied),
            ("two signatures", letter.cavage(&alice.key).swap("signature-input", "a=();created=1, b=();created=1"), bad),
            ("no signature at all behind its name", letter.unsigned().swap("signature", "???"), bad),
            ("nothing to do with an activity", letter.cavage(&alice.key).with_body(other), bad),
        ];
        for (case, signed, status) in table {
            let reply = server.post(&signed).await;
            assert_eq!(reply.status, status, "{case}: {}", reply.text());
            assert_eq!(reply.header("content-type"), "application/problem+json", "{case}");
            nothing_is_stored(server, case).await;
        }
        // Whoever sends wrong signatures makes us ask for the key twice at most, in a minute.
        assert!(peer.asked(&alice.path()) <= 2, "{}", peer.asked(&alice.path()));
        alice.says(server, &follow).await;
        assert_eq!(server.count("followers").await, 1, "the honest one is heard afterwards");
        server.may_leave(Leftover::Deliveries);
    }

    /// Actor, key and activity have to belong together.
    async fn nobody_speaks_for_another(server: &TestServer) {
        let (peer, far) = (server.peer().await, server.peer().await);
        let (alice, eve, mallory) = (peer.citizen("alice"), peer.citizen("eve"), far.citizen("mallory"));
        let denied = StatusCode::UNAUTHORIZED;

        // A key document of ours that says that it is somebody else's.
        let claimed = json!({
            "@context": "https://w3id.org/security/v1",
            "id": far.url("/stolen-key"),
            "owner": alice.uri,
            "publicKeyPem": mallory.key.public().to_pem(),
        });
        far.serves(&claimed);
        far.answers("/moved", Answer::redirect(&alice.uri));
        far.answers("/users/other", Answer::document(&alice.document()));
        let mut impostor = mallory.document();
        impostor["id"] = json!(far.url("/users/impostor"));
        impostor["publicKey"]["id"] = json!(alice.key_id);
        far.serves(&impostor);

        let follow = alice.act("Follow", server.actor());
        let signed_by = |key_id: &str| {
            let mut letter = mallory.letter(server, &follow);
            key_id.clone_into(&mut letter.key_id);
            letter.cavage(&mallory.key)
        };
        let id_elsewhere = {
            let mut follow = mallory.act("Follow", server.actor());
            follow["id"] = json!(peer.url("/activities/1"));
            mallory.letter(server, &follow).cavage(&mallory.key)
        };
        let as_agency = {
            let mut note = mallory.act("Follow", server.actor());
            note["actor"] = json!(server.actor());
            note["id"] = json!(format!("{}/follows/1", server.actor()));
            mallory.letter(server, &note).cavage(&mallory.key)
        };
        let our_key = {
            let mut letter = mallory.letter(server, &mallory.act("Follow", server.actor()));
            letter.key_id = format!("{}#main-key", server.actor());
            letter.cavage(&mallory.key)
        };
        for (case, signed) in [
            ("a key that names another's account as its owner", signed_by(&far.url("/stolen-key"))),
            ("a key id that leads to another's account", signed_by(&far.url("/moved#main-key"))),
            ("a key id under which another's account is served", signed_by(&far.url("/users/other#main-key"))),
            ("an account that names another's key", signed_by(&far.url("/users/impostor#main-key"))),
            ("an activity whose id is another server's", id_elsewhere),
            ("as if it were the agency", as_agency),
            ("with the agency's key id", our_key),
        ] {
            let reply = server.post(&signed).await;
            assert_eq!(reply.status, denied, "{case}: {}", reply.text());
            nothing_is_stored(server, case).await;
        }

        // A neighbour on the same server signs what Alice is said to do: passed on, which nobody believes.
        let reply = server.post(&{
            let mut letter = eve.letter(server, &follow);
            eve.key_id.clone_into(&mut letter.key_id);
            letter.cavage(&eve.key)
        }).await;
        assert_eq!(reply.status, StatusCode::ACCEPTED);
        server.settle().await;
        assert_eq!(server.count("followers").await, 0);
        assert_eq!(server.reasons().await.len(), 1, "it is said why");
        // And that has not taken the id away from the real one.
        alice.says(server, &follow).await;
        assert_eq!(server.count("followers").await, 1);
        server.may_leave(Leftover::Deliveries);
    }

    async fn what_is_no_activity_is_refused(server: &TestServer) {
        let peer = server.peer().await;
        let alice = peer.citizen("alice");
        let follow = alice.act("Follow", server.actor());
        let without = |name: &str| {
            let mut follow = follow.clone();
            follow.as_object_mut().unwrap().remove(name);
            follow.to_string().into_bytes()
        };
        let with = |name: &str, value: Value| {
            let mut follow = follow.clone();
            follow[name] = value;
            follow.to_string().into_bytes()
        };
        let mut invalid = follow.to_string().into_bytes();
        invalid.insert(invalid.len() - 2, 0xff);
        let nested = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
        let nested = follow.to_string().replacen("\"type\"", &format!("\"deep\":{nested},\"type\""), 1);
        let open = "[".repeat(500_000).into_bytes();
        let large = vec![b' '; (1 << 20) + 1];
        let bad = StatusCode::BAD_REQUEST;
        for (case, body, status) in [
            ("empty", vec![], bad),
            ("no JSON", b"hello".to_vec(), bad),
            ("a list", format!("[{follow}]").into_bytes(), bad),
            ("a number", b"1".to_vec(), bad),
            ("invalid UTF-8", invalid, bad),
            ("10,000 levels deep", nested.into_bytes(), bad),
            ("lists that never end", open, bad),
            ("something behind it", format!("{follow}{follow}").into_bytes(), bad),
            ("1 MiB and a byte", large, StatusCode::PAYLOAD_TOO_LARGE),
            ("without an id", without("id"), bad),
            ("an id that is a number", with("id", json!(7)), bad),
            ("an id that is no address", with("id", json!("seven")), bad),
            ("an id that is an object", with("id", json!({"id": "http://a.example/"})), bad),
            ("without a type", without("type"), bad),
            ("a type that is a number", with("type", json!(7)), bad),
            ("without an actor", without("actor"), bad),
            ("an actor that is no address", with("actor", json!("alice")), bad),
            ("an actor that is a number", with("actor", json!(1)), bad),
        ] {
            let reply = server.post(&alice.letter_of(server, body).cavage(&alice.key)).await;
            assert_eq!(reply.status, status, "{case}: {}", reply.text());
            nothing_is_stored(server, case).await;
        }
        assert_eq!(peer.asked_at_all(), 0, "nobody is asked about what cannot be read");
    }

    /// Lists where one thing is usual, objects where an id is, and the other way round.
    async fn odd_shapes_are_understood_or_ignored(server: &TestServer) {
        let (_, announcement) = server.announce("Water is back.").await;
        let peer = server.peer().await;
        let alice = peer.citizen("alice");
        let wrapped = |number: u32, change: &dyn Fn(&mut Value)| {
            let mut follow = alice.act("Follow", server.actor());
            follow["id"] = json!(format!("{}/odd/{number}", alice.uri));
            change(&mut follow);
            follow
        };
        let actor = server.actor();
        for (number, (case, change, follows)) in [
            ("object as an object", &(|it: &mut Value| it["object"] = json!({"type": "Organization", "id": actor})) as &dyn Fn(&mut Value), true),
            ("object as a list of one", &|it| it["object"] = json!([actor]), true),
            ("actor as an object", &|it| it["actor"] = json!({"type": "Person", "id": alice.uri}), true),
            ("type as a list", &|it| it["type"] = json!(["Follow"]), true),
            ("an empty list as object", &|it| it["object"] = json!([]), false),
            ("null as object", &|it| it["object"] = Value::Null, false),
            ("a number as object", &|it| it["object"] = json!(3), false),
            ("a list of lists as object", &|it| it["object"] = json!([[[actor]]]), true),
            ("an unknown type", &|it| it["type"] = json!("Teleport"), false),
            ("a type from another vocabulary", &|it| it["type"] = json!("https://example.org/ns#Follow"), false),
            ("a very long type", &|it| it["type"] = json!("F".repeat(100_000)), false),
        ].into_iter().enumerate() {
            let activity = wrapped(u32::try_from(number).unwrap(), change);
            let signed = alice.letter(server, &activity).cavage(&alice.key);
            let reply = server.post(&signed).await;
            let fine = [StatusCode::ACCEPTED, StatusCode::BAD_REQUEST].contains(&reply.status);
            assert!(fine, "{case}: {} {}", reply.status, reply.text());
            server.settle().await;
            assert_eq!(server.count("followers").await, i64::from(follows), "{case}");
            if follows {
                let undo = alice.act("Undo", activity);
                alice.says(server, &undo).await;
                assert_eq!(server.count("followers").await, 0, "{case}, undone");
            }
        }
        for kind in ["Person", "Event", "Audio", "Tombstone", "Collection", "Teleport"] {
            let mut note = alice.note(&format!("/things/{kind}"), &announcement, "odd");
            note["type"] = json!(kind);
            alice.says(server, &alice.act("Create", note)).await;
        }
        let shown = server.document(&format!("{announcement}/replies")).await["totalItems"].clone();
        assert!(shown.as_i64().unwrap() <= 2, "only posts are replies: {shown}");
        server.may_leave(Leftover::Deliveries);
    }

    /// Markup that would do something is taken out once, before it is stored as a reply.
    async fn markup_is_made_harmless(server: &TestServer) {
        let (_, announcement) = server.announce("Water is back.").await;
        let peer = server.peer().await;
        let alice = peer.citizen("alice");
        let hostile = [
            "<script>alert(1)</script>",
            "<style>body{display:none}</style>",
            "<svg onload=alert(1)><script>alert(1)</script></svg>",
            "<img src=x onerror=alert(1)>",
            "<a href=\"javascript:alert(1)\">link</a>",
            "<a href=\"data:text/html;base64,PHNjcmlwdD4=\">link</a>",
            "<a href=\" java\tscript:alert(1)\">link</a>",
            "<iframe src=https://evil.example></iframe>",
            "<p style=\"background:url(https://evil.example/x)\">styled</p>",
            "<form action=https://evil.example><input name=q></form>",
            "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>",
            "<object data=data:text/html,x></object><embed src=x><base href=https://evil.example>",
            "<p id=main class=\"u-photo h-card evil\">named</p>",
        ];
        for (number, markup) in hostile.iter().enumerate() {
            let mut note = alice.note(&format!("/notes/{number}"), &announcement, "");
            note["content"] = json!(format!("<p>before</p>{markup}<p>after</p>"));
            note["summary"] = json!(markup);
            alice.says(server, &alice.act("Create", note)).await;
        }
        let stored = server.texts("SELECT html || coalesce(warning, '') AS value FROM replies ORDER BY id").await;
        assert_eq!(stored.len(), hostile.len());
        for (html, markup) in stored.iter().zip(hostile) {
            assert!(html.contains("before") && html.contains("after"), "{markup}: {html}");
            for never in ["<script", "<style", "<svg", "<img", "<iframe", "<form", "<input", "<object", "<embed", "<base", "onerror=", "onload=", "javascript:", "href=\"data:", "style=", "id=\"main\""] {
                assert!(!html.to_lowercase().contains(never) , "{never} of {markup} is left: {html}");
            }
        }
        server.may_leave(Leftover::Deliveries);
    }

    async fn endless_lists_and_absurd_dates_do_no_harm(server: &TestServer) {
        let (_, announcement) = server.announce("Water is back.").await;
        let peer = server.peer().await;
        let alice = peer.citizen("alice");
        // 50,000 mentions within 1 MiB.
        let mut crowd = alice.note("/notes/crowd", &announcement, "everybody");
        crowd["tag"] = (0..9_000).map(|n| json!({"type": "Mention", "href": format!("http://a.test/{n}"), "name": format!("@{n}")})).collect();
        crowd["cc"] = (0..20_000).map(|n| json!(format!("h:{n}"))).collect();
        let mut create = alice.act("Create", crowd);
        create["to"] = json!(["https://www.w3.org/ns/activitystreams#Public"]);
        assert!(create.to_string().len() < 1 << 20, "{}", create.to_string().len());
        alice.says(server, &create).await;
        for (number, date) in ["9999-12-31T23:59:59Z", "+275760-09-13T00:00:00Z", "-0001-01-01T00:00:00Z", "0000-00-00T00:00:00Z", "yesterday", "2026-11-24", "2036-11-24T00:00:00Z", ""].iter().enumerate() {
            let mut note = alice.note(&format!("/notes/{number}"), &announcement, "when");
            note["published"] = json!(date);
            note["updated"] = json!(date);
            let mut create = alice.act("Create", note);
            create["published"] = json!(date);
            alice.says(server, &create).await;
        }
        assert_eq!(server.count("replies").await, 9);
        let late = format!("replies WHERE published_at > {}", server.now().micros());
        assert_eq!(server.count(&late).await, 0, "nobody writes in the future");
        server.may_leave(Leftover::Deliveries);
    }

    async fn a_replay_changes_nothing(server: &TestServer) {
        let peer = server.peer().await;
        let alice = peer.citizen("alice");
        let follow = alice.act("Follow", server.actor());
        let signed = alice.letter(server, &follow).cavage(&alice.key);
        for _ in 0..3 {
            assert_eq!(server.post(&signed).await.status, StatusCode::ACCEPTED);
            server.settle().await;
        }
        // The same again, signed anew and in the other dialect, to the agency's own inbox.
        let mut again = alice.letter(server, &follow);
        again.target = format!("/ap/agencies/{}/inbox", server.agency.id);
        assert_eq!(server.post(&again.message(&alice.key)).await.status, StatusCode::ACCEPTED);
        server.settle().await;
        assert_eq!(server.count("events").await, 1);
        assert_eq!(server.composed().await.len(), 1);
        server.may_leave(Leftover::Deliveries);
    }

    /// What Mastodon sends without an id is taken, and means nothing here.
    async fn pins_of_others_are_ignored_politely(server: &TestServer) {
        let peer = server.peer().await;
        let alice = peer.citizen("alice");
        for kind in ["Add", "Remove"] {
            let mut activity = alice.act(kind, peer.url("/notes/1"));
            activity["target"] = json!(peer.url("/users/alice/featured"));
            activity.as_object_mut().unwrap().remove("id");
            alice.says(server, &activity).await;
        }
        assert_eq!(server.count("events").await, 2);
        assert_eq!(server.reasons().await.len(), 2);
    }

    /// A key that was changed is fetched once more; a clock later, once more again.
    async fn a_changed_key_is_noticed(server: &TestServer) {
        let peer = server.peer().await;
        let mut alice = peer.citizen("alice");
        alice.says(server, &alice.act("Like", server.actor())).await;
        let eve = peer.citizen("eve");
        alice.key = eve.key.clone();
        peer.serves(&alice.document());
        alice.says(server, &alice.act("Like", server.actor())).await;
        assert_eq!(peer.asked(&alice.path()), 2);
        // Changed again at once: not asked again before a minute has passed.
        alice.key = peer.citizen("carol").key;
        peer.serves(&alice.document());
        let letter = alice.letter(server, &alice.act("Like", server.actor()));
        assert_eq!(server.post(&letter.cavage(&alice.key)).await.status, StatusCode::UNAUTHORIZED);
        assert_eq!(peer.asked(&alice.path()), 2);
        server.clock.advance(Duration::from_secs(61));
        alice.says(server, &alice.act("Like", server.actor())).await;
        assert_eq!(peer.asked(&alice.path()), 3);
    }

    async fn a_peer_that_is_down_is_asked_to_come_again(server: &TestServer) {
        let peer = server.peer().await;
        let alice = peer.citizen("alice");
        peer.answers(&alice.path(), Answer::status(StatusCode::BAD_GATEWAY));
        let follow = alice.act("Follow", server.actor());
        let letter = alice.letter(server, &follow);
        assert_eq!(server.post(&letter.cavage(&alice.key)).await.status, StatusCode::SERVICE_UNAVAILABLE);
        nothing_is_stored(server, "a key that is not to be had now").await;
        peer.answers(&alice.path(), Answer::status(StatusCode::GONE));
        assert_eq!(server.post(&letter.cavage(&alice.key)).await.status, StatusCode::UNAUTHORIZED);
        peer.serves(&alice.document());
        alice.says(server, &follow).await;
        assert_eq!(server.count("followers").await, 1);
        server.may_leave(Leftover::Deliveries);
    }
}

/// With `federation.allow_private` off, no sender makes us call our own network.
#[tokio::test]
async fn private_addresses_are_not_asked() {
    let server = TestServer::with(Database::sqlite(), |sources| sources).await;
    // On loopback, where it would answer if it were asked.
    let peer = server.peer().await;
    let alice = peer.citizen("alice");
    let hosts = [
        peer.base.clone(),
        peer.base.replace("http:", "https:"),
        "https://127.0.0.1".to_owned(),
        "https://2130706433".to_owned(),
        "https://0x7f.1".to_owned(),
        "https://[::1]".to_owned(),
        "https://[::ffff:127.0.0.1]".to_owned(),
        "https://169.254.169.254".to_owned(),
        "https://10.0.0.1".to_owned(),
        "https://localhost".to_owned(),
        "https://city.internal".to_owned(),
        "https://user@127.0.0.1".to_owned(),
        "ftp://127.0.0.1".to_owned(),
        "file://".to_owned(),
    ];
    for host in hosts {
        let uri = format!("{host}/users/alice");
        let mut follow = alice.act("Follow", server.actor());
        follow["actor"] = json!(uri);
        follow["id"] = json!(format!("{host}/activities/1"));
        let mut letter = alice.letter(&server, &follow);
        letter.key_id = format!("{uri}#main-key");
        let reply = server.post(&letter.cavage(&alice.key)).await;
        let refused = [StatusCode::UNAUTHORIZED, StatusCode::BAD_REQUEST].contains(&reply.status);
        assert!(refused, "{host}: {} {}", reply.status, reply.text());
        assert!(
            !reply.text().contains("alice"),
            "the answer repeats nothing of it: {}",
            reply.text()
        );
        nothing_is_stored(&server, &host).await;
    }
    assert_eq!(peer.asked_at_all(), 0);
    server.finish().await;
}
