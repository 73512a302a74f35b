//! Use cases around reviews.

use std::collections::BTreeMap;

use capability::{Ctx, Event, PermissionDef, Recorded, Work};
use db::Tx;
use kernel::{Cursor, Day, Fault, FieldErrors, Id, Permission, Place, RecordRef, Scope, of};
use metrics::{By, Key, MetricDef, Slice};
use notices::Notice;

use super::domain::{Counted, Figure, Pack, Period, Product};
use super::store::{self, Alarm, Decision, DecisionId, Review, ReviewId};

/// See reviews of returns.
pub const VIEW: Permission = Permission("returns.review_view");
/// Decide in them and sign.
pub const SIGN: Permission = Permission("returns.review_sign");
/// The word for reviews in the journal.
pub const RECORD: &str = "return_review";

/// Both with the roles that hold them by default; figures are the company's.
pub const PERMISSIONS: [PermissionDef; 2] = [
    PermissionDef {
        permission: VIEW,
        defaults: &[
            ("headquarters_quality", Scope::Company),
            ("finance", Scope::Company),
            ("assessor", Scope::Company),
        ],
    },
    PermissionDef { permission: SIGN, defaults: &[("headquarters_quality", Scope::Company)] },
];

/// The figures of a review, as far as the program counts them.
const FIGURES: [&str; 12] = [
    "returns-opened",
    "returns-units",
    "returns-rate",
    "returns-exchange-share",
    "returns-completed",
    "returns-refused",
    "returns-refund-time",
    "returns-refunded-law",
    "returns-refunded-extra",
    "claims-claimed",
    "claims-credited",
    "claims-success",
];
/// Longest text, in characters.
const TEXT: usize = 400;
/// Products that are named.
const PRODUCTS: usize = 10;
/// Lines whose cause is looked at.
const LINES: i64 = 20_000;
/// Days that count as lately, and days of history before them.
const LATELY: i32 = 28;
const HISTORY: i32 = 364;
/// Reviews on a page.
const ROWS: i64 = 25;

fn home(ctx: &Ctx) -> Result<Place, Fault> {
    let directory = ctx.house.identity.directories().now();
    let store = directory.company().map(|unit| unit.id).ok_or_else(Fault::forbidden)?;
    Ok(Place { store, team: None, owner: None })
}

fn metric(ctx: &Ctx, id: &str) -> Option<MetricDef> {
    ctx.house.metrics.iter().find(|metric| metric.id == id).copied()
}

fn slice(ctx: &Ctx, (from, to): (Day, Day), by: By) -> Slice {
    let directory = ctx.house.identity.directories().now();
    let mut stores: Vec<Id<of::Unit>> = directory.stores().map(|store| store.id).collect();
    stores.extend(directory.company().map(|unit| unit.id));
    Slice { stores, from, to, by }
}

/// What of each product came back and was sold in these days.
async fn by_product(tx: &mut Tx, ctx: &Ctx, days: (Day, Day)) -> Result<BTreeMap<String, (i64, i64)>, Fault> {
    let mut all = BTreeMap::new();
    let Some(rate) = metric(ctx, "returns-rate") else { return Ok(all) };
    for point in metrics::read(tx, &rate, &slice(ctx, days, By::Dimension("product"))).await? {
        if let Key::Value(code) = point.key {
            let part = |name: &str| point.parts.get(name).copied().unwrap_or_default();
            all.insert(code, (part("returns.units"), part("sales.units")));
        }
    }
    Ok(all)
}

