//! 「复制给微信」: choose a text, copy it.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::http::header::{HeaderValue, LOCATION};
use axum::response::{IntoResponse, Response};
use capability::Ctx;
use kernel::{Fault, FaultKind, Id, of};
use web::{Choice, Failure, Filled, Form, Page, View};

use crate::app;
use crate::domain::{PlanState, State};

#[derive(Template)]
#[template(path = "cases_wechat.html")]
struct WechatPage {
    page: Page,
    id: Id<of::Case>,
    back: String,
    number: String,
    form: Filled,
    texts: Vec<Choice>,
    /// The text, when one was just made.
    ready: Option<(String, String)>,
    /// In which language the customer is written to; unnamed customers have none.
    language: Option<String>,
    public: bool,
}

impl WechatPage {
    /// Where it is noted that a text was copied.
    fn trace(&self) -> String {
        format!("/cases/{}/copied", self.id)
    }
}

async fn page_of(
    page: Page,
    ctx: &Ctx,
    id: i64,
    form: Filled,
    ready: Option<(String, String)>,
) -> Result<WechatPage, Fault> {
    let detail = app::detail(ctx, Id::new(id)).await?;
    let mut texts = vec!["received"];
    if !detail.case.state.is_over() {
        texts.push("promise");
    }
    if detail.plans.first().is_some_and(|plan| plan.state == PlanState::Proposed) {
        texts.push("plan");
    }
    texts.push("reply");
    if matches!(detail.case.state, State::Resolved | State::Closed) {
        texts.push("resolved");
    }
    Ok(WechatPage {
        id: detail.case.id,
        back: format!("/cases/{id}"),
        texts: texts.into_iter().map(|code| Choice::new(code, page.lang.word("messaging-text", code))).collect(),
        language: app::language(ctx, detail.case.id).await?,
        public: ctx.house.customer_url().is_some(),
        number: detail.case.number,
        form,
        ready,
        page: page.named("cases-wechat-title"),
    })
}

/// `GET /cases/{id}/wechat`
pub(crate) async fn ask(page: Page, ctx: Ctx, Path(id): Path<i64>) -> Result<impl IntoResponse, Failure> {
    Ok(View(page_of(page, &ctx, id, Filled::new().with("text", "received"), None).await?))
}

/// `POST /cases/{id}/wechat`: makes the text and shows it once, to be copied.
pub(crate) async fn make(page: Page, ctx: Ctx, Path(id): Path<i64>, mut form: Form) -> Result<Response, Failure> {
    let code = form.text("text", 20);
    let words = form.text_or_empty("words", 2_000);
    if code == "reply" && words.is_empty() {
        form.reject("words", "required");
    }
    let made = match form.check() {
        Ok(()) => app::text_for_wechat(&ctx, Id::new(id), &code, &words).await,
        Err(fault) => Err(fault),
    };
    match made {
        Ok(copied) => {
            let shown = page_of(page, &ctx, id, form.into_filled(), Some((code, copied.text))).await?;
            let private = (axum::http::header::CACHE_CONTROL, "no-store");
            Ok(([web::no_referrer()], [private], View(shown)).into_response())
        }
        Err(fault) if fault.kind() == FaultKind::Invalid => {
            let shown = page_of(page, &ctx, id, form.into_filled_with(&fault), None).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, View(shown)).into_response())
        }
        Err(fault) => Err(fault.into()),
    }
}

#[derive(Template)]
#[template(path = "cases_copied.html")]
struct CopiedPage {
    page: Page,
    back: String,
    number: String,
    said: String,
}

/// `POST /cases/{id}/copied`: keeps that a text was copied. Without scripts this page is where it is copied from.
pub(crate) async fn copied(page: Page, ctx: Ctx, Path(id): Path<i64>, mut form: Form) -> Result<Response, Failure> {
    let what = form.text("what", 20);
    let said = form.text("said", 4_000);
    form.check()?;
    app::text_copied(&ctx, Id::new(id), &what, &said).await?;
    let detail = app::detail(&ctx, Id::new(id)).await?;
    let private = (axum::http::header::CACHE_CONTROL, "no-store");
    let shown = CopiedPage {
        back: format!("/cases/{id}"),
        number: detail.case.number,
        said,
        page: page.named("cases-wechat-title"),
    };
    Ok(([web::no_referrer()], [private], View(shown)).into_response())
}

/// `POST /cases/{id}/language`
pub(crate) async fn speak(ctx: Ctx, Path(id): Path<i64>, mut form: Form) -> Result<Response, Failure> {
    let locale = form.choice("language", |word| web::Locale::ALL.into_iter().find(|known| known.as_str() == word));
    let locale = form.need(locale)?;
    app::speak(&ctx, Id::new(id), locale).await?;
    let target =
        HeaderValue::from_str(&format!("/cases/{id}/wechat")).unwrap_or_else(|_| HeaderValue::from_static("/"));
    Ok((StatusCode::SEE_OTHER, [(LOCATION, target)]).into_response())
}
