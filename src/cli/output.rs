//! Answers on the standard output.

use std::io::{ErrorKind, Write as _};

use anyhow::Context as _;
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

/// Prints a command's answer as one JSON document.
pub(super) fn json(answer: &impl Serialize) -> anyhow::Result<()> {
    let mut answer = serde_json::to_string_pretty(answer)?;
    answer.push('\n');
    text(&answer)
}
