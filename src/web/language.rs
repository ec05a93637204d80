//! Which way a language is written.

/// Languages written from right to left unless a script is named.
const RIGHT_TO_LEFT: [&str; 28] = [
    "ar", "arc", "arz", "azb", "bal", "bgn", "ckb", "dv", "fa", "glk", "he", "iw", "ji", "khw",
    "ks", "lrc", "mzn", "nqo", "pnb", "prs", "ps", "rhg", "sd", "skr", "syr", "ug", "ur", "yi",
];
const RIGHT_TO_LEFT_SCRIPTS: [&str; 9] = [
    "adlm", "arab", "aran", "hebr", "mand", "nkoo", "rohg", "syrc", "thaa",
];

/// The value of the `dir` attribute for text in a language (BCP 47): `rtl` or `ltr`.
pub fn direction(tag: &str) -> &'static str {
    let tag = tag.to_ascii_lowercase();
    let mut subtags = tag.split('-');
    let language = subtags.next().unwrap_or_default();
    let script =
        subtags.find(|subtag| subtag.len() == 4 && subtag.bytes().all(|b| b.is_ascii_alphabetic()));
    let leftwards = match script {
        Some(script) => RIGHT_TO_LEFT_SCRIPTS.contains(&script),
        None => RIGHT_TO_LEFT.contains(&language),
    };
    if leftwards { "rtl" } else { "ltr" }
}

/// A tag that somebody elsewhere gave, if it is one: a browser would guess at anything else.
pub(super) fn well_formed(tag: &str) -> Option<&str> {
    oxilangtag::LanguageTag::parse(tag).is_ok().then_some(tag)
}

/// A language tag as Open Graph writes it: `fr_CA` for `fr-CA`.
pub(super) fn locale(tag: &str) -> String {
    tag.replace('-', "_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_tags_are_tags() {
        assert_eq!(well_formed("pt-BR"), Some("pt-BR"));
        assert_eq!(well_formed("\"><script>"), None);
        assert_eq!(well_formed(""), None);
    }

    #[test]
    fn a_named_script_outweighs_the_language() {
        for tag in [
            "ar", "AR-eg", "he", "fa-IR", "ur", "yi", "az-Arab", "ks", "ff-Adlm",
        ] {
            assert_eq!(direction(tag), "rtl", "{tag}");
        }
        for tag in [
            "en",
            "fr-CA",
            "ar-Latn",
            "zh-Hant-TW",
            "az",
            "ks-Deva",
            "",
            "arabic",
        ] {
            assert_eq!(direction(tag), "ltr", "{tag}");
        }
    }
}
