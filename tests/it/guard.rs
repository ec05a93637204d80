//! Private networks stay private: whatever others name, nothing here calls an address that is not public.

use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};

use actapub::platform::net::{Client, Names, NetSettings, Reach};
use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::harness::{AUTHORITY, Answer, Citizen, Database, Leftover, Peer, TestServer, on_both};

/// Where `peer.example` is said to be. A connection to it goes to the peer on loopback.
const PUBLIC: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(93, 184, 215, 14));

/// A neighbour in the private network, whom nobody is to call.
struct Neighbour {
    listener: TcpListener,
    port: u16,
}

impl Neighbour {
    fn move_in() -> Self {
        // On every address of this machine, in both families if it has both.
        let listener = TcpListener::bind("[::]:0")
            .or_else(|_| TcpListener::bind("0.0.0.0:0"))
            .unwrap();
        listener.set_nonblocking(true).unwrap();
        let port = listener.local_addr().unwrap().port();
        Self { listener, port }
    }

    fn was_not_called(&self, case: &str) {
        match self.listener.accept() {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            called => panic!("{case}: {called:?}"),
        }
    }
}

/// Names, each with an answer after the other; the last one is given again and again.
#[derive(Debug)]
struct Zone {
    answers: Mutex<HashMap<&'static str, Vec<Vec<SocketAddr>>>>,
    peer: SocketAddr,
}

#[async_trait::async_trait]
impl Names for Zone {
    async fn look_up(&self, name: &str) -> io::Result<Vec<SocketAddr>> {
        let mut zone = self.answers.lock().unwrap();
        let answers = zone
            .get_mut(name)
            .ok_or_else(|| io::Error::other("there is no such name"))?;
        Ok(if answers.len() > 1 {
            answers.remove(0)
        } else {
            answers[0].clone()
        })
    }

    fn route(&self, permitted: SocketAddr) -> SocketAddr {
        if permitted.ip() == PUBLIC {
            self.peer
        } else {
            permitted
        }
    }
}

/// A server that reaches the public only, a peer out there that means no good, and the neighbour.
struct Town {
    server: TestServer,
    peer: Arc<Peer>,
    zone: Arc<Zone>,
    neighbour: Neighbour,
}

impl Town {
    /// The peer goes by `name`.
    async fn around(database: Database, name: &str) -> Self {
        let (peer, address) = Peer::secure(name).await;
        let neighbour = Neighbour::move_in();
        let public = SocketAddr::new(PUBLIC, 0);
        let home = format!("127.0.0.1:{}", neighbour.port).parse().unwrap();
        let zone = Arc::new(Zone {
            answers: Mutex::new(HashMap::from([
                ("peer.example", vec![vec![public]]),
                ("private.example", vec![vec![home]]),
                ("mixed.example", vec![vec![home, public]]),
                ("rebind.example", vec![vec![public]]),
            ])),
            peer: address,
        });
        let client = Client::new(&NetSettings {
            extra_ca_pem: Some(AUTHORITY.to_vec()),
            names: zone.clone(),
            ..NetSettings::new("Actapub test", Reach::PUBLIC)
        });
        let server = TestServer::reaching(database, client.unwrap()).await;
        server.minds(&peer);
        Self {
            server,
            peer,
            zone,
            neighbour,
        }
    }

    /// From now on `rebind.example` is in the private network.
    fn rebind(&self) {
        let home = format!("127.0.0.1:{}", self.neighbour.port);
        let answer = vec![vec![home.parse().unwrap()]];
        self.zone
            .answers
            .lock()
            .unwrap()
            .insert("rebind.example", answer);
    }

    /// Every way to spell somebody in the private network, and what is said of it.
    fn private(&self) -> Vec<(String, &'static str)> {
        const ADDRESS: &str = "the host is an address that is not public";
        const NAME: &str = "the host has a name that only private networks use";
        const SCHEME: &str = "the address is neither https";
        let port = self.neighbour.port;
        let addresses = [
            "127.0.0.1",
            "127.1",
            "2130706433",
            "0x7f000001",
            "0177.0.0.1",
            "0",
            "[::1]",
            "[::]",
            "[::ffff:127.0.0.1]",
            "[::ffff:7f00:1]",
            "[::127.0.0.1]",
            "[64:ff9b::7f00:1]",
            "169.254.169.254",
            "10.0.0.1",
            "172.16.0.1",
            "192.168.0.1",
            "100.64.0.1",
            "[fc00::1]",
            "[fe80::1]",
        ];
        let names = [
            "localhost",
            "localhost.",
            "a.localhost",
            "router",
            "city.internal",
            "nas.local",
        ];
        let mut private: Vec<(String, &str)> = vec![];
        for address in addresses {
            private.push((format!("https://{address}:{port}/x"), ADDRESS));
        }
        for name in names {
            private.push((format!("https://{name}:{port}/x"), NAME));
        }
        private.extend([
            (format!("http://127.0.0.1:{port}/x"), SCHEME),
            ("http://peer.example/x".to_owned(), SCHEME),
            ("file:///etc/passwd".to_owned(), SCHEME),
            (
                format!("https://user:secret@127.0.0.1:{port}/x"),
                "the address carries a user name",
            ),
            (
                "https://private.example/x".to_owned(),
                "the host's name leads only to addresses that are not public",
            ),
        ]);
        private
    }

