//! Use cases around surveys.

mod answer;
mod exclude;
mod invitation;
mod recover;
mod rule;
mod send;

pub use answer::{Given, Rated, Rating, answer, answer_from, note_by_phone, opened, replay};
pub use exclude::exclude;
pub use invitation::{Invitation, invitation};
pub use recover::{could_recover, hand_over, recover};
pub(crate) use rule::rule_within;
pub use rule::{NewRule, change_rule, rules};
pub use send::send_due;

use capability::{Ctx, PermissionDef, Work};
use kernel::{Cursor, Fault, Id, Permission, Scope, Zone, of};
use metrics::Delta;

use crate::store::{self, Filter, Survey, SurveyId};

/// The word for surveys in the journal and in live events.
pub const RECORD: &str = "survey";
/// See answers.
pub const VIEW: Permission = Permission("surveys.view");
/// Make up for a low rating.
pub const RECOVER: Permission = Permission("surveys.recover");
/// Note what a customer answers on the phone.
pub const NOTE: Permission = Permission("surveys.note");
/// Take an answer out of the numbers.
pub const EXCLUDE: Permission = Permission("surveys.exclude");
/// Change who is asked, and when.
pub const SETTINGS: Permission = Permission("surveys.settings");

/// The field of a journal entry that says why.
pub(crate) const REASON: &str = "reason";

/// All of them with the roles that hold them by default (design: 满意度).
pub const PERMISSIONS: &[PermissionDef] = &[
    PermissionDef {
        permission: VIEW,
        defaults: &[
            ("clerk", Scope::Own),
            ("technician", Scope::Own),
            ("store_manager", Scope::Store),
            ("region_manager", Scope::Region),
            ("headquarters_quality", Scope::Company),
            ("assessor", Scope::Company),
            ("trainer", Scope::Company),
        ],
    },
    PermissionDef {
        permission: RECOVER,
        defaults: &[
            ("clerk", Scope::Own),
            ("store_manager", Scope::Store),
            ("region_manager", Scope::Region),
            ("headquarters_quality", Scope::Company),
        ],
    },
    PermissionDef {
        permission: NOTE,
        defaults: &[
            ("clerk", Scope::Store),
            ("store_manager", Scope::Store),
            ("region_manager", Scope::Region),
            ("headquarters_quality", Scope::Company),
        ],
    },
    PermissionDef { permission: EXCLUDE, defaults: &[("headquarters_quality", Scope::Company)] },
    PermissionDef {
        permission: SETTINGS,
        defaults: &[("headquarters_quality", Scope::Company), ("administrator", Scope::Company)],
    },
];

/// `Ok` when the actor may do `permission` on `survey`; who may see it is told that more is needed, to others it does not exist.
pub(crate) fn require(work: &Work<'_>, permission: Permission, survey: &Survey) -> Result<(), Fault> {
    match () {
        () if work.ctx.actor.may(permission, survey) => Ok(()),
        () if work.ctx.actor.may(VIEW, survey) => Err(Fault::forbidden()),
        () => Err(Fault::not_found()),
    }
}

/// How far counts go; beyond it is "1000+".
pub const COUNTED: i64 = 1000;

/// One page of a list.
#[derive(Debug, Clone)]
pub struct Page {
    /// What is on it.
    pub rows: Vec<Survey>,
    /// Where the next one begins.
    pub next: Option<Cursor>,
}

/// Surveys within the actor's reach, newest first.
///
/// # Errors
/// What the database says.
pub async fn list(ctx: &Ctx, filter: Filter, after: Option<Cursor>, limit: u16) -> Result<Page, Fault> {
    let input = (filter, ctx.reach(VIEW), after, limit);
    ctx.read(input, |tx, (filter, reach, after, limit)| {
        Box::pin(async move {
            let limit = usize::from(*limit);
            let mut rows = store::list(tx, filter, reach, *after, i64::try_from(limit).unwrap_or(i64::MAX) + 1).await?;
            let more = rows.len() > limit;
            rows.truncate(limit);
            let key = |row: &Survey| if filter.show.by_invitation() { row.invited_at } else { row.moved_at() };
            let next = rows.last().filter(|_| more).map(|row| Cursor { key: key(row).millis(), id: row.id.get() });
            Ok(Page { rows, next })
        })
    })
    .await
}

/// How many surveys each filter shows, up to [`COUNTED`] + 1.
///
/// # Errors
/// What the database says.
pub async fn counts(ctx: &Ctx, filters: Vec<Filter>) -> Result<Vec<i64>, Fault> {
    ctx.read((filters, ctx.reach(VIEW)), |tx, (filters, reach)| {
        Box::pin(async move {
            let mut counts = Vec::new();
            for filter in filters {
                counts.push(store::count(tx, filter, reach, COUNTED + 1).await?);
            }
            Ok(counts)
        })
    })
    .await
}

/// The survey `id`, if the actor may see it.
///
/// # Errors
/// `not-found`.
pub async fn get(ctx: &Ctx, id: Id<SurveyId>) -> Result<Survey, Fault> {
    let survey =
        ctx.read(id, |tx, id| Box::pin(async move { store::get(tx, *id).await?.ok_or_else(Fault::not_found) })).await?;
    ctx.require(VIEW, &survey)?;
    Ok(survey)
}

/// The zone in which the business days of `store` are counted.
pub(crate) fn zone(ctx: &Ctx, store: Id<of::Unit>) -> Zone {
    let directory = ctx.house.identity.directories().now();
    directory.unit(store).map_or_else(|| ctx.house.zone.clone(), |unit| unit.zone.clone())
}

/// Counts `gains` for today, over all and by the case's kind and channel.
pub(crate) fn deltas(work: &Work<'_>, survey: &Survey, gains: &[(&'static str, i64)]) -> Vec<Delta> {
    let day = work.now.day(&zone(work.ctx, survey.store));
    let by = [("kind", survey.kind.as_str()), ("channel", survey.channel.as_str())];
    gains.iter().flat_map(|(part, n)| Delta::spread(part, survey.store, day, *n, &by)).collect()
}

/// Counts, for today, one customer who was not asked, also by the reason.
pub(crate) fn skipped(work: &Work<'_>, survey: &Survey, reason: &str) -> Vec<Delta> {
    let day = work.now.day(&zone(work.ctx, survey.store));
    let by = [("kind", survey.kind.as_str()), ("channel", survey.channel.as_str()), ("reason", reason)];
    Delta::spread("surveys.skipped", survey.store, day, 1, &by)
}
