//! What somebody has ordered to be destroyed is shown to nobody, although a hold keeps it; and goes when the hold ends.

use actapub::archive::disclosure;
use actapub::archive::erasure::{self, Class, Order};
use actapub::archive::exports::{self, Disclosed, Extent, Plan};
use actapub::archive::holds::{self, Scope};
use actapub::archive::kind::Subject;
use actapub::archive::log;
use actapub::kernel::{AnnouncementId, HoldId, ReplyId};
use actapub::platform::blobs::{self, Blob};
use actapub::publishing::{self, Image};
use axum::http::StatusCode;
use serde_json::{Value, json};

use super::audit::{audited, kinds};
use super::traces::{find, is_nowhere};
use crate::harness::{TestServer, on_both};

const WORDS: &str = "a sentence that nobody else would write";

async fn hold(server: &TestServer) -> HoldId {
    let (clock, agency) = (server.clock.clone(), server.agency.id);
    let hold = server
        .write(move |conn| holds::place(conn, clock.as_ref(), agency, Scope::Agency, "Case 7"))
        .await;
    server.settle().await;
    hold
}

async fn release(server: &TestServer, hold: HoldId) {
    let clock = server.clock.clone();
    server
        .write(move |conn| holds::release(conn, clock.as_ref(), hold))
        .await;
    server.settle().await;
}

fn order_of(subject: Subject) -> Order {
    Order {
        subject,
        class: Class::Article17,
        basis: "gdpr-17-1-b".to_owned(),
        role: "dpo".to_owned(),
    }
}

/// Orders, and does nothing else: not even the record knows of it yet.
async fn order(server: &TestServer, subject: Subject) {
    let (clock, agency) = (server.clock.clone(), server.agency.id);
    server
        .write(move |conn| erasure::order(conn, clock.as_ref(), agency, &order_of(subject)))
        .await;
}

/// What anybody gets, at all the places where the words could be.
async fn says_nowhere(server: &TestServer, places: &[String], needles: &[&str]) {
    for place in places {
        for accept in ["text/html", "application/json", "application/activity+json"] {
            let reply = server.get(place, accept).await;
            let mut body = reply.body.clone();
            if reply.header("content-type") == "application/gzip" {
                body.clear();
                let mut decoder = flate2::read::GzDecoder::new(reply.body.as_slice());
                std::io::Read::read_to_end(&mut decoder, &mut body).unwrap();
            }
            for needle in needles {
                assert_eq!(
                    find(&body, needle),
                    None,
                    "{place} ({accept}) says {needle}"
                );
            }
        }
    }
}

/// Neither by who looks for the words nor by who asks whether they were said.
async fn is_not_found(server: &TestServer) {
    let words = WORDS.replace(' ', "+");
    let found = server
        .get(&format!("/record/water.json?q={words}"), "")
        .await
        .json();
    assert_eq!(found["entries"], json!([]), "{found}");
    let said = server
        .get(&format!("/verify?q={words}"), "application/json")
        .await
        .json();
    assert_eq!(said["verdict"], "not-found", "{said}");
}

/// All files of an export, one behind the other.
async fn export(server: &TestServer, disclosed: Disclosed, name: &str) -> Vec<u8> {
    let target = server.data.path().join(format!("{name}.tar"));
    let (site, agency, file) = (
        server.services.site.clone(),
        server.agency.clone(),
        target.clone(),
    );
    server
        .services
        .db
        .read(move |conn| {
            let plan = Plan {
                site,
                log: log::by_agency(conn, agency.id)?.unwrap(),
                agency,
                extent: Extent::All,
                disclosed,
                licence: "https://creativecommons.org/publicdomain/zero/1.0/".to_owned(),
            };
            exports::export(conn, &plan, &file, &mut |_| {})
        })
        .await
        .unwrap();
    std::fs::read(target).unwrap()
}

