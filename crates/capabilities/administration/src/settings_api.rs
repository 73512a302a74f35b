//! The settings by API: people, organisation, roles, calendars, deadlines; the same use cases as the pages.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use capability::Ctx;
use cases::app::{Allowance, DeadlineChange, PolicyChange, RowName};
use cases::domain::Limit;
use identity::{Assignment, Directory, Secret, Unit, User, UserDraft};
use kernel::{Fault, Id, of};
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};
use web::{Failure, Form, IfMatch, Sent, etag};

use crate::app::calendars as dates;
use crate::app::people::{self, PersonInput};
use crate::domain::{place_of_user, sight};
use crate::permissions::{PEOPLE_VIEW, ROLES_VIEW, UNITS_VIEW};

#[derive(OpenApi)]
#[openapi(
    paths(add_user, change_user, units, calendars, change_calendar, roles, seen_by, deadlines, change_deadlines),
    components(schemas(
        PersonBody,
        Added,
        UnitBody,
        Units,
        CalendarBody,
        Calendars,
        CalendarChange,
        Effect,
        RoleBody,
        Roles,
        GrantBody,
        SeenBody,
        SeesBody,
        DeadlineBody,
        LimitBody,
        Deadlines,
        ChangedDeadline,
        ChangedDeadlines,
        Versioned
    ))
)]
pub(crate) struct Description;

/// A person to add, or what is to change; members that are left out stay as they are.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct PersonBody {
    login: Option<String>,
    name: Option<String>,
    phone: Option<String>,
    email: Option<String>,
    /// Code of the unit where the person works.
    home: Option<String>,
    /// `zh-CN` or `en`.
    locale: Option<String>,
    /// False locks the account.
    active: Option<bool>,
    /// All roles; each `role@unit` by codes.
    roles: Option<Vec<String>>,
}

/// A person who was added.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Added {
    id: String,
    /// With this code the person sets a password at `/activate`; it is answered only now.
    activation_code: String,
}

/// The version after a change.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Versioned {
    version: i64,
}

fn unit_of(directory: &Directory, field: &str, code: &str) -> Result<Id<of::Unit>, Fault> {
    directory.unit_by_code(code).map(|unit| unit.id).ok_or_else(|| Fault::field(field, "identity-unit-unknown"))
}

fn code_of(directory: &Directory, unit: Id<of::Unit>) -> String {
    directory.unit(unit).map(|unit| unit.code.clone()).unwrap_or_default()
}

fn given(directory: &Directory, roles: &[String]) -> Result<Vec<Assignment>, Fault> {
    let read = |text: &String| {
        let (role, unit) = text.split_once('@').ok_or_else(|| Fault::field("roles", "identity-role-unknown"))?;
        Ok(Assignment { role: role.to_owned(), unit: unit_of(directory, "roles", unit)? })
    };
    roles.iter().map(read).collect()
}

fn input_of(directory: &Directory, known: Option<&User>, sent: PersonBody) -> Result<PersonInput, Fault> {
    let home = sent.home.map(|code| unit_of(directory, "home", &code)).transpose()?;
    let nobody = || UserDraft {
        login: String::new(),
        name: String::new(),
        phone: None,
        email: None,
        home: None,
        locale: "zh-CN".to_owned(),
        active: true,
    };
    let base = known.map_or_else(nobody, people::draft_of);
    let roles = match (&sent.roles, known) {
        (Some(roles), _) => given(directory, roles)?,
        (None, Some(user)) => directory.assignments(user.id).to_vec(),
        (None, None) => Vec::new(),
    };
    Ok(PersonInput {
        draft: UserDraft {
            login: sent.login.unwrap_or(base.login),
            name: sent.name.unwrap_or(base.name),
            phone: sent.phone.or(base.phone),
            email: sent.email.or(base.email),
            home: home.or(base.home),
            locale: sent.locale.unwrap_or(base.locale),
            active: sent.active.unwrap_or(base.active),
        },
        password: Secret::new(""),
        roles,
        code: None,
    })
}

/// Adds a person, who sets a password with the code that is answered.
#[utoipa::path(
    post, path = "/api/v1/users", tag = "administration", request_body = PersonBody,
    responses((status = 201, body = Added), (status = 403, description = "a role that the caller may not give"), (status = 422, description = "wrong fields"))
)]
pub(crate) async fn add_user(ctx: Ctx, Sent(sent): Sent<PersonBody>) -> Result<Response, Failure> {
    let directory = ctx.house.identity.directories().now();
    let code = Secret::readable()?;
    let input = PersonInput { code: Some(code.clone()), ..input_of(&directory, None, sent)? };
    let id = people::create(&ctx, input).await?;
    let added = Added { id: id.to_string(), activation_code: code.reveal().to_owned() };
    Ok((StatusCode::CREATED, Json(added)).into_response())
}

