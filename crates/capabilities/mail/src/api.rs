//! Mailboxes for programs.

use axum::Json;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use capability::Ctx;
use kernel::{Id, Timestamp, of};
use parties::domain::masked_email;
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};
use web::{Failure, Form, IfMatch, etag};

use crate::app;
use crate::store::{LetterId, LetterRow, Mailbox, MailboxId, State};

/// A mailbox. The password is never answered.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MailboxOut {
    #[schema(value_type = String)]
    id: Id<MailboxId>,
    name: String,
    /// Customers write to it.
    address: String,
    host: String,
    port: i64,
    /// implicit, start_tls or none.
    tls: &'static str,
    login: String,
    has_password: bool,
    folder: String,
    /// Code of the store whose cases its letters become.
    store: Option<String>,
    /// Is told when it cannot be reached.
    #[schema(value_type = Option<String>)]
    owner: Option<Id<of::User>>,
    /// Waits for news at the server instead of asking once a minute.
    idle: bool,
    /// It is read.
    active: bool,
    /// All letters up to this UID at the server are in.
    last_uid: i64,
    #[schema(value_type = Option<String>)]
    looked_at: Option<Timestamp>,
    /// Since when it cannot be reached.
    #[schema(value_type = Option<String>)]
    failed_since: Option<Timestamp>,
    /// connect, tls, login, password, folder, read or silent.
    error: Option<String>,
    /// What the other side said.
    detail: Option<String>,
    /// When it is tried again by itself, after a failure.
    #[schema(value_type = Option<String>)]
    look_at: Option<Timestamp>,
    /// Give it as If-Match with a change.
    version: i64,
}

impl MailboxOut {
    fn of(ctx: &Ctx, mailbox: Mailbox) -> Self {
        let directory = ctx.house.identity.directories().now();
        Self {
            id: mailbox.id,
            name: mailbox.name,
            address: mailbox.address,
            host: mailbox.host,
            port: mailbox.port,
            tls: mailbox.tls.as_str(),
            login: mailbox.login,
            has_password: mailbox.sealed.is_some(),
            folder: mailbox.folder,
            store: directory.unit(mailbox.store).map(|unit| unit.code.clone()),
            owner: mailbox.owner,
            idle: mailbox.idle,
            active: mailbox.active,
            last_uid: mailbox.last_uid,
            looked_at: mailbox.looked_at,
            failed_since: mailbox.failed_since,
            error: mailbox.error,
            detail: mailbox.detail,
            look_at: mailbox.look_at,
            version: mailbox.version,
        }
    }
}

/// All mailboxes.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MailboxesOut {
    items: Vec<MailboxOut>,
}

/// What to read; with a change, members that are left out stay.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes what is read field by field")]
pub(crate) struct MailboxIn {
    name: Option<String>,
    address: Option<String>,
    host: Option<String>,
    port: Option<i64>,
    /// implicit, start_tls or none.
    tls: Option<String>,
    login: Option<String>,
    password: Option<String>,
    folder: Option<String>,
    /// Code of the store.
    store: Option<String>,
    /// Id of the person who is told when it cannot be reached.
    owner: Option<String>,
    idle: Option<bool>,
    active: Option<bool>,
}

/// A letter and what became of it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LetterOut {
    #[schema(value_type = String)]
    id: Id<LetterId>,
    /// case, answer, bounce, automatic, duplicate or set_aside.
    state: &'static str,
    /// Why, a code.
    why: Option<String>,
    /// What an error or a postmaster said, or the number of a case that was named and not believed.
    detail: Option<String>,
    /// What was left out of it: bytes, head, depth, parts, receivers, text, attachments, letters; with blanks between.
    left_out: Option<String>,
    #[schema(value_type = Option<String>)]
    case: Option<Id<of::Case>>,
    from_name: String,
    /// Masked.
    from_address: String,
    subject: String,
    #[schema(value_type = Option<String>)]
    written_at: Option<Timestamp>,
    #[schema(value_type = String)]
    received_at: Timestamp,
    /// Bytes.
    size: i64,
    /// The letter as it came: `/files/{id}`.
    #[schema(value_type = Option<String>)]
    file: Option<Id<of::File>>,
}

