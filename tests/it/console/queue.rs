//! The queue, its templates and the numbers, as the people who work there see them.

use actapub::agencies::staff::Role;
use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{Visitor, hired};
use crate::harness::{Citizen, Leftover, TestServer, on_both};

const QUEUE: &str = "/console/water/queue";

async fn replies(server: &TestServer, who: &Citizen, to: &str, path: &str, text: &str) {
    let note = who.note(path, to, text);
    who.says(server, &who.act("Create", note)).await;
}

async fn writes(server: &TestServer, who: &Citizen, path: &str, text: &str) {
    let mut note = who.note(path, "", text);
    note["inReplyTo"] = Value::Null;
    note["to"] = json!([server.actor()]);
    note["cc"] = json!([]);
    let mut create = who.act("Create", note.clone());
    create["to"] = note["to"].clone();
    create["cc"] = json!([]);
    who.says(server, &create).await;
}

/// The page of the newest entry of a kind.
async fn page_of(server: &TestServer, kind: u8) -> String {
    let query =
        format!("SELECT CAST(max(id) AS TEXT) AS value FROM queue_items WHERE kind = {kind}");
    format!("{QUEUE}/{}", server.texts(&query).await[0])
}

async fn worker(server: &TestServer, name: &str) -> Visitor {
    hired(server, server.agency.id, name, &[Role::Author]).await
}

