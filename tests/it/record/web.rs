//! The record's files and pages as anybody gets them: statuses, headers, odd requests, and a stranger's verdict.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use actapub::publishing;
use actapub::tlog::tile::{TilePath, tiles_of_size};
use actapub::tlog::{Checkpoint, Hash, Note, Policy, Receipt, VerifierKey};
use axum::http::StatusCode;

use super::audit::audited;
use crate::harness::{Leftover, TestServer, on_both};
use crate::tlog::go;

/// More entries than a full tile has.
async fn many_entries(server: &TestServer) -> u64 {
    let (announcement, _) = server.announce("Water is back.").await;
    let (clock, id) = (server.clock.clone(), announcement.id);
    server
        .write(move |conn| -> Result<(), publishing::Error> {
            for _ in 0..140 {
                publishing::pin(conn, clock.as_ref(), id)?;
                publishing::unpin(conn, clock.as_ref(), id)?;
            }
            Ok(())
        })
        .await;
    server.settle().await;
    audited(server).await.len() as u64
}

/// Fetches a whole log from its public addresses, laid out in a folder as they are.
pub(crate) async fn dump(server: &TestServer, name: &str, folder: &Path) -> Checkpoint {
    let fetched = async |path: String| {
        let reply = server.get(&format!("/record/{name}/{path}"), "").await;
        assert_eq!(reply.status, StatusCode::OK, "{path}: {}", reply.text());
        let file = folder.join(&path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, &reply.body).unwrap();
        reply
    };
    let note = fetched("checkpoint".to_owned()).await.text();
    let checkpoint = Checkpoint::parse(&Note::parse(&note).unwrap().text).unwrap();
    for tile in tiles_of_size(checkpoint.size) {
        fetched(tile.path()).await;
        if tile.level == 0 {
            let (index, width) = (tile.index, tile.width);
            fetched(TilePath::Entries { index, width }.to_string()).await;
        }
    }
    checkpoint
}

async fn vkey(server: &TestServer) -> String {
    let reply = server.get("/record/water/vkey", "").await;
    assert_eq!(reply.header("content-type"), "text/plain; charset=utf-8");
    reply.text().trim_end().to_owned()
}

