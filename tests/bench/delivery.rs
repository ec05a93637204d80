//! `cargo bench --bench delivery`: one announcement to 10,000 distinct inboxes, without and with 100 dead hosts among them.
//!
//! The server is a process of its own with durable SQLite; the receivers share its two cores and answer over HTTP/1.1
//! keep-alive on a hundred loopback hosts. The figure is deliveries per second of the *server's* processor time, against
//! raw RSA-2048 signatures (aws-lc-rs) per second of processor time, measured before and after each round of the same
//! run: with all cores busy, since server and receivers keep them busy, and with one core for comparison. The figures
//! are medians of the rounds.

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

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use actapub::app::Services;
use actapub::dialogue::actors::{self, Described};
use actapub::dialogue::followers;
use actapub::federation::keys::SigningKey;
use actapub::kernel::{AgencyId, AnnouncementId};
use actapub::platform::db;
use actapub::publishing::{self, Draft};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use self::stand::{Server, agency_with_announcement, config, free_port, raw_signatures};

const INBOXES: usize = 10_000;
const HOSTS: usize = 100;
const DEAD: usize = 100;
/// How often each is measured; the figure is the median, since a shared machine is quicker and slower by the second.
const ROUNDS: usize = 5;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let key = SigningKey::generate_rsa().unwrap().key;
        let cores = std::thread::available_parallelism().unwrap().get();
        let signed = |threads| raw_signatures(&key, threads, Duration::from_secs(1));
        let limits = || (signed(cores), signed(1));
        let (mut alive, mut among_dead) = (vec![], vec![]);
        let mut before = limits();
        for _ in 0..ROUNDS {
            for (dead, rounds) in [(0, &mut alive), (DEAD, &mut among_dead)] {
                let figures = run(dead).await;
                let after = limits();
                let limit = f64::midpoint(before.0, after.0);
                let limit_one_core = f64::midpoint(before.1, after.1);
                before = after;
                rounds.push(Round { figures, limit, limit_one_core });
            }
        }
        println!(
            "{INBOXES} inboxes on {HOSTS} hosts, {ROUNDS} times each; the raw RSA-2048 signatures are those of the seconds before and after, with all {cores} cores busy, as they are here, and with one"
        );
        for (what, rounds) in [("all alive", &alive), ("with 100 dead hosts", &among_dead)] {
            for it in rounds {
                println!(
                    "{what}: {:.0} deliveries/s, {:.0} per CPU-second of the server ({:.2} of raw signing at {:.0}/s, {:.2} of it with one core at {:.0}/s), first after {:.0} ms, all after {:.1} s",
                    it.figures.per_second, it.figures.per_cpu_second, it.ratio(), it.limit, it.ratio_one_core(), it.limit_one_core,
                    it.figures.first_ms, it.figures.all_after.as_secs_f64()
                );
            }
        }
        let mut whole = in_short(&alive);
        whole["with_dead_hosts"] = in_short(&among_dead);
        println!("{whole}");
    });
}

/// The medians of the rounds.
fn in_short(rounds: &[Round]) -> serde_json::Value {
    let median = |of: fn(&Round) -> f64| {
        let mut all: Vec<f64> = rounds.iter().map(of).collect();
        all.sort_by(f64::total_cmp);
        all[all.len() / 2]
    };
    json!({
        "deliveries_per_s": median(|it| it.figures.per_second).round(),
        "deliveries_per_cpu_s": median(|it| it.figures.per_cpu_second).round(),
        "limit_per_cpu_s": median(|it| it.limit).round(),
        "limit_one_core_per_cpu_s": median(|it| it.limit_one_core).round(),
        "ratio": median(Round::ratio),
        "ratio_one_core": median(Round::ratio_one_core),
        "first_ms": median(|it| it.figures.first_ms),
    })
}

/// One fan-out, and what the machine could sign around it.
struct Round {
    figures: Figures,
    limit: f64,
    limit_one_core: f64,
}

