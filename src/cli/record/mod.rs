//! `actapub record`: the public record, from the desk of whoever keeps it or checks it.

mod disclosure;
mod erase;
mod executed;
mod export;
mod holds;
mod keys;
mod resume;
mod target;
mod verify;
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
    /// Go on with a record that is stopped because more of it was seen elsewhere, and have the record say why
    #[command(
        after_help = "Example:\n  actapub record resume water --reason 'The disk with the later entries is lost; this is the newest backup.'"
    )]
    Resume(resume::Resume),
    /// Destroy what the record holds of a reply, a message, a report or a withdrawn announcement, or all of somebody
    #[command(
        after_help = "Examples:\n  actapub record erase https://example.social/@ada/1 --class art17 --basis gdpr-17-1-b --role records-officer\n  actapub record erase --everything-by https://example.social/users/ada --class art17 --basis gdpr-17-1-b --role dpo"
    )]
    Erase(erase::Erase),
    /// List the destructions that wait or are held back, and the last that were executed
    #[command(after_help = "Example:\n  actapub record erasures water")]
    Erasures(erase::Erasures),
    /// Place a legal hold: nothing that it covers is destroyed until it is released
    #[command(
        after_help = "Examples:\n  actapub record hold water --matter 'Case 2026-7'\n  actapub record hold water --thread https://social.city.gov/@water/14836914 --matter 'Case 2026-7'"
    )]
    Hold(holds::Place),
    /// Release a legal hold: what it alone held back is destroyed
    #[command(after_help = "Example:\n  actapub record release 3")]
    Release(holds::Release),
    /// List the legal holds of an agency
    #[command(after_help = "Example:\n  actapub record holds water")]
    Holds(holds::Holds),
    /// Write an agency's record, or a part of it, into a package that anybody can check (`BagIt`)
    #[command(
        after_help = "Examples:\n  actapub record export water water.tar.gz\n  actapub record export water --from 2026-01-01 --to 2027-01-01 --disclose staff /archive/water-2026"
    )]
    Export(export::Export),
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
    #[command(after_help = "Example:\n  actapub record grants water")]
    Grants(disclosure::Grants),
    /// End an auditor's access before its time
    #[command(after_help = "Example:\n  actapub record revoke-grant water 3")]
    RevokeGrant(disclosure::RevokeGrant),
    /// Show this server as a witness: the line for others' policies, with its key and its address
    #[command(after_help = "Example:\n  actapub record witness")]
    Witness(witnesses::Witness),
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
        RecordCommand::Resume(asked) => resume::run(&asked, sources),
        RecordCommand::Erase(asked) => erase::erase(&asked, sources),
        RecordCommand::Erasures(asked) => erase::list(&asked, sources),
        RecordCommand::Hold(asked) => holds::place(asked, sources),
        RecordCommand::Release(asked) => holds::release(&asked, sources),
        RecordCommand::Holds(asked) => holds::list(&asked, sources),
        RecordCommand::Export(asked) => export::run(&asked, sources),
        RecordCommand::Receipt(asked) => disclosure::receipt(&asked, sources),
        RecordCommand::Grant(asked) => disclosure::grant(&asked, sources),
        RecordCommand::Grants(asked) => disclosure::grants(&asked, sources),
        RecordCommand::RevokeGrant(asked) => disclosure::revoke(&asked, sources),
        RecordCommand::Witness(asked) => witnesses::show_own(&asked, sources),
        RecordCommand::Verify(asked) => verify::run(&asked),
        RecordCommand::Monitor(asked) => verify::monitor::run(&asked),
    }
}
