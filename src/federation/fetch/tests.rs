//! A fetcher against small servers on loopback, which answer as badly as they can.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Mutex;

use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::*;
use crate::federation::signatures::{self, Dialect, Policy};
use crate::kernel::ManualClock;
use crate::kernel::Timestamp;
use crate::platform::net::{NetSettings, Reach, Unreachable};

const NOW: Timestamp = Timestamp::from_seconds(1_795_500_000);
const KEY_ID: &str = "http://city.test/actor#main-key";
const ACTIVITY: &str = "application/activity+json";

/// A request as the peer saw it.
#[derive(Clone)]
struct Seen {
    target: String,
    headers: HeaderMap,
}

impl Seen {
    /// Whether the instance actor signed it, and how; nothing if no key of ours fits.
    fn dialect(&self, key: &SigningKey) -> Option<Dialect> {
        let request = signatures::Request {
            method: &Method::GET,
            target: &self.target,
            headers: &self.headers,
            scheme: "http",
            authority: self.headers["host"].to_str().unwrap(),
            body: b"",
        };
        let claim = signatures::parse(&request, NOW, Policy::default()).ok()?;
        claim.verify(&key.public()).ok()?;
        assert_eq!(claim.key_id, KEY_ID);
        Some(claim.dialect)
    }
}

/// The bytes that a peer writes for a request, and what it does then.
type Answer = (String, Then);

#[derive(Clone, Copy, PartialEq)]
enum Then {
    Close,
    /// Writes blanks for ever.
    Babble,
    /// Holds the connection and says nothing.
    Hold,
}

/// `200 OK` with this body.
fn ok(media_type: &str, body: &impl ToString) -> Answer {
    let body = body.to_string();
    let length = body.len();
    let head =
        format!("HTTP/1.1 200 OK\r\nContent-Type: {media_type}\r\nContent-Length: {length}\r\n");
    (
        format!("{head}Connection: close\r\n\r\n{body}"),
        Then::Close,
    )
}

/// Another status, with further header lines.
fn status(line: &str, headers: &str) -> Answer {
    let head = format!("HTTP/1.1 {line}\r\nContent-Length: 0\r\nConnection: close\r\n");
    (format!("{head}{headers}\r\n"), Then::Close)
}

fn redirect(location: &str) -> Answer {
    status("302 Found", &format!("Location: {location}\r\n"))
}

/// A server on loopback and all that it was asked.
struct Peer {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Peer {
    async fn new(answer: impl Fn(&Seen) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let record = seen.clone();
        #[expect(clippy::disallowed_methods, reason = "a test owns its task")]
        tokio::spawn(async move {
            let mut silent = Vec::new();
            loop {
                let (mut socket, _) = listener.accept().await.unwrap();
                let mut head = Vec::new();
                while !head.ends_with(b"\r\n\r\n") {
                    head.push(socket.read_u8().await.unwrap());
                }
                let request = read_head(&String::from_utf8(head).unwrap());
                record.lock().unwrap().push(request.clone());
                let (bytes, then) = answer(&request);
                let _ = socket.write_all(bytes.as_bytes()).await;
                while then == Then::Babble && socket.write_all(&[b' '; 4096]).await.is_ok() {}
                if then == Then::Hold {
                    silent.push(socket);
                }
            }
        });
        Self { address, seen }
    }

    fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }
}

fn read_head(head: &str) -> Seen {
    let mut lines = head.lines();
    let target = lines.next().unwrap().split(' ').nth(1).unwrap().to_owned();
    let mut headers = HeaderMap::new();
    for line in lines.filter(|line| !line.is_empty()) {
        let (name, value) = line.split_once(": ").unwrap();
        headers.append(
            name.parse::<HeaderName>().unwrap(),
            HeaderValue::from_str(value).unwrap(),
        );
    }
    Seen { target, headers }
}

fn rsa() -> SigningKey {
    SigningKey::generate_rsa().unwrap().key
}

