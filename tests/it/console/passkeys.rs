//! Passkeys in a browser, with a device that it pretends to have: one is made, signs in, proves, and is removed.

use std::path::Path;

use actapub::agencies::staff::Role;
use axum::http::StatusCode;
use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, SqliteConnection};
use serde_json::json;

use super::browser::{Reader, set_up};
use super::{Visitor, hired};
use crate::accessibility::chromium;
use crate::harness::{TestServer, left_out, on_both};
use crate::node::Program;
use crate::process::Installation;

#[tokio::test]
async fn a_passkey_lets_somebody_in_and_proves_who_they_are() {
    let Some(chromium) = chromium() else {
        left_out(
            "Chromium",
            "install it, or name one in ACTAPUB_TEST_CHROMIUM, to run them",
        );
        return;
    };
    let home = Installation::new().on_localhost();
    let pictures = Path::new(env!("CARGO_TARGET_TMPDIR")).join("passkeys");
    let pictures = pictures.display().to_string();
    let arguments = [
        "--browser",
        &chromium,
        "--pictures",
        &pictures,
        "--origin",
        home.base(),
    ];
    let Some((browser, _)) = Program::start("axe.mjs", &arguments).await else {
        return;
    };
    let server = home.serve();
    let mut reader = Reader {
        browser,
        base: home.base().to_owned(),
        language: "en",
        complaints: vec![],
    };
    set_up(&mut reader, &server.set_up_link().await).await;
    reader.browser.does(json!({"order": "authenticator"})).await;
    let passkey = "form[data-passkey] button";

    reader.opens("/console/account").await;
    let press = "form[action$='/passkeys/begin'] button";
    reader.acts(json!({}), &[], press, 200).await;
    reader.looks("passkey-new", "A new passkey").await;
    let fill = json!({"#name": "Laptop at work"});
    reader.acts(fill, &[], passkey, 200).await;
    reader.looks("passkey-added", "Laptop at work").await;
    let told = home.run(&["staff", "list", "--json"]);
    assert_eq!(told[0]["passkeys"], 1, "{told}");

    reader.signs_out().await;
    reader.looks("door-passkey", "Sign in with a passkey").await;
    reader.acts(json!({}), &[], passkey, 200).await;
    reader.looks("in-by-passkey", "Welcome, Ada Lovelace").await;

    let database = home.folder().join("actapub.db").display().to_string();
    let mut beside = SqliteConnection::establish(&database).unwrap();
    beside
        .batch_execute("PRAGMA busy_timeout = 10000; UPDATE staff_sessions SET proven_at = 0")
        .unwrap();
    reader.opens("/console/account").await;
    let remove = "form[action$='/passkeys/remove'] button";
    reader.acts(json!({}), &[], remove, 403).await;
    reader.looks("prove-passkey", "Use your passkey").await;
    reader.acts(json!({}), &[], passkey, 200).await;
    reader
        .looks("proven-passkey", "Nothing has been done yet")
        .await;
    reader.acts(json!({}), &[], "main form button", 200).await;
    reader
        .looks("passkey-removed", "The passkey is removed")
        .await;

    // The device still has it, and it is worth nothing.
    reader.signs_out().await;
    reader.acts(json!({}), &[], passkey, 422).await;
    reader.looks("passkey-unfit", "did not let you in").await;
    assert!(
        reader.complaints.is_empty(),
        "{}",
        reader.complaints.join("\n\n")
    );
    assert_eq!(server.kill(), Vec::<String>::new());
}

on_both! {
    /// A server that is reached by an address can have none, and says so.
    async fn an_address_is_no_place_for_passkeys(server: &TestServer) {
        let ada = hired(server, server.agency.id, "Ada", &[Role::Author]).await;
        ada.sees("/console/account").await.is(StatusCode::OK, "Passkeys need a domain");
        let stranger = Visitor::of(server);
        stranger.sees("/console/sign-in").await.says_nothing_of("data-passkey");
        let page = stranger.sends("/console/sign-in/passkey/question", &[]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        let nonsense = [("step", "x"), ("answer", "{}"), ("to", "/console/account"), ("kept", "a=b")];
        let page = stranger.sends("/console/sign-in/passkey", &nonsense).await
            .is(StatusCode::UNPROCESSABLE_ENTITY, "This took too long");
        assert_eq!(page.hidden("/console/sign-in")[1], ("kept".to_owned(), "a=b".to_owned()));
        server.settle().await;
    }
}
