//! What an authenticator answers (Web Authentication, level 3), and whether it fits what it was asked.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::{Deserialize, Deserializer};

use super::key::{Key, cbor};
use crate::kernel::Site;

/// The longest id of a credential (section 5.8.3).
const LONGEST_ID: usize = 1023;
/// Bytes of an authenticator's model (AAGUID), which we do not keep.
const MODEL: usize = 16;

// Flags of what an authenticator says (section 6.1).
const PRESENT: u8 = 1;
const VERIFIED: u8 = 1 << 2;
const HAS_CREDENTIAL: u8 = 1 << 6;

/// Why an answer does not count. Tests and logs tell them apart; people are told to try again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    #[error("it is not written as such an answer is")]
    Shape,
    #[error("it was made for something else")]
    Purpose,
    #[error("it answers another question")]
    Challenge,
    #[error("it was made on another site")]
    Origin,
    #[error("nobody touched the device")]
    NobodyThere,
    #[error("the device has not checked who uses it")]
    NotVerified,
    #[error("its kind of key was not asked for")]
    Key,
    #[error("the signature does not fit")]
    Signature,
    #[error("it has counted fewer uses than we: there may be a copy of it")]
    Counter,
    #[error("there is no such passkey here")]
    Unknown,
    #[error("it is registered here already")]
    Registered,
}

/// What an answer has to fit.
pub(super) struct Question<'a> {
    pub(super) challenge: &'a [u8],
    pub(super) site: &'a Site,
}

/// A new credential, as the browser hands it out.
#[derive(Debug, Deserialize)]
pub(super) struct Made {
    response: MadeResponse,
}

#[derive(Debug, Deserialize)]
struct MadeResponse {
    #[serde(rename = "clientDataJSON", deserialize_with = "base64")]
    client_data: Vec<u8>,
    #[serde(rename = "attestationObject", deserialize_with = "base64")]
    attestation: Vec<u8>,
    #[serde(default)]
    transports: Vec<String>,
}

/// A credential that was made as we have asked.
#[derive(Debug)]
pub(super) struct New {
    pub(super) id: Vec<u8>,
    /// As it was written.
    pub(super) key: Vec<u8>,
    pub(super) counter: u32,
    pub(super) transports: Vec<String>,
}

/// A credential that there is, shown.
#[derive(Debug, Deserialize)]
pub(super) struct Shown {
    #[serde(rename = "rawId", deserialize_with = "base64")]
    pub(super) id: Vec<u8>,
    response: ShownResponse,
}

#[derive(Debug, Deserialize)]
struct ShownResponse {
    #[serde(rename = "clientDataJSON", deserialize_with = "base64")]
    client_data: Vec<u8>,
    #[serde(rename = "authenticatorData", deserialize_with = "base64")]
    said: Vec<u8>,
    #[serde(deserialize_with = "base64")]
    signature: Vec<u8>,
    #[serde(default, rename = "userHandle", deserialize_with = "perhaps_base64")]
    user_handle: Option<Vec<u8>>,
}

/// What the browser adds, and the authenticator signs (section 5.8.1).
#[derive(Debug, Deserialize)]
struct ClientData {
    #[serde(rename = "type")]
    purpose: String,
    #[serde(deserialize_with = "base64")]
    challenge: Vec<u8>,
    origin: String,
    /// Whether another site has framed us.
    #[serde(default, rename = "crossOrigin")]
    cross_origin: bool,
}

/// What the authenticator says (section 6.1).
struct Said<'a> {
    site: &'a [u8],
    flags: u8,
    counter: u32,
    rest: &'a [u8],
}

impl Made {
    pub(super) fn read(text: &str) -> Result<Self, Unfit> {
        serde_json::from_str(text).map_err(|_| Unfit::Shape)
    }

