//! Object integrity proofs (FEP-8b32) with the cryptosuite `eddsa-jcs-2022` (W3C Data Integrity
//! `EdDSA` Cryptosuites 1.0, section 3.3): a signature that travels inside the document.

use aws_lc_rs::digest::{SHA256, digest};
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::federation::keys::{Algorithm, KeyError, PublicKey, SigningKey};
use crate::kernel::Timestamp;

const SUITE: &str = "eddsa-jcs-2022";

/// Why a document could not be given a proof.
#[derive(Debug, thiserror::Error)]
pub enum ProveError {
    #[error("only an Ed25519 key makes proofs")]
    NotEd25519,
    #[error("only a JSON object without a proof can be proven")]
    NotProvable,
    #[error("the document has no canonical form")]
    NotCanonical,
    #[error(transparent)]
    Key(#[from] KeyError),
}

/// Why a document's proof is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unproven {
    #[error("the document carries no proof")]
    Absent,
    #[error("the document carries several proofs")]
    Several,
    #[error("the proof is not a DataIntegrityProof with eddsa-jcs-2022 for assertionMethod")]
    Unsupported,
    #[error("the proof cannot be read")]
    Malformed,
    #[error("the context of the proof is not the beginning of the document's")]
    OtherContext,
    #[error("the proof has expired")]
    Expired,
    #[error("the proof was not made with this key, or the document was changed since")]
    Mismatch,
}

/// Adds a proof to a document: to be published as it is then, for any change voids it. `method` is the id under
/// which the actor publishes the key.
pub fn add(
    document: &mut Value,
    key: &SigningKey,
    method: &str,
    created: Timestamp,
) -> Result<(), ProveError> {
    if key.algorithm() != Algorithm::Ed25519 {
        return Err(ProveError::NotEd25519);
    }
    let object = document.as_object().ok_or(ProveError::NotProvable)?;
    if object.contains_key("proof") {
        return Err(ProveError::NotProvable);
    }
    let mut proof = json!({
        "type": "DataIntegrityProof",
        "cryptosuite": SUITE,
        "verificationMethod": method,
        "proofPurpose": "assertionMethod",
        "created": created.to_whole_second().to_string(),
    });
    // Section 3.3.1 wants the document's context among the options. It has to stand in the proof too: Fedify hashes
    // it whether it stands there or not, Mastodon and Mitra hash what stands there.
    if let (Some(proof), Some(context)) = (proof.as_object_mut(), object.get("@context")) {
        proof.insert("@context".to_owned(), context.clone());
    }
    let message = message(&proof, document).ok_or(ProveError::NotCanonical)?;
    let signature = key.sign(&message)?;
    let signature = format!("z{}", bs58::encode(signature).into_string());
    if let (Some(proof), Some(object)) = (proof.as_object_mut(), document.as_object_mut()) {
        proof.insert("proofValue".to_owned(), Value::from(signature));
        object.insert("proof".to_owned(), Value::from(std::mem::take(proof)));
    }
    Ok(())
}

/// The id of the key that a document's proof names, to look up whose it is; it must be the actor's.
pub fn method(document: &Value) -> Result<&str, Unproven> {
    read(document)?
        .get("verificationMethod")
        .and_then(Value::as_str)
        .ok_or(Unproven::Malformed)
}

/// Whether this key proves the document as it stands. That the key is the actor's is for the caller to know.
pub fn verify(document: &Value, key: &PublicKey, now: Timestamp) -> Result<(), Unproven> {
    let proof = read(document)?;
    if key.algorithm() != Algorithm::Ed25519 {
        return Err(Unproven::Unsupported);
    }
    let signature = proof
        .get("proofValue")
        .and_then(Value::as_str)
        .and_then(read_signature)
        .ok_or(Unproven::Malformed)?;
    if let Some(expires) = proof.get("expires") {
        let expires: Timestamp = expires
            .as_str()
            .and_then(|text| text.parse().ok())
            .ok_or(Unproven::Malformed)?;
        if expires < now {
            return Err(Unproven::Expired);
        }
    }
    let mut unproven = document.as_object().ok_or(Unproven::Absent)?.clone();
    unproven.shift_remove("proof");
    let mut options = proof.clone();
    options.shift_remove("proofValue");
    if let Some(context) = options.get("@context") {
        if !starts_with(document.get("@context"), context) {
            return Err(Unproven::OtherContext);
        }
        // Section 3.3.2: what was proven is the document in the proof's context.
        unproven.insert("@context".to_owned(), context.clone());
    }
    // What may have been hashed: in the first place what stands there. Some writers add a linked-data signature
    // to the proven document (which nobody believes here, so that it may well be left out); some hash the
    // document's context among the options without publishing it there.
    let mut unsigned = unproven.clone();
    let documents = match unsigned.shift_remove("signature") {
        None => vec![unproven],
        Some(_) => vec![unproven, unsigned],
    };
    let mut contextual = options.clone();
    let listed = match document.get("@context") {
        Some(context) if !options.contains_key("@context") => {
            contextual.insert("@context".to_owned(), context.clone());
            vec![options, contextual]
        }
        _ => vec![options],
    };
    for options in &listed {
        for unproven in &documents {
            let message = message(options, unproven).ok_or(Unproven::Malformed)?;
            if key.verifies(&message, &signature) {
                return Ok(());
            }
        }
    }
    Err(Unproven::Mismatch)
}

