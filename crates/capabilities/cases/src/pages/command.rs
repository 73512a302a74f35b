use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use capability::{Ctx, Taken, Upload, UploadRules};
use kernel::{Fault, FaultKind, Id, Place, of};
use web::{Choice, Conflict, Failure, Filled, Form, Lang, Markup, Page, View};

use super::shown::icon_of;
use super::{choices, clash, directory, link, picker, tasks, unit_name};
use crate::app::input::{CommandInput, LineInput, OptionInput};
use crate::app::{self, ASSIGN, CLOSE, Detail, Filter, Order, TaskId, WORK};
use crate::domain::{Command, CommandName, Kind, Outcome, Party, Priority, ProofKind, Purpose, State, WaitReason};
use crate::store::Case;

/// Most options of a plan, and most lines of an option, that the form has room for.
const OPTIONS: usize = 5;
const LINES: usize = 12;

#[derive(Template)]
#[template(path = "cases_command.html")]
struct CommandPage {
    page: Page,
    id: Id<of::Case>,
    number: String,
    subject: String,
    version: i64,
    name: CommandName,
    icon: web::Icon,
    word: String,
    form: Filled,
    /// What is saved now, to see next time what has changed meanwhile.
    seen: Vec<(String, String)>,
    conflict: Option<Conflict>,
    /// What others did since the form was opened.
    meanwhile: Vec<Markup>,
    /// Tasks that have to be over first.
    open_tasks: Vec<(Id<TaskId>, i64, tasks::Row)>,
    /// The step that comes before this one.
    first: Option<(String, String)>,
    /// Why it cannot be done now; the form is gone then unless somebody has just sent it.
    refusal: Option<Markup>,
    blocked: bool,
    people: Vec<Choice>,
    teams: Vec<Choice>,
    priorities: Vec<Choice>,
    kinds: Vec<Choice>,
    waits: Vec<Choice>,
    outcomes: Vec<Choice>,
    causes: Vec<Choice>,
    proofs: Vec<Choice>,
    closers: Vec<Choice>,
    /// May close with a reason of one's own, and may note the customer's word.
    may_manage: bool,
    may_note: bool,
    parties: Vec<Choice>,
    ways: Vec<Choice>,
    others: Vec<Choice>,
    options: Vec<OptionRows>,
}

impl CommandPage {
    /// True for what a customer can sign on the glass.
    fn is_signed(&self) -> bool {
        matches!(self.name, CommandName::Confirm | CommandName::Close)
    }
}

/// One option of the plan's form: its number and the fields of its lines.
struct OptionRows {
    nth: usize,
    text: String,
    done_by: String,
    lines: Vec<LineFields>,
    more: Option<String>,
}

struct LineFields {
    text: String,
    amount: String,
    bearer: String,
    by_law: String,
}

/// `GET /cases/{id}/do/{command}`: the fields of a command.
pub(crate) async fn ask(page: Page, ctx: Ctx, Path((id, name)): Path<(i64, String)>) -> Result<Response, Failure> {
    let name = CommandName::parse(&name).ok_or_else(Fault::not_found)?;
    let detail = app::detail(&ctx, Id::new(id)).await?;
    let offer = detail.offers.iter().find(|offer| offer.name == name).ok_or_else(Fault::forbidden)?;
    let refusal = offer.refusal.clone().map(Fault::from);
    let status = if refusal.is_some() { StatusCode::CONFLICT } else { StatusCode::OK };
    let form = likely(&ctx, &detail, name);
    let mut page = command_page(page, &ctx, detail, name, form).await?;
    if let Some(fault) = refusal {
        page.refusal = Some(web::notice(&page.page.lang, &fault));
        // What is missing is asked for in place: the form stays beside the tasks that have to end first.
        page.blocked = page.open_tasks.is_empty();
    }
    Ok((status, View(page)).into_response())
}

