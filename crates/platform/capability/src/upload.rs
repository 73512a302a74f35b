//! Forms that bring files: read piece by piece, each file checked and stored before the next one is read.

use std::time::Duration;

use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request};
use axum::http::header::CONTENT_TYPE;
use files::Prepared;
use kernel::{Fault, FaultKind};
use sha2::{Digest, Sha256};
use web::Form;

use crate::replay::ReplayKey;
use crate::{Ctx, router};

/// The largest form with files, in bytes.
const LARGEST: usize = 64 * 1024 * 1024;
/// The most text fields that are read, and how much text.
const FIELDS: usize = 500;
const TEXT: usize = web::BODY_LIMIT;
/// A slow telephone gets so long for a whole form; then its turn is over.
const PATIENCE: Duration = Duration::from_secs(180);

/// What a form may bring.
#[derive(Debug, Clone, Copy)]
pub struct UploadRules {
    /// The most files.
    pub most: usize,
    /// Only pictures are taken.
    pub pictures: bool,
    /// Nothing but what was written on the glass is taken, in the field `signature`.
    pub signature: bool,
}

impl UploadRules {
    /// What staff add to a record: at most ten files of every kind that is taken.
    pub const STAFF: Self = Self { most: 10, pictures: false, signature: false };
    /// What customers send: at most five pictures.
    pub const CUSTOMER: Self = Self { most: 5, pictures: true, signature: false };
    /// One signature.
    pub const SIGNATURE: Self = Self { most: 1, pictures: true, signature: true };
}

/// A request whose body has not been read yet. The handler looks first who asks and whether the record takes files, then calls
/// [`Upload::take`]. Forms without files (urlencoded, JSON) are read as well.
pub struct Upload(Request);

/// What was sent.
pub struct Taken {
    /// The same request; a repeat of the form is recognised by its key, its fields and the digests of its files.
    pub ctx: Ctx,
    /// The text fields. A file that is refused stands as an error at its field.
    pub form: Form,
    /// The files that were taken, with the names of their fields. They are stored; the record's write attaches them.
    pub files: Vec<(String, Prepared)>,
    /// Why the first refused file was refused.
    pub refusal: Option<Fault>,
}

impl Taken {
    /// The files that came in the field `name`.
    pub fn of(&self, name: &str) -> Vec<Prepared> {
        self.files.iter().filter(|(field, _)| field == name).map(|(_, file)| file.clone()).collect()
    }
}

impl<S: Send + Sync> FromRequest<S> for Upload {
    type Rejection = std::convert::Infallible;

    async fn from_request(request: Request, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(request))
    }
}

impl Upload {
    /// Reads the form. Files that are no good are refused one by one: their faults stand at their fields, the rest is read on.
    ///
    /// # Errors
    /// `unreadable` for a broken body; `too-large` for too much of everything; `upload-slow`; what the vault says when it fails.
    pub async fn take(self, ctx: &Ctx, rules: UploadRules) -> Result<Taken, Fault> {
        let Self(mut request) = self;
        let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        if !kind.trim_start().to_ascii_lowercase().starts_with("multipart/form-data") {
            let form = Form::from_request(request, &()).await.map_err(|failure| failure.0)?;
            return Ok(Taken { ctx: ctx.clone(), form, files: Vec::new(), refusal: None });
        }
        let route = format!("{} {}", request.method(), request.uri().path());
        let named = match request.headers().get(router::IDEMPOTENCY_KEY) {
            Some(key) => Some(router::key_text(key)?.to_owned()),
            None => None,
        };
        DefaultBodyLimit::max(LARGEST).apply(&mut request);
        let turn = ctx.house.files.turn().await?;
        let parts = tokio::time::timeout(PATIENCE, read(request, ctx, rules)).await;
        drop(turn);
        let Parts { mut pairs, files, mut refused, digest } =
            parts.map_err(|_elapsed| Fault::new(FaultKind::TooLarge, "upload-slow"))??;
        let hidden = pairs.iter().find(|(name, value)| name == web::FORM_KEY && !value.is_empty());
        let key = named.or_else(|| hidden.map(|(_, value)| value.clone()));
        pairs.retain(|(name, _)| name != web::FORM_KEY);
        let replay = key.map(|key| ReplayKey::new(&ctx.actor, &route, &key, &digest)).transpose()?;
        let ctx = if replay.is_some() { ctx.clone().replayable(replay) } else { ctx.clone() };
        let mut form = Form::from_pairs(pairs);
        for (field, fault) in &refused {
            form.reject_with(field, fault.code(), fault.args().to_vec());
        }
        let refusal = if refused.is_empty() { None } else { Some(refused.swap_remove(0).1) };
        Ok(Taken { ctx, form, files, refusal })
    }
}

