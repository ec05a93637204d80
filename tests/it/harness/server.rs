//! The server under test: real, on a port of its own, under a clock that stands still, with its work done by hand.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use actapub::agencies::{self, Agency, New};
use actapub::app::{Bound, Server, Services};
use actapub::federation::delivery::{self, Sender};
use actapub::kernel::{Clock as _, ManualClock, SafeHtml, Timestamp};
use actapub::platform::config::{Config, Sources};
use actapub::platform::db::{self, Conn};
use actapub::platform::net::Client;
use actapub::publishing::{self, Announcement, Draft};
use axum::http::{HeaderMap, StatusCode};
use serde_json::Value;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::database::places_of;
use super::letter::Signed;
use super::{Database, Peer, Texts, texts};

/// When every test begins.
const BEGINNING: &str = "2026-11-24T12:00:00Z";

/// What a test may leave behind, if it says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Leftover {
    /// Activities that wait to be acted upon.
    Events,
    /// Activities that were set aside.
    SetAside,
    /// Deliveries that wait.
    Deliveries,
}

pub(crate) struct TestServer {
    pub(crate) services: Services,
    pub(crate) config: Box<Config>,
    pub(crate) clock: Arc<ManualClock>,
    /// The one agency that every test has.
    pub(crate) agency: Agency,
    pub(crate) database: Database,
    /// What is kept beside the database.
    pub(crate) data: tempfile::TempDir,
    http: reqwest::Client,
    server: Server,
    peers: Mutex<Vec<Arc<Peer>>>,
    allowed: Mutex<HashSet<Leftover>>,
}

/// An answer of the server.
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }
}

impl TestServer {
    pub(crate) async fn start(database: Database) -> Self {
        Self::with(database, |sources| {
            sources.flag("federation.allow_private", "true")
        })
        .await
    }

    /// A server with other settings than usual.
    pub(crate) async fn with(
        database: Database,
        settings: impl FnOnce(Sources) -> Sources,
    ) -> Self {
        Self::over(database, settings, None).await
    }

    /// A server that refuses private addresses and has another way to the public ones.
    pub(crate) async fn reaching(database: Database, client: Client) -> Self {
        Self::over(database, |sources| sources, Some(client)).await
    }

    async fn over(
        database: Database,
        settings: impl FnOnce(Sources) -> Sources,
        client: Option<Client>,
    ) -> Self {
        let bound = Bound::to("127.0.0.1:0".parse().unwrap()).await.unwrap();
        let address = bound.address().unwrap().to_string();
        let data = tempfile::tempdir().unwrap();
        let sources = Sources::default()
            .flag("listen", address.clone())
            .flag("url", format!("http://{address}"))
            .flag("data", data.path().display().to_string())
            .flag("database", database.setting())
            .flag("database_connections", "4");
        let config = Box::new(settings(sources).load().unwrap().config);
        let clock = Arc::new(ManualClock::at(BEGINNING.parse().unwrap()));
        let services = match client {
            Some(client) => Services::open_through(&config, clock.clone(), client).await,
            None => Services::open_with(&config, clock.clone()).await,
        };
        let services = services.unwrap();
        let server = Server::answering(&config, services.clone(), bound)
            .await
            .unwrap();
        let agency = create_agency(&services, "water").await;
        let http = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        Self {
            services,
            config,
            clock,
            agency,
            database,
            data,
            http,
            server,
            peers: Mutex::default(),
            allowed: Mutex::default(),
        }
    }

    /// Scheme and authority.
    pub(crate) fn base(&self) -> &str {
        self.services.site.base()
    }

    /// One more agency.
    pub(crate) async fn create_agency(&self, handle: &str) -> Agency {
        create_agency(&self.services, handle).await
    }

