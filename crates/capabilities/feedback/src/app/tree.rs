//! The tree of categories, which the company edits.

use capability::{Ctx, Event, Work};
use kernel::{Fault, FieldErrors, Id, Permission, Place, RecordRef};
use parties::domain::text;

use crate::domain::tree::{Category, CategoryId, Tree};
use crate::store::{self, tree as rows};

/// Edit the tree of categories.
pub const CATEGORIES: Permission = Permission("feedback.categories");
/// The word for categories in the journal.
pub const CATEGORY_RECORD: &str = "feedback_category";
/// Longest name, in characters.
pub const NAME: usize = 20;
const NAME_EN: usize = 40;
/// Longest code, in characters.
pub const CODE: usize = 20;
/// Undecided texts that are read again when what is offered changed.
const AGAIN: i64 = 1_000;
/// Texts of a category are counted up to here.
pub const COUNTED: i64 = 1_000;

/// What somebody says about a category.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CategoryDraft {
    /// Beneath which it stands.
    pub parent: Option<Id<CategoryId>>,
    /// Its name in Chinese.
    pub name_zh: String,
    /// Its name in English.
    pub name_en: String,
    /// Its place among its neighbours, from 1; the last one when it is left out.
    pub place: Option<i64>,
}

/// All categories. What they are called is no secret within the company.
///
/// # Errors
/// What the database says.
pub async fn tree(ctx: &Ctx) -> Result<Tree, Fault> {
    ctx.read((), |tx, ()| Box::pin(async move { Ok(rows::tree(tx).await?) })).await
}

/// The tree with how many decided texts each category has, up to [`COUNTED`] + 1.
///
/// # Errors
/// What the database says.
pub async fn tree_counted(ctx: &Ctx) -> Result<(Tree, Vec<i64>), Fault> {
    ctx.read((), |tx, ()| {
        Box::pin(async move {
            let tree = rows::tree(tx).await?;
            let mut counts = Vec::new();
            for (_, one) in tree.all() {
                counts.push(rows::used(tx, &one.code, COUNTED + 1).await?);
            }
            Ok((tree, counts))
        })
    })
    .await
}

fn place(ctx: &Ctx) -> Result<Place, Fault> {
    let directory = ctx.house.identity.directories().now();
    let company = directory.company().map(|unit| unit.id).ok_or_else(Fault::not_found)?;
    let place = Place { store: company, team: None, owner: None };
    if ctx.actor.may(CATEGORIES, &place) { Ok(place) } else { Err(Fault::forbidden()) }
}

fn checked(mut errors: FieldErrors, draft: CategoryDraft) -> Result<CategoryDraft, Fault> {
    let name_zh = text::required_line(&mut errors, "name_zh", &draft.name_zh, NAME);
    let name_en = text::required_line(&mut errors, "name_en", &draft.name_en, NAME_EN);
    errors.check()?;
    Ok(CategoryDraft { name_zh, name_en, ..draft })
}

/// What programs call it: letters of any script, digits, `-` and `_`.
fn code(errors: &mut FieldErrors, typed: &str) -> String {
    let code = typed.trim().to_lowercase();
    let fits = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    if code.is_empty() {
        errors.add("code", "required");
    } else if code.chars().count() > CODE || !code.chars().all(fits) {
        errors.add("code", "feedback-code");
    }
    code
}

/// Puts `one` at its place among its neighbours and numbers them anew; answers its position.
async fn put(work: &mut Work<'_>, tree: &Tree, one: &Category, wanted: Option<i64>) -> Result<i64, Fault> {
    let mut order: Vec<Id<CategoryId>> =
        tree.children(one.parent).filter(|other| other.id != one.id).map(|other| other.id).collect();
    let at = wanted.map_or(order.len(), |n| usize::try_from(n - 1).unwrap_or_default().min(order.len()));
    order.insert(at, one.id);
    let mut own = one.position;
    for (position, id) in (1_i64..).zip(order) {
        if id == one.id {
            own = position;
        } else if tree.get(id).is_some_and(|other| other.position != position) {
            rows::place(work.tx, id, position).await?;
        }
    }
    Ok(own)
}

/// Adds a category called `code`.
///
/// # Errors
/// `invalid` with the fields; `forbidden`.
pub async fn add_category(ctx: &Ctx, typed: String, draft: CategoryDraft) -> Result<Id<CategoryId>, Fault> {
    let place = place(ctx)?;
    let mut errors = FieldErrors::default();
    let code = code(&mut errors, &typed);
    let draft = checked(errors, draft)?;
    let id: Id<CategoryId> = ctx.house.ids.next();
    ctx.write((id, code, draft, place), |work, (id, code, draft, place)| {
        Box::pin(async move {
            let tree = rows::tree(work.tx).await?;
            if tree.by_code(code).is_some() {
                return Err(Fault::field("code", "taken"));
            }
            if tree.all().count() >= rows::MOST {
                return Err(Fault::field("code", "feedback-too-many"));
            }
            tree.may_stand(None, draft.parent).map_err(|code| Fault::field("parent", code))?;
            let one = Category {
                id: *id,
                code: code.clone(),
                parent: draft.parent,
                name_zh: draft.name_zh.clone(),
                name_en: draft.name_en.clone(),
                position: 0,
                retired_at: None,
                version: 1,
            };
            let one = Category { position: put(work, &tree, &one, draft.place).await?, ..one };
            rows::insert(work.tx, &one).await?;
            store::read_again(work.tx, AGAIN).await?;
            let event = Event::new(RecordRef::new(CATEGORY_RECORD, one.id), "feedback.category_added", *place);
            let event = event.change("code", None, Some(one.code.clone()));
            Ok(work.record(changes(event, &tree, None, &one)).await?.with(one.id))
        })
    })
    .await
}

