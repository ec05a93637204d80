//! Every address that this server gives out, in one place: they never change once given.

use url::Url;

use super::{ActivityId, AgencyId, AnnouncementId, AnswerId, Handle, QuoteId};

/// The server's public address, and the domain of its agencies' handles.
///
/// ActivityPub ids hang on numbers and never on names, so that an agency may be renamed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// Scheme and authority, without a slash at the end.
    base: String,
    authority: String,
    handle_domain: String,
}

impl Site {
    /// For a public `url` such as `https://social.city.gov`, of which scheme, host and port count;
    /// handles are `@name@handle_domain` (RFC 7033 makes the connection).
    pub fn new(url: &Url, handle_domain: Option<&str>) -> Self {
        let host = url.host_str().unwrap_or("localhost");
        let authority = url
            .port()
            .map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
        Self {
            base: format!("{}://{authority}", url.scheme()),
            handle_domain: handle_domain.map_or_else(|| authority.clone(), str::to_ascii_lowercase),
            authority,
        }
    }

    /// Scheme and authority: `https://social.city.gov`.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Host, with its port if that is not the scheme's own.
    pub fn authority(&self) -> &str {
        &self.authority
    }

    /// The host, if it is a name and no address.
    pub fn domain(&self) -> Option<&str> {
        let host = match self.authority.rsplit_once(':') {
            Some((host, _)) => host,
            None => &self.authority,
        };
        let is_address = host.ends_with(']') || host.parse::<std::net::Ipv4Addr>().is_ok();
        (!is_address).then_some(host)
    }

    /// `https`, or `http` on a machine of one's own.
    pub fn scheme(&self) -> &str {
        self.base.split(':').next().unwrap_or("https")
    }

    pub fn handle_domain(&self) -> &str {
        &self.handle_domain
    }

    /// `water@city.gov`
    pub fn acct(&self, handle: &Handle) -> String {
        format!("{handle}@{}", self.handle_domain)
    }

    /// Whether an id or a page of this server begins so.
    pub fn is_ours(&self, uri: &str) -> bool {
        uri.strip_prefix(self.base.as_str())
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?', '#']))
    }

    // Actors.

    pub fn shared_inbox(&self) -> String {
        format!("{}/inbox", self.base)
    }

    /// The server's own actor, which signs every fetch.
    pub fn instance_actor(&self) -> String {
        format!("{}/actor", self.base)
    }

    pub fn actor(&self, agency: AgencyId) -> String {
        format!("{}/ap/agencies/{agency}", self.base)
    }

    pub fn inbox(&self, agency: AgencyId) -> String {
        format!("{}/inbox", self.actor(agency))
    }

    pub fn outbox(&self, agency: AgencyId) -> String {
        format!("{}/outbox", self.actor(agency))
    }

    pub fn followers(&self, agency: AgencyId) -> String {
        format!("{}/followers", self.actor(agency))
    }

    pub fn following(&self, agency: AgencyId) -> String {
        format!("{}/following", self.actor(agency))
    }

    pub fn featured(&self, agency: AgencyId) -> String {
        format!("{}/featured", self.actor(agency))
    }

    pub fn featured_tags(&self, agency: AgencyId) -> String {
        format!("{}/tags", self.actor(agency))
    }

    /// Which agency an actor id of ours names.
    pub fn agency_of(&self, uri: &str) -> Option<AgencyId> {
        self.numbered(uri, "/ap/agencies/").map(AgencyId::new)
    }

    // Objects.

    pub fn announcement(&self, id: AnnouncementId) -> String {
        format!("{}/ap/announcements/{id}", self.base)
    }

    /// What an announcement says at length.
    pub fn article(&self, id: AnnouncementId) -> String {
        format!("{}/article", self.announcement(id))
    }

    pub fn replies(&self, id: AnnouncementId) -> String {
        format!("{}/replies", self.announcement(id))
    }

    pub fn likes(&self, id: AnnouncementId) -> String {
        format!("{}/likes", self.announcement(id))
    }

    pub fn shares(&self, id: AnnouncementId) -> String {
        format!("{}/shares", self.announcement(id))
    }

    /// The conversation that an announcement heads (FEP-7888).
    pub fn context(&self, thread: AnnouncementId) -> String {
        format!("{}/ap/contexts/{thread}", self.base)
    }

    pub fn activity(&self, id: ActivityId) -> String {
        format!("{}/ap/activities/{id}", self.base)
    }

    /// A private message of an agency's, by the number of the activity that brings it: there is nothing to be had there.
    pub fn message(&self, id: ActivityId) -> String {
        format!("{}/ap/messages/{id}", self.base)
    }

    /// What an agency answered in private: there is nothing to be had there, whoever asks.
    pub fn answer(&self, id: AnswerId) -> String {
        format!("{}/ap/answers/{id}", self.base)
    }

    /// Which private answer an id of ours names.
    pub fn answer_of(&self, uri: &str) -> Option<AnswerId> {
        self.numbered(uri, "/ap/answers/").map(AnswerId::new)
    }

    /// The stamp of a quotation (FEP-044f).
    pub fn quote_authorization(&self, id: QuoteId) -> String {
        format!("{}/ap/quote-authorizations/{id}", self.base)
    }