on_both! {
    async fn a_reply_under_a_hold(server: &TestServer) {
        let (announcement, uri) = server.announce("Water is back.").await;
        let alice = server.peer().await.citizen("alice778899");
        let note = alice.note("/notes/1", &uri, WORDS);
        alice.says(server, &alice.act("Create", note.clone())).await;
        let hold = hold(server).await;
        let agency = server.agency.id;
        let receipt = server.write(move |conn| {
            let log = log::by_agency(conn, agency)?.unwrap();
            let receipt = disclosure::receipt(conn, &log, 2, &|bytes| bytes.fill(7))?;
            Ok::<_, actapub::platform::db::Error>(receipt.reveal().clone())
        }).await;
        let opened = format!("/record/water/2.json?receipt={receipt}");
        assert_eq!(server.get(&opened, "").await.json()["disclosed"], "to-author");
        let question = format!("/verify?q={}", WORDS.replace(' ', "+"));
        assert_eq!(server.get(&question, "application/json").await.json()["verdict"], "said-by-citizen");

        let id: ReplyId = server.texts("SELECT CAST(id AS TEXT) AS value FROM replies").await[0].parse().unwrap();
        order(server, Subject::Reply(id)).await;
        let page = server.services.site.announcement_page(&server.agency.handle, announcement.id);
        let places: Vec<String> = [
            page.clone(), format!("{page}?under={id}"), format!("{page}/embed"), format!("{uri}/replies?page=1"), opened.clone(),
            format!("/verify?q={}", note["id"].as_str().unwrap()), "/record/water".to_owned(), "/record/water/2".to_owned(),
            format!("/record/water/2/parts/body?receipt={receipt}"),
            "/@water".to_owned(), "/@water.atom".to_owned(), "/@water.rss".to_owned(),
        ].into();
        says_nowhere(server, &places, &[WORDS, "alice778899"]).await;
        is_not_found(server).await;
        server.settle().await;
        server.clock.advance(std::time::Duration::from_secs(24 * 3600));
        let places: Vec<String> = places.into_iter().chain(["/record/water/dump.jsonl.gz".to_owned()]).collect();
        says_nowhere(server, &places, &[WORDS, "alice778899"]).await;
        let said = server.get(&page, "text/html").await.text();
        assert!(said.contains("Withheld for legal reasons"), "{said}");
        assert_eq!(server.count("tallies WHERE replies > 0").await, 0);
        let entry = server.get("/record/water/2.json", "").await.json();
        assert_eq!((&entry["disclosed"], &entry["opening"], &entry["said"]), (&json!("withheld"), &Value::Null, &Value::Null));
        assert_eq!((&entry["tombstone"]["erased"], &entry["tombstone"]["orders"][0]["class"]), (&Value::Null, &json!("art17")));
        assert_eq!(server.get(&format!("/record/water/2/parts/body?receipt={receipt}"), "").await.status, StatusCode::NOT_FOUND);
        let found = server.get(&format!("/verify?q={}", note["id"].as_str().unwrap()), "application/json").await.json();
        assert_eq!(found["findings"][0]["later"][0]["what"], "withheld", "{found}");
        // What is taken away for everybody has not got it; for the staff it is there, and marked, as the hold asks for.
        let public = export(server, Disclosed::Public, "public").await;
        assert_eq!((find(&public, WORDS), find(&public, "alice778899")), (None, None));
        let staff = export(server, Disclosed::Staff, "staff").await;
        assert!(find(&staff, WORDS).is_some() && find(&staff, "\"withheld\":true").is_some());
        // It is kept, whatever its author's server sends.
        assert!(!server.places_of(WORDS).await.is_empty());
        alice.says(server, &alice.act("Delete", json!({"type": "Tombstone", "id": note["id"]}))).await;
        assert!(!server.places_of(WORDS).await.is_empty());

        release(server, hold).await;
        is_nowhere(server, WORDS).await;
        let said = server.get(&page, "text/html").await.text();
        assert!(said.contains("Erased for legal reasons"), "{said}");
        assert_eq!(
            kinds(&audited(server).await)[3..],
            ["hold.placed", "redaction.ordered → 2", "hold.released → 3", "redaction.done → 2"]
        );
    }

    async fn a_withdrawn_announcement_under_a_hold(server: &TestServer) {
        let alice = server.peer().await.citizen("alice");
        alice.follows(server).await;
        let picture = b"a picture of its own".to_vec();
        let digest = super::erased::hex(&picture);
        let (clock, blob, own) = (server.clock.clone(), Blob { media_type: "image/png".to_owned(), bytes: picture }, digest.clone());
        server.write(move |conn| blobs::put(conn, clock.as_ref(), &own, &blob)).await;
        let mut draft = server.draft(WORDS);
        draft.images = vec![Image {
            digest: digest.clone(), media_type: "image/png".to_owned(), width: 1, height: 1,
            blurhash: "L00000fQfQfQfQfQfQfQfQfQfQfQ".to_owned(), alt: "A picture".to_owned(), focus: None,
        }];
        let (clock, site, rules) = (server.clock.clone(), server.services.site.clone(), server.services.rules);
        let id: AnnouncementId = server.write(move |conn| {
            let id = publishing::announce(conn, clock.as_ref(), &site, rules, draft)?.id;
            publishing::withdraw(conn, clock.as_ref(), id, "Because it names somebody.")?;
            Ok::<_, publishing::Error>(id)
        }).await;
        server.settle().await;
        let hold = hold(server).await;
        let activities = server.texts("SELECT CAST(id AS TEXT) AS value FROM activities ORDER BY id").await;
        let media = format!("/media/{digest}.png");
        assert_eq!(server.get(&media, "").await.status, StatusCode::OK);
        order(server, Subject::Announcement(id)).await;
        let mut places: Vec<String> = [
            server.services.site.announcement_page(&server.agency.handle, id), server.services.site.announcement(id),
            format!("/verify?q={}", server.services.site.announcement(id)), "/record/water".to_owned(), media.clone(),
        ].into();
        places.extend(activities.iter().map(|id| format!("/ap/activities/{id}")));
        places.extend((1..4).flat_map(|n| ["", ".json", "/parts/statement", "/parts/body", "/parts/media/1"].map(|part| format!("/record/water/{n}{part}"))));
        let needles = [WORDS, "it names somebody", "a picture of its own"];
        says_nowhere(server, &places, &needles).await;
        is_not_found(server).await;
        server.settle().await;
        server.clock.advance(std::time::Duration::from_secs(24 * 3600));
        places.push("/record/water/dump.jsonl.gz".to_owned());
        says_nowhere(server, &places, &needles).await;
        assert_eq!(server.get(&media, "").await.status, StatusCode::NOT_FOUND);
        let public = export(server, Disclosed::Public, "public").await;
        assert!(needles.iter().all(|needle| find(&public, needle).is_none()));
        let staff = export(server, Disclosed::Staff, "staff").await;
        assert!(needles.iter().all(|needle| find(&staff, needle).is_some()));
        // Followers hear that it was withdrawn, and no more.
        server.deliver().await;
        let heard: Vec<Value> = alice.peer.received().into_iter().map(|it| it.activity).collect();
        assert!(heard.iter().any(|it| it["type"] == "Delete"), "{heard:?}");
        assert!(!heard.iter().any(|it| it.to_string().contains(WORDS)), "{heard:?}");

        release(server, hold).await;
        is_nowhere(server, WORDS).await;
        is_nowhere(server, "a picture of its own").await;
        audited(server).await;
    }

    /// What only a schedule asks for stays shown as long as a hold keeps it: nobody has decided anything.
    async fn what_a_schedule_asks_for_stays_shown(server: &TestServer) {
        let (announcement, uri) = server.announce("Water is back.").await;
        let alice = server.peer().await.citizen("alice");
        alice.says(server, &alice.act("Create", alice.note("/notes/1", &uri, WORDS))).await;
        let hold = hold(server).await;
        server.clock.advance(std::time::Duration::from_secs(10 * 24 * 3600));
        let (clock, kept) = (server.clock.clone(), std::time::Duration::from_secs(24 * 3600));
        let retention = actapub::archive::retention::Retention { replies: Some(kept), ..Default::default() };
        server.write(move |conn| actapub::archive::retention::dispose(conn, clock.as_ref(), retention, 10)).await;
        server.settle().await;
        let page = server.services.site.announcement_page(&server.agency.handle, announcement.id);
        assert!(server.get(&page, "text/html").await.text().contains(WORDS));
        assert_eq!(server.get("/record/water/2.json", "").await.json()["disclosed"], "restricted");
        release(server, hold).await;
        is_nowhere(server, WORDS).await;
        audited(server).await;
    }
}
