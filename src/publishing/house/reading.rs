//! How hard a text is to read: a hint for its author, never a reason to refuse it.

/// Läsbarhetsindex (C.-H. Björnsson, 1968): the words of a sentence, and the share of words of more than six letters in
/// percent. About 30 is a story for children, 40 a newspaper, 50 an official's letter, 60 a statute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hint {
    pub index: u32,
    /// What the house rules want it to stay below.
    pub limit: u32,
    pub words: usize,
    /// The words of the longest sentence.
    pub longest_sentence: usize,
}

/// Fewer words than these say nothing.
const FEWEST_WORDS: usize = 15;
const LONG_WORD: usize = 6;

/// Languages whose words are built so that the index means something: it was tried on these.
const LANGUAGES: [&str; 12] = [
    "da", "de", "en", "es", "fr", "it", "nb", "nl", "nn", "no", "pt", "sv",
];

/// Says that a text is harder to read than `limit`, if it can be told in its language.
pub fn hint(text: &str, language: &str, limit: u32) -> Option<Hint> {
    let primary = language.split('-').next().unwrap_or_default();
    if !LANGUAGES.contains(&primary.to_ascii_lowercase().as_str()) {
        return None;
    }
    let sentences = sentences(text);
    let count: usize = sentences.iter().sum();
    if count < FEWEST_WORDS {
        return None;
    }
    let long = words(text)
        .filter(|word| word.chars().filter(|c| c.is_alphabetic()).count() > LONG_WORD)
        .count();
    let rounded = |of: usize, by: usize| (of * 2 + by) / (by * 2);
    let index = rounded(count, sentences.len()) + rounded(long * 100, count);
    let index = u32::try_from(index).unwrap_or(u32::MAX);
    (index > limit).then(|| Hint {
        index,
        limit,
        words: count,
        longest_sentence: sentences.iter().copied().max().unwrap_or(0),
    })
}

/// The words of each sentence. A full stop ends it where white space follows, and so does the end of a line: a heading or an
/// item of a list.
fn sentences(text: &str) -> Vec<usize> {
    let mut counts = vec![];
    for line in text.lines() {
        let mut count = 0;
        for run in line.split_whitespace() {
            count += words(run).count();
            if run.ends_with(['.', '!', '?', ':', ';']) {
                counts.push(std::mem::take(&mut count));
            }
        }
        counts.push(count);
    }
    counts.retain(|count| *count > 0);
    counts
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    // Addresses, mentions and hashtags are not read as words.
    text.split_whitespace()
        .filter(|word| !word.contains("://") && !word.starts_with(['@', '#']))
        .flat_map(|word| word.split(['-', '–', '—', '/']))
        .filter(|word| word.chars().any(char::is_alphabetic))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: &str = "The pool opens on Monday. It is open from eight to six. You can swim there \
        for free in May. Bring a towel and a lock for your bag.";
    const HARD: &str = "Notwithstanding the aforementioned administrative provisions, applications submitted \
        subsequent to the expiration of the statutory period shall be deemed inadmissible unless extraordinary \
        circumstances substantiating reinstatement are demonstrated.";

    #[test]
    fn a_hard_text_is_hinted_at_and_a_plain_one_is_not() {
        assert_eq!(hint(PLAIN, "en", 40), None);
        let hint_of = |language| hint(HARD, language, 40).map(|it| (it.words, it.longest_sentence));
        assert_eq!(hint_of("en"), Some((26, 26)));
        assert_eq!(hint_of("en-GB"), hint_of("EN"));
        assert!(hint(HARD, "en", 40).unwrap().index > 80);
        assert_eq!(hint(HARD, "en", 200), None);
    }

    #[test]
    fn where_it_means_nothing_nothing_is_said() {
        assert_eq!(hint_of_long("ja"), None);
        assert_eq!(hint_of_long("fi"), None);
        assert_eq!(hint_of_long(""), None);
        assert_eq!(
            hint("Notwithstanding administrative provisions.", "en", 1),
            None
        );
        assert_eq!(hint("", "en", 0), None);
    }

    fn hint_of_long(language: &str) -> Option<Hint> {
        hint(HARD, language, 1)
    }

    #[test]
    fn lines_end_sentences_and_addresses_are_no_words() {
        let list = "one two three four five\n".repeat(6);
        let found = hint(&list, "en", 1).unwrap();
        assert_eq!(
            (found.index, found.longest_sentence, found.words),
            (5, 5, 30)
        );
        let with =
            format!("{list} https://example.org/aaaaaaaaaaaa @ada@example.org #Administration");
        assert_eq!(hint(&with, "en", 1).unwrap(), found);
    }
}
