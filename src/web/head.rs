//! What a page tells machines: search engines, link previews, feed readers and other fediverse servers.

use maud::{Markup, PreEscaped, html};
use serde_json::Value;

use crate::kernel::Timestamp;

use super::assets::Asset;
use super::frame::Frame;
use super::frame::Picture;
use super::frame::Theme;
use super::language;

/// A page's head. Addresses are absolute.
#[derive(Default)]
pub(super) struct Meta {
    pub(super) title: String,
    pub(super) description: String,
    /// The one address of this page; none where there is nothing to share or find.
    pub(super) canonical: Option<String>,
    /// Open Graph's type: `website` unless told.
    pub(super) kind: Option<&'static str>,
    /// Open Graph's title, if the page's own is not fit.
    pub(super) preview_title: Option<String>,
    pub(super) image: Option<Picture>,
    pub(super) published: Option<Timestamp>,
    pub(super) modified: Option<Timestamp>,
    /// `@water@city.gov`, who wrote this: Mastodon shows it below link previews.
    pub(super) creator: Option<String>,
    /// `water`, on an agency's own page.
    pub(super) username: Option<String>,
    pub(super) alternates: Vec<Alternate>,
    /// Other places that are the same agency.
    pub(super) me: Vec<String>,
    pub(super) json_ld: Option<Value>,
    /// Besides the one of every page.
    pub(super) style_sheets: Vec<Asset>,
    pub(super) scripts: Vec<Asset>,
}

/// The same in another form.
pub(super) struct Alternate {
    pub(super) media_type: &'static str,
    pub(super) href: String,
    pub(super) title: Option<String>,
}

pub(super) fn head(frame: &Frame, language: &str, meta: &Meta, theme: Option<&Theme>) -> Markup {
    let preview_title = meta.preview_title.as_ref().unwrap_or(&meta.title);
    html! {
        head {
            meta charset="utf-8";
            title { (meta.title) }
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="color-scheme" content="light dark";
            link rel="icon" type="image/svg+xml" href="/favicon.svg";
            link rel="stylesheet" href=(Asset::StyleSheet.path());
            @for sheet in &meta.style_sheets {
                link rel="stylesheet" href=(sheet.path());
            }
            @if let Some(sheet) = theme.and_then(|theme| theme.stylesheet.as_ref()) {
                link rel="stylesheet" href=(frame.path(sheet));
            }
            @if let Some(canonical) = &meta.canonical {
                meta name="description" content=(meta.description);
                link rel="canonical" href=(canonical);
                meta property="og:site_name" content=(frame.name);
                meta property="og:type" content=(meta.kind.unwrap_or("website"));
                meta property="og:title" content=(preview_title);
                meta property="og:description" content=(meta.description);
                meta property="og:url" content=(canonical);
                meta property="og:locale" content=(language::locale(language));
                @if let Some(image) = &meta.image {
                    meta property="og:image" content=(image.url);
                    meta property="og:image:alt" content=(image.alt);
                }
                @if let Some(at) = meta.published {
                    // Mastodon writes and reads the first, everybody else the second.
                    meta property="og:published_time" content=(at.to_whole_second());
                    meta property="article:published_time" content=(at.to_whole_second());
                }
                @if let Some(at) = meta.modified {
                    meta property="article:modified_time" content=(at.to_whole_second());
                }
                @if let Some(username) = &meta.username {
                    meta property="profile:username" content=(username);
                }
                meta name="twitter:card" content=(if meta.kind == Some("article") && meta.image.is_some() { "summary_large_image" } else { "summary" });
            } @else {
                meta name="robots" content="noindex";
            }
            @if let Some(creator) = &meta.creator {
                meta name="fediverse:creator" content=(creator);
            }
            @for alternate in &meta.alternates {
                link rel="alternate" type=(alternate.media_type) href=(alternate.href) title=[&alternate.title];
            }
            @for me in &meta.me {
                link rel="me" href=(me);
            }
            @for script in &meta.scripts {
                script type="module" src=(script.path()) {}
            }
            @if let Some(value) = &meta.json_ld {
                script type="application/ld+json" { (json_ld(value)) }
            }
        }
    }
}

/// JSON for a data block: nothing in it can end the element or open a comment, whatever an agency is called.
///
/// Content Security Policy does not stop data blocks, since no browser runs them.
fn json_ld(value: &Value) -> PreEscaped<String> {
    PreEscaped(
        value
            .to_string()
            .replace('<', "\\u003c")
            .replace('>', "\\u003e")
            .replace('&', "\\u0026"),
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn json_ld_cannot_leave_its_element() {
        let value = json!({"name": "</script><script>alert(1)</script><!-- & \" ]]>"});
        let block = json_ld(&value).0;
        assert!(!block.contains(['<', '>', '&']), "{block}");
        assert_eq!(serde_json::from_str::<Value>(&block).unwrap(), value);
    }
}
