//! What one indicator rests on, down to the records.

use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use capability::Ctx;
use kernel::FaultKind;
use scoring::{Combine, Kind, Mark, Metric, Needs, Part, Per, Points, Scoring, State, Structure};
use web::{Chip, Choice, Failure, Filled, Form, Lang, Page, View};

use super::{at, earned, lost, lost_strictly, mark_word, opens, state_chip, unit_name, user_name};
use crate::app::{self, Said, TEXT, Walk};
use crate::domain::{Figure, fresh};

/// Entries that are shown; the list has the others.
const ENTRIES: usize = 12;

pub(super) struct Evidence {
    pub(super) name: String,
    pub(super) needs: String,
    pub(super) counted: Option<String>,
    bar: web::Bar,
    share: String,
    pub(super) href: Option<String>,
    open: String,
    pub(super) missing: String,
}

struct Row {
    title: String,
    kind: String,
    about: String,
    chip: Chip,
    late: Option<String>,
    href: String,
}

struct Spoken {
    who: String,
    at: String,
    what: String,
    reason: String,
    place: String,
    holds: bool,
}

struct Child {
    href: String,
    name: String,
    earned: String,
    points: String,
    chip: Chip,
}

#[derive(Template)]
#[template(path = "scores_item.html")]
struct ItemPage {
    page: Page,
    back: String,
    action: String,
    unit: String,
    scheme: String,
    place: String,
    earned: String,
    points: String,
    lost: Option<String>,
    strict: bool,
    state: Chip,
    mark: String,
    allocated: bool,
    structure: String,
    sources: Vec<String>,
    rule: Option<String>,
    attach: Option<String>,
    how: String,
    combined: Option<String>,
    evidence: Vec<Evidence>,
    rows: Vec<Row>,
    records_href: Option<String>,
    spoken: Vec<Spoken>,
    moves: Vec<(String, String, String)>,
    children: Vec<Child>,
    may_judge: bool,
    form: Filled,
    whats: Vec<Choice>,
    add: Vec<(String, String)>,
}

