//! Long texts in the database. The rows never leave this file.

use std::collections::HashMap;

use diesel::prelude::*;

use super::Article;
use crate::kernel::{AnnouncementId, SafeHtml, Timestamp};
use crate::platform::db::schema::{announcements, articles, revisions};
use crate::platform::db::{self, Conn};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = articles)]
struct Row {
    announcement_id: i64,
    number: i32,
    title: String,
    markdown: String,
    html: String,
}

impl From<Row> for Article {
    fn from(row: Row) -> Self {
        Self {
            title: row.title,
            markdown: row.markdown,
            html: SafeHtml::trusted(row.html),
        }
    }
}

/// A long text as it stood in one wording of its announcement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wording {
    /// Of the revision.
    pub number: i32,
    pub created_at: Timestamp,
    /// None if that wording had none.
    pub article: Option<Article>,
}

pub(in crate::publishing) fn insert(
    conn: &mut Conn,
    id: AnnouncementId,
    number: i32,
    article: &Article,
) -> Result<(), db::Error> {
    let row = Row {
        announcement_id: id.get(),
        number,
        title: article.title.clone(),
        markdown: article.markdown.clone(),
        html: article.html.as_str().to_owned(),
    };
    diesel::insert_into(articles::table)
        .values(row)
        .execute(conn)?;
    Ok(())
}

/// The long texts of the newest wordings of those of these announcements that have one.
pub(in crate::publishing) fn of(
    conn: &mut Conn,
    ids: &[i64],
) -> Result<HashMap<i64, Article>, db::Error> {
    let rows: Vec<Row> = articles::table
        .inner_join(announcements::table)
        .filter(announcements::id.eq_any(ids))
        .filter(articles::number.eq(announcements::revision))
        .select(Row::as_select())
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|row| (row.announcement_id, row.into()))
        .collect())
}

/// The long text of one wording, however old.
pub fn find(
    conn: &mut Conn,
    id: AnnouncementId,
    number: i32,
) -> Result<Option<Article>, db::Error> {
    let row: Option<Row> = articles::table
        .find((id.get(), number))
        .select(Row::as_select())
        .first(conn)
        .optional()?;
    Ok(row.map(Article::from))
}

/// Every wording of an announcement with its long text, the oldest first.
pub fn wordings(conn: &mut Conn, id: AnnouncementId) -> Result<Vec<Wording>, db::Error> {
    let rows: Vec<Row> = articles::table
        .filter(articles::announcement_id.eq(id.get()))
        .select(Row::as_select())
        .load(conn)?;
    let mut by_number: HashMap<i32, Article> = rows
        .into_iter()
        .map(|row| (row.number, row.into()))
        .collect();
    let written: Vec<(i32, i64)> = revisions::table
        .filter(revisions::announcement_id.eq(id.get()))
        .order(revisions::number)
        .select((revisions::number, revisions::created_at))
        .load(conn)?;
    Ok(written
        .into_iter()
        .map(|(number, at)| Wording {
            number,
            created_at: Timestamp::from_micros(at),
            article: by_number.remove(&number),
        })
        .collect())
}

/// Destroys what the long texts of an announcement say, in all its wordings.
pub(in crate::publishing) fn erase(conn: &mut Conn, id: AnnouncementId) -> Result<(), db::Error> {
    diesel::update(articles::table.filter(articles::announcement_id.eq(id.get())))
        .set((
            articles::title.eq(""),
            articles::markdown.eq(""),
            articles::html.eq(""),
        ))
        .execute(conn)?;
    Ok(())
}
