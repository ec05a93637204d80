//! The command line: what can be asked of Actapub, and how answers and errors look.
//!
//! A command's answer is on the standard output, everything else on the standard error output. An error is one
//! sentence and a status that is not zero: 1 if it could not be done, 2 if it was not understood.

mod agency;
mod alone;
mod announce;
mod answering;
mod at_length;
mod backup;
mod config;
mod conversation;
mod deliveries;
mod demo;
mod desk;
mod doctor;
mod drafts;
mod further;
mod health;
mod inbox;
mod mentions;
mod migrate;
mod numbers;
mod output;
mod pictures;
mod poll;
mod queue;
mod record;
mod rules;
mod serve;
mod settings;
mod staff;
mod withdraw;

use std::process::ExitCode;

use clap::Parser;
use clap::error::ErrorKind;

use self::settings::SettingFlags;

/// The ActivityPub server on which public agencies speak and listen in the open.
#[derive(Debug, Parser)]
#[command(
    name = "actapub",
    version,
    arg_required_else_help = true,
    max_term_width = 100
)]
struct Cli {
    #[command(flatten)]
    settings: SettingFlags,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Run the server
    #[command(
        after_help = "Example:\n  actapub serve --data /var/lib/actapub --url https://social.city.gov"
    )]
    Serve(serve::Serve),
    /// Show a city with agencies and citizens, with nothing to set up
    #[command(
        after_help = "Example:\n  actapub demo\n\nIts data is in ./data/demo unless --data names another folder."
    )]
    Demo(demo::Demo),
    /// Set up, list, show and change agencies
    #[command(subcommand)]
    Agency(agency::AgencyCommand),
    /// Invite people to an agency's staff, give and take roles, read who did what
    #[command(subcommand)]
    Staff(staff::StaffCommand),
    /// Publish an announcement, or answer a citizen
    #[command(
        after_help = "Examples:\n  actapub announce water --text 'The pool in the north *opens* on Monday. #pool'\n  actapub announce water --file news.md --image map.png --alt 'A map of the closed streets' --pin\n  actapub announce water --text 'Until eight.' --reply-to https://example.social/@ada/1\n  actapub announce water --text 'Which day suits you?' --poll-option Monday --poll-option Tuesday --poll-ends 7d\n  actapub announce water --file news.md --then 'What stays closed: …' --then 'Where to ask: …' --image map.png --alt 'A map of the counters'\n  actapub announce water --text 'The plan in short.' --article plan.md --title 'The plan'\n  actapub announce water --text 'The dam holds.' --draft"
    )]
    Announce(announce::Announce),
    /// Change an announcement; what is not named stays as it was, and every earlier wording is kept
    #[command(
        after_help = "Examples:\n  actapub edit https://social.city.gov/@water/14836914 --file news.md\n  actapub edit https://social.city.gov/@water/14836914 --article plan.md"
    )]
    Edit(announce::Edit),
    /// Take an announcement back; its page then says so and why
    #[command(
        after_help = "Example:\n  actapub withdraw https://social.city.gov/@water/14836914 --reason 'The date was wrong.'"
    )]
    Withdraw(withdraw::Withdraw),
    /// Work with what is to be said or changed: what waits, for whom, and when it goes out
    #[command(subcommand)]
    Drafts(drafts::DraftsCommand),
    /// Show and change how an agency works: what needs approval, required languages, when nothing goes out
    #[command(subcommand)]
    Rules(rules::RulesCommand),
    /// List those who follow an agency
    #[command(after_help = "Example:\n  actapub followers water")]
    Followers(conversation::Followers),
    /// List the replies to an announcement
    #[command(
        after_help = "Example:\n  actapub replies https://social.city.gov/@water/14836914 --json"
    )]
    Replies(conversation::Replies),
    /// Work through what citizens sent: replies, mentions, private messages, quotations, reports
    #[command(subcommand)]
    Queue(queue::QueueCommand),
    /// Show an agency's numbers: followers, replies, boosts, quotations, answers, and how long they take
    #[command(
        after_help = "Examples:\n  actapub numbers water\n  actapub numbers water --by month --csv"
    )]
    Numbers(numbers::Numbers),
    /// Show what went out to other servers, and what could not be delivered
    #[command(
        after_help = "Examples:\n  actapub deliveries --failed\n  actapub deliveries retry --host example.social"
    )]
    Deliveries(deliveries::Deliveries),
    /// Show how the inbox stands, and what could not be processed
    #[command(after_help = "Example:\n  actapub inbox --failed")]
    Inbox(inbox::Inbox),
    /// Keep and check the public record
    #[command(subcommand)]
    Record(record::RecordCommand),
    /// Write everything into one file, while the server runs
    #[command(after_help = "Example:\n  actapub backup /backup/actapub.db")]
    Backup(backup::Backup),
    /// Put everything back as a backup has it; what is there now is backed up first
    #[command(
        after_help = "Example:\n  actapub restore /backup/actapub.db --data /var/lib/actapub"
    )]
    Restore(backup::Restore),
    /// Bring the database up to date; `serve` does so by itself
    #[command(after_help = "Example:\n  actapub migrate --data /var/lib/actapub")]
    Migrate,
    /// Say what is well and what is wrong: configuration, disk, database, clock, and how others see this server
    #[command(after_help = "Example:\n  actapub doctor --config /etc/actapub/actapub.toml")]
    Doctor(doctor::Doctor),
    /// Check, show and explain the configuration
    #[command(subcommand)]
    Config(config::ConfigCommand),
    /// Ask the server on this machine whether it is well
    #[command(after_help = "Example:\n  actapub health --live")]
    Health(health::Health),
}

