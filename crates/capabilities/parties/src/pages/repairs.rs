//! What happened to a unit, on pages: typed in with its proof, or pasted as history; and the categories of the rules.

use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use capability::{Ctx, Upload, UploadRules};
use kernel::{Fault, FaultKind, FieldErrors, Id, of};
use web::{Choice, Failure, Filled, Form, Lang, Markup, Page, View};

use super::frame::{PEOPLE, home, some, stores};
use crate::app::{self, EDIT_SALES, PastRepairs};
use crate::domain::{DoneBy, FaultClass, RepairInput, RepairKind, masked_code};
use crate::store::{LawCategory, RepairId, UnitRepair, UnitRow};
use crate::verdict::rulebook;

#[derive(Template)]
#[template(path = "parties_repair.html")]
struct RepairPage {
    page: Page,
    unit: Id<of::SerialUnit>,
    code: String,
    product: String,
    action: String,
    version: i64,
    form: Filled,
    stale: bool,
    kinds: Vec<Choice>,
    faults: Vec<Choice>,
    doers: Vec<Choice>,
}

fn page_of(page: Page, row: &UnitRow, known: Option<&UnitRepair>, form: Filled) -> RepairPage {
    let unit = row.unit.id;
    RepairPage {
        unit,
        code: masked_code(&row.unit.serial),
        product: row.product.draft.name.clone(),
        action: match known {
            Some(one) => format!("/units/{unit}/repairs/{}", one.id),
            None => format!("/units/{unit}/repairs"),
        },
        version: known.map_or(0, |one| one.version),
        form,
        stale: false,
        kinds: page.choices("parties-repair-what", RepairKind::ALL.iter().map(|one| one.as_str())),
        faults: page.choices("parties-repair-fault", FaultClass::ALL.iter().rev().map(|one| one.as_str())),
        doers: page.choices("parties-repair-by", DoneBy::ALL.iter().map(|one| one.as_str())),
        page: page.within(PEOPLE).named(if known.is_some() { "parties-repair-change" } else { "parties-repair-new" }),
    }
}

/// `GET /units/{id}/repairs`
pub(crate) async fn new(page: Page, ctx: Ctx, Path(id): Path<i64>) -> Result<impl IntoResponse, Failure> {
    let (row, _) = app::repairs(&ctx, Id::new(id)).await?;
    ctx.require(EDIT_SALES, &row.unit)?;
    let form = Filled::new().with("what", "repair").with("fault", "performance").with("done_by", "maker");
    Ok(View(page_of(page, &row, None, form)))
}

/// `GET /units/{id}/repairs/{repair}`
pub(crate) async fn edit(
    page: Page,
    ctx: Ctx,
    Path((id, repair)): Path<(i64, i64)>,
) -> Result<impl IntoResponse, Failure> {
    let (row, all) = app::repairs(&ctx, Id::new(id)).await?;
    ctx.require(EDIT_SALES, &row.unit)?;
    let known = all.iter().find(|one| one.id.get() == repair).ok_or_else(Fault::not_found)?;
    Ok(View(page_of(page, &row, Some(known), filled(known))))
}

fn filled(known: &UnitRepair) -> Filled {
    let draft = &known.draft;
    let form = Filled::new()
        .with("what", draft.what.as_str())
        .with("body", draft.body.clone())
        .with("fault", draft.fault.as_str())
        .with("began", draft.began.to_string())
        .with("done_by", draft.done_by.as_str())
        .with("proof", draft.proof.clone().unwrap_or_default());
    let form = if draft.parts_days > 0 { form.with("parts_days", draft.parts_days.to_string()) } else { form };
    match draft.ended {
        Some(day) => form.with("ended", day.to_string()),
        None => form,
    }
}

/// Reads what was typed; a number that is none is said at its field.
pub(crate) fn input(form: &mut Form) -> RepairInput {
    RepairInput {
        what: form.raw("what").to_owned(),
        body: form.raw("body").to_owned(),
        fault: form.raw("fault").to_owned(),
        began: form.raw("began").to_owned(),
        ended: some(form, "ended"),
        parts_days: form.number_or_none("parts_days", 0..=3_650).unwrap_or(0),
        done_by: form.raw("done_by").to_owned(),
        proof: some(form, "proof"),
    }
}

/// `POST /units/{id}/repairs`
pub(crate) async fn create(page: Page, ctx: Ctx, Path(id): Path<i64>, upload: Upload) -> Result<Response, Failure> {
    sent(page, ctx, Id::new(id), None, upload).await
}

