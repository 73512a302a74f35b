//! What pages share: names, amounts, how a question stands.

use std::sync::Arc;

use capability::Ctx;
use identity::Directory;
use kernel::{Id, of};
use web::{Chip, Due, DueTime, Lang};

use crate::domain::{Limit, Seat, State};
use crate::store::Approval;

pub(super) fn directory(ctx: &Ctx) -> Arc<Directory> {
    ctx.house.identity.directories().now()
}

pub(super) fn unit(directory: &Directory, lang: &Lang, id: Id<of::Unit>) -> String {
    directory.unit(id).map(|unit| unit.name_in(lang.locale.as_str()).to_owned()).unwrap_or_default()
}

pub(super) fn person(directory: &Directory, id: Id<of::User>) -> String {
    directory.user_name(id).unwrap_or_default().to_owned()
}

/// Who, and in whose name.
pub(super) fn seat(directory: &Directory, lang: &Lang, seat: Seat) -> String {
    match seat.in_name_of {
        Some(absent) => {
            lang.t2("approvals-in-name-of", "name", person(directory, seat.user), "absent", person(directory, absent))
        }
        None => person(directory, seat.user),
    }
}

/// The names of those whose turn it is, at most four.
pub(super) fn seats(directory: &Directory, lang: &Lang, seats: &[Seat]) -> String {
    let mut names: Vec<String> = seats.iter().take(4).map(|one| seat(directory, lang, *one)).collect();
    if seats.len() > names.len() {
        names.push("…".to_owned());
    }
    names.join(&lang.t("approvals-comma"))
}

/// The kind in words; its code where a capability has none.
pub(super) fn kind(lang: &Lang, kind: &str) -> String {
    lang.find(&format!("approvals-kind-{}", kind.replace(['_', '.'], "-"))).unwrap_or_else(|| kind.to_owned())
}

pub(super) fn limit(lang: &Lang, limit: Limit) -> String {
    match limit {
        Limit::UpTo(amount) => lang.money(amount),
        Limit::Unlimited => lang.t("approvals-unlimited"),
    }
}

/// The state as a chip; of an open question whose turn it is.
pub(super) fn chip(directory: &Directory, lang: &Lang, approval: &Approval) -> Chip {
    let word = lang.word("approvals-state", approval.state.as_str());
    match approval.state {
        State::Asked => {
            let text = lang.t1("approvals-turn-of", "unit", unit(directory, lang, approval.unit));
            web::chip("soon", "hourglass", text)
        }
        State::Granted => web::chip("ok", "circle-check", word),
        State::Declined => web::chip("late", "circle-x", word),
        State::Withdrawn => web::chip("", "arrow-back-up", word),
        State::Expired => web::chip("", "history", word),
    }
}

/// How the answer stands in time: what is left, or how long it took.
pub(super) fn due(lang: &Lang, approval: &Approval) -> DueTime {
    let from = approval.passed_at.unwrap_or(approval.asked_at);
    lang.due(&match (approval.decided_at, approval.in_time) {
        (None, _) => Due::Running { from, at: approval.due_at },
        (Some(at), Some(false)) if at > approval.due_at => Due::Missed { by: at.since(approval.due_at) },
        (Some(at), _) => Due::Met { took: at.since(approval.asked_at) },
    })
}
