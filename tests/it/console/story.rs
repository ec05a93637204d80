//! One voice, many hands, two pairs of eyes: in a browser, on a server as it is run, with a follower on another one.

use std::path::Path;
use std::time::Duration;

use actapub::agencies::staff::Role;
use serde_json::{Value, json};
use tokio::time::timeout;

use super::browser::Reader;
use super::{ANOTHER, PASSWORD};
use crate::accessibility::chromium;
use crate::commands::stage::Stage;
use crate::harness::{Citizen, Database, left_out};
use crate::node::Program;

/// How long it may take until a follower has it.
const AT_MOST: Duration = Duration::from_secs(10);

/// The link by which somebody joins.
pub(super) fn invited(stage: &Stage, role: Role) -> String {
    let role = role.to_string();
    let told = stage
        .home
        .run(&["staff", "invite", "water", "--role", &role, "--json"]);
    told["url"].as_str().unwrap().to_owned()
}

pub(super) async fn joins(reader: &mut Reader, link: &str, name: &str, password: &str) {
    reader.opens(link).await;
    let email = format!("{}@city.example", name.to_lowercase());
    let fill = json!({"#name": name, "#email": email, "#password": password});
    reader.acts(fill, &[], "main form button", 200).await;
}

async fn presses(reader: &mut Reader, act: &str, says: &str) -> Value {
    let press = format!("form[action$='/review/{act}'] button");
    let order = json!({"order": "act", "press": press});
    let seen = reader.browser.does(order).await;
    let text = seen["text"].as_str().unwrap();
    assert!(text.contains(says), "{act}: {seen}");
    seen
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_writes_another_approves_and_a_follower_reads() {
    let Some(chromium) = chromium() else {
        left_out(
            "Chromium",
            "install it, or name one in ACTAPUB_TEST_CHROMIUM, to run them",
        );
        return;
    };
    let stage = Stage::set(Database::sqlite());
    let pictures = Path::new(env!("CARGO_TARGET_TMPDIR")).join("story");
    let pictures = pictures.display().to_string();
    let base = stage.home.base().to_owned();
    let arguments = [
        "--browser",
        &chromium,
        "--pictures",
        &pictures,
        "--origin",
        &base,
    ];
    let Some((browser, _)) = Program::start("axe.mjs", &arguments).await else {
        return;
    };
    let mut reader = Reader {
        browser,
        base,
        language: "en",
        complaints: vec![],
    };
    let (alice, _) = stage.citizen("alice").await;
    stage.follows(&alice).await;
    let rules = [
        "rules",
        "set",
        "water",
        "--needs-approval",
        "everything",
        "--approvals",
        "1",
    ];
    stage.home.run(&rules);

    let review = write(&mut reader, &stage).await;
    let note = approve(&mut reader, &stage, &review, &alice).await;
    look_back(&mut reader, &stage, &review, &note).await;
    keep(&mut reader, &stage, &review).await;
    assert!(
        reader.complaints.is_empty(),
        "{}",
        reader.complaints.join("\n\n")
    );
    stage.clear().await;
}

/// Whoever writes cannot publish. Returns where it is decided.
async fn write(reader: &mut Reader, stage: &Stage) -> String {
    joins(reader, &invited(stage, Role::Author), "Ada", PASSWORD).await;
    reader.opens("/console/water/drafts/new").await;
    let order = json!({
        "order": "act",
        "fill": {"#text": "The north pool opens on *Monday*. #Swimming"},
        "press": "form.writes button.button:not([name])",
    });
    let written = reader.browser.does(order).await;
    let draft = written["url"]
        .as_str()
        .unwrap()
        .split('?')
        .next()
        .unwrap()
        .to_owned();
    let review = format!("{draft}/review");
    let seen = reader.opens(&review).await;
    assert!(
        !seen["text"].as_str().unwrap().contains("Publish now"),
        "{seen}"
    );
    presses(reader, "submit", "0 of 1 approval").await;
    reader.looks("story-author", "It waits for approval").await;
    reader.signs_out().await;

    review
}

/// Whoever approves sees exactly what will go out. Returns what came to a follower.
async fn approve(reader: &mut Reader, stage: &Stage, review: &str, alice: &Citizen) -> Value {
    joins(reader, &invited(stage, Role::Approver), "Bea", ANOTHER).await;
    reader.looks("story-waits", "To approve").await;
    let seen = reader.opens(review).await;
    assert!(
        seen["text"]
            .as_str()
            .unwrap()
            .contains("The north pool opens on Monday."),
        "{seen}"
    );
    presses(reader, "approve", "1 of 1 approval").await;
    presses(reader, "publish", "It went out on").await;
    let create = timeout(AT_MOST, stage.hears(alice, "Create"))
        .await
        .unwrap();
    assert_eq!(create["actor"], stage.actor());
    let note = &create["object"];
    let said = note["content"].as_str().unwrap();
    assert!(
        said.contains("The north pool opens on <em>Monday</em>."),
        "{said}"
    );
    note.clone()
}

/// The public reads how many, and the staff who; whoever is removed is out at once.
async fn look_back(reader: &mut Reader, stage: &Stage, review: &str, note: &Value) {
    let page = stage
        .shows(note["url"].as_str().unwrap(), "Approved by two people")
        .await;
    assert!(!page.contains("Ada") && !page.contains("Bea"), "{page}");
    let seen = reader.opens(review).await;
    let text = seen["text"].as_str().unwrap();
    assert!(text.contains("Ada") && text.contains("Bea"), "{text}");
    let trail = stage.home.run(&["staff", "trail", "water", "--json"]);
    let acts: Vec<_> = trail
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["act"].to_string())
        .collect();
    for act in ["submitted", "approved", "published"] {
        assert!(acts.iter().any(|it| it.contains(act)), "{act}: {acts:?}");
    }
    stage
        .home
        .run(&["staff", "remove", "water", "bea@city.example"]);
    let seen = reader.opens(review).await;
    assert_eq!(seen["status"], 200);
    assert!(
        seen["text"]
            .as_str()
            .unwrap()
            .contains("Every member of staff"),
        "{seen}"
    );
    reader.signs_in("bea@city.example", ANOTHER, 422).await;
}

/// Whoever keeps the records has a desk and the numbers, and no part in what is said; what was said is in the record.
async fn keep(reader: &mut Reader, stage: &Stage, review: &str) {
    let link = invited(stage, Role::RecordsOfficer);
    joins(reader, &link, "Cleo", PASSWORD).await;
    let desk = reader.opens("/console/water").await;
    let text = desk["text"].as_str().unwrap();
    assert!(
        text.contains("Numbers") && !text.contains("Drafts"),
        "{text}"
    );
    for path in [review, "/console/water/drafts", "/console/water/queue"] {
        let seen = reader.opens(path).await;
        assert_eq!(seen["status"], 403, "{path}: {seen}");
    }
    reader.opens("/console/water/numbers").await;
    reader.looks("story-records", "Followers").await;
    let record = format!("{}/record/water", stage.home.base());
    stage
        .shows(&record, "The north pool opens on Monday.")
        .await;
}