fn letter_out(row: LetterRow, file: Option<Id<of::File>>) -> LetterOut {
    LetterOut {
        id: row.id,
        state: row.state.as_str(),
        why: row.why,
        detail: row.detail,
        left_out: row.tamed,
        case: row.case,
        from_name: row.from_name,
        from_address: if row.from_address.is_empty() { String::new() } else { masked_email(&row.from_address) },
        subject: row.subject,
        written_at: row.written_at,
        received_at: row.received_at,
        size: row.size,
        file,
    }
}

/// One page of letters.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LettersOut {
    items: Vec<LetterOut>,
    /// Give it as `before` for the next page.
    next: Option<String>,
}

#[utoipa::path(get, path = "/api/v1/mailboxes", tag = "mail",
    description = "The mailboxes of the stores that the caller reaches.",
    responses((status = 200, body = MailboxesOut)))]
pub(crate) async fn list(ctx: Ctx) -> Result<Json<MailboxesOut>, Failure> {
    Ok(Json(MailboxesOut {
        items: app::mailboxes(&ctx).await?.into_iter().map(|one| MailboxOut::of(&ctx, one)).collect(),
    }))
}

/// The form with the id of the store that it names by its code.
fn by_code(ctx: &Ctx, form: Form) -> Form {
    let directory = ctx.house.identity.directories().now();
    let pairs = form.pairs().iter().map(|(name, value)| {
        let store = directory.store_by_code(value.trim()).filter(|_| name == "store");
        (name.clone(), store.map_or_else(|| value.clone(), |store| store.id.to_string()))
    });
    Form::from_pairs(pairs)
}

async fn answered(ctx: &Ctx, id: Id<MailboxId>, status: StatusCode) -> Result<Response, Failure> {
    let mailbox = app::mailbox(ctx, id).await?;
    let version = etag(mailbox.version);
    Ok((status, [version], Json(MailboxOut::of(ctx, mailbox))).into_response())
}

#[utoipa::path(post, path = "/api/v1/mailboxes", tag = "mail", request_body = MailboxIn,
    description = "Reads another mailbox from now on.",
    responses((status = 201, body = MailboxOut), (status = 422, description = "Fields that cannot be used")))]
pub(crate) async fn create(ctx: Ctx, form: Form) -> Result<Response, Failure> {
    let draft = crate::pages::read(&mut by_code(&ctx, form))?;
    let id = app::create(&ctx, draft).await?;
    answered(&ctx, id, StatusCode::CREATED).await
}

#[utoipa::path(get, path = "/api/v1/mailboxes/{id}", tag = "mail",
    params(("id" = String, Path, description = "Id of the mailbox")),
    responses((status = 200, body = MailboxOut), (status = 404, description = "Not within the caller's reach")))]
pub(crate) async fn show(ctx: Ctx, Path(id): Path<i64>) -> Result<Response, Failure> {
    answered(&ctx, Id::new(id), StatusCode::OK).await
}

#[utoipa::path(patch, path = "/api/v1/mailboxes/{id}", tag = "mail", request_body = MailboxIn,
    description = "Changes a mailbox; members that are left out stay.",
    params(("id" = String, Path, description = "Id of the mailbox"), ("If-Match" = String, Header, description = "`\"v1\"`")),
    responses((status = 200, body = MailboxOut), (status = 412, description = "Changed by somebody else meanwhile")))]
