//! A symptom that is there becomes another: its next version from today on. Cases keep the version they were taken in by.

use std::sync::Arc;

use capability::{Ctx, Event, Recorded, Work};
use kernel::{Day, Fault, FieldErrors, Id, Place};
use parties::domain::{moved_to, text};

use super::SYMPTOMS;
use super::desk;
use super::symptoms::{Catalogue, HOUSE, NAME, company, symptom_record, symptoms};
use crate::domain::{Confidence, FaultClass};
use crate::store::{self, Symptom, SymptomId};

/// The rules by whose articles and annexes symptoms are classed (domain/remedies.md).
pub const RULES: [&str; 5] = ["XF", "PH2001", "PC2002", "AV2002", "SB1995"];

/// What a symptom becomes; texts as typed.
#[derive(Debug, Clone, Default)]
pub struct SymptomChange {
    /// 中文.
    pub name_zh: String,
    /// English; the Chinese name when left out.
    pub name_en: Option<String>,
    /// What it counts as before inspection.
    pub class: Option<FaultClass>,
    /// Seen at the counter.
    pub obvious: bool,
    /// Gas, electricity, fire.
    pub danger: bool,
    /// `house`, or rule and article or annex, e.g. `PH2001-annex`.
    pub source: String,
    /// How sure the source is; the company is sure of its own.
    pub confidence: Option<Confidence>,
    /// Its place among those of its goods, from 1; where it stands when left out.
    pub position: Option<i64>,
}

/// The symptom `id` as it can be changed: the newest version of its code when that was changed since.
///
/// # Errors
/// `not-found` without the permission, when it is unknown, and when it is no longer offered.
pub async fn editable_symptom(ctx: &Ctx, id: Id<SymptomId>) -> Result<(Symptom, Arc<Catalogue>), Fault> {
    ctx.require(SYMPTOMS, &company(ctx)?)?;
    let catalogue = symptoms(&ctx.house).await?;
    let today = ctx.now().day(&ctx.house.zone);
    let code = catalogue.symptoms.iter().find(|symptom| symptom.id == id).map(|symptom| symptom.code.clone());
    let newest = code.and_then(|code| catalogue.find(&code, today)).cloned().ok_or_else(Fault::not_found)?;
    Ok((newest, catalogue))
}

struct Checked {
    id: Id<SymptomId>,
    version: i64,
    name_zh: String,
    name_en: String,
    class: FaultClass,
    change: SymptomChange,
    confidence: Confidence,
    today: Day,
    place: Place,
}

/// Changes the symptom `id`, of which the actor has seen `version`. What it counts as, its words and its source are a new version
/// that is offered from today on; its place alone is not.
///
/// # Errors
/// `invalid` with the fields; `stale` when it was changed since; `not-found` without the permission or when it was retired.
pub async fn change_symptom(
    ctx: &Ctx,
    id: Id<SymptomId>,
    version: i64,
    change: SymptomChange,
) -> Result<Id<SymptomId>, Fault> {
    let place = company(ctx)?;
    ctx.require(SYMPTOMS, &place)?;
    let mut errors = FieldErrors::default();
    let name_zh = text::required_line(&mut errors, "name_zh", &change.name_zh, NAME);
    let name_en = text::optional_line(&mut errors, "name_en", change.name_en.as_deref(), NAME * 2);
    if change.class.is_none() {
        errors.add("fault_class", "choose");
    }
    if !is_source(&change.source) {
        errors.add("source", "cases-source");
    }
    let house = change.source == HOUSE;
    if change.confidence.is_none() && !house {
        errors.add("confidence", "choose");
    }
    if change.position.is_some_and(|position| !(1..=1_000).contains(&position)) {
        errors.add_with("position", "number-range", vec![("min", "1".to_owned()), ("max", "1000".to_owned())]);
    }
    errors.check()?;
    let class = change.class.ok_or_else(|| Fault::internal("a class was refused without a note"))?;
    let confidence = change.confidence.filter(|_| !house).unwrap_or(Confidence::High);
    let today = ctx.now().day(&ctx.house.zone);
    let name_en = name_en.unwrap_or_else(|| name_zh.clone());
    let checked = Checked { id, version, name_zh, name_en, class, change, confidence, today, place };
    let changed = ctx.write(checked, |work, checked| Box::pin(body(work, checked))).await;
    desk::of(&ctx.house).forget_symptoms();
    changed
}

