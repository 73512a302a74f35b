use kernel::{Id, Money, Timestamp, of};
use proptest::prelude::*;

use super::*;

fn user(n: i64) -> Id<of::User> {
    Id::new(n)
}
fn unit(n: i64) -> Id<of::Unit> {
    Id::new(n)
}
fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}

fn limits() -> impl Strategy<Value = Limit> {
    prop_oneof![(0..1_000_i64).prop_map(|fen| Limit::UpTo(Money::from_fen(fen))), Just(Limit::Unlimited)]
}

prop_compose! {
    fn holder()(who in 0..6_i64, place in 1..4_i64, limit in limits()) -> Holder {
        Holder { user: user(who), unit: unit(place), limit }
    }
}
prop_compose! {
    fn stand()(absent in 0..6_i64, deputy in 0..6_i64) -> Stand {
        Stand { absent: user(absent), deputy: user(deputy) }
    }
}
prop_compose! {
    fn world()(
        holders in prop::collection::vec(holder(), 0..10),
        stands in prop::collection::vec(stand(), 0..6),
        by in 0..6_i64,
        extra in 0..1_200_i64,
        needed in 1..3_usize,
        turns in prop::collection::vec((0..6_i64, any::<bool>()), 0..12),
    ) -> (Vec<Holder>, Vec<Stand>, i64, i64, usize, Vec<(i64, bool)>) {
        (holders, stands, by, extra, needed, turns)
    }
}

const PATH: [i64; 3] = [1, 2, 3];

/// Who stands behind a seat: the person and the one in whose name.
fn behind(seat: Seat) -> Vec<Id<of::User>> {
    std::iter::once(seat.user).chain(seat.in_name_of).collect()
}

proptest! {
    /// Plays any sequence of answers by anybody: what is granted was granted by enough different people, each with a limit that
    /// covers the extra, and neither whoever asked nor anybody in that person's name is among them.
    #[test]
    fn whatever_happens_the_asker_never_decides((holders, stands, by, extra, needed, turns) in world()) {
        let path: Vec<_> = PATH.into_iter().map(unit).collect();
        let mut asked = Asked { by: user(by), signed: Vec::new(), extra: Money::from_fen(extra) };
        let mut signed: Vec<Signature> = Vec::new();
        let mut state = State::Asked;
        let Some(mut turn) = next_turn(&path, None, &holders, &stands, &asked) else { return Ok(()) };
        for (n, (who, yes)) in (0_i64..).zip(turns) {
            let facts = Facts {
                state,
                asked_by: asked.by,
                seats: seats(turn, &holders, &stands, &asked),
                signed: signed.clone(),
                needed,
                expires_at: at(1_000),
            };
            let verdict = if yes { Verdict::Grant } else { Verdict::Decline };
            let Ok(decision) = decide(&facts, Act::Answer(user(who), verdict), at(n)) else { continue };
            prop_assert_eq!(state, State::Asked);
            let seat = decision.seat.unwrap();
            prop_assert_eq!(seat.user, user(who));
            prop_assert!(!behind(seat).contains(&asked.by), "the asker decides");
            for earlier in &signed {
                prop_assert!(behind(seat).iter().all(|person| !behind(earlier.seat).contains(person)), "one person twice");
            }
            let right = seat.in_name_of.unwrap_or(seat.user);
            prop_assert!(holders.iter().any(|holder| {
                holder.user == right && holder.unit == turn && holder.limit.covers(asked.extra)
            }), "beyond the limit");
            if yes {
                signed.push(Signature { seat, at: at(n) });
                asked.signed.push(seat);
            }
            state = decision.next;
            prop_assert_eq!(state == State::Granted, yes && signed.len() >= needed);
            prop_assert_eq!(state == State::Declined, !yes);
            if state == State::Asked && seats(turn, &holders, &stands, &asked).is_empty() {
                let Some(above) = next_turn(&path, Some(turn), &holders, &stands, &asked) else { break };
                turn = above;
            }
        }
    }

    /// It goes up only, and to somebody who can answer.
    #[test]
    fn it_passes_upward_and_never_to_nobody((holders, stands, by, extra, _, _) in world()) {
        let path: Vec<_> = PATH.into_iter().map(unit).collect();
        let asked = Asked { by: user(by), signed: Vec::new(), extra: Money::from_fen(extra) };
        let mut before = None;
        while let Some(turn) = next_turn(&path, before, &holders, &stands, &asked) {
            let place = |unit| path.iter().position(|step| *step == unit);
            prop_assert!(before.is_none_or(|before| place(before) < place(turn)));
            prop_assert!(!seats(turn, &holders, &stands, &asked).is_empty());
            before = Some(turn);
        }
    }

    /// What the law gives plays no part in whether somebody is asked, and nothing is lost between the two amounts.
    #[test]
    fn what_the_law_gives_never_waits(statutory in 0..i64::MAX / 4, other in 0..i64::MAX / 4, extra in 0..10_000_i64, limit in limits()) {
        let one = Split { statutory: Money::from_fen(statutory), extra: Money::from_fen(extra) };
        let two = Split { statutory: Money::from_fen(other), extra: Money::from_fen(extra) };
        prop_assert_eq!(limit.covers(one.extra), limit.covers(two.extra));
        prop_assert!(limit.covers(Split { extra: Money::ZERO, ..one }.extra), "nothing extra, nobody is asked");
        prop_assert_eq!(one.total() - one.extra, one.statutory);
        prop_assert_eq!(Rule { two_from: Some(Money::from_fen(1)), ..Rule::default() }.needed(Money::ZERO), 1);
    }

    /// A wider limit never asks where a narrower one does not.
    #[test]
    fn limits_are_ordered_by_what_they_cover(a in limits(), b in limits(), extra in 0..1_200_i64) {
        let extra = Money::from_fen(extra);
        let (narrow, wide) = if a <= b { (a, b) } else { (b, a) };
        prop_assert!(!narrow.covers(extra) || wide.covers(extra));
    }
}

