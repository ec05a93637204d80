//! The kinds of value that settings have, and how each is read.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use oxilangtag::LanguageTag;

use super::setting::{Form, Value, items};
use crate::kernel::Secret;

impl Value for bool {
    const SHAPE: &'static str = "`true` or `false`";
    const FORM: Form = Form::Bare;

    fn read(text: &str) -> Result<Self, String> {
        text.parse()
            .map_err(|_| format!("is `{text}`, which is neither `true` nor `false`"))
    }
}

impl Value for String {
    const SHAPE: &'static str = "text";

    fn read(text: &str) -> Result<Self, String> {
        if text.trim().is_empty() {
            Err("is empty".to_owned())
        } else if text.chars().any(|c| c.is_control() && c != '\n') {
            Err("has control characters in it".to_owned())
        } else {
            Ok(text.to_owned())
        }
    }
}

impl Value for Secret<String> {
    const SHAPE: &'static str = "text that nobody else should see";

    fn read(text: &str) -> Result<Self, String> {
        // What is refused is not repeated.
        if text.trim().is_empty() || text.chars().any(char::is_control) {
            Err("is empty, or has control characters in it".to_owned())
        } else {
            Ok(Self::new(text.to_owned()))
        }
    }

    fn mask(_: &str) -> String {
        "…".to_owned()
    }
}

/// Several words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Items(Vec<String>);

impl Items {
    pub fn to_vec(&self) -> Vec<String> {
        self.0.clone()
    }
}

impl Value for Items {
    const SHAPE: &'static str = "words";
    const FORM: Form = Form::List;

    fn read(text: &str) -> Result<Self, String> {
        let words: Vec<String> = items(text).map(str::to_owned).collect();
        if words.iter().any(|word| word.contains(char::is_whitespace)) {
            return Err(format!(
                "is `{text}`, where commas are missing between words"
            ));
        }
        Ok(Self(words))
    }
}

/// What groups of a directory make of those who are in them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupGrants(Vec<(String, GroupGrant)>);

/// What one group makes of somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GroupGrant {
    Operator,
    /// Names, which those who know them check.
    Role {
        agency: String,
        role: String,
    },
}

impl GroupGrants {
    pub fn iter(&self) -> impl Iterator<Item = &(String, GroupGrant)> {
        self.0.iter()
    }
}

impl Value for GroupGrants {
    const SHAPE: &'static str = "groups, each with `=AGENCY:ROLE` or `=operator` behind it";
    const FORM: Form = Form::List;

