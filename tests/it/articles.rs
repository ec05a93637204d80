//! Long texts: a page of their own, an `Article` to be fetched, a post that leads there, and what becomes of them.

use actapub::archive::erasure::{self, Class, Order};
use actapub::archive::kind::Subject;
use actapub::kernel::AnnouncementId;
use actapub::publishing::articles::Manuscript;
use actapub::publishing::drafts::{self, Content, Piece, Proposal};
use actapub::publishing::{self, Announcement, Draft};
use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::harness::{TestServer, content, on_both, says};

const ACTIVITY: &str = "application/activity+json";
const PLAN: &str = "Nobody else would write this introduction.\n\n## Why\n\nThe pipes are *old*. #Pipes\n\n## Where\n\n\
    | Street | Metres |\n|---|--:|\n| Mill Lane | 800 |\n\n## When\n\n1. Dig\n2. Fill\n\n## Costs\n\nNone.";

fn manuscript(title: &str, markdown: &str) -> Manuscript {
    Manuscript {
        title: title.to_owned(),
        markdown: markdown.to_owned(),
    }
}

/// What is said in short, and at length.
fn at_length(server: &TestServer, title: &str, markdown: &str) -> Draft {
    Draft {
        article: Some(manuscript(title, markdown)),
        ..server.draft("The pipes are renewed. #Water")
    }
}

async fn announced(server: &TestServer, draft: Draft) -> Announcement {
    let (clock, site, rules) = (
        server.clock.clone(),
        server.services.site.clone(),
        server.services.rules,
    );
    let announcement = server
        .write(move |conn| publishing::announce(conn, clock.as_ref(), &site, rules, draft))
        .await;
    server.settle().await;
    announcement
}

async fn edited(server: &TestServer, id: AnnouncementId, draft: Draft) -> Announcement {
    server.clock.advance(std::time::Duration::from_secs(60));
    let (clock, site, rules) = (
        server.clock.clone(),
        server.services.site.clone(),
        server.services.rules,
    );
    let announcement = server
        .write(move |conn| publishing::edit(conn, clock.as_ref(), &site, rules, id, draft))
        .await;
    server.settle().await;
    announcement
}

async fn withdrawn(server: &TestServer, id: AnnouncementId) {
    let clock = server.clock.clone();
    server
        .write(move |conn| publishing::withdraw(conn, clock.as_ref(), id, "Dug up."))
        .await;
    server.settle().await;
}

fn page_of(server: &TestServer, id: AnnouncementId) -> String {
    let site = &server.services.site;
    site.article_page(&server.agency.handle, id)
}

async fn page(server: &TestServer, path: &str) -> String {
    let reply = server.get(path, "text/html").await;
    assert_eq!(reply.status, StatusCode::OK, "{path}: {}", reply.text());
    reply.text()
}

/// The statement and the names of the parts of the newest entry about an announcement.
async fn recorded(server: &TestServer, index: u64) -> (Value, Vec<String>) {
    let path = format!("/record/water/{index}");
    let entry = server.get(&path, "application/json").await.json();
    let parts = entry["opening"]["parts"].as_array().unwrap();
    let names = parts
        .iter()
        .map(|it| it["name"].as_str().unwrap().to_owned());
    (entry["statement"].clone(), names.collect())
}

