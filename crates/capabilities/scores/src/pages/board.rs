//! The board: gauge, three parts, trend, tree, what moved it.

use askama::Template;
use axum::extract::RawQuery;
use axum::response::IntoResponse;
use capability::Ctx;
use kernel::Day;
use scoring::{Kind, Points, State};
use serde::Serialize;
use std::collections::BTreeMap;
use web::{Chip, Choice, Failure, Filled, Form, Lang, Page, View};

use super::{
    at, earned, level_word, lost, lost_strictly, next_level, range, scheme_choices, stars, state_chip, unit_choices,
};
use crate::app::{self, Sheet};
use crate::domain::{Figure, Move, SCHEME};
use crate::proposals;

/// Days between two points of the trend.
const STEP: i32 = 7;
/// Moves that are shown.
const MOVES: usize = 8;

struct Part {
    name: String,
    href: String,
    earned: String,
    points: String,
    bar: web::Bar,
    rate: String,
    lost: String,
}

struct Line {
    depth: usize,
    clause: String,
    name: String,
    href: String,
    points: String,
    mark: Option<String>,
    earned: String,
    lost: Option<String>,
    strict: bool,
    state: Option<Chip>,
    why: String,
    group: bool,
}

struct Moved {
    day: String,
    href: String,
    name: String,
    by: String,
    up: bool,
    why: String,
}

struct Below {
    name: String,
    href: String,
    ends: String,
    bar: web::Bar,
}

struct Now {
    stars: u8,
    /// The scheme has levels with stars at all.
    starred: bool,
    level: String,
    about: String,
    next: Option<String>,
    gauge: web::Chart,
}

#[derive(Template)]
#[template(path = "scores_board.html")]
struct BoardPage {
    page: Page,
    facts: String,
    form: Filled,
    units: Vec<Choice>,
    schemes: Vec<Choice>,
    at: String,
    records: String,
    now: Option<Now>,
    computed: bool,
    parts: Vec<Part>,
    special: (u32, u32),
    failed: bool,
    warning: Option<String>,
    waiting: i64,
    trend: Option<web::Chart>,
    only_lost: bool,
    all_href: String,
    lost_href: String,
    lines: Vec<Line>,
    moves: Vec<Moved>,
    below: Vec<Below>,
    plan: Option<String>,
}

#[derive(Serialize)]
struct Gauge {
    lo: f64,
    hi: f64,
    min: f64,
    name: String,
    words: BTreeMap<String, String>,
}

#[derive(Serialize)]
struct Trend {
    x: Vec<String>,
    min: f64,
    max: f64,
    marks: Vec<(String, f64)>,
    series: Vec<Series>,
    pad: u16,
}

#[derive(Serialize)]
struct Series {
    name: String,
    data: Vec<f64>,
}

/// `GET /score?unit=&scheme=&show=`
pub(crate) async fn show(page: Page, ctx: Ctx, RawQuery(query): RawQuery) -> Result<impl IntoResponse, Failure> {
    let form = Form::from_query(&query.unwrap_or_default());
    let unit = app::chosen(&ctx, form.raw("unit"))?;
    let only_lost = form.raw("show") == "lost";
    let units = app::seen(&ctx);
    let sheet = app::sheet_of(&ctx, unit, form.raw("scheme")).await?;
    let schemes = crate::schemes::all(&ctx).await?;
    let lang = page.lang.clone();
    let id = sheet.unit.id.to_string();
    let scheme = sheet.scheme;
    let name = scheme.name.text(lang.locale.as_str()).to_owned();
    let mut facts = match &sheet.live {
        Some(live) => lang.t2("scores-facts", "scheme", name, "at", lang.at(live.at)),
        None => lang.t1("scores-facts-none", "scheme", name),
    };
    if let Some(note) = &scheme.note {
        facts = format!("{facts} · {}", note.text(lang.locale.as_str()));
    }
    let deductions = sheet.live.as_ref().map_or(0, |live| live.stored.special.0);
    Ok(View(BoardPage {
        facts,
        form: Filled::new().with("unit", id.as_str()).with("scheme", scheme.code.as_str()),
        units: unit_choices(&lang, &units),
        schemes: scheme_choices(&lang, &schemes),
        now: sheet.live.as_ref().and_then(|_| now(&lang, &sheet)),
        computed: sheet.live.is_some(),
        parts: parts(&lang, &sheet),
        special: sheet.live.as_ref().map_or((0, 0), |live| live.stored.special),
        failed: sheet.live.as_ref().is_some_and(|live| live.stored.failed),
        warning: app::fatal(scheme)
            .filter(|most| deductions < *most && deductions + 2 >= *most)
            .map(|most| lang.t2("scores-special-warning", "n", i64::from(deductions), "most", i64::from(most))),
        waiting: if scheme.code == SCHEME { proposals::waiting(&ctx).await? } else { 0 },
        trend: trend(&lang, &sheet),
        only_lost,
        all_href: format!("/score?{}", at(scheme, &id)),
        lost_href: format!("/score?{}&show=lost", at(scheme, &id)),
        lines: lines(&lang, &sheet, only_lost),
        moves: sheet.moves.iter().take(MOVES).map(|one| moved(&lang, &sheet, one)).collect(),
        below: below(&sheet, &lang),
        plan: sheet.live.is_some().then(|| format!("/score/plan?{}", at(scheme, &id))),
        records: format!("/score/registers?unit={id}"),
        at: at(scheme, &id),
        page: page.named("scores-title"),
    }))
}