/// `POST /units/{id}/repairs/{repair}`
pub(crate) async fn change(
    page: Page,
    ctx: Ctx,
    Path((id, repair)): Path<(i64, i64)>,
    upload: Upload,
) -> Result<Response, Failure> {
    sent(page, ctx, Id::new(id), Some(Id::new(repair)), upload).await
}

async fn sent(
    page: Page,
    ctx: Ctx,
    id: Id<of::SerialUnit>,
    known: Option<Id<RepairId>>,
    upload: Upload,
) -> Result<Response, Failure> {
    let (row, all) = app::repairs(&ctx, id).await?;
    ctx.require(EDIT_SALES, &row.unit)?;
    let before = known.and_then(|known| all.iter().find(|one| one.id == known));
    if known.is_some() && before.is_none() {
        return Err(Fault::not_found().into());
    }
    let taken = upload.take(&ctx, UploadRules::STAFF).await?;
    let photos = taken.of("photo");
    let (ctx, mut form) = (taken.ctx, taken.form);
    let read = input(&mut form);
    let fault = match form.check() {
        Err(fault) => fault,
        Ok(()) => {
            let seen = match known {
                Some(known) => Some((known, form.version("version")?)),
                None => None,
            };
            match app::note_repair(&ctx, id, seen, &read, photos).await {
                Ok(_) => return Ok(Redirect::to(&format!("/units/{id}?done=repaired#repairs")).into_response()),
                Err(fault) => fault,
            }
        }
    };
    let status = match fault.kind() {
        FaultKind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        FaultKind::Stale => StatusCode::PRECONDITION_FAILED,
        _ => return Err(fault.into()),
    };
    let mut page = page_of(page, &row, before, form.into_filled_with(&fault));
    page.stale = fault.kind() == FaultKind::Stale;
    Ok((status, View(page)).into_response())
}

#[derive(Template)]
#[template(path = "parties_repairs_paste.html")]
struct PastePage {
    page: Page,
    form: Filled,
    stores: Vec<Choice>,
    home: String,
    /// Line, serial number, what is wrong.
    rows: Vec<(usize, String, String, String)>,
    good: usize,
    looked: bool,
}

/// `GET /units/repairs/paste`
pub(crate) async fn paste(page: Page, ctx: Ctx) -> impl IntoResponse {
    View(pasting(page, &ctx, Filled::new(), Vec::new()))
}

type Looked = Vec<(usize, String, String, FieldErrors)>;

fn pasting(page: Page, ctx: &Ctx, form: Filled, looked: Looked) -> PastePage {
    let lang = page.lang.clone();
    let rows: Vec<_> = looked
        .iter()
        .map(|(line, serial, body, errors)| {
            let words = errors.iter().map(|error| {
                let known = |key: String| lang.find(&key).unwrap_or_else(|| error.code.to_owned());
                format!(
                    "{} {}",
                    lang.word("parties-repair-field", &error.field),
                    known(format!("field-{}", error.code))
                )
            });
            (*line, serial.clone(), body.clone(), words.collect::<Vec<_>>().join(" · "))
        })
        .collect();
    PastePage {
        stores: stores(ctx, &lang, EDIT_SALES),
        home: home(ctx).map(|id| id.to_string()).unwrap_or_default(),
        good: looked.iter().filter(|(.., errors)| errors.is_empty()).count(),
        looked: !rows.is_empty(),
        rows,
        form,
        page: page.within(PEOPLE).named("parties-repair-paste"),
    }
}

/// Columns as a spreadsheet has them: serial, fault, class, first day, last day, days for parts, by whom, proof; between tabs or commas.
fn read_rows(text: &str) -> Vec<(usize, String, RepairInput)> {
    let mut rows = Vec::new();
    for (n, line) in text.lines().enumerate() {
        let by = if line.contains('\t') { '\t' } else { ',' };
        let cells: Vec<&str> = line.split(by).map(str::trim).collect();
        let cell = |at: usize| cells.get(at).copied().unwrap_or_default();
        let first = cell(0);
        if first.is_empty() || matches!(first.to_lowercase().as_str(), "序列号" | "serial" | "sn") {
            continue;
        }
        let class = match cell(2) {
            "性能故障" => "performance",
            "质量问题" => "minor",
            "严重故障" => "serious",
            "无故障" => "none",
            other => other,
        };
        let by = match cell(6) {
            "厂家" | "厂家代修" => "maker",
            "本店" | "自修" => "own",
            other => other,
        };
        let input = RepairInput {
            what: "repair".to_owned(),
            body: cell(1).to_owned(),
            fault: class.to_owned(),
            began: cell(3).to_owned(),
            ended: Some(cell(4).to_owned()).filter(|day| !day.is_empty()),
            parts_days: if cell(5).is_empty() { 0 } else { cell(5).parse().unwrap_or(-1) },
            done_by: by.to_owned(),
            proof: Some(cell(7).to_owned()).filter(|proof| !proof.is_empty()),
        };
        rows.push((n + 1, first.to_owned(), input));
    }
    rows
}

