//! What the console keeps in memory, for one process.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;

use crate::agencies::staff::identities::Groups;
use crate::agencies::staff::{self, Limits};
use crate::platform::db;
use crate::platform::mail::Mailer;
use crate::platform::openid::Provider;
use crate::web::ClientAddress;

/// Passwords compared at the same time: each takes 19 MiB and a core for some hundredths of a second.
const HASHED_AT_ONCE: usize = 2;

/// Forms with pictures read at the same time: each may hold some of 16 MiB.
const READ_AT_ONCE: usize = 4;
/// Pictures opened at the same time: each may take 288 MiB.
const OPENED_AT_ONCE: usize = 1;

/// How people sign in by way of an OpenID provider.
#[derive(Debug)]
pub struct OpenId {
    pub provider: Provider,
    /// What it is called on our pages.
    pub label: String,
    pub groups: Groups,
    /// How long what it says of somebody counts.
    pub recheck: Duration,
    /// Whether passwords let people in as well.
    pub passwords: bool,
}

/// Attempts that are counted, passwords that are being compared, and the provider and the mail server if there are any.
#[derive(Debug)]
pub struct Desk {
    pub(super) limits: Limits,
    pub(super) openid: Option<OpenId>,
    pub(super) mailer: Option<Mailer>,
    hashing: Arc<Semaphore>,
    /// Forms with pictures that are being read.
    pub(super) uploads: Semaphore,
    /// Pictures that are being opened.
    pub(super) opening: Arc<Semaphore>,
}

impl Desk {
    /// With a provider and a mail server, if there are any.
    pub fn new(openid: Option<OpenId>, mailer: Option<Mailer>) -> Self {
        Self {
            limits: Limits::default(),
            openid,
            mailer,
            hashing: Arc::new(Semaphore::new(HASHED_AT_ONCE)),
            uploads: Semaphore::new(READ_AT_ONCE),
            opening: Arc::new(Semaphore::new(OPENED_AT_ONCE)),
        }
    }

    /// Whether a password lets people in.
    pub(super) fn takes_passwords(&self) -> bool {
        self.openid.as_ref().is_none_or(|openid| openid.passwords)
    }
}

/// Does what is slow on purpose on a thread for that, a few at a time.
pub(super) async fn hashed<T: Send + 'static>(
    desk: &Desk,
    work: impl FnOnce() -> Result<T, staff::Error> + Send + 'static,
) -> Result<T, staff::Error> {
    let unavailable = || {
        let why = "passwords cannot be compared now".to_owned();
        staff::Error::Db(db::Error::Unavailable(why))
    };
    let waiting = desk.hashing.clone().acquire_owned().await;
    let turn = waiting.map_err(|_| unavailable())?;
    let done = tokio::task::spawn_blocking(move || {
        // Kept to the end of the work, although whoever asked may have left meanwhile.
        let _turn = turn;
        work()
    });
    done.await.unwrap_or_else(|_| Err(unavailable()))
}

/// Whom an attempt is counted against.
pub(super) fn address_of(from: Option<ClientAddress>) -> IpAddr {
    from.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |address| address.0)
}
