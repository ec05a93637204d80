//! A text as a row of words, numbers and marks, in which only the typesetting is levelled out.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use crate::archive::search::{digit, is_sign};

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Word,
    Number,
    /// A sign of a script without spaces.
    Sign,
    /// Punctuation, currencies, pictures.
    Mark,
}

/// A token, and where it stands in the text, in bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) text: String,
    pub(super) kind: Kind,
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Token {
    pub(super) fn is(&self, mark: &str) -> bool {
        self.kind == Kind::Mark && self.text == mark
    }

    /// Whether it says something by itself.
    pub(super) fn has_meaning(&self) -> bool {
        self.kind != Kind::Mark
    }
}

/// What becomes of a word that a hyphen divides at the end of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LineEnds {
    /// The hyphen belongs to the word.
    Kept,
    /// The hyphen was put there by whoever set the lines.
    Joined,
}

/// The tokens of a text. Case, white space, invisible characters, the shapes of quotation marks, dashes and dots, wide
/// letters and the digits of Arabic and Persian make no difference; everything else does.
pub(super) fn tokens(text: &str, line_ends: LineEnds) -> Vec<Token> {
    let chars: Vec<Char> = text
        .char_indices()
        .map(|(start, c)| Char {
            start,
            end: start + c.len_utf8(),
            c: fold(c),
        })
        .filter(|it| !is_invisible(it.c))
        .collect();
    let mut scan = Scan {
        chars: &chars,
        at: 0,
        line_ends,
    };
    let mut tokens: Vec<Token> = vec![];
    while let Some(token) = scan.next_token() {
        let repeats = tokens.last().is_some_and(|last| {
            // `''` and `--` are one quotation mark and one dash.
            last.kind == Kind::Mark
                && last.text == token.text
                && matches!(token.text.as_str(), "\"" | "-" | "…")
        });
        match tokens.last_mut().filter(|_| repeats) {
            Some(last) => last.end = token.end,
            None => tokens.push(token),
        }
    }
    tokens
}

/// A folded character, and where it stood.
struct Char {
    start: usize,
    end: usize,
    c: char,
}

struct Scan<'a> {
    chars: &'a [Char],
    at: usize,
    line_ends: LineEnds,
}

impl Scan<'_> {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.chars.get(self.at + ahead).map(|it| it.c)
    }

    fn next_token(&mut self) -> Option<Token> {
        while self.peek(0)?.is_whitespace() {
            self.at += 1;
        }
        let start = self.chars.get(self.at)?.start;
        let c = self.peek(0)?;
        let (text, kind) = if is_sign(c) {
            self.at += 1;
            (c.to_string(), Kind::Sign)
        } else if c.is_ascii_digit() {
            (self.number(), Kind::Number)
        } else if is_letter(c) {
            (self.word(), Kind::Word)
        } else {
            (self.mark(c), Kind::Mark)
        };
        Some(Token {
            text,
            kind,
            start,
            end: self.end(),
        })
    }

    /// Behind the last character that was taken.
    fn end(&self) -> usize {
        let last = self.at.checked_sub(1).and_then(|at| self.chars.get(at));
        last.map_or(0, |it| it.end)
    }

    fn number(&mut self) -> String {
        let mut number = String::new();
        while let Some(c) = self.peek(0) {
            let divides = matches!(c, '.' | ',' | ':' | '/' | '\'' | '٫' | '٬')
                && self.peek(1).is_some_and(|next| next.is_ascii_digit());
            if !(c.is_ascii_digit() || divides) {
                break;
            }
            number.push(match c {
                '٫' => '.',
                '٬' => ',',
                other => other,
            });
            self.at += 1;
        }
        number
    }

    fn word(&mut self) -> String {
        let mut word = String::new();
        while let Some(c) = self.peek(0) {
            if is_letter(c) && !is_sign(c) || is_combining_mark(c) {
                word.extend(c.to_lowercase());
                self.at += 1;
            } else if c == '\'' && self.peek(1).is_some_and(is_letter) {
                word.push('\'');
                self.at += 1;
            } else if c == '-' && self.line_ends == LineEnds::Joined && self.breaks_line() {
                self.at += 1;
                while self.peek(0).is_some_and(char::is_whitespace) {
                    self.at += 1;
                }
            } else {
                break;
            }
        }
        word.nfc().collect()
    }

    /// Whether a hyphen here ends a line, and a letter begins the next.
    fn breaks_line(&self) -> bool {
        let rest = self.chars.get(self.at + 1..).unwrap_or_default();
        let mut newline = false;
        for it in rest {
            if !it.c.is_whitespace() {
                return newline && is_letter(it.c);
            }
            newline |= it.c == '\n';
        }
        false
    }

    fn mark(&mut self, c: char) -> String {
        self.at += 1;
        match c {
            '.' if self.peek(0) == Some('.') => {
                while self.peek(0) == Some('.') {
                    self.at += 1;
                }
                "…".to_owned()
            }
            '\'' => "\"".to_owned(),
            other => other.to_string(),
        }
    }
}

