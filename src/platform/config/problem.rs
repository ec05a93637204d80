//! Why a configuration is refused: one sentence a problem, with the key, where it came from, and an example.

use std::fmt;
use std::path::PathBuf;

use super::setting::Setting;

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A flag on the command line.
    Flag,
    /// An environment variable.
    Environment,
    /// A line of the configuration file.
    File { path: PathBuf, line: usize },
    /// Nowhere: nobody gave it.
    Default,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag => f.write_str("command line"),
            Self::Environment => f.write_str("environment"),
            Self::File { path, line } => write!(f, "{}, line {line}", path.display()),
            Self::Default => f.write_str("default"),
        }
    }
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    #[error("{name} ({place}) {reason}; for example `{example}`")]
    Value {
        /// The key as it is called in that place: `--listen`, `ACTAPUB_LISTEN`, `listen`.
        name: String,
        place: Source,
        reason: String,
        example: String,
    },
    #[error("{name} ({place}) is not a setting; for example `{example}` would be")]
    Unknown {
        name: String,
        place: Source,
        example: String,
    },
    #[error("cannot read the configuration file {}: {reason}", path.display())]
    Unreadable { path: PathBuf, reason: String },
    #[error("the configuration file {}, line {line}, is not TOML: {reason}", path.display())]
    Toml {
        path: PathBuf,
        line: usize,
        reason: String,
    },
    #[error(
        "DANGER_FEDERATION_ALLOW_LOCAL_IP is set in the environment: it would let other servers make this one call \
         machines of your own network; unset it, and for trials on one machine use ACTAPUB_FEDERATION_ALLOW_PRIVATE=true"
    )]
    Danger,
}

impl Problem {
    /// A known setting whose value is wrong.
    pub(super) fn value(setting: &Setting, source: &Source, reason: impl Into<String>) -> Self {
        Self::Value {
            name: name(setting, source),
            place: source.clone(),
            reason: reason.into(),
            example: setting.example_for(source),
        }
    }
}

/// What a setting is called in the place that a value came from.
fn name(setting: &Setting, source: &Source) -> String {
    match source {
        Source::Flag => format!("--{}", setting.name),
        Source::Environment => setting.variable(),
        Source::File { .. } | Source::Default => setting.key.to_owned(),
    }
}

/// All that is wrong with a configuration; there is at least one problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    pub problems: Vec<Problem>,
}

impl std::error::Error for Refused {}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, problem) in self.problems.iter().enumerate() {
            let separator = if n == 0 { "" } else { "; also, " };
            write!(f, "{separator}{problem}")?;
        }
        Ok(())
    }
}
