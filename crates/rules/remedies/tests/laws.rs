//! What must hold for any facts.
#![cfg(test)]

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::sample::select;
use remedies::{Day, FactName, Facts, Layer, Less, Remedy, Rulebook, Terms, allowed_words};

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

/// Words and numbers around every limit, and days around every window.
fn facts() -> impl Strategy<Value = Facts> {
    let word = |fact: FactName| select(allowed_words(fact).to_vec());
    let number = select(vec![0u32, 1, 2, 3, 4, 5, 6, 7, 8, 30, 31, 60, 61, 90, 91]);
    let categories = [
        "tv_flat",
        "phone",
        "pc_laptop",
        "disc_player",
        "fixed_phone",
        "washer",
        "bicycle",
        "motorcycle",
        "family_car",
        "clothing",
        "furniture",
        "e_bike",
        "tractor_small",
        "gadget",
    ];
    let parts = ["whole", "display_panel", "battery", "wired_earphone", "motherboard", "software", "frame", "motor"];
    let goods =
        (select(categories.to_vec()), select(parts.to_vec()), word(FactName::Channel), word(FactName::HasReceipt));
    let fault = (word(FactName::Fault), word(FactName::Cause), word(FactName::Special), word(FactName::CarEvent));
    let back = (word(FactName::Condition), word(FactName::Exception), word(FactName::SameModel));
    let past = (number.clone(), number.clone(), number.clone(), number);
    let age = prop_oneof![0i64..20, 55i64..65, 175i64..190, 360i64..372, 720i64..760, 0i64..1200];
    let days = (0i64..900, age, 0i64..6, proptest::option::of(0i64..6), proptest::option::weighted(0.2, 0i64..400));
    let sums = (
        select(vec![0i64, 1, 16_666, 16_667, 399_900, 15_000_000]),
        select(vec![0u32, 3000, 3001, 6000, 50_000, 60_001]),
    );
    (goods, fault, back, past, days, sums).prop_map(|(goods, fault, back, past, days, sums)| {
        let bought = day("2023-06-01").plus_days(days.0);
        let claim = bought.plus_days(days.1);
        let mut facts = Facts::on(claim);
        let later =
            |offset: Option<i64>| match offset.map(|offset| bought.plus_days(offset)).filter(|day| *day <= claim) {
                Some(day) => day.to_string(),
                None => "none".to_owned(),
            };
        let open = past.2.min(past.1);
        for (fact, value) in [
            (FactName::Category, goods.0.to_owned()),
            (FactName::Component, goods.1.to_owned()),
            (FactName::Channel, goods.2.to_owned()),
            (FactName::HasReceipt, goods.3.to_owned()),
            (FactName::Fault, fault.0.to_owned()),
            (FactName::Cause, fault.1.to_owned()),
            (FactName::Special, fault.2.to_owned()),
            (FactName::CarEvent, fault.3.to_owned()),
            (FactName::Condition, back.0.to_owned()),
            (FactName::Exception, back.1.to_owned()),
            (FactName::SameModel, back.2.to_owned()),
            (FactName::RepairsDone, past.0.to_string()),
            (FactName::DaysInRepair, past.1.to_string()),
            (FactName::OpenRepairDays, open.to_string()),
            (FactName::PartsWaitDays, past.3.min(open).to_string()),
            (FactName::Bought, bought.to_string()),
            (FactName::Received, bought.plus_days(days.2).to_string()),
            (FactName::Installed, later(days.3)),
            (FactName::ExchangedOn, later(days.4)),
            (FactName::PartReplacedOn, "none".to_owned()),
            (FactName::FactoryDate, bought.plus_days(-40).to_string()),
            (FactName::PriceFen, sums.0.to_string()),
            (FactName::Km, sums.1.to_string()),
        ] {
            facts.set(fact, &value).unwrap();
        }
        facts
    })
}

