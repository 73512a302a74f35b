//! Scores for programs.

use axum::Json;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use capability::Ctx;
use kernel::{Fault, Id, Timestamp, of};
use scoring::{Ends, Kind, Points, Scheme};
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};
use web::{Failure, Form};

use crate::app::{self, TEXT};
use crate::domain::Live;
use crate::proposals::{self, Fate, Sign};
use crate::schemes;
use crate::store::Entry;

/// A score with everything that it is made of. Points have one decimal at most.
#[derive(Debug, Serialize, ToSchema)]
pub struct ScoreOut {
    /// Code and version, such as `gbt27922 2011`.
    scheme: String,
    /// Code of the company, region or store.
    unit: String,
    #[schema(value_type = String)]
    computed_at: Timestamp,
    /// Of a hundred, taken strictly; null when nothing applies.
    score_low: Option<f64>,
    /// Of a hundred, in proportion.
    score_high: Option<f64>,
    /// Code of the level that the low end reaches: pass, star3, star4, star5.
    level_low: Option<String>,
    level_high: Option<String>,
    /// Some points are allocated rather than verified.
    estimate: bool,
    /// Special deductions that a person confirmed.
    special_deductions: u32,
    special_bonuses: u32,
    items: Vec<ItemOut>,
}

/// What one indicator earned.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ItemOut {
    clause: String,
    name: String,
    points: f64,
    /// verified or allocated
    points_source: scoring_mark::Mark,
    earned_low: f64,
    earned_high: f64,
    /// data, assessor, no_data, not_applicable
    state: String,
    #[schema(no_recursion)]
    children: Vec<ItemOut>,
}

/// The two marks, for the API's description.
mod scoring_mark {
    use kernel::words;
    words! {
        /// Where points come from.
        pub enum Mark {
            /// A source states them.
            Verified = "verified",
            /// They were chosen so that the sums hold.
            Allocated = "allocated",
        }
    }
}

/// The score as programs read it, from what is stored.
pub fn score_of(unit: &str, locale: &str, scheme: &Scheme, live: &Live) -> ScoreOut {
    let stored = &live.stored;
    let ends = stored.ends();
    ScoreOut {
        scheme: format!("{} {}", scheme.code, stored.version),
        unit: unit.to_owned(),
        computed_at: live.at,
        score_low: ends.map(|ends: Ends<Points>| ends.low.number()),
        score_high: ends.map(|ends| ends.high.number()),
        level_low: stored.level_low.clone(),
        level_high: stored.level_high.clone(),
        estimate: stored.estimate,
        special_deductions: stored.special.0,
        special_bonuses: stored.special.1,
        items: scheme.roots.iter().filter_map(|at| item(scheme, *at, locale, live)).collect(),
    }
}

fn item(scheme: &Scheme, at: usize, locale: &str, live: &Live) -> Option<ItemOut> {
    let one = scheme.indicators.get(at)?;
    let figure = live.stored.figures.get(&one.clause)?;
    let children = match &one.kind {
        Kind::Group(places) => places.iter().filter_map(|at| item(scheme, *at, locale, live)).collect(),
        Kind::Leaf { .. } => Vec::new(),
    };
    Some(ItemOut {
        clause: one.clause.clone(),
        name: one.name.text(locale).to_owned(),
        points: one.points.number(),
        points_source: match one.mark {
            scoring::Mark::Verified => scoring_mark::Mark::Verified,
            scoring::Mark::Allocated => scoring_mark::Mark::Allocated,
        },
        earned_low: Points::tenths(figure.low).number(),
        earned_high: Points::tenths(figure.high).number(),
        state: figure.state.clone(),
        children,
    })
}

/// What is said of an indicator.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes what is read field by field")]
pub(crate) struct JudgementIn {
    /// Id or code of the company, a region or a store; the widest that the caller sees when left out.
    unit: Option<String>,
    /// Code of a scheme in force; gbt27922 when left out.
    scheme: Option<String>,
    /// earns, away (does not apply) or records (they speak again)
    what: String,
    /// 0 to 100, with `earns`
    percent: Option<i64>,
    reason: String,
}

/// Evidence that no work produces by itself.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes what is read field by field")]
pub(crate) struct EntryIn {
    /// A kind of record of the scheme, such as qualification or drill.
    kind: String,
    /// Id of the company, a region or a store.
    unit: String,
    /// Id of a person, for kinds that are asked of people.
    person: Option<String>,
    title: String,
    note: Option<String>,
    /// A visit or sample that conforms.
    met: Option<bool>,
    /// 2026-11-20
    happened_on: String,
    /// Its last day.
    valid_until: Option<String>,
    /// What measures a promise: a stage of cases such as first_answer.
    measure: Option<String>,
}

