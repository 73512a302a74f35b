use approvals::domain::{Split, State as Answer};
use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::response::{IntoResponse, Redirect, Response};
use calendar::Ending;
use capability::Ctx;
use identity::Directory;
use kernel::{Fault, Id, Money, of};
use parties::verdict::{JUDGE, Link};
use web::{Chip, Due, DueTime, Failure, Filled, Form, Lang, Markup, Page, Step as Shape, Tab, View};

use super::files::Shelf;
use super::picker::Named;
use super::record::{self, Shown};
use super::shown::{channel_icon, due, flags, icon_of, next_step};
use super::tasks;
use super::ways::Ways;
use super::{directory, unit_name, with_done};
use crate::app::{self, Catalogue, ClockView, Detail, Filter, Order, Question, WORK};
use crate::domain::{
    CheckResult, CheckState, CommandName, Kind, LinkKind, PlanState, ProofKind, Stage, State, Step, may_check,
};
use crate::store::{Case, PlanRow};

#[derive(Template)]
#[template(path = "cases_detail.html")]
pub(super) struct DetailPage {
    page: Page,
    detail: Detail,
    verdict: Option<Markup>,
    chips: Vec<Chip>,
    head_due: Option<(String, DueTime)>,
    owner: String,
    team: String,
    store: String,
    taken_in_by: String,
    entered: String,
    came: String,
    wait: Option<String>,
    steps: Vec<Shape>,
    plan: Option<Plan>,
    earlier: Vec<Plan>,
    clocks: Vec<ClockCard>,
    todo: Todo,
    tabs: Vec<Tab>,
    entries: Vec<Markup>,
    shelf: Shelf,
    older: Option<String>,
    newest: Option<String>,
    form: Filled,
    tasks: Vec<tasks::Row>,
    open_tasks: usize,
    /// Where the flow of its own kind goes on.
    own_page: Option<String>,
    checks: Vec<CheckCard>,
    related: Vec<RelatedLine>,
    back: Option<String>,
    may_follow_up: bool,
    /// By which way a reply goes.
    ways: Ways,
    /// Texts that can be put in: id and name.
    texts: Vec<(String, String)>,
    /// When what stands in the box was last kept.
    drafted: Option<String>,
    held: Vec<HeldCard>,
    may_work: bool,
    /// Texts for the customer that can be copied now.
    copies: Vec<web::CopyText>,
    may_reveal: bool,
    can_link: bool,
    symptoms: Vec<Named>,
    /// What lay behind it, in words.
    cause: Option<String>,
    noted: Vec<(String, String)>,
}

/// Entered so much later than it happened, in milliseconds, both times are shown.
const LATE_ENTRY: i64 = 600_000;

/// A plan as it is shown.
struct Plan {
    revision: i64,
    chip: Chip,
    findings: String,
    by: String,
    at: String,
    options: Vec<PlanWay>,
    decided: Option<String>,
    /// What the store bears, and who approves what goes beyond the law.
    borne: Option<Borne>,
}

struct Borne {
    statutory: Money,
    extra: Money,
    chip: Chip,
    due: Option<DueTime>,
    who: Option<String>,
    reason: Option<String>,
    href: Option<String>,
}

struct PlanWay {
    nth: usize,
    text: String,
    done_by: Option<String>,
    /// What for, who bears it, by law or not, how much.
    lines: Vec<(String, String, bool, Money)>,
    customer_pays: Money,
    chosen: bool,
    held: Option<Chip>,
}

/// A deadline and the way to its explanation.
struct ClockCard {
    id: Id<of::Clock>,
    name: String,
    due: DueTime,
    bar: Option<web::Bar>,
    until: Option<String>,
}

/// Whether it held.
struct CheckCard {
    chip: Chip,
    line: String,
    note: Option<String>,
    next: Option<Id<of::Case>>,
    /// The reader may do it now.
    now: bool,
}

/// Another case that has to do with this one.
struct RelatedLine {
    href: String,
    word: String,
    number: String,
    subject: String,
    state: String,
    /// What takes the link away, for those who may.
    remove: Option<(Id<of::Case>, LinkKind)>,
}

