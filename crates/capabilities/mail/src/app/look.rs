//! Looking into mailboxes.

use std::sync::Arc;
use std::time::Duration;

use capability::{Ctx, Event};
use futures_util::StreamExt;
use futures_util::stream;
use identity::Secret;
use jobs::NewJob;
use kernel::{Fault, FaultKind, Id, Placed, RecordRef};
use letters::ThreadKey;
use notices::Notice;
use tokio::sync::{Semaphore, SemaphorePermit};

use super::mailboxes::PURPOSE;
use super::take_in::{Came, keep_too_large, take_in};
use super::{MAILBOX, RETRY, mailbox};
use crate::imap::{Folder, Server, There, Unreachable};
use crate::jobs::LOOK_AT;
use crate::store::{self, Mailbox, MailboxId};

/// Letters that are asked for at once.
const BATCH: usize = 100;
/// Bytes that are fetched at once: they lie in memory until they are taken in.
const AT_ONCE: usize = 8 * 1024 * 1024;
/// Letters of a batch that are written at the same time; the database commits them together.
const SIDE_BY_SIDE: usize = 16;
/// Mailboxes that are open at the same time: most of them wait for news and do nothing.
const OPEN: usize = 64;
/// Mailboxes whose letters are fetched at the same time.
const FETCHING: usize = 4;
/// How long news is waited for in one go; the job comes back every minute.
const IDLE: Duration = Duration::from_secs(45);
/// After so long the owner is told, in milliseconds: a server that restarts is nobody's business.
const PATIENCE: i64 = 15 * 60_000;
/// After a failure it is tried again in a minute, then in two, four, eight …; in milliseconds.
const AGAIN: i64 = 60_000;
/// Longest time between two tries, where waiting may help and where a person has to (providers lock who knocks too often).
const AGAIN_AT_MOST: (i64, i64) = (15 * 60_000, 60 * 60_000);
/// What the thread's key is sealed for.
const KEY: &str = "mail.thread";

/// Looks into every mailbox that is read and whose turn it is.
///
/// # Errors
/// `busy` when the database is away; what is wrong with a mailbox is kept with it.
pub async fn look_into_all(ctx: &Ctx) -> Result<(), Fault> {
    let all = ctx.read(ctx.now(), |tx, now| Box::pin(async move { Ok(store::due(tx, *now).await?) })).await?;
    let turns = Semaphore::new(FETCHING);
    let wait = Some(Wait { turns: &turns, idle: IDLE });
    let looks = stream::iter(all).map(|id| looked(ctx, id, wait)).buffer_unordered(OPEN);
    let ended: Vec<Result<(), Fault>> = looks.collect().await;
    ended.into_iter().collect()
}

/// Asks for a look into the mailbox `id` at once.
///
/// # Errors
/// `not-found` and `forbidden`.
pub async fn look_soon(ctx: &Ctx, id: Id<MailboxId>) -> Result<(), Fault> {
    let mailbox = mailbox(ctx, id).await?;
    ctx.require(RETRY, &mailbox)?;
    ctx.write(mailbox, |work, mailbox| {
        Box::pin(async move {
            let id = mailbox.id;
            let job = NewJob::new(LOOK_AT, id.to_string(), work.now).key(format!("{LOOK_AT}:{id}"));
            work.record(
                Event::new(RecordRef::new(MAILBOX, id), "mailbox.look_asked", mailbox.place()).quietly().job(job),
            )
            .await
        })
    })
    .await
}

/// Takes in what has come to the mailbox `id`.
///
/// # Errors
/// `busy` when the database is away; what is wrong with the mailbox is kept with it.
pub async fn look_into(ctx: &Ctx, id: Id<MailboxId>) -> Result<(), Fault> {
    looked(ctx, id, None).await
}

/// As [`look_into`]; where the mailbox is set so, waits at the server for news for at most `idle`.
///
/// # Errors
/// As [`look_into`].
pub async fn look_and_wait(ctx: &Ctx, id: Id<MailboxId>, idle: Duration) -> Result<(), Fault> {
    let turns = Semaphore::new(1);
    looked(ctx, id, Some(Wait { turns: &turns, idle })).await
}

