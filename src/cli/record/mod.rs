//! `actapub record`: the public record, from the desk of whoever keeps it or checks it.

mod disclosure;
mod keys;

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
    /// Make the link by which an entry's author sees what opens it
    #[command(
        after_help = "Example:\n  actapub record receipt https://social.city.gov/record/water/17"
    )]
    Receipt(disclosure::Receipt),
    /// Let an auditor see what opens the entries of what citizens said in public
    #[command(
        after_help = "Example:\n  actapub record grant water --label 'Audit office' --until 2026-12-31"
    )]
    Grant(disclosure::Grant),
    /// List who was let see it, and until when
    Grants(disclosure::Grants),
    /// End an auditor's access before its time
    #[command(after_help = "Example:\n  actapub record revoke-grant water 3")]
    RevokeGrant(disclosure::RevokeGrant),
}

pub(super) fn run(command: RecordCommand, sources: Sources) -> anyhow::Result<()> {
    match command {
        RecordCommand::Show(asked) => keys::show(&asked, sources),
        RecordCommand::RotateKey(asked) => keys::rotate(&asked, sources),
        RecordCommand::Receipt(asked) => disclosure::receipt(&asked, sources),
        RecordCommand::Grant(asked) => disclosure::grant(&asked, sources),
        RecordCommand::Grants(asked) => disclosure::grants(&asked, sources),
        RecordCommand::RevokeGrant(asked) => disclosure::revoke(&asked, sources),
    }
}
