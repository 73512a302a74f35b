use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use capability::Ctx;
use kernel::{Fault, FaultKind, Id, of};
use web::{Choice, Failure, Filled, Form, Page, View};

use super::improve::{self, Beside};
use super::shown::{self, Row};
use crate::app::{self, CODE};
use crate::domain::tree::Tree;
use crate::domain::{Labels, Sentiment, Suggestions};
use crate::store::{Filter, Item};

#[derive(Template)]
#[template(path = "feedback_detail.html")]
struct DetailPage {
    page: Page,
    row: Row,
    suggestions: Suggestions,
    copies: Vec<Copy>,
    categories: Vec<Choice>,
    sentiments: Vec<Choice>,
    form: Filled,
    stale: bool,
    labelled_by: String,
    improve: Option<Beside>,
    tree: Tree,
    may_edit: bool,
}

/// A text with the same letters.
struct Copy {
    case: Id<of::Case>,
    number: String,
    at: String,
}

/// `GET /feedback/{id}`: the text whole, what is suggested and why, and the decision.
pub(crate) async fn show(page: Page, ctx: Ctx, Path(id): Path<i64>) -> Result<impl IntoResponse, Failure> {
    Ok(View(render(page, &ctx, Id::new(id), None, false).await?))
}

async fn render(
    page: Page,
    ctx: &Ctx,
    id: Id<of::Case>,
    form: Option<Filled>,
    stale: bool,
) -> Result<DetailPage, Fault> {
    let detail = app::get(ctx, id).await?;
    let item = &detail.entry.item;
    let suggestions = item.suggestions.clone().unwrap_or_default();
    let form = form.unwrap_or_else(|| begun(item, &suggestions));
    let improve = improve::beside(ctx, &page.lang, item, &form).await?;
    let directory = ctx.house.identity.directories().now();
    let labelled_by = item.labelled_by.and_then(|user| directory.user_name(user)).unwrap_or_default().to_owned();
    let copies = detail.copies.into_iter().map(|copy| Copy {
        case: copy.case,
        at: page.at(copy.received_at),
        number: copy.number,
    });
    let copies = copies.collect();
    let tree = detail.tree;
    let kept = detail.entry.item.labels.as_ref().and_then(|labels| labels.category.as_deref());
    let categories = shown::categories(&page.lang, &tree, kept);
    Ok(DetailPage {
        categories,
        may_edit: ctx.actor.holds(app::CATEGORIES),
        sentiments: page.choices("feedback-sentiment", Sentiment::ALL.map(Sentiment::as_str)),
        row: Row::of(ctx, &page.lang, detail.entry),
        copies,
        suggestions,
        form,
        stale,
        labelled_by,
        improve,
        tree,
        page: page.named("feedback-detail-title"),
    })
}

/// The page with what was wrong about an improvement.
pub(super) async fn again(
    page: Page,
    ctx: Ctx,
    id: Id<of::Case>,
    form: Form,
    fault: &Fault,
) -> Result<Response, Failure> {
    let page = render(page, &ctx, id, Some(form.into_filled_with(fault)), false).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, View(page)).into_response())
}

/// What is decided, else what is suggested.
fn begun(item: &Item, suggestions: &Suggestions) -> Filled {
    let suggested = |one: &Option<crate::domain::Suggested>| one.as_ref().map(|one| one.label.clone());
    let (category, sentiment, urgent, spam) = match &item.labels {
        Some(labels) => {
            (labels.category.clone(), Some(labels.sentiment.as_str().to_owned()), labels.urgent, labels.spam)
        }
        None => (
            suggested(&suggestions.category),
            suggested(&suggestions.sentiment),
            !suggestions.urgent.is_empty(),
            !suggestions.spam.is_empty(),
        ),
    };
    let mut filled = Filled::new();
    for (name, value) in [
        ("category", category),
        ("sentiment", sentiment),
        ("urgent", urgent.then(|| "yes".to_owned())),
        ("spam", spam.then(|| "yes".to_owned())),
    ] {
        if let Some(value) = value {
            filled = filled.with(name, value);
        }
    }
    filled
}

/// What a person decided.
pub(crate) fn read(form: &mut Form) -> (Option<Sentiment>, Option<String>, bool, bool) {
    let category = form.text_or_none("category", CODE);
    let spam = form.flag("spam");
    let sentiment = match spam {
        true => Some(form.choice_or_none("sentiment", Sentiment::parse).unwrap_or(Sentiment::Neutral)),
        false => form.choice("sentiment", Sentiment::parse),
    };
    (sentiment, category, form.flag("urgent"), spam)
}

/// `POST /feedback/{id}/labels`: decides, then goes on with the next undecided text, or back to the list when asked so.
pub(crate) async fn label(page: Page, ctx: Ctx, Path(id): Path<i64>, mut form: Form) -> Result<Response, Failure> {
    let id = Id::<of::Case>::new(id);
    let version = form.version("version")?;
    let (sentiment, category, urgent, spam) = read(&mut form);
    let done = match (form.check(), sentiment) {
        (Err(fault), _) => Err(fault),
        (Ok(()), None) => Err(Fault::field("sentiment", "required")),
        (Ok(()), Some(sentiment)) => app::label(&ctx, id, version, Labels { category, sentiment, urgent, spam }).await,
    };
    let fault = match done {
        Ok(_) if form.raw("then") == "list" => return Ok(Redirect::to("/feedback").into_response()),
        Ok(_) => {
            let next = app::list(&ctx, Filter::default(), None, 1).await?.rows.into_iter().next();
            let href = next.map_or_else(|| "/feedback".to_owned(), |next| format!("/feedback/{}", next.item.case));
            return Ok(Redirect::to(&href).into_response());
        }
        Err(fault) => fault,
    };
    let status = match fault.kind() {
        FaultKind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        FaultKind::Stale => StatusCode::PRECONDITION_FAILED,
        _ => return Err(fault.into()),
    };
    let stale = fault.kind() == FaultKind::Stale;
    let detail = render(page, &ctx, id, Some(form.into_filled_with(&fault)), stale).await?;
    Ok((status, View(detail)).into_response())
}