/// A fetcher that finds these peers under their names.
async fn fetcher(peers: &[(&str, &Peer)], key: &SigningKey, limits: FetchLimits) -> Fetcher {
    let reach = Reach {
        allow_private: true,
    };
    let mut settings = NetSettings::new("Actapub test", reach);
    let names: HashMap<_, _> = peers
        .iter()
        .map(|(name, peer)| ((*name).to_owned(), vec![peer.address]))
        .collect();
    settings.names = Arc::new(names);
    settings.max_body = 10_000;
    let client = Client::new(&settings).unwrap();
    let key = key.clone();
    let signer = move || (key.clone(), KEY_ID.to_owned());
    let clock = Arc::new(ManualClock::at(NOW));
    Fetcher::new(&client, "city.test", Arc::new(signer), clock, limits)
        .await
        .unwrap()
}

fn url(text: &str) -> Url {
    text.parse().unwrap()
}

/// What comes of fetching `http://peer.test/1` from a peer that answers so.
async fn fetched(
    answer: impl Fn(&Seen) -> Answer + Send + Sync + 'static,
) -> (Result<Fetched, FetchError>, Vec<Seen>) {
    let peer = Peer::new(answer).await;
    let other = Peer::new(|_| ok(ACTIVITY, &json!({"id": "http://other.test/1"}))).await;
    let limits = FetchLimits::default();
    let peers = [("peer.test", &peer), ("other.test", &other)];
    let fetcher = fetcher(&peers, &rsa(), limits).await;
    (fetcher.fetch(&url("http://peer.test/1")).await, peer.seen())
}

#[tokio::test]
async fn a_document_is_fetched_whole_and_signed() {
    let key = rsa();
    let raw = r#"{"type":"Note" , "id":"http://peer.test/1?a=b","content":"é"}"#;
    let peer = Peer::new(move |_| ok("Application/activity+json;charset=UTF-8", &raw)).await;
    let fetcher = fetcher(&[("peer.test", &peer)], &key, FetchLimits::default()).await;
    let document = fetcher
        .fetch(&url("http://peer.test/1?a=b#part"))
        .await
        .unwrap();
    assert_eq!(document.id.as_str(), "http://peer.test/1?a=b");
    assert_eq!(document.raw, raw.as_bytes());
    assert_eq!(document.body["content"], "é");

    let seen = peer.seen();
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0].target, "/1?a=b");
    assert_eq!(seen[0].headers["user-agent"], "Actapub test");
    assert!(
        seen[0].headers["accept"]
            .to_str()
            .unwrap()
            .starts_with(ACTIVITY)
    );
    assert_eq!(seen[0].dialect(&key), Some(Dialect::Cavage));
}

#[tokio::test]
async fn a_host_that_refuses_one_dialect_is_asked_in_the_other_which_is_remembered() {
    let key = rsa();
    let peer = Peer::new(|seen| {
        if seen.headers.contains_key("signature-input") {
            ok(
                ACTIVITY,
                &json!({"id": format!("http://peer.test{}", seen.target)}),
            )
        } else {
            status("401 Unauthorized", "")
        }
    })
    .await;
    let fetcher = fetcher(&[("peer.test", &peer)], &key, FetchLimits::default()).await;
    fetcher.fetch(&url("http://peer.test/1")).await.unwrap();
    fetcher.fetch(&url("http://peer.test/2")).await.unwrap();
    let dialects: Vec<_> = peer.seen().iter().map(|seen| seen.dialect(&key)).collect();
    assert_eq!(
        dialects,
        [Dialect::Cavage, Dialect::Message, Dialect::Message].map(Some)
    );
}

#[tokio::test]
async fn statuses_become_errors_of_their_own() {
    let (error, seen) = fetched(|_| status("401 Unauthorized", "")).await;
    assert!(matches!(
        error,
        Err(FetchError::Forbidden(StatusCode::UNAUTHORIZED))
    ));
    assert_eq!(seen.len(), 2, "once in each dialect");

    let (error, _) = fetched(|_| status("403 Forbidden", "")).await;
    assert!(matches!(
        error,
        Err(FetchError::Forbidden(StatusCode::FORBIDDEN))
    ));
    let (error, _) = fetched(|_| status("404 Not Found", "")).await;
    assert!(matches!(error, Err(FetchError::NotFound)));
    let (error, _) = fetched(|_| status("410 Gone", "")).await;
    assert!(matches!(error, Err(FetchError::Gone)));
    let (error, _) = fetched(|_| status("503 Busy", "Retry-After: 120\r\n")).await;
    let error = error.unwrap_err();
    assert!(error.is_temporary());
    assert!(matches!(
        error,
        FetchError::Unavailable {
            status: Some(StatusCode::SERVICE_UNAVAILABLE),
            retry_after: Some(wait),
        } if wait == Duration::from_secs(120)
    ));
    let (error, _) = fetched(|_| (String::new(), Then::Close)).await;
    assert!(matches!(
        error,
        Err(FetchError::Unavailable { status: None, .. })
    ));
}