/// An exchange is still an exchange when the model is gone.
fn same(remedy: Remedy) -> Remedy {
    match remedy {
        Remedy::ExchangeOther => Remedy::Exchange,
        Remedy::ExchangeOtherLessFee => Remedy::ExchangeLessFee,
        other => other,
    }
}

fn names<'v>(open: impl IntoIterator<Item = &'v remedies::Open<'v>>) -> BTreeSet<Remedy> {
    open.into_iter().map(|open| same(open.remedy)).filter(|remedy| *remedy != Remedy::None).collect()
}

fn forget(facts: &mut Facts, fact: FactName) {
    facts.set(fact, "?").unwrap();
}

fn book() -> &'static Rulebook {
    static BOOK: std::sync::OnceLock<Rulebook> = std::sync::OnceLock::new();
    BOOK.get_or_init(|| Rulebook::china().unwrap())
}

const GENEROUS: &str = r#"
id = "shop-2026"
layer = "policy"
payer = "seller"
[[window]]
id = "thirty"
days = 30
from = ["start"]
extended_by_repair = true
[[rule]]
ground = "shop_exchange"
when = { fault = ["performance", "serious"], within = "thirty" }
gives = ["EXCHANGE"]
[[rule]]
ground = "shop_refund"
when = { fault = ["performance", "serious"], cause = "product", repairs_done = { at_least = 2 } }
gives = ["REFUND_FULL"]
"#;

const STINGY: &str = r#"
id = "stingy-2026"
layer = "policy"
payer = "seller"
[[window]]
id = "three"
days = 3
from = ["start"]
[[rule]]
ground = "short_refund"
when = { fault = ["performance", "serious"], cause = "product", within = "three" }
gives = ["REFUND_FULL"]
[[rule]]
ground = "no_repair"
when = { fault = "minor", cause = "product" }
denies = ["REPAIR"]
[[rule]]
ground = "dear_refund"
when = { fault = ["performance", "serious"], cause = "product" }
gives = ["REFUND_FULL"]
fee = { fen = 2000 }
evidence = ["sale_proof", "original_box"]
"#;

