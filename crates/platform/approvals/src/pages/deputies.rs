use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use capability::Ctx;
use kernel::{FaultKind, Id};
use web::{Choice, Failure, Filled, Flash, Form, Page, View};

use super::shown;
use crate::app::{self, DECIDE, NewDeputy, VIEW};
use crate::store::DeputyId;

/// Longest note, in characters.
const NOTE: usize = 200;

#[derive(Template)]
#[template(path = "approvals_deputies.html")]
struct DeputiesPage {
    page: Page,
    rows: Vec<Row>,
    absent: Vec<Choice>,
    people: Vec<Choice>,
    form: Filled,
}

struct Row {
    id: Id<DeputyId>,
    absent: String,
    deputy: String,
    from: String,
    until: String,
    note: String,
    on: bool,
    may_end: bool,
}

/// `GET /approvals/deputies?done=`
pub(crate) async fn show(mut page: Page, ctx: Ctx, RawQuery(query): RawQuery) -> Result<Response, Failure> {
    let asked = Form::from_query(&query.unwrap_or_default());
    let done = ["set", "ended"].into_iter().find(|word| *word == asked.raw("done"));
    page.flash = done.map(|word| Flash { text: page.t(&format!("approvals-deputy-{word}")), undo: None });
    let me = ctx.actor.user.map(|me| me.to_string()).unwrap_or_default();
    let form = Filled::new().with("absent", me);
    Ok(View(deputies_page(page, &ctx, form).await?).into_response())
}

/// `POST /approvals/deputies`
pub(crate) async fn set(page: Page, ctx: Ctx, mut form: Form) -> Result<Response, Failure> {
    let (absent, deputy) = (form.id("absent"), form.id("deputy"));
    let (from, until) = (form.moment("from", &page.zone), form.moment("until", &page.zone));
    let note = form.text_or_empty("note", NOTE);
    let given = match (form.check(), absent, deputy, from, until) {
        (Ok(()), Some(absent), Some(deputy), Some(from), Some(until)) => {
            app::set_deputy(&ctx, NewDeputy { absent, deputy, from, until, note }).await.map(|_| ())
        }
        (Err(fault), ..) => Err(fault),
        _ => Err(kernel::Fault::field("deputy", "choose")),
    };
    match given {
        Ok(()) => Ok(Redirect::to("/approvals/deputies?done=set").into_response()),
        Err(fault) if fault.kind() == FaultKind::Invalid => {
            let page = deputies_page(page, &ctx, form.into_filled_with(&fault)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, View(page)).into_response())
        }
        Err(fault) => Err(fault.into()),
    }
}

/// `POST /approvals/deputies/{id}/end`
pub(crate) async fn end(ctx: Ctx, Path(id): Path<i64>) -> Result<Response, Failure> {
    app::end_deputy(&ctx, Id::new(id)).await?;
    Ok(Redirect::to("/approvals/deputies?done=ended").into_response())
}

async fn deputies_page(page: Page, ctx: &Ctx, form: Filled) -> Result<DeputiesPage, kernel::Fault> {
    let lang = page.lang.clone();
    let directory = shown::directory(ctx);
    let listed = app::deputies(ctx).await?;
    let rows = listed.iter().map(|one| Row {
        id: one.id,
        absent: shown::person(&directory, one.absent),
        deputy: shown::person(&directory, one.deputy),
        from: lang.at(one.from),
        until: lang.at(one.until),
        note: one.note.clone(),
        on: one.is_on(lang.now),
        may_end: directory.user(one.absent).is_some_and(|absent| app::may_set_for(ctx, absent)),
    });
    let choice = |user: &identity::User| {
        Choice::new(user.id.to_string(), format!("{} · {}", user.name, shown::unit(&directory, &lang, user.home)))
    };
    let holds =
        |user: &identity::User, permission| directory.actor(user.id).is_some_and(|actor| actor.holds(permission));
    let active = || directory.users().filter(|user| user.active);
    Ok(DeputiesPage {
        rows: rows.collect(),
        absent: active().filter(|user| app::may_set_for(ctx, user) && holds(user, DECIDE)).map(choice).collect(),
        people: active().filter(|user| holds(user, VIEW)).map(choice).collect(),
        form,
        page: page.named("approvals-deputies-title"),
    })
}
