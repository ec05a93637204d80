//! Where values come from: flags over environment over file over default.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use toml::de::{DeTable, DeValue};

use super::problem::{Problem, Refused, Source};
use super::rules;
use super::setting::{Absent, Form, Setting, Value};
use super::settings::{Config, SECTIONS, SETTINGS};

/// Variables that begin as ours do and are no settings: the configuration file's name, and what only tests read.
const NOT_SETTINGS: [&str; 3] = ["ACTAPUB_CONFIG", "ACTAPUB_CORPUS", "ACTAPUB_RENDER_DIR"];
const TEST_PREFIX: &str = "ACTAPUB_TEST_";

/// A setting of the federation library, which knows of no harm in it.
const DANGER: &str = "DANGER_FEDERATION_ALLOW_LOCAL_IP";

/// Everything that may hold settings; [`load`](Self::load) makes a configuration of it.
///
/// ```
/// use actapub::platform::config::Sources;
/// let sources = Sources::default().flag("listen", "127.0.0.1:9000");
/// let loaded = sources.load().unwrap();
/// assert_eq!(loaded.config.url.as_str(), "http://localhost:9000/");
/// ```
#[derive(Debug, Clone, Default)]
pub struct Sources {
    flags: Vec<(&'static str, String)>,
    environment: Vec<(OsString, OsString)>,
    file: Option<PathBuf>,
}

impl Sources {
    /// A value from the command line, for the key of that name.
    #[must_use]
    pub fn flag(mut self, key: &'static str, value: impl Into<String>) -> Self {
        self.flags.push((key, value.into()));
        self
    }

    /// The environment's variables: all of them, since those that are no settings are looked at too.
    #[must_use]
    pub fn environment(
        mut self,
        variables: impl IntoIterator<Item = (OsString, OsString)>,
    ) -> Self {
        self.environment.extend(variables);
        self
    }

    /// The configuration file that the command line names; else `ACTAPUB_CONFIG` may name one.
    #[must_use]
    pub fn file(mut self, path: Option<PathBuf>) -> Self {
        self.file = path;
        self
    }

    /// Reads everything and finds everything that is wrong.
    pub fn load(self) -> Result<Loaded, Refused> {
        let mut given = Given::default();
        if let Some(path) = self.file.clone().or_else(|| self.file_from_environment()) {
            given.add_file(&path);
        }
        given.add_environment(&self.environment);
        for (key, text) in self.flags {
            given.values.insert(
                key,
                Text {
                    text,
                    source: Source::Flag,
                },
            );
        }
        let mut values = Values {
            given: &given,
            problems: given.problems.clone(),
        };
        let config = Config::build(&mut values);
        let mut problems = values.problems;
        if let Some(config) = &config {
            problems.extend(rules::broken(config, &given));
        }
        match config {
            Some(config) if problems.is_empty() => Ok(Loaded {
                warnings: rules::warnings(&config),
                effective: SETTINGS
                    .iter()
                    .map(|setting| given.effective(setting))
                    .collect(),
                config,
            }),
            _ => Err(Refused { problems }),
        }
    }

    fn file_from_environment(&self) -> Option<PathBuf> {
        let named =
            |(name, value): &(OsString, OsString)| (name == "ACTAPUB_CONFIG").then(|| value.into());
        self.environment.iter().find_map(named)
    }
}

/// A configuration, with what there is to say about it.
#[derive(Debug, Clone)]
pub struct Loaded {
    pub config: Config,
    /// Sentences for the operator: allowed, but worth a second thought.
    pub warnings: Vec<String>,
    effective: Vec<Effective>,
}

impl Loaded {
    /// Every setting with the value that holds.
    pub fn effective(&self) -> &[Effective] {
        &self.effective
    }

