//! The public addresses as a person's browser sees them.

use actapub::platform::db;
use actapub::publishing;
use axum::http::StatusCode;
use diesel::connection::SimpleConnection as _;

use crate::harness::{TestServer, on_both};

const BROWSER: &str =
    "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8";

on_both! {
    async fn people_get_pages(server: &TestServer) {
        let (known, _) = server.announce("Water is back.").await;
        let site = &server.services.site;
        let pages = [
            format!("{}/", server.base()),
            format!("{}/about", server.base()),
            site.agency_page(&server.agency.handle),
            site.announcement_page(&server.agency.handle, known.id),
        ];
        for page in &pages {
            for accept in [BROWSER, "text/html", "*/*"] {
                let reply = server.get(page, accept).await;
                assert_eq!(reply.status, StatusCode::OK, "{page}");
                assert!(reply.header("content-type").starts_with("text/html"), "{page}: {}", reply.header("content-type"));
                assert!(reply.header("vary").to_ascii_lowercase().contains("accept"), "{page}");
                assert!(reply.header("content-security-policy").contains("default-src"), "{page}");
            }
        }
        assert!(server.get(&pages[3], BROWSER).await.text().contains("Water is back."));
    }

    async fn replies_stand_on_the_page_as_their_authors_left_them(server: &TestServer) {
        let (known, announcement) = server.announce("Water is back.").await;
        let page = server.services.site.announcement_page(&server.agency.handle, known.id);
        let alice = server.peer().await.citizen("alice");
        let kept = alice.note("/notes/1", &announcement, "words that stay");
        let gone = alice.note("/notes/2", &announcement, "words that go");
        for note in [&kept, &gone] {
            alice.says(server, &alice.act("Create", note.clone())).await;
        }
        let shown = server.get(&page, BROWSER).await.text();
        assert!(shown.contains("words that stay") && shown.contains("words that go"), "{shown}");
        let edited = alice.edited(&kept, "words that changed", "2026-11-24T11:30:00Z");
        alice.says(server, &alice.act("Update", edited)).await;
        alice.says(server, &alice.act("Delete", gone["id"].clone())).await;
        let shown = server.get(&page, BROWSER).await.text();
        assert!(shown.contains("words that changed"), "{shown}");
        assert!(!shown.contains("words that stay") && !shown.contains("words that go"), "{shown}");
    }

    async fn what_was_withdrawn_is_gone_from_its_page(server: &TestServer) {
        let (known, _) = server.announce("Water is back.").await;
        let (clock, id) = (server.clock.clone(), known.id);
        server.write(move |conn| publishing::withdraw(conn, clock.as_ref(), id, "It came too early.")).await;
        server.settle().await;
        let page = server.services.site.announcement_page(&server.agency.handle, known.id);
        let reply = server.get(&page, BROWSER).await;
        assert_eq!(reply.status, StatusCode::GONE);
        assert!(reply.text().contains("It came too early.") && !reply.text().contains("Water is back."));
    }

    async fn a_database_that_fails_is_not_an_absence_for_people_either(server: &TestServer) {
        let (known, _) = server.announce("Water is back.").await;
        let site = &server.services.site;
        server.write(|conn| Ok::<_, db::Error>(conn.batch_execute("ALTER TABLE agencies RENAME TO hidden")?)).await;
        for page in [
            site.agency_page(&server.agency.handle),
            site.announcement_page(&server.agency.handle, known.id),
        ] {
            assert_eq!(server.get(&page, BROWSER).await.status, StatusCode::SERVICE_UNAVAILABLE, "{page}");
        }
        server.write(|conn| Ok::<_, db::Error>(conn.batch_execute("ALTER TABLE hidden RENAME TO agencies")?)).await;
    }
}
