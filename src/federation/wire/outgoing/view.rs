//! What the builders need to know, as plain data.

use crate::kernel::AgencyId;
use crate::kernel::AnnouncementId;
use crate::kernel::Handle;
use crate::kernel::QuoteId;
use crate::kernel::SafeHtml;
use crate::kernel::Timestamp;

/// An agency as its actor document shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct AgencyView {
    pub id: AgencyId,
    pub handle: Handle,
    pub name: String,
    pub summary_html: SafeHtml,
    pub links: Vec<LinkView>,
    pub avatar: Option<PictureView>,
    pub header: Option<PictureView>,
    /// Ids of the actors that it was before (`alsoKnownAs`).
    pub aliases: Vec<String>,
    /// Domains whose articles may name it as their author.
    pub attribution_domains: Vec<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

#[derive(Debug, Clone, PartialEq)]
pub struct LinkView {
    pub label: String,
    pub url: String,
}

#[derive(Debug, Clone, PartialEq)]
pub struct PictureView {
    pub digest: String,
    pub media_type: String,
    pub alt: String,
}

/// The public keys of an actor.
#[derive(Debug, Clone, PartialEq)]
pub struct KeysView {
    /// The only one in `publicKey`: Misskey reads no list, `GoToSocial` reads its first.
    pub rsa: PublicKeyView,
    pub ed25519: Option<MultikeyView>,
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

/// An announcement that is public and not withdrawn.
#[derive(Debug, Clone, PartialEq)]
pub struct AnnouncementView {
    pub id: AnnouncementId,
    /// The announcement that heads the conversation: itself, unless it replies.
    pub thread: AnnouncementId,
    pub in_reply_to: Option<String>,
    pub revision: RevisionView,
    pub published_at: Timestamp,
    pub edited_at: Option<Timestamp>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct RevisionView {
    pub html: SafeHtml,
    pub warning: Option<String>,
    /// BCP 47.
    pub language: String,
    pub mentions: Vec<MentionView>,
    pub hashtags: Vec<HashtagView>,
    pub images: Vec<ImageView>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct MentionView {
    /// `citizen@example.social`
    pub acct: String,
    /// The actor's id.
    pub uri: String,
}

#[derive(Debug, Clone, PartialEq)]
pub struct HashtagView {
    /// Folded, as in the tag's address.
    pub tag: String,
    /// As written, without `#`.
    pub display: String,
}

#[derive(Debug, Clone, PartialEq)]
pub struct ImageView {
    pub digest: String,
    pub media_type: String,
    pub alt: String,
    pub width: u32,
    pub height: u32,
    pub blurhash: String,
    /// The point to keep when cropping: x and y from -1 to 1, y upwards.
    pub focus: Option<(f64, f64)>,
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

/// A hashtag that an agency uses.
#[derive(Debug, Clone, PartialEq)]
pub struct TagCountView {
    pub tag: String,
    pub display: String,
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
