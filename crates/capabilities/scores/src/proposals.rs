//! Special deductions that the records suggest (特别扣分提议). A job looks for their signs; only a person turns one into a deduction.

use capability::{Ctx, Event, Recorded, Work};
use db::Tx;
use kernel::{Day, Fault, FieldErrors, Id, RecordRef, Timestamp, of, words};
use notices::Notice;
use parties::app::TERMS;
use parties::domain::text;
use parties::store::TermsFilter;
use serde::Serialize;

use crate::app::{self, JUDGE, TEXT, VIEW, place};
use crate::domain::SCHEME;
use crate::schemes;
use crate::store::{self, Proposal, ProposalId, Sighting, Special};

/// The word for proposals in journal and notices.
pub const PROPOSAL: &str = "score_proposal";
/// Rows of a page.
pub const ROWS: i64 = 50;
/// Days that are looked back on.
const BACK: i32 = 90;
/// Days within which the law wants money back once the goods are here.
const REFUND_DAYS: i64 = 7;
/// Milliseconds of a day.
const A_DAY: i64 = 86_400_000;

words! {
    /// What was seen.
    pub enum Sign {
        /// Money that the law gives back was not paid in time (法定退款超期).
        LateRefund = "late_refund",
        /// A text of the shop is below the law and void there (本店条款低于法定).
        BelowLaw = "below_law",
        /// A complaint is about personal data (个人信息泄露).
        Leak = "leak",
        /// A promised time of a complaint was missed (投诉承诺时限未守).
        OwnRule = "own_rule",
    }
}
db::stored_words!(Sign);

words! {
    /// What became of a proposal.
    pub enum Fate {
        /// Nobody has decided.
        Open = "open",
        /// It is a deduction now.
        Confirmed = "confirmed",
        /// It is none.
        Dismissed = "dismissed",
    }
}
db::stored_words!(Fate);

impl Sign {
    /// Under which cause of the scheme it falls.
    pub const fn cause(self) -> &'static str {
        match self {
            Self::LateRefund | Self::BelowLaw | Self::Leak => "law",
            Self::OwnRule => "own_rule",
        }
    }
}

/// Looks for signs in the records and writes those down that are new; says how many. `terms`: also in the texts of the shop, which
/// takes longer.
///
/// # Errors
/// What the database says.
pub async fn look(ctx: &Ctx, terms: bool) -> Result<usize, Fault> {
    let today = ctx.now().day(&ctx.house.zone);
    let from = today.plus(-BACK).start(&ctx.house.zone);
    let mut seen = ctx
        .read((ctx.now(), from), |tx, (now, from)| Box::pin(async move { Ok(signs(tx, *now, *from).await?) }))
        .await?;
    if terms {
        seen.extend(below_law(ctx, today).await?);
    }
    let known = ctx
        .read(seen, |tx, seen| {
            Box::pin(async move {
                let mut new = Vec::new();
                for one in seen {
                    if !store::proposed(tx, one).await? {
                        new.push(one.clone());
                    }
                }
                Ok(new)
            })
        })
        .await?;
    if known.is_empty() {
        return Ok(0);
    }
    ctx.write(known, |work, seen| Box::pin(async move { propose(work, seen).await })).await
}

async fn signs(tx: &mut Tx, now: Timestamp, from: Timestamp) -> Result<Vec<Sighting>, db::DbError> {
    let mut seen = store::late_refunds(tx, now, from, REFUND_DAYS * A_DAY).await?;
    seen.extend(store::leaks(tx, from).await?);
    seen.extend(store::broken_promises(tx, from).await?);
    Ok(seen)
}

/// Texts of the shop in force that are below the law somewhere.
async fn below_law(ctx: &Ctx, today: Day) -> Result<Vec<Sighting>, Fault> {
    let wanted = TermsFilter { layer: Some(parties::domain::terms::TermsLayer::Policy), ids: None };
    let directory = ctx.house.identity.directories().now();
    let Some(company) = directory.company().map(|unit| unit.id) else { return Ok(Vec::new()) };
    let mut seen = Vec::new();
    for terms in parties::app::list_terms(ctx, wanted, None, None, 200).await?.rows {
        if terms.draft.to.is_some_and(|to| to < today) || terms.draft.from > today {
            continue;
        }
        let meaning = parties::app::terms_mean(ctx, &terms).await?;
        if meaning.below.is_empty() {
            continue;
        }
        seen.push(Sighting {
            sign: Sign::BelowLaw,
            record_kind: TERMS.to_owned(),
            record: terms.id.get(),
            unit: terms.store.unwrap_or(company),
            number: terms.draft.name.clone(),
            detail: None,
            at: terms.at,
        });
    }
    Ok(seen)
}

