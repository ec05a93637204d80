//! Figures for Prometheus: counts, depths and durations, with labels that only the code can choose.

use std::fmt;
use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};

/// The media type of what [`Metrics::encode`] returns (`OpenMetrics` 1.0).
pub const METRICS_CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Upper bounds in seconds, for work inside this machine.
const QUICK: [f64; 12] = [
    0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0,
];
/// Upper bounds in seconds, for what waits for another server.
const REMOTE: [f64; 9] = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 10.0];

fn quick() -> Histogram {
    Histogram::new(QUICK)
}

fn remote() -> Histogram {
    Histogram::new(REMOTE)
}

/// A label whose values are words in the code, so that nobody outside can add to their number.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Outcome {
    outcome: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Reason {
    reason: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Kind {
    kind: &'static str,
}

/// The log of one agency, by the name in its address: there are as many as the operator set up.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfLog {
    log: String,
}

/// A witness, by its name in the operator's policy.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfWitness {
    witness: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answer {
    route: String,
    status: &'static str,
}

/// All figures of one server. Cheap to count into from any thread.
pub struct Metrics {
    pub inbox: InboxMetrics,
    pub delivery: DeliveryMetrics,
    pub database: DatabaseMetrics,
    pub fetches: FetchMetrics,
    pub http: HttpMetrics,
    pub record: RecordMetrics,
    registry: Registry,
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Metrics").finish_non_exhaustive()
    }
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("actapub");
        let version = Info::new([("version", env!("CARGO_PKG_VERSION"))]);
        registry.register("build", "The running version", version);
        Self {
            inbox: InboxMetrics::register(registry.sub_registry_with_prefix("inbox")),
            delivery: DeliveryMetrics::register(registry.sub_registry_with_prefix("delivery")),
            database: DatabaseMetrics::register(registry.sub_registry_with_prefix("database")),
            fetches: FetchMetrics::register(registry.sub_registry_with_prefix("fetch")),
            http: HttpMetrics::register(registry.sub_registry_with_prefix("http")),
            record: RecordMetrics::register(registry.sub_registry_with_prefix("record")),
            registry,
        }
    }
}

