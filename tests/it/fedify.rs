//! A citizen on a server that nobody here wrote: Fedify's signatures, JSON-LD and delivery against ours.

use actapub::kernel::Timestamp;
use serde_json::{Value, json};

use crate::node::Program;
use crate::process::{Installation, until};

const ACTIVITY_JSON: &str = "application/activity+json";

/// An agency's server, a citizen's, and what both need to go on.
struct Stage {
    home: Installation,
    http: reqwest::Client,
}

impl Stage {
    fn new() -> Self {
        let home = Installation::new();
        home.run(&[
            "agency",
            "create",
            "water",
            "--name",
            "Vesilaitos",
            "--summary",
            "Clean water, *day and night*.",
            "--link",
            "Website=https://water.example/",
        ]);
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        Self { home, http }
    }

    fn handle(&self) -> String {
        format!("water@{}", self.home.authority())
    }

    /// A page, as a browser gets it.
    async fn page(&self, url: &str) -> String {
        let request = self.http.get(url).header("accept", "text/html");
        request.send().await.unwrap().text().await.unwrap()
    }

    /// A document, as another server gets it.
    async fn document(&self, url: &str) -> Value {
        let request = self.http.get(url).header("accept", ACTIVITY_JSON);
        let body = request.send().await.unwrap().bytes().await.unwrap();
        serde_json::from_slice(&body).unwrap_or(Value::Null)
    }

    async fn total(&self, collection: &Value) -> Value {
        let url = collection["id"].as_str().or(collection.as_str()).unwrap();
        self.document(url).await["totalItems"].clone()
    }

    /// Waits until a page shows something.
    async fn shows(&self, url: &str, text: &str) -> String {
        until(&format!("{text} on {url}"), async || {
            let page = self.page(url).await;
            page.contains(text).then_some(page)
        })
        .await
    }

    /// Waits until a collection counts so many.
    async fn counts(&self, collection: &Value, expected: u32) {
        until(&format!("{expected} in {collection}"), async || {
            (self.total(collection).await == json!(expected)).then_some(())
        })
        .await;
    }

    /// All items of a paged collection.
    async fn items(&self, collection: &Value) -> Vec<Value> {
        let url = collection["id"].as_str().or(collection.as_str()).unwrap();
        let mut next = self.document(url).await["first"].clone();
        let mut items = vec![];
        while !next.is_null() {
            let page = match next.as_str() {
                Some(url) => self.document(url).await,
                None => next,
            };
            items.extend(
                page["items"]
                    .as_array()
                    .or(page["orderedItems"].as_array())
                    .cloned()
                    .unwrap_or_default(),
            );
            next = page["next"].clone();
        }
        items
    }
}

#[tokio::test]
async fn a_citizen_on_fedify_who_signs_as_rfc_9421_says() {
    let expected = [
        ["Accept", "cavage", "main-key", "none"],
        ["Create", "cavage", "main-key", "right"],
        ["Update", "cavage", "main-key", "right"],
        ["Delete", "cavage", "main-key", "right"],
    ];
    converse(&[], &expected).await;
}

/// Fedify signs as the draft says, and turns away what we sign so: we have to find out that it wants RFC 9421, and that
/// it takes Ed25519 then.
#[tokio::test]
async fn a_citizen_on_fedify_who_signs_as_the_draft_says_and_accepts_only_rfc_9421() {
    let arguments = [
        "--first-knock",
        "draft-cavage-http-signatures-12",
        "--rfc9421-only",
    ];
    let expected = [
        ["Accept", "rfc9421", "main-key", "none"],
        ["Create", "rfc9421", "ed25519-key", "right"],
        ["Update", "rfc9421", "ed25519-key", "right"],
        ["Delete", "rfc9421", "ed25519-key", "right"],
    ];
    converse(&arguments, &expected).await;
}

