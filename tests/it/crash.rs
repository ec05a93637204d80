//! kill -9, again and again, in the middle of a flood of replies and of announcements on their way: what was
//! acknowledged is not lost, nothing is shown twice, and only what was on its way at that moment is sent again. The
//! record has each fact once, and every checkpoint that was ever signed is of that one record. Everybody who replied has
//! one receipt, and no second.

mod crowd;
mod stopped;

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher as _, BuildHasherDefault, DefaultHasher};
use std::sync::Arc;

use actapub::platform::db::{Conn, Location};
use actapub::tlog::audit::Auditor;
use actapub::tlog::{Checkpoint, Head, Note};
use diesel::connection::SimpleConnection as _;
use serde_json::Value;

use self::crowd::{CITIZENS, Crowd, Flood, Letter};
use crate::harness::{Database, texts};
use crate::process::{Installation, until};

/// How often the server is killed, on each database.
const KILLS: u64 = 50;
/// Replies that are on hand for each life of the server; it seldom gets to take all.
const REPLIES: usize = 60;
/// Requests that the server may have under way; fewer than usual, so that an announcement does not go out in one go.
const CONCURRENCY: usize = 4;
/// Sets the moments of death. Another seed finds other ones: `ACTAPUB_TEST_SEED=7 cargo test crash`.
const SEED: u64 = 2026;

const SIGNED: &str = "SELECT signed AS value FROM record_logs WHERE signed <> ''";

fn head_of(note: &str) -> Head {
    let note = Note::parse(note).unwrap();
    Checkpoint::parse(&note.text).unwrap().head()
}

