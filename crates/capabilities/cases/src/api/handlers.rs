use axum::Json;
use axum::extract::{Path, Query, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use capability::Ctx;
use kernel::{Cursor, Fault, FieldErrors, Id, of};
use serde::Deserialize;
use web::{Failure, IfMatch, Lang, Sent, etag};

use super::body::{
    Happened, Line, Lines, LinkBody, NewCase, NewLink, NewMessage, PostedBody, Standing, TimelineBody, Whole, choice,
    id,
};
use crate::app::files::NewFiles;
use crate::app::input::{self, CommandInput};
use crate::app::{self, Filter, NewReply, Order};
use crate::domain::{Category, Channel, CommandName, Kind, Priority, Purpose, StateName, Visibility, Way};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    category: Option<String>,
    state: Option<String>,
    kind: Option<String>,
    channel: Option<String>,
    via: Option<String>,
    priority: Option<String>,
    owner: Option<String>,
    store: Option<String>,
    customer_id: Option<String>,
    symptom: Option<String>,
    goods: Option<String>,
    cause: Option<String>,
    due_before: Option<String>,
    happened_from: Option<String>,
    happened_before: Option<String>,
    q: Option<String>,
    order: Option<String>,
    after: Option<String>,
    limit: Option<String>,
}

impl Wanted {
    fn read(self, ctx: &Ctx) -> Result<(Filter, Order, Option<Cursor>), Fault> {
        let mut errors = FieldErrors::default();
        let at = |errors: &mut FieldErrors, field: &str, typed: Option<&str>| {
            let typed = typed?;
            let read = typed.parse().ok();
            if read.is_none() {
                errors.add(field, "moment");
            }
            read
        };
        let filter = Filter {
            categories: words(&mut errors, "category", self.category.as_deref(), Category::parse),
            states: words(&mut errors, "state", self.state.as_deref(), StateName::parse),
            kinds: words(&mut errors, "kind", self.kind.as_deref(), Kind::parse),
            channels: words(&mut errors, "channel", self.channel.as_deref(), Channel::parse),
            via: self.via.as_deref().and_then(|typed| id(&mut errors, "via", typed)),
            priorities: words(&mut errors, "priority", self.priority.as_deref(), Priority::parse),
            owners: words(&mut errors, "owner", self.owner.as_deref(), |typed| match typed {
                "me" => ctx.actor.user,
                typed => typed.parse().ok(),
            }),
            stores: words(&mut errors, "store", self.store.as_deref(), |code| {
                ctx.house.identity.directories().now().store_by_code(code).map(|store| store.id)
            }),
            customer: self.customer_id.as_deref().and_then(|typed| id(&mut errors, "customer_id", typed)),
            due_before: at(&mut errors, "due_before", self.due_before.as_deref()),
            happened_from: at(&mut errors, "happened_from", self.happened_from.as_deref()),
            happened_before: at(&mut errors, "happened_before", self.happened_before.as_deref()),
            symptom: self.symptom,
            goods: words(&mut errors, "goods", self.goods.as_deref(), |code| Some(code.to_owned())),
            causes: words(&mut errors, "cause", self.cause.as_deref(), |code| Some(code.to_owned())),
            text: self.q,
            ..Filter::default()
        };
        let order = match self.order.as_deref() {
            None | Some("newest") => Order::Newest,
            Some("oldest") => Order::Oldest,
            Some("due") => Order::Due,
            Some("due_last") => Order::DueLast,
            Some(_) => {
                errors.add("order", "unknown");
                Order::Newest
            }
        };
        let after = cursor(&mut errors, self.after.as_deref());
        errors.check()?;
        Ok((filter, order, after))
    }
}

fn words<T>(errors: &mut FieldErrors, field: &str, typed: Option<&str>, parse: impl Fn(&str) -> Option<T>) -> Vec<T> {
    let typed = typed.unwrap_or_default().split(',').map(str::trim).filter(|word| !word.is_empty());
    let read: Option<Vec<T>> = typed.map(parse).collect();
    if read.is_none() {
        errors.add(field, "unknown");
    }
    read.unwrap_or_default()
}

