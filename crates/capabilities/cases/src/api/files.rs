use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use capability::{Ctx, Taken, Upload, UploadRules};
use files::{FileRow, Visibility as Seen};
use kernel::{Fault, Id, of};
use serde::Serialize;
use utoipa::ToSchema;
use web::{Failure, IfMatch};

use crate::app;
use crate::app::files::{self as papers, NewFiles, all_taken};
use crate::app::input::{self, CommandInput};
use crate::domain::{CommandName, Visibility};

/// A file of a case.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CaseFile {
    id: String,
    name: String,
    /// Media type, as found in the bytes.
    kind: String,
    /// `attachment` or `signature`.
    purpose: String,
    /// `internal` or `public`: whether the customer sees it.
    visibility: String,
    /// Bytes.
    size: i64,
    /// SHA-256 of what is stored.
    sha256: String,
    width: Option<i64>,
    height: Option<i64>,
    /// Who sent it; absent for customers.
    created_by: Option<String>,
    created_at: String,
    /// The message that it came with, or the plan that was signed.
    part_id: Option<String>,
    /// Where the content is.
    href: String,
}

/// Files of a case, oldest first.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CaseFiles {
    items: Vec<CaseFile>,
    /// Taken away, and still to be brought back; for those who work on the case.
    removed: Vec<CaseFile>,
}

/// The ids of the files that were added.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Added {
    ids: Vec<String>,
}

/// Files for a case, as `multipart/form-data`; or JSON with `upload`: ids from `POST /api/v1/files`.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes the upload to the API's readers; the program reads it piece by piece")]
pub(super) struct CaseUpload {
    /// One or several files.
    #[schema(value_type = Vec<String>, format = Binary)]
    file: Vec<u8>,
    /// Ids of files that were sent ahead.
    upload: Vec<String>,
    /// `internal` (default) or `public`.
    file_visibility: Option<String>,
}

/// A signature and what it says yes to, as `multipart/form-data`.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes the upload to the API's readers; the program reads it piece by piece")]
pub(super) struct SignatureUpload {
    /// PNG of at most 300 KB.
    #[schema(value_type = String, format = Binary)]
    signature: Vec<u8>,
    /// `confirm` (the plan) or `close` (the receipt at handing out).
    command: String,
    /// Which option of the plan, from 1; with `confirm`.
    option: Option<i64>,
}

impl From<FileRow> for CaseFile {
    fn from(file: FileRow) -> Self {
        Self {
            id: file.id.to_string(),
            href: format!("/files/{}", file.id),
            kind: file.kind.media_type().to_owned(),
            purpose: file.purpose.as_str().to_owned(),
            visibility: match file.visibility {
                Seen::Public => "public".to_owned(),
                Seen::Internal => "internal".to_owned(),
            },
            size: file.size,
            width: file.pixels.map(|(width, _)| width),
            height: file.pixels.map(|(_, height)| height),
            created_by: file.created_by.map(|user| user.to_string()),
            created_at: file.created_at.to_string(),
            part_id: file.part.map(|part| part.to_string()),
            sha256: file.digest,
            name: file.name,
        }
    }
}

/// What is no id names nothing.
fn read<T>(text: &str) -> Result<Id<T>, Fault> {
    text.parse().ok().ok_or_else(Fault::not_found)
}

/// The files of a case.
#[utoipa::path(get, path = "/api/v1/cases/{id}/files", tag = "files",
    responses((status = 200, body = CaseFiles), (status = 404, description = "No such case, or out of reach")))]
pub(super) async fn list(ctx: Ctx, Path(id): Path<String>) -> Result<Json<CaseFiles>, Failure> {
    let (kept, gone) = papers::files_of(&ctx, read(&id)?).await?;
    let bodies = |files: Vec<FileRow>| files.into_iter().map(CaseFile::from).collect();
    Ok(Json(CaseFiles { items: bodies(kept), removed: bodies(gone) }))
}

