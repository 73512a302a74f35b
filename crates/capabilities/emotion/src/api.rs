//! Upset customers for programs.

use axum::Json;
use axum::extract::{Path, RawQuery};
use axum::response::{IntoResponse, Response};
use capability::Ctx;
use kernel::{Cursor, Fault, Id, Timestamp, of};
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};
use web::{Failure, Form, IfMatch, etag};

use crate::app::{self, Detail, REASON};
use crate::domain::{Ended, Language, Level, Role, Source};
use crate::store::{Care, Rules};

/// A flag.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FlagOut {
    level: Level,
    source: Source,
    /// The customer's words by which it was raised.
    words: Vec<String>,
    /// The version of the rules by which they were found.
    rules_version: Option<i64>,
    /// Why staff say so.
    reason: Option<String>,
    #[schema(value_type = String)]
    at: Timestamp,
    ended: Option<Ended>,
    #[schema(value_type = Option<String>)]
    ended_at: Option<Timestamp>,
    ended_reason: Option<String>,
}

/// A hand-over to somebody more senior.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HandOverOut {
    #[schema(value_type = String)]
    to: Id<of::User>,
    note: Option<String>,
    #[schema(value_type = String)]
    asked_at: Timestamp,
    #[schema(value_type = Option<String>)]
    accepted_at: Option<Timestamp>,
}

/// A cooling call-back.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CoolingOut {
    /// Its id in the call log.
    call: String,
    #[schema(value_type = String)]
    caller: Id<of::User>,
    #[schema(value_type = String)]
    due_at: Timestamp,
    #[schema(value_type = Option<String>)]
    done_at: Option<Timestamp>,
    note: Option<String>,
}

/// The feelings of one customer in one case.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EmotionOut {
    #[schema(value_type = String)]
    case: Id<of::Case>,
    /// How upset now; absent when calm.
    level: Option<Level>,
    /// Newest first.
    flags: Vec<FlagOut>,
    hand_overs: Vec<HandOverOut>,
    calls: Vec<CoolingOut>,
}

impl From<Detail> for EmotionOut {
    fn from(detail: Detail) -> Self {
        let level = detail.standing().map(|flag| flag.level);
        Self {
            case: detail.case.id,
            level,
            flags: detail
                .flags
                .into_iter()
                .map(|flag| FlagOut {
                    level: flag.level,
                    source: flag.source,
                    words: flag.words,
                    rules_version: flag.rules_version,
                    reason: flag.reason,
                    at: flag.raised_at,
                    ended: flag.ended,
                    ended_at: flag.ended_at,
                    ended_reason: flag.ended_reason,
                })
                .collect(),
            hand_overs: detail
                .hand_overs
                .into_iter()
                .filter(|one| one.dropped_at.is_none())
                .map(|one| HandOverOut {
                    to: one.to,
                    note: one.note,
                    asked_at: one.asked_at,
                    accepted_at: one.accepted_at,
                })
                .collect(),
            calls: detail
                .calls
                .into_iter()
                .map(|call| CoolingOut {
                    call: call.id.to_string(),
                    caller: call.caller,
                    due_at: call.due_at,
                    done_at: call.done_at,
                    note: call.note,
                })
                .collect(),
        }
    }
}

/// Says that a customer is upset.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes what is read field by field")]
pub(crate) struct RaiseIn {
    level: Level,
    reason: String,
}

/// Says that a customer is upset no more.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes what is read field by field")]
pub(crate) struct EndIn {
    /// calmed or mistaken.
    ended: Ended,
    ended_reason: String,
}

/// Asks somebody more senior to take the case over.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes what is read field by field")]
pub(crate) struct HandOverIn {
    /// Id of a person.
    to: String,
    note: Option<String>,
}

/// Plans a cooling call-back.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes what is read field by field")]
pub(crate) struct CoolingIn {
    /// After so many hours, 1 to 336.
    hours: i64,
    /// Id of a person, not the one who has the case.
    caller: String,
}

/// A word of care.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes what is read field by field")]
pub(crate) struct CareIn {
    /// Id of a person whom one leads.
    who: String,
    text: String,
}

/// A word of care.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CareOut {
    #[schema(value_type = String)]
    id: Id<crate::store::CareId>,
    #[schema(value_type = String)]
    case: Id<of::Case>,
    #[schema(value_type = String)]
    to: Id<of::User>,
    #[schema(value_type = String)]
    by: Id<of::User>,
    text: String,
    #[schema(value_type = String)]
    at: Timestamp,
    #[schema(value_type = Option<String>)]
    read_at: Option<Timestamp>,
}

/// One page of words of care.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CareListOut {
    items: Vec<CareOut>,
    /// Give it as `after` for the next page.
    next: Option<String>,
}

