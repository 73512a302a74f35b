use capability::{Ctx, Event};
use kernel::{Fault, FieldErrors, Id, Place, RecordRef};

use crate::domain::{Fits, TOPICS, unknown_blank};
use crate::store::{self, Guide, GuideId};

/// The word for guides in the journal.
pub const RECORD: &str = "guide";
/// Longest title and text, in characters.
pub(crate) const TITLE: usize = 60;
pub(crate) const BODY: usize = 2_000;

/// What a guide says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewGuide {
    /// What it fits.
    pub fits: Fits,
    /// 中文.
    pub title_zh: String,
    /// English.
    pub title_en: String,
    /// 中文.
    pub body_zh: String,
    /// English.
    pub body_en: String,
}

impl NewGuide {
    fn check(&self) -> Result<(), Fault> {
        let mut errors = FieldErrors::default();
        if self.fits.topic.as_deref().is_some_and(|topic| !TOPICS.contains(&topic)) {
            errors.add("topic", "unknown");
        }
        for (field, text) in [("body_zh", &self.body_zh), ("body_en", &self.body_en)] {
            if let Some(blank) = unknown_blank(text) {
                errors.add_with(field, "guides-blank", vec![("name", blank.chars().take(20).collect())]);
            }
        }
        errors.check()
    }
    fn into_guide(self, id: Id<GuideId>, version: i64, by: &Ctx) -> Guide {
        Guide {
            id,
            version,
            fits: self.fits,
            title_zh: self.title_zh,
            title_en: self.title_en,
            body_zh: self.body_zh,
            body_en: self.body_en,
            by: by.actor.user,
            at: by.now(),
            retired_at: None,
        }
    }
}

/// Guides belong to the company.
fn place(ctx: &Ctx) -> Result<Place, Fault> {
    let directory = ctx.house.identity.directories().now();
    let company = directory.company().map(|unit| unit.id).ok_or_else(Fault::not_found)?;
    Ok(Place { store: company, team: None, owner: None })
}

fn record(id: Id<GuideId>) -> RecordRef {
    RecordRef::new(RECORD, id)
}

/// Adds a guide.
///
/// # Errors
/// `invalid` with the fields.
pub async fn add(ctx: &Ctx, new: NewGuide) -> Result<Id<GuideId>, Fault> {
    new.check()?;
    let guide = new.into_guide(ctx.house.ids.next(), 1, ctx);
    ctx.write((guide, place(ctx)?), |work, (guide, place)| {
        Box::pin(async move {
            let guide = Guide { at: work.now, ..guide.clone() };
            store::insert(work.tx, &guide).await?;
            let event = changes(Event::new(record(guide.id), "guide.added", *place), None, &guide);
            Ok(work.record(event).await?.with(guide.id))
        })
    })
    .await
}

/// Writes the next version of the guide `id`, of which the actor has seen `version`; one that was retired is offered again.
///
/// # Errors
/// `not-found`; `invalid` with the fields; `stale` when somebody was faster.
pub async fn change(ctx: &Ctx, id: Id<GuideId>, version: i64, new: NewGuide) -> Result<i64, Fault> {
    new.check()?;
    let guide = new.into_guide(id, version + 1, ctx);
    ctx.write((guide, version, place(ctx)?), |work, (guide, version, place)| {
        Box::pin(async move {
            let before = store::hold(work.tx, guide.id).await?.ok_or_else(Fault::not_found)?;
            if before.version != *version {
                return Err(Fault::stale(before.version));
            }
            let guide = Guide { at: work.now, ..guide.clone() };
            let same = Guide { version: guide.version, by: guide.by, at: guide.at, ..before.clone() } == guide;
            if same {
                return Ok(work.unchanged(before.version));
            }
            store::replace(work.tx, &guide).await?;
            let event = changes(Event::new(record(guide.id), "guide.changed", *place), Some(&before), &guide);
            Ok(work.record(event).await?.with(guide.version))
        })
    })
    .await
}

/// Offers the guide `id` no longer; it and its versions are kept.
///
/// # Errors
/// `not-found`; `stale`.
pub async fn retire(ctx: &Ctx, id: Id<GuideId>, version: i64) -> Result<(), Fault> {
    ctx.write((id, version, place(ctx)?), |work, (id, version, place)| {
        Box::pin(async move {
            let before = store::hold(work.tx, *id).await?.ok_or_else(Fault::not_found)?;
            if before.version != *version {
                return Err(Fault::stale(before.version));
            }
            if before.retired_at.is_some() {
                return Ok(work.unchanged(()));
            }
            store::retire(work.tx, *id, work.now).await?;
            let event = Event::new(record(*id), "guide.retired", *place).change(
                "title",
                Some(before.title_zh.clone()),
                Some(before.title_zh.clone()),
            );
            work.record(event).await
        })
    })
    .await
}

type Read = fn(&Guide) -> Option<String>;

const FIELDS: [(&str, Read); 9] = [
    ("guide_kind", |guide| Some(guide.fits.kind.to_string())),
    ("guide_stage", |guide| guide.fits.stage.map(|stage| stage.to_string())),
    ("topic", |guide| guide.fits.topic.clone()),
    ("severity", |guide| guide.fits.severity.map(|severity| severity.to_string())),
    ("emotion", |guide| guide.fits.emotion.map(|emotion| emotion.to_string())),
    ("title_zh", |guide| Some(guide.title_zh.clone())),
    ("title_en", |guide| Some(guide.title_en.clone())),
    ("body_zh", |guide| Some(guide.body_zh.clone())),
    ("body_en", |guide| Some(guide.body_en.clone())),
];

fn changes(mut event: Event, before: Option<&Guide>, after: &Guide) -> Event {
    for (field, read) in FIELDS {
        event = event.change(field, before.and_then(read), read(after));
    }
    event
}
