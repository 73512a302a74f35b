//! Making a self-assessment: everything that speaks on a day is gathered, written down, signed and kept.

use capability::{Ctx, Event, Recorded, Work};
use identity::{Directory, Unit};
use kernel::{Day, Fault, FieldErrors, Id, RecordRef, Timestamp, of};
use parties::domain::text;
use scores::domain::{Extent, Figure, SCHEME, Stored, extents, fresh};
use scores::store::{Entry, Judgement, Special};
use scoring::{Indicator, Kind, Part, Scheme};
use search::Piece;
use web::{Lang, Locale};

use super::{ENTRIES, RECORD, TEXT, TITLE};
use crate::access::{MAKE, VIEW, demand, place};
use crate::domain::{Body, EntryLine, FORMAT, Item, JudgementLine, LevelLine, PartLine, SpecialLine, Words};
use crate::store::{self, Assessment, AssessmentId};

/// A self-assessment as it is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    /// Of which unit.
    pub unit: Option<Id<of::Unit>>,
    /// Of which day, today at the latest.
    pub day: Option<Day>,
    /// What it is for.
    pub title: String,
    /// More.
    pub note: Option<String>,
}

/// Makes a self-assessment of what is known on its day: today as it stands now, an earlier day as it was kept then.
///
/// # Errors
/// `invalid` with the fields; `not-found`; `forbidden`.
pub async fn make(ctx: &Ctx, draft: &Draft) -> Result<Id<AssessmentId>, Fault> {
    let today = ctx.now().day(&ctx.house.zone);
    let wanted = checked(ctx, draft)?;
    if wanted.day == today {
        let system = Ctx::system(std::sync::Arc::clone(&ctx.house), "assessments.make");
        scores::app::recalculate(&system).await?;
    }
    let ready = gather(ctx, wanted, ctx.now()).await?;
    ctx.write(ready, |work, ready| Box::pin(async move { keep(work, ready).await })).await
}

/// The same for a history that is made at once: the self-assessment was made at `at`, from what was known then. For the demonstration
/// company and imports.
///
/// # Errors
/// As [`make`].
pub async fn replay(ctx: &Ctx, draft: &Draft, at: Timestamp) -> Result<Id<AssessmentId>, Fault> {
    let wanted = checked(ctx, draft)?;
    let ready = gather(ctx, wanted, at).await?;
    ctx.write((ready, ctx.clone(), at), |work, (ready, ctx, at)| {
        Box::pin(async move {
            let mut then = work.acting(ctx, *at);
            keep(&mut then, ready).await
        })
    })
    .await
}

struct Wanted {
    unit: Unit,
    day: Day,
    title: String,
    note: Option<String>,
}

fn checked(ctx: &Ctx, draft: &Draft) -> Result<Wanted, Fault> {
    let mut errors = FieldErrors::default();
    let title = text::required_line(&mut errors, "title", &draft.title, TITLE);
    let note = text::optional(&mut errors, "note", draft.note.as_deref(), TEXT);
    let directory = ctx.house.identity.directories().now();
    let unit = draft.unit.and_then(|unit| scores::domain::units(&directory).into_iter().find(|one| one.id == unit));
    match draft.unit {
        Some(unit) => demand(ctx, VIEW, MAKE, unit)?,
        None => errors.add("unit", "choose"),
    }
    let today = ctx.now().day(&ctx.house.zone);
    match draft.day {
        None => errors.add("day", "required"),
        Some(day) if day > today => errors.add("day", "assessments-not-yet"),
        Some(_) => {}
    }
    errors.check()?;
    let unit = unit.cloned().ok_or_else(|| Fault::field("unit", "choose"))?;
    let day = draft.day.ok_or_else(|| Fault::field("day", "required"))?;
    Ok(Wanted { unit, day, title, note })
}

/// Ready to be kept: written down and signed.
struct Ready {
    one: Assessment,
    body: String,
    proof: String,
}

/// What was read for it.
struct Read {
    scheme: Option<&'static Scheme>,
    stored: Option<Stored>,
    entries: Vec<Entry>,
    judgements: Vec<Judgement>,
    specials: Vec<Special>,
}