    /// Whether nobody gave a value for this key.
    pub fn is_default(&self, key: &str) -> bool {
        let asked = |one: &&Effective| one.setting.key == key;
        self.effective
            .iter()
            .find(asked)
            .is_none_or(|one| one.source == Source::Default)
    }
}

/// The value that holds for one setting.
#[derive(Debug, Clone)]
pub struct Effective {
    pub setting: &'static Setting,
    /// Passwords are masked; `None` if there is no value.
    pub text: Option<String>,
    pub source: Source,
}

#[derive(Debug)]
struct Text {
    text: String,
    source: Source,
}

/// The values that were given, as texts, before anybody has looked whether they make sense.
#[derive(Debug, Default)]
pub struct Given {
    values: BTreeMap<&'static str, Text>,
    problems: Vec<Problem>,
}

impl Given {
    /// The text that holds for a key: given, or by default.
    pub(super) fn text(&self, setting: &Setting) -> Option<String> {
        match (self.values.get(setting.key), setting.absent) {
            (Some(value), _) => Some(value.text.clone()),
            (None, Absent::Is(text)) => Some(text.to_owned()),
            (None, Absent::Follows(function, _)) => Some(function(self)),
            (None, Absent::Means(_)) => None,
        }
    }

    /// As [`text`](Self::text), by the key's name, and empty if there is none.
    pub(super) fn text_of(&self, key: &str) -> String {
        find(key)
            .and_then(|setting| self.text(setting))
            .unwrap_or_default()
    }

    pub(super) fn source(&self, key: &str) -> Source {
        self.values
            .get(key)
            .map_or(Source::Default, |value| value.source.clone())
    }

    fn effective(&self, setting: &'static Setting) -> Effective {
        Effective {
            setting,
            text: self.text(setting).map(|text| (setting.mask)(&text)),
            source: self.source(setting.key),
        }
    }

    fn add_environment(&mut self, variables: &[(OsString, OsString)]) {
        for (name, value) in variables {
            let Some(name) = name.to_str() else { continue };
            if name == DANGER {
                self.problems.push(Problem::Danger);
            }
            if !name.starts_with("ACTAPUB_")
                || name.starts_with(TEST_PREFIX)
                || NOT_SETTINGS.contains(&name)
            {
                continue;
            }
            let Some(setting) = SETTINGS.iter().find(|setting| setting.variable() == name) else {
                let nearest = nearest(name, SETTINGS.iter().map(Setting::variable));
                self.problems.push(Problem::Unknown {
                    name: name.to_owned(),
                    place: Source::Environment,
                    example: format!("{}={}", nearest.variable(), nearest.example),
                });
                continue;
            };
            match value.to_str() {
                Some(text) => self.set(setting, text.to_owned(), Source::Environment),
                None => self.problems.push(Problem::value(
                    setting,
                    &Source::Environment,
                    "is not valid UTF-8",
                )),
            }
        }
    }

    fn add_file(&mut self, path: &Path) {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) => {
                let reason = error.to_string();
                self.problems.push(Problem::Unreadable {
                    path: path.to_owned(),
                    reason,
                });
                return;
            }
        };
        let line_of = |start: usize| {
            1 + text
                .bytes()
                .take(start)
                .filter(|byte| *byte == b'\n')
                .count()
        };
        let table = match DeTable::parse(&text) {
            Ok(table) => table.into_inner(),
            Err(error) => {
                self.problems.push(Problem::Toml {
                    path: path.to_owned(),
                    line: line_of(error.span().map_or(0, |span| span.start)),
                    reason: error.message().to_owned(),
                });
                return;
            }
        };
        let source = |start| Source::File {
            path: path.to_owned(),
            line: line_of(start),
        };
        for (name, value) in table {
            let (place, name) = (source(name.span().start), name.into_inner());
            let is_section = SECTIONS.iter().any(|(section, _)| *section == name);
            match value.into_inner() {
                DeValue::Table(inner) if is_section => {
                    for (inner_name, inner_value) in inner {
                        let place = source(inner_name.span().start);
                        let key = format!("{name}.{}", inner_name.as_ref());
                        self.add_toml(&key, place, inner_value.get_ref());
                    }
                }
                value => self.add_toml(&name, place, &value),
            }
        }
    }

    fn add_toml(&mut self, key: &str, place: Source, value: &DeValue<'_>) {
        let Some(setting) = find(key) else {
            let meant = SETTINGS.iter().find(|setting| setting.section == key);
            let keys = SETTINGS.iter().map(|setting| setting.key.to_owned());
            let meant = meant.unwrap_or_else(|| nearest(key, keys));
            let example = meant.example_for(&place);
            self.problems.push(Problem::Unknown {
                name: key.to_owned(),
                place,
                example,
            });
            return;
        };
        let text = match value {
            DeValue::Array(list) if setting.form == Form::List => {
                let texts: Option<Vec<_>> =
                    list.iter().map(|item| item.get_ref().as_str()).collect();
                texts.map(|texts| texts.join(", "))
            }
            value => scalar(value),
        };
        if let Some(text) = text {
            self.set(setting, text, place);
        } else {
            let reason = format!("cannot be a TOML {}", value.type_str());
            self.problems.push(Problem::value(setting, &place, reason));
        }
    }

    fn set(&mut self, setting: &Setting, text: String, source: Source) {
        self.values.insert(setting.key, Text { text, source });
    }
}