/// `POST /cases/{id}/do/{command}`. What was typed is never lost: errors, refusals and clashes bring the form back.
pub(crate) async fn give(
    page: Page,
    ctx: Ctx,
    Path((id, name)): Path<(i64, String)>,
    upload: Upload,
) -> Result<Response, Failure> {
    let (id, name) = (Id::<of::Case>::new(id), CommandName::parse(&name).ok_or_else(Fault::not_found)?);
    let case_href = format!("/cases/{id}");
    // Nothing is read for a case out of sight.
    app::detail(&ctx, id).await?;
    let sent = upload.take(&ctx, UploadRules::SIGNATURE).await?;
    let signature = sent.of("signature").into_iter().next();
    let Taken { ctx, form, refusal, .. } = sent;
    if form.raw("take-state") == "theirs" {
        return Ok(Redirect::to(&case_href).into_response());
    }
    let chosen = form.pairs().iter().any(|(name, _)| name.starts_with("take-"));
    let mut form = compact(&clash::taken(&form));
    if form.has("add") {
        let detail = app::detail(&ctx, id).await?;
        let page = command_page(page, &ctx, detail, name, form.into_filled()).await?;
        return Ok(View(page).into_response());
    }
    let version = form.version("version")?;
    // What came beside the form is kept by nobody: a signature that was refused is asked for again.
    if let Some(refusal) = refusal {
        form.reject_with("signature", refusal.code(), refusal.args().to_vec());
    }
    let given = match read(&ctx, &page, name, &mut form).await {
        Ok(command) => {
            let command = as_chosen(&ctx, id, command, chosen).await?;
            app::signed(&ctx, id, version, command, signature).await
        }
        Err(fault) => Err(fault),
    };
    let fault = match given {
        Ok(changed) => {
            let issued = changed.link.filter(|link| name == CommandName::Propose && !link.token.is_empty());
            return match issued {
                Some(issued) => Ok(link::shown(page, &ctx, id, &changed.number, Purpose::Decide, &issued)),
                None => Ok(Redirect::to(&format!("{case_href}?done={name}")).into_response()),
            };
        }
        Err(fault) => fault,
    };
    let status = match fault.kind() {
        FaultKind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        FaultKind::Stale => StatusCode::PRECONDITION_FAILED,
        FaultKind::Refused => StatusCode::CONFLICT,
        _ => return Err(fault.into()),
    };
    let detail = app::detail(&ctx, id).await?;
    let (conflict, meanwhile) = match fault.kind() {
        FaultKind::Stale => {
            let (conflict, meanwhile) = clash::conflict(&ctx, &page.lang, &detail, name, version, &form).await?;
            (Some(conflict), meanwhile)
        }
        _ => (None, Vec::new()),
    };
    let mut page = command_page(page, &ctx, detail, name, form.into_filled_with(&fault)).await?;
    (page.conflict, page.meanwhile) = (conflict, meanwhile);
    if fault.kind() == FaultKind::Refused {
        page.refusal = Some(web::notice(&page.page.lang, &fault));
    }
    Ok((status, View(page)).into_response())
}

/// Somebody else has accepted the case meanwhile, and this person has chosen the owner again: that is an assignment now.
async fn as_chosen(ctx: &Ctx, id: Id<of::Case>, command: Command, chosen: bool) -> Result<Command, Fault> {
    let Command::Accept { owner, .. } = command else { return Ok(command) };
    if !chosen {
        return Ok(command);
    }
    let case = app::detail(ctx, id).await?.case;
    Ok(match case.state {
        State::Active(_) | State::Waiting(_) => Command::Assign { owner: Some(owner), team: case.team },
        _ => command,
    })
}