on_both! {
    async fn one_address_is_a_page_for_people_and_an_article_for_servers(server: &TestServer) {
        let announcement = announced(server, at_length(server, "The plan", PLAN)).await;
        let id = server.services.site.article(announcement.id);
        let own = page_of(server, announcement.id);

        let document = server.document(&id).await;
        assert_eq!((&document["type"], &document["id"], &document["name"]), (&json!("Article"), &json!(id), &json!("The plan")));
        assert_eq!(document["url"], json!(own));
        assert!(document["content"].as_str().unwrap().contains("<h2 id=\"s-why\">Why</h2>"));
        assert_eq!(document["source"]["content"], PLAN);
        assert_eq!(document["replies"], json!(server.services.site.replies(announcement.id)));
        // The page leads servers to the document, and the document people to the page.
        let reply = server.get(&own, ACTIVITY).await;
        assert_eq!(reply.json()["id"], json!(id));
        let reply = server.get(&id, "text/html").await;
        assert_eq!((reply.status, reply.header("location")), (StatusCode::SEE_OTHER, own.as_str()));
        let reply = server.get(&own, "text/html").await;
        assert!(reply.header("link").contains(&id), "{}", reply.header("link"));
        assert!(reply.header("vary").contains("accept") && !reply.header("etag").is_empty());
        let again = server.get_with(&own, &[("accept", "text/html"), ("if-none-match", reply.header("etag"))]).await;
        assert_eq!(again.status, StatusCode::NOT_MODIFIED);

        let shown = reply.text();
        for part in [
            "<h1 id=\"title\">The plan</h1>",
            "The pipes are renewed.",
            "<a href=\"#s-why\">Why</a>",
            "<th scope=\"col\" class=\"end\">Metres</th>",
            "<meta property=\"og:title\" content=\"The plan\">",
            "\"@type\":\"NewsArticle\"",
            "Read the conversation",
            "about 1 minute to read",
        ] {
            assert!(shown.contains(part), "{part}: {shown}");
        }
        assert!(!shown.contains("what changed"), "{shown}");
        let handle = own.replace("/@water/", "/@Water/");
        assert_eq!(server.get(&handle, "text/html").await.status, StatusCode::MOVED_PERMANENTLY);
    }

    async fn the_announcement_the_lists_and_the_feeds_lead_there(server: &TestServer) {
        let announcement = announced(server, at_length(server, "The plan", PLAN)).await;
        let own = page_of(server, announcement.id);
        let path = own.strip_prefix(server.base()).unwrap();
        for list in ["/@water", path.strip_suffix("/article").unwrap(), "/tags/water"] {
            let shown = page(server, list).await;
            assert!(shown.contains("The plan") && shown.contains(path), "{list}: {shown}");
            assert!(shown.contains("Read the whole text (about 1 minute)") && !shown.contains("introduction"), "{list}: {shown}");
        }
        for feed in ["/@water.rss", "/@water.atom"] {
            let feed = server.get(feed, "*/*").await.text();
            assert!(feed.contains(">The plan</title>") && feed.contains("Nobody else would write"), "{feed}");
        }
        // Its hashtags are not those of the announcement.
        assert!(!page(server, "/tags/pipes").await.contains("The plan"));
    }

    async fn followers_get_one_post_that_leads_there(server: &TestServer) {
        let announcement = announced(server, at_length(server, "The plan", PLAN)).await;
        let own = page_of(server, announcement.id);
        let sent = server.composed().await;
        assert_eq!(sent.len(), 1);
        let note = &sent[0]["object"];
        assert_eq!((&sent[0]["type"], &note["type"]), (&json!("Create"), &json!("Note")));
        let content = note["content"].as_str().unwrap();
        assert!(content.contains(&own) && content.contains("The plan") && !content.contains("introduction"), "{content}");
        assert_eq!(note["attachment"], json!([{"type": "Link", "href": own, "mediaType": "text/html", "name": "The plan"}]));

        edited(server, announcement.id, at_length(server, "The new plan", "Shorter.")).await;
        let sent = server.composed().await;
        assert_eq!((sent.len(), &sent[1]["type"]), (2, &json!("Update")));
        assert!(sent[1]["object"]["content"].as_str().unwrap().contains("The new plan"));
        assert_eq!(server.document(&server.services.site.article(announcement.id)).await["name"], "The new plan");
    }

    /// Some answer the article, which they have fetched, or its page.
    async fn who_answers_the_long_text_answers_the_announcement(server: &TestServer) {
        let announcement = announced(server, at_length(server, "The plan", PLAN)).await;
        let alice = server.peer().await.citizen("alice");
        let (id, own) = (server.services.site.article(announcement.id), page_of(server, announcement.id));
        for (number, to) in [(1, &id), (2, &own)] {
            let note = alice.note(&format!("/notes/{number}"), to, &format!("Answer number {number}"));
            alice.says(server, &alice.act("Create", note)).await;
        }
        let thread = page(server, own.strip_suffix("/article").unwrap()).await;
        assert!(thread.contains("Answer number 1") && thread.contains("Answer number 2"), "{thread}");
        assert!(!thread.contains("a reply that is not shown here"), "{thread}");
        alice.says(server, &alice.act("Like", id.clone())).await;
        let note = server.document(&server.services.site.announcement(announcement.id)).await;
        assert_eq!(note["likes"]["totalItems"], 1);
        // An authorisation would name the announcement, and not what was quoted.
        let mut request = alice.act("QuoteRequest", id.clone());
        let mut quote = alice.note("/notes/3", "", "Look.");
        quote["quote"] = json!(id);
        request["instrument"] = quote;
        alice.says(server, &request).await;
        assert_eq!(server.count("quotes").await, 0);
    }

    async fn every_version_is_kept_and_what_changed_is_shown(server: &TestServer) {
        let long = format!("{PLAN}\n\n{}", "It goes on. ".repeat(100));
        let announcement = announced(server, at_length(server, "The plan", &long)).await;
        let id = announcement.id;
        edited(server, id, at_length(server, "The plan", &long.replace("800", "900"))).await;
        let own = page_of(server, id);
        let shown = page(server, &own).await;
        assert!(shown.contains("900") && !shown.contains("800") && shown.contains("/article/changes/2"), "{shown}");
        let change = page(server, &format!("{own}/changes/2")).await;
        assert!(change.contains("</span>800<span") && change.contains("</span>900<span"), "{change}");
        assert!(change.contains("What version 2 changed") && change.contains("[…]") && change.contains("noindex"), "{change}");
        for number in ["1", "3", "-1", "0", "x", "99999999999"] {
            let status = server.get(&format!("{own}/changes/{number}"), "text/html").await.status;
            assert!(status.is_client_error(), "{number}: {status}");
        }
        // Taken away: who has the address is led to the announcement, and servers are told that it is gone.
        edited(server, id, server.draft("It is done.")).await;
        let reply = server.get(&own, "text/html").await;
        assert_eq!((reply.status, reply.header("location")), (StatusCode::SEE_OTHER, own.strip_prefix(server.base()).unwrap().strip_suffix("/article").unwrap()));
        let reply = server.get(&own, ACTIVITY).await;
        assert_eq!((reply.status, &reply.json()["formerType"]), (StatusCode::GONE, &json!("Article")));
        let (plain, _) = server.announce("In short only.").await;
        for accept in ["text/html", ACTIVITY] {
            assert_eq!(server.get(&page_of(server, plain.id), accept).await.status, StatusCode::NOT_FOUND);
        }
    }

    async fn the_record_has_it_as_it_was_written_and_as_it_is_shown(server: &TestServer) {
        let announcement = announced(server, at_length(server, "The plan", PLAN)).await;
        let (statement, parts) = recorded(server, 1).await;
        assert_eq!(statement["article"], json!({"title": "The plan", "markdown": PLAN}));
        assert_eq!(parts, ["statement", "body", "article"]);
        let html = server.get("/record/water/1/parts/article", "*/*").await;
        let document = server.document(&server.services.site.article(announcement.id)).await;
        assert_eq!(document["content"], html.text(), "what is served is what the entry commits to");
        assert_eq!(html.header("content-type"), "text/html");
        assert!(html.header("content-security-policy").contains("sandbox"));
        let shown = page(server, "/record/water/1").await;
        assert!(shown.contains("Long text") && shown.contains("Nobody else would write"), "{shown}");
        // The earlier wording stays provable.
        edited(server, announcement.id, at_length(server, "The plan", "Shorter.")).await;
        assert_eq!(server.get("/record/water/1/parts/article", "*/*").await.text(), html.text());
        assert_eq!(recorded(server, 2).await.0["article"]["markdown"], "Shorter.");
        crate::record::everything_opens(server).await;
    }

    async fn what_it_says_is_found_and_verified(server: &TestServer) {
        let long = format!("{PLAN}\n\n{}\n\nThe very last word is hydrant.", "Lorem ipsum dolor. ".repeat(4_000));
        let announcement = announced(server, at_length(server, "The plan of the pipes", &long)).await;
        let own = page_of(server, announcement.id);
        for words in ["hydrant", "%22plan+of+the+pipes%22", "introduction+metres"] {
            let found = server.get(&format!("/record/water.json?q={words}"), "application/json").await.json();
            let entries = found["entries"].as_array().unwrap();
            assert_eq!((entries.len(), &entries[0]["index"]), (1, &json!(1)), "{words}");
        }
        let ask = async |question: &str| {
            let question = question.replace(' ', "%20");
            server.get(&format!("/verify?q={question}"), "application/json").await.json()
        };
        let answer = ask("Nobody else would write this introduction.").await;
        assert_eq!(answer["verdict"], "part-of-said");
        let around = answer["findings"][0]["within"][2].as_str().unwrap();
        assert!(around.chars().count() < 2_100, "{}", around.len());
        assert_eq!(ask("The plan of the pipes").await["verdict"], "said");
        assert_eq!(ask(&own).await["verdict"], "recorded");
    }

    async fn withdrawn_it_is_gone_everywhere(server: &TestServer) {
        let announcement = announced(server, at_length(server, "The plan", PLAN)).await;
        let (id, own) = (server.services.site.article(announcement.id), page_of(server, announcement.id));
        edited(server, announcement.id, at_length(server, "The plan", "Other.")).await;
        withdrawn(server, announcement.id).await;
        for path in [own.clone(), format!("{own}/changes/2")] {
            let reply = server.get(&path, "text/html").await;
            assert_eq!(reply.status, StatusCode::GONE, "{path}");
            let text = reply.text();
            assert!(text.contains("Dug up.") && !text.contains("Other.") && !text.contains("The plan"), "{text}");
        }
        let reply = server.get(&id, ACTIVITY).await;
        assert_eq!((reply.status, &reply.json()["type"], &reply.json()["id"]), (StatusCode::GONE, &json!("Tombstone"), &json!(id)));
        assert!(!server.get("/@water.rss", "*/*").await.text().contains("The plan"));
    }

    async fn erased_nothing_of_it_is_left(server: &TestServer) {
        let announcement = announced(server, at_length(server, "A title that nobody else would choose", PLAN)).await;
        edited(server, announcement.id, at_length(server, "Another", "Different words altogether.")).await;
        withdrawn(server, announcement.id).await;
        let (clock, agency) = (server.clock.clone(), server.agency.id);
        let order = Order {
            subject: Subject::Announcement(announcement.id),
            class: Class::Court,
            basis: "code-1".to_owned(),
            role: "records-officer".to_owned(),
        };
        server.write(move |conn| erasure::order(conn, clock.as_ref(), agency, &order)).await;
        server.settle().await;
        for words in ["nobody else would choose", "Nobody else would write", "Different words altogether"] {
            crate::record::is_nowhere(server, words).await;
        }
        let own = page_of(server, announcement.id);
        assert_eq!(server.get(&own, "text/html").await.status, StatusCode::GONE);
        let entry = server.get("/record/water/1", "application/json").await.json();
        assert_eq!(entry["opening"], Value::Null);
    }

    async fn an_approver_sees_what_changed_in_it(server: &TestServer) {
        let announcement = announced(server, at_length(server, "The plan", PLAN)).await;
        let mandate = server.staff(&[actapub::agencies::staff::Role::Author]).await;
        let now = {
            let id = announcement.id;
            server.read(move |conn| publishing::find(conn, id)).await.unwrap().revision
        };
        let mut said = Content::of(now);
        assert_eq!(said.article, Some(manuscript("The plan", PLAN)), "an edit begins with it");
        said.article = Some(manuscript("The plan", &PLAN.replace("old", "rusty")));
        let proposal = Proposal::Edit { announcement: announcement.id, revision: 1, content: said };
        let clock = server.clock.clone();
        let difference = server.desk(move |conn, _| {
            let draft = drafts::start(conn, clock.as_ref(), &mandate, vec![proposal])?;
            drafts::difference(conn, &mandate, draft.id)
        }).await.unwrap();
        let changed: Vec<&Piece> = difference[0].words.iter().filter(|it| !matches!(it, Piece::Same(_))).collect();
        assert_eq!(changed, [&Piece::Removed("old".to_owned()), &Piece::Added("rusty".to_owned())]);
    }

    async fn what_is_unfit_is_refused_before_anybody_approves_it(server: &TestServer) {
        for (title, text, why) in [
            (" ", "Text.", "title"),
            ("T", " \n", "besides its title"),
            ("T", &"x".repeat(100_001), "100001 characters"),
        ] {
            let draft = Draft { article: Some(manuscript(title, text)), ..server.draft("Short.") };
            let (clock, site, rules) = (server.clock.clone(), server.services.site.clone(), server.services.rules);
            let refused = server.services.db.write(move |conn| publishing::announce(conn, clock.as_ref(), &site, rules, draft)).await;
            let refused = refused.map_err(|error| error.to_string());
            // Neither a title nor a text is no long text.
            assert!(refused.as_ref().is_err_and(|error| error.contains(why)), "{title}: {refused:?}");
        }
        let announcement = announced(server, at_length(server, " ", "\n")).await;
        assert_eq!(announcement.revision.article, None);
    }

    /// Drafts that were written before there were long texts, and such whose long text is as long as may be.
    async fn drafts_hold_it(server: &TestServer) {
        let mandate = server.staff(&[actapub::agencies::staff::Role::Author]).await;
        let long = Content { article: Some(manuscript("T", &"é\n".repeat(50_000))), ..content("Short.") };
        let proposals = vec![Proposal::Announcement { content: long.clone(), answering: None, pin: false, rest: vec![] }];
        let clock = server.clock.clone();
        let draft = server.desk(move |conn, _| drafts::start(conn, clock.as_ref(), &mandate, proposals)).await.unwrap();
        assert_eq!(server.stands(draft.id).await.proposals().next().unwrap().contents()[0], &long);
        let json = serde_json::to_string(&says("Old.")).unwrap();
        assert!(!json.contains("article"), "the hashes of what was approved stay as they were: {json}");
    }
}
