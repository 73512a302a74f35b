//! A changed text or own limit is tried on past returns before it is published. A job reads them, nothing of them is changed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use capability::{Ctx, Event, Recorded, Work};
use jobs::NewJob;
use kernel::{Cursor, Day, Fault, FieldErrors, Id, Money, Place, RecordRef, of};
use parties::app::TRY_TERMS as REPLAY;
use parties::domain::terms::{TermsInput, rules};
use parties::store::{Terms, TermsId};
use parties::verdict::Layers;
use parties::verdict::layers::Named;
use remedies::Facts;

use crate::domain::replay::{Outcome, ReplayState, Tried, worth};
use crate::store::{self, Behind, Difference, PastLine, Replay, ReplayId};

/// The word for replays in journal and live events.
pub const RECORD: &str = "policy_replay";
/// The kind of the job.
pub(crate) const JOB: &str = "returns.replay";
/// Lines read at a time.
const CHUNK: i64 = 2_000;
/// Differences that are kept, the greatest first.
const KEPT: usize = 500;

/// A replay with its outcome and some of the returns that differ.
#[derive(Debug, Clone)]
pub struct Replayed {
    /// The replay.
    pub one: Replay,
    /// What it came to.
    pub outcome: Option<Outcome>,
    /// Returns that would have gone otherwise.
    pub differences: Vec<Difference>,
    /// Where the next page of them begins.
    pub next: Option<i64>,
    /// The newest version of the terms that the draft would follow.
    pub newest: Option<i64>,
}

/// What is tried, and on what.
#[derive(Debug, Clone)]
pub struct Trial {
    /// A draft of these terms, of which this version was seen.
    pub terms: Option<(Id<TermsId>, i64, TermsInput)>,
    /// Or this own limit.
    pub limit: Option<Money>,
    /// Returns judged from this day on.
    pub from: Day,
    /// To this day.
    pub to: Day,
}

fn place(ctx: &Ctx) -> Result<Place, Fault> {
    let directory = ctx.house.identity.directories().now();
    let company = directory.company().map(|unit| unit.id).ok_or_else(Fault::not_found)?;
    Ok(Place { store: company, team: None, owner: None })
}

/// Begins a trial; a job does it.
///
/// # Errors
/// `invalid` with the fields; `not-found`; `stale` when the terms were changed meanwhile.
pub async fn try_out(ctx: &Ctx, trial: Trial) -> Result<Replay, Fault> {
    ctx.require(REPLAY, &place(ctx)?)?;
    ctx.write(trial, |work, trial| Box::pin(begin(work, trial))).await
}

async fn begin(work: &mut Work<'_>, trial: &Trial) -> Result<Recorded<Replay>, Fault> {
    let mut errors = FieldErrors::default();
    if trial.to < trial.from {
        errors.add("until", "period");
    }
    if trial.terms.is_none() && trial.limit.is_none() {
        errors.add("limit", "required");
    }
    errors.check()?;
    let (mut name, mut draft) = (String::new(), String::new());
    if let Some((id, version, input)) = &trial.terms {
        let now = parties::store::get_terms(work.tx, *id).await?.ok_or_else(Fault::not_found)?;
        if now.version != *version {
            return Err(Fault::stale(now.version));
        }
        let input = TermsInput { layer: now.draft.layer.to_string(), ..input.clone() };
        let typed = parties::app::draft_of(work.tx, work.ctx, &input).await?;
        name = typed.draft.name;
        draft = serde_json::to_string(&input).map_err(Fault::internal)?;
    }
    let one = Replay {
        id: work.ctx.house.ids.next(),
        what: if trial.terms.is_some() { Tried::Terms } else { Tried::Limit },
        terms: trial.terms.as_ref().map(|(id, ..)| *id),
        base: trial.terms.as_ref().map(|(_, version, _)| *version),
        name,
        draft,
        limit: trial.limit.filter(|_| trial.terms.is_none()),
        from: trial.from,
        to: trial.to,
        state: ReplayState::Waiting,
        looked: 0,
        total: store::judged_between(work.tx, trial.from, trial.to).await?,
        outcome: None,
        by: work.ctx.actor.user,
        at: work.now,
        done_at: None,
        version: 1,
    };
    store::insert_replay(work.tx, &one).await?;
    let event = Event::new(RecordRef::new(RECORD, one.id), "policy_replay.asked", place(work.ctx)?)
        .change("name", None, Some(one.name.clone()).filter(|name| !name.is_empty()))
        .change("limit", None, one.limit.map(|money| money.to_string()))
        .change("from", None, Some(one.from.to_string()))
        .change("to", None, Some(one.to.to_string()))
        .job(NewJob::new(JOB, one.id.to_string(), work.now));
    Ok(work.record(event).await?.with(one))
}

