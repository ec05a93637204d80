//! The shape of the code. A table here is changed on purpose, with its reason, or not at all.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// What each module may name besides itself, in reading order: only what stands above it.
const MAY_USE: &[(&str, &[&str])] = &[
    ("kernel", &[]),
    ("tlog", &[]),
    ("platform", &["kernel"]),
    ("agencies", &["kernel", "platform"]),
    ("moderation", &["kernel", "platform", "agencies"]),
    ("publishing", &["kernel", "platform", "agencies"]),
    (
        "dialogue",
        &["kernel", "platform", "agencies", "moderation", "publishing"],
    ),
    (
        "federation",
        &[
            "kernel",
            "platform",
            "agencies",
            "moderation",
            "publishing",
            "dialogue",
        ],
    ),
    // The record keeps what federation received and sent: docs/decisions/0006.
    (
        "archive",
        &[
            "kernel",
            "tlog",
            "platform",
            "agencies",
            "moderation",
            "publishing",
            "dialogue",
            "federation",
        ],
    ),
    (
        "web",
        &[
            "kernel",
            "tlog",
            "platform",
            "agencies",
            "moderation",
            "publishing",
            "dialogue",
            "archive",
            "federation",
        ],
    ),
    (
        "app",
        &[
            "kernel",
            "platform",
            "agencies",
            "moderation",
            "publishing",
            "dialogue",
            "archive",
            "federation",
            "web",
        ],
    ),
    // Not `web`: a command calls use cases, never a handler.
    (
        "cli",
        &[
            "kernel",
            "tlog",
            "platform",
            "agencies",
            "moderation",
            "publishing",
            "dialogue",
            "archive",
            "federation",
            "app",
        ],
    ),
];

/// Libraries that only some files may name: folders, or how a path ends.
const HOMES: &[(&str, &[&str])] = &[
    ("diesel", &["platform/db/", "/store.rs"]),
    ("diesel_migrations", &["platform/db/"]),
    ("axum", &["web/", "app/"]),
    (
        "activitypub_federation",
        &["federation/", "web/activitypub/"],
    ),
    ("clap", &["cli/"]),
    ("reqwest", &["platform/net/"]),
    ("lettre", &["platform/mail.rs", "platform/config/"]),
    // The layers that the library's fetching goes through.
    ("reqwest_middleware", &["federation/fetch/"]),
];

/// Where nothing waits: rules and queries are plain functions.
const SYNC: &[&str] = &[
    "kernel/",
    "tlog/",
    "agencies/",
    "moderation/",
    "publishing/",
    "dialogue/",
];

/// Readers of their own: what two of them share stands beside them.
const SURFACES: &[&str] = &[
    "activitypub",
    "client_api",
    "console",
    "dumps",
    "feeds",
    "pages",
    "record",
    "witness",
    "verify",
];

/// Folders of `web/` that are no surface: what several surfaces share.
const BESIDE: &[&str] = &["words"];

/// Names that say nothing about what a file holds.
const EMPTY_NAMES: &[&str] = &[
    "common", "helper", "helpers", "misc", "types", "util", "utils",
];

/// Longer files do more than one thing.
const LONGEST: usize = 600;
/// A file of tests is a list of cases, which is read at one place of many.
const LONGEST_OF_TESTS: usize = 800;
const LONG_FOR_A_REASON: &[(&str, &str)] = &[
    (
        "app/demo/stage.rs",
        "the demonstration's script, in the order in which it is played",
    ),
    (
        "platform/db/schema.rs",
        "every table, column by column, as the migrations make them",
    ),
    (
        "publishing/markdown.rs",
        "one pass over a text, with all that it keeps in mind",
    ),
];

fn root(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)
}

/// Every Rust file below `folder`, by its path there.
fn files(folder: &str) -> BTreeMap<String, String> {
    fn visit(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                visit(&path, found);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                found.push(path);
            }
        }
    }
    let root = root(folder);
    let mut found = vec![];
    visit(&root, &mut found);
    let read = |path: PathBuf| {
        let name = path.strip_prefix(&root).unwrap().display().to_string();
        (name, fs::read_to_string(path).unwrap())
    };
    found.into_iter().map(read).collect()
}

/// The source without its comments and without texts that begin and end on one line.
fn code(source: &str) -> String {
    source.lines().map(bare).collect::<Vec<_>>().join("\n")
}

fn bare(line: &str) -> String {
    let mut bare = String::new();
    let mut rest = line.split("//").next().unwrap_or_default();
    while let Some((before, text)) = rest.split_once('"') {
        let Some((_, after)) = text.split_once('"') else {
            break;
        };
        bare.push_str(before);
        rest = after;
    }
    bare + rest
}

/// The name behind each `prefix` that begins a path.
fn named_after<'a>(code: &'a str, prefix: &'a str) -> impl Iterator<Item = &'a str> {
    let in_name = |c: char| c.is_alphanumeric() || c == '_';
    code.match_indices(prefix)
        .filter(move |(at, _)| !code[..*at].ends_with(|c: char| in_name(c) || c == ':' || c == '$'))
        .map(move |(at, _)| {
            let rest = &code[at + prefix.len()..];
            &rest[..rest.find(|c: char| !in_name(c)).unwrap_or(rest.len())]
        })
}

fn complain(wrongs: &[String]) {
    assert!(wrongs.is_empty(), "\n{}\n", wrongs.join("\n"));
}

