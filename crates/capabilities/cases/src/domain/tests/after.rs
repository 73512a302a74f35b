//! Tasks, checks, taking back and calling by name.

use kernel::Id;

use super::samples::*;
use crate::domain::*;

#[test]
fn a_task_that_is_over_stays_over() {
    for state in TaskState::ALL {
        for act in TaskAct::ALL {
            match task_after(*state, *act) {
                Ok(_) => assert!(!state.is_over()),
                Err(refusal) => assert!(Refusal::CODES.contains(&refusal.code)),
            }
        }
    }
    assert_eq!(task_after(TaskState::Accepted, TaskAct::HandOver), Ok(TaskState::Open), "whoever gets it takes it on");
}

#[test]
fn a_parent_waits_for_its_children() {
    let mut facts = facts(State::Active(Active::Executing), Kind::Repair);
    facts.open_tasks = 2;
    let resolve = Command::Resolve { outcome: Outcome::Fixed, cause: Cause::PRODUCT, note: "ok".into() };
    let refusal = decide(&facts, &resolve, Side::Staff, noon()).unwrap_err();
    assert_eq!((refusal.code, refusal.args), ("cases-tasks-open", vec![("n", "2".to_owned())]));
    let cancelled = decide(&facts, &Command::Cancel { reason: "x".into() }, Side::Staff, noon()).unwrap();
    assert!(cancelled.follow_ups.contains(&FollowUp::WithdrawTasks));
}

#[test]
fn nobody_checks_their_own_work() {
    let (solver, other) = (Some(Id::new(7)), Some(Id::new(8)));
    let code = |state, by| may_check(state, solver, by).map_err(|refusal| refusal.code);
    assert_eq!(code(CheckState::Planned, other), Ok(()));
    assert_eq!(code(CheckState::Planned, solver), Err("cases-check-own"));
    assert_eq!(code(CheckState::Noted, other), Err("cases-check-early"));
    assert_eq!(code(CheckState::Done, other), Err("cases-check-none"));
    let limits = Limits::default();
    let day = "2026-11-22".parse().unwrap();
    assert_eq!(limits.check_on(Kind::Repair, day), Some("2026-11-29".parse().unwrap()));
    assert_eq!(limits.check_on(Kind::Inquiry, day), None, "a question is answered, not repaired");
}

#[test]
fn an_act_is_taken_back_in_time_by_whoever_did_it_or_a_senior() {
    let limits = Limits::default();
    let act = |command| Act { command, version: 3, by: Id::new(7), at: noon() };
    let back = |act: Option<&Act>, version, by, senior, minutes: i64| {
        let now = noon().plus(minutes * 60_000);
        may_take_back(act, version, &limits, Some(Id::new(by)), senior, now).map_err(|refusal| refusal.code)
    };
    let accept = act(CommandName::Accept);
    assert_eq!(back(None, 3, 7, true, 0), Err("cases-back-none"));
    assert_eq!(back(Some(&accept), 4, 7, true, 0), Err("cases-back-changed"));
    assert_eq!(back(Some(&accept), 3, 7, false, 60), Ok(()));
    assert_eq!(back(Some(&accept), 3, 7, false, 61), Err("cases-back-late"));
    assert_eq!(back(Some(&accept), 3, 8, false, 1), Err("cases-back-others"));
    assert_eq!(back(Some(&accept), 3, 8, true, 1), Ok(()));
    assert_eq!(back(Some(&act(CommandName::Merge)), 3, 7, false, 29 * 24 * 60), Ok(()));
}

#[test]
fn people_are_called_by_the_longest_name_that_fits() {
    let people = [(1, "王丽"), (2, "王丽华"), (3, "lin"), (4, "王丽")];
    let called = |text| mentioned(text, &people).into_iter().map(|(id, _)| id).collect::<Vec<_>>();
    assert_eq!(called("@王丽华 看一下"), [2]);
    assert_eq!(called("请＠王丽 和@lin，@lin"), [1, 4, 3]);
    assert_eq!(called("a@lin.com @谁"), [0; 0]);
    assert_eq!(called("@"), [0; 0]);
}