fn layers() -> Vec<Terms> {
    vec![book().layer("generous", GENEROUS).unwrap(), book().layer("stingy", STINGY).unwrap()]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn layers_only_add(facts in facts()) {
        let layers = layers();
        let law = book().verdict(&facts, &[]).unwrap();
        let all = book().verdict(&facts, &layers).unwrap();
        let by_law: Vec<_> = all.by_law().filter(|open| open.remedy != Remedy::None).collect();
        let alone: Vec<_> = law.remedies.iter().filter(|open| open.remedy != Remedy::None).collect();
        prop_assert_eq!(by_law, alone);
        prop_assert_eq!(all.last_day, law.last_day);
        prop_assert!(law.extras.iter().all(|owed| all.extras.contains(owed)));
        for open in all.remedies.iter().filter(|open| open.layer != Layer::Law) {
            prop_assert!(!open.payer.is_empty() && !open.terms.is_empty());
        }
        for void in &all.void {
            prop_assert!(law.opens(void.remedy), "a void term stands against a right that is open");
        }
    }

    #[test]
    fn the_last_day_is_inside_and_the_next_is_not(mut facts in facts()) {
        forget(&mut facts, FactName::ExchangedOn);
        for (fact, word) in [("cause", "product"), ("same_model", "yes"), ("special", "none"), ("has_receipt", "yes"), ("exchanged_on", "none")] {
            facts.set(FactName::parse(fact).unwrap(), word).unwrap();
        }
        let verdict = book().verdict(&facts, &[]).unwrap();
        for open in &verdict.remedies {
            let Some(last) = open.last_day else { continue };
            prop_assert!(facts.claim_date <= last);
            let on = |claim: Day| book().verdict(&Facts { claim_date: claim, ..facts.clone() }, &[]).unwrap().opens(open.remedy);
            prop_assert!(on(last), "{:?} on its last day", open.remedy);
            prop_assert!(!on(last.plus_days(1)), "{:?} a day after its last", open.remedy);
        }
    }

    /// What is certain while a fact is missing stays when it becomes known, and nothing opens then that was not announced.
    #[test]
    fn a_missing_fact_removes_nothing_and_hides_nothing(
        full in facts(),
        hidden in proptest::collection::vec(select(FactName::ALL.to_vec()), 1..6),
    ) {
        let mut facts = full.clone();
        for fact in hidden.into_iter().filter(|fact| !matches!(fact, FactName::ClaimDate | FactName::Category)) {
            forget(&mut facts, fact);
        }
        let partly = book().verdict(&facts, &[]).unwrap();
        let whole = book().verdict(&full, &[]).unwrap();
        let (certain, possible) = (names(&partly.remedies), names(&partly.possible));
        let open = names(&whole.remedies);
        prop_assert!(certain.is_subset(&open), "certain {certain:?}, then {open:?}");
        let announced: BTreeSet<Remedy> = certain.union(&possible).copied().collect();
        prop_assert!(open.is_subset(&announced), "open {open:?}, announced {announced:?}");
        for one in partly.remedies.iter().filter(|one| one.remedy != Remedy::None) {
            let then = whole.remedies.iter().find(|other| same(other.remedy) == same(one.remedy)).unwrap();
            prop_assert!(one.last_day <= then.last_day, "a day that was promised is not taken back");
        }
        // Whatever fell away says which rule, or which fact, did it.
        for gone in possible.difference(&open) {
            let lost: Vec<_> = partly.possible.iter().filter(|one| same(one.remedy) == *gone).flat_map(|one| &one.grounds).collect();
            for ground in lost {
                prop_assert!(
                    whole.steps.iter().any(|step| step.rule == ground.rule) || whole.withheld.iter().any(|one| one.rule == ground.rule),
                    "{} is not explained", ground.rule
                );
            }
        }
    }

    #[test]
    fn sums_are_never_negative_nor_above_the_price(facts in facts()) {
        let verdict = book().verdict(&facts, &[]).unwrap();
        for sum in verdict.remedies.iter().filter_map(|open| open.fee.as_ref()) {
            prop_assert!((0..=facts.price_fen.unwrap()).contains(&sum.fen.unwrap()));
            prop_assert!(!sum.steps.is_empty());
        }
    }

    #[test]
    fn the_same_facts_give_the_same_verdict_byte_for_byte(facts in facts()) {
        let text = |facts: &Facts| serde_json::to_string(&book().verdict(facts, &[]).unwrap()).unwrap();
        let told: Facts = serde_json::from_str(&serde_json::to_string(&facts).unwrap()).unwrap();
        prop_assert_eq!(&told, &facts);
        prop_assert_eq!(text(&facts), text(&told));
    }
}

fn tv(claim: &str) -> Facts {
    let mut facts = Facts::on(day(claim));
    for (fact, word) in [
        ("category", "tv_flat"),
        ("channel", "store"),
        ("bought", "2026-03-10"),
        ("received", "2026-03-10"),
        ("fault", "performance"),
        ("cause", "product"),
        ("has_receipt", "yes"),
        ("condition", "used_trace"),
        ("same_model", "yes"),
        ("price_fen", "399900"),
    ] {
        facts.set(FactName::parse(fact).unwrap(), word).unwrap();
    }
    for fact in FactName::ALL.iter().filter(|fact| !facts.knows(**fact)).copied().collect::<Vec<_>>() {
        facts.set_cell(fact, "").unwrap();
    }
    facts
}

