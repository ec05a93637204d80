//! What a text is called where there is room for one line.

use pulldown_cmark::{Event, Parser, TagEnd, TextMergeStream};

use super::OPTIONS;

/// The first line that a text shows, without its mark-up; empty if it shows none.
pub fn first_line(markdown: &str) -> String {
    let mut line = String::new();
    for event in TextMergeStream::new(Parser::new_ext(markdown, OPTIONS)) {
        match event {
            Event::Text(text) | Event::Code(text) => line.push_str(&text),
            Event::SoftBreak
            | Event::HardBreak
            | Event::End(
                TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::Item | TagEnd::CodeBlock,
            ) if !line.trim().is_empty() => break,
            _ => {}
        }
    }
    line.lines()
        .find(|line| !line.trim().is_empty())
        .unwrap_or_default()
        .trim()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_what_is_read() {
        for (markdown, read) in [
            (
                "**Water** is [back](https://a.example/).\nBoil it.",
                "Water is back.",
            ),
            (
                "\n\n## No water in `Elm` Street\n\nUntil five.",
                "No water in Elm Street",
            ),
            ("* one\n* two", "one"),
            ("> said *so*", "said so"),
            ("```\n\nlet x\n```", "let x"),
            ("#water is back", "#water is back"),
            ("1 < 2 & 3", "1 < 2 & 3"),
            ("[a]: https://a.example/", ""),
        ] {
            assert_eq!(first_line(markdown), read, "{markdown}");
        }
    }
}
