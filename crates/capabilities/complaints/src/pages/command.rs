use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use capability::Ctx;
use identity::UnitKind;
use kernel::{Fault, FaultKind, Id, Money, Placed, of};
use web::{Choice, Failure, Filled, Form, Markup, Page, View};

use super::input::{self, LINES};
use super::shown::{cause_choices, icon_of};
use crate::app::{self, Detail};
use crate::domain::{CommandName, Party, Reason, Remedy, Severity, Source, Topic};

/// How long an offer stands by default, in days.
const OFFER_DAYS: i64 = 7;
const DAY: i64 = 86_400_000;

#[derive(Template)]
#[template(path = "complaints_command.html")]
struct CommandPage {
    page: Page,
    id: Id<of::Case>,
    number: String,
    subject: String,
    version: i64,
    name: CommandName,
    word: String,
    icon: web::Icon,
    form: Filled,
    refusal: Option<Markup>,
    stale: bool,
    severities: Vec<Choice>,
    sources: Vec<Choice>,
    topics: Vec<Choice>,
    reasons: Vec<Choice>,
    parties: Vec<Choice>,
    causes: Vec<Choice>,
    remedies: Vec<Choice>,
    people: Vec<Choice>,
    everybody: Vec<Choice>,
    units: Vec<Choice>,
    holds: Vec<Choice>,
    scores: Vec<Choice>,
    same: Vec<Choice>,
    lines: Vec<(String, String, String, String, usize)>,
    standing: Vec<Choice>,
    precedents: Vec<(String, String, String)>,
}

impl CommandPage {
    fn bar(&self) -> web::ActionBar {
        let back = self.page.t("complaints-back-to-one");
        let bar = web::action_bar(&self.page.lang, &None).link(back, format!("/complaints/{}", self.id));
        bar.submit(&self.word, "command")
    }
}

/// `GET /complaints/{id}/do/{command}`: the fields of a command.
pub(crate) async fn ask(page: Page, ctx: Ctx, Path((id, name)): Path<(i64, String)>) -> Result<Response, Failure> {
    let name = CommandName::parse(&name).ok_or_else(Fault::not_found)?;
    let detail = app::detail(&ctx, Id::new(id)).await?;
    let offer = detail.offers.iter().find(|offer| offer.name == name).ok_or_else(Fault::forbidden)?;
    let fault = offer.refusal.map(Fault::from);
    let status = if fault.is_some() { StatusCode::CONFLICT } else { StatusCode::OK };
    let form = likely(&ctx, &page, &detail, name);
    let mut page = render(page, &ctx, detail, name, form).await?;
    page.refusal = fault.map(|fault| web::notice(&page.page.lang, &fault));
    Ok((status, View(page)).into_response())
}

