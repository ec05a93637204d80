//! An announcement and the only ways it may change.

use serde::{Deserialize, Serialize};

use super::articles::{Article, Manuscript};
use super::polls::{Poll, Question};
use super::{Error, Hashtag, Mention, Rules, markdown};
use crate::agencies;
use crate::kernel::{AgencyId, AnnouncementId, SafeHtml, Site, Timestamp};

const LONGEST_WARNING: usize = 500;
const LONGEST_REASON: usize = 2_000;

/// Something an agency says, in its newest revision.
#[derive(Debug, Clone, PartialEq)]
pub struct Announcement {
    pub id: AnnouncementId,
    pub agency: AgencyId,
    /// The announcement at the head of the thread: itself, unless it answers somebody.
    pub thread: AnnouncementId,
    /// ActivityPub id of what it answers.
    pub in_reply_to: Option<String>,
    /// Which further post of an announcement of several it is, counted from 1; 0 for the first of them, and for whatever was
    /// said alone.
    pub place: i32,
    pub revision: Revision,
    pub poll: Option<Poll>,
    pub published_at: Timestamp,
    pub edited_at: Option<Timestamp>,
    pub pinned_at: Option<Timestamp>,
    pub withdrawn: Option<Withdrawal>,
}

/// One wording of an announcement.
#[derive(Debug, Clone, PartialEq)]
pub struct Revision {
    /// Counts from 1.
    pub number: i32,
    pub markdown: String,
    pub html: SafeHtml,
    pub warning: Option<String>,
    /// BCP 47.
    pub language: String,
    pub mentions: Vec<Mention>,
    pub hashtags: Vec<Hashtag>,
    pub images: Vec<Image>,
    /// What it has to say at length.
    pub article: Option<Article>,
    pub created_at: Timestamp,
}

/// A picture as it is published.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Image {
    /// SHA-256 of the bytes, hex.
    pub digest: String,
    pub media_type: String,
    pub alt: String,
    pub width: u32,
    pub height: u32,
    pub blurhash: String,
    /// Where to look, −1 to 1 from left to right and from bottom to top.
    pub focus: Option<(f64, f64)>,
}

/// That and why an announcement was taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdrawal {
    pub at: Timestamp,
    pub reason: String,
}

/// What an announcement answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answering {
    /// ActivityPub id.
    pub uri: String,
    /// The announcement at the head of the thread; none for a mention out of the blue, whose answer heads one itself.
    pub thread: Option<AnnouncementId>,
}

/// What is to be said.
#[derive(Debug, Clone)]
pub struct Draft {
    pub agency: AgencyId,
    pub markdown: String,
    pub warning: Option<String>,
    pub language: String,
    /// Whom the text's `@user@domain` were found to be; what is not in here stays text.
    pub mentions: Vec<Mention>,
    pub images: Vec<Image>,
    /// What is asked; an edit that names none leaves it as it is.
    pub poll: Option<Question>,
    /// What it has to say at length; an edit that has none takes it away.
    pub article: Option<Manuscript>,
    pub answering: Option<Answering>,
    pub pin: bool,
}

impl Announcement {
    pub(super) fn publish(
        id: AnnouncementId,
        draft: Draft,
        site: &Site,
        rules: Rules,
        now: Timestamp,
    ) -> Result<Self, Error> {
        let (thread, in_reply_to) = match &draft.answering {
            Some(answering) => (answering.thread.unwrap_or(id), Some(answering.uri.clone())),
            None => (id, None),
        };
        let poll = draft.poll.as_ref().map(|it| it.asked(now)).transpose()?;
        Ok(Self {
            id,
            agency: draft.agency,
            thread,
            in_reply_to,
            place: 0,
            revision: Revision::of(draft, 1, site, rules, now)?,
            poll,
            published_at: now,
            edited_at: None,
            pinned_at: None,
            withdrawn: None,
        })
    }

    /// What it answers and to which agency it belongs stay as they are, whatever `draft` says.
    pub(super) fn edit(
        self,
        draft: Draft,
        site: &Site,
        rules: Rules,
        now: Timestamp,
    ) -> Result<Self, Error> {
        let announcement = self.standing()?;
        if let Some(asked) = &draft.poll {
            Poll::expect_unchanged(announcement.poll.as_ref(), asked)?;
        }
        let number = announcement.revision.number + 1;
        Ok(Self {
            revision: Revision::of(draft, number, site, rules, now)?,
            edited_at: Some(now.max(announcement.published_at)),
            ..announcement
        })
    }

    pub(super) fn withdraw(self, reason: &str, now: Timestamp) -> Result<Self, Error> {
        let announcement = self.standing()?;
        Ok(Self {
            withdrawn: Some(Withdrawal::new(reason, now)?),
            pinned_at: None,
            ..announcement
        })
    }

    pub(super) fn pin(self, now: Timestamp) -> Result<Self, Error> {
        Ok(Self {
            pinned_at: Some(now),
            ..self.standing()?
        })
    }

    fn standing(self) -> Result<Self, Error> {
        if self.withdrawn.is_some() {
            Err(Error::Withdrawn)
        } else {
            Ok(self)
        }
    }
}

impl Withdrawal {
    /// With a reason that says something.
    pub(super) fn new(reason: &str, at: Timestamp) -> Result<Self, Error> {
        let reason = reason.trim();
        if reason.is_empty() || reason.chars().count() > LONGEST_REASON {
            return Err(Error::MissingReason);
        }
        Ok(Self {
            at,
            reason: reason.to_owned(),
        })
    }
}

impl Revision {
    pub(super) fn of(
        draft: Draft,
        number: i32,
        site: &Site,
        rules: Rules,
        now: Timestamp,
    ) -> Result<Self, Error> {
        let warning = draft
            .warning
            .map(|text| text.trim().to_owned())
            .filter(|text| !text.is_empty());
        if warning
            .as_ref()
            .is_some_and(|text| text.chars().count() > LONGEST_WARNING)
        {
            return Err(Error::Warning);
        }
        if draft.images.len() > rules.most_images {
            return Err(Error::TooManyImages(rules.most_images));
        }
        if draft.images.iter().any(|image| image.alt.trim().is_empty()) {
            return Err(Error::MissingAlt);
        }
        if draft.markdown.trim().is_empty() {
            return Err(Error::Empty);
        }
        // Markdown cannot shrink a text so much that this would refuse one that fits.
        if draft.markdown.chars().count() > rules.longest.saturating_mul(8) {
            return Err(Error::TooLong {
                length: draft.markdown.chars().count(),
                longest: rules.longest,
            });
        }
        let rendered = markdown::render(&draft.markdown, site, &draft.mentions);
        if rendered.length > rules.longest {
            return Err(Error::TooLong {
                length: rendered.length,
                longest: rules.longest,
            });
        }
        if rendered.html.is_blank() {
            return Err(Error::Empty);
        }
        let language = agencies::language(&draft.language)
            .map_err(|_| Error::Language(draft.language.clone()))?;
        let article = draft
            .article
            .filter(|it| !it.is_blank())
            .map(|it| it.published(site, &draft.mentions, rules))
            .transpose()?;
        Ok(Self {
            number,
            html: rendered.html,
            hashtags: rendered.hashtags,
            markdown: draft.markdown,
            warning,
            language,
            mentions: draft.mentions,
            images: draft.images,
            article,
            created_at: now,
        })
    }
}
