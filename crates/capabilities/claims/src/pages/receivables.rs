use askama::Template;
use axum::response::IntoResponse;
use capability::Ctx;
use kernel::Money;
use web::{Failure, Kpi, Page, View};

use crate::app::{self, EXPORT};

#[derive(Template)]
#[template(path = "claims_receivables.html")]
struct ReceivablesPage {
    page: Page,
    kpis: Vec<Kpi>,
    rows: Vec<Row>,
    sum: Vec<String>,
    may_export: bool,
}

struct Row {
    maker: String,
    ages: Vec<(String, String)>,
    total: String,
    href: String,
    claims: i64,
}

/// `GET /claims/receivables`: what each maker owes, by age.
pub(crate) async fn show(page: Page, ctx: Ctx) -> Result<impl IntoResponse, Failure> {
    let all = app::receivables(&ctx).await?;
    let lang = page.lang.clone();
    let mut ages = [Money::ZERO; 4];
    let mut total = Money::ZERO;
    for row in &all {
        total = total + row.total;
        for (sum, part) in ages.iter_mut().zip(row.ages) {
            *sum = *sum + part;
        }
    }
    let address = |maker: &str, age: Option<usize>| {
        let mut pairs = vec![("show", "all".to_owned()), ("maker", maker.to_owned())];
        pairs.extend(age.map(|age| ("age", age.to_string())));
        format!("/claims?{}", serde_urlencoded::to_string(&pairs).unwrap_or_default())
    };
    let rows = all.iter().map(|row| Row {
        maker: row.maker.clone(),
        ages: row
            .ages
            .iter()
            .enumerate()
            .map(|(n, money)| match money.fen() {
                0 => ("–".to_owned(), String::new()),
                _ => (lang.money(*money), address(&row.maker, Some(n))),
            })
            .collect(),
        total: lang.money(row.total),
        href: address(&row.maker, None),
        claims: row.claims,
    });
    let mut kpis = vec![Kpi::new(lang.t("claims-col-left"), lang.money(total))];
    kpis.extend(ages.iter().enumerate().map(|(n, money)| {
        Kpi::new(lang.word("claims-age", &n.to_string()), lang.money(*money)).href(format!("/claims?show=all&age={n}"))
    }));
    let mut sum: Vec<String> = ages.iter().map(|money| lang.money(*money)).collect();
    sum.push(lang.money(total));
    Ok(View(ReceivablesPage {
        kpis,
        rows: rows.collect(),
        sum,
        may_export: ctx.actor.holds(EXPORT),
        page: page.named("claims-receivables"),
    }))
}
