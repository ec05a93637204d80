//! `cargo bench --bench record`: how fast facts become leaves, what a leaf costs in space, proofs and a whole audit at
//! a million entries, and the time and memory that it takes to carry the whole log away.
//!
//! Durable SQLite. The facts are replies as they come, each with the activity that brought it; `ENTRIES` sets how many.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a bench that cannot go on should stop; its figures are printed, not computed with"
)]

#[expect(dead_code, reason = "each bench uses a part of it")]
mod stand;

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use actapub::archive::log;
use actapub::kernel::{Clock as _, SystemClock};
use actapub::platform::db::{self, Location};
use actapub::tlog::Hash;
use diesel::connection::SimpleConnection as _;
use diesel::{QueryableByName, RunQueryDsl as _, sql_query};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use self::stand::{Server, agency_with_announcement, config, free_port, quantile};

const ENTRIES: u64 = 1_000_000;
/// Facts written at once, so that filling takes no memory to speak of.
const AT_ONCE: u64 = 50_000;
const PROOFS: usize = 2_000;
/// What a burst is: so many facts that wait when the recorder looks.
const BURST: u64 = 30_000;

fn main() {
    let entries = std::env::var("ENTRIES")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(ENTRIES);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(run(entries));
}

async fn run(entries: u64) {
    let directory = tempfile::tempdir().unwrap();
    let port = free_port();
    let config = config(directory.path(), port);
    let (services, announcement) = agency_with_announcement(&config).await;
    let agency = services
        .db
        .read(move |conn| {
            Ok::<_, db::Error>(
                actapub::publishing::find(conn, announcement)?
                    .unwrap()
                    .agency,
            )
        })
        .await
        .unwrap();
    let database = directory.path().join("actapub.db");
    let (outbox, recorder) = (services.outbox(), services.recorder());
    outbox.run_until_idle().await;
    recorder.run_until_idle().await.unwrap();

    let raw = raw_inserts(directory.path());
    let (mut drained, mut used, mut burst) = (Duration::ZERO, Duration::ZERO, Duration::ZERO);
    let mut done = 0;
    while done < entries {
        let count = if done == 0 { BURST } else { AT_ONCE }.min(entries - done);
        fill(&database, agency.get(), announcement.get(), done, count);
        outbox.run_until_idle().await;
        let (begun, before) = (Instant::now(), stand::own_processor_time());
        recorder.run_until_idle().await.unwrap();
        let took = begun.elapsed();
        if done == 0 {
            burst = took;
        }
        drained += took;
        used += stand::own_processor_time().checked_sub(before).unwrap();
        done += count;
        eprintln!("{done} entries: {:.0}/s", count as f64 / took.as_secs_f64());
    }
    let sustained = entries as f64 / drained.as_secs_f64();
    let burst = BURST.min(entries) as f64 / burst.as_secs_f64();
    let (permanent, erasable) = space(&database, entries);
    let head = services
        .db
        .read(move |conn| Ok::<_, db::Error>(log::by_agency(conn, agency)?.unwrap().head))
        .await
        .unwrap();
    drop((outbox, recorder, services));
    println!(
        "appends: {sustained:.0}/s over {entries}, {burst:.0}/s in a burst of {BURST} (asked: 1,000 and 3,000); {:.0} µs of processor time each; \
         raw inserts of a row of that size: {raw:.0}/s",
        used.as_secs_f64() * 1e6 / entries as f64
    );
    println!(
        "space: {permanent:.0} B permanent (at most 200), {erasable:.0} B erasable without payload and evidence"
    );

    let server = Server::start(directory.path(), port);
    let (proofs, size) = proofs(&server, head.size).await;
    let proof_p99 = quantile(&proofs, 0.99);
    let begun = Instant::now();
    let verified = Command::new(env!("CARGO_BIN_EXE_actapub"))
        .args(["record", "verify", "--allow-private"])
        .arg(format!("http://127.0.0.1:{port}/record/water"))
        .output()
        .unwrap();
    let audit = begun.elapsed();
    assert!(
        verified.status.success(),
        "{}",
        String::from_utf8_lossy(&verified.stderr)
    );
    let hashing = raw_hashes(entries);
    let exported = export(directory.path(), port);

    println!(
        "proofs at {} entries: p50 {:.1} ms, p99 {proof_p99:.1} ms (at most 20), {size} B with the log's signature",
        head.size,
        quantile(&proofs, 0.5)
    );
    println!(
        "audit of the whole log over HTTP: {:.1} s (at most 10); hashing alone {:.1} s",
        audit.as_secs_f64(),
        hashing.as_secs_f64()
    );
    println!(
        "export of the whole log for the staff: {:.1} s, {} bytes, {:.1} MB of memory at most",
        exported.took.as_secs_f64(),
        exported.bytes,
        exported.memory
    );
    println!(
        "{}",
        json!({
            "appends_per_s": sustained.round(), "burst_per_s": burst.round(), "limit_per_s": raw.round(),
            "ratio": sustained / raw, "permanent_bytes": permanent.round(), "erasable_bytes": erasable.round(),
            "proof_p99_ms": proof_p99, "proof_bytes": size, "audit_s": audit.as_secs_f64(),
            "audit_limit_s": hashing.as_secs_f64(), "export_s": exported.took.as_secs_f64(),
            "export_bytes": exported.bytes, "export_peak_mb": exported.memory,
        })
    );
}

