use askama::Template;
use axum::extract::RawQuery;
use axum::response::IntoResponse;
use capability::Ctx;
use cases::app::Catalogue;
use kernel::{Day, Id, of};
use serde::Serialize;
use web::{Chart, Failure, Form, Lang, Page, View};

use super::shown::unit_name;
use crate::app::{self, Causes};
use crate::domain::Cause;

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
    pub fn of(ctx: &Ctx, lang: &Lang, catalogue: &Catalogue, causes: Causes) -> Self {
        let total: i64 = causes.causes.iter().map(|found| found.times).sum();
        let day = causes.from.day(&lang.zone);
        let word = |cause: &Cause| catalogue.cause_name(cause.as_str(), lang.locale.as_str());
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
            pareto.x.push(word(&found.what));
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
                    let href = concluded(&found.what, None, day);
                    (word(&found.what), href, found.times, found.ours, found.stores, found.open)
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
                    let href = concluded(cause, Some(*store), day);
                    (unit_name(ctx, lang, Some(*store)), word(cause), href, *times)
                })
                .collect(),
        }
    }
}

/// The address of the complaints with `cause`, in `store` where one is given, since `day`. A code may be any text.
fn concluded(cause: &Cause, store: Option<Id<of::Unit>>, day: Day) -> String {
    let mut pairs = vec![("show", "concluded".to_owned()), ("cause", cause.to_string())];
    pairs.extend(store.map(|store| ("store", store.to_string())));
    pairs.push(("from", day.to_string()));
    format!("/complaints?{}", serde_urlencoded::to_string(pairs).unwrap_or_default())
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
    let catalogue = cases::app::symptoms(&ctx.house).await?;
    Ok(View(CausesPage {
        board: Board::of(&ctx, &page.lang, &catalogue, causes),
        page: page.named("complaints-causes-title"),
    }))
}
