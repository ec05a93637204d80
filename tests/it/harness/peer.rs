//! Another server of the fediverse: it answers what it was told to, keeps what arrives, and minds the unexpected.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use actapub::app::Tasks;
use actapub::federation::keys::SigningKey;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::response::Response;
use axum::serve::Listener;
use serde_json::{Value, json};

use super::Citizen;
use super::tls::Secured;

/// What a peer says when it is asked for something.
#[derive(Clone)]
pub(crate) struct Answer {
    status: StatusCode,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
}

impl Answer {
    pub(crate) fn document(document: &Value) -> Self {
        Self::typed(
            "application/activity+json",
            document.to_string().into_bytes(),
        )
    }

    pub(crate) fn typed(media_type: &str, body: Vec<u8>) -> Self {
        Self {
            status: StatusCode::OK,
            headers: vec![("content-type", media_type.to_owned())],
            body,
        }
    }

    pub(crate) fn status(status: StatusCode) -> Self {
        Self {
            status,
            headers: vec![],
            body: vec![],
        }
    }

    /// The same with another header.
    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    pub(crate) fn redirect(to: &str) -> Self {
        Self {
            status: StatusCode::FOUND,
            headers: vec![("location", to.to_owned())],
            body: vec![],
        }
    }
}

/// A request to one of the peer's inboxes.
pub(crate) struct Received {
    pub(crate) headers: HeaderMap,
    pub(crate) activity: Value,
}

/// A server on loopback with real keys.
pub(crate) struct Peer {
    pub(crate) base: String,
    known: Arc<Known>,
    tasks: Tasks,
}

#[derive(Default)]
struct Known {
    /// Whether a connection is over after an answer.
    closes: bool,
    answers: Mutex<HashMap<String, Answer>>,
    asked: Mutex<HashMap<String, usize>>,
    received: Mutex<Vec<Received>>,
    unexpected: Mutex<Vec<String>>,
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Peer {
    pub(crate) async fn start() -> Arc<Self> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        Self::on(listener, base)
    }

    /// One that speaks TLS as `host`, and where it listens: where names lead is for the test to say. Every
    /// connection is for one request, so that each asks for the name anew.
    pub(crate) async fn secure(host: &str) -> (Arc<Self>, SocketAddr) {
        let listener = Secured::bind().await;
        let address = listener.local_addr().unwrap();
        (Self::on(listener, format!("https://{host}")), address)
    }

    fn on<L>(listener: L, base: String) -> Arc<Self>
    where
        L: Listener<Addr = SocketAddr>,
    {
        let closes = base.starts_with("https:");
        let (known, tasks) = (
            Arc::new(Known {
                closes,
                ..Known::default()
            }),
            Tasks::new(),
        );
        let router = Router::new().fallback(answer).with_state(known.clone());
        let stop = tasks.stopping();
        tasks.own("peer", async move {
            axum::serve(listener, router)
                .with_graceful_shutdown(async move { stop.cancelled().await })
                .await
                .unwrap();
        });
        Arc::new(Self { base, known, tasks })
    }

    /// An address on this server.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// From now on, `path` (with its query) is answered so.
    pub(crate) fn answers(&self, path: &str, answer: Answer) {
        locked(&self.known.answers).insert(path.to_owned(), answer);
    }

    /// Serves a document under the path of its id.
    pub(crate) fn serves(&self, document: &Value) {
        let path = document["id"]
            .as_str()
            .unwrap()
            .strip_prefix(&self.base)
            .unwrap();
        self.answers(path, Answer::document(document));
    }

    /// Somebody with an account here.
    pub(crate) fn citizen(self: &Arc<Self>, name: &str) -> Citizen {
        let citizen = Citizen::new(self.clone(), name, key());
        self.serves(&citizen.document());
        citizen
    }

    /// How often `path` was asked for.
    pub(crate) fn asked(&self, path: &str) -> usize {
        locked(&self.known.asked).get(path).copied().unwrap_or(0)
    }

    /// How often anything was asked for.
    pub(crate) fn asked_at_all(&self) -> usize {
        locked(&self.known.asked).values().sum()
    }

    /// What has arrived since this was last called.
    pub(crate) fn received(&self) -> Vec<Received> {
        std::mem::take(&mut *locked(&self.known.received))
    }

    /// Stops, and fails the test if somebody asked for what was not to be asked for.
    pub(crate) async fn finish(&self) {
        self.tasks
            .clone()
            .stop(std::time::Duration::from_secs(5))
            .await;
        let unexpected = locked(&self.known.unexpected).clone();
        assert!(
            unexpected.is_empty(),
            "unexpected requests to a peer: {unexpected:#?}"
        );
    }
}

async fn answer(State(known): State<Arc<Known>>, request: Request) -> Response {
    let closes = known.closes;
    let mut response = answered(&known, request).await;
    if closes {
        let close = HeaderValue::from_static("close");
        response.headers_mut().insert("connection", close);
    }
    response
}

async fn answered(known: &Known, request: Request) -> Response {
    let path = request
        .uri()
        .path_and_query()
        .map_or("/", |path| path.as_str())
        .to_owned();
    let (parts, body) = request.into_parts();
    *locked(&known.asked).entry(path.clone()).or_default() += 1;
    let answer = locked(&known.answers).get(&path).cloned();
    if parts.method == Method::POST && path.ends_with("inbox") {
        let body: Bytes = axum::body::to_bytes(body, 2 << 20)
            .await
            .unwrap_or_default();
        let activity = serde_json::from_slice(&body).unwrap_or(json!(null));
        locked(&known.received).push(Received {
            headers: parts.headers,
            activity,
        });
        return written(answer.unwrap_or(Answer::status(StatusCode::ACCEPTED)));
    }
    if let Some(answer) = answer {
        return written(answer);
    }
    locked(&known.unexpected).push(format!("{} {path}", parts.method));
    written(Answer::status(StatusCode::NOT_FOUND))
}

fn written(answer: Answer) -> Response {
    let mut response = Response::new(Body::from(answer.body));
    *response.status_mut() = answer.status;
    for (name, value) in answer.headers {
        response.headers_mut().insert(
            HeaderName::from_static(name),
            HeaderValue::from_str(&value).unwrap(),
        );
    }
    response
}

/// A key that nobody in this test has yet: making one takes a while, so tests share what was made.
fn key() -> SigningKey {
    use std::cell::Cell;
    static MADE: Mutex<Vec<SigningKey>> = Mutex::new(Vec::new());
    thread_local!(static GIVEN: Cell<usize> = const { Cell::new(0) });
    // Each test has a thread of its own, on which its citizens are made.
    let number = GIVEN.get();
    GIVEN.set(number + 1);
    let mut made = locked(&MADE);
    while made.len() <= number {
        made.push(SigningKey::generate_rsa().unwrap().key);
    }
    made[number].clone()
}