/// Changes a person.
#[utoipa::path(
    patch, path = "/api/v1/users/{id}", tag = "administration", request_body = PersonBody,
    params(("id" = String, Path), ("If-Match" = String, Header, description = "the person's version")),
    responses((status = 200, body = Versioned), (status = 404, description = "out of reach"), (status = 412, description = "changed meanwhile"))
)]
pub(crate) async fn change_user(
    ctx: Ctx,
    Path(id): Path<i64>,
    IfMatch(version): IfMatch,
    Sent(sent): Sent<PersonBody>,
) -> Result<Response, Failure> {
    let directory = ctx.house.identity.directories().now();
    let user = directory.user(Id::new(id)).ok_or_else(Fault::not_found)?;
    ctx.require(PEOPLE_VIEW, &place_of_user(directory.tree(), user))?;
    let input = input_of(&directory, Some(user), sent)?;
    people::save(&ctx, user.id, version, input).await?;
    let version = version.saturating_add(1);
    Ok(([etag(version)], Json(Versioned { version })).into_response())
}

/// A unit of the organisation.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UnitBody {
    id: String,
    code: String,
    /// `company`, `region`, `store` or `team`.
    kind: &'static str,
    name: String,
    name_en: Option<String>,
    /// Code of the unit above.
    parent: Option<String>,
    active: bool,
    version: i64,
}

/// All units in the order of their codes.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Units {
    items: Vec<UnitBody>,
}

/// The organisation.
#[utoipa::path(get, path = "/api/v1/organisation", tag = "administration", responses((status = 200, body = Units)))]
pub(crate) async fn units(ctx: Ctx) -> Result<Json<Units>, Failure> {
    let directory = ctx.house.identity.directories().now();
    let unit = |unit: &Unit| UnitBody {
        id: unit.id.to_string(),
        code: unit.code.clone(),
        kind: unit.kind.as_str(),
        name: unit.name.clone(),
        name_en: unit.name_en.clone(),
        parent: unit.parent.map(|parent| code_of(&directory, parent)),
        active: unit.active,
        version: unit.version,
    };
    // Units that only hold restricted files are no places of the organisation.
    let sealed = ctx.reach(UNITS_VIEW).except;
    let shown = directory.tree().units().filter(|unit| !sealed.contains(&unit.id));
    let mut items: Vec<UnitBody> = shown.map(unit).collect();
    items.sort_by(|a, b| a.code.cmp(&b.code));
    Ok(Json(Units { items }))
}

/// A working calendar.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CalendarBody {
    id: String,
    code: String,
    name: String,
    zone: String,
    /// Whether public holidays are rest days.
    holidays: bool,
    /// Whether stores that were given none work by it.
    fallback: bool,
    /// Weeks by the day from which each counts: `mon-fri 09:00-12:00,13:30-18:00; sat 10:00-16:00`.
    weeks: BTreeMap<String, String>,
}

/// All calendars.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Calendars {
    items: Vec<CalendarBody>,
    /// Give it as If-Match with a change.
    edition: i64,
    /// Years whose public holidays are known.
    years: Vec<i16>,
}

/// Working calendars and the years whose holidays are known.
#[utoipa::path(get, path = "/api/v1/calendars", tag = "administration", responses((status = 200, body = Calendars)))]
pub(crate) async fn calendars(ctx: Ctx) -> Result<Response, Failure> {
    let found = ctx
        .read((), |tx, ()| {
            Box::pin(async move {
                let mut items = Vec::new();
                for card in calendar::calendars(tx).await? {
                    let weeks = calendar::weeks(tx, card.id).await?;
                    items.push(CalendarBody {
                        id: card.id.to_string(),
                        code: card.code,
                        name: card.name,
                        zone: card.zone,
                        holidays: card.holidays,
                        fallback: card.fallback,
                        weeks: weeks.into_iter().map(|(day, week)| (day.to_string(), week.to_string())).collect(),
                    });
                }
                let years = calendar::holidays(tx).await?.years().collect();
                Ok::<_, Fault>(Calendars { items, edition: calendar::edition(tx).await?, years })
            })
        })
        .await?;
    Ok(([etag(found.edition)], Json(found)).into_response())
}

