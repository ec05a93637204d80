//! A post as Mastodon will show it: what its sanitiser keeps, the fold, the warning, the pictures, the card of a link.

use maud::{Markup, PreEscaped, html};

use super::{article, poll};
use crate::agencies::Agency;
use crate::kernel::SafeHtml;
use crate::kernel::Site;
use crate::publishing::drafts::Content;
use crate::publishing::{Image, articles, markdown};
use crate::web::frame::Picture;
use crate::web::language;
use crate::web::words::console::Words;

/// A longer text is folded by Mastodon's clients: its readers see the beginning, and open the rest.
const FOLDED_BEYOND: usize = 500;
/// What an address counts for with the lines before it.
const ADDRESS: usize = 26;

/// What is shown, and whose it is.
#[derive(Clone, Copy)]
pub(in crate::web::console) struct Post<'a> {
    pub(in crate::web::console) site: &'a Site,
    pub(in crate::web::console) agency: &'a Agency,
    pub(in crate::web::console) content: &'a Content,
}

/// The post on a follower's server. It works without script: the warning and the fold are the browser's.
pub(in crate::web::console) fn preview(words: Words, post: &Post<'_>) -> Markup {
    let content = post.content;
    let rendered = markdown::render(&content.markdown, post.site, &content.mentions);
    let page = article_page(post);
    let titled = content.article.as_ref().map(|it| it.title.trim());
    let (mut html, mut length) = (rendered.html.into_string(), rendered.length);
    if let Some(title) = titled {
        html.push_str(&articles::pointer(title, &page));
        length += title.chars().count() + ADDRESS;
    }
    // Written for its sanitiser, and put through one that keeps the same, so that nothing here is better than there.
    let kept = SafeHtml::from_foreign(&html);
    let warning = content.warning.as_deref().map(str::trim);
    let warning = warning.filter(|text| !text.is_empty());
    let card = card(post, warning, &kept);
    let body = html! {
        (text(words, content, &kept, length))
        (pictures(words, post.site, content))
        @if let Some(question) = &content.poll { (poll::shown(words, question)) }
        @match (titled, &card) {
            (Some(title), _) if is_carded(post, warning) => { (article::card(words, title, &page, &content.language)) }
            (None, Some(address)) => { (link_card(words, address)) }
            _ => {}
        }
    };
    html! {
        article.post aria-label=(words.say("draft-preview-of")) {
            (speaker(words, post))
            @match warning {
                None => { (body) }
                Some(warning) => {
                    details.warning {
                        summary {
                            span.warning-label { (words.say("draft-warning")) } " "
                            span.warning-text lang=(content.language) dir=(language::direction(&content.language)) { (warning) }
                        }
                        (body)
                    }
                }
            }
        }
    }
}

fn speaker(words: Words, post: &Post<'_>) -> Markup {
    let agency = post.agency;
    html! {
        header.byline {
            @match &agency.avatar {
                Some(avatar) => {
                    img.portrait src=(path(post.site, &Picture::of(post.site, avatar).url)) alt="" width="48" height="48";
                }
                None => {
                    span.portrait.initial aria-hidden="true" { (agency.name.chars().next().unwrap_or('·')) }
                }
            }
            div {
                p.name { bdi { (agency.name) } }
                p.acct dir="ltr" { "@" (post.site.acct(&agency.handle)) }
            }
            p.post-language {
                span.vh { (words.say("draft-language")) " " }
                bdi lang="en" { (post.content.language) }
            }
        }
    }
}

fn text(words: Words, content: &Content, kept: &SafeHtml, length: usize) -> Markup {
    let (language, folded) = (content.language.as_str(), length > FOLDED_BEYOND);
    html! {
        @if kept.is_blank() { p.empty { (words.say("draft-preview-empty")) } }
        @else {
            div.prose.folded[folded] lang=(language) dir=(language::direction(language)) { (PreEscaped(kept.as_str())) }
        }
        @if folded {
            details.unfold { summary { (words.say("draft-read-more")) } }
        }
    }
}

