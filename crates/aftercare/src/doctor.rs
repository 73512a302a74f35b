//! `aftercare doctor`: looks the installation over and says what to do.
#![expect(clippy::print_stdout, reason = "the command's answer")]

use std::process::ExitCode;

use db::{Db, DbErrorKind};
use journal::{InstallationKey, KEY_FILE};

use crate::cli::{Serve, Where};
use crate::open;

/// Prints one line per finding; exit code 1 when something has to be done before the shop can work.
pub(crate) async fn doctor(place: &Where, how: &Serve) -> anyhow::Result<ExitCode> {
    let mut failed = false;
    let mut say = |good: bool, text: String| {
        failed |= !good;
        println!("{} {text}", if good { "ok  " } else { "DO  " });
    };
    say(true, format!("data folder {}", place.data.display()));
    match InstallationKey::load_or_create(&place.data.join(KEY_FILE)) {
        Ok(key) => say(true, format!("signing key {}", key.fingerprint())),
        Err(error) => say(false, format!("the signing key cannot be read ({error}); restore it from your own copy")),
    }
    let master = match open::master_key(place) {
        Ok(key) => {
            say(true, "master key for the settings' secrets".to_owned());
            Some(key)
        }
        Err(error) => {
            say(
                false,
                format!("{error:#}; restore it from your own copy, or the kept passwords must be entered again"),
            );
            None
        }
    };
    match free_space(&place.data) {
        Ok(free) => say(
            free >= ROOM,
            format!(
                "{} MB free in the data folder{}",
                free >> 20,
                if free >= ROOM { "" } else { "; make room, at least 1024 MB" }
            ),
        ),
        Err(error) => say(false, format!("the room in the data folder cannot be seen: {error}")),
    }
    match open::database(place, db::Options::default()).await {
        Ok(db) => {
            say(true, format!("database answers ({:?})", db.engine()));
            match pending(&db).await {
                Ok(0) => {
                    say(true, "database is at this version".to_owned());
                    clock(&db, &mut say).await?;
                    messages(&db, master.as_ref(), &mut say).await?;
                }
                Ok(n) => say(true, format!("{n} migrations will be applied at the next start")),
                Err(error) => say(false, format!("the database was made by another version: {error}")),
            }
        }
        Err(error) => say(false, format!("{error:#}")),
    }
    match how.public_url.as_deref() {
        Some(url) if url.to_ascii_lowercase().starts_with("https://") => say(true, format!("customers reach {url}")),
        Some(url) => println!(
            "note {url} is not HTTPS, so links could be read on their way: no QR code is printed and no customer link is texted or mailed; give --public-url https://…"
        ),
        None => {
            println!(
                "note no public address: no QR code is printed and no customer link is texted or mailed; give --public-url https://…"
            )
        }
    }
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Below this there is soon no room for photos and the log: 1 GiB, in bytes.
const ROOM: u64 = 1 << 30;

/// Bytes that may still be written below `folder`.
fn free_space(folder: &std::path::Path) -> anyhow::Result<u64> {
    let there = folder.ancestors().find(|folder| folder.exists()).unwrap_or(folder);
    let room = rustix::fs::statvfs(there)?;
    Ok(room.f_bavail.saturating_mul(room.f_frsize))
}

/// A clock that stands before the newest record would make deadlines and signatures wrong.
async fn clock(db: &Db, say: &mut impl FnMut(bool, String)) -> anyhow::Result<()> {
    let newest: Option<(kernel::Timestamp,)> = db
        .read((), |tx, ()| {
            Box::pin(async move { tx.one("SELECT entered_at FROM journal_entry ORDER BY id DESC LIMIT 1", &[]).await })
        })
        .await?;
    let now = kernel::Clock::System.now();
    let behind = newest.map_or(0, |(newest,)| newest.millis() - now.millis());
    match behind {
        ..=60_000 => say(true, format!("clock says {now}")),
        _ => say(false, format!("the clock says {now}, {} s before the newest record; set it right", behind / 1000)),
    }
    Ok(())
}

/// Whether customers hear from us.
async fn messages(
    db: &Db,
    master: Option<&secrets::MasterKey>,
    say: &mut impl FnMut(bool, String),
) -> anyhow::Result<()> {
    use messaging::setup::{self, Part, Way};
    let found = db
        .read(master.cloned(), |tx, master| {
            Box::pin(async move {
                let mut parts = vec![
                    ("SMS", setup::sms(tx).await?.setup.way, true),
                    ("mail", setup::mail(tx).await?.setup.way, true),
                ];
                if let Some(master) = master {
                    for (part, kept) in [Part::Sms, Part::Mail].into_iter().zip(&mut parts) {
                        kept.2 = setup::secret(tx, master, part).await.is_ok();
                    }
                }
                Ok::<_, kernel::Fault>(parts)
            })
        })
        .await
        .map_err(crate::people::said)?;
    for (name, way, opens) in found {
        match (way, opens) {
            (_, false) => say(
                false,
                format!(
                    "the kept secret for {name} was sealed with another master key; enter it again at /settings/messaging"
                ),
            ),
            (Way::On, true) => say(true, format!("{name} goes out by the provider that is set")),
            (Way::Off, true) => {
                println!("note {name} is not set up: messages are kept as not sent; set it at /settings/messaging")
            }
            (Way::Log, true) => println!(
                "note {name} goes into the outbox only, nobody receives anything; set it at /settings/messaging"
            ),
        }
    }
    Ok(())
}

/// How many migrations of this program the database has not seen.
async fn pending(db: &Db) -> anyhow::Result<usize> {
    let read = db.read((), |tx, ()| {
        Box::pin(async move { tx.all::<(String,)>("SELECT name FROM schema_migration", &[]).await })
    });
    let applied = match read.await {
        Ok(applied) => applied,
        // A database without the table has seen none.
        Err(error) if error.kind == DbErrorKind::Sql => Vec::new(),
        Err(error) => return Err(error.into()),
    };
    let known = db::migrations();
    let ours = |name: &str| known.iter().any(|one| one.name == name);
    anyhow::ensure!(applied.iter().all(|(name,)| ours(name)), "it has migrations that this program lacks");
    Ok(known.len() - applied.len())
}