/// What can be done, and what not yet.
struct Todo {
    next: Option<(CommandName, String)>,
    due: Option<DueTime>,
    others: Vec<(CommandName, String)>,
    not_yet: Vec<(String, String)>,
}

impl Todo {
    fn bar(&self, page: &Page, id: &Id<of::Case>) -> web::ActionBar {
        let href = |name: &CommandName| format!("/cases/{id}/do/{name}");
        let mut bar = web::action_bar(&page.lang, &self.next.as_ref().map(|(_, text)| text.clone()));
        if let Some(due) = &self.due {
            bar = bar.due(due);
        }
        // The rest stands in the side column, so that the bar stays one line.
        for (name, text) in self.others.iter().take(2) {
            bar = bar.link(text, href(name));
        }
        match &self.next {
            Some((name, text)) => bar.primary(icon_of(*name), text, href(name)),
            None => bar,
        }
    }
}

/// `GET /cases/{id or number}?tab=&before=&done=`
pub(crate) async fn show(
    page: Page,
    ctx: Ctx,
    Path(key): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let Ok(id) = key.parse::<i64>() else { return by_number(&ctx, &key).await };
    let mut page = with_done(page, query.as_deref());
    // A file that was taken away comes back with one click.
    if let Some(flash) = &mut page.flash
        && let Ok(file) = Form::from_query(query.as_deref().unwrap_or_default()).raw("undo").parse::<i64>()
    {
        flash.undo = Some(format!("/cases/{id}/files/{file}/restore"));
    }
    let mut shown = render(page, &ctx, Id::new(id), query.as_deref(), Filled::new()).await?;
    // What was just done can be taken back from its message.
    let asked = Form::from_query(query.as_deref().unwrap_or_default());
    let just = shown.detail.back.as_ref().filter(|back| asked.raw("done") == back.command.as_str());
    if let (Some(_), Some(flash)) = (just, &mut shown.page.flash) {
        flash.undo = Some(format!("/cases/{id}/back/{}", shown.detail.case.version));
    }
    Ok(View(shown).into_response())
}

/// People read numbers to each other; the address has the id.
async fn by_number(ctx: &Ctx, number: &str) -> Result<Response, Failure> {
    let wanted = number.trim().to_ascii_uppercase();
    let found =
        app::list(ctx, Filter { text: Some(wanted.clone()), ..Filter::default() }, Order::Newest, None, 50).await?;
    let case = found.rows.into_iter().find(|row| row.number == wanted).ok_or_else(Fault::not_found)?;
    Ok(Redirect::to(&format!("/cases/{}", case.id)).into_response())
}

