//! What is wrong with what somebody typed: above the form, and at the fields.

use std::borrow::Cow;

use axum::http::StatusCode;
use maud::{Markup, html};

use super::refusal::Refusal;
use crate::web::words::console::Words;

/// Sentences about a form, each about a field of it or about all of it.
pub(super) struct Troubles {
    words: Words,
    status: StatusCode,
    list: Vec<(Option<Cow<'static, str>>, String)>,
}

impl Troubles {
    pub(super) const fn none(words: Words) -> Self {
        Self {
            words,
            status: StatusCode::OK,
            list: vec![],
        }
    }

    /// One that was found by a use case.
    pub(super) fn of(words: Words, refusal: impl Into<Refusal>) -> Self {
        let mut troubles = Self::none(words);
        troubles.add(refusal);
        troubles
    }

    pub(super) fn add(&mut self, refusal: impl Into<Refusal>) {
        let refusal = refusal.into();
        self.status = refusal.status();
        self.list.push((
            refusal.field().map(Cow::Borrowed),
            refusal.sentence(self.words),
        ));
    }

    /// One about a field.
    pub(super) fn about(&mut self, field: impl Into<Cow<'static, str>>, sentence: String) {
        self.status = StatusCode::UNPROCESSABLE_ENTITY;
        self.list.push((Some(field.into()), sentence));
    }

    /// One with an answer's status of its own.
    pub(super) fn told(
        &mut self,
        status: StatusCode,
        field: Option<&'static str>,
        sentence: String,
    ) {
        self.status = status;
        self.list.push((field.map(Cow::Borrowed), sentence));
    }

    /// The language in which they are said.
    pub(super) const fn words(&self) -> Words {
        self.words
    }

    pub(super) const fn are_none(&self) -> bool {
        self.list.is_empty()
    }

    pub(super) const fn status(&self) -> StatusCode {
        self.status
    }

    /// Keeps what is fit, and takes note of what is not.
    pub(super) fn sift<T>(&mut self, result: Result<T, impl Into<Refusal>>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(error) => {
                self.add(error);
                None
            }
        }
    }

    /// The first of them, for where there is room for one.
    pub(super) fn first(&self) -> String {
        let first = self.list.first();
        first
            .map(|(_, sentence)| sentence.clone())
            .unwrap_or_default()
    }

    /// What is wrong with a field.
    pub(super) fn at(&self, field: &str) -> Option<String> {
        let found = self
            .list
            .iter()
            .find(|(at, _)| at.as_deref() == Some(field));
        found.map(|(_, sentence)| sentence.clone())
    }

    /// For above the form; each leads to its field.
    pub(super) fn show(&self) -> Markup {
        html! {
            @if !self.are_none() {
                div.alarm role="alert" {
                    p { strong { (self.words.say("error-prefix")) } }
                    ul {
                        @for (field, sentence) in &self.list {
                            li {
                                @if let Some(field) = field { a href={ "#" (field) } { (sentence) } }
                                @else { (sentence) }
                            }
                        }
                    }
                }
            }
        }
    }
}
