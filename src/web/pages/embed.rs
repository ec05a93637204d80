//! An announcement for the inside of somebody else's page. Sent with [`super::policy::EMBED`].

use maud::{DOCTYPE, Markup, html};

use crate::web::words;

use super::card;
use super::head::Meta;
use super::head::head;
use super::language;
use super::layout;
use super::poll;
use super::view::AnnouncementPage;
use super::view::Frame;

/// The thread of `view` is not shown, and need not be filled.
pub fn page(frame: &Frame, view: &AnnouncementPage) -> Markup {
    let announcement = &view.announcement;
    let language = announcement.language.as_str();
    let ours = layout::ours(language);
    let meta = Meta {
        title: words::announcements_of(&view.agency.name),
        ..Meta::default()
    };
    html! {
        (DOCTYPE)
        html.embedded lang=(language) dir=(language::direction(language)) {
            (head(frame, language, &meta, Some(&view.agency.theme)))
            body {
                main {
                    article.announcement {
                        h1.vh lang=[ours] { (words::announcement_of(announcement.published_at)) }
                        (layout::letterhead(frame, &view.agency))
                        @if let Some(teaser) = announcement.article.as_ref().filter(|_| announcement.warning.is_none()) {
                            p.article-title { (teaser.title) }
                        }
                        (card::content(frame, card::Content { article: None, ..announcement.into() }, ours))
                        @if let Some(poll) = &announcement.poll { (poll::brief(poll, language, language)) }
                        @if !announcement.series.further.is_empty() {
                            p.hint lang=[ours] { (words::posts_more(announcement.series.further.len())) }
                        }
                        @if let Some(teaser) = &announcement.article {
                            p.read-on lang=[ours] { a href=(teaser.page) target="_top" { (words::article::read(teaser.minutes)) } }
                        }
                        p.dates lang=[ours] {
                            // Inside a frame a link would open the page in it; this one leaves it.
                            a href=(frame.announcement(&view.agency.handle, announcement.id)) target="_top" {
                                (words::PUBLISHED) " " (layout::moment(announcement.published_at))
                            }
                            " · " (words::replies(announcement.counts.replies))
                            @if let Some(mark) = &announcement.record {
                                " · " a href=(mark.url) target="_top" { (words::record::place(mark.number)) }
                            }
                        }
                    }
                }
            }
        }
    }
}
