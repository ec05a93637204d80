//! The trail: written by every act, read by administrators, changed by nobody, and sealed in the record.

use actapub::agencies::staff::trail::{self, Act, Subject};
use actapub::agencies::staff::{Mandate, Role, team};
use actapub::kernel::DraftId;
use actapub::platform::db::{self, Conn};
use axum::http::StatusCode;
use diesel::connection::SimpleConnection as _;

use super::{acting, attempt, hired};
use crate::harness::{TestServer, on_both};

fn words(lines: &[trail::Line]) -> Vec<String> {
    lines
        .iter()
        .map(|line| {
            let by = line.by_name.as_deref().unwrap_or("operator");
            let to = line.subject_name.as_deref().unwrap_or("-");
            format!("{by} {} {to}", line.act.name())
        })
        .collect()
}

on_both! {
    async fn every_act_is_in_the_trail_of_its_agency(server: &TestServer) {
        let agency = server.agency.id;
        let grace = hired(server, agency, "grace", &[Role::Administrator]).await;
        let ada = hired(server, agency, "ada", &[Role::Author]).await;
        let by = acting(server, agency, grace).await;
        let (clock, mandate) = (server.clock.clone(), by.clone());
        attempt(server, move |conn| {
            team::give(conn, clock.as_ref(), &mandate, ada, Role::Approver)?;
            team::give(conn, clock.as_ref(), &mandate, ada, Role::Approver)?;
            team::take(conn, clock.as_ref(), &mandate, ada, Role::Author)?;
            trail::note(conn, clock.as_ref(), &mandate, Act::DraftApproved, Subject::Draft(DraftId::new(5)))?;
            team::remove(conn, clock.as_ref(), &mandate, ada)
        }).await.unwrap();
        let mandate = by.clone();
        let lines = server.services.db.read(move |conn| trail::page(conn, &mandate, None, 50)).await.unwrap();
        assert_eq!(words(&lines), [
            "grace removed ada", "grace draft-approved -", "grace role-taken ada", "grace role-given ada", "ada joined ada",
            "operator invited -", "grace joined grace", "operator invited -",
        ]);
        assert_eq!(lines[3].act, Act::RoleGiven(Role::Approver));
        let before = lines[1].id;
        let mandate = by.clone();
        let page = server.services.db.read(move |conn| trail::page(conn, &mandate, Some(before), 2)).await.unwrap();
        assert_eq!(page, lines[2..4]);

        let author = hired(server, agency, "eve", &[Role::Author, Role::Approver, Role::Moderator, Role::RecordsOfficer]).await;
        let mandate = acting(server, agency, author).await;
        let refused = server.services.db.read(move |conn| trail::page(conn, &mandate, None, 50)).await;
        assert!(matches!(refused, Err(trail::Error::Refused(_))), "{refused:?}");
        let elsewhere = Mandate::operator(server.create_agency("parks").await.id);
        let none = server.services.db.read(move |conn| trail::page(conn, &elsewhere, None, 50)).await.unwrap();
        assert_eq!(none, []);
        server.settle().await;
    }

    async fn nobody_changes_the_trail(server: &TestServer) {
        hired(server, server.agency.id, "ada", &[Role::Author]).await;
        let mut attempts = vec![
            "UPDATE staff_trail SET act = '\"published\"'",
            "DELETE FROM staff_trail",
            "DELETE FROM staff_trail WHERE id = 1",
        ];
        match server.database.location {
            db::Location::Sqlite(_) => attempts.push(
                "INSERT OR REPLACE INTO staff_trail (id, act, subject, at) VALUES (1, '\"published\"', 'agency', 1)",
            ),
            db::Location::Postgres(_) => attempts.push("TRUNCATE staff_trail CASCADE"),
        }
        let before = server.texts("SELECT act AS value FROM staff_trail").await;
        assert_eq!(before.len(), 2);
        for change in attempts {
            let refused = server.services.db.write(move |conn: &mut Conn| Ok::<_, db::Error>(conn.batch_execute(change)?)).await;
            assert!(refused.unwrap_err().to_string().contains("the trail cannot be changed"), "{change}");
        }
        assert_eq!(server.texts("SELECT act AS value FROM staff_trail").await, before);
        server.settle().await;
    }

    /// The record commits to each line, and whoever looks at it learns that there was an act and no more.
    async fn the_record_seals_each_act_and_tells_nobody(server: &TestServer) {
        let ada = hired(server, server.agency.id, "ada", &[Role::Author]).await;
        server.settle().await;
        let statements = server.texts("SELECT statement AS value FROM record_entries WHERE statement LIKE '%staff.act%' ORDER BY place").await;
        assert_eq!(statements.len(), 2);
        let joined: serde_json::Value = serde_json::from_str(&statements[1]).unwrap();
        let clause = serde_json::json!({ "joined": ["author"] });
        assert_eq!((&joined["act"], &joined["did"]), (&"staff.act".into(), &clause));
        assert_eq!(joined["by"], ada.to_string());
        assert_eq!(joined["to"], format!("person {ada}"));

        let entry = format!("{}/record/water/2", server.base());
        let shown = server.get(&format!("{entry}.json"), "application/json").await.json();
        assert_eq!((shown["disclosed"].as_str(), &shown["opening"]), (Some("internal"), &serde_json::Value::Null), "{shown}");
        let leaf: serde_json::Value = serde_json::from_str(shown["leaf"].as_str().unwrap()).unwrap();
        assert_eq!((leaf["t"].as_str(), leaf["k"].as_str()), (Some("staff.act"), Some("agency")));
        let part = server.get(&format!("{entry}/parts/statement"), "*/*").await;
        assert_eq!(part.status, StatusCode::NOT_FOUND);
        let page = server.get(&entry, "text/html").await.text();
        assert!(page.contains("Act of the staff"), "{page}");
        for secret in [ada.to_string(), "joined".to_owned()] {
            assert!(!page.contains(&secret) && !shown.to_string().contains(&secret), "{secret}");
        }
        let browse = server.get(&format!("{}/record/water", server.base()), "text/html").await.text();
        assert!(browse.contains("Act of the staff") && !browse.contains("joined"), "{browse}");
    }

    async fn the_trail_comes_back_with_a_backup(server: &TestServer) {
        hired(server, server.agency.id, "ada", &[Role::Author]).await;
        server.settle().await;
        let location = server.database.location.clone();
        let file = server.data.path().join("backup.db");
        let before = server.texts("SELECT act AS value FROM staff_trail ORDER BY id").await;
        tokio::task::spawn_blocking(move || {
            db::backup(&location, &file, &mut |_| {}).unwrap();
            db::restore(&file, &location, &mut |_| {}).unwrap();
        }).await.unwrap();
        assert_eq!(server.texts("SELECT act AS value FROM staff_trail ORDER BY id").await, before);
        let refused = server.services.db.write(|conn: &mut Conn| Ok::<_, db::Error>(conn.batch_execute("DELETE FROM staff_trail")?)).await;
        assert!(refused.unwrap_err().to_string().contains("the trail cannot be changed"), "it is guarded as before");
        server.settle().await;
    }
}