fn now(lang: &Lang, sheet: &Sheet) -> Option<Now> {
    let stored = &sheet.live.as_ref()?.stored;
    let ends = stored.ends()?;
    let scheme = sheet.scheme;
    let (allocated, leaves) = scheme.allocated();
    let ends_text = range(ends.low, ends.high);
    let word = level_word(lang, scheme, stored.level_high.as_deref());
    let level = match (stored.estimate, &stored.level_high) {
        (true, Some(_)) => lang.t1("scores-level-about", "level", word),
        (_, None) => lang.t("scores-level-none"),
        (false, Some(_)) => word,
    };
    let mut about = if stored.estimate {
        lang.tn("scores-estimate", &[("ends", &ends_text), ("n", &allocated), ("all", &leaves)])
    } else {
        lang.t1("scores-sure", "ends", ends_text.as_str())
    };
    if stored.level_low != stored.level_high {
        let low = level_word(lang, scheme, stored.level_low.as_deref());
        about.push_str(&lang.t1("scores-low-level", "level", low));
    }
    let next = next_level(scheme, ends).map(|(level, missing)| {
        let name = level.name.text(lang.locale.as_str());
        lang.t2("scores-next", "level", name, "points", range(missing.low, missing.high))
    });
    let floor = (ends.low.number() / 20.0).floor() * 20.0;
    let min = floor.clamp(0.0, 60.0);
    // Their names are in the table; on a wide scale they would lie on the arc.
    let words = scheme.levels.iter().map(|level| (level.from.to_string(), level.from.to_string()));
    let gauge = Gauge {
        lo: ends.low.number(),
        hi: ends.high.number(),
        min,
        name: lang.t("scores-gauge-name"),
        words: words.collect(),
    };
    let mut rows =
        vec![vec![lang.t("scores-low"), ends.low.to_string()], vec![lang.t("scores-high"), ends.high.to_string()]];
    rows.extend(scheme.levels.iter().map(|level| {
        vec![lang.t1("scores-line", "level", level.name.text(lang.locale.as_str())), level.from.to_string()]
    }));
    let head = vec![lang.t("scores-col-what"), lang.t("scores-col-value")];
    let caption = lang.t("scores-gauge");
    Some(Now {
        starred: scheme.levels.iter().any(|level| level.stars > 0),
        stars: stars(scheme, stored.level_high.as_deref()),
        level,
        about,
        next,
        gauge: web::chart(lang, "gauge", 200, &caption, &gauge, (head, rows)),
    })
}

fn parts(lang: &Lang, sheet: &Sheet) -> Vec<Part> {
    let Some(live) = &sheet.live else { return Vec::new() };
    let part = |place: &usize| {
        let one = sheet.scheme.indicators.get(*place)?;
        let figure = live.stored.figures.get(&one.clause)?;
        let rate = |earned: i64| if figure.applicable > 0 { earned * 100 / figure.applicable } else { 0 };
        let (low, high) = (rate(figure.low), rate(figure.high));
        let rate = if low == high { format!("{high}%") } else { format!("{low}–{high}%") };
        Some(Part {
            name: one.name.text(lang.locale.as_str()).to_owned(),
            href: format!("/score/items/{}?{}", one.clause, at(sheet.scheme, sheet.unit.id)),
            earned: earned(figure),
            points: Points::tenths(figure.applicable).to_string(),
            bar: web::bar(high, ""),
            rate,
            lost: Points::tenths(figure.applicable - figure.high).to_string(),
        })
    };
    sheet.scheme.roots.iter().filter_map(part).collect()
}

