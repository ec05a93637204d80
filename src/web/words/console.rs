//! What the console says, in the languages of the folders beside this file (Fluent, projectfluent.org).
//!
//! A further language is a further folder, named by its tag, with files of any names. What it lacks is said in English; a test sees to it that
//! English and French are complete.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use include_dir::{Dir, include_dir};
use unic_langid::LanguageIdentifier;

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/src/web/words/console");

/// Spoken where nothing else is asked for.
const FALLBACK: &str = "en";
/// Not a language: English with every letter accented, written from right to left. It shows what was forgotten.
pub const PSEUDO: &str = "ar-XB";

type Bundle = FluentBundle<FluentResource>;

static BUNDLES: LazyLock<BTreeMap<String, Bundle>> = LazyLock::new(|| {
    FILES
        .dirs()
        .filter_map(|folder| {
            let tag = folder.path().file_name()?.to_str()?;
            let language: LanguageIdentifier = tag.parse().ok()?;
            let mut bundle = Bundle::new_concurrent(vec![language]);
            // The signs that keep a value's direction apart are for mark-up to set: `bdi`.
            bundle.set_use_isolating(false);
            for text in texts(folder) {
                // What cannot be read is left out, and the test that reads every file says which it was.
                let resource = match FluentResource::try_new(text.to_owned()) {
                    Ok(resource) | Err((resource, _)) => resource,
                };
                bundle.add_resource_overriding(resource);
            }
            Some((tag.to_owned(), bundle))
        })
        .collect()
});

/// What stands in the files of one language.
fn texts<'a>(folder: &'a Dir<'a>) -> impl Iterator<Item = &'a str> {
    folder
        .files()
        .filter(|file| file.path().extension().is_some_and(|it| it == "ftl"))
        .filter_map(|file| file.contents_utf8())
}

/// The console's words in one language.
#[derive(Clone, Copy)]
pub struct Words {
    tag: &'static str,
    bundle: Option<&'static Bundle>,
    pseudo: bool,
}

impl fmt::Debug for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Words").field(&self.tag).finish()
    }
}

/// A language to choose from: its tag, and what its speakers call it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    pub tag: &'static str,
    pub name: String,
}

impl Words {
    /// In the language of that tag, or the nearest that there is.
    pub fn of(tag: &str) -> Self {
        if tag.eq_ignore_ascii_case(PSEUDO) {
            return Self {
                tag: PSEUDO,
                bundle: None,
                pseudo: true,
            };
        }
        let primary = tag.split('-').next().unwrap_or_default();
        let found = [tag, primary].into_iter().find_map(|tag| {
            BUNDLES
                .iter()
                .find(|(name, _)| name.eq_ignore_ascii_case(tag))
        });
        Self {
            tag: found.map_or(FALLBACK, |(name, _)| name.as_str()),
            bundle: found.map(|(_, bundle)| bundle),
            pseudo: false,
        }
    }

    /// In the first language of an `Accept-Language` header (RFC 9110, section 12.5.4) that there is.
    pub fn accepted(header: &str) -> Self {
        let mut asked: Vec<(u16, &str)> = header
            .split(',')
            .take(20)
            .filter_map(|one| {
                let mut parts = one.split(';');
                let tag = parts.next()?.trim();
                let weight = parts
                    .find_map(|part| part.trim().strip_prefix("q="))
                    .map_or(Some(1.0), |q| q.trim().parse::<f32>().ok())?;
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "between 0 and 1000"
                )]
                let weight = (weight.clamp(0.0, 1.0) * 1_000.0) as u16;
                (weight > 0).then_some((weight, tag))
            })
            .collect();
        // Of the same weight the first comes first.
        asked.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
        let known = |tag: &str| {
            let primary = tag.split('-').next().unwrap_or_default();
            BUNDLES
                .keys()
                .any(|name| name.eq_ignore_ascii_case(tag) || name.eq_ignore_ascii_case(primary))
        };
        asked
            .iter()
            .find(|(_, tag)| known(tag))
            .map_or_else(|| Self::of(FALLBACK), |(_, tag)| Self::of(tag))
    }

    /// The language's tag (BCP 47).
    pub const fn tag(self) -> &'static str {
        self.tag
    }

    /// The languages to choose from.
    pub fn choices() -> Vec<Choice> {
        BUNDLES
            .keys()
            .map(|tag| Choice {
                tag,
                name: Self::of(tag).say("language-name"),
            })
            .collect()
    }

    /// A sentence or a word.
    pub fn say(self, key: &str) -> String {
        self.spoken(key, None)
    }

    /// A sentence about something.
    pub fn say_of<'a>(
        self,
        key: &str,
        values: impl IntoIterator<Item = (&'a str, FluentValue<'a>)>,
    ) -> String {
        let mut args = FluentArgs::new();
        for (name, value) in values {
            args.set(name, value);
        }
        self.spoken(key, Some(&args))
    }

    /// A sentence about a number of things.
    pub fn count(self, key: &str, count: usize) -> String {
        self.say_of(key, [("count", count.into())])
    }

    /// A sentence with one word put in.
    pub fn say_with(self, key: &str, name: &str, value: &str) -> String {
        self.say_of(key, [(name, value.into())])
    }

    fn spoken(self, key: &str, args: Option<&FluentArgs<'_>>) -> String {
        let here = self.bundle.and_then(|bundle| format(bundle, key, args));
        let text = here
            .or_else(|| format(BUNDLES.get(FALLBACK)?, key, args))
            // A key that stands in no file is a mistake of ours, which a test looks for.
            .unwrap_or_else(|| key.to_owned());
        if self.pseudo { accented(&text) } else { text }
    }
}

