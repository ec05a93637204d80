//! `actapub demo`: what it shows is there, in both servers, and a second start adds nothing.

#![cfg(test)]

use std::path::Path;
use std::sync::Mutex;

use actapub::app::demo::Demo;
use actapub::archive::log;
use actapub::platform::db::Location;
use actapub::platform::net::{Client, NetSettings, Reach, Request};
use actapub::tlog::{Note, Policy};
use http::{HeaderValue, Method, header};
use serde_json::Value;

const PRIVATE: &str = "I cannot pay my water bill";
const FEEDS: [&str; 2] = [".rss", ".atom"];
const DELETED: &str = "who pays for my Monday";

/// Reads what anybody can read.
struct Reader(Client);

impl Reader {
    fn new() -> Self {
        let settings = NetSettings::new(
            "reader",
            Reach {
                allow_private: true,
            },
        );
        Self(Client::new(&settings).unwrap())
    }

    async fn get(&self, url: &str, accept: &'static str) -> String {
        let mut request = Request::new(Method::GET, url.parse().unwrap());
        request
            .headers_mut()
            .insert(header::ACCEPT, HeaderValue::from_static(accept));
        let response = self.0.send(request).await.unwrap();
        assert!(
            response.status().is_success(),
            "{url}: {}",
            response.status()
        );
        String::from_utf8(self.0.read(response).await.unwrap().to_vec()).unwrap()
    }

    async fn page(&self, url: &str) -> String {
        self.get(url, "text/html").await
    }

    async fn document(&self, url: &str) -> Value {
        serde_json::from_str(&self.get(url, "application/activity+json").await).unwrap()
    }

    /// Everything that an agency shows: its page, its documents, its feeds, and the page of each announcement.
    async fn all_of(&self, city: &str, handle: &str) -> Vec<(String, String)> {
        let mut all = Vec::new();
        let page = format!("{city}@{handle}");
        let actor = self.document(&page).await;
        for collection in ["outbox", "followers", "featured"] {
            let url = actor[collection].as_str().unwrap();
            all.push((url.to_owned(), self.document(url).await.to_string()));
        }
        for feed in FEEDS.map(|ending| format!("{page}{ending}")) {
            all.push((feed.clone(), self.get(&feed, "*/*").await));
        }
        let html = self.page(&page).await;
        let link = format!("/@{handle}/");
        let mut threads: Vec<String> = html
            .split(&link)
            .skip(1)
            .map(|rest| rest.chars().take_while(char::is_ascii_digit).collect())
            .filter(|id: &String| !id.is_empty())
            .collect();
        threads.sort();
        threads.dedup();
        for id in threads {
            let url = format!("{page}/{id}");
            all.push((url.clone(), self.page(&url).await));
            let id = format!("{city}ap/announcements/{id}");
            let document = self.document(&id).await;
            all.push((id.clone(), document.to_string()));
            let replies = self.document(&format!("{id}/replies")).await;
            all.push((format!("{id}/replies"), replies.to_string()));
        }
        all.push((page, html));
        all
    }
}

/// What both servers show.
async fn everything(demo: &Demo) -> Vec<(String, String)> {
    let reader = Reader::new();
    let (city, citizens) = (demo.city(), demo.citizens());
    let mut all = vec![(city.clone(), reader.page(&city).await)];
    for handle in ["water", "transit", "culture"] {
        all.extend(reader.all_of(&city, handle).await);
    }
    let front = reader.page(&citizens).await;
    for part in front.split("/@").skip(1) {
        let handle: String = part
            .chars()
            .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
            .collect();
        let url = format!("{citizens}@{handle}");
        all.push((url.clone(), reader.page(&url).await));
    }
    all.push((citizens, front));
    all
}

/// The page or document at whose address `part` stands, and that says this.
fn saying<'a>(all: &'a [(String, String)], part: &str, text: &str) -> &'a str {
    let found = all
        .iter()
        .find(|(url, body)| url.contains(part) && body.contains(text));
    &found
        .unwrap_or_else(|| panic!("nothing at {part} says {text}"))
        .1
}