/// Evidence that somebody entered.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EntryOut {
    id: String,
    kind: String,
    #[schema(value_type = String)]
    unit: Id<of::Unit>,
    #[schema(value_type = Option<String>)]
    person: Option<Id<of::User>>,
    title: String,
    note: Option<String>,
    met: bool,
    happened_on: String,
    valid_until: Option<String>,
    #[schema(value_type = String)]
    entered_at: Timestamp,
    withdrawn: bool,
}

impl From<Entry> for EntryOut {
    fn from(one: Entry) -> Self {
        Self {
            id: one.id.to_string(),
            kind: one.kind,
            unit: one.unit,
            person: one.person,
            title: one.title,
            note: one.note,
            met: one.met,
            happened_on: one.happened_on.to_string(),
            valid_until: one.valid_until.map(|day| day.to_string()),
            entered_at: one.entered_at,
            withdrawn: one.withdrawn_at.is_some(),
        }
    }
}

/// One page of evidence.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EntryListOut {
    items: Vec<EntryOut>,
    /// Give it as `after` for the next page.
    next: Option<String>,
}

async fn answered(ctx: &Ctx, asked: &str, code: &str) -> Result<Json<ScoreOut>, Failure> {
    let unit = app::chosen(ctx, asked)?;
    let sheet = app::sheet_of(ctx, unit, code).await?;
    let live = sheet.live.ok_or_else(|| Fault::refused("scores-not-computed"))?;
    Ok(Json(score_of(&sheet.unit.code, ctx.locale.as_str(), sheet.scheme, &live)))
}

/// The live score of a company, region or store.
#[utoipa::path(get, path = "/api/v1/score", tag = "scores",
    params(("unit" = Option<String>, Query, description = "Id or code; default: the widest that the caller sees"),
        ("scheme" = Option<String>, Query, description = "Code of a scheme in force; default: gbt27922")),
    responses((status = 200, body = ScoreOut), (status = 404, description = "Unknown or out of reach"),
        (status = 409, description = "Not computed yet; it is within a minute")))]
pub(crate) async fn show(ctx: Ctx, RawQuery(query): RawQuery) -> Result<Json<ScoreOut>, Failure> {
    let form = Form::from_query(&query.unwrap_or_default());
    answered(&ctx, form.raw("unit"), form.raw("scheme")).await
}

/// Says something of an indicator, with a reason.
#[utoipa::path(post, path = "/api/v1/score/items/{clause}", tag = "scores", request_body = JudgementIn,
    responses((status = 200, body = ScoreOut), (status = 403, description = "May not judge there"),
        (status = 404, description = "Unknown or out of reach"), (status = 422, description = "No reason, or not so")))]
pub(crate) async fn say(ctx: Ctx, Path(clause): Path<String>, mut form: Form) -> Result<Response, Failure> {
    let asked = form.raw("unit").to_owned();
    let scheme = form.raw("scheme").to_owned();
    let unit = app::chosen(&ctx, &asked)?;
    let said = crate::pages::item::read_said(&mut form);
    let reason = form.text("reason", TEXT);
    form.check()?;
    app::say_of(&ctx, unit.id, &scheme, &clause, form.need(said)?, &reason).await?;
    Ok(answered(&ctx, &asked, &scheme).await?.into_response())
}

/// One step of a plan.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StepOut {
    action: String,
    name: String,
    clause: String,
    /// Points of a hundred that it buys for sure after the steps before it.
    buys_low: f64,
    buys_high: f64,
    /// Fen until the plan's day.
    cost: i64,
    /// 2026-12-18
    by: String,
}

/// The cheapest way to a level, or the most points for a budget.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PlanOut {
    /// The score today by the reading that was asked for.
    base: f64,
    /// What is to be reached, margin included.
    target: Option<f64>,
    /// False when there is no way; then there are no steps.
    found: bool,
    /// Fen.
    cost: i64,
    after_low: Option<f64>,
    after_high: Option<f64>,
    /// No other set of actions is better, on this model.
    proved: bool,
    steps: Vec<StepOut>,
}

