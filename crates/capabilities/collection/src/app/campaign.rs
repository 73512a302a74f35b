//! Call-back campaigns: a list is drawn once, each customer is called, and what they say is kept.

use std::collections::BTreeSet;

use capability::{Ctx, Event, Recorded, Work};
use cases::app::replay::Replay;
use cases::app::{CustomerChoice, Intake};
use cases::domain::{Channel, Kind};
use db::Tx;
use kernel::{Cursor, Day, Fault, FieldErrors, Id, Permission, Place, Placed, Reach, RecordRef, Timestamp, Zone, of};
use metrics::Delta;
use parties::domain::text;

use crate::domain::campaign::{
    self as rules, BAD, ContactState, HOURS, Known, LeftOut, Outcome, Pool, SEVERITIES, may_call,
};
use crate::store::campaign::{
    self as store, Attempt, Campaign, CampaignId, Candidate, Contact, ContactId, Progress, Show, Wanted,
};

/// Make and end call-back campaigns.
pub const CAMPAIGN: Permission = Permission("collection.campaign");
/// Call the customers of a campaign and note what they say.
pub const CALL_BACK: Permission = Permission("collection.call_back");
/// The words for campaigns and their customers in the journal.
pub const CAMPAIGN_RECORD: &str = "callback_campaign";
/// The word for a customer of a campaign in the journal.
pub const CONTACT_RECORD: &str = "callback";

/// Cases, complaints or sales that are looked at, the newest.
pub const LOOKED_AT: i64 = 2_000;
/// Most customers on a list.
pub const MOST: usize = 500;
/// Longest texts, in characters.
pub(crate) const TITLE: usize = 60;
pub(crate) const GOAL: usize = 200;
pub(crate) const SCRIPT: usize = 2_000;
pub(crate) const NOTE: usize = 500;
const DAY: i64 = 86_400_000;

/// What somebody plans.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// What it is called.
    pub title: String,
    /// Who answers for it.
    pub owner: Id<of::User>,
    /// What it is for.
    pub goal: String,
    /// What whoever calls says.
    pub script: String,
    /// By when.
    pub due_on: Day,
    /// Nobody is called again within so many days.
    pub quiet_days: i64,
    /// Low ratings join by themselves.
    pub joins_low: bool,
    /// From which cases.
    pub wanted: Wanted,
}

/// Who would be on a list, and who would not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Drawn {
    /// On the list, one row a customer.
    pub list: Vec<Candidate>,
    /// Cases, complaints or sales that were looked at.
    pub cases: i64,
    /// Who would have fitted when the list was full.
    pub beyond: i64,
    /// Left out because there is no number.
    pub no_phone: i64,
    /// Left out because they do not want to be called.
    pub refused: i64,
    /// Left out because they wait in another list or were called not long ago.
    pub recent: i64,
}

/// The stores that are asked for, as far as the actor reaches; all of those when none is named.
fn reached(ctx: &Ctx, wanted: &Wanted) -> Wanted {
    let reach = ctx.reach(CAMPAIGN);
    let directory = ctx.house.identity.directories().now();
    let mine = directory
        .stores()
        .map(|unit| unit.id)
        .filter(|id| (reach.company && !reach.except.contains(id)) || reach.stores.contains(id));
    let mine: Vec<Id<of::Unit>> = mine.collect();
    let stores = match wanted.stores.is_empty() {
        true => mine,
        false => wanted.stores.iter().copied().filter(|id| mine.contains(id)).collect(),
    };
    Wanted { stores, ..wanted.clone() }
}

