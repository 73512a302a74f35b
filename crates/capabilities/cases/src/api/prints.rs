//! REST for papers: which can be printed, and the trace of each print. What stands on them is the page's matter.

use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use capability::Ctx;
use kernel::{Fault, Id, of};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::{Failure, Sent};

use crate::app::{self, Paper, PrintOrder, may_print};
use crate::domain::Purpose;

/// A paper of a case.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PaperBody {
    /// `t80`, `t80-house`, `dm`, `a5`, `a5-house`, `a4` or `label`.
    paper: &'static str,
    /// For whom: `customer` and `label` are masked, `house` shows the whole number.
    copy: &'static str,
    /// How often this copy was printed so far; the next print after the first is marked as a reprint.
    times: i64,
    /// When first, RFC 3339.
    first_at: Option<String>,
    /// Its page, with what would come out of the printer.
    path: String,
}

/// The papers that the caller may print.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PapersBody {
    /// In the order of their tabs.
    items: Vec<PaperBody>,
}

/// What is printed.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub(super) struct PrintIn {
    /// `t80`, `t80-house`, `dm`, `a5`, `a5-house`, `a4` or `label`.
    paper: String,
}

/// A print that was recorded.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PrintBody {
    /// On which paper.
    paper: &'static str,
    /// For whom.
    copy: &'static str,
    /// How often this copy was printed, with this time.
    times: i64,
    /// Whether it is to be marked as a reprint.
    reprint: bool,
    /// When it was first printed, RFC 3339.
    first_at: Option<String>,
    /// The customer's tracking page, for papers with a square code; shown only now.
    customer_path: Option<String>,
}

fn id(text: &str) -> Result<Id<of::Case>, Fault> {
    text.parse().map_err(|_wrong| Fault::not_found())
}

/// Which papers of a case the caller may print, and how often each copy was.
#[utoipa::path(get, path = "/api/v1/cases/{id}/prints", tag = "cases",
    responses((status = 200, body = PapersBody), (status = 404, description = "Unknown or out of reach")))]
pub(super) async fn list(ctx: Ctx, Path(text): Path<String>) -> Result<Json<PapersBody>, Failure> {
    let detail = app::detail(&ctx, id(&text)?).await?;
    let case = &detail.case;
    let mut items = Vec::new();
    for paper in Paper::ALL.into_iter().filter(|paper| may_print(&ctx, case, *paper)) {
        let before = app::printed_before(&ctx, case.id, paper.copy()).await?;
        items.push(PaperBody {
            paper: paper.as_str(),
            copy: paper.copy().as_str(),
            times: before.times,
            first_at: before.first_at.map(|at| at.to_string()),
            path: format!("/cases/{}/print?paper={}", case.id, paper.as_str()),
        });
    }
    Ok(Json(PapersBody { items }))
}

/// Records a print or reprint: who, which copy, how often. Papers with a square code get a tracking link of their own.
#[utoipa::path(post, path = "/api/v1/cases/{id}/prints", tag = "cases", request_body = PrintIn,
    responses((status = 201, body = PrintBody), (status = 403, description = "This copy may not be printed"),
        (status = 404, description = "Unknown or out of reach"), (status = 422, description = "No such paper")))]
pub(super) async fn print(ctx: Ctx, Path(text): Path<String>, Sent(sent): Sent<PrintIn>) -> Result<Response, Failure> {
    let case = id(&text)?;
    let paper = Paper::parse(&sent.paper).ok_or_else(|| Fault::field("paper", "choose"))?;
    let link = ctx.house.secure_url().is_some() && paper.has_code();
    let printed = app::print(&ctx, PrintOrder { case, paper, link }).await?;
    let body = PrintBody {
        paper: paper.as_str(),
        copy: paper.copy().as_str(),
        reprint: printed.times > 1,
        times: printed.times,
        first_at: printed.first_at.map(|at| at.to_string()),
        customer_path: printed.token.as_deref().map(|token| app::link_path(Purpose::Track, token)),
    };
    Ok((StatusCode::CREATED, [(axum::http::header::CACHE_CONTROL, "no-store")], Json(body)).into_response())
}
