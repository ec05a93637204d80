//! `docs/CONFIGURATION.md`, made of the table of settings.

use std::fmt::Write as _;

use super::setting::{Absent, Setting};
use super::settings::{SECTIONS, SETTINGS};

const INTRODUCTION: &str = "\
<!-- Made by `actapub config docs > docs/CONFIGURATION.md`. Change src/platform/config/settings.rs instead. -->

# Configuration

Actapub starts without any configuration. What a setting is depends on the first of these that names it:

1. a flag of the command: `--listen 0.0.0.0:8080` (there are flags for `--data`, `--listen`, `--url` and `--database`);
2. a variable in the environment: `ACTAPUB_LISTEN=0.0.0.0:8080`, `ACTAPUB_LOG_FORMAT=json`;
3. the configuration file, in [TOML](https://toml.io), which `--config FILE` or `ACTAPUB_CONFIG` names;
4. its default.

```toml
url = \"https://social.city.gov\"
data = \"/var/lib/actapub\"

[log]
format = \"json\"
```

A key or variable that Actapub does not know, and a value that it cannot use, keep it from starting: it says which one,
where it stands, why it is wrong, and gives an example. `actapub config check` does only this; `actapub config show`
prints the value of every setting and where it came from, with passwords masked. The commands that work beside a running
server (`actapub announce` and others) read the same settings: give them the same file, variables or flags.

In a variable, the items of a list are separated by commas, and an empty value stands for none where a setting may
have none. Sizes are written `512kB`, `1MiB`; durations `500ms`, `10s`, `5m`, `2h`, `7d`.
";

/// The whole document.
pub fn manual() -> String {
    let mut text = INTRODUCTION.to_owned();
    text.push_str("\n## At the top of the file\n");
    describe(&mut text, "");
    for (section, about) in SECTIONS {
        let _ = write!(text, "\n## `[{section}]`\n\n{}\n", paragraph(about));
        describe(&mut text, section);
    }
    text
}

fn describe(text: &mut String, section: &str) {
    for setting in SETTINGS.iter().filter(|setting| setting.section == section) {
        let _ = write!(
            text,
            "\n### `{}`\n\n{}\n\n- Value: {}\n- Default: {}\n- Variable: `{}`\n- Example: `{} = {}`\n",
            setting.key,
            paragraph(setting.doc),
            setting.shape,
            default(setting),
            setting.variable(),
            setting.name,
            setting.toml(setting.example),
        );
    }
}

fn default(setting: &Setting) -> String {
    match setting.absent {
        Absent::Is(text) => format!("`{}`", setting.toml(text)),
        Absent::Follows(_, words) => words.to_owned(),
        Absent::Means(words) => format!("none: {words}"),
    }
}

/// Doc comments begin each line with a space.
fn paragraph(doc: &str) -> String {
    let lines: Vec<_> = doc
        .trim_end()
        .lines()
        .map(|line| line.strip_prefix(' ').unwrap_or(line))
        .collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_is_up_to_date() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/CONFIGURATION.md");
        let written = std::fs::read_to_string(path).unwrap_or_default();
        assert!(
            written == manual(),
            "docs/CONFIGURATION.md is stale: run `cargo run -- config docs > docs/CONFIGURATION.md`"
        );
    }
}