    fn read(text: &str) -> Result<Self, String> {
        let grant = |item: &str| {
            let (group, grant) = item.rsplit_once('=')?;
            let grant = match grant.trim() {
                "operator" => GroupGrant::Operator,
                grant => {
                    let (agency, role) = grant.split_once(':')?;
                    GroupGrant::Role {
                        agency: agency.to_owned(),
                        role: role.to_owned(),
                    }
                }
            };
            (!group.trim().is_empty()).then(|| (group.trim().to_owned(), grant))
        };
        items(text)
            .map(|item| {
                grant(item).ok_or_else(|| {
                    format!("has `{item}`, which is neither GROUP=AGENCY:ROLE nor GROUP=operator")
                })
            })
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

impl Value for PathBuf {
    const SHAPE: &'static str = "a path, relative to the directory the command is started in";

    fn read(text: &str) -> Result<Self, String> {
        if text.is_empty() {
            Err("is empty".to_owned())
        } else {
            Ok(text.into())
        }
    }
}

/// A whole number that is at least 1: a limit of nothing would stop the server in a puzzling way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Count(u32);

impl Count {
    pub const fn get(self) -> u32 {
        self.0
    }

    pub const fn as_usize(self) -> usize {
        self.0 as usize
    }
}

impl Value for Count {
    const SHAPE: &'static str = "a whole number from 1";
    const FORM: Form = Form::Bare;

    fn read(text: &str) -> Result<Self, String> {
        match text.parse() {
            Ok(number) if number > 0 => Ok(Self(number)),
            _ => Err(format!(
                "is `{text}`, which is not a whole number between 1 and {}",
                u32::MAX
            )),
        }
    }
}

/// A number of bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Size(u32);

impl Size {
    pub const fn bytes(self) -> u64 {
        self.0 as u64
    }

    pub const fn as_usize(self) -> usize {
        self.0 as usize
    }
}

const SIZE_UNITS: [(&str, u64); 7] = [
    ("KiB", 1 << 10),
    ("MiB", 1 << 20),
    ("GiB", 1 << 30),
    ("kB", 1_000),
    ("MB", 1_000_000),
    ("GB", 1_000_000_000),
    ("B", 1),
];

impl Value for Size {
    const SHAPE: &'static str = "a size in B, kB, KiB, MB, MiB, GB or GiB";

    fn read(text: &str) -> Result<Self, String> {
        let wrong = || format!("is `{text}`, which is not a size");
        let (number, factor) = SIZE_UNITS
            .iter()
            .find_map(|(unit, factor)| Some((text.strip_suffix(unit)?, *factor)))
            .ok_or_else(wrong)?;
        let number: u64 = number.trim_end().parse().map_err(|_| wrong())?;
        let bytes = number
            .checked_mul(factor)
            .and_then(|bytes| u32::try_from(bytes).ok());
        match bytes {
            Some(0) => Err("is nothing at all".to_owned()),
            Some(bytes) => Ok(Self(bytes)),
            None => Err(format!("is `{text}`, and more than 4 GiB")),
        }
    }
}

impl Value for Duration {
    const SHAPE: &'static str = "a duration in ms, s, m, h or d";

    fn read(text: &str) -> Result<Self, String> {
        let wrong = || format!("is `{text}`, which is not a duration");
        let span: jiff::Span = text.parse().map_err(|_| wrong())?;
        let duration = span
            .to_duration(jiff::SpanRelativeTo::days_are_24_hours())
            .map_err(|_| wrong())?;
        match Self::try_from(duration) {
            Ok(duration) if duration.is_zero() => Err("is no time at all".to_owned()),
            Ok(duration) => Ok(duration),
            Err(_) => Err(wrong()),
        }
    }
}

impl Value for SocketAddr {
    const SHAPE: &'static str = "an IP address and a port";

    fn read(text: &str) -> Result<Self, String> {
        let loopback = text
            .strip_prefix("localhost:")
            .and_then(|port| Some(Self::from((Ipv4Addr::LOCALHOST, port.parse().ok()?))));
        loopback
            .or_else(|| text.parse().ok())
            .ok_or_else(|| format!("is `{text}`, which is not an IP address and a port"))
    }
}

/// A range of addresses, in CIDR notation (RFC 4632): `10.0.0.0/8`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    prefix: u32,
}

impl Network {
    /// Whether an address lies in it; an IPv4 address may come in its IPv6 form.
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(network), IpAddr::V4(address)) => {
                let differing = u32::from(network) ^ u32::from(address);
                differing.leading_zeros() >= self.prefix
            }
            (IpAddr::V6(network), IpAddr::V6(address)) => {
                let differing = u128::from(network) ^ u128::from(address);
                differing.leading_zeros() >= self.prefix
            }
            _ => false,
        }
    }
}

impl FromStr for Network {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || format!("has `{text}`, which is neither an IP address nor a range of them");
        let (address, prefix) = text
            .split_once('/')
            .map_or((text, None), |(a, p)| (a, Some(p)));
        let address: IpAddr = address.parse().map_err(|_| wrong())?;
        let bits = if address.is_ipv4() { 32 } else { 128 };
        let prefix = prefix.map_or(Ok(bits), str::parse).map_err(|_| wrong())?;
        if prefix <= bits {
            Ok(Self { address, prefix })
        } else {
            Err(wrong())
        }
    }
}

/// Several ranges of addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Networks(Vec<Network>);

impl Networks {
    pub fn contains(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(address))
    }
}

impl Value for Networks {
    const SHAPE: &'static str = "IP addresses and CIDR ranges";
    const FORM: Form = Form::List;

    fn read(text: &str) -> Result<Self, String> {
        items(text)
            .map(str::parse)
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

impl Value for LanguageTag<String> {
    const SHAPE: &'static str = "a language tag (BCP 47)";

    fn read(text: &str) -> Result<Self, String> {
        Self::parse_and_normalize(text)
            .map_err(|_| format!("is `{text}`, which is not a language tag"))
    }
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For reading.
    Human,
    /// For machines: one JSON object a line.
    Json,
}

impl Value for LogFormat {
    const SHAPE: &'static str = "`human` or `json`";

    fn read(text: &str) -> Result<Self, String> {
        match text {
            "human" => Ok(Self::Human),
            "json" => Ok(Self::Json),
            _ => Err(format!("is `{text}`, which is neither `human` nor `json`")),
        }
    }
}

/// How exactly the record tells when citizens said something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordTimes {
    Minute,
    Second,
}

impl Value for RecordTimes {
    const SHAPE: &'static str = "`minute` or `second`";