/// A change of a calendar, as the page sends it.
#[derive(Debug, Clone, Default, Deserialize, Serialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct CalendarChange {
    /// `hours`, `drop`, `year`, `except`, `lift`, `assign` or `create`.
    what: String,
    /// Id of the calendar.
    calendar: Option<String>,
    /// Id of the unit, for a store's own exceptional day or for `assign`.
    unit: Option<String>,
    /// For `hours` and `drop`: the day from which the week counts.
    from: Option<String>,
    mon: Option<String>,
    tue: Option<String>,
    wed: Option<String>,
    thu: Option<String>,
    fri: Option<String>,
    sat: Option<String>,
    sun: Option<String>,
    /// For `except` and `lift`.
    day: Option<String>,
    /// For `except`: the last day, if it is a stretch.
    to: Option<String>,
    /// For `except` and `create`: `09:00-12:00,13:30-18:00`; empty is closed.
    hours: Option<String>,
    note: Option<String>,
    /// For `year`.
    year: Option<i16>,
    /// For `year`: a line per day or stretch, `2027-10-01~2027-10-07,国庆节`; `2027-10-09,调休,,fri` is a make-up day.
    days: Option<String>,
    /// For `create`.
    name: Option<String>,
    code: Option<String>,
    holidays: Option<bool>,
    /// True: say what it would do to running clocks and change nothing.
    preview: bool,
}

/// What a change does to running clocks.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Effect {
    /// Clocks that run.
    open: i64,
    /// How many of them were looked at.
    seen: usize,
    /// How many are due earlier.
    earlier: usize,
    /// How many are due later.
    later: usize,
    /// True when the change was made; clocks follow at once.
    changed: bool,
}

/// Changes a calendar, or says what a change would do.
#[utoipa::path(
    post, path = "/api/v1/calendars/changes", tag = "administration", request_body = CalendarChange,
    params(("If-Match" = String, Header, description = "the edition that `GET /api/v1/calendars` answered")),
    responses((status = 200, body = Effect), (status = 412, description = "changed meanwhile"), (status = 422, description = "wrong fields"))
)]
pub(crate) async fn change_calendar(
    ctx: Ctx,
    IfMatch(edition): IfMatch,
    Sent(sent): Sent<CalendarChange>,
) -> Result<Json<Effect>, Failure> {
    let preview = sent.preview;
    let mut form = Form::from_json(serde_json::to_value(sent).map_err(Fault::internal)?)?;
    let edit = crate::pages::calendars::edit_of(&mut form, ctx.house.zone.name())?;
    let moves = dates::preview(&ctx, edit.clone()).await?;
    if !preview {
        dates::change(&ctx, edition, edit).await?;
    }
    let dates::Moves { open, seen, earlier, later, .. } = moves;
    Ok(Json(Effect { open, seen, earlier, later, changed: !preview }))
}

/// A role with what it grants.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RoleBody {
    code: String,
    /// The company's own name for it; none for a shipped one.
    name: Option<String>,
    shipped: bool,
    edited: bool,
    /// Scope (`own`, `team`, `store`, `region`, `company`) by permission.
    grants: BTreeMap<String, String>,
    version: i64,
}

/// All roles.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Roles {
    items: Vec<RoleBody>,
}

/// Roles and what they grant.
#[utoipa::path(get, path = "/api/v1/roles", tag = "administration", responses((status = 200, body = Roles)))]
pub(crate) async fn roles(ctx: Ctx) -> Result<Json<Roles>, Failure> {
    let directory = ctx.house.identity.directories().now();
    let role = |role: &identity::RoleRow| RoleBody {
        code: role.code.clone(),
        name: role.name.clone(),
        shipped: role.builtin,
        edited: role.edited,
        grants: role.grants.iter().map(|(code, scope)| (code.clone(), scope.as_str().to_owned())).collect(),
        version: role.version,
    };
    Ok(Json(Roles { items: directory.roles().map(role).collect() }))
}

/// A role that gives a permission, and where it was given.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct GrantBody {
    role: String,
    unit: String,
}

/// How far one permission reaches, and by which roles.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SeenBody {
    permission: String,
    company: bool,
    /// Codes of stores and other units.
    units: Vec<String>,
    own: bool,
    by: Vec<GrantBody>,
}

/// What a person sees.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SeesBody {
    items: Vec<SeenBody>,
}

/// What a person sees, and by which roles.
#[utoipa::path(
    get, path = "/api/v1/users/{id}/sees", tag = "administration", params(("id" = String, Path)),
    responses((status = 200, body = SeesBody), (status = 404, description = "out of reach"))
)]
pub(crate) async fn seen_by(ctx: Ctx, Path(id): Path<i64>) -> Result<Json<SeesBody>, Failure> {
    let directory = ctx.house.identity.directories().now();
    let user = directory.user(Id::new(id)).ok_or_else(Fault::not_found)?;
    let place = place_of_user(directory.tree(), user);
    ctx.require(PEOPLE_VIEW, &place)?;
    ctx.require(ROLES_VIEW, &place)?;
    let permissions = ctx.house.identity.directories().permissions();
    let roles = if user.active { directory.assignments(user.id) } else { &[] };
    let seen = sight(&directory, permissions, user.id, user.home, roles, None);
    let by = |given: &Assignment| GrantBody { role: given.role.clone(), unit: code_of(&directory, given.unit) };
    let items = seen.into_iter().map(|(permission, seen)| SeenBody {
        permission: permission.to_owned(),
        company: seen.reach.company,
        units: seen.reach.stores.iter().chain(&seen.reach.teams).map(|unit| code_of(&directory, *unit)).collect(),
        own: seen.reach.own.is_some(),
        by: seen.by.iter().map(by).collect(),
    });
    Ok(Json(SeesBody { items: items.collect() }))
}