async fn draw(tx: &mut Tx, wanted: &Wanted, quiet_days: i64, zone: &Zone, now: Timestamp) -> Result<Drawn, Fault> {
    let (from, before) = (wanted.from.start(zone), wanted.to.plus(1).start(zone));
    let found = if wanted.pool == Pool::Customers {
        store::buyers(tx, wanted, wanted.silent_days.map(|days| now.plus(-days * DAY)), LOOKED_AT).await?
    } else {
        let mut found = store::candidates(tx, wanted, from, before, LOOKED_AT).await?;
        let product = wanted.product.to_lowercase();
        found.retain(|one| {
            product.is_empty() || one.product.as_deref().is_some_and(|name| name.to_lowercase().contains(&product))
        });
        found
    };
    let customers: BTreeSet<_> = found.iter().filter_map(|one| one.customer).collect();
    let customers: Vec<_> = customers.into_iter().collect();
    let (refused, recent) = store::spared(tx, &customers, now.plus(-quiet_days * DAY)).await?;
    let mut drawn = Drawn { cases: i64::try_from(found.len()).unwrap_or(i64::MAX), ..Drawn::default() };
    let mut seen = BTreeSet::new();
    for one in found {
        // The newest case or sale of a customer stands for them.
        if one.customer.is_some_and(|customer| !seen.insert(customer)) {
            continue;
        }
        let known = Known {
            phone: one.customer.is_some() && !one.phone_masked.is_empty(),
            consent: one.consent.unwrap_or(false),
            refused: one.customer.is_some_and(|customer| refused.contains(&customer)),
            recent: one.customer.is_some_and(|customer| recent.contains(&customer)),
        };
        match known.left_out() {
            Some(LeftOut::NoPhone) => drawn.no_phone += 1,
            Some(LeftOut::Refused) => drawn.refused += 1,
            Some(LeftOut::Recent) => drawn.recent += 1,
            None if drawn.list.len() < MOST => drawn.list.push(one),
            None => drawn.beyond += 1,
        }
    }
    Ok(drawn)
}

/// Who would be on a list by `wanted`.
///
/// # Errors
/// `forbidden`; what the database says.
pub async fn preview(ctx: &Ctx, wanted: &Wanted, quiet_days: i64) -> Result<Drawn, Fault> {
    if !ctx.actor.holds(CAMPAIGN) {
        return Err(Fault::forbidden());
    }
    let input = (reached(ctx, wanted), quiet_days, ctx.house.zone.clone(), ctx.now());
    ctx.read(input, |tx, (wanted, quiet_days, zone, now)| {
        Box::pin(async move { draw(tx, wanted, *quiet_days, zone, *now).await })
    })
    .await
}

fn checked(ctx: &Ctx, plan: Plan) -> Result<Plan, Fault> {
    let mut errors = FieldErrors::default();
    let title = text::required_line(&mut errors, "title", &plan.title, TITLE);
    let goal = text::required_line(&mut errors, "goal", &plan.goal, GOAL);
    let script = text::required(&mut errors, "script", &plan.script, SCRIPT);
    let directory = ctx.house.identity.directories().now();
    if directory.user(plan.owner).is_none_or(|user| !user.active) {
        errors.add("owner", "unknown");
    }
    if plan.wanted.to < plan.wanted.from {
        errors.add("to", "collection-days");
    }
    if plan.wanted.severities.iter().any(|one| !SEVERITIES.contains(&one.as_str())) {
        errors.add("severities", "unknown");
    }
    if plan.due_on < ctx.now().day(&ctx.house.zone) {
        errors.add("due_on", "past");
    }
    errors.check()?;
    Ok(Plan { title, goal, script, wanted: reached(ctx, &plan.wanted), ..plan })
}

/// Draws a list and begins its campaign. The list is fixed; only low ratings may join it.
///
/// # Errors
/// `invalid` with the fields, at `from` when nobody is left to call; `forbidden`.
pub async fn begin(ctx: &Ctx, plan: Plan) -> Result<Id<CampaignId>, Fault> {
    if !ctx.actor.holds(CAMPAIGN) {
        return Err(Fault::forbidden());
    }
    let plan = checked(ctx, plan)?;
    let id: Id<CampaignId> = ctx.house.ids.next();
    ctx.write((id, plan), |work, (id, plan)| Box::pin(begin_within(work, *id, plan))).await
}

