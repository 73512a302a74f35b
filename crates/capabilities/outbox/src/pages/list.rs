use askama::Template;
use axum::extract::RawQuery;
use axum::response::IntoResponse;
use capability::Ctx;
use kernel::{Id, Permission, of};
use messaging::{Channel, Message, MessageFilter, MessageRow, MessageState, TEMPLATES};
use web::{Choice, Failure, Filled, Form, Kpi, Page, Tab, View};

use super::{chip, record_href};
use crate::app::{self, COUNTED};

/// See the numbers, as `insight` calls it.
const NUMBERS: Permission = Permission("insight.view");
const ROWS: u16 = 50;
/// Days of the numbers at the top.
const DAYS: i32 = 30;

struct Row {
    message: MessageRow,
    chip: web::Chip,
    store: String,
    href: Option<String>,
}

#[derive(Template)]
#[template(path = "outbox_list.html")]
struct ListPage {
    page: Page,
    kpis: Vec<Kpi>,
    tabs: Vec<Tab>,
    filter: Filled,
    show: String,
    narrowed: bool,
    clear: String,
    channels: Vec<Choice>,
    templates: Vec<Choice>,
    stores: Vec<Choice>,
    rows: Vec<Row>,
    next: Option<String>,
    first: Option<String>,
}

/// The tabs: a word and the states behind it.
const TABS: [(&str, &[MessageState]); 5] = [
    ("all", &[]),
    ("waiting", &[MessageState::Queued, MessageState::Sending]),
    ("sent", &[MessageState::Sent]),
    ("failed", &[MessageState::Failed, MessageState::Suppressed]),
    ("unclear", &[MessageState::Unknown]),
];

/// `GET /outbox?show=&channel=&template=&store=&before=`
pub(crate) async fn list(page: Page, ctx: Ctx, RawQuery(query): RawQuery) -> Result<impl IntoResponse, Failure> {
    let query = query.unwrap_or_default();
    let mut form = Form::from_query(&query);
    let show = TABS.iter().find(|(word, _)| *word == form.raw("show")).map_or("all", |(word, _)| *word);
    let narrow = MessageFilter {
        channel: form.choice_or_none("channel", Channel::parse),
        template: form.text_or_none("template", 40),
        store: form.id_or_none::<of::Unit>("store"),
        ..MessageFilter::default()
    };
    let before = form.id_or_none::<Message>("before");
    let with = |states: &[MessageState]| MessageFilter { states: states.to_vec(), ..narrow.clone() };
    let states = TABS.iter().find(|(word, _)| *word == show).map(|(_, states)| *states).unwrap_or_default();
    let found = app::list(&ctx, with(states), before, ROWS).await?;
    let counts = app::counts(&ctx, TABS.iter().map(|(_, states)| with(states)).collect()).await?;
    let today = page.lang.now.day(&page.lang.zone);
    let totals = app::totals(&ctx, today.plus(1 - DAYS), today).await?;

    let kept: String = ["channel", "template", "store"]
        .iter()
        .filter(|name| !form.raw(name).is_empty())
        .map(|name| format!("&{name}={}", form.raw(name).replace(['&', '#', '+', ' ', '%'], "")))
        .collect();
    let directory = ctx.house.identity.directories().now();
    let locale = ctx.locale.as_str();
    let reach = ctx.reach(crate::VIEW);
    let store_name = |id: Option<Id<of::Unit>>| {
        id.and_then(|id| directory.unit(id)).map(|unit| unit.name_in(locale).to_owned()).unwrap_or_default()
    };
    let page = page.named("messaging-outbox-title");
    let lang = &page.lang;
    let tabs = TABS.iter().zip(&counts).map(|((word, _), count)| {
        let shown = if *count > COUNTED { format!("{COUNTED}+") } else { count.to_string() };
        let href = format!("/outbox?show={word}{kept}");
        Tab::new(lang.word("messaging-show", word), href).count(shown).current(*word == show)
    });
    let tabs = tabs.collect();
    let kpi = |key: &str, value: String, href: &str| {
        let kpi = Kpi::new(lang.t(key), value).note(lang.t("messaging-30-days"));
        if href.starts_with("/metrics") && !ctx.actor.holds(NUMBERS) { kpi } else { kpi.href(href) }
    };
    let kpis = vec![
        kpi("messaging-kpi-sent", totals.sent.to_string(), "/outbox?show=sent"),
        kpi("messaging-kpi-delivered", totals.delivered.to_string(), "/outbox?show=sent"),
        kpi("messaging-kpi-failed", totals.failed.to_string(), "/outbox?show=failed"),
        kpi("messaging-kpi-cost", lang.money(totals.cost), "/metrics/messages-cost"),
    ];
    let rows = found.rows.into_iter().map(|message| Row {
        chip: chip(lang, &message),
        store: store_name(message.store),
        href: record_href(&ctx, &message),
        message,
    });
    let rows = rows.collect();
    let codes = TEMPLATES.iter().filter(|template| template.customer || template.code == "trial");
    let templates = codes.map(|template| Choice::new(template.code, lang.word("messaging-text", template.code)));
    let templates = templates.collect();
    let stores = directory.stores().filter(|store| reach.company || reach.stores.contains(&store.id));
    let stores: Vec<Choice> = stores.map(|store| Choice::new(store.id.to_string(), store.name_in(locale))).collect();
    Ok(View(ListPage {
        kpis,
        tabs,
        narrowed: !kept.is_empty(),
        clear: format!("/outbox?show={show}"),
        channels: page.lang.choices("messaging-channel", ["sms", "mail", "wechat_copy"]),
        templates,
        stores: if stores.len() > 1 { stores } else { Vec::new() },
        rows,
        next: found.next.map(|id| format!("/outbox?show={show}{kept}&before={id}")),
        first: before.map(|_| format!("/outbox?show={show}{kept}")),
        filter: form.into_filled(),
        show: show.to_owned(),
        page,
    }))
}
