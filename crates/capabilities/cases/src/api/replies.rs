//! Texts of replies and the rules by which they need a second yes, for programs.

use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use capability::Ctx;
use kernel::{Fault, Id};
use serde::Serialize;
use utoipa::ToSchema;
use web::{Failure, Form, IfMatch, etag};

use crate::app::{self, ReplyRule, RuleDraft, TextDraft, TextShown};
use crate::domain::{Kind, Priority};

/// A text for replies.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ReplyTextBody {
    id: String,
    name: String,
    /// For cases of this kind only.
    kind: Option<String>,
    /// For this kind of goods only.
    category: Option<String>,
    /// `zh-CN` or `en`.
    locale: String,
    /// With `{name}`, `{number}`, `{subject}`, `{product}`, `{store}`, `{phone}`, `{owner}` and `{due}` where they go.
    body: String,
    active: bool,
    version: i64,
}

/// All texts.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ReplyTextsBody {
    items: Vec<ReplyTextBody>,
}

/// A text to keep.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes what is read field by field")]
pub(super) struct NewReplyText {
    name: String,
    kind: Option<String>,
    category: Option<String>,
    /// `zh-CN` or `en`; stays once it is set.
    locale: String,
    body: String,
    /// True takes it out of the offer.
    retired: Option<bool>,
}

/// A rule by which replies need a second yes: everything that it names has to hold.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ReplyRuleBody {
    id: String,
    name: String,
    kind: Option<String>,
    /// Of cases that are at least so urgent.
    priority: Option<String>,
    category: Option<String>,
    /// When one of these is in it, one a line.
    words: Option<String>,
    /// When it names an amount of money.
    amount: bool,
    /// When the customer is upset.
    upset: bool,
    active: bool,
    version: i64,
}

/// All rules.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ReplyRulesBody {
    items: Vec<ReplyRuleBody>,
}

/// A rule to keep.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes what is read field by field")]
pub(super) struct NewReplyRule {
    name: String,
    kind: Option<String>,
    priority: Option<String>,
    category: Option<String>,
    words: Option<String>,
    amount: Option<bool>,
    upset: Option<bool>,
    /// True puts it out of force.
    retired: Option<bool>,
}

impl From<TextShown> for ReplyTextBody {
    fn from(shown: TextShown) -> Self {
        Self {
            body: shown.body().to_owned(),
            id: shown.text.id.to_string(),
            name: shown.text.name,
            kind: shown.text.kind.map(|kind| kind.to_string()),
            category: shown.text.category,
            locale: shown.text.locale,
            active: shown.text.active,
            version: shown.text.version,
        }
    }
}

impl From<ReplyRule> for ReplyRuleBody {
    fn from(rule: ReplyRule) -> Self {
        Self {
            id: rule.id.to_string(),
            name: rule.name,
            kind: rule.kind.map(|kind| kind.to_string()),
            priority: rule.priority.map(|priority| priority.to_string()),
            category: rule.category,
            words: rule.words,
            amount: rule.amount,
            upset: rule.upset,
            active: rule.active,
            version: rule.version,
        }
    }
}

/// Texts for replies with their words.
#[utoipa::path(get, path = "/api/v1/reply-texts", tag = "cases", responses((status = 200, body = ReplyTextsBody)))]
pub(super) async fn texts(ctx: Ctx) -> Result<Json<ReplyTextsBody>, Failure> {
    let items = app::reply_texts(&ctx).await?.into_iter().map(ReplyTextBody::from).collect();
    Ok(Json(ReplyTextsBody { items }))
}

fn text(form: &mut Form) -> TextDraft {
    TextDraft {
        name: form.text("name", 60),
        kind: form.choice_or_none("kind", Kind::parse),
        category: form.text_or_none("category", 40),
        locale: form.raw("locale").to_owned(),
        body: form.text("body", 5_000),
        active: !form.flag("retired"),
    }
}

/// Keeps a new text for replies.
#[utoipa::path(post, path = "/api/v1/reply-texts", tag = "cases", request_body = NewReplyText,
    responses((status = 201, body = ReplyTextBody)))]
