//! An authenticator in software: it makes passkeys and shows them, and lies where a test wants it to.

use actapub::agencies::staff::passkeys::Ceremony;
use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use ciborium::Value as Cbor;
use serde_json::{Value, json};

pub(super) const ORIGIN: &str = "https://desk.city.example";
pub(super) const DOMAIN: &str = "desk.city.example";

const PRESENT: u8 = 1;
const VERIFIED: u8 = 1 << 2;
const HAS_CREDENTIAL: u8 = 1 << 6;

pub(super) struct Authenticator {
    pair: EcdsaKeyPair,
    pub(super) id: Vec<u8>,
    user_handle: Vec<u8>,
    pub(super) counter: u32,
    // What it says, be it true or not.
    pub(super) origin: String,
    pub(super) domain: String,
    pub(super) is_verified: bool,
    pub(super) purpose: Option<&'static str>,
}

impl Authenticator {
    pub(super) fn new(id: u8) -> Self {
        Self {
            pair: EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).unwrap(),
            id: vec![id; 16],
            user_handle: vec![],
            counter: 1,
            origin: ORIGIN.to_owned(),
            domain: DOMAIN.to_owned(),
            is_verified: true,
            purpose: None,
        }
    }

    /// Answers with a new passkey.
    pub(super) fn makes(&mut self, asked: &Ceremony) -> String {
        self.user_handle = bytes(&asked.options["user"]["id"]);
        let point = self.pair.public_key().as_ref();
        let pairs: [(i64, Cbor); 5] = [
            (1, 2.into()),
            (3, (-7).into()),
            (-1, 1.into()),
            (-2, Cbor::Bytes(point[1..33].to_vec())),
            (-3, Cbor::Bytes(point[33..].to_vec())),
        ];
        let key = written(&Cbor::Map(
            pairs.map(|(label, value)| (label.into(), value)).into(),
        ));
        let length = u16::try_from(self.id.len()).unwrap().to_be_bytes();
        let said = [
            self.says(HAS_CREDENTIAL),
            vec![0; 16],
            length.to_vec(),
            self.id.clone(),
            key,
        ]
        .concat();
        let attestation = Cbor::Map(vec![
            ("fmt".into(), "none".into()),
            ("attStmt".into(), Cbor::Map(vec![])),
            ("authData".into(), Cbor::Bytes(said)),
        ]);
        json!({"response": {
            "clientDataJSON": text(&self.client_data("webauthn.create", asked)),
            "attestationObject": text(&written(&attestation)),
            "transports": ["internal"],
        }})
        .to_string()
    }

    /// Answers with the passkey that it has made, and counts.
    pub(super) fn shows(&mut self, asked: &Ceremony) -> String {
        self.counter += 1;
        let (said, client_data) = (self.says(0), self.client_data("webauthn.get", asked));
        let message = [said.as_slice(), digest(&SHA256, &client_data).as_ref()].concat();
        let signature = self.pair.sign(&SystemRandom::new(), &message).unwrap();
        json!({
            "rawId": text(&self.id),
            "response": {
                "clientDataJSON": text(&client_data),
                "authenticatorData": text(&said),
                "signature": text(signature.as_ref()),
                "userHandle": text(&self.user_handle),
            },
        })
        .to_string()
    }

    fn says(&self, flags: u8) -> Vec<u8> {
        let verified = if self.is_verified { VERIFIED } else { 0 };
        [
            digest(&SHA256, self.domain.as_bytes()).as_ref(),
            &[flags | PRESENT | verified],
            &self.counter.to_be_bytes(),
        ]
        .concat()
    }

    fn client_data(&self, purpose: &str, asked: &Ceremony) -> Vec<u8> {
        let data = json!({
            "type": self.purpose.unwrap_or(purpose),
            "challenge": asked.options["challenge"],
            "origin": self.origin,
            "crossOrigin": false,
        });
        data.to_string().into_bytes()
    }
}

fn written(value: &Cbor) -> Vec<u8> {
    let mut bytes = vec![];
    ciborium::into_writer(value, &mut bytes).unwrap();
    bytes
}

fn text(bytes: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

fn bytes(text: &Value) -> Vec<u8> {
    BASE64_URL_SAFE_NO_PAD
        .decode(text.as_str().unwrap())
        .unwrap()
}