#[tokio::test]
async fn a_document_must_be_one_and_call_itself_what_was_asked_for() {
    let document = json!({"id": "http://peer.test/1"});
    for media_type in [
        "application/json",
        "text/html",
        "application/ld+json",
        "text/plain",
    ] {
        let body = document.clone();
        let (error, _) = fetched(move |_| ok(media_type, &body)).await;
        assert!(matches!(error, Err(FetchError::WrongType)), "{media_type}");
    }
    for body in [
        "",
        "<html>",
        "{\"id\":",
        "[]",
        "\"http://peer.test/1\"",
        "{}",
        r#"{"id":7}"#,
    ] {
        let (error, _) = fetched(move |_| ok(ACTIVITY, &body)).await;
        assert!(
            matches!(error, Err(FetchError::NotJson | FetchError::WrongId)),
            "{body}"
        );
    }
    let deep = format!(
        r#"{{"id":"http://peer.test/1","a":{}{}}}"#,
        "[".repeat(4000),
        "]".repeat(4000)
    );
    let (error, _) = fetched(move |_| ok(ACTIVITY, &deep)).await;
    assert!(matches!(error, Err(FetchError::NotJson)));

    // The id of another host, whether that would confirm it or not.
    let (error, _) = fetched(|_| ok(ACTIVITY, &json!({"id": "http://other.test/1"}))).await;
    assert!(matches!(error, Err(FetchError::WrongId)));
    // Another id of the same host is asked in its turn.
    let (fetched_twice, seen) =
        fetched(|_| ok(ACTIVITY, &json!({"id": "http://peer.test/2"}))).await;
    assert_eq!(fetched_twice.unwrap().id.as_str(), "http://peer.test/2");
    assert_eq!(seen.len(), 2);
    // Once: then the host is playing.
    let (error, seen) = fetched(|seen| {
        let id = format!("http://peer.test{}1", seen.target);
        ok(ACTIVITY, &json!({"id": id}))
    })
    .await;
    assert!(matches!(error, Err(FetchError::WrongId)));
    assert_eq!(seen.len(), 2);
}

#[tokio::test]
async fn redirects_are_followed_a_few_times_and_signed_anew() {
    let key = rsa();
    let peer = Peer::new(|seen| match seen.target.as_str() {
        "/a" => redirect("b"),
        "/b" => redirect("/c?x=y"),
        "/c?x=y" => redirect("http://peer.test/d"),
        "/d" => ok(ACTIVITY, &json!({"id": "http://peer.test/d"})),
        "/e" => redirect("/a"),
        "/loop" => redirect("/loop"),
        "/file" => redirect("file:///etc/passwd"),
        "/nowhere" => status("302 Found", ""),
        "/us" => redirect("http://city.test/ap/agencies/1"),
        _ => redirect("http://other.test/1"),
    })
    .await;
    let other = Peer::new(|_| ok(ACTIVITY, &json!({"id": "http://other.test/1"}))).await;
    let peers = [("peer.test", &peer), ("other.test", &other)];
    let fetcher = fetcher(&peers, &key, FetchLimits::default()).await;
    let fetch = async |path: &str| {
        fetcher
            .fetch(&url(&format!("http://peer.test{path}")))
            .await
    };

    assert_eq!(fetch("/a").await.unwrap().id.as_str(), "http://peer.test/d");
    for seen in peer.seen() {
        assert_eq!(seen.dialect(&key), Some(Dialect::Cavage), "{}", seen.target);
    }
    assert!(matches!(fetch("/e").await, Err(FetchError::Redirects)));
    assert!(matches!(fetch("/loop").await, Err(FetchError::Redirects)));
    assert!(matches!(
        fetch("/nowhere").await,
        Err(FetchError::Redirects)
    ));
    assert!(matches!(
        fetch("/file").await,
        Err(FetchError::Refused(Unreachable::Scheme))
    ));
    assert!(matches!(
        fetch("/us").await,
        Err(FetchError::Refused(Unreachable::Ourselves))
    ));
    // Another server's document, however genuine, is not what was asked for: so no redirect makes anyone
    // speak as somebody else.
    assert!(matches!(fetch("/other").await, Err(FetchError::WrongId)));
    assert_eq!(other.seen()[0].dialect(&key), Some(Dialect::Cavage));
}

