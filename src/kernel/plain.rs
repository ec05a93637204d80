//! Text that is only text.

use std::fmt;

/// One line or paragraph of text without mark-up or control characters.
///
/// ```
/// use actapub::kernel::Plain;
/// assert_eq!(Plain::clean("  Water\u{0} works\n", 64).as_str(), "Water works");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, serde::Serialize)]
#[serde(transparent)]
pub struct Plain(String);

impl Plain {
    /// Takes what somebody else wrote: control characters and the marks that reorder
    /// text around them (Unicode bidirectional controls) go, white space folds, and at most `longest` characters stay.
    pub fn clean(text: &str, longest: usize) -> Self {
        let mut clean = String::new();
        for word in text
            .split(|c: char| c.is_whitespace() || c.is_control())
            .filter(|word| !word.is_empty())
        {
            if !clean.is_empty() {
                clean.push(' ');
            }
            clean.extend(word.chars().filter(|c| !reorders(*c)));
        }
        if let Some((end, _)) = clean.char_indices().nth(longest) {
            clean.truncate(end);
        }
        Self(clean.trim_end().to_owned())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn into_string(self) -> String {
        self.0
    }
}

/// Bidirectional embeddings, overrides and isolates: in a name they can make text around it read as something else.
const fn reorders(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

impl fmt::Display for Plain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn length_is_counted_in_characters() {
        assert_eq!(Plain::clean("äöü", 2).as_str(), "äö");
        assert_eq!(Plain::clean("\u{202E}evil", 9).as_str(), "evil");
    }
}
