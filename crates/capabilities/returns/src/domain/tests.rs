use kernel::Money;
use proptest::prelude::*;

use super::*;

fn line() -> LineFacts {
    LineFacts { goods_in: GoodsIn::Expected, finding: None, goods_out: GoodsOut::NotNeeded }
}

fn refund() -> Facts {
    Facts {
        state: State::Open,
        way: Way::Refund,
        obvious: false,
        lines: vec![line()],
        money: vec![(Part::Law, PayState::Due), (Part::Extra, PayState::Asked)],
        red_invoice: false,
        stock_receipt: false,
    }
}

#[test]
fn the_law_s_part_waits_for_eyes_but_never_for_a_yes() {
    let mut facts = refund();
    let confirm = |facts: &Facts, part| guard(facts, CommandName::Confirm, None, Some(part));
    assert_eq!(confirm(&facts, Part::Law), Err(Refusal(refusal::INSPECT_FIRST)));
    assert_eq!(confirm(&facts, Part::Extra), Err(Refusal(refusal::ASKED)));
    facts.obvious = true;
    assert_eq!(confirm(&facts, Part::Law), Ok(()), "an obvious fault never needs an inspection");
    facts.money[0].1 = PayState::Confirmed;
    assert_eq!(confirm(&facts, Part::Law), Err(Refusal(refusal::MOVED)), "once");
    assert_eq!(guard(&facts, CommandName::Pay, None, Some(Part::Law)), Ok(()));
    assert_eq!(guard(&facts, CommandName::Cancel, None, None), Err(Refusal(refusal::TOO_LATE)));
}

#[test]
fn it_is_over_when_every_track_is_at_its_end() {
    let mut facts = refund();
    facts.money = vec![(Part::Law, PayState::Paid), (Part::Extra, PayState::Declined)];
    facts.lines[0].goods_in = GoodsIn::Graded;
    facts.lines[0].finding = Some(Finding::Ok);
    assert!(!complete(&facts), "the papers are missing");
    facts.red_invoice = true;
    assert!(!complete(&facts));
    facts.stock_receipt = true;
    assert!(complete(&facts));
    facts.money[1].1 = PayState::Asked;
    assert!(!complete(&facts), "somebody still has to answer");
}

#[test]
fn an_exchange_beyond_the_law_waits_for_its_yes() {
    let mut facts = Facts {
        way: Way::Exchange,
        obvious: true,
        money: vec![(Part::Grant, PayState::Asked)],
        lines: vec![LineFacts { goods_out: GoodsOut::Reserved, ..line() }],
        ..refund()
    };
    assert_eq!(guard(&facts, CommandName::Send, Some(1), None), Err(Refusal(refusal::NOT_GRANTED)));
    facts.money[0].1 = PayState::Due;
    assert_eq!(guard(&facts, CommandName::Send, Some(1), None), Ok(()));
    assert_eq!(
        guard(&facts, CommandName::Send, Some(2), None),
        Err(Refusal(refusal::NOT_NOW)),
        "there is no such line"
    );
}

#[test]
fn what_was_found_against_it_lets_it_be_refused() {
    let mut facts = refund();
    assert_eq!(guard(&facts, CommandName::Refuse, None, None), Err(Refusal(refusal::FOUND_OK)));
    facts.lines[0] = LineFacts { goods_in: GoodsIn::Inspected, finding: Some(Finding::Damaged), ..line() };
    assert_eq!(guard(&facts, CommandName::Refuse, None, None), Ok(()));
    facts.state = State::Refused;
    for name in CommandName::ALL {
        assert_eq!(guard(&facts, *name, None, None), Err(Refusal(refusal::OVER)), "{name}");
    }
}

