use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::response::IntoResponse;
use capability::Ctx;
use kernel::{Id, Money};
use parties::domain::masked_code;
use web::{Chip, Failure, Form, Page, View};

use super::shown::{self, day, icon_of, store_name, user_name};
use crate::app::{self, Detail, HANDLE};
use crate::domain::{CommandName, State};

#[derive(Template)]
#[template(path = "claims_detail.html")]
struct DetailPage {
    page: Page,
    detail: Detail,
    chips: Vec<Chip>,
    store: String,
    amount: String,
    sums: Vec<(String, String)>,
    facts: Vec<(String, String)>,
    steps: Vec<web::Entry>,
    posted: Vec<(String, String, String)>,
    proofs: Vec<(String, bool)>,
    ready: String,
    cut_off: Vec<(String, String)>,
    todo: Vec<(&'static str, String, String)>,
    next: Option<(CommandName, String, String)>,
    back: Option<(String, String)>,
    may_pack: bool,
}

impl DetailPage {
    fn bar(&self) -> web::ActionBar {
        let bar = web::action_bar(&self.page.lang, &None);
        match &self.next {
            Some((name, text, href)) => bar.primary(icon_of(*name), text, href),
            None => bar.link(self.page.t("claims-back"), "/claims"),
        }
    }
}

/// `GET /claims/{id}?done=`
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
    if done == "opened" || CommandName::parse(done).is_some() {
        let key = format!("claims-done-{}", done.replace('_', "-"));
        page.flash = page.find(&key).map(|text| web::Flash { text, undo: None });
    }
    Ok(View(render(page, &ctx, detail)))
}

fn render(page: Page, ctx: &Ctx, detail: Detail) -> DetailPage {
    let lang = page.lang.clone();
    let one = &detail.one;
    let mut chips =
        vec![shown::state(&lang, one.state), web::chip("line", "tag", lang.word("claims-ground", one.ground.as_str()))];
    chips.extend(shown::cut_off(&lang, one));
    let mut sums = vec![(lang.t("claims-col-claimed"), lang.money(one.claimed))];
    sums.extend(one.accepted.map(|money| (lang.t("claims-col-accepted"), lang.money(money))));
    sums.push((lang.t("claims-col-credited"), lang.money(one.credited)));
    if one.written > Money::ZERO {
        sums.push((lang.t("claims-col-written"), lang.money(one.written)));
    }
    sums.push((lang.t("claims-col-left"), lang.money(one.receivable())));
    let mut facts = vec![
        (lang.t("claims-col-maker"), one.maker.clone()),
        (lang.t("claims-col-goods"), format!("{} × {}", one.goods, one.quantity)),
        (lang.t("claims-col-serial"), one.serial.as_deref().map(masked_code).unwrap_or_default()),
        (lang.t("claims-reason"), one.reason.clone()),
        (lang.t("claims-bought"), day(&lang, one.bought_on)),
        (lang.t("claims-asked"), day(&lang, one.claimed_on)),
        (lang.t("claims-inspected"), day(&lang, one.inspected_on)),
        (lang.t("claims-refunded"), day(&lang, one.refunded_on)),
        (lang.t("claims-col-owner"), user_name(ctx, one.owner)),
    ];
    facts.retain(|(_, value)| !value.is_empty());
    let steps = detail.steps.iter().rev().map(|step| {
        let who = step.by.map_or_else(|| lang.t("claims-by-itself"), |by| user_name(ctx, Some(by)));
        let mut what = lang.word("claims-step", &step.what);
        if step.amount > Money::ZERO {
            what = format!("{what} {}", lang.money(step.amount));
        }
        if let Some(reference) = &step.reference {
            what = format!("{what} · {reference}");
        }
        let icon = CommandName::parse(&step.what).map_or("plus", icon_of);
        let entry = web::entry(who, what, lang.day(step.day)).icon(icon);
        match &step.reason {
            Some(reason) => entry.says(reason.clone()),
            None => entry,
        }
    });
    let posted = detail
        .posted
        .iter()
        .map(|line| (lang.word("claims-account", line.account.as_str()), lang.money(line.amount), lang.at(line.at)));
    let proofs: Vec<(String, bool)> =
        detail.pack.proofs().into_iter().map(|proof| (lang.word("claims-proof", proof.word), proof.there)).collect();
    let there = proofs.iter().filter(|(_, there)| *there).count();
    let cut_off = match &detail.term {
        Some(term) => {
            let about = lang.t3(
                "claims-term-about",
                "days",
                term.days,
                "after",
                lang.word("claims-after", term.after.as_str()),
                "warn",
                term.warn_days,
            );
            let mut rows = vec![(lang.t("claims-term"), about)];
            rows.push((lang.t("claims-col-due"), day(&lang, one.due_on)));
            rows.push((lang.t("claims-contact"), term.contact.clone().unwrap_or_default()));
            rows.retain(|(_, value)| !value.is_empty());
            rows
        }
        None => Vec::new(),
    };
    let href = |name: CommandName| format!("/claims/{}/do/{name}", one.id);
    let word = |name: CommandName| lang.word("claims-command", name.as_str());
    let free: Vec<CommandName> = detail.offers.iter().filter(|(_, why)| why.is_none()).map(|(name, _)| *name).collect();
    let next = match one.state {
        State::Open | State::Refused => Some(CommandName::Send),
        State::Sent => Some(CommandName::Accept),
        State::Accepted => Some(CommandName::Credit),
        State::Credited | State::WrittenOff | State::Withdrawn => None,
    };
    let next = next.filter(|name| free.contains(name)).map(|name| (name, word(name), href(name)));
    let back = match (one.of, one.unit) {
        (Some(of), _) => Some((format!("/returns/{of}"), lang.t("claims-to-return"))),
        (None, Some(unit)) => Some((format!("/units/{unit}"), lang.t("claims-to-unit"))),
        (None, None) => None,
    };
    DetailPage {
        chips,
        store: store_name(ctx, &lang, one.store),
        amount: lang.money(one.claimed),
        sums,
        facts,
        steps: steps.collect(),
        posted: posted.collect(),
        ready: lang.t2("claims-pack-ready", "n", there, "of", proofs.len()),
        proofs,
        cut_off,
        todo: free.iter().map(|name| (icon_of(*name), word(*name), href(*name))).collect(),
        next,
        back,
        may_pack: ctx.actor.may(HANDLE, one),
        page: page.titled(format!("{} {}", one.maker, one.goods)),
        detail,
    }
}