/// Renames or moves the category `id`, based on its `version`.
///
/// # Errors
/// `invalid` with the fields; `stale`; `not-found`; `forbidden`.
pub async fn change_category(ctx: &Ctx, id: Id<CategoryId>, version: i64, draft: CategoryDraft) -> Result<i64, Fault> {
    let (place, draft) = (place(ctx)?, checked(FieldErrors::default(), draft)?);
    ctx.write((id, version, draft, place), |work, (id, version, draft, place)| {
        Box::pin(async move {
            let tree = rows::tree(work.tx).await?;
            let before = tree.get(*id).cloned().ok_or_else(Fault::not_found)?;
            if before.version != *version {
                return Err(Fault::stale(before.version));
            }
            tree.may_stand(Some(*id), draft.parent).map_err(|code| Fault::field("parent", code))?;
            let after = Category {
                parent: draft.parent,
                name_zh: draft.name_zh.clone(),
                name_en: draft.name_en.clone(),
                version: before.version + 1,
                ..before.clone()
            };
            let moved = after.parent != before.parent;
            let position = match (draft.place, moved) {
                (None, false) => before.position,
                (wanted, _) => put(work, &tree, &after, wanted).await?,
            };
            let after = Category { position, ..after };
            if (Category { version: before.version, ..after.clone() }) == before {
                return Ok(work.unchanged(before.version));
            }
            if !rows::save(work.tx, &after).await? {
                return Err(Fault::stale(before.version + 1));
            }
            if moved {
                store::read_again(work.tx, AGAIN).await?;
            }
            let event = Event::new(RecordRef::new(CATEGORY_RECORD, after.id), "feedback.category_changed", *place);
            Ok(work.record(changes(event, &tree, Some(&before), &after)).await?.with(after.version))
        })
    })
    .await
}

/// Offers the category `id` no longer, or again. Old texts keep it.
///
/// # Errors
/// `feedback-category-branch` while something that is offered stands beneath it; `feedback-category-last` when nothing would be offered any
/// more; `feedback-category-above` when what stands above it is retired; `stale`; `not-found`; `forbidden`.
pub async fn retire_category(ctx: &Ctx, id: Id<CategoryId>, version: i64, retire: bool) -> Result<i64, Fault> {
    let place = place(ctx)?;
    ctx.write((id, version, retire, place), |work, (id, version, retire, place)| {
        Box::pin(async move {
            let tree = rows::tree(work.tx).await?;
            let before = tree.get(*id).cloned().ok_or_else(Fault::not_found)?;
            if before.version != *version {
                return Err(Fault::stale(before.version));
            }
            if before.retired_at.is_some() == *retire {
                return Ok(work.unchanged(before.version));
            }
            if *retire {
                if !tree.is_leaf(&before) {
                    return Err(Fault::refused("feedback-category-branch"));
                }
                if tree.leaves().count() == 1 {
                    return Err(Fault::refused("feedback-category-last"));
                }
            } else if before.parent.and_then(|id| tree.get(id)).is_some_and(|above| above.retired_at.is_some()) {
                return Err(Fault::refused("feedback-category-above"));
            }
            let after =
                Category { retired_at: retire.then_some(work.now), version: before.version + 1, ..before.clone() };
            if !rows::save(work.tx, &after).await? {
                return Err(Fault::stale(before.version + 1));
            }
            store::read_again(work.tx, AGAIN).await?;
            let verb = if *retire { "feedback.category_retired" } else { "feedback.category_restored" };
            let event = Event::new(RecordRef::new(CATEGORY_RECORD, after.id), verb, *place)
                .change("code", None, Some(after.code.clone()))
                .change("retired", Some((!*retire).to_string()), Some(retire.to_string()));
            Ok(work.record(event).await?.with(after.version))
        })
    })
    .await
}

fn changes(mut event: Event, tree: &Tree, before: Option<&Category>, after: &Category) -> Event {
    let parent = |one: &Category| one.parent.and_then(|id| tree.get(id)).map(|above| above.name_zh.clone());
    for (field, was, is) in [
        ("name_zh", before.map(|one| one.name_zh.clone()), Some(after.name_zh.clone())),
        ("name_en", before.map(|one| one.name_en.clone()), Some(after.name_en.clone())),
        ("parent", before.and_then(parent), parent(after)),
        ("position", before.map(|one| one.position.to_string()), Some(after.position.to_string())),
    ] {
        if was != is {
            event = event.change(field, was, is);
        }
    }
    event
}