pub(crate) async fn change(
    ctx: Ctx,
    Path(id): Path<i64>,
    version: Result<IfMatch, Failure>,
    form: Form,
) -> Result<Response, Failure> {
    let (id, IfMatch(version)) = (Id::new(id), version?);
    let before = app::mailbox(&ctx, id).await?;
    let flag = |on: bool| if on { "yes" } else { "" };
    let was = [
        ("name", before.name),
        ("address", before.address),
        ("host", before.host),
        ("port", before.port.to_string()),
        ("tls", before.tls.as_str().to_owned()),
        ("login", before.login),
        ("folder", before.folder),
        ("store", before.store.to_string()),
        ("owner", before.owner.map(|owner| owner.to_string()).unwrap_or_default()),
        ("idle", flag(before.idle).to_owned()),
        ("active", flag(before.active).to_owned()),
    ];
    let kept = was.into_iter().filter(|(name, _)| !form.has(name)).map(|(name, value)| (name.to_owned(), value));
    let whole = Form::from_pairs(form.pairs().iter().cloned().chain(kept));
    let draft = crate::pages::read(&mut by_code(&ctx, whole))?;
    app::save(&ctx, id, version, draft).await?;
    answered(&ctx, id, StatusCode::OK).await
}

#[utoipa::path(post, path = "/api/v1/mailboxes/{id}/look", tag = "mail",
    description = "Looks into the mailbox at once.",
    params(("id" = String, Path, description = "Id of the mailbox")),
    responses((status = 202, description = "Asked for")))]
pub(crate) async fn look(ctx: Ctx, Path(id): Path<i64>) -> Result<StatusCode, Failure> {
    app::look_soon(&ctx, Id::new(id)).await?;
    Ok(StatusCode::ACCEPTED)
}

/// What came of trying a mailbox out.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TriedOut {
    /// Letters in the folder, when it can be read.
    letters: Option<u32>,
    /// Why it cannot: connect, tls, login, password, folder, read or silent.
    error: Option<&'static str>,
    /// What the other side said.
    detail: Option<String>,
}

#[utoipa::path(post, path = "/api/v1/mailboxes/{id}/try", tag = "mail",
    description = "Signs in to the mailbox as it is set and counts its letters, without taking one in.",
    params(("id" = String, Path, description = "Id of the mailbox")),
    responses((status = 200, body = TriedOut)))]
pub(crate) async fn try_out(ctx: Ctx, Path(id): Path<i64>) -> Result<Json<TriedOut>, Failure> {
    let id = Id::new(id);
    let draft = app::mailbox(&ctx, id).await?.into();
    Ok(Json(match app::try_out(&ctx, Some(id), &draft).await? {
        app::Tried::Read(letters) => TriedOut { letters: Some(letters), error: None, detail: None },
        app::Tried::Not(error, detail) => TriedOut { letters: None, error: Some(error), detail: Some(detail) },
    }))
}

#[utoipa::path(get, path = "/api/v1/mailboxes/{id}/letters", tag = "mail",
    description = "Letters that came to the mailbox, newest first, and what became of them.",
    params(
        ("id" = String, Path, description = "Id of the mailbox"),
        ("state" = Option<String>, Query, description = "case, answer, bounce, automatic, duplicate, set_aside"),
        ("before" = Option<String>, Query, description = "`next` of the page before"),
        ("limit" = Option<i64>, Query, description = "1 to 200, default 50"),
    ),
    responses((status = 200, body = LettersOut)))]
pub(crate) async fn letters(
    ctx: Ctx,
    Path(id): Path<i64>,
    RawQuery(query): RawQuery,
) -> Result<Json<LettersOut>, Failure> {
    let mut form = Form::from_query(&query.unwrap_or_default());
    let state = form.choice_or_none("state", State::parse);
    let before = form.id_or_none("before");
    let limit = form.number_or_none("limit", 1..=200).unwrap_or(50);
    form.check()?;
    let page = app::letters(&ctx, Id::new(id), state, before, u16::try_from(limit).unwrap_or(50)).await?;
    let next = page.next.map(|id| id.to_string());
    Ok(Json(LettersOut { items: page.rows.into_iter().map(|(row, file)| letter_out(row, file)).collect(), next }))
}

