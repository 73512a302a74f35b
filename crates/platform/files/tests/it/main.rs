//! Files on both engines, in a folder of each test's own.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "a test fails by panicking, and its pictures are small"
)]

mod pictures;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use db::{Db, DbError};
use files::{FileRow, Files, Kind, NewFile, Visibility, attach, delete, erase, find, of_record};
use futures_util::TryStreamExt;
use jobs::{Runner, Settings, drain};
use kernel::{Clock, Fault, Id, IdGen, RecordRef, of};

const HOUR: i64 = 3_600_000;
const CASE: RecordRef = RecordRef { kind: "case", id: 42 };

struct Shelf {
    db: Db,
    clock: Clock,
    ids: IdGen,
    files: Files,
    runner: Runner,
    folder: PathBuf,
}

impl Shelf {
    fn new(db: Db) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let name = format!("aftercare-files-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::SeqCst));
        let folder = std::env::temp_dir().join(name);
        let clock = testkit::clock();
        let ids = testkit::ids(&clock);
        let files = Files::in_folder(&folder, db.clone(), clock.clone()).unwrap();
        let kinds = vec![files::kind(files.clone())];
        let runner =
            Runner::new(db.clone(), clock.clone(), ids.clone(), Settings::default(), kinds, vec![files::periodic()])
                .unwrap();
        Self { db, clock, ids, files, runner, folder }
    }
    fn new_file(&self) -> NewFile {
        NewFile {
            visibility: Visibility::Public,
            ..NewFile::of(CASE, Some(Id::new(7)), Some(Id::new(9)), self.clock.now())
        }
    }
    async fn put(&self, bytes: &[u8], declared: &str, name: &str) -> Result<FileRow, Fault> {
        let id = self.files.put(&self.ids, bytes.to_vec(), Some(declared), name, self.new_file()).await?;
        Ok(self.row(id).await)
    }
    async fn row(&self, id: Id<of::File>) -> FileRow {
        self.db.read(id, |tx, id| Box::pin(async move { find(tx, *id).await })).await.unwrap().unwrap()
    }
    async fn delete(&self, id: Id<of::File>) -> bool {
        let input = (id, self.clock.now());
        self.db.write(input, |tx, (id, now)| Box::pin(async move { delete(tx, *id, *now).await })).await.unwrap()
    }
    /// How many objects lie in the folder, thumbnails included.
    fn objects(&self) -> usize {
        fn count(folder: &Path) -> usize {
            std::fs::read_dir(folder)
                .unwrap()
                .map(|entry| entry.unwrap().path())
                .map(|path| if path.is_dir() { count(&path) } else { 1 })
                .sum()
        }
        count(&self.folder)
    }
    async fn collect_after(&self, millis: i64) {
        self.clock.advance(millis);
        drain(&self.runner, self.clock.now()).await.unwrap();
    }
}
impl Drop for Shelf {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.folder).ok();
    }
}

fn code(result: Result<FileRow, Fault>) -> &'static str {
    result.unwrap_err().code()
}

#[testkit::db_test]
async fn a_photo_comes_back_without_anything_but_its_pixels(db: Db) {
    let shelf = Shelf::new(db);
    let photo = pictures::jpeg_with_gps(64, 48, 1);
    assert!(pictures::contains(&photo, b"Exif") && pictures::contains(&photo, b"SECRET-PLACE"));
    let file = shelf.put(&photo, "image/jpeg", "IMG_0001.jpg").await.unwrap();
    assert_eq!((file.kind, file.pixels, file.name.as_str()), (Kind::Jpeg, Some((64, 48)), "IMG_0001.jpg"));
    assert_eq!(
        (file.visibility, file.created_by, file.record.clone()),
        (Visibility::Public, Some(Id::new(9)), ("case".to_owned(), 42))
    );
    let kept = shelf.files.get(&file).await.unwrap();
    assert_eq!(i64::try_from(kept.len()).unwrap(), file.size);
    for mark in [&b"Exif"[..], b"SECRET-PLACE", b"GPS"] {
        assert!(!pictures::contains(&kept, mark));
    }
    let thumbnail = shelf.files.thumbnail(&file).await.unwrap();
    assert!(!pictures::contains(&thumbnail, b"Exif"));
    assert!(file.headers().contains(&("x-content-type-options", "nosniff".to_owned())));
}