    /// The agency's actor id.
    pub(crate) fn actor(&self) -> String {
        self.services.site.actor(self.agency.id)
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Another server, which must not be asked for anything unexpected.
    pub(crate) async fn peer(&self) -> Arc<Peer> {
        let peer = Peer::start().await;
        self.minds(&peer);
        peer
    }

    /// Stops this peer at the end, and fails the test if it was asked for something unexpected.
    pub(crate) fn minds(&self, peer: &Arc<Peer>) {
        self.peers.lock().unwrap().push(peer.clone());
    }

    /// An announcement, and its ActivityPub id.
    pub(crate) async fn announce(&self, text: &str) -> (Announcement, String) {
        let draft = self.draft(text);
        let (clock, site, rules) = (
            self.clock.clone(),
            self.services.site.clone(),
            self.services.rules,
        );
        let announcement = self
            .services
            .db
            .write(move |conn| publishing::announce(conn, clock.as_ref(), &site, rules, draft))
            .await
            .unwrap();
        self.settle().await;
        let uri = self.services.site.announcement(announcement.id);
        (announcement, uri)
    }

    pub(crate) fn draft(&self, text: &str) -> Draft {
        Draft {
            agency: self.agency.id,
            markdown: text.to_owned(),
            warning: None,
            language: "en".to_owned(),
            mentions: vec![],
            images: vec![],
            poll: None,
            article: None,
            answering: None,
            pin: false,
        }
    }

    /// Runs a use case in a transaction.
    pub(crate) async fn write<T, E>(
        &self,
        work: impl FnOnce(&mut Conn) -> Result<T, E> + Send + 'static,
    ) -> T
    where
        T: Send + 'static,
        E: From<db::Error> + std::fmt::Debug + Send + 'static,
    {
        self.services.db.write(work).await.unwrap()
    }

    /// Reads something.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        query: impl FnOnce(&mut Conn) -> Result<T, db::Error> + Send + 'static,
    ) -> T {
        self.services.db.read(query).await.unwrap()
    }

    /// Posts what was signed, or was not.
    pub(crate) async fn post(&self, signed: &Signed) -> Reply {
        let mut request = self.http.post(format!("{}{}", self.base(), signed.target));
        for (name, value) in &signed.headers {
            request = request.header(*name, value);
        }
        answered(request.body(signed.body.clone())).await
    }

    /// Posts bytes that nobody signed for.
    pub(crate) async fn post_plain(&self, path: &str, body: Vec<u8>) -> Reply {
        let request = self.http.post(format!("{}{path}", self.base()));
        answered(request.body(body)).await
    }

    /// Asks for a path, and says what is wanted.
    pub(crate) async fn get(&self, path: &str, accept: &str) -> Reply {
        self.get_with(path, &[("accept", accept)]).await
    }

    pub(crate) async fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Reply {
        let path = path.strip_prefix(self.base()).unwrap_or(path);
        let mut request = self.http.get(format!("{}{path}", self.base()));
        for (name, value) in headers.iter().filter(|(_, value)| !value.is_empty()) {
            request = request.header(*name, *value);
        }
        answered(request).await
    }

    /// The ActivityPub document under an id.
    pub(crate) async fn document(&self, uri: &str) -> Value {
        let reply = self.get(uri, "application/activity+json").await;
        assert_eq!(reply.status, StatusCode::OK, "{uri}: {}", reply.text());
        reply.json()
    }

    /// Acts upon all that is due, and makes activities of all facts.
    pub(crate) async fn settle(&self) {
        self.services.worker().run_until_idle().await;
        self.services.outbox().run_until_idle().await;
        self.services.recorder().run_until_idle().await.unwrap();
        // What the record has destroyed is a fact in turn.
        self.services.outbox().run_until_idle().await;
        self.services.recorder().run_until_idle().await.unwrap();
        self.services.indexer().run_until_idle().await.unwrap();
        self.services.fill_queues().await.unwrap();
        if self.config.record.receipts {
            self.services.receipts().run_until_idle().await.unwrap();
        }
    }

    /// Makes each delivery that is due once.
    pub(crate) async fn deliver(&self) {
        let due = format!(
            "deliveries WHERE state = 0 AND due_at <= {}",
            self.now().micros()
        );
        let due = self.count(&due).await;
        let (told, mut attempts) = mpsc::unbounded_channel();
        let observer = Arc::new(Told(told));
        let sender = Sender {
            observer,
            ..self.services.sender(delivery::Settings::default())
        };
        let stop = CancellationToken::new();
        let enough = stop.clone();
        let count = async move {
            for _ in 0..due {
                attempts.recv().await.unwrap();
            }
            enough.cancel();
        };
        let both = async { tokio::join!(sender.run(stop), count) };
        tokio::time::timeout(Duration::from_secs(60), both)
            .await
            .expect("the deliveries are attempted");
    }

    /// How many rows there are of `what`: `replies WHERE thread_id IS NULL`.
    pub(crate) async fn count(&self, what: &str) -> i64 {
        let found = self
            .texts(&format!(
                "SELECT CAST(count(*) AS TEXT) AS value FROM {what}"
            ))
            .await;
        found[0].parse().unwrap()
    }