async fn gather(ctx: &Ctx, wanted: Wanted, made_at: Timestamp) -> Result<Ready, Fault> {
    let zone = &ctx.house.zone;
    let day = wanted.day;
    let live = day == ctx.now().day(zone);
    let at = day.at(23, 59, zone).min(made_at);
    let read = ctx
        .read((wanted.unit.id, day, at, live), |tx, (unit, day, at, live)| {
            Box::pin(async move {
                let stored = if *live {
                    scores::store::live(tx, SCHEME, *unit).await?.map(|live| live.stored)
                } else {
                    scores::store::on_day(tx, SCHEME, *unit, *day).await?
                };
                let schemes = scores::schemes::in_force(tx, *day).await?;
                Ok(Read {
                    scheme: schemes.into_iter().find(|scheme| scheme.code == SCHEME),
                    stored,
                    entries: scores::store::entries_at(tx, *at).await?,
                    judgements: scores::store::judgements_at(tx, SCHEME, *at).await?,
                    specials: scores::store::specials_at(tx, SCHEME, *day, *at).await?,
                })
            })
        })
        .await?;
    let scheme = read.scheme.ok_or_else(|| Fault::refused("scores-no-scheme"))?;
    // What another version counted does not go with this one's points.
    let stored = read.stored.as_ref().filter(|stored| stored.version == scheme.version);
    let stored = stored.ok_or_else(|| Fault::field("day", "assessments-no-day"))?;
    let directory = ctx.house.identity.directories().now();
    let extent = extents(&directory).into_iter().find(|one| one.unit == wanted.unit.id).ok_or_else(Fault::not_found)?;
    let id: Id<AssessmentId> = ctx.house.ids.next();
    let writer = Writer {
        ctx,
        directory: &directory,
        scheme,
        extent: &extent,
        unit: &wanted.unit,
        read: &read,
        day,
        zh: Lang::new(Locale::ZhCn, zone.clone(), at),
        en: Lang::new(Locale::En, zone.clone(), at),
    };
    let company = directory.company().map(names).unwrap_or_default();
    let body = Body {
        format: FORMAT.to_owned(),
        id: id.to_string(),
        company,
        unit: wanted.unit.id.to_string(),
        unit_code: wanted.unit.code.clone(),
        unit_name: names(&wanted.unit),
        unit_kind: wanted.unit.kind.as_str().to_owned(),
        day,
        title: wanted.title.clone(),
        note: wanted.note.clone(),
        made_by: ctx.actor.name.to_string(),
        made_at,
        scheme: scheme.code.clone(),
        scheme_version: stored.version.clone(),
        scheme_name: Words::from(&scheme.name),
        low: stored.low,
        high: stored.high,
        level_low: stored.level_low.clone(),
        level_high: stored.level_high.clone(),
        estimate: stored.estimate,
        failed: stored.failed,
        allocated: scheme.allocated(),
        special: stored.special,
        special_points: (scheme.deduction.in_tenths(), scheme.bonus.in_tenths()),
        specials: writer.specials(),
        levels: scheme
            .levels
            .iter()
            .map(|level| LevelLine {
                code: level.code.clone(),
                name: Words::from(&level.name),
                from: level.from.in_tenths(),
                stars: level.stars,
                mark: level.mark,
            })
            .collect(),
        sources: scheme.sources.iter().map(|source| (source.site.clone(), source.what.clone())).collect(),
        items: scheme.indicators.iter().filter_map(|one| writer.item(one, stored)).collect(),
    };
    let one = Assessment {
        id,
        scheme: scheme.code.clone(),
        version: stored.version.clone(),
        unit: wanted.unit.id,
        day,
        title: wanted.title,
        note: wanted.note,
        low: stored.low,
        high: stored.high,
        level_low: stored.level_low.clone(),
        level_high: stored.level_high.clone(),
        estimate: stored.estimate,
        by: ctx.actor.user,
        at: made_at,
        withdrawn_at: None,
        withdrawn_by: None,
        withdrawn_why: None,
    };
    let body = serde_json::to_string_pretty(&body).map_err(Fault::internal)?;
    let proof = journal::sign_statement(FORMAT, body.as_bytes(), &ctx.house.key);
    Ok(Ready { one, body, proof: serde_json::to_string(&proof).map_err(Fault::internal)? })
}

async fn keep(work: &mut Work<'_>, ready: &Ready) -> Result<Recorded<Id<AssessmentId>>, Fault> {
    let one = &ready.one;
    if !store::insert(work.tx, one, &ready.body, &ready.proof).await? {
        return Err(Fault::field("title", "assessments-made"));
    }
    let proof: journal::Signature = serde_json::from_str(&ready.proof).map_err(Fault::internal)?;
    let ends = |low: Option<i64>, high: Option<i64>| Some(crate::domain::range(low?, high?));
    let event = Event::new(RecordRef::new(RECORD, one.id), "assessment.made", place(one.unit))
        .happened(one.at)
        .change("title", None, Some(one.title.clone()))
        .change("day", None, Some(one.day.to_string()))
        .change("score", None, ends(one.low, one.high))
        .change("digest", None, Some(proof.sha256))
        .index(piece(one));
    Ok(work.record(event).await?.with(one.id))
}

/// By what it is found.
fn piece(one: &Assessment) -> Piece {
    let said = [Some(one.title.as_str()), one.note.as_deref()];
    Piece {
        record: RecordRef::new(RECORD, one.id),
        piece: 0,
        store: one.unit,
        team: None,
        owner: None,
        text: said.into_iter().flatten().collect::<Vec<_>>().join("\n"),
        codes: Vec::new(),
    }
}

fn names(unit: &Unit) -> Words {
    Words { zh: unit.name_in("zh-CN").to_owned(), en: unit.name_in("en").to_owned() }
}

