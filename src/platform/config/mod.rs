//! How one server is set up: one table of settings, read from flags, environment and a TOML file.

mod addresses;
mod defaults;
mod mail;
mod manual;
mod problem;
mod rules;
mod setting;
mod settings;
mod sources;
mod values;

pub use self::addresses::{DatabaseUrl, ExtraCa, HandleDomain, WebAddress, is_local};
pub use self::mail::MailServer;
pub use self::manual::manual;
pub use self::problem::{Problem, Refused, Source};
pub use self::setting::{Absent, Form, Setting};
pub use self::settings::{
    About, Config, Delivery, Federation, Inbox, Limits, Log, Mail, Metrics, Oidc, Record, SECTIONS,
    SETTINGS,
};
pub use self::sources::{Effective, Given, Loaded, Sources};
pub use self::values::{
    Count, Disclosure, GroupGrant, GroupGrants, Items, LogFormat, LogLevel, Network, Networks,
    RecordTimes, RetentionProfile, Size,
};

#[cfg(test)]
mod tests;
