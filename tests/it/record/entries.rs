//! Each fact of an agency's public life is one leaf, in order.

use actapub::archive::commitment::Commitment;
use actapub::archive::entries::{self, Place};
use actapub::archive::kind::{Kind, Subject};
use actapub::archive::log;
use actapub::publishing;
use serde_json::json;

use super::audit::{audited, kinds};
use crate::harness::{Citizen, TestServer, on_both};

on_both! {
    async fn a_conversation_is_recorded_in_its_order(server: &TestServer) {
        let (announcement, uri) = server.announce("Water is back.").await;
        let alice = server.peer().await.citizen("alice");
        alice.follows(server).await;
        server.deliver().await;
        let note = alice.note("/notes/1", &uri, "At last!");
        alice.says(server, &alice.act("Create", note.clone())).await;
        let bob = alice.note("/notes/2", note["id"].as_str().unwrap(), "Not here.");
        alice.says(server, &alice.act("Create", bob)).await;
        let edited = Citizen::edited(&note, "At last, thanks!", "2026-11-24T11:10:00Z");
        alice.says(server, &alice.act("Update", edited)).await;
        alice.says(server, &alice.act("Delete", json!({"type": "Tombstone", "id": note["id"]}))).await;
        let (clock, id) = (server.clock.clone(), announcement.id);
        server.write(move |conn| publishing::withdraw(conn, clock.as_ref(), id, "The date was wrong.")).await;
        server.settle().await;
        server.deliver().await;
        let kinds = kinds(&audited(server).await).join("\n");
        insta::allow_duplicates! { insta::assert_snapshot!(kinds, @"
        agency.created
        announcement.published
        reply.received → 1
        reply.received → 2
        reply.edited → 2
        reply.deleted → 2
        redaction.done → 2
        announcement.withdrawn → 1
        "); }
    }

    /// What is stored opens the commitment of every leaf that was not erased, part by part.
    async fn every_commitment_opens(server: &TestServer) {
        let (_, uri) = server.announce("Water is back.").await;
        let alice = server.peer().await.citizen("alice");
        let note = alice.note("/notes/1", &uri, "At last!");
        let create = alice.act("Create", note);
        alice.says(server, &create).await;
        let leaves = audited(server).await;
        assert_eq!(leaves.len(), 3);
        let agency = server.agency.id;
        let body = create.to_string();
        server.read(move |conn| {
            let log = log::by_agency(conn, agency)?.unwrap();
            for (leaf, index) in leaves.iter().zip(0..) {
                let entry = entries::at(conn, Place::new(log.id, index))?.unwrap();
                let opening = entry.opening.clone().unwrap();
                let commitment = Commitment::to(&opening.salts.of_entry().unwrap(), &opening.manifest);
                assert_eq!(commitment.to_string(), leaf.commitment);
                let parts = actapub::archive::parts::of(conn, &entry)?;
                let listed = opening.manifest.parts().unwrap();
                assert_eq!(parts.len(), listed.len());
                for (n, (part, listed)) in parts.iter().zip(&listed).enumerate() {
                    assert_eq!(part.name, listed.name);
                    let salt = opening.salts.of_part(n).unwrap();
                    assert!(listed.opens(salt, part.bytes.as_deref().unwrap()), "{index} {}", part.name);
                }
                if entry.kind == Kind::ReplyReceived {
                    assert!(matches!(entry.subject, Subject::Reply(_)));
                    assert_eq!(parts[0].bytes.as_deref(), Some(body.as_bytes()), "the very bytes that arrived");
                    let names: Vec<&str> = parts.iter().map(|part| part.name.as_str()).collect();
                    assert_eq!(names, ["body", "http", "key", "actor"]);
                }
            }
            Ok(())
        }).await;
    }

    /// Nothing of a private message is public but that there was one.
    async fn a_private_message_cannot_vanish_unseen(server: &TestServer) {
        let alice = server.peer().await.citizen("alice");
        let mut note = alice.note("/notes/1", "", "Between us: the pump is broken.");
        note["to"] = json!([server.actor()]);
        note["cc"] = json!([]);
        let mut create = alice.act("Create", note);
        create["to"] = json!([server.actor()]);
        alice.says(server, &create).await;
        assert_eq!(kinds(&audited(server).await), ["agency.created", "message.received"]);
    }

    /// Times of citizens' entries are minutes; an agency's are seconds.
    async fn times_are_as_exact_as_they_must_be(server: &TestServer) {
        server.clock.advance(std::time::Duration::from_secs(83));
        let (_, uri) = server.announce("Water is back.").await;
        let alice = server.peer().await.citizen("alice");
        alice.says(server, &alice.act("Create", alice.note("/notes/1", &uri, "At last!"))).await;
        let times: Vec<String> = audited(server).await.into_iter().map(|leaf| leaf.time).collect();
        assert_eq!(times, ["2026-11-24T12:00:00Z", "2026-11-24T12:01:23Z", "2026-11-24T12:01Z"]);
    }
}
