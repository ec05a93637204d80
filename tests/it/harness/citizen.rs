//! Somebody with an account on a peer: what they say, and how their server signs it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use actapub::federation::keys::SigningKey;
use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{Letter, Peer, TestServer};

const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";

pub(crate) struct Citizen {
    pub(crate) peer: Arc<Peer>,
    pub(crate) name: String,
    pub(crate) uri: String,
    pub(crate) key_id: String,
    pub(crate) key: SigningKey,
    activities: AtomicU32,
}

impl Citizen {
    pub(super) fn new(peer: Arc<Peer>, name: &str, key: SigningKey) -> Self {
        let uri = peer.url(&format!("/users/{name}"));
        Self {
            key_id: format!("{uri}#main-key"),
            name: name.to_owned(),
            uri,
            peer,
            key,
            activities: AtomicU32::new(0),
        }
    }

    /// The actor document, as a Mastodon-like server serves it.
    pub(crate) fn document(&self) -> Value {
        json!({
            "@context": ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/v1"],
            "id": self.uri,
            "type": "Person",
            "preferredUsername": self.name,
            "name": format!("{} of the tests", self.name),
            "url": self.peer.url(&format!("/@{}", self.name)),
            "inbox": format!("{}/inbox", self.uri),
            "outbox": format!("{}/outbox", self.uri),
            "followers": self.followers(),
            "endpoints": {"sharedInbox": self.peer.url("/inbox")},
            "publicKey": {"id": self.key_id, "owner": self.uri, "publicKeyPem": self.key.public().to_pem()},
        })
    }

    pub(crate) fn followers(&self) -> String {
        format!("{}/followers", self.uri)
    }

    /// The path of the actor document on the peer.
    pub(crate) fn path(&self) -> String {
        format!("/users/{}", self.name)
    }

    /// An activity of this citizen, with an id that no other has.
    pub(crate) fn act(&self, kind: &str, object: impl Into<Value>) -> Value {
        let number = self.activities.fetch_add(1, Ordering::Relaxed);
        json!({
            "@context": "https://www.w3.org/ns/activitystreams",
            "id": format!("{}/activities/{number}", self.uri),
            "type": kind,
            "actor": self.uri,
            "to": [PUBLIC],
            "object": object.into(),
        })
    }

    /// A public note; served by the peer only if the test says so.
    pub(crate) fn note(&self, path: &str, in_reply_to: &str, text: &str) -> Value {
        json!({
            "@context": "https://www.w3.org/ns/activitystreams",
            "id": self.peer.url(path),
            "type": "Note",
            "attributedTo": self.uri,
            "inReplyTo": in_reply_to,
            "content": format!("<p>{text}</p>"),
            "published": "2026-11-24T11:00:00Z",
            "url": self.peer.url(&format!("{path}/page")),
            "to": [PUBLIC],
            "cc": [self.followers()],
        })
    }

    /// The note as it stands after an edit at `updated`.
    pub(crate) fn edited(&self, note: &Value, text: &str, updated: &str) -> Value {
        let mut note = note.clone();
        note["content"] = json!(format!("<p>{text}</p>"));
        note["updated"] = json!(updated);
        note
    }

    /// A letter to the shared inbox that says this and is yet to be signed.
    pub(crate) fn letter(&self, server: &TestServer, activity: &Value) -> Letter {
        self.letter_of(server, activity.to_string().into_bytes())
    }

    pub(crate) fn letter_of(&self, server: &TestServer, body: Vec<u8>) -> Letter {
        Letter::new(server.base(), "/inbox", &self.key_id, server.now(), body)
    }

    /// Sends an activity, well signed, and has it acted upon.
    pub(crate) async fn says(&self, server: &TestServer, activity: &Value) {
        let signed = self.letter(server, activity).cavage(&self.key);
        let reply = server.post(&signed).await;
        assert_eq!(
            reply.status,
            StatusCode::ACCEPTED,
            "{activity}\n{}",
            reply.text()
        );
        server.settle().await;
    }

    /// Follows an agency, and has its answer on the way.
    pub(crate) async fn follows(&self, server: &TestServer) -> Value {
        let follow = self.act("Follow", server.actor());
        self.says(server, &follow).await;
        follow
    }
}
