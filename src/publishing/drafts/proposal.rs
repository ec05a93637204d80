//! What is to be said or changed.

use serde::{Deserialize, Serialize};

use crate::agencies::staff::Right;
use crate::agencies::{Change, Link, Picture};
use crate::kernel::{AgencyId, AnnouncementId, AnswerId, MessageId, Site};
use crate::publishing::articles::Manuscript;
use crate::publishing::polls::Question;
use crate::publishing::{Answering, Draft as Said, Image, Mention, markdown};

/// One act of an agency that can be written, approved and sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Proposal {
    /// Says something new, or answers somebody.
    Announcement {
        content: Content,
        #[serde(default)]
        answering: Option<Answering>,
        #[serde(default)]
        pin: bool,
        /// Further posts, of which each answers the one before.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        rest: Vec<Content>,
    },
    /// Replaces a wording; `revision` is the one that its author had before them.
    Edit {
        announcement: AnnouncementId,
        revision: i32,
        content: Content,
    },
    /// Replaces a wording, and says publicly what was wrong with it: a notice that answers the announcement.
    Correction {
        announcement: AnnouncementId,
        revision: i32,
        content: Content,
        notice: Content,
    },
    Withdrawal {
        announcement: AnnouncementId,
        reason: String,
    },
    Pin {
        announcement: AnnouncementId,
    },
    Unpin {
        announcement: AnnouncementId,
    },
    /// Answers a private message: goes to its author, and to nobody else. No announcement ever comes of it.
    PrivateAnswer {
        message: MessageId,
        /// The message's author.
        to: Mention,
        content: Content,
    },
    /// Takes back what was answered in private.
    AnswerWithdrawal {
        message: MessageId,
        answer: AnswerId,
        reason: String,
    },
    /// Changes how the agency presents itself.
    Profile(Box<Profile>),
    /// Replaces the agency's keys.
    Keys,
}

/// A wording as it is written: it may be unfinished.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Content {
    pub markdown: String,
    #[serde(default)]
    pub warning: Option<String>,
    /// BCP 47.
    pub language: String,
    /// Whom the text's `@user@domain` were found to be; what is not in here stays text.
    #[serde(default)]
    pub mentions: Vec<Mention>,
    #[serde(default)]
    pub images: Vec<Image>,
    /// What is asked. An edit that asks nothing leaves a poll as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub poll: Option<Question>,
    /// What is said at length, on a page of its own. An edit without it takes it away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub article: Option<Manuscript>,
}

/// What is to be changed of a profile; `None` leaves a thing as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Profile {
    pub name: Option<String>,
    /// Markdown.
    pub summary: Option<String>,
    pub links: Option<Vec<Link>>,
    pub language: Option<String>,
    pub avatar: Option<Picture>,
    pub header: Option<Picture>,
    pub accent: Option<String>,
    pub logo: Option<Picture>,
    pub footer: Option<Vec<Link>>,
    pub aliases: Option<Vec<String>>,
    pub attribution_domains: Option<Vec<String>>,
}

/// What kind of act a proposal is, as the house rules know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    Announcement,
    /// An announcement that answers somebody.
    Answer,
    Edit,
    Correction,
    Withdrawal,
    Pin,
    Unpin,
    Profile,
    Keys,
}

/// A word that names no kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no kind of act; there are announcement, answer, edit, correction, withdrawal, pin, unpin, profile and keys"
)]
pub struct InvalidKind(pub String);

impl Kind {
    pub const ALL: [Self; 9] = [
        Self::Announcement,
        Self::Answer,
        Self::Edit,
        Self::Correction,
        Self::Withdrawal,
        Self::Pin,
        Self::Unpin,
        Self::Profile,
        Self::Keys,
    ];

