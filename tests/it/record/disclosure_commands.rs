//! `actapub record receipt`, `grant`, `grants` and `revoke-grant`, beside a server that answers to what they give out.

use reqwest::StatusCode;
use serde_json::{Value, json};

use super::erase_commands::recorded;
use crate::commands::stage::{Stage, on_each};
use crate::process::until;

/// What an entry discloses to who asks with this query.
async fn disclosed(stage: &Stage, entry: &str, query: &str) -> Value {
    let (status, body) = stage
        .get(&format!("{entry}.json{query}"), "application/json")
        .await;
    assert_eq!(status, StatusCode::OK, "{body}");
    serde_json::from_str::<Value>(&body).unwrap()["disclosed"].clone()
}

on_each! {
    async fn what_the_commands_give_out_opens_entries(stage: &Stage) {
        let (alice, _) = stage.citizen("alice").await;
        let announcement = stage.announce(&["--text", "Water is back."]);
        let note = alice.note("/notes/1", announcement["id"].as_str().unwrap(), "At last!");
        stage.says(&alice, &alice.act("Create", note.clone())).await;
        until("the reply to be recorded", async || recorded(stage, 4).then_some(())).await;
        let entry = format!("{}/record/water/3", stage.home.base());
        assert_eq!(disclosed(stage, &entry, "").await, "restricted");

        // By the entry, by the reply's id and by its page it is the same link, and it opens this entry alone.
        let links = [entry.as_str(), note["id"].as_str().unwrap(), note["url"].as_str().unwrap()].map(|url| {
            stage.home.run(&["record", "receipt", url]).as_str().unwrap().trim().to_owned()
        });
        assert!(links.iter().all(|link| *link == links[0]), "{links:?}");
        let query = links[0].strip_prefix(&entry).unwrap();
        assert_eq!(disclosed(stage, &entry, query).await, "to-author");
        let other = format!("{}/record/water/1", stage.home.base());
        assert_eq!(disclosed(stage, &other, query).await, "everything", "an agency's are open anyhow");
        assert!(stage.home.refuses(&["record", "receipt", &format!("{entry}9")]).contains("has no entry 39"));
        assert!(stage.home.refuses(&["record", "receipt", &alice.peer.url("/notes/9")]).contains("is no entry and no reply known here"));

        let grant = |label: &str, until: &str| stage.home.attempt(&["record", "grant", "water", "--label", label, "--until", until], b"");
        let granted = grant("Audit office", "2099-12-31");
        assert_eq!(granted.status, 0, "{}", granted.stderr);
        assert!(granted.stderr.contains("until 2099-12-31T23:59:59Z"), "{}", granted.stderr);
        let query = format!("?grant={}", granted.stdout.trim());
        assert_eq!(disclosed(stage, &entry, &query).await, "to-auditor");
        for (label, until, why) in [
            (" ", "2099-12-31", "needs a label"),
            ("Audit office", "2020-12-31", "ends on a day to come"),
            ("Audit office", "tomorrow", "--until is a day such as"),
        ] {
            let refused = grant(label, until);
            assert!(refused.status == 1 && refused.stderr.contains(why), "{}", refused.stderr);
        }

        let listed = stage.home.run(&["record", "grants", "water", "--json"]);
        assert_eq!(listed.as_array().unwrap().len(), 1, "{listed}");
        assert_eq!(
            (&listed[0]["label"], &listed[0]["expires"], &listed[0]["revoked"]),
            (&json!("Audit office"), &json!("2099-12-31T23:59:59Z"), &Value::Null)
        );
        assert!(!listed.to_string().contains(granted.stdout.trim()), "the token is told once");
        let number = listed[0]["number"].to_string();
        let text = stage.home.run(&["record", "grants", "water"]);
        assert_eq!(text, format!("{number}  until 2099-12-31T23:59:59Z  Audit office\n"));
        assert!(stage.home.refuses(&["record", "revoke-grant", "water", "999"]).contains("has no grant 999 in force"));
        stage.home.run(&["record", "revoke-grant", "water", &number]);
        assert_eq!(disclosed(stage, &entry, &query).await, "restricted");
        assert!(stage.home.refuses(&["record", "revoke-grant", "water", &number]).contains("in force"));
        let text = stage.home.run(&["record", "grants", "water"]);
        assert!(text.as_str().unwrap().contains("  revoked 20"), "{text}");
    }
}
