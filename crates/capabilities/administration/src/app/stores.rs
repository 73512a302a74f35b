//! Many stores at once, as they are pasted from a spreadsheet.

use std::collections::{BTreeMap, BTreeSet};

use capability::{Ctx, Event, Recorded, Work};
use identity::{Directory, Unit, UnitDraft, UnitKind, store};
use kernel::{Fault, FieldErrors, Id, of};

use super::people::tree;
use crate::domain::{place_of_unit, unit_changes, unit_record};
use crate::paste::{Column, Line, Table};
use crate::permissions::UNITS_EDIT;

/// The columns of a list of stores.
pub(crate) const COLUMNS: &[Column] = &[
    Column {
        field: "name",
        names: &["店名", "店铺", "门店", "店铺名称", "门店名称", "名称", "name", "store", "shop", "storename"],
    },
    Column {
        field: "code",
        names: &["编号", "店号", "代码", "店铺编号", "门店编号", "code", "no", "no.", "storecode"],
    },
    Column { field: "region", names: &["区域", "大区", "片区", "region", "area", "district"] },
    Column { field: "phone", names: &["电话", "店铺电话", "联系电话", "phone", "tel", "telephone"] },
    Column { field: "address", names: &["地址", "店铺地址", "address"] },
    Column { field: "name_en", names: &["英文名", "英文名称", "english", "englishname", "nameinenglish"] },
];

/// What a line of the paste would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// A new store.
    New,
    /// A store with this code is known and would be changed, or opened again.
    Changes(Id<of::Unit>),
    /// Everything is so already.
    Same,
    /// It cannot be taken.
    Bad(FieldErrors),
}

/// A line of the paste with what it would do.
#[derive(Debug, Clone)]
pub struct Opening {
    /// The line of the paste, from 1.
    pub line: usize,
    /// The store.
    pub draft: UnitDraft,
    /// The region's name as typed; empty for none. One that is not known is made.
    pub region: String,
    /// What would happen.
    pub fate: Fate,
}

fn region_of<'d>(directory: &'d Directory, name: &str) -> Option<&'d Unit> {
    let same = |unit: &&Unit| {
        unit.code.eq_ignore_ascii_case(name) || unit.name == name || unit.name_en.as_deref() == Some(name)
    };
    directory.tree().units().filter(|unit| unit.kind == UnitKind::Region).find(same)
}

/// The first code `S01`, `S02` … that is in `taken` not yet.
fn free_code(prefix: &str, taken: &BTreeSet<String>) -> String {
    (1..10_000).map(|n| format!("{prefix}{n:02}")).find(|code| !taken.contains(code)).unwrap_or_default()
}

/// Reads the lines of `table` against what is known: each line gets its fate and, without one, a code.
pub(crate) fn check(ctx: &Ctx, table: &Table) -> Vec<Opening> {
    let directory = ctx.house.identity.directories().now();
    let company = directory.company().map(|unit| unit.id);
    let mut taken: BTreeSet<String> = directory.tree().units().map(|unit| unit.code.clone()).collect();
    taken.extend(table.lines.iter().map(|line| line.get("code").to_uppercase()));
    let (mut codes, mut names): (BTreeSet<String>, BTreeSet<String>) = (BTreeSet::new(), BTreeSet::new());
    table
        .lines
        .iter()
        .map(|line| {
            let mut errors = FieldErrors::default();
            let by_name =
                directory.stores().find(|store| line.get("code").is_empty() && store.name == line.get("name"));
            let code = match (line.get("code"), by_name) {
                ("", Some(known)) => known.code.clone(),
                ("", None) => free_code("S", &taken),
                (code, _) => code.to_owned(),
            };
            taken.insert(code.clone());
            let region = line.get("region").to_owned();
            let parent = if region.is_empty() {
                company
            } else {
                region_of(&directory, &region).map(|unit| unit.id).or(company)
            };
            let draft = UnitDraft {
                parent,
                kind: UnitKind::Store,
                code,
                name: line.get("name").to_owned(),
                name_en: Some(line.get("name_en").to_owned()),
                zone: ctx.house.zone.name().to_owned(),
                phone: Some(line.get("phone").to_owned()),
                address: Some(line.get("address").to_owned()),
                active: true,
            };
            let draft = draft.tidied(&mut errors);
            if !draft.code.is_empty() && !codes.insert(draft.code.clone()) {
                errors.add("code", "administration-twice");
            }
            if !draft.name.is_empty() && !names.insert(draft.name.clone()) {
                errors.add("name", "administration-twice");
            }
            let known = directory.unit_by_code(&draft.code);
            match known {
                Some(unit) if unit.kind != UnitKind::Store => errors.add("code", "identity-code-taken"),
                Some(unit) if !ctx.reach(UNITS_EDIT).covers(&place_of_unit(directory.tree(), unit.id)) => {
                    errors.add("code", "administration-out-of-reach");
                }
                _ => {}
            }
            let fate = match known {
                _ if !errors.is_empty() => Fate::Bad(errors),
                None => Fate::New,
                Some(unit) if kept(unit, &draft, &region) == as_typed(unit) => Fate::Same,
                Some(unit) => Fate::Changes(unit.id),
            };
            Opening { line: line.number, draft, region, fate }
        })
        .collect()
}