impl Round {
    fn ratio(&self) -> f64 {
        self.figures.per_cpu_second / self.limit
    }

    fn ratio_one_core(&self) -> f64 {
        self.figures.per_cpu_second / self.limit_one_core
    }
}

struct Figures {
    per_second: f64,
    per_cpu_second: f64,
    first_ms: f64,
    all_after: Duration,
}

async fn run(dead: usize) -> Figures {
    let directory = tempfile::tempdir().unwrap();
    let port = free_port();
    let config = config(directory.path(), port);
    let (services, announcement) = agency_with_announcement(&config).await;
    let agency = agency_of(&services, announcement).await;
    let receivers = Receivers::start().await;
    let silent = silent_host().await;
    let mut people: Vec<(String, String)> =
        (0..INBOXES).map(|number| receivers.inbox(number)).collect();
    for number in 0..dead {
        // Half of them refuse the connection, half take it and never answer. They come first.
        let port = if number % 2 == 0 { 9 } else { silent };
        let host = format!("127.0.3.{}:{port}", number + 1);
        people.insert(0, (host.clone(), format!("http://{host}/inbox")));
    }
    follow(&services, agency, people).await;
    let server = Server::start(directory.path(), port);
    // The announcement from the set-up and every follower's Accept go first: keys are parsed, connections open.
    receivers
        .wait_for(2 * INBOXES, Duration::from_secs(240))
        .await;
    tokio::time::sleep(Duration::from_millis(1_500)).await;

    receivers.reset();
    let cpu = server.processor_time();
    let begun = announce(&services, agency).await;
    let (first, last) = receivers.wait_for(INBOXES, Duration::from_secs(120)).await;
    let spent = server.processor_time().checked_sub(cpu).unwrap();
    let all_after = last - begun;
    Figures {
        per_second: INBOXES as f64 / all_after.as_secs_f64(),
        per_cpu_second: INBOXES as f64 / spent.as_secs_f64(),
        first_ms: (first - begun).as_secs_f64() * 1_000.0,
        all_after,
    }
}

async fn agency_of(services: &Services, announcement: AnnouncementId) -> AgencyId {
    services
        .db
        .read(move |conn| publishing::find(conn, announcement))
        .await
        .unwrap()
        .unwrap()
        .agency
}

/// Followers, one for each inbox.
async fn follow(services: &Services, agency: AgencyId, people: Vec<(String, String)>) {
    let clock = services.clock.clone();
    services
        .db
        .write(move |conn| {
            for (number, (host, inbox)) in people.into_iter().enumerate() {
                let uri = format!("http://{host}/users/{number}");
                let actor = actors::remember(
                    conn,
                    clock.as_ref(),
                    &Described {
                        uri: uri.clone(),
                        host,
                        kind: "Person".to_owned(),
                        handle: format!("citizen{number}"),
                        domain: "example.social".to_owned(),
                        name: format!("Citizen {number}"),
                        url: uri.clone(),
                        inbox: inbox.clone(),
                        shared_inbox: None,
                        followers: None,
                        document: String::new(),
                    },
                )?;
                followers::follow(
                    conn,
                    clock.as_ref(),
                    agency,
                    actor,
                    &format!("{uri}#follow"),
                )?;
            }
            Ok::<_, db::Error>(())
        })
        .await
        .unwrap();
}

/// Publishes beside the server, as the command does; returns the moment of the commit.
async fn announce(services: &Services, agency: AgencyId) -> Instant {
    let (clock, site, rules) = (
        services.clock.clone(),
        services.site.clone(),
        services.rules,
    );
    services
        .db
        .write(move |conn| {
            let draft = Draft {
                agency,
                markdown: "The water is safe again. Thank you for your patience. #BoilWater"
                    .to_owned(),
                warning: None,
                language: "en".to_owned(),
                mentions: vec![],
                images: vec![],
                poll: None,
                article: None,
                answering: None,
                pin: false,
            };
            publishing::announce(conn, clock.as_ref(), &site, rules, draft).unwrap();
            Ok::<_, db::Error>(())
        })
        .await
        .unwrap();
    Instant::now()
}