/// The plan to a level by a day and within a budget.
#[utoipa::path(get, path = "/api/v1/score/plan", tag = "scores",
    params(
        ("unit" = Option<String>, Query, description = "Id or code; default: the widest that the caller sees"),
        ("scheme" = Option<String>, Query, description = "Code of a scheme in force; default: gbt27922"),
        ("level" = Option<String>, Query, description = "pass, star3, star4, star5; budget: the most points for the budget; default: the next level"),
        ("by" = Option<String>, Query, description = "2026-12-31; default: in 120 days"),
        ("budget" = Option<String>, Query, description = "Fen at most"),
        ("margin" = Option<i64>, Query, description = "Points above the limit, default 1"),
        ("reading" = Option<String>, Query, description = "share (default) or strict"),
    ),
    responses((status = 200, body = PlanOut), (status = 422, description = "A day that has passed, or no budget")))]
pub(crate) async fn plan(ctx: Ctx, lang: web::Lang, RawQuery(query): RawQuery) -> Result<Json<PlanOut>, Failure> {
    let mut form = Form::from_query(&query.unwrap_or_default());
    let unit = app::chosen(&ctx, form.raw("unit"))?;
    let sheet = app::sheet_of(&ctx, unit, form.raw("scheme")).await?;
    let mut wish = crate::pages::plan::read(&mut form, &sheet, &lang);
    // Programs say fen.
    wish.budget = form.number_or_none("budget", 0..=i64::MAX).map(kernel::Money::from_fen);
    form.check()?;
    let found = crate::plan::find(&sheet, &wish, lang.now.day(&ctx.house.zone))?;
    let points = |tenths: i64| Points::tenths(tenths).number();
    let step = |step: &crate::plan::Step| StepOut {
        action: step.action.clone(),
        name: if ctx.locale.as_str().starts_with("zh") { step.zh.clone() } else { step.en.clone() },
        clause: step.clause.clone(),
        buys_low: points(step.buys.0),
        buys_high: points(step.buys.1),
        cost: step.cost,
        by: step.by.to_string(),
    };
    let best = found.best.as_ref();
    Ok(Json(PlanOut {
        base: points(found.base),
        target: found.target.map(points),
        found: best.is_some(),
        cost: best.map_or(0, |way| way.cost),
        after_low: best.map(|way| points(way.after.0)),
        after_high: best.map(|way| points(way.after.1)),
        proved: best.is_some_and(|way| way.proved),
        steps: best.into_iter().flat_map(|way| way.steps.iter().map(step)).collect(),
    }))
}

/// Evidence that people entered, newest first.
#[utoipa::path(get, path = "/api/v1/score/records", tag = "scores",
    params(
        ("kind" = Option<String>, Query, description = "A kind of record of the scheme"),
        ("ending" = Option<String>, Query, description = "on: ends within 90 days, or has ended"),
        ("after" = Option<String>, Query, description = "`next` of the page before"),
        ("limit" = Option<i64>, Query, description = "1 to 100, default 50"),
    ),
    responses((status = 200, body = EntryListOut)))]
pub(crate) async fn records(ctx: Ctx, RawQuery(query): RawQuery) -> Result<Json<EntryListOut>, Failure> {
    let mut form = Form::from_query(&query.unwrap_or_default());
    let kind = form.text_or_none("kind", 60);
    let after = form.text_or_none("after", 60);
    let limit = form.number_or_none("limit", 1..=100).unwrap_or(app::ROWS);
    form.check()?;
    let listed = app::list(&ctx, kind.as_deref(), form.flag("ending"), after.as_deref(), limit).await?;
    Ok(Json(EntryListOut { items: listed.rows.into_iter().map(EntryOut::from).collect(), next: listed.next }))
}

/// Enters evidence; it counts from now on.
#[utoipa::path(post, path = "/api/v1/score/records", tag = "scores", request_body = EntryIn,
    responses((status = 201, description = "Its id"), (status = 422, description = "A field is missing or wrong")))]
pub(crate) async fn enter(ctx: Ctx, mut form: Form) -> Result<Response, Failure> {
    let draft = crate::pages::records::read(&mut form);
    form.check()?;
    let id = app::enter(&ctx, &draft).await?;
    Ok((StatusCode::CREATED, Json(serde_json::json!({ "id": id.to_string() }))).into_response())
}

/// A special deduction that the records suggest.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProposalOut {
    id: String,
    sign: Sign,
    /// Code of a cause of the scheme.
    cause: String,
    state: Fate,
    /// case, return or terms.
    record_kind: String,
    record: String,
    /// What people call the record.
    number: String,
    #[schema(value_type = String)]
    unit: Id<of::Unit>,
    happened_on: String,
    #[schema(value_type = String)]
    seen_at: Timestamp,
    reason: Option<String>,
}

/// One page of proposals.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProposalListOut {
    items: Vec<ProposalOut>,
    /// Give it as `after` for the next page.
    next: Option<String>,
}

