//! Citizens on some servers who follow, reply and write down what they get.

use std::collections::{HashMap, HashSet, VecDeque};
use std::convert::Infallible;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use actapub::federation::keys::SigningKey;
use actapub::federation::signatures::{BodyDigest, Dialect, Outgoing, sign};
use actapub::kernel::{Clock as _, SystemClock};
use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use url::Url;

const HOSTS: usize = 8;
const CITIZENS_PER_HOST: usize = 8;
pub(super) const CITIZENS: usize = HOSTS * CITIZENS_PER_HOST;
/// Over which replies come in at the same time.
const CONNECTIONS: usize = 8;
const ACTIVITY_JSON: &str = "application/activity+json";
const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";

/// An activity and the inbox that it came to.
pub(super) type Letter = (String, String);

pub(super) struct Crowd {
    hosts: Vec<String>,
    key: SigningKey,
    desk: Arc<Desk>,
}

#[derive(Default)]
struct Desk {
    /// How often each letter came, and what it said.
    letters: Mutex<HashMap<Letter, (usize, Value)>>,
    /// How many came in all.
    came: watch::Sender<usize>,
    connections: AtomicUsize,
}

impl Crowd {
    pub(super) async fn gather() -> Self {
        let key = SigningKey::generate_rsa().unwrap().key;
        let desk = Arc::new(Desk::default());
        let mut hosts = vec![];
        for _ in 0..HOSTS {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let base = format!("http://{}", listener.local_addr().unwrap());
            hosts.push(base.clone());
            tokio::spawn(receive(listener, base, key.public().to_pem(), desk.clone()));
        }
        Self { hosts, key, desk }
    }

    pub(super) fn actor(&self, number: usize) -> String {
        let (host, name) = (number % HOSTS, number / HOSTS % CITIZENS_PER_HOST);
        format!("{}/users/{name}", self.hosts[host])
    }

    /// The id of somebody's reply.
    pub(super) fn note(&self, number: usize) -> String {
        format!("{}/notes/{number}", self.actor(number))
    }

    pub(super) fn inboxes(&self) -> HashSet<String> {
        (0..CITIZENS)
            .map(|number| format!("{}/inbox", self.actor(number)))
            .collect()
    }

    /// Counts what comes in.
    pub(super) fn came(&self) -> watch::Receiver<usize> {
        self.desk.came.subscribe()
    }

    pub(super) fn letters(&self) -> HashMap<Letter, (usize, Value)> {
        self.desk.letters.lock().unwrap().clone()
    }

    /// Returns when all has been read that a server had sent before it died.
    pub(super) async fn settles(&self) {
        for host in &self.hosts {
            // Connections are accepted in turn: once this one is answered, those before it are counted.
            let address = host.trim_start_matches("http://");
            let mut probe = TcpStream::connect(address).await.unwrap();
            let request =
                format!("GET /users/0 HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
            probe.write_all(request.as_bytes()).await.unwrap();
            probe.read_to_end(&mut vec![]).await.unwrap();
        }
        crate::process::until("the dead server's connections to end", async || {
            (self.desk.connections.load(Ordering::SeqCst) == 0).then_some(())
        })
        .await;
    }

    pub(super) fn follow(&self, server: &str, agency: &str, number: usize) -> Post {
        let actor = self.actor(number);
        let id = format!("{actor}#follow");
        let follow = json!({
            "@context": "https://www.w3.org/ns/activitystreams",
            "id": id, "type": "Follow", "actor": actor, "object": agency,
        });
        self.post(server, number, &follow)
    }

    pub(super) fn reply(&self, server: &str, parent: &str, number: usize) -> Post {
        let actor = self.actor(number);
        let id = self.note(number);
        let (published, cc) = ("2026-11-24T10:00:00Z", format!("{actor}/followers"));
        let create = json!({
            "@context": "https://www.w3.org/ns/activitystreams",
            "id": format!("{id}/activity"), "type": "Create", "actor": actor,
            "to": [PUBLIC], "cc": [cc], "published": published,
            "object": {
                "id": id, "type": "Note", "attributedTo": actor, "inReplyTo": parent, "to": [PUBLIC], "cc": [cc],
                "published": published, "content": format!("<p>Brown water in our street, number {number}.</p>"),
            },
        });
        self.post(server, number, &create)
    }

    /// Signed, ready to be written, in one dialect or the other.
    fn post(&self, server: &str, number: usize, activity: &Value) -> Post {
        let body = activity.to_string();
        let url = Url::parse(&format!("{server}/inbox")).unwrap();
        let outgoing = Outgoing {
            method: &Method::POST,
            url: &url,
            body: Some((BodyDigest::of(body.as_bytes()), ACTIVITY_JSON)),
        };
        let key_id = format!("{}#main-key", self.actor(number));
        let dialect = [Dialect::Cavage, Dialect::Message][number % 2];
        let headers = sign(&outgoing, &self.key, &key_id, dialect, SystemClock.now()).unwrap();
        let authority = url.authority();
        let mut request = format!(
            "POST /inbox HTTP/1.1\r\nhost: {authority}\r\ncontent-length: {}\r\n",
            body.len()
        )
        .into_bytes();
        for (name, value) in headers {
            request.extend_from_slice(name.as_str().as_bytes());
            request.extend_from_slice(b": ");
            request.extend_from_slice(value.as_bytes());
            request.extend_from_slice(b"\r\n");
        }
        request.extend_from_slice(b"\r\n");
        request.extend_from_slice(body.as_bytes());
        Post(request)
    }
}

/// One citizens' server.
async fn receive(listener: TcpListener, base: String, pem: String, desk: Arc<Desk>) {
    let (base, pem): (Arc<str>, Arc<str>) = (base.into(), pem.into());
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        desk.connections.fetch_add(1, Ordering::SeqCst);
        let (base, pem, desk) = (base.clone(), pem.clone(), desk.clone());
        tokio::spawn(async move {
            let service = service_fn(|request| answer(request, &base, &pem, &desk));
            // A server that is killed ends its connections anyhow.
            let _ = http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .await;
            desk.connections.fetch_sub(1, Ordering::SeqCst);
        });
    }
}