/// The proof, if it is one that we can judge.
fn read(document: &Value) -> Result<&Map<String, Value>, Unproven> {
    let proof = match document.get("proof") {
        None | Some(Value::Null) => return Err(Unproven::Absent),
        Some(Value::Array(proofs)) => match proofs.as_slice() {
            [proof] => proof,
            [] => return Err(Unproven::Absent),
            _ => return Err(Unproven::Several),
        },
        Some(proof) => proof,
    };
    let proof = proof.as_object().ok_or(Unproven::Malformed)?;
    let says = |name: &str, text: &str| proof.get(name).and_then(Value::as_str) == Some(text);
    if says("type", "DataIntegrityProof")
        && says("cryptosuite", SUITE)
        && says("proofPurpose", "assertionMethod")
    {
        Ok(proof)
    } else {
        Err(Unproven::Unsupported)
    }
}

fn read_signature(text: &str) -> Option<[u8; 64]> {
    let mut signature = [0; 64];
    let length = bs58::decode(text.strip_prefix('z')?)
        .onto(&mut signature)
        .ok()?;
    (length == signature.len()).then_some(signature)
}

/// Whether a document's context begins with the proof's.
fn starts_with(document: Option<&Value>, proof: &Value) -> bool {
    fn all(context: &Value) -> &[Value] {
        match context {
            Value::Array(contexts) => contexts,
            one => std::slice::from_ref(one),
        }
    }
    document.is_some_and(|document| all(document).starts_with(all(proof)))
}

/// What is signed: the SHA-256 of the options, then that of the document, each in canonical form (RFC 8785).
fn message(options: &impl Serialize, unproven: &impl Serialize) -> Option<Vec<u8>> {
    let mut message = digest(&SHA256, &canonical(options)?).as_ref().to_vec();
    message.extend_from_slice(digest(&SHA256, &canonical(unproven)?).as_ref());
    Some(message)
}

