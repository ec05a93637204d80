//! A text's first words, for titles and previews.

use crate::kernel::SafeHtml;

/// Up to `longest` characters of a text, cut between words, with an ellipsis where something is missing.
pub(super) fn of_text(text: &str, longest: usize) -> String {
    let Some((end, _)) = text.char_indices().nth(longest) else {
        return text.to_owned();
    };
    let head = text.get(..end).unwrap_or_default();
    // A word longer than half the excerpt is cut: else little would be left of it.
    let ends_a_word = text
        .get(end..)
        .is_some_and(|rest| rest.starts_with(|c: char| !c.is_alphanumeric()));
    let cut = if ends_a_word {
        end
    } else {
        head.rfind(char::is_whitespace)
            .filter(|space| *space > end / 2)
            .unwrap_or(end)
    };
    let mut excerpt = head
        .get(..cut)
        .unwrap_or_default()
        .trim_end_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | ':' | '.' | '–'))
        .to_owned();
    excerpt.push('…');
    excerpt
}

/// The first words that may be shown before anybody chose to read on: those of the warning, if there is one.
pub(super) fn of_announcement(html: &SafeHtml, warning: Option<&str>, longest: usize) -> String {
    match warning {
        Some(warning) => of_text(warning, longest),
        None => of_text(&html.to_text(), longest),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stay_whole_where_they_can() {
        assert_eq!(of_text("Boil your water", 40), "Boil your water");
        assert_eq!(of_text("Boil your water, please", 18), "Boil your water…");
        assert_eq!(of_text("Boil your water, please", 15), "Boil your water…");
        assert_eq!(of_text("Donaudampfschifffahrt", 5), "Donau…");
        assert_eq!(of_text("äöüß äöüß", 5), "äöüß…");
    }

    #[test]
    fn a_warning_hides_the_text() {
        let html = SafeHtml::from_plain("Pictures of the accident");
        assert_eq!(of_announcement(&html, Some("Injuries"), 99), "Injuries");
    }
}
