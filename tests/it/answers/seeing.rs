//! Who sees an answer before it goes out: those who may read the message, and nobody else, wherever they look.

use std::collections::BTreeMap;

use actapub::agencies::staff::{Right, Role};
use actapub::kernel::Timestamp;
use actapub::publishing::drafts::{self, Error, Kind, Standing};
use actapub::publishing::house::{Approval, HouseRules, Needing};
use serde_json::Value;

use super::{ANSWERED, ASKED, begins, chief, letters, writes};
use crate::harness::{Leftover, TestServer, on_both};

fn four_eyes() -> HouseRules {
    HouseRules {
        approval: Approval {
            of: Needing::Everything,
            by: 1,
            ..Approval::default()
        },
        ..HouseRules::default()
    }
}

on_both! {
    async fn only_who_may_read_the_message(server: &TestServer) {
        server.works_by(four_eyes()).await;
        let alice = server.peer().await.citizen("alice");
        writes(server, &alice, "/letters/1", Value::Null, ASKED).await;
        let ada = chief(server).await;
        let item = letters(server, &ada).await[0].id;
        let draft = begins(server, &ada, item).await.unwrap();
        server.submits(&ada, draft).await.unwrap();
        for role in Role::ALL {
            let person = server.staff(&[role]).await;
            if !person.allows(Right::Draft) {
                continue;
            }
            let may = person.allows(Right::ReadPrivate);
            let (clock, by) = (server.clock.clone(), person.clone());
            let seen = server.desk(move |conn, press| {
                let (early, late) = (Timestamp::EPOCH, Timestamp::from_micros(i64::MAX));
                let version = drafts::VersionNumber::new(1);
                let mut found: BTreeMap<&str, bool> = BTreeMap::new();
                found.insert("find", drafts::find(conn, &by, draft).is_ok());
                found.insert("versions", drafts::versions(conn, &by, draft).is_ok());
                found.insert("approvals", drafts::approvals(conn, &by, draft).is_ok());
                found.insert("difference", drafts::difference(conn, &by, draft).is_ok());
                found.insert("list", !drafts::list(conn, &by, &Standing::ALL, 10)?.is_empty());
                found.insert("counts", !drafts::counts(conn, &by)?.is_empty());
                found.insert("calendar", drafts::calendar(conn, &by, early, late).is_ok_and(|it| !it.is_empty()));
                for (name, refused) in [
                    ("approve", drafts::approve(conn, clock.as_ref(), &by, draft, version).map(drop)),
                    ("send back", drafts::send_back(conn, clock.as_ref(), &by, draft, "Not so.").map(drop)),
                    ("discard", drafts::discard(conn, clock.as_ref(), &by, draft).map(drop)),
                    ("schedule", drafts::publish_now(conn, clock.as_ref(), press, &by, draft, version).map(drop)),
                ] {
                    if !may {
                        assert!(matches!(refused, Err(Error::NotFound | Error::Refused(_))), "{name}: {refused:?}");
                    }
                }
                assert!(drafts::waiting(conn, &by)?.to_approve.is_empty());
                // Undone: the next role finds it as it was.
                Err::<(), _>(Error::Remark).or_else(|error| if may { Err(error) } else { Ok(()) })?;
                Ok(found)
            }).await;
            match seen {
                Ok(found) => assert!(!may && found.values().all(|seen| !seen), "{role}: {found:?}"),
                Err(error) => assert!(may && matches!(error, Error::Remark), "{role}: {error}"),
            }
            if may {
                let by = person.clone();
                server.desk(move |conn, _| {
                    assert_eq!(drafts::find(conn, &by, draft)?.kind(), Some(Kind::Answer));
                    assert_eq!(drafts::list(conn, &by, &Standing::ALL, 10)?.len(), 1);
                    assert_eq!(drafts::counts(conn, &by)?.get(&Standing::InReview), Some(&1));
                    Ok(())
                }).await.unwrap();
            }
        }
        server.settle().await;
        server.may_leave(Leftover::Deliveries);
    }

    async fn who_approves_it_may_read_it(server: &TestServer) {
        server.works_by(four_eyes()).await;
        let alice = server.peer().await.citizen("alice");
        writes(server, &alice, "/letters/1", Value::Null, ASKED).await;
        let ada = chief(server).await;
        let approver = server.staff(&[Role::Approver]).await;
        let both = server.staff(&[Role::Approver, Role::Moderator]).await;
        let item = letters(server, &ada).await[0].id;
        let draft = begins(server, &ada, item).await.unwrap();
        let draft = server.submits(&ada, draft).await.unwrap();
        assert!(matches!(server.approves(&approver, &draft).await, Err(Error::NotFound)));
        assert!(server.publishes(&ada, &draft).await.is_err(), "the house rules hold in private");
        let draft = server.approves(&both, &draft).await.unwrap();
        assert_eq!(draft.standing(), Standing::Approved);
        // Who may not read it any more has not approved it any more.
        let person = both.person().unwrap().get();
        server.execute(vec![format!("DELETE FROM staff_roles WHERE person_id = {person} AND role = 'moderator'")]).await;
        assert!(matches!(server.publishes(&ada, &draft).await, Err(Error::Approvals { have: 0, need: 1 })));
        server.execute(vec![format!("INSERT INTO staff_roles (agency_id, person_id, role, given_at) VALUES ({}, {person}, 'moderator', 0)", server.agency.id)]).await;
        let done = server.publishes(&ada, &draft).await.unwrap();
        assert!(done[0].answer.as_ref().unwrap().html.as_str().contains(ANSWERED));
        assert_eq!(server.texts("SELECT CAST(approved_by AS TEXT) AS value FROM answers").await[0], "2");
        server.settle().await;
        let trail = server.texts("SELECT act AS value FROM staff_trail ORDER BY id").await;
        assert_eq!(trail.last().unwrap().trim_matches('"'), "message-answered");
        // Not even the trail has a word of it.
        let places = server.places_of(ANSWERED).await;
        assert!(places.iter().all(|it| ["activities.body", "answers.html", "answers.markdown", "draft_versions.proposal"].contains(&it.as_str())), "{places:?}");
        server.may_leave(Leftover::Deliveries);
    }
}
