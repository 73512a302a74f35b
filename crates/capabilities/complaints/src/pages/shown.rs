use calendar::Ending;
use capability::Ctx;
use cases::app::{Catalogue, ClockView};
use cases::domain::Stage;
use kernel::{Id, of};
use parties::domain::CauseKind;
use web::{Chip, Choice, Due, DueTime, Lang};

use crate::domain::{Cause, CommandName, Severity, State};
use crate::store::Listed;

/// How grave it is, in colour, picture and words.
pub(crate) fn severity(lang: &Lang, severity: Severity) -> Chip {
    let (tone, icon) = match severity {
        Severity::S1 => ("late solid", "alert-octagon"),
        Severity::S2 => ("late", "alert-triangle"),
        Severity::S3 => ("soon", "alert-circle"),
        Severity::S4 => ("", "info-circle"),
    };
    web::chip(tone, icon, lang.word("complaints-severity", severity.as_str()))
}

/// Where it stands.
pub(crate) fn state(lang: &Lang, state: State) -> Chip {
    let (tone, icon) = match state {
        State::Registered | State::Screening => ("info", "inbox"),
        State::Accepted | State::Investigating | State::Verdict | State::Proposal => ("info", "circle-dot"),
        State::Approval | State::Offered => ("soon", "hourglass"),
        State::Agreed | State::Executing | State::FollowUp => ("info", "player-play"),
        State::Closed | State::Archived => ("ok", "circle-check"),
        State::Appealed => ("late", "flag"),
        State::NotAccepted | State::Duplicate | State::Withdrawn | State::Transferred => ("", "circle-x"),
    };
    web::chip(tone, icon, lang.word("complaints-state", state.as_str()))
}

pub(super) const fn icon_of(name: CommandName) -> &'static str {
    match name {
        CommandName::Screen => "filter",
        CommandName::Accept | CommandName::TakeAppeal => "user-check",
        CommandName::NotAccept | CommandName::Withdraw => "circle-x",
        CommandName::Duplicate => "git-merge",
        CommandName::Transfer => "arrow-forward-up",
        CommandName::Investigate => "search",
        CommandName::Conclude => "checklist",
        CommandName::Draft => "edit",
        CommandName::Submit => "send",
        CommandName::Begin => "player-play",
        CommandName::Execute => "check",
        CommandName::Finish => "circle-check",
        CommandName::CallBack => "phone",
        CommandName::Appeal => "flag",
        CommandName::Archive => "archive",
    }
}

/// The one command that brings it on.
pub(super) const fn next_step(state: State) -> Option<CommandName> {
    match state {
        State::Registered => Some(CommandName::Screen),
        State::Screening => Some(CommandName::Accept),
        State::Accepted => Some(CommandName::Investigate),
        State::Investigating => Some(CommandName::Conclude),
        State::Verdict => Some(CommandName::Draft),
        State::Proposal => Some(CommandName::Submit),
        State::Agreed => Some(CommandName::Begin),
        State::Executing => Some(CommandName::Finish),
        State::FollowUp => Some(CommandName::CallBack),
        State::Appealed => Some(CommandName::TakeAppeal),
        State::Closed => Some(CommandName::Archive),
        State::Approval
        | State::Offered
        | State::Archived
        | State::NotAccepted
        | State::Duplicate
        | State::Withdrawn
        | State::Transferred => None,
    }
}

/// The causes that can be found, and the one that was found already even when it is offered no longer.
pub(super) fn cause_choices(lang: &Lang, catalogue: &Catalogue, found: Option<&Cause>) -> Vec<Choice> {
    let (locale, today) = (lang.locale.as_str(), lang.now.day(&lang.zone));
    let offered = catalogue.causes_for(CauseKind::Complaint, today);
    let mut choices: Vec<Choice> = offered.map(|cause| Choice::new(&cause.code, cause.name_in(locale))).collect();
    if let Some(found) = found.filter(|found| !choices.iter().any(|choice| choice.value == found.as_str())) {
        choices.push(Choice::new(found.as_str(), catalogue.cause_name(found.as_str(), locale)));
    }
    choices
}

/// What the company calls `cause`; nothing when none was found yet.
pub(crate) fn cause_name(lang: &Lang, catalogue: &Catalogue, cause: Option<&Cause>) -> String {
    cause.map(|cause| catalogue.cause_name(cause.as_str(), lang.locale.as_str())).unwrap_or_default()
}

pub(crate) fn unit_name(ctx: &Ctx, lang: &Lang, id: Option<Id<of::Unit>>) -> String {
    let directory = ctx.house.identity.directories().now();
    let unit = id.and_then(|id| directory.unit(id));
    unit.map(|unit| unit.name_in(lang.locale.as_str()).to_owned()).unwrap_or_default()
}

pub(crate) fn user_name(ctx: &Ctx, id: Option<Id<of::User>>) -> String {
    let directory = ctx.house.identity.directories().now();
    id.and_then(|id| directory.user_name(id)).unwrap_or_default().to_owned()
}

/// A clock as people read it; `None` when its question no longer stands.
pub(crate) fn standing(lang: &Lang, clock: &ClockView) -> Option<Due> {
    Some(match (clock.stopped_at, clock.ending, clock.due_at) {
        (Some(_), Some(Ending::Cancelled), _) | (Some(_), None, _) => return None,
        (Some(stopped), Some(Ending::Late), Some(due)) => Due::Missed { by: stopped.since(due) },
        (Some(stopped), Some(_), _) => Due::Met { took: stopped.since(clock.started_at) },
        (None, _, Some(at)) if !clock.is_paused => Due::Running { from: clock.started_at, at },
        (None, _, _) => Due::Paused {
            reason: clock.paused.map(|reason| lang.word("cases-wait", reason.as_str())).unwrap_or_default(),
        },
    })
}

/// A row of the list.
pub(super) struct Row {
    pub href: String,
    pub number: String,
    pub subject: String,
    pub customer: String,
    pub severity: Chip,
    pub state: Chip,
    pub topic: String,
    pub unit: String,
    pub owner: String,
    pub step: String,
    pub upset: bool,
    pub due: Option<(String, DueTime)>,
    pub ended: Option<String>,
    pub in_time: Option<bool>,
}

impl Row {
    pub fn of(ctx: &Ctx, lang: &Lang, row: Listed) -> Self {
        let one = &row.complaint;
        let customer = [row.customer.as_str(), row.phone.as_str()];
        let running = row.due.map(|(from, at, stage): (_, _, Stage)| {
            (lang.word("cases-stage", stage.as_str()), lang.due(&Due::Running { from, at }))
        });
        Self {
            href: format!("/complaints/{}", one.case),
            number: one.number.clone(),
            customer: customer.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · "),
            severity: severity(lang, one.severity),
            state: state(lang, one.state),
            topic: one.topic.map(|topic| lang.word("complaints-topic", topic.as_str())).unwrap_or_default(),
            unit: unit_name(ctx, lang, one.unit),
            owner: user_name(ctx, one.owner),
            step: format!("{} {}", row.step, lang.t(&format!("cases-step-{}", row.step))),
            upset: row.upset,
            due: running,
            ended: one.ended_at.map(|at| lang.at(at)),
            in_time: one.in_time,
            subject: row.subject,
        }
    }
}
