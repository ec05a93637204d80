//! Whatever the class and wherever a copy was: nothing is left of what was erased.

use std::collections::HashMap;

use actapub::agencies::staff::Role;
use actapub::archive::erasure::{self, Class, Order};
use actapub::archive::kind::Subject;
use actapub::kernel::{ActorId, MessageId, ReplyId};
use actapub::platform::blobs::{self, Blob};
use actapub::publishing::{self, Image};
use serde_json::{Value, json};

use super::audit::{audited, kinds};
use super::traces::is_nowhere;
use crate::harness::{Citizen, Leftover, TestServer, on_both, says_in_posts};

const WORDS: &str = "a sentence that nobody else would write";
/// Stands in the address of the post.
const PLACE: &str = "number778899";

fn order(subject: Subject, class: Class) -> Order {
    Order {
        subject,
        class,
        basis: "code-1".to_owned(),
        role: "records-officer".to_owned(),
    }
}

async fn erase(server: &TestServer, subject: Subject, class: Class) {
    let (clock, agency) = (server.clock.clone(), server.agency.id);
    server
        .write(move |conn| erasure::order(conn, clock.as_ref(), agency, &order(subject, class)))
        .await;
    server.settle().await;
}

async fn the_reply(server: &TestServer) -> ReplyId {
    let ids = server
        .texts("SELECT CAST(max(id) AS TEXT) AS value FROM replies WHERE state <> 2")
        .await;
    ids[0].parse().unwrap()
}

/// A reply with all that can come with one: edits, the same again, a quotation, a report that quotes it, and a version
/// for the agency alone.
async fn everything_about_a_post(
    server: &TestServer,
    announcement: &str,
    alice: &Citizen,
    bob: &Citizen,
) -> Value {
    let note = alice.note(&format!("/notes/{PLACE}"), announcement, WORDS);
    alice.says(server, &alice.act("Create", note.clone())).await;
    // The same once more, and an older version: ignored, and yet written down.
    alice.says(server, &alice.act("Create", note.clone())).await;
    let first = Citizen::edited(&note, &format!("{WORDS}, edited"), "2026-11-24T11:20:00Z");
    alice.says(server, &alice.act("Update", first)).await;
    let older = Citizen::edited(&note, &format!("{WORDS}, late"), "2026-11-24T11:10:00Z");
    alice.says(server, &alice.act("Update", older)).await;
    let mut quote = note.clone();
    quote["quote"] = json!(announcement);
    let mut request = alice.act("QuoteRequest", announcement);
    request["instrument"] = quote;
    alice.says(server, &request).await;
    let mut flag = bob.act("Flag", json!([note["id"], server.actor()]));
    flag["content"] = json!(format!("She says {WORDS}!"));
    bob.says(server, &flag).await;
    bob.says(server, &bob.act("Like", note["id"].clone())).await;
    note
}

async fn narrow(server: &TestServer, alice: &Citizen, note: &Value) {
    let mut narrowed = Citizen::edited(note, &format!("{WORDS}, for you"), "2026-11-24T11:40:00Z");
    narrowed["to"] = json!([server.actor()]);
    narrowed["cc"] = json!([]);
    let mut update = alice.act("Update", narrowed);
    update["to"] = json!([server.actor()]);
    alice.says(server, &update).await;
}

