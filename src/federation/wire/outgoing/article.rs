//! What an announcement says at length, as an `Article` (FEP-b2b8), and how its `Note` leads there.
//!
//! The `Article` is never sent: Mastodon would show a second post, without its text. Who wants it fetches it.

use serde_json::{Value, json};

use crate::agencies::Agency;
use crate::kernel::AnnouncementId;
use crate::kernel::Site;
use crate::kernel::Timestamp;
use crate::publishing::Announcement;
use crate::publishing::articles;
use crate::publishing::articles::Article;

use super::context;
use super::document::Document;
use super::note::{addressed, hashtag, stone, tags};

/// The text of a `Note`: what was written and, if there is more to read, where.
pub(super) fn content(site: &Site, agency: &Agency, announcement: &Announcement) -> String {
    let mut content = announcement.revision.html.as_str().to_owned();
    if let Some(article) = &announcement.revision.article {
        let page = site.article_page(&agency.handle, announcement.id);
        content.push_str(&articles::pointer(&article.title, &page));
    }
    content
}

/// Mastodon makes its card of this one (from 4.7), whatever other links the text has. It is no medium, which would
/// stand in the card's way.
pub(super) fn link(site: &Site, agency: &Agency, announcement: &Announcement) -> Option<Value> {
    let article = announcement.revision.article.as_ref()?;
    Some(json!({
        "type": "Link",
        "href": site.article_page(&agency.handle, announcement.id),
        "mediaType": "text/html",
        "name": article.title,
    }))
}

/// The document behind the id of an announcement's long text.
pub fn article(
    site: &Site,
    agency: &Agency,
    announcement: &Announcement,
    article: &Article,
) -> Value {
    let revision = &announcement.revision;
    let language = revision.language.as_str();
    let (content, summary) = (article.html.as_str(), revision.html.as_str());
    let published = announcement.published_at.to_whole_second().to_string();
    let updated = announcement
        .edited_at
        .map(|at| at.max(announcement.published_at).to_string());
    let own = article.hashtags();
    let further = own
        .iter()
        .filter(|tag| revision.hashtags.iter().all(|it| it.tag != tag.tag));
    let tags: Vec<Value> = tags(site, revision)
        .into_iter()
        .chain(further.map(|tag| hashtag(site, tag)))
        .collect();
    // For those who show nothing but notes; it has no id, since it is not the announcement, which leads here.
    let title = crate::publishing::markdown::escaped(&article.title);
    let short = format!("<p><strong>{title}</strong></p>{summary}");
    let preview = Document::anonymous("Note")
        .with("attributedTo", site.actor(agency.id))
        .with("published", published.as_str())
        .maybe("updated", updated.as_deref())
        .maybe("summary", revision.warning.as_deref())
        .with("sensitive", revision.warning.is_some())
        .with("content", short.as_str())
        .with("contentMap", json!({language: short}));
    addressed(
        Document::new("Article", site.article(announcement.id))
            .with("attributedTo", site.actor(agency.id)),
        site,
        agency.id,
        revision,
    )
    .with("published", published.as_str())
    .maybe("updated", updated.as_deref())
    .with("url", site.article_page(&agency.handle, announcement.id))
    .with("name", article.title.as_str())
    .with("nameMap", json!({language: article.title}))
    // Of an `Article` it is the beginning and no warning.
    .with("summary", summary)
    .with("summaryMap", json!({language: summary}))
    .with("sensitive", revision.warning.is_some())
    .with("content", content)
    .with("contentMap", json!({language: content}))
    .with(
        "source",
        json!({"mediaType": "text/markdown", "content": article.markdown}),
    )
    .with("preview", preview.inner())
    .with("tag", tags)
    .with("context", site.context(announcement.thread))
    // One answers the announcement, or its long text: it is one conversation.
    .with("replies", site.replies(announcement.id))
    .outer(context::post())
}

/// What stands in the place of a long text that was withdrawn or taken away; to be served with status 410.
pub fn article_tombstone(site: &Site, id: AnnouncementId, gone_at: Timestamp) -> Value {
    stone(site.article(id), "Article", gone_at).outer(context::post())
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::note::note;
    use super::super::tests::{ANNOUNCEMENT, TOTALS, agency, announcement, site};
    use super::*;
    use crate::kernel::SafeHtml;
    use crate::publishing::Revision;

    /// With a long text.
    pub(in super::super) fn announcement_at_length() -> Announcement {
        let article = Article {
            title: "The plan & the pipes".to_owned(),
            markdown: "## Why\n\nOld. #Pipes #drinkingwater".to_owned(),
            html: SafeHtml::trusted("<h2 id=\"s-why\">Why</h2><p>Old.</p>".to_owned()),
        };
        Announcement {
            in_reply_to: None,
            revision: Revision {
                article: Some(article),
                ..announcement().revision
            },
            ..announcement()
        }
    }

    pub(in super::super) fn long_text(site: &Site) -> Value {
        let announcement = announcement_at_length();
        let text = announcement.revision.article.clone().unwrap();
        article(site, &agency(), &announcement, &text)
    }

    #[test]
    fn a_note_leads_to_its_long_text_and_does_not_hold_it() {
        let document = note(&site(), &agency(), &announcement_at_length(), TOTALS);
        let page = site().article_page(&agency().handle, ANNOUNCEMENT);
        let content = document["content"].as_str().unwrap();
        assert!(content.starts_with(announcement().revision.html.as_str()));
        assert!(content.contains(&format!("<a href=\"{page}\"")) && !content.contains("Old."));
        assert!(content.contains("<strong>The plan &amp; the pipes</strong>"));
        // Its mark-up is what Mastodon keeps.
        assert_eq!(
            SafeHtml::from_foreign(content).to_text(),
            SafeHtml::trusted(content.to_owned()).to_text()
        );
        assert_eq!(document["contentMap"]["en"], content);
        let links: Vec<&Value> = document["attachment"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|it| it["type"] == "Link")
            .collect();
        assert_eq!((links.len(), &links[0]["href"]), (1, &json!(page)));

        let document = long_text(&site());
        assert_eq!(document["url"], page);
        assert_eq!(document["summary"], announcement().revision.html.as_str());
        let preview = &document["preview"];
        assert!(
            !preview["content"].as_str().unwrap().contains("href"),
            "FEP-b2b8 wants no link in it"
        );
        assert_eq!(
            (&preview["type"], &preview["id"]),
            (&json!("Note"), &Value::Null)
        );
        let names: Vec<&Value> = document["tag"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| &it["name"])
            .collect();
        assert_eq!(
            names,
            ["@citizen@example.social", "#DrinkingWater", "#Pipes"]
        );
    }
}