/// The same within a write that does more; the plan has been looked at, and names the stores.
///
/// # Errors
/// `invalid` at `from` when nobody is left to call.
pub async fn begin_within(
    work: &mut Work<'_>,
    id: Id<CampaignId>,
    plan: &Plan,
) -> Result<Recorded<Id<CampaignId>>, Fault> {
    let zone = work.ctx.house.zone.clone();
    store::take_turn(work.tx).await?;
    let drawn = draw(work.tx, &plan.wanted, plan.quiet_days, &zone, work.now).await?;
    if drawn.list.is_empty() {
        return Err(Fault::field("from", "collection-nobody"));
    }
    let directory = work.ctx.house.identity.directories().now();
    let home = match plan.wanted.stores.as_slice() {
        [one] => Some(*one),
        _ => directory.company().map(|unit| unit.id),
    };
    let one = Campaign {
        id,
        title: plan.title.clone(),
        store: home.ok_or_else(Fault::not_found)?,
        owner: plan.owner,
        goal: plan.goal.clone(),
        script: plan.script.clone(),
        due_on: plan.due_on,
        quiet_days: plan.quiet_days,
        wanted: plan.wanted.clone(),
        joins_low: plan.joins_low,
        left: (drawn.no_phone, drawn.refused, drawn.recent),
        beyond: drawn.beyond,
        created_at: work.now,
        created_by: work.ctx.actor.user,
        closed_at: None,
        version: 1,
    };
    store::insert_campaign(work.tx, &one).await?;
    let day = work.now.day(&zone);
    let mut event = Event::new(RecordRef::new(CAMPAIGN_RECORD, one.id), "callback.begun", one.place())
        .change("title", None, Some(one.title.clone()))
        .change("pool", None, Some(plan.wanted.pool.to_string()))
        .change("customers", None, Some(drawn.list.len().to_string()))
        .change("due_on", None, Some(one.due_on.to_string()));
    for found in &drawn.list {
        let Some(contact) = contact_of(work, &one, found, false) else { continue };
        store::insert_contact(work.tx, &contact).await?;
        event.deltas.extend(Delta::spread("callbacks.drawn", contact.store, day, 1, &[]));
    }
    Ok(work.record(event).await?.with(one.id))
}

fn contact_of(work: &Work<'_>, campaign: &Campaign, found: &Candidate, joined: bool) -> Option<Contact> {
    Some(Contact {
        id: work.ctx.house.ids.next(),
        campaign: campaign.id,
        case: found.case,
        sale: found.sale,
        store: found.store,
        customer: found.customer?,
        name: found.name.clone(),
        phone_masked: found.phone_masked.clone(),
        number: found.number.clone(),
        subject: found.subject.clone(),
        state: ContactState::Waiting,
        joined,
        tries: 0,
        next_at: work.now,
        last_at: None,
        score: None,
        follow: false,
        follow_case: None,
        version: 1,
    })
}

/// A customer rated the case `case` low: they join the newest campaign of their store that takes such.
///
/// # Errors
/// What the database says.
pub(crate) async fn join_low(work: &mut Work<'_>, case: Id<of::Case>) -> Result<(), Fault> {
    let open = store::joining(work.tx).await?;
    if open.is_empty() {
        return Ok(());
    }
    let Some(found) = store::candidate(work.tx, case).await? else { return Ok(()) };
    let Some(customer) = found.customer.filter(|_| !found.phone_masked.is_empty() && found.consent == Some(true))
    else {
        return Ok(());
    };
    let Some(campaign) = open.into_iter().find(|one| one.wanted.stores.contains(&found.store)) else { return Ok(()) };
    store::take_turn(work.tx).await?;
    let since = work.now.plus(-campaign.quiet_days * DAY);
    let (refused, recent) = store::spared(work.tx, &[customer], since).await?;
    if refused.contains(&customer) || recent.contains(&customer) {
        return Ok(());
    }
    let Some(contact) = contact_of(work, &campaign, &found, true) else { return Ok(()) };
    if !store::insert_contact(work.tx, &contact).await? {
        return Ok(());
    }
    let mut event = Event::new(RecordRef::new(CONTACT_RECORD, contact.id), "callback.joined", contact.place())
        .change("campaign", None, Some(campaign.title.clone()))
        .change("case", None, Some(contact.number.clone()));
    event.deltas = Delta::spread("callbacks.drawn", contact.store, work.now.day(&work.ctx.house.zone), 1, &[]);
    work.record(event).await.map(|_| ())
}