    /// The answers to a query of one text column called `value`.
    pub(crate) async fn texts(&self, query: &str) -> Texts {
        let query = query.to_owned();
        self.read(move |conn| texts(conn, &query)).await
    }

    /// Every `table.column` that holds `text`.
    pub(crate) async fn places_of(&self, text: &str) -> Texts {
        let text = text.to_owned();
        self.read(move |conn| places_of(conn, &text)).await
    }

    /// Why activities were ignored, postponed or set aside, oldest first.
    pub(crate) async fn reasons(&self) -> Texts {
        self.texts("SELECT reason AS value FROM events WHERE reason IS NOT NULL ORDER BY id")
            .await
    }

    /// The bodies of the activities that were composed, oldest first.
    pub(crate) async fn composed(&self) -> Vec<Value> {
        let bodies = match &self.database.location {
            db::Location::Sqlite(_) => {
                "SELECT CAST(body AS TEXT) AS value FROM activities ORDER BY fact_seq"
            }
            db::Location::Postgres(_) => {
                "SELECT convert_from(body, 'UTF8') AS value FROM activities ORDER BY fact_seq"
            }
        };
        self.texts(bodies)
            .await
            .iter()
            .map(|body| serde_json::from_str(body).unwrap())
            .collect()
    }

    /// This may be left at the end.
    pub(crate) fn may_leave(&self, leftover: Leftover) {
        self.allowed.lock().unwrap().insert(leftover);
    }

    /// Stops everything, and fails the test if something was left to do.
    pub(crate) async fn finish(self) {
        assert_eq!(
            self.get("/health/ready", "").await.status,
            StatusCode::OK,
            "the server does not answer any more"
        );
        Box::pin(self.services.fill_queues()).await.unwrap();
        // It stands behind the record, which the test has driven.
        Box::pin(self.services.indexer().run_until_idle())
            .await
            .unwrap();
        if self.config.record.receipts {
            let receipts = self.services.receipts();
            Box::pin(receipts.run_until_idle()).await.unwrap();
        }
        let may = |leftover| self.allowed.lock().unwrap().contains(&leftover);
        let last = self
            .texts("SELECT CAST(coalesce(max(seq), 0) AS TEXT) AS value FROM journal")
            .await;
        let read = self
            .texts("SELECT CAST(coalesce(min(seq), 0) AS TEXT) AS value FROM cursors")
            .await;
        let mut left = vec![];
        if last != read {
            left.push(format!("facts up to {last:?}, read up to {read:?}"));
        }
        for (allowed, what) in [
            (may(Leftover::Events), "event_queue"),
            (may(Leftover::SetAside), "events WHERE state = 2"),
            (may(Leftover::Deliveries), "deliveries WHERE state <> 1"),
            (false, "activities WHERE fan_out > 0"),
            (false, "journal_lanes"),
        ] {
            let count = self.count(what).await;
            if !allowed && count > 0 {
                left.push(format!("{count} {what}: {:?}", self.reasons().await));
            }
        }
        assert!(left.is_empty(), "left over: {left:#?}");
        self.stop().await;
    }

    /// Stops everything, whatever is left.
    pub(crate) async fn stop(self) {
        let peers = std::mem::take(&mut *self.peers.lock().unwrap());
        self.server.stop(&self.config).await;
        for peer in peers {
            peer.finish().await;
        }
    }
}

async fn answered(request: reqwest::RequestBuilder) -> Reply {
    let response = request.send().await.expect("the server answers");
    Reply {
        status: response.status(),
        headers: response.headers().clone(),
        body: response.bytes().await.unwrap().to_vec(),
    }
}

async fn create_agency(services: &Services, handle: &str) -> Agency {
    let new = New {
        handle: handle.parse().unwrap(),
        name: format!("Department of {handle}"),
        summary: "We answer.".to_owned(),
        summary_html: SafeHtml::from_plain("We answer."),
        links: vec![],
        language: "en".to_owned(),
        avatar: None,
        header: None,
    };
    let clock = services.clock.clone();
    let agency = services
        .db
        .write(move |conn| agencies::create(conn, clock.as_ref(), new))
        .await
        .unwrap();
    services.outbox().run_until_idle().await;
    services.recorder().run_until_idle().await.unwrap();
    agency
}

struct Told(mpsc::UnboundedSender<()>);

impl delivery::Observer for Told {
    fn attempted(&self, _: &'static str, _: Duration) {
        let _ = self.0.send(());
    }
}
