//! One's own account, the paste of staff and the history of settings by API; the same use cases as the pages.

use axum::Json;
use axum::extract::Path;
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use capability::Ctx;
use identity::Secret;
use identity::store::tokens::Token;
use kernel::{Fault, FieldErrors};
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};
use web::{Failure, Form, Sent};

use crate::app::staff::{self, Fate, Hire};
use crate::app::{history, own, switch as turns};
use crate::pages::import::read_staff;

/// One day in milliseconds.
const DAY: i64 = 24 * 3_600_000;
/// Most entries of the history in one answer.
const PAGE: i64 = 200;

#[derive(OpenApi)]
#[openapi(
    paths(change_password, set_pin, clear_pin, tokens, create_token, revoke_token, import, changes),
    components(schemas(
        PasswordIn,
        PinIn,
        TokenIn,
        TokenBody,
        Tokens,
        TokenMade,
        ImportIn,
        ImportOut,
        ImportLine,
        ImportError,
        HiredBody,
        ChangesBody,
        ChangeEntry,
        ChangedField
    ))
)]
pub(crate) struct Description;

/// A new password, with the present one.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct PasswordIn {
    /// The present one.
    present: String,
    /// The new one.
    password: String,
}

/// A PIN for taking turns at a counter PC, with the password.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct PinIn {
    /// The password.
    present: String,
    /// The PIN, digits only.
    pin: String,
}

/// A token to make.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct TokenIn {
    /// What it is for.
    name: String,
    /// After how many days it ends: 30, 90 or 365; 0 = never; 365 when left out.
    days: Option<i64>,
}

/// A token that is valid now; the token itself is not kept.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TokenBody {
    /// Its id.
    id: String,
    /// What it is for.
    name: String,
    /// When it was made, RFC 3339.
    created_at: String,
    /// When it was last used, to within five minutes.
    last_used_at: Option<String>,
    /// When it ends, if ever.
    expires_at: Option<String>,
}

/// One's own tokens.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Tokens {
    /// Those that are valid now.
    items: Vec<TokenBody>,
}

/// A token that was made: it is answered only now.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TokenMade {
    /// Its id.
    id: String,
    /// What it is for.
    name: String,
    /// To be sent as `Authorization: Bearer …`.
    token: String,
    /// When it ends, if ever.
    expires_at: Option<String>,
}

fn body(token: Token) -> TokenBody {
    TokenBody {
        id: token.id.to_string(),
        name: token.name,
        created_at: token.created_at.to_string(),
        last_used_at: token.last_used_at.map(|at| at.to_string()),
        expires_at: token.expires_at.map(|at| at.to_string()),
    }
}

const PRIVATE: [(axum::http::HeaderName, &str); 1] = [(axum::http::header::CACHE_CONTROL, "no-store")];

/// Changes one's own password; every session of one's own ends, tokens stay.
#[utoipa::path(post, path = "/api/v1/me/password", tag = "administration", request_body = PasswordIn,
    responses((status = 204, description = "Done"), (status = 422, description = "The present one is wrong, or the new one too easy"),
        (status = 429, description = "Too many tries")))]
pub(crate) async fn change_password(ctx: Ctx, Sent(sent): Sent<PasswordIn>) -> Result<StatusCode, Failure> {
    own::change_password(&ctx, &Secret::new(&sent.present), &Secret::new(&sent.password)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Sets one's own PIN.
#[utoipa::path(post, path = "/api/v1/me/pin", tag = "administration", request_body = PinIn,
    responses((status = 204, description = "Done"), (status = 422, description = "The password is wrong, or the PIN too easy"),
        (status = 429, description = "Too many tries")))]
