//! Use cases around feedback.

mod batch;
mod improve;
mod label;
mod learn;
mod suggest;
mod tree;

pub use batch::{Act, Done, Picked, act, put_back, take_back};
pub use improve::{
    Draft as ImprovementDraft, Effect, IMPROVE, IMPROVEMENT, Improvements, PUBLISH, Tied, WEEKS, Whole, begin,
    begin_within, change as change_improvement, change_within, improvement, improvements, names_somebody,
    of_case as improvements_of, publish, published, tie,
};
pub use label::{label, label_within};
pub use learn::{learn, learn_soon};
pub(crate) use suggest::{Models, suggest_unread};
pub use tree::{
    CATEGORIES, CATEGORY_RECORD, COUNTED as CATEGORY_COUNTED, CategoryDraft, add_category, change_category,
    retire_category, tree, tree_counted,
};
pub(crate) use tree::{CODE, NAME};

use capability::{Ctx, PermissionDef};
use kernel::{Cursor, Fault, Id, Permission, Scope, of};

use crate::domain::tree::Tree;
use crate::domain::{self, FEWEST, Source};
use crate::store::{self, Filter, Item, ModelRow};

/// See the inbox.
pub const VIEW: Permission = Permission("feedback.view");
/// Decide about category, sentiment, urgency and spam.
pub const LABEL: Permission = Permission("feedback.label");
/// Let the program learn at once.
pub const TRAIN: Permission = Permission("feedback.train");

/// The job that learns.
pub(crate) const LEARN: &str = "feedback.learn";

/// All of them with the roles that hold them by default.
pub const PERMISSIONS: &[PermissionDef] = &[
    PermissionDef {
        permission: VIEW,
        defaults: &[
            ("clerk", Scope::Store),
            ("store_manager", Scope::Store),
            ("region_manager", Scope::Region),
            ("headquarters_quality", Scope::Company),
            ("assessor", Scope::Company),
            ("trainer", Scope::Company),
        ],
    },
    PermissionDef {
        permission: LABEL,
        defaults: &[
            ("clerk", Scope::Store),
            ("store_manager", Scope::Store),
            ("region_manager", Scope::Region),
            ("headquarters_quality", Scope::Company),
        ],
    },
    PermissionDef {
        permission: IMPROVE,
        defaults: &[
            ("clerk", Scope::Store),
            ("store_manager", Scope::Store),
            ("region_manager", Scope::Region),
            ("headquarters_quality", Scope::Company),
        ],
    },
    PermissionDef {
        permission: PUBLISH,
        defaults: &[
            ("store_manager", Scope::Store),
            ("region_manager", Scope::Region),
            ("headquarters_quality", Scope::Company),
        ],
    },
    PermissionDef {
        permission: CATEGORIES,
        defaults: &[("headquarters_quality", Scope::Company), ("administrator", Scope::Company)],
    },
    PermissionDef { permission: TRAIN, defaults: &[("headquarters_quality", Scope::Company)] },
];

/// Counts go up to here, then "1000+" is shown.
pub const COUNTED: i64 = 1_000;
/// Most copies that are shown beside a text.
const COPIES: i64 = 5;
/// How long a text is remembered for copies of it: a week, in milliseconds. Somebody who says it again on another channel does so soon.
pub(crate) const REMEMBERED: i64 = 7 * 86_400_000;

/// An item with what the customer said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The item.
    pub item: Item,
    /// The case in a few words.
    pub subject: String,
    /// What the customer said, whole.
    pub text: String,
    /// Who, as everybody may see it.
    pub customer: String,
    /// Whose it is; `None` when the customer stays unnamed.
    pub customer_id: Option<Id<of::Customer>>,
}

/// One page of items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// In their order.
    pub rows: Vec<Entry>,
    /// Where the next page begins.
    pub next: Option<Cursor>,
}

/// Items within the actor's reach: undecided ones the most urgent first, decided ones the newest first.
///
/// # Errors
/// What the database says.
pub async fn list(ctx: &Ctx, filter: Filter, after: Option<Cursor>, limit: u16) -> Result<Page, Fault> {
    let input = (filter, ctx.reach(VIEW), after, i64::from(limit));
    ctx.read(input, |tx, (filter, reach, after, limit)| {
        Box::pin(async move {
            let mut items = store::list(tx, filter, reach, *after, *limit + 1).await?;
            let shown = usize::try_from(*limit).unwrap_or(usize::MAX);
            let more = items.len() > shown;
            items.truncate(shown);
            let next = items.last().filter(|_| more).map(|item| Cursor {
                key: match filter.show {
                    store::Show::Open => item.turn,
                    store::Show::Screened => item.received_at.millis(),
                    _ => item.labelled_at.unwrap_or(item.received_at).millis(),
                },
                id: item.case.get(),
            });
            Ok(Page { rows: entries(tx, items).await?, next })
        })
    })
    .await
}