/// The case's page with `form` in the box for messages.
pub(super) async fn render(
    page: Page,
    ctx: &Ctx,
    id: Id<of::Case>,
    query: Option<&str>,
    form: Filled,
) -> Result<DetailPage, Fault> {
    let detail = app::detail(ctx, id).await?;
    let asked = Form::from_query(query.unwrap_or_default());
    let shown = Shown::parse(asked.raw("tab"));
    let before = asked.raw("before").parse().ok();
    let copies = ctx.actor.may(WORK, &detail.case).then_some(id);
    let record = record::read(ctx, &page.lang, id, shown, before, copies).await?;
    let catalogue = app::symptoms(&ctx.house).await?;
    let (form, drafted) = drafted(ctx, &page.lang, id, form).await?;
    let ways = Ways::of(ctx, &page.lang, id, &form).await?;
    let shelf = Shelf::of(ctx, &page.lang, id, &detail.plans).await?;
    let lang = page.lang.clone();
    let directory = directory(ctx);
    let name = |id: Option<Id<of::User>>| id.and_then(|id| directory.user_name(id)).unwrap_or_default().to_owned();
    let case = &detail.case;
    let mut plans = detail.plans.iter().map(|row| {
        let question = detail.questions.iter().find(|one| Some(one.approval.id) == row.approval);
        plan(&lang, &directory, row, name(row.proposed_by), question)
    });
    let may_work = ctx.actor.may(WORK, case);
    let address = |shown: Shown| format!("/cases/{id}?tab={}#records", shown.as_str());
    let verdict = match &detail.verdict {
        Some(judged) => {
            let begin = format!("/returns/of/{id}");
            let link = Link { judge: ctx.actor.holds(JUDGE), open: may_work.then_some(begin.as_str()) };
            Some(parties::verdict::card(&lang, judged, link)?)
        }
        None => None,
    };
    let texts = if ctx.actor.may(WORK, &detail.case) { app::offered_texts(ctx, id).await? } else { Vec::new() };
    let held = app::held_replies(ctx, id).await?;
    let held = held.iter().map(|waiting| HeldCard::of(ctx, &page.lang, waiting)).collect();
    Ok(DetailPage {
        texts: texts.into_iter().map(|text| (text.id.to_string(), text.name)).collect(),
        drafted,
        held,
        verdict,
        ways,
        chips: chips(&lang, &detail),
        head_due: case
            .due
            .as_ref()
            .and_then(|own| due(&lang, Some(own), None).map(|due| (lang.word("cases-stage", own.stage.as_str()), due))),
        owner: name(case.owner),
        team: case.team.map(|team| unit_name(&directory, &lang, team)).unwrap_or_default(),
        store: unit_name(&directory, &lang, case.store),
        taken_in_by: name(case.created_by),
        entered: lang.at(case.created_at),
        came: came(&lang, &detail),
        symptoms: detail.symptoms.iter().map(|symptom| Named::of(&lang, symptom)).collect(),
        cause: case.cause.as_ref().map(|cause| catalogue.cause_name(cause.as_str(), lang.locale.as_str())),
        noted: noted(&lang, &catalogue, &detail),
        wait: case.state.wait().map(|wait| {
            lang.t3(
                "cases-page-waits",
                "reason",
                lang.word("cases-wait", wait.reason.as_str()),
                "owner",
                name(Some(wait.owner)),
                "until",
                lang.at(wait.until),
            )
        }),
        steps: steps(&lang, &detail),
        plan: plans.next(),
        earlier: plans.collect(),
        clocks: detail.clocks.iter().filter_map(|clock| ClockCard::of(&lang, clock)).collect(),
        todo: todo(&lang, &detail, may_work),
        tabs: Shown::ALL
            .into_iter()
            .map(|one| {
                Tab::new(lang.t(&format!("cases-page-record-{}", one.as_str())), address(one)).current(one == shown)
            })
            .collect(),
        entries: record.entries,
        shelf,
        older: record.next.map(|seq| format!("/cases/{id}?tab={}&before={seq}#records", shown.as_str())),
        newest: before.map(|_| address(shown)),
        tasks: detail.tasks.iter().map(|task| tasks::Row::of(ctx, &lang, task, "", "")).collect(),
        own_page: own_page(&detail.case),
        open_tasks: detail.tasks.iter().filter(|task| !task.state.is_over()).count(),
        checks: checks(ctx, &lang, &detail),
        related: related(&lang, &detail, may_work),
        back: detail.back.as_ref().map(|back| {
            let command = lang.word("cases-command", back.command.as_str());
            lang.t3("cases-back-about", "command", command, "name", name(Some(back.by)), "at", lang.at(back.at))
        }),
        may_follow_up: case.state.is_over() && case.state != State::Merged && ctx.actor.may(app::TAKE_IN, case),
        copies: if may_work { copies_of(&lang, &detail) } else { Vec::new() },
        may_work,
        may_reveal: detail.customer.as_ref().is_some_and(|card| {
            let place = kernel::Place { store: card.store, team: None, owner: None };
            !card.phone.is_empty() && ctx.actor.may(parties::app::REVEAL, &place)
        }),
        can_link: may_work && case.customer.is_some(),
        form,
        page: page.titled(format!("{} {}", case.number, case.subject)),
        detail,
    })
}