/// How news is waited for: a turn is held while letters are fetched and given back while nothing comes.
#[derive(Clone, Copy)]
struct Wait<'w> {
    turns: &'w Semaphore,
    idle: Duration,
}

async fn looked(ctx: &Ctx, id: Id<MailboxId>, wait: Option<Wait<'_>>) -> Result<(), Fault> {
    let found = ctx.read(id, |tx, id| Box::pin(async move { Ok(store::mailbox(tx, *id).await?) })).await?;
    let Some(mailbox) = found.filter(|mailbox| mailbox.active) else { return Ok(()) };
    let server = match sealed(ctx, &mailbox) {
        Ok(server) => server,
        Err(unreachable) => return failed(ctx, mailbox, unreachable).await,
    };
    let key = thread_key(ctx).await?;
    match fetched(ctx, &mailbox, &server, &key, wait).await? {
        Ok(()) => Ok(()),
        Err(unreachable) => failed(ctx, mailbox, unreachable).await,
    }
}

/// How to reach `mailbox`, with its password.
pub(super) fn sealed(ctx: &Ctx, mailbox: &Mailbox) -> Result<Server, Unreachable> {
    let lost = || Unreachable { code: "password", detail: String::new() };
    let sealed = mailbox.sealed.as_deref().ok_or_else(lost)?;
    let password = ctx.house.master.open(PURPOSE, sealed).map_err(|_lost| lost())?;
    Ok(server(ctx, mailbox, password))
}

pub(super) fn server(ctx: &Ctx, mailbox: &Mailbox, password: String) -> Server {
    Server {
        host: mailbox.host.clone(),
        port: u16::try_from(mailbox.port).unwrap_or(993),
        tls: mailbox.tls,
        login: mailbox.login.clone(),
        password,
        folder: mailbox.folder.clone(),
        allow_private: ctx.house.providers.allows(&mailbox.host),
        trust: ctx.house.providers.trusted(),
    }
}

/// The outer result is the database's, the inner one the mail server's.
async fn fetched(
    ctx: &Ctx,
    mailbox: &Mailbox,
    server: &Server,
    key: &Arc<ThreadKey>,
    wait: Option<Wait<'_>>,
) -> Result<Result<(), Unreachable>, Fault> {
    let mut folder = match Folder::open(server).await {
        Ok(folder) => folder,
        Err(unreachable) => return Ok(Err(unreachable)),
    };
    let validity = folder.validity;
    // Another numbering: all letters are looked at again, and those that were taken in are known by their digests.
    let mut last = if mailbox.uid_validity == Some(validity) { mailbox.last_uid } else { 0 };
    // Once: the job comes back by itself.
    let mut waits = wait.filter(|_| mailbox.idle);
    let mut turn = turn_of(wait).await?;
    loop {
        let found = match folder.behind(last, BATCH).await {
            Ok(found) => found,
            Err(unreachable) => return Ok(Err(unreachable)),
        };
        let Some(newest) = found.last().map(|one| i64::from(one.uid)) else {
            reached(ctx, mailbox, validity, last).await?;
            let Some(Wait { idle, .. }) = waits.take() else {
                folder.close().await;
                return Ok(Ok(()));
            };
            drop(turn);
            folder = match folder.wait(idle).await {
                Ok(Some(folder)) => folder,
                Ok(None) => return Ok(Ok(())),
                Err(unreachable) => return Ok(Err(unreachable)),
            };
            turn = turn_of(wait).await?;
            continue;
        };
        for group in groups(&found) {
            let (large, uids): (Vec<There>, Vec<There>) = group.iter().partition(|one| too_large(one));
            let uids: Vec<u32> = uids.iter().map(|one| one.uid).collect();
            let letters = if uids.is_empty() { Ok(Vec::new()) } else { folder.fetch(&uids, false).await };
            let heads: Vec<u32> = large.iter().map(|one| one.uid).collect();
            let heads = if heads.is_empty() { Ok(Vec::new()) } else { folder.fetch(&heads, true).await };
            let (letters, heads) = match (letters, heads) {
                (Ok(letters), Ok(heads)) => (letters, heads),
                (Err(unreachable), _) | (_, Err(unreachable)) => return Ok(Err(unreachable)),
            };
            for (uid, head) in heads {
                let size = large.iter().find(|one| one.uid == uid).map_or(0, |one| i64::from(one.size));
                keep_too_large(ctx, mailbox, (validity, i64::from(uid)), &head, size).await?;
            }
            taken_in(ctx, mailbox, key, validity, letters).await?;
        }
        last = newest;
        reached(ctx, mailbox, validity, last).await?;
    }
}

