//! `queue` and `numbers`.

use serde_json::json;

use super::stage::{Stage, on_each};
use crate::process::until;

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

    /// What was written in private is answered in private or not at all.
    async fn a_private_message_is_answered_in_private(stage: &Stage) {
        let (alice, _) = stage.citizen("alice").await;
        let mut note = alice.note("/letters/1", "", "Is my bill right?");
        note["inReplyTo"] = json!(null);
        note["to"] = json!([stage.actor()]);
        note["cc"] = json!([]);
        let mut create = alice.act("Create", note.clone());
        create["to"] = note["to"].clone();
        stage.says(&alice, &create).await;
        let listed = until("the message in the queue", async || {
            let listed = stage.home.run(&["queue", "list", "water", "--kind", "message", "--json"]);
            listed.get(0).is_some().then_some(listed)
        }).await;
        let item = listed[0]["id"].as_str().unwrap();
        let (id, page) = (note["id"].as_str().unwrap(), note["url"].as_str().unwrap());
        for (arguments, sentence) in [
            (&["announce", "water", "--text", "It is not.", "--reply-to", id][..], "is a private message"),
            (&["announce", "water", "--text", "It is not.", "--reply-to", id, "--draft"], "is a private message"),
            (&["announce", "water", "--text", "It is not.", "--reply-to", id, "--emergency", "Now."], "is a private message"),
            (&["announce", "water", "--text", "It is not.", "--reply-to", page], "no public reply"),
            (&["queue", "withdraw", "water", item, "--reason", "None."], "no answer"),
        ] {
            let refused = stage.home.refuses(arguments);
            assert!(refused.contains(sentence), "{arguments:?}: {refused}");
        }
        let answered = stage.home.run(&["queue", "answer", "water", item, "--text", "It is not: the meter was misread.", "--json"]);
        assert_eq!(answered["private"], true);
        let address = answered["id"].as_str().unwrap();
        let heard = stage.hears(&alice, "Create").await;
        assert_eq!((&heard["object"]["id"], &heard["to"]), (&json!(address), &json!([alice.uri])));
        for accept in ["application/activity+json", "text/html"] {
            assert_eq!(stage.get(address, accept).await.0, 404);
        }
        // It is no announcement, whatever is tried with its address.
        for arguments in [
            &["edit", address, "--text", "Public now."][..],
            &["edit", address, "--pin"],
            &["withdraw", address, "--reason", "None."],
            &["announce", "water", "--text", "See there.", "--reply-to", address],
            &["replies", address],
        ] {
            let refused = stage.home.refuses(arguments);
            assert!(refused.contains("is not the address of an announcement"), "{arguments:?}: {refused}");
        }
        let shown = stage.home.run(&["queue", "show", "water", item, "--json"]);
        assert_eq!((&shown["state"], &shown["conversation"][0]["text"]), (&json!("answered"), &json!("Is my bill right?")));
        assert!(shown["conversation"][1]["text"].as_str().unwrap().contains("misread"), "{shown}");
        stage.home.refuses(&["queue", "answer", "water", item, "--text", "Again."]);
        stage.home.run(&["queue", "withdraw", "water", item, "--reason", "The wrong street."]);
        let heard = stage.hears(&alice, "Delete").await;
        assert_eq!((&heard["object"]["id"], &heard["to"]), (&json!(address), &json!([alice.uri])));
        until("the entry to be open again", async || {
            let shown = stage.home.run(&["queue", "show", "water", item, "--json"]);
            (shown["state"] == "open").then_some(())
        }).await;
        let draft = stage.home.run(&["queue", "answer", "water", item, "--text", "Now it is right.", "--draft", "--json"]);
        assert_eq!(draft["state"], "approved", "nobody has to approve it");
        stage.home.run(&["drafts", "publish", "water", draft["id"].as_str().unwrap()]);
        assert_eq!(stage.hears(&alice, "Create").await["to"], json!([alice.uri]));
    }
}
