use std::collections::BTreeSet;

use capability::{Ctx, Event};
use cases::domain::Kind;
use db::Tx;
use kernel::{Fault, FieldErrors, Id, Place, RecordRef};

use super::SETTINGS;
use crate::domain::Rule;
use crate::store::{self, RuleRow};

/// The word for the rule in the journal.
const RECORD: &str = "survey_rule";
/// Versions that are shown.
const SHOWN: i64 = 20;

/// What a change of the rule says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRule {
    /// The version that it is based on.
    pub version: i64,
    /// Kinds of case after which customers are asked.
    pub kinds: Vec<Kind>,
    /// Hours between closing and asking.
    pub delay_hours: i64,
    /// Days in which nobody is asked twice.
    pub quiet_days: i64,
    /// Only those are asked who have agreed to be contacted.
    pub needs_consent: bool,
    /// Hours in which somebody makes up for a low rating.
    pub recovery_hours: i64,
    /// Why.
    pub reason: String,
}

/// The versions of the rule, newest first.
///
/// # Errors
/// `busy` when the database is away.
pub async fn rules(ctx: &Ctx) -> Result<Vec<RuleRow>, Fault> {
    ctx.read((), |tx, ()| Box::pin(async move { Ok(store::rules(tx, SHOWN).await?) })).await
}

pub(crate) async fn rule_within(tx: &mut Tx) -> Result<Rule, Fault> {
    store::rule(tx).await?.ok_or_else(|| Fault::internal("no survey rule"))
}

/// Makes the next version of the rule. It holds for cases that are closed from now on; each survey keeps the version that decided.
///
/// # Errors
/// `forbidden`; `invalid`; `stale` when somebody was faster.
pub async fn change_rule(ctx: &Ctx, new: NewRule) -> Result<i64, Fault> {
    let mut errors = FieldErrors::default();
    for (field, n, min, max) in [
        ("delay_hours", new.delay_hours, 0, 168),
        ("quiet_days", new.quiet_days, 0, 365),
        ("recovery_hours", new.recovery_hours, 1, 336),
    ] {
        if !(min..=max).contains(&n) {
            errors.add_with(field, "number-range", vec![("min", min.to_string()), ("max", max.to_string())]);
        }
    }
    if new.reason.trim().is_empty() {
        errors.add("reason", "required");
    }
    errors.check()?;
    if !ctx.actor.holds(SETTINGS) {
        return Err(Fault::forbidden());
    }
    ctx.write(new, |work, new| {
        Box::pin(async move {
            let before = rule_within(work.tx).await?;
            if before.version != new.version {
                return Err(Fault::stale(before.version));
            }
            let rule = Rule {
                version: before.version + 1,
                kinds: new.kinds.iter().copied().collect(),
                delay_hours: new.delay_hours,
                quiet_days: new.quiet_days,
                needs_consent: new.needs_consent,
                recovery_hours: new.recovery_hours,
            };
            if rule == (Rule { version: rule.version, ..before.clone() }) {
                return Ok(work.unchanged(before.version));
            }
            let row = RuleRow { rule: rule.clone(), reason: new.reason.clone(), by: work.ctx.actor.user, at: work.now };
            if !store::insert_rule(work.tx, &row).await? {
                return Err(Fault::stale(rule.version));
            }
            let directory = work.ctx.house.identity.directories().now();
            let company = directory.company().map(|unit| unit.id).ok_or_else(Fault::not_found)?;
            let place = Place { store: company, team: None, owner: None };
            let words = |kinds: &BTreeSet<Kind>| kinds.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(",");
            let text = |n: i64| Some(n.to_string());
            let event = Event::new(RecordRef::new(RECORD, Id::<Rule>::new(1)), "survey_rule.changed", place)
                .change("version", text(before.version), text(rule.version))
                .change("kinds", Some(words(&before.kinds)), Some(words(&rule.kinds)))
                .change("delay_hours", text(before.delay_hours), text(rule.delay_hours))
                .change("quiet_days", text(before.quiet_days), text(rule.quiet_days))
                .change("needs_consent", Some(before.needs_consent.to_string()), Some(rule.needs_consent.to_string()))
                .change("recovery_hours", text(before.recovery_hours), text(rule.recovery_hours))
                .change("reason", None, Some(new.reason.clone()));
            Ok(work.record(event).await?.with(rule.version))
        })
    })
    .await
}
