//! `actapub record`: the public record, from the desk of whoever keeps it or checks it.

mod keys;
mod witnesses;

use crate::platform::config::Sources;

/// What can be asked of the record.
#[derive(Debug, clap::Subcommand)]
pub(super) enum RecordCommand {
    /// Show an agency's log: where it is, how large, and with which keys its checkpoints are verified
    #[command(after_help = "Example:\n  actapub record show water")]
    Show(keys::Show),
    /// Let a new key sign an agency's checkpoints; the old one goes on beside it for 30 days
    #[command(after_help = "Example:\n  actapub record rotate-key water")]
    RotateKey(keys::RotateKey),
    /// Show this server as a witness: the line for others' policies, with its key and its address
    #[command(after_help = "Example:\n  actapub record witness")]
    Witness(witnesses::Witness),
}

pub(super) fn run(command: RecordCommand, sources: Sources) -> anyhow::Result<()> {
    match command {
        RecordCommand::Show(asked) => keys::show(&asked, sources),
        RecordCommand::RotateKey(asked) => keys::rotate(&asked, sources),
        RecordCommand::Witness(asked) => witnesses::show_own(&asked, sources),
    }
}