/// What is decided of a proposal.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes what is read field by field")]
pub(crate) struct DecisionIn {
    /// confirm (a special deduction from now on) or dismiss
    what: String,
    reason: String,
}

/// Special deductions that the records suggest, newest first.
#[utoipa::path(get, path = "/api/v1/score/proposals", tag = "scores",
    params(
        ("show" = Option<String>, Query, description = "open (default) or decided"),
        ("after" = Option<String>, Query, description = "`next` of the page before"),
        ("limit" = Option<i64>, Query, description = "1 to 100, default 50"),
    ),
    responses((status = 200, body = ProposalListOut)))]
pub(crate) async fn proposals(ctx: Ctx, RawQuery(query): RawQuery) -> Result<Json<ProposalListOut>, Failure> {
    let mut form = Form::from_query(&query.unwrap_or_default());
    let after = form.text_or_none("after", 60);
    let limit = form.number_or_none("limit", 1..=100).unwrap_or(proposals::ROWS);
    form.check()?;
    let listed = proposals::list(&ctx, form.raw("show") != "decided", after.as_deref(), limit).await?;
    let items = listed.rows.into_iter().map(|one| ProposalOut {
        id: one.id.to_string(),
        sign: one.sign,
        cause: one.cause,
        state: one.fate,
        record_kind: one.record_kind,
        record: one.record.to_string(),
        number: one.number,
        unit: one.unit,
        happened_on: one.happened_on.to_string(),
        seen_at: one.seen_at,
        reason: one.reason,
    });
    Ok(Json(ProposalListOut { items: items.collect(), next: listed.next }))
}

/// Confirms or dismisses a proposal, with a reason.
#[utoipa::path(post, path = "/api/v1/score/proposals/{id}", tag = "scores", request_body = DecisionIn,
    responses((status = 204, description = "Decided"), (status = 403, description = "May not judge there"),
        (status = 404, description = "Unknown or out of reach"), (status = 409, description = "Decided already"),
        (status = 422, description = "No reason")))]
pub(crate) async fn decide(ctx: Ctx, Path(id): Path<i64>, mut form: Form) -> Result<StatusCode, Failure> {
    let confirm = match form.raw("what") {
        "confirm" => true,
        "dismiss" => false,
        _ => {
            form.reject("what", "choose");
            false
        }
    };
    let reason = form.text("reason", TEXT);
    form.check()?;
    proposals::decide(&ctx, Id::new(id), confirm, &reason).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A version of a scheme.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SchemeOut {
    /// Of a loaded one; null when it came with the program.
    id: Option<String>,
    code: String,
    version: String,
    name: String,
    points: f64,
    /// Indicators whose points are allocated rather than verified.
    allocated: usize,
    indicators: usize,
    /// It is what counts today.
    in_force: bool,
}

/// The file of a scheme.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes what is read field by field")]
pub(crate) struct SchemeIn {
    /// TOML, in the shape of the scheme that comes with the program.
    text: String,
}

/// Which version counts from a day on.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes what is read field by field")]
pub(crate) struct ChoiceIn {
    /// `code:id` of a loaded scheme, or `code:shipped`
    version: String,
    /// 2026-12-01, today at the earliest
    from_day: String,
    reason: String,
}

/// The versions of schemes that there are.
#[utoipa::path(get, path = "/api/v1/score/schemes", tag = "scores",
    responses((status = 200, body = Vec<SchemeOut>)))]
pub(crate) async fn schemes(ctx: Ctx) -> Result<Json<Vec<SchemeOut>>, Failure> {
    let (versions, _) = schemes::versions(&ctx).await?;
    let one = |one: schemes::Version| {
        let (allocated, indicators) = one.scheme.allocated();
        SchemeOut {
            id: one.loaded.map(|loaded| loaded.id.to_string()),
            code: one.scheme.code.clone(),
            version: one.scheme.version.clone(),
            name: one.scheme.name.text(ctx.locale.as_str()).to_owned(),
            points: one.scheme.total.number(),
            allocated,
            indicators,
            in_force: one.in_force,
        }
    };
    Ok(Json(versions.into_iter().map(one).collect()))
}

/// Loads a scheme; it counts once it is chosen. A wrong file changes nothing, and the answer names the line.
#[utoipa::path(post, path = "/api/v1/score/schemes", tag = "scores", request_body = SchemeIn,
    responses((status = 201, description = "Its id"), (status = 422, description = "What is wrong, and in which line")))]
pub(crate) async fn load(ctx: Ctx, form: Form) -> Result<Response, Failure> {
    let id = schemes::load(&ctx, form.raw("text")).await?;
    Ok((StatusCode::CREATED, Json(serde_json::json!({ "id": id.to_string() }))).into_response())
}

