//! Numbers in the reader's words.

use std::collections::BTreeMap;

use capability::Ctx;
use kernel::{Fault, Id, Money, Ratio, of};
use metrics::{Direction, Formula, Key, MetricDef, Point, Reading, Unit};
use web::Lang;

use super::Stores;

/// A number as it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The number with its unit, or the words for there being none.
    pub text: String,
    /// False when there is no number.
    pub known: bool,
    /// Between which numbers it lies when it is an estimate.
    pub range: Option<String>,
}

/// `reading` of `metric` in words.
pub fn shown(lang: &Lang, metric: &MetricDef, reading: Option<Reading>) -> Shown {
    let Some(reading) = reading else { return Shown { text: lang.t("metrics-none"), known: false, range: None } };
    let text = with_unit(lang, metric, reading.n);
    if !reading.estimated {
        return Shown { text, known: true, range: None };
    }
    let (low, high) = (with_unit(lang, metric, reading.range.0), with_unit(lang, metric, reading.range.1));
    Shown {
        text: lang.t1("metrics-estimated", "n", text),
        known: true,
        range: Some(lang.t2("metrics-estimated-about", "low", low, "high", high)),
    }
}

fn with_unit(lang: &Lang, metric: &MetricDef, n: i64) -> String {
    // The sign is put before the whole, so that it is the real minus in every unit.
    let (sign, size) = (if n < 0 { "−" } else { "" }, n.saturating_abs());
    let own = format!("metric-{}-unit", metric.id);
    let text = match metric.unit {
        Unit::Ratio => lang.percent(Ratio::from_basis_points(size)),
        Unit::Money => lang.money(Money::from_fen(size)),
        Unit::Hundredths => lang.t1("metrics-unit-hundredths", "n", hundredths(size)),
        Unit::Minutes => lang.t1("metrics-unit-minutes", "n", size),
        Unit::WorkingMinutes => lang.t1("metrics-unit-working-minutes", "n", size),
        // What is counted, where a capability says so: cases, hours.
        Unit::Count if lang.has(&own) => lang.t1(&own, "n", size),
        Unit::Count => lang.t1("metrics-unit-count", "n", size),
    };
    format!("{sign}{text}")
}

fn hundredths(n: i64) -> String {
    format!("{}.{:02}", n / 100, n % 100)
}

/// What the number of `point` rests on: the sums of a ratio, the count behind a mean, the number of records.
pub fn base(lang: &Lang, metric: &MetricDef, point: &Point) -> String {
    let part = |part: &str| point.parts.get(part).copied().unwrap_or(0);
    let signed = |n: i64| n.to_string().replace('-', "−");
    match metric.formula {
        Formula::Ratio(a, b) => lang.t2("insight-base-ratio", "part", signed(part(a)), "whole", signed(part(b))),
        // A sum is its own base.
        Formula::Sum(_) => String::new(),
        Formula::Mean(_, count) | Formula::Percentile { histogram: count, .. } => {
            lang.t1("insight-base", "n", signed(part(count)))
        }
    }
}

/// How `metric` is computed, in words.
pub fn formula(lang: &Lang, metric: &MetricDef) -> String {
    let word = |part: &str| {
        let key = format!("metric-part-{}", part.replace(['.', '_'], "-"));
        lang.find(&key).unwrap_or_else(|| part.to_owned())
    };
    match metric.formula {
        Formula::Sum(part) => lang.t1("insight-formula-sum", "part", word(part)),
        Formula::Ratio(part, whole) => lang.t2("insight-formula-ratio", "part", word(part), "whole", word(whole)),
        Formula::Mean(sum, count) => lang.t2("insight-formula-mean", "sum", word(sum), "count", word(count)),
        Formula::Percentile { histogram, percent } => {
            lang.t2("insight-formula-percentile", "percent", i64::from(percent), "part", word(histogram))
        }
    }
}

/// The word of the capability that declares `metric`: ids begin with it.
pub fn capability_of(metric: &MetricDef) -> &'static str {
    metric.id.split('-').next().unwrap_or(metric.id)
}

/// The heading over the metrics of `capability`.
pub fn group_name(lang: &Lang, capability: &str) -> String {
    let known = lang.find(&format!("insight-group-{capability}"));
    known.or_else(|| lang.find(&format!("permission-group-{capability}"))).unwrap_or_else(|| capability.to_owned())
}

/// What people call the values of a breakdown that the company names itself, registered channels and causes; nothing for others.
///
/// # Errors
/// `busy` when the database is away.
pub async fn names_of(
    ctx: &Ctx,
    lang: &Lang,
    dimension: &str,
    points: &[Point],
    stores: &Stores,
) -> Result<BTreeMap<String, String>, Fault> {
    if dimension == CAUSES {
        let causes = cases::app::symptoms(&ctx.house).await?.causes.clone();
        let locale = lang.locale.as_str();
        return Ok(causes.into_iter().map(|cause| (cause.code.clone(), cause.name_in(locale).to_owned())).collect());
    }
    if dimension != CHANNELS {
        return Ok(BTreeMap::new());
    }
    let ids = points.iter().filter_map(|point| match &point.key {
        Key::Value(value) => value.parse::<Id<of::Channel>>().ok(),
        Key::Total | Key::Day(_) | Key::Store(_) => None,
    });
    let found = cases::app::door_names(ctx, ids.collect()).await?;
    let several = stores.chosen.is_none() && stores.reached.len() > 1;
    let name = |door: cases::app::Registered| {
        let store = stores.get(door.store).filter(|_| several).map(|store| store.name_in(lang.locale.as_str()));
        store.map_or_else(|| door.name.clone(), |store| format!("{} · {store}", door.name))
    };
    Ok(found.into_iter().map(|(id, door)| (id.to_string(), name(door))).collect())
}

