//! `actapub config`: is the configuration right, what holds, and what can be set.

use std::fmt::Write as _;

use serde::Serialize;

use crate::archive::policies;
use crate::platform::config::{Effective, Loaded, Sources, manual};

use super::output;

#[derive(Debug, clap::Subcommand)]
pub(super) enum ConfigCommand {
    /// Say whether the configuration is good, and else everything that is wrong with it
    #[command(after_help = "Example:\n  actapub config check --config /etc/actapub/actapub.toml")]
    Check,
    /// Print every setting's value and where it came from, passwords masked
    #[command(after_help = "Example:\n  actapub config show --json")]
    Show {
        /// Print one JSON document
        #[arg(long)]
        json: bool,
    },
    /// Print the description of all settings, as it stands in docs/CONFIGURATION.md
    #[command(after_help = "Example:\n  actapub config docs > docs/CONFIGURATION.md")]
    Docs,
}

pub(super) fn run(command: &ConfigCommand, sources: Sources) -> anyhow::Result<()> {
    match command {
        ConfigCommand::Check => {
            let record = load(sources)?.config.record;
            record.policy.as_deref().map(policies::read).transpose()?;
            record
                .witness_for
                .as_deref()
                .map(policies::read_logs)
                .transpose()?;
            output::text("good\n")
        }
        ConfigCommand::Show { json: true } => output::json(&Row::all(&load(sources)?)),
        ConfigCommand::Show { json: false } => output::text(&as_toml(&load(sources)?)),
        ConfigCommand::Docs => output::text(&manual()),
    }
}

/// The configuration that the other commands run with; says on the standard error output what is worth a thought.
pub(super) fn load(sources: Sources) -> anyhow::Result<Loaded> {
    let loaded = sources.load()?;
    for warning in &loaded.warnings {
        eprintln!("warning: {warning}");
    }
    Ok(loaded)
}

/// One setting as `--json` shows it.
#[derive(Debug, Serialize)]
struct Row<'a> {
    key: &'static str,
    value: Option<&'a str>,
    source: String,
    variable: String,
}

impl<'a> Row<'a> {
    fn all(loaded: &'a Loaded) -> Vec<Self> {
        let row = |one: &'a Effective| Self {
            key: one.setting.key,
            value: one.text.as_deref(),
            source: one.source.to_string(),
            variable: one.setting.variable(),
        };
        loaded.effective().iter().map(row).collect()
    }
}

/// As a configuration file would say it.
fn as_toml(loaded: &Loaded) -> String {
    let mut text = String::new();
    let mut section = "";
    for Effective {
        setting,
        text: value,
        source,
    } in loaded.effective()
    {
        if setting.section != section {
            section = setting.section;
            let _ = write!(text, "\n[{section}]\n");
        }
        let line = match value {
            Some(value) => format!("{} = {}", setting.name, setting.toml(value)),
            None => format!("# {}", setting.name),
        };
        let _ = writeln!(text, "{line:<48}  # {source}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_is_a_configuration_file_that_means_the_same() {
        let sources = || Sources::default().flag("database", "postgres://acta:s3cret@db/acta");
        let shown = as_toml(&sources().load().unwrap());
        assert!(!shown.contains("s3cret"), "{shown}");
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("actapub.toml");
        std::fs::write(&path, &shown).unwrap();
        let again = Sources::default().file(Some(path)).load().unwrap();
        assert_eq!(again.config.about.name, "localhost");
        for (one, other) in sources()
            .load()
            .unwrap()
            .effective()
            .iter()
            .zip(again.effective())
        {
            assert_eq!(one.text, other.text, "{}", one.setting.key);
        }
    }
}
