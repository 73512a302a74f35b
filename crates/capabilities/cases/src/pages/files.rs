//! Photos and papers on the pages of a case.

use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use capability::{Ctx, Upload, UploadRules, serve_file};
use files::{FileRow, Purpose, Visibility as Seen};
use kernel::{Fault, FaultKind, Id, of};
use web::{Failure, Lang, Markup, Page, View, escape};

use super::{detail, directory};
use crate::app::files::{self as papers, NewFiles};
use crate::domain::Visibility;
use crate::store::PlanRow;

/// The files of a case as its page shows them.
pub(super) struct Shelf {
    pub pictures: Vec<Paper>,
    pub papers: Vec<Paper>,
    pub signatures: Vec<Signed>,
    pub gone: Vec<Paper>,
}

/// One file.
pub(super) struct Paper {
    pub id: String,
    pub name: String,
    pub href: String,
    pub small: String,
    pub by: String,
    pub size: String,
    pub public: bool,
}

/// What a customer wrote on the glass.
pub(super) struct Signed {
    pub href: String,
    pub small: String,
    pub by: String,
    pub what: Option<String>,
    pub digest: String,
}

impl Shelf {
    /// The files of the case `id`, of which `plans` are known.
    pub(super) async fn of(ctx: &Ctx, lang: &Lang, id: Id<of::Case>, plans: &[PlanRow]) -> Result<Self, Fault> {
        let (kept, gone) = papers::files_of(ctx, id).await?;
        let (signatures, kept): (Vec<_>, Vec<_>) =
            kept.into_iter().partition(|file| file.purpose == Purpose::Signature);
        let (pictures, papers): (Vec<_>, Vec<_>) = kept.into_iter().partition(|file| file.kind.is_picture());
        let shown = |files: Vec<FileRow>| files.iter().map(|file| Paper::of(ctx, lang, file, "/files")).collect();
        Ok(Self {
            pictures: shown(pictures),
            papers: shown(papers),
            signatures: signatures.iter().map(|file| Signed::of(ctx, lang, file, plans)).collect(),
            gone: shown(gone),
        })
    }
    pub(super) fn is_empty(&self) -> bool {
        self.pictures.is_empty() && self.papers.is_empty() && self.signatures.is_empty()
    }
}

impl Paper {
    pub(super) fn of(ctx: &Ctx, lang: &Lang, file: &FileRow, base: &str) -> Self {
        let href = format!("{base}/{}", file.id);
        Self {
            id: file.id.to_string(),
            small: format!("{href}/small"),
            href,
            name: file.name.clone(),
            by: by(ctx, lang, file),
            size: lang.bytes(file.size),
            public: file.visibility == Seen::Public,
        }
    }
}

impl Signed {
    fn of(ctx: &Ctx, lang: &Lang, file: &FileRow, plans: &[PlanRow]) -> Self {
        let plan = plans.iter().find(|plan| file.part == Some(plan.id.get()));
        Self {
            href: format!("/files/{}", file.id),
            small: format!("/files/{}/small", file.id),
            by: lang.at(file.created_at) + " · " + &by_name(ctx, lang, file),
            what: plan.map(|plan| lang.t1("cases-files-signature-plan", "n", plan.revision)),
            digest: file.digest.get(..12).unwrap_or_default().to_owned(),
        }
    }
}

fn by_name(ctx: &Ctx, lang: &Lang, file: &FileRow) -> String {
    match file.created_by {
        Some(user) => directory(ctx).user_name(user).unwrap_or_default().to_owned(),
        None => lang.t("cases-files-customer"),
    }
}

fn by(ctx: &Ctx, lang: &Lang, file: &FileRow) -> String {
    lang.t2("cases-files-by", "who", by_name(ctx, lang, file), "at", lang.at(file.created_at))
}

/// The files of an entry of the record as small pictures and names.
pub(super) fn strip(lang: &Lang, files: &[&FileRow]) -> Markup {
    let mut html = String::from("<div class=\"row-f wrap mt2\">");
    for file in files {
        let open = lang.t1("cases-files-open", "name", &file.name);
        if file.kind.is_picture() {
            html.push_str(&format!(
                "<a class=\"thumb xl\" href=\"/files/{id}\"><img src=\"/files/{id}/small\" alt=\"{}\" loading=\"lazy\"></a>",
                escape(&open),
                id = file.id
            ));
        } else {
            html.push_str(&format!(
                "<a class=\"sm\" href=\"/files/{}\">{}{}</a>",
                file.id,
                web::icon("paperclip"),
                escape(&file.name)
            ));
        }
    }
    html.push_str("</div>");
    Markup::ready(html)
}

/// `POST /cases/{id}/files`
pub(crate) async fn add(page: Page, ctx: Ctx, Path(id): Path<i64>, upload: Upload) -> Result<Response, Failure> {
    let id = Id::new(id);
    papers::may_add(&ctx, id).await?;
    let mut taken = upload.take(&ctx, UploadRules::STAFF).await?;
    let visibility = taken.form.choice_or_none("file_visibility", Visibility::parse).unwrap_or(Visibility::Internal);
    let added = match taken.form.check() {
        Ok(()) => match NewFiles::of(&taken, "file") {
            Ok(files) => papers::add_files(&taken.ctx, id, files, visibility).await,
            Err(fault) => Err(fault),
        },
        Err(fault) => Err(fault),
    };
    match added {
        Ok(_) => Ok(Redirect::to(&format!("/cases/{id}?done=files#files")).into_response()),
        Err(fault) if fault.kind() == FaultKind::Invalid => {
            let page = detail::render(page, &ctx, id, None, taken.form.into_filled_with(&fault)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, View(page)).into_response())
        }
        Err(fault) => Err(fault.into()),
    }
}

/// `POST /cases/{id}/files/{file}/remove`
pub(crate) async fn remove(ctx: Ctx, Path((id, file)): Path<(i64, i64)>) -> Result<Response, Failure> {
    papers::remove_file(&ctx, Id::new(id), Id::new(file)).await?;
    Ok(Redirect::to(&format!("/cases/{id}?done=file-removed&undo={file}#files")).into_response())
}

/// `POST /cases/{id}/files/{file}/restore`
pub(crate) async fn restore(ctx: Ctx, Path((id, file)): Path<(i64, i64)>) -> Result<Response, Failure> {
    papers::restore_file(&ctx, Id::new(id), Id::new(file)).await?;
    Ok(Redirect::to(&format!("/cases/{id}?done=file-restored#files")).into_response())
}

/// `GET /c/{token}/files/{file}`: what the customer may see.
pub(crate) async fn of_customer(
    ctx: Ctx,
    Path((token, file)): Path<(String, i64)>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    serve(&ctx, &token, file, &headers, false).await
}

/// `GET /c/{token}/files/{file}/small`
pub(crate) async fn small_of_customer(
    ctx: Ctx,
    Path((token, file)): Path<(String, i64)>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    serve(&ctx, &token, file, &headers, true).await
}

async fn serve(ctx: &Ctx, token: &str, file: i64, headers: &HeaderMap, small: bool) -> Result<Response, Failure> {
    let files = papers::customer_files(ctx, token).await?;
    let file = files.into_iter().find(|one| one.id.get() == file).ok_or_else(Fault::not_found)?;
    let mut response = serve_file(ctx, &file, headers, small).await?;
    // The address holds the customer's secret.
    let (name, value) = web::no_referrer();
    response.headers_mut().insert(name, value);
    Ok(response)
}