#[tokio::test]
async fn private_addresses_are_refused_at_once_and_after_a_redirect() {
    let client = Client::new(&NetSettings::new("test", Reach::PUBLIC)).unwrap();
    let key = rsa();
    let signer = Arc::new(move || (key.clone(), KEY_ID.to_owned()));
    let clock = Arc::new(ManualClock::at(NOW));
    let fetcher = Fetcher::new(
        &client,
        "city.example",
        signer,
        clock,
        FetchLimits::default(),
    );
    let fetcher = fetcher.await.unwrap();
    for (address, reason) in [
        ("http://peer.example/", Unreachable::Scheme),
        ("https://localhost/", Unreachable::PrivateName),
        ("https://127.0.0.1/", Unreachable::PrivateAddress),
        ("https://2130706433/", Unreachable::PrivateAddress),
        ("https://[::ffff:10.0.0.1]/", Unreachable::PrivateAddress),
        ("https://city.example/actor", Unreachable::Ourselves),
    ] {
        let error = fetcher.fetch(&url(address)).await;
        assert!(
            matches!(error, Err(FetchError::Refused(found)) if found == reason),
            "{address}"
        );
        let error = fetcher.fetch_jrd(&url(address)).await;
        assert!(
            matches!(error, Err(FetchError::Refused(found)) if found == reason),
            "{address}"
        );
    }

    // The guard of a closed reach over a client that does reach loopback: the hop is refused, not the lookup.
    let peer = Peer::new(|_| redirect("https://169.254.169.254/latest/meta-data")).await;
    let mut settings = NetSettings::new(
        "test",
        Reach {
            allow_private: true,
        },
    );
    settings.names = Arc::new(HashMap::from([(
        "peer.example".to_owned(),
        vec![peer.address],
    )]));
    let open = Client::new(&settings).unwrap();
    let guarded = ClientBuilder::new(open.unguarded())
        .with(Guarded {
            reach: Reach::PUBLIC,
            ours: String::new(),
        })
        .with(PlainForTests)
        .build();
    let error = guarded
        .get("https://peer.example/")
        .send()
        .await
        .unwrap_err();
    assert!(matches!(
        FetchError::from(error),
        FetchError::Refused(Unreachable::PrivateAddress)
    ));
    assert_eq!(peer.seen().len(), 1);
}

/// Beneath the guard: speaks without TLS to a peer that the guard took for one with.
struct PlainForTests;

#[async_trait::async_trait]
impl reqwest_middleware::Middleware for PlainForTests {
    async fn handle(
        &self,
        mut request: crate::platform::net::Request,
        extensions: &mut http::Extensions,
        next: reqwest_middleware::Next<'_>,
    ) -> reqwest_middleware::Result<crate::platform::net::Response> {
        request.url_mut().set_scheme("http").unwrap();
        next.run(request, extensions).await
    }
}

#[tokio::test]
async fn addresses_in_place_of_names_are_read_where_they_may_be_reached() {
    let peer = Peer::new(|seen| {
        let host = seen.headers["host"].to_str().unwrap().to_owned();
        match seen.target.as_str() {
            "/page" => ok(ACTIVITY, &json!({"id": format!("http://{host}/1")})),
            "/other" => ok(ACTIVITY, &json!({"id": "http://127.0.0.2/1"})),
            "/never" => ok(ACTIVITY, &json!({"id": format!("http://{host}/never/")})),
            "/never/" => ok(ACTIVITY, &json!({"id": format!("http://{host}/never")})),
            target => ok(ACTIVITY, &json!({"id": format!("http://{host}{target}")})),
        }
    })
    .await;
    let fetcher = fetcher(&[], &rsa(), FetchLimits::default()).await;
    let base = format!("http://{}", peer.address);
    let fetch = async |path: &str| fetcher.fetch(&url(&format!("{base}{path}"))).await;
    assert_eq!(fetch("/1").await.unwrap().id.as_str(), format!("{base}/1"));
    assert_eq!(
        fetch("/page").await.unwrap().id.as_str(),
        format!("{base}/1")
    );
    assert!(matches!(fetch("/other").await, Err(FetchError::WrongId)));
    assert!(matches!(fetch("/never").await, Err(FetchError::WrongId)));
}