on_both! {
    async fn every_address_has_its_status_and_headers(server: &TestServer) {
        let size = many_entries(server).await;
        assert_eq!(size, 282);
        let mut table = String::new();
        for path in [
            "", ".json", "/checkpoint", "/checkpoint/unwitnessed", "/vkey", "/vkeys",
            "/tile/0/000", "/tile/0/001.p/26", "/tile/0/000.p/7", "/tile/1/000.p/1",
            "/tile/entries/000", "/tile/entries/001.p/26",
            "/0", "/0.json", "/281", "/0/proof", "/0/parts/statement",
            "?kind=announcement.pinned&below=9", "?from=2026-11-24&to=2026-11-24", "?kind=&from=&to=",
        ] {
            let reply = server.get(&format!("/record/water{path}"), "").await;
            assert_eq!(reply.header("access-control-allow-origin"), "*", "{path}");
            let _ = writeln!(table, "{path:36} {} {:31} {}", reply.status.as_u16(),
                reply.header("content-type"), reply.header("cache-control"));
        }
        insta::assert_snapshot!("addresses", table);
    }

    /// A list shows what is read, and not how it was typed; and what stands in somebody else's page has its number too.
    async fn lists_and_embeds_show_what_readers_see(server: &TestServer) {
        let (announcement, _) = server.announce("**Boil** your [water](https://water.example/why)!\n\n- three minutes\n- #BoilWater").await;
        let page = server.get("/record/water", "text/html").await.text();
        let excerpt = page.split("class=\"excerpt\"").nth(1).unwrap().split("</p>").next().unwrap().split('>').nth(1).unwrap();
        assert!(excerpt.starts_with("Boil your water!") && excerpt.contains("three minutes"), "{excerpt}");
        assert!(!excerpt.contains('*') && !excerpt.contains('['), "{excerpt}");
        let embed = server.get(&format!("/@water/{}/embed", announcement.id), "text/html").await.text();
        let url = server.services.site.record_entry("water", 1);
        assert!(embed.contains(&format!("<a href=\"{url}\" target=\"_top\">Record no. 1</a>")), "{embed}");
    }

    async fn odd_requests_are_answered_and_never_a_panic(server: &TestServer) {
        many_entries(server).await;
        let mut table = String::new();
        for path in [
            // Behind the tree.
            "/282", "/282/proof", "/9223372036854775808", "/9223372036854775808/proof", "/18446744073709551615/proof",
            "/99999999999999999999999999", "/1099511627776", "/tile/0/001", "/tile/0/001.p/27", "/tile/0/002.p/1",
            "/tile/1/000", "/tile/1/001.p/1", "/tile/2/000.p/1", "/tile/63/000.p/1", "/tile/entries/001",
            "/tile/0/x018/x446/x744/x073/x709/x551/615",
            // No index.
            "/-1", "/+1", "/007", "/1e3", "/0x1", "/%30", "/1.0", "/one", "/1.txt", "/1/nothing", "/1/parts/", "/1/parts/body2",
            "/1/parts/..%2f..%2fetc%2fpasswd",
            // No path of a tile.
            "/tile/0/0", "/tile/0/0000", "/tile/0/x000/000", "/tile/00/000", "/tile/64/000", "/tile/-1/000", "/tile/0/-01",
            "/tile/0/000.p/0", "/tile/0/000.p/256", "/tile/0/000.p/007", "/tile/0/000.p/-1", "/tile/0/000.p/99999999999999999999",
            "/tile/0/000.p", "/tile/0/000.p/", "/tile/0/%30%30%30", "/tile/entries/000/", "/tile//000", "/tile/8/0/000",
            "/tile/0/x999/x999/x999/x999/x999/x999/x999/999", "/tile/", "/tile/data/000",
            // No list.
            "?kind=nonsense", "?from=yesterday", "?to=2026-13-01", "?below=-1", "?below=99999999999999999999", "?thread=water",
            "?from=2026-11-24&from=2026-11-25", "?below=18446744073709551615",
        ] {
            let reply = server.get(&format!("/record/water{path}"), "").await;
            let status = reply.status.as_u16();
            assert!(status < 500, "{path}: {status}");
            if status == 400 {
                assert_eq!(reply.header("content-type"), "application/problem+json", "{path}");
            }
            let _ = writeln!(table, "{path:54} {status}");
        }
        for path in ["/record/nobody", "/record/nobody/checkpoint", "/record/nobody/0", "/record/Water", "/record/nobody/tile/0/000"] {
            assert_eq!(server.get(path, "").await.status, StatusCode::NOT_FOUND, "{path}");
        }
        insta::assert_snapshot!("odd_requests", table);
    }

    /// The log as it is served, judged by the code of Go's checksum database.
    async fn a_stranger_verifies_what_is_served(server: &TestServer) {
        let Some(program) = go::sumdb() else { return };
        let size = many_entries(server).await;
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(dump(server, "water", folder.path()).await.size, size);
        let vkey = vkey(server).await;
        let output = go::run(program, "check", folder.path(), &[&vkey]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let tile = folder.path().join("tile/entries/001.p/26");
        let mut bytes = fs::read(&tile).unwrap();
        bytes[40] ^= 1;
        fs::write(&tile, bytes).unwrap();
        assert!(!go::run(program, "check", folder.path(), &[&vkey]).status.success(), "a changed entry is noticed");
    }

    async fn proofs_stand_for_themselves(server: &TestServer) {
        let size = many_entries(server).await;
        let key = VerifierKey::parse(&vkey(server).await).unwrap();
        for index in [0, 1, 255, 256, size - 1] {
            let reply = server.get(&format!("/record/water/{index}/proof"), "").await;
            let receipt = Receipt::parse(&reply.text()).unwrap();
            let entry = server.get(&format!("/record/water/{index}"), "application/json").await.json();
            let leaf = Hash::of_record(entry["leaf"].as_str().unwrap().as_bytes());
            let proven = receipt.verify(leaf, &key, &Policy::none()).unwrap();
            assert_eq!((receipt.index, proven.checkpoint.size), (index, size));
            let another = Hash::of_record(b"another");
            assert!(receipt.verify(another, &key, &Policy::none()).is_err());
        }
    }

    async fn parts_of_a_file_and_what_is_known_already(server: &TestServer) {
        many_entries(server).await;
        let path = "/record/water/tile/0/000";
        let whole = server.get(path, "").await;
        assert_eq!(whole.body.len(), 8192);
        assert_eq!(whole.header("accept-ranges"), "bytes");
        let part = server.get_with(path, &[("range", "bytes=32-63"), ("accept-encoding", "gzip")]).await;
        assert_eq!((part.status, part.header("content-range")), (StatusCode::PARTIAL_CONTENT, "bytes 32-63/8192"));
        assert_eq!(part.body, whole.body[32..64]);
        let behind = server.get_with(path, &[("range", "bytes=8192-")]).await;
        assert_eq!((behind.status, behind.header("content-range")), (StatusCode::RANGE_NOT_SATISFIABLE, "bytes */8192"));
        let known = server.get_with(path, &[("if-none-match", whole.header("etag"))]).await;
        assert_eq!(known.status, StatusCode::NOT_MODIFIED);
        let small = server.get_with("/record/water/tile/entries/000", &[("accept-encoding", "br")]).await;
        // The client of these tests would unpack gzip before we see it.
        assert_eq!(small.header("content-encoding"), "br");
        let hashes = server.get_with(path, &[("accept-encoding", "br")]).await;
        assert_eq!(hashes.header("content-encoding"), "", "hashes get no smaller");
    }

    /// Programs find their way without reading the page (signposting.org).
    async fn links_lead_from_an_entry_to_all_that_belongs_to_it(server: &TestServer) {
        server.announce("Water is back.").await;
        audited(server).await;
        let links = async |path: &str| {
            let reply = server.get(path, "text/html").await;
            let links = reply.headers.get_all("link").iter().map(|it| it.to_str().unwrap().replace(server.base(), ""));
            links.collect::<Vec<_>>().join("\n")
        };
        let of_entry = links("/record/water/1").await;
        insta::allow_duplicates! { insta::assert_snapshot!(of_entry, @r#"
        </record/water/1>; rel="cite-as"
        </record/water/1.json>; rel="describedby"; type="application/json"
        </record/water/1/proof>; rel="item"; type="text/plain"
        </record/water>; rel="collection"
        </record/water/1/parts/statement>; rel="item"
        </record/water/1/parts/body>; rel="item"
        <https://creativecommons.org/publicdomain/zero/1.0/>; rel="license"
        "#); }
        let of_record = links("/record/water").await;
        insta::allow_duplicates! { insta::assert_snapshot!(of_record, @r#"
        </record/water>; rel="cite-as"
        </record/water.json>; rel="describedby"; type="application/json"
        </record/water/checkpoint>; rel="item"; type="text/plain"
        </record/water/vkey>; rel="item"; type="text/plain"
        <https://creativecommons.org/publicdomain/zero/1.0/>; rel="license"
        "#); }
    }

    /// Where an announcement or a reply is shown, its place in the record stands below.
    async fn public_pages_say_where_the_record_has_it(server: &TestServer) {
        server.may_leave(Leftover::Deliveries);
        let (announcement, uri) = server.announce("Water is back.").await;
        let alice = server.peer().await.citizen("alice");
        let note = alice.note("/notes/1", &uri, "At last!");
        alice.says(server, &alice.act("Create", note.clone())).await;
        audited(server).await;
        let page = format!("/@water/{}", announcement.id);
        let text = server.get(&page, "text/html").await.text();
        for index in [1, 2] {
            assert!(text.contains(&format!("href=\"/record/water/{index}#verify\"")), "{index}: {text}");
        }
        let gone = alice.act("Delete", serde_json::json!({"type": "Tombstone", "id": note["id"]}));
        alice.says(server, &gone).await;
        audited(server).await;
        let text = server.get(&page, "text/html").await.text();
        assert!(text.contains("Deleted by its author") && text.contains("/record/water/2#verify"), "{text}");
        let list = server.get("/@water", "text/html").await.text();
        assert!(list.contains("/record/water/1#verify") && list.contains(&vkey(server).await), "{list}");
        let actor = server.document(&server.actor()).await;
        let fields = actor["attachment"].as_array().unwrap();
        let key = fields.iter().find(|it| it["name"] == "Record key").unwrap();
        assert_eq!(key["value"], vkey(server).await);
        let (clock, id) = (server.clock.clone(), announcement.id);
        server.write(move |conn| publishing::withdraw(conn, clock.as_ref(), id, "The date was wrong.")).await;
        server.settle().await;
        audited(server).await;
        let withdrawn = server.get(&page, "text/html").await;
        assert_eq!(withdrawn.status, StatusCode::GONE);
        assert!(withdrawn.text().contains("/record/water/1#verify"));
    }
}
