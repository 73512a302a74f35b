use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use capability::{Ctx, Upload, UploadRules};
use kernel::{Fault, FaultKind, Id};
use web::{Failure, Filled, Form, Markup, Page, View};

use super::shown::icon_of;
use crate::app::{self, Detail, Photos};
use crate::domain::{Command, CommandName, guard, proofs_needed};
use crate::store::OrderId;

/// Longest note and reference, in characters.
const TEXT: usize = 400;
const SHORT: usize = 60;

#[derive(Template)]
#[template(path = "platforms_command.html")]
struct CommandPage {
    page: Page,
    id: Id<OrderId>,
    number: String,
    goods: String,
    version: i64,
    name: CommandName,
    icon: web::Icon,
    word: String,
    form: Filled,
    refusal: Option<Markup>,
    stale: bool,
    facts: Vec<(String, String)>,
    /// Which note this step wants: its label's key.
    note: Option<&'static str>,
    reference: Option<&'static str>,
    proofs: bool,
    asks_proofs: bool,
    until: bool,
}

impl CommandPage {
    fn bar(&self) -> web::ActionBar {
        let bar = web::action_bar(&self.page.lang, &None)
            .link(self.page.t("platforms-back-to-one"), format!("/platform-orders/{}", self.id));
        bar.submit(&self.word, "command")
    }
}

/// `GET /platform-orders/{id}/do/{command}`
pub(crate) async fn ask(page: Page, ctx: Ctx, Path((id, name)): Path<(i64, String)>) -> Result<Response, Failure> {
    let name = CommandName::parse(&name).ok_or_else(Fault::not_found)?;
    let detail = app::detail(&ctx, Id::new(id)).await?;
    if !detail.offers.iter().any(|(offer, _)| *offer == name) {
        return Err(Fault::forbidden().into());
    }
    let refused = guard(detail.one.kind, detail.one.state, name).err().map(Fault::refused);
    let status = if refused.is_some() { StatusCode::CONFLICT } else { StatusCode::OK };
    let mut page = render(page, &detail, name, Filled::new());
    page.refusal = refused.map(|fault| web::notice(&page.page.lang, &fault));
    Ok((status, View(page)).into_response())
}

/// A step as a page or a program sends it; without a moment it is now.
///
/// # Errors
/// `invalid` with every field.
pub(crate) fn read(ctx: &Ctx, lang: &web::Lang, name: CommandName, form: &mut Form) -> Result<Command, Fault> {
    let at = form.moment_or_none("at", &lang.zone);
    let until = form.moment_or_none("until", &lang.zone);
    let reference = form.text_or_none("reference", SHORT);
    let note = form.text_or_none("note", TEXT);
    let weight = form.number_or_none("weight", 1..=1_000_000);
    form.check()?;
    Ok(Command { name, at: at.unwrap_or_else(|| ctx.now()), reference, note, weight, until })
}

/// `POST /platform-orders/{id}/do/{command}`. What was typed is never lost: errors and clashes bring the form back.
pub(crate) async fn give(
    page: Page,
    ctx: Ctx,
    Path((id, name)): Path<(i64, String)>,
    upload: Upload,
) -> Result<Response, Failure> {
    let (id, name) = (Id::<OrderId>::new(id), CommandName::parse(&name).ok_or_else(Fault::not_found)?);
    // Whoever may not see it is told before anything is read.
    app::detail(&ctx, id).await?;
    let taken = upload.take(&ctx, UploadRules::STAFF).await?;
    let photos = Photos { unboxing: taken.of("unboxing"), weighing: taken.of("weighing") };
    let (ctx, mut form) = (taken.ctx, taken.form);
    let version = form.version("version")?;
    let done = match read(&ctx, &page.lang, name, &mut form) {
        Ok(command) => app::command(&ctx, id, version, command, photos).await,
        Err(fault) => Err(fault),
    };
    let fault = match done {
        Ok(_) => return Ok(Redirect::to(&format!("/platform-orders/{id}?done={name}")).into_response()),
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
    let word = lang.word("platforms-command", name.as_str());
    let facts =
        vec![(lang.t("platforms-asked"), lang.money(one.asked)), (lang.t("platforms-reason"), one.reason.clone())];
    let note = match name {
        CommandName::Refuse => Some("platforms-note-refuse"),
        CommandName::Submit => Some("platforms-note-submit"),
        CommandName::RuleBuyer | CommandName::RuleShop => Some("platforms-note-rule"),
        CommandName::Close => Some("platforms-note-close"),
        CommandName::Agree
        | CommandName::Ship
        | CommandName::Receive
        | CommandName::Complete
        | CommandName::Reapply
        | CommandName::Intervene => None,
    };
    let reference = match name {
        CommandName::Ship => Some("platforms-tracking"),
        CommandName::Complete => Some("platforms-reference-complete"),
        CommandName::Intervene => Some("platforms-reference-intervene"),
        _ => None,
    };
    let proofs = proofs_needed(one.kind, one.state);
    CommandPage {
        id: one.id,
        number: one.number.clone(),
        goods: one.goods.clone(),
        version: one.version,
        name,
        icon: web::icon(icon_of(name)),
        refusal: None,
        stale: false,
        facts: facts.into_iter().filter(|(_, value)| !value.is_empty()).collect(),
        note,
        reference,
        proofs: matches!(name, CommandName::Receive) || (name == CommandName::Refuse && proofs),
        asks_proofs: name == CommandName::Refuse && proofs,
        until: matches!(
            name,
            CommandName::Agree
                | CommandName::Ship
                | CommandName::Reapply
                | CommandName::Intervene
                | CommandName::RuleBuyer
        ),
        form,
        page: page.titled(word.clone()),
        word,
    }
}