    /// The name in commands, in the database and in documents.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Announcement => "announcement",
            Self::Answer => "answer",
            Self::Edit => "edit",
            Self::Correction => "correction",
            Self::Withdrawal => "withdrawal",
            Self::Pin => "pin",
            Self::Unpin => "unpin",
            Self::Profile => "profile",
            Self::Keys => "keys",
        }
    }

    /// The right to write one.
    pub const fn right(self) -> Right {
        match self {
            Self::Announcement
            | Self::Answer
            | Self::Edit
            | Self::Correction
            | Self::Withdrawal
            | Self::Pin
            | Self::Unpin => Right::Draft,
            Self::Profile => Right::EditProfile,
            Self::Keys => Right::RotateKeys,
        }
    }

    /// Whether it may be done in a period in which nothing goes out: only what takes something back, and what keeps the
    /// agency safe.
    pub const fn is_always_allowed(self) -> bool {
        matches!(self, Self::Withdrawal | Self::Unpin | Self::Keys)
    }
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

impl std::str::FromStr for Kind {
    type Err = InvalidKind;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.name() == text)
            .ok_or_else(|| InvalidKind(text.chars().take(40).collect()))
    }
}

impl Proposal {
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Announcement {
                answering: None, ..
            } => Kind::Announcement,
            Self::Announcement {
                answering: Some(_), ..
            }
            | Self::PrivateAnswer { .. } => Kind::Answer,
            Self::Edit { .. } => Kind::Edit,
            Self::Correction { .. } => Kind::Correction,
            Self::Withdrawal { .. } | Self::AnswerWithdrawal { .. } => Kind::Withdrawal,
            Self::Pin { .. } => Kind::Pin,
            Self::Unpin { .. } => Kind::Unpin,
            Self::Profile(_) => Kind::Profile,
            Self::Keys => Kind::Keys,
        }
    }

    /// The announcement that it changes.
    pub const fn announcement(&self) -> Option<AnnouncementId> {
        match self {
            Self::Edit { announcement, .. }
            | Self::Correction { announcement, .. }
            | Self::Withdrawal { announcement, .. }
            | Self::Pin { announcement }
            | Self::Unpin { announcement } => Some(*announcement),
            Self::Announcement { .. }
            | Self::PrivateAnswer { .. }
            | Self::AnswerWithdrawal { .. }
            | Self::Profile(_)
            | Self::Keys => None,
        }
    }

    /// The private message that it is about: only who may read that may see this.
    pub const fn message(&self) -> Option<MessageId> {
        match self {
            Self::PrivateAnswer { message, .. } | Self::AnswerWithdrawal { message, .. } => {
                Some(*message)
            }
            _ => None,
        }
    }

    pub const fn answering(&self) -> Option<&Answering> {
        match self {
            Self::Announcement { answering, .. } => answering.as_ref(),
            _ => None,
        }
    }

    /// What citizens will read of it, in the order in which it goes out.
    pub fn contents(&self) -> Vec<&Content> {
        match self {
            Self::Announcement { content, rest, .. } => {
                std::iter::once(content).chain(rest).collect()
            }
            Self::Edit { content, .. } | Self::PrivateAnswer { content, .. } => vec![content],
            Self::Correction {
                content, notice, ..
            } => vec![content, notice],
            _ => vec![],
        }
    }

    /// The same, to be changed.
    pub fn contents_mut(&mut self) -> Vec<&mut Content> {
        match self {
            Self::Announcement { content, rest, .. } => {
                std::iter::once(content).chain(rest).collect()
            }
            Self::Edit { content, .. } | Self::PrivateAnswer { content, .. } => vec![content],
            Self::Correction {
                content, notice, ..
            } => vec![content, notice],
            _ => vec![],
        }
    }

    /// The further posts of an announcement of several.
    pub fn rest(&self) -> &[Content] {
        match self {
            Self::Announcement { rest, .. } => rest,
            _ => &[],
        }
    }

    /// The texts that somebody has to read who approves it, as one: for comparing. Further posts have their numbers in
    /// front of them.
    pub fn text(&self) -> String {
        match self {
            Self::Announcement { content, rest, .. } => {
                let further = (2..).zip(rest);
                further.fold(content.text(), |text, (number, post)| {
                    format!("{text}\n\n— {number} —\n\n{}", post.text())
                })
            }
            Self::Edit { .. } | Self::Correction { .. } | Self::PrivateAnswer { .. } => {
                let texts: Vec<String> = self.contents().into_iter().map(Content::text).collect();
                texts.join("\n\n")
            }
            Self::Withdrawal { reason, .. } | Self::AnswerWithdrawal { reason, .. } => {
                reason.clone()
            }
            Self::Profile(profile) => profile.text(),
            Self::Pin { .. } | Self::Unpin { .. } | Self::Keys => String::new(),
        }
    }

    /// Whether `other` is about the same matter, so that it can be a later version of this.
    pub(super) fn is_about_the_same_as(&self, other: &Self) -> bool {
        self.kind() == other.kind()
            && self.announcement() == other.announcement()
            && self.answering() == other.answering()
            && self.in_private() == other.in_private()
    }

    /// What is answered in private and to whom, or which answer is taken back.
    const fn in_private(&self) -> Option<(MessageId, Option<&Mention>, Option<AnswerId>)> {
        match self {
            Self::PrivateAnswer { message, to, .. } => Some((*message, Some(to), None)),
            Self::AnswerWithdrawal {
                message, answer, ..
            } => Some((*message, None, Some(*answer))),
            _ => None,
        }
    }
}

