//! `actapub record`: the public record, from the desk of whoever keeps it or checks it.

mod keys;
mod verify;

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
    /// Check a record, or one entry of it: from its public files alone, with no database and no server
    #[command(
        after_help = "Examples:\n  actapub record verify https://social.city.gov/record/water\n  actapub record verify https://social.city.gov/record/water/12\n  actapub record verify ./bag --from last-year.checkpoint --vkey 'social.city.gov/record/water+…'\n\nExit codes: 0 valid, 10 invalid, 11 unwitnessed, 12 contradicts a known head, 1 could not be read, 2 usage."
    )]
    Verify(verify::Verify),
    /// Follow a record of somebody else's: that it only grows, and that what its agency says in public is in it
    #[command(
        after_help = "Examples:\n  actapub record monitor https://social.city.gov/record/water --state water.json --every 10m\n  actapub record monitor https://social.city.gov/record/water --state water.json --once\n\nExit codes with --once: 0 all is well, 10 invalid, 11 unwitnessed, 12 contradicts what was seen, 13 published and not recorded, 1 could not be read, 2 usage."
    )]
    Monitor(verify::monitor::Follow),
}

pub(super) fn run(command: RecordCommand, sources: Sources) -> anyhow::Result<()> {
    match command {
        RecordCommand::Show(asked) => keys::show(&asked, sources),
        RecordCommand::RotateKey(asked) => keys::rotate(&asked, sources),
        RecordCommand::Verify(asked) => verify::run(&asked),
        RecordCommand::Monitor(asked) => verify::monitor::run(&asked),
    }
}
