use capability::{Ctx, Event, Recorded, Work};
use identity::UnitKind;
use kernel::{Fault, FieldErrors, Id, Placed, RecordRef, of};
use messaging::Tls;

use super::{MAILBOX, SETTINGS, VIEW, look};
use crate::imap::Folder;
use crate::store::{self, Mailbox, MailboxId};

/// What passwords are sealed for.
pub(super) const PURPOSE: &str = "mail.mailbox";

/// What becomes of the password.
#[derive(Clone, PartialEq, Eq)]
pub enum NewPassword {
    /// It stays.
    Same,
    /// Another one.
    To(String),
}

impl std::fmt::Debug for NewPassword {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Same => "Same",
            Self::To(_) => "To(…)",
        })
    }
}

/// A mailbox as it is typed.
#[derive(Debug, Clone)]
pub struct Draft {
    /// What people call it.
    pub name: String,
    /// Customers write to it.
    pub address: String,
    /// The server's name.
    pub host: String,
    /// Its port.
    pub port: i64,
    /// How the connection is protected.
    pub tls: Tls,
    /// The user name.
    pub login: String,
    /// The password.
    pub password: NewPassword,
    /// The folder.
    pub folder: String,
    /// Its letters become cases of this store.
    pub store: Id<of::Unit>,
    /// Is told when it cannot be reached.
    pub owner: Option<Id<of::User>>,
    /// Waits for news at the server.
    pub idle: bool,
    /// It is read.
    pub active: bool,
}

impl From<Mailbox> for Draft {
    fn from(mailbox: Mailbox) -> Self {
        Self {
            name: mailbox.name,
            address: mailbox.address,
            host: mailbox.host,
            port: mailbox.port,
            tls: mailbox.tls,
            login: mailbox.login,
            password: NewPassword::Same,
            folder: mailbox.folder,
            store: mailbox.store,
            owner: mailbox.owner,
            idle: mailbox.idle,
            active: mailbox.active,
        }
    }
}

/// The mailboxes within the actor's reach.
///
/// # Errors
/// `busy` when the database is away.
pub async fn mailboxes(ctx: &Ctx) -> Result<Vec<Mailbox>, Fault> {
    let reach = ctx.reach(VIEW);
    ctx.read(reach, |tx, reach| Box::pin(async move { Ok(store::mailboxes(tx, reach).await?) })).await
}

/// The mailbox `id`.
///
/// # Errors
/// `not-found`.
pub async fn mailbox(ctx: &Ctx, id: Id<MailboxId>) -> Result<Mailbox, Fault> {
    let found = ctx.read(id, |tx, id| Box::pin(async move { Ok(store::mailbox(tx, *id).await?) })).await?;
    let mailbox = found.ok_or_else(Fault::not_found)?;
    ctx.require(VIEW, &mailbox)?;
    Ok(mailbox)
}

/// The mailbox that `draft` describes, checked; `before` is what it was.
fn checked(ctx: &Ctx, draft: &Draft, before: Option<&Mailbox>) -> Result<Mailbox, Fault> {
    let mut errors = FieldErrors::default();
    let directory = ctx.house.identity.directories().now();
    let address = draft.address.trim().to_lowercase();
    if messaging::Address::parse(messaging::Channel::Mail, &address).is_none() {
        errors.add("address", "address");
    }
    let host = draft.host.trim().to_lowercase();
    if ctx.house.providers.refuse_private("host", &host).is_err() {
        errors.add("host", "private-host");
    }
    // A password never travels in the open, except to this machine.
    if draft.tls == Tls::None && !matches!(host.as_str(), "localhost" | "127.0.0.1" | "::1") {
        errors.add("tls", "tls-for-login");
    }
    if !directory.unit(draft.store).is_some_and(|unit| unit.kind == UnitKind::Store && unit.active) {
        errors.add("store", "unknown");
    }
    if draft.owner.is_some_and(|owner| !directory.user(owner).is_some_and(|user| user.active)) {
        errors.add("owner", "unknown");
    }
    if before.is_none() && draft.password == NewPassword::Same {
        errors.add("password", "required");
    }
    errors.check()?;
    let sealed = match &draft.password {
        NewPassword::Same => before.and_then(|before| before.sealed.clone()),
        NewPassword::To(password) => Some(ctx.house.master.seal(PURPOSE, password).map_err(Fault::internal)?),
    };
    Ok(Mailbox {
        id: before.map_or_else(|| ctx.house.ids.next(), |before| before.id),
        name: draft.name.clone(),
        address,
        host,
        port: draft.port,
        tls: draft.tls,
        login: draft.login.clone(),
        sealed,
        folder: draft.folder.clone(),
        store: draft.store,
        owner: draft.owner,
        idle: draft.idle,
        active: draft.active,
        uid_validity: None,
        last_uid: 0,
        looked_at: None,
        failed_since: None,
        error: None,
        detail: None,
        told: false,
        tries: 0,
        look_at: None,
        version: before.map_or(1, |before| before.version),
    })
}

