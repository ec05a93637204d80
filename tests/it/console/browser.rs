//! The desk in a browser, from the first set-up on: by the rules of WCAG 2.2 AA as far as axe can tell, on a phone and on a
//! desk, by day and by night, in English, in French and in letters that run the other way.

use std::path::Path;

use actapub::kernel::{Clock as _, Secret, SystemClock};
use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, SqliteConnection};
use serde_json::{Value, json};

use super::{ANOTHER, PASSWORD};
use crate::accessibility::chromium;
use crate::harness::left_out;
use crate::node::Program;
use crate::process::Installation;
use crate::staff::code;

/// Whoever sits before the browser, and what they find wrong.
pub(super) struct Reader {
    pub(super) browser: Program,
    pub(super) base: String,
    pub(super) language: &'static str,
    pub(super) complaints: Vec<String>,
}

impl Reader {
    /// Opens a page, which answers as it should, and looks at it.
    pub(super) async fn sees(&mut self, name: &str, path: &str, status: u64, says: &str) {
        let seen = self.opens(path).await;
        assert_eq!(seen["status"], status, "{path}: {seen}");
        self.looks(name, says).await;
    }

    pub(super) async fn opens(&mut self, path: &str) -> Value {
        let url = match path.strip_prefix('/') {
            Some(path) => format!("{}/{path}", self.base),
            None => path.to_owned(),
        };
        self.browser
            .does(json!({"order": "open", "url": url}))
            .await
    }

    /// Looks at the page where they are. What it says is asked for in English only.
    pub(super) async fn looks(&mut self, name: &str, says: &str) {
        let name = format!("{name}-{}", self.language);
        let order = json!({"order": "inspect", "name": name});
        let seen = self.browser.does(order).await;
        // A page that could not be judged would pass too.
        assert!(seen["checks"].as_u64().unwrap() >= 5, "{name}: {seen}");
        let text = seen["text"].as_str().unwrap();
        if self.language == "en" && !text.contains(says) {
            self.complaints
                .push(format!("{name}: does not say “{says}”: {text}"));
        }
        for complaint in seen["complaints"].as_array().unwrap() {
            self.complaints
                .push(format!("{name}: {}", complaint.as_str().unwrap()));
        }
    }

    /// Fills in, ticks and presses; the page that follows answers `status`.
    pub(super) async fn acts(&mut self, fill: Value, tick: &[&str], press: &str, status: u64) {
        let order = json!({"order": "act", "fill": fill, "tick": tick, "press": press});
        let seen = self.browser.does(order).await;
        assert_eq!(seen["status"], status, "{press}: {seen}");
    }

    async fn reads(&mut self, what: &str) -> String {
        let order = json!({"order": "read", "what": what});
        let seen = self.browser.does(order).await;
        seen["text"].as_str().unwrap().to_owned()
    }

    async fn speaks(&mut self, language: &'static str, direction: &str) {
        let order = json!({"order": "speak", "language": language});
        assert_eq!(self.browser.does(order).await["text"], direction);
        self.language = language;
    }

    pub(super) async fn signs_out(&mut self) {
        self.acts(
            json!({}),
            &[],
            "form[action='/console/sign-out'] button",
            200,
        )
        .await;
    }

    pub(super) async fn signs_in(&mut self, email: &str, password: &str, status: u64) {
        self.opens("/console/sign-in").await;
        let fill = json!({"#email": email, "#password": password});
        self.acts(fill, &[], "main form button", status).await;
    }
}

#[tokio::test]
async fn an_agency_moves_in() {
    let Some(chromium) = chromium() else {
        left_out(
            "Chromium",
            "install it, or name one in ACTAPUB_TEST_CHROMIUM, to run them",
        );
        return;
    };
    let home = Installation::new();
    let pictures = Path::new(env!("CARGO_TARGET_TMPDIR")).join("desk");
    let pictures = pictures.display().to_string();
    let arguments = [
        "--browser",
        &chromium,
        "--pictures",
        &pictures,
        "--origin",
        home.base(),
    ];
    let Some((browser, _)) = Program::start("axe.mjs", &arguments).await else {
        return;
    };
    let server = home.serve();
    let mut reader = Reader {
        browser,
        base: home.base().to_owned(),
        language: "en",
        complaints: vec![],
    };
    set_up(&mut reader, &server.set_up_link().await).await;
    let secret = switch_codes_on(&mut reader).await;
    let joining = invite(&mut reader).await;
    reader.signs_out().await;
    reader.looks("sign-in", "Every member of staff").await;
    join(&mut reader, &joining).await;
    reader.signs_out().await;
    come_back(&mut reader, &secret).await;
    let draft = put_up(&home);
    let links = look_around(&mut reader, &home, &draft).await;
    for (language, direction) in [("fr", "ltr"), ("ar-XB", "rtl")] {
        reader.speaks(language, direction).await;
        tour(&mut reader, &draft).await;
    }
    reader.signs_out().await;
    at_the_door(&mut reader, &links).await;
    assert!(
        reader.complaints.is_empty(),
        "{}",
        reader.complaints.join("\n\n")
    );
    assert_eq!(server.kill(), Vec::<String>::new());
}

