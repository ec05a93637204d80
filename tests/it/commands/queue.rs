//! `queue` and `numbers`.

use serde_json::json;

use super::stage::{Stage, on_each};

on_each! {
    async fn what_citizens_sent_is_listed_and_done(stage: &Stage) {
        let said = stage.announce(&["--text", "The pool opens."]);
        let (id, url) = (said["id"].as_str().unwrap(), said["url"].as_str().unwrap());
        assert_eq!(stage.home.run(&["queue", "list", "water", "--json"]), json!([]));
        let (alice, _) = stage.citizen("alice").await;
        for (path, words) in [("/notes/1", "Which pool?"), ("/notes/2", "How warm?")] {
            stage.says(&alice, &alice.act("Create", alice.note(path, id, words))).await;
            stage.shows(url, words).await;
        }
        let listed = stage.home.run(&["queue", "list", "water", "--json"]);
        let first = listed[0]["id"].as_str().unwrap();
        assert_eq!((&listed[0]["kind"], &listed[0]["state"], &listed[0]["about"]), (&json!("reply"), &json!("open"), &json!(id)));
        assert_eq!(listed.as_array().unwrap().len(), 2);
        let text = stage.home.run(&["queue", "show", "water", first]);
        assert!(text.as_str().unwrap().contains("Which pool?"), "{text}");

        // An answer counts whichever way it was published.
        let question = alice.peer.url("/notes/1");
        stage.announce(&["--text", "The one in the north.", "--reply-to", &question]);
        stage.hears(&alice, "Create").await;
        let shown = stage.home.run(&["queue", "show", "water", first, "--json"]);
        assert_eq!((&shown["state"], &shown["text"]), (&json!("answered"), &json!("Which pool?")));
        let second = listed[1]["id"].as_str().unwrap();
        stage.home.run(&["queue", "done", "water", second]);
        assert_eq!(stage.home.run(&["queue", "list", "water", "--json"]), json!([]));
        let closed = stage.home.run(&["queue", "list", "water", "--which", "closed", "--kind", "reply", "--json"]);
        assert_eq!(closed.as_array().unwrap().len(), 2);
        for (arguments, sentence) in [
            (&["queue", "done", "water", second][..], "it is answered or done"),
            (&["queue", "show", "water", "777"], "there is no such entry"),
            (&["queue", "list", "gas"], "gas"),
            (&["queue", "list", "water", "--which", "lost"], "lost"),
            (&["queue", "list", "water", "--kind", "letter"], "letter"),
            (&["queue", "assign", "water", second, "--to", "eve@city.gov"], "nobody signs in as"),
            (&["numbers", "gas"], "gas"),
        ] {
            let refused = stage.home.refuses(arguments);
            assert!(refused.contains(sentence), "{arguments:?}: {refused}");
        }
        let csv = stage.home.run(&["numbers", "water", "--by", "month", "--csv"]);
        let csv = csv.as_str().unwrap();
        assert!(csv.contains("announcement,") && csv.contains("fewer than 20"), "{csv}");
        assert!(csv.trim_end().lines().last().unwrap().starts_with("all,,,,,,1,"), "{csv}");
        stage.home.run(&["numbers", "water"]);
    }
}