/// What is most likely meant, filled in; nothing where it would choose for the customer.
fn likely(ctx: &Ctx, detail: &Detail, name: CommandName) -> Filled {
    let case = &detail.case;
    let me = ctx.actor.user.map(|me| me.to_string());
    let owner = case.owner.map(|owner| owner.to_string());
    let form = Filled::new();
    match name {
        CommandName::Accept => form
            .with("owner", owner.or(me).unwrap_or_default())
            .with("priority", case.priority.as_str())
            .with("kind", case.kind.as_str()),
        CommandName::Assign => form
            .with("owner", owner.unwrap_or_default())
            .with("team", case.team.map(|team| team.to_string()).unwrap_or_default()),
        CommandName::Wait => form.with("owner", me.unwrap_or_default()),
        // A sole choice is no question.
        CommandName::Close => match closing(ctx, case).as_slice() {
            [only] => form.with("by", *only),
            _ => form,
        },
        _ => form,
    }
}

async fn command_page(
    page: Page,
    ctx: &Ctx,
    detail: Detail,
    name: CommandName,
    form: Filled,
) -> Result<CommandPage, Fault> {
    let lang = page.lang.clone();
    let case = &detail.case;
    let word = lang.word("cases-command", name.as_str());
    let others = match (name, case.customer) {
        (CommandName::Merge, Some(customer)) => app::open_of_customer(ctx, customer).await?,
        _ => Vec::new(),
    };
    let ways = detail.plans.first().map(|plan| plan.plan.options.as_slice()).unwrap_or_default();
    Ok(CommandPage {
        id: case.id,
        number: case.number.clone(),
        subject: case.subject.clone(),
        version: case.version,
        seen: clash::seen(&lang, case),
        conflict: None,
        meanwhile: Vec::new(),
        open_tasks: if matches!(name, CommandName::Resolve | CommandName::Merge) {
            let open = detail.tasks.iter().filter(|task| !task.state.is_over());
            open.map(|task| (task.id, task.version, tasks::Row::of(ctx, &lang, task, "", ""))).collect()
        } else {
            Vec::new()
        },
        first: first(&lang, &detail, name),
        refusal: None,
        blocked: false,
        people: people(ctx, case, name),
        teams: teams(ctx, &lang, case),
        priorities: choices(&lang, "cases-priority", Priority::ALL.iter().map(|one| one.as_str())),
        kinds: choices(&lang, "cases-kind", Kind::ALL.iter().map(|one| one.as_str())),
        waits: choices(&lang, "cases-wait", WaitReason::ALL.iter().map(|one| one.as_str())),
        outcomes: choices(&lang, "cases-outcome", Outcome::ALL.iter().map(|one| one.as_str())),
        causes: picker::causes(ctx, &lang).await?,
        // The link is the customer's own way, never one that staff note down.
        proofs: choices(&lang, "cases-proof", [ProofKind::Counter, ProofKind::Phone].map(ProofKind::as_str)),
        closers: choices(&lang, "cases-page-close-by", closing(ctx, case)),
        may_manage: ctx.actor.may(CLOSE, case),
        may_note: ctx.actor.may(WORK, case),
        parties: choices(&lang, "cases-party", Party::ALL.iter().map(|one| one.as_str())),
        ways: ways.iter().enumerate().map(|(n, way)| Choice::new((n + 1).to_string(), &way.text)).collect(),
        others: others
            .iter()
            .filter(|other| other.id != case.id)
            .map(|other| Choice::new(other.id.to_string(), format!("{} {}", other.number, other.subject)))
            .collect(),
        options: rows(&form),
        page: page.titled(word.clone()),
        word,
        icon: web::icon(icon_of(name)),
        name,
        form,
    })
}

/// People who could have the case: whoever may work on it once it is theirs. Giving it to others needs the right to assign.
fn people(ctx: &Ctx, case: &Case, name: CommandName) -> Vec<Choice> {
    let directory = directory(ctx);
    let place = Place { store: case.store, team: case.team, owner: case.owner };
    let others = name != CommandName::Accept || ctx.actor.may(ASSIGN, &place);
    let able = directory.users_of_store(case.store).filter(|user| {
        let own = Place { owner: Some(user.id), ..place };
        directory.actor(user.id).is_some_and(|actor| actor.may(WORK, &own))
    });
    able.filter(|user| others || Some(user.id) == ctx.actor.user)
        .map(|user| Choice::new(user.id.to_string(), &user.name))
        .collect()
}

