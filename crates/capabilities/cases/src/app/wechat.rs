//! Texts that staff copy into WeChat: the same words as mail, with a link made for them, and a trace when one was copied.

use capability::{Ctx, Work};
use identity::Secret;
use kernel::{Fault, Id, RecordRef, Timestamp, of};
use messaging::{Channel, CopiedText, Template};
use serde::{Deserialize, Serialize};

use super::access::{VIEW, works};
use super::events::{self, RECORD, zone_of};
use super::links;
use crate::domain::{Purpose, Stage};
use crate::store::{self, Case};

/// A text that is ready to be copied. Not kept for a repeat of the request: it may hold a link.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ready {
    /// What goes into WeChat.
    #[serde(skip)]
    pub text: String,
}

/// For which texts there are words, and what their links are good for.
const TEXTS: [(&str, Purpose); 5] = [
    ("received", Purpose::Track),
    ("promise", Purpose::Track),
    ("plan", Purpose::Decide),
    ("reply", Purpose::Track),
    ("resolved", Purpose::Track),
];
/// Texts that are copied although others make them.
const MADE_ELSEWHERE: [&str; 1] = ["survey"];
/// Longest text that is kept as copied, in characters.
const LONGEST: usize = 4_000;

/// Makes the text `code` for the customer of `id`; `words` are what staff wrote. That it was copied is for [`text_copied`] to say.
///
/// # Errors
/// `not-found`; `cases-no-plan` when there is nothing to decide; `cases-no-promise` when no answer is due; a field `text` for an
/// unknown code.
pub async fn text_for_wechat(ctx: &Ctx, id: Id<of::Case>, code: &str, words: &str) -> Result<Ready, Fault> {
    let Some((code, purpose)) = TEXTS.into_iter().find(|(known, _)| *known == code) else {
        return Err(Fault::field("text", "unknown"));
    };
    let token = Secret::link()?;
    ctx.write((id, code, purpose, words.to_owned(), token), |work, (id, code, purpose, words, token)| {
        Box::pin(async move {
            let case = workable(work, *id).await?;
            let decides = *purpose == Purpose::Decide && case.kind.needs_confirmation();
            if decides && store::options_open(work.tx, case.id).await? == 0 {
                return Err(Fault::refused("cases-no-plan"));
            }
            // Nobody is asked what may not be promised yet.
            if decides && !store::has_free_option(work.tx, case.id).await? {
                return Err(Fault::refused("cases-approval-pending"));
            }
            let words = match *code {
                "promise" => promised(work, &case).await?,
                _ => words.clone(),
            };
            let purpose = if decides { Purpose::Decide } else { Purpose::Track };
            // A link that nobody outside can open is left out with its line.
            let link = match work.ctx.house.customer_url() {
                Some(public) => {
                    let issued = links::make(work, &case, purpose, token).await?;
                    Some(format!("{public}{}", links::link_path(purpose, &issued.token)))
                }
                None => None,
            };
            let text = wording_of(work, &case, code, link.as_deref().unwrap_or_default(), &words).await?;
            if link.is_none() {
                return Ok(work.unchanged(Ready { text }));
            }
            let event =
                events::event(&case, "case.link_issued", work.now).change("purpose", None, Some(purpose.to_string()));
            Ok(work.record(event).await?.with(Ready { text }))
        })
    })
    .await
}

/// The case, for somebody who works on it.
async fn workable(work: &mut Work<'_>, id: Id<of::Case>) -> Result<Case, Fault> {
    let case = store::get(work.tx, id).await?.ok_or_else(Fault::not_found)?;
    work.require(VIEW, &case)?;
    if !works(&work.ctx.actor, &case) {
        return Err(Fault::forbidden());
    }
    Ok(case)
}

/// Until when the customer is promised to hear something: the next due time of those that are promised to customers.
async fn promised(work: &mut Work<'_>, case: &Case) -> Result<String, Fault> {
    let record = RecordRef::new(RECORD, case.id);
    let mut clocks = calendar::of_record(work.tx, &record).await?;
    let void = store::voided(work.tx, case.id).await?;
    clocks.retain(|clock| !void.contains(&clock.id));
    let told = [
        Stage::FirstAnswer,
        Stage::NextAnswer,
        Stage::Plan,
        Stage::Solution,
        Stage::PromisedCall,
        Stage::PromisedReady,
    ];
    let open = clocks
        .iter()
        .filter(|clock| clock.stopped_at.is_none() && told.iter().any(|stage| stage.as_str() == clock.stage));
    let due: Option<Timestamp> = open.filter_map(|clock| clock.due_at).filter(|due| *due > work.now).min();
    let due = due.ok_or_else(|| Fault::refused("cases-no-promise"))?;
    Ok(due.civil(&zone_of(&work.ctx.house, case.store)).strftime("%m-%d %H:%M").to_string())
}