    async fn nothing_is_stored(&self, case: &str) {
        for table in [
            "actors",
            "actor_keys",
            "events",
            "replies",
            "messages",
            "followers",
        ] {
            assert_eq!(self.server.count(table).await, 0, "{table} after: {case}");
        }
    }

    async fn finish(self) {
        self.neighbour.was_not_called("at the end");
        Box::pin(self.server.finish()).await;
    }
}

/// What became of a delivery: its state and the reason.
async fn deliveries(server: &TestServer) -> Vec<String> {
    server
        .texts("SELECT CAST(state AS TEXT) || ' ' || coalesce(last_error, '') AS value FROM deliveries ORDER BY id")
        .await
}

/// A citizen whose key is had from an address that redirects into the private network is nobody.
#[tokio::test]
async fn keys_are_not_fetched_from_private_networks() {
    for database in Database::each() {
        let town = Town::around(database, "peer.example").await;
        let (server, peer) = (&town.server, &town.peer);
        let alice = peer.citizen("alice");
        for (number, (target, reason)) in town.private().into_iter().enumerate() {
            let path = format!("/redirected/{number}");
            peer.answers(&path, Answer::redirect(&target));
            for uri in [peer.url(&path), target.clone()] {
                let mut follow = alice.act("Follow", server.actor());
                follow["actor"] = json!(uri);
                follow["id"] = json!(format!("{uri}/activities/1"));
                let mut letter = alice.letter(server, &follow);
                letter.key_id = format!("{uri}#main-key");
                let reply = server.post(&letter.cavage(&alice.key)).await;
                let redirected = uri != target;
                let refused = [StatusCode::UNAUTHORIZED, StatusCode::BAD_REQUEST];
                assert!(refused.contains(&reply.status), "{uri}: {}", reply.text());
                if redirected {
                    assert_eq!(reply.status, StatusCode::UNAUTHORIZED, "{target}");
                    assert!(reply.text().contains(reason), "{target}: {}", reply.text());
                }
                town.neighbour.was_not_called(&uri);
                town.nothing_is_stored(&uri).await;
            }
        }
        // The honest one is heard, through the same door.
        alice.says(server, &alice.act("Like", server.actor())).await;
        assert_eq!(server.count("actors").await, 1);
        town.finish().await;
    }
}

/// Nor are the objects that activities name, or the posts that they answer.
#[tokio::test]
async fn objects_are_not_fetched_from_private_networks() {
    for database in Database::each() {
        let town = Town::around(database, "peer.example").await;
        let (server, peer) = (&town.server, &town.peer);
        let alice = peer.citizen("alice");
        for (number, (target, _)) in town.private().into_iter().enumerate() {
            let path = format!("/redirected/{number}");
            peer.answers(&path, Answer::redirect(&target));
            let answering = alice.note(&format!("/notes/{number}"), &peer.url(&path), "a reply");
            let answering_target = alice.note(&format!("/others/{number}"), &target, "a reply");
            let moved = {
                let mut moved = alice.act("Move", alice.uri.clone());
                moved["target"] = json!(peer.url(&path));
                moved
            };
            for activity in [
                alice.act("Create", peer.url(&path)),
                alice.act("Announce", peer.url(&path)),
                alice.act("Create", answering),
                alice.act("Create", answering_target),
                moved,
            ] {
                alice.says(server, &activity).await;
                town.neighbour.was_not_called(&target);
            }
        }
        assert_eq!(
            server.count("replies").await,
            0,
            "{:?}",
            server.reasons().await
        );
        assert_eq!(server.count("actors").await, 1);
        let (said, ignored) = (server.count("events").await, server.reasons().await.len());
        assert_eq!(i64::try_from(ignored).unwrap(), said, "each has its reason");
        town.finish().await;
    }
}

/// An inbox in the private network, or one that redirects there, gets nothing.
#[tokio::test]
async fn nothing_is_delivered_to_private_networks() {
    for database in Database::each() {
        let town = Town::around(database, "peer.example").await;
        let (server, peer) = (&town.server, &town.peer);
        let mut expected: Vec<String> = vec![];
        for (number, (target, reason)) in town.private().into_iter().enumerate() {
            let direct = peer.citizen(&format!("direct{number}"));
            with_inbox(&direct, &target);
            let signed = direct.letter(server, &direct.act("Follow", server.actor()));
            let reply = server.post(&signed.cavage(&direct.key)).await;
            // An inbox that is no address of the web makes no actor at all.
            if reply.status == StatusCode::ACCEPTED {
                server.settle().await;
                expected.push(format!("2 {reason}"));
            } else {
                let is_none = target.starts_with("file:") || target.contains('@');
                assert!(is_none, "{target}: {}", reply.text());
            }
            let redirected = peer.citizen(&format!("redirected{number}"));
            with_inbox(&redirected, &peer.url(&format!("/{number}/inbox")));
            peer.answers(&format!("/{number}/inbox"), Answer::redirect(&target));
            redirected.follows(server).await;
            expected.push("2 the inbox redirects (status 302)".to_owned());
        }
        server.deliver().await;
        let found = deliveries(server).await;
        assert_eq!(found.len(), expected.len());
        for (found, expected) in found.iter().zip(&expected) {
            assert!(found.starts_with(expected), "{found} and not {expected}");
        }
        server.may_leave(Leftover::Deliveries);
        town.finish().await;
    }
}