/// Six questions, the first time with mistakes.
pub(super) async fn set_up(reader: &mut Reader, link: &str) {
    reader
        .sees("set-up", link, 200, "Let your agency speak")
        .await;
    let mut fill = json!({
        "#agency": "Municipal Water Works",
        "#handle": "Water Works",
        "#writes": "en",
        "#name": "Ada Lovelace",
        "#email": "ada@city.example",
        "#password": "too little",
    });
    let press = "main form button";
    reader.acts(fill.clone(), &[], press, 422).await;
    reader
        .looks("set-up-mistaken", "A handle has 1 to 30 characters")
        .await;
    fill["#handle"] = json!("water");
    fill["#password"] = json!(PASSWORD);
    reader.acts(fill, &[], press, 200).await;
    reader.looks("desk", "What you are here").await;
}

async fn switch_codes_on(reader: &mut Reader) -> Secret<String> {
    reader
        .sees("account-first", "/console/account", 200, "Second step")
        .await;
    reader
        .sees("codes-off", "/console/account/codes", 200, "Any will do")
        .await;
    reader.acts(json!({}), &[], "main form button", 200).await;
    reader
        .looks("codes-begin", "Let your app read this picture")
        .await;
    let secret = Secret::new(reader.reads(".secret").await);
    let press = "main form button";
    reader
        .acts(json!({"#code": "12345"}), &[], press, 422)
        .await;
    reader
        .looks("codes-mistaken", "This code is not right")
        .await;
    let first = code(&secret, SystemClock.now());
    reader.acts(json!({"#code": first}), &[], press, 200).await;
    reader.looks("recovery", "They are shown only now").await;
    secret
}

/// Returns the link by which somebody joins.
async fn invite(reader: &mut Reader) -> String {
    reader
        .sees(
            "staff-first",
            "/console/water/staff",
            200,
            "Invite somebody",
        )
        .await;
    let press = "form[action$='/invite'] button";
    reader.acts(json!({}), &[], press, 422).await;
    reader
        .looks("staff-mistaken", "Choose at least one role.")
        .await;
    let fill = json!({"#email": "grace@city.example"});
    let tick = ["#role-author", "#role-approver"];
    reader.acts(fill, &tick, press, 200).await;
    reader.looks("invited", "This link is shown only now").await;
    reader.reads(".secret").await
}

async fn join(reader: &mut Reader, link: &str) {
    reader
        .sees("join", link, 200, "Join the staff of Municipal Water Works")
        .await;
    let fill = json!({"#name": "Grace Hopper", "#password": ANOTHER});
    reader.acts(fill, &[], "main form button", 200).await;
    reader.looks("desk-author", "Approver").await;
    reader
        .sees(
            "not-allowed",
            "/console/water/trail",
            403,
            "do not allow this",
        )
        .await;
    reader
        .sees("not-found", "/console/fire", 404, "There is nothing")
        .await;
    reader
        .sees("link-gone", link, 410, "This link is not valid")
        .await;
}

/// Signs in with a code; the code that set the codes up counts no more.
async fn come_back(reader: &mut Reader, secret: &Secret<String>) {
    reader.signs_in("ada@city.example", ANOTHER, 422).await;
    reader.looks("sign-in-mistaken", "is not right").await;
    reader.signs_in("ada@city.example", PASSWORD, 200).await;
    reader.looks("code", "One more step").await;
    let later = SystemClock.now() + std::time::Duration::from_secs(30);
    let fill = json!({"#code": code(secret, later)});
    reader.acts(fill, &[], "main form button", 200).await;
    reader.looks("home", "Welcome, Ada Lovelace").await;
}

/// Something waits for approval, under rules that want it. Returns its number.
fn put_up(home: &Installation) -> String {
    home.run(&[
        "rules",
        "set",
        "water",
        "--needs-approval",
        "everything",
        "--approvals",
        "2",
        "--approvers",
        "approver,administrator",
        "--forbid",
        "2026-11-01 00:00/2036-11-01 00:00=Election",
        "--json",
    ]);
    let text = "The pool opens on **Monday**.";
    let then = "It is open from *eight* to six.";
    let draft = home.run(&[
        "announce", "water", "--text", text, "--then", then, "--draft", "--json",
    ]);
    draft["id"].as_str().unwrap().to_owned()
}

