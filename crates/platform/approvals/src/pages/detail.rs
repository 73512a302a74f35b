use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use calendar::Role;
use capability::Ctx;
use kernel::{Fault, Id, Money};
use web::{ActionBar, Bar, Chip, Due, DueTime, Failure, Flash, Lang, Markup, Page, View};

use super::shown;
use crate::app::{self, Detail};
use crate::domain::{Show, State, What};
use crate::store::{Approval, ApprovalId, Step};

#[derive(Template)]
#[template(path = "approvals_detail.html")]
struct DetailPage {
    page: Page,
    href: String,
    number: String,
    sentence: String,
    back: String,
    kind: String,
    chip: Chip,
    asked_by: String,
    store: String,
    asked_at: String,
    /// Whether it is about money.
    amounts: bool,
    statutory: Money,
    by_law: bool,
    extra: Money,
    due: DueTime,
    bar: Option<Bar>,
    open: bool,
    /// In whose name the reader would answer.
    in_name_of: Option<String>,
    deciders: String,
    turn: String,
    own_limit: String,
    limits_version: i64,
    two: Option<String>,
    minutes: i64,
    stays: bool,
    expires: String,
    reason: Option<String>,
    steps: Vec<Markup>,
    why: Vec<(web::Icon, &'static str, String)>,
    notice: Option<Markup>,
    actions: Option<ActionBar>,
}

/// `GET /approvals/{id}?done=`
pub(crate) async fn show(
    mut page: Page,
    ctx: Ctx,
    Path(id): Path<i64>,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let asked = web::Form::from_query(&query.unwrap_or_default());
    let done = ["granted", "declined", "withdrawn", "asked"].into_iter().find(|word| *word == asked.raw("done"));
    page.flash = done.map(|word| Flash { text: page.t(&format!("approvals-done-{word}")), undo: None });
    render(page, &ctx, Id::new(id), None).await
}

/// The page of the question `id`, with what went wrong when something did.
pub(super) async fn render(
    page: Page,
    ctx: &Ctx,
    id: Id<ApprovalId>,
    fault: Option<Fault>,
) -> Result<Response, Failure> {
    let detail = app::detail(ctx, id).await?;
    let status = fault
        .as_ref()
        .map_or(StatusCode::OK, |fault| StatusCode::from_u16(fault.kind().status()).unwrap_or(StatusCode::CONFLICT));
    let notice = fault.map(|fault| web::notice(&page.lang, &fault));
    Ok((status, View(shown_as(page, ctx, detail, notice))).into_response())
}

fn shown_as(page: Page, ctx: &Ctx, detail: Detail, notice: Option<Markup>) -> DetailPage {
    let lang = page.lang.clone();
    let directory = shown::directory(ctx);
    let Detail { approval, steps, seats, mine, why } = detail;
    let open = approval.state == State::Asked;
    let from = approval.passed_at.unwrap_or(approval.asked_at);
    let running = Due::Running { from, at: approval.due_at };
    let show = if mine.is_some() { Show::Mine } else { Show::Asked };
    let signed = steps.iter().filter(|step| step.signature().is_some()).count();
    DetailPage {
        back: format!("/approvals?show={}", show.as_str()),
        chip: shown::chip(&directory, &lang, &approval),
        due: shown::due(&lang, &approval),
        bar: open.then(|| web::bar(running.used_percent(lang.now), running.tone(lang.now).class())),
        kind: shown::kind(&lang, &approval.kind),
        asked_by: shown::person(&directory, approval.asked_by),
        store: shown::unit(&directory, &lang, approval.store),
        asked_at: lang.at(approval.asked_at),
        amounts: approval.split.total() > Money::ZERO,
        statutory: approval.split.statutory,
        by_law: approval.split.statutory > Money::ZERO,
        extra: approval.split.extra,
        open,
        in_name_of: mine.and_then(|seat| seat.in_name_of).map(|absent| shown::person(&directory, absent)),
        deciders: shown::seats(&directory, &lang, &seats),
        turn: shown::unit(&directory, &lang, approval.unit),
        own_limit: shown::limit(&lang, approval.own_limit),
        limits_version: approval.limits_version,
        two: (approval.needed > 1).then(|| lang.t2("approvals-two-of", "n", signed, "needed", approval.needed)),
        minutes: approval.minutes,
        stays: approval.stays,
        expires: lang.at(approval.expires_at),
        reason: approval.reason.as_deref().map(|reason| said(&lang, reason)),
        steps: steps.iter().rev().map(|step| entry(&directory, &lang, step, approval.minutes)).collect(),
        why: why.map(|why| explained(&lang, &why)).unwrap_or_default(),
        actions: actions(ctx, &lang, &approval, mine.is_some()),
        href: approval.href,
        number: approval.number,
        page: page.titled(approval.sentence.clone()),
        sentence: approval.sentence,
        notice,
    }
}

/// What can be done: whoever's turn it is answers, whoever asked takes it back.
fn actions(ctx: &Ctx, lang: &Lang, approval: &Approval, mine: bool) -> Option<ActionBar> {
    if approval.state != State::Asked {
        return None;
    }
    let href = |act: &str| format!("/approvals/{}/{act}", approval.id);
    if mine {
        let grant = lang.t1("approvals-grant-amount", "amount", approval.split.extra);
        let bar = web::action_bar(lang, &None).due(&shown::due(lang, approval));
        return Some(bar.link(lang.t("approvals-decline"), href("decline")).primary("check", grant, href("grant")));
    }
    if ctx.actor.user != Some(approval.asked_by) {
        return None;
    }
    let turn = shown::unit(&shown::directory(ctx), lang, approval.unit);
    let next = Some(lang.t1("approvals-next-wait", "unit", turn));
    let bar = web::action_bar(lang, &next).due(&shown::due(lang, approval));
    Some(bar.link(lang.t("approvals-withdraw-ask"), href("withdraw")))
}

/// A reason as a person wrote it, or why the program took the question back.
fn said(lang: &Lang, reason: &str) -> String {
    lang.find(&format!("approvals-overtaken-{reason}")).unwrap_or_else(|| reason.to_owned())
}

/// One step of the history, in words.
fn entry(directory: &identity::Directory, lang: &Lang, step: &Step, minutes: i64) -> Markup {
    let who = step.seat.map_or_else(|| lang.t("approvals-by-itself"), |seat| shown::seat(directory, lang, seat));
    let unit = shown::unit(directory, lang, step.unit);
    let what = match step.what {
        What::Asked => lang.t1("approvals-step-asked", "unit", unit),
        What::Passed => lang.t1("approvals-step-passed", "unit", unit),
        other => lang.word("approvals-step", other.as_str()),
    };
    let icon = match step.what {
        What::Asked => "message-question",
        What::Reminded => "bell",
        What::Passed => "arrow-up",
        What::Granted => "circle-check",
        What::Declined => "circle-x",
        What::Withdrawn => "arrow-back-up",
        What::Expired => "history",
    };
    let mut entry = web::entry(who, what, lang.at(step.at)).icon(icon);
    if let Some(reason) = &step.reason {
        entry = entry.says(said(lang, reason));
    }
    let mut notes = Vec::new();
    if let (What::Passed, Some(since), Some(due)) = (step.what, step.since, step.due) {
        let words: [(&str, &dyn web::Arg); 3] =
            [("minutes", &minutes), ("since", &lang.at(since)), ("until", &lang.at(due))];
        notes.push(lang.tn("approvals-step-passed-why", &words));
    }
    if step.by_link {
        notes.push(lang.t("approvals-by-link"));
    }
    if !notes.is_empty() {
        let text = Markup::text(&notes.join(" "));
        entry = entry.more(&Markup::ready(format!("<div class=\"xs t3\">{text}</div>")));
    }
    Markup::of(&entry)
}

/// Why the answer is due when it is.
fn explained(lang: &Lang, why: &calendar::Explained) -> Vec<(web::Icon, &'static str, String)> {
    calendar::lines(why)
        .iter()
        .map(|line| {
            let (icon, tone) = match line.role {
                Role::Start => ("player-play", ""),
                Role::Rule => ("book", ""),
                Role::Counted => ("plus", ""),
                Role::Skipped => ("minus", "t3"),
                Role::Pause => ("player-pause", ""),
                Role::Change => ("edit", ""),
                Role::Warning => ("alert-triangle", "b"),
                Role::Due => ("clock", "b"),
            };
            (web::icon(icon), tone, line.say(lang, &|_| None))
        })
        .collect()
}
