//! What customers complain about, as data: shipped rows with their source, and the company's own.

use std::sync::Arc;

use capability::{Ctx, Event, Installation, Recorded, Work};
use kernel::{Day, Fault, FieldErrors, Id, Place, RecordRef};
use parties::domain::text;

use super::access::SYMPTOMS;
use super::desk;
use crate::domain::{Confidence, FaultClass};
use parties::domain::{CauseKind, ListEntry, entry_name};

use crate::store::{self, Symptom, SymptomId};

/// The word for symptoms in the journal.
const RECORD: &str = "symptom";
/// The source of what the company adds.
pub(super) const HOUSE: &str = "house";
/// Longest name, in characters.
pub(super) const NAME: usize = 30;
/// Where a new one stands: behind those that are shipped.
const LAST: i64 = 1_000;

/// All kinds of goods and their symptoms.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Catalogue {
    /// Kinds of goods, in their order.
    pub categories: Vec<ListEntry>,
    /// What lay behind cases and complaints, in their order.
    pub causes: Vec<ListEntry>,
    /// Every version of every symptom, by category and in their order.
    pub symptoms: Vec<Symptom>,
}

impl Catalogue {
    /// The kind of goods `code`.
    pub fn category(&self, code: &str) -> Option<&ListEntry> {
        self.categories.iter().find(|category| category.code == code)
    }
    /// The kind of goods that a product's name speaks of: the longest word that it holds decides.
    pub fn guess(&self, product: &str, day: Day) -> Option<&ListEntry> {
        let product = product.to_lowercase();
        let fits = self.categories.iter().filter(|category| category.is_offered(day)).flat_map(|category| {
            let words = category.words.iter().filter(|word| product.contains(word.as_str()));
            words.map(move |word| (word.chars().count(), category))
        });
        // The first of equals, so that the order of the data decides.
        fits.fold(None, |best: Option<(usize, &ListEntry)>, (length, category)| match best {
            Some((longest, _)) if longest >= length => best,
            _ => Some((length, category)),
        })
        .map(|(_, category)| category)
    }
    /// The name of the cause `code` in the language `locale`; a code that is in no list stands for itself.
    pub fn cause_name(&self, code: &str, locale: &str) -> String {
        entry_name(&self.causes, code, locale)
    }
    /// True when the cause `code` can be given to what `asked` says on `day`.
    pub fn is_cause(&self, code: &str, asked: CauseKind, day: Day) -> bool {
        self.causes_for(asked, day).any(|cause| cause.code == code)
    }
    /// The causes that can be given to what `asked` says on `day`.
    pub fn causes_for(&self, asked: CauseKind, day: Day) -> impl Iterator<Item = &ListEntry> {
        self.causes.iter().filter(move |cause| cause.is_offered_for(asked, day))
    }
    /// What is offered for the kind of goods `category` on `day`.
    pub fn offered<'a>(&'a self, category: &'a str, day: Day) -> impl Iterator<Item = &'a Symptom> {
        self.symptoms.iter().filter(move |symptom| symptom.category == category && symptom.is_offered(day))
    }
    /// The symptom `code` as it stood on `day`.
    pub fn find(&self, code: &str, day: Day) -> Option<&Symptom> {
        self.symptoms.iter().find(|symptom| symptom.code == code && symptom.is_offered(day))
    }
}

impl Symptom {
    /// True when it can be named on `day`.
    pub fn is_offered(&self, day: Day) -> bool {
        self.from <= day && self.to.is_none_or(|to| day < to)
    }
    /// The name in the language of that word, `zh-CN` or `en`.
    pub fn name_in(&self, locale: &str) -> &str {
        if locale == "zh-CN" { &self.name_zh } else { &self.name_en }
    }
}

/// A symptom that the company adds; texts as typed.
#[derive(Debug, Clone, Default)]
pub struct NewSymptom {
    /// Of which goods.
    pub category: String,
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
}

/// All kinds of goods and their symptoms, at most a quarter of a minute old.
///
/// # Errors
/// `busy` when the database is away.
pub async fn symptoms(house: &Arc<Installation>) -> Result<Arc<Catalogue>, Fault> {
    desk::of(house).symptoms(house).await
}

