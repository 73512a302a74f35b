//! Bytes in and out.

use std::fmt;
use std::ops::Range;
use std::path::Path as FilePath;
use std::sync::Arc;

use bytes::Bytes;
use db::{Db, DbError};
use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use kernel::{Clock, Fault, FaultKind, Id, IdGen, of};
use object_store::local::LocalFileSystem;
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{GetOptions, ObjectStore, ObjectStoreExt};
use sha2::{Digest, Sha256};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::check::{self, Kind, Sniffed};
use crate::name;
use crate::picture::{self, Picture};
use crate::signature::{self, Signature};
use crate::store::{self, FileRow, NewFile};

/// The stored contents. Clones share it.
#[derive(Clone)]
pub struct Files {
    contents: Arc<dyn ObjectStore>,
    db: Db,
    clock: Clock,
    /// One picture at a time: the largest takes some hundred megabytes while it is decoded.
    decoding: Arc<Semaphore>,
    /// Uploads that are read at once: each holds one file in memory.
    receiving: Arc<Semaphore>,
}

impl fmt::Debug for Files {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Files({})", self.contents)
    }
}

/// Largest letter that is kept as it came, in bytes: what mail providers let through, in transport encoding.
pub const MAX_LETTER: usize = 32 * 1024 * 1024;

/// Uploads that are read at the same time; the others wait.
const AT_ONCE: usize = 8;

/// Content that is stored and waits to be attached to a record ([`crate::attach`]); collected after a day if it never is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prepared {
    pub(crate) digest: String,
    pub(crate) size: i64,
    pub(crate) kind: Kind,
    pub(crate) name: String,
    pub(crate) pixels: Option<(i64, i64)>,
}

impl Prepared {
    /// SHA-256 of what is stored, in hexadecimal.
    pub fn digest(&self) -> &str {
        &self.digest
    }
    /// What it is.
    pub fn kind(&self) -> Kind {
        self.kind
    }
    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }
    /// Bytes.
    pub fn size(&self) -> i64 {
        self.size
    }
    /// Width and height of a picture.
    pub fn pixels(&self) -> Option<(i64, i64)> {
        self.pixels
    }
}

/// A content on its way out.
pub struct Content {
    /// The bytes, in pieces.
    pub bytes: BoxStream<'static, Result<Bytes, Fault>>,
    /// Which of them these are: from (inclusive), to (exclusive).
    pub range: Range<u64>,
    /// How many there are.
    pub size: u64,
}

impl Files {
    /// Contents in the folder `folder`, which is made when missing.
    ///
    /// # Errors
    /// When the folder cannot be made or written to.
    pub fn in_folder(folder: &FilePath, db: Db, clock: Clock) -> Result<Self, Fault> {
        std::fs::create_dir_all(folder).map_err(Fault::internal)?;
        let contents = LocalFileSystem::new_with_prefix(folder).map_err(Fault::internal)?.with_fsync(true);
        Ok(Self::in_store(Arc::new(contents), db, clock))
    }

    /// Contents at `url`, e.g. `s3://bucket/prefix` (needs the feature `s3`) or `file:///folder`. `options` are the store's own
    /// settings by name (`aws_region`, `aws_endpoint`, `aws_access_key_id` …).
    ///
    /// # Errors
    /// When the address is not understood.
    pub fn at_url(url: &str, options: Vec<(String, String)>, db: Db, clock: Clock) -> Result<Self, Fault> {
        let url = url.parse::<url::Url>().map_err(Fault::internal)?;
        let (contents, prefix) = object_store::parse_url_opts(&url, options).map_err(Fault::internal)?;
        let contents = object_store::prefix::PrefixStore::new(contents, prefix);
        Ok(Self::in_store(Arc::new(contents), db, clock))
    }

    /// Contents in any store.
    pub fn in_store(contents: Arc<dyn ObjectStore>, db: Db, clock: Clock) -> Self {
        Self {
            contents,
            db,
            clock,
            decoding: Arc::new(Semaphore::new(1)),
            receiving: Arc::new(Semaphore::new(AT_ONCE)),
        }
    }

    /// Contents in memory, for tests.
    pub fn in_memory(db: Db, clock: Clock) -> Self {
        Self::in_store(Arc::new(InMemory::new()), db, clock)
    }