    fn read(text: &str) -> Result<Self, String> {
        match text {
            "minute" => Ok(Self::Minute),
            "second" => Ok(Self::Second),
            _ => Err(format!(
                "is `{text}`, which is neither `minute` nor `second`"
            )),
        }
    }
}

/// Which rules say how long things are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetentionProfile {
    Neutral,
    Eu,
    UsFederal,
    UsState,
}

impl Value for RetentionProfile {
    const SHAPE: &'static str = "`neutral`, `eu`, `us-federal` or `us-state`";

    fn read(text: &str) -> Result<Self, String> {
        match text {
            "neutral" => Ok(Self::Neutral),
            "eu" => Ok(Self::Eu),
            "us-federal" => Ok(Self::UsFederal),
            "us-state" => Ok(Self::UsState),
            _ => Err(format!("is `{text}`, which is no profile that there is")),
        }
    }
}

/// Who may see what opens the commitments of citizens' entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disclosure {
    /// Their authors, the staff, and auditors with a grant.
    Restricted,
    /// Everybody, for what is shown in public.
    Public,
}

impl Value for Disclosure {
    const SHAPE: &'static str = "`restricted` or `public`";

    fn read(text: &str) -> Result<Self, String> {
        match text {
            "restricted" => Ok(Self::Restricted),
            "public" => Ok(Self::Public),
            _ => Err(format!(
                "is `{text}`, which is neither `restricted` nor `public`"
            )),
        }
    }
}

/// What is logged: directives as `tracing_subscriber::EnvFilter` reads them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLevel(String);

impl LogLevel {
    pub fn directives(&self) -> &str {
        &self.0
    }
}

impl Value for LogLevel {
    const SHAPE: &'static str = "`error`, `warn`, `info`, `debug` or `trace`, for all or by module";

    fn read(text: &str) -> Result<Self, String> {
        let directives = items(text).collect::<Vec<_>>().join(",");
        let filter = tracing_subscriber::EnvFilter::builder().parse(&directives);
        // A lone word that is no level would be taken for the name of a module.
        let known = items(text).all(|directive| {
            directive.contains(['=', '[', ':'])
                || directive
                    .parse::<tracing_subscriber::filter::LevelFilter>()
                    .is_ok()
        });
        if filter.is_ok() && known && !directives.is_empty() {
            Ok(Self(directives))
        } else {
            Err(format!("is `{text}`, which is not a log level"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_units() {
        let bytes = |text| Size::read(text).map(Size::bytes);
        assert_eq!(bytes("1MiB"), Ok(1_048_576));
        assert_eq!(bytes("16 MB"), Ok(16_000_000));
        assert_eq!(bytes("512B"), Ok(512));
        for wrong in [
            "",
            "1",
            "MiB",
            "-1MiB",
            "1.5MiB",
            "0B",
            "5GiB",
            "1mib",
            "99999999999999999999GB",
        ] {
            assert!(bytes(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn durations_have_units() {
        let seconds = |text| Duration::read(text).map(|d| d.as_secs_f64());
        assert_eq!(seconds("10s"), Ok(10.0));
        assert_eq!(seconds("1500 ms"), Ok(1.5));
        assert_eq!(seconds("7d"), Ok(604_800.0));
        for wrong in ["", "10", "0s", "-1s", "ten", "1 fortnight"] {
            assert!(seconds(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn networks_hold_what_their_prefix_says() {
        let networks = Networks::read("10.0.0.0/8, 192.0.2.7, fd00::/8").unwrap();
        for inside in ["10.255.0.1", "192.0.2.7", "::ffff:10.0.0.1", "fd12::1"] {
            assert!(networks.contains(inside.parse().unwrap()), "{inside}");
        }
        for outside in ["11.0.0.0", "192.0.2.8", "fe80::1", "::ffff:11.0.0.1"] {
            assert!(!networks.contains(outside.parse().unwrap()), "{outside}");
        }
        assert!(
            Networks::read("0.0.0.0/0")
                .unwrap()
                .contains("8.8.8.8".parse().unwrap())
        );
        assert!(
            !Networks::read("")
                .unwrap()
                .contains("127.0.0.1".parse().unwrap())
        );
        for wrong in [
            "10.0.0.0/33",
            "localhost",
            "10.0.0.0/8 10.0.0.1",
            "::/129",
            "1/2/3",
        ] {
            assert!(Networks::read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn log_levels_are_checked() {
        for right in [
            "info",
            "debug,actapub::federation=trace",
            "warn, actapub=debug",
        ] {
            assert!(LogLevel::read(right).is_ok(), "{right}");
        }
        for wrong in ["", "loud", "actapub=loud", "info,loud"] {
            assert!(LogLevel::read(wrong).is_err(), "{wrong}");
        }
    }
}