/// Replies, the activities that brought them, and the facts that say so, written as the inbox writes them.
fn fill(database: &Path, agency: i64, announcement: i64, from: u64, count: u64) {
    let mut conn = Location::Sqlite(database.display().to_string())
        .connect()
        .unwrap();
    let body = format!(
        "{{\"@context\":\"https://www.w3.org/ns/activitystreams\",\"type\":\"Create\",\"padding\":\"{}\"}}",
        "water ".repeat(200)
    );
    let request = format!(
        "{{\"method\":\"POST\",\"padding\":\"{}\"}}",
        "h".repeat(500)
    );
    let (first, last, now) = (from + 1, from + count, SystemClock.now().micros());
    conn.batch_execute(&format!(
        "BEGIN;
         INSERT OR IGNORE INTO actors (id, uri, host, kind, handle, domain, name, url, inbox, document, fetched_at)
           WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)
           SELECT i, 'https://example.social/users/' || i, 'example.social', 'Person', 'citizen' || i, 'example.social', 'Citizen', '', '',
             '{{\"padding\":\"{}\"}}', 1 FROM n;
         WITH RECURSIVE n(i) AS (SELECT {first} UNION ALL SELECT i + 1 FROM n WHERE i < {last})
           INSERT INTO events (id, uri, actor_uri, kind, body, request, key_uri, key_der, forwarded, state, attempts, received_at)
           SELECT i, 'https://example.social/activities/' || i, 'https://example.social/users/1', 'Create', CAST('{body}' || i AS BLOB),
             '{request}', 'https://example.social/users/1#main-key', zeroblob(294), 0, 1, 0, {now} + i FROM n;
         WITH RECURSIVE n(i) AS (SELECT {first} UNION ALL SELECT i + 1 FROM n WHERE i < {last})
           INSERT INTO replies (id, uri, agency_id, thread_id, actor_id, parent, state, listed, html, url, attachments, event_id, published_at, received_at)
           SELECT i, 'https://example.social/statuses/' || i, {agency}, {announcement}, i % 100 + 1, 'https://example.social/statuses/' || (i / 3), 0, 1,
             'Is it safe to wash the dishes?', '', '[]', i, 1, {now} + i FROM n;
         WITH RECURSIVE n(i) AS (SELECT {first} UNION ALL SELECT i + 1 FROM n WHERE i < {last})
           INSERT INTO journal (agency_id, kind, fact, at)
           SELECT {agency}, 'reply_received', '{{\"kind\":\"reply_received\",\"reply\":' || i || ',\"event\":' || i || '}}', {now} + i FROM n;
         COMMIT",
        "d".repeat(2_000)
    ))
    .unwrap();
}

#[derive(QueryableByName)]
struct Bytes {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    bytes: i64,
}