    /// Waits until an upload may be read; held while its body is read.
    ///
    /// # Errors
    /// Never in practice: the vault is not closed while it is used.
    pub async fn turn(&self) -> Result<OwnedSemaphorePermit, Fault> {
        Arc::clone(&self.receiving).acquire_owned().await.map_err(Fault::internal)
    }

    /// Checks an upload and stores its content; `declared` is the media type that the sender says. Attach it in the transaction
    /// of the record.
    ///
    /// # Errors
    /// `file-empty`, `file-too-large`, `file-program`, `file-kind`, `file-mismatch`, `file-damaged`, `file-pixels`; `busy` when
    /// the same content is being collected this instant; `internal` when the store fails.
    pub async fn prepare(&self, bytes: Vec<u8>, declared: Option<&str>, typed_name: &str) -> Result<Prepared, Fault> {
        let sniffed = check::sniff(&bytes, declared)?;
        let (bytes, kind, picture) = match sniffed {
            Sniffed::Pdf => (bytes, Kind::Pdf, None),
            Sniffed::Text => (bytes, Kind::Text, None),
            Sniffed::Jpeg | Sniffed::Png | Sniffed::Webp => {
                let Picture { bytes, kind, width, height, thumbnail } = self.encode_anew(bytes, sniffed).await?;
                (bytes, kind, Some((width, height, thumbnail)))
            }
        };
        self.keep(bytes, kind, picture, typed_name).await
    }

    /// Checks what a customer wrote on the glass (a PNG of at most 300 KB with some ink on it) and stores it.
    ///
    /// # Errors
    /// `signature-too-large`, `signature-unreadable`, `signature-empty`; as [`Files::prepare`].
    pub async fn prepare_signature(&self, bytes: Vec<u8>) -> Result<Prepared, Fault> {
        let Signature { bytes, width, height } = self.off_thread(move || signature::encode_anew(&bytes)).await?;
        // It is its own thumbnail: signatures are small.
        let picture = Some((width, height, bytes.clone()));
        self.keep(bytes, Kind::Png, picture, "signature.png").await
    }

    /// Stores a letter as it came, whatever its bytes are; it goes out as a download of plain text only.
    ///
    /// # Errors
    /// `file-empty`, `file-too-large`; as [`Files::prepare`].
    pub async fn prepare_letter(&self, bytes: Vec<u8>, name: &str) -> Result<Prepared, Fault> {
        match bytes.len() {
            0 => Err(Fault::new(FaultKind::Invalid, "file-empty")),
            1..=MAX_LETTER => self.keep(bytes, Kind::Text, None, name).await,
            _ => Err(Fault::new(FaultKind::Invalid, "file-too-large")),
        }
    }

    async fn keep(
        &self,
        bytes: Vec<u8>,
        kind: Kind,
        picture: Option<(u32, u32, Vec<u8>)>,
        typed_name: &str,
    ) -> Result<Prepared, Fault> {
        let digest = hex::encode(Sha256::digest(&bytes));
        let size = i64::try_from(bytes.len()).map_err(Fault::internal)?;
        let touched = self
            .db
            .write((digest.clone(), size, self.clock.now()), |tx, (digest, size, now)| {
                Box::pin(async move { store::touch(tx, digest, *size, *now).await })
            })
            .await
            .map_err(|error: DbError| Fault::from(error))?;
        if !touched {
            return Err(Fault::busy("the content is being collected"));
        }
        // The thumbnail first: where the content lies, its thumbnail lies too.
        let pixels = picture.as_ref().map(|(width, height, _)| (i64::from(*width), i64::from(*height)));
        if let Some((_, _, thumbnail)) = picture {
            self.write(&thumbnail_path(&digest), thumbnail).await?;
        }
        self.write(&content_path(&digest), bytes).await?;
        Ok(Prepared { name: name::tidy(typed_name, kind), digest, size, kind, pixels })
    }

