//! The style sheet, built into the program.

use std::sync::LazyLock;

use aws_lc_rs::digest;

/// The only asset: without script there is nothing else to load.
pub const STYLE_SHEET: &str = include_str!("assets/actapub.css");

/// An address that holds the content's digest may be kept by a cache for a year.
pub const CACHE_CONTROL: &str = "public, max-age=31536000, immutable";

/// `/assets/actapub.0123456789abcdef.css`: another content is another address.
pub fn style_sheet_path() -> &'static str {
    static PATH: LazyLock<String> = LazyLock::new(|| {
        let digest = digest::digest(&digest::SHA256, STYLE_SHEET.as_bytes());
        let hex = digest
            .as_ref()
            .iter()
            .take(8)
            .fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
        format!("/assets/actapub.{hex}.css")
    });
    &PATH
}
