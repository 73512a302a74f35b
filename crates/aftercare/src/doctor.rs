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
    match open::database(place).await {
        Ok(db) => {
            say(true, format!("database answers ({:?})", db.engine()));
            match pending(&db).await {
                Ok(0) => say(true, "database is at this version".to_owned()),
                Ok(n) => say(true, format!("{n} migrations will be applied at the next start")),
                Err(error) => say(false, format!("the database was made by another version: {error}")),
            }
        }
        Err(error) => say(false, format!("{error:#}")),
    }
    match how.public_url.as_deref() {
        Some(url) if url.starts_with("https://") => say(true, format!("customers reach {url}")),
        Some(url) => println!("note {url} is not HTTPS: no QR code is printed; give --public-url https://…"),
        None => println!(
            "note no public address: no QR code is printed and links work on this machine only; give --public-url https://…"
        ),
    }
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
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
