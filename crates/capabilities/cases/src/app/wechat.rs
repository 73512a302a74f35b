//! Texts that staff copy into WeChat: the same words as mail, with a link made for them, and a trace that they were copied.

use capability::Ctx;
use identity::Secret;
use kernel::{Fault, Id, RecordRef, of};
use messaging::{Channel, NewMessage, QuietHours, Template};
use serde::{Deserialize, Serialize};

use super::access::{VIEW, WORK};
use super::events::{self, RECORD, zone_of};
use super::links;
use crate::domain::Purpose;
use crate::store;

/// A text that is ready to be copied. Not kept for a repeat of the request: it may hold a link.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Copied {
    /// What goes into WeChat.
    #[serde(skip)]
    pub text: String,
}

/// For which texts there are words, and what their links are good for.
const TEXTS: [(&str, Purpose); 4] =
    [("received", Purpose::Track), ("plan", Purpose::Decide), ("reply", Purpose::Track), ("resolved", Purpose::Track)];

/// Makes the text `code` for the customer of `id` and keeps it as copied into WeChat by the actor; `words` are what staff wrote.
///
/// # Errors
/// `not-found`; `cases-no-plan` when there is nothing to decide; a field `text` for an unknown code.
pub async fn copy_for_wechat(ctx: &Ctx, id: Id<of::Case>, code: &str, words: &str) -> Result<Copied, Fault> {
    let Some((code, purpose)) = TEXTS.into_iter().find(|(known, _)| *known == code) else {
        return Err(Fault::field("text", "unknown"));
    };
    let token = Secret::link()?;
    ctx.write((id, code, purpose, words.to_owned(), token), |work, (id, code, purpose, words, token)| {
        Box::pin(async move {
            let case = store::get(work.tx, *id).await?.ok_or_else(Fault::not_found)?;
            work.require(VIEW, &case)?;
            if !work.ctx.actor.may(WORK, &case) {
                return Err(Fault::forbidden());
            }
            let decides = *purpose == Purpose::Decide && case.kind.needs_confirmation();
            if decides && store::options_open(work.tx, case.id).await? == 0 {
                return Err(Fault::refused("cases-no-plan"));
            }
            let purpose = if decides { Purpose::Decide } else { Purpose::Track };
            let house = &work.ctx.house;
            // A link that nobody outside can open is left out with its line.
            let link = match house.customer_url() {
                Some(public) => {
                    let issued = links::make(work, &case, purpose, token).await?;
                    format!("{public}{}", links::link_path(purpose, &issued.token))
                }
                None => String::new(),
            };
            let language = match case.customer {
                Some(customer) => messaging::language_of(work.tx, customer).await?,
                None => None,
            };
            let locale = language.unwrap_or_else(|| "zh-CN".to_owned());
            let directory = house.identity.directories().now();
            let store = directory.unit(case.store).map(|unit| unit.name_in(&locale).to_owned()).unwrap_or_default();
            let args = vec![
                ("number", case.number.clone()),
                ("store", store),
                ("link", link),
                ("name", case.customer_name.clone()),
                ("subject", case.subject.clone()),
                ("text", words.clone()),
            ];
            let template = Template::named(code)?;
            let wording = messaging::wording(work.tx, &template, Channel::WechatCopy, &locale).await?;
            let text = wording.render(Channel::WechatCopy, &args)?.body;
            let message = NewMessage {
                channel: Channel::WechatCopy,
                to: case.customer_name.clone(),
                template: template.code,
                locale,
                args,
                record: RecordRef::new(RECORD, case.id),
                store: Some(case.store),
                zone: zone_of(house, case.store),
                quiet: QuietHours::default(),
                dedup: None,
                now: work.now,
            };
            messaging::queue(work.tx, &house.ids, &message).await?;
            let event = events::event(&case, "case.text_copied", work.now).change(
                "message_template",
                None,
                Some((*code).to_owned()),
            );
            Ok(work.record(event).await?.with(Copied { text }))
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
            if !work.ctx.actor.may(WORK, &case) {
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
