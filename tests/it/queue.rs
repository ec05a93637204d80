//! What citizens sent, as a team works through it: how it comes in, who is at it, how it goes out, what it comes to.

mod arriving;
mod counting;
mod working;

use actapub::agencies::staff::{Mandate, Role};
use actapub::dialogue::queue::{self, Error, Filter, Item, Kind, Which};
use actapub::kernel::QueueItemId;
use serde_json::{Value, json};

use crate::harness::{Citizen, TestServer};

/// Everything that `by` sees of a part of the queue.
async fn seen(server: &TestServer, by: &Mandate, which: Which) -> Vec<Item> {
    let (clock, by) = (server.clock.clone(), by.clone());
    server
        .services
        .db
        .read(move |conn| {
            let standing = queue::look(conn, clock.as_ref(), &by)?;
            let filter = Filter {
                which,
                ..Filter::default()
            };
            Ok::<_, Error>(queue::list(conn, standing, &filter, 1_000)?)
        })
        .await
        .unwrap()
}

/// Somebody who sees everything, with the right to answer.
async fn worker(server: &TestServer) -> Mandate {
    server.staff(&[Role::Administrator]).await
}

fn kinds(items: &[Item]) -> Vec<Kind> {
    items.iter().map(Item::kind).collect()
}

/// Something that is said to an announcement, or to nobody in particular.
async fn replies(server: &TestServer, who: &Citizen, to: &str, path: &str, text: &str) -> Value {
    let note = who.note(path, to, text);
    who.says(server, &who.act("Create", note.clone())).await;
    note
}

/// Something that is written to the agency alone.
async fn writes(server: &TestServer, who: &Citizen, path: &str, text: &str) -> Value {
    let mut note = who.note(path, "", text);
    note["inReplyTo"] = Value::Null;
    note["to"] = json!([server.actor()]);
    note["cc"] = json!([]);
    let mut create = who.act("Create", note.clone());
    create["to"] = note["to"].clone();
    create["cc"] = json!([]);
    who.says(server, &create).await;
    note
}

async fn quotes(server: &TestServer, who: &Citizen, announcement: &str, path: &str) -> Value {
    let mut quote = who.note(path, announcement, "Look at this.");
    quote.as_object_mut().unwrap().remove("inReplyTo");
    quote["quote"] = json!(announcement);
    let mut request = who.act("QuoteRequest", announcement);
    request["instrument"] = quote.clone();
    who.says(server, &request).await;
    quote
}

async fn reports(server: &TestServer, who: &Citizen, objects: Value) {
    let mut flag = who.act("Flag", objects);
    flag["content"] = json!("This is not true.");
    who.says(server, &flag).await;
}

/// Does something with an entry, in a transaction.
async fn does<T: Send + 'static>(
    server: &TestServer,
    by: &Mandate,
    item: QueueItemId,
    act: impl FnOnce(
        &mut actapub::platform::db::Conn,
        &dyn actapub::kernel::Clock,
        &Mandate,
        QueueItemId,
    ) -> Result<T, Error>
    + Send
    + 'static,
) -> Result<T, Error> {
    let (clock, by) = (server.clock.clone(), by.clone());
    server
        .services
        .db
        .write(move |conn| act(conn, clock.as_ref(), &by, item))
        .await
}