pub(super) async fn new_text(ctx: Ctx, mut form: Form) -> Result<Response, Failure> {
    let draft = text(&mut form);
    form.check()?;
    let id = app::save_reply_text(&ctx, None, draft).await?;
    let shown = app::reply_text(&ctx, id).await?;
    Ok((StatusCode::CREATED, [etag(shown.text.version)], Json(ReplyTextBody::from(shown))).into_response())
}

/// Changes a text for replies; its words become the next version.
#[utoipa::path(patch, path = "/api/v1/reply-texts/{id}", tag = "cases", request_body = NewReplyText,
    params(("If-Match" = String, Header, description = "`\"v1\"`")),
    responses((status = 200, body = ReplyTextBody), (status = 412, description = "Changed by somebody else meanwhile")))]
pub(super) async fn change_text(
    ctx: Ctx,
    Path(id): Path<String>,
    version: Result<IfMatch, Failure>,
    mut form: Form,
) -> Result<Response, Failure> {
    let (id, IfMatch(version)) = (Id::new(id.parse().ok().ok_or_else(Fault::not_found)?), version?);
    let draft = text(&mut form);
    form.check()?;
    app::save_reply_text(&ctx, Some((id, version)), draft).await?;
    let shown = app::reply_text(&ctx, id).await?;
    Ok(([etag(shown.text.version)], Json(ReplyTextBody::from(shown))).into_response())
}

/// Rules by which replies need a second yes.
#[utoipa::path(get, path = "/api/v1/reply-rules", tag = "cases", responses((status = 200, body = ReplyRulesBody)))]
pub(super) async fn rules(ctx: Ctx) -> Result<Json<ReplyRulesBody>, Failure> {
    let items = app::reply_rules(&ctx).await?.into_iter().map(ReplyRuleBody::from).collect();
    Ok(Json(ReplyRulesBody { items }))
}

fn rule(form: &mut Form) -> RuleDraft {
    RuleDraft {
        name: form.text("name", 60),
        kind: form.choice_or_none("kind", Kind::parse),
        priority: form.choice_or_none("priority", Priority::parse),
        category: form.text_or_none("category", 40),
        words: form.text_or_none("words", 1_000),
        amount: form.flag("amount"),
        upset: form.flag("upset"),
        active: !form.flag("retired"),
    }
}

/// Keeps a new rule.
#[utoipa::path(post, path = "/api/v1/reply-rules", tag = "cases", request_body = NewReplyRule,
    responses((status = 201, body = ReplyRuleBody)))]
pub(super) async fn new_rule(ctx: Ctx, mut form: Form) -> Result<Response, Failure> {
    let draft = rule(&mut form);
    form.check()?;
    let id = app::save_reply_rule(&ctx, None, draft).await?;
    let kept = app::reply_rule(&ctx, id).await?;
    Ok((StatusCode::CREATED, [etag(kept.version)], Json(ReplyRuleBody::from(kept))).into_response())
}

/// Changes a rule.
#[utoipa::path(patch, path = "/api/v1/reply-rules/{id}", tag = "cases", request_body = NewReplyRule,
    params(("If-Match" = String, Header, description = "`\"v1\"`")),
    responses((status = 200, body = ReplyRuleBody), (status = 412, description = "Changed by somebody else meanwhile")))]
pub(super) async fn change_rule(
    ctx: Ctx,
    Path(id): Path<String>,
    version: Result<IfMatch, Failure>,
    mut form: Form,
) -> Result<Response, Failure> {
    let (id, IfMatch(version)) = (Id::new(id.parse().ok().ok_or_else(Fault::not_found)?), version?);
    let draft = rule(&mut form);
    form.check()?;
    app::save_reply_rule(&ctx, Some((id, version)), draft).await?;
    let kept = app::reply_rule(&ctx, id).await?;
    Ok(([etag(kept.version)], Json(ReplyRuleBody::from(kept))).into_response())
}