#[testkit::db_test]
async fn a_photo_taken_sideways_stands_upright(db: Db) {
    let shelf = Shelf::new(db);
    let file = shelf.put(&pictures::jpeg_with_gps(64, 48, 6), "image/jpeg", "a.jpg").await.unwrap();
    assert_eq!(file.pixels, Some((48, 64)));
}

#[testkit::db_test]
async fn thumbnails_are_small_and_never_larger_than_the_picture(db: Db) {
    let shelf = Shelf::new(db);
    for ((width, height), expected) in [((1_280, 640), (320, 160)), ((100, 30), (100, 30)), ((320, 320), (320, 320))] {
        let file = shelf.put(&pictures::png(width, height, None), "image/png", "a.png").await.unwrap();
        assert_eq!(file.pixels, Some((i64::from(width), i64::from(height))));
        let thumbnail = shelf.files.thumbnail(&file).await.unwrap();
        assert_eq!(pictures::size(&thumbnail), expected);
    }
}

#[testkit::db_test]
async fn webp_becomes_what_every_program_reads(db: Db) {
    let shelf = Shelf::new(db);
    let opaque = shelf.put(&pictures::webp(40, 30, 255), "image/webp", "a.webp").await.unwrap();
    assert_eq!((opaque.kind, opaque.name.as_str()), (Kind::Jpeg, "a.jpg"));
    let glass = shelf.put(&pictures::webp(40, 30, 100), "image/webp", "b.webp").await.unwrap();
    assert_eq!((glass.kind, glass.name.as_str()), (Kind::Png, "b.png"));
}

