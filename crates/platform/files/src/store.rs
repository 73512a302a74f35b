//! The only SQL on `file` and `file_object`.

use db::{DbError, FromRow, Row, Tx, args};
use kernel::{Fault, Id, IdGen, RecordRef, Timestamp, of};

use crate::name::disposition;
use crate::{Kind, Prepared};

/// Deleted files can be asked back for so long, then their content goes.
const KEPT_DELETED: i64 = 30 * 86_400_000;

/// Who sees a file besides staff.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Visibility {
    /// The customer, too.
    Public,
    /// Staff only.
    Internal,
}

impl Visibility {
    /// The word that is stored; its name is `files-visibility-<word>`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Internal => "internal",
        }
    }
    /// Reads the stored word.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Public, Self::Internal].into_iter().find(|visibility| visibility.as_str() == text)
    }
}

/// What a file is to its record.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Purpose {
    /// A photo or a paper that somebody added.
    #[default]
    Attachment,
    /// What a customer wrote on the glass.
    Signature,
}

impl Purpose {
    /// The word that is stored; its name is `files-purpose-<word>`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Attachment => "attachment",
            Self::Signature => "signature",
        }
    }
    /// Reads the stored word.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Attachment, Self::Signature].into_iter().find(|purpose| purpose.as_str() == text)
    }
}

/// The kind of record on which an upload hangs until its own record exists: its id is the person who sent it.
pub const UPLOAD: &str = "upload";

/// The columns of a file, in the order of [`FileRow`].
macro_rules! columns {
    () => {
        "id, digest, size, kind, name, width, height, record_kind, record_id, store_id, visibility, created_by, created_at, \
         deleted_at, purpose, part_id"
    };
}

/// What a file belongs to.
#[derive(Debug, Clone)]
pub struct NewFile {
    /// The record.
    pub record: RecordRef,
    /// The store that the record belongs to.
    pub store: Option<Id<of::Unit>>,
    /// Who sees it.
    pub visibility: Visibility,
    /// What it is to the record.
    pub purpose: Purpose,
    /// Which part of the record it belongs to: a message, a revision of a plan.
    pub part: Option<i64>,
    /// Who sent it; `None` for customers.
    pub created_by: Option<Id<of::User>>,
    /// The present instant.
    pub now: Timestamp,
}

impl NewFile {
    /// An internal attachment of `record`, which belongs to `store`.
    pub fn of(record: RecordRef, store: Option<Id<of::Unit>>, by: Option<Id<of::User>>, now: Timestamp) -> Self {
        Self {
            record,
            store,
            visibility: Visibility::Internal,
            purpose: Purpose::Attachment,
            part: None,
            created_by: by,
            now,
        }
    }
}

/// A file as its record shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileRow {
    /// Its id.
    pub id: Id<of::File>,
    /// SHA-256 of the content, in hexadecimal.
    pub digest: String,
    /// Bytes.
    pub size: i64,
    /// What it is.
    pub kind: Kind,
    /// Its name, safe to show and to send.
    pub name: String,
    /// Width and height in pixels; pictures only. They have a thumbnail.
    pub pixels: Option<(i64, i64)>,
    /// The record's kind and id.
    pub record: (String, i64),
    /// The store.
    pub store: Option<Id<of::Unit>>,
    /// Who sees it.
    pub visibility: Visibility,
    /// Who sent it.
    pub created_by: Option<Id<of::User>>,
    /// When.
    pub created_at: Timestamp,
    /// When it was deleted.
    pub deleted_at: Option<Timestamp>,
    /// What it is to the record.
    pub purpose: Purpose,
    /// Which part of the record it belongs to.
    pub part: Option<i64>,
}

impl FileRow {
    /// The headers under which the content is served. They make sure that no browser takes it for a page or a script.
    pub fn headers(&self) -> Vec<(&'static str, String)> {
        vec![
            (
                "content-type",
                self.kind.media_type().to_owned() + if self.kind == Kind::Text { "; charset=utf-8" } else { "" },
            ),
            ("content-disposition", disposition(&self.name, self.kind)),
            ("x-content-type-options", "nosniff".to_owned()),
            ("content-security-policy", "default-src 'none'; sandbox".to_owned()),
            ("cache-control", "private, max-age=86400, immutable".to_owned()),
            ("etag", format!("\"{}\"", self.digest)),
        ]
    }
}