/// What an administrator and operator sees; returns links that are open.
async fn look_around(reader: &mut Reader, home: &Installation, draft: &str) -> Vec<String> {
    tour(reader, draft).await;
    reader.opens("/console/water/staff").await;
    let tick = ["#role-moderator"];
    let press = "form[action$='/invite'] button";
    reader.acts(json!({}), &tick, press, 200).await;
    let joining = reader.reads(".secret").await;
    reader
        .sees("join-as", &joining, 200, "You are signed in as")
        .await;

    // Whoever left their desk is asked for their password.
    let file = home.folder().join("actapub.db").display().to_string();
    let mut connection = SqliteConnection::establish(&file).unwrap();
    connection
        .batch_execute("PRAGMA busy_timeout = 10000; UPDATE staff_sessions SET proven_at = 0")
        .unwrap();
    reader.opens("/console/water/staff").await;
    member(reader, "Grace").await;
    let press = "form[action$='/reset'] button";
    reader
        .acts(json!({}), &["#lost-everything"], press, 403)
        .await;
    reader.looks("prove", "Is it still you?").await;
    let typed = json!({"#password": PASSWORD});
    reader.acts(typed, &[], "main form button", 200).await;
    reader.looks("proven", "Nothing has been done yet").await;
    reader.acts(json!({}), &[], "main form button", 200).await;
    reader
        .looks("reset-made", "A new password for Grace Hopper")
        .await;
    let resetting = reader.reads(".secret").await;
    vec![joining, resetting]
}

/// The page of somebody of the staff, by the link on the staff's page, which stands open.
async fn member(reader: &mut Reader, name: &str) -> String {
    let press = format!("tr:has-text('{name}') a");
    reader.acts(json!({}), &[], &press, 200).await;
    let form = "form[action$='/end-sessions']";
    let order = json!({"order": "attribute", "what": form, "name": "action"});
    let seen = reader.browser.does(order).await;
    let action = seen["text"].as_str().unwrap().to_owned();
    action.trim_end_matches("/end-sessions").to_owned()
}

/// Every page that can be asked for.
async fn tour(reader: &mut Reader, draft: &str) {
    let review = format!("/console/water/drafts/{draft}/review");
    let emergency = format!("{review}/emergency");
    for (name, path, says) in [
        ("start", "/console", "Welcome, Ada Lovelace"),
        ("account", "/console/account", "Where you are signed in"),
        ("codes", "/console/account/codes", "recovery codes are left"),
        ("desk-whole", "/console/water", "To approve"),
        ("review", review.as_str(), "Exactly this goes out"),
        ("emergency", emergency.as_str(), "Why it cannot wait"),
        (
            "calendar",
            "/console/water/calendar",
            "When nothing goes out",
        ),
        ("rules", "/console/water/rules", "What needs approval"),
        ("trail", "/console/water/trail", "Invited somebody"),
        ("queue", "/console/water/queue", "Nobody waits."),
        ("templates", "/console/water/templates", "A new template"),
        ("numbers", "/console/water/numbers", "fewer than 20"),
        ("operator", "/console/operator", "Everyone who may sign in"),
        ("drafts", "/console/water/drafts", "Write an announcement"),
        ("draft-new", "/console/water/drafts/new", "Add a picture"),
        (
            "published",
            "/console/water/announcements",
            "Published announcements",
        ),
        ("nothing", "/console/fire/staff", "There is nothing"),
    ] {
        let status = if name == "nothing" { 404 } else { 200 };
        reader.sees(name, path, status, says).await;
    }
    writes(reader).await;
    reader
        .sees("staff", "/console/water/staff", 200, "Grace Hopper")
        .await;
    let own = member(reader, "Grace").await;
    reader.sees("member", &own, 200, "How they sign in").await;
    let removing = format!("{own}/remove");
    reader
        .sees("remove", &removing, 200, "Remove Grace Hopper")
        .await;
}

/// A draft, from its first word.
async fn writes(reader: &mut Reader) {
    reader.opens("/console/water/drafts/new").await;
    let text = "# Pool\n\nIt *opens* on Monday. https://example.org/pool #Swimming";
    let typed = json!({"#text": text, "#warning": "Water"});
    reader
        .acts(typed, &[], "form.writes button.button:not([name])", 200)
        .await;
    reader.looks("draft", "as Mastodon counts them").await;
    reader
        .acts(json!({}), &[], "form.writes button[value=add]", 200)
        .await;
    let typed = json!({"#text-2": "It closes at *six*."});
    reader
        .acts(typed, &[], "form.writes button.button:not([name])", 200)
        .await;
    reader.looks("draft-posts", "Add a picture to post 2").await;
    reader
        .acts(json!({}), &[], "nav a[href$='/versions']", 200)
        .await;
    reader.looks("draft-versions", "All versions").await;
}

/// What strangers see, in whichever language the last one here has chosen.
async fn at_the_door(reader: &mut Reader, links: &[String]) {
    for language in ["en", "fr", "ar-XB"] {
        reader.opens("/console/sign-in").await;
        let direction = if language == "ar-XB" { "rtl" } else { "ltr" };
        reader.speaks(language, direction).await;
        reader
            .sees("door", "/console/sign-in", 200, "Every member of staff")
            .await;
        for (name, link) in ["door-join", "door-reset"].iter().zip(links) {
            reader.sees(name, link, 200, "").await;
        }
        reader
            .sees(
                "door-gone",
                "/console/join/x",
                410,
                "This link is not valid",
            )
            .await;
    }
}