fn pictures(words: Words, site: &Site, content: &Content) -> Markup {
    html! {
        @if !content.images.is_empty() {
            ul.images data-count=(content.images.len()) {
                @for image in &content.images {
                    li {
                        figure {
                            (picture(site, image))
                            figcaption lang=(content.language) dir=(language::direction(&content.language)) {
                                span.alt-mark aria-hidden="true" lang="en" { "ALT" } " "
                                @if image.alt.trim().is_empty() { strong.wrong { (words.say("draft-alt-missing")) } }
                                @else { (image.alt) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// A picture, cut around its focal point where it is cut.
pub(in crate::web::console) fn picture(site: &Site, image: &Image) -> Markup {
    let (x, y) = image.focus.unwrap_or_default();
    html! {
        img src=(path(site, &site.media(&image.digest, &image.media_type))) alt=(image.alt)
            width=(image.width) height=(image.height) loading="lazy" decoding="async"
            data-x=(step(x)) data-y=(step(-y));
    }
}

/// A place between −1 and 1 as one of nine steps, which the style sheet knows.
fn step(place: f64) -> u8 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 0 and 8"
    )]
    let step = ((place.clamp(-1.0, 1.0) + 1.0) * 4.0).round() as u8;
    step
}

/// An address of ours as a path, since a page may show pictures of its own server only.
fn path<'a>(site: &Site, url: &'a str) -> &'a str {
    url.strip_prefix(site.base()).unwrap_or(url)
}

/// What becomes a card: the first link that is no mention, no hashtag and none of ours, where there is neither a
/// picture nor a warning.
fn card(post: &Post<'_>, warning: Option<&str>, kept: &SafeHtml) -> Option<String> {
    if !is_carded(post, warning) {
        return None;
    }
    let links = kept.as_str().split("<a ").skip(1);
    links
        .filter_map(|link| {
            let (attributes, _) = link.split_once('>')?;
            if attributes.contains("class=\"") {
                return None;
            }
            let (_, rest) = attributes.split_once("href=\"")?;
            Some(rest.split_once('"')?.0.replace("&amp;", "&"))
        })
        .find(|address| !post.site.is_ours(address))
}

const fn is_carded(post: &Post<'_>, warning: Option<&str>) -> bool {
    warning.is_none() && post.content.images.is_empty()
}

/// Where the long text will stand; its number is given when it is published.
fn article_page(post: &Post<'_>) -> String {
    format!("{}/…/article", post.site.agency_page(&post.agency.handle))
}

fn link_card(words: Words, address: &str) -> Markup {
    let host = url::Url::parse(address).ok();
    let host = host.as_ref().and_then(url::Url::host_str);
    html! {
        div.link-card {
            p.link-card-host dir="ltr" { (host.unwrap_or(address)) }
            p.hint { (words.say("draft-card")) }
            p.acct dir="ltr" { (address) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agencies::New;
    use crate::agencies::Theme;
    use crate::kernel::AgencyId;
    use crate::kernel::Timestamp;
    use crate::publishing::Mention;

    fn agency() -> Agency {
        let new = New {
            handle: "water".parse().unwrap(),
            name: "Water & Works".to_owned(),
            summary: String::new(),
            summary_html: SafeHtml::default(),
            links: vec![],
            language: "en".to_owned(),
            avatar: None,
            header: None,
        };
        Agency {
            id: AgencyId::new(1),
            handle: new.handle,
            name: new.name,
            summary: new.summary,
            summary_html: new.summary_html,
            links: new.links,
            language: new.language,
            avatar: None,
            header: None,
            theme: Theme::default(),
            aliases: vec![],
            attribution_domains: vec![],
            created_at: Timestamp::from_micros(0),
            updated_at: Timestamp::from_micros(0),
        }
    }

    fn shown(content: &Content) -> String {
        let site = Site::new(&"https://social.city.gov".parse().unwrap(), None);
        let agency = agency();
        let post = Post {
            site: &site,
            agency: &agency,
            content,
        };
        preview(Words::of("en"), &post).into_string()
    }

    fn content(markdown: &str) -> Content {
        Content {
            markdown: markdown.to_owned(),
            language: "en".to_owned(),
            ..Content::default()
        }
    }

    #[test]
    fn a_post_looks_as_it_will() {
        let shown = shown(&content(
            "# Pool\n\nIt **opens**.\n\n| a | b |\n|---|---|\n",
        ));
        assert!(shown.contains("<p><strong>Pool</strong></p>"), "{shown}");
        assert!(shown.contains("Water &amp; Works"), "{shown}");
        assert!(shown.contains("@water@social.city.gov"), "{shown}");
        assert!(
            !shown.contains("<h1") && !shown.contains("<table"),
            "{shown}"
        );
        assert!(!shown.contains("link-card") && !shown.contains("folded"));
    }

    #[test]
    fn the_first_link_elsewhere_becomes_a_card_if_nothing_is_in_its_way() {
        let mention = Mention {
            acct: "ada@example.org".to_owned(),
            uri: "https://example.org/ada".to_owned(),
            url: "https://example.org/@ada".to_owned(),
        };
        let text = "@ada@example.org #pool https://social.city.gov/@water https://city.gov/?a=1&b=2 https://later.example/";
        let plain = Content {
            mentions: vec![mention],
            ..content(text)
        };
        let card = |content: &Content| {
            let shown = shown(content);
            let (_, card) = shown.split_once("class=\"link-card\"")?;
            Some(card.to_owned())
        };
        let found = card(&plain).unwrap();
        assert!(found.contains("https://city.gov/?a=1&amp;b=2"), "{found}");
        let warned = Content {
            warning: Some("Heights".to_owned()),
            ..plain.clone()
        };
        assert_eq!(card(&warned), None);
        let image = Image {
            digest: "0".repeat(64),
            media_type: "image/png".to_owned(),
            alt: String::new(),
            width: 1,
            height: 1,
            blurhash: String::new(),
            focus: Some((1.0, -1.0)),
        };
        let pictured = Content {
            images: vec![image],
            ..plain
        };
        assert_eq!(card(&pictured), None);
        let shown = shown(&pictured);
        assert!(shown.contains("data-x=\"8\" data-y=\"8\""), "{shown}");
        assert!(
            shown.contains("class=\"wrong\""),
            "no text alternative: {shown}"
        );
    }

    #[test]
    fn a_warning_is_closed_and_a_long_text_is_folded() {
        let warned = Content {
            warning: Some("<Heights>".to_owned()),
            ..content("Look.")
        };
        let closed = shown(&warned);
        assert!(
            closed.contains("<details class=\"warning\"><summary>"),
            "{closed}"
        );
        assert!(closed.contains("&lt;Heights&gt;"));
        let long = shown(&content(&"word ".repeat(101)));
        assert!(
            long.contains("folded") && long.contains("<details class=\"unfold\">"),
            "{long}"
        );
        assert!(shown(&content(" ")).contains("class=\"empty\""));
    }
}
