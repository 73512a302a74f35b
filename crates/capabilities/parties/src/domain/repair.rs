//! What happened to a unit: a repair, an exchange, a main part replaced; and when it counts.

use kernel::{Day, FieldErrors, words};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::serial::day;
use super::text;

words! {
    /// What happened to a unit.
    pub enum RepairKind {
        /// It was repaired.
        Repair = "repair",
        /// It was given in exchange for another.
        Exchange = "exchange",
        /// Its main part was replaced.
        MainPart = "main_part",
    }
}

words! {
    /// How grave the fault was.
    pub enum FaultClass {
        /// Nothing was wrong.
        None = "none",
        /// A quality problem outside the fault tables.
        Minor = "minor",
        /// In the rule's fault table, or a stated function is lost.
        Performance = "performance",
        /// The purpose is defeated, or it is unsafe.
        Serious = "serious",
    }
}

words! {
    /// Who did it.
    pub enum DoneBy {
        /// Ourselves.
        Own = "own",
        /// The maker's own outlet.
        Maker = "maker",
    }
}

/// What happened, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct RepairInput {
    /// `repair`, `exchange` or `main_part`; empty is `repair`.
    pub what: String,
    /// What was wrong and what was done.
    pub body: String,
    /// `none`, `minor`, `performance` or `serious`; empty is `performance`.
    pub fault: String,
    /// The day on which it came in, `YYYY-MM-DD`.
    pub began: String,
    /// The day on which it was finished; empty while it is open.
    pub ended: Option<String>,
    /// Days of these on which only the maker's parts were missing.
    pub parts_days: i64,
    /// `own` or `maker`; empty is `own`.
    pub done_by: String,
    /// The number of our case or of the maker's work order.
    pub proof: Option<String>,
}

/// What happened, checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RepairDraft {
    /// What.
    pub what: RepairKind,
    /// In words.
    pub body: String,
    /// How grave the fault was.
    pub fault: FaultClass,
    /// The first day.
    pub began: Day,
    /// The last day.
    pub ended: Option<Day>,
    /// Days of waiting for the maker's parts.
    pub parts_days: i64,
    /// Who did it.
    pub done_by: DoneBy,
    /// The number of its record.
    pub proof: Option<String>,
}

impl RepairDraft {
    /// Days from the first to the last, or to `today` while it is open; at least one.
    pub fn days(&self, today: Day) -> i64 {
        let end = self.ended.unwrap_or(today);
        remedies::Day::from(end.date()).since(remedies::Day::from(self.began.date())).max(0) + 1
    }
    /// Whether it stands in the unit's count: finished, a fault that the rules count, and proved. Our own work is proved by the number
    /// of its record, the maker's by a photo of the repair record or, in imported history, by the work order.
    pub fn counts(&self, photo: bool, imported: bool) -> bool {
        let proved = match self.done_by {
            DoneBy::Own => photo || self.proof.is_some(),
            DoneBy::Maker => photo || (imported && self.proof.is_some()),
        };
        let counted = match self.what {
            RepairKind::Repair => matches!(self.fault, FaultClass::Performance | FaultClass::Serious),
            RepairKind::Exchange => true,
            RepairKind::MainPart => false,
        };
        proved && counted && self.ended.is_some()
    }
}

/// Reads what was typed; what is wrong is noted under the field's name. `None` when the first day cannot be read.
pub fn repair(errors: &mut FieldErrors, input: &RepairInput, today: Day) -> Option<RepairDraft> {
    let body = text::required_line(errors, "body", &input.body, 200);
    let word = |errors: &mut FieldErrors, field: &str, known: bool| {
        if !known {
            errors.add(field, "unknown");
        }
    };
    let or = |text: &str, usual: &str| if text.trim().is_empty() { usual.to_owned() } else { text.trim().to_owned() };
    let what = RepairKind::parse(&or(&input.what, "repair"));
    word(errors, "what", what.is_some());
    let fault = FaultClass::parse(&or(&input.fault, "performance"));
    word(errors, "fault", fault.is_some());
    let done_by = DoneBy::parse(&or(&input.done_by, "own"));
    word(errors, "done_by", done_by.is_some());
    if input.began.trim().is_empty() {
        errors.add("began", "required");
    }
    let began = day(errors, "began", Some(&input.began));
    let ended = day(errors, "ended", input.ended.as_deref());
    if began.is_some_and(|began| began > today) {
        errors.add("began", "future");
    }
    if ended.is_some_and(|ended| ended > today) {
        errors.add("ended", "future");
    }
    if let (Some(began), Some(ended)) = (began, ended)
        && ended < began
    {
        errors.add("ended", "before-began");
    }
    let proof = text::optional_line(errors, "proof", input.proof.as_deref(), 60);
    let draft = RepairDraft {
        what: what?,
        body,
        fault: fault?,
        began: began?,
        ended,
        parts_days: input.parts_days,
        done_by: done_by?,
        proof,
    };
    if draft.parts_days < 0 || draft.parts_days > draft.days(today) {
        errors.add("parts_days", "more-than-whole");
    }
    Some(draft)
}