fn is_letter(c: char) -> bool {
    c.is_alphabetic()
}

/// Soft hyphens, joiners, marks of direction, variants, and the stroke that lengthens Arabic words.
const fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{61C}' | '\u{640}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}')
}

/// One shape for what is set in several.
fn fold(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).map_or(c, fold),
        '‘' | '’' | '‚' | '‛' | 'ʼ' | '′' | '`' | '´' => '\'',
        '“' | '”' | '„' | '‟' | '«' | '»' | '‹' | '›' | '″' | '「' | '」' | '『' | '』' | '《'
        | '》' | '〈' | '〉' => '"',
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' => '-',
        '。' => '.',
        '、' | '،' => ',',
        '؛' => ';',
        '؟' => '?',
        '・' => '·',
        other => digit(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(text: &str) -> String {
        tokens(text, LineEnds::Kept)
            .iter()
            .map(|it| it.text.as_str())
            .collect::<Vec<_>>()
            .join("|")
    }

    #[test]
    fn only_the_typesetting_makes_no_difference() {
        for (one, other) in [
            ("Don’t “worry”", "don't \"WORRY\""),
            ("10–12 Uhr", "10 - 12 uhr"),
            ("20m tief", "20 m  tief"),
            ("Achtung !", "achtung!"),
            ("infor\u{AD}mation\u{A0}now …", "information now ..."),
            ("السعر ١٢٫٥", "السعر 12.5"),
            ("停水，明天！", "停 水,明天!"),
            ("Ｎｏ．５", "No.5"),
            ("cafe\u{301}", "café"),
            ("a -- b", "a — b"),
        ] {
            assert_eq!(row(one), row(other), "{one} / {other}");
        }
        for (one, other) in [
            ("1.5", "15"),
            ("1,000", "1.000"),
            ("1 0", "10"),
            ("-5", "5"),
            ("10²", "102"),
            ("we're", "were"),
            ("re-sign", "resign"),
            ("it is safe?", "it is safe"),
            ("No, swim", "No swim"),
            ("für", "fur"),
            ("5 €", "5"),
        ] {
            assert_ne!(row(one), row(other), "{one} / {other}");
        }
    }

    #[test]
    fn places_are_those_of_the_text() {
        for text in [
            "„Größe“ – 12,5 m² 水管 👋🏽!",
            "a\u{AD}b c",
            "  x  ",
            "é e\u{301}x.",
        ] {
            for token in tokens(text, LineEnds::Kept) {
                let piece = text
                    .get(token.start..token.end)
                    .unwrap_or_else(|| panic!("{text}: {token:?}"));
                assert!(!piece.trim().is_empty(), "{text}: {token:?}");
            }
        }
    }

    #[test]
    fn a_word_at_the_end_of_a_line_may_be_one() {
        let joined = tokens("infor-\n mation 10-\n12 a-b", LineEnds::Joined);
        let joined: Vec<&str> = joined.iter().map(|it| it.text.as_str()).collect();
        assert_eq!(joined, ["information", "10", "-", "12", "a", "-", "b"]);
    }
}
