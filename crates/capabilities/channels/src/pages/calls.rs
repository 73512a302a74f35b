//! The call log: who rings now, who is owed a call, and what became of each.

use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use capability::Ctx;
use cases::domain::Kind as CaseKind;
use kernel::{Cursor, Fault, FaultKind, Id};
use web::{Chip, Choice, DueTime, Failure, Filled, Form, Lang, Page, Tab, View};

use super::{go_to, unprocessable};
use crate::app::{self, CallView, Heard};
use crate::store::{CallFilter, CallId, CallState, ShowCalls};

/// Rows per page.
const ROWS: u16 = 50;

#[derive(Template)]
#[template(path = "channels_calls.html")]
struct CallsPage {
    page: Page,
    tabs: Vec<Tab>,
    rows: Vec<Row>,
    show: ShowCalls,
    next: Option<String>,
    first: Option<String>,
    narrowed: bool,
    clear: String,
}

struct Row {
    view: CallView,
    who: String,
    chip: Chip,
    at: String,
    /// By when the caller is called back.
    due: Option<DueTime>,
    /// Who makes a planned call.
    caller: Option<String>,
    /// The reader is the one who does not make it.
    not_me: bool,
}

impl Row {
    fn of(ctx: &Ctx, lang: &Lang, view: CallView) -> Self {
        let call = &view.call;
        let who = if call.phone.is_empty() { lang.t("channels-call-withheld") } else { call.phone_masked.clone() };
        Self {
            who,
            chip: match call.purpose {
                Some(_) if call.due_at.is_some() => web::chip("info", "phone", lang.t("channels-call-planned")),
                _ => chip(lang, call.state),
            },
            caller: call.caller.and_then(|id| ctx.house.identity.directories().now().user_name(id).map(str::to_owned)),
            not_me: call.not_caller.is_some() && call.not_caller == ctx.actor.user,
            at: lang.at(call.started_at),
            due: call.due_at.map(|at| lang.due(&web::Due::Running { from: call.started_at, at })),
            view,
        }
    }
    fn href(&self) -> String {
        format!("/calls/{}", self.view.call.id)
    }
    fn took(&self, lang: &Lang) -> Option<String> {
        let call = &self.view.call;
        let (from, to) = (call.answered_at?, call.ended_at?);
        Some(lang.span(to.since(from)))
    }
}

fn chip(lang: &Lang, state: CallState) -> Chip {
    let (tone, icon) = match state {
        CallState::Ringing => ("soon", "phone"),
        CallState::Answered => ("info", "phone"),
        CallState::Ended => ("", "circle-check"),
        CallState::Missed => ("late", "alert-triangle"),
        CallState::CalledBack => ("ok", "circle-check"),
    };
    web::chip(tone, icon, lang.word("channels-call-state", state.as_str()))
}

/// The filter in the address; what cannot be read is as good as absent. Days are inclusive.
pub(crate) fn filter(form: &mut Form, lang: &Lang) -> CallFilter {
    CallFilter {
        show: form.choice_or_none("show", ShowCalls::parse).unwrap_or_default(),
        from: form.day_or_none("from").map(|day| day.start(&lang.zone)),
        before: form.day_or_none("to").map(|day| day.plus(1).start(&lang.zone)),
        store: form.id_or_none("store"),
        via: form.id_or_none("via"),
    }
}

/// `GET /calls?show=&from=&to=&store=&via=&after=`
pub(crate) async fn list(page: Page, ctx: Ctx, RawQuery(query): RawQuery) -> Result<impl IntoResponse, Failure> {
    let mut form = Form::from_query(&query.unwrap_or_default());
    let filter = filter(&mut form, &page.lang);
    let after = form.raw("after").parse::<Cursor>().ok();
    let calls = app::calls(&ctx, filter.clone(), after, ROWS).await?;
    let shown = |show: ShowCalls| CallFilter { show, ..filter.clone() };
    let counts = app::call_counts(&ctx, ShowCalls::ALL.map(shown).to_vec()).await?;
    let address = |show: ShowCalls, after: Option<Cursor>| {
        let mut pairs = vec![("show".to_owned(), show.as_str().to_owned())];
        let kept = ["from", "to", "store", "via"];
        pairs.extend(
            form.pairs().iter().filter(|(name, value)| kept.contains(&name.as_str()) && !value.is_empty()).cloned(),
        );
        pairs.extend(after.map(|cursor| ("after".to_owned(), cursor.to_string())));
        format!("/calls?{}", serde_urlencoded::to_string(&pairs).unwrap_or_default())
    };
    let tabs = ShowCalls::ALL.into_iter().zip(counts).map(|(show, n)| {
        Tab::new(page.word("channels-calls", show.as_str()), address(show, None))
            .count(page.capped(n, app::COUNTED))
            .current(show == filter.show)
    });
    Ok(View(CallsPage {
        tabs: tabs.collect(),
        rows: calls.rows.into_iter().map(|view| Row::of(&ctx, &page.lang, view)).collect(),
        show: filter.show,
        next: calls.next.map(|cursor| address(filter.show, Some(cursor))),
        first: after.map(|_| address(filter.show, None)),
        narrowed: filter.from.is_some() || filter.before.is_some() || filter.store.is_some() || filter.via.is_some(),
        clear: format!("/calls?show={}", filter.show.as_str()),
        page: page.named("channels-calls-title"),
    }))
}