impl Metrics {
    /// The figures of this moment, as `OpenMetrics` text.
    pub fn encode(&self) -> String {
        let mut text = String::new();
        // Writing to a String does not fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}

/// How much waits, and for how long the first of it has.
#[derive(Debug, Default)]
struct Queue {
    depth: Gauge,
    age: Gauge,
}

impl Queue {
    fn register(registry: &mut Registry, what: &str) -> Self {
        let queue = Self::default();
        registry.register(
            "queue_depth",
            format!("{what} that wait"),
            queue.depth.clone(),
        );
        registry.register_with_unit(
            "queue_age",
            format!("How long the oldest of the {what} has waited"),
            Unit::Seconds,
            queue.age.clone(),
        );
        queue
    }

    fn set(&self, depth: u64, oldest: Duration) {
        self.depth.set(i64::try_from(depth).unwrap_or(i64::MAX));
        self.age
            .set(i64::try_from(oldest.as_secs()).unwrap_or(i64::MAX));
    }
}

/// Activities that arrive.
#[derive(Debug)]
pub struct InboxMetrics {
    received: Counter,
    refused: Family<Reason, Counter>,
    processed: Family<Kind, Counter>,
    failed: Counter,
    set_aside: Counter,
    queue: Queue,
}

impl InboxMetrics {
    fn register(registry: &mut Registry) -> Self {
        let inbox = Self {
            received: Counter::default(),
            refused: Family::default(),
            processed: Family::default(),
            failed: Counter::default(),
            set_aside: Counter::default(),
            queue: Queue::register(registry, "activities"),
        };
        registry.register(
            "received",
            "Activities stored and answered with 202",
            inbox.received.clone(),
        );
        registry.register(
            "refused",
            "Requests to an inbox that were refused, by reason",
            inbox.refused.clone(),
        );
        registry.register(
            "processed",
            "Activities processed, by type",
            inbox.processed.clone(),
        );
        registry.register(
            "failed",
            "Failed tries to process an activity",
            inbox.failed.clone(),
        );
        registry.register(
            "set_aside",
            "Activities given up after the last try",
            inbox.set_aside.clone(),
        );
        inbox
    }

    /// An activity is stored and its sender has been told so.
    pub fn received(&self) {
        self.received.inc();
    }

    /// A request was refused, for a reason such as `stale` or `wrong_key`.
    pub fn refused(&self, reason: &'static str) {
        self.refused.get_or_create(&Reason { reason }).inc();
    }

    /// An activity was processed; its kind is `Create`, `Follow`…, as known to the code.
    pub fn processed(&self, kind: &'static str) {
        self.processed.get_or_create(&Kind { kind }).inc();
    }

    /// One try to process an activity failed, and another will follow.
    pub fn failed(&self) {
        self.failed.inc();
    }

    /// The last try failed.
    pub fn set_aside(&self) {
        self.set_aside.inc();
    }

    /// How many activities wait, and for how long the oldest has.
    pub fn queue(&self, depth: u64, oldest: Duration) {
        self.queue.set(depth, oldest);
    }
}

/// Activities that go out.
#[derive(Debug)]
pub struct DeliveryMetrics {
    attempts: Family<Outcome, Counter>,
    duration: Histogram,
    queue: Queue,
}

impl DeliveryMetrics {
    fn register(registry: &mut Registry) -> Self {
        let delivery = Self {
            attempts: Family::default(),
            duration: remote(),
            queue: Queue::register(registry, "deliveries"),
        };
        registry.register(
            "attempts",
            "Deliveries tried, by outcome",
            delivery.attempts.clone(),
        );
        registry.register_with_unit(
            "duration",
            "How long one attempt took",
            Unit::Seconds,
            delivery.duration.clone(),
        );
        delivery
    }

    /// One attempt ended: `done`, `retry`, `gone`, `dead`….
    pub fn attempted(&self, outcome: &'static str, took: Duration) {
        self.attempts.get_or_create(&Outcome { outcome }).inc();
        self.duration.observe(took.as_secs_f64());
    }

    /// How many deliveries are due or wait for another try, and for how long the oldest has been due.
    pub fn queue(&self, depth: u64, oldest: Duration) {
        self.queue.set(depth, oldest);
    }
}

/// The database, as its users see it.
#[derive(Debug)]
pub struct DatabaseMetrics {
    read: Histogram,
    write: Histogram,
    pool_wait: Histogram,
    writer_queue: Gauge,
}

impl DatabaseMetrics {
    fn register(registry: &mut Registry) -> Self {
        let database = Self {
            read: quick(),
            write: quick(),
            pool_wait: quick(),
            writer_queue: Gauge::default(),
        };
        for (name, help, histogram) in [
            ("read_duration", "How long a reading took", &database.read),
            (
                "write_duration",
                "How long a writing took, its commit and its wait included",
                &database.write,
            ),
            (
                "pool_wait",
                "How long a connection was waited for",
                &database.pool_wait,
            ),
        ] {
            registry.register_with_unit(name, help, Unit::Seconds, histogram.clone());
        }
        registry.register(
            "writer_queue",
            "Writings that wait for the one writer (SQLite)",
            database.writer_queue.clone(),
        );
        database
    }

    pub fn read(&self, took: Duration) {
        self.read.observe(took.as_secs_f64());
    }

    /// From the request to the commit.
    pub fn wrote(&self, took: Duration) {
        self.write.observe(took.as_secs_f64());
    }

    /// A connection came free after this long.
    pub fn pool_waited(&self, took: Duration) {
        self.pool_wait.observe(took.as_secs_f64());
    }

    /// How many writings wait for the writer.
    pub fn writer_queue(&self, depth: usize) {
        self.writer_queue
            .set(i64::try_from(depth).unwrap_or(i64::MAX));
    }
}

/// Documents fetched from other servers.
#[derive(Debug)]
pub struct FetchMetrics {
    done: Family<Outcome, Counter>,
    duration: Histogram,
}

impl FetchMetrics {
    fn register(registry: &mut Registry) -> Self {
        let fetches = Self {
            done: Family::default(),
            duration: remote(),
        };
        registry.register("done", "Fetches, by outcome", fetches.done.clone());
        registry.register_with_unit(
            "duration",
            "How long a fetch took",
            Unit::Seconds,
            fetches.duration.clone(),
        );
        fetches
    }

    /// One fetch ended: `ok`, `gone`, `refused`, `timeout`….
    pub fn done(&self, outcome: &'static str, took: Duration) {
        self.done.get_or_create(&Outcome { outcome }).inc();
        self.duration.observe(took.as_secs_f64());
    }
}

/// Requests that this server answers.
#[derive(Debug)]
pub struct HttpMetrics {
    requests: Family<Answer, Counter>,
    duration: Histogram,
}

impl HttpMetrics {
    fn register(registry: &mut Registry) -> Self {
        let http = Self {
            requests: Family::default(),
            duration: quick(),
        };
        registry.register(
            "requests",
            "Requests answered, by route and class of status",
            http.requests.clone(),
        );
        registry.register_with_unit(
            "duration",
            "How long a request took until its answer began",
            Unit::Seconds,
            http.duration.clone(),
        );
        http
    }

    /// One request was answered. `route` is the pattern that matched, such as `/@{handle}`, never the path asked
    /// for, which strangers choose; `None` if none matched.
    pub fn answered(&self, route: Option<&str>, status: u16, took: Duration) {
        let answer = Answer {
            route: route.unwrap_or("none").to_owned(),
            status: match status {
                100..=199 => "1xx",
                200..=299 => "2xx",
                300..=399 => "3xx",
                400..=499 => "4xx",
                _ => "5xx",
            },
        };
        self.requests.get_or_create(&answer).inc();
        self.duration.observe(took.as_secs_f64());
    }
}

/// The public record.
#[derive(Debug, Default)]
pub struct RecordMetrics {
    entries: Family<OfLog, Gauge>,
    signed: Family<OfLog, Gauge>,
    witnessed: Family<OfLog, Gauge>,
    age: Family<OfLog, Gauge>,
    unwitnessed: Family<OfLog, Gauge>,
    stopped: Family<OfLog, Gauge>,
    failures: Family<OfWitness, Counter>,
    backlog: Gauge,
}

/// A log as its figures have it.
#[derive(Debug, Clone, Copy)]
pub struct LogFigures {
    pub entries: u64,
    pub signed: u64,
    pub witnessed: u64,
    /// Since the newest checkpoint was signed.
    pub age: Duration,
    /// Whether nothing is recorded, since more was seen elsewhere.
    pub stopped: bool,
}

impl RecordMetrics {
    fn register(registry: &mut Registry) -> Self {
        let record = Self::default();
        for (name, help, family) in [
            ("entries", "Entries of a log", &record.entries),
            (
                "signed",
                "Entries that the newest checkpoint covers",
                &record.signed,
            ),
            (
                "witnessed",
                "Entries that the newest checkpoint with enough cosignatures covers",
                &record.witnessed,
            ),
            (
                "stopped",
                "1 if nothing is recorded, since more of the log was seen elsewhere than is here",
                &record.stopped,
            ),
        ] {
            registry.register(name, help, family.clone());
        }
        for (name, help, family) in [
            (
                "checkpoint_age",
                "How long ago the newest checkpoint was signed",
                &record.age,
            ),
            (
                "unwitnessed",
                "For how long the newest checkpoint has lacked the witnesses that the policy asks for",
                &record.unwitnessed,
            ),
        ] {
            registry.register_with_unit(name, help, Unit::Seconds, family.clone());
        }
        registry.register(
            "witness_failures",
            "Requests to a witness that brought no cosignature",
            record.failures.clone(),
        );
        registry.register(
            "backlog",
            "Facts that wait to be recorded",
            record.backlog.clone(),
        );
        record
    }

    /// How a log stands; `name` is the last part of its address.
    pub fn log(&self, name: &str, figures: LogFigures) {
        let of = OfLog {
            log: name.to_owned(),
        };
        let gauge = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        self.entries.get_or_create(&of).set(gauge(figures.entries));
        self.signed.get_or_create(&of).set(gauge(figures.signed));
        self.witnessed
            .get_or_create(&of)
            .set(gauge(figures.witnessed));
        self.age
            .get_or_create(&of)
            .set(gauge(figures.age.as_secs()));
        self.stopped
            .get_or_create(&of)
            .set(i64::from(figures.stopped));
    }

    /// How many facts wait to be recorded.
    pub fn backlog(&self, facts: u64) {
        self.backlog.set(i64::try_from(facts).unwrap_or(i64::MAX));
    }

    /// For how long a log has lacked its witnesses; zero if it does not.
    pub fn unwitnessed(&self, name: &str, lasting: Duration) {
        let of = OfLog {
            log: name.to_owned(),
        };
        let seconds = i64::try_from(lasting.as_secs()).unwrap_or(i64::MAX);
        self.unwitnessed.get_or_create(&of).set(seconds);
    }

    /// A witness was asked and did not cosign. `name` is the operator's for it.
    pub fn witness_failed(&self, name: &str) {
        let of = OfWitness {
            witness: name.to_owned(),
        };
        self.failures.get_or_create(&of).inc();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_counted_is_in_the_text() {
        let metrics = Metrics::default();
        metrics.inbox.received();
        metrics.inbox.refused("stale");
        metrics.inbox.refused("stale");
        metrics.inbox.processed("Create");
        metrics.inbox.failed();
        metrics.inbox.set_aside();
        metrics.inbox.queue(3, Duration::from_secs(7));
        metrics
            .delivery
            .attempted("done", Duration::from_millis(20));
        metrics.delivery.queue(5, Duration::ZERO);
        metrics.database.read(Duration::from_micros(300));
        metrics.database.wrote(Duration::from_millis(2));
        metrics.database.pool_waited(Duration::ZERO);
        metrics.database.writer_queue(9);
        metrics.fetches.done("ok", Duration::from_millis(80));
        metrics
            .http
            .answered(Some("/@{handle}"), 200, Duration::from_millis(1));
        metrics.http.answered(None, 404, Duration::from_millis(1));
        let (entries, age) = (12, Duration::from_secs(3));
        metrics.record.log(
            "water",
            LogFigures {
                entries,
                signed: 11,
                witnessed: 10,
                age,
                stopped: true,
            },
        );
        metrics.record.backlog(2);
        metrics.record.unwitnessed("water", Duration::from_secs(75));
        metrics.record.witness_failed("county");
        let text = metrics.encode();
        for line in [
            "actapub_inbox_received_total 1",
            "actapub_inbox_refused_total{reason=\"stale\"} 2",
            "actapub_inbox_processed_total{kind=\"Create\"} 1",
            "actapub_inbox_failed_total 1",
            "actapub_inbox_set_aside_total 1",
            "actapub_inbox_queue_depth 3",
            "actapub_inbox_queue_age_seconds 7",
            "actapub_delivery_attempts_total{outcome=\"done\"} 1",
            "actapub_delivery_duration_seconds_bucket{le=\"0.025\"} 1",
            "actapub_delivery_queue_depth 5",
            "actapub_database_read_duration_seconds_count 1",
            "actapub_database_write_duration_seconds_count 1",
            "actapub_database_pool_wait_seconds_count 1",
            "actapub_database_writer_queue 9",
            "actapub_fetch_done_total{outcome=\"ok\"} 1",
            "actapub_http_requests_total{route=\"/@{handle}\",status=\"2xx\"} 1",
            "actapub_http_requests_total{route=\"none\",status=\"4xx\"} 1",
            "actapub_record_entries{log=\"water\"} 12",
            "actapub_record_signed{log=\"water\"} 11",
            "actapub_record_witnessed{log=\"water\"} 10",
            "actapub_record_stopped{log=\"water\"} 1",
            "actapub_record_checkpoint_age_seconds{log=\"water\"} 3",
            "actapub_record_unwitnessed_seconds{log=\"water\"} 75",
            "actapub_record_witness_failures_total{witness=\"county\"} 1",
            "actapub_record_backlog 2",
            "# EOF",
        ] {
            assert!(
                text.lines().any(|one| one == line),
                "{line} is missing from\n{text}"
            );
        }
    }
}