pub(super) fn cursor(errors: &mut FieldErrors, typed: Option<&str>) -> Option<Cursor> {
    let typed = typed?;
    let read = typed.parse().ok();
    if read.is_none() {
        errors.add("after", "unknown");
    }
    read
}

/// What is no id names no case.
pub(super) fn read_id(text: &str) -> Result<Id<of::Case>, Fault> {
    text.parse().ok().ok_or_else(Fault::not_found)
}

/// Cases within reach.
#[utoipa::path(get, path = "/api/v1/cases", tag = "cases",
    params(("category" = Option<String>, Query, description = "open, waiting, resolved, closed, void; several with commas"),
        ("state" = Option<String>, Query, description = "States; several with commas"),
        ("kind" = Option<String>, Query, description = "Kinds; several with commas"),
        ("channel" = Option<String>, Query, description = "Channels; several with commas"),
        ("goods" = Option<String>, Query, description = "Kinds of goods, by code (`/api/v1/lists/goods`); several with commas"),
        ("cause" = Option<String>, Query, description = "Causes, by code (`/api/v1/lists/causes`); several with commas"),
        ("via" = Option<String>, Query, description = "Id of a registered channel"),
        ("priority" = Option<String>, Query, description = "Priorities; several with commas"),
        ("owner" = Option<String>, Query, description = "Ids of people, or `me`; several with commas"),
        ("store" = Option<String>, Query, description = "Codes of stores; several with commas"),
        ("customer_id" = Option<String>, Query, description = "Id of a customer"),
        ("symptom" = Option<String>, Query, description = "Code of a symptom"),
        ("due_before" = Option<String>, Query, description = "Nearest deadline before, RFC 3339"),
        ("happened_from" = Option<String>, Query, description = "Came at or after, RFC 3339"),
        ("happened_before" = Option<String>, Query, description = "Came before, RFC 3339"),
        ("q" = Option<String>, Query, description = "Words, number, phone tail, serial"),
        ("order" = Option<String>, Query, description = "`newest` (default), `oldest`, `due` or `due_last`"),
        ("after" = Option<String>, Query, description = "Cursor from `next`"),
        ("limit" = Option<u16>, Query, description = "Rows, 1 to 1000; 50 when left out")),
    responses((status = 200, body = Lines)))]
pub(super) async fn list(ctx: Ctx, Query(wanted): Query<Wanted>) -> Result<Json<Lines>, Failure> {
    let limit = web::rows(wanted.limit.as_deref(), 50, 1_000)?;
    let (filter, order, after) = wanted.read(&ctx)?;
    let page = app::list(&ctx, filter, order, after, limit).await?;
    let items = page.rows.into_iter().map(|row| Line::of(&ctx, row)).collect();
    Ok(Json(Lines { items, next: page.next.map(|next| next.to_string()) }))
}

/// The cases of such a list, all of them, as comma-separated values for spreadsheets: masked, in the reader's language. Who
/// exported what is in the journal. A transfer that ends early was cut off; nothing is left out silently.
#[utoipa::path(get, path = "/api/v1/cases/export", tag = "cases",
    params(("category" = Option<String>, Query, description = "open, waiting, resolved, closed, void; several with commas"),
        ("state" = Option<String>, Query, description = "States; several with commas"),
        ("kind" = Option<String>, Query, description = "Kinds; several with commas"),
        ("channel" = Option<String>, Query, description = "Channels; several with commas"),
        ("goods" = Option<String>, Query, description = "Kinds of goods, by code (`/api/v1/lists/goods`); several with commas"),
        ("cause" = Option<String>, Query, description = "Causes, by code (`/api/v1/lists/causes`); several with commas"),
        ("via" = Option<String>, Query, description = "Id of a registered channel"),
        ("priority" = Option<String>, Query, description = "Priorities; several with commas"),
        ("owner" = Option<String>, Query, description = "Ids of people, or `me`; several with commas"),
        ("store" = Option<String>, Query, description = "Codes of stores; several with commas"),
        ("customer_id" = Option<String>, Query, description = "Id of a customer"),
        ("due_before" = Option<String>, Query, description = "Nearest deadline before, RFC 3339"),
        ("happened_from" = Option<String>, Query, description = "Came at or after, RFC 3339"),
        ("happened_before" = Option<String>, Query, description = "Came before, RFC 3339"),
        ("q" = Option<String>, Query, description = "Words, number, phone tail, serial"),
        ("order" = Option<String>, Query, description = "`newest` (default), `oldest`, `due` or `due_last`")),
    responses((status = 200, content_type = "text/csv", body = String)))]