/// `POST /units/repairs/paste`: a look at every row; the good ones are saved when that is asked for.
pub(crate) async fn pasted(page: Page, ctx: Ctx, mut form: Form) -> Result<Response, Failure> {
    let rows = read_rows(form.raw("text"));
    let store = form.id::<of::Unit>("store");
    if rows.is_empty() {
        form.reject("text", "required");
    }
    if form.check().is_err() {
        let page = pasting(page, &ctx, form.into_filled(), Vec::new());
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, View(page)).into_response());
    }
    let store = form.need(store)?;
    let past: PastRepairs = rows.iter().map(|(_, serial, input)| (serial.clone(), input.clone())).collect();
    if form.raw("save") == "yes" {
        app::save_repairs(&ctx, store, past.clone()).await?;
    }
    let errors = app::look_repairs(&ctx, store, past).await?;
    if form.raw("save") == "yes" && errors.iter().all(|one| one.iter().all(|error| error.code == "taken")) {
        return Ok(Redirect::to("/units").into_response());
    }
    let looked = rows
        .into_iter()
        .zip(errors)
        .map(|((line, serial, input), errors)| (line, masked_code(&serial), input.body, errors));
    Ok(View(pasting(page, &ctx, form.into_filled(), looked.collect())).into_response())
}

#[derive(Template)]
#[template(path = "parties_law.html")]
struct LawPage {
    page: Page,
    rows: Vec<LawRow>,
    choices: Vec<Choice>,
    refusal: Option<Markup>,
}

struct LawRow {
    goods: String,
    name: String,
    law: String,
    version: i64,
    missing: bool,
}

async fn laws(page: Page, ctx: &Ctx, refusal: Option<Markup>) -> Result<LawPage, Fault> {
    let lang = page.lang.clone();
    let book = rulebook()?;
    let named = |one: LawCategory| LawRow {
        name: name_of(&lang, &one.goods),
        missing: one.law.is_empty(),
        goods: one.goods,
        law: one.law,
        version: one.version,
    };
    let mut choices: Vec<Choice> = book
        .categories()
        .iter()
        .map(|one| Choice::new(one.id.clone(), lang.word("remedies-category", &one.id)))
        .collect();
    choices.push(Choice::new("other", lang.t("remedies-category-other")));
    let rows = app::law_categories(ctx).await?.into_iter().map(named).collect();
    Ok(LawPage { rows, choices, refusal, page: page.named("parties-law-title") })
}

fn name_of(lang: &Lang, goods: &str) -> String {
    lang.find(&format!("parties-law-goods-{}", goods.replace('_', "-"))).unwrap_or_default()
}

/// `GET /settings/law-categories`
pub(crate) async fn law(page: Page, ctx: Ctx, RawQuery(query): RawQuery) -> Result<impl IntoResponse, Failure> {
    let mut page = page;
    if Form::from_query(&query.unwrap_or_default()).raw("done") == "placed" {
        page.flash = Some(web::Flash { text: page.t("parties-law-placed"), undo: None });
    }
    Ok(View(laws(page, &ctx, None).await?))
}

/// `POST /settings/law-categories`
pub(crate) async fn place(page: Page, ctx: Ctx, form: Form) -> Result<Response, Failure> {
    let version = form.version("version")?;
    match app::place_goods(&ctx, form.raw("goods"), form.raw("law"), version).await {
        Ok(()) => Ok(Redirect::to("/settings/law-categories?done=placed").into_response()),
        Err(fault) if matches!(fault.kind(), FaultKind::Invalid | FaultKind::Stale) => {
            let status = if fault.kind() == FaultKind::Stale {
                StatusCode::PRECONDITION_FAILED
            } else {
                StatusCode::UNPROCESSABLE_ENTITY
            };
            let refusal = web::notice(&page.lang, &fault);
            Ok((status, View(laws(page, &ctx, Some(refusal)).await?)).into_response())
        }
        Err(fault) => Err(fault.into()),
    }
}