    /// Which announcement an id of ours names, or that of its long text: who answers the one answers the other.
    pub fn announcement_of(&self, uri: &str) -> Option<AnnouncementId> {
        self.numbered(
            uri.strip_suffix("/article").unwrap_or(uri),
            "/ap/announcements/",
        )
        .map(AnnouncementId::new)
    }

    /// Which announcement's long text an id of ours names.
    pub fn article_of(&self, uri: &str) -> Option<AnnouncementId> {
        uri.strip_suffix("/article")
            .and_then(|uri| self.numbered(uri, "/ap/announcements/"))
            .map(AnnouncementId::new)
    }

    // The record.

    /// What the record of that name calls itself in its checkpoints: its address without the scheme.
    pub fn record_origin(&self, name: &str) -> String {
        format!("{}/record/{name}", self.authority)
    }

    /// Where the record of that name is, without a slash at the end.
    pub fn record(&self, name: &str) -> String {
        format!("{}/record/{name}", self.base)
    }

    /// One entry of a record.
    pub fn record_entry(&self, name: &str, index: u64) -> String {
        format!("{}/{index}", self.record(name))
    }

    // Pages.

    pub fn agency_page(&self, handle: &Handle) -> String {
        format!("{}/@{handle}", self.base)
    }

    pub fn announcement_page(&self, handle: &Handle, id: AnnouncementId) -> String {
        format!("{}/@{handle}/{id}", self.base)
    }

    /// The page of what an announcement says at length.
    pub fn article_page(&self, handle: &Handle, id: AnnouncementId) -> String {
        format!("{}/article", self.announcement_page(handle, id))
    }

    /// Which announcement a page of ours shows, or the page of its long text: the handle in front may have changed since.
    pub fn announcement_of_page(&self, url: &str) -> Option<AnnouncementId> {
        let path = url.strip_prefix(self.base.as_str())?.strip_prefix("/@")?;
        let (_, id) = path.split(['?', '#']).next()?.split_once('/')?;
        id.strip_suffix("/article").unwrap_or(id).parse().ok()
    }

    /// Where somebody joins by an invitation.
    pub fn joining(&self, token: &str) -> String {
        format!("{}/console/join/{token}", self.base)
    }

    /// Where somebody sets a new password.
    pub fn resetting(&self, token: &str) -> String {
        format!("{}/console/reset/{token}", self.base)
    }

    /// Where an empty server is set up.
    pub fn setting_up(&self, token: &str) -> String {
        format!("{}/console/set-up/{token}", self.base)
    }

    /// Percent-encoded, so that every peer takes it for an address whatever the script of the tag.
    pub fn tag_page(&self, tag: &str) -> String {
        let mut page = format!("{}/tags/", self.base);
        page.extend(url::form_urlencoded::byte_serialize(tag.as_bytes()));
        page
    }

    /// A stored picture, by its digest and type.
    pub fn media(&self, digest: &str, media_type: &str) -> String {
        let ending = match media_type {
            "image/png" => "png",
            "image/gif" => "gif",
            "image/webp" => "webp",
            _ => "jpg",
        };
        format!("{}/media/{digest}.{ending}", self.base)
    }

    fn numbered(&self, uri: &str, path: &str) -> Option<i64> {
        uri.strip_prefix(self.base.as_str())?
            .strip_prefix(path)?
            .parse()
            .ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_lead_back_to_what_they_name() {
        let site = Site::new(
            &Url::parse("https://Social.City.gov:443/").unwrap(),
            Some("City.gov"),
        );
        assert_eq!(
            site.actor(AgencyId::new(7)),
            "https://social.city.gov/ap/agencies/7"
        );
        assert_eq!(
            site.agency_of(&site.actor(AgencyId::new(7))),
            Some(AgencyId::new(7))
        );
        assert_eq!(
            site.agency_of("https://social.city.gov.evil.example/ap/agencies/7"),
            None
        );
        assert_eq!(site.acct(&"water".parse().unwrap()), "water@city.gov");
        assert!(
            site.is_ours("https://social.city.gov/x")
                && !site.is_ours("https://social.city.gov.evil/x")
        );
        assert_eq!(
            site.tag_page("crème_2"),
            "https://social.city.gov/tags/cr%C3%A8me_2"
        );
        let page = site.announcement_page(&"water".parse().unwrap(), AnnouncementId::new(9));
        assert_eq!(
            site.announcement_of_page(&page),
            Some(AnnouncementId::new(9))
        );
        let article = site.article(AnnouncementId::new(9));
        for (uri, named) in [
            (article.as_str(), Some(AnnouncementId::new(9))),
            ("https://social.city.gov/ap/announcements/9", None),
            ("https://social.city.gov/ap/announcements/x/article", None),
        ] {
            assert_eq!(site.article_of(uri), named, "{uri}");
        }
        assert_eq!(site.announcement_of(&article), Some(AnnouncementId::new(9)));
        let page = site.article_page(&"water".parse().unwrap(), AnnouncementId::new(9));
        assert_eq!(page, "https://social.city.gov/@water/9/article");
        assert_eq!(
            site.announcement_of_page(&page),
            Some(AnnouncementId::new(9))
        );
    }
}