/// One row of the deadline policy.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DeadlineBody {
    /// `kind.priority.stage`, `any` for every kind or priority.
    name: String,
    /// `working`, `natural` (minutes) or `working_days`.
    unit: &'static str,
    amount: i64,
    /// Basis points of the time from which it is soon.
    warn_share: i64,
    /// RFC 3339.
    effective_from: String,
    version: i64,
    withdrawn: bool,
}

/// A limit of the flow as it counts now.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LimitBody {
    name: &'static str,
    amount: i64,
}

/// Deadlines with all their versions, and limits.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Deadlines {
    items: Vec<DeadlineBody>,
    limits: Vec<LimitBody>,
    /// Give it as If-Match with a change.
    version: i64,
}

/// Deadlines and limits.
#[utoipa::path(get, path = "/api/v1/deadlines", tag = "administration", responses((status = 200, body = Deadlines)))]
pub(crate) async fn deadlines(ctx: Ctx) -> Result<Response, Failure> {
    let policy = cases::app::policy(&ctx).await?;
    let row = |row: &cases::domain::PolicyRow| DeadlineBody {
        name: RowName(row.kind, row.priority, row.stage).to_string(),
        unit: row.deadline.unit.as_str(),
        amount: row.deadline.amount,
        warn_share: row.deadline.warn_share,
        effective_from: row.effective_from.to_string(),
        version: row.deadline.version,
        withdrawn: row.withdrawn,
    };
    let limits = policy.limits(ctx.now());
    let limit = |limit: &Limit| LimitBody { name: limit.as_str(), amount: limit.of(&limits) };
    let answer = Deadlines {
        items: policy.rows().iter().map(row).collect(),
        limits: Limit::ALL.iter().map(limit).collect(),
        version: policy.version(),
    };
    Ok(([etag(answer.version)], Json(answer)).into_response())
}

/// Another time for a stage.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangedDeadline {
    /// `kind.priority.stage`, `any` for every kind or priority.
    name: String,
    unit: Option<String>,
    /// Left out: the more general rule counts again.
    amount: Option<i64>,
    warn_share: Option<i64>,
}

/// A change of deadlines and limits.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ChangedDeadlines {
    /// RFC 3339; now when it is left out.
    effective_from: Option<String>,
    deadlines: Vec<ChangedDeadline>,
    /// Amount by name: `reopen_days`, `check_days`, `wait_days`, `escalate_at`.
    limits: BTreeMap<String, i64>,
}

/// Changes deadlines and limits from an instant on.
#[utoipa::path(
    post, path = "/api/v1/deadlines", tag = "administration", request_body = ChangedDeadlines,
    params(("If-Match" = String, Header, description = "the version that `GET /api/v1/deadlines` answered")),
    responses((status = 200, body = Versioned), (status = 412, description = "changed meanwhile"), (status = 422, description = "wrong fields"))
)]
pub(crate) async fn change_deadlines(
    ctx: Ctx,
    IfMatch(version): IfMatch,
    Sent(sent): Sent<ChangedDeadlines>,
) -> Result<Response, Failure> {
    let from = match sent.effective_from {
        Some(text) => text.parse().map_err(|_bad| Fault::field("effective_from", "moment"))?,
        None => ctx.now(),
    };
    let one = |wanted: ChangedDeadline| {
        let name = RowName::parse(&wanted.name).ok_or_else(|| Fault::field("name", "choose"))?;
        let unit = wanted.unit.as_deref().and_then(cases::domain::Unit::parse);
        let to = match (wanted.amount, unit) {
            (None, _) => None,
            (Some(_), None) => return Err(Fault::field("unit", "choose")),
            (Some(amount), Some(unit)) => {
                Some(Allowance { amount, unit, warn_share: wanted.warn_share.unwrap_or(cases::domain::WARN_SHARE) })
            }
        };
        Ok(DeadlineChange { kind: name.0, priority: name.1, stage: name.2, to })
    };
    let deadlines = sent.deadlines.into_iter().map(one).collect::<Result<_, Fault>>()?;
    let limit = |(name, amount): (String, i64)| {
        Limit::parse(&name).map(|limit| (limit, amount)).ok_or_else(|| Fault::field("limits", "choose"))
    };
    let limits = sent.limits.into_iter().map(limit).collect::<Result<_, Fault>>()?;
    let version = cases::app::change_policy(&ctx, PolicyChange { version, from, deadlines, limits }).await?;
    Ok(([etag(version)], Json(Versioned { version })).into_response())
}
