//! Log lines, to the standard error output: readable ones, or one JSON object each.

use std::io::IsTerminal as _;

use tracing::Subscriber;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

use crate::platform::config::{Log, LogFormat};

/// Libraries that log addresses, headers or bodies at the levels left out here. What the operator asks for by a
/// library's name holds all the same.
const QUIET: &str = "activitypub_federation=warn,h2=info,html5ever=warn,hyper=info,hyper_util=info,reqwest=info,rustls=info";

/// Somebody has set up logging in this process before.
#[derive(Debug, thiserror::Error)]
#[error("logging is set up already")]
pub struct AlreadySet;

/// Starts logging for the whole process.
pub fn start_logging(log: &Log) -> Result<(), AlreadySet> {
    let colours = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    tracing::subscriber::set_global_default(subscriber(log, colours, std::io::stderr))
        .map_err(|_| AlreadySet)
}

/// Makes every panic a log line.
///
/// It names the place and not the message, which may quote the text that could not be handled; a build for
/// development prints the message too.
pub fn log_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic
            .location()
            .map(ToString::to_string)
            .unwrap_or_default();
        let thread = std::thread::current();
        let thread = thread.name().unwrap_or("unnamed");
        if cfg!(debug_assertions) {
            let message = panic.payload();
            let message = message
                .downcast_ref::<String>()
                .map(String::as_str)
                .or_else(|| message.downcast_ref::<&str>().copied())
                .unwrap_or_default();
            tracing::error!(
                panic.place = place,
                panic.thread = thread,
                panic.message = message,
                "panicked"
            );
        } else {
            tracing::error!(panic.place = place, panic.thread = thread, "panicked");
        }
    }));
}

fn subscriber<W>(log: &Log, colours: bool, writer: W) -> Box<dyn Subscriber + Send + Sync>
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let directives = format!("{QUIET},{}", log.level.directives());
    let builder = tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::builder().parse_lossy(directives))
        .with_ansi(colours)
        .with_writer(writer);
    match log.format {
        LogFormat::Human => Box::new(builder.finish()),
        LogFormat::Json => Box::new(
            builder
                .json()
                .flatten_event(true)
                .with_span_list(false)
                .finish(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use crate::platform::config::Sources;

    use super::*;

    #[derive(Clone, Default)]
    struct Sink(Arc<Mutex<Vec<u8>>>);

    impl std::io::Write for Sink {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    fn logged(format: &str, level: &str, say: impl FnOnce()) -> String {
        let sources = Sources::default()
            .flag("log.format", format)
            .flag("log.level", level);
        let log = sources.load().unwrap().config.log;
        let sink = Sink::default();
        let writer = sink.clone();
        tracing::subscriber::with_default(subscriber(&log, false, move || writer.clone()), say);
        let bytes = sink.0.lock().unwrap().clone();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn a_json_line_is_one_object_with_dotted_fields() {
        let line = logged("json", "info", || {
            tracing::info!(inbox.host = "a.test", "refused");
        });
        let line: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert_eq!(line["message"], "refused");
        assert_eq!(line["inbox.host"], "a.test");
        assert_eq!(line["level"], "INFO");
    }

    #[test]
    fn libraries_that_log_addresses_are_quiet_until_named() {
        let say = || {
            tracing::info!(target: "activitypub_federation::fetch", "fetching somebody");
            tracing::debug!(target: "actapub::federation", "ours");
        };
        let lines = logged("human", "debug", say);
        assert!(
            lines.contains("ours") && !lines.contains("somebody"),
            "{lines}"
        );
        let lines = logged("human", "info,activitypub_federation=info", say);
        assert!(
            !lines.contains("ours") && lines.contains("somebody"),
            "{lines}"
        );
    }
}