async fn answer(
    request: Request<Incoming>,
    base: &str,
    pem: &str,
    desk: &Desk,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let url = format!("{base}{}", request.uri().path());
    let mut response = Response::new(Full::default());
    if request.method() == Method::POST {
        match request.into_body().collect().await {
            Ok(body) => desk.take(url, &body.to_bytes()),
            // Killed in the middle of a letter, which then did not come.
            Err(_) => return Ok(response),
        }
        *response.status_mut() = StatusCode::ACCEPTED;
    } else {
        let actor = json!({
            "@context": ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/v1"],
            "id": url, "type": "Person", "preferredUsername": format!("citizen{}", url.rsplit('/').next().unwrap()),
            "inbox": format!("{url}/inbox"),
            "publicKey": {"id": format!("{url}#main-key"), "owner": url, "publicKeyPem": pem},
        });
        *response.body_mut() = Full::from(actor.to_string());
        response
            .headers_mut()
            .insert("content-type", ACTIVITY_JSON.parse().unwrap());
    }
    Ok(response)
}

impl Desk {
    fn take(&self, inbox: String, body: &[u8]) {
        let activity: Value = serde_json::from_slice(body).unwrap();
        let letter = (activity["id"].as_str().unwrap().to_owned(), inbox);
        let mut letters = self.letters.lock().unwrap();
        letters.entry(letter).or_insert((0, activity)).0 += 1;
        self.came.send_modify(|came| *came += 1);
    }
}

/// A request to an inbox.
#[derive(Clone)]
pub(super) struct Post(Vec<u8>);

/// What is yet to be brought, and what was taken: a citizens' server tries again until it gets its 202.
#[derive(Default)]
pub(super) struct Flood {
    waiting: Mutex<VecDeque<Post>>,
    taken: Mutex<Vec<Post>>,
    acknowledged: watch::Sender<usize>,
}

impl Flood {
    pub(super) fn add(&self, posts: impl IntoIterator<Item = Post>) {
        self.waiting.lock().unwrap().extend(posts);
    }

    /// Counts the 202s.
    pub(super) fn acknowledged(&self) -> watch::Receiver<usize> {
        self.acknowledged.subscribe()
    }

    pub(super) fn taken(&self) -> Vec<Post> {
        self.taken.lock().unwrap().clone()
    }

    /// Brings everything over some connections; ends early if the server does.
    pub(super) async fn rush(&self, server: &str) {
        let address = server.trim_start_matches("http://");
        let lanes = (0..CONNECTIONS).map(|_| self.lane(address));
        futures_util::future::join_all(lanes).await;
    }

    async fn lane(&self, address: &str) {
        let Ok(mut stream) = TcpStream::connect(address).await else {
            return;
        };
        loop {
            let Some(post) = self.waiting.lock().unwrap().pop_front() else {
                return;
            };
            let Some(answer) = exchange(&mut stream, &post.0).await else {
                self.waiting.lock().unwrap().push_back(post);
                return;
            };
            assert!(answer.starts_with("HTTP/1.1 202"), "{answer}");
            self.taken.lock().unwrap().push(post);
            self.acknowledged.send_modify(|count| *count += 1);
        }
    }
}

/// Sends a request and reads the head of the answer; `None` if the connection ends before that.
async fn exchange(stream: &mut TcpStream, request: &[u8]) -> Option<String> {
    stream.write_all(request).await.ok()?;
    let (mut answer, mut buffer) = (vec![], [0; 4096]);
    while !answer.windows(4).any(|four| four == b"\r\n\r\n") {
        let read = stream.read(&mut buffer).await.ok()?;
        if read == 0 {
            return None;
        }
        answer.extend_from_slice(&buffer[..read]);
    }
    Some(String::from_utf8_lossy(&answer).into_owned())
}
