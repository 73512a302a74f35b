//! What customers said and what we made better because of it (你说我改): a minimal improvement with its effect, published without a name.

use capability::{Ctx, Event, Recorded, Work};
use cases::domain::{Direction, Visibility};
use kernel::{Cursor, Day, Fault, FieldErrors, Id, Permission, RecordRef, Timestamp, of};
use metrics::Delta;
use parties::domain::text;

use crate::domain::tree::Tree;
use crate::store::improve::{self as store, Improvement, ImprovementId, State};

/// The word for improvements in journal and live events.
pub const IMPROVEMENT: &str = "improvement";
/// See, begin and change improvements.
pub const IMPROVE: Permission = Permission("feedback.improve");
/// Show "you said, we did" to the public.
pub const PUBLISH: Permission = Permission("feedback.publish");
/// Weeks before and after that are compared.
pub const WEEKS: i32 = 8;
/// Longest title, category and public words, in characters.
const TITLE: usize = 80;
const WORDS: usize = 300;
/// Most that a store's page shows.
const SHOWN: i64 = 6;
/// Digits in a row from which on they may be a number of somebody.
const DIGITS: usize = 7;

/// What somebody says about an improvement.
#[derive(Debug, Clone)]
pub struct Draft {
    /// In a few words.
    pub title: String,
    /// Who does it.
    pub owner: Id<of::User>,
    /// By when.
    pub due_on: Day,
    /// The category whose count shows the effect.
    pub category: Option<String>,
    /// Where it stands.
    pub state: State,
    /// What customers said, for the public.
    pub said: Option<String>,
    /// What we did, for the public.
    pub did: Option<String>,
}

fn checked(ctx: &Ctx, draft: Draft) -> Result<Draft, Fault> {
    let mut errors = FieldErrors::default();
    let title = text::required_line(&mut errors, "title", &draft.title, TITLE);
    let said = text::optional(&mut errors, "said", draft.said.as_deref(), WORDS);
    let did = text::optional(&mut errors, "did", draft.did.as_deref(), WORDS);
    let category = text::optional_line(&mut errors, "category", draft.category.as_deref(), 40);
    let directory = ctx.house.identity.directories().now();
    if directory.user(draft.owner).is_none_or(|user| !user.active) {
        errors.add("owner", "unknown");
    }
    for (field, words) in [("said", &said), ("did", &did)] {
        if words.as_deref().is_some_and(names_somebody) && errors.of(field).is_none() {
            errors.add(field, "feedback-personal");
        }
    }
    errors.check()?;
    Ok(Draft { title, said, did, category, ..draft })
}

/// Whether words for the public hold a number or an address of somebody.
pub fn names_somebody(words: &str) -> bool {
    let mut run = 0_usize;
    for letter in words.chars() {
        match letter {
            '@' | '＠' => return true,
            digit if digit.is_numeric() => run += 1,
            ' ' | '-' => {}
            _ => run = 0,
        }
        if run >= DIGITS {
            return true;
        }
    }
    false
}

/// Begins an improvement because of what the case `case` says.
///
/// # Errors
/// `invalid` with the fields; `not-found` and `forbidden`.
pub async fn begin(ctx: &Ctx, case: Id<of::Case>, draft: Draft) -> Result<Id<ImprovementId>, Fault> {
    let item = super::get(ctx, case).await?.entry.item;
    if !ctx.actor.may(IMPROVE, &item) {
        return Err(Fault::forbidden());
    }
    ctx.write((case, item.store, draft), |work, (case, at, draft)| {
        Box::pin(async move { begin_within(work, *case, *at, draft.clone()).await })
    })
    .await
}

/// The same within a write that does more, for `at`, the store of the case's feedback.
///
/// # Errors
/// `invalid` with the fields.
pub async fn begin_within(
    work: &mut Work<'_>,
    case: Id<of::Case>,
    at: Id<of::Unit>,
    draft: Draft,
) -> Result<Recorded<Id<ImprovementId>>, Fault> {
    let draft = checked(work.ctx, draft)?;
    let one = Improvement {
        id: work.ctx.house.ids.next(),
        store: at,
        owner: draft.owner,
        title: draft.title,
        category: draft.category,
        due_on: draft.due_on,
        state: State::Open,
        done_on: None,
        said: draft.said,
        did: draft.did,
        published_at: None,
        created_at: work.now,
        version: 1,
    };
    store::save_improvement(work.tx, &one).await?;
    store::tie(work.tx, one.id, case, work.ctx.actor.user, work.now).await?;
    let day = work.now.day(&work.ctx.house.zone);
    let mut event = changes(event(&one, "improvement.begun"), None, &one);
    event = event.change("case", None, Some(case.to_string()));
    event.deltas = Delta::spread("improvements.begun", one.store, day, 1, &[]);
    Ok(work.record(event).await?.with(one.id))
}