async fn propose(work: &mut Work<'_>, seen: &[Sighting]) -> Result<Recorded<usize>, Fault> {
    let mut new = 0;
    for one in seen {
        let zone = &work.ctx.house.zone;
        let proposal = Proposal {
            id: work.ctx.house.ids.next(),
            cause: one.sign.cause().to_owned(),
            sign: one.sign,
            record_kind: one.record_kind.clone(),
            record: one.record,
            unit: one.unit,
            number: one.number.clone(),
            detail: one.detail.clone(),
            happened_on: one.at.day(zone),
            seen_at: work.now,
            fate: Fate::Open,
            by: None,
            at: None,
            reason: None,
        };
        // Somebody else has written it down at the same time: then it is theirs.
        if !store::insert_proposal(work.tx, &proposal).await? {
            continue;
        }
        new += 1;
        let record = RecordRef::new(PROPOSAL, proposal.id);
        let event = Event::new(record.clone(), "score_proposal.seen", place(one.unit))
            .change("cause", None, Some(proposal.cause.clone()))
            .change("sign", None, Some(one.sign.to_string()))
            .change("record", None, Some(one.number.clone()));
        let _ = work.record(event).await?;
        let directory = work.ctx.house.identity.directories().now();
        let to: Vec<_> = directory.who_may(JUDGE, &place(one.unit)).into_iter().map(|user| user.id).collect();
        let notice = Notice::new("score.proposed", record).at("/score/proposals".to_owned()).number(&one.number);
        notices::tell(work, &to, &notice).await?;
    }
    Ok(work.unchanged(new))
}

/// A page of proposals.
#[derive(Debug, Clone)]
pub struct Listed {
    /// Newest first.
    pub rows: Vec<Proposal>,
    /// Where the next page begins.
    pub next: Option<String>,
}

/// Proposals at units that the actor sees, open or decided, newest first.
///
/// # Errors
/// What the database says.
pub async fn list(ctx: &Ctx, open: bool, after: Option<&str>, limit: i64) -> Result<Listed, Fault> {
    let units: Vec<Id<of::Unit>> = app::seen(ctx).iter().map(|unit| unit.id).collect();
    if units.is_empty() {
        return Ok(Listed { rows: Vec::new(), next: None });
    }
    let after = after.and_then(store::read_place);
    ctx.read((units, open, after, limit), |tx, (units, open, after, limit)| {
        Box::pin(async move {
            let mut rows = store::proposals(tx, units, *open, *after, *limit + 1).await?;
            let more = i64::try_from(rows.len()).unwrap_or(i64::MAX) > *limit;
            if more {
                rows.pop();
            }
            let next = rows.last().filter(|_| more).map(|one| store::place_of(one.seen_at, one.id.get()));
            Ok(Listed { rows, next })
        })
    })
    .await
}

/// How many proposals wait for somebody's decision where the actor judges.
///
/// # Errors
/// What the database says.
pub async fn waiting(ctx: &Ctx) -> Result<i64, Fault> {
    let units: Vec<Id<of::Unit>> =
        app::seen(ctx).iter().map(|unit| unit.id).filter(|unit| app::may_judge(ctx, *unit)).collect();
    if units.is_empty() {
        return Ok(0);
    }
    ctx.read(units, |tx, units| Box::pin(async move { Ok(store::open_proposals(tx, units).await?) })).await
}

/// What was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Decided {
    /// It is a deduction now.
    pub confirmed: bool,
}

/// Decides the proposal `id` with a reason: a special deduction from now on, or none.
///
/// # Errors
/// `invalid` without a reason; `not-found`; `forbidden`; `scores-proposal-decided` when somebody was faster.
pub async fn decide(ctx: &Ctx, id: Id<ProposalId>, confirm: bool, reason: &str) -> Result<(), Fault> {
    let mut errors = FieldErrors::default();
    let reason = text::required(&mut errors, "reason", reason, TEXT);
    errors.check()?;
    let scheme = schemes::chosen(ctx, SCHEME).await?;
    ctx.write((id, confirm, reason, scheme), |work, (id, confirm, reason, scheme)| {
        Box::pin(async move {
            let one = store::proposal(work.tx, *id).await?.ok_or_else(Fault::not_found)?;
            if !app::reaches(work.ctx, VIEW, one.unit) {
                return Err(Fault::not_found());
            }
            if !app::may_judge(work.ctx, one.unit) {
                return Err(Fault::forbidden());
            }
            let special = Special {
                id: work.ctx.house.ids.next(),
                unit: one.unit,
                cause: Some(one.cause.clone()),
                reason: format!("{}：{reason}", one.number),
                happened_on: one.happened_on,
                by: work.ctx.actor.user,
                at: work.now,
            };
            if *confirm {
                let _ = app::special_within(work, scheme, &special).await?;
            }
            let made = confirm.then_some(special.id);
            if !store::decide(work.tx, *id, work.ctx.actor.user, work.now, reason, made).await? {
                return Err(Fault::refused("scores-proposal-decided"));
            }
            let verb = if *confirm { "score_proposal.confirmed" } else { "score_proposal.dismissed" };
            let event = Event::new(RecordRef::new(PROPOSAL, *id), verb, place(one.unit))
                .change("cause", None, Some(one.cause.clone()))
                .change("record", None, Some(one.number.clone()))
                .change("reason", None, Some(reason.clone()));
            work.record(event).await
        })
    })
    .await?;
    if confirm { app::recalculate(&app::system(ctx)).await.map(|_| ()) } else { Ok(()) }
}
