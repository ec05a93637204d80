//! Two servers that are each other's witness, set up as their operators do it; and a backup that is older than what the
//! other has seen.

use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use crate::harness::Database;
use crate::process::{Installation, until};

const POLICY: &str = "witnesses.policy";
const WITNESSED: &str = "witnessed.policy";

/// One server, and the folder with its two files.
struct Home {
    home: Installation,
    folder: TempDir,
    _database: Database,
}

impl Home {
    fn new(database: Database) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name).display().to_string();
        std::fs::write(path(POLICY), "quorum none\n").unwrap();
        std::fs::write(path(WITNESSED), "").unwrap();
        let home = Installation::new()
            .with("ACTAPUB_DATABASE", database.setting())
            .with("ACTAPUB_RECORD_POLICY", path(POLICY))
            .with("ACTAPUB_RECORD_WITNESS_FOR", path(WITNESSED));
        home.run(&["agency", "create", "water", "--name", "Water Works"]);
        Self {
            home,
            folder,
            _database: database,
        }
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.folder.path().join(name), text).unwrap();
    }

    fn record(&self) -> Value {
        self.home.run(&["record", "show", "water", "--json"])
    }

    fn says(&self, arguments: &[&str]) -> String {
        self.home.run(arguments).as_str().unwrap().to_owned()
    }

    /// Waits until all that is recorded is witnessed, at least so much.
    async fn is_witnessed(&self, least: u64) -> u64 {
        until("the newest checkpoint to be witnessed", async || {
            let record = self.record();
            let witnessed = record["witnessed"].as_u64().unwrap_or(0);
            let all = record["entries"].as_u64() == Some(witnessed) && witnessed >= least;
            all.then_some(witnessed)
        })
        .await
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_servers_are_each_others_witness() {
    for (one, other) in Database::each().zip(Database::each()) {
        let homes = [Home::new(one), Home::new(other)];
        let [city, county] = &homes;
        // The first start makes the keys.
        for home in &homes {
            let server = home.home.serve();
            until("the log to begin", async || {
                let ran = home
                    .home
                    .attempt(&["record", "show", "water", "--json"], b"");
                (ran.status == 0).then_some(())
            })
            .await;
            assert_eq!(server.kill(), Vec::<String>::new());
        }
        for (home, witness) in [(city, county), (county, city)] {
            let line = witness.says(&["record", "witness"]);
            let name = line.split(' ').nth(1).unwrap();
            home.write(POLICY, &format!("{line}quorum {name}\n"));
            let vkey = witness.record()["vkeys"][0].as_str().unwrap().to_owned();
            home.write(WITNESSED, &format!("log {vkey} {}\n", witness.home.base()));
            assert_eq!(home.says(&["config", "check"]), "good\n");
        }
        let servers = homes.each_ref().map(|it| it.home.serve());
        // The agency, the policy that asked for nobody, the one that does, the witness.
        for home in &homes {
            home.is_witnessed(4).await;
            let witness = home.record()["witnesses"][0].clone();
            assert_eq!(
                (&witness["size"], &witness["failure"]),
                (&Value::from(4), &Value::Null)
            );
        }
        let text = city.says(&["record", "show", "water"]);
        let line = format!("witness:   {} 4, ", county.home.authority());
        assert!(text.contains(&line), "{text}");

        // A backup, and what comes after it.
        let file = city.home.folder().join("old.db").display().to_string();
        assert_eq!(city.home.attempt(&["backup", &file], b"").status, 0);
        city.home
            .run(&["announce", "water", "--text", "After the backup."]);
        city.is_witnessed(6).await;
        let [city_server, county_server] = servers;
        assert_eq!(city_server.kill(), Vec::<String>::new());
        too_old(city, &file).await;
        assert_eq!(county_server.kill(), Vec::<String>::new());
        drop(homes);
    }
}

/// Restores a backup that is too old, over what is there and elsewhere: nothing is signed. A later one puts it right.
async fn too_old(city: &Home, file: &str) {
    // On another machine nobody knows but the witness.
    for database in Database::each() {
        let elsewhere = city.home.moved_to(&database);
        assert_eq!(elsewhere.attempt(&["restore", file], b"").status, 0);
        let show = ["record", "show", "water", "--json"];
        assert_eq!(elsewhere.run(&show)["refusal"], Value::Null);
        let server = elsewhere.serve();
        // It was noticed before anything was signed.
        let record = elsewhere.run(&show);
        let refusal = record["refusal"].as_str().unwrap();
        assert!(refusal.contains("a tree of 6 entries"), "{refusal}");
        assert_eq!(
            (&record["entries"], &record["signed"]),
            (&Value::from(4), &Value::from(4))
        );
        let complaints = server.kill();
        assert!(
            complaints[0].contains("a later backup has to be restored"),
            "{complaints:?}"
        );
    }
    // Where it was, the replaced database knows.
    let ran = city.home.attempt(&["restore", file], b"");
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    assert!(
        ran.stderr.contains("a later backup has to be restored"),
        "{}",
        ran.stderr
    );
    let kept = ran.stderr.split("is kept in ").nth(1).unwrap();
    let kept = kept.lines().next().unwrap().trim_end_matches('.');
    assert!(Path::new(kept).exists(), "{kept}");
    let text = city.says(&["record", "show", "water"]);
    assert!(text.contains("stopped:   a tree of 6 entries"), "{text}");

    let ran = city.home.attempt(&["restore", kept], b"");
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    assert_eq!(city.record()["refusal"], Value::Null);
    let server = city.home.serve();
    city.home
        .run(&["announce", "water", "--text", "And on it goes."]);
    city.is_witnessed(6).await;
    assert_eq!(server.kill(), Vec::<String>::new());
}

/// What is wrong with the files is one sentence, with the line.
#[tokio::test]
async fn a_policy_that_cannot_be_used_is_refused() {
    let home = Home::new(Database::sqlite());
    home.write(POLICY, "# ours\nquorum everybody\n");
    let refusal = home.home.refuses(&["config", "check"]);
    assert!(
        refusal.contains("record.policy names") && refusal.contains("line 2: "),
        "{refusal}"
    );
    let ran = home.home.attempt(&["serve"], b"");
    assert_eq!(ran.status, 1, "{}", ran.stderr);
    assert!(ran.stderr.contains(&refusal), "{}", ran.stderr);
    home.write(POLICY, "quorum none\n");
    home.write(WITNESSED, "log me\n");
    let refusal = home.home.refuses(&["config", "check"]);
    assert!(
        refusal.contains("record.witness_for names") && refusal.contains("line 1: "),
        "{refusal}"
    );
}