    /// Checks all that can be checked of a new one (section 7.1). Who has built the authenticator is not asked, so that
    /// its attestation, if it sends one unasked, is not looked at.
    pub(super) fn answers(self, question: &Question<'_>) -> Result<New, Unfit> {
        question.expect_client_data(&self.response.client_data, "webauthn.create")?;
        let (attestation, _) = cbor(&self.response.attestation).ok_or(Unfit::Shape)?;
        let entries = attestation.as_map().ok_or(Unfit::Shape)?;
        let said = entries
            .iter()
            .find(|(name, _)| name.as_text() == Some("authData"))
            .and_then(|(_, said)| said.as_bytes())
            .ok_or(Unfit::Shape)?;
        let said = Said::read(said).ok_or(Unfit::Shape)?;
        question.expect_said(&said)?;
        let (id, key) = said.credential().ok_or(Unfit::Shape)?;
        let (value, length) = cbor(key).ok_or(Unfit::Shape)?;
        Key::of(&value).ok_or(Unfit::Key)?;
        Ok(New {
            id: id.to_vec(),
            key: key.get(..length).ok_or(Unfit::Shape)?.to_vec(),
            counter: said.counter,
            transports: self.response.transports,
        })
    }
}

impl Shown {
    pub(super) fn read(text: &str) -> Result<Self, Unfit> {
        serde_json::from_str(text).map_err(|_| Unfit::Shape)
    }

    pub(super) fn user_handle(&self) -> Option<&[u8]> {
        self.response.user_handle.as_deref()
    }

    /// Checks all that can be checked of one that we know (section 7.2); returns what it has counted now.
    pub(super) fn answers(
        &self,
        question: &Question<'_>,
        key: &Key,
        counted: u32,
    ) -> Result<u32, Unfit> {
        let response = &self.response;
        question.expect_client_data(&response.client_data, "webauthn.get")?;
        let said = Said::read(&response.said).ok_or(Unfit::Shape)?;
        question.expect_said(&said)?;
        let hash = digest(&SHA256, &response.client_data);
        let message = [response.said.as_slice(), hash.as_ref()].concat();
        if !key.has_signed(&message, &response.signature) {
            return Err(Unfit::Signature);
        }
        // Who does not count says nought for ever.
        if (said.counter, counted) != (0, 0) && said.counter <= counted {
            return Err(Unfit::Counter);
        }
        Ok(said.counter)
    }
}

impl Question<'_> {
    fn expect_client_data(&self, json: &[u8], purpose: &str) -> Result<(), Unfit> {
        let data: ClientData = serde_json::from_slice(json).map_err(|_| Unfit::Shape)?;
        if data.purpose != purpose {
            return Err(Unfit::Purpose);
        }
        if data.challenge != self.challenge {
            return Err(Unfit::Challenge);
        }
        if data.origin != self.site.base() || data.cross_origin {
            return Err(Unfit::Origin);
        }
        Ok(())
    }

    fn expect_said(&self, said: &Said<'_>) -> Result<(), Unfit> {
        let domain = self.site.domain().ok_or(Unfit::Origin)?;
        if said.site != digest(&SHA256, domain.as_bytes()).as_ref() {
            return Err(Unfit::Origin);
        }
        if said.flags & PRESENT == 0 {
            return Err(Unfit::NobodyThere);
        }
        if said.flags & VERIFIED == 0 {
            return Err(Unfit::NotVerified);
        }
        Ok(())
    }
}

impl<'a> Said<'a> {
    fn read(bytes: &'a [u8]) -> Option<Self> {
        let (site, rest) = bytes.split_at_checked(32)?;
        let (flags, rest) = rest.split_first()?;
        let (counter, rest) = rest.split_first_chunk()?;
        Some(Self {
            site,
            flags: *flags,
            counter: u32::from_be_bytes(*counter),
            rest,
        })
    }

    /// The id of a new credential, and its key with whatever follows it.
    fn credential(&self) -> Option<(&'a [u8], &'a [u8])> {
        if self.flags & HAS_CREDENTIAL == 0 {
            return None;
        }
        let (_, rest) = self.rest.split_at_checked(MODEL)?;
        let (length, rest) = rest.split_first_chunk()?;
        let length = usize::from(u16::from_be_bytes(*length));
        let (id, key) = rest.split_at_checked(length)?;
        (!id.is_empty() && id.len() <= LONGEST_ID).then_some((id, key))
    }
}

fn base64<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    let text = String::deserialize(deserializer)?;
    BASE64_URL_SAFE_NO_PAD
        .decode(text.trim_end_matches('='))
        .map_err(serde::de::Error::custom)
}

fn perhaps_base64<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<u8>>, D::Error> {
    #[derive(Deserialize)]
    struct Bytes(#[serde(deserialize_with = "base64")] Vec<u8>);
    Ok(Option::<Bytes>::deserialize(deserializer)?.map(|bytes| bytes.0))
}
