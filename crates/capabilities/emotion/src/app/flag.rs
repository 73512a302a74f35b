//! Flags: raised by words or by staff, ended with a reason.

use capability::{Ctx, Recorded, Work};
use cases::store::Case;
use kernel::{Fault, Id, RecordRef, Timestamp, of};
use notices::Notice;
use serde::{Deserialize, Serialize};

use super::{count, current, day_of, event, require, written};
use crate::domain::{Ended, Level, Source, level, named};
use crate::store::{self, Flag};

/// Why a flag is raised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Raised {
    /// How upset.
    pub level: Level,
    /// How we know.
    pub source: Source,
    /// The message in which the words stand.
    pub message: Option<i64>,
    /// The words that were found.
    pub words: Vec<String>,
    /// Why staff say so.
    pub reason: Option<String>,
    /// When the customer showed it.
    pub at: Timestamp,
}

/// Says that the customer of `case` is upset; what stood before ends.
///
/// # Errors
/// `invalid` without a reason; `not-found`; `forbidden`; `emotion-stands` when just that is said already;
/// `emotion-over` once the case is closed.
pub async fn raise(ctx: &Ctx, case: Id<of::Case>, level: Level, typed: &str) -> Result<(), Fault> {
    let reason = written("reason", typed)?;
    ctx.write((case, level, reason), |work, (case, level, reason)| {
        Box::pin(async move {
            let case = cases::store::get(work.tx, *case).await?.ok_or_else(Fault::not_found)?;
            require(work.ctx, &case)?;
            if case.state.is_over() {
                return Err(Fault::refused("emotion-over"));
            }
            if store::standing(work.tx, case.id).await?.is_some_and(|flag| flag.level == *level) {
                return Err(Fault::refused("emotion-stands"));
            }
            let raised = Raised {
                level: *level,
                source: Source::Staff,
                message: None,
                words: Vec::new(),
                reason: Some(reason.clone()),
                at: work.now,
            };
            raise_within(work, &case, &raised).await
        })
    })
    .await
}

/// Reads what the customer said; the words that show an upset customer raise a flag, unless one as strong stands already.
///
/// # Errors
/// What the database says.
pub async fn spoken(
    work: &mut Work<'_>,
    case: Id<of::Case>,
    text: &str,
    message: Option<i64>,
    at: Timestamp,
) -> Result<(), Fault> {
    let rules = current(work).await?;
    let hits = rules.lexicon.find(text);
    let Some(level) = level(&hits) else { return Ok(()) };
    if store::standing(work.tx, case).await?.is_some_and(|flag| flag.level >= level) {
        return Ok(());
    }
    let Some(case) = cases::store::get(work.tx, case).await? else { return Ok(()) };
    let raised = Raised { level, source: Source::Words, message, words: named(&hits), reason: None, at };
    raise_within(work, &case, &raised).await.map(|_| ())
}