fn as_typed(unit: &Unit) -> UnitDraft {
    UnitDraft {
        parent: unit.parent,
        kind: unit.kind,
        code: unit.code.clone(),
        name: unit.name.clone(),
        name_en: unit.name_en.clone(),
        zone: unit.zone.name().to_owned(),
        phone: unit.phone.clone(),
        address: unit.address.clone(),
        active: unit.active,
    }
}

/// The known store with what the line says; an empty cell changes nothing.
fn kept(unit: &Unit, draft: &UnitDraft, region: &str) -> UnitDraft {
    UnitDraft {
        parent: if region.is_empty() { unit.parent } else { draft.parent },
        name_en: draft.name_en.clone().or_else(|| unit.name_en.clone()),
        phone: draft.phone.clone().or_else(|| unit.phone.clone()),
        address: draft.address.clone().or_else(|| unit.address.clone()),
        zone: unit.zone.name().to_owned(),
        ..draft.clone()
    }
}

/// Saves those of `openings` that are no bad lines, and the regions that they name. Answers the ids of what is new and how many
/// stores were changed.
///
/// # Errors
/// As adding and changing single units, when somebody else has changed the same meanwhile; then nothing is saved.
pub async fn save(ctx: &Ctx, openings: &[Opening]) -> Result<(Vec<Id<of::Unit>>, usize), Fault> {
    let wanted: Vec<Opening> =
        openings.iter().filter(|opening| matches!(opening.fate, Fate::New | Fate::Changes(_))).cloned().collect();
    if wanted.is_empty() {
        return Ok((Vec::new(), 0));
    }
    let done = ctx.write(wanted, |w, wanted| Box::pin(save_within(w, wanted))).await?;
    ctx.house.identity.directories().refresh().await?;
    Ok(done)
}

async fn save_within(w: &mut Work<'_>, wanted: &[Opening]) -> Result<Recorded<(Vec<Id<of::Unit>>, usize)>, Fault> {
    let ids = w.ctx.house.ids.clone();
    let (mut made, mut changed, mut recorded) = (Vec::new(), 0, None);
    let known = tree(w).await?;
    let company = known.company().map(|unit| unit.id).ok_or_else(Fault::not_found)?;
    let mut taken: BTreeSet<String> = known.units().map(|unit| unit.code.clone()).collect();
    let regions = known.units().filter(|unit| unit.kind == UnitKind::Region);
    let mut regions: BTreeMap<String, Id<of::Unit>> =
        regions.flat_map(|unit| [(unit.name.clone(), unit.id), (unit.code.clone(), unit.id)]).collect();
    for opening in wanted {
        let parent = match opening.region.as_str() {
            "" => company,
            name => match regions.get(name) {
                Some(region) => *region,
                None => {
                    w.require(UNITS_EDIT, &place_of_unit(&known, company))?;
                    let code = free_code("R", &taken);
                    taken.insert(code.clone());
                    let draft = UnitDraft {
                        parent: Some(company),
                        kind: UnitKind::Region,
                        code,
                        name: name.to_owned(),
                        name_en: None,
                        phone: None,
                        address: None,
                        ..opening.draft.clone()
                    };
                    let unit = store::units::insert(w.tx, &ids, &draft).await?;
                    recorded = Some(record(w, "unit.created", None, &unit).await?);
                    regions.insert(name.to_owned(), unit.id);
                    made.push(unit.id);
                    unit.id
                }
            },
        };
        match opening.fate {
            Fate::Changes(id) => {
                w.require(UNITS_EDIT, &place_of_unit(&known, id))?;
                let unit = store::units::get(w.tx, id).await?.ok_or_else(Fault::not_found)?;
                let draft = UnitDraft { parent: Some(parent), ..opening.draft.clone() };
                let draft = kept(&unit, &draft, &opening.region);
                let (before, after) = store::units::save(w.tx, id, unit.version, &draft).await?;
                recorded = Some(record(w, "unit.changed", Some(&before), &after).await?);
                changed += 1;
            }
            Fate::New => {
                w.require(UNITS_EDIT, &place_of_unit(&known, company))?;
                let draft = UnitDraft { parent: Some(parent), ..opening.draft.clone() };
                let unit = store::units::insert(w.tx, &ids, &draft).await?;
                recorded = Some(record(w, "unit.created", None, &unit).await?);
                made.push(unit.id);
            }
            Fate::Same | Fate::Bad(_) => {}
        }
    }
    Ok(match recorded {
        Some(recorded) => recorded.with((made, changed)),
        None => w.unchanged((made, changed)),
    })
}

async fn record(
    w: &mut Work<'_>,
    verb: &'static str,
    before: Option<&Unit>,
    after: &Unit,
) -> Result<Recorded<()>, Fault> {
    let tree = tree(w).await?;
    let event = Event::new(unit_record(after.id), verb, place_of_unit(&tree, after.id)).quietly();
    w.record(unit_changes(event, &tree, before, after)).await
}

/// The lines that could not be taken, for correction.
pub(crate) fn is_bad(openings: &[Opening], line: &Line) -> bool {
    openings.iter().any(|opening| opening.line == line.number && matches!(opening.fate, Fate::Bad(_)))
}