/// What came of trying a mailbox out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tried {
    /// It can be read; so many letters are in it.
    Read(u32),
    /// It cannot: a code with the words `mail-error-<code>`, and what the other side said.
    Not(&'static str, String),
}

/// Signs in as `draft` says and looks how many letters are there, without taking one in; `id` names the mailbox whose password is
/// meant when none was typed.
///
/// # Errors
/// `not-found`; fields that cannot be used.
pub async fn try_out(ctx: &Ctx, id: Option<Id<MailboxId>>, draft: &Draft) -> Result<Tried, Fault> {
    let before = match id {
        Some(id) => Some(mailbox(ctx, id).await?),
        None => None,
    };
    let mailbox = checked(ctx, draft, before.as_ref())?;
    ctx.require(SETTINGS, &mailbox)?;
    let server = match &draft.password {
        NewPassword::To(password) => Ok(look::server(ctx, &mailbox, password.clone())),
        NewPassword::Same => look::sealed(ctx, &mailbox),
    };
    let opened = match server {
        Ok(server) => Folder::open(&server).await,
        Err(unreachable) => Err(unreachable),
    };
    Ok(match opened {
        Ok(folder) => {
            let letters = folder.letters;
            folder.close().await;
            Tried::Read(letters)
        }
        Err(unreachable) => Tried::Not(unreachable.code, unreachable.detail),
    })
}

/// Reads another mailbox from now on.
///
/// # Errors
/// Fields that cannot be used; `address` with `taken`.
pub async fn create(ctx: &Ctx, draft: Draft) -> Result<Id<MailboxId>, Fault> {
    let mailbox = checked(ctx, &draft, None)?;
    ctx.require(SETTINGS, &mailbox)?;
    let made = ctx
        .write(mailbox, |work, mailbox| {
            Box::pin(async move {
                store::insert(work.tx, mailbox, work.now).await?;
                Ok(changed(work, None, mailbox, false).await?.map(|()| mailbox.id))
            })
        })
        .await;
    made.map_err(taken)
}

fn taken(fault: Fault) -> Fault {
    if fault.code() == "duplicate" { Fault::field("address", "taken") } else { fault }
}

/// Changes the mailbox `id`, which was read at `version`.
///
/// # Errors
/// `not-found`; stale; as [`create`].
pub async fn save(ctx: &Ctx, id: Id<MailboxId>, version: i64, draft: Draft) -> Result<(), Fault> {
    let before = mailbox(ctx, id).await?;
    ctx.require(SETTINGS, &before)?;
    if before.version != version {
        return Err(Fault::stale(before.version));
    }
    let after = checked(ctx, &draft, Some(&before))?;
    ctx.require(SETTINGS, &after)?;
    let password = matches!(draft.password, NewPassword::To(_));
    let saved = ctx
        .write((before, after, password), |work, (before, after, password)| {
            Box::pin(async move {
                let place = |mailbox: &Mailbox| (mailbox.host.clone(), mailbox.login.clone(), mailbox.folder.clone());
                let afresh = place(before) != place(after);
                if !store::save(work.tx, after, afresh, work.now).await? {
                    return Err(Fault::stale(before.version.saturating_add(1)));
                }
                changed(work, Some(before), after, *password).await
            })
        })
        .await;
    saved.map_err(taken)
}

async fn changed(
    work: &mut Work<'_>,
    before: Option<&Mailbox>,
    after: &Mailbox,
    password: bool,
) -> Result<Recorded<()>, Fault> {
    let was = |of: fn(&Mailbox) -> String| before.map(of);
    let verb = if before.is_none() { "mailbox.added" } else { "mailbox.changed" };
    let fields: [(&'static str, fn(&Mailbox) -> String); 11] = [
        ("name", |mailbox| mailbox.name.clone()),
        ("address", |mailbox| mailbox.address.clone()),
        ("host", |mailbox| mailbox.host.clone()),
        ("port", |mailbox| mailbox.port.to_string()),
        ("tls", |mailbox| mailbox.tls.as_str().to_owned()),
        ("login", |mailbox| mailbox.login.clone()),
        ("folder", |mailbox| mailbox.folder.clone()),
        ("store", |mailbox| mailbox.store.to_string()),
        ("owner", |mailbox| mailbox.owner.map(|owner| owner.to_string()).unwrap_or_default()),
        ("idle", |mailbox| mailbox.idle.to_string()),
        ("active", |mailbox| mailbox.active.to_string()),
    ];
    let mut event = Event::new(RecordRef::new(MAILBOX, after.id), verb, after.place()).quietly();
    for (field, of) in fields {
        event = event.change(field, was(of), Some(of(after)));
    }
    if password || before.is_none() {
        event = event.change("password", None, Some("set".to_owned()));
    }
    work.record(event).await
}