/// Raises a flag on `case` within a write that does more: the next answer comes sooner, whoever has the case is told.
///
/// # Errors
/// What the database says.
pub async fn raise_within(work: &mut Work<'_>, case: &Case, raised: &Raised) -> Result<Recorded<()>, Fault> {
    let rules = current(work).await?;
    let before = store::flags(work.tx, case.id).await?;
    let stood = before.iter().find(|flag| flag.ended.is_none());
    if let Some(stood) = stood {
        let ended = Flag {
            ended: Some(Ended::Raised),
            ended_at: Some(work.now),
            ended_by: work.ctx.actor.user,
            ..stood.clone()
        };
        if !store::end_flag(work.tx, &ended).await? {
            return Err(Fault::refused("emotion-changed"));
        }
    }
    let flag = Flag {
        id: work.ctx.house.ids.next(),
        case: case.id,
        level: raised.level,
        source: raised.source,
        message: raised.message,
        words: raised.words.clone(),
        rules_version: (raised.source == Source::Words).then_some(rules.version),
        reason: raised.reason.clone(),
        raised_at: raised.at,
        raised_by: work.ctx.actor.user.filter(|_| raised.source != Source::Words),
        ended: None,
        ended_at: None,
        ended_by: None,
        ended_reason: None,
    };
    store::insert_flag(work.tx, &flag).await?;
    cases::store::set_upset(work.tx, case.id, true).await?;
    let due = hurry(work, case.id, raised.level).await?;
    let mut event = event(case, "emotion.raised")
        .happened(raised.at)
        .change("level", stood.map(|stood| stood.level.to_string()), Some(flag.level.to_string()))
        .change("emotion_source", None, Some(flag.source.to_string()))
        .change("upset", Some(case.upset.to_string()), Some("true".to_owned()))
        .personal("words", None, (!flag.words.is_empty()).then(|| flag.words.join("、")))
        .personal("reason", None, flag.reason.clone())
        .change("call_at", None, due.map(|due| due.to_string()));
    // A case counts once, whatever else is said of it; what was a mistake did not count.
    if before.iter().all(|flag| flag.ended == Some(Ended::Mistaken)) {
        let day = day_of(work, case, case.happened_at);
        count(&mut event, case, day, "emotion.cases", 1);
    }
    let recorded = work.record(event).await?;
    if let Some(owner) = case.owner {
        let notice = Notice::new("emotion.raised", RecordRef::new(cases::app::RECORD, case.id))
            .at(format!("/cases/{}/emotion", case.id))
            .number(&case.number)
            .subject(&case.subject);
        let notice = match &flag.reason {
            Some(reason) => notice.text(reason),
            None => notice.text(&flag.words.join("、")),
        };
        notices::tell(work, &[owner], &notice).await?;
    }
    Ok(recorded)
}

/// Brings the next answer forward, as the rules say for `level`; what is played back keeps the time that it had.
pub(crate) async fn hurry(work: &mut Work<'_>, case: Id<of::Case>, level: Level) -> Result<Option<Timestamp>, Fault> {
    if work.replayed {
        return Ok(None);
    }
    let rules = current(work).await?;
    cases::app::hurry(work, case, cases::app::Hurry { level: level.as_str(), minutes: rules.answer(level) }).await
}

/// Says that the customer is upset no more, or never was, and why. The next answer has its usual time again.
///
/// # Errors
/// `invalid` without a reason; `emotion-calm` when nothing stands; `not-found`; `forbidden`.
pub async fn end(ctx: &Ctx, case: Id<of::Case>, ended: Ended, typed: &str) -> Result<(), Fault> {
    let reason = written("ended_reason", typed)?;
    ctx.write((case, ended, reason), |work, (case, ended, reason)| {
        Box::pin(async move {
            let case = cases::store::get(work.tx, *case).await?.ok_or_else(Fault::not_found)?;
            require(work.ctx, &case)?;
            end_within(work, &case, *ended, reason).await
        })
    })
    .await
}

/// The same within a write that does more.
///
/// # Errors
/// `emotion-calm`; what the database says.
pub async fn end_within(work: &mut Work<'_>, case: &Case, ended: Ended, reason: &str) -> Result<Recorded<()>, Fault> {
    let Some(stood) = store::standing(work.tx, case.id).await? else { return Err(Fault::refused("emotion-calm")) };
    let flag = Flag {
        ended: Some(ended),
        ended_at: Some(work.now),
        ended_by: work.ctx.actor.user,
        ended_reason: Some(reason.to_owned()),
        ..stood
    };
    if !store::end_flag(work.tx, &flag).await? {
        return Err(Fault::refused("emotion-changed"));
    }
    cases::store::set_upset(work.tx, case.id, false).await?;
    if !work.replayed {
        cases::app::settle(work, case.id).await?;
    }
    let verb = if ended == Ended::Mistaken { "emotion.mistaken" } else { "emotion.calmed" };
    let mut event = event(case, verb)
        .change("level", Some(flag.level.to_string()), None)
        .change("upset", Some("true".to_owned()), Some("false".to_owned()))
        .personal("reason", None, flag.ended_reason.clone());
    let others = store::flags(work.tx, case.id).await?;
    if ended == Ended::Mistaken && others.iter().all(|flag| flag.ended == Some(Ended::Mistaken)) {
        let day = day_of(work, case, case.happened_at);
        count(&mut event, case, day, "emotion.cases", -1);
    }
    work.record(event).await
}
