//! Connections, each lent to one blocking thread at a time.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::time::Duration;

use deadpool::Runtime;
use deadpool::managed::{self, Metrics, Object, RecycleError, RecycleResult};

use super::{Conn, Error, Location, blocking};

/// How long a caller waits for a connection.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long a connection to a server may lie idle before it is replaced rather than trusted.
const FRESHNESS: Duration = Duration::from_secs(60);

pub(super) type Pool = managed::Pool<Connector>;

#[derive(Debug)]
pub(super) struct Connector {
    location: Location,
    reads_only: bool,
}

impl Connector {
    pub(super) const fn location(&self) -> &Location {
        &self.location
    }
}

impl managed::Manager for Connector {
    type Type = Conn;
    type Error = Error;

    async fn create(&self) -> Result<Conn, Error> {
        let (location, reads_only) = (self.location.clone(), self.reads_only);
        blocking(move || {
            if reads_only {
                location.connect_reader()
            } else {
                location.connect()
            }
        })
        .await
    }

    async fn recycle(&self, conn: &mut Conn, usage: &Metrics) -> RecycleResult<Error> {
        if conn.depth() > 0 {
            Err(RecycleError::message("left within a transaction"))
        } else if matches!(conn, Conn::Postgres(_)) && usage.last_used() > FRESHNESS {
            Err(RecycleError::message("idle for long"))
        } else {
            Ok(())
        }
    }
}

pub(super) fn new(location: Location, reads_only: bool, size: usize) -> Result<Pool, Error> {
    Pool::builder(Connector {
        location,
        reads_only,
    })
    .max_size(size)
    .wait_timeout(Some(PATIENCE))
    .create_timeout(Some(PATIENCE))
    .runtime(Runtime::Tokio1)
    .build()
    .map_err(|error| Error::Open(error.to_string()))
}

/// Lends a connection to `work`; a connection that is broken afterwards is not lent again.
pub(super) async fn run<T, E>(
    pool: &Pool,
    work: impl FnOnce(&mut Conn) -> Result<T, E> + Send + 'static,
) -> Result<T, E>
where
    T: Send + 'static,
    E: From<Error> + Send + 'static,
{
    let mut conn = pool.get().await.map_err(|error| match error {
        managed::PoolError::Backend(error) => error,
        other => Error::Unavailable(other.to_string()),
    })?;
    blocking(move || {
        let outcome = catch_unwind(AssertUnwindSafe(|| work(&mut conn)));
        // Left in the pool, a transaction that was broken off would keep its locks until somebody looks.
        let is_sound = match &outcome {
            Ok(Ok(_)) => true,
            Ok(Err(_)) => conn.is_alive(),
            Err(_) => false,
        };
        if !is_sound {
            drop(Object::take(conn));
        }
        outcome.unwrap_or_else(|panic| resume_unwind(panic))
    })
    .await
}
