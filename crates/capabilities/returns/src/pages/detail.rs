use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::response::IntoResponse;
use capability::Ctx;
use kernel::{Fault, Id, Money};
use parties::domain::masked_code;
use parties::verdict::words;
use remedies::{Open, Verdict};
use web::{Chip, Failure, Form, Lang, Page, Step as Shape, View};

use super::layers::{self, Beyond};
use super::shown::{self, icon_of, store_name, user_name};
use crate::app::{self, Detail};
use crate::domain::{CommandName, GoodsIn, GoodsOut, Part, PayState, State, Way, refusal};
use crate::proposals::pages::Shown as Proposed;
use crate::proposals::{app as proposing, pages as proposed};
use crate::store::LineRow;

#[derive(Template)]
#[template(path = "returns_detail.html")]
struct DetailPage {
    page: Page,
    detail: Detail,
    chips: Vec<Chip>,
    bought: String,
    store: String,
    steps: Vec<Shape>,
    parts: Vec<PartShown>,
    lines: Vec<LineShown>,
    /// What it makes of state subsidies.
    owed: Vec<super::subsidy::OwedShown>,
    may_pay: bool,
    papers: Vec<(String, Option<String>)>,
    posted: Vec<(String, String, String)>,
    budget: Vec<(String, String)>,
    precedents: Vec<(String, String, String, String)>,
    todo: Vec<(&'static str, String, String)>,
    not_yet: Vec<(String, String)>,
    next: Option<(CommandName, String, String)>,
    photos: Vec<(String, String, bool)>,
    entries: Vec<web::Entry>,
    judged: String,
    same_rules: bool,
    proposals: Vec<Proposed>,
    may_propose: bool,
}

/// A part of the money.
struct PartShown {
    name: String,
    chip: Chip,
    amount: String,
    about: String,
    rows: Vec<(String, String)>,
    button: Option<(String, String)>,
    approval: Option<String>,
}

struct LineShown {
    seq: i64,
    name: String,
    about: String,
    goods_in: Chip,
    goods_out: Option<Chip>,
    finding: Option<Chip>,
    checks: String,
    grade: Option<String>,
    out_serial: Option<String>,
    acts: Vec<(String, String)>,
    /// What the law gives of it, by which clauses, until when.
    law: Option<(String, String, Option<String>)>,
    /// What terms above the law give: what, by whom, until when, where it stands.
    beyond: Vec<Beyond>,
    /// Terms that are void.
    void: Vec<String>,
    /// How the refund is counted.
    sums: Vec<(String, String)>,
}

impl DetailPage {
    fn bar(&self) -> web::ActionBar {
        let bar = web::action_bar(&self.page.lang, &None);
        match &self.next {
            Some((name, text, href)) => bar.primary(icon_of(*name), text, href),
            None => bar.link(self.page.t("returns-back"), "/returns"),
        }
    }
}

/// `GET /returns/{id}?done=`
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
    let own = ["opened", "proposed", "agreed", "answered"].contains(&done);
    if own || CommandName::parse(done).is_some() {
        page.flash = page.find(&format!("returns-done-{done}")).map(|text| web::Flash { text, undo: None });
    }
    let all = proposing::list(&ctx, detail.one.id).await?;
    let may = detail.one.state == State::Open && ctx.actor.may(app::HANDLE, &detail.one);
    let proposals = proposed::shown(&ctx, &page.lang, &all, may);
    Ok(View(DetailPage { proposals, may_propose: may, ..render(page, &ctx, detail)? }))
}

