//! What the console keeps in memory, for one process.

use std::net::{IpAddr, Ipv4Addr};

use aws_lc_rs::rand;
use tokio::sync::Semaphore;

use crate::agencies::staff::{self, Limits};
use crate::web::ClientAddress;

/// Passwords compared at the same time: each takes 19 MiB and a core for some hundredths of a second.
const HASHED_AT_ONCE: usize = 2;

/// Attempts that are counted, and passwords that are being compared.
#[derive(Debug)]
pub struct Desk {
    pub(super) limits: Limits,
    hashing: Semaphore,
}

impl Default for Desk {
    fn default() -> Self {
        Self {
            limits: Limits::default(),
            hashing: Semaphore::new(HASHED_AT_ONCE),
        }
    }
}

/// Does what is slow on purpose on a thread for that, a few at a time.
pub(super) async fn hashed<T: Send + 'static>(
    desk: &Desk,
    work: impl FnOnce() -> Result<T, staff::Error> + Send + 'static,
) -> Result<T, staff::Error> {
    let unavailable = || {
        staff::Error::Db(crate::platform::db::Error::Unavailable(
            "passwords cannot be compared now".to_owned(),
        ))
    };
    let turn = desk.hashing.acquire().await.map_err(|_| unavailable())?;
    let done = tokio::task::spawn_blocking(work).await;
    drop(turn);
    done.unwrap_or_else(|_| Err(unavailable()))
}

/// Fills with chance, for tokens and salts.
pub(super) fn chance(bytes: &mut [u8]) {
    if rand::fill(bytes).is_err() {
        // The system's generator never fails on the systems that we know; nothing may go on without it.
        std::process::abort();
    }
}

/// Whom an attempt is counted against.
pub(super) fn address_of(from: Option<ClientAddress>) -> IpAddr {
    from.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |address| address.0)
}
