//! An agency and how it presents itself.

use oxilangtag::LanguageTag;
use serde::{Deserialize, Serialize};
use url::Url;

use super::Error;
use crate::kernel::{AgencyId, Handle, SafeHtml, Timestamp};

const LONGEST_NAME: usize = 200;
const LONGEST_SUMMARY: usize = 5_000;
/// Peers keep more, but a profile that anyone reads has few.
const MOST_LINKS: usize = 12;

/// A public agency: the unit that speaks.
#[derive(Debug, Clone, PartialEq)]
pub struct Agency {
    pub id: AgencyId,
    pub handle: Handle,
    pub name: String,
    /// As written, in Markdown.
    pub summary: String,
    pub summary_html: SafeHtml,
    pub links: Vec<Link>,
    /// What it writes in unless an announcement says otherwise (BCP 47).
    pub language: String,
    pub avatar: Option<Picture>,
    pub header: Option<Picture>,
    pub theme: Theme,
    /// ActivityPub ids of earlier accounts, from which followers may be moved here.
    pub aliases: Vec<String>,
    /// Domains of web pages that may name this agency as their author (`fediverse:creator`).
    pub attribution_domains: Vec<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// A labelled web address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    pub label: String,
    pub url: String,
}

/// A stored picture with its text alternative.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    /// SHA-256 of the bytes, hex: where `platform::blobs` has them.
    pub digest: String,
    pub media_type: String,
    pub alt: String,
}

/// What an agency may change of the pages' look.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Theme {
    /// `#rrggbb`; what stands on it and beside it is computed, so that it can be read.
    pub accent: Option<String>,
    pub logo: Option<Picture>,
    #[serde(default)]
    pub footer: Vec<Link>,
}

/// What an agency begins with.
#[derive(Debug, Clone)]
pub struct New {
    pub handle: Handle,
    pub name: String,
    pub summary: String,
    pub summary_html: SafeHtml,
    pub links: Vec<Link>,
    pub language: String,
    pub avatar: Option<Picture>,
    pub header: Option<Picture>,
}

/// What is to be changed; `None` leaves a thing as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Change {
    pub name: Option<String>,
    /// Markdown and what it renders to.
    pub summary: Option<(String, SafeHtml)>,
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

impl Link {
    /// Reads `Label=https://…`.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let wrong = || Error::Link(text.to_owned());
        let (label, url) = text.split_once('=').ok_or_else(wrong)?;
        let url = Url::parse(url.trim()).map_err(|_| wrong())?;
        let label = label.trim();
        if label.is_empty()
            || label.chars().count() > 100
            || !matches!(url.scheme(), "http" | "https")
        {
            return Err(wrong());
        }
        Ok(Self {
            label: label.to_owned(),
            url: url.to_string(),
        })
    }
}

impl Agency {
    pub(super) fn new(id: AgencyId, new: New, now: Timestamp) -> Result<Self, Error> {
        Self {
            id,
            handle: new.handle,
            name: new.name,
            summary: new.summary,
            summary_html: new.summary_html,
            links: new.links,
            language: new.language,
            avatar: new.avatar,
            header: new.header,
            theme: Theme::default(),
            aliases: vec![],
            attribution_domains: vec![],
            created_at: now,
            updated_at: now,
        }
        .checked()
    }

    pub(super) fn with(mut self, change: Change, now: Timestamp) -> Result<Self, Error> {
        fn set<T>(place: &mut T, new: Option<T>) {
            if let Some(new) = new {
                *place = new;
            }
        }
        if let Some((markdown, html)) = change.summary {
            self.summary = markdown;
            self.summary_html = html;
        }
        set(&mut self.name, change.name);
        set(&mut self.links, change.links);
        set(&mut self.language, change.language);
        set(&mut self.theme.footer, change.footer);
        set(&mut self.aliases, change.aliases);
        set(&mut self.attribution_domains, change.attribution_domains);
        self.avatar = change.avatar.or(self.avatar);
        self.header = change.header.or(self.header);
        self.theme.accent = change.accent.or(self.theme.accent);
        self.theme.logo = change.logo.or(self.theme.logo);
        self.updated_at = now;
        self.checked()
    }

    fn checked(mut self) -> Result<Self, Error> {
        self.name = self.name.trim().to_owned();
        if self.name.is_empty() || self.name.chars().count() > LONGEST_NAME {
            return Err(Error::Name);
        }
        if self.summary.chars().count() > LONGEST_SUMMARY {
            return Err(Error::Summary);
        }
        if self.links.len() > MOST_LINKS || self.theme.footer.len() > MOST_LINKS {
            return Err(Error::TooManyLinks(MOST_LINKS));
        }
        self.language = language(&self.language)?;
        if let Some(alias) = self.aliases.iter().find(|alias| !is_address(alias)) {
            return Err(Error::Alias(alias.clone()));
        }
        for domain in &mut self.attribution_domains {
            *domain = host(domain).ok_or_else(|| Error::Domain(domain.clone()))?;
        }
        if let Some(accent) = self.theme.accent.as_mut() {
            accent.make_ascii_lowercase();
            let digits = accent.strip_prefix('#').unwrap_or_default();
            if digits.len() != 6 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
                return Err(Error::Colour(accent.clone()));
            }
        }
        Ok(self)
    }
}

fn is_address(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

/// A domain in its normal form: lower case, an internationalised name as punycode.
fn host(domain: &str) -> Option<String> {
    let url = Url::parse(&format!("https://{domain}/")).ok()?;
    let host = url.domain()?;
    let is_all = url.as_str() == format!("https://{host}/") && !domain.ends_with('/');
    is_all.then(|| host.to_owned())
}

/// A language tag in its normal form.
pub(crate) fn language(tag: &str) -> Result<String, Error> {
    let wrong = || Error::Language(tag.chars().take(64).collect());
    if tag.len() > 35 {
        return Err(wrong());
    }
    LanguageTag::parse_and_normalize(tag.trim())
        .map(LanguageTag::into_inner)
        .map_err(|_| wrong())
}
