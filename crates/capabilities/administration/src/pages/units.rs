use askama::Template;
use axum::extract::Path;
use axum::http::Uri;
use axum::response::{IntoResponse, Response};
use capability::Ctx;
use identity::{Unit, UnitDraft, UnitKind};
use kernel::{Fault, Id, of};
use web::{Choice, Failure, Filled, Form, Page, View};

use super::history::{Happened, history};
use super::{go_to, in_tree_order, refilled, unit_choices, unprocessable, with_done};
use crate::app::units;
use crate::domain::{place_of_unit, unit_record};
use crate::permissions::{UNITS_EDIT, UNITS_VIEW};

struct Row {
    href: String,
    name: String,
    code: String,
    kind: &'static str,
    /// Thin lines before the name, one per level.
    indent: String,
    people: usize,
    phone: String,
    address: String,
    active: bool,
}

#[derive(Template)]
#[template(path = "administration_units.html")]
struct ListPage {
    page: Page,
    rows: Vec<Row>,
    stores: usize,
    may_add: bool,
}

/// `GET /settings/units`: the whole tree; its shape is no secret among staff who may see it at all.
pub(crate) async fn list(page: Page, ctx: Ctx, uri: Uri) -> Result<Response, Failure> {
    let page = with_done(page, &uri, &["unit-created", "unit-saved"]).named("administration-units-title");
    let directory = ctx.house.identity.directories().now();
    // Units that only hold restricted files are no places of the organisation.
    let sealed = ctx.reach(UNITS_VIEW).except;
    let shown = in_tree_order(&directory).into_iter().filter(|row| !sealed.contains(&row.unit.id));
    let rows = shown.map(|row| Row {
        href: format!("/settings/units/{}", row.unit.id),
        name: row.unit.name_in(page.lang.locale.as_str()).to_owned(),
        code: row.unit.code.clone(),
        kind: row.unit.kind.as_str(),
        indent: "\u{3000}".repeat(row.depth),
        people: directory.users_of_store(row.unit.id).count(),
        phone: row.unit.phone.clone().unwrap_or_default(),
        address: row.unit.address.clone().unwrap_or_default(),
        active: row.unit.active,
    });
    let rows = rows.collect();
    let stores = directory.stores().filter(|store| store.active).count();
    Ok(View(ListPage { rows, stores, may_add: ctx.actor.holds(UNITS_EDIT), page }).into_response())
}

#[derive(Template)]
#[template(path = "administration_unit.html")]
struct UnitPage {
    page: Page,
    form: Filled,
    action: String,
    version: Option<i64>,
    /// The kind of a known unit; it never changes.
    kind: Option<&'static str>,
    kinds: Vec<Choice>,
    parents: Vec<Choice>,
    may_edit: bool,
    history: Vec<Happened>,
}

fn unit_page(
    ctx: &Ctx,
    page: Page,
    unit: Option<(&Unit, i64)>,
    form: Filled,
    history: Vec<Happened>,
) -> View<UnitPage> {
    let directory = ctx.house.identity.directories().now();
    let reach = ctx.reach(UNITS_EDIT);
    let page = match unit {
        Some((unit, _)) => page.titled(unit.name_in(ctx.locale.as_str()).to_owned()),
        None => page.named("administration-unit-new"),
    };
    let in_reach = |id: Id<of::Unit>| reach.covers(&place_of_unit(directory.tree(), id));
    let may_stand_below = |above: &Unit| match unit {
        Some((unit, _)) => {
            unit.kind.fits_below(above.kind)
                && !above.path.contains(&unit.id)
                && (in_reach(above.id) || unit.parent == Some(above.id))
        }
        None => in_reach(above.id),
    };
    let kinds = UnitKind::ALL.iter().filter(|kind| **kind != UnitKind::Company);
    View(UnitPage {
        action: unit.map_or_else(|| "/settings/units".to_owned(), |(unit, _)| format!("/settings/units/{}", unit.id)),
        version: unit.map(|(_, version)| version),
        kind: unit.map(|(unit, _)| unit.kind.as_str()),
        kinds: kinds.map(|kind| Choice::new(kind.as_str(), page.word("identity-unit", kind.as_str()))).collect(),
        parents: unit_choices(&page, &directory, may_stand_below),
        may_edit: unit.is_none_or(|(unit, _)| in_reach(unit.id)),
        history,
        form,
        page,
    })
}