fn teams(ctx: &Ctx, lang: &Lang, case: &Case) -> Vec<Choice> {
    let directory = directory(ctx);
    let near = directory.tree().units().filter(|unit| {
        let elsewhere = directory.store_of(unit.id).is_some_and(|store| store.id != case.store);
        unit.kind == identity::UnitKind::Team && unit.active && !elsewhere
    });
    near.map(|team| Choice::new(team.id.to_string(), unit_name(&directory, lang, team.id))).collect()
}

/// Who could say that a case is over, as far as the actor may write it down.
fn closing(ctx: &Ctx, case: &Case) -> Vec<&'static str> {
    let mut ways = Vec::new();
    if ctx.actor.may(WORK, case) {
        ways.push("customer");
    }
    if ctx.actor.may(CLOSE, case) {
        ways.push("manager");
    }
    ways
}

/// The step that has to come before `name`, when the actor may take it: its words and address.
fn first(lang: &Lang, detail: &Detail, name: CommandName) -> Option<(String, String)> {
    let refusal = detail.offers.iter().find(|offer| offer.name == name)?.refusal.as_ref()?;
    let wanted: &[CommandName] = match refusal.code {
        "cases-accept-first" => &[CommandName::Accept],
        "cases-waiting" => &[CommandName::Resume],
        "cases-plan-first" => &[CommandName::Confirm, CommandName::Propose],
        "cases-no-plan" => &[CommandName::Propose],
        "cases-not-resolved" => &[CommandName::Resolve],
        _ => return None,
    };
    let free = |name: &&CommandName| detail.offers.iter().any(|offer| offer.name == **name && offer.refusal.is_none());
    let step = wanted.iter().find(free)?;
    Some((lang.word("cases-command", step.as_str()), format!("/cases/{}/do/{step}", detail.case.id)))
}

/// The form with the options and lines of a plan numbered without gaps, so that errors find their fields again.
fn compact(form: &Form) -> Form {
    let mut pairs: Vec<(String, String)> =
        form.pairs().iter().filter(|(name, _)| !name.starts_with("options.")).cloned().collect();
    let mut nth = 0;
    for n in 0..OPTIONS {
        let field = |name: &str| form.raw(&format!("options.{n}.{name}")).trim().to_owned();
        let mut lines = Vec::new();
        for m in 0..LINES {
            let line = |name: &str| field(&format!("lines.{m}.{name}"));
            let (text, amount) = (line("text"), line("amount"));
            if !text.is_empty() || !amount.is_empty() {
                lines.push([
                    ("text", text),
                    ("amount", amount),
                    ("bearer", line("bearer")),
                    ("by_law", line("by_law")),
                ]);
            }
        }
        if n > 0 && field("text").is_empty() && field("done_by").is_empty() && lines.is_empty() {
            continue;
        }
        pairs.extend(["text", "done_by"].map(|name| (format!("options.{nth}.{name}"), field(name))));
        for (m, line) in lines.into_iter().enumerate() {
            pairs.extend(line.map(|(name, value)| (format!("options.{nth}.lines.{m}.{name}"), value)));
        }
        nth += 1;
    }
    Form::from_pairs(pairs)
}

