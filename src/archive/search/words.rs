//! Words as they are looked up: what is written a little differently is the same word.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Bytes of folded words that are kept of one text; what follows is not found. PostgreSQL takes no text whose index has
/// more than a mebibyte, which words that are all short and all different fill four times as fast.
const MOST: usize = 192 * 1024;
/// Characters of the longest word that is kept whole.
const LONGEST: usize = 100;

/// The folded words of a text: in lower case, without the marks of Latin, Greek and Arabic letters, numbers apart from
/// letters, and each sign of a script without spaces a word of its own.
///
/// ```
/// use actapub::archive::search::words;
/// assert_eq!(words("Où est l’Eau? 20m³, 水管"), ["ou", "est", "l", "eau", "20", "m3", "水", "管"]);
/// ```
pub fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = vec![];
    let mut word = String::new();
    let (mut bytes, mut length, mut last) = (0, 0, Class::Other);
    let mut base = ' ';
    for c in text.nfkd().flat_map(char::to_lowercase) {
        if is_combining_mark(c) {
            if !loses_marks(base) && !word.is_empty() && length < LONGEST {
                word.push(c);
                length += 1;
            }
            continue;
        }
        base = c;
        let class = Class::of(c);
        if class == Class::Joiner {
            continue;
        }
        // A digit behind a letter belongs to it (`m³`, `h2o`), a letter behind digits does not (`20m`).
        let goes_on = matches!(
            (last, class),
            (Class::Letter, Class::Letter | Class::Digit) | (Class::Digit, Class::Digit)
        );
        if !goes_on {
            last = class;
            if !word.is_empty() {
                bytes += word.len() + 1;
                words.push(std::mem::take(&mut word));
                length = 0;
                if bytes > MOST {
                    return words;
                }
            }
        }
        if class != Class::Other && length < LONGEST {
            word.push(digit(c));
            length += 1;
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// What a character does to the word that it stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Letter,
    Digit,
    /// A word of its own.
    Sign,
    /// Is not seen: soft hyphens, joiners, the stroke that lengthens Arabic words.
    Joiner,
    Other,
}

impl Class {
    fn of(c: char) -> Self {
        match c {
            '\u{AD}'
            | '\u{640}'
            | '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{2069}'
            | '\u{FE00}'..='\u{FE0F}'
            | '\u{FEFF}' => Self::Joiner,
            _ if is_sign(c) => Self::Sign,
            _ if c.is_numeric() => Self::Digit,
            _ if c.is_alphabetic() => Self::Letter,
            _ => Self::Other,
        }
    }
}

/// Scripts that put no space between words.
pub(in crate::archive) const fn is_sign(c: char) -> bool {
    matches!(c,
        '\u{0E00}'..='\u{0EFF}' // Thai, Lao
        | '\u{1000}'..='\u{109F}' // Myanmar
        | '\u{1780}'..='\u{17FF}' // Khmer
        | '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{30FF}' | '\u{31F0}'..='\u{31FF}' // Kana
        | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}'
        | '\u{20000}'..='\u{3FFFF}')
}

/// Letters whose marks readers leave out when they look for a word: Latin, Greek, Arabic.
const fn loses_marks(c: char) -> bool {
    matches!(c, 'a'..='z' | '\u{DF}'..='\u{24F}' | '\u{370}'..='\u{3FF}' | '\u{620}'..='\u{6FF}' | '\u{1E00}'..='\u{1FFF}')
}

/// The digits of Arabic and Persian as everybody else's.
pub(in crate::archive) fn digit(c: char) -> char {
    let zero = match c {
        '\u{660}'..='\u{669}' => 0x660,
        '\u{6F0}'..='\u{6F9}' => 0x6F0,
        _ => return c,
    };
    char::from_digit(u32::from(c) - zero, 10).unwrap_or(c)
}

/// What somebody looks for: words and "phrases", all of which must be there. Nothing else that they write means
/// anything.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Query(pub(super) Vec<Vec<String>>);

/// Words and phrases of a query, and words of a phrase, that are looked for; more are left out.
const MOST_PHRASES: usize = 16;
const MOST_WORDS: usize = 32;

impl Query {
    pub fn parse(text: &str) -> Self {
        let mut phrases = vec![];
        for (piece, n) in text.split(['"', '“', '”', '„', '«', '»']).zip(0_u32..) {
            if n % 2 == 1 {
                phrases.push(words(piece));
            } else {
                phrases.extend(piece.split_whitespace().map(words));
            }
        }
        phrases.retain(|phrase| !phrase.is_empty());
        phrases.truncate(MOST_PHRASES);
        for phrase in &mut phrases {
            phrase.truncate(MOST_WORDS);
        }
        Self(phrases)
    }

    /// Whether nothing is looked for.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_many_scripts() {
        for (text, expected) in [
            ("Straße gesperrt – ÜBERMORGEN", "straße gesperrt ubermorgen"),
            ("l’eau n'est  pas\u{A0}potable", "l eau n est pas potable"),
            ("السِّعْر ١٢٫٥ ريال", "السعر 12 5 ريال"),
            ("停水通知：明天", "停 水 通 知 明 天"),
            ("für 20m oder 20 m", "fur 20 m oder 20 m"),
            ("infor\u{AD}ma\u{200B}tion", "information"),
            ("ﬁre ＡＢＣ１", "fire abc1"),
            ("हिन्दी में", "हिन्दी में"),
            ("--- !!! 👋", ""),
        ] {
            assert_eq!(words(text).join(" "), expected, "{text}");
        }
        assert!(words(&"word ".repeat(100_000)).len() < 40_000);
        assert_eq!(words(&"x".repeat(500)).concat().len(), LONGEST);
    }

    #[test]
    fn no_query_is_an_error() {
        let parsed = |text| {
            Query::parse(text)
                .0
                .iter()
                .map(|it| it.join(" "))
                .collect::<Vec<_>>()
                .join("|")
        };
        assert_eq!(parsed("pool \"opens Monday\" now"), "pool|opens monday|now");
        assert_eq!(
            parsed("a AND (b* OR c) NEAR/2 ^d -e col:f \"g"),
            "a|and|b|or|c|near 2|d|e|col f|g"
        );
        assert_eq!(parsed("'; DROP TABLE x; --"), "drop|table|x");
        assert_eq!(parsed("\"\" \" \""), "");
        assert_eq!(parsed("水管"), "水 管");
    }
}
