//! The card of proposals on a return's page, and the forms.

use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use capability::{Ctx, Upload, UploadRules};
use kernel::{Fault, FaultKind, Id, Money, Timestamp};
use web::{Chip, Choice, Failure, Filled, Form, Lang, Markup, Page, View};

use super::app::{self, Answer, Draft};
use super::domain::{Preview, ProposalAct, ProposalKind, ProposalProof, ProposalState, Side, holds};
use super::store::Proposal;
use crate::app::{Detail, detail};
use crate::store::ReturnId;

/// Longest text, in characters.
const TEXT: usize = 400;
/// An offer holds for so many days unless said otherwise.
const USUAL: i32 = 3;

/// A proposal as pages show it.
pub(crate) struct Shown {
    pub side: String,
    pub what: String,
    pub body: String,
    pub chip: Chip,
    pub about: String,
    pub note: Option<String>,
    pub acts: Vec<(String, String)>,
}

fn chip(lang: &Lang, one: &Proposal, now: Timestamp) -> Chip {
    let lapsed = one.state == ProposalState::Open && !holds(one.valid_until, now);
    let (tone, icon) = match one.state {
        ProposalState::Open if lapsed => ("late", "hourglass"),
        ProposalState::Open => ("soon", "hourglass"),
        ProposalState::Taken => ("ok", "circle-check"),
        ProposalState::Countered => ("line", "arrows-exchange"),
        ProposalState::Declined | ProposalState::Withdrawn => ("", "circle-x"),
    };
    let word = if lapsed { "lapsed" } else { one.state.as_str() };
    web::chip(tone, icon, lang.word("returns-proposal-state", word))
}

fn what(lang: &Lang, one: &Proposal) -> String {
    let kind = lang.word("returns-proposal-kind", one.kind.as_str());
    if one.amount > Money::ZERO { format!("{kind} {}", lang.money(one.amount)) } else { kind }
}

/// The proposals of a return as its page shows them, newest first; `may` work on it.
pub(crate) fn shown(ctx: &Ctx, lang: &Lang, all: &[Proposal], may: bool) -> Vec<Shown> {
    let directory = ctx.house.identity.directories().now();
    let who =
        |id: Option<Id<kernel::of::User>>| id.and_then(|id| directory.user_name(id)).unwrap_or_default().to_owned();
    let row = |one: &Proposal| {
        let mut about = vec![who(one.made_by), lang.at(one.made_at)];
        if let Some(valid) = one.valid_until {
            about.push(lang.t1("returns-proposal-valid-to", "day", lang.date(valid.plus(-1))));
        }
        if one.cost > Money::ZERO {
            about.push(lang.t1("returns-proposal-costs", "cost", lang.money(one.cost)));
        }
        let proof = one.proof.map(|proof| lang.word("returns-proposal-proof", proof.as_str()));
        let note = one.note.clone().map(|note| match proof {
            Some(proof) => format!("{proof}: {note}"),
            None => note,
        });
        let open = one.state == ProposalState::Open && may;
        let takes = open && holds(one.valid_until, lang.now);
        let act = |act: ProposalAct| {
            let text = lang.word("returns-proposal-act", act.as_str());
            (text, format!("/returns/{}/proposals/{}/{act}", one.of, one.seq))
        };
        let mut acts = Vec::new();
        if takes {
            acts.push(act(ProposalAct::Take));
        }
        if open {
            acts.push(act(ProposalAct::Decline));
            acts.push(act(ProposalAct::Withdraw));
        }
        Shown {
            side: lang.word("returns-proposal-side", one.side.as_str()),
            what: what(lang, one),
            body: one.body.clone(),
            chip: chip(lang, one, lang.now),
            about: about.join(" · "),
            note,
            acts,
        }
    };
    all.iter().rev().map(row).collect()
}

#[derive(Template)]
#[template(path = "returns_propose.html")]
struct ProposePage {
    page: Page,
    id: Id<ReturnId>,
    number: String,
    goods: String,
    version: i64,
    form: Filled,
    sides: Vec<Choice>,
    kinds: Vec<Choice>,
    rows: Vec<(String, String)>,
    asks: bool,
    precedents: Vec<(String, String, String, String)>,
    stands: Vec<Shown>,
    refusal: Option<Markup>,
    stale: bool,
}

fn rows(lang: &Lang, preview: &Preview) -> Vec<(String, String)> {
    let mut rows = vec![
        (lang.t("returns-print-paid"), lang.money(preview.paid)),
        (lang.t("returns-statutory"), lang.money(preview.statutory)),
        (lang.t("returns-part-extra"), lang.money(preview.extra)),
        (lang.t("returns-proposal-back"), lang.money(preview.back())),
        (lang.t("returns-proposal-beyond"), lang.money(preview.beyond())),
    ];
    if let Some(after) = preview.after() {
        rows.push((lang.t("returns-proposal-after"), lang.money(after)));
    }
    rows
}