/// One page of campaigns with how far each is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Campaigns {
    /// The newest first.
    pub rows: Vec<(Campaign, Progress)>,
    /// Where the next page begins.
    pub next: Option<Cursor>,
}

fn within(ctx: &Ctx) -> Reach {
    ctx.reach(CALL_BACK)
}

/// Campaigns with customers within the actor's reach.
///
/// # Errors
/// What the database says.
pub async fn campaigns(ctx: &Ctx, open: bool, after: Option<Cursor>, limit: i64) -> Result<Campaigns, Fault> {
    ctx.read((open, within(ctx), after, limit), |tx, (open, reach, after, limit)| {
        Box::pin(async move {
            let mut found = store::campaigns(tx, *open, reach, *after, *limit + 1).await?;
            let more = i64::try_from(found.len()).is_ok_and(|n| n > *limit);
            found.truncate(usize::try_from(*limit).unwrap_or(usize::MAX));
            let next =
                found.last().filter(|_| more).map(|one| Cursor { key: one.created_at.millis(), id: one.id.get() });
            let mut rows = Vec::new();
            for one in found {
                let progress = store::progress(tx, one.id, reach).await?;
                rows.push((one, progress));
            }
            Ok(Campaigns { rows, next })
        })
    })
    .await
}

/// A campaign with one page of its customers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whole {
    /// The campaign.
    pub campaign: Campaign,
    /// How far it is, as far as the reader reaches.
    pub progress: Progress,
    /// Its customers.
    pub rows: Vec<Contact>,
    /// Where the next page begins.
    pub next: Option<Cursor>,
}

/// The campaign `id`.
///
/// # Errors
/// `not-found` when none of its customers are within reach.
pub async fn campaign(
    ctx: &Ctx,
    id: Id<CampaignId>,
    show: Show,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Whole, Fault> {
    ctx.read((id, show, within(ctx), after, limit), |tx, (id, show, reach, after, limit)| {
        Box::pin(async move {
            let campaign = store::campaign(tx, *id).await?.ok_or_else(Fault::not_found)?;
            let progress = store::progress(tx, *id, reach).await?;
            if progress.all == 0 {
                return Err(Fault::not_found());
            }
            let mut rows = store::contacts(tx, *id, *show, reach, *after, *limit + 1).await?;
            let more = i64::try_from(rows.len()).is_ok_and(|n| n > *limit);
            rows.truncate(usize::try_from(*limit).unwrap_or(usize::MAX));
            let next = rows.last().filter(|_| more).map(|one| Cursor { key: one.next_at.millis(), id: one.id.get() });
            Ok(Whole { campaign, progress, rows, next })
        })
    })
    .await
}

/// A customer of a campaign with the calls so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calling {
    /// The customer.
    pub contact: Contact,
    /// The campaign.
    pub campaign: Campaign,
    /// The calls, the newest first.
    pub attempts: Vec<Attempt>,
    /// Customers of the store may be called now.
    pub open_hours: bool,
}

/// The customer `id` of a campaign.
///
/// # Errors
/// `not-found`.
pub async fn calling(ctx: &Ctx, id: Id<ContactId>) -> Result<Calling, Fault> {
    let (contact, campaign, attempts) = ctx
        .read(id, |tx, id| {
            Box::pin(async move {
                let contact = store::contact(tx, *id).await?.ok_or_else(Fault::not_found)?;
                let campaign = store::campaign(tx, contact.campaign).await?.ok_or_else(Fault::not_found)?;
                let attempts = store::attempts(tx, *id).await?;
                Ok::<_, Fault>((contact, campaign, attempts))
            })
        })
        .await?;
    ctx.require(CALL_BACK, &contact)?;
    let open_hours = may_call(ctx.now(), &zone(ctx, contact.store));
    Ok(Calling { contact, campaign, attempts, open_hours })
}

