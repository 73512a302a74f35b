//! Call-back campaigns for programs.

use axum::Json;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use capability::Ctx;
use cases::domain::Kind;
use kernel::{Cursor, Day, Fault, Id, Timestamp, of};
use serde::Serialize;
use utoipa::ToSchema;
use web::{Failure, Form, IfMatch, Lang, etag};

use crate::app::campaign as app;
use crate::domain::campaign::{ContactState, Outcome, Pool};
use crate::store::campaign::{Campaign, CampaignId, Contact, ContactId, Progress, Show};

/// Rows per page when the caller does not say.
const ROWS: i64 = 50;

/// A list of customers to be called.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CallbackOut {
    id: String,
    title: String,
    #[schema(value_type = String)]
    owner: Id<of::User>,
    goal: String,
    script: String,
    #[schema(value_type = String)]
    due_on: Day,
    /// From where it was drawn.
    pool: Pool,
    /// Nobody is called again within so many days.
    quiet_days: i64,
    /// Low ratings join by themselves.
    joins_low: bool,
    /// Left out: no number, does not want it, called not long ago.
    left_no_phone: i64,
    left_refused: i64,
    left_recent: i64,
    /// Who would have fitted when the list was full.
    beyond: i64,
    /// Customers within your reach.
    customers: i64,
    waiting: i64,
    reached: i64,
    /// Not reached, or they do not want it.
    over: i64,
    /// Bad answers, and those of which nothing has come yet.
    bad: i64,
    follow: i64,
    /// How many gave a score, and the sum of the scores.
    scored: i64,
    scores: i64,
    #[schema(value_type = String)]
    created_at: Timestamp,
    #[schema(value_type = Option<String>)]
    closed_at: Option<Timestamp>,
    version: i64,
}

impl CallbackOut {
    fn of(one: Campaign, progress: Progress) -> Self {
        Self {
            id: one.id.to_string(),
            title: one.title,
            owner: one.owner,
            goal: one.goal,
            script: one.script,
            due_on: one.due_on,
            pool: one.wanted.pool,
            quiet_days: one.quiet_days,
            joins_low: one.joins_low,
            left_no_phone: one.left.0,
            left_refused: one.left.1,
            left_recent: one.left.2,
            beyond: one.beyond,
            customers: progress.all,
            waiting: progress.waiting,
            reached: progress.reached,
            over: progress.over,
            bad: progress.bad,
            follow: progress.follow,
            scored: progress.scored,
            scores: progress.scores,
            created_at: one.created_at,
            closed_at: one.closed_at,
            version: one.version,
        }
    }
}

/// A customer of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CallbackCustomerOut {
    id: String,
    /// The case because of which they are called.
    #[schema(value_type = Option<String>)]
    case: Option<Id<of::Case>>,
    /// Or the sale.
    #[schema(value_type = Option<String>)]
    sale: Option<Id<of::Sale>>,
    /// The number of the case or of the receipt.
    number: String,
    #[schema(value_type = String)]
    store: Id<of::Unit>,
    #[schema(value_type = String)]
    customer: Id<of::Customer>,
    name: String,
    /// As everybody may see it.
    phone: String,
    state: ContactState,
    /// Joined because of a low rating.
    joined: bool,
    tries: i64,
    #[schema(value_type = String)]
    next_at: Timestamp,
    score: Option<i64>,
    /// The answer was bad and nothing has come of it yet.
    follow: bool,
    /// The case that came of it.
    #[schema(value_type = Option<String>)]
    follow_case: Option<Id<of::Case>>,
    /// The ETag of its calls.
    version: i64,
}

impl From<Contact> for CallbackCustomerOut {
    fn from(one: Contact) -> Self {
        Self {
            id: one.id.to_string(),
            case: one.case,
            sale: one.sale,
            number: one.number,
            store: one.store,
            customer: one.customer,
            name: one.name,
            phone: one.phone_masked,
            state: one.state,
            joined: one.joined,
            tries: one.tries,
            next_at: one.next_at,
            score: one.score,
            follow: one.follow,
            follow_case: one.follow_case,
            version: one.version,
        }
    }
}

/// Lists, the newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CallbackListOut {
    items: Vec<CallbackOut>,
    /// Give it as `after` for the next page.
    next: Option<String>,
}

/// A list with one page of its customers.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CallbackWholeOut {
    #[serde(flatten)]
    campaign: CallbackOut,
    customers_page: Vec<CallbackCustomerOut>,
    /// Give it as `after` for the next page.
    next: Option<String>,
}

