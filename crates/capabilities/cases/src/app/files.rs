//! Photos and papers of a case: added by staff and customers, taken away and brought back, seen by whoever sees the case.

use ::files::{FileRow, NewFile, Prepared, Purpose};
use capability::{Ctx, FileDoor, Recorded, Taken, Work};
use db::Tx;
use futures_util::future::BoxFuture;
use kernel::{Fault, FieldErrors, Id, RecordRef, of};

use super::access::{VIEW, works};
use super::customer::{behind_link, held};
use super::events::{self, RECORD};
use super::links::valid_link;
use crate::domain::{Purpose as LinkPurpose, Visibility};
use crate::store::{self, Case};

/// The most files that hang on one case.
const MOST: usize = 200;

/// Whoever sees a case sees its files.
pub const DOOR: FileDoor = FileDoor { kind: RECORD, see: sees };

fn sees<'t>(tx: &'t mut Tx, ctx: &'t Ctx, id: i64) -> BoxFuture<'t, Result<(), Fault>> {
    Box::pin(async move {
        let case = store::get(tx, Id::new(id)).await?.ok_or_else(Fault::not_found)?;
        ctx.require(VIEW, &case)
    })
}

/// Files on their way to a case: read with a form, or sent before it and named by their ids.
#[derive(Debug, Clone, Default)]
pub struct NewFiles {
    /// Read with the form.
    pub prepared: Vec<Prepared>,
    /// Sent before; only the actor's own.
    pub uploads: Vec<Id<of::File>>,
}

impl NewFiles {
    /// The files that came in the field `name` of a form, and those that its hidden fields `upload` name.
    ///
    /// # Errors
    /// `invalid` when a hidden field names no file.
    pub fn of(taken: &Taken, name: &str) -> Result<Self, Fault> {
        let ids: Result<Vec<_>, _> = taken.form.all("upload").filter(|id| !id.is_empty()).map(str::parse).collect();
        Ok(Self { prepared: taken.of(name), uploads: ids.map_err(|_bad| Fault::field(name, "unknown"))? })
    }
    /// True when there are none.
    pub fn is_empty(&self) -> bool {
        self.prepared.is_empty() && self.uploads.is_empty()
    }
}

/// Hangs `files` on `case` within a write that is under way; `part` is the message or plan that they came with.
///
/// # Errors
/// `invalid` at `upload` when an upload is gone or somebody else's; `cases-files-full`; `busy` when a content was collected meanwhile.
pub async fn attach_within(
    work: &mut Work<'_>,
    case: &Case,
    files: &NewFiles,
    visibility: Visibility,
    part: Option<i64>,
) -> Result<Recorded<Vec<Id<of::File>>>, Fault> {
    if files.is_empty() {
        return Ok(work.unchanged(Vec::new()));
    }
    let record = RecordRef::new(RECORD, case.id);
    let there = ::files::of_record(work.tx, &record, false).await?.len();
    if there + files.prepared.len() + files.uploads.len() > MOST {
        return Err(Fault::refused("cases-files-full").with("max", MOST));
    }
    let by = work.ctx.actor.user;
    let new = NewFile { visibility: seen_by(visibility), part, ..NewFile::of(record, Some(case.store), by, work.now) };
    let (mut ids, mut names, mut digests) = (Vec::new(), Vec::new(), Vec::new());
    for file in &files.prepared {
        ids.push(::files::attach(work.tx, &work.ctx.house.ids, file, &new).await?);
        names.push(file.name().to_owned());
        digests.push(file.digest().to_owned());
    }
    for id in &files.uploads {
        let by = by.ok_or_else(|| Fault::field("upload", "unknown"))?;
        let file = ::files::adopt(work.tx, *id, by, &new).await?.ok_or_else(|| Fault::field("upload", "unknown"))?;
        ids.push(file.id);
        names.push(file.name);
        digests.push(file.digest);
    }
    let event = events::event(case, "case.files_added", work.now)
        .change("file_visibility", None, Some(visibility.to_string()))
        .change("sha256", None, Some(digests.join(" ")))
        .personal("files", None, Some(names.join(", ")));
    Ok(work.record(event).await?.with(ids))
}

