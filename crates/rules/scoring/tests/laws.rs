//! What holds for any evidence.

use std::sync::LazyLock;

use proptest::prelude::*;
use scoring::{Counted, Evidence, Finding, Item, Kind, Points, Scheme, Scored, Share, State, score};

/// Read once.
static SCHEME: LazyLock<Option<Scheme>> = LazyLock::new(|| Scheme::gbt27922().ok());

/// What may be found for one leaf: nothing, counts for each part, a judgement, or that it does not apply.
#[derive(Debug, Clone)]
enum Found {
    Nothing,
    Counts(Vec<Option<(i64, i64)>>),
    Judged(u32),
    Away,
}

fn found() -> impl Strategy<Value = Found> {
    let counts = prop::collection::vec(prop::option::weighted(0.8, (0..60i64, 0..60i64)), 4);
    prop_oneof![
        2 => Just(Found::Nothing),
        6 => counts.prop_map(Found::Counts),
        2 => (0..=100u32).prop_map(Found::Judged),
        1 => Just(Found::Away),
    ]
}

fn finding(found: &Found, parts: usize) -> Option<Finding> {
    match found {
        Found::Nothing => None,
        Found::Counts(counts) => {
            let counted =
                |at: usize| counts.get(at).copied().flatten().map(|(a, b)| Counted { good: a.min(b), all: b });
            Some(Finding::counted((0..parts).map(counted)))
        }
        Found::Judged(percent) => Some(Finding::Judged(Share::percent(*percent))),
        Found::Away => Some(Finding::NotApplicable),
    }
}

fn leaves(scheme: &Scheme) -> Vec<(String, usize)> {
    let parts = |kind: &Kind| match kind {
        Kind::Leaf { parts, .. } => parts.len(),
        Kind::Group(_) => 0,
    };
    scheme.leaves().map(|one| (one.clause.clone(), parts(&one.kind))).collect()
}

fn evidence(scheme: &Scheme, all: &[Found], backwards: bool) -> Evidence {
    let mut findings: Vec<_> = leaves(scheme).into_iter().zip(all).collect();
    if backwards {
        findings.reverse();
    }
    let mut evidence = Evidence::default();
    for ((clause, parts), found) in findings {
        if let Some(finding) = finding(found, parts) {
            evidence.set(clause, finding);
        }
    }
    evidence
}

fn sums_hold(item: &Item) {
    assert!(
        Points::ZERO <= item.earned.low && item.earned.low <= item.earned.high && item.earned.high <= item.applicable
    );
    assert_eq!(item.lost.low, item.applicable - item.earned.low);
    assert_eq!(item.lost.high, item.applicable - item.earned.high);
    if item.children.is_empty() {
        if item.state == State::NoData {
            assert_eq!(item.earned.high, Points::ZERO);
        }
        return;
    }
    assert_eq!(item.points, item.children.iter().map(|child| child.points).sum());
    assert_eq!(item.applicable, item.children.iter().map(|child| child.applicable).sum());
    assert_eq!(item.earned.low, item.children.iter().map(|child| child.earned.low).sum());
    assert_eq!(item.earned.high, item.children.iter().map(|child| child.earned.high).sum());
    item.children.iter().for_each(sums_hold);
}

fn high(result: &Scored) -> (Option<Points>, Option<Points>) {
    (result.score.map(|score| score.low), result.score.map(|score| score.high))
}

proptest! {
    #[test]
    fn sums_hold_and_order_does_not_matter(all in prop::collection::vec(found(), 47), deductions in 0..7u32) {
        let scheme = SCHEME.as_ref().unwrap();
        let mut one = evidence(scheme, &all, false);
        one.special.deductions = deductions;
        let mut other = evidence(scheme, &all, true);
        other.special.deductions = deductions;
        let result = score(scheme, &one);
        prop_assert_eq!(&result, &score(scheme, &other));
        result.items.iter().for_each(sums_hold);
        prop_assert_eq!(result.earned.high, result.items.iter().map(|item| item.earned.high).sum());
        if let Some(ends) = result.score {
            prop_assert!(Points::ZERO <= ends.low && ends.low <= ends.high && ends.high <= Points::whole(100));
        }
    }

    #[test]
    fn more_evidence_never_lowers(all in prop::collection::vec(found(), 47), at in 0..47usize, part in 0..4usize, more in 1..20i64) {
        let scheme = SCHEME.as_ref().unwrap();
        let before = score(scheme, &evidence(scheme, &all, false));
        let mut grown = all.clone();
        match &mut grown[at] {
            // More that conforms, and all of it counted.
            Found::Counts(counts) => {
                let (good, whole) = counts[part].unwrap_or_default();
                // What is asked to be rare is not evidence that grows.
                let clause = &leaves(scheme)[at].0;
                prop_assume!(clause != "5.3.2.5" && clause != "5.3.2.3");
                counts[part] = Some((good.min(whole) + more, whole + more));
            }
            Found::Nothing => grown[at] = Found::Counts(vec![Some((more, more)); 4]),
            Found::Judged(percent) => *percent = (*percent + 5).min(100),
            Found::Away => {}
        }
        let after = score(scheme, &evidence(scheme, &grown, false));
        prop_assert!(high(&before) <= high(&after) || high(&before).0.is_none());
        prop_assert!(high(&before).1 <= high(&after).1);
    }

    #[test]
    fn levels_begin_exactly_at_their_limits(tenths in 0..=1000i64) {
        // Ten points in a hundred tenths, each a leaf of its own: any score can be made exactly.
        let head = "[scheme]\ncode = \"x\"\nversion = \"1\"\nzh = \"x\"\nen = \"x\"\nfrom = \"2026-01-01\"\ntotal = 100\n";
        let levels = [("low", 70), ("mid", 80), ("high", 95)].map(|(code, from)| {
            format!("[[level]]\ncode = \"{code}\"\nzh = \"x\"\nen = \"x\"\nfrom = {from}\nstars = 0\nmark = \"verified\"\n")
        });
        let leaf = |clause: &str, points: f64| format!("[[indicator]]\nclause = \"{clause}\"\nzh = \"x\"\nen = \"x\"\npoints = {points}\nmark = \"verified\"\nscoring = \"all\"\n");
        #[expect(clippy::cast_precision_loss, reason = "at most a thousand")]
        let (got, lost) = (tenths as f64 / 10.0, (1000 - tenths) as f64 / 10.0);
        let text = [head.to_owned(), levels.concat(), leaf("1", got), leaf("2", lost)].concat();
        let scheme = Scheme::parse(&text).unwrap();
        let mut evidence = Evidence::default();
        evidence.set("1", Finding::Judged(Share::FULL));
        let result = score(&scheme, &evidence);
        prop_assert_eq!(result.score.unwrap().high, Points::tenths(tenths));
        let expected = match tenths { 950.. => Some("high"), 800.. => Some("mid"), 700.. => Some("low"), _ => None };
        prop_assert_eq!(result.level.high.as_deref(), expected);
    }
}