#[test]
fn transitions_are_written_down() {
    let states = GoodsIn::ALL.iter().map(|goods_in| {
        let facts = Facts { lines: vec![LineFacts { goods_in: *goods_in, ..line() }], ..refund() };
        let open: Vec<&str> = [CommandName::Receive, CommandName::Inspect, CommandName::Grade]
            .into_iter()
            .filter(|name| guard(&facts, *name, Some(1), None).is_ok())
            .map(CommandName::as_str)
            .collect();
        format!("goods in {goods_in}: {}", open.join(", "))
    });
    let out = GoodsOut::ALL.iter().map(|goods_out| {
        let facts = Facts { obvious: true, lines: vec![LineFacts { goods_out: *goods_out, ..line() }], ..refund() };
        let open: Vec<&str> = [CommandName::Send, CommandName::Deliver]
            .into_iter()
            .filter(|name| guard(&facts, *name, Some(1), None).is_ok())
            .map(CommandName::as_str)
            .collect();
        format!("goods out {goods_out}: {}", open.join(", "))
    });
    let money = PayState::ALL.iter().map(|state| {
        let facts = Facts { obvious: true, money: vec![(Part::Extra, *state)], ..refund() };
        let open: Vec<&str> = [CommandName::Offer, CommandName::Confirm, CommandName::Pay]
            .into_iter()
            .filter(|name| guard(&facts, *name, None, None).is_ok())
            .map(CommandName::as_str)
            .collect();
        format!("money {state}: {}", open.join(", "))
    });
    insta::assert_snapshot!(states.chain(out).chain(money).collect::<Vec<_>>().join("\n"));
}

#[test]
fn the_law_gives_what_the_verdict_says_and_never_more_than_was_paid() {
    let book = parties::verdict::rulebook().unwrap();
    let mut facts = remedies::Facts::on("2026-11-22".parse().unwrap());
    for (fact, word) in [
        ("category", "washer"),
        ("channel", "store"),
        ("bought", "2026-03-12"),
        ("received", "2026-03-12"),
        ("installed", "none"),
        ("exchanged_on", "none"),
        ("part_replaced_on", "none"),
        ("fault", "performance"),
        ("cause", "product"),
        ("component", "whole"),
        ("repairs_done", "2"),
        ("days_in_repair", "18"),
        ("open_repair_days", "0"),
        ("parts_wait_days", "0"),
        ("has_receipt", "yes"),
        ("same_model", "yes"),
        ("special", "none"),
        ("price_fen", "329900"),
    ] {
        facts.set(remedies::FactName::parse(fact).unwrap(), word).unwrap();
    }
    let verdict = book.verdict(&facts, &[]).unwrap();
    let price = Money::from_fen(329_900);
    let refund = entitled(&verdict, Way::Refund, price);
    // 255 days less 18 in repair, 0.05 % a day.
    assert_eq!((refund.statutory.fen(), refund.fee.fen()), (290_807, 39_093));
    let exchange = entitled(&verdict, Way::Exchange, price);
    assert_eq!((exchange.remedy, exchange.statutory), (Some(remedies::Remedy::Exchange), Money::ZERO));
}

proptest! {
    #[test]
    fn entries_balance_or_are_none(amounts in prop::collection::vec(-1_000_000_i64..1_000_000, 1..6)) {
        let lines: Vec<_> = amounts.iter().map(|fen| (Account::Pos, Money::from_fen(*fen))).collect();
        let sum: i64 = amounts.iter().sum();
        let entry = Entry::new("k".into(), "t", &lines);
        prop_assert_eq!(entry.is_ok(), sum == 0);
        let whole: i64 = entry.map(|entry| entry.lines().iter().map(|(_, money)| money.fen()).sum()).unwrap_or(0);
        prop_assert_eq!(whole, 0);
    }

    #[test]
    fn no_path_confirms_twice_or_after_the_end(state in 0..State::ALL.len(), pay in 0..PayState::ALL.len(), obvious: bool) {
        let (state, pay) = (State::ALL[state], PayState::ALL[pay]);
        let facts = Facts { state, obvious, money: vec![(Part::Law, pay)], ..refund() };
        let allowed = guard(&facts, CommandName::Confirm, None, Some(Part::Law)).is_ok();
        prop_assert_eq!(allowed, state == State::Open && pay == PayState::Due && obvious);
    }
}
