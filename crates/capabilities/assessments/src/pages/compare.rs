use askama::Template;
use axum::extract::RawQuery;
use axum::response::IntoResponse;
use capability::Ctx;
use kernel::Id;
use scoring::Points;
use web::{Choice, Failure, Filled, Form, Lang, Page, View};

use super::{earned, levels, score, unit_name};
use crate::app::{self, Detail};
use crate::domain::{Difference, EntryLine, JudgementLine, Why, differences};
use crate::store::AssessmentId;

/// Most that can be chosen from.
const CHOICES: i64 = 100;
/// Most entries that are named for one reason.
const NAMED: usize = 3;

struct Side {
    href: String,
    title: String,
    about: String,
    score: String,
    level: String,
}

struct Line {
    depth: usize,
    clause: String,
    name: String,
    group: bool,
    before: String,
    after: String,
    by: String,
    up: Option<bool>,
    why: String,
}

#[derive(Template)]
#[template(path = "assessments_compare.html")]
struct ComparePage {
    page: Page,
    form: Filled,
    choices: Vec<Choice>,
    sides: Vec<Side>,
    by: String,
    up: Option<bool>,
    notes: Vec<String>,
    lines: Vec<Line>,
    all: bool,
    all_href: String,
    moved_href: String,
}

/// `GET /assessments/compare?before=&after=&show=`
pub(crate) async fn show(page: Page, ctx: Ctx, RawQuery(query): RawQuery) -> Result<impl IntoResponse, Failure> {
    let form = Form::from_query(&query.unwrap_or_default());
    let lang = page.lang.clone();
    let (a, b) = (form.raw("before").parse().ok(), form.raw("after").parse().ok());
    let all = form.raw("show") == "all";
    let listed = app::list(&ctx, None, CHOICES).await?;
    let choices = listed.rows.iter().map(|one| {
        Choice::new(one.id.to_string(), format!("{} · {} · {}", one.day, unit_name(&ctx, &lang, one.unit), one.title))
    });
    let choices: Vec<Choice> = choices.collect();
    let mut shown = ComparePage {
        form: form.into_filled(),
        choices,
        sides: Vec::new(),
        by: String::new(),
        up: None,
        notes: Vec::new(),
        lines: Vec::new(),
        all,
        all_href: String::new(),
        moved_href: String::new(),
        page: page.named("assessments-compare"),
    };
    let (Some(a), Some(b)): (Option<Id<AssessmentId>>, Option<Id<AssessmentId>>) = (a, b) else {
        return Ok(View(shown));
    };
    let (before, after) = match app::compare(&ctx, a, b).await {
        Ok(both) => both,
        Err(fault) if fault.fields().of("after").is_some() => {
            shown.notes.push(lang.t("field-assessments-same"));
            return Ok(View(shown));
        }
        Err(fault) => return Err(fault.into()),
    };
    let address = format!("/assessments/compare?before={}&after={}", before.one.id, after.one.id);
    shown.all_href = format!("{address}&show=all");
    shown.moved_href = address;
    shown.sides = [&before, &after].map(|one| side(&lang, one)).into();
    if let (Some(old), Some(new)) = (before.body.high, after.body.high) {
        shown.by = signed(new - old);
        shown.up = (new != old).then_some(new > old);
    }
    shown.notes = notes(&lang, &before, &after);
    let found = differences(&before.body, &after.body);
    let kept = found.iter().filter(|one| all || one.moved() || !one.why.is_empty());
    shown.lines = kept.filter_map(|one| line(&lang, one)).collect();
    Ok(View(shown))
}

fn side(lang: &Lang, one: &Detail) -> Side {
    let body = &one.body;
    Side {
        href: format!("/assessments/{}", one.one.id),
        title: body.title.clone(),
        about: format!("{} · {}", body.day, body.unit_name.text(lang.locale.as_str())),
        score: score(lang, body.low, body.high, body.estimate),
        level: levels(lang, body),
    }
}