/// Does the replay `id`: reads past returns and notes what would have been otherwise. What is done stays done.
///
/// # Errors
/// What the database says.
pub async fn run(ctx: &Ctx, id: Id<ReplayId>) -> Result<Option<Outcome>, Fault> {
    let Some(one) = ctx.read(id, |tx, id| Box::pin(async move { Ok(store::get_replay(tx, *id).await?) })).await? else {
        return Ok(None);
    };
    if matches!(one.state, ReplayState::Done | ReplayState::Published) {
        return Ok(None);
    }
    let mut one = progress(ctx, Replay { state: ReplayState::Running, looked: 0, ..one }).await?;
    let mut tally = Tally::default();
    match one.what {
        Tried::Terms => one = lines(ctx, one, &mut tally).await?,
        Tried::Limit => one = extras(ctx, one, &mut tally).await?,
    }
    let (outcome, differences) = tally.close();
    let done = Replay {
        state: ReplayState::Done,
        looked: one.total,
        outcome: Some(serde_json::to_string(&outcome).map_err(Fault::internal)?),
        done_at: Some(ctx.now()),
        ..one
    };
    ctx.write((done, differences), |work, (done, differences)| {
        Box::pin(async move {
            if !store::save_replay(work.tx, done).await? {
                return Err(Fault::stale(done.version));
            }
            store::save_differences(work.tx, done.id, differences).await?;
            let event = Event::new(RecordRef::new(RECORD, done.id), "policy_replay.done", place(work.ctx)?).change(
                "state",
                None,
                Some(done.state.to_string()),
            );
            work.record(event).await
        })
    })
    .await?;
    Ok(Some(outcome))
}

/// Says how far it is.
async fn progress(ctx: &Ctx, one: Replay) -> Result<Replay, Fault> {
    ctx.write(one, |work, one| {
        Box::pin(async move {
            if !store::save_replay(work.tx, one).await? {
                return Err(Fault::stale(one.version));
            }
            Ok(work.unchanged(Replay { version: one.version + 1, ..one.clone() }))
        })
    })
    .await
}

#[derive(Default)]
struct Tally {
    outcome: Outcome,
    differences: Vec<Difference>,
    customers: BTreeSet<i64>,
    returns: BTreeSet<i64>,
    last: i64,
}

impl Tally {
    fn count(&mut self, of: i64) {
        if self.last != of {
            self.outcome.returns += 1;
            self.last = of;
        }
    }
    fn differs(&mut self, one: Difference, customer: Option<Id<of::Customer>>) {
        if self.returns.insert(one.of.get()) {
            self.outcome.differing += 1;
        }
        // Nobody's name: the return stands for a customer.
        if self.customers.insert(customer.map_or(-one.of.get(), Id::get)) {
            self.outcome.customers += 1;
        }
        self.differences.push(one);
        if self.differences.len() > KEPT * 8 {
            self.cut();
        }
    }
    fn cut(&mut self) {
        self.differences.sort_by_key(|one| (-(one.would_fen - one.was_fen).abs(), one.of));
        self.differences.truncate(KEPT);
    }
    fn close(mut self) -> (Outcome, Vec<Difference>) {
        self.cut();
        (self.outcome, self.differences)
    }
}

/// The terms that lines were judged by, and what they would be by the draft; read once for each text.
struct Texts {
    prefix: String,
    code: String,
    draft: Terms,
    named: Named,
    known: BTreeMap<(String, bool), (Arc<Layers>, Arc<Layers>)>,
}