fn render(page: Page, ctx: &Ctx, detail: Detail) -> Result<DetailPage, Fault> {
    let lang = page.lang.clone();
    let one = &detail.one;
    let href = |name: CommandName, more: &str| format!("/returns/{}/do/{name}{more}", one.id);
    let free = |name: CommandName| detail.offers.iter().any(|offer| offer.name == name && offer.refusal.is_none());
    let mut lines = Vec::new();
    for line in &detail.lines {
        lines.push(line_shown(ctx, &lang, &detail, line)?);
    }
    let parts = detail.money.iter().map(|payment| {
        let more = format!("?part={}", payment.part);
        let button = match payment.state {
            PayState::Due if payment.part != Part::Grant && free(CommandName::Confirm) => {
                let word = format!("returns-confirm-{}", payment.part);
                Some((lang.t1(&word, "amount", lang.money(payment.amount)), href(CommandName::Confirm, &more)))
            }
            PayState::Confirmed if free(CommandName::Pay) => {
                Some((lang.t("returns-record-pos"), href(CommandName::Pay, &more)))
            }
            _ => None,
        };
        let mut rows = vec![
            (lang.t("returns-amount"), lang.money(payment.amount)),
            (lang.t("returns-payee"), payee(&lang, &detail)),
            (lang.t("returns-reason"), payment.reason.clone()),
        ];
        rows.extend(payment.confirmed_at.map(|at| {
            (lang.t("returns-confirmed"), format!("{} {}", user_name(ctx, payment.confirmed_by), lang.at(at)))
        }));
        rows.extend(payment.pos_ref.clone().map(|pos| (lang.t("returns-pos-ref"), pos)));
        PartShown {
            name: lang.word("returns-part", payment.part.as_str()),
            chip: shown::money(&lang, payment.state),
            amount: lang.money(payment.amount),
            about: lang.t(&format!("returns-part-about-{}", payment.part)),
            rows,
            button,
            approval: payment
                .approval
                .filter(|_| payment.state == PayState::Asked)
                .map(|id| format!("/approvals/{id}")),
        }
    });
    let word = |name: CommandName| lang.word("returns-command", name.as_str());
    // What belongs to a line or a part has its button there.
    let general = [CommandName::Offer, CommandName::Papers, CommandName::Refuse, CommandName::Cancel];
    let offered = detail.offers.iter().filter(|offer| general.contains(&offer.name));
    let todo = offered
        .clone()
        .filter(|offer| offer.refusal.is_none())
        .map(|offer| (icon_of(offer.name), word(offer.name), href(offer.name, "")));
    let not_yet = detail.offers.iter().filter_map(|offer| {
        let why = offer.refusal.filter(|why| [refusal::INSPECT_FIRST, refusal::NOT_GRANTED].contains(&why.0))?;
        Some((word(offer.name), web::sentence(lang.locale, &Fault::from(why))))
    });
    let sum = |month: Money| lang.money(month);
    let mut budget = Vec::new();
    if let Some(amount) = detail.budget.amount {
        budget.push((lang.t("returns-budget-amount"), sum(amount)));
    }
    budget.push((lang.t("returns-budget-reserved"), sum(detail.budget.reserved)));
    budget.push((lang.t("returns-budget-spent"), sum(detail.budget.spent)));
    budget.push((lang.t("returns-budget-released"), sum(detail.budget.released)));
    if let Some(left) = detail.budget.left() {
        budget.push((lang.t("returns-budget-left"), sum(left)));
    }
    let mut chips = vec![
        shown::state(&lang, one.state),
        web::chip("line", "arrows-exchange", lang.word("returns-way", one.way.as_str())),
    ];
    if one.obvious {
        chips.push(web::chip("line", "eye", lang.t("returns-obvious")));
    }
    if detail.case.upset {
        chips.push(web::chip("late", "flame", lang.t("returns-upset")));
    }
    let title = detail.lines.first().map(|line| line.name.clone()).unwrap_or_default();
    let book = parties::verdict::rulebook()?;
    Ok(DetailPage {
        chips,
        bought: detail
            .sale
            .as_ref()
            .map(|sale| format!("{} · {}", lang.day(sale.day), masked_code(&sale.receipt)))
            .unwrap_or_default(),
        store: store_name(ctx, &lang, one.store),
        steps: steps(&lang, &detail),
        parts: parts.collect(),
        lines,
        owed: detail.owed.iter().map(|one| super::subsidy::shown(&lang, one)).collect(),
        may_pay: ctx.actor.may(app::MONEY, one),
        papers: vec![
            (
                lang.t("returns-pos-ref"),
                Some(detail.money.iter().filter_map(|payment| payment.pos_ref.clone()).collect::<Vec<_>>().join(" · "))
                    .filter(|text| !text.is_empty()),
            ),
            (lang.t("returns-red-invoice"), one.red_invoice.clone()),
            (lang.t("returns-stock-receipt"), one.stock_receipt.clone()),
        ],
        posted: detail
            .posted
            .iter()
            .map(|line| {
                (lang.word("returns-account", line.account.as_str()), lang.money(line.amount), lang.at(line.at))
            })
            .collect(),
        budget,
        precedents: detail
            .precedents
            .iter()
            .map(|one| (format!("/returns/{}", one.id), one.number.clone(), lang.money(one.amount), one.reason.clone()))
            .collect(),
        todo: todo.collect(),
        not_yet: not_yet.collect(),
        next: next(&lang, &detail, &href),
        photos: detail
            .photos
            .iter()
            .map(|file| (file.id.to_string(), file.name.clone(), file.kind.is_picture()))
            .collect(),
        entries: detail.journal.iter().rev().take(20).map(|entry| entry_of(&lang, entry)).collect(),
        judged: lang.t2("returns-judged", "version", one.rules.clone(), "day", lang.day(one.judged_on)),
        same_rules: book.digest() == one.digest,
        proposals: Vec::new(),
        may_propose: false,
        page: page.titled(format!("{title} · {}", lang.word("returns-way", one.way.as_str()))),
        detail,
    })
}