on_both! {
    /// By order of each class.
    async fn nothing_is_left_of_a_reply(server: &TestServer) {
        let (_, uri) = server.announce("Water is back.").await;
        let (alice, bob) = (server.peer().await.citizen("alice"), server.peer().await.citizen("bob"));
        everything_about_a_post(server, &uri, &alice, &bob).await;
        assert_eq!(server.count("reports").await, 1);
        assert_eq!(server.count("quotes").await, 1);
        erase(server, Subject::Reply(the_reply(server).await), Class::Article17).await;
        is_nowhere(server, WORDS).await;
        is_nowhere(server, PLACE).await;
        let leaves = kinds(&audited(server).await);
        // The reply, and the report that quotes it.
        assert_eq!(leaves.iter().filter(|it| *it == "redaction.done → 2").count(), 1, "{leaves:#?}");
        assert_eq!(leaves.iter().filter(|it| it.starts_with("redaction.done")).count(), 2, "{leaves:#?}");
        server.deliver().await;

        for (n, class) in [Class::Court, Class::Minor, Class::ThirdParty, Class::Retention].into_iter().enumerate() {
            let words = format!("{WORDS} as number {n}");
            let note = alice.note(&format!("/notes/{PLACE}x{n}"), &uri, &words);
            alice.says(server, &alice.act("Create", note.clone())).await;
            alice.says(server, &alice.act("Update", Citizen::edited(&note, &format!("{words}!"), "2026-11-24T11:20:00Z"))).await;
            erase(server, Subject::Reply(the_reply(server).await), class).await;
            is_nowhere(server, WORDS).await;
            is_nowhere(server, PLACE).await;
        }
        audited(server).await;
    }

    /// Its author deletes it: the text is nowhere, wherever it had come with.
    async fn nothing_is_left_of_what_its_author_deletes(server: &TestServer) {
        let (_, uri) = server.announce("Water is back.").await;
        let (alice, bob) = (server.peer().await.citizen("alice"), server.peer().await.citizen("bob"));
        let note = alice.note(&format!("/notes/{PLACE}"), &uri, WORDS);
        alice.says(server, &alice.act("Create", note.clone())).await;
        let mut quote = note.clone();
        quote["quote"] = json!(uri);
        let mut request = alice.act("QuoteRequest", uri.clone());
        request["instrument"] = quote;
        alice.says(server, &request).await;
        bob.says(server, &bob.act("Like", note["id"].clone())).await;
        alice.says(server, &alice.act("Delete", json!({"type": "Tombstone", "id": note["id"]}))).await;
        is_nowhere(server, WORDS).await;
        audited(server).await;
        // That there was a post and whose is still known, and can be erased in turn.
        erase(server, Subject::Reply(the_reply(server).await), Class::Article17).await;
        is_nowhere(server, PLACE).await;
        audited(server).await;
        server.deliver().await;
    }

    /// A post that was narrowed is a reply and a message, and goes as both.
    async fn a_narrowed_reply_goes_with_its_private_version(server: &TestServer) {
        let (_, uri) = server.announce("Water is back.").await;
        let alice = server.peer().await.citizen("alice");
        let note = alice.note(&format!("/notes/{PLACE}"), &uri, WORDS);
        alice.says(server, &alice.act("Create", note.clone())).await;
        narrow(server, &alice, &note).await;
        assert_eq!(server.count("messages WHERE html <> ''").await, 1);
        erase(server, Subject::Reply(the_reply(server).await), Class::Article17).await;
        is_nowhere(server, WORDS).await;
        is_nowhere(server, PLACE).await;
        audited(server).await;
    }

    async fn nothing_is_left_of_a_message(server: &TestServer) {
        let alice = server.peer().await.citizen("alice");
        let mut note = alice.note(&format!("/notes/{PLACE}"), &server.actor(), WORDS);
        note["to"] = json!([server.actor()]);
        note["cc"] = json!([]);
        note.as_object_mut().unwrap().remove("inReplyTo");
        let mut create = alice.act("Create", note);
        create["to"] = json!([server.actor()]);
        alice.says(server, &create).await;
        let id = server.texts("SELECT CAST(id AS TEXT) AS value FROM messages").await;
        let id: MessageId = id[0].parse().unwrap();
        erase(server, Subject::Message(id), Class::Article17).await;
        is_nowhere(server, WORDS).await;
        is_nowhere(server, PLACE).await;
        assert!(kinds(&audited(server).await).contains(&"redaction.done → 1".to_owned()));
    }

    /// An answer to a citizen, in several wordings, with a picture of its own and one that is shown elsewhere too.
    async fn nothing_is_left_of_an_announcement(server: &TestServer) {
        let (_, uri) = server.announce("Water is back.").await;
        let alice = server.peer().await.citizen("alice");
        alice.follows(server).await;
        let note = alice.note("/notes/1", &uri, "Since when?");
        alice.says(server, &alice.act("Create", note.clone())).await;
        server.deliver().await;
        let image = |bytes: &[u8]| (hex(bytes), Blob { media_type: "image/png".to_owned(), bytes: bytes.to_vec() });
        let (own, shared) = (image(b"a picture of its own"), image(b"a picture that others show"));
        let (clock, blobs) = (server.clock.clone(), vec![own.clone(), shared.clone()]);
        server.write(move |conn| blobs.iter().try_for_each(|(digest, blob)| blobs::put(conn, clock.as_ref(), digest, blob))).await;
        let shown = |(digest, blob): &(String, Blob)| Image {
            digest: digest.clone(),
            media_type: blob.media_type.clone(),
            width: 1,
            height: 1,
            blurhash: "L00000fQfQfQfQfQfQfQfQfQfQfQ".to_owned(),
            alt: "A picture".to_owned(),
            focus: None,
        };
        let mut draft = server.draft(&format!("{WORDS} #tagofit"));
        draft.images = vec![shown(&own), shown(&shared)];
        draft.answering = Some(publishing::Answering { uri: note["id"].as_str().unwrap().to_owned(), thread: None });
        let mut other = server.draft("Another one.");
        other.images = vec![shown(&shared)];
        let mut edited = server.draft(&format!("{WORDS}, edited"));
        edited.images = draft.images.clone();
        let (clock, site, rules) = (server.clock.clone(), server.services.site.clone(), server.services.rules);
        let id = server.write(move |conn| {
            publishing::announce(conn, clock.as_ref(), &site, rules, other)?;
            let id = publishing::announce(conn, clock.as_ref(), &site, rules, draft)?.id;
            publishing::edit(conn, clock.as_ref(), &site, rules, id, edited)?;
            publishing::withdraw(conn, clock.as_ref(), id, &format!("Because {WORDS}."))?;
            Ok::<_, publishing::Error>(id)
        }).await;
        server.settle().await;
        // Not delivered yet, and what is delivered at last is only that it was withdrawn.
        erase(server, Subject::Announcement(id), Class::ThirdParty).await;
        is_nowhere(server, WORDS).await;
        is_nowhere(server, "a picture of its own").await;
        assert!(!server.places_of("a picture that others show").await.is_empty());
        server.deliver().await;
        let received: Vec<String> = alice.peer.received().iter().map(|it| it.activity["type"].as_str().unwrap().to_owned()).collect();
        assert!(received.contains(&"Delete".to_owned()), "{received:?}");
        assert!(!alice.peer.received().iter().any(|it| it.activity.to_string().contains(WORDS)));
        assert_eq!(server.get(&format!("/@water/{id}"), "text/html").await.status, 410);
        audited(server).await;
    }

    /// What is erased of a further post is erased of the draft in which all were written.
    async fn nothing_is_left_of_a_further_post(server: &TestServer) {
        let by = server.staff(&[Role::Author]).await;
        let draft = server.writes(&by, says_in_posts(&["Water is back.", WORDS, "Boil it no more."])).await;
        let done = server.publishes(&by, &draft).await.unwrap().remove(0);
        server.settle().await;
        let (clock, id) = (server.clock.clone(), done.further[0].id);
        server.write(move |conn| publishing::withdraw(conn, clock.as_ref(), id, "It names somebody.")).await;
        server.settle().await;
        erase(server, Subject::Announcement(id), Class::ThirdParty).await;
        is_nowhere(server, WORDS).await;
        let page = server.get(&format!("/@water/{}", done.announcement.unwrap().id), "text/html").await.text();
        assert!(page.contains("Water is back.") && page.contains("Boil it no more."), "{page}");
        server.may_leave(Leftover::Deliveries);
        audited(server).await;
    }

    /// Somebody goes altogether: their words, their name, whom they follow, what they liked, reported and quoted.
    async fn nothing_is_left_of_somebody(server: &TestServer) {
        let (_, uri) = server.announce("Water is back.").await;
        let (alice, bob) = (server.peer().await.citizen("alice778899"), server.peer().await.citizen("bob"));
        alice.follows(server).await;
        alice.says(server, &alice.act("Like", uri.clone())).await;
        let note = everything_about_a_post(server, &uri, &alice, &bob).await;
        narrow(server, &alice, &note).await;
        let mut second = alice.note("/notes/2", &uri, &format!("{WORDS}, again"));
        alice.says(server, &alice.act("Create", second.clone())).await;
        second["id"] = json!(alice.peer.url("/notes/3"));
        alice.says(server, &alice.act("Create", second.clone())).await;
        alice.says(server, &alice.act("Delete", json!({"type": "Tombstone", "id": second["id"]}))).await;
        let mut flag = alice.act("Flag", json!([server.actor()]));
        flag["content"] = json!("a complaint of theirs");
        alice.says(server, &flag).await;
        let mut about = bob.act("Flag", json!([alice.uri, server.actor()]));
        about["content"] = json!("a complaint about them");
        bob.says(server, &about).await;
        server.deliver().await;
        assert!(!server.places_of("alice778899").await.is_empty());

        let (clock, who) = (server.clock.clone(), alice.uri.clone());
        let count = server.write(move |conn| {
            let id = actapub::dialogue::actors::id_of(conn, &who)?.unwrap();
            let terms = order(Subject::Actor(ActorId::new(0)), Class::Article17);
            let mut count = 0;
            loop {
                let more = erasure::order_words_of(conn, clock.as_ref(), id, &terms, 2)?;
                count += more.len();
                if more.is_empty() { break }
            }
            erasure::order_person(conn, clock.as_ref(), id, &terms)?;
            Ok::<_, erasure::Error>(count)
        }).await;
        assert_eq!(count, 3 + 1 + 3, "three posts, a private version, three reports");
        server.settle().await;
        for text in ["alice778899", WORDS, PLACE, "a complaint of theirs", "a complaint about them"] {
            is_nowhere(server, text).await;
        }
        assert_eq!(server.count("actors WHERE uri <> 'urn:actapub:nobody'").await, 1, "bob");
        audited(server).await;
        // Who comes again is somebody new.
        alice.says(server, &alice.act("Create", alice.note("/notes/4", &uri, "Back again."))).await;
        assert_eq!(server.count("replies WHERE state = 0").await, 1);
        // What was erased does not come back.
        alice.says(server, &alice.act("Create", note)).await;
        assert_eq!(server.count("replies WHERE state = 0").await, 1);
        audited(server).await;
        server.may_leave(Leftover::Deliveries);
    }

    /// Pages move while a database grows: what was erased must not be left behind in one that it once stood on.
    async fn nothing_is_left_in_the_gaps(server: &TestServer) {
        let (_, uri) = server.announce("Water is back.").await;
        let alice = server.peer().await.citizen("alice");
        let mut ids = HashMap::new();
        for n in 0..60 {
            let words = format!("{WORDS} {n:03} {}", "and so on ".repeat(n % 40));
            let note = alice.note(&format!("/notes/{PLACE}x{n}"), &uri, &words);
            alice.says(server, &alice.act("Create", note)).await;
            ids.insert(n, the_reply(server).await);
        }
        let (clock, agency) = (server.clock.clone(), server.agency.id);
        server.write(move |conn| {
            for id in ids.into_values() {
                erasure::order(conn, clock.as_ref(), agency, &order(Subject::Reply(id), Class::Article17))?;
            }
            Ok::<_, erasure::Error>(())
        }).await;
        server.settle().await;
        is_nowhere(server, WORDS).await;
        audited(server).await;
    }

    /// What is kept as evidence stays beyond `inbox.keep`; the rest does not.
    async fn evidence_outlives_the_inbox(server: &TestServer) {
        let (_, uri) = server.announce("Water is back.").await;
        let alice = server.peer().await.citizen("alice");
        let note = alice.note("/notes/1", &uri, WORDS);
        alice.says(server, &alice.act("Create", note.clone())).await;
        let mut flag = alice.act("Flag", json!([server.actor()]));
        flag["content"] = json!("wrong");
        alice.says(server, &flag).await;
        alice.says(server, &alice.act("Like", uri.clone())).await;
        let prune = async || {
            let later = server.now() + std::time::Duration::from_secs(90 * 24 * 3600);
            server.write(move |conn| actapub::federation::inbox::prune(conn, later, std::time::Duration::from_secs(1), 100)).await
        };
        let kept = async || server.texts("SELECT kind AS value FROM events ORDER BY id").await;
        assert_eq!(prune().await, 1);
        assert_eq!(kept().await, ["Create", "Flag"]);
        // While a hold keeps the text, what took it back is kept as well.
        let (clock, agency) = (server.clock.clone(), server.agency.id);
        let hold = server.write(move |conn| {
            actapub::archive::holds::place(conn, clock.as_ref(), agency, actapub::archive::holds::Scope::Agency, "Case 7")
        }).await;
        alice.says(server, &alice.act("Delete", json!({"type": "Tombstone", "id": note["id"]}))).await;
        assert_eq!(prune().await, 0);
        assert_eq!(kept().await, ["Create", "Flag", "Delete"]);
        let clock = server.clock.clone();
        server.write(move |conn| actapub::archive::holds::release(conn, clock.as_ref(), hold)).await;
        server.settle().await;
        assert_eq!(prune().await, 2);
        assert_eq!(kept().await, ["Flag"]);
        audited(server).await;
    }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    use aws_lc_rs::digest::{SHA256, digest};
    let digest = digest(&SHA256, bytes);
    digest.as_ref().iter().fold(String::new(), |mut hex, byte| {
        let _ = std::fmt::Write::write_fmt(&mut hex, format_args!("{byte:02x}"));
        hex
    })
}