/// What has to be known before the two are read beside each other.
fn notes(lang: &Lang, before: &Detail, after: &Detail) -> Vec<String> {
    let mut notes = Vec::new();
    let (old, new) = (&before.body, &after.body);
    if (&old.scheme, &old.scheme_version) != (&new.scheme, &new.scheme_version) {
        let version = |body: &crate::domain::Body| format!("{} {}", body.scheme, body.scheme_version);
        notes.push(lang.t2("assessments-other-version", "before", version(old), "after", version(new)));
    }
    if old.unit != new.unit {
        let name = |body: &crate::domain::Body| body.unit_name.text(lang.locale.as_str()).to_owned();
        notes.push(lang.t2("assessments-other-unit", "before", name(old), "after", name(new)));
    }
    for one in [before, after] {
        if one.one.withdrawn_at.is_some() {
            notes.push(lang.t1("assessments-one-withdrawn", "day", one.one.day.to_string()));
        }
    }
    notes
}

/// `+3.2`, `−1`, `0`.
pub(super) fn signed(tenths: i64) -> String {
    if tenths > 0 { format!("+{}", Points::tenths(tenths)) } else { Points::tenths(tenths).to_string() }
}

fn line(lang: &Lang, one: &Difference<'_>) -> Option<Line> {
    let item = one.item()?;
    let by = if one.by.1 == 0 { one.by.0 } else { one.by.1 };
    Some(Line {
        depth: item.depth,
        clause: item.clause.clone(),
        name: item.name.text(lang.locale.as_str()).to_owned(),
        group: item.group,
        before: one.before.map_or_else(|| "—".to_owned(), earned),
        after: one.after.map_or_else(|| "—".to_owned(), earned),
        by: if by == 0 { "0".to_owned() } else { signed(by) },
        up: (by != 0).then_some(by > 0),
        why: if item.group { String::new() } else { why(lang, &one.why) },
    })
}

/// The reasons in one text.
pub(crate) fn why(lang: &Lang, reasons: &[Why<'_>]) -> String {
    let locale = lang.locale.as_str();
    let count = |text: Option<&str>| text.map_or_else(|| lang.t("scores-part-none"), str::to_owned);
    let said = |one: Option<&JudgementLine>| match one {
        None => lang.t("assessments-not-judged"),
        Some(JudgementLine { percent: Some(percent), by, .. }) => {
            format!("{} ({by})", lang.t1("scores-said-earns", "percent", *percent))
        }
        Some(JudgementLine { percent: None, by, .. }) => format!("{} ({by})", lang.t("scores-said-away")),
    };
    let named = |entries: &[&EntryLine]| {
        let name = |one: &&EntryLine| {
            let whose = one.person.as_deref().unwrap_or_else(|| one.place.text(locale));
            format!("{} ({whose})", one.title)
        };
        let mut names: Vec<String> = entries.iter().take(NAMED).map(name).collect();
        if entries.len() > NAMED {
            names.push(lang.t1("assessments-more", "n", entries.len() - NAMED));
        }
        names.join(", ")
    };
    let text = |one: &Why<'_>| match one {
        Why::New => lang.t("assessments-why-new"),
        Why::Gone => lang.t("assessments-why-gone"),
        Why::Points(old, new) => {
            let (old, new) = (Points::tenths(*old).to_string(), Points::tenths(*new).to_string());
            lang.t2("assessments-why-points", "before", old, "after", new)
        }
        Why::Counted(name, old, new) => {
            let moved = lang.t2("scores-moved-from", "before", count(*old), "after", count(*new));
            format!("{} {moved}", name.text(locale))
        }
        Why::Judged(old, new) => lang.t2("scores-moved-from", "before", said(*old), "after", said(*new)),
        Why::Ended(entries) => lang.t1("assessments-why-ended", "names", named(entries)),
        Why::Entered(entries) => lang.t1("assessments-why-entered", "names", named(entries)),
    };
    reasons.iter().map(text).collect::<Vec<_>>().join(" · ")
}
