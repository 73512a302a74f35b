//! `aftercare token create` and `aftercare user create`.
#![expect(clippy::print_stdout, reason = "the command's answer")]

use std::io::BufRead as _;
use std::sync::Arc;

use anyhow::{Context as _, anyhow};
use capability::Ctx;
use identity::Secret;
use kernel::Fault;
use web::Locale;

use crate::open::Installed;

/// Prints a new token for the person with `login`; the last word printed is the token.
pub(crate) async fn create_token(installed: &Installed, login: &str, name: &str) -> anyhow::Result<()> {
    let ctx = Ctx::system(Arc::clone(&installed.house), "token create");
    let token = administration::create_token(&ctx, login, name).await.map_err(said)?;
    println!("token for {login} ({name}), shown only now: {}", token.reveal());
    Ok(())
}

/// Adds a person; the password is the first line of standard input.
pub(crate) async fn create_user(
    installed: &Installed,
    login: &str,
    name: &str,
    role: &str,
    unit: &str,
) -> anyhow::Result<()> {
    let mut password = String::new();
    std::io::stdin().lock().read_line(&mut password).context("the password is read from standard input")?;
    let password = Secret::new(password.trim_end_matches(['\r', '\n']));
    let ctx = Ctx::system(Arc::clone(&installed.house), "user create");
    let id = administration::create_user(&ctx, login, name, &password, role, unit).await.map_err(said)?;
    println!("{login} can sign in ({role} at {unit}); id {id}");
    Ok(())
}

/// What the fault says, for a person at a console.
pub(crate) fn said(fault: Fault) -> anyhow::Error {
    anyhow!("{} ({fault})", web::sentence(Locale::En, &fault))
}