#[derive(Template)]
#[template(path = "channels_call.html")]
struct CallPage {
    page: Page,
    row: Row,
    form: Filled,
    kinds: Vec<Choice>,
    script: Option<String>,
    may_take: bool,
    stale: bool,
}

async fn render(
    page: Page,
    ctx: &Ctx,
    id: Id<CallId>,
    form: Option<Filled>,
    stale: bool,
) -> Result<View<CallPage>, Failure> {
    let view = app::call(ctx, id).await?;
    // Who may take calls up may read the script of the line, whatever else they may see of it.
    let channel = view.call.channel;
    let script = app::get(ctx, channel).await.ok().and_then(|line| line.script);
    let may_take = view.call.case.is_none() && ctx.actor.may(cases::app::TAKE_IN, &view.call);
    let form = form.unwrap_or_else(|| {
        let form = Filled::new().with("kind", CaseKind::Inquiry.as_str());
        match view.customers.as_slice() {
            [(only, _)] => form.with("customer", only.id.to_string()),
            _ => form,
        }
    });
    let row = Row::of(ctx, &page.lang, view);
    Ok(View(CallPage {
        kinds: page.choices("cases-kind", CaseKind::ALL.iter().map(|kind| kind.as_str())),
        script,
        may_take,
        stale,
        form,
        page: page.titled(row.who.clone()),
        row,
    }))
}

#[derive(Template)]
#[template(path = "channels_rings.html")]
struct Rings {
    page: Lang,
    rows: Vec<Row>,
}

/// `GET /calls/ringing`: what rings at the reader's telephone, as a piece for every page.
pub(crate) async fn ringing(page: Page, ctx: Ctx) -> Result<impl IntoResponse, Failure> {
    let lang = page.lang;
    let rows = app::ringing(&ctx).await?.into_iter().map(|view| Row::of(&ctx, &lang, view)).collect();
    Ok(View(Rings { page: lang, rows }))
}

/// `GET /calls/{id}`
pub(crate) async fn show(page: Page, ctx: Ctx, Path(id): Path<i64>) -> Result<impl IntoResponse, Failure> {
    render(page, &ctx, Id::new(id), None, false).await
}

/// `POST /calls/{id}/case`
pub(crate) async fn take(page: Page, ctx: Ctx, Path(id): Path<i64>, mut form: Form) -> Result<Response, Failure> {
    let id = Id::new(id);
    let heard = Heard {
        customer: if form.raw("customer") == "new" { None } else { form.id_or_none("customer") },
        name: form.text_or_none("name", 60),
        kind: form.choice("kind", CaseKind::parse),
        subject: form.text("subject", 200),
        body: form.text_or_empty("body", 20_000),
    };
    let taken = match form.check() {
        Ok(()) => app::take_case(&ctx, id, heard).await,
        Err(fault) => Err(fault),
    };
    match taken {
        Ok(taken) => Ok(go_to(&format!("/cases/{}", taken.id))),
        Err(fault) if fault.kind() == FaultKind::Invalid => {
            Ok(unprocessable(render(page, &ctx, id, Some(form.into_filled_with(&fault)), false).await?))
        }
        Err(fault) => Err(fault.into()),
    }
}

/// `POST /calls/{id}/back`
pub(crate) async fn back(page: Page, ctx: Ctx, Path(id): Path<i64>, mut form: Form) -> Result<Response, Failure> {
    let id = Id::new(id);
    let version = form.version("version")?;
    let reached = form.choice("reached", |word| match word {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    });
    let next = form.moment_or_none("next", &page.zone);
    let note = form.text_or_none("note", 500);
    let done = match (form.check(), reached) {
        (Ok(()), Some(reached)) => app::call_back(&ctx, id, version, reached, next, note).await,
        (Err(fault), _) => Err(fault),
        (Ok(()), None) => Err(Fault::field("reached", "choose")),
    };
    match done {
        Ok(_) => Ok(go_to("/calls?show=owed")),
        Err(fault) if fault.kind() == FaultKind::Invalid => {
            Ok(unprocessable(render(page, &ctx, id, Some(form.into_filled_with(&fault)), false).await?))
        }
        Err(fault) if fault.kind() == FaultKind::Stale => {
            let page = render(page, &ctx, id, Some(form.into_filled()), true).await?;
            Ok((StatusCode::PRECONDITION_FAILED, page).into_response())
        }
        Err(fault) => Err(fault.into()),
    }
}

#[derive(Template)]
#[template(path = "channels_secret.html")]
struct SecretPage {
    page: Page,
    name: String,
    code: String,
    back: String,
    secret: String,
}

/// `POST /channels/{id}/secret`: a new secret, shown this once.
pub(crate) async fn secret(page: Page, ctx: Ctx, Path(id): Path<i64>) -> Result<impl IntoResponse, Failure> {
    let secret = app::new_secret(&ctx, Id::new(id)).await?;
    let channel = app::get(&ctx, Id::new(id)).await?;
    Ok(View(SecretPage {
        name: channel.name,
        code: channel.code,
        back: format!("/channels/{id}"),
        secret,
        page: page.named("channels-secret-title"),
    }))
}
