//! What a server and a command have in common: the database and all that knows how to use it.

use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, bail};
use async_trait::async_trait;

use super::Tasks;
use super::identity::hold_to;
use super::mail::mailer;
use super::openid;
use super::polls::keep_polls;
use super::timetable::keep_time;
use super::upkeep::{fill_queues, housekeeping, keep_schedule, watch_for_others};
use crate::agencies::staff;
use crate::archive::erasure::{self, Eraser, Ledger};
use crate::archive::keys::{KeyStore, record_key_of};
use crate::archive::leaf::Precision;
use crate::archive::marks::Marks;
use crate::archive::policies;
use crate::archive::receipts::Receipts;
use crate::archive::recorder::{self, Recorder};
use crate::archive::retention::{self, Profile, Retention};
use crate::archive::search::Indexer;
use crate::archive::witness::Witness;
use crate::archive::witnesses::{self, Collector};
use crate::dialogue::queue;
use crate::federation::actors::Directory;
use crate::federation::delivery::{self, Sender, Signers, Signing, Sleepers};
use crate::federation::fetch::{FetchLimits, Fetcher};
use crate::federation::inbox::{self, Door, Observer, Peers, Worker};
use crate::federation::keys::{Ring, RingError, Signer};
use crate::federation::outbox::{self, Outbox};
use crate::kernel::{AgencyId, Clock, Site, SystemClock};
use crate::platform::bell::Bells;
use crate::platform::chance;
use crate::platform::config::{
    Config, DatabaseUrl, Disclosure, HandleDomain, Record, RecordTimes, RetentionProfile,
};
use crate::platform::db::{self, Db, Location, Watch};
use crate::platform::net::{Client, NetSettings, Reach};
use crate::platform::telemetry::Metrics;
use crate::publishing::Rules;
use crate::publishing::pictures::Limits;
use crate::web::console::Desk;
use crate::web::{self, State};

/// How much is ordered to be disposed of in one transaction.
const DISPOSE_AT_ONCE: i64 = 200;

/// The parts of a server, put together.
#[derive(Clone)]
pub struct Services {
    pub db: Db,
    pub clock: Arc<dyn Clock>,
    pub site: Site,
    pub ring: Ring,
    pub directory: Directory,
    pub bells: Bells,
    pub client: Client,
    pub sleepers: Sleepers,
    pub rules: Rules,
    /// How the record is kept.
    pub record: recorder::Settings,
    /// Which witnesses the record's checkpoints need.
    pub policy: Option<policies::Rules>,
    /// The way to them.
    pub witness_client: Client,
    /// Where destructions are listed, beside the database.
    pub ledger: Ledger,
    /// Where it is noted how far the record is signed, likewise.
    pub marks: Marks,
    pub web: State,
}

impl std::fmt::Debug for Services {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Services")
            .field("site", &self.site)
            .finish_non_exhaustive()
    }
}

/// Our addresses, as the configuration has them.
pub fn site_of(config: &Config) -> Site {
    let domain = config.handle_domain.as_ref().map(HandleDomain::as_str);
    Site::new(&config.url, domain)
}

/// Opens the configured database, making it if need be, and brings it up to date.
pub async fn open_database(config: &Config) -> anyhow::Result<Db> {
    prepare_data(config)?;
    let location = Location::parse(&config.database.reveal());
    Db::open(&location, config.database_connections.as_usize())
        .await
        .with_context(|| config.database.to_string())
}

/// Makes the folder for the data, and says in a sentence if that cannot be.
pub fn prepare_data(config: &Config) -> anyhow::Result<()> {
    let DatabaseUrl::Sqlite(path) = &config.database else {
        return Ok(());
    };
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    // The private keys lie in there.
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .with_context(|| format!("cannot make the data folder {}", folder.display()))?;
    let probe = folder.join(".actapub-write-test");
    match std::fs::write(&probe, b"") {
        Ok(()) => drop(std::fs::remove_file(&probe)),
        Err(error) => bail!(
            "cannot write to the data folder {}: {error}",
            folder.display()
        ),
    }
    Ok(())
}

impl Services {
    /// Opens the database and sets everything up; starts nothing.
    pub async fn open(config: &Config) -> anyhow::Result<Self> {
        Self::open_with(config, Arc::new(SystemClock)).await
    }

    /// The same under another clock.
    pub async fn open_with(config: &Config, clock: Arc<dyn Clock>) -> anyhow::Result<Self> {
        Self::open_through(config, clock, client(config, reach(config))?).await
    }

    /// The same with another way to other servers.
    pub async fn open_through(
        config: &Config,
        clock: Arc<dyn Clock>,
        client: Client,
    ) -> anyhow::Result<Self> {
        let db = open_database(config).await?;
        hold_to(&db, &site_of(config)).await?;
        Self::assemble(config, db, clock, client).await
    }

