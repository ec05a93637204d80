//! How an agency is found and read by other servers and by people: every form of question, every form of answer.

use actapub::federation::keys;
use actapub::publishing;
use axum::http::StatusCode;
use diesel::connection::SimpleConnection as _;
use serde_json::{Value, json};

use crate::harness::{Database, Reply, TestServer, on_both};

const ACTIVITY: &str = "application/activity+json";
const PROFILED: &str = "application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\"";
const BROWSER: &str =
    "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8";
/// What Mastodon sends when it does not know what it will find.
const MASTODON: &str = "application/activity+json, application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\", text/html;q=0.1";

async fn webfinger(server: &TestServer, resource: &str) -> Reply {
    let encoded: String = url::form_urlencoded::byte_serialize(resource.as_bytes()).collect();
    server
        .get(
            &format!("/.well-known/webfinger?resource={encoded}"),
            "application/jrd+json",
        )
        .await
}

fn link<'a>(document: &'a Value, rel: &str) -> &'a str {
    let links = document["links"].as_array().unwrap();
    let found = links
        .iter()
        .find(|link| link["rel"] == rel)
        .unwrap_or_else(|| panic!("{rel}: {document}"));
    found["href"]
        .as_str()
        .or(found["template"].as_str())
        .unwrap()
}

on_both! {
    async fn webfinger_is_answered_in_every_form(server: &TestServer) {
        let host = server.services.site.authority().to_owned();
        let actor = server.actor();
        for resource in [
            format!("acct:water@{host}"),
            format!("acct:@water@{host}"),
            format!("acct:WATER@{host}"),
            format!("water@{host}"),
            format!("@water@{host}"),
            actor.clone(),
            server.services.site.agency_page(&server.agency.handle),
            format!("{}/", server.services.site.agency_page(&server.agency.handle)),
        ] {
            let reply = webfinger(server, &resource).await;
            assert_eq!(reply.status, StatusCode::OK, "{resource}: {}", reply.text());
            assert_eq!(reply.header("content-type"), "application/jrd+json", "{resource}");
            assert_eq!(reply.header("access-control-allow-origin"), "*", "{resource}");
            let document = reply.json();
            assert_eq!(document["subject"], format!("acct:water@{host}"), "{resource}");
            assert_eq!(link(&document, "self"), actor, "{resource}");
            assert!(document["aliases"].as_array().unwrap().contains(&json!(actor)), "{resource}");
        }
        let subject = webfinger(server, &host).await.json()["subject"].as_str().unwrap().to_owned();
        for resource in [host.clone(), subject, server.base().to_owned(), format!("{}/actor", server.base())] {
            let reply = webfinger(server, &resource).await;
            assert_eq!(reply.status, StatusCode::OK, "{resource}: {}", reply.text());
            assert_eq!(link(&reply.json(), "self"), format!("{}/actor", server.base()), "{resource}");
        }
        for resource in [
            format!("acct:nobody@{host}"),
            "acct:water@elsewhere.example".to_owned(),
            "https://elsewhere.example/@water".to_owned(),
            format!("{}/ap/agencies/1", server.base()),
            "water".to_owned(),
            "acct:".to_owned(),
            "mailto:water@city.gov".to_owned(),
            "\u{0}".to_owned(),
        ] {
            let reply = webfinger(server, &resource).await;
            assert_eq!(reply.status, StatusCode::NOT_FOUND, "{resource}: {}", reply.text());
        }
        for path in ["/.well-known/webfinger", "/.well-known/webfinger?resource=", "/.well-known/webfinger?rel=self"] {
            assert_eq!(server.get(path, "").await.status, StatusCode::BAD_REQUEST, "{path}");
        }
    }

    async fn host_meta_and_nodeinfo_lead_on(server: &TestServer) {
        server.announce("Water is back.").await;
        let xml = server.get("/.well-known/host-meta", "").await;
        assert!(xml.header("content-type").starts_with("application/xrd+xml"));
        assert!(xml.text().contains("/.well-known/webfinger?resource={uri}"), "{}", xml.text());
        let json = server.get("/.well-known/host-meta.json", "").await.json();
        assert!(link(&json, "lrdd").ends_with("/.well-known/webfinger?resource={uri}"));
        let links = server.get("/.well-known/nodeinfo", "").await.json();
        for version in ["2.0", "2.1"] {
            let href = link(&links, &format!("http://nodeinfo.diaspora.software/ns/schema/{version}")).to_owned();
            let reply = server.get(&href, "application/json").await;
            assert_eq!(reply.status, StatusCode::OK);
            assert!(reply.header("content-type").contains(&format!("/ns/schema/{version}#")));
            let document = reply.json();
            assert_eq!(document["version"], version);
            // What the schema requires, and nothing that it does not know.
            let mut keys: Vec<&String> = document.as_object().unwrap().keys().collect();
            keys.sort();
            assert_eq!(keys, ["metadata", "openRegistrations", "protocols", "services", "software", "usage", "version"]);
            assert_eq!(document["protocols"], json!(["activitypub"]));
            let name = document["software"]["name"].as_str().unwrap();
            assert!(name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'));
            assert!(document["software"]["version"].is_string());
            assert!(document["services"]["inbound"].is_array() && document["services"]["outbound"].is_array());
            assert_eq!(document["usage"]["users"]["total"], 1);
            assert_eq!(document["usage"]["localPosts"], 1);
            assert_eq!(document["openRegistrations"], false);
        }
        assert_eq!(link(&links, "https://www.w3.org/ns/activitystreams#Application"), format!("{}/actor", server.base()));
    }

    async fn actors_show_what_peers_read(server: &TestServer) {
        let actor = server.document(&server.actor()).await;
        assert_eq!((&actor["type"], &actor["id"]), (&json!("Organization"), &json!(server.actor())));
        for key in ["preferredUsername", "inbox", "outbox", "followers", "following", "featured", "featuredTags", "url", "published"] {
            assert!(actor[key].is_string(), "{key}: {actor}");
        }
        for key in ["discoverable", "indexable"] {
            assert_eq!(actor[key], true, "{key}");
        }
        assert_eq!(actor["publicKey"]["owner"], server.actor());
        assert!(actor["publicKey"]["publicKeyPem"].as_str().unwrap().starts_with("-----BEGIN PUBLIC KEY-----\n"));
        assert!(actor["assertionMethod"][0]["publicKeyMultibase"].as_str().unwrap().starts_with("z6Mk"));
        assert_eq!(actor["endpoints"]["sharedInbox"], format!("{}/inbox", server.base()));
        let instance = server.document(&format!("{}/actor", server.base())).await;
        assert_eq!(instance["type"], "Application");
        assert_eq!(instance["publicKey"]["owner"], instance["id"]);
        let outbox = server.document(instance["outbox"].as_str().unwrap()).await;
        assert_eq!(outbox["totalItems"], 0);
    }

    /// Totals only: neither who follows, nor a page on which they might stand.
    /// Keys that were in use a moment ago are not mistaken for the new ones, which they announce.
    async fn new_keys_are_announced_as_they_are(server: &TestServer) {
        let alice = server.peer().await.citizen("alice");
        alice.follows(server).await;
        server.deliver().await;
        alice.peer.received();
        let before = server.document(&server.actor()).await["publicKey"].clone();
        let (pair, clock, agency) = (keys::new_pair().await.unwrap(), server.clock.clone(), server.agency.id);
        server.write(move |conn| keys::rotate(conn, clock.as_ref(), agency, &pair)).await;
        server.settle().await;
        server.deliver().await;
        let [update] = alice.peer.received().try_into().ok().unwrap();
        let after = server.document(&server.actor()).await["publicKey"].clone();
        assert_eq!(update.activity["object"]["publicKey"], after);
        assert!(after["id"] != before["id"] && after["publicKeyPem"] != before["publicKeyPem"], "{after}");
        // Whom they reach knows the old one only.
        let signature = update.headers["signature"].to_str().unwrap();
        assert!(signature.contains(before["id"].as_str().unwrap()), "{signature}");
    }

    async fn nobody_learns_who_follows(server: &TestServer) {
        let alice = server.peer().await.citizen("alice");
        alice.follows(server).await;
        server.deliver().await;
        for (collection, total) in [("followers", 1), ("following", 0)] {
            let document = server.document(&format!("{}/{collection}", server.actor())).await;
            assert_eq!(document["totalItems"], total);
            assert_eq!(document["first"], Value::Null, "{collection}");
            assert_eq!(document["orderedItems"], Value::Null, "{collection}");
        }
        for query in ["?page=true", "?page=1", "?page=true&after=0-0", "?cursor=1"] {
            let reply = server.get(&format!("{}/followers{query}", server.actor()), ACTIVITY).await;
            assert!(!reply.text().contains("alice"), "{query}: {}", reply.text());
        }
    }

    async fn collections_are_walked_to_their_end(server: &TestServer) {
        let mut published = vec![];
        for number in 0..45 {
            published.push(server.announce(&format!("Number {number}.")).await.1);
            server.clock.advance(std::time::Duration::from_secs(60));
        }
        let outbox = server.document(&format!("{}/outbox", server.actor())).await;
        assert_eq!(outbox["totalItems"], 45);
        let (mut next, mut walked) = (outbox["first"].clone(), vec![]);
        while let Some(page) = next.as_str() {
            let document = server.document(page).await;
            assert_eq!((&document["type"], &document["id"]), (&json!("OrderedCollectionPage"), &json!(page)));
            for create in document["orderedItems"].as_array().unwrap() {
                assert_eq!(create["type"], "Create");
                walked.push(create["object"]["id"].as_str().unwrap().to_owned());
            }
            next = document["next"].clone();
        }
        published.reverse();
        assert_eq!(walked, published, "newest first, each once");

        let head = published[0].clone();
        let alice = server.peer().await.citizen("alice");
        let mut replies = vec![];
        for number in 0..130 {
            let note = alice.note(&format!("/notes/{number}"), &head, "reply");
            replies.push(note["id"].as_str().unwrap().to_owned());
            let signed = alice.letter(server, &alice.act("Create", note)).message(&alice.key);
            assert_eq!(server.post(&signed).await.status, StatusCode::ACCEPTED);
        }
        server.settle().await;
        for (collection, items, with_head) in [
            (format!("{head}/replies"), "items", false),
            (server.document(&head).await["context"].as_str().unwrap().to_owned(), "orderedItems", true),
        ] {
            let document = server.document(&collection).await;
            let first = &document["first"];
            let mut page = if first.is_string() { server.document(first.as_str().unwrap()).await } else { first.clone() };
            let mut walked = vec![];
            loop {
                let ids = page[items].as_array().unwrap_or_else(|| panic!("{page}"));
                walked.extend(ids.iter().map(|id| id.as_str().unwrap().to_owned()));
                let Some(next) = page["next"].as_str() else { break };
                page = server.document(next).await;
            }
            let mut expected = replies.clone();
            if with_head {
                expected.insert(0, head.clone());
            }
            assert_eq!(walked, expected, "{collection}");
        }
        for page in ["?page=true&after=nonsense", "?after=", "?page=true&after=-1", "?page=%00"] {
            let status = server.get(&format!("{head}/replies{page}"), ACTIVITY).await.status;
            assert!(status.is_success() || status == StatusCode::BAD_REQUEST, "{page}: {status}");
        }
    }

    async fn one_address_serves_servers_and_people(server: &TestServer) {
        let (known, announcement) = server.announce("Water is back.").await;
        let site = &server.services.site;
        let (agency, actor) = (site.agency_page(&server.agency.handle), server.actor());
        let page = site.announcement_page(&server.agency.handle, known.id);
        for (accept, document) in [
            (ACTIVITY, true),
            ("application/ld+json", true),
            (PROFILED, true),
            ("application/activity+json; profile=\"https://www.w3.org/ns/activitystreams\"", true),
            (MASTODON, true),
            ("Application/Activity+JSON", true),
            (BROWSER, false),
            ("text/html", false),
        ] {
            for (id, url) in [(&actor, &agency), (&announcement, &page)] {
                let (at_id, at_page) = (server.get(id, accept).await, server.get(url, accept).await);
                assert!(at_id.header("vary").to_ascii_lowercase().contains("accept"), "{accept}: {id}");
                if document {
                    assert_eq!(at_id.header("content-type"), ACTIVITY, "{accept}: {id}");
                    assert_eq!(at_page.header("content-type"), ACTIVITY, "{accept}: {url}");
                    assert_eq!(at_page.json()["id"], *id, "{accept}");
                } else {
                    assert_eq!(at_id.status, StatusCode::SEE_OTHER, "{accept}: {id}");
                    assert_eq!(at_id.header("location"), *url, "{accept}");
                }
            }
        }
        // Whoever does not say gets the document at its id.
        for accept in ["", "*/*", "application/json"] {
            assert_eq!(server.get(&announcement, accept).await.header("content-type"), ACTIVITY, "{accept}");
        }
    }

    async fn what_was_read_before_is_not_sent_again(server: &TestServer) {
        let (_, announcement) = server.announce("Water is back.").await;
        let first = server.get(&announcement, ACTIVITY).await;
        let etag = first.header("etag").to_owned();
        assert!(first.header("cache-control").contains("max-age="));
        for known in [etag.clone(), format!("\"other\", {etag}"), etag.trim_start_matches("W/").to_owned(), "*".to_owned()] {
            let again = server.get_with(&announcement, &[("accept", ACTIVITY), ("if-none-match", &known)]).await;
            assert_eq!(again.status, StatusCode::NOT_MODIFIED, "{known}");
            assert!(again.body.is_empty());
            assert_eq!(again.header("etag"), etag);
        }
        let alice = server.peer().await.citizen("alice");
        alice.says(server, &alice.act("Like", announcement.clone())).await;
        let changed = server.get_with(&announcement, &[("accept", ACTIVITY), ("if-none-match", &etag)]).await;
        assert_eq!(changed.status, StatusCode::OK, "it has a like now");
    }

    async fn what_was_withdrawn_leaves_a_tombstone(server: &TestServer) {
        let (known, announcement) = server.announce("Water is back.").await;
        let (clock, id) = (server.clock.clone(), known.id);
        server.write(move |conn| publishing::withdraw(conn, clock.as_ref(), id, "It is not back.")).await;
        server.settle().await;
        let page = server.services.site.announcement_page(&server.agency.handle, known.id);
        for url in [&announcement, &page] {
            let reply = server.get(url, ACTIVITY).await;
            assert_eq!(reply.status, StatusCode::GONE, "{url}");
            let document = reply.json();
            assert_eq!((&document["type"], &document["id"]), (&json!("Tombstone"), &json!(announcement)));
            assert!(document["deleted"].is_string());
            assert!(!reply.text().contains("Water is back"));
        }
        let outbox = server.document(&format!("{}/outbox", server.actor())).await;
        assert_eq!(outbox["totalItems"], 0);
    }

    async fn what_is_not_here_is_not_found(server: &TestServer) {
        for path in [
            "/ap/agencies/1", "/ap/agencies/x", "/ap/agencies/99999999999999999999", "/ap/agencies/-1",
            "/ap/announcements/1", "/ap/announcements/1/replies", "/ap/contexts/1", "/ap/activities/1",
            "/ap/quote-authorizations/1", "/ap", "/@nobody", "/@water/1", "/@water/x", "/@", "/nodeinfo/3.0", "/inbox/x",
        ] {
            for accept in [ACTIVITY, BROWSER] {
                let reply = server.get(path, accept).await;
                assert_eq!(reply.status, StatusCode::NOT_FOUND, "{path} as {accept}");
            }
        }
        assert_eq!(server.get("/inbox", ACTIVITY).await.status, StatusCode::METHOD_NOT_ALLOWED);
    }

    /// A peer that hears 404 or 410 forgets an agency and its announcements for good; 503 means: later.
    async fn a_database_that_fails_is_not_an_absence(server: &TestServer) {
        let (_, announcement) = server.announce("Water is back.").await;
        server.write(|conn| Ok::<_, actapub::platform::db::Error>(conn.batch_execute("ALTER TABLE agencies RENAME TO hidden")?)).await;
        for path in [
            server.actor(),
            announcement.clone(),
            format!("{announcement}/replies"),
            format!("{}/outbox", server.actor()),
            format!("/.well-known/webfinger?resource=acct:water@{}", server.services.site.authority()),
        ] {
            for accept in [ACTIVITY, BROWSER] {
                let status = server.get(&path, accept).await.status;
                let later = status == StatusCode::SERVICE_UNAVAILABLE || status == StatusCode::SEE_OTHER;
                assert!(later, "{path} as {accept}: {status}");
            }
        }
        server.write(|conn| Ok::<_, actapub::platform::db::Error>(conn.batch_execute("ALTER TABLE hidden RENAME TO agencies")?)).await;
        assert_eq!(server.get(&announcement, ACTIVITY).await.status, StatusCode::OK);
    }
}

/// `@water@city.test`, served from elsewhere: both domains are asked, and both answer with the same.
#[tokio::test]
async fn handles_may_have_a_domain_of_their_own() {
    let settings =
        |sources: actapub::platform::config::Sources| sources.flag("handle_domain", "city.test");
    let server = TestServer::with(Database::sqlite(), settings).await;
    let host = server.services.site.authority().to_owned();
    for resource in [
        "acct:water@city.test".to_owned(),
        format!("acct:water@{host}"),
        "@water@City.Test".to_owned(),
    ] {
        let document = webfinger(&server, &resource).await.json();
        assert_eq!(document["subject"], "acct:water@city.test", "{resource}");
        assert_eq!(link(&document, "self"), server.actor());
    }
    for resource in ["city.test".to_owned(), host.clone()] {
        let document = webfinger(&server, &resource).await.json();
        assert_eq!(
            link(&document, "self"),
            format!("{}/actor", server.base()),
            "{resource}"
        );
    }
    let actor = server.document(&server.actor()).await;
    assert_eq!(actor["webfinger"], "water@city.test");
    server.finish().await;
}

/// PostgreSQL itself is gone.
#[tokio::test]
async fn a_database_server_that_is_gone_is_not_an_absence() {
    let Some(database) = Database::postgres() else {
        return;
    };
    let server = TestServer::start(database).await;
    let (_, announcement) = server.announce("Water is back.").await;
    server.database.destroy();
    for path in [announcement, server.actor(), "/health/ready".to_owned()] {
        assert_eq!(
            server.get(&path, ACTIVITY).await.status,
            StatusCode::SERVICE_UNAVAILABLE,
            "{path}"
        );
    }
    assert_eq!(server.get("/health/live", "").await.status, StatusCode::OK);
    server.stop().await;
}
