use capability::{Ctx, Event, Recorded, Work};
use cases::domain::{Direction, Purpose, Visibility};
use cases::store::{Case, Link, Message};
use db::Tx;
use kernel::{Actor, ActorKind, Fault, FieldErrors, Id, Placed, RecordRef, Timestamp, of};

use super::{NOTE, recover, rule_within};
use crate::domain::{Answer, AnsweredBy, Flagged, Recovery, Solved, changeable, counted, recovery_after};
use crate::listen;
use crate::store::{self, Survey, SurveyId};

/// Entries of a case's journal that are looked through for who did the work.
const ENTRIES: i64 = 5_000;
/// How long a network counts as the store's own after somebody of it was seen there, in milliseconds: 30 days.
const OWN_NETWORK: i64 = 30 * 86_400_000;

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
/// `not-found`, `cases-link-expired`, `cases-link-revoked`; `surveys-not-asked` and `surveys-not-yet` as for [`answer`].
pub async fn opened(ctx: &Ctx, token: &str) -> Result<Rated, Fault> {
    let now = ctx.now();
    ctx.read((token.to_owned(), now), |tx, (token, now)| {
        Box::pin(async move {
            let (_, case) = good_link(tx, token, *now).await?;
            let survey = store::of_case(tx, case.id).await?;
            // Faces that nobody may tap are not shown.
            match &survey {
                Some(survey) if survey.answer.is_none() => {
                    if let Some(why) = survey.skipped {
                        return Err(listen::not_asked(why));
                    }
                }
                None if case.closed_at.is_none() => return Err(Fault::refused("surveys-not-yet")),
                _ => {}
            }
            let open = survey.as_ref().and_then(|survey| survey.answered_at).is_none_or(|at| changeable(at, *now));
            Ok(Rated { answer: survey.and_then(|survey| survey.answer), case, open })
        })
    })
    .await
}

/// Takes the customer's answer, or a change of it within a day.
///
/// # Errors
/// Those of [`opened`]; `surveys-answered` when the day is over; `surveys-not-asked` when the rule did not ask; `surveys-not-yet`
/// before the case is over; field errors.
pub async fn answer(ctx: &Ctx, token: &str, given: Given) -> Result<Answer, Fault> {
    answer_from(ctx, token, given, "").await
}

/// The same from a network that is known. An answer from where staff of the store sign in, or where one is signed in, is marked.
///
/// # Errors
/// Those of [`answer`].
pub async fn answer_from(ctx: &Ctx, token: &str, given: Given, network: &str) -> Result<Answer, Fault> {
    check(&given)?;
    let staff = ctx.actor.user;
    let ctx = behind_link(ctx, token).await?;
    let input = (token.to_owned(), given, network.to_owned(), staff.is_some());
    ctx.write(input, |work, (token, given, network, staff)| {
        Box::pin(async move {
            let (link, case) = good_link(work.tx, token, work.now).await?;
            let flagged = match staff {
                true => Some(Flagged::OwnStaff),
                false => own_network(work, &case, network).await?.then_some(Flagged::OwnNetwork),
            };
            take(work, &case, How::Link { link: Some(&link), flagged }, given).await
        })
    })
    .await
}

/// Notes what the customer answers on the phone. Not by whoever had the case or solved it: nobody rates themselves.
///
/// # Errors
/// `not-found`; `forbidden`; `surveys-own-work`; `surveys-answered` when the customer has answered; `surveys-not-asked`; `stale`;
/// field errors.
pub async fn note_by_phone(ctx: &Ctx, id: Id<SurveyId>, version: i64, given: Given) -> Result<Answer, Fault> {
    check(&given)?;
    ctx.write((id, version, given), |work, (id, version, given)| {
        Box::pin(async move {
            let survey = store::get(work.tx, *id).await?.ok_or_else(Fault::not_found)?;
            super::require(work, NOTE, &survey)?;
            if survey.version != *version {
                return Err(Fault::stale(survey.version));
            }
            if survey.answer.is_some() {
                return Err(Fault::refused("surveys-answered-already"));
            }
            let case = cases::store::get(work.tx, survey.case).await?.ok_or_else(Fault::not_found)?;
            if did_the_work(work, &case, &survey).await? {
                return Err(Fault::refused("surveys-own-work"));
            }
            take(work, &case, How::Phone, given).await
        })
    })
    .await
}

/// True when the actor had the case or carried out the command that solved it.
async fn did_the_work(work: &mut Work<'_>, case: &Case, survey: &Survey) -> Result<bool, Fault> {
    let Some(me) = work.ctx.actor.user else { return Ok(true) };
    if case.owner == Some(me) || survey.owner == Some(me) {
        return Ok(true);
    }
    let record = RecordRef::new("case", case.id);
    let entries = journal::of_record(work.tx, &record, None, ENTRIES).await?;
    Ok(entries.iter().any(|entry| entry.verb == "case.resolved" && entry.user == Some(me)))
}