    /// The same over a database that is open, and held to the configured url, already.
    pub async fn over(config: &Config, db: Db, clock: Arc<dyn Clock>) -> anyhow::Result<Self> {
        Self::assemble(config, db, clock, client(config, reach(config))?).await
    }

    async fn assemble(
        config: &Config,
        db: Db,
        clock: Arc<dyn Clock>,
        client: Client,
    ) -> anyhow::Result<Self> {
        let site = site_of(config);
        let ring = Ring::new(db.clone(), clock.clone(), site.clone());
        if config.federation.allow_private {
            tracing::warn!(
                "federation.allow_private is on: this server talks to private addresses and without TLS"
            );
        }
        let instance = ring.instance().await?.rsa.clone();
        let signer = move || {
            let Signer { key, key_id } = instance.clone();
            (key, key_id)
        };
        let limits = FetchLimits {
            time: config.federation.timeout,
            at_once: config.federation.fetches.as_usize(),
            ..FetchLimits::default()
        };
        let fetcher = Fetcher::new(
            &client,
            site.authority(),
            Arc::new(signer),
            clock.clone(),
            limits,
        )
        .await?;
        let directory = Directory::new(db.clone(), clock.clone(), &site, fetcher);
        let bells = Bells::default();
        let sleepers = Sleepers::new(bells.deliveries.clone());
        let peers: Arc<dyn Peers> = Arc::new(sleepers.clone());
        let door = Door::new(
            db.clone(),
            clock.clone(),
            site.clone(),
            directory.clone(),
            peers,
            bells.events.clone(),
        );
        let mut record = record_settings(&config.record);
        let policy = config.record.policy.as_deref().map(policies::read);
        let listed = config.record.witness_for.as_deref();
        let listed = listed.map(policies::read_logs).transpose()?;
        let listed = listed.unwrap_or_default();
        let witness =
            Witness::open(db.clone(), clock.clone(), &site, &record.keys, &listed).await?;
        record.witness = Some(witness.clone());
        let rules = Rules {
            longest: config.limits.text.as_usize(),
            most_images: config.limits.images.as_usize(),
            longest_article: config.limits.article.as_usize(),
        };
        let web = State::new(web::Reachable {
            db: db.clone(),
            clock: clock.clone(),
            site: site.clone(),
            ring: ring.clone(),
            directory: directory.clone(),
            door,
            witness,
            desk: Arc::new(Desk::new(
                openid::of(config, &site)?,
                mailer(config, &site)?,
            )),
            metrics: Arc::new(Metrics::default()),
            server: Arc::new(server(config, rules)),
        });
        Ok(Self {
            db,
            clock,
            site,
            ring,
            directory,
            bells,
            client,
            sleepers,
            rules,
            record,
            policy: policy.transpose()?,
            witness_client: witness_client(config)?,
            ledger: Ledger::within(&config.data),
            marks: Marks::within(&config.data),
            web,
        })
    }

    /// The worker that acts upon what arrives.
    pub fn worker(&self) -> Worker {
        let observer = Arc::new(InboxObserver(self.web.metrics.clone()));
        Worker::new(
            self.db.clone(),
            self.clock.clone(),
            self.site.clone(),
            self.directory.clone(),
            self.bells.clone(),
            observer,
        )
    }

    /// The consumer of facts that makes activities of them.
    pub fn outbox(&self) -> Outbox {
        Outbox::new(
            self.db.clone(),
            self.clock.clone(),
            self.site.clone(),
            self.ring.clone(),
            self.bells.clone(),
            record_key_of,
        )
    }

    /// What keeps the record: leaves, checkpoints, destructions.
    pub fn recorder(&self) -> Recorder {
        Recorder::new(
            self.db.clone(),
            self.clock.clone(),
            self.site.clone(),
            self.record.clone(),
            Eraser::new(self.db.clone(), self.clock.clone(), self.ledger.clone()),
            self.marks.clone(),
            (self.bells.record.clone(), self.bells.checkpoints.clone()),
        )
    }

    /// Orders the disposal of everything that was kept long enough; the record executes it.
    pub async fn dispose(&self) -> Result<retention::Due, db::Error> {
        let mut all = retention::Due::default();
        loop {
            let (clock, rules) = (self.clock.clone(), self.record.retention);
            let due = self
                .db
                .write(move |conn| retention::dispose(conn, clock.as_ref(), rules, DISPOSE_AT_ONCE))
                .await?;
            all.replies += due.replies;
            all.messages += due.messages;
            all.reports += due.reports;
            self.bells.record.ring();
            if !due.more {
                return Ok(all);
            }
        }
    }

