//! Uploads and downloads: what is sent waits as an upload of its sender until a record's form or call takes it over.

use ::files::{FileRow, NewFile, UPLOAD};
use axum::Json;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use capability::{Ctx, Upload, UploadRules, seen_file, serve_file};
use kernel::{Fault, Id, RecordRef, of};
use serde::Serialize;
use utoipa::ToSchema;
use web::Failure;

/// A stored file.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FileBody {
    id: String,
    name: String,
    /// Media type, as found in the bytes.
    kind: String,
    /// Bytes.
    size: i64,
    /// SHA-256 of what is stored; pictures are encoded anew.
    sha256: String,
    width: Option<i64>,
    height: Option<i64>,
    /// Where the content is.
    href: String,
    /// Where the thumbnail is; pictures only.
    small: Option<String>,
}

/// The files that were taken.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FilesBody {
    items: Vec<FileBody>,
}

/// A form with files, as `multipart/form-data`.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes the upload to the API's readers; the program reads it piece by piece")]
pub(crate) struct UploadBody {
    /// One or several files.
    #[schema(value_type = Vec<String>, format = Binary)]
    file: Vec<u8>,
}

impl From<FileRow> for FileBody {
    fn from(file: FileRow) -> Self {
        let href = format!("/files/{}", file.id);
        Self {
            small: file.kind.is_picture().then(|| format!("{href}/small")),
            href,
            id: file.id.to_string(),
            name: file.name,
            kind: file.kind.media_type().to_owned(),
            size: file.size,
            sha256: file.digest,
            width: file.pixels.map(|(width, _)| width),
            height: file.pixels.map(|(_, height)| height),
        }
    }
}

/// Sends files ahead of the record they are for; they wait a day for it.
#[utoipa::path(post, path = "/api/v1/files", tag = "files",
    request_body(content = UploadBody, content_type = "multipart/form-data"),
    responses((status = 201, body = FilesBody), (status = 413, description = "Too large, or too many pixels"),
        (status = 415, description = "Neither a picture nor PDF nor plain text, or not what it says it is"),
        (status = 422, description = "Empty or damaged")))]
pub(crate) async fn upload(ctx: Ctx, upload: Upload) -> Result<Response, Failure> {
    let user = ctx.actor.user.ok_or_else(Fault::unauthenticated)?;
    let taken = upload.take(&ctx, UploadRules::STAFF).await?;
    if let Some(refusal) = taken.refusal {
        return Err(refusal.into());
    }
    let files: Vec<_> = taken.files.into_iter().map(|(_, file)| file).collect();
    if files.is_empty() {
        return Err(Fault::field("file", "required").into());
    }
    let ids: Vec<Id<of::File>> = taken
        .ctx
        .write((files, user), |work, (files, user)| {
            Box::pin(async move {
                let new = NewFile::of(RecordRef::new(UPLOAD, *user), None, Some(*user), work.now);
                let mut ids = Vec::with_capacity(files.len());
                for file in files {
                    ids.push(::files::attach(work.tx, &work.ctx.house.ids, file, &new).await?);
                }
                // Nobody's record has changed yet; the journal hears of a file when a record takes it over.
                Ok(work.unchanged(ids))
            })
        })
        .await?;
    let mut items = Vec::with_capacity(ids.len());
    for id in ids {
        items.push(seen_file(&ctx, id).await?.into());
    }
    Ok((StatusCode::CREATED, Json(FilesBody { items })).into_response())
}

/// What is known of a file.
#[utoipa::path(get, path = "/api/v1/files/{id}", tag = "files",
    responses((status = 200, body = FileBody), (status = 404, description = "None, deleted, or on a record out of reach")))]
pub(crate) async fn describe(ctx: Ctx, Path(id): Path<String>) -> Result<Json<FileBody>, Failure> {
    let file = seen_file(&ctx, read(&id)?).await?;
    if file.deleted_at.is_some() {
        return Err(Fault::new(kernel::FaultKind::NotFound, "file-gone").into());
    }
    Ok(Json(file.into()))
}

/// `GET /files/{id}`: pictures to look at, everything else to download.
pub(crate) async fn show(ctx: Ctx, Path(id): Path<String>, headers: HeaderMap) -> Result<Response, Failure> {
    let file = seen_file(&ctx, read(&id)?).await?;
    Ok(serve_file(&ctx, &file, &headers, false).await?)
}

/// `GET /files/{id}/small`: the thumbnail of a picture.
pub(crate) async fn small(ctx: Ctx, Path(id): Path<String>, headers: HeaderMap) -> Result<Response, Failure> {
    let file = seen_file(&ctx, read(&id)?).await?;
    Ok(serve_file(&ctx, &file, &headers, true).await?)
}

/// What is no id names no file.
fn read(id: &str) -> Result<Id<of::File>, Fault> {
    id.parse().ok().ok_or_else(Fault::not_found)
}
