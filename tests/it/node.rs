//! Other people's software from npm, in a folder outside of the sources, and programs of ours that use it.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::OnceLock;

use serde_json::Value;
use tokio::sync::mpsc;

use crate::harness::left_out;
use crate::process::PATIENCE;

const PROGRAMS: [(&str, &str); 4] = [
    ("fedify-peer.mjs", include_str!("../node/fedify-peer.mjs")),
    ("axe.mjs", include_str!("../node/axe.mjs")),
    ("oidc.mjs", include_str!("../node/oidc.mjs")),
    ("smtp.mjs", include_str!("../node/smtp.mjs")),
];
const PACKAGES: [(&str, &str); 3] = [
    (".npmrc", include_str!("../node/.npmrc")),
    ("package.json", include_str!("../node/package.json")),
    (
        "package-lock.json",
        include_str!("../node/package-lock.json"),
    ),
];

/// The folder with the packages and our programs; `None` where Node is missing, which is said once.
fn workshop() -> Option<&'static Path> {
    static FOLDER: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    match FOLDER.get_or_init(install) {
        Ok(folder) => Some(folder),
        Err(why) => {
            left_out("Node", why);
            None
        }
    }
}

fn install() -> Result<PathBuf, String> {
    let version = Command::new("node").arg("--version").output();
    version.map_err(|_| "install Node 20 or later, and npm, to run them".to_owned())?;
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("node");
    std::fs::create_dir_all(&folder).unwrap();
    for (name, text) in PROGRAMS {
        std::fs::write(folder.join(name), text).unwrap();
    }
    // Written last: what it holds is there.
    let stamp = folder.join("installed");
    let wanted = PACKAGES.map(|(_, text)| text).concat();
    if std::fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(folder);
    }
    for (name, text) in PACKAGES {
        std::fs::write(folder.join(name), text).unwrap();
    }
    let npm = Command::new("npm")
        .arg("ci")
        .current_dir(&folder)
        .output()
        .map_err(|_| "install npm to run them".to_owned())?;
    if !npm.status.success() {
        let errors = String::from_utf8_lossy(&npm.stderr);
        let reason = errors.lines().find(|line| line.contains("error"));
        return Err(format!(
            "`npm ci` failed: {}",
            reason.unwrap_or("it does not say why")
        ));
    }
    std::fs::write(stamp, wanted).unwrap();
    Ok(folder)
}

/// A program of ours on Node: orders go in and answers come out, one JSON document a line, with what it has to tell in
/// between.
pub(crate) struct Program {
    child: Child,
    orders: ChildStdin,
    lines: mpsc::UnboundedReceiver<Value>,
    told: Vec<Value>,
}

impl Program {
    /// Starts a program and waits until it is ready; returns what it says then.
    pub(crate) async fn start(name: &str, arguments: &[&str]) -> Option<(Self, Value)> {
        let folder = workshop()?;
        let mut child = Command::new("node")
            .arg(name)
            .args(arguments)
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let orders = child.stdin.take().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        let (sender, lines) = mpsc::unbounded_channel();
        std::thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                let line = serde_json::from_str(&line).unwrap_or(Value::String(line));
                let _ = sender.send(line);
            }
        });
        let mut program = Self {
            child,
            orders,
            lines,
            told: vec![],
        };
        let ready = program.hears("ready", |it| it["event"] == "ready").await;
        Some((program, ready))
    }

    /// Gives an order, and returns the answer; an error fails the test.
    pub(crate) async fn does(&mut self, order: Value) -> Value {
        writeln!(self.orders, "{order}").unwrap();
        self.orders.flush().unwrap();
        let answer = self
            .hears(&order.to_string(), |it| it["answer"] == order["order"])
            .await;
        assert!(
            answer["error"].is_null(),
            "{order}: {answer}\n{:#?}",
            self.told
        );
        answer
    }

    /// Waits until it tells something; each thing told is heard once.
    pub(crate) async fn hears(&mut self, what: &str, is_it: impl Fn(&Value) -> bool) -> Value {
        if let Some(at) = self.told.iter().position(&is_it) {
            return self.told.remove(at);
        }
        loop {
            let line = tokio::time::timeout(PATIENCE, self.lines.recv()).await;
            match line {
                Ok(Some(line)) if is_it(&line) => return line,
                Ok(Some(line)) => self.told.push(line),
                Ok(None) => panic!("{what}: the program has ended\n{:#?}", self.told),
                Err(elapsed) => panic!("in vain waited for {what}: {elapsed}\n{:#?}", self.told),
            }
        }
    }

    /// What it has told and nobody has asked for.
    pub(crate) fn told(&mut self) -> &[Value] {
        while let Ok(line) = self.lines.try_recv() {
            self.told.push(line);
        }
        &self.told
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
