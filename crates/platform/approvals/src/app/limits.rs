use std::collections::BTreeSet;

use capability::{Ctx, Event};
use kernel::{Fault, FieldErrors, Id, Place, RecordRef, Timestamp};

use super::access::{LIMITS_EDIT, LIMITS_VIEW};
use crate::domain::{ANY, Limit, LimitTable, Rule};
use crate::store::{self, Published};

/// The word for the limits in the journal.
const LIMITS: &str = "approval_limits";

/// The limits and how they came to be.
#[derive(Debug, Clone)]
pub struct Standing {
    /// What counts now.
    pub now: LimitTable,
    /// The newest version; not in force yet when its day has not come.
    pub newest: LimitTable,
    /// Published versions, newest first.
    pub published: Vec<Published>,
    /// Kinds that can have limits of their own, with `any` last.
    pub kinds: Vec<String>,
    /// Roles that can have limits.
    pub roles: Vec<String>,
}

/// A new version, as it was typed in.
#[derive(Debug, Clone)]
pub struct Draft {
    /// The newest version that the writer saw.
    pub seen: i64,
    /// From when on it counts; now when nothing is said.
    pub from: Option<Timestamp>,
    /// Why.
    pub note: String,
    /// By kind and role.
    pub limits: Vec<(String, String, Limit)>,
    /// By kind.
    pub rules: Vec<(String, Rule)>,
}

/// The limits.
///
/// # Errors
/// What the database says.
pub async fn standing(ctx: &Ctx) -> Result<Standing, Fault> {
    ctx.read(ctx.clone(), |tx, ctx| {
        Box::pin(async move {
            let now = store::in_force(tx, ctx.now()).await?;
            let newest = store::newest_version(tx).await?;
            let newest = store::table(tx, newest).await?;
            let known = ctx.house.approval_kinds.iter().map(|kind| (*kind).to_owned());
            let stored = newest.limits.keys().map(|(kind, _)| kind.clone());
            let kinds: BTreeSet<String> = known.chain(stored).filter(|kind| kind != ANY).collect();
            let directory = ctx.house.identity.directories().now();
            let roles = directory.roles().filter(|role| {
                let held = newest.limits.keys().any(|(_, other)| *other == role.code);
                held || role.grants.contains_key(super::DECIDE.0)
            });
            Ok(Standing {
                roles: roles.map(|role| role.code.clone()).collect(),
                kinds: kinds.into_iter().chain([ANY.to_owned()]).collect(),
                published: store::published(tx).await?,
                now,
                newest,
            })
        })
    })
    .await
}

/// Publishes `draft` as the next version; gives its number. The journal keeps what differs.
///
/// # Errors
/// `forbidden`; `stale` when somebody published meanwhile; `invalid`.
pub async fn publish(ctx: &Ctx, draft: Draft) -> Result<i64, Fault> {
    let company = ctx.house.identity.directories().now().company().map(|unit| unit.id);
    let place = Place { store: company.ok_or_else(Fault::not_found)?, team: None, owner: None };
    match () {
        () if ctx.actor.may(LIMITS_EDIT, &place) => {}
        () if ctx.actor.holds(LIMITS_VIEW) => return Err(Fault::forbidden()),
        () => return Err(Fault::not_found()),
    }
    ctx.write((draft, place), |work, (draft, place)| {
        Box::pin(async move {
            let newest = store::newest_version(work.tx).await?;
            if newest != draft.seen {
                return Err(Fault::stale(newest));
            }
            let before = store::table(work.tx, newest).await?;
            let mut errors = FieldErrors::default();
            let from = draft.from.unwrap_or(work.now);
            // What was decided by a version stays decided by it.
            if from < work.now {
                errors.add("from", "past");
            }
            if draft.note.trim().is_empty() {
                errors.add("note", "required");
            }
            errors.check()?;
            let after = LimitTable {
                version: newest.saturating_add(1),
                effective_from: from,
                limits: draft.limits.iter().map(|(kind, role, limit)| ((kind.clone(), role.clone()), *limit)).collect(),
                rules: draft.rules.iter().cloned().collect(),
            };
            let (old, new) = before.differences(&after);
            if old.is_empty() && new.is_empty() {
                return Err(Fault::refused("approvals-limits-same"));
            }
            store::publish(work.tx, &after, draft.note.trim(), work.ctx.actor.user, work.now).await?;
            let lines = |lines: Vec<String>| Some(lines.join("; ")).filter(|text| !text.is_empty());
            let record = RecordRef::new(LIMITS, Id::<LimitTable>::new(1));
            let event = Event::new(record, "limits.published", *place)
                .change("version", Some(newest.to_string()), Some(after.version.to_string()))
                .change("from", None, Some(from.to_string()))
                .change("limits", lines(old), lines(new))
                .change("note", None, Some(draft.note.trim().to_owned()));
            Ok(work.record(event).await?.with(after.version))
        })
    })
    .await
}
