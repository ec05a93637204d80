//! `actapub record erase`, `erasures`, `hold`, `release` and `holds`, beside a server and without one.

use serde_json::{Value, json};

use crate::commands::stage::{Stage, on_each};
use crate::harness::Citizen;
use crate::process::until;

const WORDS: &str = "a sentence that nobody else would write";
const TERMS: [&str; 6] = [
    "--class",
    "art17",
    "--basis",
    "gdpr-17-1-b",
    "--role",
    "dpo",
];

/// A reply that is recorded: its address.
async fn replied(
    stage: &Stage,
    alice: &Citizen,
    announcement: &Value,
    path: &str,
    entries: u64,
) -> String {
    let note = alice.note(path, announcement["id"].as_str().unwrap(), WORDS);
    stage.says(alice, &alice.act("Create", note.clone())).await;
    until("the reply to be recorded", async || {
        recorded(stage, entries).then_some(())
    })
    .await;
    note["id"].as_str().unwrap().to_owned()
}

/// Whether the record has so many entries; it may not have begun yet.
pub(super) fn recorded(stage: &Stage, entries: u64) -> bool {
    let ran = stage
        .home
        .attempt(&["record", "show", "water", "--json"], b"");
    // Signed as well: what is not has no page yet.
    let is_so = |shown: Value| shown["entries"] == entries && shown["signed"] == entries;
    serde_json::from_str::<Value>(&ran.stdout).is_ok_and(is_so)
}

fn erase(stage: &Stage, what: &[&str]) -> Value {
    let mut all = vec!["record", "erase"];
    all.extend(what);
    all.extend(TERMS);
    all.extend(["--yes", "--json"]);
    stage.home.run(&all)
}

on_each! {
    async fn a_reply_is_erased_by_command(stage: &Stage) {
        let (alice, _) = stage.citizen("alice").await;
        let announcement = stage.announce(&["--text", "Water is back."]);
        let url = replied(stage, &alice, &announcement, "/notes/1", 4).await;
        let page = announcement["url"].as_str().unwrap();

        // What is not meant, or not to be found, is refused.
        let mut asked = vec!["record", "erase", url.as_str()];
        asked.extend(TERMS);
        let ran = stage.home.attempt(&asked, b"");
        assert_eq!(ran.status, 1);
        assert!(ran.stderr.contains("will be destroyed") && ran.stderr.contains("give --yes"), "{}", ran.stderr);
        for (what, why) in [
            ("https://example.social/notes/9", "is nothing that arrived here"),
            (page, "an announcement is withdrawn before it is erased"),
            (&format!("{}/record/water/77", stage.home.base()), "there is no such entry"),
            (&format!("{}/record/water/0", stage.home.base()), "only replies, private messages, reports and announcements"),
        ] {
            let refusal = stage.home.refuses(&["record", "erase", what, "--class", "court", "--basis", "x", "--role", "y", "--yes"]);
            assert!(refusal.contains(why), "{what}: {refusal}");
        }
        let refusal = stage.home.refuses(&["record", "erase", &url, "--class", "court", "--basis", "Ada asked", "--role", "y", "--yes"]);
        assert!(refusal.contains("`Ada asked` is not"), "{refusal}");

        // A hold stands in the way, is seen, and is released.
        let hold = stage.home.run(&["record", "hold", "water", "--thread", page, "--matter", "Case 7"]);
        let delayed = erase(stage, &[&url]);
        assert_eq!((&delayed[0]["state"], &delayed[0]["what"]), (&json!("held"), &json!("reply")), "{delayed}");
        assert_eq!(delayed[0]["entry"], format!("{}/record/water/3", stage.home.base()));
        let holds = stage.home.run(&["record", "holds", "water", "--json"]);
        assert_eq!((&holds[0]["covers"], &holds[0]["matter"]), (&json!("thread"), &json!("Case 7")), "{holds}");
        assert_eq!(stage.home.run(&["record", "erasures", "water", "--json"])[0]["state"], "held");
        let refusal = stage.home.refuses(&["record", "erase", &url, "--class", "court", "--basis", "x", "--role", "y", "--yes"]);
        assert!(refusal.contains("was ordered already"), "{refusal}");
        stage.home.run(&["record", "release", &hold.to_string()]);
        until("the reply to be erased", async || {
            (stage.home.run(&["record", "erasures", "water", "--json"])[0]["state"] == "done").then_some(())
        }).await;
        let shown = stage.home.run(&["replies", page, "--json"]);
        assert_eq!(shown[0]["state"], "erased");
        assert!(!stage.shows(page, "Water is back.").await.contains(WORDS));
        assert!(stage.home.refuses(&["record", "release", &hold.to_string()]).contains("released already"));

        // By the address of its entry; and without a server the command does it itself.
        replied(stage, &alice, &announcement, "/notes/2", 9).await;
        stage.close();
        let done = erase(stage, &[&format!("{}/record/water/8", stage.home.base())]);
        assert_eq!(done[0]["state"], "done", "{done}");
        let text = stage.home.run(&["record", "erasures", "water"]);
        assert_eq!(text.as_str().unwrap().matches("done ").count(), 2, "{text}");
    }

    async fn somebody_is_erased_by_command(stage: &Stage) {
        let (alice, _) = stage.citizen("alice").await;
        stage.follows(&alice).await;
        let announcement = stage.announce(&["--text", "Water is back."]);
        replied(stage, &alice, &announcement, "/notes/1", 4).await;
        replied(stage, &alice, &announcement, "/notes/2", 5).await;
        let refusal = stage.home.refuses(&["record", "erase", "--everything-by", "https://example.social/users/x", "--class", "court", "--basis", "x", "--role", "y", "--yes"]);
        assert!(refusal.contains("nobody is known here"), "{refusal}");
        let done = erase(stage, &["--everything-by", &alice.uri]);
        let states: Vec<_> = done.as_array().unwrap().iter().map(|it| (it["what"].as_str().unwrap(), it["state"].as_str().unwrap())).collect();
        assert_eq!(states, [("reply", "done"), ("reply", "done"), ("account", "done")]);
        assert_eq!(stage.home.run(&["followers", "water", "--json"]), json!([]));
        let shown = stage.home.run(&["replies", announcement["url"].as_str().unwrap(), "--json"]);
        assert!(!shown.to_string().contains("alice"), "{shown}");
    }
}
