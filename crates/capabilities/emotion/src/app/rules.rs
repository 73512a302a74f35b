//! The rules: which words, how soon, how many hours. What is there stays; a change is a new version.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use capability::{Ctx, Event, Installation, Work};
use db::Tx;
use kernel::{Fault, FieldErrors, Place, RecordRef, Timestamp};
use parties::domain::text;

use super::{REASON, RULES_EDIT, RULES_RECORD, RULES_VIEW};
use crate::domain::{Language, Lexicon, Role, read_list};
use crate::store::{self, Rules};

/// How long rules are used before they are read again, in milliseconds: a change made on another node is seen by then.
const FRESH: i64 = 15_000;
/// Most versions that are listed.
const VERSIONS: i64 = 50;

/// The rules that a node keeps in mind, one installation a row: a test process has many.
static KEPT: Mutex<Vec<(Weak<Installation>, Timestamp, Arc<Rules>)>> = Mutex::new(Vec::new());

fn kept(house: &Arc<Installation>, now: Timestamp) -> Option<Arc<Rules>> {
    let own = Arc::downgrade(house);
    let kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    let found = kept.iter().find(|(other, _, _)| other.ptr_eq(&own));
    found.filter(|(_, at, _)| (0..FRESH).contains(&now.since(*at))).map(|(_, _, rules)| Arc::clone(rules))
}

fn keep(house: &Arc<Installation>, now: Timestamp, rules: &Arc<Rules>) {
    let own = Arc::downgrade(house);
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    kept.retain(|(other, _, _)| other.strong_count() > 0 && !other.ptr_eq(&own));
    kept.push((own, now, Arc::clone(rules)));
}

fn forget(house: &Arc<Installation>) {
    let own = Arc::downgrade(house);
    KEPT.lock().unwrap_or_else(PoisonError::into_inner).retain(|(other, _, _)| !other.ptr_eq(&own));
}

/// The rules in force, read inside a transaction at most every quarter of a minute.
pub(crate) async fn current_within(tx: &mut Tx, house: &Arc<Installation>) -> Result<Arc<Rules>, Fault> {
    let now = house.clock.now();
    if let Some(rules) = kept(house, now) {
        return Ok(rules);
    }
    let rules = store::rules(tx, None).await?.ok_or_else(|| Fault::internal("no rules of emotion"))?;
    let rules = Arc::new(rules);
    keep(house, now, &rules);
    Ok(rules)
}

/// The rules in force.
pub(crate) async fn current(work: &mut Work<'_>) -> Result<Arc<Rules>, Fault> {
    let house = Arc::clone(&work.ctx.house);
    current_within(work.tx, &house).await
}

/// The newest rules.
///
/// # Errors
/// `not-found` without the right to see them.
pub async fn newest(ctx: &Ctx) -> Result<Rules, Fault> {
    if !ctx.actor.holds(RULES_VIEW) {
        return Err(Fault::not_found());
    }
    ctx.read((), |tx, ()| {
        Box::pin(async move { store::rules(tx, None).await?.ok_or_else(|| Fault::internal("no rules of emotion")) })
    })
    .await
}

/// The versions with when, by whom and why, newest first, each with the words that it added and took away.
///
/// # Errors
/// What the database says.
pub async fn history(ctx: &Ctx) -> Result<Vec<(Rules, Vec<String>, Vec<String>)>, Fault> {
    ctx.read((), |tx, ()| {
        Box::pin(async move {
            let mut all = Vec::new();
            for version in store::versions(tx, VERSIONS).await? {
                all.extend(store::rules(tx, Some(version.version)).await?);
            }
            let words = |rules: &Rules| {
                let lists = rules.lexicon.0.iter();
                lists
                    .flat_map(|((language, role), words)| {
                        words.iter().map(move |word| (*language, *role, word.clone()))
                    })
                    .collect::<std::collections::BTreeSet<_>>()
            };
            let mut told = Vec::new();
            for (n, rules) in all.iter().enumerate() {
                let (mut added, mut gone) = (Vec::new(), Vec::new());
                if let Some(before) = all.get(n.saturating_add(1)) {
                    let (now, then) = (words(rules), words(before));
                    added = now.difference(&then).map(|(_, _, word)| word.clone()).collect();
                    gone = then.difference(&now).map(|(_, _, word)| word.clone()).collect();
                }
                told.push((rules.clone(), added, gone));
            }
            Ok(told)
        })
    })
    .await
}

