use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use capability::Ctx;
use kernel::{Fault, FaultKind, Id, of, words};
use web::{Failure, Filled, Form, Markup, Page, View};

use super::{go_to, status};
use crate::regulator::app::{self, HOLD};

/// Longest reason, in characters.
const REASON: usize = 500;

words! {
    /// What is done about who sees a complaint and how long it is kept.
    pub enum Keeping {
        /// 限制查看
        Restrict = "restrict",
        /// 取消限制
        Unrestrict = "unrestrict",
        /// 法律保全
        Hold = "hold",
        /// 解除保全
        LetGo = "let_go",
    }
}

#[derive(Template)]
#[template(path = "complaints_keeping.html")]
struct KeepingPage {
    page: Page,
    id: Id<of::Case>,
    number: String,
    subject: String,
    version: i64,
    keeping: Keeping,
    word: String,
    form: Filled,
    refusal: Option<Markup>,
}

impl KeepingPage {
    fn bar(&self) -> web::ActionBar {
        let back = self.page.t("complaints-back-to-one");
        let bar = web::action_bar(&self.page.lang, &None).link(back, format!("/complaints/{}", self.id));
        bar.submit(&self.word, "keeping")
    }
}

async fn render(ctx: &Ctx, page: Page, id: Id<of::Case>, keeping: Keeping, form: Filled) -> Result<KeepingPage, Fault> {
    let detail = crate::app::detail(ctx, id).await?;
    if !ctx.actor.may(HOLD, &detail.complaint) {
        return Err(Fault::forbidden());
    }
    let word = page.word("complaints-keeping", keeping.as_str());
    Ok(KeepingPage {
        id,
        number: detail.case.number,
        subject: detail.case.subject,
        version: detail.case.version,
        keeping,
        form,
        refusal: None,
        page: page.titled(word.clone()),
        word,
    })
}

/// `GET /complaints/{id}/keep/{keeping}`
pub(crate) async fn ask(page: Page, ctx: Ctx, Path((id, word)): Path<(i64, String)>) -> Result<Response, Failure> {
    let keeping = Keeping::parse(&word).ok_or_else(Fault::not_found)?;
    Ok(View(render(&ctx, page, Id::new(id), keeping, Filled::new()).await?).into_response())
}

/// `POST /complaints/{id}/keep/{keeping}`
pub(crate) async fn give(
    page: Page,
    ctx: Ctx,
    Path((id, word)): Path<(i64, String)>,
    mut form: Form,
) -> Result<Response, Failure> {
    let (id, keeping) = (Id::<of::Case>::new(id), Keeping::parse(&word).ok_or_else(Fault::not_found)?);
    let version = form.version("version")?;
    let reason = form.text("reason", REASON);
    let done = match form.check() {
        Ok(()) => match keeping {
            Keeping::Restrict => app::restrict(&ctx, id, version, reason).await,
            Keeping::Unrestrict => app::unrestrict(&ctx, id, version, reason).await,
            Keeping::Hold => app::hold(&ctx, id, version, reason).await,
            Keeping::LetGo => app::lift_hold(&ctx, id, version, reason).await,
        },
        Err(fault) => Err(fault),
    };
    let fault = match done {
        Ok(_) => return Ok(go_to(&format!("/complaints/{id}"))),
        Err(fault) => fault,
    };
    let (code, fault) = status(fault)?;
    let notice = (fault.kind() != FaultKind::Invalid).then(|| web::notice(&page.lang, &fault));
    let mut page = render(&ctx, page, id, keeping, form.into_filled_with(&fault)).await?;
    page.refusal = notice;
    Ok((code, View(page)).into_response())
}