/// The rows of the plan's form: those that are filled, one to begin with, and what was asked for.
fn rows(form: &Filled) -> Vec<OptionRows> {
    let add = form.value("add");
    let filled = |n: usize| {
        ["text", "done_by", "lines.0.text", "lines.0.amount"]
            .iter()
            .any(|name| !form.value(&format!("options.{n}.{name}")).is_empty())
    };
    let count = (0..OPTIONS).take_while(|n| filled(*n)).count().max(1) + usize::from(add == "option");
    (0..count.min(OPTIONS))
        .map(|n| {
            let used = |m: &usize| {
                ["text", "amount"].iter().any(|name| !form.value(&format!("options.{n}.lines.{m}.{name}")).is_empty())
            };
            let lines = (0..LINES).take_while(used).count();
            let lines = (lines + usize::from(add == format!("lines.{n}")) * 2).clamp(2, LINES);
            OptionRows {
                nth: n + 1,
                text: format!("options.{n}.text"),
                done_by: format!("options.{n}.done_by"),
                lines: (0..lines)
                    .map(|m| LineFields {
                        text: format!("options.{n}.lines.{m}.text"),
                        amount: format!("options.{n}.lines.{m}.amount"),
                        bearer: format!("options.{n}.lines.{m}.bearer"),
                        by_law: format!("options.{n}.lines.{m}.by_law"),
                    })
                    .collect(),
                more: (lines < LINES).then(|| format!("lines.{n}")),
            }
        })
        .collect()
}

async fn read(ctx: &Ctx, page: &Page, name: CommandName, form: &mut Form) -> Result<Command, Fault> {
    let given = |form: &Form, field: &str| Some(form.raw(field).to_owned()).filter(|typed| !typed.trim().is_empty());
    // Instants are typed as local time, amounts in yuan; both are told to the rules as the API tells them.
    let until = form.moment_or_none("until", &page.zone).map(|at| at.to_string());
    let options = if name == CommandName::Propose { options(form, page) } else { Vec::new() };
    let into = match given(form, "into") {
        Some(id) => Some(id),
        None => match given(form, "into_number").filter(|_| name == CommandName::Merge) {
            Some(number) => numbered(ctx, form, &number).await?,
            None => None,
        },
    };
    let input = CommandInput {
        owner: given(form, "owner"),
        team: given(form, "team"),
        priority: given(form, "priority"),
        kind: given(form, "kind"),
        findings: given(form, "findings"),
        options,
        option: form.number_or_none("option", 1..=99),
        proof: given(form, "proof"),
        note: given(form, "note"),
        reason: given(form, "reason"),
        until,
        outcome: given(form, "outcome"),
        cause: given(form, "cause"),
        by: given(form, "by"),
        wrong: given(form, "wrong"),
        into,
    };
    form.check()?;
    app::input::command(name, &input)
}

fn options(form: &mut Form, page: &Page) -> Vec<OptionInput> {
    let mut options = Vec::new();
    for n in 0..OPTIONS {
        let name = |field: &str| format!("options.{n}.{field}");
        if !form.pairs().iter().any(|(field, _)| *field == name("text")) {
            break;
        }
        let mut lines = Vec::new();
        for m in 0..LINES {
            let line = |field: &str| name(&format!("lines.{m}.{field}"));
            if !form.has(&line("text")) && !form.has(&line("amount")) {
                break;
            }
            // An empty amount is a cost of nothing, which is shown as such.
            let amount = form.money_or_none(&line("amount")).unwrap_or_default();
            lines.push(LineInput {
                text: form.raw(&line("text")).to_owned(),
                amount: amount.fen(),
                bearer: form.raw(&line("bearer")).to_owned(),
                by_law: form.flag(&line("by_law")),
            });
        }
        options.push(OptionInput {
            text: form.raw(&name("text")).to_owned(),
            done_by: form.moment_or_none(&name("done_by"), &page.zone).map(|at| at.to_string()),
            lines,
        });
    }
    options
}

/// The id of the case that people call `number`.
async fn numbered(ctx: &Ctx, form: &mut Form, number: &str) -> Result<Option<String>, Fault> {
    let wanted = number.trim().to_ascii_uppercase();
    let filter = Filter { text: Some(wanted.clone()), ..Filter::default() };
    let found = app::list(ctx, filter, Order::Newest, None, 50).await?;
    let found = found.rows.into_iter().find(|row| row.number == wanted).map(|row| row.id.to_string());
    if found.is_none() {
        form.reject("into_number", "unknown");
    }
    Ok(found)
}