#[tokio::test]
async fn size_time_and_number_are_bounded() {
    let endless = "HTTP/1.1 200 OK\r\nContent-Type: application/activity+json\r\n\r\n{";
    let (error, _) = fetched(move |_| (endless.to_owned(), Then::Babble)).await;
    assert!(matches!(error, Err(FetchError::TooLarge { limit: 10_000 })));

    // A body that never comes, and an answer that never comes.
    let hurried = FetchLimits {
        time: Duration::from_millis(100),
        ..FetchLimits::default()
    };
    for begun in [endless, ""] {
        let peer = Peer::new(move |_| (begun.to_owned(), Then::Hold)).await;
        let fetcher = fetcher(&[("peer.test", &peer)], &rsa(), hurried).await;
        let error = fetcher.fetch(&url("http://peer.test/1")).await;
        assert!(matches!(error, Err(FetchError::Timeout)));
    }

    let peer = Peer::new(|seen| {
        ok(
            ACTIVITY,
            &json!({"id": format!("http://peer.test{}", seen.target)}),
        )
    })
    .await;
    let limits = FetchLimits {
        per_job: 2,
        ..FetchLimits::default()
    };
    let fetcher = fetcher(&[("peer.test", &peer)], &rsa(), limits).await;
    let job = fetcher.job();
    let address = url("http://peer.test/1");
    assert!(job.fetch(&address).await.is_ok());
    assert!(job.fetch(&address).await.is_ok());
    assert!(matches!(
        job.fetch(&address).await,
        Err(FetchError::TooMany)
    ));
    assert!(
        fetcher.fetch(&address).await.is_ok(),
        "another job begins anew"
    );
    assert_eq!(peer.seen().len(), 3);
}

#[tokio::test]
async fn webfinger_answers_are_read_unsigned() {
    let peer = Peer::new(|seen| match seen.target.as_str() {
        "/jrd" => ok(
            "application/jrd+json; charset=utf-8",
            &json!({"subject": "acct:a@b"}),
        ),
        "/json" => ok("application/json", &json!({"subject": "acct:a@b"})),
        "/moved" => redirect("/jrd"),
        "/html" => ok("text/html", &"<p>"),
        _ => status("404 Not Found", ""),
    })
    .await;
    let fetcher = fetcher(&[("peer.test", &peer)], &rsa(), FetchLimits::default()).await;
    let fetch = async |path: &str| {
        fetcher
            .fetch_jrd(&url(&format!("http://peer.test{path}")))
            .await
    };
    for path in ["/jrd", "/json", "/moved"] {
        assert_eq!(fetch(path).await.unwrap()["subject"], "acct:a@b");
    }
    assert!(matches!(fetch("/html").await, Err(FetchError::WrongType)));
    assert!(matches!(fetch("/none").await, Err(FetchError::NotFound)));
    assert!(
        peer.seen()
            .iter()
            .all(|seen| !seen.headers.contains_key("signature"))
    );
}

/// Workers run on several threads: a fetch must be able to move between them.
#[tokio::test]
async fn a_fetch_may_move_between_threads() {
    fn movable<T: Send>(value: T) -> T {
        value
    }
    let fetcher = movable(fetcher(&[], &rsa(), FetchLimits::default()).await);
    let address = url("http://127.0.0.1:1/");
    let error = movable(fetcher.fetch(&address)).await;
    assert!(matches!(error, Err(FetchError::Unavailable { .. })));
    let error = movable(fetcher.fetch_jrd(&address)).await;
    assert!(matches!(error, Err(FetchError::Unavailable { .. })));
}

#[test]
fn the_crates_own_switch_is_refused() {
    assert!(refuse_other_switch(false).is_ok());
    let sentence = refuse_other_switch(true).unwrap_err().to_string();
    assert!(sentence.starts_with("DANGER_FEDERATION_ALLOW_LOCAL_IP is set"));
}
