//! What a reader can follow inside running text: web addresses, mentions and hashtags.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use url::Url;

use crate::kernel::Acct;

/// A hashtag as it is looked up, and as its author wrote it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct Hashtag {
    /// Folded by [`fold`], without `#`: the same for every spelling of the same tag.
    pub tag: String,
    /// As written, without `#`: `WaterWorks` is read aloud better than `waterworks`.
    pub display: String,
}

/// Something in running text that becomes a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Atom {
    /// An `http:` or `https:` address.
    Url(Url),
    Mention(Acct),
    Hashtag(Hashtag),
}

/// What begins at a place in a text, and how many bytes it takes.
///
/// Without an atom, these bytes look like one but are none, and nothing begins inside them.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) atom: Option<Atom>,
    pub(super) length: usize,
}

/// Looks for an atom that begins exactly at byte `at`. Reads no further than `length` says, plus one character.
pub(super) fn begins_at(source: &str, at: usize) -> Option<Found> {
    let (before, after) = source.split_at_checked(at)?;
    let previous = before.chars().next_back();
    match after.chars().next()? {
        '#' | '＃' => hashtag(previous, after),
        '@' => mention(previous, after),
        'h' | 'H' => web_address(previous, after),
        _ => None,
    }
}

/// Folds a hashtag as Mastodon's `HashtagNormalizer` does: NFKC, lower case, and the letters of Latin-1 and
/// Latin Extended-A without their marks. Other scripts keep theirs: й is no и.
///
/// ```
/// use actapub::publishing::markdown::fold;
/// assert_eq!(fold("CrèmeBrûlée"), fold("cremebrulee"));
/// ```
pub fn fold(tag: &str) -> String {
    let wide: String = tag.nfkc().collect();
    let mut folded = String::with_capacity(wide.len());
    for c in wide.to_lowercase().chars() {
        folded.push(match c {
            'ð' | 'đ' => 'd',
            'ħ' => 'h',
            'ı' => 'i',
            'ĸ' => 'k',
            'ł' => 'l',
            'ŋ' => 'n',
            'ø' => 'o',
            'ŧ' => 't',
            '\u{C0}'..='\u{17F}' => std::iter::once(c)
                .nfd()
                .next()
                .filter(char::is_ascii)
                .unwrap_or(c),
            other => other,
        });
    }
    folded.retain(|c| is_word(c) || is_joiner(c));
    folded
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || is_combining_mark(c)
}

/// Characters that hold the parts of a hashtag together besides `_`.
const fn is_joiner(c: char) -> bool {
    matches!(c, '·' | '・' | '\u{200C}')
}

fn hashtag(previous: Option<char>, after: &str) -> Option<Found> {
    if previous
        .is_some_and(|c| is_word(c) || matches!(c, '/' | '=' | ')' | '#' | '＃' | '&' | '\\'))
    {
        return None;
    }
    let sign = after.chars().next().map_or(0, char::len_utf8);
    let name: &str = after.get(sign..)?;
    let end = name
        .find(|c| !is_word(c) && !is_joiner(c))
        .unwrap_or(name.len());
    let name = name.get(..end)?;
    let name_only = name.trim_end_matches(is_joiner);
    let means_something = name_only.chars().any(char::is_alphanumeric)
        && !name_only.chars().all(char::is_numeric)
        && !name_only.starts_with(is_joiner);
    let atom = means_something.then(|| {
        Atom::Hashtag(Hashtag {
            tag: fold(name_only),
            display: name_only.to_owned(),
        })
    });
    let length = sign + if atom.is_some() { name_only.len() } else { end };
    Some(Found { atom, length })
}

fn mention(previous: Option<char>, after: &str) -> Option<Found> {
    if previous.is_some_and(|c| is_word(c) || matches!(c, '/' | '=' | '@' | '.' | '-' | '\\')) {
        return None;
    }
    let rest = after.strip_prefix('@')?;
    let user_end = rest
        .find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '.' | '-'))
        .unwrap_or(rest.len());
    let nothing = Found {
        atom: None,
        length: 1 + user_end,
    };
    let (user, domain) = rest.split_at_checked(user_end)?;
    let Some(domain) = domain.strip_prefix('@') else {
        return Some(nothing);
    };
    let domain_end = domain
        .find(|c: char| !c.is_alphanumeric() && !is_combining_mark(c) && !matches!(c, '.' | '-'))
        .unwrap_or(domain.len());
    let (domain, beyond) = domain.split_at_checked(domain_end)?;
    let port = beyond.strip_prefix(':').map_or("", |digits| {
        let end = digits
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(digits.len());
        digits.get(..end).unwrap_or("")
    });
    let trimmed = domain.trim_end_matches(['.', '-']);
    let port = (trimmed.len() == domain.len() && (1..=5).contains(&port.len())).then_some(port);
    let length = 1 + user_end + 1 + trimmed.len() + port.map_or(0, |port| 1 + port.len());
    let spelled = match (port, trimmed.contains('.') || trimmed == "localhost") {
        (_, false) => None,
        (None, true) => ascii_domain(trimmed),
        (Some(port), true) => ascii_domain(trimmed).map(|domain| format!("{domain}:{port}")),
    };
    let begins_well = user.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
        && user.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
    let atom = spelled
        .filter(|_| begins_well)
        .and_then(|domain| format!("{user}@{domain}").parse().ok())
        .map(Atom::Mention);
    Some(Found { atom, length })
}

/// `bücher.example` as DNS knows it.
fn ascii_domain(domain: &str) -> Option<String> {
    match url::Host::parse(domain).ok()? {
        url::Host::Domain(ascii) => Some(ascii),
        url::Host::Ipv4(address) => Some(address.to_string()),
        url::Host::Ipv6(_) => None,
    }
}