/// The smallest `<article>` or list item around a text.
fn around<'a>(page: &'a str, text: &str) -> &'a str {
    let at = page.find(text).unwrap();
    let begin = page[..at].rfind("<article").unwrap();
    let end = page[at..]
        .find("</article")
        .map_or(page.len(), |end| at + end);
    &page[begin..end]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_city_is_built_shown_and_continued() {
    let folder = tempfile::tempdir().unwrap();
    let said = Mutex::new(Vec::new());
    let say = |line: &str| said.lock().unwrap().push(line.to_owned());

    let mut demo = Demo::start(folder.path(), 0, &say).await.unwrap();
    demo.set_up(&say).await.unwrap();
    let (city, citizens) = (demo.city(), demo.citizens());
    let first = everything(&demo).await;
    demo.stop().await;
    shows_the_conversation(&first);
    shows_the_inboxes(&first, &city);
    for (folder, logs) in [
        (folder.path().to_owned(), 3),
        (folder.path().join("county"), 1),
    ] {
        assert_eq!(witnessed(&folder), logs, "{}", folder.display());
    }
    for (url, body) in &first {
        for hidden in [PRIVATE, DELETED] {
            assert!(!body.contains(hidden), "{url} shows what it must not");
        }
    }
    let kept = std::fs::read_to_string(folder.path().join("citizens.json")).unwrap();
    assert!(
        kept.contains(PRIVATE),
        "the private message was never written"
    );

    said.lock().unwrap().clear();
    let mut demo = Demo::start(folder.path(), 0, &say).await.unwrap();
    demo.set_up(&say).await.unwrap();
    assert!(
        said.lock().unwrap()[0].starts_with("Continuing"),
        "{said:?}"
    );
    assert_eq!(said.lock().unwrap().len(), 1, "{said:?}");
    assert_eq!((demo.city(), demo.citizens()), (city, citizens));
    watch_each_other(&demo).await;
    let second = everything(&demo).await;
    demo.stop().await;
    let urls =
        |all: &[(String, String)]| all.iter().map(|(url, _)| url.clone()).collect::<Vec<_>>();
    assert_eq!(urls(&first), urls(&second));
    for ((url, before), (_, after)) in first.iter().zip(&second) {
        // Feeds say when they were made.
        if !FEEDS.iter().any(|ending| url.ends_with(ending)) {
            assert_eq!(before, after, "{url}");
        }
    }
}

/// In how many logs of the server with this data the newest checkpoint that is served satisfies the server's policy,
/// which asks for the other server's cosignature.
fn witnessed(folder: &Path) -> usize {
    let policy = std::fs::read_to_string(folder.join("witnesses.policy")).unwrap();
    let policy = Policy::parse(&policy).unwrap();
    assert!(!policy.needs_no_witness() && policy.witnesses().len() == 1);
    let database = Location::Sqlite(folder.join("actapub.db").display().to_string());
    let logs = log::all(&mut database.connect().unwrap()).unwrap();
    let enough = |log: &&log::Log| {
        let note = &log.served(true).expect("a witnessed checkpoint").note;
        policy.judge(&Note::parse(note).unwrap()).satisfied
    };
    logs.iter().filter(enough).count()
}

/// Each of the two public servers shows what it saw of the other's records.
async fn watch_each_other(demo: &Demo) {
    let reader = Reader::new();
    for (server, other, logs) in [
        (demo.city(), demo.county(), &["clerk"][..]),
        (
            demo.county(),
            demo.city(),
            &["water", "transit", "culture"][..],
        ),
    ] {
        let shown = reader
            .get(&format!("{server}witness"), "application/json")
            .await;
        let shown: Value = serde_json::from_str(&shown).unwrap();
        for log in logs {
            let origin = format!("{}record/{log}", other.trim_start_matches("http://"));
            let seen = shown["logs"]
                .as_array()
                .unwrap()
                .iter()
                .find(|it| it["origin"] == origin);
            let seen = seen.unwrap_or_else(|| panic!("{server} does not know {origin}: {shown}"));
            assert!(seen["size"].as_u64() >= Some(3), "{seen}");
            assert_eq!(seen["keys"].as_array().unwrap().len(), 1, "{seen}");
        }
        assert_eq!(shown["refused"], serde_json::json!([]));
    }
}

fn shows_the_conversation(all: &[(String, String)]) {
    let thread = saying(all, "/@water/", "I bake from 3 in the morning");
    let edited = around(thread, "1928 is the year of the bridge");
    assert!(edited.contains("Edited"), "{edited}");
    assert_eq!(thread.matches("Deleted by its author").count(), 1);
    for said in [
        "iron from the old pipe",
        "We will knock at your door",
        "I pushed the cargo bike",
        "without gravel this time",
    ] {
        assert_eq!(thread.matches(said).count(), 1, "{said}");
    }
    saying(all, "/replies", "/users/lea/posts/1");
    saying(all, "/@transit/", "A collision; nobody was badly hurt");
    // What was withdrawn is on no page any more.
    assert!(
        !all.iter()
            .any(|(_, body)| body.contains("le pont Saint-Aubin est fermé"))
    );
}

fn shows_the_inboxes(all: &[(String, String)], city: &str) {
    for handle in [
        "lea", "omar", "ines", "walter", "noor", "tomasz", "yael", "sam", "pavel",
    ] {
        let inbox = saying(all, &format!("/@{handle}"), "What arrived in this inbox");
        assert!(
            around(inbox, "without gravel this time").contains("edited"),
            "{handle}"
        );
        assert!(
            inbox.contains(city),
            "{handle} is not led to the agency's page"
        );
    }
    let transit = saying(all, "/@jean_paul", "What arrived in this inbox");
    assert!(
        !transit.contains("without gravel this time"),
        "somebody received what they do not follow"
    );
    assert!(transit.contains("has withdrawn this announcement"));
    let walter = saying(all, "/@walter", "Written by");
    assert!(walter.contains("1928 is the year of the bridge"));
    saying(all, "/@pavel", "Deleted by its author.");
}
