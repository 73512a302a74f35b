use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::response::IntoResponse;
use calendar::Ending;
use capability::Ctx;
use cases::domain::Stage;
use kernel::{Id, Money};
use web::{Chip, DueTime, Failure, Form, Lang, Page, Step as Shape, View};

use super::list::{due, nature, state};
use super::take::Earlier;
use super::with_done;
use crate::pages::shown::{self, unit_name, user_name};
use crate::regulator::app::{self, Detail, HOLD};
use crate::regulator::domain::{HOLE, Nature, RegulatorAct, RegulatorState};
use crate::regulator::orders;

#[derive(Template)]
#[template(path = "complaints_regulator.html")]
struct DetailPage {
    page: Page,
    detail: Detail,
    chips: Vec<Chip>,
    steps: Vec<Shape>,
    store: String,
    owner: String,
    due: Option<DueTime>,
    /// The time that the notice states.
    stated: String,
    /// The clock that the stated time drives, for its explanation.
    clock: Option<i64>,
    bar: Option<web::Bar>,
    facts: Vec<(String, String)>,
    late_entry: Option<String>,
    /// What the authority itself has to do: step, limit, rule, how sure.
    orders: Vec<(String, String, String, bool)>,
    earlier: Earlier,
    papers: Vec<(String, String, String)>,
    statement: Option<Standing>,
    next: Option<(RegulatorAct, String)>,
    others: Vec<(RegulatorAct, String)>,
    not_yet: Vec<(String, String)>,
    outcome: Vec<(String, String)>,
    sealed: Option<String>,
    may_hold: bool,
    /// Whether the reader may ask departments for material.
    may_ask: bool,
    report: bool,
}

/// The statement as it stands.
struct Standing {
    version: i64,
    body: Vec<(bool, String)>,
    holes: i64,
    made: String,
    asked: bool,
    signed: Option<String>,
    digest: String,
}

impl DetailPage {
    fn bar(&self) -> web::ActionBar {
        let bar = web::action_bar(&self.page.lang, &None);
        match &self.next {
            Some((act, text)) => {
                bar.primary(icon_of(*act), text, format!("/regulator/{}/do/{act}", self.detail.one.case))
            }
            None if self.statement.is_some() => bar.link(
                self.page.t("complaints-reg-statement"),
                format!("/regulator/{}/statement", self.detail.one.case),
            ),
            None => bar.link(self.page.t("complaints-reg-back"), "/regulator"),
        }
    }
}

pub(super) const fn icon_of(act: RegulatorAct) -> &'static str {
    match act {
        RegulatorAct::Mediate => "users",
        RegulatorAct::Reply => "send",
        RegulatorAct::End => "circle-check",
        RegulatorAct::Extend => "clock",
    }
}

fn icon_at(act: &RegulatorAct) -> web::Icon {
    web::icon(icon_of(*act))
}

/// `GET /regulator/{id}`
pub(crate) async fn show(
    page: Page,
    ctx: Ctx,
    Path(id): Path<i64>,
    RawQuery(query): RawQuery,
) -> Result<impl IntoResponse, Failure> {
    let page = with_done(page, &Form::from_query(&query.unwrap_or_default()));
    let detail = app::detail(&ctx, Id::new(id)).await?;
    Ok(View(render(page, &ctx, detail)))
}

