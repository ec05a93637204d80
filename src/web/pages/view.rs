//! What each page shows, as plain values: a handler fills them from the stores, a page only lays them out.

use crate::kernel::AnnouncementId;
use crate::kernel::SafeHtml;
use crate::kernel::Timestamp;

pub use crate::publishing::articles::Heading;
pub use crate::publishing::drafts::Piece;
pub use crate::publishing::polls::Poll;
pub use crate::publishing::provenance::Provenance;
pub use crate::web::frame::{Agency, Byline, Frame, Link, Pager, Picture, Theme};
pub use crate::web::marks::Mark;

/// One announcement in its current revision.
#[derive(Debug, Clone)]
pub struct Announcement {
    pub id: AnnouncementId,
    pub by: Byline,
    pub html: SafeHtml,
    pub warning: Option<String>,
    /// BCP 47.
    pub language: String,
    pub images: Vec<Image>,
    pub poll: Option<Poll>,
    pub article: Option<Teaser>,
    /// What it answers, if it is an answer: a page here or elsewhere.
    pub in_reply_to: Option<Link>,
    pub published_at: Timestamp,
    pub edited_at: Option<Timestamp>,
    pub counts: Counts,
    /// Who stood for this wording, if more is to be said than that the agency did.
    pub provenance: Option<Provenance>,
    /// Where the record has its first wording.
    pub record: Option<Mark>,
    pub series: Series,
}

/// What was published together with an announcement of several posts.
#[derive(Debug, Clone, Default)]
pub struct Series {
    /// Of the first of them, the others in their order.
    pub further: Vec<Further>,
    /// Of another, where it stands.
    pub place: Option<Place>,
}

/// A further post of an announcement.
#[derive(Debug, Clone)]
pub enum Further {
    Said(Box<Announcement>),
    Withdrawn {
        id: AnnouncementId,
        published_at: Timestamp,
        withdrawn_at: Timestamp,
        reason: Option<String>,
        record: Option<Mark>,
    },
}

impl Further {
    pub const fn id(&self) -> AnnouncementId {
        match self {
            Self::Said(post) => post.id,
            Self::Withdrawn { id, .. } => *id,
        }
    }
}

/// Where a further post stands among those that it was published with. Posts are counted from 1.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    pub number: usize,
    pub of: usize,
    /// The first of them, on whose page all stand.
    pub head: AnnouncementId,
    pub before: AnnouncementId,
    pub next: Option<AnnouncementId>,
}

/// What leads to the page of a long text.
#[derive(Debug, Clone)]
pub struct Teaser {
    pub title: String,
    /// About how long it takes to read.
    pub minutes: usize,
    pub page: String,
}

/// The page of what an announcement says at length.
#[derive(Debug, Clone)]
pub struct ArticlePage {
    pub agency: Agency,
    /// The summary.
    pub announcement: Announcement,
    pub title: String,
    pub html: SafeHtml,
    pub minutes: usize,
    /// How many words it has, for search engines.
    pub words: usize,
    pub outline: Vec<Heading>,
    /// Every wording of the announcement, the newest first; only one if it was never edited.
    pub wordings: Vec<WordingOf>,
}

/// A wording among those of a long text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WordingOf {
    pub number: i32,
    pub at: Timestamp,
    /// Whether there is one before it, from which it differs.
    pub differs: bool,
}

/// How a wording differs from the one before.
#[derive(Debug, Clone)]
pub struct ChangePage {
    pub agency: Agency,
    pub id: AnnouncementId,
    pub language: String,
    pub title: String,
    pub before: WordingOf,
    pub after: WordingOf,
    pub pieces: Vec<Piece>,
}

/// `url` as [`crate::kernel::Site::media`] gives it, `width` and `height` in pixels.
#[derive(Debug, Clone)]
pub struct Image {
    pub url: String,
    pub alt: String,
    pub width: u32,
    pub height: u32,
}

/// `tag` folded as it stands in addresses, `display` as the agency wrote it; both without `#`.
#[derive(Debug, Clone)]
pub struct Hashtag {
    pub tag: String,
    pub display: String,
}

#[derive(Debug, Clone, Copy, Default)]
pub struct Counts {
    pub replies: u64,
    pub likes: u64,
    pub shares: u64,
}

/// One agency in the list on the front page.
#[derive(Debug, Clone)]
pub struct Listed {
    pub by: Byline,
    pub summary: SafeHtml,
    pub language: String,
    pub followers: u64,
    pub announcements: u64,
    pub last_published_at: Option<Timestamp>,
}

#[derive(Debug, Clone)]
pub struct FrontPage {
    pub agencies: Vec<Listed>,
}

#[derive(Debug, Clone)]
pub struct AgencyPage {
    pub agency: Agency,
    pub followers: u64,
    pub announcements_total: u64,
    /// Its public record.
    pub record: Option<Record>,
    /// Only on the first page of the list.
    pub pinned: Vec<Announcement>,
    pub announcements: Vec<Announcement>,
    pub pager: Pager,
}

