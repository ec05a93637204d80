//! Who may start now: a lane for each host, which lets a few pass at a time, and turns taken among the lanes.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

#[derive(Debug)]
struct Lane<T> {
    waiting: VecDeque<T>,
    running: usize,
    /// How often this lane stands in the row of those that may start.
    turns: usize,
}

/// Deliveries held here, waiting or running, by host.
#[derive(Debug)]
pub(super) struct Lanes<T> {
    width: usize,
    lanes: HashMap<Arc<str>, Lane<T>>,
    ready: VecDeque<Arc<str>>,
    held: usize,
}

impl<T> Lanes<T> {
    /// Lanes that each let `width` run at once.
    pub(super) fn new(width: usize) -> Self {
        Self {
            width,
            lanes: HashMap::new(),
            ready: VecDeque::new(),
            held: 0,
        }
    }

    /// How many are held in all.
    pub(super) fn len(&self) -> usize {
        self.held
    }

    /// How many are held for each host.
    pub(super) fn holdings(&self) -> HashMap<Arc<str>, usize> {
        self.lanes
            .iter()
            .map(|(host, lane)| (host.clone(), lane.waiting.len() + lane.running))
            .collect()
    }

    /// How many are held for one host.
    pub(super) fn held_for(&self, host: &str) -> usize {
        self.lanes
            .get(host)
            .map_or(0, |lane| lane.waiting.len() + lane.running)
    }

    pub(super) fn add(&mut self, host: &Arc<str>, item: T) {
        let lane = self.lanes.entry(host.clone()).or_insert_with(|| Lane {
            waiting: VecDeque::new(),
            running: 0,
            turns: 0,
        });
        lane.waiting.push_back(item);
        self.held += 1;
        if lane.running + lane.turns < self.width {
            lane.turns += 1;
            self.ready.push_back(host.clone());
        }
    }

    /// The next one that may run, of the host whose turn it is.
    pub(super) fn start(&mut self) -> Option<T> {
        while let Some(host) = self.ready.pop_front() {
            let Some(lane) = self.lanes.get_mut(&host) else {
                continue;
            };
            lane.turns = lane.turns.saturating_sub(1);
            if let Some(item) = lane.waiting.pop_front() {
                lane.running += 1;
                return Some(item);
            }
            self.clear_away(&host);
        }
        None
    }

    /// One that ran for `host` has ended.
    pub(super) fn end(&mut self, host: &Arc<str>) {
        let Some(lane) = self.lanes.get_mut(host) else {
            return;
        };
        lane.running = lane.running.saturating_sub(1);
        self.held = self.held.saturating_sub(1);
        if lane.waiting.len() > lane.turns {
            lane.turns += 1;
            self.ready.push_back(host.clone());
        }
        self.clear_away(host);
    }

    /// Takes back what waits for one host.
    pub(super) fn take_back(&mut self, host: &str) -> Vec<T> {
        let waiting = self
            .lanes
            .get_mut(host)
            .map(|lane| std::mem::take(&mut lane.waiting))
            .unwrap_or_default();
        self.held = self.held.saturating_sub(waiting.len());
        self.clear_away(host);
        waiting.into()
    }

    /// Takes back all that waits.
    pub(super) fn take_back_all(&mut self) -> Vec<T> {
        let hosts: Vec<_> = self.lanes.keys().cloned().collect();
        hosts.iter().flat_map(|host| self.take_back(host)).collect()
    }

    fn clear_away(&mut self, host: &str) {
        if self
            .lanes
            .get(host)
            .is_some_and(|lane| lane.waiting.is_empty() && lane.running == 0 && lane.turns == 0)
        {
            self.lanes.remove(host);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn started(lanes: &mut Lanes<u32>) -> Vec<u32> {
        std::iter::from_fn(|| lanes.start()).collect()
    }

    #[test]
    fn a_lane_lets_few_pass_and_never_holds_up_another() {
        let (crowded, other): (Arc<str>, Arc<str>) = ("a.test".into(), "b.test".into());
        let mut lanes = Lanes::new(2);
        for n in 0..5 {
            lanes.add(&crowded, n);
        }
        lanes.add(&other, 10);
        assert_eq!(started(&mut lanes), [0, 1, 10]);
        lanes.end(&crowded);
        assert_eq!(started(&mut lanes), [2]);
        assert_eq!((lanes.len(), lanes.held_for("a.test")), (5, 4));
        assert_eq!(lanes.take_back("a.test"), [3, 4]);
        lanes.end(&crowded);
        assert_eq!(started(&mut lanes), Vec::<u32>::new());
        lanes.end(&crowded);
        lanes.end(&other);
        assert!(lanes.len() == 0 && lanes.lanes.is_empty() && lanes.ready.is_empty());
    }

    #[test]
    fn a_turn_whose_delivery_was_taken_back_is_not_lost_to_the_next() {
        let host: Arc<str> = "a.test".into();
        let mut lanes = Lanes::new(1);
        lanes.add(&host, 1);
        assert_eq!(lanes.take_back_all(), [1]);
        lanes.add(&host, 2);
        assert_eq!(started(&mut lanes), [2]);
        lanes.add(&host, 3);
        assert_eq!(started(&mut lanes), Vec::<u32>::new());
        lanes.end(&host);
        assert_eq!(started(&mut lanes), [3]);
    }
}