/// What came with a letter.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AttachmentOut {
    name: String,
    /// Bytes.
    size: usize,
}

/// What a letter says: words only, whatever it was made of.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WordsOut {
    /// What the person wrote.
    said: String,
    /// Earlier letters below it.
    quoted: String,
    signature: String,
    attachments: Vec<AttachmentOut>,
    /// How many it was for.
    receivers: usize,
}

/// A letter with what it says.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WholeLetterOut {
    #[serde(flatten)]
    letter: LetterOut,
    /// None when it stayed at the server, was erased, or is too large.
    words: Option<WordsOut>,
}

impl From<app::Opened> for WholeLetterOut {
    fn from(opened: app::Opened) -> Self {
        let words = opened.letter.map(|letter| WordsOut {
            said: letter.words.said,
            quoted: letter.words.quoted,
            signature: letter.words.signature,
            attachments: letter
                .attachments
                .into_iter()
                .map(|one| AttachmentOut { name: one.name, size: one.size })
                .collect(),
            receivers: letter.receivers,
        });
        Self { letter: letter_out(opened.row, opened.file), words }
    }
}

#[utoipa::path(get, path = "/api/v1/mailboxes/{id}/letters/{letter}", tag = "mail",
    description = "A letter with what it says.",
    params(("id" = String, Path, description = "Id of the mailbox"), ("letter" = String, Path, description = "Id of the letter")),
    responses((status = 200, body = WholeLetterOut), (status = 404, description = "Not within the caller's reach")))]
pub(crate) async fn letter(ctx: Ctx, Path((id, letter)): Path<(i64, i64)>) -> Result<Json<WholeLetterOut>, Failure> {
    crate::pages::of_mailbox(&ctx, id, letter).await?;
    Ok(Json(app::open(&ctx, Id::new(letter)).await?.into()))
}

/// The letters of a case.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CaseLettersOut {
    /// Newest first, the newest twenty at most.
    items: Vec<WholeLetterOut>,
}

#[utoipa::path(get, path = "/api/v1/cases/{id}/letters", tag = "mail",
    description = "The letters that a case began with and those that came to it, with what they say.",
    params(("id" = String, Path, description = "Id of the case")),
    responses((status = 200, body = CaseLettersOut), (status = 404, description = "Not within the caller's reach")))]
pub(crate) async fn of_case(ctx: Ctx, Path(id): Path<i64>) -> Result<Json<CaseLettersOut>, Failure> {
    let (_number, found) = app::of_case(&ctx, Id::new(id)).await?;
    Ok(Json(CaseLettersOut { items: found.into_iter().map(WholeLetterOut::from).collect() }))
}

#[utoipa::path(post, path = "/api/v1/mailboxes/{id}/letters/{letter}/retry", tag = "mail",
    description = "Tries again to take in a letter that was set aside.",
    params(("id" = String, Path, description = "Id of the mailbox"), ("letter" = String, Path, description = "Id of the letter")),
    responses((status = 200, body = LetterOut), (status = 409, description = "It is not set aside, or stayed at the server")))]
pub(crate) async fn retry(ctx: Ctx, Path((id, letter)): Path<(i64, i64)>) -> Result<Json<LetterOut>, Failure> {
    crate::pages::of_mailbox(&ctx, id, letter).await?;
    Ok(Json(letter_out(app::retry(&ctx, Id::new(letter)).await?, None)))
}

#[derive(OpenApi)]
#[openapi(
    paths(list, create, show, change, look, try_out, letters, letter, of_case, retry),
    components(schemas(
        MailboxesOut,
        MailboxOut,
        MailboxIn,
        LettersOut,
        LetterOut,
        TriedOut,
        AttachmentOut,
        WordsOut,
        WholeLetterOut,
        CaseLettersOut
    ))
)]
struct Description;

pub(crate) fn openapi() -> utoipa::openapi::OpenApi {
    Description::openapi()
}