/// Whom to call, and what for.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes what is read field by field")]
pub(crate) struct CallbackIn {
    title: String,
    /// Id of who answers for it.
    owner: String,
    goal: String,
    script: String,
    /// 2026-12-31
    due_on: String,
    /// Whom from; closed cases when left out.
    pool: Option<Pool>,
    /// Closed, ended or bought on this day or later.
    from: String,
    /// Closed, ended or bought on this day or before.
    to: String,
    /// Ids of stores; all within reach when left out.
    stores: Option<Vec<String>>,
    /// Kinds of case; all when left out.
    kinds: Option<Vec<String>>,
    /// Part of the product's name.
    product: Option<String>,
    /// Rated so or worse, 1 to 5.
    rating: Option<i64>,
    /// Levels of complaints, s1 to s4; all when left out.
    severities: Option<Vec<String>>,
    /// Causes of complaints, by code (`/api/v1/lists/causes`); any when left out.
    causes: Option<Vec<String>>,
    /// Customers of whom nothing was heard for so many days.
    silent_days: Option<i64>,
    /// Nobody is called again within so many days, 90 when left out.
    quiet_days: Option<i64>,
    /// Low ratings join by themselves.
    joins_low: Option<bool>,
}

/// What came of a call.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes what is read field by field")]
pub(crate) struct CallIn {
    result: Outcome,
    /// 1 to 5, of who was reached.
    score: Option<i64>,
    /// What was said; needed for a score of 2 and below.
    note: Option<String>,
    /// When to try again; tomorrow when left out.
    next_at: Option<String>,
}

/// What a bad answer becomes.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes what is read field by field")]
pub(crate) struct FollowIn {
    /// complaint or feedback.
    kind: String,
}

/// The case that came of a bad answer.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FollowOut {
    #[schema(value_type = String)]
    case: Id<of::Case>,
}

fn cursor(form: &mut Form) -> Option<Cursor> {
    if !form.has("after") {
        return None;
    }
    let after = form.raw("after").parse::<Cursor>().ok();
    if after.is_none() {
        form.reject("after", "unknown");
    }
    after
}

/// Call-back campaigns with customers within reach.
#[utoipa::path(get, path = "/api/v1/callbacks", tag = "collection",
    params(
        ("show" = Option<String>, Query, description = "open (default) or closed"),
        ("after" = Option<String>, Query, description = "`next` of the page before"),
        ("limit" = Option<i64>, Query, description = "1 to 100, default 50"),
    ),
    responses((status = 200, body = CallbackListOut)))]
pub(crate) async fn list(ctx: Ctx, RawQuery(query): RawQuery) -> Result<Json<CallbackListOut>, Failure> {
    let mut form = Form::from_query(&query.unwrap_or_default());
    let (after, limit) = (cursor(&mut form), form.number_or_none("limit", 1..=100).unwrap_or(ROWS));
    form.check()?;
    let found = app::campaigns(&ctx, form.raw("show") != "closed", after, limit).await?;
    let items = found.rows.into_iter().map(|(one, progress)| CallbackOut::of(one, progress)).collect();
    Ok(Json(CallbackListOut { items, next: found.next.map(|cursor| cursor.to_string()) }))
}

fn read_id<T>(text: &str) -> Result<Id<T>, Fault> {
    text.parse().ok().ok_or_else(Fault::not_found)
}

async fn answered(
    ctx: &Ctx,
    id: Id<CampaignId>,
    show: Show,
    after: Option<Cursor>,
    limit: i64,
    status: StatusCode,
) -> Result<Response, Failure> {
    let whole = app::campaign(ctx, id, show, after, limit).await?;
    let version = whole.campaign.version;
    let out = CallbackWholeOut {
        campaign: CallbackOut::of(whole.campaign, whole.progress),
        customers_page: whole.rows.into_iter().map(CallbackCustomerOut::from).collect(),
        next: whole.next.map(|cursor| cursor.to_string()),
    };
    Ok((status, [etag(version)], Json(out)).into_response())
}

/// Draws a list of customers and begins its campaign.
#[utoipa::path(post, path = "/api/v1/callbacks", tag = "collection", request_body = CallbackIn,
    responses((status = 201, body = CallbackWholeOut), (status = 422, description = "The fields that are wrong, or nobody to call")))]