pub(crate) async fn set_pin(ctx: Ctx, Sent(sent): Sent<PinIn>) -> Result<StatusCode, Failure> {
    turns::set_pin(&ctx, &Secret::new(&sent.present), &Secret::new(&sent.pin)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes one's own PIN away.
#[utoipa::path(delete, path = "/api/v1/me/pin", tag = "administration", responses((status = 204, description = "Done")))]
pub(crate) async fn clear_pin(ctx: Ctx) -> Result<StatusCode, Failure> {
    turns::clear_pin(&ctx).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// One's own tokens that are valid now.
#[utoipa::path(get, path = "/api/v1/me/tokens", tag = "administration", responses((status = 200, body = Tokens)))]
pub(crate) async fn tokens(ctx: Ctx) -> Result<Json<Tokens>, Failure> {
    let (_, tokens) = own::access_of(&ctx, own::me(&ctx)?.id).await?;
    Ok(Json(Tokens { items: tokens.into_iter().map(body).collect() }))
}

/// Makes a token of one's own. A repeat of the request makes another one: what was answered is kept nowhere.
#[utoipa::path(post, path = "/api/v1/me/tokens", tag = "administration", request_body = TokenIn,
    responses((status = 201, body = TokenMade), (status = 422, description = "wrong fields")))]
pub(crate) async fn create_token(ctx: Ctx, Sent(sent): Sent<TokenIn>) -> Result<Response, Failure> {
    let days = sent.days.unwrap_or(365);
    if days != 0 && !own::TOKEN_DAYS.contains(&days) {
        return Err(Fault::field("days", "choose").into());
    }
    let ctx = ctx.replayable(None);
    let ends = (days > 0).then(|| ctx.now().plus(days * DAY));
    let user = own::me(&ctx)?.clone();
    let token = own::create_token(&ctx, &user, &sent.name, ends).await?;
    let (_, tokens) = own::access_of(&ctx, user.id).await?;
    let kept =
        tokens.into_iter().max_by_key(|token| token.id).ok_or_else(|| Fault::internal("a token was not kept"))?;
    let made = TokenMade {
        id: kept.id.to_string(),
        name: kept.name,
        token: token.reveal().to_owned(),
        expires_at: kept.expires_at.map(|at| at.to_string()),
    };
    Ok((StatusCode::CREATED, PRIVATE, Json(made)).into_response())
}

/// Ends a token of one's own.
#[utoipa::path(delete, path = "/api/v1/me/tokens/{id}", tag = "administration", params(("id" = String, Path)),
    responses((status = 204, description = "Done"), (status = 404, description = "No token of one's own")))]
pub(crate) async fn revoke_token(ctx: Ctx, Path(id): Path<String>) -> Result<StatusCode, Failure> {
    own::revoke_token(&ctx, id.parse().map_err(|_wrong| Fault::not_found())?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Staff as pasted from a spreadsheet.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ImportIn {
    /// Lines with cells between tabs, commas or semicolons; the first may name the columns. At most 2,000.
    rows: String,
    /// False answers only what each line would do.
    save: bool,
}

/// What is wrong with a column of a line.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ImportError {
    /// The column.
    field: String,
    /// What is wrong.
    code: String,
}

/// A line of the paste.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ImportLine {
    /// Which line it is, from 1.
    line: usize,
    /// The name that people sign in by.
    login: String,
    /// The name.
    name: String,
    /// `new`, `changes`, `same` or `bad`.
    fate: &'static str,
    /// What is wrong with a bad line.
    errors: Vec<ImportError>,
}

/// A new person with the code for a first password; it is answered only now.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HiredBody {
    /// The name that the person signs in by.
    login: String,
    /// The name.
    name: String,
    /// With this code the person sets a password at `/activate`.
    activation_code: String,
}

/// What each line would do or did.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ImportOut {
    /// The lines, in their order.
    lines: Vec<ImportLine>,
    /// Columns that nobody knows.
    unknown: Vec<String>,
    /// Lines beyond the most that are read.
    dropped: usize,
    /// Whether the good lines were saved.
    saved: bool,
    /// New people, once saved.
    hired: Vec<HiredBody>,
    /// How many people were changed, once saved.
    changed: usize,
}

fn line(hire: &Hire) -> ImportLine {
    let none = FieldErrors::default();
    let (fate, errors) = match &hire.fate {
        Fate::New => ("new", &none),
        Fate::Changes(_) => ("changes", &none),
        Fate::Same => ("same", &none),
        Fate::Bad(errors) => ("bad", errors),
    };
    let errors = errors.iter().map(|error| ImportError { field: error.field.clone(), code: error.code.to_owned() });
    ImportLine {
        line: hire.line,
        login: hire.draft.login.clone(),
        name: hire.draft.name.clone(),
        fate,
        errors: errors.collect(),
    }
}

