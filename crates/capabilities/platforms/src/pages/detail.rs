use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::response::IntoResponse;
use capability::Ctx;
use kernel::Id;
use parties::domain::masked_code;
use web::{Chip, Failure, Form, Page, View};

use super::shown::{self, ClockShown, Platforms, icon_of, store_name, user_name};
use crate::app::{self, Detail, HANDLE};
use crate::domain::{CommandName, Kind, State, proofs_needed};

#[derive(Template)]
#[template(path = "platforms_detail.html")]
struct DetailPage {
    page: Page,
    detail: Detail,
    chips: Vec<Chip>,
    shop: String,
    asked: String,
    facts: Vec<(String, String)>,
    clocks: Vec<ClockShown>,
    steps: Vec<web::Entry>,
    /// What is owed as proof before a no: name, there or not.
    proofs: Vec<(String, bool)>,
    photos: Vec<(String, String, bool)>,
    insurance: String,
    may: bool,
    todo: Vec<(&'static str, String, String)>,
    next: Option<(CommandName, String, String)>,
    of: Option<(String, String, String)>,
    begin: Option<String>,
    sale: Option<(String, String)>,
}

impl DetailPage {
    fn bar(&self) -> web::ActionBar {
        let bar = web::action_bar(&self.page.lang, &None);
        match &self.next {
            Some((name, text, href)) => bar.primary(icon_of(*name), text, href),
            None => bar.link(self.page.t("platforms-back"), "/platform-orders"),
        }
    }
}

/// `GET /platform-orders/{id}?done=`
pub(crate) async fn show(
    page: Page,
    ctx: Ctx,
    Path(id): Path<i64>,
    RawQuery(query): RawQuery,
) -> Result<impl IntoResponse, Failure> {
    let detail = app::detail(&ctx, Id::new(id)).await?;
    let mut page = page;
    let asked = Form::from_query(&query.unwrap_or_default());
    let done = asked.raw("done");
    if done == "insured" || CommandName::parse(done).is_some() {
        let key = format!("platforms-done-{}", done.replace('_', "-"));
        page.flash = page.find(&key).map(|text| web::Flash { text, undo: None });
    }
    let platforms = Platforms::load(&ctx, &page.lang).await?;
    Ok(View(render(page, &ctx, &platforms, detail)))
}

fn render(page: Page, ctx: &Ctx, platforms: &Platforms, detail: Detail) -> DetailPage {
    let lang = page.lang.clone();
    let one = &detail.one;
    let platform = platforms.name(&one.platform);
    let chips = vec![
        shown::state(&lang, one.state),
        web::chip("line", "tag", lang.word("platforms-kind", one.kind.as_str())),
        web::chip("line", "world", platform.clone()),
    ];
    let mut facts = vec![
        (lang.t("platforms-col-number"), one.number.clone()),
        (lang.t("platforms-bought-number"), masked_code(&one.bought)),
        (lang.t("platforms-goods"), format!("{} × {}", one.goods, one.quantity)),
        (lang.t("platforms-paid"), lang.money(one.paid)),
        (lang.t("platforms-reason"), one.reason.clone()),
        (lang.t("platforms-buyer"), one.buyer.clone()),
        (lang.t("platforms-applied"), lang.full(one.applied_at)),
        (lang.t("platforms-tracking"), one.tracking.clone().unwrap_or_default()),
        (
            lang.t("platforms-weight"),
            one.weight.map(|grams| lang.t1("platforms-weight-kg", "kg", kilograms(grams))).unwrap_or_default(),
        ),
    ];
    facts.retain(|(_, value)| !value.is_empty());
    let steps = detail.steps.iter().rev().map(|step| {
        let who = step.by.map_or_else(|| lang.t("platforms-by-itself"), |by| user_name(ctx, Some(by)));
        let mut what = lang.word("platforms-step", &step.what);
        if let Some(reference) = &step.reference {
            what = format!("{what} · {reference}");
        }
        let icon = CommandName::parse(&step.what).map_or("file-import", icon_of);
        // What was entered much later says so.
        let when = if step.entered_at.since(step.at) > LATE {
            lang.t2("platforms-entered-later", "at", lang.when(step.at), "entered", lang.when(step.entered_at))
        } else {
            lang.when(step.at)
        };
        let entry = web::entry(who, what, when).icon(icon);
        match &step.note {
            Some(note) => entry.says(note.clone()),
            None => entry,
        }
    });
    let has = |part: i64| detail.photos.iter().any(|file| file.part == Some(part));
    let proofs = if one.kind.sends_back() && !one.state.is_over() {
        vec![
            (lang.t("platforms-unboxing"), has(app::UNBOXING)),
            (lang.t("platforms-weighing"), has(app::WEIGHING)),
            (lang.t("platforms-weight"), one.weight.is_some()),
        ]
    } else {
        Vec::new()
    };
    let may = ctx.actor.may(HANDLE, one);
    let href = |name: CommandName| format!("/platform-orders/{}/do/{name}", one.id);
    let word = |name: CommandName| lang.word("platforms-command", name.as_str());
    let free: Vec<CommandName> = detail.offers.iter().filter(|(_, why)| why.is_none()).map(|(name, _)| *name).collect();
    let next = match one.state {
        State::Applied => Some(CommandName::Agree),
        State::Returning => Some(CommandName::Ship),
        State::Shipped => Some(CommandName::Receive),
        State::Settling => Some(CommandName::Complete),
        State::Intervention => Some(CommandName::Submit),
        State::Refused | State::Completed | State::Closed => None,
    };
    let next = next.filter(|name| free.contains(name)).map(|name| (name, word(name), href(name)));
    let of = detail
        .of
        .as_ref()
        .map(|of| (format!("/returns/{}", of.id), of.number.clone(), lang.word("returns-state", of.state.as_str())));
    // Where no return is there, a person begins it from the case.
    let begin = (of.is_none() && one.of.is_none() && !one.state.is_over() && one.kind != Kind::Repair)
        .then(|| format!("/returns/of/{}", one.case))
        .filter(|_| ctx.actor.may(returns::app::HANDLE, one));
    let sale = detail.sale.as_ref().map(|sale| {
        (format!("/sales/{}", sale.id), format!("{} · {}", lang.day(sale.day), masked_code(&sale.receipt)))
    });
    DetailPage {
        chips,
        shop: format!("{} · {}", detail.shop.name, store_name(ctx, &lang, one.store)),
        asked: lang.money(one.asked),
        facts,
        clocks: detail.clocks.iter().rev().map(|row| shown::clock(&lang, &platform, row)).collect(),
        steps: steps.collect(),
        proofs,
        photos: detail
            .photos
            .iter()
            .map(|file| (file.id.to_string(), file.name.clone(), file.kind.is_picture()))
            .collect(),
        insurance: shown::insurance(&lang, one),
        may,
        todo: free.iter().map(|name| (icon_of(*name), word(*name), href(*name))).collect(),
        next,
        of,
        begin,
        sale,
        page: page.titled(format!("{} {}", platform, one.goods)),
        detail,
    }
}

/// Milliseconds after which a step counts as entered later: an hour.
const LATE: i64 = 3_600_000;

impl DetailPage {
    /// Whether a no needs proof as the order stands.
    fn needs_proofs(&self) -> bool {
        proofs_needed(self.detail.one.kind, self.detail.one.state)
    }
}

/// Grams as kilograms.
fn kilograms(grams: i64) -> String {
    let text = format!("{}.{:03}", grams / 1_000, grams % 1_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