/// Says which version of a scheme counts from a day on.
#[utoipa::path(post, path = "/api/v1/score/schemes/choice", tag = "scores", request_body = ChoiceIn,
    responses((status = 204, description = "Chosen"), (status = 404, description = "There is no such version"),
        (status = 422, description = "A day that has passed, or that has a version already")))]
pub(crate) async fn choose(ctx: Ctx, mut form: Form) -> Result<StatusCode, Failure> {
    let version = crate::pages::schemes::read_version(&mut form);
    let from = form.day("from_day");
    let reason = form.text("reason", TEXT);
    form.check()?;
    let (code, loaded) = version.ok_or_else(|| Fault::field("version", "choose"))?;
    schemes::choose(&ctx, &code, loaded, from, &reason).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// How a register stands.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RegisterOut {
    code: String,
    name: String,
    kinds: Vec<StandingOut>,
}

/// How a kind of record stands.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StandingOut {
    kind: String,
    name: String,
    have: i64,
    /// Null for samples, of which there are as many as people take.
    needed: Option<i64>,
    /// Stores without a fresh entry.
    #[schema(value_type = Vec<String>)]
    missing_stores: Vec<Id<of::Unit>>,
    /// People without a fresh entry.
    #[schema(value_type = Vec<String>)]
    missing_people: Vec<Id<of::User>>,
    ending_30: usize,
    ending_60: usize,
    ending_90: usize,
    ended: usize,
    /// Events outside that wait for our answer.
    unanswered: usize,
}

/// How the registers stand: what is there, what is missing, what ends soon.
#[utoipa::path(get, path = "/api/v1/score/registers", tag = "scores",
    params(("unit" = Option<String>, Query, description = "Id or code; default: the widest that the caller sees")),
    responses((status = 200, body = Vec<RegisterOut>), (status = 404, description = "Unknown or out of reach")))]
pub(crate) async fn registers(ctx: Ctx, RawQuery(query): RawQuery) -> Result<Json<Vec<RegisterOut>>, Failure> {
    let form = Form::from_query(&query.unwrap_or_default());
    let unit = app::chosen(&ctx, form.raw("unit"))?;
    let locale = ctx.locale.as_str();
    let kind = |one: crate::registers::Standing| {
        let [ending_30, ending_60, ending_90] = one.ending;
        StandingOut {
            kind: one.kind.code,
            name: one.kind.name.text(locale).to_owned(),
            have: one.have,
            needed: one.needed,
            missing_stores: one.stores,
            missing_people: one.people,
            ending_30,
            ending_60,
            ending_90,
            ended: one.ended,
            unanswered: one.unanswered,
        }
    };
    let all = crate::registers::standing(&ctx, &unit, None).await?;
    let all = all.into_iter().map(|(group, standing)| RegisterOut {
        code: group.code.clone(),
        name: group.name.text(locale).to_owned(),
        kinds: standing.into_iter().map(kind).collect(),
    });
    Ok(Json(all.collect()))
}

/// Our answer to an event outside.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes what is read field by field")]
pub(crate) struct AnswerIn {
    answer: String,
}

/// Writes down what we answered to an event outside.
#[utoipa::path(post, path = "/api/v1/score/records/{id}/answer", tag = "scores", request_body = AnswerIn,
    responses((status = 204, description = "Written"), (status = 404, description = "Unknown, or nothing to answer"),
        (status = 409, description = "It has an answer"), (status = 422, description = "No answer")))]
pub(crate) async fn answer(ctx: Ctx, Path(id): Path<i64>, mut form: Form) -> Result<StatusCode, Failure> {
    let answer = form.text("answer", TEXT);
    form.check()?;
    crate::registers::answer(&ctx, Id::new(id), &answer).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(OpenApi)]
#[openapi(
    paths(show, say, plan, records, enter, proposals, decide, schemes, load, choose, registers, answer),
    components(schemas(
        ScoreOut,
        ItemOut,
        JudgementIn,
        EntryIn,
        EntryOut,
        EntryListOut,
        PlanOut,
        StepOut,
        RegisterOut,
        StandingOut,
        AnswerIn,
        ProposalOut,
        ProposalListOut,
        DecisionIn,
        SchemeOut,
        SchemeIn,
        ChoiceIn,
        Sign,
        Fate,
        scoring_mark::Mark
    ))
)]
struct Description;

pub(crate) fn openapi() -> utoipa::openapi::OpenApi {
    Description::openapi()
}