/// The whole way, from the first look at an agency to the last good-bye; at the end the agency's server has sent
/// exactly these activities: type, dialect, key and proof.
async fn converse(arguments: &[&str], expected: &[[&str; 4]]) {
    let Some((mut fedify, citizen)) = Program::start("fedify-peer.mjs", arguments).await else {
        return;
    };
    let stage = Stage::new();
    let server = stage.home.serve();
    let agency = finds_the_agency(&stage, &mut fedify).await;

    let follow = fedify
        .does(json!({"order": "follow", "whom": format!("@{}", stage.handle())}))
        .await;
    assert_eq!(follow["agency"], agency);
    let accept = fedify
        .hears("the Accept", |it| it["event"] == "Accept")
        .await;
    assert_eq!(accept["object"]["id"], follow["id"]);
    let followers = stage.home.run(&["followers", "water", "--json"]);
    assert_eq!(followers[0]["id"], citizen["actor"]);
    assert_eq!(
        followers[0]["handle"],
        format!("@{}", citizen["handle"].as_str().unwrap())
    );

    let announcement = hears_an_announcement(&stage, &mut fedify, &agency).await;
    hears_its_edit(&stage, &mut fedify, &announcement).await;
    replies(&stage, &mut fedify, &announcement).await;
    reacts(&stage, &mut fedify, &announcement).await;

    stage.home.run(&[
        "withdraw",
        announcement["url"].as_str().unwrap(),
        "--reason",
        "The date was wrong.",
    ]);
    let delete = fedify
        .hears("the Delete", |it| it["event"] == "Delete")
        .await;
    assert_eq!(delete["object"]["id"], announcement["id"]);

    let followers = stage.document(agency.as_str().unwrap()).await["followers"].clone();
    stage.counts(&followers, 1).await;
    fedify
        .does(json!({"order": "undo", "id": follow["id"]}))
        .await;
    stage.counts(&followers, 0).await;

    let told = fedify.told();
    let letters: Vec<[&str; 4]> = told
        .iter()
        .filter(|it| it["method"] == "POST" && it["status"] == 202)
        .map(|it| ["type", "dialect", "key", "proof"].map(|name| it[name].as_str().unwrap()))
        .collect();
    assert_eq!(letters, expected, "{told:#?}");
    let errors: Vec<&Value> = told.iter().filter(|it| it["event"] == "error").collect();
    assert!(errors.is_empty(), "{errors:#?}");
    assert_eq!(server.kill(), Vec::<String>::new());
}

#[tokio::test]
async fn a_poll_is_a_question_to_fedify() {
    let Some((mut fedify, _)) = Program::start("fedify-peer.mjs", &[]).await else {
        return;
    };
    let stage = Stage::new();
    let server = stage.home.serve();
    for (several, offered, other) in [
        (None, "one", "any"),
        (Some("--poll-multiple"), "any", "one"),
    ] {
        let mut asked = vec!["announce", "water", "--text", "Which day?", "--json"];
        asked.extend([
            "--poll-option",
            "Monday",
            "--poll-option",
            "Tuesday",
            "--poll-ends",
            "2h",
        ]);
        asked.extend(several);
        let announcement = stage.home.run(&asked);
        assert_eq!(
            announcement["poll"]["options"][1],
            json!({"option": "Tuesday", "votes": 0})
        );
        let seen = fedify
            .does(json!({"order": "lookup", "what": announcement["id"]}))
            .await;
        assert_eq!(seen["type"], "Question", "{seen}");
        let options = json!([{"name": "Monday", "votes": 0}, {"name": "Tuesday", "votes": 0}]);
        assert_eq!(
            (&seen[offered], &seen[other]),
            (&options, &json!([])),
            "{seen}"
        );
        assert_eq!(
            (&seen["voters"], &seen["closed"]),
            (&json!(0), &Value::Null),
            "{seen}"
        );
        let time = |value: &Value| -> Timestamp { value.as_str().unwrap().parse().unwrap() };
        let ends = time(&announcement["poll"]["ends"]);
        assert_eq!(
            time(&seen["ends"]),
            ends.to_whole_second().to_string().parse().unwrap()
        );
        assert!(
            seen["content"].as_str().unwrap().contains("Which day?"),
            "{seen}"
        );
    }
    let told = fedify.told();
    let errors: Vec<&Value> = told.iter().filter(|it| it["event"] == "error").collect();
    assert!(errors.is_empty(), "{errors:#?}");
    assert_eq!(server.kill(), Vec::<String>::new());
}

/// WebFinger and the agency's page both lead Fedify to its actor document.
async fn finds_the_agency(stage: &Stage, fedify: &mut Program) -> Value {
    let handle = stage.handle();
    let jrd = fedify
        .does(json!({"order": "webfinger", "resource": format!("acct:{handle}")}))
        .await;
    assert_eq!(jrd["subject"], format!("acct:{handle}"));
    let by_handle = fedify
        .does(json!({"order": "lookup", "what": format!("@{handle}")}))
        .await;
    assert_eq!(by_handle["type"], "Organization");
    assert_eq!(by_handle["name"], "Vesilaitos");
    assert_eq!(by_handle["keys"], 1, "the Ed25519 key");
    let links = jrd["links"].as_array().unwrap();
    let own = links.iter().find(|link| link["rel"] == "self").unwrap();
    assert_eq!(own["href"], by_handle["id"]);
    let by_page = fedify
        .does(json!({"order": "lookup", "what": by_handle["url"]}))
        .await;
    assert_eq!(by_page["id"], by_handle["id"]);
    by_handle["id"].clone()
}

