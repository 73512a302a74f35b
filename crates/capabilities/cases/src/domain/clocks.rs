use std::collections::BTreeMap;

use kernel::Timestamp;

use super::policy::Deadline;
use super::stage::Stage;
use super::words::WaitReason;

/// Whether a clock that is not stopped runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClockNow {
    /// It runs.
    Running,
    /// It stands, and goes on with what is left.
    Paused,
}

/// How much of the policy's time a clock gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Share {
    /// All of it.
    Full,
    /// Half of it: a case that comes back is not given the whole time again.
    Half,
}

/// What happens to a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClockAction {
    /// Begins, with this share of the policy's time.
    Start(Stage, Share),
    /// Begins, and is due at the instant that was promised.
    Promise(Stage, Timestamp),
    /// Begins, with a time that the kind's own flow gives.
    Given(Stage, Deadline),
    /// Ends; whether it was in time is seen from its due time.
    Stop(Stage),
    /// Ends without being counted, because its question no longer stands.
    Drop(Stage),
    /// Stands still.
    Pause(Stage, WaitReason),
    /// Goes on with what is left.
    Resume(Stage),
}

/// Collects actions and follows what they do, so that no action is named for a clock that it does not fit.
pub(super) struct Clocks {
    now: BTreeMap<Stage, ClockNow>,
    actions: Vec<ClockAction>,
}

impl Clocks {
    pub(super) fn of(now: &BTreeMap<Stage, ClockNow>) -> Self {
        Self { now: now.clone(), actions: Vec::new() }
    }
    /// Begins `stage` anew; one that still runs is dropped first.
    pub(super) fn start(&mut self, stage: Stage) {
        self.start_with(stage, Share::Full);
    }
    pub(super) fn start_with(&mut self, stage: Stage, share: Share) {
        self.drop_stage(stage);
        self.now.insert(stage, ClockNow::Running);
        self.actions.push(ClockAction::Start(stage, share));
    }
    /// Begins `stage` unless it is under way.
    pub(super) fn start_if_none(&mut self, stage: Stage) {
        if !self.now.contains_key(&stage) {
            self.start(stage);
        }
    }
    pub(super) fn stop(&mut self, stage: Stage) {
        if self.now.remove(&stage).is_some() {
            self.actions.push(ClockAction::Stop(stage));
        }
    }
    pub(super) fn drop_stage(&mut self, stage: Stage) {
        if self.now.remove(&stage).is_some() {
            self.actions.push(ClockAction::Drop(stage));
        }
    }
    pub(super) fn drop_all(&mut self) {
        for stage in Stage::ALL {
            self.drop_stage(*stage);
        }
    }
    pub(super) fn pause_for(&mut self, reason: WaitReason) {
        for stage in Stage::ALL {
            if stage.pauses_for(reason) && self.now.get(stage) == Some(&ClockNow::Running) {
                self.now.insert(*stage, ClockNow::Paused);
                self.actions.push(ClockAction::Pause(*stage, reason));
            }
        }
    }
    pub(super) fn resume_all(&mut self) {
        for stage in Stage::ALL {
            self.resume(*stage);
        }
    }
    pub(super) fn resume(&mut self, stage: Stage) {
        if self.now.get(&stage) == Some(&ClockNow::Paused) {
            self.now.insert(stage, ClockNow::Running);
            self.actions.push(ClockAction::Resume(stage));
        }
    }
    pub(super) fn actions(self) -> Vec<ClockAction> {
        self.actions
    }
}
