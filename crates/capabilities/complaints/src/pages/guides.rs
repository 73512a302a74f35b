//! What to say now, beside a complaint.

use capability::Ctx;
use guides::domain::{Severity, Situation, Stage};
use guides::{Beside, Fill};
use kernel::Fault;
use web::Lang;

use super::shown::{unit_name, user_name};
use crate::app::Detail;
use crate::domain::State;

/// Most guides beside one complaint.
const MOST: usize = 6;

/// The guides' word for how far a complaint is.
pub(super) const fn stage(state: State) -> Stage {
    match state {
        State::Registered => Stage::Intake,
        State::Screening => Stage::Screen,
        State::Accepted | State::Investigating | State::Appealed => Stage::Investigate,
        State::Verdict | State::Proposal | State::Approval | State::Offered => Stage::Offer,
        State::Agreed | State::Executing => Stage::Execute,
        State::FollowUp => Stage::CallBack,
        State::Closed
        | State::Archived
        | State::NotAccepted
        | State::Duplicate
        | State::Withdrawn
        | State::Transferred => Stage::Close,
    }
}

/// The card with the guides for where `detail` stands; empty once nobody has to say anything any more.
pub(super) async fn said(ctx: &Ctx, lang: &Lang, detail: &Detail) -> Result<Beside, Fault> {
    let one = &detail.complaint;
    let over = matches!(one.state, State::Archived | State::Duplicate | State::Withdrawn | State::Transferred);
    let situation = Situation {
        stage: Some(stage(one.state)),
        topic: one.topic.map(|topic| topic.as_str().to_owned()),
        severity: Severity::parse(one.severity.as_str()),
        upset: detail.case.upset,
        ..Situation::default()
    };
    let guides = guides::app::guides_for(ctx, &situation, if over { 0 } else { MOST }).await?;
    let (store, me) = (unit_name(ctx, lang, Some(one.store)), user_name(ctx, ctx.actor.user));
    Ok(guides::beside(lang, &guides, Fill { number: &one.number, store: &store, me: &me }))
}

#[cfg(test)]
mod tests {
    use crate::domain::{Severity, Topic};

    #[test]
    fn guides_know_the_words_of_complaints() {
        assert!(Topic::ALL.iter().map(|topic| topic.as_str()).eq(guides::domain::TOPICS));
        for severity in Severity::ALL {
            assert!(guides::domain::Severity::parse(severity.as_str()).is_some(), "{severity}");
        }
    }
}