fn payee(lang: &Lang, detail: &Detail) -> String {
    let one = &detail.one;
    match (one.payee.is_empty(), one.paid_how.is_empty()) {
        (true, _) => lang.t("returns-payee-none"),
        (false, true) => one.payee.clone(),
        (false, false) => lang.t2("returns-payee-back", "name", one.payee.clone(), "how", one.paid_how.clone()),
    }
}

fn entry_of(lang: &Lang, entry: &journal::Recorded) -> web::Entry {
    let verb = entry.verb.split('.').next_back().unwrap_or_default().replace('_', "-");
    let who = if entry.actor_name.is_empty() { lang.t("returns-system") } else { entry.actor_name.clone() };
    web::entry(who, lang.t(&format!("returns-verb-{verb}")), lang.when(entry.happened_at))
}

/// The next step that this reader can take: money that is due, goods that are to come, papers that are missing.
fn next(
    lang: &Lang,
    detail: &Detail,
    href: &impl Fn(CommandName, &str) -> String,
) -> Option<(CommandName, String, String)> {
    let free = |name: CommandName| detail.offers.iter().any(|offer| offer.name == name && offer.refusal.is_none());
    let ways = [
        CommandName::Pay,
        CommandName::Confirm,
        CommandName::Receive,
        CommandName::Inspect,
        CommandName::Send,
        CommandName::Deliver,
        CommandName::Grade,
        CommandName::Papers,
    ];
    let facts: Vec<_> = detail.lines.iter().map(|line| (line.seq, line.goods_in, line.goods_out)).collect();
    for name in ways.into_iter().filter(|name| free(*name)) {
        let more = match name {
            CommandName::Confirm | CommandName::Pay => {
                let wanted = if name == CommandName::Pay { PayState::Confirmed } else { PayState::Due };
                let found = detail.money.iter().find(|one| one.state == wanted && one.part != Part::Grant)?;
                format!("?part={}", found.part)
            }
            CommandName::Papers => String::new(),
            // What was looked at once is not the next step again.
            CommandName::Inspect if !facts.iter().any(|(_, state, _)| *state == GoodsIn::Received) => continue,
            _ => {
                let fits = |(_, goods_in, goods_out): &&(i64, GoodsIn, GoodsOut)| match name {
                    CommandName::Receive => *goods_in == GoodsIn::Expected,
                    CommandName::Inspect => *goods_in == GoodsIn::Received,
                    CommandName::Grade => matches!(goods_in, GoodsIn::Inspected | GoodsIn::Received),
                    CommandName::Send => *goods_out == GoodsOut::Reserved,
                    _ => *goods_out == GoodsOut::Sent,
                };
                format!("?line={}", facts.iter().find(fits)?.0)
            }
        };
        return Some((name, lang.word("returns-command", name.as_str()), href(name, &more)));
    }
    None
}

fn steps(lang: &Lang, detail: &Detail) -> Vec<Shape> {
    let one = &detail.one;
    let goods = |wanted: &[GoodsIn]| detail.lines.iter().all(|line| wanted.contains(&line.goods_in));
    let received = goods(&[GoodsIn::NotNeeded, GoodsIn::Received, GoodsIn::Inspected, GoodsIn::Graded]);
    let inspected = goods(&[GoodsIn::NotNeeded, GoodsIn::Inspected, GoodsIn::Graded]);
    let settled = match one.way {
        Way::Refund => detail
            .money
            .iter()
            .all(|payment| matches!(payment.state, PayState::Paid | PayState::Reconciled | PayState::Declined)),
        Way::Exchange => detail.lines.iter().all(|line| line.goods_out == GoodsOut::Delivered),
    };
    let closed = one.state == State::Completed;
    let shape = |word: &str, done: bool| {
        let label = lang.t(&format!("returns-step-{word}"));
        if done || closed { Shape::done(label, "") } else { Shape::todo(label, "") }
    };
    let mut steps = vec![shape("opened", true), shape("judged", true), shape("received", received)];
    steps.push(shape("inspected", inspected));
    steps.push(shape(if one.way == Way::Refund { "refunded" } else { "exchanged" }, settled));
    steps.push(shape("closed", closed));
    steps
}

