use askama::Template;
use axum::extract::RawQuery;
use axum::response::IntoResponse;
use capability::Ctx;
use web::{Choice, Failure, Page, Tab, View};

use super::asked::Asked;
use crate::numbers::{self, Figure, Shown, base, capability_of, direction_word, group_name, shown};

#[derive(Template)]
#[template(path = "insight_metrics.html")]
struct OverviewPage {
    page: Page,
    facts: String,
    tabs: Vec<Tab>,
    days: i32,
    stores: Vec<Choice>,
    store: String,
    before: String,
    /// Where longer ago is shown, when there is nothing in this period.
    nothing: Option<String>,
    groups: Vec<Group>,
}

struct Group {
    name: String,
    lines: Vec<Line>,
}

struct Line {
    name: String,
    about: String,
    href: String,
    now: Shown,
    base: String,
    records: String,
    before: String,
    direction: &'static str,
}

/// `GET /metrics?days=&store=`
pub(crate) async fn show(page: Page, ctx: Ctx, RawQuery(query): RawQuery) -> Result<impl IntoResponse, Failure> {
    let asked = Asked::read(&ctx, &page.lang, query.as_deref())?;
    let figures = numbers::overview(&ctx, &asked.stores, asked.span).await?;
    let counted = figures.iter().any(|figure| figure.now.parts.values().any(|n| *n != 0));
    let nothing = (!counted).then(|| asked.address_of("/metrics", 90));
    let mut groups: Vec<(&'static str, Group)> = Vec::new();
    for figure in &figures {
        let capability = capability_of(&figure.metric);
        let line = line(&page, &asked, figure);
        match groups.iter_mut().find(|(known, _)| *known == capability) {
            Some((_, group)) => group.lines.push(line),
            None => groups.push((capability, Group { name: group_name(&page.lang, capability), lines: vec![line] })),
        }
    }
    Ok(View(OverviewPage {
        facts: asked.facts(&page.lang),
        tabs: asked.tabs(&page.lang, "/metrics"),
        days: asked.days,
        stores: asked.choices(&page.lang),
        store: asked.store(),
        before: page.t1("insight-before", "n", asked.days),
        nothing,
        groups: groups.into_iter().map(|(_, group)| group).collect(),
        page: page.named("insight-title"),
    }))
}

fn line(page: &Page, asked: &Asked, figure: &Figure) -> Line {
    let metric = &figure.metric;
    Line {
        name: page.t(&metric.name_key()),
        about: page.t(&metric.about_key()),
        href: asked.address(&format!("/metrics/{}", metric.id)),
        now: shown(&page.lang, metric, figure.now.value),
        base: base(&page.lang, metric, &figure.now),
        records: metric.records_link(asked.stores.chosen, asked.span.ends(), None),
        before: shown(&page.lang, metric, figure.before.value).text,
        direction: direction_word(metric.direction),
    }
}
