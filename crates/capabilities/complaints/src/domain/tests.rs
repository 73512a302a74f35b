use kernel::{Id, Timestamp};
use proptest::prelude::*;

use super::*;

fn facts(state: State) -> Facts {
    Facts {
        state,
        severity: Severity::S3,
        actor: Some(Id::new(1)),
        handler: Some(Id::new(2)),
        before: Some((Id::new(2), Level::Store)),
        interested: vec![Id::new(9)],
        pending: false,
        lines: (1, 1),
        appeals: 0,
        appeal_until: Some(Timestamp::from_millis(10)),
        lacks: Vec::new(),
    }
}

/// Each state with where each move leads.
#[test]
fn the_table() {
    let lines = State::ALL.iter().map(|state| {
        let moves = Move::ALL.iter().filter_map(|moved| Some(format!("{moved} → {}", state.after(*moved).ok()?)));
        format!("{state} [{}]: {}", state.case().name(), moves.collect::<Vec<_>>().join(", "))
    });
    insta::assert_snapshot!(lines.collect::<Vec<_>>().join("\n"));
}

#[test]
fn who_may_not() {
    let now = Timestamp::from_millis(5);
    let own = Facts { actor: Some(Id::new(2)), ..facts(State::FollowUp) };
    assert_eq!(guard(&own, CommandName::CallBack, now), Err(Refusal(refusal::OWN_CALL)));
    assert_eq!(guard(&facts(State::FollowUp), CommandName::CallBack, now), Ok(()));
    let about = Facts { actor: Some(Id::new(9)), ..facts(State::Investigating) };
    assert_eq!(guard(&about, CommandName::Conclude, now), Err(Refusal(refusal::INTERESTED)));
    let open = Facts { lines: (2, 1), ..facts(State::Executing) };
    assert_eq!(guard(&open, CommandName::Finish, now), Err(Refusal(refusal::LINES_OPEN)));
    let empty = Facts { lines: (0, 0), ..facts(State::Proposal) };
    assert_eq!(guard(&empty, CommandName::Submit, now), Err(Refusal(refusal::NO_LINES)));
    let pending = Facts { pending: true, ..facts(State::Screening) };
    assert_eq!(guard(&pending, CommandName::Accept, now), Err(Refusal(refusal::PENDING)));
    let lacking = Facts { lacks: vec!["facts"], ..facts(State::Closed) };
    assert_eq!(guard(&lacking, CommandName::Archive, now), Err(Refusal(refusal::INCOMPLETE)));
    assert_eq!(
        guard(&facts(State::Closed), CommandName::Appeal, Timestamp::from_millis(11)),
        Err(Refusal(refusal::APPEAL_LATE))
    );
    let again = Facts { appeals: 1, ..facts(State::Closed) };
    assert_eq!(guard(&again, CommandName::Appeal, now), Err(Refusal(refusal::APPEAL_FINAL)));
}

#[test]
fn an_appeal_goes_to_somebody_new_and_higher() {
    let now = Timestamp::from_millis(5);
    let take = |handler: i64, level: Level| {
        let command = Command::TakeAppeal { handler: Id::new(handler) };
        decide(&facts(State::Appealed), &command, |_| level, now)
    };
    assert_eq!(take(2, Level::Region), Err(Refusal(refusal::HIGHER)), "the same person");
    assert_eq!(take(3, Level::Store), Err(Refusal(refusal::HIGHER)), "no higher");
    assert_eq!(take(9, Level::Region), Err(Refusal(refusal::INTERESTED)));
    assert_eq!(take(3, Level::Region), Ok(State::Investigating));
    let top = Facts { before: Some((Id::new(2), Level::Company)), ..facts(State::Appealed) };
    let command = Command::TakeAppeal { handler: Id::new(3) };
    assert_eq!(decide(&top, &command, |_| Level::Company, now), Ok(State::Investigating), "nobody is above");
}

proptest! {
    /// Whatever is tried in whatever order: nothing is carried out that was not found out, offered and agreed to, and nothing is
    /// over that nobody called about.
    #[test]
    fn no_way_round(moves in prop::collection::vec(prop::sample::select(Move::ALL), 1..60)) {
        let mut state = State::Registered;
        let (mut concluded, mut offered, mut agreed, mut called) = (false, false, false, false);
        for moved in moves {
            let Ok(next) = state.after(moved) else { continue };
            match moved {
                // Found out anew.
                Move::Investigate | Move::Fails | Move::TakeAppeal => (concluded, offered, agreed, called) = (false, false, false, false),
                Move::Conclude => concluded = true,
                Move::Offer => { prop_assert!(concluded); offered = true; }
                Move::CustomerNo => offered = false,
                Move::CustomerYes => { prop_assert!(offered); agreed = true; }
                Move::Finish => prop_assert!(agreed),
                Move::Holds => { prop_assert!(agreed); called = true; }
                Move::Archive => prop_assert!(called),
                _ => {}
            }
            prop_assert!(!state.is_over() || matches!(moved, Move::Appeal | Move::Archive), "{} by {}", state, moved);
            state = next;
        }
    }
}