async fn pack(tx: &mut Tx, ctx: &Ctx, period: Period, (from, to): (Day, Day)) -> Result<Pack, Fault> {
    let mut figures = Vec::new();
    for id in FIGURES {
        let Some(metric) = metric(ctx, id) else { continue };
        let mut values = [None, None];
        for (value, days) in values.iter_mut().zip([(from, to), period.before(from)]) {
            let points = metrics::read(tx, &metric, &slice(ctx, days, By::Total)).await?;
            *value = points.first().and_then(|point| point.value).map(|reading| reading.n);
        }
        let [now, before] = values;
        figures.push(Figure { id: id.to_owned(), now, before });
    }
    let mut counted: Vec<(String, i64, i64)> = by_product(tx, ctx, (from, to))
        .await?
        .into_iter()
        .filter(|(_, (returned, _))| *returned > 0)
        .map(|(code, (returned, sold))| (code, returned, sold))
        .collect();
    counted.sort_by_key(|(code, returned, _)| (std::cmp::Reverse(*returned), code.clone()));
    let mut products = Vec::new();
    for (code, returned, sold) in counted.into_iter().take(PRODUCTS) {
        let name = parties::store::product_by_code(tx, &code).await?.map(|one| one.draft.name).unwrap_or_default();
        products.push(Product { code, name, returned, sold });
    }
    let zone = &ctx.house.zone;
    let mut causes: BTreeMap<String, i64> = BTreeMap::new();
    for facts in store::facts(tx, from.start(zone), to.plus(1).start(zone), LINES).await? {
        let facts = serde_json::from_str::<remedies::Facts>(&facts).ok();
        let cause = facts.and_then(|facts| facts.cause).map_or("none", |cause| cause.as_str());
        *causes.entry(cause.to_owned()).or_default() += 1;
    }
    let mut causes: Vec<(String, i64)> = causes.into_iter().collect();
    causes.sort_by_key(|(word, n)| (std::cmp::Reverse(*n), word.clone()));
    Ok(Pack { figures, products, causes, open: store::open(tx).await? })
}

/// Makes the reviews of the last whole week, month and quarter, each once, and raises alarms; gives how many are new.
///
/// # Errors
/// What the database says.
pub async fn prepare(ctx: &Ctx) -> Result<usize, Fault> {
    // A program that was just installed has no company yet, and nothing to review.
    if ctx.house.identity.directories().now().company().is_none() {
        return Ok(0);
    }
    let place = home(ctx)?;
    ctx.write(place, |work, place| {
        Box::pin(async move {
            let ctx = work.ctx;
            let today = work.now.day(&ctx.house.zone);
            let mut events = Vec::new();
            for period in Period::ALL.iter().copied() {
                let (from, to) = period.last(today);
                if store::made(work.tx, period, from).await? {
                    continue;
                }
                let pack = pack(work.tx, ctx, period, (from, to)).await?;
                let text = serde_json::to_string(&pack).map_err(Fault::internal)?;
                let one = Review {
                    id: ctx.house.ids.next(),
                    period,
                    from,
                    to,
                    made_at: work.now,
                    pack,
                    signed_by: None,
                    signed_at: None,
                    note: None,
                    version: 1,
                };
                if store::insert(work.tx, &one, text).await? {
                    let event = event("return_review.made", &one, *place);
                    events.push(event.change("period", None, Some(format!("{} {from} – {to}", one.period))));
                }
            }
            let raised = alarms(work, today, *place).await?;
            let made = events.len() + raised.len();
            events.extend(raised);
            if events.is_empty() {
                return Ok(work.unchanged(0));
            }
            Ok(work.record_all(events).await?.with(made))
        })
    })
    .await
}

/// Products whose return rate has jumped: whoever signs reviews is asked to look why.
async fn alarms(work: &mut Work<'_>, today: Day, place: Place) -> Result<Vec<Event>, Fault> {
    let ctx = work.ctx;
    let since = today.plus(-LATELY);
    let lately = by_product(work.tx, ctx, (since.plus(1), today)).await?;
    let history = by_product(work.tx, ctx, (since.plus(1 - HISTORY), since)).await?;
    let directory = ctx.house.identity.directories().now();
    let told: Vec<Id<of::User>> = directory.who_may(SIGN, &place).into_iter().map(|user| user.id).collect();
    let mut events = Vec::new();
    for (code, (returned, sold)) in lately {
        let (before_returned, before_sold) = history.get(&code).copied().unwrap_or_default();
        let counted = Counted { returned, sold, before_returned, before_sold };
        if !counted.jumped() {
            continue;
        }
        let alarm = Alarm { product: code, day: today, counted };
        if !store::raise(work.tx, &alarm, &crate::app::month_of(today)).await? {
            continue;
        }
        let Some(product) = parties::store::product_by_code(work.tx, &alarm.product).await? else { continue };
        let record = RecordRef::new(parties::app::PRODUCT, product.id);
        let subject = why(&web::Lang::new(ctx.locale, ctx.house.zone.clone(), work.now), &alarm);
        let notice = Notice::new("task.given", record.clone())
            .at("/returns/reviews")
            .number(&product.draft.name)
            .subject(&subject);
        notices::tell(work, &told, &notice).await?;
        let event = Event::new(record, "returns.rate_jumped", place).quietly();
        events.push(event.change(
            "rate",
            counted.history().map(|rate| rate.to_string()),
            counted.rate().map(|rate| rate.to_string()),
        ));
    }
    Ok(events)
}

