//! The one thread that writes to SQLite, which lets one connection write at a time.
//!
//! What arrives while a commit waits for the disk is gathered and committed together, so the more writers
//! there are, the more of them share each wait. Every write keeps a savepoint of its own: one that fails takes
//! back only its own changes. If SQLite gives up the whole transaction (a full disk), nobody in it is acknowledged.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::thread;
use std::time::{Duration, Instant};

use diesel::connection::{AnsiTransactionManager, TransactionManager as _};
use diesel::{Connection, QueryResult};
use tokio::sync::{mpsc, oneshot};

use super::{Conn, Error, Location};

/// How many writes may wait before those who send more must.
const QUEUE: usize = 1024;
/// When a transaction stops taking in further writes.
const MOST: usize = 256;
const LONGEST: Duration = Duration::from_millis(20);

#[derive(Clone, Debug)]
pub(super) struct Writer(mpsc::Sender<Job>);

/// Makes its changes and leaves behind what to do once they are committed.
type Job = Box<dyn FnOnce(&mut Conn) -> QueryResult<Acknowledge> + Send>;
type Acknowledge = Box<dyn FnOnce() + Send>;
type Manager = <Conn as Connection>::TransactionManager;

impl Writer {
    pub(super) fn spawn(location: Location) -> Result<Self, Error> {
        let mut conn = location.connect()?;
        let (sender, mut jobs) = mpsc::channel(QUEUE);
        thread::Builder::new()
            .name("sqlite-writer".to_owned())
            .spawn(move || {
                while let Some(job) = jobs.blocking_recv() {
                    match commit(&mut conn, job, &mut jobs) {
                        Ok(acknowledged) => {
                            for tell in acknowledged {
                                tell();
                            }
                        }
                        Err(error) => {
                            tracing::error!(%error, "a group of writes was not committed");
                            conn = reconnect(&location);
                        }
                    }
                }
            })
            .map_err(|error| Error::Open(error.to_string()))?;
        Ok(Self(sender))
    }

    pub(super) async fn run<T, E>(
        &self,
        write: impl FnOnce(&mut Conn) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(|conn| {
            let outcome = within_savepoint(conn, write)?;
            Ok(Box::new(|| drop(answer.send(outcome))))
        });
        if self.0.send(job).await.is_err() {
            return Err(Error::Unavailable("the writer has stopped".to_owned()).into());
        }
        match answered.await {
            Ok(Ok(result)) => result,
            Ok(Err(panic)) => resume_unwind(panic),
            Err(_) => Err(Error::Unavailable(
                "it could not be written down; is the disk full?".to_owned(),
            )
            .into()),
        }
    }

    /// Returns as soon as the write is in the queue.
    pub(super) async fn hand_over<T, E>(
        &self,
        write: impl FnOnce(&mut Conn) -> Result<T, E> + Send + 'static,
        tell: impl FnOnce(Result<T, E>) + Send + 'static,
    ) -> Result<(), Error>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let job: Job = Box::new(|conn| {
            let outcome = within_savepoint(conn, write)?;
            Ok(Box::new(|| {
                // What a panic said was logged where it happened; those who wait learn of it as `tell` is dropped.
                if let Ok(outcome) = outcome {
                    tell(outcome);
                }
            }))
        });
        let stopped = |_| Error::Unavailable("the writer has stopped".to_owned());
        self.0.send(job).await.map_err(stopped)
    }

    /// How many writes wait.
    pub(super) fn waiting(&self) -> usize {
        self.0.max_capacity() - self.0.capacity()
    }
}

fn commit(
    conn: &mut Conn,
    first: Job,
    jobs: &mut mpsc::Receiver<Job>,
) -> QueryResult<Vec<Acknowledge>> {
    begin(conn)?;
    let begun = Instant::now();
    let mut done = vec![first(conn)?];
    while done.len() < MOST && begun.elapsed() < LONGEST {
        let Ok(job) = jobs.try_recv() else { break };
        done.push(job(conn)?);
    }
    Manager::commit_transaction(conn)?;
    Ok(done)
}

/// Takes the write lock at once: a transaction that began by reading could find the data changed by another
/// process when it comes to write.
fn begin(conn: &mut Conn) -> QueryResult<()> {
    match conn {
        Conn::Sqlite(conn) => {
            AnsiTransactionManager::begin_transaction_sql(conn, "BEGIN IMMEDIATE")
        }
        Conn::Postgres(conn) => AnsiTransactionManager::begin_transaction(conn),
    }
}

/// What came of the write. An error of its own it keeps to itself; the error returned here means that SQLite has
/// given up the whole transaction.
fn within_savepoint<T, E>(
    conn: &mut Conn,
    write: impl FnOnce(&mut Conn) -> Result<T, E>,
) -> QueryResult<thread::Result<Result<T, E>>> {
    Manager::begin_transaction(conn)?;
    let outcome = catch_unwind(AssertUnwindSafe(|| write(conn)));
    if let Ok(Ok(_)) = outcome {
        Manager::commit_transaction(conn)?;
    } else {
        while conn.depth() > 1 {
            Manager::rollback_transaction(conn)?;
        }
    }
    Ok(outcome)
}

fn reconnect(location: &Location) -> Conn {
    loop {
        match location.connect() {
            Ok(conn) => return conn,
            Err(error) => tracing::error!(%error, "cannot reopen the database"),
        }
        thread::sleep(Duration::from_secs(1));
    }
}
