use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use capability::Ctx;
use kernel::{Fault, FaultKind, Id, Money, of};
use parties::domain::masked_code;
use remedies::{Cause, Condition, Fault as Broken, YesNo};
use web::{Choice, Failure, Filled, Form, Lang, Markup, Page, View};

use crate::app::{self, Candidate, Wanted, WantedLine};
use crate::domain::{State, Way};
use crate::store::{Filter, Show};

#[derive(Template)]
#[template(path = "returns_new.html")]
struct NewPage {
    page: Page,
    case: Id<of::Case>,
    number: String,
    subject: String,
    form: Filled,
    verdict: Option<Markup>,
    /// What a return makes of a state subsidy.
    warnings: Vec<String>,
    receipt: Option<String>,
    lines: Vec<Line>,
    ways: Vec<Choice>,
    faults: Vec<Choice>,
    causes: Vec<Choice>,
    stock: Vec<Choice>,
    conditions: Vec<Choice>,
    wrong: Vec<String>,
}

struct Line {
    name: String,
    about: String,
    units: Vec<Unit>,
    field: String,
}

struct Unit {
    value: String,
    serial: String,
    gone: bool,
    ticked: bool,
}

/// `GET /returns/of/{case}`: the return that is under way, or the form for a new one.
pub(crate) async fn ask(
    page: Page,
    ctx: Ctx,
    Path(case): Path<i64>,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let case = Id::new(case);
    let asked = Form::from_query(&query.unwrap_or_default());
    let filter = Filter { show: Show::All, state: Some(State::Open), case: Some(case), ..Filter::default() };
    if asked.raw("another").is_empty()
        && let Some(row) = app::list(&ctx, filter, None, None, 1).await?.rows.first()
    {
        return Ok(Redirect::to(&format!("/returns/{}", row.one.id)).into_response());
    }
    let receipt = Some(asked.raw("receipt").to_owned()).filter(|receipt| !receipt.trim().is_empty());
    let (found, form) = match app::candidate(&ctx, case, receipt).await {
        Ok(found) => {
            let form = likely(&found);
            (found, form)
        }
        // A receipt that is none is asked for again.
        Err(fault) if fault.kind() == FaultKind::Invalid => {
            let found = app::candidate(&ctx, case, Some(String::new())).await?;
            (found, asked.into_filled_with(&fault))
        }
        Err(fault) => return Err(fault.into()),
    };
    Ok(View(render(page, &ctx, found, form).await?).into_response())
}

fn likely(found: &Candidate) -> Filled {
    let fault = found.fault.unwrap_or(Broken::Performance);
    let cause = if fault == Broken::None { Cause::None } else { Cause::Product };
    let mut form = Filled::new()
        .with("fault", fault.as_str())
        .with("cause", cause.as_str())
        .with("same_model", "yes")
        .with("reason", found.case.subject.clone());
    if let Some(sale) = &found.sale {
        form = form.with("receipt", sale.receipt.clone());
    }
    for line in &found.lines {
        for (row, gone) in &line.units {
            if found.named == Some(row.unit.id) && !gone {
                form = form.with("unit", format!("{}:{}", line.position, row.unit.id));
            }
        }
        if line.units.is_empty() && found.lines.len() == 1 && line.left > 0 {
            form = form.with(&format!("q{}", line.position), "1");
        }
    }
    form
}

async fn render(page: Page, ctx: &Ctx, found: Candidate, form: Filled) -> Result<NewPage, Fault> {
    let lang = page.lang.clone();
    let verdict = match found.named {
        Some(unit) => match parties::app::unit_verdict(ctx, unit).await {
            Ok(Some(judged)) => {
                let link = parties::verdict::Link { judge: ctx.actor.holds(crate::JUDGE), open: None };
                Some(parties::verdict::card(&lang, &judged, link)?)
            }
            Ok(None) => None,
            Err(fault) if fault.kind() == FaultKind::NotFound => None,
            Err(fault) => return Err(fault),
        },
        None => None,
    };
    let warnings = found.subsidies.iter().map(|one| super::subsidy::warning(&lang, one)).collect();
    let words = |prefix: &str, words: Vec<&'static str>| page.choices(prefix, words);
    let lines = found.lines.iter().map(|line| Line {
        name: line.product.draft.name.clone(),
        about: lang.t3("returns-line-about", "price", lang.money(line.price), "bought", line.bought, "left", line.left),
        units: line
            .units
            .iter()
            .map(|(row, gone)| {
                let value = format!("{}:{}", line.position, row.unit.id);
                Unit { ticked: form.holds("unit", &value), serial: masked_code(&row.unit.serial), gone: *gone, value }
            })
            .collect(),
        field: format!("q{}", line.position),
    });
    // What is wrong with lines stands above them: their fields have no boxes of their own.
    let wrong = form.errors().iter().filter(|error| error.field.starts_with("lines")).map(|error| {
        let key = format!("field-{}", error.code);
        lang.find(&key).map_or_else(|| error.code.to_owned(), |text| said(&lang, &key, text, &error.args))
    });
    Ok(NewPage {
        case: found.case.id,
        number: found.case.number.clone(),
        subject: found.case.subject.clone(),
        verdict,
        warnings,
        receipt: found.sale.as_ref().map(|sale| format!("{} · {}", masked_code(&sale.receipt), lang.day(sale.day))),
        wrong: wrong.collect(),
        lines: lines.collect(),
        ways: words("returns-way", Way::ALL.iter().map(|one| one.as_str()).collect()),
        faults: words("remedies-fault", Broken::ALL.iter().map(|one| one.as_str()).collect()),
        causes: words("remedies-cause", Cause::ALL.iter().map(|one| one.as_str()).collect()),
        stock: words("remedies-same-model", YesNo::ALL.iter().map(|one| one.as_str()).collect()),
        conditions: words("remedies-condition", Condition::ALL.iter().map(|one| one.as_str()).collect()),
        form,
        page: page.named("returns-new-title"),
    })
}

