use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use capability::{Ctx, Upload, UploadRules};
use kernel::{Fault, FaultKind, Id, Money};
use web::{Choice, Failure, Filled, Form, Markup, Page, View};

use super::shown::icon_of;
use crate::app::{self, Detail};
use crate::domain::{Check, Command, CommandName, Finding, Grade, Part, guard};
use crate::store::ReturnId;

/// Longest text of a field, in characters.
const TEXT: usize = 400;
/// Longest number of a paper.
const SHORT: usize = 60;

#[derive(Template)]
#[template(path = "returns_command.html")]
struct CommandPage {
    page: Page,
    id: Id<ReturnId>,
    number: String,
    goods: String,
    version: i64,
    name: CommandName,
    word: String,
    icon: web::Icon,
    form: Filled,
    refusal: Option<Markup>,
    stale: bool,
    /// Amount, payee, reason: what money asks for.
    money: Vec<(String, String)>,
    button: String,
    findings: Vec<Choice>,
    checks: Vec<Choice>,
    grades: Vec<Choice>,
    serial: bool,
}

impl CommandPage {
    fn bar(&self) -> web::ActionBar {
        let bar = web::action_bar(&self.page.lang, &None)
            .link(self.page.t("returns-back-to-one"), format!("/returns/{}", self.id));
        bar.submit(&self.button, "command")
    }
}

/// `GET /returns/{id}/do/{command}?line=&part=`: the fields of a command; money shows amount, payee and reason.
pub(crate) async fn ask(
    page: Page,
    ctx: Ctx,
    Path((id, name)): Path<(i64, String)>,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let name = CommandName::parse(&name).ok_or_else(Fault::not_found)?;
    let detail = app::detail(&ctx, Id::new(id)).await?;
    if !detail.offers.iter().any(|offer| offer.name == name) {
        return Err(Fault::forbidden().into());
    }
    let mut asked = Form::from_query(&query.unwrap_or_default());
    let (line, part) = (asked.number_or_none("line", 1..=10_000), asked.choice_or_none("part", Part::parse));
    let facts = facts(&detail);
    let refused = guard(&facts, name, line, part).err().map(Fault::from);
    let status = if refused.is_some() { StatusCode::CONFLICT } else { StatusCode::OK };
    let form = likely(&detail, name, line, part);
    let mut page = render(page, detail, name, form)?;
    page.refusal = refused.map(|fault| web::notice(&page.page.lang, &fault));
    Ok((status, View(page)).into_response())
}

fn facts(detail: &Detail) -> crate::domain::Facts {
    crate::domain::Facts {
        state: detail.one.state,
        way: detail.one.way,
        obvious: detail.one.obvious,
        lines: detail.lines.iter().map(crate::store::LineRow::facts).collect(),
        money: detail.money.iter().map(|payment| (payment.part, payment.state)).collect(),
        red_invoice: detail.one.red_invoice.is_some(),
        stock_receipt: detail.one.stock_receipt.is_some(),
    }
}

