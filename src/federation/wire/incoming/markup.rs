//! Mark-up from elsewhere, before the sanitiser.

use serde_json::{Map, Value};

use crate::kernel::SafeHtml;

use super::{LONGEST_HTML, read};

/// Text of a foreign post as it came, cut at [`LONGEST_HTML`] bytes. Only [`ForeignHtml::sanitised`] lets it out.
#[derive(Clone, PartialEq, Eq)]
pub struct ForeignHtml {
    text: String,
    is_html: bool,
}

impl ForeignHtml {
    /// The `content`, or the first value of `contentMap` where that alone is sent.
    pub(super) fn content(map: &Map<String, Value>) -> Option<Self> {
        let first_of_map = || match map.get("contentMap") {
            Some(Value::Object(texts)) => texts.values().find_map(|text| read::text(Some(text))),
            _ => None,
        };
        let text = read::text(map.get("content")).or_else(first_of_map)?;
        let is_html = !map
            .get("mediaType")
            .and_then(Value::as_str)
            .is_some_and(|media_type| {
                media_type.starts_with("text/plain") || media_type.starts_with("text/markdown")
            });
        Some(Self::new(text, is_html))
    }

    pub(super) fn html(text: &str) -> Self {
        Self::new(text, true)
    }

    fn new(text: &str, is_html: bool) -> Self {
        Self {
            text: read::cut(text, LONGEST_HTML).to_owned(),
            is_html,
        }
    }

    /// What may be stored and shown. Costs some microseconds per kilobyte: do it once.
    pub fn sanitised(&self) -> SafeHtml {
        if self.is_html {
            SafeHtml::from_foreign(&self.text)
        } else {
            SafeHtml::from_plain(&self.text)
        }
    }
}

/// Shows no text: it is a citizen's.
impl std::fmt::Debug for ForeignHtml {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ForeignHtml({} bytes)", self.text.len())
    }
}