fn said(lang: &Lang, key: &str, plain: String, args: &[(&'static str, String)]) -> String {
    match args.first() {
        Some((name, value)) => lang.t1(key, name, value.clone()),
        None => plain,
    }
}

/// `POST /returns/of/{case}`
pub(crate) async fn open(page: Page, ctx: Ctx, Path(case): Path<i64>, mut form: Form) -> Result<Response, Failure> {
    let case = Id::new(case);
    let fault = match read(case, &mut form) {
        Ok(wanted) => match app::open(&ctx, wanted).await {
            Ok(one) => return Ok(Redirect::to(&format!("/returns/{}?done=opened", one.id)).into_response()),
            Err(fault) => fault,
        },
        Err(fault) => fault,
    };
    if fault.kind() != FaultKind::Invalid {
        return Err(fault.into());
    }
    let receipt = Some(form.raw("receipt").to_owned()).filter(|receipt| !receipt.trim().is_empty());
    let found = match app::candidate(&ctx, case, receipt).await {
        Err(fault) if fault.kind() == FaultKind::Invalid => app::candidate(&ctx, case, Some(String::new())).await?,
        other => other?,
    };
    let page = render(page, &ctx, found, form.into_filled_with(&fault)).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, View(page)).into_response())
}

/// What was typed: `unit` is `position:unit` for each that is ticked, `q1`, `q2` … how many of goods without serial numbers.
fn read(case: Id<of::Case>, form: &mut Form) -> Result<Wanted, Fault> {
    let way = form.choice("way", Way::parse);
    let fault = form.choice("fault", Broken::parse);
    let cause = form.choice("cause", Cause::parse);
    let same_model = form.choice_or_none("same_model", YesNo::parse);
    let condition = form.choice_or_none("condition", Condition::parse);
    let reason = form.text("reason", 400);
    let extra = form.money_or_none("extra").unwrap_or(Money::ZERO);
    let extra_reason = form.text_or_empty("extra_reason", 400);
    let mut lines: Vec<WantedLine> = Vec::new();
    for ticked in form.all("unit") {
        let Some((position, unit)) = ticked.split_once(':') else { continue };
        let (Ok(position), Ok(unit)) = (position.parse::<i64>(), unit.parse::<i64>()) else { continue };
        match lines.iter_mut().find(|line| line.position == position) {
            Some(line) => line.units.push(Id::new(unit)),
            None => lines.push(WantedLine { position, quantity: 0, units: vec![Id::new(unit)] }),
        }
    }
    let typed: Vec<(i64, String)> = form
        .pairs()
        .iter()
        .filter_map(|(name, value)| Some((name.strip_prefix('q')?.parse::<i64>().ok()?, value.trim().to_owned())))
        .filter(|(_, value)| !value.is_empty())
        .collect();
    for (position, value) in typed {
        // What is no number is as wrong as zero of it.
        lines.push(WantedLine { position, quantity: value.parse().unwrap_or(0), units: Vec::new() });
    }
    lines.sort_by_key(|line| line.position);
    form.check()?;
    Ok(Wanted {
        case,
        receipt: Some(form.raw("receipt").to_owned()).filter(|receipt| !receipt.trim().is_empty()),
        way: form.need(way)?,
        fault: form.need(fault)?,
        cause: form.need(cause)?,
        same_model,
        condition,
        reason,
        extra,
        extra_reason,
        keeps: form.flag("keeps"),
        lines,
    })
}
