//! Whole requests of other people's servers, where the folder that holds them stands beside the project.

use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Once;

use serde_json::Value;

use super::*;
use crate::federation::keys::PublicKey;
use crate::federation::signatures::proof;

static SAID: Once = Once::new();

fn folder() -> Option<PathBuf> {
    let folder = std::env::var_os("ACTAPUB_CORPUS").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/corpus")),
        PathBuf::from,
    );
    let wire = folder.join("wire");
    if wire.is_dir() {
        return Some(wire);
    }
    let sentence = "note: no corpus of other servers' requests stands beside the project; tests on it were left out";
    assert!(
        std::env::var_os("ACTAPUB_TEST_ALL").is_none_or(|all| all != "1"),
        "{sentence}"
    );
    // Past the capture of a test's output, which a test that passes never shows; once for both tests.
    SAID.call_once(|| drop(writeln!(std::io::stderr(), "{sentence}")));
    None
}

fn json(path: &std::path::Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// Every captured request with its time; the actors' documents with theirs.
fn requests(folder: &std::path::Path) -> (Vec<(String, Value)>, Vec<Value>) {
    let mut requests: Vec<(String, Value)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.to_string_lossy().contains("--"))
        .map(|path| {
            (
                path.file_name().unwrap().to_string_lossy().into_owned(),
                json(&path),
            )
        })
        .collect();
    requests.sort_by(|a, b| a.0.cmp(&b.0));
    let actors = json(&folder.join("actors.json"));
    (requests, actors.as_array().unwrap().clone())
}

fn wire(request: &Value) -> (Wire, Timestamp) {
    let mut headers = HeaderMap::new();
    for pair in request["req_headers"].as_array().unwrap() {
        headers.append(
            pair[0].as_str().unwrap().parse::<HeaderName>().unwrap(),
            pair[1].as_str().unwrap().parse().unwrap(),
        );
    }
    let wire = Wire {
        method: request["method"].as_str().unwrap().parse().unwrap(),
        target: request["path"].as_str().unwrap().to_owned(),
        headers,
        scheme: "https",
        authority: Box::leak(
            request["host"]
                .as_str()
                .unwrap()
                .to_owned()
                .into_boxed_str(),
        ),
        body: request["req_body"].as_str().unwrap().as_bytes().to_vec(),
    };
    #[expect(clippy::cast_possible_truncation, reason = "a time of this century")]
    let at = Timestamp::from_seconds(request["t"].as_f64().unwrap() as i64);
    (wire, at)
}

/// The keys that were published under this id.
fn keys(actors: &[Value], key_id: &str) -> Vec<PublicKey> {
    actors
        .iter()
        .map(|actor| &actor["document"]["publicKey"])
        .filter(|key| key["id"] == key_id)
        .map(|key| PublicKey::from_pem(key["publicKeyPem"].as_str().unwrap()).unwrap())
        .collect()
}

#[test]
fn every_request_of_other_servers_verifies_and_none_does_with_a_byte_changed() {
    let Some(folder) = folder() else { return };
    let (requests, actors) = requests(&folder);
    assert!(requests.len() > 50);
    for (name, request) in requests {
        let (wire, at) = wire(&request);
        let claim = wire
            .parse_at(at)
            .unwrap_or_else(|refusal| panic!("{name}: {refusal}"));
        let keys = keys(&actors, &claim.key_id);
        let mut fitting = keys.iter().filter(|key| claim.verify(key).is_ok());
        let key = fitting
            .next()
            .unwrap_or_else(|| panic!("{name}: no key of {} fits", keys.len()));

        let late = Timestamp::from_seconds(at.seconds() + 2 * 3600);
        assert_eq!(wire.parse_at(late), Err(Refusal::Stale), "{name}");
        let mut other = wire.clone();
        other.body[0] ^= 1;
        assert_eq!(other.parse_at(at), Err(Refusal::OtherBody), "{name}");
        for covered in claim
            .covered
            .iter()
            .filter(|covered| !covered.starts_with('('))
        {
            let mut other = wire.clone();
            let mut value = other.headers[covered.as_str()].as_bytes().to_vec();
            value[0] ^= 1;
            let value = HeaderValue::from_bytes(&value).unwrap();
            other
                .headers
                .insert(covered.parse::<HeaderName>().unwrap(), value);
            let verdict = other.parse_at(at).and_then(|claim| claim.verify(key));
            assert!(verdict.is_err(), "{name}: {covered}");
        }
        let mut other = wire.clone();
        other.target.push('x');
        let verdict = other.parse_at(at).and_then(|claim| claim.verify(key));
        assert_eq!(verdict, Err(Refusal::Mismatch), "{name}");
    }
}

#[test]
fn every_proof_of_other_servers_verifies() {
    let Some(folder) = folder() else { return };
    let (requests, actors) = requests(&folder);
    let mut verified = 0;
    for (name, request) in requests {
        let document: Value = serde_json::from_str(request["req_body"].as_str().unwrap()).unwrap();
        let Ok(method) = proof::method(&document) else {
            continue;
        };
        let keys: Vec<PublicKey> = actors
            .iter()
            .filter_map(|actor| actor["document"]["assertionMethod"].as_array())
            .flatten()
            .filter(|key| key["id"] == method)
            .map(|key| {
                PublicKey::from_multibase(key["publicKeyMultibase"].as_str().unwrap()).unwrap()
            })
            .collect();
        if keys.is_empty() {
            continue;
        }
        let (_, at) = wire(&request);
        let is_proven = |document: &Value| {
            keys.iter()
                .any(|key| proof::verify(document, key, at).is_ok())
        };
        assert!(is_proven(&document), "{name}");
        let mut other = document.clone();
        other["id"] = Value::from("https://other.example/1");
        assert!(!is_proven(&other), "{name}");
        verified += 1;
    }
    assert!(verified > 25, "{verified}");
}