fn draft_of(form: &mut Form, known: Option<&Unit>) -> Result<UnitDraft, Fault> {
    let kind = match known {
        Some(unit) => Some(unit.kind),
        None => form.choice("kind", |word| UnitKind::parse(word).filter(|kind| *kind != UnitKind::Company)),
    };
    let parent = form.id_or_none("parent");
    let kind = form.need(kind)?;
    Ok(UnitDraft {
        parent,
        kind,
        code: form.raw("code").to_owned(),
        name: form.raw("name").to_owned(),
        name_en: Some(form.raw("name_en").to_owned()),
        zone: form.raw("zone").to_owned(),
        phone: Some(form.raw("phone").to_owned()),
        address: Some(form.raw("address").to_owned()),
        active: form.flag("active"),
    })
}

/// `GET /settings/units/new?parent=`
pub(crate) async fn new(page: Page, ctx: Ctx, uri: Uri) -> Result<Response, Failure> {
    let query = Form::from_query(uri.query().unwrap_or_default());
    let form = Filled::new()
        .with("kind", "store")
        .with("parent", query.raw("parent"))
        .with("zone", ctx.house.zone.name())
        .with("active", "on");
    Ok(unit_page(&ctx, page, None, form, Vec::new()).into_response())
}

/// `POST /settings/units`
pub(crate) async fn create(page: Page, ctx: Ctx, mut form: Form) -> Result<Response, Failure> {
    let done = match draft_of(&mut form, None) {
        Ok(draft) => units::create(&ctx, draft).await,
        Err(fault) => Err(fault),
    };
    match done {
        Ok(_) => Ok(go_to("/settings/units?done=unit-created")),
        Err(fault) => Ok(unprocessable(unit_page(&ctx, page, None, refilled(form, fault)?, Vec::new()))),
    }
}

fn known(ctx: &Ctx, id: i64) -> Result<Unit, Fault> {
    ctx.house.identity.directories().now().unit(Id::new(id)).cloned().ok_or_else(Fault::not_found)
}

/// `GET /settings/units/{id}`
pub(crate) async fn show(page: Page, ctx: Ctx, Path(id): Path<i64>) -> Result<Response, Failure> {
    let unit = known(&ctx, id)?;
    let form = Filled::new()
        .with("parent", unit.parent.map(|parent| parent.to_string()).unwrap_or_default())
        .with("code", unit.code.as_str())
        .with("name", unit.name.as_str())
        .with("name_en", unit.name_en.clone().unwrap_or_default())
        .with("zone", unit.zone.name())
        .with("phone", unit.phone.clone().unwrap_or_default())
        .with("address", unit.address.clone().unwrap_or_default())
        .with("active", if unit.active { "on" } else { "" });
    let history = history(&ctx, &page, unit_record(unit.id)).await?;
    Ok(unit_page(&ctx, page, Some((&unit, unit.version)), form, history).into_response())
}

/// `POST /settings/units/{id}`
pub(crate) async fn save(page: Page, ctx: Ctx, Path(id): Path<i64>, mut form: Form) -> Result<Response, Failure> {
    let unit = known(&ctx, id)?;
    let version = form.version("version")?;
    let done = match draft_of(&mut form, Some(&unit)) {
        Ok(draft) => units::save(&ctx, unit.id, version, draft).await,
        Err(fault) => Err(fault),
    };
    match done {
        Ok(()) => Ok(go_to("/settings/units?done=unit-saved")),
        Err(fault) => {
            let form = refilled(form, fault)?;
            let history = history(&ctx, &page, unit_record(unit.id)).await?;
            Ok(unprocessable(unit_page(&ctx, page, Some((&unit, version)), form, history)))
        }
    }
}