/// Does what the command line of this process asks.
pub fn run() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(refusal) => return refuse(&refusal),
    };
    let settings = cli.settings.clone();
    let sources = cli.settings.sources();
    let done = match cli.command {
        Command::Serve(command) => serve::run(&command, sources),
        Command::Demo(command) => demo::run(&command, settings),
        Command::Agency(command) => agency::run(command, sources),
        Command::Staff(command) => staff::run(command, sources),
        Command::Announce(asked) => announce::announce(asked, sources),
        Command::Edit(asked) => announce::edit(&asked, sources),
        Command::Withdraw(asked) => withdraw::run(asked, sources),
        Command::Drafts(command) => drafts::run(command, sources),
        Command::Rules(command) => rules::run(command, sources),
        Command::Followers(asked) => conversation::show_followers(asked, sources),
        Command::Replies(asked) => conversation::show_replies(&asked, sources),
        Command::Queue(command) => queue::run(command, sources),
        Command::Numbers(asked) => numbers::run(asked, sources),
        Command::Deliveries(asked) => deliveries::run(asked, sources),
        Command::Inbox(asked) => inbox::run(asked, sources),
        Command::Record(command) => record::run(command, sources),
        Command::Backup(asked) => backup::back_up(&asked, sources),
        Command::Restore(asked) => backup::restore(&asked, sources),
        Command::Migrate => migrate::run(sources),
        Command::Doctor(asked) => doctor::run(&asked, sources),
        Command::Config(command) => config::run(&command, sources),
        Command::Health(command) => health::run(&command, sources),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {}", one_line(&sentence(&error)));
            error.downcast_ref().map_or(ExitCode::FAILURE, Exit::code)
        }
    }
}

/// Why a command ends with a code of its own.
#[derive(Debug, thiserror::Error)]
#[error("{sentence}")]
struct Exit {
    code: u8,
    sentence: String,
}

impl Exit {
    fn because(code: u8, error: &anyhow::Error) -> anyhow::Error {
        let sentence = sentence(error);
        Self { code, sentence }.into()
    }

    fn code(&self) -> ExitCode {
        ExitCode::from(self.code)
    }
}

/// Answers a command line that is a question for help, or is not understood.
fn refuse(refusal: &clap::Error) -> ExitCode {
    let asked = matches!(
        refusal.kind(),
        ErrorKind::DisplayHelp
            | ErrorKind::DisplayVersion
            | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
    );
    if asked {
        // A reader that has gone away has read enough.
        let _ = refusal.print();
    } else {
        let text = refusal.to_string();
        let sentence = text.split("\n\n").next().unwrap_or_default();
        eprintln!("{} (--help says more)", one_line(sentence));
    }
    ExitCode::from(u8::try_from(refusal.exit_code()).unwrap_or(2))
}

/// An error with its causes, leaving out those that it has in its own words already.
fn sentence(error: &anyhow::Error) -> String {
    error.chain().fold(String::new(), |sentence, cause| {
        let cause = cause.to_string();
        if sentence.is_empty() {
            cause
        } else if sentence.ends_with(&cause) {
            sentence
        } else {
            format!("{sentence}: {cause}")
        }
    })
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn every_command_is_well_formed_and_has_an_example() {
        let mut cli = Cli::command();
        cli.build();
        cli.clone().debug_assert();
        let mut commands: Vec<_> = cli.get_subcommands().collect();
        while let Some(command) = commands.pop() {
            if command.get_name() == "help" {
                continue;
            }
            // A command's own argument of a setting's name would be taken for the setting.
            for setting in ["config", "data", "listen", "url", "database"] {
                let mut arguments = command.get_arguments();
                let argument = arguments.find(|argument| argument.get_id() == setting);
                assert!(
                    argument.is_none_or(clap::Arg::is_global_set),
                    "{} has a {setting} of its own",
                    command.get_name()
                );
            }
            assert!(command.get_about().is_some(), "{}", command.get_name());
            if command.has_subcommands() {
                commands.extend(command.get_subcommands());
            } else {
                let help = command.clone().render_long_help().to_string();
                assert!(
                    help.contains("\n  actapub "),
                    "{} has no example",
                    command.get_name()
                );
            }
        }
    }

    #[test]
    fn the_commands_are_these() {
        let cli = Cli::command();
        let names: Vec<_> = cli.get_subcommands().map(clap::Command::get_name).collect();
        assert_eq!(
            names.join(" "),
            "serve demo agency staff announce edit withdraw drafts rules followers replies queue numbers deliveries inbox record backup restore migrate doctor config health"
        );
    }

    #[test]
    fn settings_are_understood_before_and_behind_the_command() {
        for line in [
            "actapub --data d config check",
            "actapub config check --data d",
        ] {
            let cli = Cli::try_parse_from(line.split(' ')).unwrap();
            assert_eq!(cli.settings.data.as_deref(), Some("d"));
        }
    }

    #[test]
    fn a_command_line_that_is_not_understood_is_refused_in_one_line() {
        let refusal = Cli::try_parse_from(["actapub", "config", "chek"]).unwrap_err();
        let text = refusal.to_string();
        let sentence = one_line(text.split("\n\n").next().unwrap());
        assert_eq!(sentence, "error: unrecognized subcommand 'chek'");
        assert_eq!(refusal.exit_code(), 2);
    }
}