fn zone(ctx: &Ctx, store: Id<of::Unit>) -> Zone {
    let directory = ctx.house.identity.directories().now();
    directory.unit(store).map_or_else(|| ctx.house.zone.clone(), |unit| unit.zone.clone())
}

/// What came of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// What.
    pub outcome: Outcome,
    /// How satisfied the customer is, 1 to 5; only of one who was reached.
    pub score: Option<i64>,
    /// What was said.
    pub note: Option<String>,
    /// When to try again; tomorrow when left out.
    pub next_at: Option<Timestamp>,
}

/// Notes a call. A bad answer waits until something comes of it; a no is for good, in every list.
///
/// # Errors
/// `invalid` with the fields; `collection-quiet-time` outside of the hours in which customers may be called; `collection-over` when there is
/// nobody to call any more; `stale`; `not-found`.
pub async fn note(ctx: &Ctx, id: Id<ContactId>, version: i64, call: Call) -> Result<Contact, Fault> {
    let mut errors = FieldErrors::default();
    let said = text::optional(&mut errors, "note", call.note.as_deref(), NOTE);
    match (call.outcome, call.score) {
        (Outcome::Reached, None) => errors.add("score", "required"),
        (_, Some(score)) if !(1..=5).contains(&score) => errors.add("score", "unknown"),
        _ => {}
    }
    if call.next_at.is_some_and(|at| at <= ctx.now()) {
        errors.add("next_at", "past");
    }
    if call.score.is_some_and(|score| score <= BAD) && said.is_none() && errors.of("note").is_none() {
        errors.add("note", "collection-why");
    }
    errors.check()?;
    let call = Call { note: said, score: call.score.filter(|_| call.outcome == Outcome::Reached), ..call };
    ctx.write((id, version, call), |work, (id, version, call)| Box::pin(note_within(work, *id, *version, call))).await
}

/// The same within a write that does more; what was said has been looked at.
///
/// # Errors
/// As [`note`], without the fields.
pub async fn note_within(
    work: &mut Work<'_>,
    id: Id<ContactId>,
    version: i64,
    call: &Call,
) -> Result<Recorded<Contact>, Fault> {
    let before = held(work, id, version).await?;
    let zone = zone(work.ctx, before.store);
    if !may_call(work.now, &zone) {
        let hours = [("from", i64::from(HOURS.0)), ("to", i64::from(HOURS.1))];
        return Err(hours
            .into_iter()
            .fold(Fault::refused("collection-quiet-time"), |fault, (name, n)| fault.with(name, n)));
    }
    let over = store::campaign(work.tx, before.campaign).await?.is_none_or(|one| one.closed_at.is_some());
    if over || before.state != ContactState::Waiting {
        return Err(Fault::refused("collection-over"));
    }
    let tries = before.tries + 1;
    let state = rules::after(call.outcome, tries);
    let next = (state == ContactState::Waiting).then(|| call.next_at.unwrap_or_else(|| rules::again(work.now)));
    let bad = call.score.is_some_and(|score| score <= BAD);
    let after = Contact {
        state,
        tries,
        next_at: next.unwrap_or(before.next_at),
        last_at: Some(work.now),
        score: call.score,
        follow: bad,
        version: before.version + 1,
        ..before.clone()
    };
    if !store::save_contact(work.tx, &after).await? {
        return Err(Fault::stale(before.version + 1));
    }
    let attempt = Attempt {
        at: work.now,
        by: work.ctx.actor.user,
        outcome: call.outcome,
        score: call.score,
        note: call.note.clone(),
        next_at: next,
    };
    store::insert_attempt(work.tx, work.ctx.house.ids.next(), after.id, &attempt).await?;
    let mut event = Event::new(RecordRef::new(CONTACT_RECORD, after.id), "callback.called", after.place())
        .change("result", None, Some(call.outcome.to_string()))
        .change("score", None, call.score.map(|score| score.to_string()))
        .change("next_at", None, next.map(|at| at.to_string()))
        .personal("note", None, call.note.clone());
    let day = work.now.day(&zone);
    let mut parts = vec![("callbacks.calls", 1)];
    if let Some(score) = call.score {
        parts.extend([("callbacks.reached", 1), ("callbacks.scores", score)]);
    }
    if bad {
        parts.push(("callbacks.bad", 1));
    }
    event.deltas = parts.into_iter().flat_map(|(part, n)| Delta::spread(part, after.store, day, n, &[])).collect();
    Ok(work.record(event).await?.with(after))
}