/// A hundred hosts that take what comes.
struct Receivers {
    port: u16,
    state: Arc<State>,
}

struct State {
    origin: Instant,
    received: AtomicUsize,
    first: AtomicU64,
    last: AtomicU64,
}

impl Receivers {
    async fn start() -> Self {
        let port = free_port();
        let state = Arc::new(State {
            origin: Instant::now(),
            received: AtomicUsize::new(0),
            first: AtomicU64::new(0),
            last: AtomicU64::new(0),
        });
        for host in 0..HOSTS {
            let address = SocketAddr::new(host_address(host), port);
            let listener = TcpListener::bind(address).await.unwrap();
            let state = state.clone();
            tokio::spawn(async move {
                loop {
                    let (stream, _) = listener.accept().await.unwrap();
                    tokio::spawn(answer(stream, state.clone()));
                }
            });
        }
        Self { port, state }
    }

    /// (host, inbox) of one follower.
    fn inbox(&self, number: usize) -> (String, String) {
        let host = format!("{}:{}", host_address(number % HOSTS), self.port);
        (host.clone(), format!("http://{host}/users/{number}/inbox"))
    }

    fn reset(&self) {
        self.state.received.store(0, Ordering::SeqCst);
    }

    /// Waits for so many, and says when the first and the last came.
    async fn wait_for(&self, count: usize, patience: Duration) -> (Instant, Instant) {
        let begun = Instant::now();
        while self.state.received.load(Ordering::SeqCst) < count {
            let so_far = self.state.received.load(Ordering::SeqCst);
            assert!(
                begun.elapsed() < patience,
                "{so_far} of {count} deliveries arrived"
            );
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let at = |micros: &AtomicU64| {
            self.state.origin + Duration::from_micros(micros.load(Ordering::SeqCst))
        };
        (at(&self.state.first), at(&self.state.last))
    }
}

fn host_address(host: usize) -> IpAddr {
    IpAddr::V4(Ipv4Addr::new(127, 0, 2, u8::try_from(host + 1).unwrap()))
}

/// Reads requests and says 202 to each.
async fn answer(mut stream: TcpStream, state: Arc<State>) {
    let mut buffer = Vec::with_capacity(16 * 1024);
    loop {
        let (head, length) = loop {
            if let Some(head) = buffer.windows(4).position(|four| four == b"\r\n\r\n") {
                let text = String::from_utf8_lossy(&buffer[..head]).to_ascii_lowercase();
                let length = text
                    .lines()
                    .find_map(|line| line.strip_prefix("content-length: "))
                    .map_or(0, |text| text.trim().parse().unwrap());
                break (head + 4, length);
            }
            if stream.read_buf(&mut buffer).await.unwrap_or(0) == 0 {
                return;
            }
        };
        let end: usize = head + length;
        while buffer.len() < end {
            if stream.read_buf(&mut buffer).await.unwrap_or(0) == 0 {
                return;
            }
        }
        buffer.drain(..end);
        let now = u64::try_from(state.origin.elapsed().as_micros()).unwrap();
        if state.received.fetch_add(1, Ordering::SeqCst) == 0 {
            state.first.store(now, Ordering::SeqCst);
        }
        state.last.store(now, Ordering::SeqCst);
        if stream
            .write_all(b"HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n")
            .await
            .is_err()
        {
            return;
        }
    }
}

/// A port on all of loopback that takes connections and never answers.
async fn silent_host() -> u16 {
    let listener = TcpListener::bind("0.0.0.0:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let mut held = vec![];
        loop {
            held.push(listener.accept().await.unwrap());
        }
    });
    port
}