/// Ties the case `case` to an improvement that is there; a second time changes nothing.
///
/// # Errors
/// `not-found` and `forbidden`; the field `improvement` when it is another store's.
pub async fn tie(ctx: &Ctx, case: Id<of::Case>, id: Id<ImprovementId>) -> Result<(), Fault> {
    let item = super::get(ctx, case).await?.entry.item;
    if !ctx.actor.may(IMPROVE, &item) {
        return Err(Fault::forbidden());
    }
    ctx.write((id, case, item.store), |work, (id, case, at)| {
        Box::pin(async move {
            let one = store::improvement(work.tx, *id).await?.filter(|one| one.store == *at);
            let one = one.ok_or_else(|| Fault::field("improvement", "unknown"))?;
            if !store::tie(work.tx, *id, *case, work.ctx.actor.user, work.now).await? {
                return Ok(work.unchanged(()));
            }
            work.record(event(&one, "improvement.tied").change("case", None, Some(case.to_string()))).await
        })
    })
    .await
}

/// Changes an improvement, based on its `version`. What the public sees already stays what it was approved as: changed words are
/// published anew.
///
/// # Errors
/// `invalid` with the fields; `stale`; `not-found`.
pub async fn change(ctx: &Ctx, id: Id<ImprovementId>, version: i64, draft: Draft) -> Result<i64, Fault> {
    ctx.write((id, version, draft), |work, (id, version, draft)| {
        Box::pin(async move { change_within(work, *id, *version, draft.clone()).await })
    })
    .await
}

/// The same within a write that does more.
///
/// # Errors
/// As [`change`].
pub async fn change_within(
    work: &mut Work<'_>,
    id: Id<ImprovementId>,
    version: i64,
    draft: Draft,
) -> Result<Recorded<i64>, Fault> {
    let draft = checked(work.ctx, draft)?;
    let before = store::improvement(work.tx, id).await?.ok_or_else(Fault::not_found)?;
    work.require(IMPROVE, &before)?;
    if before.version != version {
        return Err(Fault::stale(before.version));
    }
    let today = work.now.day(&work.ctx.house.zone);
    let same_words = before.said == draft.said && before.did == draft.did && draft.state == State::Done;
    let after = Improvement {
        owner: draft.owner,
        title: draft.title,
        category: draft.category,
        due_on: draft.due_on,
        state: draft.state,
        done_on: (draft.state == State::Done).then(|| before.done_on.unwrap_or(today)),
        said: draft.said,
        did: draft.did,
        published_at: before.published_at.filter(|_| same_words),
        version: before.version + 1,
        ..before.clone()
    };
    if (Improvement { version: before.version, ..after.clone() }) == before {
        return Ok(work.unchanged(before.version));
    }
    if !store::save_improvement(work.tx, &after).await? {
        return Err(Fault::stale(before.version + 1));
    }
    let mut event = changes(event(&after, "improvement.changed"), Some(&before), &after);
    if after.state == State::Done && before.state != State::Done {
        event.deltas = Delta::spread("improvements.done", after.store, today, 1, &[]);
    }
    Ok(work.record(event).await?.with(after.version))
}