#[testkit::db_test]
async fn a_program_that_calls_itself_a_photo_is_refused(db: Db) {
    let shelf = Shelf::new(db);
    let program = [b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0".as_slice(), &[0; 500]].concat();
    assert_eq!(code(shelf.put(&program, "image/jpeg", "holiday.jpg").await), "file-program");
    assert_eq!(code(shelf.put(b"<html><script>alert(1)</script>", "image/png", "holiday.png").await), "file-program");
    assert_eq!(code(shelf.put(b"GIF89a\x01\0\x01\0", "image/gif", "a.gif").await), "file-kind");
    assert_eq!(code(shelf.put(&pictures::png(4, 4, None), "image/jpeg", "a.jpg").await), "file-mismatch");
    assert_eq!(code(shelf.put(b"", "image/jpeg", "a.jpg").await), "file-empty");
    let half = pictures::jpeg_with_gps(64, 48, 1);
    assert_eq!(code(shelf.put(&half[..200], "image/jpeg", "a.jpg").await), "file-damaged");
    assert_eq!(shelf.objects(), 0, "nothing was stored");
}

#[testkit::db_test]
async fn a_polyglot_loses_its_second_face(db: Db) {
    let shelf = Shelf::new(db);
    // A PNG that is also a ZIP archive with a page in it: archives are read from their end.
    let payload = b"PK\x03\x04<html><script>alert(1)</script>PK\x05\x06";
    let mut png = pictures::png(20, 20, Some(b"<script>alert('in a comment')</script>"));
    png.extend_from_slice(payload);
    let file = shelf.put(&png, "image/png", "a.png").await.unwrap();
    let kept = shelf.files.get(&file).await.unwrap();
    for mark in [&b"PK\x03\x04"[..], b"script", b"tEXt"] {
        assert!(!pictures::contains(&kept, mark));
    }
    let mut jpeg = pictures::jpeg_with_gps(20, 20, 1);
    jpeg.extend_from_slice(payload);
    let file = shelf.put(&jpeg, "image/jpeg", "a.jpg").await.unwrap();
    assert!(!pictures::contains(&shelf.files.get(&file).await.unwrap(), b"script"));
}

#[testkit::db_test]
async fn a_bomb_is_recognised_by_its_header(db: Db) {
    let shelf = Shelf::new(db);
    let bomb = pictures::png_header(6_410, 6_400);
    let fault = shelf.put(&bomb, "image/png", "a.png").await.unwrap_err();
    assert_eq!(fault.code(), "file-pixels");
    assert!(fault.args().contains(&("width", "6410".to_owned())));
    let bomb = pictures::jpeg_with_size(60_000, 60_000);
    assert_eq!(code(shelf.put(&bomb, "image/jpeg", "a.jpg").await), "file-pixels");
    // Just below the limit, but there is nothing behind the header.
    assert_eq!(code(shelf.put(&pictures::png_header(6_400, 6_250), "image/png", "a.png").await), "file-damaged");
}

#[testkit::db_test]
async fn the_same_content_is_stored_once_and_goes_with_its_last_file(db: Db) {
    let shelf = Shelf::new(db);
    let photo = pictures::jpeg_with_gps(64, 48, 1);
    let first = shelf.put(&photo, "image/jpeg", "a.jpg").await.unwrap();
    let second = shelf.put(&photo, "image/jpeg", "b.jpg").await.unwrap();
    assert!(first.id != second.id && first.digest == second.digest);
    assert_eq!(shelf.objects(), 2, "the photo and its thumbnail");

    assert!(shelf.delete(first.id).await);
    assert!(!shelf.delete(first.id).await);
    let first = shelf.row(first.id).await;
    assert_eq!(shelf.files.get(&first).await.unwrap_err().code(), "file-gone");
    shelf.collect_after(40 * 24 * HOUR).await;
    assert!(shelf.files.get(&second).await.is_ok(), "another file needs it");

    assert!(shelf.delete(second.id).await);
    shelf.collect_after(29 * 24 * HOUR).await;
    assert_eq!(shelf.objects(), 2, "a deleted file can be asked back for 30 days");
    shelf.collect_after(2 * 24 * HOUR).await;
    assert_eq!(shelf.objects(), 0);
    // And it can come again.
    let third = shelf.put(&photo, "image/jpeg", "c.jpg").await.unwrap();
    assert!(shelf.files.get(&third).await.is_ok());
}

#[testkit::db_test]
async fn content_whose_transaction_never_came_is_collected(db: Db) {
    let shelf = Shelf::new(db);
    let prepared = shelf.files.prepare(b"a note".to_vec(), Some("text/plain"), "note.txt").await.unwrap();
    let failed: Result<(), Fault> = shelf
        .db
        .write((shelf.ids.clone(), prepared.clone(), shelf.new_file()), |tx, (ids, prepared, new)| {
            Box::pin(async move {
                attach(tx, ids, prepared, new).await?;
                Err(Fault::refused("changed-my-mind"))
            })
        })
        .await;
    assert!(failed.is_err());
    shelf.collect_after(23 * HOUR).await;
    assert_eq!(shelf.objects(), 1, "it may still be attached");
    shelf.collect_after(6 * HOUR).await;
    assert_eq!(shelf.objects(), 0);
    // Who comes even later is told to send it again.
    let late: Result<Id<of::File>, Fault> = shelf
        .db
        .write((shelf.ids.clone(), prepared, shelf.new_file()), |tx, (ids, prepared, new)| {
            Box::pin(async move { attach(tx, ids, prepared, new).await })
        })
        .await;
    assert_eq!(late.unwrap_err().code(), "busy");
}

#[testkit::db_test]
async fn a_collection_that_was_interrupted_is_finished_and_uploads_wait_for_it(db: Db) {
    let shelf = Shelf::new(db);
    shelf.files.prepare(b"a note".to_vec(), None, "note.txt").await.unwrap();
    let doomed: Result<u64, DbError> = shelf
        .db
        .write((), |tx, ()| {
            Box::pin(async move { tx.exec("UPDATE file_object SET state = 'doomed'", db::args![]).await })
        })
        .await;
    assert_eq!(doomed.unwrap(), 1);
    assert_eq!(shelf.files.prepare(b"a note".to_vec(), None, "note.txt").await.unwrap_err().code(), "busy");
    shelf.collect_after(30 * HOUR).await;
    assert_eq!(shelf.objects(), 0);
    assert!(shelf.files.prepare(b"a note".to_vec(), None, "note.txt").await.is_ok());
}

#[testkit::db_test]
async fn documents_are_downloads_and_come_in_parts(db: Db) {
    let shelf = Shelf::new(db);
    let pdf = [b"%PDF-1.7\n".as_slice(), &vec![b'x'; 100_000], b"\n%%EOF"].concat();
    let file = shelf.put(&pdf, "application/pdf", "../发票.pdf").await.unwrap();
    assert_eq!((file.kind, file.name.as_str(), file.pixels), (Kind::Pdf, "发票.pdf", None));
    assert_eq!(shelf.files.get(&file).await.unwrap(), pdf);
    let headers = file.headers();
    assert!(headers.iter().any(|(name, value)| *name == "content-disposition" && value.starts_with("attachment;")));
    assert_eq!(shelf.files.thumbnail(&file).await.unwrap_err().code(), "not-found");

    let part = shelf.files.open(&file, Some(5..8)).await.unwrap();
    assert_eq!((part.range.clone(), part.size), (5..8, 100_015));
    assert_eq!(part.bytes.try_collect::<Vec<_>>().await.unwrap().concat(), b"1.7");
    let whole = shelf.files.open(&file, None).await.unwrap();
    assert_eq!(whole.bytes.try_collect::<Vec<_>>().await.unwrap().concat(), pdf);
}

#[testkit::db_test]
async fn bytes_that_changed_on_the_disk_are_not_served_as_evidence(db: Db) {
    let shelf = Shelf::new(db);
    let file = shelf.put(b"the truth", "text/plain", "a.txt").await.unwrap();
    let path = shelf.folder.join("contents").join(file.digest.get(..2).unwrap()).join(&file.digest);
    std::fs::write(path, b"a lie").unwrap();
    assert_eq!(shelf.files.get(&file).await.unwrap_err().code(), "internal");
}

#[testkit::db_test]
async fn a_record_lists_its_files_and_customers_see_the_public_ones(db: Db) {
    let shelf = Shelf::new(db);
    let public = shelf.put(b"for all", "text/plain", "a.txt").await.unwrap();
    let internal = NewFile { visibility: Visibility::Internal, ..shelf.new_file() };
    let internal = shelf.files.put(&shelf.ids, b"for us".to_vec(), None, "b.txt", internal).await.unwrap();
    let gone = shelf.put(b"for nobody", "text/plain", "c.txt").await.unwrap();
    shelf.delete(gone.id).await;
    let list = async |public_only| {
        let rows: Result<Vec<FileRow>, DbError> = shelf
            .db
            .read(public_only, |tx, public_only| Box::pin(async move { of_record(tx, &CASE, *public_only).await }))
            .await;
        rows.unwrap().into_iter().map(|file| file.id).collect::<Vec<_>>()
    };
    assert_eq!(list(false).await, [public.id, internal]);
    assert_eq!(list(true).await, [public.id]);
}

#[testkit::db_test]
async fn erasing_a_record_takes_names_at_once_and_contents_soon(db: Db) {
    let shelf = Shelf::new(db);
    let file = shelf.put(&pictures::jpeg_with_gps(64, 48, 1), "image/jpeg", "张三的身份证.jpg").await.unwrap();
    let now = shelf.clock.now();
    let erased: Result<u64, DbError> =
        shelf.db.write(now, |tx, now| Box::pin(async move { erase(tx, &CASE, *now).await })).await;
    assert_eq!(erased.unwrap(), 1);
    let row = shelf.row(file.id).await;
    assert_eq!((row.name.as_str(), row.deleted_at), ("", Some(now)));
    shelf.collect_after(30 * HOUR).await;
    assert_eq!(shelf.objects(), 0);
}
