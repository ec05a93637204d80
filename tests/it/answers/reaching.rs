//! Whom an answer reaches, what is left of it, and where it is not.

use actapub::archive::erasure::{self, Class, Order};
use actapub::archive::exports::{Disclosed, Extent};
use actapub::archive::kind::Subject;
use actapub::dialogue::queue::{self, AnsweredBy, Error, State, Turn};
use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{ANSWERED, ASKED, answers, begins, chief, letters, wording, work, writes};
use crate::harness::{Citizen, Leftover, TestServer, on_both};
use crate::record::audit::{audited, kinds};
use crate::record::export::{export, files};

/// Where everybody may look.
const PUBLIC: [&str; 14] = [
    "/",
    "/@water",
    "/@water.rss",
    "/@water.atom",
    "/record/water",
    "/record/water.json",
    "/record/water?q=meter",
    "/record/water?q=plum",
    "/ap/agencies/{n}",
    "/ap/agencies/{n}/outbox",
    "/ap/agencies/{n}/outbox?page=1",
    "/ap/agencies/{n}/featured",
    "/record/water/1",
    "/record/water/2.json",
];

async fn is_nowhere_in_public(server: &TestServer) {
    for path in PUBLIC {
        let path = path.replace("{n}", &server.agency.id.to_string());
        for accept in ["text/html", "application/activity+json"] {
            let reply = server.get(&path, accept).await;
            let text = reply.text();
            assert!(
                !text.contains("misread") && !text.contains("/ap/answers/"),
                "{path}: {text}"
            );
            // What was looked for is repeated.
            assert!(!text.contains("plum street"), "{path}: {text}");
        }
    }
}

/// What came to somebody's server, by type.
async fn came(server: &TestServer, citizen: &Citizen, kind: &str) -> Vec<Value> {
    server.deliver().await;
    let came = citizen.peer.received().into_iter().map(|it| it.activity);
    came.filter(|activity| activity["type"] == kind).collect()
}