    /// Destroys what the list beside the database says was destroyed, if somebody has put an older database here.
    /// Returns how much was back.
    pub async fn apply_erasures_again(&self) -> Result<usize, erasure::Failure> {
        let (clock, ledger) = (self.clock.clone(), self.ledger.clone());
        let again = self
            .db
            .write(move |conn| erasure::apply_again(conn, clock.as_ref(), &ledger))
            .await?;
        if again > 0 {
            self.db.settle().await?;
        }
        Ok(again)
    }

    /// What brings the record's checkpoints to their witnesses.
    pub fn collector(&self) -> Collector {
        Collector::new(
            self.db.clone(),
            self.clock.clone(),
            self.witness_client.clone(),
            self.policy.clone(),
            self.bells.checkpoints.clone(),
            self.web.metrics.clone(),
        )
    }

    /// Makes the operator's rules for witnesses those of the record, which says so if they are new.
    pub async fn adopt_policy(&self) -> Result<(), db::Error> {
        let (clock, policy) = (self.clock.clone(), self.policy.clone());
        self.db
            .write(move |conn| policies::adopt_rules(conn, clock.as_ref(), policy.as_ref()))
            .await?;
        self.bells.facts.ring();
        Ok(())
    }

    /// Where somebody sets this server up, if it is empty; it is told once, and earlier ones are void.
    pub async fn setup_link(&self) -> anyhow::Result<Option<String>> {
        let clock = self.clock.clone();
        let offered = self
            .db
            .write(move |conn| staff::links::offer_setup(conn, clock.as_ref(), &chance))
            .await?;
        Ok(offered.map(|it| self.site.setting_up(it.token.reveal())))
    }

    /// Takes the next facts into the queues of the agencies they concern. Whether there were any.
    pub async fn fill_queues_once(&self) -> Result<bool, db::Error> {
        if !self.db.read(queue::is_behind).await? {
            return Ok(false);
        }
        let clock = self.clock.clone();
        self.db
            .write(move |conn| queue::take_in(conn, clock.as_ref()))
            .await
    }

    /// Takes in all of them: for commands and tests.
    pub async fn fill_queues(&self) -> Result<(), db::Error> {
        while self.fill_queues_once().await? {}
        Ok(())
    }

    /// What keeps the words of the record, to be looked for.
    pub fn indexer(&self) -> Indexer {
        Indexer::new(self.db.clone())
    }

    /// What sends the authors of replies their receipts.
    pub fn receipts(&self) -> Receipts {
        Receipts::new(
            self.db.clone(),
            self.clock.clone(),
            self.site.clone(),
            self.bells.deliveries.clone(),
        )
    }

    /// What brings activities to other servers.
    pub fn sender(&self, settings: delivery::Settings) -> Sender {
        Sender {
            db: self.db.clone(),
            clock: self.clock.clone(),
            client: self.client.clone(),
            signers: Arc::new(RingSigners(self.ring.clone())),
            bell: self.bells.deliveries.clone(),
            sleepers: self.sleepers.clone(),
            observer: Arc::new(DeliveryObserver(self.web.metrics.clone())),
            settings,
        }
    }

    /// Starts all that works in the background.
    pub(super) fn start(
        &self,
        tasks: &Tasks,
        config: &Config,
        collector: Collector,
    ) -> anyhow::Result<()> {
        let watch = Watch::open(&Location::parse(&config.database.reveal()))?;
        tasks.own(
            "watch",
            watch_for_others(watch, self.bells.clone(), tasks.stopping()),
        );
        let worker = self.worker().with_limits(inbox::Limits {
            attempts: config.inbox.attempts.get(),
            ancestors: config.federation.ancestors.get(),
        });
        let stop = tasks.stopping();
        tasks.own("inbox", async move { worker.run(stop).await });
        let outbox = self.outbox();
        let stop = tasks.stopping();
        tasks.own("outbox", async move { outbox.run(stop).await });
        let recorder = self.recorder();
        let stop = tasks.stopping();
        tasks.own("record", async move { recorder.run(stop).await });
        if self.policy.is_some() {
            let stop = tasks.stopping();
            tasks.own("witnesses", async move { collector.run(stop).await });
        }
        let indexer = self.indexer();
        let stop = tasks.stopping();
        tasks.own("search", async move { indexer.run(stop).await });
        if config.record.receipts {
            let receipts = self.receipts();
            let stop = tasks.stopping();
            tasks.own("receipts", async move { receipts.run(stop).await });
        }
        let delivery = delivery::Settings::default();
        let sender = self.sender(delivery::Settings {
            concurrency: config.delivery.concurrency.as_usize(),
            per_host: config.delivery.per_host.as_usize(),
            // An attempt may make several requests, each as long as the client waits.
            lease: delivery.lease.max(config.federation.timeout * 5),
            ..delivery
        });
        let stop = tasks.stopping();
        tasks.own("delivery", async move { sender.run(stop).await });
        tasks.own("queues", fill_queues(self.clone(), tasks.stopping()));
        tasks.own("timetable", keep_time(self.clone(), tasks.stopping()));
        tasks.own("polls", keep_polls(self.clone(), tasks.stopping()));
        tasks.own("retention", keep_schedule(self.clone(), tasks.stopping()));
        tasks.own(
            "housekeeping",
            housekeeping(self.clone(), config.inbox.keep, tasks.stopping()),
        );
        Ok(())
    }
}

