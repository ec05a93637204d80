//! `cargo bench --bench inbox`: signed replies from 100 remote actors over 16 connections, until all are visible in the thread.
//!
//! The server is a process of its own with durable SQLite; the generator shares its two cores. Requests are signed
//! beforehand, since signing is the senders' work. The 100 actors share four keys, under ids of their own.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::disallowed_methods,
    reason = "a bench that cannot go on should stop; its figures are printed, not computed with"
)]

#[expect(dead_code, reason = "each bench uses a part of it")]
mod stand;

use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use actapub::app::{self, Bound, Services};
use actapub::federation::delivery;
use actapub::federation::keys::SigningKey;
use actapub::federation::signatures::{BodyDigest, Dialect, Outgoing, sign};
use actapub::kernel::{Clock as _, SystemClock};
use actapub::platform::db::Db;
use axum::Router;
use axum::extract::Path;
use axum::routing::get;
use diesel::connection::SimpleConnection as _;
use http::Method;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use url::Url;

use self::stand::{
    Server, agency_with_announcement, config, free_port, quantile, raw_verifications,
};

const ACTORS: usize = 100;
const CONNECTIONS: usize = 16;
const REPLIES: usize = 30_000;
const ACTIVITY_JSON: &str = "application/activity+json";

/// As the `actapub` binary does it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Told to the processes that this bench starts of itself, see [`by_hand`].
const SERVE: &str = "ACTAPUB_BENCH_SERVE";

fn main() {
    let replies = std::env::var("REPLIES")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(REPLIES);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .max_blocking_threads(32)
        .build()
        .unwrap();
    match std::env::var(SERVE) {
        Ok(what) => runtime.block_on(by_hand(&what)),
        Err(_) => runtime.block_on(run(replies)),
    }
}

/// Whose process it is that takes the replies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// The real binary.
    Binary,
    /// This bench, with the parts of a server that matter here, and with the recorder or without it.
    Composed { recorder: bool },
}

struct Figures {
    accepted: f64,
    visible: f64,
    /// Microseconds of the server's processor time for each reply.
    cpu: f64,
    p50: f64,
    p99: f64,
    /// Megabytes, at the most.
    memory: f64,
}

async fn run(replies: usize) {
    let keys: Vec<SigningKey> = (0..4)
        .map(|_| SigningKey::generate_rsa().unwrap().key)
        .collect();
    let insert_limit = raw_inserts().await;
    let verify_limit = raw_verifications(&keys[0], Duration::from_millis(500));
    // What one core could do if a reply cost nothing but its verification and one durable row.
    let limit = 1.0 / (1.0 / verify_limit + 1.0 / insert_limit);
    let figures = round(replies, &keys, Kind::Binary).await;
    println!("{replies} replies by {ACTORS} actors over {CONNECTIONS} connections");
    println!("accepted  {:>8.0}/s", figures.accepted);
    println!(
        "visible   {:>8.0}/s  ({:.1} CPU-µs of the server each)",
        figures.visible, figures.cpu
    );
    println!(
        "202 after {:>8.1} ms at the 99th percentile, {:.1} ms at the median",
        figures.p99, figures.p50
    );
    println!("memory    {:>8.0} MB at the most", figures.memory);
    println!(
        "limit     {limit:>8.0}/s on one core ({verify_limit:.0} verifications/s, {insert_limit:.0} durable inserts/s)"
    );
    let (mut with, mut without) = (vec![], vec![]);
    for _ in 0..3 {
        let kind = Kind::Composed { recorder: true };
        with.push(round(replies, &keys, kind).await.visible);
        let kind = Kind::Composed { recorder: false };
        without.push(round(replies, &keys, kind).await.visible);
    }
    let loss = 1.0 - median(&mut with) / median(&mut without);
    println!(
        "record    {:>8.1} % of the visible replies a second is what keeping the record costs (with it {with:.0?}, without it {without:.0?})",
        loss * 100.0
    );
    println!(
        "{}",
        json!({
            "accepted_per_s": figures.accepted.round(),
            "visible_per_s": figures.visible.round(),
            "p99_ms": figures.p99,
            "rss_mb": figures.memory.round(),
            "limit_per_s": limit.round(),
            "ratio": figures.visible / limit,
            "lost_to_record": loss,
        })
    );
}