async fn propose_page(
    page: Page,
    ctx: &Ctx,
    detail: Detail,
    form: Filled,
    (amount, cost): (Money, Money),
) -> Result<ProposePage, Fault> {
    let lang = page.lang.clone();
    let one = &detail.one;
    let preview = app::preview(ctx, one.id, amount, cost).await?;
    let mut stands = shown(ctx, &lang, &app::list(ctx, one.id).await?, false);
    stands.truncate(3);
    Ok(ProposePage {
        id: one.id,
        number: one.number.clone(),
        goods: detail.lines.first().map(|line| line.name.clone()).unwrap_or_default(),
        version: one.version,
        form,
        sides: page.choices("returns-proposal-side", Side::ALL.iter().map(|one| one.as_str())),
        kinds: page.choices("returns-proposal-kind", ProposalKind::ALL.iter().map(|one| one.as_str())),
        rows: rows(&lang, &preview),
        asks: preview.asks(),
        precedents: detail
            .precedents
            .iter()
            .map(|row| (format!("/returns/{}", row.id), row.number.clone(), lang.money(row.amount), row.reason.clone()))
            .collect(),
        stands,
        refusal: None,
        stale: false,
        page: page.named("returns-proposal-new"),
    })
}

/// `GET /returns/{id}/proposals?side=&kind=&amount=&cost=&body=&valid=`: the form, with what it would cost.
pub(crate) async fn ask(
    page: Page,
    ctx: Ctx,
    Path(id): Path<i64>,
    RawQuery(query): RawQuery,
) -> Result<impl IntoResponse, Failure> {
    let detail = detail(&ctx, Id::new(id)).await?;
    ctx.require(crate::app::HANDLE, &detail.one)?;
    let mut form = Form::from_query(&query.unwrap_or_default());
    let sums = (form.money_or_none("amount").unwrap_or(Money::ZERO), form.money_or_none("cost").unwrap_or(Money::ZERO));
    let given = form.has("body");
    let mut filled = form.into_filled();
    if !given {
        let until = page.lang.now.day(&page.lang.zone).plus(USUAL);
        filled = filled
            .with("side", Side::Us.as_str())
            .with("kind", ProposalKind::Extra.as_str())
            .with("valid", until.to_string());
    }
    Ok(View(propose_page(page, &ctx, detail, filled, sums).await?))
}

/// A proposal as a page or a program sends it.
///
/// # Errors
/// `invalid` with every field.
pub(crate) fn read(form: &mut Form) -> Result<Draft, Fault> {
    let side = form.choice("side", Side::parse);
    let kind = form.choice("kind", ProposalKind::parse);
    let amount = form.money_or_none("amount").unwrap_or(Money::ZERO);
    let cost = form.money_or_none("cost").unwrap_or(Money::ZERO);
    let body = form.text("body", TEXT);
    let valid = form.day_or_none("valid");
    form.check()?;
    Ok(Draft { side: form.need(side)?, kind: form.need(kind)?, amount, cost, body, valid })
}

/// `POST /returns/{id}/proposals`
pub(crate) async fn propose(page: Page, ctx: Ctx, Path(id): Path<i64>, mut form: Form) -> Result<Response, Failure> {
    let id = Id::<ReturnId>::new(id);
    // Whoever may not see it is told before anything is read.
    detail(&ctx, id).await?;
    let version = form.version("version")?;
    let draft = read(&mut form);
    let sums = draft.as_ref().map_or((Money::ZERO, Money::ZERO), |draft| (draft.amount, draft.cost));
    let done = match draft {
        Ok(draft) => app::propose(&ctx, id, version, draft).await.map(|_| ()),
        Err(fault) => Err(fault),
    };
    let Err(fault) = done else {
        return Ok(Redirect::to(&format!("/returns/{id}?done=proposed")).into_response());
    };
    let status = status(&fault)?;
    let notice = (fault.kind() == FaultKind::Refused).then(|| web::notice(&page.lang, &fault));
    let detail = detail(&ctx, id).await?;
    let mut page = propose_page(page, &ctx, detail, form.into_filled_with(&fault), sums).await?;
    page.stale = fault.kind() == FaultKind::Stale;
    page.refusal = notice;
    Ok((status, View(page)).into_response())
}