/// Shows "you said, we did" on the store's public page, or takes it away.
///
/// # Errors
/// `invalid` at `said` and `did` while words are missing; `feedback-not-done`; `stale`; `not-found` and `forbidden`.
pub async fn publish(ctx: &Ctx, id: Id<ImprovementId>, version: i64, on: bool) -> Result<i64, Fault> {
    ctx.write((id, version, on), |work, (id, version, on)| {
        Box::pin(async move {
            let before = store::improvement(work.tx, *id).await?.ok_or_else(Fault::not_found)?;
            work.require(IMPROVE, &before)?;
            if !work.ctx.actor.may(PUBLISH, &before) {
                return Err(Fault::forbidden());
            }
            if before.version != *version {
                return Err(Fault::stale(before.version));
            }
            if *on {
                let mut errors = FieldErrors::default();
                for (field, words) in [("said", &before.said), ("did", &before.did)] {
                    match words {
                        None => errors.add(field, "required"),
                        Some(words) if names_somebody(words) => errors.add(field, "feedback-personal"),
                        Some(words) if names_customer(work.tx, *id, words).await? => {
                            errors.add(field, "feedback-personal");
                        }
                        Some(_) => {}
                    }
                }
                errors.check()?;
                if before.state != State::Done {
                    return Err(Fault::refused("feedback-not-done"));
                }
            }
            let published_at = on.then(|| before.published_at.unwrap_or(work.now));
            if published_at == before.published_at {
                return Ok(work.unchanged(before.version));
            }
            let after = Improvement { published_at, version: before.version + 1, ..before.clone() };
            if !store::save_improvement(work.tx, &after).await? {
                return Err(Fault::stale(before.version + 1));
            }
            let verb = if *on { "improvement.published" } else { "improvement.unpublished" };
            let text = |at: Option<Timestamp>| at.map(|at| at.to_string());
            let event = event(&after, verb).change("published_at", text(before.published_at), text(published_at));
            Ok(work.record(event).await?.with(after.version))
        })
    })
    .await
}

/// Whether words name a customer whose case is behind it.
async fn names_customer(tx: &mut db::Tx, id: Id<ImprovementId>, words: &str) -> Result<bool, Fault> {
    let ids = store::tied_cases(tx, id).await?;
    let cases = cases::store::get_many(tx, &ids).await?;
    Ok(cases.values().any(|case| case.customer_name.chars().count() > 1 && words.contains(&case.customer_name)))
}

fn event(one: &Improvement, verb: &'static str) -> Event {
    Event::new(RecordRef::new(IMPROVEMENT, one.id), verb, kernel::Placed::place(one))
}

type Read = fn(&Improvement) -> Option<String>;

const FIELDS: [(&str, Read); 8] = [
    ("title", |one| Some(one.title.clone())),
    ("owner_id", |one| Some(one.owner.to_string())),
    ("due_on", |one| Some(one.due_on.to_string())),
    ("category", |one| one.category.clone()),
    ("state", |one| Some(one.state.to_string())),
    ("said", |one| one.said.clone()),
    ("did", |one| one.did.clone()),
    ("published_at", |one| one.published_at.map(|at| at.to_string())),
];

fn changes(mut event: Event, before: Option<&Improvement>, after: &Improvement) -> Event {
    for (field, read) in FIELDS {
        event = event.change(field, before.and_then(read), read(after));
    }
    event
}

/// One page of improvements.
#[derive(Debug, Clone)]
pub struct Improvements {
    /// Newest first.
    pub rows: Vec<Improvement>,
    /// Where the next page begins.
    pub next: Option<Cursor>,
}

/// Improvements within the actor's reach, newest first.
///
/// # Errors
/// What the database says.
pub async fn improvements(
    ctx: &Ctx,
    state: Option<State>,
    after: Option<Cursor>,
    limit: u16,
) -> Result<Improvements, Fault> {
    let input = (state, ctx.reach(IMPROVE), after, i64::from(limit));
    ctx.read(input, |tx, (state, reach, after, limit)| {
        Box::pin(async move {
            let mut rows = store::improvements(tx, *state, reach, *after, *limit + 1).await?;
            let shown = usize::try_from(*limit).unwrap_or(usize::MAX);
            let more = rows.len() > shown;
            rows.truncate(shown);
            let next = rows.last().filter(|_| more).map(|row| Cursor { key: 0, id: row.id.get() });
            Ok(Improvements { rows, next })
        })
    })
    .await
}

/// How often a category was heard in the weeks before and after; weeks that are not over are not there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Effect {
    /// Texts of each week before, oldest first.
    pub before: Vec<i64>,
    /// Texts of each whole week after.
    pub after: Vec<i64>,
}

/// A case behind an improvement.
#[derive(Debug, Clone)]
pub struct Tied {
    /// The case.
    pub case: cases::store::Case,
    /// The customer was written to since it was done.
    pub told: bool,
}