    /// Prepares and attaches in a transaction of its own.
    ///
    /// # Errors
    /// As [`Files::prepare`] and [`crate::attach`].
    pub async fn put(
        &self,
        ids: &IdGen,
        bytes: Vec<u8>,
        declared: Option<&str>,
        typed_name: &str,
        new: NewFile,
    ) -> Result<Id<of::File>, Fault> {
        let prepared = self.prepare(bytes, declared, typed_name).await?;
        self.db
            .write((ids.clone(), prepared, new), |tx, (ids, prepared, new)| {
                Box::pin(async move { store::attach(tx, ids, prepared, new).await })
            })
            .await
    }

    /// The whole content, checked against its digest.
    ///
    /// # Errors
    /// `file-gone` for a deleted file; `internal` when the bytes are missing or have changed.
    pub async fn get(&self, file: &FileRow) -> Result<Bytes, Fault> {
        present(file)?;
        let bytes = self.read(&content_path(&file.digest)).await?;
        if hex::encode(Sha256::digest(&bytes)) == file.digest {
            Ok(bytes)
        } else {
            Err(Fault::internal(format!("the bytes of file {} are not those that were stored", file.id)))
        }
    }

    /// The content or a part of it (from inclusive, to exclusive), in pieces.
    ///
    /// # Errors
    /// `file-gone` for a deleted file; `internal` when the bytes are missing.
    pub async fn open(&self, file: &FileRow, range: Option<Range<u64>>) -> Result<Content, Fault> {
        present(file)?;
        let options = GetOptions { range: range.map(Into::into), ..GetOptions::default() };
        let found = self.contents.get_opts(&content_path(&file.digest), options).await.map_err(Fault::internal)?;
        let (range, size) = (found.range.clone(), found.meta.size);
        let bytes = found.into_stream().map(|piece| piece.map_err(Fault::internal)).boxed();
        Ok(Content { bytes, range, size })
    }

    /// The thumbnail of a picture: JPEG, at most 320 pixels long.
    ///
    /// # Errors
    /// `file-gone` for a deleted file; `not-found` for what is no picture; `internal` when the bytes are missing.
    pub async fn thumbnail(&self, file: &FileRow) -> Result<Bytes, Fault> {
        present(file)?;
        if !file.kind.is_picture() {
            return Err(Fault::not_found());
        }
        self.read(&thumbnail_path(&file.digest)).await
    }

    /// Removes the bytes of a doomed content.
    pub(crate) async fn remove(&self, digest: &str) -> Result<(), Fault> {
        for path in [content_path(digest), thumbnail_path(digest)] {
            match self.contents.delete(&path).await {
                Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
                Err(error) => return Err(Fault::internal(error)),
            }
        }
        Ok(())
    }

    async fn encode_anew(&self, bytes: Vec<u8>, sniffed: Sniffed) -> Result<Picture, Fault> {
        self.off_thread(move || picture::encode_anew(&bytes, sniffed)).await
    }

    async fn off_thread<T: Send + 'static>(
        &self,
        decode: impl FnOnce() -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let turn = Arc::clone(&self.decoding).acquire_owned().await.map_err(Fault::internal)?;
        tokio::task::spawn_blocking(move || {
            let decoded = decode();
            drop(turn);
            decoded
        })
        .await
        // A decoder that panics has met a picture that no camera made.
        .unwrap_or_else(|_| Err(Fault::new(FaultKind::Invalid, "file-damaged")))
    }

    /// Always writes, also when the content seems to lie there: it may be on its way out. The store replaces whole objects.
    async fn write(&self, path: &Path, bytes: Vec<u8>) -> Result<(), Fault> {
        self.contents.put(path, bytes.into()).await.map(|_| ()).map_err(Fault::internal)
    }

    async fn read(&self, path: &Path) -> Result<Bytes, Fault> {
        let found = self.contents.get(path).await.map_err(Fault::internal)?;
        found.bytes().await.map_err(Fault::internal)
    }
}

fn present(file: &FileRow) -> Result<(), Fault> {
    if file.deleted_at.is_none() { Ok(()) } else { Err(Fault::new(FaultKind::NotFound, "file-gone")) }
}

/// Two letters make a folder, so that no folder holds too many files.
fn content_path(digest: &str) -> Path {
    Path::from(format!("contents/{}/{digest}", digest.get(..2).unwrap_or("00")))
}
fn thumbnail_path(digest: &str) -> Path {
    Path::from(format!("thumbnails/{}/{digest}", digest.get(..2).unwrap_or("00")))
}
