use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use capability::Ctx;
use kernel::{FaultKind, Id};
use scoring::Points;
use web::{Chip, Choice, Failure, Filled, Form, Lang, Page, View};

use super::{about, earned, levels, mark, state, unit_name, user_name};
use crate::access::{EXPORT, MAKE, reaches};
use crate::app::{self, Detail, TEXT};
use crate::domain::{Body, Item, range};

/// Gaps that stand beside the tree; the report has all.
const GAPS: usize = 10;
/// Most others that it can be compared with.
const OTHERS: i64 = 50;

struct Line {
    depth: usize,
    clause: String,
    name: String,
    group: bool,
    points: String,
    mark: String,
    earned: String,
    lost: Option<String>,
    strict: bool,
    state: Option<Chip>,
    why: String,
    evidence: Vec<Shown>,
    more: Option<String>,
}

/// One piece of evidence under a line.
struct Shown {
    name: String,
    about: String,
    found: String,
    href: Option<String>,
}

#[derive(Template)]
#[template(path = "assessments_detail.html")]
struct DetailPage {
    page: Page,
    id: String,
    facts: String,
    note: Option<String>,
    state: Chip,
    withdrawn: Option<String>,
    form: Filled,
    score: String,
    level: String,
    stars: u8,
    about: String,
    failed: bool,
    parts: Vec<(String, String, String, web::Bar)>,
    lines: Vec<Line>,
    gaps: Vec<(String, String, String)>,
    specials: Vec<(String, String, String)>,
    special: String,
    sealed: bool,
    digest: String,
    key: String,
    others: Vec<Choice>,
    may_withdraw: bool,
    may_export: bool,
}

/// `GET /assessments/{id}`
pub(crate) async fn show(page: Page, ctx: Ctx, Path(id): Path<i64>) -> Result<impl IntoResponse, Failure> {
    let detail = app::detail(&ctx, Id::new(id)).await?;
    Ok(View(render(page, &ctx, &detail, Filled::new()).await?))
}

/// `POST /assessments/{id}/withdraw`
pub(crate) async fn withdraw(page: Page, ctx: Ctx, Path(id): Path<i64>, mut form: Form) -> Result<Response, Failure> {
    let why = form.text("why", TEXT);
    let done = match form.check() {
        Ok(()) => app::withdraw(&ctx, Id::new(id), &why).await,
        Err(fault) => Err(fault),
    };
    match done {
        Ok(()) => Ok(Redirect::to(&format!("/assessments/{id}")).into_response()),
        Err(fault) if fault.kind() == FaultKind::Invalid => {
            let detail = app::detail(&ctx, Id::new(id)).await?;
            let page = render(page, &ctx, &detail, form.into_filled_with(&fault)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, View(page)).into_response())
        }
        Err(fault) => Err(fault.into()),
    }
}

async fn render(page: Page, ctx: &Ctx, detail: &Detail, form: Filled) -> Result<DetailPage, Failure> {
    let lang = page.lang.clone();
    let locale = lang.locale.as_str();
    let (one, body) = (&detail.one, &detail.body);
    let listed = app::list(ctx, None, OTHERS).await?;
    let others = listed.rows.iter().filter(|other| other.id != one.id).map(|other| {
        Choice::new(
            other.id.to_string(),
            format!("{} · {} · {}", other.day, unit_name(ctx, &lang, other.unit), other.title),
        )
    });
    let parts = body.items.iter().filter(|item| item.depth == 0).map(|item| {
        let rate = if item.figure.applicable > 0 { item.figure.high * 100 / item.figure.applicable } else { 0 };
        let name = item.name.text(locale).to_owned();
        (name, earned(item), Points::tenths(item.figure.applicable).to_string(), web::bar(rate, ""))
    });
    let gaps = body.gaps().into_iter().take(GAPS).map(|item| gap(&lang, item)).collect();
    let specials = body.specials.iter().map(|special| {
        let what = special.cause.as_ref().map_or_else(|| lang.t("scores-bonus"), |cause| cause.text(locale).to_owned());
        let about = format!("{} · {} · {}", special.happened_on, special.place.text(locale), special.by);
        (what, special.reason.clone(), about)
    });
    Ok(DetailPage {
        id: one.id.to_string(),
        facts: lang.tn(
            "assessments-facts",
            &[
                ("unit", &body.unit_name.text(locale)),
                ("day", &one.day.to_string()),
                ("who", &body.made_by),
                ("at", &lang.full(one.at)),
            ],
        ),
        note: body.note.clone(),
        state: state(&lang, one),
        withdrawn: one.withdrawn_at.map(|at| {
            let why = one.withdrawn_why.clone().unwrap_or_default();
            let who = user_name(ctx, one.withdrawn_by);
            lang.tn("assessments-withdrawn-line", &[("who", &who), ("at", &lang.full(at)), ("why", &why)])
        }),
        form,
        score: super::score(&lang, body.low, body.high, body.estimate),
        level: levels(&lang, body),
        stars: body.level(body.level_high.as_deref()).map_or(0, |level| level.stars),
        about: format!("{} · {}", body.scheme_name.text(locale), about(&lang, body)),
        failed: body.failed,
        parts: parts.collect(),
        lines: body.items.iter().map(|item| line(&lang, body, item)).collect(),
        gaps,
        specials: specials.collect(),
        special: lang.t2("scores-special-line", "bonus", body.special.1, "deductions", body.special.0),
        sealed: detail.key.is_some(),
        digest: detail.proof.sha256.clone(),
        key: detail.key.clone().unwrap_or_default(),
        others: others.collect(),
        may_withdraw: one.withdrawn_at.is_none() && ctx.actor.user.is_some() && reaches(ctx, MAKE, one.unit),
        may_export: ctx.actor.user.is_some() && reaches(ctx, EXPORT, one.unit),
        page: page.titled(one.title.clone()),
    })
}