/// The status of a form that comes back; what no form can mend goes on.
fn status(fault: &Fault) -> Result<StatusCode, Fault> {
    match fault.kind() {
        FaultKind::Invalid => Ok(StatusCode::UNPROCESSABLE_ENTITY),
        FaultKind::Stale => Ok(StatusCode::PRECONDITION_FAILED),
        FaultKind::Refused => Ok(StatusCode::CONFLICT),
        _ => Err(fault.clone()),
    }
}

#[derive(Template)]
#[template(path = "returns_proposal.html")]
struct AnswerPage {
    page: Page,
    id: Id<ReturnId>,
    number: String,
    version: i64,
    seq: i64,
    act: ProposalAct,
    word: String,
    one: Shown,
    rows: Vec<(String, String)>,
    asks: bool,
    form: Filled,
    proofs: Vec<Choice>,
    refusal: Option<Markup>,
    stale: bool,
}

impl AnswerPage {
    fn bar(&self) -> web::ActionBar {
        web::action_bar(&self.page.lang, &None)
            .link(self.page.t("returns-back-to-one"), format!("/returns/{}", self.id))
            .submit(&self.word, "proposal")
    }
}

async fn answer_page(
    page: Page,
    ctx: &Ctx,
    (id, seq, act): (Id<ReturnId>, i64, ProposalAct),
    form: Filled,
) -> Result<AnswerPage, Fault> {
    let detail = detail(ctx, id).await?;
    ctx.require(crate::app::HANDLE, &detail.one)?;
    let all = app::list(ctx, id).await?;
    let proposal = all.iter().find(|one| one.seq == seq).ok_or_else(Fault::not_found)?;
    let preview = app::preview(ctx, id, proposal.amount, proposal.cost).await?;
    let lang = page.lang.clone();
    let one = shown(ctx, &lang, std::slice::from_ref(proposal), false).pop().ok_or_else(Fault::not_found)?;
    let word = lang.word("returns-proposal-act", act.as_str());
    Ok(AnswerPage {
        id,
        number: detail.one.number.clone(),
        version: detail.one.version,
        seq,
        act,
        one,
        rows: if act == ProposalAct::Take { rows(&lang, &preview) } else { Vec::new() },
        asks: act == ProposalAct::Take && preview.asks(),
        form,
        proofs: page.choices("returns-proposal-proof", ProposalProof::ALL.iter().map(|one| one.as_str())),
        refusal: None,
        stale: false,
        page: page.titled(word.clone()),
        word,
    })
}

/// `GET /returns/{id}/proposals/{seq}/{act}`
pub(crate) async fn ask_answer(
    page: Page,
    ctx: Ctx,
    Path((id, seq, act)): Path<(i64, i64, String)>,
) -> Result<impl IntoResponse, Failure> {
    let act = ProposalAct::parse(&act).ok_or_else(Fault::not_found)?;
    Ok(View(answer_page(page, &ctx, (Id::new(id), seq, act), Filled::new()).await?))
}

/// The answer to a proposal, as a page or a program sends it.
///
/// # Errors
/// `invalid` with every field.
pub(crate) fn read_answer(act: ProposalAct, form: &mut Form) -> Result<Answer, Fault> {
    let proof = match act {
        ProposalAct::Take => form.choice("proof", ProposalProof::parse),
        ProposalAct::Decline | ProposalAct::Withdraw => None,
    };
    let note = form.text("note", TEXT);
    form.check()?;
    Ok(Answer { act, proof, note })
}

/// `POST /returns/{id}/proposals/{seq}/{act}`
pub(crate) async fn answer(
    page: Page,
    ctx: Ctx,
    Path((id, seq, act)): Path<(i64, i64, String)>,
    upload: Upload,
) -> Result<Response, Failure> {
    let act = ProposalAct::parse(&act).ok_or_else(Fault::not_found)?;
    let id = Id::<ReturnId>::new(id);
    detail(&ctx, id).await?;
    let taken = upload.take(&ctx, UploadRules::STAFF).await?;
    let photos = taken.of("photo");
    let (ctx, mut form) = (taken.ctx, taken.form);
    let version = form.version("version")?;
    let done = match read_answer(act, &mut form) {
        Ok(answer) => app::answer(&ctx, id, version, seq, answer, photos).await,
        Err(fault) => Err(fault),
    };
    let Err(fault) = done else {
        let done = if act == ProposalAct::Take { "agreed" } else { "answered" };
        return Ok(Redirect::to(&format!("/returns/{id}?done={done}")).into_response());
    };
    let status = status(&fault)?;
    let notice = (fault.kind() == FaultKind::Refused).then(|| web::notice(&page.lang, &fault));
    let mut page = answer_page(page, &ctx, (id, seq, act), form.into_filled_with(&fault)).await?;
    page.stale = fault.kind() == FaultKind::Stale;
    page.refusal = notice;
    Ok((status, View(page)).into_response())
}