/// The words of the text `code` for the customer of `case`, in the language that they chose.
pub async fn wording_of(
    work: &mut Work<'_>,
    case: &Case,
    code: &str,
    link: &str,
    words: &str,
) -> Result<String, Fault> {
    let locale = locale_of(work, case).await?;
    let directory = work.ctx.house.identity.directories().now();
    let store = directory.unit(case.store).map(|unit| unit.name_in(&locale).to_owned()).unwrap_or_default();
    let args = vec![
        ("number", case.number.clone()),
        ("store", store),
        ("link", link.to_owned()),
        ("name", case.customer_name.clone()),
        ("subject", case.subject.clone()),
        ("text", words.to_owned()),
    ];
    let template = Template::named(code)?;
    let wording = messaging::wording(work.tx, &template, Channel::WechatCopy, &locale).await?;
    Ok(wording.render(Channel::WechatCopy, &args)?.body)
}

async fn locale_of(work: &mut Work<'_>, case: &Case) -> Result<String, Fault> {
    let language = match case.customer {
        Some(customer) => messaging::language_of(work.tx, customer).await?,
        None => None,
    };
    Ok(language.unwrap_or_else(|| "zh-CN".to_owned()))
}

/// Notes that the actor copied `said`, a text `what` for the customer of `id`. Links in it are not kept.
///
/// # Errors
/// `not-found`; the fields `what` and `said`.
pub async fn text_copied(ctx: &Ctx, id: Id<of::Case>, what: &str, said: &str) -> Result<(), Fault> {
    let known = TEXTS.into_iter().map(|(code, _)| code).chain(MADE_ELSEWHERE);
    let what = known.into_iter().find(|code| *code == what).ok_or_else(|| Fault::field("what", "unknown"))?;
    if said.trim().is_empty() {
        return Err(Fault::field("said", "required"));
    }
    if said.chars().count() > LONGEST {
        return Err(Fault::field("said", "too-long"));
    }
    ctx.write((id, what, said.to_owned()), |work, (id, what, said)| {
        Box::pin(async move {
            let case = workable(work, *id).await?;
            let copied = CopiedText {
                template: what,
                locale: locale_of(work, &case).await?,
                to: case.customer_name.clone(),
                body: said.clone(),
                record: RecordRef::new(RECORD, case.id),
                store: Some(case.store),
                now: work.now,
            };
            messaging::keep_copied(work.tx, &work.ctx.house.ids, &copied).await?;
            let event = events::event(&case, "case.text_copied", work.now).change(
                "message_template",
                None,
                Some((*what).to_owned()),
            );
            work.record(event).await
        })
    })
    .await
}

/// Keeps in which language the customer of `id` is written to.
///
/// # Errors
/// `not-found`, also when the customer is unnamed.
pub async fn speak(ctx: &Ctx, id: Id<of::Case>, locale: web::Locale) -> Result<(), Fault> {
    ctx.write((id, locale), |work, (id, locale)| {
        Box::pin(async move {
            let case = store::get(work.tx, *id).await?.ok_or_else(Fault::not_found)?;
            work.require(VIEW, &case)?;
            if !works(&work.ctx.actor, &case) {
                return Err(Fault::forbidden());
            }
            let customer = case.customer.ok_or_else(Fault::not_found)?;
            let before = messaging::language_of(work.tx, customer).await?;
            if before.as_deref() == Some(locale.as_str()) {
                return Ok(work.unchanged(()));
            }
            messaging::set_language(work.tx, customer, locale.as_str(), work.now).await?;
            let event = events::event(&case, "case.language_chosen", work.now).change(
                "language",
                before,
                Some(locale.as_str().to_owned()),
            );
            work.record(event).await
        })
    })
    .await
}

/// In which language the customer of `id` is written to; `None` for unnamed customers.
///
/// # Errors
/// `not-found`.
pub async fn language(ctx: &Ctx, id: Id<of::Case>) -> Result<Option<String>, Fault> {
    ctx.read((ctx.clone(), id), |tx, (ctx, id)| {
        Box::pin(async move {
            let case = store::get(tx, *id).await?.ok_or_else(Fault::not_found)?;
            ctx.require(VIEW, &case)?;
            match case.customer {
                Some(customer) => {
                    let chosen = messaging::language_of(tx, customer).await?;
                    Ok(Some(chosen.unwrap_or_else(|| "zh-CN".to_owned())))
                }
                None => Ok(None),
            }
        })
    })
    .await
}