/// Where an agency's record is, and the key that verifies its checkpoints.
#[derive(Debug, Clone)]
pub struct Record {
    pub url: String,
    pub vkey: String,
}

#[derive(Debug, Clone)]
pub struct AnnouncementPage {
    pub agency: Agency,
    pub announcement: Announcement,
    pub thread: Thread,
}

/// One page of what was said under an announcement, in reading order.
#[derive(Debug, Clone, Default)]
pub struct Thread {
    pub entries: Vec<Entry>,
    pub pager: Pager,
}

/// One place in the transcript.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Its fragment on the page, such as `reply-17`: ASCII letters, digits and hyphens.
    pub anchor: String,
    /// How far it is set in: 1 answers the announcement, [`super::thread::DEEPEST`] is the most.
    pub depth: u8,
    /// What it answers, unless that is the announcement itself.
    pub parent: Option<Parent>,
    pub said: Said,
    /// The page with all that answers it, if not all of that stands on this one.
    pub more: Option<String>,
    pub record: Option<Mark>,
}

/// What an entry answers.
#[derive(Debug, Clone)]
pub enum Parent {
    /// Stands on this page.
    Here { anchor: String, name: String },
    /// A further post of the announcement, by its number.
    Post { anchor: String, number: usize },
    /// Its author deleted it.
    Deleted { anchor: String },
    /// On another page of the thread, or unknown to us.
    Elsewhere,
}

/// Why only the place of a reply is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gone {
    DeletedByAuthor,
    /// It is to be erased by order, and is not yet.
    Withheld,
    /// By order; the record says on which legal basis.
    Erased,
}

#[derive(Debug, Clone)]
pub enum Said {
    Citizen(Statement),
    Agency(Answer),
    /// A citizen's reply of which only the place is left.
    Deleted {
        gone: Gone,
        published_at: Timestamp,
        deleted_at: Timestamp,
    },
    /// An agency's answer that it has taken back.
    Withdrawn {
        by: Byline,
        published_at: Timestamp,
        withdrawn_at: Timestamp,
        reason: Option<String>,
    },
}

/// What a citizen said, from a server of their own.
#[derive(Debug, Clone)]
pub struct Statement {
    pub name: String,
    /// `@ada@example.social`
    pub acct: String,
    /// The author's page on their own server.
    pub profile: String,
    /// The reply's page on their own server.
    pub url: String,
    pub html: SafeHtml,
    pub warning: Option<String>,
    pub language: Option<String>,
    /// Named and linked, never loaded.
    pub attachments: Vec<Attachment>,
    pub published_at: Timestamp,
    pub edited_at: Option<Timestamp>,
}

/// What an agency answered: an announcement of its own, with a page of its own.
#[derive(Debug, Clone)]
pub struct Answer {
    pub id: AnnouncementId,
    pub by: Byline,
    pub html: SafeHtml,
    pub warning: Option<String>,
    pub language: String,
    pub images: Vec<Image>,
    pub article: Option<Teaser>,
    pub published_at: Timestamp,
    pub edited_at: Option<Timestamp>,
}

#[derive(Debug, Clone)]
pub struct Attachment {
    pub url: String,
    pub media_type: String,
    pub alt: String,
}

#[derive(Debug, Clone)]
pub struct WithdrawnPage {
    pub agency: Agency,
    pub id: AnnouncementId,
    pub published_at: Timestamp,
    pub withdrawn_at: Timestamp,
    pub reason: Option<String>,
    pub record: Option<Mark>,
    /// The posts that were published with it and still stand, by their numbers.
    pub others: Vec<(usize, AnnouncementId)>,
}

#[derive(Debug, Clone)]
pub struct TagPage {
    pub hashtag: Hashtag,
    pub announcements: Vec<Announcement>,
    pub pager: Pager,
}

/// The page that leads a citizen back to their own server.
#[derive(Debug, Clone)]
pub struct Invitation {
    pub agency: Agency,
    pub purpose: Purpose,
    /// What the citizen typed before, to be shown again beside what was wrong with it.
    pub entered: String,
    pub trouble: Option<HandleTrouble>,
}

#[derive(Debug, Clone)]
pub enum Purpose {
    Follow,
    /// To this announcement, whose first words are shown.
    Reply {
        announcement: Box<Announcement>,
    },
}

/// Why we could not lead a citizen on.
#[derive(Debug, Clone)]
pub enum HandleTrouble {
    Missing,
    NotAnAddress,
    /// The server did not answer in time, or not sensibly.
    Silent {
        host: String,
    },
    Unknown {
        host: String,
    },
    /// It names no page for opening something from elsewhere.
    NoWayIn {
        host: String,
    },
}
