//! Facts and commands to try the rules with.

use std::collections::BTreeMap;

use kernel::{Id, Money, Timestamp};

use crate::domain::*;

pub fn noon() -> Timestamp {
    "2026-11-22T04:00:00Z".parse().unwrap()
}

pub fn states() -> Vec<State> {
    let mut all = vec![State::New];
    all.extend(Active::ALL.map(State::Active));
    all.extend(Active::ALL.map(|previous| State::Waiting(wait(WaitReason::Customer, previous))));
    all.push(State::Waiting(wait(WaitReason::Parts, Active::Executing)));
    all.extend([State::Resolved, State::Closed, State::Rejected, State::Cancelled, State::Merged]);
    all
}

pub fn wait(reason: WaitReason, previous: Active) -> Wait {
    Wait { reason, until: noon().plus(86_400_000), owner: Id::new(7), previous }
}

pub fn named(state: &State) -> String {
    match state {
        State::Waiting(wait) => format!("waiting({}, {})", wait.reason, wait.previous.name()),
        other => other.name().to_string(),
    }
}

pub fn facts(state: State, kind: Kind) -> Facts {
    Facts {
        id: Id::new(1),
        state,
        kind,
        clocks: BTreeMap::new(),
        options: 2,
        declined: 0,
        closed_at: matches!(state, State::Closed).then(noon),
        open_tasks: 0,
        limits: Limits::default(),
        own_limit: approvals::domain::Limit::Unlimited,
        actor: Some(Id::new(7)),
        held: Vec::new(),
        own_flow: false,
    }
}

pub fn plan() -> Plan {
    Plan {
        findings: "relay worn out".into(),
        options: vec![PlanOption {
            text: "new board".into(),
            done_by: None,
            lines: vec![
                PlanLine { text: "board".into(), amount: Money::from_fen(28_600), bearer: Party::Maker, by_law: false },
                PlanLine {
                    text: "visit".into(),
                    amount: Money::from_fen(3_000),
                    bearer: Party::Customer,
                    by_law: false,
                },
            ],
        }],
    }
}

/// One of each command, with the input that suits `side`.
pub fn commands(side: Side) -> Vec<Command> {
    let proof = match side {
        Side::Customer => Proof::Link,
        Side::Staff | Side::System => Proof::Counter,
    };
    let close = match side {
        Side::Customer => CloseBy::Customer(Proof::Link),
        Side::Staff => CloseBy::Manager("called twice".into()),
        Side::System => CloseBy::System,
    };
    vec![
        Command::Accept { owner: Id::new(7), priority: Priority::Normal, kind: Kind::Repair },
        Command::Assign { owner: Some(Id::new(8)), team: None },
        Command::Analyse,
        Command::Propose(plan()),
        Command::Confirm { option: 0, proof },
        Command::Decline { reason: "too dear".into() },
        Command::Wait {
            reason: WaitReason::Parts,
            until: noon().plus(3 * 86_400_000),
            owner: Id::new(7),
            note: "board ordered".into(),
        },
        Command::Resume,
        Command::Resolve { outcome: Outcome::Fixed, cause: Cause::PRODUCT, note: "board changed".into() },
        Command::Close(close),
        Command::Reopen { wrong: "stops again".into() },
        Command::Reject { reason: "not ours".into() },
        Command::Cancel { reason: "works again".into() },
        Command::Merge { into: Id::new(2) },
    ]
}