fn web_address(previous: Option<char>, after: &str) -> Option<Found> {
    if previous.is_some_and(|c| c.is_alphanumeric() || matches!(c, '\\' | '@' | '.' | '-' | '/')) {
        return None;
    }
    let scheme = ["https://", "http://"].into_iter().find(|scheme| {
        after
            .get(..scheme.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    })?;
    let end = after.find(ends_an_address).unwrap_or(after.len());
    let run = after.get(..end)?;
    let address = without_closing_marks(run);
    let url = (address.len() > scheme.len())
        .then(|| Url::parse(&address.replace('\\', "")).ok())
        .flatten()
        .filter(|url| url.host_str().is_some_and(|host| !host.is_empty()));
    Some(Found {
        length: if url.is_some() { address.len() } else { end },
        atom: url.map(Atom::Url),
    })
}

/// Besides white space: what no address holds unescaped, and the quotation marks and full stops of all scripts.
fn ends_an_address(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(
            c,
            '<' | '>' | '"' | '`' | '|' | '^' | '{' | '}' | '[' | ']' | '«' | '»'
        )
        || matches!(c, '\u{2010}'..='\u{206F}' | '\u{3000}'..='\u{303F}' | '\u{FF00}'..='\u{FF0F}' | '\u{FF1A}'..='\u{FF20}')
}

/// Leaves the full stop to the sentence: closing punctuation is no part of an address, nor is a bracket that was
/// opened before it (as in GitHub Flavored Markdown, "Autolinks").
fn without_closing_marks(run: &str) -> &str {
    let mut surplus = run
        .matches(')')
        .count()
        .saturating_sub(run.matches('(').count());
    let mut address = run;
    while let Some(last) = address.chars().next_back() {
        match last {
            '?' | '!' | '.' | ',' | ':' | ';' | '*' | '_' | '~' | '\'' | '\\' => {}
            ')' if surplus > 0 => surplus -= 1,
            _ => break,
        }
        address = address
            .get(..address.len() - last.len_utf8())
            .unwrap_or_default();
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(&str, Option<Atom>)> {
        let mut all = Vec::new();
        let mut at = 0;
        while at < text.len() {
            match begins_at(text, at) {
                Some(Found { atom, length }) if length > 0 => {
                    if atom.is_some() {
                        all.push((&text[at..at + length], atom));
                    }
                    at += length;
                }
                _ => at += text[at..].chars().next().unwrap().len_utf8(),
            }
        }
        all
    }

    fn written(text: &str) -> Vec<&str> {
        found(text)
            .into_iter()
            .map(|(written, _)| written)
            .collect()
    }

    #[test]
    fn a_hashtag_is_a_word_of_its_own() {
        for (text, tags) in [
            ("#flood, and #CrèmeBrûlée!", vec!["#flood", "#CrèmeBrûlée"]),
            ("C#, a#b, /#c, =#d, )#e, ##f, &#39;", vec![]),
            ("#2026 but #2026_11 and #4x4", vec!["#2026_11", "#4x4"]),
            ("(#a) „#b“ ＃c", vec!["#a", "#b", "＃c"]),
            (
                "#L·L #ラ・ラ #می\u{200C}خواهم #a·",
                vec!["#L·L", "#ラ・ラ", "#می\u{200C}خواهم", "#a"],
            ),
            ("#हिन्दी #__ # #·a", vec!["#हिन्दी"]),
        ] {
            assert_eq!(written(text), tags, "{text}");
        }
    }

    #[test]
    fn spellings_of_a_hashtag_fold_into_one() {
        for (tag, folded) in [
            ("CrèmeBrûlée", "cremebrulee"),
            ("Łódź", "lodz"),
            ("Ｔｏｋｙｏ", "tokyo"),
            ("ŒUVRE", "œuvre"),
            ("Straße", "straße"),
            ("йод", "йод"),
            ("ﬁre", "fire"),
            ("İzmir", "i\u{307}zmir"),
        ] {
            assert_eq!(fold(tag), folded);
            assert_eq!(fold(folded), folded, "folding twice changes nothing");
        }
    }

    #[test]
    fn a_mention_has_a_domain() {
        for (text, mentions) in [
            ("@ada@example.social.", vec!["@ada@example.social"]),
            (
                "(@a.b-c@x.example) @_u_@y.example-",
                vec!["@a.b-c@x.example", "@_u_@y.example"],
            ),
            (
                "@ada ada@example.org @ada@nodot x@ada@example.org @.a@b.example",
                vec![],
            ),
            (
                "@a@localhost:3001, @b@127.0.0.1:80!",
                vec!["@a@localhost:3001", "@b@127.0.0.1:80"],
            ),
            ("@a@b.example:hi", vec!["@a@b.example"]),
        ] {
            assert_eq!(written(text), mentions, "{text}");
        }
        assert_eq!(
            found("@Kim@Bücher.example")[0].1,
            Some(Atom::Mention("Kim@xn--bcher-kva.example".parse().unwrap()))
        );
    }

    #[test]
    fn an_address_ends_before_the_sentence_does() {
        for (text, addresses) in [
            ("See https://a.example/b.", vec!["https://a.example/b"]),
            ("(http://a.example/x_(y))", vec!["http://a.example/x_(y)"]),
            ("**https://a.example/**:", vec!["https://a.example/"]),
            ("„https://a.example/ä“", vec!["https://a.example/ä"]),
            ("https://a.example、次", vec!["https://a.example"]),
            (
                "HTTPS://A.example?x=1&y=2#z",
                vec!["HTTPS://A.example?x=1&y=2#z"],
            ),
            (
                "xhttps://a.example https:// http://: ftp://a.example",
                vec![],
            ),
        ] {
            assert_eq!(written(text), addresses, "{text}");
        }
    }
}
