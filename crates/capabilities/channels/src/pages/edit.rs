use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use capability::Ctx;
use kernel::{Fault, FaultKind, Id, Permission, of};
use web::{Choice, Failure, Filled, Form, Lang, Page, View};

use super::{go_to, stores, unprocessable};
use crate::app::{self, Draft, EDIT};
use crate::domain::{Hours, Kind};
use crate::store::Channel;

/// Most people to choose an owner from; beyond, those of the person's own store.
const PEOPLE: usize = 300;

#[derive(Template)]
#[template(path = "channels_edit.html")]
struct EditPage {
    page: Page,
    action: String,
    back: String,
    /// Registered already: its store and kind stay.
    known: Option<Channel>,
    form: Filled,
    stores: Vec<Choice>,
    kinds: Vec<Choice>,
    hours: Vec<Choice>,
    people: Vec<Choice>,
    stale: bool,
}

/// What a form or a JSON object says about a channel.
pub(crate) fn read(form: &mut Form) -> Draft {
    Draft {
        name: form.text("name", 60),
        owner: form.id_or_none("owner"),
        address: form.text_or_none("address", 200),
        hours: form.choice_or_none("hours", Hours::parse).unwrap_or_default(),
        script: form.text_or_none("script", 2_000),
        expected_per_day: form.number_or_none("expected_per_day", 1..=100_000),
        cost_per_month: form.money_or_none("cost").unwrap_or_default(),
        test_days: form.number_or_none("test_days", 1..=366),
        frames: form.text_or_none("frames", 2_000),
        active: !form.flag("closed"),
    }
}

/// `GET /channels/new?store=&kind=`
pub(crate) async fn new(
    page: Page,
    ctx: Ctx,
    axum::extract::RawQuery(query): axum::extract::RawQuery,
) -> Result<impl IntoResponse, Failure> {
    let asked = Form::from_query(&query.unwrap_or_default());
    let form = ["store", "kind"].into_iter().fold(Filled::new(), |form, name| form.with(name, asked.raw(name)));
    Ok(View(form_page(page, &ctx, None, form.with("hours", Hours::Store.as_str()), false)))
}

/// `POST /channels/new`
pub(crate) async fn create(page: Page, ctx: Ctx, mut form: Form) -> Result<Response, Failure> {
    let store = form.id::<of::Unit>("store");
    let kind = form.choice("kind", Kind::parse);
    let code = form.text_or_none("code", 40);
    let draft = read(&mut form);
    if form.check().is_err() {
        return Ok(unprocessable(View(form_page(page, &ctx, None, form.into_filled(), false))));
    }
    let made = app::create(&ctx, form.need(store)?, form.need(kind)?, code, draft).await;
    match made {
        Ok(channel) => Ok(go_to(&format!("/channels/{}?done=saved", channel.id))),
        Err(fault) if fault.kind() == FaultKind::Invalid => {
            Ok(unprocessable(View(form_page(page, &ctx, None, form.into_filled_with(&fault), false))))
        }
        Err(fault) => Err(fault.into()),
    }
}

/// `GET /channels/{id}/edit`
pub(crate) async fn edit(page: Page, ctx: Ctx, Path(id): Path<i64>) -> Result<impl IntoResponse, Failure> {
    let channel = changeable(&ctx, Id::new(id)).await?;
    let form = filled(&page.lang, &channel);
    Ok(View(form_page(page, &ctx, Some(channel), form, false)))
}

/// `POST /channels/{id}/edit`
pub(crate) async fn change(page: Page, ctx: Ctx, Path(id): Path<i64>, mut form: Form) -> Result<Response, Failure> {
    let channel = changeable(&ctx, Id::new(id)).await?;
    let version = form.version("version")?;
    let draft = read(&mut form);
    if form.check().is_err() {
        return Ok(unprocessable(View(form_page(page, &ctx, Some(channel), form.into_filled(), false))));
    }
    match app::change(&ctx, channel.id, version, draft).await {
        Ok(_) => Ok(go_to(&format!("/channels/{}?done=saved", channel.id))),
        Err(fault) if fault.kind() == FaultKind::Invalid => {
            Ok(unprocessable(View(form_page(page, &ctx, Some(channel), form.into_filled_with(&fault), false))))
        }
        // What was typed stays; sent again it is based on what the other one left.
        Err(fault) if fault.kind() == FaultKind::Stale => {
            let form = form.into_filled().with("version", channel.version.to_string());
            let page = View(form_page(page, &ctx, Some(channel), form, true));
            Ok((axum::http::StatusCode::PRECONDITION_FAILED, page).into_response())
        }
        Err(fault) => Err(fault.into()),
    }
}

