//! Answers to private messages: whom they reach, who sees them before and after, and that nothing public ever comes of one.

mod paths;
mod reaching;
mod seeing;

use actapub::agencies::staff::{Mandate, Role};
use actapub::dialogue::queue::{self, Error, Filter, Item, Kind, Which, Wording};
use actapub::kernel::{DraftId, QueueItemId};
use actapub::platform::db::Conn;
use actapub::publishing::answers::Answer;
use actapub::publishing::drafts::{self, Content, PartNumber, Press, Proposal, Saving};
use serde_json::{Value, json};

use crate::harness::{Citizen, TestServer};

/// What is said in private, and how it is answered: nobody else may come upon either.
const ASKED: &str = "is the bill for plum street right";
const ANSWERED: &str = "the meter was misread";

/// Something that is written to the agency alone.
async fn writes(server: &TestServer, who: &Citizen, path: &str, to: Value, text: &str) -> Value {
    let mut note = who.note(path, "", text);
    note["inReplyTo"] = to;
    note["to"] = json!([server.actor()]);
    note["cc"] = json!([]);
    let mut create = who.act("Create", note.clone());
    create["to"] = note["to"].clone();
    create["cc"] = json!([]);
    who.says(server, &create).await;
    note
}

/// Somebody who may read what was written in private, and do all the rest.
async fn chief(server: &TestServer) -> Mandate {
    server.staff(&[Role::Administrator]).await
}

/// The private messages in the queue, the last first.
async fn letters(server: &TestServer, by: &Mandate) -> Vec<Item> {
    let (clock, by) = (server.clock.clone(), by.clone());
    server
        .services
        .db
        .read(move |conn| {
            let standing = queue::look(conn, clock.as_ref(), &by)?;
            let filter = Filter {
                which: Which::Everything,
                kind: Some(Kind::Message),
                ..Filter::default()
            };
            Ok::<_, Error>(queue::list(conn, standing, &filter, 100)?)
        })
        .await
        .unwrap()
}

async fn work<T: Send + 'static>(
    server: &TestServer,
    by: &Mandate,
    act: impl FnOnce(&mut Conn, &dyn actapub::kernel::Clock, &Press<'_>, &Mandate) -> Result<T, Error>
    + Send
    + 'static,
) -> Result<T, Error> {
    let (clock, by) = (server.clock.clone(), by.clone());
    let (site, limits) = (server.services.site.clone(), server.services.rules);
    server
        .services
        .db
        .write(move |conn| {
            let press = Press {
                site: &site,
                limits,
                keys: None,
            };
            act(conn, clock.as_ref(), &press, &by)
        })
        .await
}

fn wording(text: &str) -> Wording {
    Wording {
        text: text.to_owned(),
        ..Wording::default()
    }
}

async fn begins(server: &TestServer, by: &Mandate, item: QueueItemId) -> Result<DraftId, Error> {
    work(server, by, move |conn, clock, _, by| {
        queue::answer_with(conn, clock, by, item, wording(ANSWERED))
    })
    .await
}

/// Answered at once; what came of it.
async fn answers(server: &TestServer, by: &Mandate, item: QueueItemId, text: &str) -> Answer {
    let wording = wording(text);
    let done = work(server, by, move |conn, clock, press, by| {
        queue::answer_now(conn, clock, press, by, item, wording)
    })
    .await
    .unwrap();
    server.settle().await;
    done.answer.expect("it was answered in private")
}

/// Saves the draft's part.
async fn saves(
    server: &TestServer,
    by: &Mandate,
    draft: DraftId,
    proposal: Proposal,
) -> Result<(), drafts::Error> {
    let (clock, by) = (server.clock.clone(), by.clone());
    server
        .desk(move |conn, _| {
            let seen = drafts::find(conn, &by, draft)?.parts[0].version;
            let saving = Saving::ByHand;
            let part = PartNumber::FIRST;
            drafts::save(
                conn,
                clock.as_ref(),
                &by,
                draft,
                part,
                seen,
                &proposal,
                saving,
            )
            .map(drop)
        })
        .await
}

/// The same proposal with another content.
fn with_content(proposal: &Proposal, change: impl FnOnce(&mut Content)) -> Proposal {
    let mut proposal = proposal.clone();
    let Proposal::PrivateAnswer { content, .. } = &mut proposal else {
        panic!("{proposal:?}")
    };
    change(content);
    proposal
}
