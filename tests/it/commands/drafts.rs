//! `drafts`, `rules`, and how the other commands keep to the house rules.

use serde_json::json;

use super::stage::{Stage, on_each};
use crate::process::until;

on_each! {
    async fn the_operator_keeps_to_the_house_rules(stage: &Stage) {
        let said = stage.announce(&["--text", "The pool opens."]);
        let url = said["url"].as_str().unwrap();
        let rules = stage.home.run(&["rules", "set", "water", "--needs-approval", "everything", "--approvals", "2", "--approvers", "approver,administrator", "--approver-for", "approver=administrator", "--zone", "Europe/Zurich", "--late", "30", "--json"]);
        assert_eq!(rules["approval"], json!({"of": "everything", "by": 2, "approvers": ["approver", "administrator"], "of_writers": {"approver": ["administrator"]}}));
        assert_eq!((&rules["zone"], &rules["late_minutes"]), (&json!("Europe/Zurich"), &json!(30)));
        assert_eq!(stage.home.run(&["rules", "show", "water", "--json"]), rules);
        let text = stage.home.run(&["rules", "show", "water"]);
        assert!(text.as_str().unwrap().contains("needs approval   everything"), "{text}");

        for (arguments, kind) in [
            (&["announce", "water", "--text", "Alone."][..], "announcement"),
            (&["announce", "water", "--text", "Alone.", "--reply-to", url], "answer"),
            (&["edit", url, "--text", "Alone."], "edit"),
            (&["edit", url, "--pin"], "pin"),
            (&["withdraw", url, "--reason", "Alone."], "withdrawal"),
            (&["agency", "edit", "water", "--name", "Alone"], "profile"),
            (&["agency", "rotate-keys", "water"], "keys"),
        ] {
            let refused = stage.home.refuses(arguments);
            assert!(refused.contains(&format!("somebody else to approve this {kind} first (2 needed)")), "{refused}");
            assert!(refused.contains("--emergency REASON"), "{refused}");
        }
        let alone = stage.announce(&["--text", "Leave the valley.", "--emergency", "The dam breaks."]);
        let page = stage.shows(alone["url"].as_str().unwrap(), "Leave the valley.").await;
        assert!(page.contains("Published in an emergency by one person: The dam breaks."), "{page}");
        stage.home.run(&["withdraw", url, "--reason", "No pool.", "--emergency", "Nobody is there."]);
        let record = format!("{}/record/water?kind=emergency.declared", stage.home.base());
        stage.shows(&record, "The dam breaks.").await;

        // Whoever may not approve can put it up for approval.
        let draft = stage.announce(&["--text", "The dam holds.", "--draft"]);
        assert_eq!((&draft["state"], &draft["parts"][0]["proposal"]["content"]["markdown"]), (&json!("in-review"), &json!("The dam holds.")));
        let id = draft["id"].as_str().unwrap();
        for (arguments, sentence) in [
            (&["drafts", "approve", "water", id][..], "the operator is nobody's second pair of eyes"),
            (&["drafts", "publish", "water", id], "a draft that is in-review cannot be published"),
            (&["drafts", "schedule", "water", id, "--at", "2030-01-01 12:00"], "cannot be scheduled"),
            (&["drafts", "unschedule", "water", id], "cannot be taken off the schedule"),
            (&["drafts", "send-back", "water", id, "--remark", " "], "needs a remark"),
            (&["drafts", "publish", "water", id, "--emergency", " "], "needs a reason"),
            (&["drafts", "show", "water", "7"], "there is no such draft"),
            (&["drafts", "list", "gas"], "gas"),
            (&["drafts", "list", "water", "--state", "lost"], "lost"),
        ] {
            let refused = stage.home.refuses(arguments);
            assert!(refused.contains(sentence), "{arguments:?}: {refused}");
        }
        let ran = stage.home.attempt(&["drafts", "send-back", "water", id, "--remark", "Which dam?"], b"");
        assert_eq!((ran.status, ran.stdout.as_str()), (0, ""), "{}", ran.stderr);
        assert!(ran.stderr.contains("is sent back: Which dam?"), "{}", ran.stderr);
        let listed = stage.home.run(&["drafts", "list", "water", "--json"]);
        assert_eq!((&listed[0]["id"], &listed[0]["state"], &listed[0]["why"]), (&draft["id"], &json!("sent-back"), &json!("Which dam?")));
        stage.home.run(&["drafts", "submit", "water", id]);
        let shown = stage.home.run(&["drafts", "show", "water", id]);
        assert!(shown.as_str().unwrap().contains("approvals 0 of 2") && shown.as_str().unwrap().contains("The dam holds."), "{shown}");
        stage.home.run(&["drafts", "discard", "water", id]);
        assert_eq!(stage.home.run(&["drafts", "list", "water", "--json"]), json!([]));
        assert_eq!(stage.home.run(&["drafts", "list", "water", "--state", "discarded", "--json"]).as_array().unwrap().len(), 1);
    }

    async fn a_running_server_sends_what_a_command_has_scheduled(stage: &Stage) {
        let draft = stage.announce(&["--text", "On the second.", "--draft"]);
        assert_eq!(draft["state"], "approved", "nobody has to approve it");
        let id = draft["id"].as_str().unwrap();
        for (time, sentence) in [
            ("tomorrow", "is no time"),
            ("2020-01-01 12:00", "that time is past"),
        ] {
            let refused = stage.home.refuses(&["drafts", "schedule", "water", id, "--at", time]);
            assert!(refused.contains(sentence), "{refused}");
        }
        stage.home.run(&["rules", "set", "water", "--zone", "Europe/Zurich"]);
        let twice = stage.home.refuses(&["drafts", "schedule", "water", id, "--at", "2030-10-27 02:30"]);
        assert!(twice.contains("say which is meant, 2030-10-27T02:30:00+02:00 or 2030-10-27T02:30:00+01:00"), "{twice}");
        stage.home.run(&["drafts", "schedule", "water", id, "--at", "2030-10-27T02:30:00+01:00"]);
        let shown = stage.home.run(&["drafts", "show", "water", id, "--json"]);
        assert_eq!((&shown["due"], &shown["zone"]), (&json!("2030-10-27T01:30:00Z"), &json!("Europe/Zurich")));
        stage.home.run(&["drafts", "unschedule", "water", id]);
        let soon = {
            use actapub::kernel::{Clock as _, SystemClock};
            (SystemClock.now() + std::time::Duration::from_millis(1_500)).to_string()
        };
        stage.home.run(&["drafts", "schedule", "water", id, "--at", &soon]);
        let page = until("the server to send it", async || {
            let shown = stage.home.run(&["drafts", "show", "water", id, "--json"]);
            shown["parts"][0]["announcement"].as_str().map(str::to_owned)
        }).await;
        assert_eq!(stage.document(&page).await["content"], "<p>On the second.</p>");
    }

    async fn rules_without_sense_are_refused(stage: &Stage) {
        for (arguments, sentence) in [
            (&[][..], "nothing to change was named"),
            (&["--needs-approval", "everythin"], "is no kind of act"),
            (&["--needs-approval", "nothing", "--needs-approval", "edit"], "leave no place for another"),
            (&["--approvals", "9"], "1 to 5 approvals"),
            (&["--approvers", "author"], "only approvers and administrators"),
            (&["--approvers", "king"], "king"),
            (&["--approver-for", "approver"], "an equals sign"),
            (&["--language", "no language"], "no language tag"),
            (&["--forbid", "2027-10-01 00:00=Election"], "a period is written as"),
            (&["--forbid", "2027-10-25 00:00/2027-10-01 00:00=Election"], "ends after it begins"),
            (&["--zone", "Mars/Olympus"], "is no time zone"),
            (&["--late", "2000"], "cannot go out any more"),
        ] {
            let arguments = [&["rules", "set", "water"], arguments].concat();
            let refused = stage.home.refuses(&arguments);
            assert!(refused.contains(sentence), "{arguments:?}: {refused}");
        }
        let rules = stage.home.run(&["rules", "set", "water", "--needs-approval", "withdrawal", "--needs-approval", "#Élections", "--language", "en", "--language", "fr-ca", "--forbid", "2027-10-01 00:00/2027-10-25 22:00=Election", "--reading-index", "45", "--json"]);
        assert_eq!(rules["approval"]["of"], json!({"only": {"kinds": ["withdrawal"], "hashtags": ["elections"]}}));
        assert_eq!((&rules["languages"], &rules["reading_index"]), (&json!(["en", "fr-CA"]), &json!(45)));
        let refused = stage.home.refuses(&["announce", "water", "--text", "Only English."]);
        assert!(refused.contains("ask for fr-CA as well"), "{refused}");
        stage.announce(&["--text", "Only English.", "--exemption", "The translator is ill."]);
        let rules = stage.home.run(&["rules", "set", "water", "--no-languages", "--no-forbidden", "--no-reading-index", "--needs-approval", "nothing", "--json"]);
        assert_eq!((&rules["languages"], &rules["forbidden"], &rules["reading_index"]), (&json!([]), &json!([]), &json!(null)));
        stage.announce(&["--text", "Only English."]);
    }
}