#[test]
fn a_term_below_the_law_is_reported_void() {
    let layers = [book().layer("stingy", STINGY).unwrap()];
    let verdict = book().verdict(&tv("2026-03-15"), &layers).unwrap();
    let void: Vec<_> = verdict.void.iter().map(|void| (void.rule, void.remedy, void.less)).collect();
    assert_eq!(
        void,
        [
            ("short_refund", Remedy::RefundFull, Less::Shorter),
            ("dear_refund", Remedy::RefundFull, Less::Dearer),
            ("dear_refund", Remedy::RefundFull, Less::Papers),
        ]
    );
    assert!(verdict.void.iter().all(|void| void.cite.contains(&"XF-26") && void.cite.contains(&"SB1995-9")));
    let mut minor = tv("2026-03-15");
    minor.set(FactName::Fault, "minor").unwrap();
    let denied = book().verdict(&minor, &layers).unwrap();
    assert_eq!(denied.void.iter().map(|void| void.less).collect::<Vec<_>>(), [Less::Denied]);
    assert!(denied.opens(Remedy::Repair));
}

#[test]
fn a_promise_stands_beside_the_law_and_says_who_pays() {
    let layers = [book().layer("generous", GENEROUS).unwrap()];
    let verdict = book().verdict(&tv("2026-04-01"), &layers).unwrap();
    let all: Vec<_> = verdict.remedies.iter().map(|open| (open.remedy, open.layer, open.payer)).collect();
    assert_eq!(all, [(Remedy::Repair, Layer::Law, "seller_then_maker"), (Remedy::Exchange, Layer::Policy, "seller")]);
    assert_eq!(verdict.last_day, Some(day("2027-03-10")));
}

#[test]
fn nothing_known_asks_for_the_category_first_and_promises_nothing() {
    let facts = Facts::on(day("2026-03-15"));
    let verdict = book().verdict(&facts, &[]).unwrap();
    assert!(verdict.remedies.is_empty() && !verdict.possible.is_empty());
    assert_eq!(verdict.for_staff.case, "ask");
    let questions = book().questions(&facts, &[], &verdict).unwrap();
    assert_eq!(questions.first().map(|question| question.fact), Some(FactName::Category));
}

#[test]
fn a_missing_fact_says_what_it_would_change() {
    let mut facts = tv("2025-09-10");
    for (fact, word) in [("bought", "2025-03-10"), ("received", "2025-03-10"), ("repairs_done", "?")] {
        facts.set(FactName::parse(fact).unwrap(), word).unwrap();
    }
    let verdict = book().verdict(&facts, &[]).unwrap();
    assert_eq!(names(&verdict.remedies), BTreeSet::from([Remedy::Repair]));
    let questions = book().questions(&facts, &[], &verdict).unwrap();
    let answers: Vec<_> = questions
        .iter()
        .flat_map(|question| &question.answers)
        .map(|answer| (answer.values.clone(), answer.open.clone()))
        .collect();
    assert_eq!(
        answers,
        [
            (vec!["0".to_owned(), "1".to_owned()], vec![Remedy::Repair]),
            (vec!["2".to_owned()], vec![Remedy::Exchange, Remedy::RefundLessFee, Remedy::Repair]),
        ]
    );
}

#[test]
fn contradictions_are_refused() {
    for (fact, word) in [
        ("bought", "2026-03-16"),
        ("exchanged_on", "2026-03-09"),
        ("exchanged_on", "2026-03-16"),
        ("open_repair_days", "3"),
    ] {
        let mut facts = tv("2026-03-15");
        facts.set(FactName::parse(fact).unwrap(), word).unwrap();
        assert!(book().verdict(&facts, &[]).is_err(), "{fact} = {word}");
    }
    assert!(tv("2026-03-15").set(FactName::Fault, "broken").is_err());
    assert!(tv("2026-03-15").set(FactName::Bought, "2026-02-30").is_err());
}

#[test]
fn a_category_in_no_list_has_the_general_rights_and_goes_to_a_person() {
    let mut facts = tv("2026-03-15");
    facts.set(FactName::Category, "hover_board").unwrap();
    let verdict = book().verdict(&facts, &[]).unwrap();
    assert_eq!(names(&verdict.remedies), BTreeSet::from([Remedy::RefundFull, Remedy::Exchange, Remedy::Repair]));
    assert_eq!(verdict.person.first().map(|doubt| doubt.reason), Some("category_not_listed"));
}

