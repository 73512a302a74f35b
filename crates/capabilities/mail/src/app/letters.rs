use capability::{Ctx, Event, FileDoor, Work};
use db::Tx;
use files::FileRow;
use futures_util::future::BoxFuture;
use kernel::{Fault, Id, RecordRef, of};
use letters::Letter;

use super::look::thread_key;
use super::take_in::{Came, take_in};
use super::{LETTER, RETRY, VIEW, mailbox};
use crate::store::{self, LetterId, LetterRow, MailboxId, State};

/// Letters of a state are counted so far.
pub const COUNTED: i64 = 1_000;
/// Letters of one case that are shown, the newest.
pub const OF_CASE: i64 = 20;
/// Bytes of a letter that is read again for a page; a larger one is downloaded.
const SHOWN: i64 = 4 * 1024 * 1024;

/// Whoever sees the case of a letter, or its mailbox, sees it as it came.
pub const DOOR: FileDoor = FileDoor { kind: LETTER, see: sees };

fn sees<'t>(tx: &'t mut Tx, ctx: &'t Ctx, id: i64) -> BoxFuture<'t, Result<(), Fault>> {
    Box::pin(async move {
        let letter = store::letter(tx, Id::new(id)).await?.ok_or_else(Fault::not_found)?;
        if let Some(case) = letter.case
            && let Some(case) = cases::store::get(tx, case).await?
            && ctx.actor.may(cases::app::VIEW, &case)
        {
            return Ok(());
        }
        ctx.require(VIEW, &letter)
    })
}

/// One page of letters.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    /// The letters, newest first, and the file of each as it came.
    pub rows: Vec<(LetterRow, Option<Id<kernel::of::File>>)>,
    /// Give it as `before` for the next page.
    pub next: Option<Id<LetterId>>,
}

/// Letters of the mailbox `id`, newest first.
///
/// # Errors
/// `not-found`.
pub async fn letters(
    ctx: &Ctx,
    id: Id<MailboxId>,
    state: Option<State>,
    before: Option<Id<LetterId>>,
    limit: u16,
) -> Result<Page, Fault> {
    mailbox(ctx, id).await?;
    ctx.read((id, state, before, limit), |tx, (id, state, before, limit)| {
        Box::pin(async move {
            let mut rows = store::letters(tx, *id, *state, *before, i64::from(*limit) + 1).await?;
            let more = rows.len() > usize::from(*limit);
            rows.truncate(usize::from(*limit));
            let next = rows.last().filter(|_| more).map(|row| row.id);
            let mut found = Vec::with_capacity(rows.len());
            for row in rows {
                let files = files::of_record(tx, &RecordRef::new(LETTER, row.id), false).await?;
                found.push((row, files.first().map(|file| file.id)));
            }
            Ok(Page { rows: found, next })
        })
    })
    .await
}

/// How many letters of the mailbox `id` are in each state, at most one more than [`COUNTED`].
///
/// # Errors
/// `not-found`.
pub async fn counts(ctx: &Ctx, id: Id<MailboxId>) -> Result<Vec<(State, i64)>, Fault> {
    mailbox(ctx, id).await?;
    ctx.read(id, |tx, id| {
        Box::pin(async move {
            let mut counts = Vec::new();
            for state in State::ALL.iter().copied() {
                counts.push((state, store::count(tx, *id, state, COUNTED + 1).await?));
            }
            Ok(counts)
        })
    })
    .await
}

/// The letter `id`.
///
/// # Errors
/// `not-found`.
pub async fn letter(ctx: &Ctx, id: Id<LetterId>) -> Result<LetterRow, Fault> {
    let found = ctx.read(id, |tx, id| Box::pin(async move { Ok(store::letter(tx, *id).await?) })).await?;
    let letter = found.ok_or_else(Fault::not_found)?;
    ctx.require(VIEW, &letter)?;
    Ok(letter)
}

/// A letter, read again from how it came.
#[derive(Debug, Clone)]
pub struct Opened {
    /// What became of it.
    pub row: LetterRow,
    /// The file, as it came.
    pub file: Option<Id<of::File>>,
    /// What it says; none when it stayed at the server, was erased, or is too large for a page.
    pub letter: Option<Letter>,
    /// Its words with their shape, as a sanitised fragment, where it has one.
    pub shaped: Option<String>,
}

