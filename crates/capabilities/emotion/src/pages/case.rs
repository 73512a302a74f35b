//! The feelings of one customer: why we say so, and what is done.

use askama::Template;
use axum::extract::Path;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use capability::Ctx;
use guides::Fill;
use guides::domain::{Kind, Situation};
use kernel::{Fault, FaultKind, Id, Place, of};
use web::{Chip, Choice, Failure, Filled, Form, Lang, Page, View};

use super::{name, unprocessable};
use crate::app::{self, CARE, Detail, REASON};
use crate::domain::{Ended, Level};
use crate::store::Flag;

/// Most guides beside one case.
const GUIDES: usize = 4;

/// A flag as it is shown.
struct Line {
    chip: Chip,
    source: String,
    at: String,
    by: String,
    reason: Option<String>,
    words: Vec<String>,
    pieces: Vec<(String, bool)>,
    version: Option<i64>,
    ended: Option<String>,
    ended_reason: Option<String>,
}

/// A hand-over or a call-back as it is shown.
struct Step {
    icon: web::Icon,
    text: String,
    about: Option<String>,
    href: Option<String>,
}

/// What the case's page shows beside the deadlines.
#[derive(Template)]
#[template(path = "emotion_beside.html")]
struct Beside {
    page: Lang,
    href: String,
    standing: Option<Line>,
    steps: Vec<Step>,
    may_act: bool,
    guides: guides::Beside,
}

#[derive(Template)]
#[template(path = "emotion_case.html")]
struct CasePage {
    page: Page,
    back: String,
    number: String,
    subject: String,
    standing: Option<Line>,
    earlier: Vec<Line>,
    steps: Vec<Step>,
    effects: Vec<String>,
    form: Filled,
    levels: Vec<Choice>,
    ends: Vec<Choice>,
    seniors: Vec<Choice>,
    callers: Vec<Choice>,
    people: Vec<Choice>,
    hours: String,
    may_act: bool,
    may_care: bool,
    over: bool,
    /// The reader is the one who is asked to take it over.
    asked: bool,
    planned: bool,
    callable: bool,
    guides: guides::Beside,
}

/// `GET /cases/{id}/emotion`
pub(crate) async fn show(page: Page, ctx: Ctx, headers: HeaderMap, Path(id): Path<i64>) -> Result<Response, Failure> {
    let detail = app::detail(&ctx, Id::new(id)).await?;
    if headers.contains_key("hx-request") {
        let lang = page.lang.clone();
        return Ok(View(Beside {
            href: format!("/cases/{id}/emotion"),
            standing: detail.standing().map(|flag| Line::of(&ctx, &lang, &detail, flag)),
            steps: steps(&ctx, &lang, &detail),
            may_act: detail.may_act,
            guides: calming(&ctx, &lang, &detail).await?,
            page: lang,
        })
        .into_response());
    }
    Ok(View(render(page, &ctx, detail, Filled::new()).await?).into_response())
}

/// What a good colleague would say now; nothing while the customer is calm.
async fn calming(ctx: &Ctx, lang: &Lang, detail: &Detail) -> Result<guides::Beside, Fault> {
    let situation = Situation { kinds: vec![Kind::Calming], upset: true, ..Situation::default() };
    let most = if detail.standing().is_some() { GUIDES } else { 0 };
    let found = guides::app::guides_for(ctx, &situation, most).await?;
    let directory = ctx.house.identity.directories().now();
    let store = directory.unit(detail.case.store).map(|unit| unit.name_in(lang.locale.as_str()).to_owned());
    let (store, me) = (store.unwrap_or_default(), name(ctx, ctx.actor.user));
    Ok(guides::beside(lang, &found, Fill { number: &detail.case.number, store: &store, me: &me }))
}

impl Line {
    fn of(ctx: &Ctx, lang: &Lang, detail: &Detail, flag: &Flag) -> Self {
        Self {
            chip: web::chip(
                if flag.ended.is_none() { "late" } else { "" },
                "flame",
                lang.word("emotion-level", flag.level.as_str()),
            ),
            source: lang.word("emotion-source", flag.source.as_str()),
            at: lang.at(flag.raised_at),
            by: name(ctx, flag.raised_by),
            reason: flag.reason.clone(),
            words: flag.words.clone(),
            pieces: detail.heard.get(&flag.id.get()).map(|heard| heard.pieces.clone()).unwrap_or_default(),
            version: flag.rules_version,
            ended: flag.ended.map(|ended| {
                let at = flag.ended_at.map(|at| lang.at(at)).unwrap_or_default();
                let word = lang.word("emotion-ended", ended.as_str());
                lang.t3("emotion-ended-by", "word", word, "name", name(ctx, flag.ended_by), "at", at)
            }),
            ended_reason: flag.ended_reason.clone(),
        }
    }
}