impl Texts {
    fn fits(&self, line: &PastLine) -> bool {
        let draft = &self.draft.draft;
        (draft.brand.is_empty() || draft.brand == line.brand)
            && (draft.goods.is_empty() || draft.goods == line.goods)
            && self.draft.product.is_none_or(|product| product == line.product)
            && self.draft.store.is_none_or(|store| store == line.store)
            && draft.channel.is_none_or(|channel| Some(channel) == line.channel)
    }
    fn of(&mut self, line: &PastLine) -> Result<(Arc<Layers>, Arc<Layers>), Fault> {
        let key = (line.terms.clone(), self.fits(line));
        if let Some((was, would)) = self.known.get(&key) {
            return Ok((Arc::clone(was), Arc::clone(would)));
        }
        let was = Layers::thawed(&line.terms)?;
        let mut named: Vec<Named> =
            was.all().iter().filter(|one| !one.code.starts_with(&self.prefix)).cloned().collect();
        if key.1 {
            named.push(self.named.clone());
        }
        let would = Layers::of(named)?;
        self.known.insert(key, (Arc::clone(&was), Arc::clone(&would)));
        Ok((was, would))
    }
}

async fn lines(ctx: &Ctx, mut one: Replay, tally: &mut Tally) -> Result<Replay, Fault> {
    let input: TermsInput = serde_json::from_str(&one.draft).map_err(Fault::internal)?;
    let draft = ctx
        .read((input, ctx.clone()), |tx, (input, ctx)| {
            Box::pin(async move { parties::app::draft_of(tx, ctx, input).await })
        })
        .await?;
    let of = one.terms.map_or(0, Id::get);
    let code = format!("T{of}.draft");
    let named = Named { name: draft.draft.name.clone(), rules: rules(&code, &draft.draft, 0), ..Named::typed(&code) };
    let mut texts = Texts { prefix: format!("T{of}."), code, draft, named, known: BTreeMap::new() };
    let mut behind: Behind = (one.from, Id::new(0), 0);
    loop {
        let some = ctx
            .read((behind, one.to), |tx, (behind, to)| {
                Box::pin(async move { Ok(store::past_lines(tx, *behind, *to, CHUNK).await?) })
            })
            .await?;
        for line in &some {
            tally.count(line.of.get());
            look(&mut texts, line, tally)?;
        }
        let Some(last) = some.last() else { return Ok(one) };
        behind = (last.judged_on, last.of, last.seq);
        if i64::try_from(some.len()).unwrap_or(i64::MAX) < CHUNK {
            return Ok(one);
        }
        one = progress(ctx, Replay { looked: tally.outcome.returns, ..one }).await?;
    }
}

fn look(texts: &mut Texts, line: &PastLine, tally: &mut Tally) -> Result<(), Fault> {
    let Ok(facts) = serde_json::from_str::<Facts>(&line.facts) else { return Ok(()) };
    let (was, would) = texts.of(line)?;
    let before = worth(&facts, was.terms(), line.way, line.price, line.quantity);
    let concerned = would.named(&texts.code).is_some() || was.all().len() != would.all().len();
    let after = if concerned { worth(&facts, would.terms(), line.way, line.price, line.quantity) } else { before };
    tally.outcome.add(&before, &after);
    if before != after {
        let one = Difference {
            of: line.of,
            number: String::new(),
            goods: String::new(),
            was_fen: before.fen,
            would_fen: after.fen,
            was_day: before.last_day,
            would_day: after.last_day,
        };
        tally.differs(one, line.customer);
    }
    Ok(())
}