impl Content {
    /// With the address of whom it answers in front, and nobody else tagged.
    #[must_use]
    pub fn addressed(self, to: &Mention) -> Self {
        let text = self.markdown.trim_start();
        let markdown = if behind_address(text, to).is_some() {
            text.to_owned()
        } else {
            // Behind an address on the same line, a list or a heading would be one no more.
            let is_prose = text.is_empty() || text.starts_with(char::is_alphabetic);
            let gap = if is_prose { " " } else { "\n\n" };
            format!("@{}{gap}{text}", to.acct)
        };
        Self {
            markdown,
            mentions: vec![to.clone()],
            ..self
        }
    }

    /// Whether it says nothing but whom it is for.
    pub(in crate::publishing) fn says_only_to(&self, to: &Mention) -> bool {
        behind_address(self.markdown.trim(), to).is_some_and(|rest| rest.trim().is_empty())
    }

    /// As it would be said now.
    pub(in crate::publishing) fn said(
        self,
        agency: AgencyId,
        answering: Option<Answering>,
        pin: bool,
    ) -> Said {
        Said {
            agency,
            markdown: self.markdown,
            warning: self.warning,
            language: self.language,
            mentions: self.mentions,
            images: self.images,
            poll: self.poll,
            article: self.article,
            answering,
            pin,
        }
    }

    /// Warning, text, text alternatives, options and the long text: everything that is read.
    pub fn text(&self) -> String {
        let alternatives = self.images.iter().map(|image| image.alt.as_str());
        let options = self.poll.as_ref().map(Question::text);
        let article = self.article.as_ref().map(Manuscript::text);
        let parts = self
            .warning
            .as_deref()
            .into_iter()
            .chain([self.markdown.as_str()])
            .chain(alternatives)
            .chain(options.as_deref())
            .chain(article.as_deref());
        parts
            .filter(|it| !it.trim().is_empty())
            .collect::<Vec<_>>()
            .join("\n\n")
    }
}

impl Profile {
    /// As `agencies` takes it, with the summary rendered.
    pub(super) fn change(self, site: &Site) -> Change {
        let rendered = |summary: String| {
            let html = markdown::render(&summary, site, &[]).html;
            (summary, html)
        };
        Change {
            name: self.name,
            summary: self.summary.map(rendered),
            links: self.links,
            language: self.language,
            avatar: self.avatar,
            header: self.header,
            accent: self.accent,
            logo: self.logo,
            footer: self.footer,
            aliases: self.aliases,
            attribution_domains: self.attribution_domains,
        }
    }

