//! Pages for what went wrong, in plain sentences and without a cause that is nobody's business.

use maud::{Markup, html};

use crate::web::words;

use super::head::Meta;
use super::layout;
use super::layout::Sheet;
use super::view::Frame;

/// What a person may meet instead of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// 400
    BadRequest,
    /// 404
    NotFound,
    /// 405
    WrongMethod,
    /// 410
    Gone,
    /// 413
    TooLarge,
    /// 429
    TooMany,
    /// 500
    Internal,
    /// 503
    Unavailable,
}

impl Trouble {
    pub const ALL: [Self; 8] = [
        Self::BadRequest,
        Self::NotFound,
        Self::WrongMethod,
        Self::Gone,
        Self::TooLarge,
        Self::TooMany,
        Self::Internal,
        Self::Unavailable,
    ];

    /// What a failure with this status is to a person.
    pub fn of(status: u16) -> Self {
        let known = Self::ALL.into_iter().find(|it| it.status() == status);
        known.unwrap_or(match status {
            400..500 => Self::BadRequest,
            _ => Self::Internal,
        })
    }

    /// The HTTP status.
    pub const fn status(self) -> u16 {
        match self {
            Self::BadRequest => 400,
            Self::NotFound => 404,
            Self::WrongMethod => 405,
            Self::Gone => 410,
            Self::TooLarge => 413,
            Self::TooMany => 429,
            Self::Internal => 500,
            Self::Unavailable => 503,
        }
    }
}

pub fn page(frame: &Frame, trouble: Trouble) -> Markup {
    let (title, sentence) = words::trouble(trouble.status());
    let main = html! {
        div.error {
            p.kicker { (trouble.status()) }
            h1 { (title) }
            p.lead { (sentence) }
            p { a href="/" { (words::TO_FRONT) } }
        }
    };
    let meta = Meta {
        title: words::titled(title, &frame.name),
        ..Meta::default()
    };
    layout::document(
        frame,
        &Sheet {
            language: words::LANGUAGE,
            meta,
            agency: None,
            main,
        },
    )
}