/// The text of a value that is not made of others.
fn scalar(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Boolean(truth) => Some(truth.to_string()),
        DeValue::Integer(number) => {
            let number = i64::from_str_radix(number.as_str(), number.radix()).ok()?;
            Some(number.to_string())
        }
        DeValue::Float(_) | DeValue::Datetime(_) | DeValue::Array(_) | DeValue::Table(_) => None,
    }
}

/// Reads texts into values, and keeps what is wrong with them.
pub(super) struct Values<'a> {
    given: &'a Given,
    problems: Vec<Problem>,
}

impl Values<'_> {
    /// `None` after noting a problem.
    pub(super) fn read<T: Value>(&mut self, key: &'static str) -> Option<T> {
        let setting = find(key)?;
        let Some(text) = self.given.text(setting) else {
            return T::absent();
        };
        T::read(&text)
            .map_err(|reason| {
                let source = self.given.source(key);
                self.problems.push(Problem::value(setting, &source, reason));
            })
            .ok()
    }
}

pub(super) fn find(key: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|setting| setting.key == key)
}

/// The setting that somebody probably meant: whose name takes the fewest changes.
fn nearest(wrong: &str, names: impl Iterator<Item = String>) -> &'static Setting {
    let distances = names.map(|name| distance(wrong, &name));
    let best = SETTINGS
        .iter()
        .zip(distances)
        .min_by_key(|(_, distance)| *distance);
    best.map_or_else(
        || unreachable!("there are settings"),
        |(setting, _)| setting,
    )
}

/// How many letters have to be put in, left out or replaced (Levenshtein).
fn distance(from: &str, to: &str) -> usize {
    let mut row: Vec<usize> = (0..=to.chars().count()).collect();
    for (i, a) in from.chars().enumerate() {
        let mut next = vec![i + 1];
        let mut left = i + 1;
        for ((b, diagonal), above) in to.chars().zip(&row).zip(row.iter().skip(1)) {
            left = (diagonal + usize::from(a != b))
                .min(above + 1)
                .min(left + 1);
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_variable_means_one_setting() {
        let mut names: Vec<_> = SETTINGS.iter().map(Setting::variable).collect();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), SETTINGS.len());
        for name in NOT_SETTINGS {
            assert!(
                !names
                    .iter()
                    .any(|one| one == name || one.starts_with(TEST_PREFIX))
            );
        }
    }

    #[test]
    fn a_misspelt_name_leads_to_the_right_one() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
        let keys = || SETTINGS.iter().map(|setting| setting.key.to_owned());
        assert_eq!(
            nearest("federation.alow_privat", keys()).key,
            "federation.allow_private"
        );
        assert_eq!(nearest("handledomain", keys()).key, "handle_domain");
    }
}
