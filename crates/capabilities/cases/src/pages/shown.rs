//! How a case is shown: deadlines, chips, the next step.

use capability::Ctx;
use kernel::Placed;
use web::{Chip, Due, DueTime, Lang};

use super::{directory, unit_name};
use crate::app::{CaseRow, WORK};
use crate::domain::{Active, Channel, CommandName, Kind, Priority, State, WaitReason};
use crate::store;

/// The nearest deadline as people read it: the running one, else why the clocks stand still.
pub(crate) fn due(lang: &Lang, due: Option<&store::Due>, wait: Option<WaitReason>) -> Option<DueTime> {
    match (due, wait) {
        (Some(due), _) => Some(lang.due(&Due::Running { from: due.from, at: due.at })),
        (None, Some(reason)) => Some(lang.due(&Due::Paused { reason: lang.word("cases-wait", reason.as_str()) })),
        (None, None) => None,
    }
}

/// What usually comes next in `state`; the case's page has all that is possible.
pub(crate) const fn next_step(state: &State, kind: Kind) -> Option<CommandName> {
    match state {
        State::New => Some(CommandName::Accept),
        State::Active(Active::Accepted | Active::Analysing) if !kind.needs_confirmation() => Some(CommandName::Resolve),
        State::Active(Active::Accepted) => Some(CommandName::Analyse),
        State::Active(Active::Analysing) => Some(CommandName::Propose),
        State::Active(Active::PlanProposed) => Some(CommandName::Confirm),
        State::Active(Active::Executing) => Some(CommandName::Resolve),
        State::Waiting(_) => Some(CommandName::Resume),
        State::Resolved => Some(CommandName::Close),
        State::Closed | State::Rejected | State::Cancelled | State::Merged => None,
    }
}

/// The icon of a command's button.
pub(crate) const fn icon_of(name: CommandName) -> &'static str {
    match name {
        CommandName::Accept => "user-check",
        CommandName::Assign => "users",
        CommandName::Analyse => "stethoscope",
        CommandName::Propose => "file-text",
        CommandName::Confirm => "circle-check",
        CommandName::Decline => "arrow-back-up",
        CommandName::Wait => "player-pause",
        CommandName::Resume => "player-play",
        CommandName::Resolve => "check",
        CommandName::Close => "archive",
        CommandName::Reopen => "refresh",
        CommandName::Reject | CommandName::Cancel => "x",
        CommandName::Merge => "git-merge",
    }
}

/// The icon of a channel.
pub(crate) const fn channel_icon(channel: Channel) -> &'static str {
    match channel {
        Channel::Counter => "building-store",
        Channel::Phone => "phone",
        Channel::Web => "world",
        Channel::Qr => "qrcode",
        Channel::Mail => "mail",
        Channel::Api => "plug",
        Channel::Import => "file-import",
    }
}

/// What sets a case apart: urgent, upset.
pub(crate) fn flags(lang: &Lang, priority: Priority, upset: bool) -> Vec<Chip> {
    let mut chips = Vec::new();
    match priority {
        Priority::Urgent => chips.push(web::chip("late", "arrow-up", lang.word("cases-priority", "urgent"))),
        Priority::High => chips.push(web::chip("soon", "arrow-up", lang.word("cases-priority", "high"))),
        Priority::Normal | Priority::Low => {}
    }
    if upset {
        chips.push(web::chip("late", "flame", lang.t("cases-page-upset")));
    }
    chips
}

/// A row of a list.
pub(crate) struct Row {
    pub href: String,
    pub subject: String,
    pub number: String,
    pub customer: String,
    pub flags: Vec<Chip>,
    pub kind: String,
    pub step: String,
    pub due: Option<DueTime>,
    /// The words and the address of the next step, for those who may take it.
    pub next: Option<(String, String)>,
    pub store: String,
    pub owner: String,
    pub came: String,
}

impl Row {
    pub(crate) fn of(ctx: &Ctx, lang: &Lang, case: &CaseRow) -> Self {
        let directory = directory(ctx);
        let name =
            if case.customer_name.is_empty() { lang.t("cases-page-anonymous") } else { case.customer_name.clone() };
        let customer = if case.phone.is_empty() { name } else { format!("{name} · {}", case.phone) };
        let next = next_step(&case.state, case.kind).filter(|_| !case.own_flow && ctx.actor.may(WORK, &case.place()));
        let step = match case.state.step() {
            Some(step) => format!("{} {}", step.number(), lang.t(&format!("cases-step-{}", step.number()))),
            None => lang.word("cases-state", case.state.name().as_str()),
        };
        Self {
            href: format!("/cases/{}", case.id),
            subject: case.subject.clone(),
            number: case.number.clone(),
            customer,
            flags: flags(lang, case.priority, case.upset),
            kind: lang.word("cases-kind", case.kind.as_str()),
            step,
            due: due(lang, case.due.as_ref(), case.wait()),
            next: next.map(|name| (lang.word("cases-command", name.as_str()), format!("/cases/{}/do/{name}", case.id))),
            store: unit_name(&directory, lang, case.store),
            owner: case.owner.and_then(|owner| directory.user_name(owner)).unwrap_or_default().to_owned(),
            came: lang.at(case.happened_at),
        }
    }
}