async fn turn_of(wait: Option<Wait<'_>>) -> Result<Option<SemaphorePermit<'_>>, Fault> {
    match wait {
        Some(wait) => Ok(Some(wait.turns.acquire().await.map_err(Fault::internal)?)),
        None => Ok(None),
    }
}

fn too_large(one: &There) -> bool {
    usize::try_from(one.size).is_ok_and(|size| size > files::MAX_LETTER)
}

/// Letters in groups that fit into memory; one that is larger stands alone.
fn groups(found: &[There]) -> Vec<Vec<There>> {
    let mut groups: Vec<Vec<There>> = Vec::new();
    let mut bytes = 0_usize;
    for one in found {
        let size = usize::try_from(one.size).unwrap_or(usize::MAX);
        bytes = bytes.saturating_add(size);
        match groups.last_mut() {
            Some(group) if bytes <= AT_ONCE => group.push(*one),
            _ => {
                bytes = size;
                groups.push(vec![*one]);
            }
        }
    }
    groups
}

/// Takes letters in: those that begin something side by side, then the answers in their order, so that an answer finds the letter
/// that came with it.
async fn taken_in(
    ctx: &Ctx,
    mailbox: &Mailbox,
    key: &Arc<ThreadKey>,
    validity: i64,
    raw: Vec<(u32, Vec<u8>)>,
) -> Result<(), Fault> {
    let read = tokio::task::spawn_blocking(move || {
        raw.into_iter().map(|(uid, raw)| Came::read((validity, i64::from(uid)), raw)).collect::<Vec<_>>()
    });
    let read = read.await.map_err(Fault::internal)?;
    let (answers, fresh): (Vec<Came>, Vec<Came>) = read.into_iter().partition(|came| came.answers(key));
    let fresh = stream::iter(fresh).map(|came| take_in(ctx, mailbox, key, came)).buffer_unordered(SIDE_BY_SIDE);
    let ended: Vec<Result<(), Fault>> = fresh.collect().await;
    ended.into_iter().collect::<Result<(), Fault>>()?;
    for came in answers {
        take_in(ctx, mailbox, key, came).await?;
    }
    Ok(())
}

/// Takes in letters that lie at no server, as if they had come to the mailbox `id` one after the other with the UIDs from `first` on: how
/// the demo company has some.
///
/// # Errors
/// `not-found`; as [`look_into`].
pub async fn hand_in(ctx: &Ctx, id: Id<MailboxId>, first: u32, letters: Vec<Vec<u8>>) -> Result<(), Fault> {
    let mailbox = mailbox(ctx, id).await?;
    let key = thread_key(ctx).await?;
    for (raw, uid) in letters.into_iter().zip(first..) {
        taken_in(ctx, &mailbox, &key, 0, vec![(uid, raw)]).await?;
    }
    reached(ctx, &mailbox, 0, 0).await
}

/// Where reading stands is no act of anybody and leaves no trace beside the row.
async fn reached(ctx: &Ctx, mailbox: &Mailbox, validity: i64, last: i64) -> Result<(), Fault> {
    let input = (mailbox.id, validity, last, ctx.now());
    ctx.house
        .db
        .write(input, |tx, (id, validity, last, now)| {
            Box::pin(async move { store::reached(tx, *id, *validity, *last, *now).await.map_err(Fault::from) })
        })
        .await
}

/// Keeps why the mailbox cannot be read, and tells its owner once when that lasts.
async fn failed(ctx: &Ctx, mailbox: Mailbox, unreachable: Unreachable) -> Result<(), Fault> {
    ctx.write((mailbox, unreachable), |work, (mailbox, unreachable)| {
        Box::pin(async move {
            let Some(mailbox) = store::mailbox(work.tx, mailbox.id).await? else { return Ok(work.unchanged(())) };
            let since = mailbox.failed_since.unwrap_or(work.now);
            // A wrong password does not heal by waiting.
            let for_people = matches!(unreachable.code, "login" | "password" | "folder");
            let lasting = work.now.since(since) >= PATIENCE || for_people;
            let most = if for_people { AGAIN_AT_MOST.1 } else { AGAIN_AT_MOST.0 };
            let doubled = u32::try_from(mailbox.tries).ok().and_then(|tries| AGAIN.checked_shl(tries.min(10)));
            let again = work.now.plus(doubled.unwrap_or(most).min(most));
            let detail: String = unreachable.detail.chars().filter(|letter| !letter.is_control()).take(400).collect();
            let tells = lasting && !mailbox.told;
            store::failed(work.tx, mailbox.id, unreachable.code, &detail, mailbox.told || tells, again, work.now)
                .await?;
            if !tells {
                return Ok(work.unchanged(()));
            }
            let record = RecordRef::new(MAILBOX, mailbox.id);
            if let Some(owner) = mailbox.owner {
                let said = match unreachable.code {
                    "login" => "mail-error-login",
                    "password" => "mail-error-password",
                    "folder" => "mail-error-folder",
                    "tls" => "mail-error-tls",
                    "silent" => "mail-error-silent",
                    "read" => "mail-error-read",
                    _ => "mail-error-connect",
                };
                let notice = Notice::new("mailbox.unreachable", record.clone())
                    .at(format!("/mailboxes/{}", mailbox.id))
                    .subject(&mailbox.address)
                    .said(said);
                notices::tell(work, &[owner], &notice).await?;
            }
            let event = Event::new(record, "mailbox.unreachable", mailbox.place())
                .change("error", None, Some(unreachable.code.to_owned()))
                .change("detail", None, Some(detail));
            work.record(event).await
        })
    })
    .await
}

/// With what tags are made: made at the first look, and anew when the master key is another one. Then old tags are believed no more;
/// answers still find their case by the Message-IDs.
pub(super) async fn thread_key(ctx: &Ctx) -> Result<Arc<ThreadKey>, Fault> {
    let master = &ctx.house.master;
    let stored = || ctx.read((), |tx, ()| Box::pin(async move { Ok(store::key(tx).await?) }));
    let lost = match stored().await? {
        Some(sealed) => match master.open(KEY, &sealed) {
            Ok(secret) => return Ok(Arc::new(ThreadKey::new(secret.as_bytes()))),
            Err(_) => {
                tracing::warn!("the key of mail threads was sealed with another master key; it is made anew");
                Some(sealed)
            }
        },
        None => None,
    };
    let fresh = master.seal(KEY, Secret::random("")?.reveal()).map_err(Fault::internal)?;
    ctx.house
        .db
        .write((lost, fresh), |tx, (lost, fresh)| {
            Box::pin(async move {
                match lost {
                    Some(lost) => store::renew_key(tx, lost, fresh).await.map_err(Fault::from),
                    None => store::keep_key(tx, fresh).await.map_err(Fault::from),
                }
            })
        })
        .await?;
    let sealed = stored().await?.ok_or_else(|| Fault::new(FaultKind::Internal, "mail-key"))?;
    let secret = master.open(KEY, &sealed).map_err(Fault::internal)?;
    Ok(Arc::new(ThreadKey::new(secret.as_bytes())))
}