/// What the reader wrote into the box for messages and has not sent yet; what was just sent and refused goes before it.
async fn drafted(ctx: &Ctx, lang: &Lang, id: Id<of::Case>, form: Filled) -> Result<(Filled, Option<String>), Fault> {
    if !form.value("body").is_empty() || !form.errors().is_empty() {
        return Ok((form, None));
    }
    let Some(draft) = app::reply_draft(ctx, id).await? else { return Ok((form, None)) };
    let at = lang.t1("cases-intake-draft-kept", "at", lang.time(draft.updated_at));
    let form = form
        .with("body", draft.body)
        .with("visibility", draft.visibility.map(|visibility| visibility.as_str()).unwrap_or_default())
        .with("way", draft.way.map(|way| way.as_str()).unwrap_or_default());
    Ok((form, Some(at)))
}

/// A reply that waits for a second yes, or did not get it.
struct HeldCard {
    chip: Chip,
    about: String,
    body: String,
    files: Vec<(String, String)>,
    reason: Option<String>,
    href: Option<String>,
}

impl HeldCard {
    fn of(ctx: &Ctx, lang: &Lang, waiting: &app::Waiting) -> Self {
        let directory = directory(ctx);
        let held = &waiting.held;
        let (tone, icon) = match held.state.as_str() {
            "asked" => ("soon", "hourglass"),
            "declined" => ("late", "circle-x"),
            _ => ("", "history"),
        };
        let approval = waiting.approval.as_ref();
        let open = |approval: &approvals::store::Approval| {
            let may = ctx.actor.may(approvals::app::VIEW, approval) || Some(held.author) == ctx.actor.user;
            may.then(|| format!("/approvals/{}", approval.id))
        };
        Self {
            chip: web::chip(tone, icon, lang.word("cases-held", &held.state)),
            about: lang.t3(
                "cases-held-about",
                "name",
                directory.user_name(held.author).unwrap_or_default(),
                "rule",
                held.rule.as_str(),
                "at",
                lang.at(held.created_at),
            ),
            body: held.body.clone(),
            files: waiting.files.iter().map(|file| (format!("/files/{}", file.id), file.name.clone())).collect(),
            reason: approval.and_then(|approval| approval.reason.clone()),
            href: approval.and_then(open),
        }
    }
}

/// When the customer came, and when it was typed in where that is more than ten minutes later.
fn came(lang: &Lang, detail: &Detail) -> String {
    let (came, entered) = (detail.case.happened_at, detail.case.created_at);
    if entered.since(came) <= LATE_ENTRY {
        return lang.at(came);
    }
    lang.t3(
        "cases-intake-late",
        "at",
        lang.at(came),
        "entered",
        lang.at(entered),
        "late",
        lang.span(entered.since(came)),
    )
}

/// What else was noted at intake.
fn noted(lang: &Lang, catalogue: &Catalogue, detail: &Detail) -> Vec<(String, String)> {
    let extras = &detail.extras;
    let goods = extras
        .category
        .as_deref()
        .map(|code| catalogue.category(code).map_or(code, |entry| entry.name_in(lang.locale.as_str())).to_owned());
    let lines = [
        ("cases-page-via", detail.via.as_ref().map(|via| via.name.clone())),
        ("cases-intake-category", goods),
        ("cases-intake-receipt", extras.receipt.clone()),
        ("cases-intake-slip", extras.slip.clone()),
        ("cases-intake-promised-call", extras.promised_call.map(|at| lang.when(at))),
        ("cases-intake-promised-ready", extras.promised_ready.map(|day| lang.day(day))),
    ];
    lines.into_iter().filter_map(|(key, value)| Some((lang.t(key), value?))).collect()
}

