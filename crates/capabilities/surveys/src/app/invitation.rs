use capability::{Ctx, Event};
use cases::domain::Purpose;
use kernel::{Fault, Id, Placed, RecordRef, of};
use serde::{Deserialize, Serialize};

use super::VIEW;
use crate::listen::not_asked;
use crate::store::{self, SurveyId};

/// The invitation as a text to be copied. Not kept for a repeat of the request: it holds a link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// Of which case.
    pub case: Id<of::Case>,
    /// What the customer reads.
    #[serde(skip)]
    pub text: String,
}

/// The invitation of the survey `id` as a text for WeChat, for a customer whom the rule asks and who has not answered.
///
/// # Errors
/// `not-found`; `surveys-not-asked`, `surveys-answered-already`, `surveys-no-link`; `forbidden` for those who do not work on the case.
pub async fn invitation(ctx: &Ctx, id: Id<SurveyId>) -> Result<Invitation, Fault> {
    ctx.write(id, |work, id| {
        Box::pin(async move {
            let survey = store::get(work.tx, *id).await?.ok_or_else(Fault::not_found)?;
            work.require(VIEW, &survey)?;
            if let Some(why) = survey.skipped {
                return Err(not_asked(why));
            }
            if survey.answer.is_some() {
                return Err(Fault::refused("surveys-answered-already"));
            }
            let case = cases::store::get(work.tx, survey.case).await?.ok_or_else(Fault::not_found)?;
            if !work.ctx.actor.may(cases::app::WORK, &case) {
                return Err(Fault::forbidden());
            }
            let url = work.ctx.house.customer_url().ok_or_else(|| Fault::refused("surveys-no-link"))?;
            let token = cases::app::rate_link(work, survey.case).await?.token;
            let link = format!("{url}{}", cases::app::link_path(Purpose::Rate, &token));
            let text = cases::app::wording_of(work, &case, "survey", &link, "").await?;
            let event = Event::new(RecordRef::new("case", survey.case), "case.link_issued", survey.place())
                .quietly()
                .change("purpose", None, Some(Purpose::Rate.to_string()));
            Ok(work.record(event).await?.with(Invitation { case: survey.case, text }))
        })
    })
    .await
}