pub(crate) async fn begin(ctx: Ctx, mut form: Form) -> Result<Response, Failure> {
    let plan = crate::pages::campaign::read_plan(&mut form)?;
    let id = app::begin(&ctx, plan).await?;
    answered(&ctx, id, Show::Waiting, None, ROWS, StatusCode::CREATED).await
}

/// A campaign with its customers.
#[utoipa::path(get, path = "/api/v1/callbacks/{id}", tag = "collection",
    params(
        ("show" = Option<String>, Query, description = "waiting (default), follow, reached, over"),
        ("after" = Option<String>, Query, description = "`next` of the page before"),
        ("limit" = Option<i64>, Query, description = "1 to 100, default 50"),
    ),
    responses((status = 200, body = CallbackWholeOut), (status = 404, description = "Unknown or out of reach")))]
pub(crate) async fn show(ctx: Ctx, Path(id): Path<String>, RawQuery(query): RawQuery) -> Result<Response, Failure> {
    let mut form = Form::from_query(&query.unwrap_or_default());
    let (after, limit) = (cursor(&mut form), form.number_or_none("limit", 1..=100).unwrap_or(ROWS));
    let show = form.choice_or_none("show", Show::parse).unwrap_or_default();
    form.check()?;
    answered(&ctx, read_id(&id)?, show, after, limit, StatusCode::OK).await
}

/// Ends a campaign.
#[utoipa::path(post, path = "/api/v1/callbacks/{id}/close", tag = "collection",
    params(("If-Match" = String, Header, description = "`\"v1\"`")),
    responses((status = 200, body = CallbackWholeOut), (status = 412, description = "Changed by somebody else meanwhile")))]
pub(crate) async fn close(
    ctx: Ctx,
    Path(id): Path<String>,
    version: Result<IfMatch, Failure>,
) -> Result<Response, Failure> {
    let (id, IfMatch(version)) = (read_id(&id)?, version?);
    app::close(&ctx, id, version).await?;
    answered(&ctx, id, Show::Waiting, None, ROWS, StatusCode::OK).await
}

/// The results of a campaign as a table for spreadsheets, masked; that it was taken is in the journal.
#[utoipa::path(get, path = "/api/v1/callbacks/{id}/results", tag = "collection",
    responses((status = 200, content_type = "text/csv", body = String), (status = 404, description = "Unknown or out of reach")))]
pub(crate) async fn results(ctx: Ctx, lang: Lang, Path(id): Path<String>) -> Result<Response, Failure> {
    Ok(crate::pages::results::file(ctx, lang, read_id(&id)?).await?)
}

/// Notes a call to a customer of a list.
#[utoipa::path(post, path = "/api/v1/callbacks/customers/{id}/calls", tag = "collection", request_body = CallIn,
    params(("If-Match" = String, Header, description = "`\"v1\"`")),
    responses((status = 200, body = CallbackCustomerOut), (status = 409, description = "Outside of the hours, or nobody to call any more"),
        (status = 412, description = "Called by somebody else meanwhile")))]
pub(crate) async fn note(
    ctx: Ctx,
    lang: Lang,
    Path(id): Path<String>,
    version: Result<IfMatch, Failure>,
    mut form: Form,
) -> Result<Response, Failure> {
    let (id, IfMatch(version)): (Id<ContactId>, _) = (read_id(&id)?, version?);
    let call = crate::pages::campaign::read_call(&mut form, &lang)?;
    let contact = app::note(&ctx, id, version, call).await?;
    Ok(([etag(contact.version)], Json(CallbackCustomerOut::from(contact))).into_response())
}

/// Makes a case of a bad answer.
#[utoipa::path(post, path = "/api/v1/callbacks/customers/{id}/case", tag = "collection", request_body = FollowIn,
    params(("If-Match" = String, Header, description = "`\"v1\"`")),
    responses((status = 201, body = FollowOut), (status = 409, description = "There is one already")))]
pub(crate) async fn follow(
    ctx: Ctx,
    Path(id): Path<String>,
    version: Result<IfMatch, Failure>,
    mut form: Form,
) -> Result<Response, Failure> {
    let (id, IfMatch(version)): (Id<ContactId>, _) = (read_id(&id)?, version?);
    let kind = form.choice("kind", Kind::parse);
    form.check()?;
    let case = app::follow_up(&ctx, id, version, form.need(kind)?).await?;
    Ok((StatusCode::CREATED, Json(FollowOut { case })).into_response())
}
