//! Addresses as a page writes them: paths for what is here, nothing but the web for what is not.

use url::Url;

use crate::kernel::AnnouncementId;
use crate::kernel::Handle;

use super::frame::Frame;

impl Frame {
    /// One of our own addresses without scheme and host, so that a page works behind any proxy.
    pub(super) fn path<'a>(&self, url: &'a str) -> &'a str {
        match url.strip_prefix(self.site.base()) {
            Some("") => "/",
            Some(path) if path.starts_with('/') => path,
            _ => url,
        }
    }

    pub(super) fn agency(&self, handle: &Handle) -> String {
        self.path(&self.site.agency_page(handle)).to_owned()
    }

    pub(super) fn announcement(&self, handle: &Handle, id: AnnouncementId) -> String {
        self.path(&self.site.announcement_page(handle, id))
            .to_owned()
    }

    /// With the hashtag percent-encoded: it may be of any script.
    pub(super) fn tag_url(&self, tag: &str) -> String {
        let url = self.site.tag_page(tag);
        Url::parse(&url).map_or(url, String::from)
    }

    pub(super) fn acct(&self, handle: &Handle) -> String {
        format!("@{}", self.site.acct(handle))
    }

    pub(super) fn rss(&self, handle: &Handle) -> String {
        format!("{}.rss", self.site.agency_page(handle))
    }

    pub(super) fn atom(&self, handle: &Handle) -> String {
        format!("{}.atom", self.site.agency_page(handle))
    }

    /// Where the oEmbed document of a page of ours is to be had.
    pub(super) fn oembed(&self, page: &str) -> String {
        let mut url = format!("{}/api/oembed?url=", self.site.base());
        url.extend(url::form_urlencoded::byte_serialize(page.as_bytes()));
        url
    }
}

/// An address on the web that somebody else gave, fit to be followed; anything but `http` and `https` is not.
pub(super) fn outward(url: &str) -> Option<&str> {
    let scheme = url.split_once(':')?.0;
    (scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http")).then_some(url)
}

/// As [`outward`], and `mailto:` and `tel:` too: for links that an agency or the server's operator set.
pub(super) fn contact(url: &str) -> Option<&str> {
    let scheme = url.split_once(':')?.0;
    ["mailto", "tel"]
        .iter()
        .any(|allowed| scheme.eq_ignore_ascii_case(allowed))
        .then_some(url)
        .or_else(|| outward(url))
}

/// The host that a page of somebody else's stands on.
pub(super) fn host(url: &str) -> Option<String> {
    Url::parse(url).ok()?.host_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_web_is_followed() {
        assert_eq!(outward("https://a.example/x"), Some("https://a.example/x"));
        assert_eq!(outward("HTTP://a.example"), Some("HTTP://a.example"));
        for hostile in [
            "javascript:alert(1)",
            " javascript:alert(1)",
            "data:text/html,x",
            "vbscript:x",
            "//evil.example",
            "",
        ] {
            assert_eq!(outward(hostile), None, "{hostile}");
            assert_eq!(contact(hostile), None, "{hostile}");
        }
        assert_eq!(contact("mailto:a@city.gov"), Some("mailto:a@city.gov"));
    }
}
