//! The operator's two files: which witnesses our checkpoints need, and whose checkpoints we witness.

use std::path::Path;

use crate::tlog::Policy;
use crate::tlog::policy::{BadPolicy, Log};

/// Why a file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BadFile {
    #[error("{setting} names {path}, which cannot be read: {cause}")]
    Unreadable {
        setting: &'static str,
        path: String,
        cause: std::io::Error,
    },
    #[error("{setting} names {path}, whose {cause}")]
    Wrong {
        setting: &'static str,
        path: String,
        cause: BadPolicy,
    },
    #[error(
        "{setting} names {path}, in which the witness {witness} has no address to be asked at: it stands behind the key"
    )]
    NoAddress {
        setting: &'static str,
        path: String,
        witness: String,
    },
}

/// The rules in force, as they were written and as they were understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    pub text: String,
    pub policy: Policy,
}

/// Reads the file that `record.policy` names. Every witness must have an address, since it is to be asked.
pub fn read(path: &Path) -> Result<Rules, BadFile> {
    let setting = "record.policy";
    let text = text(setting, path)?;
    let policy = Policy::parse(&text).map_err(|cause| wrong(setting, path, cause))?;
    if let Some(witness) = policy
        .witnesses()
        .iter()
        .find(|it| address(it.url.as_deref()).is_none())
    {
        return Err(BadFile::NoAddress {
            setting,
            path: path.display().to_string(),
            witness: witness.name.clone(),
        });
    }
    Ok(Rules { text, policy })
}

/// Reads the file that `record.witness_for` names: lines `log <vkey> [<url>]`. What else a policy may have does not
/// count here.
pub fn read_logs(path: &Path) -> Result<Vec<Log>, BadFile> {
    let setting = "record.witness_for";
    let text = text(setting, path)?;
    logs(&text).map_err(|cause| wrong(setting, path, cause))
}

fn logs(text: &str) -> Result<Vec<Log>, BadPolicy> {
    let has_quorum = text
        .lines()
        .any(|line| line.split([' ', '\t']).find(|it| !it.is_empty()) == Some("quorum"));
    let end = match (has_quorum, text.is_empty() || text.ends_with('\n')) {
        (true, _) => "",
        (false, true) => "quorum none\n",
        (false, false) => "\nquorum none\n",
    };
    Policy::parse(&format!("{text}{end}")).map(|policy| policy.logs().to_vec())
}

/// A witness's address as something that can be asked.
pub(in crate::archive) fn address(url: Option<&str>) -> Option<url::Url> {
    let url = url::Url::parse(url?).ok()?;
    matches!(url.scheme(), "https" | "http").then_some(url)
}

fn text(setting: &'static str, path: &Path) -> Result<String, BadFile> {
    std::fs::read_to_string(path).map_err(|cause| BadFile::Unreadable {
        setting,
        path: path.display().to_string(),
        cause,
    })
}

fn wrong(setting: &'static str, path: &Path, cause: BadPolicy) -> BadFile {
    BadFile::Wrong {
        setting,
        path: path.display().to_string(),
        cause,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: &str = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";

    #[test]
    fn logs_are_listed_with_and_without_the_rest_of_a_policy() {
        for text in [
            format!("log {LOG} https://example.com/foo\n"),
            format!("# ours\n\n \tlog\t{LOG}"),
            format!("log {LOG}\n quorum none\n"),
        ] {
            let listed = logs(&text).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!(listed.len(), 1, "{text}");
            assert_eq!(listed[0].key.name(), "example.com/foo");
        }
        assert_eq!(logs(""), Ok(vec![]));
        let error = logs(&format!("\nlog {LOG}\nlog x\n")).unwrap_err();
        assert_eq!(error.line, 3);
    }

    #[test]
    fn what_is_wrong_is_said_with_its_file_and_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("witnesses.policy");
        let said = |text: &str| {
            std::fs::write(&path, text).unwrap();
            read(&path).unwrap_err().to_string()
        };
        let error = said("quorum nobody\n");
        assert!(
            error.starts_with("record.policy names ") && error.contains("whose line 1: "),
            "{error}"
        );
        let witness =
            crate::tlog::VerifierKey::new("w", crate::tlog::key::KeyKind::Cosignature, [7; 32]);
        let error = said(&format!("witness X {}\nquorum X\n", witness.unwrap()));
        assert!(error.contains("the witness X has no address"), "{error}");
        let error = read(&folder.path().join("nowhere"))
            .unwrap_err()
            .to_string();
        assert!(error.contains("cannot be read"), "{error}");
    }
}