fn checks(ctx: &Ctx, lang: &Lang, detail: &Detail) -> Vec<CheckCard> {
    let directory = directory(ctx);
    let name = |id: Option<Id<of::User>>| id.and_then(|id| directory.user_name(id)).unwrap_or_default().to_owned();
    let shown = detail.checks.iter().filter(|check| matches!(check.state, CheckState::Planned | CheckState::Done));
    shown
        .map(|check| {
            let (chip, line) = match (check.result, check.planned_on) {
                (Some(result), _) => {
                    let (tone, icon) = match result {
                        CheckResult::Worked => ("ok", "circle-check"),
                        CheckResult::Partly => ("soon", "alert-circle"),
                        CheckResult::Failed => ("late", "alert-triangle"),
                    };
                    let at = check.checked_at.map(|at| lang.at(at)).unwrap_or_default();
                    (
                        web::chip(tone, icon, lang.word("cases-check-result", result.as_str())),
                        lang.t2("cases-check-by", "name", name(check.checked_by), "at", at),
                    )
                }
                (None, day) => {
                    let day = day.map(|day| lang.day(day)).unwrap_or_default();
                    let chip = web::chip("", "calendar-event", lang.t("cases-check-planned"));
                    (chip, lang.t2("cases-check-on", "day", day, "name", name(check.solver)))
                }
            };
            let free = may_check(check.state, check.solver, ctx.actor.user).is_ok();
            CheckCard {
                chip,
                line,
                note: check.note.clone(),
                next: check.follow_up,
                now: free && ctx.actor.may(app::CHECK, &detail.case),
            }
        })
        .collect()
}

/// The texts that fit where the case stands, each with its button.
fn copies_of(lang: &Lang, detail: &Detail) -> Vec<web::CopyText> {
    let case = &detail.case;
    let over = case.state.is_over();
    let promised = [
        Stage::FirstAnswer,
        Stage::NextAnswer,
        Stage::Plan,
        Stage::Solution,
        Stage::PromisedCall,
        Stage::PromisedReady,
    ];
    let due = detail.clocks.iter().any(|clock| {
        promised.contains(&clock.stage) && clock.stopped_at.is_none() && clock.due_at.is_some_and(|due| due > lang.now)
    });
    let proposed = detail.plans.first().is_some_and(|plan| plan.state == PlanState::Proposed);
    let done = matches!(case.state, State::Resolved | State::Closed);
    [("received", !over), ("promise", due && !over), ("plan", proposed && !over), ("resolved", done)]
        .into_iter()
        .filter(|(_, fits)| *fits)
        .map(|(code, _)| {
            web::copy_text(lang, &format!("/cases/{}/wechat", case.id), &[("text", code)])
                .of(lang.word("messaging-text", code))
        })
        .collect()
}

fn related(lang: &Lang, detail: &Detail, may_work: bool) -> Vec<RelatedLine> {
    let line = |other: &app::Related| RelatedLine {
        href: format!("/cases/{}", other.case),
        word: lang.t(&format!(
            "cases-link-{}-{}",
            if other.inward { "in" } else { "out" },
            other.kind.as_str().replace('_', "-")
        )),
        number: other.number.clone(),
        subject: other.subject.clone(),
        state: lang.word("cases-state", other.state.as_str()),
        remove: (may_work && LinkKind::BY_HAND.contains(&other.kind)).then_some((other.case, other.kind)),
    };
    detail.related.iter().map(line).collect()
}

fn chips(lang: &Lang, detail: &Detail) -> Vec<Chip> {
    let case = &detail.case;
    let kind = format!(
        "{} · {}",
        lang.word("cases-kind", case.kind.as_str()),
        lang.word("cases-channel", case.channel.as_str())
    );
    let state = lang.word("cases-state", case.state.name().as_str());
    let (tone, icon) = match case.state {
        State::New => ("soon", "inbox"),
        State::Active(_) => ("info", "circle-dot"),
        State::Waiting(_) => ("", "player-pause"),
        State::Resolved | State::Closed => ("ok", "circle-check"),
        State::Rejected | State::Cancelled | State::Merged => ("", "circle-x"),
    };
    let mut chips = vec![web::chip("line", channel_icon(case.channel), kind), web::chip(tone, icon, state)];
    chips.extend(flags(lang, case.priority, case.upset));
    if case.reopened > 0 {
        chips.push(web::chip("soon", "refresh", lang.t1("cases-page-reopened", "n", case.reopened)));
    }
    chips
}

