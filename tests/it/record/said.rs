//! `/verify`: what the records here answer to an address, a text, a quotation.

use actapub::kernel::AnnouncementId;
use actapub::publishing;
use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::harness::{TestServer, on_both};

async fn ask(server: &TestServer, question: &str) -> Value {
    let mut path = "/verify?q=".to_owned();
    for byte in question.bytes() {
        path.push_str(&format!("%{byte:02X}"));
    }
    let reply = server.get(&path, "application/json").await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
    reply.json()
}

async fn verdict(server: &TestServer, question: &str) -> String {
    ask(server, question).await["verdict"]
        .as_str()
        .unwrap()
        .to_owned()
}

async fn edit(server: &TestServer, id: AnnouncementId, text: &str) {
    let (clock, site, rules, draft) = (
        server.clock.clone(),
        server.services.site.clone(),
        server.services.rules,
        server.draft(text),
    );
    server
        .write(move |conn| publishing::edit(conn, clock.as_ref(), &site, rules, id, draft))
        .await;
    server.settle().await;
}

on_both! {
    async fn what_was_said_is_told_from_what_was_not(server: &TestServer) {
        server.announce("The water on *Elm Street* is **not** safe to drink until 24 November.\n\nBoil it for 3 minutes.").await;
        server.announce("停水通知：明天上午8时至12时北区停水。").await;
        for (question, expected) in [
            ("The water on Elm Street is not safe to drink until 24 November. Boil it for 3 minutes.", "said"),
            ("“the water on elm street\nis not safe to drink until 24\nNovember. Boil it for 3 minutes”", "said"),
            ("The water on Elm Street is not safe to dri…", "part-of-said"),
            ("Boil it for 3 minutes.", "part-of-said"),
            ("The water on Elm Street is safe to drink until 24 November. Boil it for 3 minutes.", "similar"),
            ("The water on Elm Street is not safe to drink until 25 November. Boil it for 3 minutes.", "similar"),
            ("safe to drink until 24 November", "similar"),
            ("明天上午8时至12时北区停水", "part-of-said"),
            ("明天上午8时至11时北区停水", "similar"),
            ("The mayor has resigned over the parking affair.", "not-found"),
            ("\" OR 1=1 * NEAR(", "not-found"),
        ] {
            assert_eq!(verdict(server, question).await, expected, "{question}");
        }
        let answer = ask(server, "The water on Elm Street is safe to drink until 24 November. Boil it for 3 minutes.").await;
        let difference = &answer["findings"][0]["difference"];
        assert!(difference.as_array().unwrap().contains(&json!({"in": "said", "text": "not"})), "{difference}");
        let answer = ask(server, "Nothing of the kind.").await;
        assert_eq!(answer["findings"], json!([]));
        assert_eq!(answer["searched"][0]["entries"], 3);
        assert_eq!(answer["searched"][0]["record"], server.services.site.record("water"));
    }

    async fn what_became_of_it_is_told(server: &TestServer) {
        let (announcement, uri) = server.announce("The pool is closed on Tuesday, all day.").await;
        edit(server, announcement.id, "The pool is closed on Wednesday, all day.").await;
        let answer = ask(server, "The pool is closed on Tuesday, all day.").await;
        assert_eq!(answer["verdict"], "said");
        let later = &answer["findings"][0]["later"];
        assert_eq!((&later[0]["what"], &later[0]["index"]), (&json!("edited"), &json!(2)));
        assert!(later[0]["difference"].as_array().unwrap().contains(&json!({"in": "asked", "text": "Wednesday"})), "{later}");
        let (clock, id) = (server.clock.clone(), announcement.id);
        server.write(move |conn| publishing::withdraw(conn, clock.as_ref(), id, "The date was wrong.")).await;
        server.settle().await;
        let page = server.services.site.announcement_page(&server.agency.handle, id);
        let entry = server.services.site.record_entry("water", 1);
        for question in ["The pool is closed on Wednesday, all day.", uri.as_str(), page.as_str(), entry.as_str()] {
            let answer = ask(server, question).await;
            let later = answer["findings"][0]["later"].as_array().unwrap();
            let last = later.last().unwrap();
            assert_eq!((&last["what"], &last["reason"]), (&json!("withdrawn"), &json!("The date was wrong.")), "{question}: {answer}");
        }
    }

    async fn what_a_citizen_said_is_not_the_agencys(server: &TestServer) {
        let (_, uri) = server.announce("Water is back.").await;
        let alice = server.peer().await.citizen("alice");
        let note = alice.note("/notes/1", &uri, "They will dig up the whole of Elm Street.");
        alice.says(server, &alice.act("Create", note.clone())).await;
        for question in ["They will dig up the whole of Elm Street.", note["id"].as_str().unwrap()] {
            let answer = ask(server, question).await;
            assert_eq!(answer["verdict"], "said-by-citizen", "{question}: {answer}");
            assert!(!answer.to_string().contains("alice"), "{answer}");
        }
        alice.says(server, &alice.act("Delete", json!({"type": "Tombstone", "id": note["id"]}))).await;
        assert_eq!(verdict(server, "They will dig up the whole of Elm Street.").await, "not-found");
    }

    async fn the_page_needs_no_script(server: &TestServer) {
        server.announce("The pool <opens> on Monday & Tuesday.").await;
        let page = server.get("/verify", "text/html").await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.text().contains("<textarea") && !page.text().contains("<script"));
        let page = server.get("/verify?q=%3Cscript%3Ealert(1)%3C/script%3E", "text/html").await;
        assert!(page.text().contains("This is not in the records here"), "{}", page.text());
        assert!(!page.text().contains("<script"));
        let page = server.get("/verify?q=The+pool+%3Copens%3E+on+Monday+%26+Tuesday", "text/html").await;
        assert!(page.text().contains("Yes: an agency said exactly this."), "{}", page.text());
        let long = format!("/verify?q={}", "x".repeat(30_000));
        assert_eq!(server.get(&long, "application/json").await.status, StatusCode::PAYLOAD_TOO_LARGE);
        assert_eq!(server.get("/verify", "application/json").await.status, StatusCode::BAD_REQUEST);
        assert_eq!(server.get("/verify?q=%ff%fe", "application/json").await.status, StatusCode::OK, "it is read as far as it can be");
    }
}
