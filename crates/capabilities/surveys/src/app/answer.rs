use capability::{Ctx, Event, Recorded, Work};
use cases::domain::{Direction, Purpose, Visibility};
use cases::store::{Case, Link, Message};
use db::Tx;
use kernel::{Actor, ActorKind, Fault, FieldErrors, Id, Placed, RecordRef, Timestamp, of};

use crate::domain::{Answer, Recovery, Solved, changeable, counted, recovery_after};
use crate::store::{self, Survey};

/// What came from the customer: the first tap is the rating alone, the rest may follow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// The rating; may be left out when there is one already.
    pub csat: Option<i64>,
    /// The rest of the form; `None` when only the rating was sent, so that nothing is emptied by it.
    pub rest: Option<Rating>,
}

/// The optional part of the answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rating {
    /// How likely to recommend us.
    pub nps: Option<i64>,
    /// How easy it was.
    pub effort: Option<i64>,
    /// Whether it is solved.
    pub solved: Option<Solved>,
    /// In words.
    pub words: Option<String>,
}

/// What a rating page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rated {
    /// The case that is rated.
    pub case: Case,
    /// The answer so far.
    pub answer: Option<Answer>,
    /// Whether it can (still) be given or changed.
    pub open: bool,
}

/// Who wrote the internal message about a low rating.
const NOTE_AUTHOR: &str = "surveys";

/// What the customer's link `token` shows.
///
/// # Errors
/// `not-found`, `cases-link-expired`, `cases-link-revoked`.
pub async fn opened(ctx: &Ctx, token: &str) -> Result<Rated, Fault> {
    let now = ctx.now();
    ctx.read((token.to_owned(), now), |tx, (token, now)| {
        Box::pin(async move {
            let (_, case) = good_link(tx, token, *now).await?;
            let survey = store::of_case(tx, case.id).await?;
            let open = survey.as_ref().and_then(|survey| survey.answered_at).is_none_or(|at| changeable(at, *now));
            Ok(Rated { answer: survey.and_then(|survey| survey.answer), case, open })
        })
    })
    .await
}

/// Takes the customer's answer, or a change of it within a day.
///
/// # Errors
/// Those of [`opened`]; `surveys-answered` when the day is over; field errors.
pub async fn answer(ctx: &Ctx, token: &str, given: Given) -> Result<Answer, Fault> {
    check(&given)?;
    let ctx = behind_link(ctx, token).await?;
    ctx.write((token.to_owned(), given), |work, (token, given)| {
        Box::pin(async move {
            let (link, case) = good_link(work.tx, token, work.now).await?;
            take(work, &case, Some(&link), given).await
        })
    })
    .await
}

/// Takes an answer of long ago, when a history is replayed; the link was used then.
///
/// # Errors
/// `not-found` without such a case; those of [`answer`].
pub async fn replay(work: &mut Work<'_>, case: Id<of::Case>, given: &Given) -> Result<Recorded<Answer>, Fault> {
    check(given)?;
    let case = cases::store::get(work.tx, case).await?.ok_or_else(Fault::not_found)?;
    take(work, &case, None, given).await
}

async fn take(work: &mut Work<'_>, case: &Case, link: Option<&Link>, given: &Given) -> Result<Recorded<Answer>, Fault> {
    let now = work.now;
    let before = survey_of(work, case).await?;
    if before.answered_at.is_some_and(|at| !changeable(at, now)) {
        return Err(Fault::refused("surveys-answered"));
    }
    let answer = merged(before.answer.as_ref(), given)?;
    if before.answer.as_ref() == Some(&answer) {
        return Ok(work.unchanged(answer));
    }
    if let Some(link) = link {
        cases::store::mark_used(work.tx, link.id, now).await?;
    }
    let survey = Survey {
        recovery: recovery_after(before.recovery, &answer),
        answered_at: before.answered_at.or(Some(now)),
        changed_at: Some(now),
        answer: Some(answer.clone()),
        version: before.version + 1,
        ..before.clone()
    };
    if !store::save(work.tx, &survey).await? {
        return Err(Fault::stale(survey.version));
    }
    let newly_low = answer.is_low() && !before.answer.as_ref().is_some_and(Answer::is_low);
    let mut event = Event::new(RecordRef::new("case", case.id), "survey.answered", case.place())
        .change("csat", before.answer.as_ref().map(|old| old.csat.to_string()), Some(answer.csat.to_string()))
        .personal("words", before.answer.as_ref().and_then(|old| old.words.clone()), answer.words.clone());
    event.deltas = super::deltas(work, &survey, &counted(before.answer.as_ref(), &answer));
    let mut recorded = work.record(event).await?;
    if newly_low {
        recorded = note_low(work, case, &answer).await?;
    }
    Ok(recorded.with(answer))
}

