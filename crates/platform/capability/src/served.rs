//! Files on their way out, behind the door of their record.

use axum::body::Body;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, ETAG, HeaderName, HeaderValue, IF_NONE_MATCH};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use files::{FileRow, UPLOAD};
use futures_util::StreamExt as _;
use kernel::{Fault, Id, of};

use crate::Ctx;

/// The file `id`, if the actor may see the record it hangs on; one's own upload before it hangs on a record.
///
/// # Errors
/// `not-found`, also for what is only hidden from the actor; `file-gone` for a deleted one.
pub async fn seen_file(ctx: &Ctx, id: Id<of::File>) -> Result<FileRow, Fault> {
    let file = ctx
        .read((id, ctx.clone()), |tx, (id, ctx)| {
            Box::pin(async move {
                let file = files::find(tx, *id).await?.ok_or_else(Fault::not_found)?;
                let (kind, record) = &file.record;
                if kind == UPLOAD {
                    let own = ctx.actor.user.is_some_and(|user| user.get() == *record);
                    return if own { Ok(file) } else { Err(Fault::not_found()) };
                }
                let door = ctx.house.file_doors.iter().find(|door| door.kind == kind).ok_or_else(Fault::not_found)?;
                (door.see)(tx, ctx, *record).await?;
                Ok(file)
            })
        })
        .await?;
    Ok(file)
}

/// The content of `file`, or with `small` its thumbnail, as an answer. The caller has looked whether it may be seen.
///
/// # Errors
/// `not-found` for the thumbnail of what is no picture; `file-gone`; what the vault says.
pub async fn serve_file(ctx: &Ctx, file: &FileRow, asked: &HeaderMap, small: bool) -> Result<Response, Fault> {
    let mut headers = HeaderMap::new();
    for (name, value) in file.headers() {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::from_str(&value)) {
            headers.insert(name, value);
        }
    }
    if small {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("image/jpeg"));
        headers.insert(CONTENT_DISPOSITION, HeaderValue::from_static("inline"));
        headers.insert(ETAG, HeaderValue::from_str(&format!("\"{}-small\"", file.digest)).map_err(Fault::internal)?);
    }
    let known = asked.get(IF_NONE_MATCH).is_some_and(|known| Some(known) == headers.get(ETAG));
    if known && file.deleted_at.is_none() {
        return Ok((StatusCode::NOT_MODIFIED, headers).into_response());
    }
    let body = if small {
        Body::from(ctx.house.files.thumbnail(file).await?)
    } else {
        let content = ctx.house.files.open(file, None).await?;
        headers.insert("content-length", HeaderValue::from(content.size));
        Body::from_stream(content.bytes.map(|piece| piece.map_err(std::io::Error::other)))
    };
    Ok((headers, body).into_response())
}