async fn changeable(ctx: &Ctx, id: Id<of::Channel>) -> Result<Channel, Fault> {
    let channel = app::get(ctx, id).await?;
    if ctx.actor.may(EDIT, &channel) { Ok(channel) } else { Err(Fault::forbidden()) }
}

fn filled(_: &Lang, channel: &Channel) -> Filled {
    let or_empty = |n: Option<i64>| n.map(|n| n.to_string()).unwrap_or_default();
    let fen = channel.cost_per_month.fen();
    let form = Filled::new()
        .with("version", channel.version.to_string())
        .with("name", channel.name.as_str())
        .with("owner", channel.owner.map(|id| id.to_string()).unwrap_or_default())
        .with("address", channel.address.clone().unwrap_or_default())
        .with("hours", channel.hours.as_str())
        .with("script", channel.script.clone().unwrap_or_default())
        .with("expected_per_day", or_empty(channel.expected_per_day))
        .with("cost", if fen == 0 { String::new() } else { format!("{}.{:02}", fen / 100, fen % 100) })
        .with("test_days", or_empty(channel.test_days))
        .with("frames", channel.frames.clone().unwrap_or_default());
    if channel.active { form } else { form.with("closed", "on") }
}

fn form_page(page: Page, ctx: &Ctx, known: Option<Channel>, form: Filled, stale: bool) -> EditPage {
    let lang = &page.lang;
    let mut stores = stores(ctx, lang, EDIT);
    let directory = ctx.house.identity.directories().now();
    // The most likely store is the person's own.
    let home = ctx.actor.home.and_then(|home| directory.store_of(home)).map(|store| store.id.to_string());
    let form = match home.filter(|home| form.value("store").is_empty() && stores.iter().any(|one| one.value == *home)) {
        Some(home) => form.with("store", home),
        None => form,
    };
    stores.truncate(2_000);
    EditPage {
        action: known.as_ref().map_or_else(|| "/channels/new".to_owned(), |it| format!("/channels/{}/edit", it.id)),
        back: known.as_ref().map_or_else(|| "/channels".to_owned(), |it| format!("/channels/{}", it.id)),
        people: people(ctx, lang, known.as_ref(), EDIT),
        stores,
        kinds: lang.choices("channels-kind", Kind::ALL.map(Kind::as_str)),
        hours: lang.choices("channels-hours", Hours::ALL.map(Hours::as_str)),
        stale,
        form,
        page: page.named(if known.is_some() { "channels-edit-title" } else { "channels-new-title" }),
        known,
    }
}

/// Who may answer for a channel: the people of its store and of the units above it; for a new one all within reach.
fn people(ctx: &Ctx, lang: &Lang, known: Option<&Channel>, permission: Permission) -> Vec<Choice> {
    let directory = ctx.house.identity.directories().now();
    let reach = ctx.reach(permission);
    let here = |user: &&identity::User| {
        let store = directory.store_of(user.home).map(|unit| unit.id);
        user.active
            && match (known, store) {
                (Some(channel), Some(store)) => store == channel.store,
                (None, Some(store)) => reach.company || reach.stores.contains(&store),
                (_, None) => true,
            }
    };
    let named = |user: &identity::User| {
        let home = directory.unit(user.home).map(|unit| unit.name_in(lang.locale.as_str())).unwrap_or_default();
        Choice::new(user.id.to_string(), format!("{} · {home}", user.name))
    };
    let mut people: Vec<Choice> = directory.users().filter(here).take(PEOPLE).map(named).collect();
    let kept =
        known.and_then(|channel| channel.owner).filter(|id| !people.iter().any(|one| one.value == id.to_string()));
    people.extend(kept.and_then(|id| directory.user(id)).map(named));
    people
}
