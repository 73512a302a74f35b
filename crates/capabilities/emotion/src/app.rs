//! Use cases around upset customers.

mod call;
mod care;
mod flag;
mod hand_over;
mod look;
mod rules;

pub use call::{called, not_reached, plan_call, plan_call_within};
pub use care::{Cares, FEWEST, cares, comfort, comfort_within};
pub(crate) use flag::hurry;
pub use flag::{Raised, end, end_within, raise, raise_within, spoken};
pub use hand_over::{accept, hand_over, hand_over_within, seniors};
pub(crate) use look::words_of as said;
pub use look::{Detail, Heard, detail};
pub(crate) use rules::current;
pub(crate) use rules::field as list_field;
pub use rules::{RulesDraft, history, newest, save_rules};

use capability::{Ctx, Event, PermissionDef, Work};
use cases::store::Case;
use kernel::{Day, Fault, FieldErrors, Permission, Placed, RecordRef, Scope};
use metrics::Delta;
use parties::domain::text;

/// Say that a customer is upset or is no more, hand the case over, plan a call-back.
pub const ACT: Permission = Permission("emotion.act");
/// Write a word of care, and see those of one's people.
pub const CARE: Permission = Permission("emotion.care");
/// See words and times.
pub const RULES_VIEW: Permission = Permission("emotion.rules.view");
/// Change words and times.
pub const RULES_EDIT: Permission = Permission("emotion.rules.edit");

/// The word for words of care in the journal.
pub const CARE_RECORD: &str = "care";
/// The word for the rules in the journal; there are one.
pub const RULES_RECORD: &str = "emotion_rules";
/// Longest reason, note and word of care, in characters.
pub const REASON: usize = 500;

/// All of them with the roles that hold them by default.
pub const PERMISSIONS: &[PermissionDef] = &[
    PermissionDef {
        permission: ACT,
        defaults: &[
            ("clerk", Scope::Store),
            ("technician", Scope::Own),
            ("store_manager", Scope::Store),
            ("region_manager", Scope::Region),
            ("headquarters_quality", Scope::Company),
        ],
    },
    // Whoever leads people; headquarters sees how many there are, not what they say.
    PermissionDef { permission: CARE, defaults: &[("store_manager", Scope::Store), ("region_manager", Scope::Region)] },
    PermissionDef {
        permission: RULES_VIEW,
        defaults: &[
            ("clerk", Scope::Store),
            ("store_manager", Scope::Store),
            ("region_manager", Scope::Region),
            ("headquarters_quality", Scope::Company),
            ("assessor", Scope::Company),
        ],
    },
    PermissionDef { permission: RULES_EDIT, defaults: &[("headquarters_quality", Scope::Company)] },
];

/// `Ok` when the actor may act on `case`; 404 where they do not see it.
fn require(ctx: &Ctx, case: &Case) -> Result<(), Fault> {
    ctx.require(cases::app::VIEW, case)?;
    if ctx.actor.may(ACT, case) { Ok(()) } else { Err(Fault::forbidden()) }
}

fn event(case: &Case, verb: &'static str) -> Event {
    Event::new(RecordRef::new(cases::app::RECORD, case.id), verb, case.place())
}

/// Counts for the case's store.
fn count(event: &mut Event, case: &Case, day: Day, part: &'static str, n: i64) {
    let by = [("kind", case.kind.as_str()), ("channel", case.channel.as_str())];
    event.deltas.extend(Delta::spread(part, case.store, day, n, &by));
}

/// The business day of `at` at the case's store.
fn day_of(work: &Work<'_>, case: &Case, at: kernel::Timestamp) -> Day {
    let directory = work.ctx.house.identity.directories().now();
    let zone = directory.unit(case.store).map_or_else(|| work.ctx.house.zone.clone(), |unit| unit.zone.clone());
    at.day(&zone)
}

/// A text that a person wrote and that has to be there.
fn written(field: &str, typed: &str) -> Result<String, Fault> {
    let mut errors = FieldErrors::default();
    let text = text::required(&mut errors, field, typed, REASON);
    errors.check()?;
    Ok(text)
}
