//! Long texts for their pages, read from the stores.

use crate::kernel::AnnouncementId;
use crate::kernel::Handle;
use crate::kernel::Site;
use crate::platform::db;
use crate::platform::db::Conn;
use crate::publishing;
use crate::publishing::Revision;
use crate::publishing::articles;
use crate::publishing::articles::Wording;
use crate::publishing::drafts;
use crate::publishing::drafts::Content;
use crate::web::pages::view;

use super::Found;

/// What is to be had at the address of a long text.
pub(in crate::web::pages) enum AtLength<T> {
    Page(Box<T>),
    /// The announcement stands, and has no long text, or none any more.
    Nothing {
        agency: Box<view::Agency>,
        had_one: bool,
    },
    Withdrawn(Box<view::WithdrawnPage>),
}

pub(super) fn teaser(
    site: &Site,
    handle: &Handle,
    id: AnnouncementId,
    revision: &Revision,
) -> Option<view::Teaser> {
    let article = revision.article.as_ref()?;
    Some(view::Teaser {
        title: article.title.clone(),
        minutes: article.minutes(),
        page: site.article_page(handle, id),
    })
}

pub(in crate::web::pages) fn article(
    conn: &mut Conn,
    site: &Site,
    id: AnnouncementId,
) -> Result<Option<AtLength<view::ArticlePage>>, db::Error> {
    let page = match super::announcement_alone(conn, site, id)? {
        None => return Ok(None),
        Some(Found::Withdrawn(page)) => return Ok(Some(AtLength::Withdrawn(page))),
        Some(Found::Page(page)) => *page,
    };
    let wordings = articles::wordings(conn, id)?;
    let Some(article) = wordings.last().and_then(|it| it.article.as_ref()) else {
        return Ok(Some(AtLength::Nothing {
            agency: Box::new(page.agency),
            had_one: wordings.iter().any(|it| it.article.is_some()),
        }));
    };
    Ok(Some(AtLength::Page(Box::new(view::ArticlePage {
        title: article.title.clone(),
        minutes: article.minutes(),
        words: article.html.to_text().split_whitespace().count(),
        outline: articles::outline(&article.html),
        html: article.html.clone(),
        wordings: wordings
            .iter()
            .rev()
            .map(|it| wording(it, wordings.first()))
            .collect(),
        agency: page.agency,
        announcement: page.announcement,
    }))))
}

/// How the wording `number` differs from the one before; `None` if there is not both.
pub(in crate::web::pages) fn change(
    conn: &mut Conn,
    site: &Site,
    id: AnnouncementId,
    number: i32,
) -> Result<Option<AtLength<view::ChangePage>>, db::Error> {
    let page = match super::announcement_alone(conn, site, id)? {
        None => return Ok(None),
        Some(Found::Withdrawn(page)) => return Ok(Some(AtLength::Withdrawn(page))),
        Some(Found::Page(page)) => *page,
    };
    let Some(before) = number.checked_sub(1).filter(|it| *it > 0) else {
        return Ok(None);
    };
    let older = publishing::revision(conn, id, before)?;
    let newer = publishing::revision(conn, id, number)?;
    let Some((older, newer)) = older.zip(newer) else {
        return Ok(None);
    };
    let Some(article) = newer.article.as_ref().or(older.article.as_ref()) else {
        return Ok(None);
    };
    Ok(Some(AtLength::Page(Box::new(view::ChangePage {
        agency: page.agency,
        id,
        language: newer.language.clone(),
        title: article.title.clone(),
        before: view::WordingOf {
            number: before,
            at: older.created_at,
            differs: before > 1,
        },
        after: view::WordingOf {
            number,
            at: newer.created_at,
            differs: true,
        },
        pieces: drafts::words(&Content::of(older).text(), &Content::of(newer).text()),
    }))))
}

fn wording(wording: &Wording, first: Option<&Wording>) -> view::WordingOf {
    view::WordingOf {
        number: wording.number,
        at: wording.created_at,
        differs: first.is_some_and(|first| first.number < wording.number),
    }
}
