//! The threads that sign: always the same few, since a signature on a thread that comes fresh to it takes longer.

use std::collections::VecDeque;
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::oneshot;

use super::flight::{Flight, Headers};
use crate::federation::keys::KeyError;
use crate::kernel::Clock;

/// Activities, and what came of signing them.
pub(super) type Signed = Vec<(Box<Flight>, Result<Headers, KeyError>)>;

/// Threads that sign what they are given, in turn, until this is dropped.
#[derive(Debug)]
pub(super) struct Pens(Sender<Job>);

#[derive(Debug)]
struct Job {
    flights: VecDeque<Box<Flight>>,
    done: oneshot::Sender<Signed>,
}

impl Pens {
    pub(super) fn new(count: usize, clock: &Arc<dyn Clock>) -> Self {
        let (sender, jobs) = mpsc::channel();
        let jobs = Arc::new(Mutex::new(jobs));
        for _ in 0..count {
            let (jobs, clock) = (jobs.clone(), clock.clone());
            tokio::task::spawn_blocking(move || {
                while let Some(job) = next(&jobs) {
                    job.sign(clock.as_ref());
                }
            });
        }
        Self(sender)
    }

    /// Has these signed, at the moment when their turn comes.
    pub(super) fn sign(&self, flights: VecDeque<Box<Flight>>) -> oneshot::Receiver<Signed> {
        let (done, signed) = oneshot::channel();
        // If nobody is left to sign, the answer says so.
        drop(self.0.send(Job { flights, done }));
        signed
    }
}

fn next(jobs: &Mutex<Receiver<Job>>) -> Option<Job> {
    let jobs = jobs.lock().unwrap_or_else(PoisonError::into_inner);
    jobs.recv().ok()
}

impl Job {
    fn sign(self, clock: &dyn Clock) {
        let now = clock.now();
        let sign = |flight: Box<Flight>| {
            let headers = flight.sign(now);
            (flight, headers)
        };
        // Nobody waits for it any more when the sender was stopped.
        drop(self.done.send(self.flights.into_iter().map(sign).collect()));
    }
}