on_both! {
    async fn a_team_works_through_it(server: &TestServer) {
        let (_, uri) = server.announce("Water is back.").await;
        let alice = server.peer().await.citizen("alice");
        let (ada, ben) = (worker(server, "Ada").await, worker(server, "Ben").await);
        ada.sees(QUEUE).await.is(StatusCode::OK, "Nobody waits.");
        replies(server, &alice, &uri, "/notes/1", "Is it <b>drinkable</b>?").await;
        let own = page_of(server, 0).await;
        let page = ada.sees(QUEUE).await.is(StatusCode::OK, "Is it drinkable?");
        page.says("alice of the tests");
        page.says("Water is back.");
        page.says(&format!("href=\"{own}\""));
        let page = ada.sees(&own).await.is(StatusCode::OK, "Nobody is at it.");
        page.says("<b>drinkable</b>");

        let page = ada.sends(&format!("{own}/take"), &[]).await;
        ada.follows(&page).await.is(StatusCode::OK, "It is yours for ten minutes.").says("You are at it");
        ben.sees(&own).await.is(StatusCode::OK, "Ada is at it").says_nothing_of("Begin the answer");
        ben.sees(QUEUE).await.says("Ada is at it");
        for act in ["take", "release", "done", "answer"] {
            ben.sends(&format!("{own}/{act}"), &[]).await.is(StatusCode::UNPROCESSABLE_ENTITY, "Somebody else is at it.");
        }
        let page = ben.sends(&format!("{own}/note"), &[("note", "Ask the laboratory.")]).await;
        ben.follows(&page).await.is(StatusCode::OK, "The note is kept.").says("Ask the laboratory.");
        let page = ben.sends(&format!("{own}/note"), &[("note", "Nothing\0 at all.")]).await;
        ben.follows(&page).await.says("Nothing at all.");
        let long = "x".repeat(2_001);
        ben.sends(&format!("{own}/note"), &[("note", &long)]).await
            .is(StatusCode::UNPROCESSABLE_ENTITY, "A note has 1 to 2,000 characters.").says(&long);
        ben.sends(&format!("{own}/assign"), &[("to", "7")]).await
            .is(StatusCode::UNPROCESSABLE_ENTITY, "They cannot work at it");

        let page = ada.sends(&format!("{own}/answer"), &[("template", "")]).await;
        assert!(page.leads_to().starts_with("/console/water/drafts/"), "{}", page.leads_to());
        ben.sees(&own).await.is(StatusCode::OK, "An answer is being written.").says(page.leads_to());
        ada.sends(&format!("{own}/answer"), &[]).await.is(StatusCode::UNPROCESSABLE_ENTITY, "being written already");
        let page = ada.sends(&format!("{own}/done"), &[]).await;
        ada.follows(&page).await.is(StatusCode::OK, "It is done.").says("Open it again");
        ada.sees(QUEUE).await.is(StatusCode::OK, "Nobody waits.");
        ada.sees(&format!("{QUEUE}?which=closed")).await.is(StatusCode::OK, "Is it drinkable?");
        let page = ada.sends(&format!("{own}/reopen"), &[]).await;
        ada.follows(&page).await.is(StatusCode::OK, "It is open again.");
        server.settle().await;
        server.may_leave(Leftover::Deliveries);
    }

    async fn private_messages_are_for_few(server: &TestServer) {
        let alice = server.peer().await.citizen("alice");
        let author = worker(server, "Ada").await;
        let moderator = hired(server, server.agency.id, "Mo", &[Role::Moderator]).await;
        writes(server, &alice, "/notes/1", "words in confidence").await;
        let own = page_of(server, 2).await;
        moderator.sees(QUEUE).await.is(StatusCode::OK, "words in confidence").says("Private message");
        moderator.sees(&own).await.is(StatusCode::OK, "goes to its author alone").says("Begin the answer");
        for query in ["", "?which=everything", "?kind=message", "?kind=message&which=everything"] {
            let page = author.sees(&format!("{QUEUE}{query}")).await.is(StatusCode::OK, "Nobody waits.");
            for trace in ["confidence", "alice", "Private message"] {
                page.says_nothing_of(trace);
            }
        }
        author.sees(&own).await.is(StatusCode::NOT_FOUND, "There is nothing");
        // The answer, in the drafts as well.
        let page = moderator.sends(&format!("{own}/answer"), &[("template", "")]).await;
        let draft = page.leads_to().to_owned();
        let page = moderator.sees(&draft).await.is(StatusCode::OK, "This goes to one person and nobody else");
        page.says_nothing_of("name=\"picture\"");
        page.says_nothing_of("poll-option");
        moderator.sees("/console/water/drafts").await.says(&draft);
        for path in [&draft, &format!("{draft}/review"), &format!("{draft}/versions")] {
            moderator.sees(path).await.is(StatusCode::OK, "Mo");
            author.sees(path).await.is(StatusCode::NOT_FOUND, "There is nothing");
        }
        author.sees("/console/water/drafts").await.says_nothing_of(&draft);
        for act in ["take", "release", "assign", "answer", "done", "reopen", "note", "withdraw"] {
            author.sends(&format!("{own}/{act}"), &[("note", "Mine.")]).await.is(StatusCode::NOT_FOUND, "There is nothing");
        }
        // Of somebody else's agency nothing at all.
        let gas = server.create_agency("gas").await;
        let stranger = hired(server, gas.id, "Gus", &Role::ALL).await;
        stranger.sees(QUEUE).await.is(StatusCode::NOT_FOUND, "There is nothing");
        let number = own.rsplit('/').next().unwrap();
        for act in ["", "/take", "/note", "/answer", "/done"] {
            let there = format!("/console/gas/queue/{number}{act}");
            let page = if act.is_empty() { stranger.sees(&there).await } else { stranger.sends(&there, &[("note", "Mine.")]).await };
            page.is(StatusCode::NOT_FOUND, "There is nothing");
        }
        let officer = hired(server, server.agency.id, "Otto", &[Role::RecordsOfficer]).await;
        officer.sees(QUEUE).await.is(StatusCode::FORBIDDEN, "do not allow");
        officer.sees("/console/water/numbers").await.is(StatusCode::OK, "fewer than 20").says_nothing_of("alice");
        server.settle().await;
        server.may_leave(Leftover::Deliveries);
    }

    async fn a_private_conversation_is_shown_and_an_answer_taken_back(server: &TestServer) {
        let alice = server.peer().await.citizen("alice");
        let chief = hired(server, server.agency.id, "Cho", &[Role::Administrator]).await;
        writes(server, &alice, "/notes/1", "words in confidence").await;
        let own = page_of(server, 2).await;
        let page = chief.sends(&format!("{own}/answer"), &[("template", "")]).await;
        let draft = page.leads_to().to_owned();
        let page = chief.sees(&draft).await.is(StatusCode::OK, "As one person alone will see it");
        let seen = page.between("name=\"seen\" value=\"", "\"");
        let form = [("seen", seen.as_str()), ("language", "en"), ("text", "The meter was misread.")];
        let page = chief.sends(&format!("{draft}/parts/1"), &form).await;
        let page = chief.follows(&page).await.is(StatusCode::OK, "The meter was misread.");
        // Whom it is for stands in front, though nobody typed it.
        page.says("u-url mention");
        let review = format!("{draft}/review");
        let page = chief.sees(&review).await.is(StatusCode::OK, "goes to nobody but its author");
        page.says_nothing_of("/review/emergency");
        let version = page.between("name=\"version\" value=\"", "\"");
        chief.sends(&format!("{review}/publish"), &[("version", &version)]).await;
        server.settle().await;
        let page = chief.sees(&own).await.is(StatusCode::OK, "words in confidence");
        for words in ["The meter was misread.", "Answered in private", "Withdraw this answer"] {
            page.says(words);
        }
        let answer = page.between("name=\"answer\" value=\"", "\"");
        let page = chief.sends(&format!("{own}/withdraw"), &[("answer", &answer)]).await;
        let draft = page.leads_to().to_owned();
        chief.sees(&draft).await.is(StatusCode::OK, "Their server is asked to delete");
        chief.sends(&format!("{own}/withdraw"), &[("answer", "7")]).await.is(StatusCode::UNPROCESSABLE_ENTITY, "No answer stands");
        server.may_leave(Leftover::Deliveries);
    }

    async fn it_is_read_page_by_page_and_by_part(server: &TestServer) {
        let (_, uri) = server.announce("Water is back.").await;
        let (_, other) = server.announce("The pool opens.").await;
        let alice = server.peer().await.citizen("alice");
        let ada = worker(server, "Ada").await;
        for number in 0..51 {
            replies(server, &alice, &uri, &format!("/notes/{number}"), &format!("Question {number}.")).await;
        }
        replies(server, &alice, &other, "/notes/pool", "How warm?").await;
        let page = ada.sees(QUEUE).await.is(StatusCode::OK, "Question 0.");
        page.says_nothing_of("Question 50.");
        let next = page.between("rel=\"next\" href=\"", "\"").replace("&amp;", "&");
        let page = ada.sees(&next).await.is(StatusCode::OK, "Question 50.");
        page.says("How warm?");
        page.says_nothing_of("rel=\"next\"");
        let thread = other.rsplit('/').next().unwrap();
        ada.sees(&format!("{QUEUE}?thread={thread}")).await.is(StatusCode::OK, "How warm?").says_nothing_of("Question 1.");
        ada.sees(&format!("{QUEUE}?kind=report")).await.is(StatusCode::OK, "Nobody waits.");
        // What makes no sense asks for nothing.
        for query in ["?which=x", "?kind=king", "?thread=x", "?after=x", "?language=%00%ff"] {
            assert_eq!(ada.sees(&format!("{QUEUE}{query}")).await.status, StatusCode::OK, "{query}");
        }
        server.settle().await;
        server.may_leave(Leftover::Deliveries);
    }

    async fn templates_are_kept_by_who_answers(server: &TestServer) {
        let ada = worker(server, "Ada").await;
        let path = "/console/water/templates";
        let fields = [("name", "Drinkable"), ("tongue", "en"), ("text", "It is.")];
        let page = ada.sends(path, &fields).await;
        ada.follows(&page).await.is(StatusCode::OK, "The template is saved.").says("It is.");
        ada.sends(path, &fields).await.is(StatusCode::UNPROCESSABLE_ENTITY, "of that name in that language").says("value=\"Drinkable\"");
        ada.sends(path, &[("name", "X"), ("tongue", "no language"), ("text", "kept words")]).await
            .is(StatusCode::UNPROCESSABLE_ENTITY, "This is no language tag.").says("kept words");
        ada.sends(path, &[("name", "X"), ("tongue", "en"), ("text", " ")]).await
            .is(StatusCode::UNPROCESSABLE_ENTITY, "A template needs a name");
        let number = server.texts("SELECT CAST(id AS TEXT) AS value FROM answer_templates").await[0].clone();
        let own = format!("{path}/{number}");
        let page = ada.sends(&own, &[("name", "Drinkable"), ("tongue", "fr"), ("text", "Oui.")]).await;
        ada.follows(&page).await.says("Oui.");
        let officer = hired(server, server.agency.id, "Otto", &[Role::RecordsOfficer]).await;
        officer.sees(path).await.is(StatusCode::FORBIDDEN, "do not allow");
        let gas = server.create_agency("gas").await;
        let stranger = hired(server, gas.id, "Gus", &Role::ALL).await;
        stranger.sees(&format!("/console/gas/templates/{number}")).await.is(StatusCode::NOT_FOUND, "There is nothing");
        stranger.sends(&format!("/console/gas/templates/{number}/remove"), &[]).await.is(StatusCode::NOT_FOUND, "There is nothing");
        let page = ada.sends(&format!("{own}/remove"), &[]).await;
        ada.follows(&page).await.is(StatusCode::OK, "The template is removed.").says_nothing_of("Oui.");
        server.settle().await;
    }

    async fn numbers_read_as_tables_and_come_as_a_file(server: &TestServer) {
        server.announce("Water is back.").await;
        let ada = worker(server, "Ada").await;
        let page = ada.sees("/console/water/numbers?by=month").await.is(StatusCode::OK, "By month");
        page.says("<svg role=\"img\"");
        page.says_nothing_of("style=");
        let file = ada.sees("/console/water/numbers.csv?by=month").await;
        assert_eq!((file.status, file.header("content-type")), (StatusCode::OK, "text/csv; charset=utf-8"));
        assert!(file.text.starts_with("part,name,followers"), "{}", file.text);
        assert_eq!(file.text.lines().filter(|line| line.starts_with("month,")).count(), 24);
        server.settle().await;
    }

    /// How long a page takes is told by `--nocapture`; a machine that is busy fails nobody.
    async fn five_thousand_wait(server: &TestServer) {
        let (_, uri) = server.announce("Water is back.").await;
        let alice = server.peer().await.citizen("alice");
        let ada = worker(server, "Ada").await;
        replies(server, &alice, &uri, "/notes/1", "Is it?").await;
        let numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)";
        let columns = "agency_id, thread_id, actor_id, state, listed, html, url, attachments, published_at, received_at";
        server.execute(vec![
            format!("INSERT INTO replies (uri, {columns}) {numbers} SELECT 'https://x.example/' || i, {columns} FROM n, replies"),
            "INSERT INTO queue_items (agency_id, kind, subject, thread_id, actor_id, language, received_at, state, since)
             SELECT agency_id, 0, id, thread_id, actor_id, 'fr', received_at - id, 0, received_at - id FROM replies WHERE uri LIKE 'https://x.example/%'".to_owned(),
        ]).await;
        assert_eq!(server.count("queue_items WHERE state = 0").await, 5_001);
        for path in [QUEUE, "/console/water/queue?which=everything&language=fr", "/console/water/numbers", &page_of(server, 0).await] {
            let begun = std::time::Instant::now();
            let page = ada.sees(path).await;
            eprintln!("{path}: {:?}", begun.elapsed());
            assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.text);
        }
        server.settle().await;
        server.may_leave(Leftover::Deliveries);
    }
}