const UNSETTLED: &str = "SELECT a.uri || ' ' || d.inbox AS value FROM deliveries d \
    JOIN activities a ON a.id = d.activity_id WHERE d.state = 0";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_fifty_times_on_sqlite() {
    survive(Database::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_fifty_times_on_postgres() {
    if let Some(database) = Database::postgres() {
        survive(database).await;
    }
}

/// A number below `bound` that depends on the seed and the question only.
fn chance(question: (&str, u64), bound: usize) -> usize {
    let seed = std::env::var("ACTAPUB_TEST_SEED").map_or(SEED, |seed| seed.parse().unwrap());
    let hash = BuildHasherDefault::<DefaultHasher>::default().hash_one((seed, question));
    usize::try_from(hash % bound as u64).unwrap()
}

struct Stage {
    database: Database,
    home: Arc<Installation>,
    crowd: Crowd,
    flood: Flood,
    http: reqwest::Client,
    /// In how many deaths a letter had been sent, and its answer not been written down.
    on_its_way: HashMap<Letter, usize>,
    /// The checkpoints that each death left behind.
    heads: Vec<Head>,
    /// How often a death left an announcement settled with some and not with others.
    torn: usize,
}

async fn survive(database: Database) {
    let home = Installation::new()
        .with("ACTAPUB_DATABASE", database.setting())
        .with("ACTAPUB_DELIVERY_CONCURRENCY", CONCURRENCY.to_string())
        .with("ACTAPUB_RECORD_RECEIPTS", "true".to_owned());
    let home = Arc::new(home);
    home.run(&["agency", "create", "water", "--name", "Water Works"]);
    let first = announce(&home, 0);
    let mut stage = Stage {
        database,
        home,
        crowd: Crowd::gather().await,
        flood: Flood::default(),
        http: reqwest::Client::builder().no_proxy().build().unwrap(),
        on_its_way: HashMap::new(),
        heads: vec![],
        torn: 0,
    };
    stage.is_followed(&first).await;
    let mut announcements = vec![];
    for life in 0..KILLS {
        announcements.push(stage.live_and_die(life, &first).await);
    }
    stage.end(&first, &announcements).await;
}

/// Publishes, and returns the announcement's id.
fn announce(home: &Installation, number: u64) -> String {
    let text = format!("Boil your water until further notice, number {number}.");
    let announcement = home.run(&["announce", "water", "--text", &text, "--json"]);
    announcement["id"].as_str().unwrap().to_owned()
}

impl Stage {
    fn base(&self) -> &str {
        self.home.base()
    }

    /// Everybody follows the agency, and has its Accept.
    async fn is_followed(&self, first: &str) {
        let server = self.home.serve();
        let agency = self.document(first).await["attributedTo"].clone();
        let agency = agency.as_str().unwrap();
        let mut came = self.crowd.came();
        self.flood
            .add((0..CITIZENS).map(|number| self.crowd.follow(self.base(), agency, number)));
        self.flood.rush(self.base()).await;
        came.wait_for(|came| *came == CITIZENS).await.unwrap();
        until("all Accepts to be settled", async || {
            (self
                .column("SELECT inbox AS value FROM deliveries WHERE state = 0")
                .is_empty())
            .then_some(())
        })
        .await;
        assert_eq!(server.kill(), Vec::<String>::new());
    }

    /// One life of the server: replies pour in, an announcement goes out, and in the middle of it the process dies.
    async fn live_and_die(&mut self, life: u64, first: &str) -> String {
        self.let_leases_run_out();
        let from = usize::try_from(life).unwrap() * REPLIES;
        self.flood
            .add((from..from + REPLIES).map(|number| self.crowd.reply(self.base(), first, number)));
        let announces_before = chance(("announces before", life), 2) == 0;
        let before = announces_before.then(|| announce(&self.home, life));
        let (mut came, mut acknowledged) = (self.crowd.came(), self.flood.acknowledged());
        let (came_before, acknowledged_before) = (*came.borrow(), *acknowledged.borrow());
        let dies_in_the_flood = chance(("dies in the flood", life), 2) == 0;
        let dies_after = 1 + chance(
            ("dies after", life),
            if dies_in_the_flood { REPLIES } else { CITIZENS },
        );

        let server = self.home.serve();
        let life_and_death = async {
            if dies_in_the_flood {
                let moment = acknowledged_before + dies_after;
                acknowledged
                    .wait_for(|count| *count >= moment)
                    .await
                    .unwrap();
            } else {
                let moment = came_before + dies_after;
                came.wait_for(|count| *count >= moment).await.unwrap();
            }
            tokio::task::block_in_place(|| server.kill())
        };
        let home = self.home.clone();
        let announcing = async {
            match before {
                Some(id) => id,
                None => tokio::task::spawn_blocking(move || announce(&home, life))
                    .await
                    .unwrap(),
            }
        };
        let (complaints, (), announcement) =
            tokio::join!(life_and_death, self.flood.rush(self.base()), announcing);
        assert_eq!(complaints, Vec::<String>::new());
        self.note_what_was_on_its_way().await;
        let signed = self.as_left_behind(SIGNED);
        self.heads.extend(signed.iter().map(|note| head_of(note)));
        announcement
    }

    /// Sees which letters were sent and not settled; these, and no others, may come once more.
    async fn note_what_was_on_its_way(&mut self) {
        self.crowd.settles().await;
        if let Location::Postgres(_) = self.database.location {
            until("the dead server's transactions to end", async || {
                let others = "SELECT pid::text AS value FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
                self.column(others).is_empty().then_some(())
            })
            .await;
        }
        let letters = self.crowd.letters();
        let unsettled: Vec<Letter> = self
            .as_left_behind(UNSETTLED)
            .iter()
            .filter_map(|row| row.split_once(' '))
            .map(|(activity, inbox)| (activity.to_owned(), inbox.to_owned()))
            .collect();
        let torn: HashMap<&str, usize> =
            unsettled
                .iter()
                .fold(HashMap::new(), |mut torn, (activity, _)| {
                    *torn.entry(activity.as_str()).or_default() += 1;
                    torn
                });
        self.torn += torn
            .iter()
            .filter(|(activity, unsettled)| activity.ends_with("#create") && **unsettled < CITIZENS)
            .count();
        for letter in unsettled {
            if letters.contains_key(&letter) {
                *self.on_its_way.entry(letter).or_default() += 1;
            }
        }
    }

    /// On PostgreSQL another process might hold what the dead one held, so that is left alone for a minute and a half;
    /// nobody here has the patience. On SQLite the server knows better.
    fn let_leases_run_out(&self) {
        if let Conn::Postgres(conn) = &mut self.database.location.connect().unwrap() {
            conn.batch_execute("UPDATE deliveries SET due_at = 0 WHERE state = 0")
                .unwrap();
        }
    }

    /// The last life, which nobody ends before all work is done; then the accounts.
    async fn end(self, first: &str, announcements: &[String]) {
        self.let_leases_run_out();
        // Some 202s were lost on their way, so these come once more.
        let twice: Vec<_> = self.flood.taken().into_iter().step_by(10).collect();
        self.flood.add(twice);
        let server = self.home.serve();
        self.flood.rush(self.base()).await;
        // However slow the machine is: some of it has to get done every now and then.
        let mut left = usize::MAX;
        while left > 0 {
            left = until("more work to be done", async || {
                let now = self.left_to_do();
                (now < left || now == 0).then_some(now)
            })
            .await;
        }

        let count = REPLIES * usize::try_from(KILLS).unwrap();
        let expected: HashSet<String> = (0..count).map(|number| self.crowd.note(number)).collect();
        let shown = self.shown(first).await;
        assert_eq!(
            shown.len(),
            expected.len(),
            "a reply is shown twice, or not at all"
        );
        assert!(shown.into_iter().collect::<HashSet<_>>() == expected);

        assert_eq!(self.facts("reply_received", "reply"), expected.len());
        assert_eq!(
            self.facts("announcement_published", "announcement"),
            announcements.len() + 1
        );
        assert_eq!(self.facts("follow_accepted", "actor"), CITIZENS);
        assert_eq!(
            self.column("SELECT uri AS value FROM events WHERE state = 2"),
            [""; 0]
        );

        self.everybody_heard(announcements);
        self.everybody_has_one_receipt();
        self.is_recorded_once();
        assert_eq!(server.kill(), Vec::<String>::new());
    }

    fn everybody_heard(&self, announcements: &[String]) {
        let letters = self.crowd.letters();
        let inboxes = self.crowd.inboxes();
        for announcement in announcements {
            let about: Vec<&Letter> = letters
                .iter()
                .filter(|(_, (_, activity))| activity["object"]["id"] == **announcement)
                .map(|(letter, _)| letter)
                .collect();
            let activities: HashSet<&String> = about.iter().map(|letter| &letter.0).collect();
            let heard: HashSet<String> = about.iter().map(|letter| letter.1.clone()).collect();
            assert_eq!(
                activities.len(),
                1,
                "{announcement} became several activities"
            );
            assert!(heard == inboxes, "{announcement} did not reach everybody");
        }
        let mut repeats = 0;
        for (letter, (times, _)) in &letters {
            let allowed = self.on_its_way.get(letter).copied().unwrap_or_default();
            assert!(
                *times <= 1 + allowed,
                "{letter:?} came {times} times and was {allowed} times on its way"
            );
            repeats += times - 1;
        }
        assert!(
            self.torn > 0,
            "nobody died in the middle of an announcement"
        );
        let on_its_way: usize = self.on_its_way.values().sum();
        println!(
            "{KILLS} kills left {} announcements half told and {on_its_way} letters on their way; {repeats} of {} came again",
            self.torn,
            letters.len()
        );
    }

    /// However often the server died between the entry, the message and its delivery: one activity for each citizen, since
    /// all of them replied in one thread. That it came no more often than it was on its way was seen already.
    fn everybody_has_one_receipt(&self) {
        let letters = self.crowd.letters();
        let receipts: Vec<&Letter> = letters
            .iter()
            .filter(|(_, (_, activity))| {
                activity["object"]["id"]
                    .as_str()
                    .is_some_and(|id| id.contains("/ap/messages/"))
            })
            .map(|(letter, _)| letter)
            .collect();
        let inboxes: HashSet<String> = receipts.iter().map(|letter| letter.1.clone()).collect();
        assert_eq!(receipts.len(), CITIZENS, "somebody has none, or two");
        assert!(inboxes == self.crowd.inboxes());
    }

    /// The whole record: a leaf for each fact, in their order, and all checkpoints on the way are of it.
    fn is_recorded_once(&self) {
        let recorded = "SELECT CAST(seq AS TEXT) AS value FROM journal WHERE kind NOT IN ('follow_accepted', 'follower_left') ORDER BY seq";
        let entries = "SELECT CAST(fact_seq AS TEXT) AS value FROM record_entries ORDER BY place";
        assert_eq!(self.column(entries), self.column(recorded));
        let last = head_of(&self.column(SIGNED)[0]);
        let mut auditor = Auditor::new();
        for head in self.heads.iter().chain([&last]) {
            auditor.expect(head.size, head.root).unwrap();
        }
        let leaves = self.column("SELECT leaf AS value FROM record_leaves ORDER BY place");
        assert_eq!(leaves.len() as u64, last.size, "all of it is signed");
        for leaf in &leaves {
            auditor.feed(leaf.as_bytes()).unwrap();
        }
        auditor.finish().unwrap();
        let sizes: HashSet<u64> = self.heads.iter().map(|head| head.size).collect();
        println!(
            "{} entries, {} different checkpoints at the moments of death",
            leaves.len(),
            sizes.len()
        );
    }

    /// How much work is left, in the order in which it is handed on: what is empty stays empty.
    fn left_to_do(&self) -> usize {
        [
            "SELECT CAST(event_id AS TEXT) AS value FROM event_queue",
            "SELECT kind AS value FROM journal WHERE seq > (SELECT seq FROM cursors WHERE consumer = 'federation')",
            "SELECT uri AS value FROM activities WHERE fan_out <> 0",
            "SELECT inbox AS value FROM deliveries WHERE state = 0",
            "SELECT kind AS value FROM journal WHERE seq > (SELECT seq FROM cursors WHERE consumer = 'record')",
            "SELECT name AS value FROM record_logs WHERE signed_size < size",
            "SELECT kind AS value FROM journal WHERE seq > (SELECT seq FROM cursors WHERE consumer = 'receipts')",
        ]
        .iter()
        .map(|work| self.column(work).len())
        .sum()
    }

    /// How many facts of a kind there are, each about something else.
    fn facts(&self, kind: &str, about: &str) -> usize {
        let facts = self.column(&format!(
            "SELECT fact AS value FROM journal WHERE kind = '{kind}'"
        ));
        let subjects: HashSet<String> = facts
            .iter()
            .map(|fact| serde_json::from_str::<Value>(fact).unwrap()[about].to_string())
            .collect();
        assert_eq!(
            subjects.len(),
            facts.len(),
            "a fact of {kind} stands there twice"
        );
        facts.len()
    }

    fn column(&self, query: &str) -> Vec<String> {
        texts(&mut self.database.location.connect().unwrap(), query).unwrap()
    }

    /// The same of the database as the dead server has left it, which is the next one's to repair.
    fn as_left_behind(&self, query: &str) -> Vec<String> {
        let Some(file) = self.database.file() else {
            return self.column(query);
        };
        let folder = tempfile::tempdir().unwrap();
        let copy = folder.path().join("copy.db");
        std::fs::copy(&file, &copy).unwrap();
        let log = file.with_extension("db-wal");
        if log.exists() {
            std::fs::copy(log, copy.with_extension("db-wal")).unwrap();
        }
        let location = Location::Sqlite(copy.display().to_string());
        texts(&mut location.connect().unwrap(), query).unwrap()
    }

    async fn document(&self, url: &str) -> Value {
        let request = self
            .http
            .get(url)
            .header("accept", "application/activity+json");
        let body = request.send().await.unwrap().bytes().await.unwrap();
        serde_json::from_slice(&body).unwrap()
    }

    /// The ids of the replies that a thread lists.
    async fn shown(&self, announcement: &str) -> Vec<String> {
        let replies = self.document(announcement).await["replies"].clone();
        let collection = self
            .document(replies["id"].as_str().or(replies.as_str()).unwrap())
            .await;
        let mut next = collection["first"].clone();
        let mut shown = vec![];
        while !next.is_null() {
            let page = match next.as_str() {
                Some(url) => self.document(url).await,
                None => next,
            };
            let items = page["items"].as_array().or(page["orderedItems"].as_array());
            let ids = items
                .unwrap()
                .iter()
                .map(|id| id.as_str().unwrap().to_owned());
            shown.extend(ids);
            next = page["next"].clone();
        }
        assert_eq!(collection["totalItems"], shown.len());
        shown
    }
}