/// Hand-overs and call-backs, those that are open first.
fn steps(ctx: &Ctx, lang: &Lang, detail: &Detail) -> Vec<Step> {
    let mut steps = Vec::new();
    for one in &detail.hand_overs {
        let who = name(ctx, Some(one.to));
        let (icon, text) = match (one.accepted_at, one.dropped_at) {
            (Some(at), _) => ("user-check", lang.t2("emotion-taken-over", "name", who, "at", lang.at(at))),
            (None, Some(_)) => continue,
            (None, None) => ("hourglass", lang.t2("emotion-asked", "name", who, "at", lang.at(one.asked_at))),
        };
        steps.push(Step { icon: web::icon(icon), text, about: one.note.clone(), href: None });
    }
    for call in &detail.calls {
        let who = name(ctx, Some(call.caller));
        let (icon, text) = match call.done_at {
            Some(at) => ("circle-check", lang.t2("emotion-called", "name", name(ctx, call.done_by), "at", lang.at(at))),
            None => ("phone", lang.t2("emotion-call-due", "name", who, "at", lang.when(call.due_at))),
        };
        let href = Some(format!("/calls/{}", call.id));
        steps.push(Step { icon: web::icon(icon), text, about: call.note.clone(), href });
    }
    steps
}

/// What stands by the flag, in sentences.
fn effects(lang: &Lang, detail: &Detail) -> Vec<String> {
    let Some(flag) = detail.standing() else { return Vec::new() };
    let minutes = detail.rules.answer(flag.level);
    vec![
        lang.t2("emotion-effect-answer", "n", minutes, "version", detail.rules.version),
        lang.t("emotion-effect-queue"),
    ]
}

async fn render(page: Page, ctx: &Ctx, detail: Detail, form: Filled) -> Result<CasePage, Fault> {
    let lang = page.lang.clone();
    let guides = calming(ctx, &lang, &detail).await?;
    let case = &detail.case;
    let directory = ctx.house.identity.directories().now();
    let standing = detail.standing();
    let levels = Level::ALL.iter().filter(|level| standing.is_none_or(|flag| flag.level != **level));
    let ends = [Ended::Calmed, Ended::Mistaken];
    let choice = |(id, name): (Id<of::User>, String)| {
        let role = directory.assignments(id).first().map(|given| match directory.role_name(&given.role) {
            Some(name) => name.to_owned(),
            None => lang.t(&format!("identity-role-{}", given.role.replace('_', "-"))),
        });
        Choice::new(id.to_string(), role.map_or_else(|| name.clone(), |role| format!("{name} · {role}")))
    };
    let sees = |user: &&identity::User| {
        let may = directory.actor(user.id).is_some_and(|actor| actor.may(cases::app::VIEW, case));
        user.active && may
    };
    let here: Vec<&identity::User> = directory.users_of_store(case.store).filter(sees).collect();
    let callers = here.iter().filter(|user| Some(user.id) != case.owner).map(|user| (user.id, user.name.clone()));
    let mine = |user: Id<of::User>| {
        let place = directory.user(user).and_then(|user| directory.store_of(user.home));
        let place = place.map(|unit| Place { store: unit.id, team: None, owner: Some(user) });
        Some(user) != ctx.actor.user && place.is_some_and(|place| ctx.actor.may(CARE, &place))
    };
    let handlers = case.owner.into_iter().chain(detail.hand_overs.iter().filter_map(|one| one.from));
    let mut people: Vec<Id<of::User>> =
        handlers.chain(here.iter().map(|user| user.id)).filter(|id| mine(*id)).collect();
    let mut known = std::collections::BTreeSet::new();
    people.retain(|id| known.insert(*id));
    let people: Vec<Choice> = people.into_iter().map(|id| choice((id, name(ctx, Some(id))))).collect();
    Ok(CasePage {
        guides,
        back: format!("/cases/{}", case.id),
        number: case.number.clone(),
        subject: case.subject.clone(),
        standing: standing.map(|flag| Line::of(ctx, &lang, &detail, flag)),
        earlier: detail
            .flags
            .iter()
            .filter(|flag| flag.ended.is_some())
            .map(|flag| Line::of(ctx, &lang, &detail, flag))
            .collect(),
        steps: steps(ctx, &lang, &detail),
        effects: effects(&lang, &detail),
        levels: lang.choices("emotion-level", levels.map(|level| level.as_str())),
        ends: lang.choices("emotion-end", ends.iter().map(|ended| ended.as_str())),
        seniors: app::seniors(ctx, case).into_iter().map(choice).collect(),
        callers: callers.map(choice).collect(),
        hours: detail.rules.cooling_hours.to_string(),
        may_act: detail.may_act,
        may_care: !people.is_empty(),
        people,
        over: case.state.is_over(),
        asked: detail.asked().is_some_and(|one| Some(one.to) == ctx.actor.user),
        planned: detail.planned().is_some(),
        callable: !case.phone_masked.is_empty(),
        form,
        page: page.named("emotion-title"),
    })
}

