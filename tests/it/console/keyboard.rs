//! The desk by its keyboard alone, and as a screen reader tells it.

use std::path::Path;

use actapub::agencies::staff::Role;
use serde_json::{Value, json};

use super::PASSWORD;
use super::browser::Reader;
use super::story::{invited, joins};
use crate::accessibility::chromium;
use crate::commands::stage::Stage;
use crate::harness::{Database, left_out};
use crate::node::Program;

/// What has to be called something: a role without a name says nothing.
const NAMED: [&str; 8] = [
    "button",
    "checkbox",
    "combobox",
    "heading",
    "link",
    "radio",
    "spinbutton",
    "textbox",
];

async fn reader(stage: &Stage) -> Option<Reader> {
    let Some(chromium) = chromium() else {
        left_out(
            "Chromium",
            "install it, or name one in ACTAPUB_TEST_CHROMIUM, to run them",
        );
        return None;
    };
    let pictures = Path::new(env!("CARGO_TARGET_TMPDIR")).join("keyboard");
    let pictures = pictures.display().to_string();
    let base = stage.home.base();
    let arguments = [
        "--browser",
        &chromium,
        "--pictures",
        &pictures,
        "--origin",
        base,
    ];
    let (browser, _) = Program::start("axe.mjs", &arguments).await?;
    Some(Reader {
        browser,
        base: base.to_owned(),
        language: "en",
        complaints: vec![],
    })
}

impl Reader {
    /// Goes by the tabulator to what is called so. Whatever has the focus on the way can be seen to have it.
    async fn tabs_to(&mut self, to: &str) -> Vec<String> {
        let told = self.browser.does(json!({"order": "tab", "to": to})).await;
        assert_eq!(told["unseen"], json!([]), "{told}");
        let way = told["way"].as_array().unwrap();
        way.iter()
            .map(|it| it.as_str().unwrap().to_owned())
            .collect()
    }

    async fn types(&mut self, text: &str) {
        self.browser
            .does(json!({"order": "type", "text": text}))
            .await;
    }

    async fn presses(&mut self, key: &str, says: &str) -> Value {
        let seen = self
            .browser
            .does(json!({"order": "press", "key": key}))
            .await;
        assert!(
            seen["text"].as_str().unwrap().contains(says),
            "{says}: {seen}"
        );
        seen
    }

    /// What a screen reader is told has its landmarks, one title, and a name for everything that can be used.
    async fn hears(&mut self, path: &str) -> String {
        let opened = self.opens(path).await;
        assert_eq!(opened["status"], 200, "{path}: {opened}");
        let told = self.browser.does(json!({"order": "hear"})).await;
        let told = told["text"].as_str().unwrap().to_owned();
        for (landmark, count) in [("- banner", 1), ("- main", 1), ("- contentinfo", 1)] {
            let found = told
                .lines()
                .filter(|line| line.trim().starts_with(landmark))
                .count();
            assert_eq!(found, count, "{path}: {landmark}: {told}");
        }
        let titles = told.matches("[level=1]").count();
        assert_eq!(titles, 1, "{path}: {told}");
        for line in told.lines() {
            let what = line.trim().trim_start_matches("- ");
            let nameless = |role: &str| {
                what.strip_prefix(role).is_some_and(|rest| {
                    rest.is_empty() || rest.starts_with(':') || rest.starts_with(" [")
                })
            };
            assert!(
                !NAMED.iter().any(|role| nameless(role)),
                "{path}: {line}: {told}"
            );
        }
        told
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_desk_is_worked_by_its_keyboard() {
    let stage = Stage::set(Database::sqlite());
    let Some(mut reader) = reader(&stage).await else {
        return;
    };
    stage.home.run(&[
        "rules",
        "set",
        "water",
        "--needs-approval",
        "everything",
        "--approvals",
        "1",
    ]);
    joins(&mut reader, &invited(&stage, Role::Author), "Ada", PASSWORD).await;
    reader.signs_out().await;

    reader.opens("/console/sign-in").await;
    let first = reader.tabs_to("link").await;
    assert!(first[0].contains("Skip"), "{first:?}");
    reader.opens("/console/sign-in").await;
    reader.tabs_to("E-mail").await;
    reader.types("ada@city.example").await;
    reader.tabs_to("Password").await;
    reader.types(PASSWORD).await;
    reader.presses("Enter", "Water Works").await;

    reader.opens("/console/water").await;
    reader.tabs_to("\"Drafts").await;
    reader.presses("Enter", "There is no draft here.").await;
    reader.tabs_to("Write an announcement").await;
    reader.presses("Enter", "Write an announcement").await;
    reader.tabs_to("textbox \"Text").await;
    reader.types("The north pool opens on *Monday*.").await;
    reader.tabs_to("button \"Save").await;
    reader
        .presses("Enter", "The north pool opens on Monday.")
        .await;
    reader.tabs_to("link \"Review").await;
    reader.presses("Enter", "0 of 1 approval").await;
    reader.tabs_to("Put up for approval").await;
    let seen = reader.presses("Enter", "It waits for approval").await;

    let review = seen["url"]
        .as_str()
        .unwrap()
        .split('?')
        .next()
        .unwrap()
        .to_owned();
    let draft = review.strip_suffix("/review").unwrap();
    for path in [
        "/console/water",
        "/console/water/drafts",
        "/console/water/drafts/new",
        draft,
        &review,
        "/console/water/calendar",
        "/console/water/queue",
        "/console/water/numbers",
        "/console/account",
    ] {
        reader.hears(path).await;
    }
    let told = reader.hears(&review).await;
    assert!(
        told.contains("heading \"The north pool opens on Monday.\" [level=1]"),
        "{told}"
    );
    stage.clear().await;
}
