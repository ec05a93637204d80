//! The server as its operator has it: a process of its own, and commands beside it.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, mpsc};
use std::thread::JoinHandle;
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

use crate::harness::Database;

/// Long enough for a machine that does much else; what takes longer has failed.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// One installation: its data, its address and its settings.
pub(crate) struct Installation {
    data: TempDir,
    base: String,
    settings: Vec<(&'static str, String)>,
}

impl Installation {
    pub(crate) fn new() -> Self {
        let listen = format!("127.0.0.1:{}", free_port());
        Self {
            data: tempfile::tempdir().unwrap(),
            base: format!("http://{listen}"),
            settings: vec![
                ("ACTAPUB_LISTEN", listen),
                ("ACTAPUB_FEDERATION_ALLOW_PRIVATE", "true".to_owned()),
                ("ACTAPUB_LOG_LEVEL", "warn".to_owned()),
            ],
        }
    }

    /// The same with another setting.
    pub(crate) fn with(mut self, variable: &'static str, value: String) -> Self {
        self.settings.push((variable, value));
        self
    }

    /// The same under a name, as browsers want it for passkeys.
    pub(crate) fn on_localhost(mut self) -> Self {
        self.base = self.base.replace("127.0.0.1", "localhost");
        self
    }

    /// Scheme and authority.
    pub(crate) fn base(&self) -> &str {
        &self.base
    }

    /// Host and port.
    pub(crate) fn authority(&self) -> &str {
        self.base.trim_start_matches("http://")
    }

    /// A folder for the files of a test.
    pub(crate) fn folder(&self) -> &Path {
        self.data.path()
    }

    fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_actapub"));
        let others = std::env::vars_os()
            .map(|(name, _)| name)
            .filter(|name| name.to_string_lossy().starts_with("ACTAPUB_"));
        for name in others {
            command.env_remove(name);
        }
        command
            .env("ACTAPUB_URL", &self.base)
            .env("ACTAPUB_DATA", self.data.path())
            .envs(self.settings.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs a command to its end, and returns what it prints: JSON, if it was asked for that.
    pub(crate) fn run(&self, arguments: &[&str]) -> Value {
        let output = self.command().args(arguments).output().unwrap();
        assert!(
            output.status.success(),
            "actapub {arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        let text = String::from_utf8(output.stdout).unwrap();
        serde_json::from_str(&text).unwrap_or(Value::String(text))
    }

    /// Runs a command to its end, whatever that is, with `input` as its standard input.
    pub(crate) fn attempt(&self, arguments: &[&str], input: &[u8]) -> Ran {
        let mut child = self
            .command()
            .args(arguments)
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        // Who does not read it has closed it.
        let _ = child.stdin.take().unwrap().write_all(input);
        let output = child.wait_with_output().unwrap();
        Ran {
            status: output.status.code().expect("no signal ends a command"),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Runs a command that cannot be done. Returns the one sentence that says why.
    pub(crate) fn refuses(&self, arguments: &[&str]) -> String {
        self.attempt(arguments, b"").refusal(arguments)
    }

    /// The same installation, with its data in another place.
    pub(crate) fn moved_to(&self, database: &Database) -> Self {
        let another = Self {
            data: tempfile::tempdir().unwrap(),
            base: self.base.clone(),
            settings: self.settings.clone(),
        };
        another.with("ACTAPUB_DATABASE", database.setting())
    }

    /// Starts the server, and returns when it answers.
    pub(crate) fn serve(&self) -> Process {
        let mut child = self.command().arg("serve").spawn().unwrap();
        let errors = BufReader::new(child.stderr.take().unwrap());
        let (ready, is_ready) = mpsc::channel();
        let complaints = Arc::new(Mutex::new(vec![]));
        let noted = complaints.clone();
        let set_up = Arc::new(Mutex::new(None));
        let told = set_up.clone();
        let reader = std::thread::spawn(move || {
            for line in errors.lines().map_while(Result::ok) {
                if line.starts_with("Actapub ") {
                    let _ = ready.send(());
                } else if let Some(at) = line.find("http").filter(|_| line.contains("/set-up/")) {
                    *told.lock().unwrap() = Some(line[at..].trim().to_owned());
                } else if line.contains("ERROR")
                    || line.contains("panicked")
                    || line.starts_with("error")
                {
                    noted.lock().unwrap().push(line);
                }
            }
        });
        let mut process = Process {
            child,
            reader: Some(reader),
            complaints,
            set_up,
        };
        if is_ready.recv_timeout(PATIENCE).is_err() {
            process.end();
            panic!("the server does not start: {:?}", process.complaints());
        }
        process
    }
}

/// A command that has come to its end.
pub(crate) struct Ran {
    pub(crate) status: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ran {
    /// Why it was not done: one sentence, behind nothing but warnings, and nothing else anywhere.
    pub(crate) fn refusal(&self, arguments: &[&str]) -> String {
        let Self {
            status,
            stdout,
            stderr,
        } = self;
        assert_ne!(*status, 0, "{arguments:?}: {stdout}{stderr}");
        assert_eq!(stdout, "", "{arguments:?}");
        let said: Vec<&str> = stderr
            .lines()
            .filter(|line| !line.starts_with("warning: "))
            .collect();
        match said.as_slice() {
            [one] if one.starts_with("error: ") => (*one).to_owned(),
            _ => panic!("{arguments:?} says not one sentence: {stderr}"),
        }
    }
}

/// A server that runs; killed when it is dropped.
pub(crate) struct Process {
    child: Child,
    reader: Option<JoinHandle<()>>,
    complaints: Arc<Mutex<Vec<String>>>,
    set_up: Arc<Mutex<Option<String>>>,
}

impl Process {
    /// The link by which an empty server is set up, once it has said it.
    pub(crate) async fn set_up_link(&self) -> String {
        until("the link of the set-up", async || {
            self.set_up.lock().unwrap().clone()
        })
        .await
    }

    /// What it has logged as errors.
    pub(crate) fn complaints(&self) -> Vec<String> {
        self.complaints.lock().unwrap().clone()
    }

    /// `kill -9`.
    pub(crate) fn kill(mut self) -> Vec<String> {
        self.end();
        self.complaints()
    }

    fn end(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if let Some(reader) = self.reader.take() {
            let _ = reader.join();
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.end();
    }
}

/// A free port on loopback; should somebody else take it in between, the server says so and does not start.
fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

/// Waits until something is so. For what another process does in its own time, and tells nobody.
pub(crate) async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let deadline = tokio::time::Instant::now() + PATIENCE;
    loop {
        if let Some(seen) = look().await {
            return seen;
        }
        assert!(
            tokio::time::Instant::now() < deadline,
            "in vain waited for: {what}"
        );
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