    /// One line for each thing that it changes.
    fn text(&self) -> String {
        let links = |links: &Vec<Link>| {
            let lines: Vec<String> = links
                .iter()
                .map(|it| format!("{}: {}", it.label, it.url))
                .collect();
            lines.join("\n")
        };
        let picture = |it: &Picture| format!("{} ({})", it.alt, it.digest);
        let parts = [
            self.name.clone(),
            self.summary.clone(),
            self.links.as_ref().map(links),
            self.language.clone(),
            self.avatar.as_ref().map(picture),
            self.header.as_ref().map(picture),
            self.accent.clone(),
            self.logo.as_ref().map(picture),
            self.footer.as_ref().map(links),
            self.aliases.as_ref().map(|it| it.join("\n")),
            self.attribution_domains.as_ref().map(|it| it.join("\n")),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join("\n")
    }

    /// What stands now of all that it changes.
    pub(super) fn as_it_stands(&self, agency: &crate::agencies::Agency) -> Self {
        fn kept<T, U>(asked: Option<&T>, now: impl FnOnce() -> Option<U>) -> Option<U> {
            asked.and_then(|_| now())
        }
        Self {
            name: kept(self.name.as_ref(), || Some(agency.name.clone())),
            summary: kept(self.summary.as_ref(), || Some(agency.summary.clone())),
            links: kept(self.links.as_ref(), || Some(agency.links.clone())),
            language: kept(self.language.as_ref(), || Some(agency.language.clone())),
            avatar: kept(self.avatar.as_ref(), || agency.avatar.clone()),
            header: kept(self.header.as_ref(), || agency.header.clone()),
            accent: kept(self.accent.as_ref(), || agency.theme.accent.clone()),
            logo: kept(self.logo.as_ref(), || agency.theme.logo.clone()),
            footer: kept(self.footer.as_ref(), || Some(agency.theme.footer.clone())),
            aliases: kept(self.aliases.as_ref(), || Some(agency.aliases.clone())),
            attribution_domains: kept(self.attribution_domains.as_ref(), || {
                Some(agency.attribution_domains.clone())
            }),
        }
    }
}

/// What stands behind the address with which a text begins, if that is `to`'s.
fn behind_address<'a>(text: &'a str, to: &Mention) -> Option<&'a str> {
    let (head, rest) = text.strip_prefix('@')?.split_at_checked(to.acct.len())?;
    let ends = !rest.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_'));
    (ends && head.eq_ignore_ascii_case(&to.acct)).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_begins_with_whom_it_is_for() {
        let to = Mention {
            acct: "ada@example.social".to_owned(),
            uri: "https://example.social/users/ada".to_owned(),
            url: "https://example.social/@ada".to_owned(),
        };
        let content = |text: &str| Content {
            markdown: text.to_owned(),
            ..Content::default()
        };
        for (text, becomes) in [
            ("It is.", "@ada@example.social It is."),
            ("@Ada@example.social It is.", "@Ada@example.social It is."),
            ("- one", "@ada@example.social\n\n- one"),
            ("", "@ada@example.social "),
            (
                "@ada@example.social.evil.example no",
                "@ada@example.social\n\n@ada@example.social.evil.example no",
            ),
            ("@ééééééééé", "@ada@example.social\n\n@ééééééééé"),
        ] {
            let addressed = content(text).addressed(&to);
            assert_eq!(addressed.markdown, becomes);
            assert_eq!(addressed.mentions, std::slice::from_ref(&to));
        }
        for (text, only) in [
            ("@ada@example.social ", true),
            ("@ada@example.social yes", false),
            ("", false),
        ] {
            assert_eq!(content(text).says_only_to(&to), only, "{text}");
        }
    }
}
