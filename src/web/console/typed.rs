//! What somebody typed into a form, or an address asks for.

use std::convert::Infallible;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header;
use axum::http::request::Parts;
use url::form_urlencoded;

use crate::web::{Problem, State as Web};

/// The fields of a form. One that is not there is empty: what has to be there is said by whoever reads it.
#[derive(Clone, Default)]
pub(super) struct Typed(Vec<(String, String)>);

impl Typed {
    pub(super) const fn of(fields: Vec<(String, String)>) -> Self {
        Self(fields)
    }

    /// As a browser would send it.
    pub(super) fn encoded(&self) -> String {
        form_urlencoded::Serializer::new(String::new())
            .extend_pairs(&self.0)
            .finish()
    }

    /// The first field of that name.
    pub(super) fn get(&self, name: &str) -> &str {
        self.all(name).next().unwrap_or_default()
    }

    /// All fields of that name: boxes that are ticked.
    pub(super) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        let fields = self.0.iter().filter(move |(key, _)| key == name);
        fields.map(|(_, value)| value.as_str())
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.all(name).next().is_some()
    }

    /// A field that may be left empty.
    pub(super) fn some(&self, name: &str) -> Option<&str> {
        Some(self.get(name).trim()).filter(|text| !text.is_empty())
    }
}

impl FromRequest<Web> for Typed {
    type Rejection = Problem;

    async fn from_request(request: Request, web: &Web) -> Result<Self, Self::Rejection> {
        let kind = request.headers().get(header::CONTENT_TYPE);
        let is_form = kind.is_some_and(|kind| {
            kind.as_bytes()
                .starts_with(b"application/x-www-form-urlencoded")
        });
        if !is_form {
            return Ok(Self::default());
        }
        let bytes = Bytes::from_request(request, web)
            .await
            .map_err(|_| Problem::TooLarge)?;
        Ok(Self(form_urlencoded::parse(&bytes).into_owned().collect()))
    }
}

/// What stands behind the `?` of an address.
#[derive(Clone, Default)]
pub(super) struct Asked(Typed);

impl Asked {
    /// What stands there under a name; empty if nothing does.
    pub(super) fn get(&self, name: &str) -> &str {
        self.0.get(name)
    }

    /// Where somebody was going.
    pub(super) fn to(&self) -> Option<&str> {
        self.0.some("to")
    }

    /// What was done just before, to be said on this page.
    pub(super) fn done(&self) -> Option<&str> {
        self.0.some("done")
    }

    /// What it says under a name, if anything.
    pub(super) fn some(&self, name: &str) -> Option<&str> {
        self.0.some(name)
    }

    /// The month of a calendar.
    pub(super) fn month(&self) -> Option<&str> {
        self.0.some("month")
    }

    /// The line before which a page of lines begins.
    pub(super) fn before(&self) -> Option<&str> {
        self.0.some("before")
    }
}

impl FromRequestParts<Web> for Asked {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &Web) -> Result<Self, Self::Rejection> {
        let query = parts.uri.query().unwrap_or_default().as_bytes();
        Ok(Self(Typed(
            form_urlencoded::parse(query).into_owned().collect(),
        )))
    }
}
