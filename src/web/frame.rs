//! What every page of this server has in common, whichever surface lays it out: its frame, and whose page it is.

use crate::agencies;
use crate::kernel::Handle;
use crate::kernel::SafeHtml;
use crate::kernel::Site;

use super::State;
use super::theme::Accent;

/// What every page of this server has in common.
#[derive(Debug, Clone)]
pub struct Frame {
    pub site: Site,
    /// What the server calls itself, such as `City of Springfield`.
    pub name: String,
    /// Whom to write to: an address such as `mailto:office@city.gov` or a page, with its label.
    pub contact: Option<Link>,
    /// Version of the software, as it names itself.
    pub version: String,
    /// Where the source of exactly this version is offered (AGPL, section 13).
    pub source: String,
}

#[derive(Debug, Clone)]
pub struct Link {
    pub label: String,
    pub url: String,
}

/// A picture of ours; `url` as [`Site::media`] gives it.
#[derive(Debug, Clone)]
pub struct Picture {
    pub url: String,
    pub alt: String,
}

/// An agency as its own pages show it.
#[derive(Debug, Clone)]
pub struct Agency {
    /// Its ActivityPub id.
    pub id: String,
    pub handle: Handle,
    pub name: String,
    pub summary: SafeHtml,
    pub links: Vec<Link>,
    /// BCP 47.
    pub language: String,
    pub avatar: Option<Picture>,
    pub header: Option<Picture>,
    pub theme: Theme,
}

/// How an agency's pages differ from the server's own.
#[derive(Debug, Clone, Default)]
pub struct Theme {
    /// Address of its style sheet ([`super::theme`]), if it chose a colour.
    pub stylesheet: Option<String>,
    pub logo: Option<Picture>,
    pub footer: Vec<Link>,
}

/// Who speaks, where an agency is only named.
#[derive(Debug, Clone)]
pub struct Byline {
    pub handle: Handle,
    pub name: String,
    pub avatar: Option<Picture>,
}

/// Where a list goes on: addresses of pages, relative to the server's root.
#[derive(Debug, Clone, Default)]
pub struct Pager {
    /// The list's beginning, if this page is not it.
    pub first: Option<String>,
    pub next: Option<String>,
}

impl Frame {
    pub(super) fn of(web: &State) -> Self {
        Self {
            site: web.site.clone(),
            name: web.server.name.clone(),
            contact: web.server.contact.as_deref().map(contact),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            source: web.server.source.clone(),
        }
    }
}

impl Agency {
    /// As the agency presents itself.
    pub(super) fn of(site: &Site, agency: agencies::Agency) -> Self {
        let page = site.agency_page(&agency.handle);
        let accent = agency.theme.accent.as_deref();
        // With the colour in the address, a new colour is seen at once.
        let stylesheet = accent
            .filter(|accent| accent.parse::<Accent>().is_ok())
            .map(|accent| format!("{page}/theme.css?{}", accent.trim_start_matches('#')));
        let links = |list: Vec<agencies::Link>| {
            let links = list.into_iter().map(|it| Link {
                label: it.label,
                url: it.url,
            });
            links.collect()
        };
        Self {
            id: site.actor(agency.id),
            handle: agency.handle,
            name: agency.name,
            summary: agency.summary_html,
            links: links(agency.links),
            language: agency.language,
            avatar: agency.avatar.as_ref().map(|it| Picture::of(site, it)),
            header: agency.header.as_ref().map(|it| Picture::of(site, it)),
            theme: Theme {
                stylesheet,
                logo: agency.theme.logo.as_ref().map(|it| Picture::of(site, it)),
                footer: links(agency.theme.footer),
            },
        }
    }
}

impl Byline {
    pub(super) fn of(site: &Site, agency: &agencies::Agency) -> Self {
        Self {
            handle: agency.handle.clone(),
            name: agency.name.clone(),
            avatar: agency.avatar.as_ref().map(|it| Picture::of(site, it)),
        }
    }
}

impl Picture {
    pub(super) fn of(site: &Site, picture: &agencies::Picture) -> Self {
        Self {
            url: site.media(&picture.digest, &picture.media_type),
            alt: picture.alt.clone(),
        }
    }
}

/// An e-mail address or a web address, as an operator writes it.
fn contact(text: &str) -> Link {
    let text = text.trim();
    let url = if text.contains("://") || text.starts_with("mailto:") || text.starts_with("tel:") {
        text.to_owned()
    } else if text.contains('@') {
        format!("mailto:{text}")
    } else {
        String::new()
    };
    let label = ["https://", "http://", "mailto:", "tel:"]
        .iter()
        .find_map(|scheme| text.strip_prefix(scheme))
        .unwrap_or(text);
    Link {
        label: label.trim_end_matches('/').to_owned(),
        url,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contact_becomes_a_link() {
        let link = |text| {
            let Link { label, url } = contact(text);
            (label, url)
        };
        let pair = |label: &str, url: &str| (label.to_owned(), url.to_owned());
        assert_eq!(
            link("press@city.gov"),
            pair("press@city.gov", "mailto:press@city.gov")
        );
        assert_eq!(
            link("https://city.gov/contact/"),
            pair("city.gov/contact", "https://city.gov/contact/")
        );
        assert_eq!(link("the town hall"), pair("the town hall", ""));
    }
}