/// Of an odd number of figures.
fn median(figures: &mut [f64]) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

async fn round(replies: usize, keys: &[SigningKey], kind: Kind) -> Figures {
    let directory = tempfile::tempdir().unwrap();
    let port = free_port();
    let config = config(directory.path(), port);
    let (services, announcement) = agency_with_announcement(&config).await;
    let parent = services.site.announcement(announcement);
    drop(services);

    let host = citizens(keys).await;
    eprintln!("signing {replies} replies …");
    let requests = Arc::new(prepare(keys, &host, port, &parent, replies));
    let server = match kind {
        Kind::Binary => Server::start(directory.path(), port),
        Kind::Composed { recorder } => {
            let what = format!("{recorder} {port} {}", directory.path().display());
            let mut process = Command::new(std::env::current_exe().unwrap());
            Server::of(process.env(SERVE, what), port)
        }
    };
    warm_up(&server, keys, &host, port, &parent).await;
    let warm = shown(port, &parent).await;

    let used = server.processor_time();
    let begun = Instant::now();
    let senders: Vec<_> = (0..CONNECTIONS)
        .map(|lane| tokio::spawn(send(requests.clone(), lane, server.address)))
        .collect();
    let mut latencies = vec![];
    for sender in senders {
        latencies.extend(sender.await.unwrap());
    }
    let accepted_after = begun.elapsed();
    let expected = warm + replies as u64;
    let visible_after = loop {
        if shown(port, &parent).await >= expected {
            break begun.elapsed();
        }
        assert!(
            begun.elapsed() < Duration::from_secs(300),
            "not all replies became visible"
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    latencies.sort();
    let used = server.processor_time().checked_sub(used).unwrap();
    let per_second = |after: Duration| replies as f64 / after.as_secs_f64();
    Figures {
        accepted: per_second(accepted_after),
        visible: per_second(visible_after),
        cpu: used.as_secs_f64() * 1e6 / replies as f64,
        p50: quantile(&latencies, 0.5),
        p99: quantile(&latencies, 0.99),
        memory: server.memory().1,
    }
}

/// A server that is put together here, from what `actapub serve` is put together from: so that the recorder can be left
/// out, which no setting of the real one allows.
async fn by_hand(what: &str) {
    let mut words = what.splitn(3, ' ');
    let mut word = || words.next().unwrap();
    let (recorder, port, data) = (word() == "true", word().parse().unwrap(), word());
    let config = config(std::path::Path::new(data), port);
    let services = Services::open(&config).await.unwrap();
    let bound = Bound::to(config.listen).await.unwrap();
    let server = app::Server::answering(&config, services, bound)
        .await
        .unwrap();
    let services = &server.services;
    let stop = CancellationToken::new();
    let (worker, until) = (services.worker(), stop.clone());
    tokio::spawn(async move { worker.run(until).await });
    let (outbox, until) = (services.outbox(), stop.clone());
    tokio::spawn(async move { outbox.run(until).await });
    let (indexer, until) = (services.indexer(), stop.clone());
    tokio::spawn(async move { indexer.run(until).await });
    let (sender, until) = (services.sender(delivery::Settings::default()), stop.clone());
    tokio::spawn(async move { sender.run(until).await });
    if recorder {
        let (recorder, until) = (services.recorder(), stop.clone());
        tokio::spawn(async move { recorder.run(until).await });
    }
    eprintln!("ready");
    stop.cancelled().await;
}

/// The citizens' server: 100 actor documents.
async fn citizens(keys: &[SigningKey]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let host = format!("http://{}", listener.local_addr().unwrap());
    let pems: Arc<Vec<String>> = Arc::new(keys.iter().map(|key| key.public().to_pem()).collect());
    let base = host.clone();
    let actor = move |Path(number): Path<usize>| {
        let (id, pem) = (
            format!("{base}/users/{number}"),
            pems[number % pems.len()].clone(),
        );
        async move {
            let document = json!({
                "@context": ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/v1"],
                "id": id, "type": "Person", "preferredUsername": format!("citizen{number}"),
                "name": format!("Citizen {number}"), "inbox": format!("{id}/inbox"),
                "endpoints": {"sharedInbox": format!("{base}/inbox", base = id.split("/users").next().unwrap())},
                "followers": format!("{id}/followers"), "url": id,
                "publicKey": {"id": format!("{id}#main-key"), "owner": id, "publicKeyPem": pem},
            });
            ([("content-type", ACTIVITY_JSON)], document.to_string())
        }
    };
    let router = Router::new().route("/users/{number}", get(actor));
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    host
}

/// A reply in Mastodon's shape.
fn reply(host: &str, parent: &str, number: usize) -> (String, Value) {
    let actor = format!("{host}/users/{}", number % ACTORS);
    let id = format!("{actor}/statuses/{number}");
    let public = "https://www.w3.org/ns/activitystreams#Public";
    let content = format!(
        "<p><span class=\"h-card\" translate=\"no\"><a href=\"{parent}\" class=\"u-url mention\">@<span>water</span></a></span> \
         Our street has had brown water since this morning, number {number}. Is it safe to wash the dishes? \
         <a href=\"https://city.example/tags/water\" class=\"mention hashtag\" rel=\"tag\">#<span>water</span></a></p>"
    );
    let note = json!({
        "id": id, "type": "Note", "summary": null, "inReplyTo": parent, "published": "2026-11-24T10:00:00Z",
        "url": format!("{host}/@citizen{}/{number}", number % ACTORS), "attributedTo": actor,
        "to": [public], "cc": [format!("{actor}/followers"), parent], "sensitive": false,
        "conversation": format!("tag:{host},2026:objectId={number}:objectType=Conversation"),
        "content": content, "contentMap": {"en": content}, "attachment": [],
        "tag": [{"type": "Mention", "href": parent, "name": "@water@city.example"}],
        "replies": {"id": format!("{id}/replies"), "type": "Collection", "first": {"type": "CollectionPage", "next": format!("{id}/replies?page=true"), "partOf": format!("{id}/replies"), "items": []}},
    });
    let create = json!({
        "@context": ["https://www.w3.org/ns/activitystreams", {"ostatus": "http://ostatus.org#", "sensitive": "as:sensitive",
            "conversation": "ostatus:conversation", "toot": "http://joinmastodon.org/ns#", "votersCount": "toot:votersCount"}],
        "id": format!("{id}/activity"), "type": "Create", "actor": actor, "published": "2026-11-24T10:00:00Z",
        "to": [public], "cc": [format!("{actor}/followers"), parent], "object": note,
    });
    (actor, create)
}

/// Whole HTTP requests, ready to be written.
fn prepare(keys: &[SigningKey], host: &str, port: u16, parent: &str, count: usize) -> Vec<Vec<u8>> {
    let threads = 2;
    std::thread::scope(|scope| {
        let parts: Vec<_> = (0..threads)
            .map(|part| {
                scope.spawn(move || {
                    (0..count)
                        .filter(|number| number % threads == part)
                        .map(|number| request(keys, host, port, parent, number))
                        .collect::<Vec<_>>()
                })
            })
            .collect();
        parts
            .into_iter()
            .flat_map(|part| part.join().unwrap())
            .collect()
    })
}

fn request(keys: &[SigningKey], host: &str, port: u16, parent: &str, number: usize) -> Vec<u8> {
    let (actor, activity) = reply(host, parent, number);
    let body = activity.to_string();
    let url = Url::parse(&format!("http://127.0.0.1:{port}/inbox")).unwrap();
    let outgoing = Outgoing {
        method: &Method::POST,
        url: &url,
        body: Some((BodyDigest::of(body.as_bytes()), ACTIVITY_JSON)),
    };
    let key = &keys[number % ACTORS % keys.len()];
    let headers = sign(
        &outgoing,
        key,
        &format!("{actor}#main-key"),
        Dialect::Cavage,
        SystemClock.now(),
    )
    .unwrap();
    let mut request = format!("POST /inbox HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\nuser-agent: bench\r\ncontent-length: {}\r\n", body.len()).into_bytes();
    for (name, value) in headers {
        request.extend_from_slice(name.as_str().as_bytes());
        request.extend_from_slice(b": ");
        request.extend_from_slice(value.as_bytes());
        request.extend_from_slice(b"\r\n");
    }
    request.extend_from_slice(b"\r\n");
    request.extend_from_slice(body.as_bytes());
    request
}

/// Lets the server meet all actors, so that their documents are not part of the figure.
async fn warm_up(server: &Server, keys: &[SigningKey], host: &str, port: u16, parent: &str) {
    let requests: Vec<_> = (0..ACTORS)
        .map(|number| request(keys, host, port, parent, 10_000_000 + number))
        .collect();
    send(Arc::new(requests), 0, server.address).await;
    while shown(port, parent).await < ACTORS as u64 / CONNECTIONS as u64 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    tokio::time::sleep(Duration::from_millis(500)).await;
}

/// Sends each request of a lane and waits for its 202; returns how long each took.
async fn send(
    requests: Arc<Vec<Vec<u8>>>,
    lane: usize,
    address: std::net::SocketAddr,
) -> Vec<Duration> {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.set_nodelay(true).unwrap();
    let mut buffer = vec![0; 16 * 1024];
    let mut latencies = vec![];
    let step = if requests.len() == ACTORS {
        1
    } else {
        CONNECTIONS
    };
    for request in requests.iter().skip(lane).step_by(step) {
        let begun = Instant::now();
        stream.write_all(request).await.unwrap();
        let mut read = 0;
        loop {
            let more = stream.read(&mut buffer[read..]).await.unwrap();
            assert!(more > 0, "the server closed the connection");
            read += more;
            if buffer[..read].windows(4).any(|four| four == b"\r\n\r\n") {
                break;
            }
        }
        let answer = String::from_utf8_lossy(&buffer[..read]);
        assert!(answer.starts_with("HTTP/1.1 202"), "{answer}");
        latencies.push(begun.elapsed());
    }
    latencies
}

/// How many replies the thread shows.
async fn shown(port: u16, parent: &str) -> u64 {
    let path = Url::parse(parent).unwrap().path().to_owned();
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let request = format!(
        "GET {path}/replies?page=true&nocache HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\naccept: {ACTIVITY_JSON}\r\nconnection: close\r\n\r\n"
    );
    let request = request.replace("?page=true&nocache", "");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = vec![];
    stream.read_to_end(&mut answer).await.unwrap();
    let body = answer
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .map(|at| &answer[at + 4..])
        .unwrap();
    let document: Value = serde_json::from_slice(body)
        .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&answer)));
    document["totalItems"].as_u64().unwrap()
}

/// Rows of a reply's size inserted a second, durably, by one writer in groups of 100.
async fn raw_inserts() -> f64 {
    let directory = tempfile::tempdir().unwrap();
    let location = actapub::platform::db::Location::parse(
        &directory.path().join("raw.db").display().to_string(),
    );
    let db = Db::open(&location, 1).await.unwrap();
    let body = "x".repeat(2_000);
    let begun = Instant::now();
    let mut count = 0_u32;
    while begun.elapsed() < Duration::from_secs(1) {
        let body = body.clone();
        db.write_beside(move |conn| {
            let actapub::platform::db::Conn::Sqlite(conn) = conn else { unreachable!() };
            for row in 0..100 {
                let sql = format!("INSERT INTO blobs (digest, media_type, bytes, created_at) VALUES ('{count} {row}', 'text', CAST('{body}' AS BLOB), 0)");
                conn.batch_execute(&sql).map_err(actapub::platform::db::Error::from)?;
            }
            Ok::<_, actapub::platform::db::Error>(())
        })
        .await
        .unwrap();
        count += 1;
    }
    f64::from(count) * 100.0 / begun.elapsed().as_secs_f64()
}
