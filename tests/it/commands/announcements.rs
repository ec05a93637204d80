//! `announce`, `edit` and `withdraw`.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use image::{ImageFormat, RgbImage};
use reqwest::StatusCode;
use serde_json::{Value, json};

use super::stage::{Stage, on_each};
use crate::process::{Installation, until};

/// A picture in the installation's folder.
pub(super) fn picture(stage: &Stage, name: &str, width: u32, height: u32) -> String {
    let path = stage.home.folder().join(name);
    let format = ImageFormat::from_path(&path).unwrap();
    let picture = RgbImage::from_fn(width, height, |x, y| image::Rgb([x as u8, y as u8, 99]));
    picture.save_with_format(&path, format).unwrap();
    path.display().to_string()
}

fn file(stage: &Stage, name: &str, content: &[u8]) -> String {
    let path = stage.home.folder().join(name);
    std::fs::write(&path, content).unwrap();
    path.display().to_string()
}

fn keys(document: &Value) -> Vec<&str> {
    let keys = document.as_object().unwrap().keys();
    keys.map(String::as_str).collect()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

on_each! {
    async fn an_announcement_goes_out_with_all_that_belongs_to_it(stage: &Stage) {
        let (alice, _) = stage.citizen("alice").await;
        stage.follows(&alice).await;
        let words = file(stage, "news.md", "\u{feff}Vesi on *poikki* #Vedenkeitto".as_bytes());
        let (map, pump) = (picture(stage, "map.png", 300, 200), picture(stage, "pump.jpg", 90, 60));
        let said = stage.announce(&[
            "--file", &words, "--language", "fi", "--warning", "Water", "--pin",
            "--image", &map, "--alt", "A map", "--focus", "0.5,-0.5", "--image", &pump, "--alt", "A pump", "--focus", "0,0",
        ]);
        // What scripts rely on.
        assert_eq!(keys(&said), ["id", "url", "published"]);
        assert!(text(&said["id"]).starts_with(&format!("{}/ap/announcements/", stage.home.base())));
        assert!(text(&said["url"]).starts_with(&format!("{}/@water/", stage.home.base())));
        assert!(text(&said["published"]).ends_with('Z'));

        let page = stage.shows(text(&said["url"]), "<em>poikki</em>").await;
        assert!(page.contains("lang=\"fi\"") && page.contains("A map") && page.contains("A pump"), "{page}");
        assert_eq!(page.matches("Vedenkeitto</").count(), 1, "its hashtag stands there once: {page}");
        let note = stage.hears(&alice, "Create").await["object"].clone();
        assert_eq!(note["id"], said["id"]);
        assert_eq!(note["url"], said["url"]);
        assert_eq!(note["published"].as_str().map(|it| &it[..19]), said["published"].as_str().map(|it| &it[..19]));
        assert_eq!(note["summary"], "Water");
        assert!(text(&note["contentMap"]["fi"]).contains("<em>poikki</em>"), "{note}");
        assert_eq!(note["tag"][0]["name"], "#Vedenkeitto");
        assert_eq!(note["attachment"][0]["name"], "A map");
        assert_eq!(note["attachment"][0]["focalPoint"], json!([0.5, -0.5]));
        assert_eq!(note["attachment"][1]["name"], "A pump");
        let media = stage.get(text(&note["attachment"][1]["url"]), "image/*").await;
        assert_eq!(media.0, StatusCode::OK);
        let actor = stage.document(&stage.actor()).await;
        let featured = stage.document(text(&actor["featured"])).await;
        assert_eq!(featured["orderedItems"][0]["id"], said["id"], "{featured}");

        // From the standard input; without --json the page's address alone.
        let ran = stage.home.attempt(&["announce", "water", "--file", "-"], b"From a *pipe*.");
        assert_eq!(ran.status, 0, "{}", ran.stderr);
        let url = ran.stdout.trim_end();
        assert!(url.starts_with(&format!("{}/@water/", stage.home.base())), "{}", ran.stdout);
        stage.shows(url, "<em>pipe</em>").await;

        // Long texts are published with a word of warning.
        let long = "Word. ".repeat(150);
        let ran = stage.home.attempt(&["announce", "water", "--text", &long], b"");
        assert_eq!(ran.status, 0, "{}", ran.stderr);
        assert!(ran.stderr.contains("warning: the text has"), "{}", ran.stderr);
    }

    async fn posts_of_one_announcement_go_out_in_order(stage: &Stage) {
        let (alice, _) = stage.citizen("alice").await;
        stage.follows(&alice).await;
        let (map, pump) = (picture(stage, "map.png", 300, 200), picture(stage, "pump.png", 90, 60));
        let from_file = file(stage, "then.md", b"*Third*, from a file.");
        let said = stage.announce(&[
            "--text", "First.", "--warning", "Water", "--image", &map, "--alt", "A map",
            "--then", "- second", "--image", &pump, "--alt", "A pump", "--then-file", &from_file, "--then", "Fourth.",
        ]);
        assert_eq!(keys(&said), ["id", "url", "published", "thread"]);
        let thread = said["thread"].as_array().unwrap();
        assert_eq!(thread.len(), 4);
        assert_eq!((&thread[0]["id"], &thread[0]["url"], &thread[0]["published"]), (&said["id"], &said["url"], &said["published"]));
        assert!(thread.iter().all(|post| keys(post) == ["id", "url", "published"]));
        let came = Mutex::new(vec![]);
        until("four posts to arrive", async || {
            let mut came = came.lock().unwrap();
            came.extend(alice.peer.received().into_iter().map(|it| it.activity).filter(|it| it["type"] == "Create"));
            (came.len() == 4).then_some(())
        }).await;
        let came = came.into_inner().unwrap();
        for (number, (create, text)) in came.iter().zip(["First.", "<li>second</li>", "<em>Third</em>, from a file.", "Fourth."]).enumerate() {
            let note = &create["object"];
            assert!(note["content"].as_str().unwrap().contains(text), "{note}");
            assert_eq!((&note["id"], &note["summary"]), (&thread[number]["id"], &json!("Water")));
            assert_eq!(note["inReplyTo"], number.checked_sub(1).map_or(Value::Null, |before| thread[before]["id"].clone()));
        }
        let alts: Vec<&Value> = came.iter().map(|it| &it["object"]["attachment"][0]["name"]).collect();
        assert_eq!(alts, [&json!("A map"), &json!("A pump"), &Value::Null, &Value::Null]);
        let page = stage.shows(text(&said["url"]), "Fourth.").await;
        assert!(page.contains("Post 4 of 4"), "{page}");

        let refused = stage.home.refuses(&["announce", "water", "--text", "First.", "--then", "Look.", "--image", &map]);
        assert!(refused.contains("post 2") && refused.contains("--alt"), "{refused}");
        let refused = stage.home.refuses(&["announce", "water", "--text", "First.", "--then", " ", "--json"]);
        assert!(refused.contains("post 2: an announcement needs a text"), "{refused}");
        let refused = stage.home.refuses(&["announce", "water", "--text", "First.", "--then", "Second.", "--reply-to", text(&said["url"])]);
        assert!(refused.contains("--reply-to"), "{refused}");

        // As a draft, and what became of it.
        let draft = stage.announce(&["--text", "One.", "--then", "Two.", "--draft"]);
        assert_eq!(draft["parts"][0]["proposal"]["rest"][0]["markdown"], "Two.");
        let id = text(&draft["id"]);
        let shown = stage.home.run(&["drafts", "show", "water", id]);
        assert!(shown.as_str().unwrap().contains("[en], 2 posts"), "{shown}");
        stage.home.run(&["drafts", "publish", "water", id]);
        let shown = stage.home.run(&["drafts", "show", "water", id, "--json"]);
        let part = &shown["parts"][0];
        assert_eq!(part["thread"].as_array().map(Vec::len), Some(1), "{shown}");
        assert_eq!(stage.document(text(&part["thread"][0])).await["inReplyTo"], part["announcement"]);
    }

    /// Of several announcements one at least is under way within two seconds, however much else the machine does.
    async fn the_server_notices_what_a_command_has_done(stage: &Stage) {
        let (alice, _) = stage.citizen("alice").await;
        stage.follows(&alice).await;
        let mut fastest = Duration::MAX;
        for number in 0..5 {
            let text = format!("Number {number}.");
            stage.announce(&["--text", &text]);
            let done = Instant::now();
            stage.hears(&alice, "Create").await;
            fastest = fastest.min(done.elapsed());
        }
        assert!(fastest < Duration::from_secs(2), "{fastest:?}");
        println!("an announcement reached its follower {fastest:?} after the command was done");
    }

    /// A citizen of another server is found by WebFinger, and told.
    async fn whom_a_text_names_is_told(stage: &Stage) {
        let (bob, acct) = stage.citizen("bob").await;
        let nobody = format!("nobody@{}", acct.split_once('@').unwrap().1);
        bob.peer.answers(&format!("/.well-known/webfinger?resource=acct:{nobody}"), crate::harness::Answer::status(StatusCode::NOT_FOUND));
        let text = format!("Thank you, @{acct}, and @{nobody}!");
        let ran = stage.home.attempt(&["announce", "water", "--text", &text, "--json"], b"");
        assert_eq!(ran.status, 0, "{}", ran.stderr);
        assert!(ran.stderr.contains(&format!("warning: @{nobody} was not found and stays text")), "{}", ran.stderr);
        assert!(!ran.stderr.contains(&acct), "{}", ran.stderr);
        let said: Value = serde_json::from_str(&ran.stdout).unwrap();
        let note = stage.hears(&bob, "Create").await["object"].clone();
        assert_eq!(note["id"], said["id"]);
        let mention = json!({"type": "Mention", "href": bob.uri, "name": format!("@{acct}")});
        assert_eq!(note["tag"], json!([mention]));
        assert!(note["cc"].as_array().unwrap().contains(&json!(bob.uri)), "{note}");
        let page = stage.shows(said["url"].as_str().unwrap(), &format!("href=\"{}\"", bob.peer.url("/@bob"))).await;
        assert!(page.contains(&format!("@{nobody}")), "{page}");

        // Who was told of it once is told of its end, too.
        stage.home.run(&["withdraw", said["url"].as_str().unwrap(), "--reason", "Thanked the wrong one"]);
        assert_eq!(stage.hears(&bob, "Delete").await["object"]["id"], said["id"]);
    }

    /// An agency answers a citizen, by the reply's id or its page.
    async fn a_reply_is_answered(stage: &Stage) {
        let said = stage.announce(&["--text", "The pool opens."]);
        let (alice, acct) = stage.citizen("alice").await;
        let note = alice.note("/notes/1", said["id"].as_str().unwrap(), "Which pool?");
        stage.says(&alice, &alice.act("Create", note.clone())).await;
        stage.shows(said["url"].as_str().unwrap(), "Which pool?").await;
        for (by, words) in [(&note["id"], "The north pool."), (&note["url"], "The new one.")] {
            let answer = stage.announce(&["--text", words, "--reply-to", by.as_str().unwrap()]);
            let came = stage.hears(&alice, "Create").await["object"].clone();
            assert_eq!(came["id"], answer["id"]);
            assert_eq!(came["inReplyTo"], note["id"]);
            assert_eq!(came["tag"][0]["href"], alice.uri);
            assert!(!acct.is_empty() && came["content"].as_str().unwrap().contains(words), "{came}");
            let page = stage.shows(said["url"].as_str().unwrap(), words).await;
            assert!(page.contains("Which pool?"), "it stands in the thread");
        }
        // On an announcement of our own it goes on.
        let more = stage.announce(&["--text", "And the south pool.", "--reply-to", said["url"].as_str().unwrap()]);
        assert_eq!(stage.document(more["id"].as_str().unwrap()).await["inReplyTo"], said["id"]);
        stage.shows(said["url"].as_str().unwrap(), "And the south pool.").await;
    }

    async fn a_long_text_has_a_page_of_its_own(stage: &Stage) {
        let (alice, _) = stage.citizen("alice").await;
        stage.follows(&alice).await;
        let plan = file(stage, "plan.md", b"# The plan\n\n## Why\n\nThe pipes are *old*.\n");
        let said = stage.announce(&["--text", "New pipes.", "--article", &plan]);
        assert_eq!(keys(&said), ["id", "url", "published", "article"]);
        let article = &said["article"];
        assert_eq!(keys(article), ["id", "url", "title"]);
        assert_eq!(article["title"], "The plan");
        assert_eq!(text(&article["id"]), format!("{}/article", text(&said["id"])));
        assert_eq!(text(&article["url"]), format!("{}/article", text(&said["url"])));
        let page = stage.shows(text(&article["url"]), "<em>old</em>").await;
        assert!(page.contains("<h1 id=\"title\">The plan</h1>") && page.contains("<h2 id=\"s-why\">Why</h2>"), "{page}");
        let note = stage.hears(&alice, "Create").await["object"].clone();
        assert_eq!(note["type"], "Note");
        assert!(text(&note["content"]).contains(text(&article["url"])), "{note}");

        // A file without a title leaves the one that stands, and everything else.
        let other = file(stage, "other.md", b"They are **very** old.");
        let edited = stage.home.run(&["edit", text(&said["url"]), "--article", &other, "--json"]);
        assert_eq!(edited["article"], *article);
        stage.shows(text(&article["url"]), "<strong>very</strong>").await;
        stage.hears(&alice, "Update").await;
        let edited = stage.home.run(&["edit", text(&article["url"]), "--title", "Another plan", "--json"]);
        assert_eq!(edited["article"]["title"], "Another plan");
        stage.hears(&alice, "Update").await;
        let page = stage.shows(text(&article["url"]), "Another plan").await;
        assert!(page.contains("<strong>very</strong>") && page.contains("New pipes."), "{page}");

        let edited = stage.home.run(&["edit", text(&said["url"]), "--no-article", "--json"]);
        assert_eq!(keys(&edited), ["id", "url", "published", "edited"]);
        let note = stage.hears(&alice, "Update").await["object"].clone();
        assert!(!text(&note["content"]).contains("/article"), "{note}");

        for (arguments, why) in [
            (vec!["--text", "x", "--title", "T"], "name its file"),
            (vec!["--text", "x", "--article", &other], "needs a title"),
            (vec!["--text", "x", "--article", "/nowhere.md", "--title", "T"], "cannot read"),
        ] {
            let ran = stage.home.attempt(&[&["announce", "water"], &arguments[..]].concat(), b"");
            assert!(ran.status != 0 && ran.stderr.contains(why), "{}", ran.stderr);
        }
    }

    async fn an_announcement_is_edited_and_withdrawn(stage: &Stage) {
        let (alice, _) = stage.citizen("alice").await;
        stage.follows(&alice).await;
        let map = picture(stage, "map.png", 30, 20);
        let said = stage.announce(&["--text", "Water at nine.", "--warning", "Water", "--image", &map, "--alt", "A map"]);
        let (id, url) = (said["id"].as_str().unwrap(), said["url"].as_str().unwrap());
        stage.hears(&alice, "Create").await;

        let edited = stage.home.run(&["edit", url, "--text", "Water at *ten*.", "--json"]);
        assert_eq!(keys(&edited), ["id", "url", "published", "edited"]);
        assert_eq!((&edited["id"], &edited["published"]), (&said["id"], &said["published"]));
        let page = stage.shows(url, "<em>ten</em>").await;
        assert!(!page.contains("Water at nine.") && page.contains("Edited"), "{page}");
        let update = stage.hears(&alice, "Update").await["object"].clone();
        assert_eq!(update["id"], said["id"]);
        assert!(update["updated"].is_string());
        assert_eq!((&update["summary"], &update["attachment"][0]["name"]), (&json!("Water"), &json!("A map")), "they stay");

        // By its id; the warning and the pictures go.
        stage.home.run(&["edit", id, "--warning", "", "--no-images", "--language", "fr"]);
        let update = stage.hears(&alice, "Update").await["object"].clone();
        assert!(update["summary"].is_null(), "{update}");
        assert!(update["attachment"].as_array().is_none_or(Vec::is_empty), "{update}");
        assert!(update["contentMap"]["fr"].is_string(), "{update}");

        let featured = stage.document(&stage.actor()).await["featured"].clone();
        for (flag, count) in [("--pin", 1), ("--unpin", 0)] {
            stage.home.run(&["edit", url, flag]);
            until("the pin to be noticed", async || {
                let featured = stage.document(featured.as_str().unwrap()).await;
                (featured["totalItems"] == count).then_some(())
            }).await;
        }

        let ran = stage.home.attempt(&["withdraw", url, "--reason", "It was *wrong*."], b"");
        assert_eq!((ran.status, ran.stdout.as_str()), (0, ""), "{}", ran.stderr);
        assert_eq!(stage.hears(&alice, "Delete").await["object"]["id"], said["id"]);
        let (status, page) = stage.get(url, "text/html").await;
        assert_eq!(status, StatusCode::GONE);
        assert!(page.contains("It was *wrong*.") && !page.contains("<em>ten</em>"), "{page}");
        let (status, tombstone) = stage.get(id, "application/activity+json").await;
        assert_eq!(status, StatusCode::GONE);
        assert!(tombstone.contains("Tombstone"), "{tombstone}");
    }
}

/// A first trial has no address that others could reach: it asks nobody, and says so.
#[test]
fn a_trial_talks_to_nobody() {
    let home = Installation::new().with("ACTAPUB_FEDERATION_ALLOW_PRIVATE", "false".to_owned());
    home.run(&["agency", "create", "water", "--name", "Water Works"]);
    let ran = home.attempt(
        &["announce", "water", "--text", "Hello @ada@example.org"],
        b"",
    );
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    assert!(
        ran.stderr.starts_with(
            "warning: @ada@example.org stays text: a server whose url begins with http:"
        ),
        "{}",
        ran.stderr
    );
}