/// Writes down what was read, in both languages.
struct Writer<'a> {
    ctx: &'a Ctx,
    directory: &'a Directory,
    scheme: &'static Scheme,
    extent: &'a Extent,
    unit: &'a Unit,
    read: &'a Read,
    day: Day,
    zh: Lang,
    en: Lang,
}

impl Writer<'_> {
    fn place(&self, unit: Id<of::Unit>) -> Words {
        self.directory.unit(unit).map(names).unwrap_or_default()
    }
    fn person(&self, user: Option<Id<of::User>>) -> Option<String> {
        user.and_then(|user| self.directory.user_name(user)).map(str::to_owned)
    }

    fn specials(&self) -> Vec<SpecialLine> {
        let here = self.read.specials.iter().filter(|one| self.extent.hears(one.unit));
        here.map(|one| SpecialLine {
            id: one.id.to_string(),
            cause: one.cause.as_ref().map(|code| {
                let known = self.scheme.causes.iter().find(|(cause, _)| cause == code);
                known.map_or_else(|| Words { zh: code.clone(), en: code.clone() }, |(_, name)| Words::from(name))
            }),
            reason: one.reason.clone(),
            happened_on: one.happened_on,
            by: self.person(one.by).unwrap_or_default(),
            at: one.at,
            place: self.place(one.unit),
        })
        .collect()
    }

    fn item(&self, one: &Indicator, stored: &Stored) -> Option<Item> {
        let figure: &Figure = stored.figures.get(&one.clause)?;
        let said = |lang: &Lang| {
            scores::evidence_words(self.ctx, lang, self.scheme, (self.unit, &self.extent.stores), (&one.clause, figure))
        };
        let parts = said(&self.zh).into_iter().zip(said(&self.en)).map(|(zh, en)| PartLine {
            name: Words { zh: zh.name, en: en.name },
            needs: Words { zh: zh.needs, en: en.needs },
            counted: zh.counted,
            href: zh.href,
            missing: Words { zh: zh.missing, en: en.missing },
        });
        let group = matches!(one.kind, Kind::Group(_));
        let (entries, entries_all) = self.entries(one);
        let why = |lang: &Lang| if group { String::new() } else { scores::why_words(lang, figure) };
        Some(Item {
            clause: one.clause.clone(),
            name: Words::from(&one.name),
            depth: one.depth,
            group,
            points: one.points.in_tenths(),
            mark: one.mark,
            figure: figure.clone(),
            why: Words { zh: why(&self.zh), en: why(&self.en) },
            rule: one.rule.as_ref().map(Words::from),
            parts: parts.collect(),
            entries,
            entries_all,
            judgement: self.judgement(&one.clause),
        })
    }

    /// The newest entries that speak for an indicator, and how many do.
    fn entries(&self, one: &Indicator) -> (Vec<EntryLine>, usize) {
        let Kind::Leaf { parts, .. } = &one.kind else { return (Vec::new(), 0) };
        let kinds: Vec<_> = parts
            .iter()
            .filter_map(|part| match part {
                Part::Record { code, .. } => self.scheme.record(code),
                Part::Metric(_) | Part::Fact(_) => None,
            })
            .collect();
        let mut speaking: Vec<_> = self
            .read
            .entries
            .iter()
            .filter(|entry| self.extent.hears(entry.unit))
            .filter_map(|entry| {
                let kind = kinds.iter().find(|kind| kind.code == entry.kind)?;
                fresh(entry.happened_on, entry.valid_until, kind.days, self.day).then_some((entry, *kind))
            })
            .collect();
        let all = speaking.len();
        speaking.sort_by_key(|(entry, _)| std::cmp::Reverse((entry.happened_on, entry.id)));
        let lines = speaking.into_iter().take(ENTRIES).map(|(entry, kind)| EntryLine {
            id: entry.id.to_string(),
            kind: entry.kind.clone(),
            kind_name: Words::from(&kind.name),
            title: entry.title.clone(),
            place: self.place(entry.unit),
            person: self.person(entry.person),
            happened_on: entry.happened_on,
            valid_until: entry.valid_until,
            entered_at: entry.entered_at,
            entered_by: self.person(entry.entered_by).unwrap_or_default(),
            met: entry.met,
        });
        (lines.collect(), all)
    }

    /// What somebody said that holds here: the nearest unit's word.
    fn judgement(&self, clause: &str) -> Option<JudgementLine> {
        let of_unit =
            |unit: &Id<of::Unit>| self.read.judgements.iter().find(|one| one.unit == *unit && one.clause == clause);
        let one = self.extent.above.iter().rev().find_map(of_unit)?;
        Some(JudgementLine {
            percent: one.percent,
            reason: one.reason.clone(),
            by: self.person(one.by).unwrap_or_default(),
            at: one.at,
            unit: one.unit.to_string(),
            place: self.place(one.unit),
        })
    }
}
