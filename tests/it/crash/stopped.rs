//! kill -9 while one agency's record is stopped, while it is decided to go on, and while it catches up: in each record
//! every fact has its leaf, once and in its order, and the other agency's goes on all the time.

use actapub::archive::marks::Marks;
use actapub::kernel::{Clock as _, SystemClock};
use serde_json::Value;

use super::chance;
use crate::harness::{Database, texts};
use crate::process::{Installation, until};

/// Deaths before it is decided to go on, and behind that.
const DEATHS: u64 = 4;
/// Announcements of each agency in each life.
const EACH: u64 = 2;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stopped_record_catches_up_whoever_dies() {
    for database in Database::each() {
        let home = Installation::new().with("ACTAPUB_DATABASE", database.setting());
        for agency in ["water", "transit"] {
            home.run(&["agency", "create", agency, "--name", agency]);
        }
        let column = |query: &str| texts(&mut database.location.connect().unwrap(), query).unwrap();
        let size = |agency: &str| -> u64 {
            let sizes = column(&format!(
                "SELECT CAST(size AS TEXT) AS value FROM record_logs WHERE name = '{agency}'"
            ));
            sizes.first().map_or(0, |size| size.parse().unwrap())
        };
        let server = home.serve();
        until("both records to begin", async || {
            (size("water") == 1 && size("transit") == 1).then_some(())
        })
        .await;
        assert_eq!(server.kill(), Vec::<String>::new());
        let marks = Marks::within(home.folder());
        let origin = format!("{}/record/water", home.authority());
        marks.set(&[(origin, 1_000)], SystemClock.now()).unwrap();

        let mut published = 0;
        for life in 0..2 * DEATHS {
            let server = home.serve();
            if life == DEATHS {
                assert_eq!(size("water"), 1, "nothing was recorded meanwhile");
                let why = "There is no later backup.";
                home.attempt(&["record", "resume", "water", "--reason", why], b"");
            }
            for n in 0..EACH {
                for agency in ["water", "transit"] {
                    let text = format!("Number {n} in life {life}.");
                    home.run(&["announce", agency, "--text", &text]);
                }
            }
            published += EACH;
            // Somewhere on the way: of what was published now some may be recorded, or all of it.
            let least = size("transit").max(1 + 2 * (published - EACH))
                + chance(("dies after", life), 2) as u64;
            until("the other record to go on", async || {
                (size("transit") >= least).then_some(())
            })
            .await;
            let complaints = server.kill();
            let stopped = |it: &String| it.contains("a later backup has to be restored");
            assert!(complaints.iter().all(stopped), "{complaints:?}");
        }

        let server = home.serve();
        until("everything to be recorded", async || {
            let left = [
                "SELECT kind AS value FROM journal WHERE seq > (SELECT seq FROM cursors WHERE consumer = 'record')",
                "SELECT kind AS value FROM journal WHERE seq > (SELECT seq FROM cursors WHERE consumer = 'search')",
                "SELECT consumer AS value FROM journal_lanes",
                "SELECT name AS value FROM record_logs WHERE signed_size < size",
            ];
            left.iter()
                .all(|query| column(query).is_empty())
                .then_some(())
        })
        .await;
        for (agency, more) in [("water", 2), ("transit", 1)] {
            // An announcement, and that somebody made it by command.
            assert_eq!(size(agency), 2 * published + more, "{agency}");
            let of = |table: &str, seq: &str, agency_of: &str, order: &str| {
                column(&format!(
                    "SELECT CAST({seq} AS TEXT) AS value FROM {table} JOIN record_logs l ON {agency_of} WHERE l.name = '{agency}' ORDER BY {order}"
                ))
            };
            assert_eq!(
                of(
                    "record_entries e",
                    "e.fact_seq",
                    "e.place / 1099511627776 = l.id",
                    "e.place"
                ),
                of("journal j", "j.seq", "j.agency_id = l.agency_id", "j.seq"),
                "{agency}"
            );
            let verified = home.attempt(
                &[
                    "record",
                    "verify",
                    "--allow-private",
                    &format!("{}/record/{agency}", home.base()),
                ],
                b"",
            );
            assert_eq!(verified.status, 0, "{}", verified.stderr);
        }
        let shown: Value = home.run(&["record", "show", "water", "--json"]);
        assert_eq!(shown["refusal"], Value::Null);
        assert_eq!(server.kill(), Vec::<String>::new());
    }
}