pub(super) async fn export(
    ctx: Ctx,
    lang: Lang,
    RawQuery(query): RawQuery,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Failure> {
    let (filter, order, _) = wanted.read(&ctx)?;
    Ok(crate::pages::export::file(ctx, lang, filter, order, query.unwrap_or_default()).await?)
}

/// Takes a case in.
#[utoipa::path(post, path = "/api/v1/cases", tag = "cases", request_body = NewCase,
    responses((status = 201, body = Standing), (status = 200, body = Standing, description = "The external id had come before"),
        (status = 404, description = "The store is out of reach"), (status = 422, description = "Fields that cannot be taken")))]
pub(super) async fn create(ctx: Ctx, Sent(body): Sent<NewCase>) -> Result<Response, Failure> {
    let by_id = body.names_customer();
    let taken = app::take_in(&ctx, body.read(&ctx)?).await;
    let taken = taken.map_err(|fault| if by_id { renamed(&fault, "customer", "customer_id") } else { fault })?;
    let status = if taken.existed { StatusCode::OK } else { StatusCode::CREATED };
    let location = (axum::http::header::LOCATION, format!("/api/v1/cases/{}", taken.id));
    let version = etag(taken.version);
    Ok((status, [location], [version], Json(Standing::taken_in(taken))).into_response())
}

/// `fault` with what it says of the field `from` said of `to`, for members that are not called as the use case calls them.
fn renamed(fault: &Fault, from: &str, to: &str) -> Fault {
    if fault.fields().of(from).is_none() {
        return fault.clone();
    }
    let mut errors = FieldErrors::default();
    for error in fault.fields().iter() {
        errors.add_with(if error.field == from { to } else { &error.field }, error.code, error.args.clone());
    }
    Fault::invalid(errors)
}

/// One case.
#[utoipa::path(get, path = "/api/v1/cases/{id}", tag = "cases",
    responses((status = 200, body = Whole), (status = 404, description = "Unknown or out of reach")))]
pub(super) async fn show(ctx: Ctx, Path(id): Path<String>) -> Result<Response, Failure> {
    let detail = app::detail(&ctx, read_id(&id)?).await?;
    let version = etag(detail.case.version);
    Ok(([version], Json(Whole::of(&ctx, detail))).into_response())
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct PageWanted {
    after: Option<String>,
    limit: Option<String>,
}

/// What happened to a case, newest first.
#[utoipa::path(get, path = "/api/v1/cases/{id}/timeline", tag = "cases",
    params(("after" = Option<String>, Query, description = "Cursor from `next`"),
        ("limit" = Option<u16>, Query, description = "Rows, 1 to 200; 20 when left out")),
    responses((status = 200, body = TimelineBody)))]
pub(super) async fn timeline(
    ctx: Ctx,
    Path(id): Path<String>,
    Query(wanted): Query<PageWanted>,
) -> Result<Json<TimelineBody>, Failure> {
    let mut errors = FieldErrors::default();
    let after = cursor(&mut errors, wanted.after.as_deref());
    errors.check()?;
    let limit = web::rows(wanted.limit.as_deref(), 20, 200)?;
    let page = app::timeline(&ctx, read_id(&id)?, after, limit).await?;
    let items = page.items.into_iter().map(Happened::of).collect();
    Ok(Json(TimelineBody { items, next: page.next.map(|next| next.to_string()) }))
}

/// Writes to the customer, or among staff.
#[utoipa::path(post, path = "/api/v1/cases/{id}/messages", tag = "cases", request_body = NewMessage,
    responses((status = 201, body = PostedBody)))]