/// The six steps with the time at which each was passed.
fn steps(lang: &Lang, detail: &Detail) -> Vec<Shape> {
    let case = &detail.case;
    let now = case.step.number();
    let planned = detail.plans.first();
    (1..=6)
        .map(|n: i64| {
            let label = lang.t(&format!("cases-step-{n}"));
            let at = match n {
                1 => Some(lang.at(case.happened_at)),
                2 => case.accepted_at.map(|at| lang.at(at)),
                3 => planned
                    .map(|plan| lang.t2("cases-page-plan-at", "n", plan.revision, "at", lang.date(plan.proposed_at))),
                4 => case.resolved_at.map(|at| lang.at(at)),
                5 => case.closed_at.map(|at| lang.at(at)),
                _ => None,
            };
            match n.cmp(&now) {
                std::cmp::Ordering::Less => Shape::done(label, at.unwrap_or_default()),
                std::cmp::Ordering::Equal => Shape::now(label, lang.word("cases-state", case.state.name().as_str())),
                std::cmp::Ordering::Greater => Shape::todo(label, String::new()),
            }
        })
        .collect()
}

/// What the store bears by a plan, when it bears anything, and how the question about it stands.
fn borne(lang: &Lang, directory: &Directory, row: &PlanRow, question: Option<&Question>) -> Option<Borne> {
    let Split { statutory, extra } = row.plan.borne();
    if statutory == Money::ZERO && extra == Money::ZERO {
        return None;
    }
    let Some(Question { approval, seats, may_open }) = question else {
        let chip = web::chip("ok", "circle-check", lang.t("cases-page-approval-within"));
        return Some(Borne { statutory, extra, chip, due: None, who: None, reason: None, href: None });
    };
    let word = lang.word("approvals-state", approval.state.as_str());
    let open = approval.state == Answer::Asked;
    let chip = match approval.state {
        Answer::Asked => {
            let unit = unit_name(directory, lang, approval.unit);
            web::chip("soon", "hourglass", lang.t1("cases-page-approval-turn", "unit", unit))
        }
        Answer::Granted => web::chip("ok", "circle-check", word),
        Answer::Declined => web::chip("late", "circle-x", word),
        Answer::Withdrawn | Answer::Expired => web::chip("", "history", word),
    };
    let names: Vec<&str> = seats.iter().take(3).filter_map(|seat| directory.user_name(seat.user)).collect();
    let names = names.join(&lang.t("approvals-comma"));
    let from = approval.passed_at.unwrap_or(approval.asked_at);
    Some(Borne {
        statutory,
        extra,
        chip,
        due: open.then(|| lang.due(&Due::Running { from, at: approval.due_at })),
        who: open.then(|| lang.t2("cases-page-approval-who", "names", names, "minutes", approval.minutes)),
        reason: approval.reason.clone().filter(|_| approval.state == Answer::Declined),
        href: may_open.then(|| format!("/approvals/{}", approval.id)),
    })
}

fn plan(lang: &Lang, directory: &Directory, row: &PlanRow, by: String, question: Option<&Question>) -> Plan {
    let (tone, icon) = match row.state {
        PlanState::Proposed => ("soon", "hourglass"),
        PlanState::Confirmed => ("ok", "circle-check"),
        PlanState::Declined => ("late", "arrow-back-up"),
        PlanState::Superseded => ("", "history"),
    };
    let many = row.plan.options.len() > 1;
    let options = row.plan.options.iter().zip(1_i64..).map(|(option, nth)| PlanWay {
        nth: usize::try_from(nth).unwrap_or_default(),
        text: option.text.clone(),
        done_by: option.done_by.map(|at| lang.at(at)),
        lines: option
            .lines
            .iter()
            .map(|line| (line.text.clone(), lang.word("cases-party", line.bearer.as_str()), line.by_law, line.amount))
            .collect(),
        customer_pays: option.customer_pays(),
        chosen: many && row.chosen == Some(nth - 1),
        held: row.held.iter().any(|held| i64::try_from(*held) == Ok(nth - 1)).then(|| held_chip(lang, question)),
    });
    // A plan that another one took the place of was decided by nobody.
    let answered = row.decided_at.filter(|_| row.proof.is_some() || row.decline_reason.is_some());
    let decided = answered.map(|at| match (&row.decline_reason, row.proof) {
        (Some(reason), _) => lang.t2("cases-page-plan-declined-at", "at", lang.at(at), "reason", reason),
        (None, proof) => lang.t2(
            "cases-page-plan-confirmed-at",
            "at",
            lang.at(at),
            "proof",
            proof.map(|proof: ProofKind| lang.word("cases-proof", proof.as_str())).unwrap_or_default(),
        ),
    });
    Plan {
        revision: row.revision,
        chip: web::chip(tone, icon, lang.word("cases-page-plan", row.state.as_str())),
        findings: row.plan.findings.clone(),
        by,
        at: lang.at(row.proposed_at),
        options: options.collect(),
        decided,
        borne: borne(lang, directory, row, question),
    }
}