/// Why an alarm was raised, in words with its numbers.
pub fn why(lang: &web::Lang, alarm: &Alarm) -> String {
    let percent = |rate: Option<kernel::Ratio>| rate.map_or_else(|| "–".to_owned(), |rate| lang.percent(rate));
    let counted = alarm.counted;
    lang.tn(
        "returns-alarm-why",
        &[
            ("returned", &counted.returned),
            ("sold", &counted.sold),
            ("rate", &percent(counted.rate())),
            ("before", &percent(counted.history())),
        ],
    )
}

fn event(verb: &'static str, one: &Review, place: Place) -> Event {
    Event::new(RecordRef::new(RECORD, one.id), verb, place)
}

/// The page of all reviews.
#[derive(Debug, Clone)]
pub struct Overview {
    /// Newest first.
    pub rows: Vec<Review>,
    /// Where the next page begins.
    pub next: Option<Cursor>,
    /// Decisions that are still open.
    pub decisions: Vec<Decision>,
    /// Alarms of the last three months, with the product's name.
    pub alarms: Vec<(Alarm, Option<parties::store::Product>)>,
}

/// Reviews, newest first, with what is still to be done.
///
/// # Errors
/// `forbidden`.
pub async fn overview(ctx: &Ctx, after: Option<Cursor>) -> Result<Overview, Fault> {
    ctx.require(VIEW, &At(home(ctx)?))?;
    let today = ctx.now().day(&ctx.house.zone);
    ctx.read((after.map(|cursor| cursor.id), today), |tx, (after, today)| {
        Box::pin(async move {
            let mut rows = store::list(tx, *after, ROWS + 1).await?;
            let shown = usize::try_from(ROWS).unwrap_or(usize::MAX);
            let more = rows.len() > shown;
            rows.truncate(shown);
            let next = rows.last().filter(|_| more).map(|row| Cursor { key: row.id.get(), id: row.id.get() });
            let mut alarms = Vec::new();
            for alarm in store::alarms(tx, today.plus(-90), 50).await? {
                let product = parties::store::product_by_code(tx, &alarm.product).await?;
                alarms.push((alarm, product));
            }
            Ok(Overview { rows, next, decisions: store::open_decisions(tx, 50).await?, alarms })
        })
    })
    .await
}

struct At(Place);
impl kernel::Placed for At {
    fn place(&self) -> Place {
        self.0
    }
}

/// A review with its decisions and those of earlier ones that are still open.
#[derive(Debug, Clone)]
pub struct Detail {
    /// The review.
    pub one: Review,
    /// What was decided in it.
    pub decisions: Vec<Decision>,
    /// What is open from others.
    pub open: Vec<Decision>,
    /// The actor may decide and sign.
    pub may_sign: bool,
}

/// The review `id`.
///
/// # Errors
/// `not-found`.
pub async fn detail(ctx: &Ctx, id: Id<ReviewId>) -> Result<Detail, Fault> {
    let place = home(ctx)?;
    ctx.require(VIEW, &At(place))?;
    let may_sign = ctx.actor.may(SIGN, &At(place));
    ctx.read((id, may_sign), |tx, (id, may_sign)| {
        Box::pin(async move {
            let one = store::get(tx, *id).await?.ok_or_else(Fault::not_found)?;
            let mut open = store::open_decisions(tx, 50).await?;
            open.retain(|decision| decision.of != *id);
            Ok(Detail { decisions: store::decisions(tx, *id).await?, open, may_sign: *may_sign, one })
        })
    })
    .await
}

async fn unsigned(work: &mut Work<'_>, id: Id<ReviewId>, version: Option<i64>) -> Result<Review, Fault> {
    let place = home(work.ctx)?;
    work.require(VIEW, &At(place))?;
    if !work.ctx.actor.may(SIGN, &At(place)) {
        return Err(Fault::forbidden());
    }
    let one = store::get(work.tx, id).await?.ok_or_else(Fault::not_found)?;
    if one.signed_at.is_some() {
        return Err(Fault::refused("returns-review-signed"));
    }
    if version.is_some_and(|version| version != one.version) {
        return Err(Fault::stale(one.version));
    }
    Ok(one)
}

