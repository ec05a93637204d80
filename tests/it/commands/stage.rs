//! One installation with an agency, a server that runs, and the rest of the fediverse.

use std::sync::{Arc, Mutex};

use actapub::kernel::{Clock as _, SystemClock};
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::harness::{Answer, Citizen, Database, Letter, Peer};
use crate::process::{Installation, Process, until};

pub(crate) struct Stage {
    pub(crate) database: Database,
    pub(crate) home: Installation,
    server: Mutex<Option<Process>>,
    peers: Mutex<Vec<Arc<Peer>>>,
    http: reqwest::Client,
}

/// Runs a test on an installation on SQLite and on one on PostgreSQL, with a server that has not complained at the end.
macro_rules! on_each {
    ($($(#[$doc:meta])* async fn $name:ident($stage:ident: &Stage) $body:block)+) => {$(
        $(#[$doc])*
        async fn $name($stage: &Stage) $body

        mod $name {
            use crate::commands::stage::Stage;
            use crate::harness::Database;

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_sqlite() {
                let stage = Stage::set(Database::sqlite());
                super::$name(&stage).await;
                stage.clear().await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_postgres() {
                let Some(database) = Database::postgres() else { return };
                let stage = Stage::set(database);
                super::$name(&stage).await;
                stage.clear().await;
            }
        }
    )+};
}
pub(crate) use on_each;

impl Stage {
    /// An agency, and a server that runs.
    pub(crate) fn set(database: Database) -> Self {
        let home = Installation::new().with("ACTAPUB_DATABASE", database.setting());
        home.run(&["agency", "create", "water", "--name", "Water Works"]);
        let server = home.serve();
        Self {
            database,
            home,
            server: Mutex::new(Some(server)),
            peers: Mutex::default(),
            http: reqwest::Client::builder().no_proxy().build().unwrap(),
        }
    }

    /// Stops the server, which must not have complained.
    pub(crate) fn close(&self) {
        if let Some(server) = self.server.lock().unwrap().take() {
            assert_eq!(server.kill(), Vec::<String>::new());
        }
    }

    /// Stops everything; nobody may have asked a peer for what it did not expect.
    pub(crate) async fn clear(self) {
        self.close();
        let peers = std::mem::take(&mut *self.peers.lock().unwrap());
        for peer in peers {
            peer.finish().await;
        }
    }

    pub(crate) async fn peer(&self) -> Arc<Peer> {
        let peer = Peer::start().await;
        self.peers.lock().unwrap().push(peer.clone());
        peer
    }

    /// Somebody on a peer of their own, whom WebFinger finds, and their address.
    pub(crate) async fn citizen(&self, name: &str) -> (Citizen, String) {
        let peer = self.peer().await;
        let citizen = peer.citizen(name);
        let port = peer.base.rsplit(':').next().unwrap();
        let acct = format!("{name}@localhost:{port}");
        let descriptor = json!({
            "subject": format!("acct:{acct}"),
            "links": [{"rel": "self", "type": "application/activity+json", "href": citizen.uri}],
        });
        peer.answers(
            &format!("/.well-known/webfinger?resource=acct:{acct}"),
            Answer::typed("application/jrd+json", descriptor.to_string().into_bytes()),
        );
        (citizen, acct)
    }

    /// Publishes, and returns what `--json` says.
    pub(crate) fn announce(&self, arguments: &[&str]) -> Value {
        let mut all = vec!["announce", "water", "--json"];
        all.extend(arguments);
        self.home.run(&all)
    }

    /// The agency's actor id.
    pub(crate) fn actor(&self) -> String {
        let agency = self.home.run(&["agency", "show", "water", "--json"]);
        agency["id"].as_str().unwrap().to_owned()
    }

    /// Sends an activity, well signed.
    pub(crate) async fn says(&self, citizen: &Citizen, activity: &Value) {
        let body = activity.to_string().into_bytes();
        let now = SystemClock.now();
        let letter = Letter::new(self.home.base(), "/inbox", &citizen.key_id, now, body);
        let signed = letter.cavage(&citizen.key);
        let mut request = self
            .http
            .post(format!("{}{}", self.home.base(), signed.target));
        for (name, value) in &signed.headers {
            request = request.header(*name, value);
        }
        let answer = request.body(signed.body).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::ACCEPTED, "{activity}");
    }

    /// Follows the agency, and has its answer.
    pub(crate) async fn follows(&self, citizen: &Citizen) {
        let follow = citizen.act("Follow", self.actor());
        self.says(citizen, &follow).await;
        self.hears(citizen, "Accept").await;
        until("the Accept to be settled", async || {
            let deliveries = self.home.run(&["deliveries", "--json"]);
            let is_settled = |it: &Value| it["state"] != "queued";
            (deliveries.as_array().unwrap().iter().all(is_settled)).then_some(())
        })
        .await;
    }

    /// Waits until an activity of this type comes to a peer, and drops what came before it.
    pub(crate) async fn hears(&self, citizen: &Citizen, kind: &str) -> Value {
        until(&format!("{kind} to reach {}", citizen.name), async || {
            let came = citizen.peer.received();
            came.into_iter()
                .map(|letter| letter.activity)
                .find(|activity| activity["type"] == kind)
        })
        .await
    }

    /// A page or document, whatever its status.
    pub(crate) async fn get(&self, url: &str, accept: &str) -> (StatusCode, String) {
        let answer = self.http.get(url).header("accept", accept).send().await;
        let answer = answer.unwrap();
        (answer.status(), answer.text().await.unwrap())
    }

    pub(crate) async fn document(&self, url: &str) -> Value {
        let (status, body) = self.get(url, "application/activity+json").await;
        assert_eq!(status, StatusCode::OK, "{url}: {body}");
        serde_json::from_str(&body).unwrap()
    }

    /// Waits until a page shows something, and returns it.
    pub(crate) async fn shows(&self, url: &str, text: &str) -> String {
        until(&format!("{url} to show {text}"), async || {
            let (_, page) = self.get(url, "text/html").await;
            page.contains(text).then_some(page)
        })
        .await
    }
}