/// The words and times in force. Lists hold one word a line.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EmotionRulesOut {
    version: i64,
    /// Working minutes until the next answer.
    answer_upset: i64,
    answer_very_upset: i64,
    /// Hours until the suggested call-back.
    cooling_hours: i64,
    zh_upset: String,
    zh_very_upset: String,
    /// A leading `+` marks what only looks like a negation.
    zh_negation: String,
    en_upset: String,
    en_very_upset: String,
    en_negation: String,
}

/// A change of the rules; what is left out stays.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes what is read field by field")]
pub(crate) struct EmotionRulesIn {
    change_reason: String,
    answer_upset: Option<i64>,
    answer_very_upset: Option<i64>,
    cooling_hours: Option<i64>,
    zh_upset: Option<String>,
    zh_very_upset: Option<String>,
    zh_negation: Option<String>,
    en_upset: Option<String>,
    en_very_upset: Option<String>,
    en_negation: Option<String>,
}

impl From<Rules> for EmotionRulesOut {
    fn from(rules: Rules) -> Self {
        let list = |language, role| rules.lexicon.of(language, role).join("\n");
        Self {
            version: rules.version,
            answer_upset: rules.answer_upset,
            answer_very_upset: rules.answer_very_upset,
            cooling_hours: rules.cooling_hours,
            zh_upset: list(Language::Zh, Role::Upset),
            zh_very_upset: list(Language::Zh, Role::VeryUpset),
            zh_negation: list(Language::Zh, Role::Negation),
            en_upset: list(Language::En, Role::Upset),
            en_very_upset: list(Language::En, Role::VeryUpset),
            en_negation: list(Language::En, Role::Negation),
        }
    }
}

/// What is no id names no case.
fn read_id(text: &str) -> Result<Id<of::Case>, Fault> {
    text.parse().ok().ok_or_else(Fault::not_found)
}

async fn answered(ctx: &Ctx, id: Id<of::Case>) -> Result<Json<EmotionOut>, Failure> {
    Ok(Json(app::detail(ctx, id).await?.into()))
}

/// The feelings of the customer of a case.
#[utoipa::path(get, path = "/api/v1/cases/{id}/emotion", tag = "emotion",
    responses((status = 200, body = EmotionOut), (status = 404, description = "Unknown or out of reach")))]
pub(crate) async fn show(ctx: Ctx, Path(id): Path<String>) -> Result<Json<EmotionOut>, Failure> {
    answered(&ctx, read_id(&id)?).await
}

/// Says that the customer is upset, with a reason.
#[utoipa::path(post, path = "/api/v1/cases/{id}/emotion/raise", tag = "emotion", request_body = RaiseIn,
    responses((status = 200, body = EmotionOut), (status = 409, description = "Said already"), (status = 422, description = "No reason")))]
pub(crate) async fn raise(ctx: Ctx, Path(id): Path<String>, mut form: Form) -> Result<Json<EmotionOut>, Failure> {
    let id = read_id(&id)?;
    let level = form.choice("level", Level::parse);
    let reason = form.text("reason", REASON);
    form.check()?;
    app::raise(&ctx, id, form.need(level)?, &reason).await?;
    answered(&ctx, id).await
}

/// Says that the customer is upset no more, or never was, with a reason.
#[utoipa::path(post, path = "/api/v1/cases/{id}/emotion/end", tag = "emotion", request_body = EndIn,
    responses((status = 200, body = EmotionOut), (status = 409, description = "Nothing stands")))]
pub(crate) async fn end(ctx: Ctx, Path(id): Path<String>, mut form: Form) -> Result<Json<EmotionOut>, Failure> {
    let id = read_id(&id)?;
    let ended = form.choice("ended", |word| Ended::parse(word).filter(|ended| *ended != Ended::Raised));
    let reason = form.text("ended_reason", REASON);
    form.check()?;
    app::end(&ctx, id, form.need(ended)?, &reason).await?;
    answered(&ctx, id).await
}

/// Asks somebody more senior to take the case over.
#[utoipa::path(post, path = "/api/v1/cases/{id}/emotion/hand-over", tag = "emotion", request_body = HandOverIn,
    responses((status = 200, body = EmotionOut), (status = 422, description = "Nobody senior to the case")))]
pub(crate) async fn hand_over(ctx: Ctx, Path(id): Path<String>, mut form: Form) -> Result<Json<EmotionOut>, Failure> {
    let id = read_id(&id)?;
    let to = form.id("to");
    let note = form.text_or_none("note", REASON);
    form.check()?;
    app::hand_over(&ctx, id, form.need(to)?, note).await?;
    answered(&ctx, id).await
}

/// Takes over what one was asked to take over.
#[utoipa::path(post, path = "/api/v1/cases/{id}/emotion/take-over", tag = "emotion",
    responses((status = 200, body = EmotionOut), (status = 409, description = "Not asked")))]
