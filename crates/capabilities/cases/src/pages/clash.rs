//! Two people at one case: what others did meanwhile, and the fields that both have changed side by side, like with like.

use capability::Ctx;
use kernel::{Fault, Id, Timestamp, of};
use web::{Conflict, Lang, Markup};

use super::{directory, record, unit_name};
use crate::app::{self, Detail};
use crate::domain::{CommandName, Kind, StateName};
use crate::store::Case;

/// Fields of a case that a command can clash over.
pub(super) const FIELDS: [&str; 5] = ["state", "owner", "team", "priority", "kind"];
/// Most things that others did meanwhile that are shown.
const MEANWHILE: u16 = 10;

/// What is saved in a field of `case` that commands can clash over, as the form sends it.
pub(super) fn saved(case: &Case, field: &str) -> String {
    match field {
        "state" => case.state.name().to_string(),
        "owner" => case.owner.map(|owner| owner.to_string()).unwrap_or_default(),
        "team" => case.team.map(|team| team.to_string()).unwrap_or_default(),
        "priority" => case.priority.to_string(),
        _ => case.kind.to_string(),
    }
}

/// What this person saw, to know next time what has changed meanwhile.
pub(super) fn seen(lang: &Lang, case: &Case) -> Vec<(String, String)> {
    let mut seen: Vec<_> = FIELDS.iter().map(|field| ((*field).to_owned(), saved(case, field))).collect();
    seen.push(("at".to_owned(), lang.now.to_string()));
    if let Some(wait) = case.state.wait() {
        seen.push(("previous".to_owned(), wait.previous.name().to_string()));
    }
    seen
}

/// The state in which `name` leaves a case that stood at `seen`; an assignment leaves it where it is.
const fn state_after(name: CommandName, seen: StateName, previous: StateName, kind: Kind) -> StateName {
    match name {
        CommandName::Accept => StateName::Accepted,
        CommandName::Assign => seen,
        CommandName::Analyse | CommandName::Decline => StateName::Analysing,
        CommandName::Propose if kind.needs_confirmation() => StateName::PlanProposed,
        CommandName::Propose | CommandName::Confirm | CommandName::Reopen => StateName::Executing,
        CommandName::Wait => StateName::Waiting,
        CommandName::Resume => previous,
        CommandName::Resolve => StateName::Resolved,
        CommandName::Close => StateName::Closed,
        CommandName::Reject => StateName::Rejected,
        CommandName::Cancel => StateName::Cancelled,
        CommandName::Merge => StateName::Merged,
    }
}

/// Who changed the case meanwhile, the fields in which that clashes with what this person wants, and what happened since.
pub(super) async fn conflict(
    ctx: &Ctx,
    lang: &Lang,
    detail: &Detail,
    name: CommandName,
    version: i64,
    form: &web::Form,
) -> Result<(Conflict, Vec<Markup>), Fault> {
    let case = &detail.case;
    let since = form.raw("seen.at").parse::<Timestamp>().ok();
    let newest = app::timeline(ctx, case.id, None, MEANWHILE).await?.items;
    let (who, when) =
        newest.first().map(|item| (item.actor_name.clone(), lang.at(item.entered_at))).unwrap_or_default();
    let catalogue = app::symptoms(&ctx.house).await?;
    let meanwhile =
        newest.iter().enumerate().filter(|(n, item)| *n == 0 || since.is_some_and(|at| item.entered_at >= at));
    let meanwhile =
        meanwhile.map(|(_, item)| record::entry(lang, &catalogue, case.id, item, &[], None, None)).collect();
    let before = |field: &str| form.raw(&format!("seen.{field}")).to_owned();
    let mine = |field: &str| match field {
        "state" => {
            let read = |field: &str| StateName::parse(&before(field)).unwrap_or(case.state.name());
            state_after(name, read("state"), read("previous"), case.kind).to_string()
        }
        field if form.has(field) => form.raw(field).to_owned(),
        field => before(field),
    };
    let clash = |field: &str| web::Clash {
        field: field.to_owned(),
        label: lang.t(&format!("cases-page-field-{field}")),
        before: words(ctx, lang, field, &before(field)),
        theirs: words(ctx, lang, field, &saved(case, field)),
        mine: words(ctx, lang, field, &mine(field)),
    };
    let changed = |field: &str| before(field) != saved(case, field);
    let mut clashes: Vec<_> = FIELDS
        .iter()
        .filter(|field| changed(field) && mine(field) != saved(case, field))
        .filter(|field| **field == "state" || form.has(field))
        .map(|field| clash(field))
        .collect();
    if clashes.is_empty() {
        // Nothing is wanted twice: go on with the step, or leave the case as it stands.
        clashes.push(clash("state"));
    }
    let conflict = web::conflict(lang, &who, &when, version, case.version, &clashes, &format!("/cases/{}", case.id));
    Ok((conflict, meanwhile))
}

fn words(ctx: &Ctx, lang: &Lang, field: &str, stored: &str) -> String {
    let directory = directory(ctx);
    match (field, stored) {
        (_, "") => lang.t("cases-page-nothing"),
        ("owner", id) => id.parse().ok().and_then(|id| directory.user_name(Id::new(id))).unwrap_or_default().to_owned(),
        ("team", id) => id.parse().map(|id| unit_name(&directory, lang, Id::<of::Unit>::new(id))).unwrap_or_default(),
        (field, word) => lang.word(&format!("cases-{field}"), word),
    }
}

/// The form with what this person chose to take from the others.
pub(super) fn taken(form: &web::Form) -> web::Form {
    let theirs = |field: &str| FIELDS.contains(&field) && form.raw(&format!("take-{field}")) == "theirs";
    let pairs = form.pairs().iter().filter(|(name, _)| !name.starts_with("take-")).map(|(name, value)| {
        let value = if theirs(name) { form.raw(&format!("seen.{name}")) } else { value };
        (name.clone(), value.to_owned())
    });
    web::Form::from_pairs(pairs.collect::<Vec<_>>())
}