fn held_chip(lang: &Lang, question: Option<&Question>) -> Chip {
    match question.map(|question| question.approval.state) {
        Some(Answer::Asked) => web::chip("soon", "hourglass", lang.t("cases-page-option-held")),
        _ => web::chip("", "circle-x", lang.t("cases-page-option-held-over")),
    }
}

impl ClockCard {
    /// Clocks whose question no longer stands are not shown.
    fn of(lang: &Lang, clock: &ClockView) -> Option<Self> {
        let due = standing(lang, clock)?;
        let running = matches!(due, Due::Running { .. });
        let tone = due.tone(lang.now).class();
        Some(Self {
            id: clock.id,
            name: lang.word("cases-stage", clock.stage.as_str()),
            bar: running.then(|| web::bar(due.used_percent(lang.now), tone)),
            until: clock.due_at.filter(|_| running).map(|at| lang.t1("cases-page-until", "at", lang.when(at))),
            due: lang.due(&due),
        })
    }
}

/// A clock as people read it; `None` when it was dropped.
fn standing(lang: &Lang, clock: &ClockView) -> Option<Due> {
    Some(match (clock.stopped_at, clock.ending, clock.due_at) {
        (Some(_), Some(Ending::Cancelled), _) | (Some(_), None, _) => return None,
        (Some(stopped), Some(Ending::Late), Some(due)) => Due::Missed { by: stopped.since(due) },
        (Some(stopped), Some(_), _) => Due::Met { took: stopped.since(clock.started_at) },
        (None, _, Some(at)) if !clock.is_paused => Due::Running { from: clock.started_at, at },
        (None, _, _) => Due::Paused {
            reason: clock.paused.map(|reason| lang.word("cases-wait", reason.as_str())).unwrap_or_default(),
        },
    })
}

/// The icon of a command; the template hands out references.
fn icon_at(name: &CommandName) -> web::Icon {
    web::icon(icon_of(*name))
}

/// The page of the flow that moves a case of this kind.
fn own_page(case: &Case) -> Option<String> {
    match case.kind {
        Kind::Complaint if case.own_flow => Some(format!("/complaints/{}", case.id)),
        _ => None,
    }
}

/// Refusals that say "first do that": the command belongs here, only not yet.
const NOT_YET: [&str; 5] =
    ["cases-accept-first", "cases-waiting", "cases-no-plan", "cases-plan-first", "cases-not-resolved"];

fn todo(lang: &Lang, detail: &Detail, may_work: bool) -> Todo {
    let case = &detail.case;
    let word = |name: CommandName| lang.word("cases-command", name.as_str());
    let free = |name: &CommandName| detail.offers.iter().any(|offer| offer.name == *name && offer.refusal.is_none());
    let next = next_step(&case.state, case.kind).filter(|name| may_work && free(name));
    let others = detail.offers.iter().filter(|offer| offer.refusal.is_none() && Some(offer.name) != next);
    let not_yet = detail.offers.iter().filter_map(|offer| {
        let refusal = offer.refusal.as_ref().filter(|refusal| NOT_YET.contains(&refusal.code))?;
        // Once work goes on, a plan to say yes to is behind us, not ahead.
        if refusal.code == "cases-no-plan" && case.step >= Step::Execution {
            return None;
        }
        Some((word(offer.name), web::sentence(lang.locale, &Fault::from(refusal.clone()))))
    });
    Todo {
        next: next.map(|name| (name, word(name))),
        due: due(lang, case.due.as_ref(), case.state.wait().map(|wait| wait.reason)),
        others: others.map(|offer| (offer.name, word(offer.name))).collect(),
        not_yet: not_yet.collect(),
    }
}