fn facts() -> Facts {
    Facts {
        state: State::Asked,
        asked_by: user(1),
        seats: vec![Seat { user: user(2), in_name_of: None }, Seat { user: user(3), in_name_of: Some(user(4)) }],
        signed: Vec::new(),
        needed: 1,
        expires_at: at(100),
    }
}

#[test]
fn each_act_has_its_refusals() {
    let answer = |who, verdict| Act::Answer(user(who), verdict);
    let over = Facts { state: State::Declined, ..facts() };
    let half = Facts { needed: 2, signed: vec![Signature { seat: facts().seats[0], at: at(1) }], ..facts() };
    let table = [
        (facts(), answer(2, Verdict::Grant), 5, Ok(State::Granted)),
        (facts(), answer(3, Verdict::Decline), 5, Ok(State::Declined)),
        (facts(), answer(1, Verdict::Grant), 5, Err(Refusal::Own)),
        (facts(), answer(1, Verdict::Decline), 5, Err(Refusal::Own)),
        (facts(), answer(9, Verdict::Grant), 5, Err(Refusal::NotYours)),
        (facts(), answer(2, Verdict::Grant), 100, Err(Refusal::Void)),
        (Facts { needed: 2, ..facts() }, answer(2, Verdict::Grant), 5, Ok(State::Asked)),
        (half.clone(), answer(2, Verdict::Grant), 5, Err(Refusal::Signed)),
        (half, answer(3, Verdict::Grant), 5, Ok(State::Granted)),
        (over.clone(), answer(2, Verdict::Grant), 5, Err(Refusal::Over)),
        (over, Act::Withdraw(None), 5, Err(Refusal::Over)),
        (facts(), Act::Withdraw(Some(user(1))), 5, Ok(State::Withdrawn)),
        (facts(), Act::Withdraw(Some(user(2))), 5, Err(Refusal::NotAsker)),
        (facts(), Act::Withdraw(None), 5, Ok(State::Withdrawn)),
        (facts(), Act::Expire, 99, Err(Refusal::NotYet)),
        (facts(), Act::Expire, 100, Ok(State::Expired)),
    ];
    for (facts, act, now, expected) in table {
        assert_eq!(decide(&facts, act, at(now)).map(|decision| decision.next), expected, "{act:?} at {now}");
    }
}

#[test]
fn the_widest_role_counts_and_a_kind_without_limits_has_those_of_any() {
    let amount = |fen| Limit::UpTo(Money::from_fen(fen));
    let mut table = LimitTable {
        version: 1,
        effective_from: at(0),
        limits: [
            ("any", "region", amount(10)),
            ("goodwill", "clerk", amount(5)),
            ("goodwill", "boss", Limit::Unlimited),
        ]
        .map(|(kind, role, limit)| ((kind.to_owned(), role.to_owned()), limit))
        .into(),
        rules: [("any".to_owned(), Rule { minutes: 60, ..Rule::default() })].into(),
    };
    assert_eq!(table.limit("goodwill", ["clerk"]), amount(5));
    assert_eq!(table.limit("goodwill", ["clerk", "boss"]), Limit::Unlimited);
    assert_eq!(table.limit("goodwill", ["region"]), Limit::NONE);
    assert_eq!(table.limit("price", ["region"]), amount(10));
    assert_eq!(table.rule("goodwill").minutes, 60);
    let before = table.clone();
    assert_eq!(before.differences(&table), (Vec::new(), Vec::new()));
    table.limits.insert(("goodwill".to_owned(), "clerk".to_owned()), amount(800));
    let (old, new) = before.differences(&table);
    assert_eq!((old, new), (vec!["goodwill clerk ≤ ¥0.05".to_owned()], vec!["goodwill clerk ≤ ¥8.00".to_owned()]));
}