/// An improvement with its cases and its effect.
#[derive(Debug, Clone)]
pub struct Whole {
    /// The improvement.
    pub one: Improvement,
    /// The cases behind it that the reader may see.
    pub cases: Vec<Tied>,
    /// What it changed; `None` until it is done, or without a category.
    pub effect: Option<Effect>,
    /// The categories.
    pub tree: Tree,
}

/// The improvement `id`.
///
/// # Errors
/// `not-found`.
pub async fn improvement(ctx: &Ctx, id: Id<ImprovementId>) -> Result<Whole, Fault> {
    ctx.read((id, ctx.clone()), |tx, (id, ctx)| {
        Box::pin(async move {
            let one = store::improvement(tx, *id).await?.ok_or_else(Fault::not_found)?;
            ctx.require(IMPROVE, &one)?;
            let ids = store::tied_cases(tx, *id).await?;
            let done = one.done_on.map(|day| day.start(&ctx.house.zone));
            let mut found = Vec::new();
            for case in cases::store::get_many(tx, &ids).await?.into_values() {
                if !ctx.actor.may(cases::app::VIEW, &case) {
                    continue;
                }
                let said = cases::store::messages_of(tx, case.id, Some(Visibility::Public), None, 50).await?;
                let told = done.is_some_and(|done| {
                    said.iter().any(|said| said.direction == Direction::Out && said.created_at >= done)
                });
                found.push(Tied { case, told });
            }
            let effect = match (&one.category, one.done_on) {
                (Some(category), Some(done)) => Some(effect(tx, ctx, &one, category, done).await?),
                _ => None,
            };
            let tree = crate::store::tree::tree(tx).await?;
            Ok(Whole { one, cases: found, effect, tree })
        })
    })
    .await
}

async fn effect(tx: &mut db::Tx, ctx: &Ctx, one: &Improvement, category: &str, done: Day) -> Result<Effect, Fault> {
    let zone = &ctx.house.zone;
    let today = ctx.now().day(zone);
    let mut effect = Effect::default();
    for week in (1..=WEEKS).rev() {
        let (from, before) = (done.plus(-7 * week).start(zone), done.plus(-7 * (week - 1)).start(zone));
        effect.before.push(store::heard(tx, one.store, category, from, before).await?);
    }
    for week in 1..=WEEKS {
        // A week that is not over would look like an improvement.
        if done.plus(7 * week) > today {
            break;
        }
        let (from, before) = (done.plus(7 * (week - 1)).start(zone), done.plus(7 * week).start(zone));
        effect.after.push(store::heard(tx, one.store, category, from, before).await?);
    }
    Ok(effect)
}

/// The improvements that the case `case` led to, and open ones of its store to tie it to.
///
/// # Errors
/// `not-found`.
pub async fn of_case(ctx: &Ctx, case: Id<of::Case>) -> Result<(Vec<Improvement>, Vec<Improvement>), Fault> {
    let item = super::get(ctx, case).await?.entry.item;
    let reach = ctx.reach(IMPROVE);
    ctx.read((case, item.store, reach), |tx, (case, at, reach)| {
        Box::pin(async move {
            let tied = store::improvements_of(tx, *case).await?;
            let mut open = store::improvements(tx, Some(State::Open), reach, None, 50).await?;
            open.retain(|one| one.store == *at && tied.iter().all(|known| known.id != one.id));
            Ok((tied, open))
        })
    })
    .await
}

/// What the public sees of `store`: what customers said and what was done.
///
/// # Errors
/// What the database says.
pub async fn published(ctx: &Ctx, store: Id<of::Unit>) -> Result<Vec<Improvement>, Fault> {
    ctx.read(store, |tx, store| Box::pin(async move { Ok(store::published(tx, *store, SHOWN).await?) })).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_addresses_of_people_are_seen() {
        for words in ["打 13800005678", "138 0000 5678", "0571-8888-0000", "li@example.com", "尾号１２３４５６７"]
        {
            assert!(names_somebody(words), "{words}");
        }
        for words in ["等了 40 分钟", "2026 年 11 月起", "3 把椅子，2 个插座", ""] {
            assert!(!names_somebody(words), "{words}");
        }
    }
}