/// The items with what was said, in their order.
pub(crate) async fn entries(tx: &mut db::Tx, items: Vec<Item>) -> Result<Vec<Entry>, Fault> {
    let ids: Vec<Id<of::Case>> = items.iter().map(|item| item.case).collect();
    let mut cases = cases::store::get_many(tx, &ids).await?;
    let told = items.into_iter().filter_map(|item| {
        let case = cases.remove(&item.case)?;
        let customer = [case.customer_name.as_str(), case.phone_masked.as_str()];
        Some(Entry {
            customer: customer.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · "),
            text: domain::text(&case.subject, &case.body),
            customer_id: case.customer,
            subject: case.subject,
            item,
        })
    });
    Ok(told.collect())
}

/// How many items each filter shows, up to [`COUNTED`] + 1.
///
/// # Errors
/// What the database says.
pub async fn counts(ctx: &Ctx, filters: Vec<Filter>) -> Result<Vec<i64>, Fault> {
    ctx.read((filters, ctx.reach(VIEW)), |tx, (filters, reach)| {
        Box::pin(async move {
            let mut counts = Vec::new();
            for filter in filters {
                counts.push(store::count(tx, filter, reach, COUNTED + 1).await?);
            }
            Ok(counts)
        })
    })
    .await
}

/// By which kinds of channels undecided items came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BySource {
    /// Each kind with how many, and how many of upset customers, the most first.
    pub rows: Vec<(Source, i64, i64)>,
    /// There are more than were counted.
    pub more: bool,
}

/// By which kinds of channels the undecided items came that `filter` shows, up to [`COUNTED`].
///
/// # Errors
/// What the database says.
pub async fn by_source(ctx: &Ctx, filter: Filter) -> Result<BySource, Fault> {
    let filter = Filter { show: store::Show::Open, sources: Vec::new(), ..filter };
    ctx.read((filter, ctx.reach(VIEW)), |tx, (filter, reach)| {
        Box::pin(async move {
            let rows = store::by_source(tx, filter, reach, COUNTED).await?;
            let all: i64 = rows.iter().map(|(_, n, _)| n).sum();
            Ok(BySource { rows, more: all >= COUNTED })
        })
    })
    .await
}

/// One item with everything that helps to decide about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detail {
    /// The item.
    pub entry: Entry,
    /// Texts of the same store with the same letters, within reach, oldest first.
    pub copies: Vec<Item>,
    /// The categories.
    pub tree: Tree,
}

/// The item of `case`, if the actor may see it.
///
/// # Errors
/// `not-found`.
pub async fn get(ctx: &Ctx, case: Id<of::Case>) -> Result<Detail, Fault> {
    let detail = ctx
        .read(case, |tx, case| {
            Box::pin(async move {
                let item = store::get(tx, *case).await?.ok_or_else(Fault::not_found)?;
                let copies = store::copies(tx, &item, item.received_at.plus(-REMEMBERED), COPIES).await?;
                let tree = store::tree::tree(tx).await?;
                let entry = entries(tx, vec![item]).await?.pop().ok_or_else(Fault::not_found)?;
                Ok::<_, Fault>(Detail { entry, copies, tree })
            })
        })
        .await?;
    ctx.require(VIEW, &detail.entry.item)?;
    let copies = detail.copies.into_iter().filter(|copy| ctx.actor.may(VIEW, copy)).collect();
    Ok(Detail { copies, ..detail })
}

/// What the program has learned so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Learned {
    /// The newest model.
    pub model: Option<ModelRow>,
    /// Decided texts, counted up to [`FEWEST`], when there is no model yet.
    pub decided: i64,
}

/// What the program has learned so far, over the whole company: it says nothing about any one text.
///
/// # Errors
/// What the database says.
pub async fn learned(ctx: &Ctx) -> Result<Learned, Fault> {
    ctx.read((), |tx, ()| {
        Box::pin(async move {
            let model = store::model(tx).await?;
            let decided = match model {
                Some(_) => FEWEST,
                None => {
                    let taught = store::taught(tx, None, FEWEST).await?;
                    i64::try_from(taught.len()).unwrap_or(FEWEST)
                }
            };
            Ok::<_, Fault>(Learned { model, decided })
        })
    })
    .await
}