struct Parts {
    pairs: Vec<(String, String)>,
    files: Vec<(String, Prepared)>,
    refused: Vec<(String, Fault)>,
    digest: Vec<u8>,
}

async fn read(request: Request, ctx: &Ctx, rules: UploadRules) -> Result<Parts, Fault> {
    let mut body = Multipart::from_request(request, &()).await.map_err(|_broken| unreadable())?;
    let mut parts = Parts { pairs: Vec::new(), files: Vec::new(), refused: Vec::new(), digest: Vec::new() };
    let mut digest = Sha256::new();
    let mut text_left = TEXT;
    while let Some(mut field) = body.next_field().await.map_err(broken)? {
        let name = field.name().unwrap_or_default().to_owned();
        let Some(typed) = field.file_name().map(str::to_owned) else {
            let mut text = Vec::new();
            while let Some(piece) = field.chunk().await.map_err(broken)? {
                text_left = text_left.checked_sub(piece.len()).ok_or_else(too_large)?;
                text.extend_from_slice(&piece);
            }
            if parts.pairs.len() >= FIELDS {
                return Err(too_large());
            }
            let text = String::from_utf8(text).map_err(|_bytes| unreadable())?;
            note(&mut digest, &name, text.as_bytes());
            parts.pairs.push((name, text));
            continue;
        };
        let declared = field.content_type().map(str::to_owned);
        let (mut bytes, mut whole) = (Vec::new(), true);
        while let Some(piece) = field.chunk().await.map_err(broken)? {
            // What is too much is read on, so that the person learns which file it was, but not kept.
            if bytes.len() + piece.len() > files::MAX_SIZE {
                whole = false;
                bytes = Vec::new();
            }
            if whole {
                bytes.extend_from_slice(&piece);
            }
        }
        // A file field that was left empty is sent as a file without name and content.
        if typed.is_empty() && whole && bytes.is_empty() {
            continue;
        }
        let taken = match () {
            () if parts.files.len() >= rules.most => {
                Err(Fault::new(FaultKind::TooLarge, "file-too-many").with("max", rules.most))
            }
            () if !whole && rules.signature => ctx.house.files.prepare_signature(vec![0; files::MAX_SIZE]).await,
            () if !whole => {
                Err(Fault::new(FaultKind::TooLarge, "file-too-large").with("megabytes", files::MAX_SIZE / 1024 / 1024))
            }
            () if rules.signature => ctx.house.files.prepare_signature(bytes).await,
            () => ctx.house.files.prepare(bytes, declared.as_deref(), &typed).await,
        };
        let taken = taken.and_then(|file| {
            if rules.pictures && !file.kind().is_picture() {
                Err(Fault::new(FaultKind::MediaType, "file-no-picture"))
            } else {
                Ok(file)
            }
        });
        match taken {
            Ok(file) => {
                note(&mut digest, &name, file.digest().as_bytes());
                parts.files.push((name, file));
            }
            Err(fault) if matches!(fault.kind(), FaultKind::Internal | FaultKind::Busy) => return Err(fault),
            Err(fault) => parts.refused.push((name, fault)),
        }
    }
    parts.digest = digest.finalize().to_vec();
    Ok(parts)
}

/// Adds a field to the digest, so that no two forms run together.
fn note(digest: &mut Sha256, name: &str, value: &[u8]) {
    for part in [name.as_bytes(), value] {
        digest.update(u64::try_from(part.len()).unwrap_or_default().to_be_bytes());
        digest.update(part);
    }
}

fn unreadable() -> Fault {
    Fault::new(FaultKind::Invalid, "unreadable")
}

fn too_large() -> Fault {
    Fault::new(FaultKind::TooLarge, "too-large").with("max", LARGEST / 1024 / 1024)
}

fn broken(error: axum::extract::multipart::MultipartError) -> Fault {
    if error.status().as_u16() == 413 { too_large() } else { unreadable() }
}
