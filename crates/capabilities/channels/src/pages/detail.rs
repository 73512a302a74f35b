use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::response::{IntoResponse, Response};
use capability::Ctx;
use kernel::{FaultKind, Id, of};
use web::{Failure, Filled, Form, Kpi, Page, View};

use super::shown::Row;
use super::{go_to, unprocessable};
use crate::app::{self, DAYS, EDIT, TEST};
use crate::domain::Kind;
use crate::store::HookState;

#[derive(Template)]
#[template(path = "channels_detail.html")]
struct DetailPage {
    page: Page,
    row: Row,
    kpis: Vec<Kpi>,
    cases: String,
    form: Filled,
    stale: bool,
    /// Seen and expected, when it is quiet.
    quiet: Option<(i64, String)>,
    tested_at: Option<String>,
    test_due_at: Option<String>,
    /// The form behind it, the store's page, and what another site puts into its own page.
    form_path: Option<String>,
    portal: String,
    embed: Option<String>,
    may_edit: bool,
    may_test: bool,
    hook: HookState,
    refused_at: Option<String>,
}

async fn render(
    page: Page,
    ctx: &Ctx,
    id: Id<of::Channel>,
    form: Option<Filled>,
    stale: bool,
) -> Result<View<DetailPage>, Failure> {
    let channel = app::get(ctx, id).await?;
    let figures = app::figures(ctx, std::slice::from_ref(&channel)).await?.remove(&id).unwrap_or_default();
    let may = |permission| ctx.actor.may(permission, &channel);
    let (may_edit, may_test) = (may(EDIT), may(TEST) && channel.active);
    let directory = ctx.house.identity.directories().now();
    let hook = app::hook(ctx, id).await?;
    let form = form.unwrap_or_else(|| Filled::new().with("callback", hook.callback.clone().unwrap_or_default()));
    let portal = directory.unit(channel.store).map(|unit| format!("/s/{}", unit.code)).unwrap_or_default();
    let has_form = channel.active && matches!(channel.kind, Kind::WebForm | Kind::QrPoster);
    let form_path = has_form.then(|| format!("/w/{}", channel.code));
    let embed = form_path.as_ref().filter(|_| channel.frames.is_some()).zip(ctx.house.customer_url());
    let embed = embed.map(|(path, public)| {
        format!(
            "<iframe src=\"{public}{path}\" title=\"{}\" width=\"100%\" height=\"900\"></iframe>",
            channel.name.replace(['"', '<', '&'], "")
        )
    });
    let tenths = channel.quiet_expected.unwrap_or(0) / 100;
    let row = Row::of(ctx, &page.lang, channel, &figures);
    let kpis = row
        .numbers
        .iter()
        .map(|number| {
            let kpi = Kpi::new(number.label.clone(), number.text.clone());
            match &number.href {
                Some(href) => kpi.href(href.clone()),
                None => kpi,
            }
        })
        .collect();
    Ok(View(DetailPage {
        kpis,
        cases: format!("/cases?tab=all&via={id}"),
        form,
        refused_at: hook.refused_at.map(|at| page.at(at)),
        hook,
        stale,
        quiet: row
            .channel
            .quiet_at
            .map(|_| (row.channel.quiet_seen.unwrap_or(0), format!("{}.{}", tenths / 10, tenths % 10))),
        tested_at: row.channel.tested_at.map(|at| page.at(at)),
        test_due_at: row.channel.test_due_at.map(|at| page.date(at)),
        form_path,
        portal,
        embed,
        may_edit,
        may_test,
        page: page.titled(row.channel.name.clone()),
        row,
    }))
}

/// `GET /channels/{id}`
pub(crate) async fn show(
    mut page: Page,
    ctx: Ctx,
    Path(id): Path<i64>,
    RawQuery(query): RawQuery,
) -> Result<impl IntoResponse, Failure> {
    let query = Form::from_query(&query.unwrap_or_default());
    let done = query.raw("done");
    if ["saved", "tested", "callback"].contains(&done) {
        page.flash = Some(web::Flash { text: page.word("channels-done", done), undo: None });
    }
    render(page, &ctx, Id::new(id), None, false).await
}

/// `POST /channels/{id}/callback`: where replies go.
pub(crate) async fn callback(page: Page, ctx: Ctx, Path(id): Path<i64>, mut form: Form) -> Result<Response, Failure> {
    let id = Id::new(id);
    let url = form.text_or_none("callback", 500);
    let set = match form.check() {
        Ok(()) => app::set_callback(&ctx, id, url).await,
        Err(fault) => Err(fault),
    };
    match set {
        Ok(()) => Ok(go_to(&format!("/channels/{id}?done=callback"))),
        Err(fault) if fault.kind() == FaultKind::Invalid => {
            Ok(unprocessable(render(page, &ctx, id, Some(form.into_filled_with(&fault)), false).await?))
        }
        Err(fault) => Err(fault.into()),
    }
}

/// `POST /channels/{id}/test`: what a self-test showed.
pub(crate) async fn test(page: Page, ctx: Ctx, Path(id): Path<i64>, mut form: Form) -> Result<Response, Failure> {
    let id = Id::new(id);
    let version = form.version("version")?;
    let passed = form.choice("result", |word| match word {
        "passed" => Some(true),
        "failed" => Some(false),
        _ => None,
    });
    let note = form.text_or_none("note", 500);
    if form.check().is_err() {
        return Ok(unprocessable(render(page, &ctx, id, Some(form.into_filled()), false).await?));
    }
    match app::test(&ctx, id, version, form.need(passed)?, note).await {
        Ok(_) => Ok(go_to(&format!("/channels/{id}?done=tested"))),
        Err(fault) if fault.kind() == FaultKind::Invalid => {
            Ok(unprocessable(render(page, &ctx, id, Some(form.into_filled_with(&fault)), false).await?))
        }
        Err(fault) if fault.kind() == FaultKind::Stale => {
            let page = render(page, &ctx, id, Some(form.into_filled()), true).await?;
            Ok((axum::http::StatusCode::PRECONDITION_FAILED, page).into_response())
        }
        Err(fault) => Err(fault.into()),
    }
}