/// The files that waited with `part` are the customer's, too, and belong to the message `message` from now on.
pub(super) async fn let_out(work: &mut Work<'_>, case: &Case, part: i64, message: i64) -> Result<(), Fault> {
    let record = RecordRef::new(RECORD, case.id);
    let out = ::files::move_part(work.tx, &record, part, message, ::files::Visibility::Public).await?;
    if out.is_empty() {
        return Ok(());
    }
    let names: Vec<&str> = out.iter().map(|file| file.name.as_str()).collect();
    let event = events::event(case, "case.files_added", work.now)
        .change("file_visibility", Some(Visibility::Internal.to_string()), Some(Visibility::Public.to_string()))
        .personal("files", None, Some(names.join(", ")));
    let _ = work.record(event).await?;
    Ok(())
}

/// Hangs what the customer wrote on the glass on `case`, bound to the plan that was shown; it can not be taken away.
pub(super) async fn sign_within(
    work: &mut Work<'_>,
    case: &Case,
    signature: &Prepared,
    plan: Option<(Id<crate::store::PlanId>, i64)>,
) -> Result<Recorded<Id<of::File>>, Fault> {
    let new = NewFile {
        visibility: ::files::Visibility::Internal,
        purpose: Purpose::Signature,
        part: plan.map(|(id, _)| id.get()),
        ..NewFile::of(RecordRef::new(RECORD, case.id), Some(case.store), work.ctx.actor.user, work.now)
    };
    let id = ::files::attach(work.tx, &work.ctx.house.ids, signature, &new).await?;
    let event = events::event(case, "case.signed", work.now)
        .change("revision", None, plan.map(|(_, revision)| revision.to_string()))
        .change("signature", None, Some(id.to_string()))
        .change("sha256", None, Some(signature.digest().to_owned()));
    Ok(work.record(event).await?.with(id))
}

/// Adds files to the case `id`.
///
/// # Errors
/// `not-found` and `forbidden`; as [`attach_within`].
pub async fn add_files(
    ctx: &Ctx,
    id: Id<of::Case>,
    files: NewFiles,
    visibility: Visibility,
) -> Result<Vec<Id<of::File>>, Fault> {
    if files.is_empty() {
        return Err(Fault::field("file", "required"));
    }
    ctx.write((id, files, visibility), |work, (id, files, visibility)| {
        Box::pin(async move {
            let case = store::get(work.tx, *id).await?.ok_or_else(Fault::not_found)?;
            require_work(work, &case)?;
            attach_within(work, &case, files, *visibility, None).await
        })
    })
    .await
}

/// `Ok` when the actor may add files to the case `id`; asked before an upload is read.
///
/// # Errors
/// `not-found` and `forbidden`.
pub async fn may_add(ctx: &Ctx, id: Id<of::Case>) -> Result<(), Fault> {
    ctx.read((id, ctx.clone()), |tx, (id, ctx)| {
        Box::pin(async move {
            let case = store::get(tx, *id).await?.ok_or_else(Fault::not_found)?;
            worker(ctx, &case)
        })
    })
    .await
}

/// Takes a file away from the case `id`; it can be brought back for thirty days.
///
/// # Errors
/// `not-found` and `forbidden`; `cases-file-signature`: a signature stays.
pub async fn remove_file(ctx: &Ctx, id: Id<of::Case>, file: Id<of::File>) -> Result<(), Fault> {
    ctx.write((id, file), |work, (id, file)| {
        Box::pin(async move {
            let (case, file) = of_case(work, *id, *file).await?;
            if file.purpose == Purpose::Signature {
                return Err(Fault::refused("cases-file-signature"));
            }
            if !::files::delete(work.tx, file.id, work.now).await? {
                return Ok(work.unchanged(()));
            }
            let event = events::event(&case, "case.file_removed", work.now)
                .change("sha256", Some(file.digest.clone()), None)
                .personal("files", Some(file.name.clone()), None);
            work.record(event).await
        })
    })
    .await
}

/// Brings a file of the case `id` back that was taken away.
///
/// # Errors
/// `not-found` and `forbidden`; `file-gone` after thirty days.
pub async fn restore_file(ctx: &Ctx, id: Id<of::Case>, file: Id<of::File>) -> Result<(), Fault> {
    ctx.write((id, file), |work, (id, file)| {
        Box::pin(async move {
            let (case, file) = of_case(work, *id, *file).await?;
            if file.deleted_at.is_none() {
                return Ok(work.unchanged(()));
            }
            if !::files::restore(work.tx, file.id, work.now).await? {
                return Err(Fault::new(kernel::FaultKind::NotFound, "file-gone"));
            }
            let event = events::event(&case, "case.file_restored", work.now)
                .change("sha256", None, Some(file.digest.clone()))
                .personal("files", None, Some(file.name.clone()));
            work.record(event).await
        })
    })
    .await
}