async fn extras(ctx: &Ctx, mut one: Replay, tally: &mut Tally) -> Result<Replay, Fault> {
    let limit = one.limit.unwrap_or_default();
    let mut behind: Behind = (one.from, Id::new(0), 0);
    loop {
        let some = ctx
            .read((behind, one.to), |tx, (behind, to)| {
                Box::pin(async move { Ok(store::past_extras(tx, *behind, *to, CHUNK).await?) })
            })
            .await?;
        for extra in &some {
            tally.count(extra.of.get());
            let asks = extra.amount > limit;
            let fen = extra.amount.fen();
            // What is given stays what it is; who says yes to it changes.
            tally.outcome.was += fen;
            tally.outcome.would += fen;
            if asks != extra.asked {
                tally.outcome.asked_more += i64::from(asks);
                tally.outcome.asked_less += i64::from(!asks);
                let one = Difference {
                    of: extra.of,
                    number: String::new(),
                    goods: String::new(),
                    was_fen: if extra.asked { 0 } else { fen },
                    would_fen: if asks { 0 } else { fen },
                    was_day: None,
                    would_day: None,
                };
                tally.differs(one, extra.customer);
            }
        }
        let Some(last) = some.last() else { return Ok(one) };
        behind = (last.judged_on, last.of, 0);
        if i64::try_from(some.len()).unwrap_or(i64::MAX) < CHUNK {
            return Ok(one);
        }
        one = progress(ctx, Replay { looked: tally.outcome.returns, ..one }).await?;
    }
}

/// The replay `id` with the returns that differ, behind `after`.
///
/// # Errors
/// `not-found`.
pub async fn replayed(ctx: &Ctx, id: Id<ReplayId>, after: i64, limit: i64) -> Result<Replayed, Fault> {
    ctx.require(REPLAY, &place(ctx)?)?;
    ctx.read((id, after, limit), |tx, (id, after, limit)| {
        Box::pin(async move {
            let one = store::get_replay(tx, *id).await?.ok_or_else(Fault::not_found)?;
            let mut differences = store::differences(tx, *id, *after, limit + 1).await?;
            let shown = usize::try_from(*limit).unwrap_or(usize::MAX);
            let next = (differences.len() > shown).then(|| after + limit);
            differences.truncate(shown);
            let outcome = one.outcome.as_deref().and_then(|text| serde_json::from_str(text).ok());
            let newest = match one.terms {
                Some(terms) => parties::store::get_terms(tx, terms).await?.map(|terms| terms.version),
                None => None,
            };
            Ok(Replayed { one, outcome, differences, next, newest })
        })
    })
    .await
}

/// All replays, newest first.
///
/// # Errors
/// What the database says.
pub async fn replays(ctx: &Ctx, after: Option<Cursor>, limit: i64) -> Result<(Vec<Replay>, Option<Cursor>), Fault> {
    ctx.require(REPLAY, &place(ctx)?)?;
    let mut rows = ctx
        .read((after.map(|cursor| cursor.id), limit), |tx, (after, limit)| {
            Box::pin(async move { Ok(store::list_replays(tx, *after, limit + 1).await?) })
        })
        .await?;
    let shown = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = rows.len() > shown;
    rows.truncate(shown);
    let next = rows.last().filter(|_| more).map(|row| Cursor { key: row.id.get(), id: row.id.get() });
    Ok((rows, next))
}

/// Publishes the draft that was tried: it becomes the next version of its terms.
///
/// # Errors
/// `not-found`; `returns-replay-not-done`; `stale` when the terms were changed since it was tried.
pub async fn publish(ctx: &Ctx, id: Id<ReplayId>, version: i64) -> Result<Terms, Fault> {
    ctx.require(REPLAY, &place(ctx)?)?;
    ctx.write((id, version), |work, (id, version)| {
        Box::pin(async move {
            let one = store::get_replay(work.tx, *id).await?.ok_or_else(Fault::not_found)?;
            if one.version != *version {
                return Err(Fault::stale(one.version));
            }
            let (Some(terms), Some(base), ReplayState::Done) = (one.terms, one.base, one.state) else {
                return Err(Fault::refused("returns-replay-not-done"));
            };
            let input: TermsInput = serde_json::from_str(&one.draft).map_err(Fault::internal)?;
            let draft = parties::app::draft_of(work.tx, work.ctx, &input).await?.draft;
            let written = parties::app::change_terms_within(work, terms, base, &draft).await?;
            if !store::save_replay(work.tx, &Replay { state: ReplayState::Published, ..one.clone() }).await? {
                return Err(Fault::stale(one.version));
            }
            Ok(written)
        })
    })
    .await
}