async fn hears_an_announcement(stage: &Stage, fedify: &mut Program, agency: &Value) -> Value {
    let picture = stage.home.folder().join("pipe.png");
    image::RgbImage::from_fn(320, 200, |x, y| image::Rgb([x as u8, y as u8, 160]))
        .save(&picture)
        .unwrap();
    let announcement = stage.home.run(&[
        "announce",
        "water",
        "--text",
        "Keitä vesi **ennen** juomista. #Vedenkeitto",
        "--language",
        "fi",
        "--image",
        &picture.display().to_string(),
        "--alt",
        "Rikkoutunut putki",
        "--json",
    ]);
    let create = fedify
        .hears("the Create", |it| it["event"] == "Create")
        .await;
    let note = &create["object"];
    assert_eq!(create["actor"], *agency);
    assert_eq!(
        (&note["type"], &note["id"]),
        (&json!("Note"), &announcement["id"])
    );
    assert_eq!(note["author"], *agency);
    assert_eq!(note["url"], announcement["url"]);
    assert_eq!(note["isPublic"], true);
    assert_eq!(note["languages"], json!(["fi"]));
    let content = note["content"].as_str().unwrap();
    assert!(content.contains("<strong>ennen</strong>"), "{content}");
    assert_eq!(note["hashtags"][0]["name"], "#Vedenkeitto");
    assert_eq!(note["attachments"][0]["alt"], "Rikkoutunut putki");
    assert_eq!(note["attachments"][0]["width"], 320);
    let media = note["attachments"][0]["url"].as_str().unwrap();
    let picture = stage.http.get(media).send().await.unwrap();
    assert_eq!(picture.status(), 200, "{media}");
    assert_eq!(
        picture.headers()["content-type"],
        note["attachments"][0]["type"].as_str().unwrap()
    );
    let by_page = fedify
        .does(json!({"order": "lookup", "what": announcement["url"]}))
        .await;
    assert_eq!(by_page["id"], announcement["id"]);
    announcement
}

async fn hears_its_edit(stage: &Stage, fedify: &mut Program, announcement: &Value) {
    let page = announcement["url"].as_str().unwrap();
    stage.home.run(&[
        "edit",
        page,
        "--text",
        "Vesi on taas puhdasta. #Vedenkeitto",
        "--json",
    ]);
    let update = fedify
        .hears("the Update", |it| it["event"] == "Update")
        .await;
    let note = &update["object"];
    assert_eq!(note["id"], announcement["id"]);
    assert!(
        note["content"].as_str().unwrap().contains("taas puhdasta"),
        "{note}"
    );
    let time = |name: &str| -> Timestamp { note[name].as_str().unwrap().parse().unwrap() };
    assert!(time("updated") > time("published"), "{note}");
    assert_eq!(note["attachments"][0]["alt"], "Rikkoutunut putki");
}

async fn replies(stage: &Stage, fedify: &mut Program, announcement: &Value) {
    let page = announcement["url"].as_str().unwrap();
    let collection = stage.document(announcement["id"].as_str().unwrap()).await["replies"].clone();
    let reply = fedify
        .does(json!({"order": "reply", "to": announcement["id"], "html": "<p>Kiitos <b>tiedosta</b>!</p>", "language": "fi"}))
        .await;
    let shown = stage.shows(page, "Kiitos").await;
    assert!(shown.contains("Sámi Näkkäläjärvi"), "{shown}");
    assert_eq!(stage.items(&collection).await, [reply["id"].clone()]);
    stage.counts(&collection, 1).await;

    fedify
        .does(json!({"order": "edit", "id": reply["id"], "html": "<p>Tuhannet kiitokset!</p>"}))
        .await;
    let shown = stage.shows(page, "Tuhannet kiitokset").await;
    assert!(shown.contains("Edited"), "{shown}");
    let listed = stage.home.run(&["replies", page, "--json"]);
    assert_eq!(
        (&listed[0]["id"], &listed[0]["state"]),
        (&reply["id"], &json!("shown"))
    );

    fedify
        .does(json!({"order": "delete", "id": reply["id"]}))
        .await;
    let shown = stage.shows(page, "Deleted by its author").await;
    assert!(!shown.contains("kiitokset"), "{shown}");
    stage.counts(&collection, 0).await;
    assert_eq!(stage.items(&collection).await, Vec::<Value>::new());
}

async fn reacts(stage: &Stage, fedify: &mut Program, announcement: &Value) {
    let note = stage.document(announcement["id"].as_str().unwrap()).await;
    for (order, collection) in [("like", &note["likes"]), ("boost", &note["shares"])] {
        let done = fedify
            .does(json!({"order": order, "what": announcement["id"]}))
            .await;
        stage.counts(collection, 1).await;
        fedify
            .does(json!({"order": "undo", "id": done["id"]}))
            .await;
        stage.counts(collection, 0).await;
    }
}