/// Reads staff as pasted: says what each line would do, and with `save` takes the good lines; bad ones change nothing.
#[utoipa::path(post, path = "/api/v1/users/import", tag = "administration", request_body = ImportIn,
    responses((status = 200, body = ImportOut), (status = 403, description = "not allowed"),
        (status = 422, description = "No lines")))]
pub(crate) async fn import(ctx: Ctx, Sent(sent): Sent<ImportIn>) -> Result<Response, Failure> {
    if sent.rows.trim().is_empty() {
        return Err(Fault::field("rows", "required").into());
    }
    // A repeated request would answer with codes that were never kept.
    let ctx = ctx.replayable(None);
    let (table, hires) = read_staff(&ctx, &sent.rows);
    let (hired, changed) = if sent.save { staff::save(&ctx, &hires).await? } else { (Vec::new(), 0) };
    let hired = hired.iter().map(|person| HiredBody {
        login: person.login.clone(),
        name: person.name.clone(),
        activation_code: person.code.reveal().to_owned(),
    });
    let answer = ImportOut {
        lines: hires.iter().map(line).collect(),
        unknown: table.unknown().into_iter().map(str::to_owned).collect(),
        dropped: table.dropped,
        saved: sent.save,
        hired: hired.collect(),
        changed,
    };
    Ok((PRIVATE, Json(answer)).into_response())
}

/// A field of a setting before and after; values of personal data are left out.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ChangedField {
    /// Its word.
    field: String,
    /// Whether it is personal, so that its values stay in the journal.
    personal: bool,
    /// What it was.
    before: Option<String>,
    /// What it became.
    after: Option<String>,
}

/// A change of a setting.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ChangeEntry {
    /// Its id; give the last one as `before` to get the next page.
    id: String,
    /// Of which kind of setting.
    kind: String,
    /// Id of the setting.
    record: String,
    /// What happened.
    verb: String,
    /// Who did it; empty for the program.
    actor: String,
    /// When, RFC 3339.
    entered_at: String,
    /// What became different.
    changes: Vec<ChangedField>,
}

/// Changes of settings, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ChangesBody {
    /// The changes.
    items: Vec<ChangeEntry>,
    /// Give it as `before` for the next page; absent on the last.
    next: Option<String>,
}

/// Who changed which setting, newest first.
#[utoipa::path(get, path = "/api/v1/settings/history", tag = "administration",
    params(("kind" = Option<String>, Query, description = "Only settings of this kind, e.g. user, role, symptom"),
        ("before" = Option<String>, Query, description = "`next` of the page before"),
        ("limit" = Option<u16>, Query, description = "1 to 200, default 50")),
    responses((status = 200, body = ChangesBody), (status = 403, description = "not allowed"),
        (status = 422, description = "No such kind")))]
pub(crate) async fn changes(ctx: Ctx, uri: Uri) -> Result<Json<ChangesBody>, Failure> {
    let mut query = Form::from_query(uri.query().unwrap_or_default());
    let kind = match query.raw("kind") {
        "" => None,
        typed => Some(
            history::KINDS
                .iter()
                .find(|kind| **kind == typed)
                .copied()
                .ok_or_else(|| Fault::field("kind", "unknown"))?,
        ),
    };
    let before = query.number_or_none("before", 1..=i64::MAX);
    let limit = query.number_or_none("limit", 1..=PAGE).unwrap_or(50);
    query.check()?;
    let mut found = history::changes(&ctx, kind, before, limit.saturating_add(1)).await?;
    let limit = usize::try_from(limit).unwrap_or(50);
    let more = found.len() > limit;
    found.truncate(limit);
    let next = found.last().filter(|_| more).map(|(_, _, entry)| entry.id.to_string());
    let items = found.into_iter().map(|(kind, record, entry)| ChangeEntry {
        id: entry.id.to_string(),
        kind,
        record: record.to_string(),
        verb: entry.verb,
        actor: if entry.actor_kind == "system" { String::new() } else { entry.actor_name },
        entered_at: entry.entered_at.to_string(),
        changes: entry
            .changes
            .into_iter()
            .map(|change| ChangedField {
                before: change.before.filter(|_| !change.personal),
                after: change.after.filter(|_| !change.personal),
                personal: change.personal,
                field: change.field,
            })
            .collect(),
    });
    Ok(Json(ChangesBody { items: items.collect(), next }))
}
