use axum::extract::{FromRequest, Multipart, Request};
use axum::http::header::CONTENT_TYPE;
use kernel::Fault;
use web::{Failure, Form};

use crate::Broken;

/// The fields of the form and the file, if one came.
///
/// # Errors
/// `invalid` at `file` where it cannot be read or is too large.
pub async fn sent(request: Request) -> Result<(Form, Option<Vec<u8>>), Failure> {
    let multipart = request
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .is_some_and(|kind| kind.starts_with("multipart/form-data"));
    if !multipart {
        return Ok((Form::from_request(request, &()).await?, None));
    }
    let broken = || Fault::field("file", Broken::Unreadable.code());
    let mut body = Multipart::from_request(request, &()).await.map_err(|_broken| broken())?;
    let (mut pairs, mut file) = (Vec::new(), None);
    while let Some(field) = body.next_field().await.map_err(|_broken| broken())? {
        let name = field.name().unwrap_or_default().to_owned();
        let bytes = field.bytes().await.map_err(|_large| Fault::field("file", Broken::TooLarge.code()))?;
        match name.as_str() {
            "file" if !bytes.is_empty() => file = Some(bytes.to_vec()),
            "file" => {}
            _ => pairs.push((name, String::from_utf8_lossy(&bytes).into_owned())),
        }
    }
    Ok((Form::from_pairs(pairs), file))
}