#[test]
fn an_exchange_starts_validity_again_but_not_surely_the_refund_window() {
    let mut facts = tv("2026-04-20");
    facts.set(FactName::ExchangedOn, "2026-04-15").unwrap();
    let verdict = book().verdict(&facts, &[]).unwrap();
    assert_eq!(names(&verdict.remedies), BTreeSet::from([Remedy::Exchange, Remedy::Repair, Remedy::RefundLessFee]));
    assert_eq!(verdict.person.first().map(|doubt| doubt.reason), Some("refund_after_exchange"));
}

#[test]
fn terms_that_make_no_sense_are_refused_with_their_place() {
    let wrong = |text: &str| book().layer("terms.toml", text).unwrap_err().to_string();
    let head = "id = \"t\"\nlayer = \"policy\"\npayer = \"seller\"\n";
    for (rule, says) in [
        ("[[rule]]\nground = \"x\"\nwhen = { falt = \"minor\" }", "falt is not known"),
        ("[[rule]]\nground = \"x\"\nwhen = { fault = \"small\" }", "fault is never small"),
        ("[[rule]]\nground = \"x\"\nwhen = { within = \"w\" }", "there is no such window"),
        ("[[rule]]\nground = \"x\"\nwhen = { km = { over = 5, under = 3 } }", "can never be true"),
        ("[[rule]]\nground = \"x\"\n[[rule]]\nground = \"x\"", "is given twice"),
        ("[[rule]]\nground = \"x\"\ncolour = 1", "colour"),
        ("[[rule]]\nground = \"x\"\nphase = \"finding\"", "belong to the law"),
        ("[[rule]]\nground = \"x\"\nfee = { fen = -1 }", "below nothing"),
        ("[[rule]]\nground = \"x\"\ngiven_by = [\"y\"]", "does not come before it"),
        ("[[window]]\nid = \"w\"\nfrom = [\"start\"]", "needs one length"),
        ("[[window]]\nid = \"w\"\ndays = 3\nmonths = 1\nfrom = [\"start\"]", "needs one length"),
        ("[[window]]\nid = \"w\"\ndays = 3\nfrom = [\"birthday\"]", "unknown day"),
    ] {
        let said = wrong(&format!("{head}{rule}"));
        assert!(said.contains(says) && said.contains("terms.toml"), "{said}");
    }
    assert!(wrong("id = \"t\"").contains("layer must be"));
}

#[test]
fn an_extended_warranty_refunds_the_rest_of_its_term() {
    let warranty = r#"
id = "warranty-2y"
layer = "extended_warranty"
payer = "warranty_provider"
[[window]]
id = "term"
months = 24
from = ["bought"]
[[rule]]
ground = "warranty_cancelled"
when = { fault = "none", within = "term" }
gives = ["REFUND_LESS_FEE"]
fee = { pro_rata = { price_fen = 29900, months = 24 } }
"#;
    let layers = [book().layer("warranty", warranty).unwrap()];
    let mut facts = tv("2026-09-10");
    facts.set(FactName::Fault, "none").unwrap();
    let verdict = book().verdict(&facts, &layers).unwrap();
    // 184 of 731 days: 29900 × 184 ÷ 731 = 7526.1…
    assert_eq!(verdict.remedies.first().and_then(|open| open.fee.as_ref()).and_then(|fee| fee.fen), Some(7526));
}

#[test]
fn the_version_names_the_texts() {
    insta::assert_snapshot!(format!("{} {}", book().version(), book().digest()));
}

#[test]
fn a_verdict_is_data() {
    let mut facts = tv("2026-03-18");
    facts.set(FactName::PriceFen, "?").unwrap();
    insta::assert_json_snapshot!(book().verdict(&facts, &[]).unwrap());
}
