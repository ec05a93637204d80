//! The command line: what can be asked of Actapub, and how answers and errors look.
//!
//! A command's answer is on the standard output, everything else on the standard error output. An error is one
//! sentence and a status that is not zero: 1 if it could not be done, 2 if it was not understood.

mod config;
mod health;
mod output;
mod serve;
mod settings;

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
    #[command(after_help = "Example:\n  actapub serve --data /var/lib/actapub --url https://social.city.gov")]
    Serve(serve::Serve),
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
    let sources = cli.settings.sources();
    let done = match cli.command {
        Command::Serve(command) => serve::run(&command, sources),
        Command::Config(command) => config::run(&command, sources),
        Command::Health(command) => health::run(&command, sources),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {}", one_line(&format!("{error:#}")));
            ExitCode::FAILURE
        }
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
        assert_eq!(names.join(" "), "serve config health");
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