/// Name, points and what would bring them.
pub(super) fn gap(lang: &Lang, item: &Item) -> (String, String, String) {
    let locale = lang.locale.as_str();
    let (strict, share) = item.lost();
    let missing: Vec<String> = item
        .parts
        .iter()
        .filter(|part| part.counted.is_none() && item.judgement.is_none())
        .map(|part| format!("{}: {}", part.name.text(locale), part.missing.text(locale)))
        .collect();
    let why = if missing.is_empty() { item.why.text(locale).to_owned() } else { missing.join("; ") };
    (
        format!("{} {}", item.clause, item.name.text(locale)),
        format!("−{}", range(share.min(strict), share.max(strict))),
        why,
    )
}

fn line(lang: &Lang, body: &Body, item: &Item) -> Line {
    let locale = lang.locale.as_str();
    let (strict, share) = item.lost();
    let mut evidence: Vec<Shown> = item
        .parts
        .iter()
        .map(|part| Shown {
            name: part.name.text(locale).to_owned(),
            about: part.needs.text(locale).to_owned(),
            found: part.counted.clone().unwrap_or_else(|| lang.t("scores-part-none")),
            href: part.href.clone(),
        })
        .collect();
    evidence.extend(item.judgement.iter().map(|one| Shown {
        name: match one.percent {
            Some(percent) => lang.t1("scores-said-earns", "percent", percent),
            None => lang.t("scores-said-away"),
        },
        about: one.reason.clone(),
        found: format!("{} {}", one.by, lang.full(one.at)),
        href: Some(format!("/score/items/{}?unit={}", item.clause, body.unit)),
    }));
    evidence.extend(item.entries.iter().map(|one| {
        let mut about = vec![one.kind_name.text(locale).to_owned(), one.place.text(locale).to_owned()];
        about.extend(one.person.clone());
        if !one.met {
            about.push(lang.t("scores-entry-not-met"));
        }
        Shown {
            name: one.title.clone(),
            about: about.join(" · "),
            found: match one.valid_until {
                Some(until) => format!("{} – {until}", one.happened_on),
                None => one.happened_on.to_string(),
            },
            href: Some(format!("/score/records?kind={}", one.kind)),
        }
    }));
    Line {
        depth: item.depth,
        clause: item.clause.clone(),
        name: item.name.text(locale).to_owned(),
        group: item.group,
        points: Points::tenths(item.points).to_string(),
        mark: mark(lang, item.mark),
        earned: earned(item),
        lost: (share > 0).then(|| format!("−{}", Points::tenths(share))),
        strict: strict > share,
        state: (!item.group).then(|| scores::state_words(lang, &item.figure)),
        why: item.why.text(locale).to_owned(),
        evidence,
        more: (item.entries_all > item.entries.len())
            .then(|| lang.t2("assessments-entries-of", "n", item.entries.len(), "all", item.entries_all)),
    }
}