/// Back to the page, or the page again with what is wrong.
async fn answered(page: Page, ctx: &Ctx, id: i64, form: Form, done: Result<(), Fault>) -> Result<Response, Failure> {
    match done {
        Ok(()) => Ok(Redirect::to(&format!("/cases/{id}/emotion")).into_response()),
        Err(fault) if fault.kind() == FaultKind::Invalid => {
            let detail = app::detail(ctx, Id::new(id)).await?;
            Ok(unprocessable(View(render(page, ctx, detail, form.into_filled_with(&fault)).await?)))
        }
        Err(fault) => Err(fault.into()),
    }
}

/// `POST /cases/{id}/emotion/raise`
pub(crate) async fn raise(page: Page, ctx: Ctx, Path(id): Path<i64>, mut form: Form) -> Result<Response, Failure> {
    let level = form.choice("level", Level::parse);
    let reason = form.text("reason", REASON);
    let done = match (form.check(), level) {
        (Ok(()), Some(level)) => app::raise(&ctx, Id::new(id), level, &reason).await,
        (Ok(()), None) => Err(Fault::field("level", "choose")),
        (Err(fault), _) => Err(fault),
    };
    answered(page, &ctx, id, form, done).await
}

/// `POST /cases/{id}/emotion/end`
pub(crate) async fn end(page: Page, ctx: Ctx, Path(id): Path<i64>, mut form: Form) -> Result<Response, Failure> {
    let ended = form.choice("ended", |word| Ended::parse(word).filter(|ended| *ended != Ended::Raised));
    let reason = form.text("ended_reason", REASON);
    let done = match (form.check(), ended) {
        (Ok(()), Some(ended)) => app::end(&ctx, Id::new(id), ended, &reason).await,
        (Ok(()), None) => Err(Fault::field("ended", "choose")),
        (Err(fault), _) => Err(fault),
    };
    answered(page, &ctx, id, form, done).await
}

/// `POST /cases/{id}/emotion/hand-over`
pub(crate) async fn hand_over(page: Page, ctx: Ctx, Path(id): Path<i64>, mut form: Form) -> Result<Response, Failure> {
    let to = form.id("to");
    let note = form.text_or_none("note", REASON);
    let done = match (form.check(), to) {
        (Ok(()), Some(to)) => app::hand_over(&ctx, Id::new(id), to, note).await,
        (Ok(()), None) => Err(Fault::field("to", "choose")),
        (Err(fault), _) => Err(fault),
    };
    answered(page, &ctx, id, form, done).await
}

/// `POST /cases/{id}/emotion/take-over`
pub(crate) async fn take_over(page: Page, ctx: Ctx, Path(id): Path<i64>, form: Form) -> Result<Response, Failure> {
    let done = app::accept(&ctx, Id::new(id)).await;
    answered(page, &ctx, id, form, done).await
}

/// `POST /cases/{id}/emotion/call`
pub(crate) async fn call(page: Page, ctx: Ctx, Path(id): Path<i64>, mut form: Form) -> Result<Response, Failure> {
    let hours = form.number("hours", 1..=336);
    let caller = form.id("caller");
    let done = match (form.check(), hours, caller) {
        (Ok(()), Some(hours), Some(caller)) => app::plan_call(&ctx, Id::new(id), hours, caller).await,
        (Ok(()), _, _) => Err(Fault::field("caller", "choose")),
        (Err(fault), _, _) => Err(fault),
    };
    answered(page, &ctx, id, form, done).await
}

/// `POST /cases/{id}/emotion/care`
pub(crate) async fn care(page: Page, ctx: Ctx, Path(id): Path<i64>, mut form: Form) -> Result<Response, Failure> {
    let who = form.id("who");
    let text = form.text("text", REASON);
    let done = match (form.check(), who) {
        (Ok(()), Some(who)) => app::comfort(&ctx, Id::new(id), who, &text).await,
        (Ok(()), None) => Err(Fault::field("who", "choose")),
        (Err(fault), _) => Err(fault),
    };
    match done {
        Ok(()) => Ok(Redirect::to("/care?done=yes").into_response()),
        other => answered(page, &ctx, id, form, other).await,
    }
}
