//! The style sheets and the scripts, built into the program.

use std::sync::LazyLock;

use aws_lc_rs::digest;

/// A file that pages load.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asset {
    /// The style sheet of every page.
    StyleSheet,
    /// What the console adds to it.
    ConsoleStyleSheet,
    /// Checks an entry of the record in a reader's browser; only the entries' pages load it, and they are whole without.
    CheckScript,
    /// Makes the console quicker, which is whole without.
    ConsoleScript,
    /// Asks for passkeys, on the pages where one is made or shown; they are whole without.
    PasskeyScript,
}

impl Asset {
    pub const ALL: [Self; 5] = [
        Self::StyleSheet,
        Self::ConsoleStyleSheet,
        Self::CheckScript,
        Self::ConsoleScript,
        Self::PasskeyScript,
    ];

    pub const fn content(self) -> &'static str {
        match self {
            Self::StyleSheet => include_str!("assets/actapub.css"),
            Self::ConsoleStyleSheet => include_str!("assets/console.css"),
            Self::CheckScript => include_str!("assets/check.js"),
            Self::ConsoleScript => include_str!("assets/console.js"),
            Self::PasskeyScript => include_str!("assets/passkey.js"),
        }
    }

    pub const fn media_type(self) -> &'static str {
        match self {
            Self::StyleSheet | Self::ConsoleStyleSheet => "text/css; charset=utf-8",
            Self::CheckScript | Self::ConsoleScript | Self::PasskeyScript => {
                "text/javascript; charset=utf-8"
            }
        }
    }

    /// Name without and with what changes: `actapub` and `css`.
    const fn name(self) -> (&'static str, &'static str) {
        match self {
            Self::StyleSheet => ("actapub", "css"),
            Self::ConsoleStyleSheet => ("console", "css"),
            Self::CheckScript => ("check", "js"),
            Self::ConsoleScript => ("console", "js"),
            Self::PasskeyScript => ("passkey", "js"),
        }
    }

    /// `/assets/actapub.0123456789abcdef.css`: another content is another address, which a cache may keep for a year.
    pub fn path(self) -> &'static str {
        static PATHS: LazyLock<[String; 5]> = LazyLock::new(|| {
            Asset::ALL.map(|asset| {
                let (stem, ending) = asset.name();
                format!("/assets/{stem}.{}.{ending}", fingerprint(asset.content()))
            })
        });
        let [sheet, console_sheet, check, console, passkey] = &*PATHS;
        match self {
            Self::StyleSheet => sheet,
            Self::ConsoleStyleSheet => console_sheet,
            Self::CheckScript => check,
            Self::ConsoleScript => console,
            Self::PasskeyScript => passkey,
        }
    }

    /// What stands under a name below `/assets/`, and whether it is what we hand out now.
    pub fn named(name: &str) -> Option<(Self, bool)> {
        let current = |asset: &Self| asset.path().strip_prefix("/assets/") == Some(name);
        if let Some(asset) = Self::ALL.into_iter().find(current) {
            return Some((asset, true));
        }
        // A page that a cache has kept from before an upgrade still finds what it needs.
        let (stem, rest) = name.split_once('.')?;
        let ending = rest.rsplit('.').next();
        Self::ALL
            .into_iter()
            .find(|asset| (stem, ending) == (asset.name().0, Some(asset.name().1)))
            .map(|asset| (asset, false))
    }
}

fn fingerprint(content: &str) -> String {
    let digest = digest::digest(&digest::SHA256, content.as_bytes());
    digest
        .as_ref()
        .iter()
        .take(8)
        .fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"))
}