impl FromRow for FileRow {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            id: c.next()?,
            digest: c.next()?,
            size: c.next()?,
            // The columns' CHECKs allow the known words only; unknown content is never shown inline.
            kind: Kind::parse(&c.next::<String>()?).unwrap_or(Kind::Text),
            name: c.next()?,
            pixels: c.next::<Option<i64>>()?.zip(c.next::<Option<i64>>()?),
            record: (c.next()?, c.next()?),
            store: c.next()?,
            visibility: Visibility::parse(&c.next::<String>()?).unwrap_or(Visibility::Internal),
            created_by: c.next()?,
            created_at: c.next()?,
            deleted_at: c.next()?,
            purpose: Purpose::parse(&c.next::<String>()?).unwrap_or_default(),
            part: c.next()?,
        })
    }
}

/// Attaches prepared content to a record in the caller's transaction.
///
/// # Errors
/// When the database fails; `busy` when the content was prepared too long ago and has been collected: prepare it again.
pub async fn attach(tx: &mut Tx, ids: &IdGen, prepared: &Prepared, new: &NewFile) -> Result<Id<of::File>, Fault> {
    // Holds the content's row until the commit, so that the collector cannot pass in between.
    let held = tx
        .exec(
            "UPDATE file_object SET touched_at = CASE WHEN touched_at < $2 THEN $2 ELSE touched_at END \
             WHERE digest = $1 AND state = 'kept'",
            args![prepared.digest.clone(), new.now],
        )
        .await?;
    if held == 0 {
        return Err(Fault::busy("the content was collected before it was attached"));
    }
    let id = ids.next::<of::File>();
    tx.exec(
        "INSERT INTO file (id, digest, size, kind, name, width, height, record_kind, record_id, store_id, visibility, created_by, \
         created_at, purpose, part_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        args![
            id,
            prepared.digest.clone(),
            prepared.size,
            prepared.kind.media_type(),
            prepared.name.clone(),
            prepared.pixels.map(|(width, _)| width),
            prepared.pixels.map(|(_, height)| height),
            new.record.kind,
            new.record.id,
            new.store,
            new.visibility.as_str(),
            new.created_by,
            new.now,
            new.purpose.as_str(),
            new.part
        ],
    )
    .await?;
    Ok(id)
}

/// Hangs the upload `id` of `by` on the record of `new`, in the caller's transaction. `None` when there is no such upload, it is
/// somebody else's, or it hangs on a record already.
///
/// # Errors
/// When the database fails.
pub async fn adopt(tx: &mut Tx, id: Id<of::File>, by: Id<of::User>, new: &NewFile) -> Result<Option<FileRow>, DbError> {
    tx.one(
        concat!(
            "UPDATE file SET record_kind = $1, record_id = $2, store_id = $3, visibility = $4, purpose = $5, part_id = $6,
             created_by = $7 WHERE id = $8 AND record_kind = $9 AND record_id = $10 AND deleted_at IS NULL RETURNING ",
            columns!()
        ),
        args![
            new.record.kind,
            new.record.id,
            new.store,
            new.visibility.as_str(),
            new.purpose.as_str(),
            new.part,
            by,
            id,
            UPLOAD,
            by
        ],
    )
    .await
}

/// Gives the files of `record` that belong to its part `from` to the part `to`, seen by whom `visibility` says. Those that were taken
/// away meanwhile stay where they are.
///
/// # Errors
/// When the database fails.
pub async fn move_part(
    tx: &mut Tx,
    record: &RecordRef,
    from: i64,
    to: i64,
    visibility: Visibility,
) -> Result<Vec<FileRow>, DbError> {
    tx.all(
        concat!(
            "UPDATE file SET part_id = $4, visibility = $5 WHERE record_kind = $1 AND record_id = $2 AND part_id = $3
             AND deleted_at IS NULL RETURNING ",
            columns!()
        ),
        args![record.kind, record.id, from, to, visibility.as_str()],
    )
    .await
}

/// The file `id`, also a deleted one.
///
/// # Errors
/// When the database fails.
pub async fn find(tx: &mut Tx, id: Id<of::File>) -> Result<Option<FileRow>, DbError> {
    tx.one(concat!("SELECT ", columns!(), " FROM file WHERE id = $1"), args![id]).await
}

/// The files of `record` that are not deleted, oldest first; for customers only those that are public.
///
/// # Errors
/// When the database fails.
pub async fn of_record(tx: &mut Tx, record: &RecordRef, public_only: bool) -> Result<Vec<FileRow>, DbError> {
    tx.all(
        concat!(
            "SELECT ",
            columns!(),
            " FROM file WHERE record_kind = $1 AND record_id = $2 AND deleted_at IS NULL
             AND (visibility = 'public' OR NOT $3) ORDER BY id LIMIT 500"
        ),
        args![record.kind, record.id, public_only],
    )
    .await
}