/// The files of the case `id`, oldest first, and those that were taken away and can be brought back.
///
/// # Errors
/// `not-found`.
pub async fn files_of(ctx: &Ctx, id: Id<of::Case>) -> Result<(Vec<FileRow>, Vec<FileRow>), Fault> {
    ctx.read((id, ctx.clone()), |tx, (id, ctx)| {
        Box::pin(async move {
            let case = store::get(tx, *id).await?.ok_or_else(Fault::not_found)?;
            ctx.require(VIEW, &case)?;
            let record = RecordRef::new(RECORD, *id);
            let kept = ::files::of_record(tx, &record, false).await?;
            let gone = match worker(ctx, &case) {
                Ok(()) => ::files::deleted_of(tx, &record, ctx.now()).await?,
                Err(_) => Vec::new(),
            };
            Ok((kept, gone))
        })
    })
    .await
}

/// The files that the customer behind `token` may see: public ones of the link's case, never a signature.
///
/// # Errors
/// `not-found`; `cases-link-expired`; `cases-link-revoked`.
pub async fn customer_files(ctx: &Ctx, token: &str) -> Result<Vec<FileRow>, Fault> {
    ctx.read((token.to_owned(), ctx.now()), |tx, (token, now)| {
        Box::pin(async move {
            let (_, case) = valid_link(tx, token, *now).await?;
            let mut files = ::files::of_record(tx, &RecordRef::new(RECORD, case.id), true).await?;
            files.retain(|file| file.purpose == Purpose::Attachment);
            Ok(files)
        })
    })
    .await
}

/// The customer behind `token` adds files to the case; staff see them at once.
///
/// # Errors
/// As [`customer_files`]; as [`attach_within`].
pub async fn customer_add_files(ctx: &Ctx, token: &str, files: Vec<Prepared>) -> Result<Vec<Id<of::File>>, Fault> {
    if files.is_empty() {
        return Err(Fault::field("photo", "required"));
    }
    let ctx = behind_link(ctx, token).await?;
    let files = NewFiles { prepared: files, uploads: Vec::new() };
    ctx.write((token.to_owned(), files), |work, (token, files)| {
        Box::pin(async move {
            let (link, case) = held(work, token).await?;
            if link.purpose == LinkPurpose::Rate {
                return Err(Fault::not_found());
            }
            attach_within(work, &case, files, Visibility::Public, None).await
        })
    })
    .await
}

/// The file `id` and its case, for somebody who works on it.
async fn of_case(work: &mut Work<'_>, case: Id<of::Case>, id: Id<of::File>) -> Result<(Case, FileRow), Fault> {
    let case = store::get(work.tx, case).await?.ok_or_else(Fault::not_found)?;
    require_work(work, &case)?;
    let file = ::files::find(work.tx, id).await?.filter(|file| file.record == (RECORD.to_owned(), case.id.get()));
    Ok((case, file.ok_or_else(Fault::not_found)?))
}

fn require_work(work: &Work<'_>, case: &Case) -> Result<(), Fault> {
    worker(work.ctx, case)
}

fn worker(ctx: &Ctx, case: &Case) -> Result<(), Fault> {
    match () {
        () if works(&ctx.actor, case) => Ok(()),
        () if ctx.actor.may(VIEW, case) => Err(Fault::forbidden()),
        () => Err(Fault::not_found()),
    }
}

const fn seen_by(visibility: Visibility) -> ::files::Visibility {
    match visibility {
        Visibility::Public => ::files::Visibility::Public,
        Visibility::Internal => ::files::Visibility::Internal,
    }
}

/// A form's files that were refused, as one fault for a program: the first file's own.
///
/// # Errors
/// The refusal.
pub fn all_taken(taken: &Taken) -> Result<(), Fault> {
    match (&taken.refusal, taken.form.errors()) {
        (Some(fault), _) => Err(fault.clone()),
        (None, errors) => FieldErrors::check(errors.clone()),
    }
}