/// Serves the citizen with another inbox, and without a shared one.
fn with_inbox(citizen: &Citizen, inbox: &str) {
    let mut document: Value = citizen.document();
    document["inbox"] = json!(inbox);
    document.as_object_mut().unwrap().remove("endpoints");
    citizen.peer.serves(&document);
}

/// A name that led to the public when it was judged, and to the neighbour afterwards.
#[tokio::test]
async fn a_name_that_changes_its_answer_gains_nothing() {
    for database in Database::each() {
        let town = Town::around(database, "rebind.example").await;
        let (server, peer) = (&town.server, &town.peer);
        let alice = peer.citizen("alice");
        alice.follows(server).await;
        let asked = peer.asked_at_all();
        town.rebind();

        // Their inbox is at that name.
        server.deliver().await;
        let reason = "the host's name leads only to addresses that are not public";
        assert_eq!(deliveries(server).await, [format!("2 {reason}")]);
        // So is what they talk about; their key is known.
        alice
            .says(server, &alice.act("Create", peer.url("/notes/1")))
            .await;
        assert_eq!(server.count("replies").await, 0);
        assert_eq!(server.reasons().await.len(), 1);
        // A neighbour of theirs is new here.
        let bob = peer.citizen("bob");
        let letter = bob.letter(server, &bob.act("Follow", server.actor()));
        let reply = server.post(&letter.cavage(&bob.key)).await;
        assert_eq!(reply.status, StatusCode::UNAUTHORIZED);
        assert!(reply.text().contains(reason), "{}", reply.text());
        assert_eq!(server.count("actors").await, 1);
        assert_eq!(peer.asked_at_all(), asked);
        server.may_leave(Leftover::Deliveries);
        town.finish().await;
    }
}

/// Of a public and a private address of one name, only the public one is called.
#[tokio::test]
async fn of_mixed_answers_the_private_ones_are_dropped() {
    for database in Database::each() {
        let town = Town::around(database, "mixed.example").await;
        let alice = town.peer.citizen("alice");
        alice.follows(&town.server).await;
        town.server.deliver().await;
        assert_eq!(town.peer.received().len(), 1);
        town.finish().await;
    }
}

on_both! {
    /// What citizens attach stays where it is: it is neither fetched nor shown from there.
    async fn media_of_citizens_are_never_fetched(server: &TestServer) {
        let (known, announcement) = server.announce("Water is back.").await;
        let neighbour = Neighbour::move_in();
        let elsewhere = |path: &str| format!("http://127.0.0.1:{}/{path}", neighbour.port);
        let peer = server.peer().await;
        let alice = peer.citizen("alice");
        let picture = |path: &str| json!({"type": "Image", "mediaType": "image/png", "url": elsewhere(path), "name": "a picture"});
        let mut document = alice.document();
        document["icon"] = picture("icon");
        document["image"] = picture("header");
        document["featured"] = json!(elsewhere("featured"));
        peer.serves(&document);
        let mut note = alice.note("/notes/1", &announcement, "Look at this");
        note["attachment"] = json!([
            picture("1"),
            {"type": "Document", "mediaType": "video/mp4", "url": [{"type": "Link", "href": elsewhere("2")}]},
            {"type": "Video", "mediaType": "video/mp4", "url": elsewhere("3"), "icon": picture("4")},
            {"type": "Link", "href": elsewhere("5")},
            elsewhere("6"),
        ]);
        note["image"] = picture("7");
        note["preview"] = picture("8");
        note["tag"] = json!([{"type": "Emoji", "name": ":flood:", "icon": picture("9")}]);
        note["content"] = json!(format!("<p>Look at <a href=\"{}\">this</a> <img src=\"{}\"></p>", elsewhere("10"), elsewhere("11")));
        alice.says(server, &alice.act("Create", note)).await;
        alice.says(server, &alice.act("Update", document)).await;
        let page = server.services.site.announcement_page(&server.agency.handle, known.id);
        let shown = server.get(&page, "text/html").await.text();
        assert!(shown.contains("Look at"), "{shown}");
        for remote in ["src", "srcset", "poster", "data"] {
            assert!(!shown.contains(&format!("{remote}=\"{}", elsewhere(""))), "{remote}: {shown}");
        }
        neighbour.was_not_called("attachments of a reply");
        assert_eq!(peer.asked_at_all(), peer.asked(&alice.path()), "only their account was asked for");
    }
}