on_both! {
    async fn it_reaches_one_person_and_nobody_else(server: &TestServer) {
        let (alice, bob) = (server.peer().await.citizen("alice"), server.peer().await.citizen("bob"));
        for citizen in [&alice, &bob] {
            citizen.follows(server).await;
        }
        server.deliver().await;
        let (own, shared) = (alice.peer.asked("/users/alice/inbox"), alice.peer.asked("/inbox"));
        let note = writes(server, &alice, "/letters/1", Value::Null, ASKED).await;
        let ada = chief(server).await;
        let item = letters(server, &ada).await[0].clone();
        let answer = answers(server, &ada, item.id, &format!("It is not: {ANSWERED}. @eve@elsewhere.example knows.")).await;
        let heard = came(server, &alice, "Create").await;
        assert_eq!(heard.len(), 1, "{heard:?}");
        assert_eq!((alice.peer.asked("/users/alice/inbox"), alice.peer.asked("/inbox")), (own + 1, shared), "it goes to nobody's inbox but hers");
        let (create, object) = (&heard[0], &heard[0]["object"]);
        for addressed in [create, object] {
            assert_eq!(addressed["to"], json!([alice.uri]));
            for field in ["cc", "bto", "bcc", "audience"] {
                assert_eq!(addressed[field], Value::Null, "{field}");
            }
        }
        assert!(create.get("proof").is_none(), "what anybody could pass on is not proved");
        let host = alice.peer.base.strip_prefix("http://").unwrap();
        assert_eq!(object["tag"], json!([{"type": "Mention", "href": alice.uri, "name": format!("@alice@{host}")}]));
        assert_eq!(object["inReplyTo"], note["id"]);
        assert_eq!(object["type"], "Note");
        let content = object["content"].as_str().unwrap();
        assert!(content.starts_with("<p><span class=\"h-card\"") && content.contains(ANSWERED), "{content}");
        for (field, none) in [("url", true), ("replies", true), ("likes", true), ("context", true), ("interactionPolicy", true), ("content", false)] {
            assert_eq!(object.get(field).is_none(), none, "{field}");
        }
        assert_eq!(came(server, &bob, "Create").await, Vec::<Value>::new());

        // Nobody can fetch it, the reader's server neither.
        for place in [create["id"].as_str().unwrap(), object["id"].as_str().unwrap()] {
            for accept in ["application/activity+json", "text/html"] {
                assert_eq!(server.get(place, accept).await.status, StatusCode::NOT_FOUND, "{place}");
            }
        }
        assert_eq!(object["id"], server.services.site.answer(answer.id));
        is_nowhere_in_public(server).await;

        let closed = letters(server, &ada).await;
        assert_eq!(closed[0].state, State::Answered { by: AnsweredBy::Message(answer.id), at: server.now() });
        assert_eq!(server.count("announcements").await, 0);
        // The record says that there was an answer, and nothing of it.
        let leaves = kinds(&audited(server).await);
        let place = leaves.iter().position(|it| it == "message.received").unwrap();
        assert!(leaves.contains(&format!("message.answered → {place}")), "{leaves:?}");
        let index = leaves.iter().position(|it| it.starts_with("message.answered")).unwrap();
        let entry = server.get(&format!("/record/water/{index}.json"), "").await.json();
        assert_eq!(entry["disclosed"], "private", "{entry}");
        assert!(entry.get("opening").is_none_or(Value::is_null) && entry.get("statement").is_none_or(Value::is_null), "{entry}");
        assert_eq!(server.get(&format!("/record/water/{index}/parts/body"), "").await.status, StatusCode::NOT_FOUND);
        let page = server.get(&format!("/record/water/{index}"), "text/html").await.text();
        assert!(page.contains("correspondence") && !page.contains("misread"), "{page}");
        server.may_leave(Leftover::Deliveries);
    }

    async fn the_conversation_is_shown_as_it_went(server: &TestServer) {
        let alice = server.peer().await.citizen("alice");
        let bob = server.peer().await.citizen("bob");
        writes(server, &alice, "/letters/1", Value::Null, ASKED).await;
        let ada = chief(server).await;
        let first = letters(server, &ada).await[0].clone();
        let answer = answers(server, &ada, first.id, ANSWERED).await;
        let uri = server.services.site.answer(answer.id);
        server.clock.advance(std::time::Duration::from_secs(60));
        writes(server, &alice, "/letters/2", json!(uri), "thank you").await;
        // Somebody else has no part in it, whatever they claim to answer.
        writes(server, &bob, "/letters/3", json!(uri), "let me see").await;
        server.clock.advance(std::time::Duration::from_secs(60));
        let items = letters(server, &ada).await;
        let second = items.iter().find(|it| it.author == first.author && it.id != first.id).unwrap().clone();
        assert!(second.is_open());
        answers(server, &ada, second.id, "You are welcome.").await;
        for item in [&first, &second] {
            let (by, item, site) = (ada.clone(), item.clone(), server.services.site.clone());
            let turns = server.services.db.read(move |conn| queue::conversation(conn, &site, &by, &item)).await.unwrap();
            let said: Vec<String> = turns.iter().map(|turn| match turn {
                Turn::Message(message) => message.html.to_text(),
                Turn::Answer(answer) => answer.markdown.split(' ').skip(1).collect::<Vec<_>>().join(" "),
            }).collect();
            assert_eq!(said, [ASKED, ANSWERED, "thank you", "You are welcome."]);
        }
        server.may_leave(Leftover::Deliveries);
    }

    async fn withdrawn_it_is_deleted_where_it_went(server: &TestServer) {
        let (alice, bob) = (server.peer().await.citizen("alice"), server.peer().await.citizen("bob"));
        bob.follows(server).await;
        writes(server, &alice, "/letters/1", Value::Null, ASKED).await;
        let ada = chief(server).await;
        let item = letters(server, &ada).await[0].id;
        let answer = answers(server, &ada, item, ANSWERED).await;
        server.deliver().await;
        let withdraws = async |reason: &'static str| {
            work(server, &ada, move |conn, clock, press, by| {
                let proposal = queue::withdrawal(conn, by, item, None, reason)?;
                let ground = actapub::publishing::drafts::Alone::ByTheRules { exemption: None };
                Ok(actapub::publishing::drafts::act_alone(conn, clock, press, by, vec![proposal], ground)?)
            }).await
        };
        assert!(withdraws(" ").await.is_err(), "without a reason");
        withdraws("It named the wrong street.").await.unwrap();
        server.settle().await;
        let heard = came(server, &alice, "Delete").await;
        assert_eq!(heard.len(), 1, "{heard:?}");
        assert_eq!(heard[0]["to"], json!([alice.uri]));
        assert_eq!((&heard[0]["object"]["id"], &heard[0]["object"]["type"]), (&json!(server.services.site.answer(answer.id)), &json!("Tombstone")));
        assert!(!heard[0].to_string().contains("wrong street"), "why is for the staff");
        assert_eq!(came(server, &bob, "Delete").await, Vec::<Value>::new());
        assert!(letters(server, &ada).await[0].is_open(), "it waits again");
        assert!(matches!(withdraws("Again.").await, Err(Error::NotAnswered)));
        let leaves = kinds(&audited(server).await);
        assert!(leaves.iter().any(|it| it.starts_with("message.answer-withdrawn")), "{leaves:?}");
        is_nowhere_in_public(server).await;
        answers(server, &ada, item, "Now it is right.").await;
        server.may_leave(Leftover::Deliveries);
    }

    async fn it_goes_with_the_message(server: &TestServer) {
        let ada = chief(server).await;
        for (name, class) in [("alice", None), ("bob", Some(Class::Article17)), ("carol", Some(Class::Minor))] {
            let citizen = server.peer().await.citizen(name);
            let note = writes(server, &citizen, "/letters/1", Value::Null, ASKED).await;
            let item = letters(server, &ada).await[0].clone();
            answers(server, &ada, item.id, ANSWERED).await;
            server.deliver().await;
            // And one more that has not gone out.
            work(server, &ada, { let id = item.id; move |conn, clock, _, by| queue::reopen(conn, clock, by, id) }).await.unwrap();
            let draft = begins(server, &ada, item.id).await.unwrap();
            let queue::Subject::Message(message) = item.subject else { panic!("{item:?}") };
            match class {
                None => {
                    let gone = citizen.act("Delete", json!({"type": "Tombstone", "id": note["id"]}));
                    citizen.says(server, &gone).await;
                }
                Some(class) => {
                    let (clock, agency) = (server.clock.clone(), server.agency.id);
                    let order = Order { subject: Subject::Message(message), class, basis: "code-1".to_owned(), role: "records-officer".to_owned() };
                    server.write(move |conn| erasure::order(conn, clock.as_ref(), agency, &order)).await;
                    server.settle().await;
                }
            }
            for words in [ASKED, ANSWERED] {
                let places = server.places_of(words).await;
                assert_eq!(places, Vec::<String>::new(), "{name}: {words}");
            }
            let by = ada.clone();
            let found = server.desk(move |conn, _| actapub::publishing::drafts::find(conn, &by, draft)).await;
            assert!(matches!(found, Err(actapub::publishing::drafts::Error::NotFound)), "{found:?}");
            assert_eq!(server.count("drafts WHERE message_id IS NOT NULL AND state NOT IN (6, 7)").await, 0);
        }
        audited(server).await;
        server.may_leave(Leftover::Deliveries);
    }

    async fn the_staff_alone_takes_it_away(server: &TestServer) {
        let ada = chief(server).await;
        let alice = server.peer().await.citizen("alice");
        writes(server, &alice, "/letters/1", Value::Null, ASKED).await;
        let item = letters(server, &ada).await[0].id;
        answers(server, &ada, item, ANSWERED).await;
        for (disclosed, name) in [(Disclosed::Staff, "staff"), (Disclosed::Public, "public")] {
            let (folder, exported) = export(server, Extent::All, disclosed, name).await;
            exported.unwrap();
            let all: Vec<String> = files(&folder).into_values().map(|it| String::from_utf8_lossy(&it).into_owned()).collect();
            for words in [ASKED, ANSWERED] {
                assert_eq!(all.iter().any(|text| text.contains(words)), disclosed == Disclosed::Staff, "{words} in {name}");
            }
            assert!(all.iter().any(|text| text.contains("message.answered")), "{name}");
        }
        server.clock.advance(std::time::Duration::from_secs(24 * 3600));
        let dump = server.get("/record/water/dump.jsonl.gz", "").await;
        let mut text = String::new();
        std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(dump.body.as_slice()), &mut text).unwrap();
        assert!(text.contains("message.answered") && !text.contains(ANSWERED) && !text.contains("alice"), "{text}");
        server.may_leave(Leftover::Deliveries);
    }

    async fn nothing_is_sent_to_who_is_not_there_for_it(server: &TestServer) {
        let ada = chief(server).await;
        let alice = server.peer().await.citizen("alice");
        writes(server, &alice, "/letters/1", Value::Null, ASKED).await;
        alice.says(server, &alice.act("Block", server.actor())).await;
        let item = letters(server, &ada).await[0].id;
        answers(server, &ada, item, ANSWERED).await;
        assert_eq!(came(server, &alice, "Create").await, Vec::<Value>::new(), "blocked before");

        let bob = server.peer().await.citizen("bob");
        writes(server, &bob, "/letters/1", Value::Null, ASKED).await;
        let item = letters(server, &ada).await[0].id;
        answers(server, &ada, item, ANSWERED).await;
        bob.says(server, &bob.act("Block", server.actor())).await;
        assert_eq!(came(server, &bob, "Create").await, Vec::<Value>::new(), "blocked before it went out");

        // Deleted, and not answered any more.
        let carol = server.peer().await.citizen("carol");
        let note = writes(server, &carol, "/letters/1", Value::Null, ASKED).await;
        let item = letters(server, &ada).await[0].id;
        let draft = begins(server, &ada, item).await.unwrap();
        carol.says(server, &carol.act("Delete", note["id"].clone())).await;
        let standing = server.texts(&format!("SELECT CAST(state AS TEXT) AS value FROM drafts WHERE id = {draft}")).await;
        assert_eq!(standing[0], "7", "discarded");
        assert!(matches!(begins(server, &ada, item).await, Err(Error::NotFound)));
        let at_once = work(server, &ada, move |conn, clock, press, by| queue::answer_now(conn, clock, press, by, item, wording("Late."))).await;
        assert!(matches!(at_once, Err(Error::NotFound)), "{at_once:?}");
        server.may_leave(Leftover::Deliveries);
    }
}