/// Deletes a file; its content is collected after 30 days unless another file has the same. False when it is deleted already.
///
/// # Errors
/// When the database fails.
pub async fn delete(tx: &mut Tx, id: Id<of::File>, now: Timestamp) -> Result<bool, DbError> {
    let sql = "UPDATE file SET deleted_at = $2, purge_at = $3 WHERE id = $1 AND deleted_at IS NULL";
    Ok(tx.exec(sql, args![id, now, now.plus(KEPT_DELETED)]).await? == 1)
}

/// Takes a deletion back while the content is still there. False when it is not deleted, or too long ago.
///
/// # Errors
/// When the database fails.
pub async fn restore(tx: &mut Tx, id: Id<of::File>, now: Timestamp) -> Result<bool, DbError> {
    let sql =
        "UPDATE file SET deleted_at = NULL, purge_at = NULL WHERE id = $1 AND deleted_at IS NOT NULL AND purge_at > $2";
    Ok(tx.exec(sql, args![id, now]).await? == 1)
}

/// The files of `record` that were deleted and can still be asked back, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn deleted_of(tx: &mut Tx, record: &RecordRef, now: Timestamp) -> Result<Vec<FileRow>, DbError> {
    tx.all(
        concat!(
            "SELECT ",
            columns!(),
            " FROM file WHERE record_kind = $1 AND record_id = $2 AND deleted_at IS NOT NULL AND purge_at > $3
             ORDER BY id LIMIT 100"
        ),
        args![record.kind, record.id, now],
    )
    .await
}

/// Forgets uploads that nobody hung on a record since `before`; their contents are collected.
pub(crate) async fn forget_uploads(tx: &mut Tx, before: Timestamp) -> Result<u64, DbError> {
    tx.exec("DELETE FROM file WHERE record_kind = $1 AND created_at < $2", args![UPLOAD, before]).await
}

/// Deletes all files of `record` for good: their names now, their contents at the next collection.
///
/// # Errors
/// When the database fails.
pub async fn erase(tx: &mut Tx, record: &RecordRef, now: Timestamp) -> Result<u64, DbError> {
    tx.exec(
        "UPDATE file SET name = '', deleted_at = CASE WHEN deleted_at IS NULL THEN $3 ELSE deleted_at END, purge_at = $3 \
         WHERE record_kind = $1 AND record_id = $2",
        args![record.kind, record.id, now],
    )
    .await
}

/// Says that somebody means to use the content; false while the collector is taking it away.
pub(crate) async fn touch(tx: &mut Tx, digest: &str, size: i64, now: Timestamp) -> Result<bool, DbError> {
    let kept = tx
        .exec(
            "INSERT INTO file_object (digest, size, state, touched_at) VALUES ($1, $2, 'kept', $3) ON CONFLICT (digest) DO UPDATE SET \
             touched_at = CASE WHEN file_object.touched_at < excluded.touched_at THEN excluded.touched_at \
             ELSE file_object.touched_at END WHERE file_object.state = 'kept'",
            args![digest, size, now],
        )
        .await?;
    Ok(kept == 1)
}

/// A page of contents in order of digest that nobody has touched since `before`, with whether a file needs them.
pub(crate) async fn untouched(
    tx: &mut Tx,
    before: Timestamp,
    now: Timestamp,
    after: &str,
    limit: i64,
) -> Result<Vec<(String, bool)>, DbError> {
    tx.all(
        "SELECT digest, EXISTS (SELECT 1 FROM file WHERE file.digest = old.digest AND (file.purge_at IS NULL OR file.purge_at > $2)) \
         FROM (SELECT digest FROM file_object WHERE touched_at < $1 AND digest > $3 ORDER BY digest LIMIT $4) old ORDER BY digest",
        args![before, now, after, limit],
    )
    .await
}

/// Marks the content as being taken away when no file needs it; true also when an earlier collection was interrupted.
pub(crate) async fn doom(tx: &mut Tx, digest: &str, before: Timestamp, now: Timestamp) -> Result<bool, DbError> {
    let doomed = tx
        .exec(
            "UPDATE file_object SET state = 'doomed' WHERE digest = $1 AND touched_at < $2 AND NOT EXISTS \
             (SELECT 1 FROM file WHERE file.digest = file_object.digest AND (file.purge_at IS NULL OR file.purge_at > $3))",
            args![digest, before, now],
        )
        .await?;
    Ok(doomed == 1)
}

/// Forgets a content whose bytes are gone.
pub(crate) async fn forget(tx: &mut Tx, digest: &str) -> Result<(), DbError> {
    tx.exec("DELETE FROM file_object WHERE digest = $1 AND state = 'doomed'", args![digest]).await.map(|_| ())
}
