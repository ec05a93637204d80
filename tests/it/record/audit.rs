//! Reading a log as a stranger would: every scenario of the record ends by it.

use actapub::archive::commitment::Commitment;
use actapub::archive::entries::{self, Place};
use actapub::archive::leaf::ReadLeaf;
use actapub::archive::log;
use actapub::tlog::audit::Auditor;
use actapub::tlog::{Checkpoint, Note, VerifierKey};

use crate::harness::TestServer;

/// Recomputes the whole log of the test's agency from its leaves, compares it with the signed checkpoint and every
/// tile, and returns the leaves.
pub(crate) async fn audited(server: &TestServer) -> Vec<ReadLeaf> {
    let agency = server.agency.id;
    let (log, leaves, vkeys) = server
        .read(move |conn| {
            let log = log::by_agency(conn, agency)?.expect("the agency has a log");
            let leaves = log::leaves(conn, log.id, 0, log.head.size + 1)?;
            let vkeys = actapub::archive::keys::verifier_keys(
                conn,
                &log,
                actapub::kernel::Timestamp::EPOCH,
            )?;
            Ok((log, leaves, vkeys))
        })
        .await;
    assert_eq!(
        leaves.len() as u64,
        log.head.size,
        "as many leaves as the head says"
    );
    let signed = log.signed.expect("the head was signed");
    let note = Note::parse(&signed.note).unwrap();
    let key: VerifierKey = VerifierKey::parse(&vkeys[0]).unwrap();
    let checkpoint = Checkpoint::open(&note, &key).unwrap();
    assert_eq!(checkpoint.origin, log.origin);
    assert_eq!(checkpoint.head(), log.head, "what was signed is the head");
    let mut auditor = Auditor::new();
    auditor.expect(checkpoint.size, checkpoint.root).unwrap();
    for leaf in &leaves {
        auditor.feed(leaf.as_bytes()).unwrap();
    }
    auditor.finish().unwrap();
    leaves
        .iter()
        .map(|leaf| ReadLeaf::parse(leaf.as_bytes()).unwrap_or_else(|| panic!("{leaf}")))
        .collect()
}

/// The kinds of the leaves, each with what it refers to.
pub(crate) fn kinds(leaves: &[ReadLeaf]) -> Vec<String> {
    leaves
        .iter()
        .map(|leaf| match leaf.refers_to {
            Some(index) => format!("{} → {index}", leaf.kind),
            None => leaf.kind.clone(),
        })
        .collect()
}

/// What is stored opens the commitment of every leaf, part by part: nothing of this record was erased.
pub(crate) async fn everything_opens(server: &TestServer) {
    let leaves = audited(server).await;
    let agency = server.agency.id;
    server
        .read(move |conn| {
            let log = log::by_agency(conn, agency)?.expect("the agency has a log");
            for (leaf, index) in leaves.iter().zip(0..) {
                let entry = entries::at(conn, Place::new(log.id, index))?.unwrap();
                let opening = entry.opening.clone().unwrap();
                let salt = opening.salts.of_entry().unwrap();
                let commitment = Commitment::to(&salt, &opening.manifest);
                assert_eq!(commitment.to_string(), leaf.commitment);
                let parts = actapub::archive::parts::of(conn, &entry)?;
                let listed = opening.manifest.parts().unwrap();
                assert_eq!(parts.len(), listed.len());
                for (n, (part, listed)) in parts.iter().zip(&listed).enumerate() {
                    let salt = opening.salts.of_part(n).unwrap();
                    let bytes = part.bytes.as_deref();
                    assert!(listed.opens(salt, bytes.unwrap()), "{index} {}", part.name);
                }
            }
            Ok(())
        })
        .await;
}
