//! The flags that every command understands: where the configuration is, and the settings that have a flag.

use std::path::PathBuf;

use clap::Args;

use crate::platform::config::Sources;

#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Settings (also as ACTAPUB_… variables; see docs/CONFIGURATION.md)")]
pub(super) struct SettingFlags {
    /// The configuration file, in TOML
    #[arg(long, global = true, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
    /// The directory that holds the data
    #[arg(long, global = true, value_name = "DIR")]
    pub(super) data: Option<String>,
    /// The address and port to listen on
    #[arg(long, global = true, value_name = "ADDR")]
    pub(super) listen: Option<String>,
    /// The address under which others reach this server
    #[arg(long, global = true, value_name = "URL")]
    pub(super) url: Option<String>,
    /// The database: sqlite: and a path, or a postgres:// address
    #[arg(long, global = true, value_name = "URL")]
    pub(super) database: Option<String>,
}

impl SettingFlags {
    /// These flags over the environment of this process over the file.
    pub(super) fn sources(self) -> Sources {
        let flags = [
            ("data", self.data),
            ("listen", self.listen),
            ("url", self.url),
            ("database", self.database),
        ];
        let sources = Sources::default()
            .environment(std::env::vars_os())
            .file(self.config);
        flags
            .into_iter()
            .fold(sources, |sources, (key, value)| match value {
                Some(value) => sources.flag(key, value),
                None => sources,
            })
    }
}
