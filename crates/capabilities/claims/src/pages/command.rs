use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use capability::Ctx;
use kernel::{Fault, FaultKind, Id};
use web::{Failure, Filled, Form, Markup, Page, View};

use super::shown::{icon_of, plain};
use crate::app::{self, Detail};
use crate::domain::{Command, CommandName, guard};
use crate::store::ClaimId;

/// Longest reason and reference, in characters.
const TEXT: usize = 400;
const SHORT: usize = 60;

#[derive(Template)]
#[template(path = "claims_command.html")]
struct CommandPage {
    page: Page,
    id: Id<ClaimId>,
    number: String,
    goods: String,
    version: i64,
    name: CommandName,
    icon: web::Icon,
    word: String,
    form: Filled,
    refusal: Option<Markup>,
    stale: bool,
    money: Vec<(String, String)>,
}

impl CommandPage {
    fn bar(&self) -> web::ActionBar {
        let bar = web::action_bar(&self.page.lang, &None)
            .link(self.page.t("claims-back-to-one"), format!("/claims/{}", self.id));
        bar.submit(&self.word, "command")
    }
}

/// `GET /claims/{id}/do/{command}`
pub(crate) async fn ask(page: Page, ctx: Ctx, Path((id, name)): Path<(i64, String)>) -> Result<Response, Failure> {
    let name = CommandName::parse(&name).ok_or_else(Fault::not_found)?;
    let detail = app::detail(&ctx, Id::new(id)).await?;
    if !detail.offers.iter().any(|(offer, _)| *offer == name) {
        return Err(Fault::forbidden().into());
    }
    let refused = guard(detail.one.state, name).err().map(Fault::refused);
    let status = if refused.is_some() { StatusCode::CONFLICT } else { StatusCode::OK };
    let today = page.lang.now.day(&page.lang.zone);
    let facts = detail.one.facts();
    let amount = if name == CommandName::Send { facts.claimed } else { facts.left() };
    let form = Filled::new().with("day", today.to_string()).with("amount", plain(amount));
    let mut page = render(page, &detail, name, form);
    page.refusal = refused.map(|fault| web::notice(&page.page.lang, &fault));
    Ok((status, View(page)).into_response())
}

/// A step as a page or a program sends it.
///
/// # Errors
/// `invalid` with every field.
pub(crate) fn read(name: CommandName, form: &mut Form) -> Result<Command, Fault> {
    let day = form.day("day");
    let reference = form.text_or_none("reference", SHORT);
    let reason = form.text_or_none("reason", TEXT);
    let amount = match name {
        CommandName::Send | CommandName::Accept | CommandName::Credit => form.money_or_none("amount"),
        CommandName::Refuse | CommandName::WriteOff | CommandName::Withdraw => None,
    };
    form.check()?;
    Ok(Command { name, day: form.need(day)?, reference, reason, amount })
}

/// `POST /claims/{id}/do/{command}`. What was typed is never lost: errors and clashes bring the form back.
pub(crate) async fn give(
    page: Page,
    ctx: Ctx,
    Path((id, name)): Path<(i64, String)>,
    mut form: Form,
) -> Result<Response, Failure> {
    let (id, name) = (Id::<ClaimId>::new(id), CommandName::parse(&name).ok_or_else(Fault::not_found)?);
    // Whoever may not see it is told before anything is read.
    app::detail(&ctx, id).await?;
    let version = form.version("version")?;
    let done = match read(name, &mut form) {
        Ok(command) => app::command(&ctx, id, version, command).await,
        Err(fault) => Err(fault),
    };
    let fault = match done {
        Ok(_) => return Ok(Redirect::to(&format!("/claims/{id}?done={name}")).into_response()),
        Err(fault) => fault,
    };
    let status = match fault.kind() {
        FaultKind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        FaultKind::Stale => StatusCode::PRECONDITION_FAILED,
        FaultKind::Refused => StatusCode::CONFLICT,
        _ => return Err(fault.into()),
    };
    let detail = app::detail(&ctx, id).await?;
    let notice = (fault.kind() == FaultKind::Refused).then(|| web::notice(&page.lang, &fault));
    let mut page = render(page, &detail, name, form.into_filled_with(&fault));
    page.stale = fault.kind() == FaultKind::Stale;
    page.refusal = notice;
    Ok((status, View(page)).into_response())
}

fn render(page: Page, detail: &Detail, name: CommandName, form: Filled) -> CommandPage {
    let one = &detail.one;
    let lang = &page.lang;
    let word = lang.word("claims-command", name.as_str());
    let left = if one.state.owed() { one.receivable() } else { one.claimed };
    let money = vec![
        (lang.t("claims-col-maker"), one.maker.clone()),
        (lang.t("claims-col-claimed"), lang.money(one.claimed)),
        (lang.t("claims-col-left"), lang.money(left)),
    ];
    CommandPage {
        id: one.id,
        number: one.number.clone(),
        goods: one.goods.clone(),
        version: one.version,
        name,
        icon: web::icon(icon_of(name)),
        refusal: None,
        stale: false,
        money,
        form,
        page: page.titled(word.clone()),
        word,
    }
}
