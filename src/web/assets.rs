//! The style sheet and the one script, built into the program.

use std::sync::LazyLock;

use aws_lc_rs::digest;

pub const STYLE_SHEET: &str = include_str!("assets/actapub.css");

/// Checks an entry of the record in a reader's browser; only the entries' pages load it, and they are whole without.
pub const CHECK_SCRIPT: &str = include_str!("assets/check.js");

/// `/assets/actapub.0123456789abcdef.css`: another content is another address, which a cache may keep for a year.
pub fn style_sheet_path() -> &'static str {
    static PATH: LazyLock<String> =
        LazyLock::new(|| format!("/assets/actapub.{}.css", fingerprint(STYLE_SHEET)));
    &PATH
}

/// `/assets/check.0123456789abcdef.js`
pub fn check_script_path() -> &'static str {
    static PATH: LazyLock<String> =
        LazyLock::new(|| format!("/assets/check.{}.js", fingerprint(CHECK_SCRIPT)));
    &PATH
}

fn fingerprint(content: &str) -> String {
    let digest = digest::digest(&digest::SHA256, content.as_bytes());
    digest
        .as_ref()
        .iter()
        .take(8)
        .fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"))
}