/// `POST /complaints/{id}/do/{command}`. What was typed is never lost: errors and clashes bring the form back.
pub(crate) async fn give(
    page: Page,
    ctx: Ctx,
    Path((id, name)): Path<(i64, String)>,
    mut form: Form,
) -> Result<Response, Failure> {
    let (id, name) = (Id::<of::Case>::new(id), CommandName::parse(&name).ok_or_else(Fault::not_found)?);
    let version = form.version("version")?;
    let done = match input::read(name, &mut form, &page.lang) {
        Ok(command) => app::command(&ctx, id, version, command).await,
        Err(fault) => Err(fault),
    };
    let fault = match done {
        Ok(_) => return Ok(Redirect::to(&format!("/complaints/{id}")).into_response()),
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
    let mut page = render(page, &ctx, detail, name, form.into_filled_with(&fault)).await?;
    page.stale = fault.kind() == FaultKind::Stale;
    page.refusal = notice;
    Ok((status, View(page)).into_response())
}

/// What is known already stands in the form.
fn likely(ctx: &Ctx, page: &Page, detail: &Detail, name: CommandName) -> Filled {
    let one = &detail.complaint;
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let mut pairs: Vec<(String, String)> = Vec::new();
    let mut put = |field: &str, value: String| {
        if !value.is_empty() {
            pairs.push((field.to_owned(), value));
        }
    };
    match name {
        CommandName::Screen => {
            put("severity", one.severity.to_string());
            put("source", one.source.to_string());
        }
        CommandName::Accept => {
            put("severity", one.severity.to_string());
            put("topic", one.topic.map(|topic| topic.to_string()).unwrap_or_default());
            let handler = one.owner.or(ctx.actor.user);
            put("handler", handler.map(|user| user.to_string()).unwrap_or_default());
        }
        CommandName::Conclude => {
            put("facts", text(&one.facts));
            put("evidence", text(&one.evidence));
            put("party", one.party.map(|party| party.to_string()).unwrap_or_default());
            put("cause", one.cause.as_ref().map(ToString::to_string).unwrap_or_default());
            put("unit", one.unit.map(|unit| unit.to_string()).unwrap_or_default());
            put("user", one.user.map(|user| user.to_string()).unwrap_or_default());
        }
        CommandName::Draft => {
            for row in detail.standing() {
                let n = row.seq;
                put(&format!("kind{n}"), row.line.kind.to_string());
                put(&format!("text{n}"), row.line.text.clone());
                if row.line.amount > Money::ZERO {
                    put(&format!("amount{n}"), row.line.amount.to_string());
                }
                if row.line.by_law {
                    put(&format!("by_law{n}"), "yes".to_owned());
                }
            }
        }
        CommandName::Submit => {
            put("wording", text(&one.wording));
            let until = page.lang.now.plus(OFFER_DAYS * DAY).civil(&page.lang.zone);
            put("valid_until", until.strftime("%Y-%m-%dT18:00").to_string());
        }
        CommandName::Execute => {
            let open = detail.standing().find(|row| row.done_at.is_none());
            put("line", open.map(|row| row.seq.to_string()).unwrap_or_default());
        }
        CommandName::Finish => put("answer", text(&one.wording)),
        _ => {}
    }
    pairs.into_iter().fold(Filled::new(), |filled, (field, value)| filled.with(&field, value))
}

async fn render(page: Page, ctx: &Ctx, detail: Detail, name: CommandName, form: Filled) -> Result<CommandPage, Fault> {
    let lang = page.lang.clone();
    let directory = ctx.house.identity.directories().now();
    let one = &detail.complaint;
    let person = |(id, name): (Id<of::User>, String)| Choice::new(id.to_string(), name);
    let people = app::people(ctx, &one.place());
    let near =
        people.clone().into_iter().chain(directory.users_of_store(one.store).map(|user| (user.id, user.name.clone())));
    let mut everybody: Vec<(Id<of::User>, String)> = near.collect();
    everybody.sort();
    everybody.dedup();
    let units = directory.stores().chain(directory.tree().units().filter(|unit| unit.kind == UnitKind::Team));
    let here = detail.case.store;
    let units = units
        .filter(|unit| unit.active && directory.store_of(unit.id).is_none_or(|store| store.id == here))
        .map(|unit| Choice::new(unit.id.to_string(), unit.name_in(lang.locale.as_str())));
    let same = match (name, detail.case.customer) {
        (CommandName::Duplicate, Some(customer)) => cases::app::open_of_customer(ctx, customer).await?,
        _ => Vec::new(),
    };
    let same = same.into_iter().filter(|case| case.id != one.case);
    let lines =
        (1..=LINES).map(|n| (format!("kind{n}"), format!("text{n}"), format!("amount{n}"), format!("by_law{n}"), n));
    let standing = detail.standing().filter(|row| row.done_at.is_none()).map(|row| {
        Choice::new(
            row.seq.to_string(),
            format!("{} · {}", lang.word("complaints-remedy", row.line.kind.as_str()), row.line.text),
        )
    });
    let word = lang.word("complaints-command", name.as_str());
    let catalogue = cases::app::symptoms(&ctx.house).await?;
    Ok(CommandPage {
        id: one.case,
        number: one.number.clone(),
        subject: detail.case.subject.clone(),
        version: detail.case.version,
        name,
        icon: web::icon(icon_of(name)),
        refusal: None,
        stale: false,
        severities: page.choices("complaints-severity", Severity::ALL.iter().map(|one| one.as_str())),
        sources: page.choices("complaints-source", Source::ALL.iter().map(|one| one.as_str())),
        topics: page.choices("complaints-topic", Topic::ALL.iter().map(|one| one.as_str())),
        reasons: page.choices("complaints-reason", Reason::ALL.iter().map(|one| one.as_str())),
        parties: page.choices("complaints-party", Party::ALL.iter().map(|one| one.as_str())),
        causes: cause_choices(&lang, &catalogue, one.cause.as_ref()),
        remedies: page.choices("complaints-remedy", Remedy::ALL.iter().map(|one| one.as_str())),
        people: people.into_iter().map(person).collect(),
        everybody: everybody.into_iter().map(person).collect(),
        units: units.collect(),
        holds: page.choices("complaints-holds", ["yes", "no"]),
        scores: page.choices("complaints-score", ["5", "4", "3", "2", "1"]),
        same: same
            .map(|case| Choice::new(case.id.to_string(), format!("{} · {}", case.number, case.subject)))
            .collect(),
        lines: lines.collect(),
        standing: standing.collect(),
        precedents: detail
            .precedents
            .iter()
            .map(|one| (one.number.clone(), format!("/complaints/{}", one.case), lang.money(one.amount)))
            .collect(),
        form,
        page: page.titled(word.clone()),
        word,
    })
}