/// Bytes on the disk for each entry: of what is permanent, and of what can be destroyed beside payload and evidence.
fn space(database: &Path, entries: u64) -> (f64, f64) {
    let mut conn = Location::Sqlite(database.display().to_string())
        .connect()
        .unwrap();
    let mut sum = |names: &str| {
        let query =
            format!("SELECT coalesce(sum(pgsize), 0) AS bytes FROM dbstat WHERE name IN ({names})");
        let found: Bytes = match &mut conn {
            db::Conn::Sqlite(conn) => sql_query(query).get_result(conn).unwrap(),
            db::Conn::Postgres(_) => unreachable!(),
        };
        found.bytes as f64 / entries as f64
    };
    (
        sum("'record_leaves', 'record_tiles', 'sqlite_autoindex_record_tiles_1'"),
        sum(
            "'record_entries', 'record_entries_by_subject', 'record_entries_by_thread', 'record_entries_by_kind', 'record_documents'",
        ),
    )
}

/// Durable inserts of rows as large as a leaf and what belongs to it, 512 in a transaction, by SQLite alone.
fn raw_inserts(directory: &Path) -> f64 {
    let path = directory.join("raw.db").display().to_string();
    let mut conn = Location::Sqlite(path).connect().unwrap();
    conn.batch_execute("CREATE TABLE raw (id INTEGER PRIMARY KEY, leaf TEXT, rest BLOB)")
        .unwrap();
    let begun = Instant::now();
    let batches = 100;
    for _ in 0..batches {
        conn.batch_execute(
            "BEGIN; WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 512)
             INSERT INTO raw (leaf, rest) SELECT hex(zeroblob(65)), zeroblob(600) FROM n; COMMIT",
        )
        .unwrap();
    }
    f64::from(batches * 512) / begun.elapsed().as_secs_f64()
}

/// Hashing as many leaves and inner nodes as an audit has to.
fn raw_hashes(entries: u64) -> Duration {
    let begun = Instant::now();
    let leaf = [7; 131];
    let mut last = Hash::EMPTY_TREE;
    for _ in 0..entries {
        last = Hash::of_node(Hash::of_record(std::hint::black_box(&leaf)), last);
    }
    std::hint::black_box(last);
    begun.elapsed()
}

/// How long proofs of entries all over the log take, and how large the largest is.
async fn proofs(server: &Server, size: u64) -> (Vec<Duration>, usize) {
    let (mut took, mut largest) = (vec![], 0);
    let mut index = 1_u64;
    for _ in 0..PROOFS {
        index = index
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let path = format!("/record/water/{}/proof", (index >> 11) % size);
        let begun = Instant::now();
        let answer = get(server.address, &path).await;
        took.push(begun.elapsed());
        assert!(answer.starts_with("HTTP/1.1 200"), "{path}: {answer}");
        let body = answer.split_once("\r\n\r\n").unwrap().1;
        largest = largest.max(body.len());
    }
    took.sort();
    (took, largest)
}

async fn get(address: std::net::SocketAddr, path: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

struct Exported {
    took: Duration,
    bytes: u64,
    /// In megabytes, at its highest.
    memory: f64,
}

/// `actapub record export` of everything that was recorded, beside the running server.
fn export(directory: &Path, port: u16) -> Exported {
    let file = directory.join("water.tar");
    let begun = Instant::now();
    let mut process = Command::new(env!("CARGO_BIN_EXE_actapub"))
        .args(["record", "export", "water", "--disclose", "staff"])
        .arg(&file)
        .arg("--data")
        .arg(directory)
        .arg("--url")
        .arg(format!("http://127.0.0.1:{port}"))
        .spawn()
        .unwrap();
    let mut memory = 0.0_f64;
    let status = loop {
        // The kernel keeps the highest value, so that no moment is missed but the last few.
        memory = memory.max(stand::memory_of(process.id()).map_or(0.0, |(_, highest)| highest));
        if let Some(status) = process.try_wait().unwrap() {
            break status;
        }
        std::thread::sleep(Duration::from_millis(20));
    };
    assert!(status.success());
    Exported {
        took: begun.elapsed(),
        bytes: file.metadata().unwrap().len(),
        memory,
    }
}
