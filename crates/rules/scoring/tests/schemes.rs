//! Schemes that ship, and schemes that are none.

use scoring::{
    Counted, Evidence, Finding, Kind, Mark, Part, Points, Scheme, SchemeError, Schemes, Share, State, score,
};

/// A small scheme with `more` after its head.
fn parsed(more: &str) -> Result<Scheme, SchemeError> {
    let head = r#"
        [scheme]
        code = "small"
        version = "1"
        zh = "小"
        en = "Small"
        from = "2026-01-01"
        total = 10
    "#;
    Scheme::parse(&format!("{head}\n{more}"))
}

fn leaf(clause: &str, parent: &str, points: &str) -> String {
    format!(
        "[[indicator]]\nclause = \"{clause}\"\nparent = \"{parent}\"\nzh = \"甲\"\nen = \"A\"\npoints = {points}\nmark = \"verified\"\nscoring = \"all\"\n"
    )
}

fn group(clause: &str, parent: &str, points: &str) -> String {
    leaf(clause, parent, points).replace("scoring = \"all\"\n", "")
}

fn said(more: &str) -> String {
    parsed(more).err().map(|error| error.to_string()).unwrap_or_default()
}

#[test]
fn the_standard_has_a_hundred_points_in_three_parts() {
    let scheme = Scheme::gbt27922().unwrap();
    let tier: Vec<_> =
        scheme.roots.iter().map(|at| &scheme.indicators[*at]).map(|one| (one.clause.as_str(), one.points)).collect();
    assert_eq!(tier, [("5.1", Points::whole(40)), ("5.2", Points::whole(35)), ("5.3", Points::whole(25))]);
    assert_eq!(scheme.allocated(), (46, 47));
    let verified: Vec<_> =
        scheme.leaves().filter(|one| one.mark == Mark::Verified).map(|one| one.clause.as_str()).collect();
    assert_eq!(verified, ["5.1.2.2"]);
    let levels: Vec<_> = scheme.levels.iter().map(|level| (level.from.in_tenths() / 10, level.stars)).collect();
    assert_eq!(levels, [(70, 0), (80, 3), (90, 4), (95, 5)]);
    // Every record kind is asked for somewhere, and every indicator says in words what earns its points.
    for kind in &scheme.records {
        let asked = scheme.leaves().any(|one| match &one.kind {
            Kind::Leaf { parts, .. } => {
                parts.iter().any(|part| matches!(part, Part::Record { code, .. } if *code == kind.code))
            }
            Kind::Group(_) => false,
        });
        assert!(asked, "{}", kind.code);
    }
    assert!(scheme.leaves().all(|one| one.rule.is_some()));
}

#[test]
fn nothing_is_built_for_one_standard() {
    let scheme = Scheme::patrol().unwrap();
    let mut evidence = Evidence::default();
    evidence.set("1.1", Finding::counted([Some(Counted { good: 17, all: 20 })]));
    evidence.set("1.2", Finding::counted([Some(Counted { good: 96, all: 100 })]));
    evidence.set("2.1", Finding::Judged(Share::FULL));
    evidence.set("2.2", Finding::Judged(Share::FULL));
    evidence.set("2.3", Finding::NotApplicable);
    let result = score(&scheme, &evidence);
    // 3.6 in its band, 6 from 95 % on, 5 and 2.5 of 19.5 points that apply.
    assert_eq!(result.earned.high, Points::tenths(171));
    assert_eq!(result.applicable, Points::tenths(195));
    assert_eq!(result.score.unwrap().high, Points::tenths(876));
    assert_eq!(result.level.high.as_deref(), Some("fair"));
    assert!(!result.estimate);
    // A blocked way out fails at any score.
    evidence.set("2.1", Finding::Judged(Share::NONE));
    let blocked = score(&scheme, &evidence);
    assert_eq!((blocked.level.high, blocked.failed.high.len()), (None, 1));
}

