use askama::Template;
use axum::extract::RawQuery;
use axum::response::IntoResponse;
use capability::Ctx;
use serde::Serialize;
use web::{Chart, Failure, Form, Lang, Page, View};

use super::shown::unit_name;
use crate::app::{self, Causes};

/// What a Pareto chart reads.
#[derive(Serialize)]
struct Pareto {
    x: Vec<String>,
    n: Vec<i64>,
    cum: Vec<i64>,
    vital: usize,
    lw: i64,
    words: Words,
}

/// What stands beside its bars.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Words {
    count: String,
    share: String,
    share_axis: String,
}

/// Causes and who had to answer, as the list and the page of causes show them.
pub(super) struct Board {
    pub total: i64,
    pub chart: Option<Chart>,
    /// How many causes make up four fifths, and their share.
    pub vital: (usize, i64),
    pub causes: Vec<(String, String, i64, i64, i64, i64)>,
    pub units: Vec<(String, String, i64, i64)>,
    pub recurring: Vec<(String, String, String, i64)>,
}

impl Board {
    pub fn of(ctx: &Ctx, lang: &Lang, causes: Causes) -> Self {
        let total: i64 = causes.causes.iter().map(|found| found.times).sum();
        let day = causes.from.day(&lang.zone);
        let word = |cause: crate::domain::Cause| lang.word("complaints-cause", cause.as_str());
        let mut sum = 0;
        let words = Words {
            count: lang.t("complaints-col-times"),
            share: lang.t("complaints-col-share"),
            share_axis: format!("{} %", lang.t("complaints-col-share")),
        };
        let mut pareto = Pareto { x: Vec::new(), n: Vec::new(), cum: Vec::new(), vital: 0, lw: 30, words };
        for found in &causes.causes {
            if sum * 100 < total * 80 {
                pareto.vital += 1;
            }
            sum += found.times;
            pareto.x.push(word(found.what));
            pareto.n.push(found.times);
            pareto.cum.push(sum * 100 / total.max(1));
        }
        let head =
            ["complaints-col-cause", "complaints-col-times", "complaints-col-share"].map(|key| lang.t(key)).to_vec();
        let rows: Vec<Vec<String>> = pareto
            .x
            .iter()
            .zip(&pareto.n)
            .zip(&pareto.cum)
            .map(|((cause, n), cum)| vec![cause.clone(), n.to_string(), format!("{cum}%")])
            .collect();
        let share = pareto.vital.checked_sub(1).and_then(|last| pareto.cum.get(last)).copied().unwrap_or(0);
        let chart =
            (total > 0).then(|| web::chart(lang, "pareto", 280, &lang.t("complaints-pareto"), &pareto, (head, rows)));
        Self {
            total,
            chart,
            vital: (pareto.vital, share),
            causes: causes
                .causes
                .iter()
                .map(|found| {
                    let href = format!("/complaints?show=concluded&cause={}&from={day}", found.what);
                    (word(found.what), href, found.times, found.ours, found.stores, found.open)
                })
                .collect(),
            units: causes
                .units
                .iter()
                .map(|found| {
                    let href = format!("/complaints?show=concluded&unit={}&from={day}", found.what);
                    (unit_name(ctx, lang, Some(found.what)), href, found.times, found.open)
                })
                .collect(),
            recurring: causes
                .recurring
                .iter()
                .map(|(store, cause, times)| {
                    let href = format!("/complaints?show=concluded&cause={cause}&store={store}&from={day}");
                    (unit_name(ctx, lang, Some(*store)), word(*cause), href, *times)
                })
                .collect(),
        }
    }
}

#[derive(Template)]
#[template(path = "complaints_causes.html")]
struct CausesPage {
    page: Page,
    board: Board,
}

/// `GET /complaints/causes?store=`: why customers complain, over three months.
pub(crate) async fn causes(page: Page, ctx: Ctx, RawQuery(query): RawQuery) -> Result<impl IntoResponse, Failure> {
    let mut form = Form::from_query(&query.unwrap_or_default());
    let causes = app::causes(&ctx, form.id_or_none("store")).await?;
    Ok(View(CausesPage { board: Board::of(&ctx, &page.lang, causes), page: page.named("complaints-causes-title") }))
}