async fn opened(ctx: &Ctx, row: LetterRow, file: Option<FileRow>) -> Result<Opened, Fault> {
    let (mut letter, mut shaped) = (None, None);
    if let Some(file) = file.as_ref().filter(|file| file.size <= SHOWN) {
        let raw = ctx.house.files.get(file).await?;
        let read = tokio::task::spawn_blocking(move || (letters::read(&raw), letters::shaped(&raw)));
        let found = read.await.map_err(Fault::internal)?;
        (letter, shaped) = (Some(found.0), found.1);
    }
    Ok(Opened { row, file: file.map(|file| file.id), letter, shaped })
}

/// The letter `id` with what it says.
///
/// # Errors
/// `not-found`; what the vault says.
pub async fn open(ctx: &Ctx, id: Id<LetterId>) -> Result<Opened, Fault> {
    let row = letter(ctx, id).await?;
    let found = ctx.read(id, |tx, id| Box::pin(async move { first_file(tx, *id).await })).await?;
    opened(ctx, row, found).await
}

async fn first_file(tx: &mut Tx, id: Id<LetterId>) -> Result<Option<FileRow>, Fault> {
    Ok(files::of_record(tx, &RecordRef::new(LETTER, id), false).await?.into_iter().next())
}

/// The case's number and its letters with what they say, newest first, at most [`OF_CASE`]; for whoever sees the case.
///
/// # Errors
/// `not-found`; what the vault says.
pub async fn of_case(ctx: &Ctx, case: Id<of::Case>) -> Result<(String, Vec<Opened>), Fault> {
    let (number, found) = ctx
        .read((case, ctx.clone()), |tx, (id, ctx)| {
            Box::pin(async move {
                let case = cases::store::get(tx, *id).await?.ok_or_else(Fault::not_found)?;
                ctx.require(cases::app::VIEW, &case)?;
                let mut found = Vec::new();
                for row in store::of_case(tx, *id, OF_CASE).await? {
                    let file = first_file(tx, row.id).await?;
                    found.push((row, file));
                }
                Ok((case.number, found))
            })
        })
        .await?;
    let mut all = Vec::with_capacity(found.len());
    for (row, file) in found {
        all.push(opened(ctx, row, file).await?);
    }
    Ok((number, all))
}

/// Hears that a case was erased because its customer is forgotten: its letters go with it.
pub(crate) fn forget_letters<'w>(work: &'w mut Work<'_>, event: &'w Event) -> BoxFuture<'w, Result<(), Fault>> {
    Box::pin(async move {
        if event.record.kind != cases::app::RECORD || event.verb != "case.erased" {
            return Ok(());
        }
        for letter in store::erase_of_case(work.tx, Id::new(event.record.id)).await? {
            files::erase(work.tx, &RecordRef::new(LETTER, letter), work.now).await?;
        }
        Ok(())
    })
}

/// Tries again to take in a letter that was set aside, because a person says so.
///
/// # Errors
/// `not-found`; `mail-not-set-aside`; `mail-not-here` when the letter stayed at the server; what speaks against it.
pub async fn retry(ctx: &Ctx, id: Id<LetterId>) -> Result<LetterRow, Fault> {
    let row = letter(ctx, id).await?;
    ctx.require(RETRY, &row)?;
    if row.state != State::SetAside {
        return Err(Fault::refused("mail-not-set-aside"));
    }
    let found = ctx
        .read(id, |tx, id| {
            Box::pin(async move { Ok(files::of_record(tx, &RecordRef::new(LETTER, *id), false).await?) })
        })
        .await?;
    let file = found.into_iter().next().ok_or_else(|| Fault::refused("mail-not-here"))?;
    let raw = ctx.house.files.get(&file).await?;
    let mailbox = mailbox(ctx, row.mailbox).await?;
    let key = thread_key(ctx).await?;
    let mut came = Came::read(row.place, raw.to_vec());
    came.forced = true;
    take_in(ctx, &mailbox, &key, came).await?;
    letter(ctx, id).await
}
