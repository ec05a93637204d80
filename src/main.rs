//! The `actapub` command.

fn main() -> std::process::ExitCode {
    actapub::cli::run()
}
