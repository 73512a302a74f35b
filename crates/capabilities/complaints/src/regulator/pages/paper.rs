use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use capability::Ctx;
use kernel::{Fault, Id, of};
use web::{Failure, Lang, Locale, PrintPage, View};

use crate::pages::shown::{unit_name, user_name};
use crate::regulator::app;

/// The statement on A4, as an authority gets it.
#[derive(Template)]
#[template(path = "complaints_statement_print.html")]
struct PaperPage {
    page: PrintPage,
    id: Id<of::Case>,
    /// A look at the paper, not what leaves the printer.
    preview: bool,
    /// To whom, what it says, and who says it: the first, the middle and the last line.
    to: String,
    body: Vec<(bool, String)>,
    from: String,
    store: String,
    number: String,
    title: String,
    stamp: String,
    day: String,
    /// Said on what is not signed.
    draft: String,
    signed: Option<String>,
    digest: String,
    printed: String,
}

impl PaperPage {
    const fn is_signed(&self) -> bool {
        self.signed.is_some()
    }
}

/// `GET /regulator/{id}/print`: a look at the paper.
pub(crate) async fn show(lang: Lang, ctx: Ctx, Path(id): Path<i64>) -> Result<impl IntoResponse, Failure> {
    Ok(View(paper(lang, &ctx, Id::new(id), true).await?))
}

/// `POST /regulator/{id}/print`: leaves a trace and shows the sheet that is printed.
pub(crate) async fn print(lang: Lang, ctx: Ctx, Path(id): Path<i64>) -> Result<Response, Failure> {
    let id = Id::new(id);
    app::printed(&ctx, id).await?;
    let private = (axum::http::header::CACHE_CONTROL, "no-store");
    Ok(([private], View(paper(lang, &ctx, id, false).await?)).into_response())
}

async fn paper(lang: Lang, ctx: &Ctx, id: Id<of::Case>, preview: bool) -> Result<PaperPage, Fault> {
    let detail = app::detail(ctx, id).await?;
    let one = &detail.one;
    let version = one.signed.unwrap_or(one.draft);
    let text = detail.statements.iter().find(|made| made.version == version).ok_or_else(Fault::not_found)?;
    let mut lines: Vec<String> = text.body.lines().map(str::to_owned).collect();
    let to = if lines.is_empty() { String::new() } else { lines.remove(0) };
    let from = lines.pop().unwrap_or_default();
    // An authority reads Chinese, whatever the reader's language.
    let chinese = Lang::new(Locale::ZhCn, lang.zone.clone(), lang.now);
    let headed = |line: &str| line.chars().nth(1) == Some('、');
    Ok(PaperPage {
        id,
        preview,
        to,
        body: lines.into_iter().filter(|line| !line.trim().is_empty()).map(|line| (headed(&line), line)).collect(),
        from,
        store: unit_name(ctx, &chinese, Some(one.about)),
        number: one.number.clone(),
        title: chinese.t("complaints-paper-title"),
        stamp: chinese.t("complaints-paper-stamp"),
        day: one.signed_at.map_or_else(
            || chinese.t("complaints-paper-no-day"),
            |at| {
                let part = |format: &str| at.civil(&lang.zone).strftime(format).to_string();
                chinese.t3("complaints-paper-day", "year", part("%Y"), "month", part("%-m"), "day", part("%-d"))
            },
        ),
        draft: chinese.t1("complaints-paper-draft", "n", version),
        signed: one.signed_at.map(|at| {
            chinese.t2("complaints-reg-signed-by", "name", user_name(ctx, one.signed_by), "at", chinese.full(at))
        }),
        digest: one.signed_digest.clone().unwrap_or_default(),
        printed: chinese.t1("complaints-paper-printed", "by", format!("{} {}", ctx.actor.name, chinese.full(lang.now))),
        page: PrintPage::new(lang, "complaints-reg-statement", &format!("/regulator/{id}")).about(one.number.clone()),
    })
}
