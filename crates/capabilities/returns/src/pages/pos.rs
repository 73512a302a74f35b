use askama::Template;
use axum::extract::RawQuery;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use capability::Ctx;
use kernel::{Day, FaultKind, Money, of};
use web::{Choice, Failure, Filled, Form, Page, View};

use super::shown::store_name;
use crate::app::{self, MONEY};
use crate::store::{MismatchKind, PosRefund};

#[derive(Template)]
#[template(path = "returns_mismatches.html")]
struct MismatchPage {
    page: Page,
    groups: Vec<Group>,
    form: Filled,
    stores: Vec<Choice>,
    home: String,
}

struct Group {
    title: String,
    about: String,
    rows: Vec<Row>,
}

struct Row {
    href: Option<String>,
    what: String,
    pos_ref: String,
    ours: String,
    pos: String,
    store: String,
}

/// `GET /returns/mismatches?done=`
pub(crate) async fn show(page: Page, ctx: Ctx, RawQuery(query): RawQuery) -> Result<impl IntoResponse, Failure> {
    let mut page = page;
    let asked = Form::from_query(&query.unwrap_or_default());
    if let Ok(n) = asked.raw("new").parse::<i64>() {
        page.flash = Some(web::Flash { text: page.t1("returns-pos-kept", "n", n), undo: None });
    }
    Ok(View(render(page, &ctx, Filled::new()).await?))
}

async fn render(page: Page, ctx: &Ctx, form: Filled) -> Result<MismatchPage, kernel::Fault> {
    let lang = page.lang.clone();
    let all = app::mismatches(ctx).await?;
    let money = |money: Option<Money>| money.map_or_else(|| "–".to_owned(), |money| lang.money(money));
    let groups = MismatchKind::ALL.iter().map(|kind| Group {
        title: lang.word("returns-mismatch", kind.as_str()),
        about: lang.word("returns-mismatch-about", kind.as_str()),
        rows: all
            .iter()
            .filter(|one| one.kind == *kind)
            .map(|one| Row {
                href: one.of.map(|id| format!("/returns/{id}")),
                what: one.number.clone().or(one.pos_ref.clone()).unwrap_or_default(),
                pos_ref: one.pos_ref.clone().unwrap_or_default(),
                ours: money(one.ours),
                pos: money(one.pos),
                store: store_name(ctx, &lang, one.store),
            })
            .collect(),
    });
    let reach = ctx.reach(MONEY);
    let directory = ctx.house.identity.directories().now();
    let stores = directory
        .stores()
        .filter(|store| store.active && (reach.company || reach.stores.contains(&store.id)))
        .map(|store| Choice::new(store.id.to_string(), store.name_in(lang.locale.as_str())));
    let home = ctx.actor.home.and_then(|home| directory.store_of(home)).map(|store| store.id.to_string());
    Ok(MismatchPage {
        groups: groups.filter(|group: &Group| !group.rows.is_empty()).collect(),
        stores: stores.collect(),
        home: home.unwrap_or_default(),
        form,
        page: page.named("returns-mismatches"),
    })
}

/// `POST /returns/mismatches`: what the POS says, pasted: reference, amount in yuan, day.
pub(crate) async fn record(page: Page, ctx: Ctx, mut form: Form) -> Result<Response, Failure> {
    let store = form.id::<of::Unit>("store");
    let text = form.raw("text").to_owned();
    let mut rows = Vec::new();
    for (n, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let by = if line.contains('\t') { '\t' } else { ',' };
        let cells: Vec<&str> = line.split(by).map(str::trim).collect();
        let mut one = Form::from_pairs([
            ("ref", cells.first().copied().unwrap_or_default()),
            ("amount", cells.get(1).copied().unwrap_or_default()),
            ("day", cells.get(2).copied().unwrap_or_default()),
        ]);
        let (pos_ref, amount, day) = (one.text("ref", 60), one.money("amount"), one.day("day"));
        let known: Option<(Money, Day)> = amount.zip(day);
        match known.filter(|_| one.errors().is_empty()) {
            Some((amount, day)) => rows.push(PosRefund { pos_ref, amount, day }),
            // A heading is no row.
            None if n == 0 && rows.is_empty() && text.lines().count() > 1 => {}
            None => form.reject_with("text", "returns-pos-row", vec![("row", (n + 1).to_string())]),
        }
    }
    if text.trim().is_empty() {
        form.reject("text", "required");
    }
    let fault = match form.check() {
        Err(fault) => fault,
        Ok(()) => match app::record_pos(&ctx, form.need(store)?, rows).await {
            Ok(new) => return Ok(Redirect::to(&format!("/returns/mismatches?new={new}")).into_response()),
            Err(fault) => fault,
        },
    };
    if fault.kind() != FaultKind::Invalid {
        return Err(fault.into());
    }
    let page = render(page, &ctx, form.into_filled_with(&fault)).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, View(page)).into_response())
}
