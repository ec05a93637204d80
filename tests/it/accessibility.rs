//! Every public page in a browser: by the rules of WCAG 2.2 AA as far as axe can tell, on a phone and on a desk, by day
//! and by night, with nothing asked of anybody else and nothing lost without script.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::harness::left_out;
use crate::node::Program;
use crate::process::{Installation, until};

#[tokio::test]
async fn every_public_page_is_for_everybody() {
    let Some(chromium) = chromium() else {
        left_out(
            "Chromium",
            "install it, or name one in ACTAPUB_TEST_CHROMIUM, to run them",
        );
        return;
    };
    let pictures = Path::new(env!("CARGO_TARGET_TMPDIR")).join("pages");
    let pictures = pictures.display().to_string();
    let arguments = ["--browser", &chromium, "--pictures", &pictures];
    let Some((mut fedify, _)) = Program::start("fedify-peer.mjs", &[]).await else {
        return;
    };
    let Some((mut browser, _)) = Program::start("axe.mjs", &arguments).await else {
        return;
    };
    let home = Installation::new();
    let town = Town::build(&home);
    let server = home.serve();
    town.converse(&mut fedify).await;

    let mut complaints = vec![];
    for page in town.pages() {
        let seen = browser.does(page.order()).await;
        let name = page.name;
        if seen["status"] != page.status {
            complaints.push(format!("{name}: answers {}", seen["status"]));
        }
        // A page that could not be judged would pass too.
        assert!(seen["checks"].as_u64().unwrap() >= 5, "{name}: {seen}");
        let text = seen["text"].as_str().unwrap();
        if !text.contains(page.says) {
            complaints.push(format!("{name}: does not say “{}”: {text}", page.says));
        }
        for complaint in seen["complaints"].as_array().unwrap() {
            complaints.push(format!("{name}: {}", complaint.as_str().unwrap()));
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n\n"));
    assert_eq!(server.kill(), Vec::<String>::new());
}

pub(crate) fn chromium() -> Option<String> {
    let named = std::env::var("ACTAPUB_TEST_CHROMIUM").ok();
    let usual = ["chromium", "chromium-browser", "google-chrome"].map(str::to_owned);
    named.into_iter().chain(usual).find_map(|name| {
        let found = Command::new("sh")
            .args(["-c", "command -v \"$0\"", &name])
            .output()
            .ok()?;
        let path = String::from_utf8(found.stdout).ok()?;
        found.status.success().then(|| path.trim().to_owned())
    })
}

/// A page, the way to it, and what it has to say.
struct Page {
    name: &'static str,
    url: String,
    /// What to fill in and send there, if anything.
    address: Option<&'static str>,
    status: u16,
    says: &'static str,
}

impl Page {
    fn order(&self) -> Value {
        let scripted = self.name.starts_with("record-entry");
        let step =
            json!({"order": "visit", "name": self.name, "url": self.url, "scripted": scripted});
        let Some(address) = self.address else {
            return step;
        };
        let mut step = step;
        step["fill"] = json!({"#address": address});
        step["send"] = json!("form.ask button");
        step
    }
}

/// An announcement with a long text that was edited once.
fn at_length(home: &Installation) -> Value {
    let file = |name: &str, words: &str| {
        let path = home.folder().join(name);
        let text = format!(
            "# How the pipes are renewed\n\n{words}\n\n## Why\n\nThey are *old*.\n\n### Since when\n\n> 1931\n\n\
             ## Where\n\n| Street | Metres |\n|---|--:|\n| Mill Lane | 800 |\n\n## When\n\n1. Dig\n2. Fill\n\n---\n\n```\nno more\n```\n"
        );
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let first = file("first.md", "In two years.");
    let second = file("second.md", "In three years.");
    let text = "The pipes are renewed.";
    let said = home.run(&[
        "announce",
        "water",
        "--text",
        text,
        "--article",
        &first,
        "--json",
    ]);
    let url = said["url"].as_str().unwrap();
    home.run(&["edit", url, "--article", &second]);
    said
}

/// Two agencies, one of which writes from right to left, and what they have said.
struct Town {
    base: String,
    picture: Value,
    long: Value,
    warned: Value,
    withdrawn: Value,
    arabic: Value,
    article: Value,
}

impl Town {
    fn build(home: &Installation) -> Self {
        let picture = home.folder().join("pipe.png");
        image::RgbImage::from_fn(1200, 800, |x, y| {
            image::Rgb([(x / 5) as u8, (y / 4) as u8, 160])
        })
        .save(&picture)
        .unwrap();
        let picture = picture.display().to_string();
        home.run(&[
            "agency", "create", "water", "--name", "Municipal Water Works",
            "--summary", "Clean water, *day and night*. Call [the hotline](https://water.example/call) if yours is not.",
            "--link", "Website=https://water.example/", "--link", "Hotline=https://water.example/call",
            "--avatar", &picture, "--header", &picture,
        ]);
        home.run(&[
            "agency",
            "edit",
            "water",
            "--accent",
            "#0b6e4f",
            "--footer-link",
            "Imprint=https://water.example/imprint",
        ]);
        home.run(&[
            "agency",
            "create",
            "mayah",
            "--name",
            "دائرة المياه",
            "--language",
            "ar",
            "--summary",
            "مياه نظيفة ليلا ونهارا.",
        ]);
        let announce =
            |arguments: &[&str]| home.run(&[&["announce"], arguments, &["--json"]].concat());
        let withdrawn = announce(&[
            "water",
            "--text",
            "The reservoir is closed on Monday. #Reservoir",
        ]);
        home.run(&[
            "withdraw",
            withdrawn["url"].as_str().unwrap(),
            "--reason",
            "The date was wrong.",
        ]);
        let warned = announce(&[
            "water",
            "--text",
            "A worker was hurt at the pumping station. #Accident",
            "--warning",
            "An accident",
        ]);
        let long = "Boil your water until further notice. #BoilWater\n\n- in the **northern** districts\n- in the old town\n\n\
            > Bring it to a rolling boil for three minutes.\n\nSee https://water.example/a-very-long-address/that-has-no-place-to-break/and-goes-on-and-on-and-on for a map.";
        let long = announce(&["water", "--text", long, "--pin"]);
        home.run(&[
            "edit",
            long["url"].as_str().unwrap(),
            "--text",
            "Boil your water until Friday. #BoilWater",
        ]);
        let with_picture = announce(&[
            "water",
            "--text",
            "This is what broke. #BoilWater",
            "--image",
            &picture,
            "--alt",
            "A pipe with a crack",
        ]);
        let arabic = announce(&[
            "mayah",
            "--text",
            "اغلوا الماء قبل الشرب حتى إشعار آخر. #غلي_الماء",
        ]);
        Self {
            article: at_length(home),
            base: home.base().to_owned(),
            picture: with_picture,
            long,
            warned,
            withdrawn,
            arabic,
        }
    }

    /// Citizens reply: one edits, one deletes, one answers another, one writes from right to left.
    async fn converse(&self, fedify: &mut Program) {
        let id = &self.long["id"];
        let reply = |to: &Value, html: &str, language: &str| json!({"order": "reply", "to": to, "thread": id, "html": html, "language": language});
        let asks = fedify
            .does(reply(
                id,
                "<p>Is it safe to <em>wash</em> the dishes?</p>",
                "en",
            ))
            .await;
        fedify
            .does(reply(&asks["id"], "<p>I would not.</p>", "en"))
            .await;
        let edited = fedify.does(reply(id, "<p>Since wenn?</p>", "de")).await;
        let deleted = fedify.does(reply(id, "<p>Never mind.</p>", "en")).await;
        fedify.does(reply(id, "<p>شكرا على الخبر.</p>", "ar")).await;
        fedify
            .does(json!({"order": "edit", "id": edited["id"], "html": "<p>Seit wann?</p>"}))
            .await;
        fedify
            .does(json!({"order": "delete", "id": deleted["id"]}))
            .await;
        fedify.does(json!({"order": "like", "what": id})).await;
        let page = self.long["url"].as_str().unwrap();
        until("the thread to stand", async || {
            let text = reqwest::get(page).await.unwrap().text().await.unwrap();
            let stands = ["would not", "Seit wann", "Deleted by its author", "شكرا"];
            stands.iter().all(|it| text.contains(it)).then_some(())
        })
        .await;
        // What is recorded last: until then the record's own page changes under its reader.
        let record = format!("{}/record/water.json", self.base);
        until("the record to stand", async || {
            let text = reqwest::get(&record).await.unwrap().text().await.unwrap();
            text.contains("redaction.done").then_some(())
        })
        .await;
    }

    fn pages(&self) -> Vec<Page> {
        let at = |path: &str| format!("{}{path}", self.base);
        let of = |announcement: &Value, path: &str| {
            format!("{}{path}", announcement["url"].as_str().unwrap())
        };
        let page = |name, url, says| Page {
            name,
            url,
            address: None,
            status: 200,
            says,
        };
        vec![
            page("record", at("/record/water"), "Announcement published"),
            page(
                "record-filtered",
                at("/record/water?kind=announcement.withdrawn"),
                "Show everything again",
            ),
            page("record-rtl", at("/record/mayah"), "دائرة المياه"),
            page("record-entry", at("/record/water/1"), "Check it yourself"),
            page(
                "record-entry-agency",
                at("/record/water/0"),
                "Agency created",
            ),
            page("front", at("/"), "Municipal Water Works"),
            page("witness", at("/witness"), "What it refused"),
            page("about", at("/about"), "Deleted by its author"),
            page("agency", at("/@water"), "This is what broke."),
            page("agency-rtl", at("/@mayah"), "دائرة المياه"),
            page("announcement", of(&self.long, ""), "Seit wann?"),
            page(
                "announcement-picture",
                of(&self.picture, ""),
                "This is what broke.",
            ),
            page("announcement-warning", of(&self.warned, ""), "An accident"),
            page("announcement-rtl", of(&self.arabic, ""), "اغلوا الماء"),
            page("embed", of(&self.long, "/embed"), "Boil your water"),
            page("article", of(&self.article, "/article"), "In three years."),
            page(
                "article-announcement",
                of(&self.article, ""),
                "Read the whole text",
            ),
            page(
                "article-embed",
                of(&self.article, "/embed"),
                "Read the whole text",
            ),
            page(
                "article-changes",
                of(&self.article, "/article/changes/2"),
                "What version 2 changed",
            ),
            page("tag", at("/tags/boilwater"), "This is what broke."),
            page("tag-unused", at("/tags/nobodysaidthis"), "nobodysaidthis"),
            page("follow", at("/@water/follow"), "Municipal Water Works"),
            page("reply", of(&self.long, "/reply"), "Boil your water"),
            Page {
                status: 422,
                address: Some("not an address"),
                ..page("follow-trouble", at("/@water/follow"), "not an address")
            },
            Page {
                status: 410,
                ..page("withdrawn", of(&self.withdrawn, ""), "The date was wrong.")
            },
            Page {
                status: 404,
                ..page("not-found", at("/@water/1"), "")
            },
            Page {
                status: 404,
                ..page("no-such-agency", at("/@fire"), "")
            },
        ]
    }
}