/// How the record is kept, as the configuration says.
fn record_settings(config: &Record) -> recorder::Settings {
    let profile = match config.profile {
        RetentionProfile::Neutral => Profile::Neutral,
        RetentionProfile::Eu => Profile::Eu,
        RetentionProfile::UsFederal => Profile::UsFederal,
        RetentionProfile::UsState => Profile::UsState,
    };
    recorder::Settings {
        keys: KeyStore::new(config.keys.clone()),
        precision: match config.citizen_times {
            RecordTimes::Minute => Precision::Minute,
            RecordTimes::Second => Precision::Second,
        },
        retention: Retention {
            deleted: config.keep_deleted.unwrap_or(profile.deleted()),
            correspondence: config.keep_correspondence,
            replies: config.keep_replies,
        },
        witness: None,
    }
}

/// Gives the sender the keys of whoever says an activity.
struct RingSigners(Ring);

#[async_trait]
impl Signers for RingSigners {
    async fn for_activity(&self, agency: AgencyId, kind: &str) -> Result<Arc<Signing>, RingError> {
        let keys = self.0.agency(agency).await?;
        // Peers know the old key only, until this very activity tells them of the new one.
        let announces = outbox::announces_keys(kind);
        let rsa = keys
            .previous
            .clone()
            .filter(|_| announces)
            .unwrap_or_else(|| keys.rsa.clone());
        Ok(Arc::new(Signing {
            rsa,
            ed25519: (!announces).then(|| keys.ed25519.clone()),
        }))
    }
}

struct DeliveryObserver(Arc<Metrics>);

impl delivery::Observer for DeliveryObserver {
    fn attempted(&self, outcome: &'static str, took: Duration) {
        self.0.delivery.attempted(outcome, took);
    }
}

struct InboxObserver(Arc<Metrics>);

impl Observer for InboxObserver {
    fn processed(&self, count: usize) {
        for _ in 0..count {
            self.0.inbox.processed("activity");
        }
    }

    fn set_aside(&self) {
        self.0.inbox.set_aside();
    }
}

/// Who may be reached, as the configuration has it.
fn reach(config: &Config) -> Reach {
    Reach {
        allow_private: config.federation.allow_private,
    }
}

/// The way to other servers, as the configuration bounds it.
pub fn client(config: &Config, reach: Reach) -> anyhow::Result<Client> {
    let federation = &config.federation;
    Ok(Client::new(&NetSettings {
        connect_timeout: federation.connect_timeout,
        timeout: federation.timeout,
        extra_ca_pem: federation.extra_ca.as_ref().map(|ca| ca.pem().to_vec()),
        max_body: federation.fetch_size.as_usize(),
        ..NetSettings::new(user_agent(&site_of(config)), reach)
    })?)
}

/// The way to witnesses, who are waited for only briefly.
fn witness_client(config: &Config) -> anyhow::Result<Client> {
    let mut brief = config.clone();
    brief.federation.connect_timeout = witnesses::CONNECT_TIMEOUT;
    brief.federation.timeout = witnesses::TIMEOUT;
    client(&brief, reach(config))
}

/// How we introduce ourselves to other servers.
fn user_agent(site: &Site) -> String {
    format!("Actapub/{} (+{}/)", env!("CARGO_PKG_VERSION"), site.base())
}

/// What the server says of itself, and what it bears.
fn server(config: &Config, rules: Rules) -> web::Server {
    web::Server {
        name: config.about.name.clone(),
        summary: config.about.summary.clone(),
        contact: config.about.contact.clone(),
        language: config.about.language.to_string(),
        source: config.about.source.as_str().to_owned(),
        max_body: config.limits.body.as_usize(),
        request_timeout: config.limits.request_timeout,
        most_requests: config.limits.requests.as_usize(),
        allow_private: config.federation.allow_private,
        discloses: config.record.disclosure == Disclosure::Public,
        licence: config.record.licence.as_str().to_owned(),
        rules,
        pictures: Limits {
            bytes: config.limits.image_size.as_usize(),
            pixels: config.limits.image_pixels.get().into(),
        },
        folded_beyond: config.limits.text_warning.as_usize(),
    }
}
