//! The tree of categories.

use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use capability::Ctx;
use kernel::{Fault, FaultKind, Id};
use web::{Choice, Conflict, Failure, Filled, Form, Lang, Page, View};

use crate::app::{self, CODE, CategoryDraft, NAME};
use crate::domain::tree::{Category, CategoryId, LEVELS, Tree};

const HERE: &str = "/settings/categories";

struct Row {
    id: Id<CategoryId>,
    depth: usize,
    name: String,
    other: String,
    code: String,
    used: String,
    href: String,
    leaf: bool,
    retired: bool,
}

#[derive(Template)]
#[template(path = "feedback_tree.html")]
struct TreePage {
    page: Page,
    rows: Vec<Row>,
    may_see: bool,
    all: bool,
    retired: usize,
}

/// `GET /settings/categories?show=all`
pub(crate) async fn list(mut page: Page, ctx: Ctx, RawQuery(query): RawQuery) -> Result<impl IntoResponse, Failure> {
    let form = Form::from_query(&query.unwrap_or_default());
    if ["added", "saved", "retired", "restored"].contains(&form.raw("done")) {
        page.flash = Some(web::Flash { text: page.word("feedback-tree-done", form.raw("done")), undo: None });
    }
    let all = form.raw("show") == "all";
    let (tree, counts) = app::tree_counted(&ctx).await?;
    let chinese = page.lang.locale.as_str().starts_with("zh");
    let retired = tree.all().filter(|(_, one)| one.retired_at.is_some()).count();
    let rows =
        tree.all().zip(counts).filter(|((_, one), _)| all || one.retired_at.is_none()).map(|((depth, one), n)| Row {
            id: one.id,
            depth,
            name: one.name_in(page.lang.locale.as_str()).to_owned(),
            other: if chinese { one.name_en.clone() } else { one.name_zh.clone() },
            code: one.code.clone(),
            used: page.capped(n, app::CATEGORY_COUNTED),
            href: format!("/feedback?show=counted&category={}", web_escape(&one.code)),
            leaf: tree.is_leaf(one),
            retired: one.retired_at.is_some(),
        });
    let rows = rows.collect();
    Ok(View(TreePage {
        rows,
        may_see: ctx.actor.holds(app::VIEW),
        all,
        retired,
        page: page.named("feedback-tree-title"),
    }))
}

fn web_escape(code: &str) -> String {
    serde_urlencoded::to_string([("", code)]).unwrap_or_default().trim_start_matches('=').to_owned()
}

#[derive(Template)]
#[template(path = "feedback_category.html")]
struct EditPage {
    page: Page,
    form: Filled,
    /// What is there; absent for a new one.
    one: Option<Category>,
    action: String,
    hidden: Vec<(String, String)>,
    conflict: Option<Conflict>,
    parents: Vec<Choice>,
}

/// Above which a category may stand: whatever is offered and not too deep.
fn parents(lang: &Lang, tree: &Tree, one: Option<Id<CategoryId>>) -> Vec<Choice> {
    let may = tree.all().filter(|(depth, node)| {
        node.retired_at.is_none() && *depth + 1 < LEVELS && tree.may_stand(one, Some(node.id)).is_ok()
    });
    may.map(|(_, node)| Choice::new(node.id.to_string(), tree.name(&node.code, lang.locale.as_str()))).collect()
}

fn render(page: Page, tree: &Tree, one: Option<Category>, form: Filled) -> EditPage {
    EditPage {
        parents: parents(&page.lang, tree, one.as_ref().map(|one| one.id)),
        action: one.as_ref().map_or_else(|| HERE.to_owned(), |one| format!("{HERE}/{}", one.id)),
        hidden: Vec::new(),
        conflict: None,
        one,
        form,
        page,
    }
}

/// What was typed, of a page or of the API.
pub(crate) fn read(form: &mut Form) -> Result<CategoryDraft, Fault> {
    let draft = CategoryDraft {
        parent: form.id_or_none("parent"),
        name_zh: form.text("name_zh", NAME),
        name_en: form.text("name_en", NAME * 2),
        place: form.number_or_none("place", 1..=400),
    };
    form.check()?;
    Ok(draft)
}