/// `GET /score/items/{clause}?unit=`
pub(crate) async fn show(
    page: Page,
    ctx: Ctx,
    Path(clause): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<impl IntoResponse, Failure> {
    let form = Form::from_query(&query.unwrap_or_default());
    let unit = app::chosen(&ctx, form.raw("unit"))?;
    let walk = app::walk_of(&ctx, unit, form.raw("scheme"), &clause).await?;
    Ok(View(render(page, &ctx, &walk, &clause, Filled::new().with("what", "earns"))))
}

/// What a form or a program says of an indicator.
pub(crate) fn read_said(form: &mut Form) -> Option<Said> {
    match form.raw("what") {
        "away" => Some(Said::Away),
        "records" => Some(Said::Records),
        "earns" => form.number("percent", 0..=100).map(Said::Earns),
        _ => {
            form.reject("what", "choose");
            None
        }
    }
}

/// `POST /score/items/{clause}`
pub(crate) async fn say(page: Page, ctx: Ctx, Path(clause): Path<String>, mut form: Form) -> Result<Response, Failure> {
    let unit = app::chosen(&ctx, form.raw("unit"))?;
    let scheme = form.raw("scheme").to_owned();
    let said = read_said(&mut form);
    let reason = form.text("reason", TEXT);
    let done = match form.check().and_then(|()| form.need(said)) {
        Ok(said) => app::say_of(&ctx, unit.id, &scheme, &clause, said, &reason).await,
        Err(fault) => Err(fault),
    };
    match done {
        Ok(()) => Ok(Redirect::to(&format!("/score/items/{clause}?scheme={scheme}&unit={}", unit.id)).into_response()),
        Err(fault) if fault.kind() == FaultKind::Invalid => {
            let walk = app::walk_of(&ctx, unit, &scheme, &clause).await?;
            let page = render(page, &ctx, &walk, &clause, form.into_filled_with(&fault));
            Ok((StatusCode::UNPROCESSABLE_ENTITY, View(page)).into_response())
        }
        Err(fault) => Err(fault.into()),
    }
}

fn render(page: Page, ctx: &Ctx, walk: &Walk, clause: &str, form: Filled) -> ItemPage {
    let lang = page.lang.clone();
    let nothing = Figure {
        low: 0,
        high: 0,
        applicable: 0,
        state: State::NoData.as_str().to_owned(),
        share: None,
        parts: Vec::new(),
    };
    let figures = walk.live.as_ref().map(|live| &live.stored.figures);
    let figure = figures.and_then(|figures| figures.get(clause)).unwrap_or(&nothing);
    let unit = walk.unit.id;
    let scheme = walk.scheme;
    let locale = lang.locale.as_str();
    let Some(indicator) = scheme.indicator(clause) else { return empty(page, unit.to_string(), form) };
    let mut children = Vec::new();
    let (mut evidence, mut how, mut combined, mut may_leave, mut all_or_none) =
        (Vec::new(), String::new(), None, false, false);
    match &indicator.kind {
        Kind::Group(places) => {
            for child in places.iter().filter_map(|at| scheme.indicators.get(*at)) {
                let Some(figure) = figures.and_then(|figures| figures.get(&child.clause)) else { continue };
                children.push(Child {
                    href: format!("/score/items/{}?{}", child.clause, at(scheme, unit)),
                    name: format!("{} {}", child.clause, child.name.text(locale)),
                    earned: earned(figure),
                    points: child.points.to_string(),
                    chip: state_chip(&lang, figure.state()),
                });
            }
        }
        Kind::Leaf { scoring, combine, parts, may_leave: leave } => {
            may_leave = *leave;
            all_or_none = matches!(scoring, Scoring::All);
            how = lang.t(match scoring {
                Scoring::All => "scores-how-all",
                Scoring::Share => "scores-how-share",
                Scoring::Bands(_) => "scores-how-bands",
            });
            combined = (parts.len() > 1).then(|| {
                lang.t(match combine {
                    Combine::Mean => "scores-combine-mean",
                    Combine::Least => "scores-combine-least",
                    Combine::Product => "scores-combine-product",
                    Combine::First => "scores-combine-first",
                })
            });
            evidence = parts
                .iter()
                .enumerate()
                .map(|(at, part)| of_part(ctx, &lang, walk, part, figure.parts.get(at).copied().flatten()))
                .collect();
        }
    }
    let kinds: Vec<&str> = walk.entries.iter().map(|one| one.kind.as_str()).collect();
    let add = match &indicator.kind {
        Kind::Leaf { parts, .. } if !app::may_record(ctx).is_empty() => parts
            .iter()
            .filter_map(|part| match part {
                Part::Record { code, .. } => scheme.record(code),
                Part::Metric(_) | Part::Fact(_) => None,
            })
            .map(|kind| {
                (
                    format!("/score/records/new?scheme={}&kind={}", scheme.code, kind.code),
                    kind.name.text(locale).to_owned(),
                )
            })
            .collect(),
        Kind::Leaf { .. } | Kind::Group(_) => Vec::new(),
    };
    let today = lang.now.day(&lang.zone);
    // What speaks no more is what somebody looks for.
    let days = |one: &crate::store::Entry| scheme.record(&one.kind).and_then(|kind| kind.days);
    let mut entries: Vec<_> = walk.entries.iter().collect();
    entries.sort_by_key(|one| speaks(one, days(one), today));
    let rows = entries.into_iter().take(ENTRIES).map(|one| {
        let kind = scheme.record(&one.kind);
        let chip = super::records::chip(&lang, one, kind.and_then(|kind| kind.days), today);
        let mut about = vec![lang.day(one.happened_on), unit_name(ctx, &lang, one.unit)];
        about.extend(one.person.map(|person| user_name(ctx, Some(person))));
        Row {
            title: one.title.clone(),
            kind: kind.map(|kind| kind.name.text(locale).to_owned()).unwrap_or_default(),
            about: about.join(" · "),
            late: super::records::late(&lang, one),
            href: format!("/score/records?scheme={}&kind={}", scheme.code, one.kind),
            chip,
        }
    });
    let place = walk.unit.name_in(locale).to_owned();
    let may_judge = app::may_judge(ctx, unit) && matches!(indicator.kind, Kind::Leaf { .. });
    let held_here = walk.judgements.iter().any(|one| one.ended_at.is_none() && one.unit == unit);
    let mut whats =
        vec![Choice::new("earns", lang.t(if all_or_none { "scores-what-met" } else { "scores-what-earns" }))];
    if may_leave {
        whats.push(Choice::new("away", lang.t("scores-what-away")));
    }
    if held_here {
        whats.push(Choice::new("records", lang.t("scores-what-records")));
    }
    ItemPage {
        back: format!("/score?{}", at(scheme, unit)),
        scheme: scheme.code.clone(),
        action: format!("/score/items/{clause}"),
        earned: if figure.state() == State::NotApplicable { "—".to_owned() } else { earned(figure) },
        points: indicator.points.to_string(),
        lost: lost(figure),
        strict: lost_strictly(figure),
        state: state_chip(&lang, figure.state()),
        mark: mark_word(&lang, indicator.mark),
        allocated: indicator.mark == Mark::Allocated,
        structure: lang.t(match indicator.structure {
            Some(Structure::Verified) => "scores-structure-verified",
            Some(Structure::Single) => "scores-structure-single",
            Some(Structure::Assumed) => "scores-structure-assumed",
            None => "scores-structure-own",
        }),
        sources: indicator
            .sources
            .iter()
            .filter_map(|key| scheme.sources.iter().find(|source| source.key == *key))
            .map(|source| source.site.clone())
            .collect(),
        rule: indicator.rule.as_ref().map(|rule| rule.text(locale).to_owned()),
        attach: indicator.attach.as_ref().map(|attach| attach.text(locale).to_owned()),
        how,
        combined,
        evidence,
        records_href: kinds.first().map(|kind| format!("/score/records?scheme={}&kind={kind}", scheme.code)),
        rows: rows.collect(),
        spoken: walk
            .judgements
            .iter()
            .map(|one| Spoken {
                who: user_name(ctx, one.by),
                at: lang.full(one.at),
                what: match one.percent {
                    Some(percent) => lang.t1("scores-said-earns", "percent", percent),
                    None => lang.t("scores-said-away"),
                },
                reason: one.reason.clone(),
                place: unit_name(ctx, &lang, one.unit),
                holds: one.ended_at.is_none(),
            })
            .collect(),
        moves: walk
            .moves
            .iter()
            .take(10)
            .map(|one| {
                let by = Points::tenths(one.after.high - one.before.high);
                let by = if by > Points::ZERO { format!("+{by}") } else { by.to_string() };
                let (before, after) = (super::board::why(&lang, &one.before), super::board::why(&lang, &one.after));
                (lang.day(one.day), by, lang.t2("scores-moved-from", "before", before, "after", after))
            })
            .collect(),
        children,
        may_judge,
        whats,
        add,
        form,
        place,
        unit: unit.to_string(),
        page: page.titled(format!("{clause} {}", indicator.name.text(locale))),
    }
}

/// A clause without an indicator is refused before; this page says nothing.
fn empty(page: Page, unit: String, form: Filled) -> ItemPage {
    ItemPage {
        back: "/score".to_owned(),
        scheme: String::new(),
        action: "/score".to_owned(),
        place: String::new(),
        earned: String::new(),
        points: String::new(),
        lost: None,
        strict: false,
        state: state_chip(&page.lang, State::NoData),
        mark: String::new(),
        allocated: false,
        structure: String::new(),
        sources: Vec::new(),
        rule: None,
        attach: None,
        how: String::new(),
        combined: None,
        evidence: Vec::new(),
        rows: Vec::new(),
        records_href: None,
        spoken: Vec::new(),
        moves: Vec::new(),
        children: Vec::new(),
        may_judge: false,
        whats: Vec::new(),
        add: Vec::new(),
        form,
        unit,
        page,
    }
}

pub(super) fn of_part(ctx: &Ctx, lang: &Lang, walk: &Walk, part: &Part, found: Option<(i64, i64, u32)>) -> Evidence {
    let locale = lang.locale.as_str();
    let percent = found.map_or(0, |(.., share)| i64::from(share / 10_000));
    let counted = found.map(|(good, all, _)| if all == 0 { good.to_string() } else { format!("{good} ÷ {all}") });
    let base = Evidence {
        name: String::new(),
        needs: String::new(),
        counted,
        bar: web::bar(percent, ""),
        share: format!("{percent}%"),
        href: None,
        open: lang.t("scores-open-records"),
        missing: String::new(),
    };
    match part {
        Part::Metric(metric) => of_metric(ctx, lang, walk, metric, base),
        Part::Record { code, met } => {
            let kind = walk.scheme.record(code);
            let per = kind.map_or("company", |kind| match kind.per {
                Per::Company => "company",
                Per::Store => "store",
                Per::Person => "person",
                Per::Quota => "quota",
                Per::Count => "count",
                Per::Sample => "sample",
            });
            let needs = match kind {
                Some(kind) if kind.per == Per::Quota => lang.t1("scores-per-quota", "n", i64::from(kind.percent)),
                Some(kind) if kind.per == Per::Count => lang.t1("scores-per-count", "n", i64::from(kind.needs)),
                _ if *met => lang.t("scores-per-met"),
                _ => lang.word("scores-per", per),
            };
            let fresh = kind.and_then(|kind| kind.days);
            Evidence {
                name: kind.map(|kind| kind.name.text(locale).to_owned()).unwrap_or_default(),
                needs: match fresh {
                    Some(days) => format!("{needs} · {}", lang.t1("scores-fresh", "n", i64::from(days))),
                    None => needs,
                },
                href: Some(format!("/score/records?scheme={}&kind={code}", walk.scheme.code)),
                missing: lang.t("scores-missing-record"),
                ..base
            }
        }
        Part::Fact(name) => {
            let href = match name.as_str() {
                "cases_with_customer_and_product" => "/cases?tab=all",
                "complaints_on_file" => "/complaints?show=all",
                "sales_with_terms" => "/sales",
                _ => "/products",
            };
            Evidence {
                name: lang.word("scores-fact", name),
                needs: lang.word("scores-fact-about", name),
                href: opens(ctx, href).then(|| href.to_owned()),
                missing: lang.t("scores-missing-fact"),
                ..base
            }
        }
    }
}

fn of_metric(ctx: &Ctx, lang: &Lang, walk: &Walk, metric: &Metric, base: Evidence) -> Evidence {
    let found = |id: &str| ctx.house.metrics.iter().find(|one| one.id == id);
    let Some(one) = found(&metric.metric) else { return base };
    let today = lang.now.day(&lang.zone);
    let from = today.plus(1 - i32::try_from(metric.days).unwrap_or(365));
    let store = match walk.stores.as_slice() {
        [only] => Some(*only),
        _ => None,
    };
    let narrowed = metric.narrowed.as_ref().map(|(dimension, value)| (dimension.as_str(), value.as_str()));
    let mut name = lang.t(&one.name_key());
    if let Some((dimension, value)) = narrowed {
        let prefix = match dimension {
            "kind" => "cases-kind",
            "stage" => "cases-stage",
            _ => "cases-channel",
        };
        name = format!("{name} · {}", lang.word(prefix, value));
    }
    if let Some(of) = metric.of.as_deref().and_then(found) {
        name = format!("{name} ÷ {}", lang.t(&of.name_key()));
    }
    let needs = match metric.needs {
        Needs::Share { full_at: 10_000 } => lang.t("scores-needs-share"),
        Needs::Share { full_at } => lang.t1("scores-needs-full", "percent", full_at / 100),
        Needs::AtLeast(n) => lang.t1("scores-needs-least", "n", n),
        Needs::AtMost(bp) => lang.t1("scores-needs-most", "percent", bp / 100),
    };
    Evidence {
        name,
        needs: format!("{needs} · {}", lang.t1("scores-days", "n", i64::from(metric.days))),
        href: Some(one.records_link(store, (from, today), narrowed)).filter(|href| opens(ctx, href)),
        missing: lang.t("scores-missing-metric"),
        ..base
    }
}

/// Whether an entry speaks today.
pub(super) fn speaks(one: &crate::store::Entry, days: Option<u32>, today: kernel::Day) -> bool {
    one.withdrawn_at.is_none() && fresh(one.happened_on, one.valid_until, days, today)
}
