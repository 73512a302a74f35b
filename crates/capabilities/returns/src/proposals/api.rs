//! Proposals for programs.

use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use capability::Ctx;
use kernel::{Fault, Id, Money, Timestamp};
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};
use web::{Failure, Form, IfMatch};

use super::app;
use super::domain::{ProposalAct, ProposalKind, ProposalProof, ProposalState, Side};
use super::store::Proposal;
use crate::store::ReturnId;

/// An offer of ours or what the customer asks, on top of the law.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProposalOut {
    /// Its number in the return, from 1.
    number: i64,
    side: Side,
    kind: ProposalKind,
    /// In fen.
    #[schema(value_type = i64)]
    amount: Money,
    /// What a gesture costs us, in fen.
    #[schema(value_type = i64)]
    cost: Money,
    body: String,
    /// From then on it cannot be taken.
    #[schema(value_type = Option<String>)]
    valid_until: Option<Timestamp>,
    state: ProposalState,
    proof: Option<ProposalProof>,
    note: Option<String>,
    #[schema(value_type = String)]
    made_at: Timestamp,
    #[schema(value_type = Option<String>)]
    ended_at: Option<Timestamp>,
}

impl From<Proposal> for ProposalOut {
    fn from(one: Proposal) -> Self {
        Self {
            number: one.seq,
            side: one.side,
            kind: one.kind,
            amount: one.amount,
            cost: one.cost,
            body: one.body,
            valid_until: one.valid_until,
            state: one.state,
            proof: one.proof,
            note: one.note,
            made_at: one.made_at,
            ended_at: one.ended_at,
        }
    }
}

async fn all(ctx: &Ctx, id: Id<ReturnId>, status: StatusCode) -> Result<Response, Failure> {
    let all: Vec<ProposalOut> = app::list(ctx, id).await?.into_iter().map(ProposalOut::from).collect();
    Ok((status, Json(all)).into_response())
}

/// The proposals of a return, oldest first.
#[utoipa::path(
    get,
    path = "/api/v1/returns/{id}/proposals",
    tag = "returns",
    params(("id" = String, Path, description = "The return")),
    responses((status = 200, body = Vec<ProposalOut>), (status = 404, description = "No such return within reach"))
)]
pub(crate) async fn list(ctx: Ctx, Path(id): Path<i64>) -> Result<Response, Failure> {
    all(&ctx, Id::new(id), StatusCode::OK).await
}

/// What is proposed.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes what is read field by field")]
pub(crate) struct ProposalIn {
    side: Side,
    kind: ProposalKind,
    /// In fen; of an extra.
    amount: Option<i64>,
    /// In fen; of a gesture.
    cost: Option<i64>,
    body: String,
    /// The last day, 2026-11-30; ours needs one.
    valid: Option<String>,
}

/// Makes an offer, or enters what the customer asks; it answers what stood.
#[utoipa::path(
    post,
    path = "/api/v1/returns/{id}/proposals",
    tag = "returns",
    params(
        ("id" = String, Path, description = "The return"),
        ("If-Match" = String, Header, description = "The version of the return that was seen"),
    ),
    request_body = ProposalIn,
    responses((status = 201, body = Vec<ProposalOut>), (status = 409, description = "The return is over or the extra refunded"), (status = 412, description = "Changed meanwhile"), (status = 422, description = "Fields are wrong"))
)]
pub(crate) async fn propose(
    ctx: Ctx,
    Path(id): Path<i64>,
    version: Result<IfMatch, Failure>,
    mut form: Form,
) -> Result<Response, Failure> {
    let id = Id::new(id);
    crate::app::detail(&ctx, id).await?;
    let IfMatch(version) = version?;
    app::propose(&ctx, id, version, super::pages::read(&mut form)?).await?;
    all(&ctx, id, StatusCode::CREATED).await
}

/// The answer to a proposal.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes what is read field by field")]
pub(crate) struct ProposalAnswerIn {
    /// take: how the customer's yes is proved
    proof: Option<ProposalProof>,
    /// Who said it when, or why not.
    note: String,
}

/// Answers the proposal that stands: take, decline or withdraw. Past its validity it cannot be taken; money beyond somebody's own limit
/// is asked for, the law's part is not touched.
#[utoipa::path(
    post,
    path = "/api/v1/returns/{id}/proposals/{number}/{act}",
    tag = "returns",
    params(
        ("id" = String, Path, description = "The return"),
        ("number" = i64, Path, description = "The proposal's number"),
        ("act" = String, Path, description = "take, decline or withdraw"),
        ("If-Match" = String, Header, description = "The version of the return that was seen"),
    ),
    request_body = ProposalAnswerIn,
    responses((status = 200, body = Vec<ProposalOut>), (status = 409, description = "Answered already, or its time has passed"), (status = 412, description = "Changed meanwhile"), (status = 422, description = "Fields are wrong"))
)]
pub(crate) async fn answer(
    ctx: Ctx,
    Path((id, number, act)): Path<(i64, i64, String)>,
    version: Result<IfMatch, Failure>,
    mut form: Form,
) -> Result<Response, Failure> {
    let id = Id::new(id);
    let act = ProposalAct::parse(&act).ok_or_else(Fault::not_found)?;
    crate::app::detail(&ctx, id).await?;
    let IfMatch(version) = version?;
    let given = super::pages::read_answer(act, &mut form)?;
    app::answer(&ctx, id, version, number, given, Vec::new()).await?;
    all(&ctx, id, StatusCode::OK).await
}

/// This module's part of the API's description.
pub(crate) fn openapi() -> utoipa::openapi::OpenApi {
    Described::openapi()
}

#[derive(OpenApi)]
#[openapi(paths(list, propose, answer), components(schemas(ProposalOut, ProposalIn, ProposalAnswerIn)))]
struct Described;