/// Rules as a person typed them.
#[derive(Debug, Clone, Default)]
pub struct RulesDraft {
    /// The version that they are based on.
    pub version: i64,
    /// Why they change.
    pub reason: String,
    /// Working minutes until the next answer.
    pub answer_upset: i64,
    /// The same for somebody very upset.
    pub answer_very_upset: i64,
    /// Hours until the suggested call-back.
    pub cooling_hours: i64,
    /// Each list as it was typed, one word a line.
    pub lists: BTreeMap<(Language, Role), String>,
}

/// Makes a new version of the rules. What was flagged stays as it was found.
///
/// # Errors
/// `invalid` with the fields; `stale`; `not-found` without the right to it.
pub async fn save_rules(ctx: &Ctx, draft: RulesDraft) -> Result<i64, Fault> {
    let place = company(ctx)?;
    ctx.require(RULES_EDIT, &place)?;
    let mut errors = FieldErrors::default();
    let why = text::required(&mut errors, "change_reason", &draft.reason, REASON);
    let mut lexicon = Lexicon::default();
    for language in Language::ALL {
        for role in Role::ALL {
            let typed = draft.lists.get(&(*language, *role)).map(String::as_str).unwrap_or_default();
            match read_list(typed, *role) {
                Ok(words) => {
                    lexicon.0.insert((*language, *role), words);
                }
                Err(code) => errors.add(&field(*language, *role), code),
            }
        }
    }
    let ranges = [
        ("answer_upset", draft.answer_upset, 5, 2_880),
        ("answer_very_upset", draft.answer_very_upset, 5, 2_880),
        ("cooling_hours", draft.cooling_hours, 1, 336),
    ];
    for (name, n, min, max) in ranges {
        if !(min..=max).contains(&n) {
            errors.add_with(name, "number-range", vec![("min", min.to_string()), ("max", max.to_string())]);
        }
    }
    if draft.answer_very_upset > draft.answer_upset {
        errors.add("answer_very_upset", "emotion-slower");
    }
    errors.check()?;
    let rules = Rules {
        version: draft.version.saturating_add(1),
        made_at: ctx.now(),
        made_by: ctx.actor.user,
        reason: why,
        answer_upset: draft.answer_upset,
        answer_very_upset: draft.answer_very_upset,
        cooling_hours: draft.cooling_hours,
        lexicon,
    };
    let version = ctx
        .write((rules, place), |work, (rules, place)| {
            Box::pin(async move {
                let before = store::rules(work.tx, None).await?.ok_or_else(Fault::not_found)?;
                if before.version.saturating_add(1) != rules.version {
                    return Err(Fault::stale(before.version));
                }
                store::insert_rules(work.tx, rules).await?;
                let n = |n: i64| Some(n.to_string());
                let mut event = Event::new(RecordRef { kind: RULES_RECORD, id: 1 }, "emotion.rules_changed", *place)
                    .change("version", n(before.version), n(rules.version))
                    .change("reason", None, Some(rules.reason.clone()))
                    .change("answer_upset", n(before.answer_upset), n(rules.answer_upset))
                    .change("answer_very_upset", n(before.answer_very_upset), n(rules.answer_very_upset))
                    .change("cooling_hours", n(before.cooling_hours), n(rules.cooling_hours));
                for ((language, role), words) in &rules.lexicon.0 {
                    let name = match (language, role) {
                        (Language::Zh, Role::Upset) => "zh_upset",
                        (Language::Zh, Role::VeryUpset) => "zh_very_upset",
                        (Language::Zh, Role::Negation) => "zh_negation",
                        (Language::En, Role::Upset) => "en_upset",
                        (Language::En, Role::VeryUpset) => "en_very_upset",
                        (Language::En, Role::Negation) => "en_negation",
                    };
                    event = event.change(
                        name,
                        Some(before.lexicon.of(*language, *role).join("、")),
                        Some(words.join("、")),
                    );
                }
                Ok(work.record(event).await?.with(rules.version))
            })
        })
        .await?;
    forget(&ctx.house);
    Ok(version)
}

/// The name of a list's field.
pub(crate) fn field(language: Language, role: Role) -> String {
    format!("{language}_{role}")
}

fn company(ctx: &Ctx) -> Result<Place, Fault> {
    let directory = ctx.house.identity.directories().now();
    let company = directory.company().map(|unit| unit.id).ok_or_else(Fault::not_found)?;
    Ok(Place { store: company, team: None, owner: None })
}