fn check(given: &Given) -> Result<(), Fault> {
    let mut errors = FieldErrors::default();
    let mut within = |field: &str, mark: Option<i64>, range: std::ops::RangeInclusive<i64>| {
        if mark.is_some_and(|mark| !range.contains(&mark)) {
            errors.add_with(
                field,
                "number-range",
                vec![("min", range.start().to_string()), ("max", range.end().to_string())],
            );
        }
    };
    within("csat", given.csat, 1..=5);
    if let Some(rest) = &given.rest {
        within("nps", rest.nps, 0..=10);
        within("effort", rest.effort, 1..=5);
    }
    errors.check()
}

fn merged(before: Option<&Answer>, given: &Given) -> Result<Answer, Fault> {
    let csat = given.csat.or(before.map(|old| old.csat)).ok_or_else(|| Fault::field("csat", "choose"))?;
    let kept = || {
        before.map_or_else(Rating::default, |old| Rating {
            nps: old.nps,
            effort: old.effort,
            solved: old.solved,
            words: old.words.clone(),
        })
    };
    let Rating { nps, effort, solved, words } = given.rest.clone().unwrap_or_else(kept);
    Ok(Answer { csat, nps, effort, solved, words })
}

/// The request with the customer as its actor, so that the journal names who rated.
async fn behind_link(ctx: &Ctx, token: &str) -> Result<Ctx, Fault> {
    let rated = opened(ctx, token).await?;
    let mut own = ctx.clone();
    own.actor = Actor::customer(&rated.case.customer_name);
    own.session = None;
    Ok(own)
}

/// The link `token`, when it is good for rating, and its case.
async fn good_link(tx: &mut Tx, token: &str, now: Timestamp) -> Result<(Link, Case), Fault> {
    let (link, case) = cases::app::valid_link(tx, token, now).await?;
    if link.purpose == Purpose::Rate { Ok((link, case)) } else { Err(Fault::not_found()) }
}

/// The case's survey. A link that staff handed over may come before any invitation: then the link is the invitation.
async fn survey_of(work: &mut Work<'_>, case: &Case) -> Result<Survey, Fault> {
    if let Some(survey) = store::of_case(work.tx, case.id).await? {
        return Ok(survey);
    }
    let survey = Survey {
        id: work.ctx.house.ids.next(),
        case: case.id,
        store: case.store,
        team: case.team,
        owner: case.owner,
        number: case.number.clone(),
        subject: case.subject.clone(),
        kind: case.kind.to_string(),
        channel: case.channel.to_string(),
        invited_at: work.now,
        sent: false,
        answer: None,
        answered_at: None,
        changed_at: None,
        recovery: Recovery::None,
        recovery_note: None,
        recovered_by: None,
        recovered_at: None,
        version: 1,
    };
    store::invite(work.tx, &survey).await?;
    let mut event = Event::new(RecordRef::new("case", case.id), "survey.invited", case.place()).quietly();
    event.deltas = super::deltas(work, &survey, &[("surveys.invited", 1)]);
    let _recorded = work.record(event).await?;
    Ok(survey)
}

/// Leaves an internal message on the case, so that whoever opens it sees what the customer said.
async fn note_low(work: &mut Work<'_>, case: &Case, answer: &Answer) -> Result<Recorded<()>, Fault> {
    let words = answer.words.as_deref().unwrap_or_default();
    // In the first language of the company: it is stored, so it cannot follow the reader.
    let lang = web::Lang::new(web::Locale::default(), work.ctx.house.zone.clone(), work.now);
    let body = lang.t2("surveys-low-note", "csat", answer.csat, "words", words);
    let message = Message {
        id: work.ctx.house.ids.next(),
        case: case.id,
        visibility: Visibility::Internal,
        direction: Direction::In,
        author_kind: ActorKind::System,
        author: None,
        author_name: NOTE_AUTHOR.to_owned(),
        body,
        created_at: work.now,
    };
    cases::store::insert_message(work.tx, &message).await?;
    let event = Event::new(RecordRef::new("case", case.id), "survey.low_rating", case.place())
        .change("visibility", None, Some(message.visibility.to_string()))
        .change("direction", None, Some(message.direction.to_string()))
        .change("message", None, Some(message.id.to_string()))
        .personal("text", None, Some(message.body.clone()));
    work.record(event).await
}
