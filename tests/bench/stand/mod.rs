//! What every bench needs: a server process of its own, the machine's raw limits, and figures to print.

use std::io::{BufRead as _, BufReader};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use actapub::agencies::{self, New};
use actapub::app::Services;
use actapub::federation::keys::SigningKey;
use actapub::kernel::{AnnouncementId, SafeHtml};
use actapub::platform::config::{Config, Sources};
use actapub::publishing::{self, Draft};

/// A free port on loopback; somebody else may take it in between, which then fails loudly.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}

/// The settings of a server under test: durable SQLite in `data`, everything else as it comes.
pub(crate) fn config(data: &Path, port: u16) -> Config {
    let listen = format!("127.0.0.1:{port}");
    Sources::default()
        .flag("data", data.display().to_string())
        .flag("listen", listen.clone())
        .flag("url", format!("http://{listen}"))
        .flag("federation.allow_private", "true")
        .load()
        .unwrap()
        .config
}

/// The server, as a process of its own: `target/release/actapub serve`.
pub(crate) struct Server {
    process: Child,
    pub address: SocketAddr,
}

impl Server {
    pub(crate) fn start(data: &Path, port: u16) -> Self {
        let listen = format!("127.0.0.1:{port}");
        let mut serve = Command::new(env!("CARGO_BIN_EXE_actapub"));
        serve
            .args([
                "serve",
                "--data",
                &data.display().to_string(),
                "--listen",
                &listen,
                "--url",
                &format!("http://{listen}"),
            ])
            .env("ACTAPUB_FEDERATION_ALLOW_PRIVATE", "true")
            .env("ACTAPUB_LOG_LEVEL", "warn");
        Self::of(&mut serve, port)
    }

    /// Whatever answers on the port, and says something on its standard error when it does.
    pub(crate) fn of(command: &mut Command, port: u16) -> Self {
        let mut process = command.stderr(Stdio::piped()).spawn().unwrap();
        let errors = BufReader::new(process.stderr.take().unwrap());
        let (ready, is_ready) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            for line in errors.lines().map_while(Result::ok) {
                let _ = ready.send(());
                if line.contains("ERROR") {
                    eprintln!("server: {line}");
                }
            }
        });
        is_ready
            .recv_timeout(Duration::from_secs(30))
            .expect("the server starts");
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        while std::net::TcpStream::connect(address).is_err() {}
        Self { process, address }
    }

    /// Resident memory in megabytes: now, and at its highest.
    pub(crate) fn memory(&self) -> (f64, f64) {
        memory_of(self.process.id()).unwrap()
    }

    /// Processor time that it has used.
    pub(crate) fn processor_time(&self) -> Duration {
        processor_time_of(&self.process.id().to_string())
    }
}

/// Resident memory of a process in megabytes: now, and at its highest; `None` once it has ended.
pub(crate) fn memory_of(process: u32) -> Option<(f64, f64)> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let read = |name: &str| {
        let line = status.lines().find(|line| line.starts_with(name))?;
        let kilobytes: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
        Some(kilobytes / 1024.0)
    };
    Some((read("VmRSS:")?, read("VmHWM:")?))
}

/// Processor time that this process has used.
pub(crate) fn own_processor_time() -> Duration {
    processor_time_of("self")
}

fn processor_time_of(process: &str) -> Duration {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
    let fields: Vec<&str> = stat.rsplit_once(") ").unwrap().1.split(' ').collect();
    let ticks: u64 = fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap();
    // The kernel counts in hundredths of a second on every Linux that we know.
    Duration::from_millis(ticks * 10)
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Sets up @water with one announcement, and returns that.
pub(crate) async fn agency_with_announcement(config: &Config) -> (Services, AnnouncementId) {
    let services = Services::open(config).await.unwrap();
    let (clock, site, rules) = (
        services.clock.clone(),
        services.site.clone(),
        services.rules,
    );
    let id = services
        .db
        .write(move |conn| {
            let agency = agencies::create(
                conn,
                clock.as_ref(),
                New {
                    handle: "water".parse().unwrap(),
                    name: "Water Works".to_owned(),
                    summary: String::new(),
                    summary_html: SafeHtml::default(),
                    links: vec![],
                    language: "en".to_owned(),
                    avatar: None,
                    header: None,
                },
            )
            .unwrap();
            let draft = Draft {
                agency: agency.id,
                markdown: "Boil your water until further notice. #BoilWater".to_owned(),
                warning: None,
                language: "en".to_owned(),
                mentions: vec![],
                images: vec![],
                poll: None,
                article: None,
                answering: None,
                pin: false,
            };
            let announcement =
                publishing::announce(conn, clock.as_ref(), &site, rules, draft).unwrap();
            Ok::<_, actapub::platform::db::Error>(announcement.id)
        })
        .await
        .unwrap();
    (services, id)
}

/// Processor time that this thread has used: what other processes take meanwhile does not count.
fn own_time() -> Duration {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    Duration::from_nanos(text.split(' ').next().unwrap().parse().unwrap())
}

/// RSA-2048 signatures in a second of processor time, with so many threads signing: where cores share units, a second is
/// worth less when both are busy, as they are under a server and its generator.
pub(crate) fn raw_signatures(key: &SigningKey, threads: usize, during: Duration) -> f64 {
    let sign = || {
        let (begun, used) = (Instant::now(), own_time());
        let mut count = 0_u32;
        while begun.elapsed() < during {
            key.sign(&count.to_le_bytes()).unwrap();
            count += 1;
        }
        (f64::from(count), own_time().checked_sub(used).unwrap())
    };
    let signed: Vec<_> = std::thread::scope(|scope| {
        let all: Vec<_> = (0..threads).map(|_| scope.spawn(sign)).collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    let count: f64 = signed.iter().map(|(count, _)| count).sum();
    let used: Duration = signed.iter().map(|(_, used)| *used).sum();
    count / used.as_secs_f64()
}

/// RSA-2048 verifications in a second of a core's time.
pub(crate) fn raw_verifications(key: &SigningKey, during: Duration) -> f64 {
    let (public, signature) = (key.public(), key.sign(b"message").unwrap());
    let (begun, used) = (Instant::now(), own_time());
    let mut count = 0_u32;
    while begun.elapsed() < during {
        assert!(public.verifies(b"message", &signature));
        count += 1;
    }
    f64::from(count) / own_time().checked_sub(used).unwrap().as_secs_f64()
}

/// The `q`-quantile of durations, in milliseconds.
pub(crate) fn quantile(sorted: &[Duration], q: f64) -> f64 {
    let at = ((sorted.len() - 1) as f64 * q).round() as usize;
    sorted[at].as_secs_f64() * 1_000.0
}