#[test]
fn a_module_uses_only_what_stands_above_it() {
    let table: BTreeMap<_, _> = MAY_USE.iter().copied().collect();
    let mut wrongs = vec![];
    for (file, source) in files("src") {
        let module = file.split('/').next().unwrap().trim_end_matches(".rs");
        if matches!(module, "lib" | "main") {
            continue;
        }
        let Some(allowed) = table.get(module) else {
            wrongs.push(format!("src/{file}: give `{module}` a row in MAY_USE"));
            continue;
        };
        let code = code(&source);
        for used in named_after(&code, "crate::") {
            if used.is_empty() {
                wrongs.push(format!(
                    "src/{file}: one `use crate::module` a line, not `use crate::{{…}}`"
                ));
            } else if used != module && !allowed.contains(&used) {
                wrongs.push(format!("src/{file}: `{module}` may not use `{used}`"));
            }
        }
        // The other way to climb out of a module.
        let depth = file.matches('/').count() - usize::from(file.ends_with("/mod.rs"));
        for used in named_after(&code, &"super::".repeat(depth + 1)) {
            if used != module && table.contains_key(used) {
                wrongs.push(format!("src/{file}: name `{used}` from `crate::`"));
            }
        }
    }
    complain(&wrongs);
}

#[test]
fn the_table_of_contents_is_in_reading_order() {
    let lib = fs::read_to_string(root("src/lib.rs")).unwrap();
    let listed: Vec<&str> = lib
        .lines()
        .filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'))
        .collect();
    let order: Vec<&str> = MAY_USE
        .iter()
        .map(|(name, _)| *name)
        .filter(|name| listed.contains(name))
        .collect();
    assert_eq!(listed, order);
    for (position, (name, allowed)) in MAY_USE.iter().enumerate() {
        for other in *allowed {
            let above = MAY_USE[..position]
                .iter()
                .any(|(earlier, _)| earlier == other);
            assert!(above, "`{name}` may use `{other}`, which stands below it");
        }
    }
}

#[test]
fn no_surface_sees_another() {
    let mut wrongs = vec![];
    for (file, source) in files("src/web") {
        let Some((own, _)) = file.split_once('/') else {
            continue;
        };
        assert!(
            SURFACES.contains(&own) || BESIDE.contains(&own),
            "src/web/{file}: give `{own}` a place in SURFACES"
        );
        for used in named_after(&code(&source), "crate::web::") {
            if used != own && SURFACES.contains(&used) {
                wrongs.push(format!("src/web/{file}: `{own}` may not use `{used}`"));
            }
        }
    }
    complain(&wrongs);
}

#[test]
fn libraries_stay_at_home() {
    let mut wrongs = vec![];
    for (file, source) in files("src") {
        let code = code(&source);
        for (library, homes) in HOMES {
            let at_home = homes
                .iter()
                .any(|home| file.starts_with(home) || file.ends_with(home));
            let named = named_after(&code, &format!("{library}::")).next().is_some();
            if named && !at_home {
                wrongs.push(format!("src/{file}: `{library}` belongs in {homes:?}"));
            }
        }
    }
    complain(&wrongs);
}

#[test]
fn rules_and_queries_never_wait() {
    let mut wrongs = vec![];
    for (file, source) in files("src") {
        let code = code(&source);
        let waits = named_after(&code, "async ").next().is_some() || code.contains(".await");
        if waits
            && (file.ends_with("/store.rs") || SYNC.iter().any(|folder| file.starts_with(folder)))
        {
            wrongs.push(format!("src/{file}: nothing is `async` here"));
        }
    }
    complain(&wrongs);
}

#[test]
fn every_file_says_what_it_is_and_stays_short() {
    let mut wrongs = vec![];
    for (folder, longest) in [("src", LONGEST), ("tests", LONGEST_OF_TESTS)] {
        for (file, source) in files(folder) {
            let stem = Path::new(&file).file_stem().unwrap().to_str().unwrap();
            if EMPTY_NAMES.contains(&stem)
                || EMPTY_NAMES
                    .iter()
                    .any(|name| file.contains(&format!("{name}/")))
            {
                wrongs.push(format!("{folder}/{file}: name it after what it holds"));
            }
            if !source.starts_with("//! ") {
                wrongs.push(format!(
                    "{folder}/{file}: begin with `//! ` and one sentence"
                ));
            }
            let lines = source.lines().count();
            let excused = LONG_FOR_A_REASON.iter().any(|(long, _)| *long == file);
            if lines > longest && !excused {
                wrongs.push(format!(
                    "{folder}/{file}: {lines} lines; split it by what it does"
                ));
            }
            if excused && lines <= longest {
                wrongs.push(format!("{folder}/{file}: needs no excuse any more"));
            }
        }
    }
    complain(&wrongs);
}

#[test]
fn both_databases_have_the_same_migrations() {
    let names = |folder: &str| -> BTreeSet<String> {
        fs::read_dir(root(folder))
            .unwrap()
            .map(|it| it.unwrap().file_name().into_string().unwrap())
            .collect()
    };
    let sqlite = names("migrations/sqlite");
    assert_eq!(sqlite, names("migrations/postgres"));
    assert!(!sqlite.is_empty());
}

/// A lint may be lifted where there is a reason, and the lift must be needed: `expect`, not `allow`.
#[test]
fn no_lint_is_lifted_silently() {
    let mut wrongs = vec![];
    for (file, source) in files("src") {
        if code(&source).contains("#[allow(") || code(&source).contains("#![allow(") {
            wrongs.push(format!(
                "src/{file}: `#[expect(…, reason = \"…\")]` instead of `#[allow]`"
            ));
        }
        if code(&source).contains("todo!(") || code(&source).contains("unimplemented!(") {
            wrongs.push(format!("src/{file}: something is left to be done"));
        }
    }
    complain(&wrongs);
}