/// The breakdown by registered channel, whose values are ids.
const CHANNELS: &str = "via";
/// The breakdown by cause, whose values are codes of the company's list.
const CAUSES: &str = "cause";

/// What a point of a breakdown is for; `names` are those of values that are ids.
pub fn key_text(
    lang: &Lang,
    metric: &MetricDef,
    dimension: &str,
    key: &Key,
    stores: &Stores,
    names: &BTreeMap<String, String>,
) -> String {
    match key {
        Key::Total => lang.t("metrics-by-total"),
        Key::Day(day) => lang.day(*day),
        Key::Store(id) => {
            let name = stores.get(*id).map(|store| store.name_in(lang.locale.as_str()).to_owned());
            name.unwrap_or_else(|| id.to_string())
        }
        Key::Value(value) if names.contains_key(value) => names.get(value).cloned().unwrap_or_default(),
        Key::Value(value) => {
            // Most breakdowns are by properties of cases, whichever capability counts.
            let own = format!("{}-{dimension}", capability_of(metric));
            let prefixes = [own.as_str(), &format!("cases-{dimension}")].map(str::to_owned);
            let mut words = prefixes.iter().map(|prefix| format!("{prefix}-{}", value.replace(['_', '.'], "-")));
            words.find_map(|key| lang.find(&key)).unwrap_or_else(|| value.clone())
        }
    }
}

/// The number as a chart plots it: per cent, marks, yuan, else as it is.
pub(crate) fn plotted(metric: &MetricDef, reading: Option<Reading>) -> Option<f64> {
    let n = f64::from(i32::try_from(reading?.n).ok()?);
    match metric.unit {
        Unit::Ratio | Unit::Hundredths | Unit::Money => Some(n / 100.0),
        Unit::Count | Unit::Minutes | Unit::WorkingMinutes => Some(n),
    }
}

pub(crate) const fn unit_word(unit: Unit) -> &'static str {
    match unit {
        Unit::Count => "count",
        Unit::Ratio => "basis_points",
        Unit::WorkingMinutes => "working_minutes",
        Unit::Minutes => "minutes",
        Unit::Money => "fen",
        Unit::Hundredths => "hundredths",
    }
}

pub(crate) const fn direction_word(direction: Direction) -> &'static str {
    match direction {
        Direction::Up => "up",
        Direction::Down => "down",
        Direction::Neutral => "neutral",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use kernel::{Timestamp, Zone};
    use web::Locale;

    use super::*;

    fn lang(locale: Locale) -> Lang {
        Lang::new(locale, Zone::china(), Timestamp::from_millis(1_795_329_120_000))
    }
    fn metric(unit: Unit, formula: Formula) -> MetricDef {
        MetricDef { id: "x-y", unit, direction: Direction::Up, formula, dimensions: &[], records: "/x" }
    }
    fn exact(n: i64) -> Option<Reading> {
        Some(Reading { n, estimated: false, range: (n, n) })
    }

    #[test]
    fn a_number_carries_its_unit_and_a_real_minus() {
        let (zh, en) = (lang(Locale::ZhCn), lang(Locale::En));
        let text = |lang: &Lang, unit, n| shown(lang, &metric(unit, Formula::Sum("p")), exact(n)).text;
        assert_eq!(text(&zh, Unit::Ratio, 8_750), "87.5%");
        assert_eq!(text(&zh, Unit::Ratio, -1_050), "−10.5%");
        assert_eq!(text(&zh, Unit::Hundredths, 435), "4.35 分");
        assert_eq!(text(&en, Unit::Minutes, 95), "95 min");
        assert_eq!(text(&zh, Unit::Money, 329_900), "¥3,299.00");
        assert_eq!(text(&zh, Unit::Count, -3), "−3");
    }

    #[test]
    fn no_number_is_not_zero_and_an_estimate_says_so() {
        let zh = lang(Locale::ZhCn);
        let none = shown(&zh, &metric(Unit::Ratio, Formula::Ratio("a", "b")), None);
        assert!(!none.known && none.text == "没有数据");
        let estimate = Some(Reading { n: 33, estimated: true, range: (32, 35) });
        let about = shown(&zh, &metric(Unit::Minutes, Formula::Percentile { histogram: "h", percent: 90 }), estimate);
        assert_eq!(about.text, "约 33 分钟");
        assert!(about.range.is_some_and(|range| range.contains("32 分钟") && range.contains("35 分钟")));
    }

    #[test]
    fn a_ratio_rests_on_its_sums_a_mean_on_its_count_and_a_sum_on_itself() {
        let zh = lang(Locale::ZhCn);
        let point = Point { key: Key::Total, parts: BTreeMap::from([("a", 34), ("b", 40)]), value: exact(8_500) };
        assert_eq!(base(&zh, &metric(Unit::Ratio, Formula::Ratio("a", "b")), &point), "34 ÷ 40");
        assert_eq!(base(&zh, &metric(Unit::Minutes, Formula::Mean("a", "b")), &point), "n = 40");
        assert_eq!(base(&zh, &metric(Unit::Count, Formula::Sum("a")), &point), "", "a sum is its own base");
    }
}
