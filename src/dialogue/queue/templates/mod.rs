//! Texts to begin an answer with: named, in a language, of an agency.

mod store;

use super::Error;
use crate::agencies;
use crate::agencies::staff::{Mandate, Right};
use crate::kernel::{AgencyId, Clock, TemplateId, Timestamp};
use crate::platform::db::Conn;

const LONGEST_NAME: usize = 100;
const LONGEST_TEXT: usize = 5_000;
const MOST: i64 = 200;

/// A text to begin an answer with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    pub id: TemplateId,
    pub(super) agency: AgencyId,
    pub name: String,
    /// BCP 47.
    pub language: String,
    /// Markdown.
    pub text: String,
    pub changed_at: Timestamp,
}

/// One as it is written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Written {
    pub name: String,
    pub language: String,
    pub text: String,
}

/// The agency's templates, by name.
pub fn list(conn: &mut Conn, mandate: &Mandate) -> Result<Vec<Template>, Error> {
    mandate.require(Right::WorkQueue)?;
    Ok(store::list(conn, mandate.agency(), MOST)?)
}

/// A template of the mandate's agency.
pub fn find(conn: &mut Conn, mandate: &Mandate, id: TemplateId) -> Result<Template, Error> {
    mandate.require(Right::WorkQueue)?;
    store::find(conn, id)?
        .filter(|template| template.agency == mandate.agency())
        .ok_or(Error::NoTemplate)
}

/// Adds one.
pub fn add(
    conn: &mut Conn,
    clock: &dyn Clock,
    mandate: &Mandate,
    written: Written,
) -> Result<TemplateId, Error> {
    mandate.require(Right::Draft)?;
    let written = written.checked()?;
    expect_free(conn, mandate, &written, None)?;
    if store::count(conn, mandate.agency())? >= MOST {
        return Err(Error::TooManyTemplates);
    }
    let (agency, by) = (mandate.agency(), mandate.person());
    Ok(store::insert(conn, agency, by, clock.now(), &written)?)
}

/// Writes one anew.
pub fn change(
    conn: &mut Conn,
    clock: &dyn Clock,
    mandate: &Mandate,
    id: TemplateId,
    written: Written,
) -> Result<(), Error> {
    mandate.require(Right::Draft)?;
    let template = find(conn, mandate, id)?;
    let written = written.checked()?;
    expect_free(conn, mandate, &written, Some(template.id))?;
    Ok(store::update(
        conn,
        template.id,
        mandate.person(),
        clock.now(),
        &written,
    )?)
}

/// Takes one away. What was written with it stays.
pub fn remove(conn: &mut Conn, mandate: &Mandate, id: TemplateId) -> Result<(), Error> {
    mandate.require(Right::Draft)?;
    let template = find(conn, mandate, id)?;
    Ok(store::delete(conn, template.id)?)
}

fn expect_free(
    conn: &mut Conn,
    mandate: &Mandate,
    written: &Written,
    own: Option<TemplateId>,
) -> Result<(), Error> {
    let named = store::named(conn, mandate.agency(), &written.name, &written.language);
    match named? {
        Some(other) if Some(other) != own => Err(Error::TemplateTaken),
        _ => Ok(()),
    }
}

impl Written {
    fn checked(self) -> Result<Self, Error> {
        let (name, text) = (self.name.trim(), self.text.trim());
        let fits = |text: &str, longest| (1..=longest).contains(&text.chars().count());
        if !fits(name, LONGEST_NAME) || !fits(text, LONGEST_TEXT) {
            return Err(Error::Template);
        }
        let language = agencies::language(&self.language)
            .map_err(|_| Error::Language(self.language.chars().take(40).collect()))?;
        Ok(Self {
            name: name.to_owned(),
            language,
            text: text.to_owned(),
        })
    }
}

impl From<&Template> for Written {
    fn from(template: &Template) -> Self {
        Self {
            name: template.name.clone(),
            language: template.language.clone(),
            text: template.text.clone(),
        }
    }
}
