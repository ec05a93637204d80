//! `cargo bench --bench pages`: the page of an announcement with 1,000 and with 100,000 replies, at 100 requests a second.
//!
//! The server is a process of its own; requests are sent at their time whether earlier ones are answered or not.

mod stand;

use std::time::{Duration, Instant};

use actapub::app::Services;
use actapub::dialogue::actors::{self, Described};
use actapub::dialogue::replies::{self, Incoming, Words};
use actapub::kernel::{AnnouncementId, SafeHtml};
use actapub::platform::db;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use self::stand::{Server, agency_with_announcement, config, free_port, quantile};

const RATE: u32 = 100;
const DURING: Duration = Duration::from_secs(15);

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let few = run(1_000).await;
        let many = run(100_000).await;
        for (count, it) in [(1_000, &few), (100_000, &many)] {
            println!(
                "{count} replies: p50 {:.1} ms, p99 {:.1} ms, {:.0} kB a page; a bare answer of the same server p99 {:.1} ms; memory {:.0} MB idle, {:.0} MB at the most",
                it.p50_ms, it.p99_ms, it.kilobytes, it.bare_p99_ms, it.idle_mb, it.most_mb
            );
        }
        println!(
            "{}",
            json!({
                "p99_ms_1k": few.p99_ms, "p99_ms_100k": many.p99_ms, "limit_p99_ms": many.bare_p99_ms,
                "ratio": many.p99_ms / many.bare_p99_ms, "idle_mb": few.idle_mb.round(), "rss_mb": many.most_mb.round(),
            })
        );
    });
}

struct Figures {
    p50_ms: f64,
    p99_ms: f64,
    bare_p99_ms: f64,
    kilobytes: f64,
    idle_mb: f64,
    most_mb: f64,
}

async fn run(count: usize) -> Figures {
    let directory = tempfile::tempdir().unwrap();
    let port = free_port();
    let config = config(directory.path(), port);
    let (services, announcement) = agency_with_announcement(&config).await;
    let agency = services
        .db
        .read(move |conn| publishing_agency(conn, announcement))
        .await
        .unwrap();
    fill(&services, agency, announcement, count).await;
    drop(services);
    let server = Server::start(directory.path(), port);
    // What was written has become nobody's activity yet: the server reads all these facts first.
    while server.processor_time() < Duration::from_millis(1) {}
    settle(&server).await;
    let idle_mb = server.memory().0;
    let page = format!("/@water/{announcement}");
    let (_, size) = get(server.address, &page).await;
    let bare = load(server.address, "/health/live").await;
    let pages = load(server.address, &page).await;
    Figures {
        p50_ms: quantile(&pages, 0.5),
        p99_ms: quantile(&pages, 0.99),
        bare_p99_ms: quantile(&bare, 0.99),
        kilobytes: size as f64 / 1_000.0,
        idle_mb,
        most_mb: server.memory().1,
    }
}

fn publishing_agency(
    conn: &mut db::Conn,
    id: AnnouncementId,
) -> Result<actapub::kernel::AgencyId, db::Error> {
    Ok(actapub::publishing::find(conn, id)?.unwrap().agency)
}

/// Waits until the server uses no processor time to speak of.
async fn settle(server: &Server) {
    loop {
        let before = server.processor_time();
        tokio::time::sleep(Duration::from_secs(1)).await;
        if server.processor_time().checked_sub(before).unwrap() < Duration::from_millis(30) {
            return;
        }
    }
}

/// Replies as they come: most to the announcement, every third to an earlier reply.
async fn fill(
    services: &Services,
    agency: actapub::kernel::AgencyId,
    announcement: AnnouncementId,
    count: usize,
) {
    let (clock, root) = (
        services.clock.clone(),
        services.site.announcement(announcement),
    );
    services
        .db
        .write(move |conn| {
            let mut authors = vec![];
            for number in 0..100 {
                let uri = format!("https://example.social/users/{number}");
                authors.push(actors::remember(
                    conn,
                    clock.as_ref(),
                    &Described {
                        uri: uri.clone(),
                        host: "example.social".to_owned(),
                        kind: "Person".to_owned(),
                        handle: format!("citizen{number}"),
                        domain: "example.social".to_owned(),
                        name: format!("Citizen {number}"),
                        url: uri.clone(),
                        inbox: format!("{uri}/inbox"),
                        shared_inbox: None,
                        followers: None,
                        document: String::new(),
                    },
                )?);
            }
            let uri = |number: usize| format!("https://example.social/statuses/{number}");
            for number in 0..count {
                let parent = if number % 3 == 2 { uri(number / 3) } else { root.clone() };
                let words = Words {
                    html: SafeHtml::from_plain("Our street has had brown water since this morning. Is it safe to wash the dishes with it?"),
                    warning: None,
                    language: Some("en".to_owned()),
                    url: uri(number),
                    attachments: vec![],
                    published_at: clock.now(),
                };
                let incoming = Incoming {
                    uri: uri(number),
                    agency,
                    thread: Some(announcement),
                    author: authors[number % authors.len()],
                    parent: Some(parent),
                    listed: true,
                    words,
                    updated_at: None,
                    event: None,
                };
                replies::receive(conn, clock.as_ref(), &incoming)?;
            }
            Ok::<_, db::Error>(())
        })
        .await
        .unwrap();
}

/// Requests at their time; how long each took from then.
async fn load(address: std::net::SocketAddr, path: &str) -> Vec<Duration> {
    let begun = tokio::time::Instant::now();
    let requests = RATE * u32::try_from(DURING.as_secs()).unwrap();
    let sent: Vec<_> = (0..requests)
        .map(|number| {
            let (due, path) = (begun + DURING * number / requests, path.to_owned());
            tokio::spawn(async move {
                tokio::time::sleep_until(due).await;
                let begun = Instant::now();
                let (status, _) = get(address, &path).await;
                assert_eq!(status, 200, "{path}");
                begun.elapsed()
            })
        })
        .collect();
    let mut took = vec![];
    for one in sent {
        took.push(one.await.unwrap());
    }
    took.sort();
    took
}

async fn get(address: std::net::SocketAddr, path: &str) -> (u16, usize) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!(
        "GET {path} HTTP/1.1\r\nhost: {address}\r\naccept: text/html\r\nconnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = vec![];
    stream.read_to_end(&mut answer).await.unwrap();
    let status = std::str::from_utf8(&answer[9..12])
        .unwrap()
        .parse()
        .unwrap();
    (status, answer.len())
}