/// Adds a symptom of the company's own; it is offered from today on.
///
/// # Errors
/// `invalid`; `not-found` without the permission.
pub async fn add_symptom(ctx: &Ctx, new: NewSymptom) -> Result<Id<SymptomId>, Fault> {
    let place = company(ctx)?;
    ctx.require(SYMPTOMS, &place)?;
    let catalogue = symptoms(&ctx.house).await?;
    let mut errors = FieldErrors::default();
    let category = catalogue.category(new.category.trim());
    if category.is_none() {
        errors.add("category", if new.category.trim().is_empty() { "choose" } else { "unknown" });
    }
    let name_zh = text::required_line(&mut errors, "name_zh", &new.name_zh, NAME);
    let name_en = text::optional_line(&mut errors, "name_en", new.name_en.as_deref(), NAME * 2);
    if new.class.is_none() {
        errors.add("fault_class", "choose");
    }
    errors.check()?;
    let (Some(category), Some(class)) = (category, new.class) else {
        return Err(Fault::internal("a field was refused without a note"));
    };
    let today = ctx.now().day(&ctx.house.zone);
    if catalogue.offered(&category.code, today).any(|other| other.name_zh == name_zh) {
        return Err(Fault::field("name_zh", "cases-symptom-twice"));
    }
    let code = format!("{} · {name_zh}", category.name_zh);
    let version = catalogue.symptoms.iter().filter(|other| other.code == code).map(|other| other.version).max();
    let symptom = Symptom {
        id: ctx.house.ids.next(),
        code,
        category: category.code.clone(),
        name_en: name_en.unwrap_or_else(|| name_zh.clone()),
        name_zh,
        class,
        obvious: new.obvious,
        danger: new.danger,
        source: HOUSE.to_owned(),
        confidence: Confidence::High,
        ordinal: LAST,
        from: today,
        to: None,
        own: true,
        version: version.unwrap_or(0) + 1,
    };
    let id = ctx
        .write((symptom, place), |work, (symptom, place)| {
            Box::pin(async move {
                store::insert_symptom(work.tx, symptom).await?;
                let event = Event::new(symptom_record(symptom.id), "symptom.added", *place)
                    .change("code", None, Some(symptom.code.clone()))
                    .change("name_zh", None, Some(symptom.name_zh.clone()))
                    .change("name_en", None, Some(symptom.name_en.clone()))
                    .change("fault_class", None, Some(symptom.class.to_string()))
                    .change("obvious", None, Some(symptom.obvious.to_string()))
                    .change("danger", None, Some(symptom.danger.to_string()));
                Ok(work.record(event).await?.with(symptom.id))
            })
        })
        .await?;
    desk::of(&ctx.house).forget_symptoms();
    Ok(id)
}

/// Offers the symptom `id` no longer. Cases that have it keep it.
///
/// # Errors
/// `not-found`.
pub async fn retire_symptom(ctx: &Ctx, id: Id<SymptomId>) -> Result<(), Fault> {
    let place = company(ctx)?;
    ctx.require(SYMPTOMS, &place)?;
    let today = ctx.now().day(&ctx.house.zone);
    ctx.write((id, today, place), |work, (id, today, place)| Box::pin(retire(work, *id, *today, *place))).await?;
    desk::of(&ctx.house).forget_symptoms();
    Ok(())
}

async fn retire(work: &mut Work<'_>, id: Id<SymptomId>, today: Day, place: Place) -> Result<Recorded<()>, Fault> {
    let symptom = store::symptom(work.tx, id).await?.ok_or_else(Fault::not_found)?;
    if !store::end_symptom(work.tx, id, today).await? {
        return Ok(work.unchanged(()));
    }
    let event = Event::new(symptom_record(id), "symptom.retired", place)
        .change("code", Some(symptom.code), None)
        .change("effective_to", None, Some(today.to_string()));
    work.record(event).await
}

/// How the journal names the symptom `id`.
pub fn symptom_record(id: Id<SymptomId>) -> RecordRef {
    RecordRef::new(RECORD, id)
}

/// The company itself, to which its lists belong.
pub(super) fn company(ctx: &Ctx) -> Result<Place, Fault> {
    let directory = ctx.house.identity.directories().now();
    let company = directory.company().ok_or_else(Fault::not_found)?;
    Ok(Place { store: company.id, team: None, owner: None })
}

/// The gravest of what the customer complained about, as the rules name it.
pub fn gravest(symptoms: &[Symptom]) -> Option<remedies::Fault> {
    let class = symptoms.iter().map(|symptom| symptom.class).max()?;
    Some(match class {
        FaultClass::None => remedies::Fault::None,
        FaultClass::Minor => remedies::Fault::Minor,
        FaultClass::Performance => remedies::Fault::Performance,
        FaultClass::Serious => remedies::Fault::Serious,
    })
}