fn format(bundle: &Bundle, key: &str, args: Option<&FluentArgs<'_>>) -> Option<String> {
    let pattern = bundle.get_message(key)?.value()?;
    let mut errors = vec![];
    let text: Cow<'_, str> = bundle.format_pattern(pattern, args, &mut errors);
    Some(text.into_owned())
}

fn accented(text: &str) -> String {
    let accented = text.chars().map(|letter| match letter {
        'a' => 'á',
        'e' => 'ë',
        'i' => 'ï',
        'o' => 'ô',
        'u' => 'ü',
        'A' => 'Å',
        'E' => 'É',
        'I' => 'Î',
        'O' => 'Ø',
        'U' => 'Ü',
        other => other,
    });
    // Longer, as German is; and from right to left, whatever its letters say (U+202E, ended by U+202C).
    format!("\u{202e}{}\u{202c}", accented.collect::<String>())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::{Path, PathBuf};

    use super::*;

    fn keys(tag: &str) -> BTreeSet<String> {
        let mut keys = BTreeSet::new();
        for text in texts(FILES.get_dir(tag).unwrap()) {
            let resource = FluentResource::try_new(text.to_owned())
                .map_err(|(_, errors)| format!("{tag}: {errors:?}"))
                .unwrap();
            for entry in resource.entries() {
                if let fluent_syntax::ast::Entry::Message(message) = entry {
                    let name = message.id.name.to_owned();
                    assert!(
                        keys.insert(name.clone()),
                        "{tag}: {name} stands there twice"
                    );
                }
            }
        }
        keys
    }

    fn sources(folder: &Path, into: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                sources(&path, into);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                into.push(path);
            }
        }
    }

    /// Every literal key that the console says.
    fn said() -> BTreeSet<String> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/web/console");
        let mut files = vec![];
        sources(&root, &mut files);
        let mut said = BTreeSet::new();
        for file in files {
            let text = fs::read_to_string(file).unwrap();
            for call in ["say(", "say_of(", "say_with(", "count("] {
                for part in text.split(call).skip(1) {
                    if let Some(rest) = part.trim_start().strip_prefix('"') {
                        said.insert(rest.split('"').next().unwrap().to_owned());
                    }
                }
            }
        }
        said
    }

    #[test]
    fn english_and_french_say_the_same_things() {
        let (english, french) = (keys("en"), keys("fr"));
        let missing: Vec<_> = english.symmetric_difference(&french).collect();
        assert!(missing.is_empty(), "only in one of the two: {missing:?}");
    }

    #[test]
    fn every_key_that_is_said_stands_in_the_files() {
        let missing: Vec<_> = said().difference(&keys("en")).cloned().collect();
        assert!(missing.is_empty(), "no words for: {missing:?}");
    }

    #[test]
    fn there_are_words_for_every_role_and_every_act() {
        use crate::agencies::staff::{Role, trail::Act};
        let english = keys("en");
        let roles = Role::ALL.map(|role| [format!("role-{role}"), format!("role-{role}-does")]);
        let acts = Act::NAMES.iter().map(|name| format!("act-{name}"));
        let missing: Vec<_> = roles
            .into_iter()
            .flatten()
            .chain(acts)
            .filter(|key| !english.contains(key))
            .collect();
        assert!(missing.is_empty(), "no words for: {missing:?}");
    }

    #[test]
    fn the_nearest_language_is_spoken() {
        assert_eq!(Words::of("fr-CA").tag(), "fr");
        assert_eq!(Words::of("xx").tag(), "en");
        assert_eq!(Words::accepted("de, fr;q=0.8, en;q=0.9").tag(), "en");
        assert_eq!(Words::accepted("de, fr-CA, en;q=0.9").tag(), "fr");
        assert_eq!(Words::accepted("fr;q=0, *").tag(), "en");
        assert_eq!(Words::accepted(";;q=,,q=x").tag(), "en");
        assert!(Words::of(PSEUDO).say("sign-in").contains('ï'));
    }
}