fn line_shown(ctx: &Ctx, lang: &Lang, detail: &Detail, line: &LineRow) -> Result<LineShown, Fault> {
    let facts = crate::domain::Facts {
        state: detail.one.state,
        way: detail.one.way,
        obvious: detail.one.obvious,
        lines: detail.lines.iter().map(LineRow::facts).collect(),
        money: detail.money.iter().map(|payment| (payment.part, payment.state)).collect(),
        red_invoice: detail.one.red_invoice.is_some(),
        stock_receipt: detail.one.stock_receipt.is_some(),
    };
    let may = ctx.actor.may(app::HANDLE, &detail.one);
    let names =
        [CommandName::Receive, CommandName::Inspect, CommandName::Grade, CommandName::Send, CommandName::Deliver];
    let acts = names
        .into_iter()
        .filter(|name| may && crate::domain::guard(&facts, *name, Some(line.seq), None).is_ok())
        .map(|name| {
            let href = format!("/returns/{}/do/{name}?line={}", detail.one.id, line.seq);
            (lang.word("returns-command", name.as_str()), href)
        });
    let finding = line.finding.map(|finding| {
        let tone = if finding.is_ok() { "ok" } else { "late" };
        web::chip(tone, "clipboard-check", lang.word("returns-finding", finding.as_str()))
    });
    let checks: Vec<String> =
        line.checks.split(' ').filter(|word| !word.is_empty()).map(|word| lang.word("returns-check", word)).collect();
    let judged = app::judged_again(line)?;
    let verdict = judged.as_ref().and_then(|judged| judged.verdict().ok());
    let open = verdict.as_ref().and_then(|verdict| law_of(verdict, line));
    let beyond = match (&judged, &verdict) {
        (Some(judged), Some(verdict)) => layers::beyond(lang, judged, verdict),
        _ => Vec::new(),
    };
    let void = match (&judged, &verdict) {
        (Some(judged), Some(verdict)) => {
            verdict.void.iter().map(|void| words::void(lang, &judged.layers, void)).collect()
        }
        _ => Vec::new(),
    };
    let law = open.map(|open| {
        let cites = open.grounds.iter().flat_map(|ground| ground.cite).chain(open.day_cite).map(String::as_str);
        (words::remedy(lang, open.remedy), words::clauses(lang, cites), open.last_day.map(words::day))
    });
    let mut sums = Vec::new();
    if let Some(fee) = open.and_then(|open| open.fee.as_ref()) {
        sums.extend(fee.steps.iter().map(|step| words::step(lang, step)));
        sums.push((lang.t("returns-fee"), lang.money(Money::ZERO - line.fee)));
    }
    sums.push((lang.t("returns-statutory"), lang.money(line.statutory)));
    let mut about = vec![lang.t2("returns-line-paid", "n", line.quantity, "paid", lang.money(line.paid()))];
    about.extend(line.serial.as_deref().map(masked_code));
    Ok(LineShown {
        seq: line.seq,
        name: line.name.clone(),
        about: about.join(" · "),
        goods_in: shown::goods_in(lang, line.goods_in),
        goods_out: (line.goods_out != GoodsOut::NotNeeded).then(|| shown::goods_out(lang, line.goods_out)),
        finding,
        checks: checks.join(" · "),
        grade: line.grade.map(|grade| lang.word("returns-grade", grade.as_str())),
        out_serial: line.out_serial.as_deref().map(masked_code),
        acts: acts.collect(),
        law,
        beyond,
        void,
        sums,
    })
}

/// What of the verdict gave the line its right.
pub(super) fn law_of<'v, 'r>(verdict: &'v Verdict<'r>, line: &LineRow) -> Option<&'v Open<'r>> {
    let remedy = line.remedy()?;
    verdict.by_law().find(|open| open.remedy == remedy)
}
