//! The bell, the page of notices and the page of choices.

use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::http::header::{HeaderValue, LOCATION};
use axum::response::{IntoResponse, Response};
use capability::Ctx;
use kernel::Id;
use web::{Failure, Flash, Form, Icon, Page, Tab, View};

use crate::app;
use crate::kind::{self, KINDS, Kind};
use crate::store::{Choice, NoticeRow};

const ROWS: u16 = 50;

struct Line {
    row: NoticeRow,
    text: String,
    icon: Icon,
}

#[derive(Template)]
#[template(path = "notices_list.html")]
struct ListPage {
    page: Page,
    unread: i64,
    only_unread: bool,
    tabs: Vec<Tab>,
    lines: Vec<Line>,
    /// The newest on this page: "all read" leaves alone what came later.
    last: i64,
    next: Option<String>,
    first: Option<String>,
}

/// `GET /notices?show=all`
pub(crate) async fn list(page: Page, ctx: Ctx, RawQuery(query): RawQuery) -> Result<impl IntoResponse, Failure> {
    let form = Form::from_query(&query.unwrap_or_default());
    let all = form.raw("show") == "all";
    let before = form.raw("before").parse().ok();
    let found = app::list(&ctx, !all, before, ROWS).await?;
    let mut page = page.named("notices-title");
    if form.raw("done") == "read" {
        page.flash = Some(Flash { text: page.lang.t("notices-done-read"), undo: None });
    }
    page.notices = Some(found.unread);
    let word = if all { "?show=all&" } else { "?" };
    let lines: Vec<Line> = found.rows.into_iter().map(|row| line(&page, row)).collect();
    Ok(View(ListPage {
        unread: found.unread,
        only_unread: !all,
        tabs: vec![
            Tab::new(page.t("notices-tab-unread"), "/notices").count(shown(found.unread)).current(!all),
            Tab::new(page.t("notices-tab-all"), "/notices?show=all").current(all),
        ],
        last: if before.is_none() { lines.first().map_or(0, |line| line.row.id.get()) } else { i64::MAX },
        next: found.next.map(|id| format!("/notices{word}before={id}")),
        first: before.map(|_: i64| format!("/notices{}", word.trim_end_matches(['?', '&']))),
        lines,
        page,
    }))
}

fn line(page: &Page, row: NoticeRow) -> Line {
    let text = crate::said(&page.lang, &row.kind, |name| row.words.get(name).cloned());
    let icon = web::icon(kind::find(&row.kind).map_or("bell", |kind| kind.icon));
    Line { row, text, icon }
}

fn shown(unread: i64) -> String {
    if unread >= app::COUNTED { "99+".to_owned() } else { unread.to_string() }
}

#[derive(Template)]
#[template(path = "notices_bell.html")]
struct Bell {
    page: Page,
}

/// `GET /notices/bell`: the bell alone, asked for when something was told.
pub(crate) async fn bell(mut page: Page, ctx: Ctx) -> Result<impl IntoResponse, Failure> {
    page.notices = Some(app::list(&ctx, true, None, 1).await?.unread);
    Ok(View(Bell { page }))
}

/// `GET /notices/{id}`: to what it tells of; that is reading it.
pub(crate) async fn open(ctx: Ctx, Path(id): Path<i64>) -> Result<Response, Failure> {
    Ok(go_to(&app::open(&ctx, Id::new(id)).await?))
}

/// `POST /notices/{id}/read`
pub(crate) async fn read(ctx: Ctx, Path(id): Path<i64>, form: Form) -> Result<Response, Failure> {
    app::read(&ctx, Id::new(id)).await?;
    let back = if form.has("back") { web::preferences::local_path(form.raw("back")) } else { "/notices" };
    Ok(go_to(back))
}

/// `POST /notices/read-all`
pub(crate) async fn read_all(ctx: Ctx, form: Form) -> Result<Response, Failure> {
    app::read_all(&ctx, form.raw("last").parse().ok()).await?;
    Ok(go_to("/notices?done=read"))
}

#[derive(Template)]
#[template(path = "notices_choices.html")]
struct ChoicesPage {
    page: Page,
    kinds: Vec<(&'static Kind, Choice)>,
    address: Option<String>,
}

/// `GET /notices/choices`
pub(crate) async fn choices(page: Page, ctx: Ctx, RawQuery(query): RawQuery) -> Result<impl IntoResponse, Failure> {
    let mut page = page.named("notices-choices-title");
    if Form::from_query(&query.unwrap_or_default()).raw("done") == "saved" {
        page.flash = Some(Flash { text: page.lang.t("notices-done-saved"), undo: None });
    }
    let directory = ctx.house.identity.directories().now();
    let address = ctx.actor.user.and_then(|user| directory.user(user)).and_then(|user| user.email.clone());
    Ok(View(ChoicesPage { kinds: app::choices(&ctx).await?, address, page }))
}

/// `POST /notices/choices`
pub(crate) async fn choose(ctx: Ctx, form: Form) -> Result<Response, Failure> {
    let wanted = |kind: &'static Kind| {
        let on = |way: &str| form.flag(&format!("{way}.{}", kind.code));
        (kind, Choice { in_app: on("in_app"), mail: on("mail") })
    };
    app::choose(&ctx, KINDS.iter().map(wanted).collect()).await?;
    Ok(go_to("/notices/choices?done=saved"))
}

fn go_to(path: &str) -> Response {
    let target = HeaderValue::from_str(path).unwrap_or_else(|_| HeaderValue::from_static("/notices"));
    (StatusCode::SEE_OTHER, [(LOCATION, target)]).into_response()
}