fn worded(errors: &mut FieldErrors, field: &str, typed: &str) -> String {
    let text = typed.trim();
    if text.is_empty() {
        errors.add(field, "required");
    } else if text.chars().count() > TEXT {
        errors.add_with(field, "too-long", vec![("max", TEXT.to_string())]);
    }
    text.to_owned()
}

/// Decides something in a review that is not signed: somebody does it by a day, and is told.
///
/// # Errors
/// `not-found`; `forbidden`; `returns-review-signed`; `invalid` with the fields.
pub async fn decide(ctx: &Ctx, id: Id<ReviewId>, body: &str, owner: Id<of::User>, due: Day) -> Result<(), Fault> {
    let mut errors = FieldErrors::default();
    let body = worded(&mut errors, "body", body);
    let directory = ctx.house.identity.directories().now();
    if directory.user(owner).is_none_or(|user| !user.active) {
        errors.add("owner", "unknown");
    }
    if due < ctx.now().day(&ctx.house.zone) {
        errors.add("due", "past");
    }
    errors.check()?;
    ctx.write((id, body, owner, due), |work, (id, body, owner, due)| {
        Box::pin(async move {
            let one = unsigned(work, *id, None).await?;
            let decision = Decision {
                id: work.ctx.house.ids.next(),
                of: *id,
                body: body.clone(),
                owner: *owner,
                due: *due,
                done_on: None,
                done_note: None,
            };
            store::decide(work.tx, &decision).await?;
            let notice = Notice::new("task.given", RecordRef::new(RECORD, *id))
                .at(format!("/returns/reviews/{id}"))
                .number(&format!("{} – {}", one.from, one.to))
                .subject(body);
            notices::tell(work, &[*owner], &notice).await?;
            let directory = work.ctx.house.identity.directories().now();
            let event = event("return_review.decided", &one, home(work.ctx)?)
                .change("decision", None, Some(body.clone()))
                .change("owner", None, directory.user_name(*owner).map(str::to_owned))
                .change("due", None, Some(due.to_string()));
            work.record(event).await
        })
    })
    .await
}

/// Says that a decision is carried out, and what came of it; whoever has it or signs reviews may.
///
/// # Errors
/// `not-found`; `invalid` without words; `returns-decision-done`.
pub async fn done(ctx: &Ctx, id: Id<DecisionId>, note: &str) -> Result<Id<ReviewId>, Fault> {
    let mut errors = FieldErrors::default();
    let note = worded(&mut errors, "note", note);
    errors.check()?;
    ctx.write((id, note), |work, (id, note)| {
        Box::pin(async move {
            let decision = store::decision(work.tx, *id).await?.ok_or_else(Fault::not_found)?;
            let place = home(work.ctx)?;
            let own = work.ctx.actor.user == Some(decision.owner);
            if !own && !work.ctx.actor.may(SIGN, &At(place)) {
                return Err(Fault::not_found());
            }
            let one = store::get(work.tx, decision.of).await?.ok_or_else(Fault::not_found)?;
            let today = work.now.day(&work.ctx.house.zone);
            if !store::done(work.tx, *id, today, work.ctx.actor.user, note).await? {
                return Err(Fault::refused("returns-decision-done"));
            }
            let event = event("return_review.decision_done", &one, place)
                .change("decision", None, Some(decision.body.clone()))
                .change("result", None, Some(note.clone()));
            Ok(work.record(event).await?.with(decision.of))
        })
    })
    .await
}

/// Signs a review: its decisions are closed with it.
///
/// # Errors
/// `not-found`; `forbidden`; `stale`; `returns-review-signed`; `invalid` without words.
pub async fn sign(ctx: &Ctx, id: Id<ReviewId>, version: i64, note: &str) -> Result<(), Fault> {
    let mut errors = FieldErrors::default();
    let note = worded(&mut errors, "note", note);
    errors.check()?;
    ctx.write((id, version, note), |work, (id, version, note)| {
        Box::pin(async move {
            let one = unsigned(work, *id, Some(*version)).await?;
            let after =
                Review { signed_by: work.ctx.actor.user, signed_at: Some(work.now), note: Some(note.clone()), ..one };
            if !store::sign(work.tx, &after).await? {
                return Err(Fault::stale(after.version.saturating_add(1)));
            }
            let event = event("return_review.signed", &after, home(work.ctx)?).change("note", None, Some(note.clone()));
            let recorded: Recorded<()> = work.record(event).await?;
            Ok(recorded)
        })
    })
    .await
}
