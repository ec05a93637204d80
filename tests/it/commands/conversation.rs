//! `followers`, `replies`, `inbox` and `deliveries`.

use reqwest::StatusCode;
use serde_json::{Value, json};

use super::stage::{Stage, on_each};
use crate::harness::Answer;
use crate::process::until;

on_each! {
    async fn who_listens_and_what_they_say(stage: &Stage) {
        let said = stage.announce(&["--text", "The pool opens."]);
        let url = said["url"].as_str().unwrap();
        assert_eq!(stage.home.run(&["replies", url, "--json"]), json!([]));
        assert_eq!(stage.home.run(&["followers", "water", "--json"]), json!([]));

        let (alice, _) = stage.citizen("alice").await;
        let (bob, _) = stage.citizen("bob").await;
        stage.follows(&alice).await;
        let kept = alice.note("/notes/1", said["id"].as_str().unwrap(), "Which <b>pool</b>?<script>x</script>");
        let gone = bob.note("/notes/2", said["id"].as_str().unwrap(), "words that go");
        stage.says(&alice, &alice.act("Create", kept.clone())).await;
        stage.says(&bob, &bob.act("Create", gone.clone())).await;
        stage.shows(url, "words that go").await;
        stage.says(&bob, &bob.act("Delete", gone["id"].clone())).await;
        stage.shows(url, "Deleted by its author").await;
        until("Alice's reply", async || stage.home.run(&["replies", url, "--json"]).get(1).is_some().then_some(())).await;

        let replies = stage.home.run(&["replies", url, "--json"]);
        let find = |id: &Value| replies.as_array().unwrap().iter().find(|it| it["id"] == *id).unwrap();
        let shown = find(&kept["id"]);
        assert_eq!(shown["url"], kept["url"]);
        assert_eq!(shown["author"], alice.uri);
        assert_eq!(shown["content"], "<p>Which <b>pool</b>?</p>");
        assert!(shown["published"].as_str().unwrap().ends_with('Z'));
        assert_eq!(shown["state"], "shown");
        assert_eq!(shown["in_reply_to"], said["id"]);
        let deleted = find(&gone["id"]);
        assert_eq!(deleted["state"], "deleted");
        assert!(!deleted.to_string().contains("words that go"), "{deleted}");
        // By its id, and for people.
        let text = stage.home.run(&["replies", said["id"].as_str().unwrap()]);
        assert!(text.as_str().unwrap().contains(kept["url"].as_str().unwrap()), "{text}");

        let followers = stage.home.run(&["followers", "water", "--json"]);
        assert_eq!(followers[0]["id"], alice.uri);
        assert_eq!(followers.as_array().unwrap().len(), 1);
        let text = stage.home.run(&["followers", "@water"]);
        assert!(text.as_str().unwrap().starts_with("@alice@"), "{text}");
    }

    /// An inbox that is gone, one that refuses, and what an operator does about it.
    async fn deliveries_that_failed_are_listed_and_tried_again(stage: &Stage) {
        let (alice, _) = stage.citizen("alice").await;
        let (bob, _) = stage.citizen("bob").await;
        for citizen in [&alice, &bob] {
            let nodeinfo = Answer::document(&json!({"links": []}));
            citizen.peer.answers("/.well-known/nodeinfo", nodeinfo);
            stage.follows(citizen).await;
        }
        assert_eq!(stage.home.run(&["deliveries", "--failed", "--json"]), json!([]));
        alice.peer.answers("/inbox", Answer::status(StatusCode::GONE));
        bob.peer.answers("/inbox", Answer::status(StatusCode::FORBIDDEN));
        let said = stage.announce(&["--text", "The pool opens."]);
        let failed = until("both deliveries to fail", async || {
            let failed = stage.home.run(&["deliveries", "--failed", "--json"]);
            failed.get(1).is_some().then_some(failed)
        }).await;
        let of = |host: &str| {
            let base = host.trim_start_matches("http://");
            failed.as_array().unwrap().iter().find(|it| it["host"] == base).unwrap().clone()
        };
        let gone = of(&alice.peer.base);
        assert_eq!((&gone["state"], &gone["status"], &gone["type"]), (&json!("gone"), &json!(410), &json!("Create")), "{gone}");
        assert_eq!(gone["reason"], "there is no such inbox (status 410)");
        let refused = of(&bob.peer.base);
        assert_eq!((&refused["state"], &refused["status"], &refused["attempts"]), (&json!("failed"), &json!(403), &json!(1)));
        let text = stage.home.run(&["deliveries", "--failed"]);
        assert!(text.as_str().unwrap().contains("the server answered with status 403"), "{text}");
        let all = stage.home.run(&["deliveries", "--json"]);
        assert_eq!(all.as_array().unwrap().iter().filter(|it| it["state"] == "done").count(), 2, "{all}");
        // Their followers they stay: an inbox may come back.
        assert_eq!(stage.home.run(&["followers", "water", "--json"]).as_array().unwrap().len(), 2);
        let doctor = stage.home.run(&["doctor"]);
        assert!(doctor.as_str().unwrap().contains("2 deliveries were given up"), "{doctor}");

        for peer in [&alice.peer, &bob.peer] {
            peer.received();
            peer.answers("/inbox", Answer::status(StatusCode::ACCEPTED));
        }
        let ran = stage.home.attempt(&["deliveries", "retry", &gone["number"].to_string()], b"");
        assert_eq!((ran.status, ran.stdout.as_str()), (0, ""), "{}", ran.stderr);
        assert!(ran.stderr.contains("1 failed deliver"), "{}", ran.stderr);
        assert_eq!(stage.hears(&alice, "Create").await["object"]["id"], said["id"]);
        stage.home.run(&["deliveries", "retry", "--host", bob.peer.base.trim_start_matches("http://")]);
        assert_eq!(stage.hears(&bob, "Create").await["object"]["id"], said["id"]);
        until("nothing to be failed", async || {
            (stage.home.run(&["deliveries", "--failed", "--json"]) == json!([])).then_some(())
        }).await;
        stage.home.run(&["deliveries", "retry", "--all"]);
    }

    /// What could not be acted upon is set aside with its reason, and acted upon when the operator says so.
    async fn the_inbox_says_what_was_set_aside(stage: &Stage) {
        assert_eq!(stage.home.run(&["inbox", "--json"]), json!({"queued": 0, "failed": 0, "oldest": null}));
        stage.close();
        let patient = stage.home.moved_to(&stage.database).with("ACTAPUB_INBOX_ATTEMPTS", "1".to_owned());
        let server = patient.serve();
        let said = stage.announce(&["--text", "The pool opens."]);
        let (alice, _) = stage.citizen("alice").await;
        let note = alice.note("/notes/1", said["id"].as_str().unwrap(), "Which pool?");
        alice.peer.answers("/notes/1", Answer::status(StatusCode::BAD_GATEWAY));
        let create = alice.act("Create", note["id"].clone());
        stage.says(&alice, &create).await;
        let failed = until("it to be set aside", async || {
            let failed = stage.home.run(&["inbox", "--failed", "--json"]);
            failed.get(0).is_some().then_some(failed)
        }).await;
        assert_eq!((&failed[0]["id"], &failed[0]["type"]), (&create["id"], &json!("Create")));
        assert!(failed[0]["reason"].as_str().unwrap().contains("502"), "{failed}");
        let text = stage.home.run(&["inbox"]);
        assert_eq!(text, "0 wait to be processed; 1 were set aside\n");
        let text = stage.home.run(&["inbox", "--failed"]);
        assert!(text.as_str().unwrap().contains(create["id"].as_str().unwrap()), "{text}");

        alice.peer.serves(&note);
        let number = failed[0]["number"].to_string();
        stage.home.run(&["inbox", "retry", number.trim_matches('"')]);
        stage.shows(said["url"].as_str().unwrap(), "Which pool?").await;
        assert_eq!(stage.home.run(&["inbox", "--failed", "--json"]), json!([]));
        assert_eq!(server.kill(), Vec::<String>::new());
    }
}
