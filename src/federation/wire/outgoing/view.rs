//! What the builders need to know besides the domain's own types, as plain data.

use crate::dialogue::Actor;
use crate::dialogue::quotes::Quote;
use crate::federation::keys::Keys;
use crate::kernel::AnnouncementId;
use crate::kernel::QuoteId;
use crate::kernel::SafeHtml;
use crate::kernel::Timestamp;

/// The public keys of an actor.
#[derive(Debug, Clone, PartialEq)]
pub struct KeysView {
    /// The only one in `publicKey`: Misskey reads no list, `GoToSocial` reads its first.
    pub rsa: PublicKeyView,
    pub ed25519: Option<MultikeyView>,
    /// The key that verifies the agency's public record (c2sp.org/signed-note).
    pub record: Option<String>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct PublicKeyView {
    /// The actor's id and a fragment: Pleroma finds no actor behind other forms.
    pub id: String,
    pub pem: String,
}

#[derive(Debug, Clone, PartialEq)]
pub struct MultikeyView {
    pub id: String,
    /// `z6Mk…`
    pub multibase: String,
}

/// How often an announcement was liked and passed on, as far as we know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Totals {
    pub likes: u64,
    pub shares: u64,
}

/// A `Follow` that came in.
#[derive(Debug, Clone, PartialEq)]
pub struct FollowView {
    pub id: String,
    pub actor: String,
}

/// What an agency says to one person.
#[derive(Debug, Clone, PartialEq)]
pub struct MessageView {
    pub id: String,
    pub to: String,
    /// `@name@host`
    pub to_name: String,
    pub in_reply_to: String,
    /// Hides the text until somebody asks for it.
    pub warning: Option<String>,
    pub html: SafeHtml,
    /// BCP 47.
    pub language: String,
    pub at: Timestamp,
}

/// A citizen's post that quotes an announcement (FEP-044f).
#[derive(Debug, Clone, PartialEq)]
pub struct QuoteView {
    /// Of the authorization that we give out.
    pub id: QuoteId,
    pub announcement: AnnouncementId,
    /// The id of the `QuoteRequest`.
    pub request: String,
    /// Who quotes.
    pub actor: String,
    /// The id of the post that quotes.
    pub instrument: String,
}

/// The server as `NodeInfo` describes it.
#[derive(Debug, Clone, PartialEq)]
pub struct ServerView {
    pub name: String,
    pub description: String,
    pub version: String,
    /// Where the source is, as the licence asks.
    pub repository: Option<String>,
    pub agencies: u64,
    /// Agencies that published within a month, and within half a year.
    pub active_month: u64,
    pub active_half_year: u64,
    pub announcements: u64,
    /// Public replies by agencies.
    pub replies: u64,
}

impl KeysView {
    /// What the world may know of our keys.
    pub fn of(keys: &Keys) -> Self {
        let ed25519 = &keys.ed25519;
        Self {
            rsa: PublicKeyView {
                id: keys.rsa.key_id.clone(),
                pem: keys.rsa.key.public().to_pem(),
            },
            ed25519: ed25519
                .key
                .public()
                .to_multibase()
                .map(|multibase| MultikeyView {
                    id: ed25519.key_id.clone(),
                    multibase,
                }),
            record: None,
        }
    }

    /// With the key that verifies the agency's public record.
    #[must_use]
    pub fn with_record(self, record: Option<String>) -> Self {
        Self { record, ..self }
    }
}

impl QuoteView {
    pub fn of(quote: &Quote, actor: &Actor) -> Self {
        Self {
            id: quote.id,
            announcement: quote.announcement,
            request: quote.request_uri.clone(),
            actor: actor.uri.clone(),
            instrument: quote.quote_uri.clone(),
        }
    }
}
