use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use capability::Ctx;
use cases::domain::PlanState;
use kernel::{Id, Money, of};
use web::{Chip, DueTime, Failure, Lang, Page, Step as Shape, View};

use super::guides::said;
use super::shown::{self, cause_name, icon_of, next_step, unit_name, user_name};
use crate::app::{self, Detail};
use crate::domain::{CommandName, State};
use crate::regulator::app::HOLD;
use crate::regulator::domain::Nature;
use crate::store::LineRow;

#[derive(Template)]
#[template(path = "complaints_detail.html")]
struct DetailPage {
    page: Page,
    beside: Beside,
    detail: Detail,
    chips: Vec<Chip>,
    steps: Vec<Shape>,
    owner: String,
    store: String,
    unit: String,
    user: String,
    cause: String,
    concluded_by: String,
    called_by: String,
    interested: String,
    rounds: Vec<Round>,
    clocks: Vec<Clock>,
    tasks: Vec<Task>,
    precedents: Vec<Precedent>,
    next: Option<(CommandName, String)>,
    others: Vec<(CommandName, String)>,
    not_yet: Vec<(String, String)>,
    may_answer: bool,
    /// Whether the reader may give tasks to departments now.
    may_ask: bool,
    may_export: bool,
    proof: Option<String>,
    lacks: String,
    appeal_until: Option<String>,
    registered: String,
    valid_until: Option<String>,
    agreed: Option<String>,
    retain_until: Option<String>,
    /// What can be done about who sees it and how long it is kept.
    keeping: Vec<(&'static str, String)>,
    hold: Option<String>,
    /// Whether the reader says who else sees it.
    may_name: bool,
}

/// What stands beside a complaint from elsewhere.
struct Beside {
    guides: ::guides::Beside,
    matrix: crate::matrix::Card,
    /// Its quality review: the way there and what it came to.
    review: Option<(String, String)>,
}

struct Clock {
    id: Id<of::Clock>,
    name: String,
    due: DueTime,
    bar: Option<web::Bar>,
}

/// One offer with its lines.
struct Round {
    n: i64,
    current: bool,
    total: String,
    lines: Vec<Line>,
}

struct Line {
    kind: String,
    text: String,
    amount: String,
    by_law: bool,
    done: Option<String>,
    note: String,
}

struct Task {
    href: String,
    title: String,
    who: String,
    state: String,
    answer: Option<String>,
    due: Option<DueTime>,
}

struct Precedent {
    href: String,
    number: String,
    subject: String,
    severity: Chip,
    amount: String,
    satisfaction: Option<i64>,
}

impl DetailPage {
    /// The next step, or the way back.
    fn bar(&self) -> web::ActionBar {
        let bar = web::action_bar(&self.page.lang, &None);
        match &self.next {
            Some((name, text)) => {
                bar.primary(icon_of(*name), text, format!("/complaints/{}/do/{name}", self.detail.case.id))
            }
            None => bar.link(self.page.t("complaints-back"), "/complaints"),
        }
    }
}

/// The eight stretches that people name, with the states in which each is under way.
const SHAPES: [(&str, &[State]); 8] = [
    ("register", &[State::Registered]),
    ("screen", &[State::Screening]),
    ("accept", &[State::Accepted, State::Appealed]),
    ("investigate", &[State::Investigating]),
    ("offer", &[State::Verdict, State::Proposal, State::Approval, State::Offered]),
    ("execute", &[State::Agreed, State::Executing]),
    ("call", &[State::FollowUp]),
    ("archive", &[State::Closed, State::Archived]),
];

/// `GET /complaints/{id}`
pub(crate) async fn show(page: Page, ctx: Ctx, Path(id): Path<i64>) -> Result<Response, Failure> {
    let detail = app::detail(&ctx, Id::new(id)).await?;
    // A report has no other page than that of what the authority passed on.
    if let Some(one) = detail.regulator.as_ref().filter(|one| one.nature == Nature::Report)
        && ctx.actor.may(crate::regulator::app::VIEW, one)
    {
        return Ok(Redirect::to(&format!("/regulator/{id}")).into_response());
    }
    let guides = said(&ctx, &page.lang, &detail).await?;
    let matrix = crate::matrix::card(&ctx, &page.lang, &detail).await?;
    let review = crate::review::of_case(&ctx, detail.case.id).await?.map(|(id, score)| {
        let words = match score {
            Some(points) => page.lang.percent(kernel::Ratio::from_basis_points(points)),
            None => page.lang.t("complaints-review-state-open"),
        };
        (format!("/complaints/reviews/{id}"), words)
    });
    let catalogue = cases::app::symptoms(&ctx.house).await?;
    let cause = cause_name(&page.lang, &catalogue, detail.complaint.cause.as_ref());
    Ok(View(render(page, &ctx, detail, cause, Beside { guides, matrix, review })).into_response())
}

fn render(page: Page, ctx: &Ctx, detail: Detail, cause: String, beside: Beside) -> DetailPage {
    let lang = &page.lang;
    let one = &detail.complaint;
    let word = |name: CommandName| lang.word("complaints-command", name.as_str());
    let free = |name: CommandName| detail.offers.iter().any(|offer| offer.name == name && offer.refusal.is_none());
    // While lines of the offer are open, carrying one out is what comes next.
    let next = next_step(one.state)
        .filter(|name| free(*name))
        .or_else(|| free(CommandName::Execute).then_some(CommandName::Execute))
        .map(|name| (name, word(name)));
    let others = detail.offers.iter().filter(|offer| {
        offer.refusal.is_none()
            && offer.name != CommandName::Execute
            && next.as_ref().is_none_or(|(name, _)| *name != offer.name)
    });
    let others = others.map(|offer| (offer.name, word(offer.name))).collect();
    // Why the next step cannot be made yet; what does not belong to this state is not shown.
    let not_yet = detail.offers.iter().filter_map(|offer| {
        let refusal = offer.refusal.filter(|refusal| refusal.0 != crate::domain::refusal::NOT_NOW)?;
        (next_step(one.state) == Some(offer.name))
            .then(|| (word(offer.name), web::sentence(lang.locale, &kernel::Fault::from(refusal))))
    });
    let not_yet = not_yet.collect();
    let mut chips = vec![shown::severity(lang, one.severity), shown::state(lang, one.state)];
    if let Some(topic) = one.topic {
        chips.push(web::chip("line", "tag", lang.word("complaints-topic", topic.as_str())));
    }
    if detail.case.upset {
        chips.push(web::chip("late", "flame", lang.t("complaints-upset")));
    }
    if one.harm {
        chips.push(web::chip("late", "alert-triangle", lang.t("complaints-harm")));
    }
    if one.legal_hold.is_some() {
        chips.push(web::chip("soon", "lock", lang.t("complaints-legal-hold")));
    }
    let clocks = detail.clocks.iter().filter_map(|clock| {
        let due = shown::standing(lang, clock)?;
        let running = matches!(due, web::Due::Running { .. });
        let tone = due.tone(lang.now).class();
        Some(Clock {
            id: clock.id,
            name: lang.word("cases-stage", clock.stage.as_str()),
            bar: running.then(|| web::bar(due.used_percent(lang.now), tone)),
            due: lang.due(&due),
        })
    });
    let clocks = clocks.collect();
    let names: Vec<String> = detail.interested.iter().map(|user| user_name(ctx, Some(*user))).collect();
    let tasks = detail.tasks.iter().map(|task| Task {
        href: format!("/tasks/{}", task.id),
        title: task.title.clone(),
        who: match task.assignee {
            Some(user) => user_name(ctx, Some(user)),
            None => unit_name(ctx, lang, task.unit),
        },
        state: lang.word("cases-task-state", task.state.as_str()),
        answer: task.answer.clone(),
        due: crate::matrix::due_of(lang, task),
    });
    let tasks = tasks.collect();
    let precedents = detail.precedents.iter().map(|one| Precedent {
        href: format!("/complaints/{}", one.case),
        number: one.number.clone(),
        subject: one.subject.clone(),
        severity: shown::severity(lang, one.severity),
        amount: lang.money(one.amount),
        satisfaction: one.satisfaction,
    });
    let precedents = precedents.collect();
    let held = if one.legal_hold.is_some() { "let_go" } else { "hold" };
    let seen = if detail.restricted { "unrestrict" } else { "restrict" };
    let keeping = [held, seen].map(|word| (word, lang.word("complaints-keeping", word)));
    if detail.restricted {
        chips.push(web::chip("late", "shield", lang.t("complaints-reg-sealed")));
    }
    let agreed = detail.plans.iter().find(|plan| plan.state == PlanState::Confirmed);
    let proof = agreed.and_then(|plan| plan.proof).map(|proof| lang.word("cases-proof", proof.as_str()));
    let lacks: Vec<String> = detail.lacks.iter().map(|what| lang.word("complaints-lacks", what)).collect();
    DetailPage {
        beside,
        chips,
        steps: steps(lang, one.state),
        owner: user_name(ctx, one.owner),
        store: unit_name(ctx, lang, Some(one.store)),
        unit: unit_name(ctx, lang, one.unit),
        user: user_name(ctx, one.user),
        cause,
        concluded_by: user_name(ctx, one.concluded_by),
        called_by: user_name(ctx, one.called_by),
        interested: names.join(&lang.t("complaints-and")),
        rounds: rounds(ctx, lang, &detail),
        clocks,
        tasks,
        precedents,
        next,
        others,
        not_yet,
        may_export: ctx.actor.may(app::EXPORT, one),
        may_ask: detail.can_ask() && ctx.actor.may(cases::app::WORK, &detail.case),
        may_answer: one.state == State::Offered && ctx.actor.may(cases::app::WORK, &detail.case),
        proof,
        lacks: lacks.join(&lang.t("complaints-and")),
        appeal_until: detail
            .appeal_until
            .filter(|until| *until > lang.now && one.appeals == 0)
            .map(|until| lang.when(until)),
        registered: lang.at(one.registered_at),
        valid_until: one.valid_until.map(|at| lang.at(at)),
        agreed: one.agreed_at.map(|at| lang.at(at)),
        retain_until: one.retain_until.map(|day| lang.day(day)),
        keeping: if ctx.actor.may(HOLD, one) { keeping.to_vec() } else { Vec::new() },
        may_name: detail.restricted && ctx.actor.may(HOLD, one),
        hold: one.legal_hold.clone(),
        page: page.clone().titled(detail.case.subject.clone()),
        detail,
    }
}

fn steps(lang: &Lang, state: State) -> Vec<Shape> {
    let now = SHAPES.iter().position(|(_, states)| states.contains(&state));
    let shape = |(n, (word, _)): (usize, &(&str, &[State]))| {
        let label = lang.word("complaints-step", word);
        match now {
            Some(at) if n == at => Shape::now(label, lang.word("complaints-state", state.as_str())),
            Some(at) if n < at => Shape::done(label, ""),
            _ => Shape::todo(label, ""),
        }
    };
    SHAPES.iter().enumerate().map(shape).collect()
}

fn rounds(ctx: &Ctx, lang: &Lang, detail: &Detail) -> Vec<Round> {
    let current = detail.complaint.round;
    let line = |row: &LineRow| Line {
        kind: lang.word("complaints-remedy", row.line.kind.as_str()),
        text: row.line.text.clone(),
        amount: if row.line.amount == Money::ZERO { "–".to_owned() } else { lang.money(row.line.amount) },
        by_law: row.line.by_law,
        done: row.done_at.map(|at| format!("{} {}", user_name(ctx, row.done_by), lang.at(at))),
        note: row.done_note.clone().unwrap_or_default(),
    };
    let round = |n: i64| {
        let rows: Vec<&LineRow> = detail.lines.iter().filter(|row| row.round == n).collect();
        Round {
            n,
            current: n == current,
            total: lang.money(rows.iter().map(|row| row.line.amount).sum()),
            lines: rows.into_iter().map(line).collect(),
        }
    };
    (1..=current).rev().map(round).filter(|round| !round.lines.is_empty()).collect()
}

/// The icon of a command; the template hands out references.
fn icon_at(name: &CommandName) -> web::Icon {
    web::icon(icon_of(*name))
}
