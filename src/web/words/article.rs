//! What is said about long texts.

pub const CONTENTS: &str = "On this page";
pub const CONVERSATION: &str = "Read the conversation, or reply";
pub const SUMMARY: &str = "In short";
pub const VERSIONS: &str = "Versions";
pub const VERSIONS_NOTE: &str = "Every version is kept. Each is an entry of the public record.";
pub const FIRST_VERSION: &str = "first published";
pub const WHAT_CHANGED: &str = "what changed";
pub const CHANGES: &str = "What changed";
pub const TAKEN_OUT: &str = "taken out:";
pub const PUT_IN: &str = "put in:";
pub const NOTHING_CHANGED: &str = "Text and title are the same in both versions.";
pub const TO_TEXT: &str = "To the text as it is now";

pub fn read(minutes: usize) -> String {
    let minutes = u64::try_from(minutes).unwrap_or(u64::MAX);
    format!(
        "Read the whole text (about {})",
        super::counted(minutes, "minute", "minutes")
    )
}

pub fn minutes(minutes: usize) -> String {
    let minutes = u64::try_from(minutes).unwrap_or(u64::MAX);
    format!(
        "about {} to read",
        super::counted(minutes, "minute", "minutes")
    )
}

pub fn version(number: i32) -> String {
    format!("Version {number}")
}

pub fn between(before: i32, after: i32) -> String {
    format!("What version {after} changed in version {before}")
}

pub fn table(number: usize) -> String {
    format!("Table {number}")
}