pub(crate) async fn take_over(ctx: Ctx, Path(id): Path<String>) -> Result<Json<EmotionOut>, Failure> {
    let id = read_id(&id)?;
    app::accept(&ctx, id).await?;
    answered(&ctx, id).await
}

/// Plans a call-back some hours later by somebody else than whoever has the case.
#[utoipa::path(post, path = "/api/v1/cases/{id}/emotion/call", tag = "emotion", request_body = CoolingIn,
    responses((status = 200, body = EmotionOut), (status = 409, description = "One is planned already, or there is nobody to call")))]
pub(crate) async fn call(ctx: Ctx, Path(id): Path<String>, mut form: Form) -> Result<Json<EmotionOut>, Failure> {
    let id = read_id(&id)?;
    let hours = form.number("hours", 1..=336);
    let caller = form.id("caller");
    form.check()?;
    app::plan_call(&ctx, id, form.need(hours)?, form.need(caller)?).await?;
    answered(&ctx, id).await
}

/// Writes a word of care to somebody whom one leads; only the two and whoever leads them read it.
#[utoipa::path(post, path = "/api/v1/cases/{id}/emotion/care", tag = "emotion", request_body = CareIn,
    responses((status = 200, body = CareListOut), (status = 422, description = "Nobody whom one leads")))]
pub(crate) async fn care(ctx: Ctx, Path(id): Path<String>, mut form: Form) -> Result<Json<CareListOut>, Failure> {
    let id = read_id(&id)?;
    let who = form.id("who");
    let text = form.text("text", REASON);
    form.check()?;
    app::comfort(&ctx, id, form.need(who)?, &text).await?;
    cared(&ctx, None).await
}

async fn cared(ctx: &Ctx, after: Option<Cursor>) -> Result<Json<CareListOut>, Failure> {
    let page = app::cares(ctx, after).await?;
    let out = |care: Care| CareOut {
        id: care.id,
        case: care.case,
        to: care.to,
        by: care.by,
        text: care.text,
        at: care.written_at,
        read_at: care.read_at,
    };
    let items = page.rows.into_iter().map(out).collect();
    Ok(Json(CareListOut { items, next: page.next.map(|cursor| cursor.to_string()) }))
}

/// Words of care for and from oneself, and those of the people whom one leads.
#[utoipa::path(get, path = "/api/v1/care", tag = "emotion",
    params(("after" = Option<String>, Query, description = "`next` of the page before")),
    responses((status = 200, body = CareListOut)))]
pub(crate) async fn cares(ctx: Ctx, RawQuery(query): RawQuery) -> Result<Json<CareListOut>, Failure> {
    let mut form = Form::from_query(&query.unwrap_or_default());
    let after = form.has("after").then(|| form.raw("after").parse::<Cursor>());
    if matches!(after, Some(Err(()))) {
        form.reject("after", "unknown");
    }
    form.check()?;
    cared(&ctx, after.and_then(Result::ok)).await
}

/// The words that show an upset customer, and the times that follow.
#[utoipa::path(get, path = "/api/v1/emotion/rules", tag = "emotion", responses((status = 200, body = EmotionRulesOut)))]
pub(crate) async fn rules(ctx: Ctx) -> Result<Response, Failure> {
    let rules = app::newest(&ctx).await?;
    Ok(([etag(rules.version)], Json(EmotionRulesOut::from(rules))).into_response())
}

/// Makes a new version of the rules.
#[utoipa::path(patch, path = "/api/v1/emotion/rules", tag = "emotion", request_body = EmotionRulesIn,
    params(("If-Match" = String, Header, description = "`\"v1\"`")),
    responses((status = 200, body = EmotionRulesOut), (status = 412, description = "Changed by somebody else meanwhile")))]
pub(crate) async fn save_rules(
    ctx: Ctx,
    version: Result<IfMatch, Failure>,
    mut form: Form,
) -> Result<Response, Failure> {
    let IfMatch(version) = version?;
    let base = app::newest(&ctx).await?;
    let draft = crate::pages::rules::read(&mut form, version, Some(&base));
    form.check()?;
    app::save_rules(&ctx, draft).await?;
    rules(ctx).await
}

#[derive(OpenApi)]
#[openapi(
    paths(show, raise, end, hand_over, take_over, call, care, cares, rules, save_rules),
    components(schemas(
        EmotionOut,
        FlagOut,
        HandOverOut,
        CoolingOut,
        RaiseIn,
        EndIn,
        HandOverIn,
        CoolingIn,
        CareIn,
        CareOut,
        CareListOut,
        EmotionRulesOut,
        EmotionRulesIn
    ))
)]
struct Description;

pub(crate) fn openapi() -> utoipa::openapi::OpenApi {
    Description::openapi()
}