/// Makes a case of a bad answer, a complaint or feedback, of the same customer.
///
/// # Errors
/// `collection-followed` when there is one already; `invalid`; `stale`; `not-found`.
pub async fn follow_up(ctx: &Ctx, id: Id<ContactId>, version: i64, kind: Kind) -> Result<Id<of::Case>, Fault> {
    if !matches!(kind, Kind::Complaint | Kind::Feedback) {
        return Err(Fault::field("kind", "unknown"));
    }
    let seen = calling(ctx, id).await?;
    let said = seen.attempts.iter().find_map(|attempt| attempt.note.clone()).unwrap_or_default();
    let body = format!("{said}\n{} {}", seen.contact.number, seen.contact.subject);
    let intake = Intake {
        store: seen.contact.store,
        kind,
        channel: Channel::Phone,
        customer: CustomerChoice::Existing(seen.contact.customer),
        subject: said
            .lines()
            .next()
            .filter(|line| !line.is_empty())
            .unwrap_or(&seen.contact.subject)
            .chars()
            .take(60)
            .collect(),
        body: body.trim().to_owned(),
        ..Intake::default()
    };
    let replay = Replay::open(ctx).await?;
    let ready = replay.prepare_for(ctx, intake, ctx.now()).await?;
    ctx.write((id, version, ready, replay), |work, (id, version, ready, replay)| {
        Box::pin(async move {
            let before = held(work, *id, *version).await?;
            if before.follow_case.is_some() {
                return Err(Fault::refused("collection-followed"));
            }
            let taken = replay.take_in(work, ready, None).await?.into_value();
            let after = Contact { follow: false, follow_case: Some(taken.id), version: before.version + 1, ..before };
            if !store::save_contact(work.tx, &after).await? {
                return Err(Fault::stale(after.version));
            }
            let event = Event::new(RecordRef::new(CONTACT_RECORD, after.id), "callback.became_case", after.place())
                .change("case", None, Some(taken.number));
            Ok(work.record(event).await?.with(taken.id))
        })
    })
    .await
}

async fn held(work: &mut Work<'_>, id: Id<ContactId>, version: i64) -> Result<Contact, Fault> {
    let contact = store::contact(work.tx, id).await?.ok_or_else(Fault::not_found)?;
    work.ctx.require(CALL_BACK, &contact)?;
    if contact.version != version {
        return Err(Fault::stale(contact.version));
    }
    Ok(contact)
}

/// Ends a campaign; who was not reached is called no more.
///
/// # Errors
/// `stale`; `not-found`; `forbidden`.
pub async fn close(ctx: &Ctx, id: Id<CampaignId>, version: i64) -> Result<(), Fault> {
    ctx.write((id, version), |work, (id, version)| {
        Box::pin(async move {
            let before = store::campaign(work.tx, *id).await?.ok_or_else(Fault::not_found)?;
            let place = Place { store: before.store, team: None, owner: None };
            let mine = before.created_by.is_some() && before.created_by == work.ctx.actor.user;
            if !mine && !work.ctx.actor.may(CAMPAIGN, &place) {
                return Err(Fault::not_found());
            }
            if before.version != *version {
                return Err(Fault::stale(before.version));
            }
            if before.closed_at.is_some() {
                return Ok(work.unchanged(()));
            }
            let after = Campaign { closed_at: Some(work.now), version: before.version + 1, ..before };
            if !store::close_campaign(work.tx, &after).await? {
                return Err(Fault::stale(after.version));
            }
            let event = Event::new(RecordRef::new(CAMPAIGN_RECORD, after.id), "callback.closed", after.place()).change(
                "title",
                Some(after.title.clone()),
                Some(after.title.clone()),
            );
            work.record(event).await
        })
    })
    .await
}