/// True when staff of the case's store have lately been signed in from `network`.
async fn own_network(work: &mut Work<'_>, case: &Case, network: &str) -> Result<bool, Fault> {
    // Behind a proxy on the same machine everybody comes from there.
    if matches!(network, "" | "local" | "127.0.0.1" | "0:0:0:0::/64" | "::/64") {
        return Ok(false);
    }
    let directory = work.ctx.house.identity.directories().now();
    let staff: Vec<_> = directory.users_of_store(case.store).map(|user| user.id).collect();
    let since = work.now.plus(-OWN_NETWORK);
    Ok(identity::store::sessions::from_network(work.tx, &staff, network, since).await?)
}

/// Takes an answer of long ago, when a history is replayed; the link was used then. Nothing when the rule did not ask.
///
/// # Errors
/// `not-found` without such a case; those of [`answer`].
pub async fn replay(work: &mut Work<'_>, case: Id<of::Case>, given: &Given) -> Result<Option<Answer>, Fault> {
    check(given)?;
    let case = cases::store::get(work.tx, case).await?.ok_or_else(Fault::not_found)?;
    match take(work, &case, How::Link { link: None, flagged: None }, given).await {
        Ok(taken) => Ok(Some(taken.into_value())),
        Err(fault) if fault.code() == "surveys-not-asked" => Ok(None),
        Err(fault) => Err(fault),
    }
}

/// How an answer comes.
enum How<'a> {
    Link { link: Option<&'a Link>, flagged: Option<Flagged> },
    Phone,
}

async fn take(work: &mut Work<'_>, case: &Case, how: How<'_>, given: &Given) -> Result<Recorded<Answer>, Fault> {
    let now = work.now;
    if store::of_case(work.tx, case.id).await?.is_none() && case.closed_at.is_none() {
        return Err(Fault::refused("surveys-not-yet"));
    }
    let before = listen::decide(work, case).await?;
    if let Some(why) = before.skipped {
        return Err(listen::not_asked(why));
    }
    if before.answered_at.is_some_and(|at| !changeable(at, now)) || before.excluded_at.is_some() {
        return Err(Fault::refused("surveys-answered"));
    }
    let answer = merged(before.answer.as_ref(), given)?;
    if before.answer.as_ref() == Some(&answer) {
        return Ok(work.unchanged(answer));
    }
    let (by, flagged) = match &how {
        How::Link { link, flagged } => {
            if let Some(link) = link {
                cases::store::mark_used(work.tx, link.id, now).await?;
            }
            (AnsweredBy::Link, *flagged)
        }
        How::Phone => (AnsweredBy::Phone, None),
    };
    let mut survey = Survey {
        recovery: recovery_after(before.recovery, &answer),
        answered_at: before.answered_at.or(Some(now)),
        changed_at: Some(now),
        answer: Some(answer.clone()),
        answered_by: Some(by),
        noted_by: work.ctx.actor.user.filter(|_| by == AnsweredBy::Phone),
        flagged: flagged.or(before.flagged),
        version: before.version + 1,
        ..before.clone()
    };
    let opens = survey.recovery == Recovery::Open && before.recovery != Recovery::Open;
    if opens {
        let rule = rule_within(work.tx).await?;
        recover::appoint(work, &mut survey, &rule);
    } else if survey.recovery == Recovery::None {
        (survey.recovery_owner, survey.recovery_due) = (None, None);
    }
    if !store::save(work.tx, &survey).await? {
        return Err(Fault::stale(survey.version));
    }
    let newly_low = answer.is_low() && !before.answer.as_ref().is_some_and(Answer::is_low);
    let mark = |read: fn(&Answer) -> Option<i64>, of: Option<&Answer>| of.and_then(read).map(|n| n.to_string());
    let mut event = Event::new(RecordRef::new("case", case.id), "survey.answered", case.place())
        .change("csat", mark(|old| Some(old.csat), before.answer.as_ref()), Some(answer.csat.to_string()))
        .change("nps", mark(|old| old.nps, before.answer.as_ref()), mark(|new| new.nps, Some(&answer)))
        .change("effort", mark(|old| old.effort, before.answer.as_ref()), mark(|new| new.effort, Some(&answer)))
        .change("answered_by", before.answered_by.map(|by| by.as_str().to_owned()), Some(by.as_str().to_owned()))
        .change(
            "flagged",
            before.flagged.map(|why| why.as_str().to_owned()),
            survey.flagged.map(|why| why.as_str().to_owned()),
        )
        .personal("words", before.answer.as_ref().and_then(|old| old.words.clone()), answer.words.clone());
    let mut gains = counted(before.answer.as_ref(), &answer);
    if before.answer.is_none() {
        // All that were ever given: what headquarters excludes is a share of them.
        gains.push(("surveys.given", 1));
    }
    event.deltas = super::deltas(work, &survey, &gains);
    let mut recorded = work.record(event).await?;
    if newly_low {
        recorded = note_low(work, case, &answer).await?;
    }
    if opens {
        recover::tell(work, &survey).await?;
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