/// Adds files to a case.
#[utoipa::path(post, path = "/api/v1/cases/{id}/files", tag = "files",
    request_body(content = CaseUpload, content_type = "multipart/form-data"),
    responses((status = 201, body = Added), (status = 404, description = "No such case, or out of reach"),
        (status = 413, description = "Too large, or too many pixels"), (status = 415, description = "Not a kind that is taken"),
        (status = 422, description = "Fields that cannot be taken")))]
pub(super) async fn add(ctx: Ctx, Path(id): Path<String>, upload: Upload) -> Result<Response, Failure> {
    let id = read(&id)?;
    papers::may_add(&ctx, id).await?;
    let mut taken = upload.take(&ctx, UploadRules::STAFF).await?;
    let visibility = taken.form.choice_or_none("file_visibility", Visibility::parse).unwrap_or(Visibility::Internal);
    all_taken(&taken)?;
    let files = NewFiles::of(&taken, "file")?;
    let ids = papers::add_files(&taken.ctx, id, files, visibility).await?;
    Ok((StatusCode::CREATED, Json(Added { ids: ids.iter().map(ToString::to_string).collect() })).into_response())
}

/// Takes a file away; it can be brought back for thirty days. A signature stays.
#[utoipa::path(delete, path = "/api/v1/cases/{id}/files/{file}", tag = "files",
    responses((status = 204, description = "Gone"), (status = 404, description = "No such file"),
        (status = 409, description = "A signature stays")))]
pub(super) async fn remove(ctx: Ctx, Path((id, file)): Path<(String, String)>) -> Result<StatusCode, Failure> {
    papers::remove_file(&ctx, read(&id)?, read(&file)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Brings a file back that was taken away.
#[utoipa::path(post, path = "/api/v1/cases/{id}/files/{file}/restore", tag = "files",
    responses((status = 204, description = "There again"), (status = 404, description = "No such file, or too long ago")))]
pub(super) async fn restore(ctx: Ctx, Path((id, file)): Path<(String, String)>) -> Result<StatusCode, Failure> {
    papers::restore_file(&ctx, read(&id)?, read(&file)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The customer's yes with a signature: to the plan as it is shown, or to the goods at handing out.
#[utoipa::path(post, path = "/api/v1/cases/{id}/signatures", tag = "files",
    params(("If-Match" = String, Header, description = "The version of the case that was shown")),
    request_body(content = SignatureUpload, content_type = "multipart/form-data"),
    responses((status = 204, description = "Signed"), (status = 404, description = "No such case, or out of reach"),
        (status = 409, description = "The case is not at that point"), (status = 412, description = "The case has changed"),
        (status = 413, description = "Larger than 300 KB"), (status = 422, description = "No signature to be seen")))]
pub(super) async fn sign(
    ctx: Ctx,
    Path(id): Path<String>,
    IfMatch(version): IfMatch,
    upload: Upload,
) -> Result<StatusCode, Failure> {
    let id: Id<of::Case> = read(&id)?;
    papers::may_add(&ctx, id).await?;
    let taken = upload.take(&ctx, UploadRules::SIGNATURE).await?;
    all_taken(&taken)?;
    let signature = taken.of("signature").into_iter().next().ok_or_else(|| Fault::field("signature", "required"))?;
    let Taken { ctx, mut form, .. } = taken;
    let name = form.choice("command", |word| match CommandName::parse(word) {
        Some(CommandName::Confirm) => Some(CommandName::Confirm),
        Some(CommandName::Close) => Some(CommandName::Close),
        _ => None,
    });
    let option = form.number_or_none("option", 1..=99);
    form.check()?;
    let name = form.need(name)?;
    let given = CommandInput {
        option,
        proof: Some("counter".to_owned()),
        by: (name == CommandName::Close).then(|| "customer".to_owned()),
        ..CommandInput::default()
    };
    app::signed(&ctx, id, version, input::command(name, &given)?, Some(signature)).await?;
    Ok(StatusCode::NO_CONTENT)
}