#[test]
fn what_contradicts_itself_is_named_with_its_place() {
    assert_eq!(
        said(&[group("1", "", "10"), leaf("1.1", "1", "4"), leaf("1.2", "1", "5")].concat()),
        "indicator 1: it has 10 points, but what stands under it adds up to 9"
    );
    assert_eq!(said(&leaf("1", "", "9.5")), "scheme: it has 10 points in all, but its indicators add up to 9.5");
    assert_eq!(said(&[leaf("1", "", "5"), leaf("1", "", "5")].concat()), "indicator 1 is there twice");
    assert_eq!(said(&leaf("1", "7", "10")), "indicator 1: there is no indicator 7");
    let circle = [group("1", "2", "5"), group("2", "1", "5"), leaf("3", "", "10")].concat();
    assert!(matches!(parsed(&circle).unwrap_err(), SchemeError::Cycle(clause) if clause == "1"));
    assert!(said(&[leaf("1", "", "10"), "colour = 3\n".into()].concat()).contains("unknown field `colour`"));
    assert!(said(&leaf("1", "", "9.55")).contains("tenths at the finest"));
    let unknown = [leaf("1", "", "10"), "part = [{ record = \"drill\" }]\n".into()].concat();
    assert_eq!(said(&unknown), "indicator 1: the scheme has no record \"drill\"");
    let both = [leaf("1", "", "10"), "part = [{ metric = \"m\", fact = \"f\" }]\n".into()].concat();
    assert!(said(&both).starts_with("indicator 1: a part names one"));
    assert_eq!(said(&group("1", "", "10")), "indicator 1: `scoring` is missing: all, share or bands");
    assert_eq!(
        said(&[leaf("1", "", "10"), "[[fails]]\nclause = \"4\"\nbelow = 100\n".into()].concat()),
        "fails: there is no indicator 4"
    );
    let levels = "[[level]]\ncode = \"b\"\nzh = \"乙\"\nen = \"B\"\nfrom = 80\nstars = 0\nmark = \"verified\"\n[[level]]\ncode = \"a\"\nzh = \"甲\"\nen = \"A\"\nfrom = 80\nstars = 0\nmark = \"verified\"\n";
    assert_eq!(
        said(&[leaf("1", "", "10"), levels.into()].concat()),
        "level a: it begins at 80, which is not above 80 of b"
    );
}

#[test]
fn an_indicator_bound_to_a_number_that_is_gone_is_named() {
    let scheme = Scheme::gbt27922().unwrap();
    assert_eq!(scheme.check(|_, _| true, |_| true), Ok(()));
    let gone = scheme.check(|id, _| id != "complaints-in-time", |_| true).unwrap_err();
    assert_eq!(gone.to_string(), "indicator 5.3.2.2: there is no metric \"complaints-in-time\"");
    let narrowed = scheme.check(|_, dimension| dimension != Some("stage"), |_| true).unwrap_err();
    assert_eq!(narrowed.to_string(), "indicator 5.3.1.1: there is no dimension \"stage\"");
    let fact = scheme.check(|_, _| true, |name| name != "warranty_by_law").unwrap_err();
    assert_eq!(fact.to_string(), "indicator 5.2.5.2: there is no fact \"warranty_by_law\"");
}

#[test]
fn two_versions_on_one_day_are_refused() {
    let one = parsed(&leaf("1", "", "10")).unwrap();
    let mut next = Scheme { version: "2".into(), from: "2027-01-01".parse().unwrap(), ..one.clone() };
    let both = Schemes::new(vec![one.clone(), next.clone()]).unwrap_err();
    assert_eq!(both.to_string(), "scheme small: the versions 1 and 2 are both in force on 2027-01-01");
    let ended = Scheme { until: Some("2026-12-31".parse().unwrap()), ..one };
    next.until = None;
    let schemes = Schemes::new(vec![ended, next]).unwrap();
    let on = |day: &str| schemes.on("small", day.parse().unwrap()).map(|scheme| scheme.version.as_str());
    assert_eq!((on("2025-12-31"), on("2026-12-31"), on("2027-01-01")), (None, Some("1"), Some("2")));
}

#[test]
fn five_special_deductions_fail_at_any_score() {
    let scheme = Scheme::gbt27922().unwrap();
    let mut evidence = Evidence::default();
    for leaf in scheme.leaves() {
        evidence.set(leaf.clause.clone(), Finding::Judged(Share::FULL));
    }
    let at = |deductions, bonuses| {
        let mut evidence = evidence.clone();
        evidence.special.deductions = deductions;
        evidence.special.bonuses = bonuses;
        let result = score(&scheme, &evidence);
        (result.score.unwrap().high.in_tenths(), result.level.high)
    };
    assert_eq!(at(0, 0), (1000, Some("star5".into())));
    // More than a hundred there is not, and a second bonus does not count.
    assert_eq!(at(0, 3), (1000, Some("star5".into())));
    assert_eq!(at(4, 2), (970, Some("star5".into())));
    assert_eq!(at(4, 0), (960, Some("star5".into())));
    assert_eq!(at(5, 0), (950, None));
}

#[test]
fn a_company_to_which_nothing_applies_has_no_score() {
    let scheme = Scheme::patrol().unwrap();
    let mut evidence = Evidence::default();
    for leaf in scheme.leaves() {
        evidence.set(leaf.clause.clone(), Finding::NotApplicable);
    }
    let result = score(&scheme, &evidence);
    assert_eq!((result.score, &result.level.high), (None, &None));
    assert!(result.leaves().iter().all(|leaf| leaf.state == State::NotApplicable));
}
