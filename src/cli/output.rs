//! Answers on the standard output.

use std::io::{ErrorKind, Write as _};
use std::time::Duration;

use anyhow::Context as _;
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

/// Prints a command's answer.
pub(super) fn text(answer: &str) -> anyhow::Result<()> {
    let mut stdout = std::io::stdout().lock();
    match stdout
        .write_all(answer.as_bytes())
        .and_then(|()| stdout.flush())
    {
        // Whoever read along has read enough: `actapub config show | head`.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        done => done.context("cannot write to the standard output"),
    }
}

/// Turns on the standard error output, if somebody looks at it, until it is finished.
pub(super) fn progress(message: String) -> ProgressBar {
    let bar = ProgressBar::new_spinner().with_style(ProgressStyle::default_spinner());
    bar.set_message(message);
    bar.enable_steady_tick(Duration::from_millis(120));
    bar
}

/// A number in front of what it counts.
pub(super) fn counted(number: impl TryInto<u64>, one: &str, more: &str) -> String {
    match number.try_into().unwrap_or(0) {
        1 => format!("1 {one}"),
        number => format!("{number} {more}"),
    }
}

/// Prints a command's answer as one JSON document.
pub(super) fn json(answer: &impl Serialize) -> anyhow::Result<()> {
    let mut answer = serde_json::to_string_pretty(answer)?;
    answer.push('\n');
    text(&answer)
}