fn render(page: Page, ctx: &Ctx, detail: Detail) -> DetailPage {
    let lang = &page.lang;
    let one = &detail.one;
    let word = |act: RegulatorAct| lang.word("complaints-reg-act", act.as_str());
    let free: Vec<RegulatorAct> =
        detail.offers.iter().filter(|(_, refusal)| refusal.is_none()).map(|(act, _)| *act).collect();
    let wanted = match one.state {
        RegulatorState::Received | RegulatorState::Mediating => RegulatorAct::Reply,
        RegulatorState::Replied | RegulatorState::Ended => RegulatorAct::End,
    };
    let next = free.contains(&wanted).then(|| (wanted, word(wanted)));
    let others = free.iter().filter(|act| **act != wanted).map(|act| (*act, word(*act))).collect();
    let not_yet = detail.offers.iter().filter(|(act, _)| *act == wanted).filter_map(|(act, refusal)| {
        let refusal = refusal.filter(|_| one.state != RegulatorState::Ended)?;
        Some((word(*act), web::sentence(lang.locale, &kernel::Fault::from(refusal))))
    });
    let not_yet = not_yet.collect();
    let mut chips = vec![
        web::chip("line", "building-bank", lang.word("complaints-reg-platform", one.platform.as_str())),
        nature(lang, one.nature),
        state(lang, one.state),
        shown::severity(lang, detail.complaint.severity),
    ];
    if detail.complaint.legal_hold.is_some() {
        chips.push(web::chip("soon", "lock", lang.t("complaints-legal-hold")));
    }
    if detail.seal.is_some() {
        chips.push(web::chip("late", "shield", lang.t("complaints-reg-sealed")));
    }
    let mut clock = detail.clocks.iter().filter(|clock| clock.stage == Stage::Authority);
    let clock = clock.rfind(|clock| clock.ending != Some(Ending::Cancelled)).map(|clock| clock.id.get());
    let running = web::Due::Running { from: one.received_at, at: one.due_at };
    let owed = one.replied_at.is_none() && one.ended_at.is_none();
    let bar = owed.then(|| web::bar(running.used_percent(lang.now), running.tone(lang.now).class()));
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let money = |amount: Money| if amount == Money::ZERO { String::new() } else { lang.money(amount) };
    let phone = one.claimant_phone.as_deref().map(parties::domain::masked_phone).unwrap_or_default();
    let claimant = [one.claimant_name.clone().unwrap_or_default(), phone];
    let facts = [
        ("complaints-reg-platform", lang.word("complaints-reg-platform", one.platform.as_str())),
        ("complaints-reg-number", one.number.clone()),
        ("complaints-reg-authority", one.authority.clone()),
        ("complaints-reg-officer", [text(&one.officer), text(&one.officer_phone)].join(" ").trim().to_owned()),
        ("complaints-reg-notice-day", lang.day(one.notice_day)),
        ("complaints-reg-received", lang.full(one.received_at)),
        ("complaints-reg-claimant", claimant.join(" ").trim().to_owned()),
        ("complaints-reg-claim", one.claim.clone()),
        ("complaints-reg-amount", money(one.amount)),
        ("complaints-reg-about-store", unit_name(ctx, lang, Some(one.about))),
    ];
    let at = |at: Option<kernel::Timestamp>| at.map(|at| lang.full(at)).unwrap_or_default();
    let said = |prefix: &str, word: Option<&'static str>, note: &Option<String>| {
        let word = word.map(|word| lang.word(prefix, word)).unwrap_or_default();
        [word, text(note)].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
    };
    let outcome = [
        (
            "complaints-reg-mediation",
            said("complaints-reg-mediation", one.mediation.map(|one| one.as_str()), &one.mediation_note),
        ),
        ("complaints-reg-replied", at(one.replied_at)),
        ("complaints-reg-way", said("complaints-reg-way", one.reply_way.map(|one| one.as_str()), &one.reply_note)),
        ("complaints-reg-ended", at(one.ended_at)),
        (
            "complaints-reg-outcome",
            said("complaints-reg-outcome", one.outcome.map(|one| one.as_str()), &one.outcome_note),
        ),
        ("complaints-reg-paid", money(one.paid)),
    ];
    let filled = |all: Vec<(&str, String)>| -> Vec<(String, String)> {
        all.into_iter().filter(|(_, value)| !value.is_empty()).map(|(key, value)| (lang.t(key), value)).collect()
    };
    let orders = orders::clocks(one.nature, one.notice_day).into_iter().map(|clock| {
        let limit =
            lang.t1(&format!("complaints-reg-limit-{}", clock.unit.as_str().replace('_', "-")), "n", clock.limit);
        let rule = format!("{} {}", clock.order, clock.article);
        let sure = clock.confidence == orders::Confidence::High;
        (lang.word("complaints-reg-order", clock.step.as_str()), limit, rule, sure)
    });
    let orders = orders.collect();
    let papers = detail.files.iter().map(|file| {
        (
            format!("/files/{}", file.id),
            file.name.clone(),
            format!("{} · {}", user_name(ctx, file.created_by), lang.at(file.created_at)),
        )
    });
    let papers = papers.collect();
    let statement = detail.statements.first().map(|made| {
        let body: Vec<(bool, String)> = made.body.lines().map(|line| (line.contains(HOLE), line.to_owned())).collect();
        Standing {
            version: made.version,
            holes: i64::try_from(made.body.matches(HOLE).count()).unwrap_or(i64::MAX),
            body,
            made: format!("{} {}", user_name(ctx, made.made_by), lang.at(made.made_at)),
            asked: one.approval.is_some(),
            signed: one.signed_at.map(|at| {
                lang.t2("complaints-reg-signed-by", "name", user_name(ctx, one.signed_by), "at", lang.full(at))
            }),
            digest: one.signed_digest.clone().unwrap_or_default(),
        }
    });
    DetailPage {
        chips,
        steps: steps(lang, &detail),
        store: unit_name(ctx, lang, Some(one.about)),
        owner: user_name(ctx, one.owner),
        due: due(lang, one),
        stated: lang.full(one.due_at),
        clock,
        bar,
        facts: filled(facts.to_vec()),
        late_entry: one
            .late_entry()
            .map(|late| lang.t2("complaints-reg-late-entry", "at", lang.at(one.entered_at), "late", lang.span(late))),
        orders,
        earlier: Earlier::of(lang, &detail.history),
        papers,
        statement,
        next,
        others,
        not_yet,
        outcome: filled(outcome.to_vec()),
        sealed: detail
            .seal
            .as_ref()
            .map(|seal| lang.t2("complaints-reg-sealed-by", "name", user_name(ctx, seal.by), "at", lang.at(seal.at))),
        may_ask: ctx.actor.may(cases::app::WORK, &detail.complaint),
        may_hold: ctx.actor.may(HOLD, &detail.complaint),
        report: one.nature == Nature::Report,
        page: page.clone().titled(one.subject.clone()),
        detail,
    }
}

/// The six stretches that people name.
fn steps(lang: &Lang, detail: &Detail) -> Vec<Shape> {
    let one = &detail.one;
    let written = one.signed.is_some();
    let facts = detail.complaint.facts.is_some() || one.draft > 0;
    let report = one.nature == Nature::Report;
    let middle = if report { "hold" } else { "contact" };
    let contacted = report || one.mediation.is_some() || detail.complaint.offered_at.is_some();
    let done = [
        ("receive", true),
        ("facts", facts || written),
        (middle, contacted),
        ("statement", written),
        ("reply", one.replied_at.is_some()),
        ("end", one.ended_at.is_some()),
    ];
    let now = done.iter().position(|(_, done)| !done);
    let shape = |(n, (name, done)): (usize, &(&str, bool))| {
        let label = lang.word("complaints-reg-step", name);
        match (done, now == Some(n)) {
            (true, _) => Shape::done(label, ""),
            (false, true) => Shape::now(label, ""),
            (false, false) => Shape::todo(label, ""),
        }
    };
    done.iter().enumerate().map(shape).collect()
}
