//! What others send, in every shape they send it, as values that the rest of the house can trust.
//!
//! Nothing here panics or grows without bound, whatever comes in: text is at most 1 MiB when it gets here, nesting ends at [`DEEPEST`],
//! every string and list has a limit below, and mark-up can leave only through the sanitiser ([`ForeignHtml`]).
//! A property that makes no sense counts as absent. Dispatch is on `type` alone.

mod activity;
mod actor;
mod audience;
mod envelope;
mod jrd;
mod key;
mod markup;
mod object;
mod origin;
mod read;
mod tag;

#[cfg(test)]
mod tests;

pub use self::activity::{Act, Activity, Item, Undone, UndoneKind};
pub use self::actor::{Actor, ActorKind};
pub use self::audience::{Audience, Visibility};
pub use self::envelope::Envelope;
pub use self::jrd::Jrd;
pub use self::key::{Multikey, PublicKey};
pub use self::markup::ForeignHtml;
pub use self::object::{Attachment, Object, ObjectKind};
pub use self::origin::{authority, same_authority, same_origin};
pub use self::read::date;
pub use self::tag::{Emoji, Hashtag, Mention, Tags};

/// Levels of arrays and objects that are read; real activities have fewer than ten.
pub const DEEPEST: usize = 64;
/// Bytes of a URL. Mastodon's limit for actors; browsers and proxies take little more.
pub const LONGEST_URI: usize = 2048;
/// Bytes of mark-up that are read of one post: Pleroma's limit, well above every server's own.
pub const LONGEST_HTML: usize = 100_000;
/// Characters of a display name, title or warning.
pub const LONGEST_LINE: usize = 500;
/// Characters of a picture's description: what Mastodon takes since 4.6 is cut no earlier.
pub const LONGEST_ALT: usize = 10_000;
/// Characters of a report's comment: what Mastodon keeps.
pub const LONGEST_COMMENT: usize = 5_000;
/// Bytes of a public key as PEM or multibase: RSA with 8192 bits needs 1,500.
pub const LONGEST_KEY: usize = 8_192;
/// Addressees in each of `to` and `cc`. What stands behind them is dropped, which can only make a post more private.
pub const MOST_ADDRESSEES: usize = 1_024;
/// Tags of one post that are kept.
pub const MOST_TAGS: usize = 256;
/// Attachments of one post that are kept; Mastodon shows four, Pixelfed sends up to 20.
pub const MOST_ATTACHMENTS: usize = 16;
/// Objects in one activity: an array there is a GoToSocial poll vote with several choices, or a report.
pub const MOST_OBJECTS: usize = 64;
/// Options of a poll that are shown.
pub const MOST_OPTIONS: usize = 20;
/// Keys of one actor: what Mastodon keeps.
pub const MOST_KEYS: usize = 10;
/// Former identities of one actor: Mastodon's limit.
pub const MOST_ALIASES: usize = 256;

/// Why a document cannot be used. Holds nothing that somebody wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    #[error("the text is not UTF-8")]
    NotUtf8,
    #[error("the text is not JSON")]
    NotJson,
    #[error("the JSON nests more than {DEEPEST} levels deep")]
    TooDeep,
    #[error("the JSON is not an object")]
    NotAnObject,
    #[error("`{0}` is missing, or is not what it should be")]
    Missing(&'static str),
    #[error("the actor undoes what somebody else did")]
    SomebodyElses,
}