/// `house`, or a known rule with an article's number or its annex.
fn is_source(source: &str) -> bool {
    if source == HOUSE {
        return true;
    }
    source.split_once('-').is_some_and(|(rule, place)| {
        let number = !place.is_empty() && place.len() <= 3 && place.bytes().all(|byte| byte.is_ascii_digit());
        RULES.contains(&rule) && (place == "annex" || number)
    })
}

async fn body(work: &mut Work<'_>, checked: &Checked) -> Result<Recorded<Id<SymptomId>>, Fault> {
    let before = store::hold_symptom(work.tx, checked.id).await?.ok_or_else(Fault::not_found)?;
    let all = store::symptoms(work.tx).await?;
    let newest = all.iter().filter(|other| other.code == before.code).map(|other| other.version).max();
    if newest != Some(checked.version) || before.version != checked.version {
        return Err(Fault::stale(newest.unwrap_or(before.version)));
    }
    if before.to.is_some() {
        return Err(Fault::not_found());
    }
    let siblings: Vec<&Symptom> =
        all.iter().filter(|other| other.category == before.category && other.to.is_none()).collect();
    if siblings.iter().any(|other| other.id != before.id && other.name_zh == checked.name_zh) {
        return Err(Fault::field("name_zh", "cases-symptom-twice"));
    }
    let mut after = Symptom {
        name_zh: checked.name_zh.clone(),
        name_en: checked.name_en.clone(),
        class: checked.class,
        obvious: checked.change.obvious,
        danger: checked.change.danger,
        source: checked.change.source.clone(),
        confidence: checked.confidence,
        ..before.clone()
    };
    let stands = siblings.iter().zip(1_i64..).find(|(other, _)| other.id == before.id).map_or(1, |(_, place)| place);
    let moves = checked.change.position.filter(|position| *position != stands);
    let differs = after != before;
    if !differs && moves.is_none() {
        return Ok(work.unchanged(before.id));
    }
    if differs {
        after.id = work.ctx.house.ids.next();
        after.version = before.version.saturating_add(1);
        after.own = before.own || after.source == HOUSE;
        after.from = checked.today;
        store::end_symptom(work.tx, before.id, checked.today).await?;
        store::insert_symptom(work.tx, &after).await?;
    }
    let mut event = Event::new(symptom_record(after.id), "symptom.changed", checked.place).change(
        "code",
        Some(before.code.clone()),
        Some(after.code.clone()),
    );
    for (field, read) in FIELDS {
        event = event.change(field, Some(read(&before)), Some(read(&after)));
    }
    if let Some(position) = moves {
        let ids: Vec<_> =
            siblings.iter().map(|other| if other.id == before.id { after.id } else { other.id }).collect();
        let order = moved_to(&ids, after.id, position);
        store::place_symptoms(work.tx, &order).await?;
        let now_at = order.iter().zip(1_i64..).find(|(id, _)| **id == after.id).map_or(position, |(_, place)| place);
        event = event.change("position", Some(stands.to_string()), Some(now_at.to_string()));
    }
    Ok(work.record(event).await?.with(after.id))
}

type Read = fn(&Symptom) -> String;

const FIELDS: [(&str, Read); 8] = [
    ("name_zh", |symptom| symptom.name_zh.clone()),
    ("name_en", |symptom| symptom.name_en.clone()),
    ("fault_class", |symptom| symptom.class.to_string()),
    ("obvious", |symptom| symptom.obvious.to_string()),
    ("danger", |symptom| symptom.danger.to_string()),
    ("source", |symptom| symptom.source.clone()),
    ("confidence", |symptom| symptom.confidence.to_string()),
    ("version", |symptom| symptom.version.to_string()),
];