fn fields(tree: &Tree, one: &Category) -> Vec<(String, String)> {
    let place = (1_i64..).zip(tree.children(one.parent)).find(|(_, other)| other.id == one.id).map(|(n, _)| n);
    [
        ("name_zh", one.name_zh.clone()),
        ("name_en", one.name_en.clone()),
        ("parent", one.parent.map(|id| id.to_string()).unwrap_or_default()),
        ("place", place.map(|n| n.to_string()).unwrap_or_default()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .to_vec()
}

/// `GET /settings/categories/new`
pub(crate) async fn new(page: Page, ctx: Ctx) -> Result<impl IntoResponse, Failure> {
    let tree = app::tree(&ctx).await?;
    Ok(View(render(page.named("feedback-tree-new"), &tree, None, Filled::new())))
}

/// `POST /settings/categories`
pub(crate) async fn add(page: Page, ctx: Ctx, mut form: Form) -> Result<Response, Failure> {
    let code = form.text("code", CODE);
    let added = match read(&mut form) {
        Ok(draft) => app::add_category(&ctx, code, draft).await,
        Err(fault) => Err(fault),
    };
    match added {
        Ok(_) => Ok(Redirect::to(&format!("{HERE}?done=added")).into_response()),
        Err(fault) if fault.kind() == FaultKind::Invalid => {
            let tree = app::tree(&ctx).await?;
            let shown = render(page.named("feedback-tree-new"), &tree, None, form.into_filled_with(&fault));
            Ok((StatusCode::UNPROCESSABLE_ENTITY, View(shown)).into_response())
        }
        Err(fault) => Err(fault.into()),
    }
}

async fn known(ctx: &Ctx, id: i64) -> Result<(Tree, Category), Fault> {
    let tree = app::tree(ctx).await?;
    let one = tree.get(Id::new(id)).cloned().ok_or_else(Fault::not_found)?;
    Ok((tree, one))
}

/// `GET /settings/categories/{id}`
pub(crate) async fn show(page: Page, ctx: Ctx, Path(id): Path<i64>) -> Result<impl IntoResponse, Failure> {
    let (tree, one) = known(&ctx, id).await?;
    let now = fields(&tree, &one);
    let title = one.name_in(page.lang.locale.as_str()).to_owned();
    let version = one.version;
    let mut shown = render(page.titled(title), &tree, Some(one), web::filled(&now));
    shown.hidden = web::seen(version, &now);
    Ok(View(shown))
}

/// `POST /settings/categories/{id}`
pub(crate) async fn change(page: Page, ctx: Ctx, Path(id): Path<i64>, form: Form) -> Result<Response, Failure> {
    let mut form = web::taken(&form);
    let version = form.version("version")?;
    let changed = match read(&mut form) {
        Ok(draft) => app::change_category(&ctx, Id::new(id), version, draft).await,
        Err(fault) => Err(fault),
    };
    let Err(fault) = changed else { return Ok(Redirect::to(&format!("{HERE}?done=saved")).into_response()) };
    let (tree, one) = known(&ctx, id).await?;
    let title = one.name_in(page.lang.locale.as_str()).to_owned();
    match fault.kind() {
        FaultKind::Invalid => {
            let kept = form.pairs().iter().filter(|(name, _)| name.starts_with("seen.") || name == "version");
            let hidden = kept.cloned().collect();
            let mut shown = render(page.titled(title), &tree, Some(one), form.into_filled_with(&fault));
            shown.hidden = hidden;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, View(shown)).into_response())
        }
        FaultKind::Stale => {
            let lang = page.lang.clone();
            let now = fields(&tree, &one);
            let (filled, clashes) = web::clashed(&form, &now, |name| lang.word("feedback-tree", name));
            let conflict = web::conflict(&lang, "", "", version, one.version, &clashes, HERE);
            let mut shown = render(page.titled(title), &tree, Some(one.clone()), filled);
            shown.hidden = web::seen(one.version, &now);
            shown.conflict = Some(conflict);
            Ok((StatusCode::PRECONDITION_FAILED, View(shown)).into_response())
        }
        _ => Err(fault.into()),
    }
}

/// `POST /settings/categories/{id}/retire`
pub(crate) async fn retire(ctx: Ctx, Path(id): Path<i64>, form: Form) -> Result<Redirect, Failure> {
    app::retire_category(&ctx, Id::new(id), form.version("version")?, true).await?;
    Ok(Redirect::to(&format!("{HERE}?done=retired")))
}

/// `POST /settings/categories/{id}/restore`
pub(crate) async fn restore(ctx: Ctx, Path(id): Path<i64>, form: Form) -> Result<Redirect, Failure> {
    app::retire_category(&ctx, Id::new(id), form.version("version")?, false).await?;
    Ok(Redirect::to(&format!("{HERE}?done=restored")))
}