fn canonical(value: &impl Serialize) -> Option<Vec<u8>> {
    serde_json_canonicalizer::to_vec(value).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_seconds(1_795_500_000);
    const METHOD: &str = "https://server.example/users/alice#ed25519-key";
    /// The key of the vectors in FEP-8b32 and in the W3C's document.
    const KEY: &str = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2";

    fn fep_vector() -> Value {
        json!({
            "@context": [
                "https://www.w3.org/ns/activitystreams",
                "https://w3id.org/security/data-integrity/v1"
            ],
            "type": "Create",
            "actor": "https://server.example/users/alice",
            "object": { "type": "Note", "content": "Hello world" },
            "proof": {
                "type": "DataIntegrityProof",
                "cryptosuite": "eddsa-jcs-2022",
                "verificationMethod": METHOD,
                "proofPurpose": "assertionMethod",
                "proofValue": "z3sXaxjKs4M3BRicwWA9peyNPJvJqxtGsDmpt1jjoHCjgeUf71TRFz56osPSfDErszyLp5Ks1EhYSgpDaNM977Rg2",
                "created": "2023-02-24T23:36:38Z"
            }
        })
    }

    fn w3c_vector() -> Value {
        json!({
            "@context": [
                "https://www.w3.org/ns/credentials/v2",
                "https://www.w3.org/ns/credentials/examples/v2"
            ],
            "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
            "type": ["VerifiableCredential", "AlumniCredential"],
            "name": "Alumni Credential",
            "description": "A minimum viable example of an Alumni Credential.",
            "issuer": "https://vc.example/issuers/5678",
            "validFrom": "2023-01-01T00:00:00Z",
            "credentialSubject": {
                "id": "did:example:abcdefgh",
                "alumniOf": "The School of Examples"
            },
            "proof": {
                "type": "DataIntegrityProof",
                "cryptosuite": "eddsa-jcs-2022",
                "created": "2023-02-24T23:36:38Z",
                "verificationMethod": format!("did:key:{KEY}#{KEY}"),
                "proofPurpose": "assertionMethod",
                "@context": [
                    "https://www.w3.org/ns/credentials/v2",
                    "https://www.w3.org/ns/credentials/examples/v2"
                ],
                "proofValue": "z2HnFSSPPBzR36zdDgK8PbEHeXbR56YF24jwMpt3R1eHXQzJDMWS93FCzpvJpwTWd3GAVFuUfjoJdcnTMuVor51aX"
            }
        })
    }

    #[test]
    fn the_published_vectors_verify() {
        let key = PublicKey::from_multibase(KEY).unwrap();
        assert_eq!(method(&fep_vector()), Ok(METHOD));
        assert_eq!(verify(&fep_vector(), &key, NOW), Ok(()));
        assert_eq!(verify(&w3c_vector(), &key, NOW), Ok(()));
    }

    #[test]
    fn what_we_prove_is_believed() {
        let generated = SigningKey::generate_ed25519().unwrap();
        let mut document = fep_vector();
        document.as_object_mut().unwrap().shift_remove("proof");
        add(&mut document, &generated.key, METHOD, NOW).unwrap();
        assert_eq!(document["proof"]["created"], "2026-11-24T06:00:00Z");
        assert_eq!(document["proof"]["@context"], document["@context"]);
        assert_eq!(verify(&document, &generated.key.public(), NOW), Ok(()));

        // A second time, or with a key that cannot, nothing is added.
        assert!(add(&mut document, &generated.key, METHOD, NOW).is_err());
        let rsa = SigningKey::generate_rsa().unwrap().key;
        assert!(add(&mut json!({}), &rsa, METHOD, NOW).is_err());
        assert!(add(&mut json!([]), &generated.key, METHOD, NOW).is_err());
    }

    #[test]
    fn damaged_proofs_are_refused_each_with_its_reason() {
        type Damage = fn(&mut Value);
        let key = PublicKey::from_multibase(KEY).unwrap();
        let cases: &[(&str, Damage, Unproven)] = &[
            (
                "other content",
                |d| d["object"]["content"] = json!("Bye"),
                Unproven::Mismatch,
            ),
            (
                "added property",
                |d| d["to"] = json!([]),
                Unproven::Mismatch,
            ),
            (
                "other time",
                |d| d["proof"]["created"] = json!("2023-02-24T23:36:39Z"),
                Unproven::Mismatch,
            ),
            (
                "other method",
                |d| d["proof"]["verificationMethod"] = json!("x"),
                Unproven::Mismatch,
            ),
            (
                "other purpose",
                |d| d["proof"]["proofPurpose"] = json!("authentication"),
                Unproven::Unsupported,
            ),
            (
                "other suite",
                |d| d["proof"]["cryptosuite"] = json!("eddsa-rdfc-2022"),
                Unproven::Unsupported,
            ),
            (
                "other type",
                |d| d["proof"]["type"] = json!("Ed25519Signature2020"),
                Unproven::Unsupported,
            ),
            (
                "expired",
                |d| d["proof"]["expires"] = json!("2024-01-01T00:00:00Z"),
                Unproven::Expired,
            ),
            (
                "bad expiry",
                |d| d["proof"]["expires"] = json!(7),
                Unproven::Malformed,
            ),
            (
                "later expiry",
                |d| d["proof"]["expires"] = json!("2099-01-01T00:00:00Z"),
                Unproven::Mismatch,
            ),
            (
                "other context",
                |d| d["proof"]["@context"] = json!("https://other.example/"),
                Unproven::OtherContext,
            ),
            (
                "no value",
                |d| d["proof"]["proofValue"] = json!(null),
                Unproven::Malformed,
            ),
            (
                "short value",
                |d| d["proof"]["proofValue"] = json!("z111"),
                Unproven::Malformed,
            ),
            (
                "other base",
                |d| d["proof"]["proofValue"] = json!("uAAAA"),
                Unproven::Malformed,
            ),
            (
                "long value",
                |d| d["proof"]["proofValue"] = json!("z".repeat(100_000)),
                Unproven::Malformed,
            ),
            ("text", |d| d["proof"] = json!("proof"), Unproven::Malformed),
            ("null", |d| d["proof"] = json!(null), Unproven::Absent),
            ("none", |d| d["proof"] = json!([]), Unproven::Absent),
            (
                "two",
                |d| d["proof"] = json!([d["proof"], d["proof"]]),
                Unproven::Several,
            ),
        ];
        for (name, damage, reason) in cases {
            let mut document = fep_vector();
            damage(&mut document);
            assert_eq!(verify(&document, &key, NOW), Err(*reason), "{name}");
        }
        let other = SigningKey::generate_ed25519().unwrap().key.public();
        assert_eq!(verify(&fep_vector(), &other, NOW), Err(Unproven::Mismatch));
        // A linked-data signature may come later; anything else that comes later voids the proof.
        let mut signed_again = fep_vector();
        signed_again["signature"] = json!({"type": "RsaSignature2017"});
        assert_eq!(verify(&signed_again, &key, NOW), Ok(()));
        let mut listed = fep_vector();
        listed["proof"] = json!([listed["proof"]]);
        assert_eq!(verify(&listed, &key, NOW), Ok(()));
    }
}
