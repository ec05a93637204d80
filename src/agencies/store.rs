//! Agencies in the database. The rows never leave this file.

use diesel::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Agency, Picture};
use crate::kernel::{AgencyId, Handle, SafeHtml, Timestamp};
use crate::platform::db::schema::agencies;
use crate::platform::db::{self, Conn};

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = agencies, treat_none_as_null = true, treat_none_as_default_value = false)]
struct Row {
    id: i64,
    handle: String,
    name: String,
    summary: String,
    summary_html: String,
    links: String,
    language: String,
    avatar: Option<String>,
    avatar_alt: String,
    header: Option<String>,
    header_alt: String,
    theme: String,
    aliases: String,
    attribution_domains: String,
    created_at: i64,
    updated_at: i64,
}

fn json<T: Serialize>(value: &T) -> Result<String, db::Error> {
    serde_json::to_string(value)
        .map_err(|_| db::Error::Corrupt("agencies: not to be written as JSON"))
}

fn parsed<T: DeserializeOwned>(text: &str, column: &'static str) -> Result<T, db::Error> {
    serde_json::from_str(text).map_err(|_| db::Error::Corrupt(column))
}

/// A picture in two columns: `type digest`, and the text alternative.
fn to_columns(picture: Option<&Picture>) -> (Option<String>, String) {
    picture.map_or((None, String::new()), |it| {
        (
            Some(format!("{} {}", it.media_type, it.digest)),
            it.alt.clone(),
        )
    })
}

fn from_columns(
    place: Option<String>,
    alt: String,
    column: &'static str,
) -> Result<Option<Picture>, db::Error> {
    let Some(place) = place else { return Ok(None) };
    let (media_type, digest) = place.split_once(' ').ok_or(db::Error::Corrupt(column))?;
    Ok(Some(Picture {
        digest: digest.to_owned(),
        media_type: media_type.to_owned(),
        alt,
    }))
}

impl Row {
    fn new(agency: &Agency) -> Result<Self, db::Error> {
        let (avatar, avatar_alt) = to_columns(agency.avatar.as_ref());
        let (header, header_alt) = to_columns(agency.header.as_ref());
        Ok(Self {
            id: agency.id.get(),
            handle: agency.handle.as_str().to_owned(),
            name: agency.name.clone(),
            summary: agency.summary.clone(),
            summary_html: agency.summary_html.as_str().to_owned(),
            links: json(&agency.links)?,
            language: agency.language.clone(),
            avatar,
            avatar_alt,
            header,
            header_alt,
            theme: json(&agency.theme)?,
            aliases: json(&agency.aliases)?,
            attribution_domains: json(&agency.attribution_domains)?,
            created_at: agency.created_at.micros(),
            updated_at: agency.updated_at.micros(),
        })
    }

    fn into_agency(self) -> Result<Agency, db::Error> {
        Ok(Agency {
            id: AgencyId::new(self.id),
            handle: self
                .handle
                .parse()
                .map_err(|_| db::Error::Corrupt("agencies.handle"))?,
            name: self.name,
            summary: self.summary,
            summary_html: SafeHtml::trusted(self.summary_html),
            links: parsed(&self.links, "agencies.links")?,
            language: self.language,
            avatar: from_columns(self.avatar, self.avatar_alt, "agencies.avatar")?,
            header: from_columns(self.header, self.header_alt, "agencies.header")?,
            theme: parsed(&self.theme, "agencies.theme")?,
            aliases: parsed(&self.aliases, "agencies.aliases")?,
            attribution_domains: parsed(&self.attribution_domains, "agencies.attribution_domains")?,
            created_at: Timestamp::from_micros(self.created_at),
            updated_at: Timestamp::from_micros(self.updated_at),
        })
    }
}

pub(super) fn insert(conn: &mut Conn, agency: &Agency) -> Result<(), db::Error> {
    diesel::insert_into(agencies::table)
        .values(Row::new(agency)?)
        .execute(conn)?;
    Ok(())
}

pub(super) fn update(conn: &mut Conn, agency: &Agency) -> Result<(), db::Error> {
    diesel::update(agencies::table.find(agency.id.get()))
        .set(Row::new(agency)?)
        .execute(conn)?;
    Ok(())
}

pub fn find(conn: &mut Conn, id: AgencyId) -> Result<Option<Agency>, db::Error> {
    let row = agencies::table
        .find(id.get())
        .select(Row::as_select())
        .first(conn)
        .optional()?;
    row.map(Row::into_agency).transpose()
}

pub fn by_ids(conn: &mut Conn, ids: &[AgencyId]) -> Result<Vec<Agency>, db::Error> {
    let rows = agencies::table
        .filter(agencies::id.eq_any(ids.iter().map(|id| id.get())))
        .select(Row::as_select())
        .load(conn)?;
    rows.into_iter().map(Row::into_agency).collect()
}

pub fn find_by_handle(conn: &mut Conn, handle: &Handle) -> Result<Option<Agency>, db::Error> {
    let row = agencies::table
        .filter(agencies::handle.eq(handle.as_str()))
        .select(Row::as_select())
        .first(conn)
        .optional()?;
    row.map(Row::into_agency).transpose()
}

/// All agencies of this server, by name.
pub fn list(conn: &mut Conn) -> Result<Vec<Agency>, db::Error> {
    let rows = agencies::table
        .order(agencies::name)
        .select(Row::as_select())
        .load(conn)?;
    rows.into_iter().map(Row::into_agency).collect()
}