pub(super) async fn post_message(
    ctx: Ctx,
    Path(id): Path<String>,
    Sent(body): Sent<NewMessage>,
) -> Result<Response, Failure> {
    let id = read_id(&id)?;
    let mut errors = FieldErrors::default();
    let visibility = choice(&mut errors, "visibility", Some(&body.visibility), Visibility::parse, None);
    let way = body.way.as_deref().filter(|way| !way.is_empty());
    let way = way.and_then(|way| choice(&mut errors, "way", Some(way), Way::parse, None));
    errors.check()?;
    let visibility = visibility.ok_or_else(|| Fault::field("visibility", "choose"))?;
    let new = NewReply { visibility, body: body.body, files: NewFiles::default(), way };
    let posted = app::post_reply(&ctx, id, new).await?;
    Ok((
        StatusCode::CREATED,
        Json(PostedBody { id: posted.id.to_string(), version: posted.version, held: posted.held }),
    )
        .into_response())
}

/// Makes a link for the customer.
#[utoipa::path(post, path = "/api/v1/cases/{id}/links", tag = "cases", request_body = NewLink,
    responses((status = 201, body = LinkBody)))]
pub(super) async fn issue_link(
    ctx: Ctx,
    Path(id): Path<String>,
    Sent(body): Sent<NewLink>,
) -> Result<Response, Failure> {
    let id = read_id(&id)?;
    let purpose = Purpose::parse(body.purpose.trim()).ok_or_else(|| Fault::field("purpose", "choose"))?;
    let issued = app::issue_link(&ctx, id, purpose).await?;
    let body = LinkBody {
        path: app::link_path(purpose, &issued.token),
        expires_at: issued.expires_at.map(|at| at.to_string()),
    };
    Ok((StatusCode::CREATED, Json(body)).into_response())
}

/// Carries out a command: accept, assign, analyse, propose, confirm, decline, wait, resume, resolve, close, reopen, reject, cancel
/// or merge. Needs `If-Match` with the version that the caller has seen. Without more said, `accept` takes the case for the caller,
/// with the priority and kind that it has.
#[utoipa::path(post, path = "/api/v1/cases/{id}/{command}", tag = "cases", request_body = CommandInput,
    params(("command" = CommandName, Path, description = "The command"), ("If-Match" = String, Header, description = "`\"v7\"`")),
    responses((status = 200, body = Standing), (status = 409, description = "The case's state forbids it"),
        (status = 412, description = "Changed by somebody else"), (status = 428, description = "If-Match is missing")))]
pub(super) async fn command(
    ctx: Ctx,
    Path((id, name)): Path<(String, String)>,
    version: Result<IfMatch, Failure>,
    Sent(mut input): Sent<CommandInput>,
) -> Result<Response, Failure> {
    let id = read_id(&id)?;
    let name = CommandName::parse(&name).ok_or_else(Fault::not_found)?;
    let IfMatch(version) = version?;
    if name == CommandName::Accept {
        complete(&ctx, id, &mut input).await?;
    }
    let changed = app::command(&ctx, id, version, input::command(name, &input)?).await?;
    let version = etag(changed.version);
    Ok(([version], Json(Standing::changed(changed))).into_response())
}

/// What the caller of `accept` has left out: the caller takes it, as it is. A change in between is caught by the version.
async fn complete(ctx: &Ctx, id: Id<of::Case>, input: &mut CommandInput) -> Result<(), Fault> {
    let given = |typed: &Option<String>| typed.as_deref().is_some_and(|typed| !typed.trim().is_empty());
    if !given(&input.owner) {
        input.owner = ctx.actor.user.map(|user| user.to_string());
    }
    if given(&input.priority) && given(&input.kind) {
        return Ok(());
    }
    let case = app::detail(ctx, id).await?.case;
    if !given(&input.priority) {
        input.priority = Some(case.priority.to_string());
    }
    if !given(&input.kind) {
        input.kind = Some(case.kind.to_string());
    }
    Ok(())
}