fn lines(lang: &Lang, sheet: &Sheet, only_lost: bool) -> Vec<Line> {
    let Some(live) = &sheet.live else { return Vec::new() };
    let line = |one: &scoring::Indicator| {
        let figure = live.stored.figures.get(&one.clause)?;
        let group = matches!(one.kind, Kind::Group(_));
        if only_lost && figure.applicable == figure.low {
            return None;
        }
        Some(Line {
            depth: one.depth,
            clause: one.clause.clone(),
            name: one.name.text(lang.locale.as_str()).to_owned(),
            href: format!("/score/items/{}?{}", one.clause, at(sheet.scheme, sheet.unit.id)),
            points: one.points.to_string(),
            mark: Some(super::mark_word(lang, one.mark)),
            earned: if figure.state() == State::NotApplicable { "—".to_owned() } else { earned(figure) },
            lost: lost(figure),
            strict: lost_strictly(figure),
            state: (!group).then(|| state_chip(lang, figure.state())),
            why: if group { String::new() } else { why(lang, figure) },
            group,
        })
    };
    sheet.scheme.indicators.iter().filter_map(line).collect()
}

/// In a few words, why it earned what it did: `38 ÷ 40`.
pub(super) fn why(lang: &Lang, figure: &Figure) -> String {
    match figure.state() {
        State::NoData => lang.t("scores-why-none"),
        State::NotApplicable => lang.t("scores-why-away"),
        State::Assessor => {
            let percent = i64::from(figure.share.unwrap_or(0) / 10_000);
            lang.t1("scores-why-judged", "percent", percent)
        }
        State::Data => counts(lang, figure),
    }
}

/// What was counted for each part, joined.
fn counts(lang: &Lang, figure: &Figure) -> String {
    let text = |part: &Option<(i64, i64, u32)>| match part {
        Some((good, 0, _)) => good.to_string(),
        Some((good, all, _)) => format!("{good} ÷ {all}"),
        None => lang.t("scores-part-none"),
    };
    figure.parts.iter().map(text).collect::<Vec<_>>().join(" · ")
}

fn moved(lang: &Lang, sheet: &Sheet, one: &Move) -> Moved {
    let by = match one.after.high - one.before.high {
        0 => one.after.low - one.before.low,
        by => by,
    };
    let name = sheet.scheme.indicator(&one.clause).map(|one| one.name.text(lang.locale.as_str())).unwrap_or_default();
    Moved {
        day: lang.day(one.day),
        href: format!("/score/items/{}?{}", one.clause, at(sheet.scheme, sheet.unit.id)),
        name: format!("{} {name}", one.clause),
        by: if by < 0 { Points::tenths(by).to_string() } else { format!("+{}", Points::tenths(by)) },
        up: by >= 0,
        why: lang.t2("scores-moved-from", "before", why(lang, &one.before), "after", why(lang, &one.after)),
    }
}

fn below(sheet: &Sheet, lang: &Lang) -> Vec<Below> {
    let one = |(unit, low, high): &(identity::Unit, Option<i64>, Option<i64>)| Below {
        name: unit.name_in(lang.locale.as_str()).to_owned(),
        href: format!("/score?{}", at(sheet.scheme, unit.id)),
        ends: match (low, high) {
            (Some(low), Some(high)) => range(Points::tenths(*low), Points::tenths(*high)),
            _ => lang.t("scores-none"),
        },
        bar: web::bar(high.unwrap_or(0) / 10, ""),
    };
    sheet.below.iter().map(one).collect()
}

fn trend(lang: &Lang, sheet: &Sheet) -> Option<web::Chart> {
    // One point a week, and the newest.
    let mut points: Vec<(Day, Points, Points)> = Vec::new();
    for (day, low, high) in sheet.trend.iter().rev() {
        let (Some(low), Some(high)) = (low, high) else { continue };
        if points.last().is_none_or(|(later, ..)| day.plus(STEP) <= *later) {
            points.push((*day, Points::tenths(*low), Points::tenths(*high)));
        }
    }
    points.reverse();
    if points.len() < 2 {
        return None;
    }
    let least = points.iter().map(|(_, low, _)| low.number()).fold(100.0, f64::min);
    let marks = sheet.scheme.levels.iter().filter(|level| level.from.number() > least);
    let data = Trend {
        x: points.iter().map(|(day, ..)| lang.day(*day)).collect(),
        min: ((least / 10.0).floor() * 10.0).max(0.0),
        max: 100.0,
        marks: marks
            .map(|level| (format!("{} {}", level.name.text(lang.locale.as_str()), level.from), level.from.number()))
            .collect(),
        series: vec![
            Series { name: lang.t("scores-high"), data: points.iter().map(|(_, _, high)| high.number()).collect() },
            Series { name: lang.t("scores-low"), data: points.iter().map(|(_, low, _)| low.number()).collect() },
        ],
        pad: 44,
    };
    let head = vec![lang.t("scores-col-day"), lang.t("scores-col-ends")];
    let rows = points.iter().map(|(day, low, high)| vec![lang.day(*day), range(*low, *high)]).collect();
    Some(web::chart(lang, "trend", 240, &lang.t("scores-trend"), &data, (head, rows)))
}