/// `POST /returns/{id}/do/{command}`. What was typed is never lost: errors and clashes bring the form back.
pub(crate) async fn give(
    page: Page,
    ctx: Ctx,
    Path((id, name)): Path<(i64, String)>,
    upload: Upload,
) -> Result<Response, Failure> {
    let (id, name) = (Id::<ReturnId>::new(id), CommandName::parse(&name).ok_or_else(Fault::not_found)?);
    // Whoever may not see it is told before anything is read.
    app::detail(&ctx, id).await?;
    let taken = upload.take(&ctx, UploadRules::STAFF).await?;
    let photos = taken.of("photo");
    let (ctx, mut form) = (taken.ctx, taken.form);
    let version = form.version("version")?;
    let done = match read(name, &mut form) {
        Ok(command) => app::command(&ctx, id, version, command, photos).await,
        Err(fault) => Err(fault),
    };
    let fault = match done {
        Ok(_) => return Ok(Redirect::to(&format!("/returns/{id}?done={name}")).into_response()),
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
    let mut page = render(page, detail, name, form.into_filled_with(&fault))?;
    page.stale = fault.kind() == FaultKind::Stale;
    page.refusal = notice;
    Ok((status, View(page)).into_response())
}

/// What was sent for the command `name`, by a page or a program.
///
/// # Errors
/// `invalid` with every field.
pub(crate) fn read(name: CommandName, form: &mut Form) -> Result<Command, Fault> {
    let line = |form: &mut Form| form.number("line", 1..=10_000);
    let part = |form: &mut Form| form.choice("part", Part::parse);
    let command = match name {
        CommandName::Offer => {
            let amount = form.money("amount");
            let reason = form.text("reason", TEXT);
            Command::Offer { amount: form.need(amount)?, reason }
        }
        CommandName::Receive => {
            let line = line(form);
            Command::Receive { line: form.need(line)? }
        }
        CommandName::Inspect => {
            let line = line(form);
            let finding = form.choice("finding", Finding::parse);
            let checks = form.all("checks").filter_map(Check::parse).collect();
            let note = form.text_or_none("note", TEXT);
            Command::Inspect { line: form.need(line)?, finding: form.need(finding)?, checks, note }
        }
        CommandName::Grade => {
            let line = line(form);
            let grade = form.choice("grade", Grade::parse);
            Command::Grade { line: form.need(line)?, grade: form.need(grade)? }
        }
        CommandName::Send => {
            let line = line(form);
            let serial = form.text_or_none("serial", SHORT);
            Command::Send { line: form.need(line)?, serial }
        }
        CommandName::Deliver => {
            let line = line(form);
            Command::Deliver { line: form.need(line)? }
        }
        CommandName::Confirm => {
            let part = part(form);
            let amount = form.money("amount");
            Command::Confirm { part: form.need(part)?, amount: form.need(amount)? }
        }
        CommandName::Pay => {
            let part = part(form);
            let pos_ref = form.text("pos_ref", SHORT);
            let amount = form.money("amount");
            Command::Pay { part: form.need(part)?, pos_ref, amount: form.need(amount)? }
        }
        CommandName::Papers => {
            let red_invoice = form.text_or_none("red_invoice", SHORT);
            let stock_receipt = form.text_or_none("stock_receipt", SHORT);
            if red_invoice.is_none() && stock_receipt.is_none() {
                form.reject("red_invoice", "required");
            }
            Command::Papers { red_invoice, stock_receipt }
        }
        CommandName::Refuse => {
            let reason = form.text("reason", TEXT);
            let cost = form.money_or_none("cost").unwrap_or(Money::ZERO);
            if cost < Money::ZERO {
                form.reject("cost", "money-negative");
            }
            Command::Refuse { reason, cost }
        }
        CommandName::Cancel => Command::Cancel { reason: form.text("reason", TEXT) },
    };
    form.check()?;
    Ok(command)
}

/// What is known already stands in the form.
fn likely(detail: &Detail, name: CommandName, line: Option<i64>, part: Option<Part>) -> Filled {
    let mut form = Filled::new();
    let first = detail.lines.first().map(|line| line.seq);
    if let Some(line) = line.or(first) {
        form = form.with("line", line.to_string());
    }
    let payment = detail.money.iter().find(|payment| part.is_none_or(|part| payment.part == part));
    if let Some(payment) = payment.filter(|_| matches!(name, CommandName::Confirm | CommandName::Pay)) {
        form = form.with("part", payment.part.as_str()).with("amount", plain(payment.amount));
    }
    match name {
        CommandName::Papers => form
            .with("red_invoice", detail.one.red_invoice.clone().unwrap_or_default())
            .with("stock_receipt", detail.one.stock_receipt.clone().unwrap_or_default()),
        CommandName::Inspect => form.with("finding", Finding::Ok.as_str()),
        _ => form,
    }
}

/// An amount as it is typed.
fn plain(money: Money) -> String {
    format!("{}.{:02}", money.fen() / 100, money.fen() % 100)
}

fn render(page: Page, detail: Detail, name: CommandName, form: Filled) -> Result<CommandPage, Fault> {
    let lang = page.lang.clone();
    let one = &detail.one;
    let word = lang.word("returns-command", name.as_str());
    let payment = detail.money.iter().find(|payment| payment.part.as_str() == form.value("part"));
    let mut money = Vec::new();
    let mut button = word.clone();
    if let Some(payment) = payment.filter(|_| matches!(name, CommandName::Confirm | CommandName::Pay)) {
        let payee = if one.paid_how.is_empty() {
            one.payee.clone()
        } else {
            lang.t2("returns-payee-back", "name", one.payee.clone(), "how", one.paid_how.clone())
        };
        money = vec![
            (lang.t("returns-amount"), lang.money(payment.amount)),
            (lang.t("returns-payee"), payee),
            (lang.t("returns-reason"), payment.reason.clone()),
        ];
        if name == CommandName::Confirm {
            button = lang.t1(&format!("returns-confirm-{}", payment.part), "amount", lang.money(payment.amount));
        }
    }
    let chosen = detail.lines.iter().find(|line| line.seq.to_string() == form.value("line"));
    Ok(CommandPage {
        id: one.id,
        number: one.number.clone(),
        goods: chosen.or(detail.lines.first()).map(|line| line.name.clone()).unwrap_or_default(),
        version: one.version,
        name,
        icon: web::icon(icon_of(name)),
        refusal: None,
        stale: false,
        money,
        button,
        findings: page.choices("returns-finding", Finding::ALL.iter().map(|one| one.as_str())),
        checks: page.choices("returns-check", Check::ALL.iter().map(|one| one.as_str())),
        grades: page.choices("returns-grade", Grade::ALL.iter().map(|one| one.as_str())),
        serial: chosen.is_some_and(|line| line.unit.is_some()),
        form,
        page: page.titled(word.clone()),
        word,
    })
}
