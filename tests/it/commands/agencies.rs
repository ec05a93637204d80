//! `agency create`, `list`, `show`, `edit` and `rotate-keys`.

use serde_json::json;

use super::announcements::picture;
use super::stage::{Stage, on_each};
use crate::process::until;

on_each! {
    async fn an_agency_is_set_up_and_changed_while_the_server_runs(stage: &Stage) {
        let emblem = picture(stage, "emblem.png", 64, 64);
        let parks = stage.home.run(&[
            "agency", "create", "parks", "--name", "Parks", "--summary", "We *plant*.", "--language", "fi",
            "--link", "Website=https://parks.example/", "--avatar", &emblem, "--avatar-alt", "A tree", "--json",
        ]);
        let base = stage.home.base();
        assert_eq!(parks["url"], format!("{base}/@parks"));
        assert_eq!(parks["handle"], format!("@parks@{}", stage.home.authority()));
        assert_eq!(parks["links"], json!([{"label": "Website", "url": "https://parks.example/"}]));
        let page = stage.shows(&format!("{base}/@parks"), "<em>plant</em>").await;
        assert!(page.contains("https://parks.example/") && page.contains("A tree"), "{page}");

        let listed = stage.home.run(&["agency", "list", "--json"]);
        let handles: Vec<_> = listed.as_array().unwrap().iter().map(|it| &it["handle"]).collect();
        assert_eq!(handles.len(), 2, "{listed}");
        assert_eq!(stage.home.run(&["agency", "show", "parks", "--json"]), parks);
        let text = stage.home.run(&["agency", "list"]);
        assert!(text.as_str().unwrap().contains("/@parks"), "{text}");
        let text = stage.home.run(&["agency", "show", "@parks"]);
        assert!(text.as_str().unwrap().contains("We *plant*."), "{text}");

        let (alice, _) = stage.citizen("alice").await;
        stage.follows(&alice).await;
        let edited = stage.home.run(&[
            "agency", "edit", "water", "--name", "City Water", "--accent", "#103050", "--attribution-domain", "water.example",
            "--footer-link", "Imprint=https://water.example/imprint", "--json",
        ]);
        assert_eq!(edited["name"], "City Water");
        assert_eq!(edited["summary"], "", "what is not named stays");
        stage.shows(&format!("{base}/@water"), "City Water").await;
        let update = stage.hears(&alice, "Update").await;
        assert_eq!(update["object"]["name"], "City Water");
        assert_eq!(update["object"]["attributionDomains"], json!(["water.example"]));
    }

    async fn new_keys_are_announced_to_followers(stage: &Stage) {
        let (alice, _) = stage.citizen("alice").await;
        stage.follows(&alice).await;
        let actor = stage.actor();
        let before = stage.document(&actor).await["publicKey"]["publicKeyPem"].clone();
        let ran = stage.home.attempt(&["agency", "rotate-keys", "water"], b"");
        assert_eq!((ran.status, ran.stdout.as_str()), (0, ""), "{}", ran.stderr);
        assert!(ran.stderr.contains("has new keys"), "{}", ran.stderr);
        let update = stage.hears(&alice, "Update").await;
        let after = update["object"]["publicKey"]["publicKeyPem"].clone();
        assert!(after.is_string() && after != before);
        until("the server to publish the new key", async || {
            let actor = stage.document(&actor).await;
            (actor["publicKey"]["publicKeyPem"] == after).then_some(())
        }).await;
    }
}
