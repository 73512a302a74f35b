//! From the command line to the command.
#![expect(clippy::print_stderr, reason = "the command line answers on standard error when it cannot do what was asked")]

use std::process::ExitCode;

use clap::Parser;
use kernel::Clock;
use tracing_subscriber::EnvFilter;

use crate::cli::{Classify, Cli, Command, Import, Token, User};
use crate::open::Installed;
use crate::{demo, doctor, evaluate, import, people, score, seed, serve, verdict, verify};

/// Runs the program; the exit code is 0 when all went well, 1 when it did not, 2 when the command line cannot be read.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    let filter = EnvFilter::try_from_env("AFTERCARE_LOG").unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("aftercare: {error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(carry_out(cli)) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("aftercare: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn carry_out(cli: Cli) -> anyhow::Result<ExitCode> {
    let Cli { place, command, serve: how } = cli;
    match command.unwrap_or(Command::Serve) {
        Command::Serve => serve::serve(Installed::open(&place, &how, Clock::System).await?, &how).await?,
        Command::Demo { cases, seed, only_make } => demo::demo(&place, &how, cases, seed, only_make).await?,
        Command::Seed { cases, days, seed } => {
            let installed = Installed::open_with(&place, &how, Clock::System, db::Options::for_load()).await?;
            seed::seed(installed, cases, days, seed).await?;
        }
        Command::Import(Import::Cases { file, store, map, kind, source, refused }) => {
            let installed = Installed::open(&place, &how, Clock::System).await?;
            let asked = import::Asked { file, store, map, kind, source, refused };
            return import::cases(&installed, asked).await;
        }
        Command::Verify { file, key } => return verify::verify(&place, &how, file, key.as_deref()).await,
        Command::Classify(Classify::Evaluate(asked)) => return evaluate::evaluate(&asked),
        Command::Token(Token::Create { user, name }) => {
            people::create_token(&Installed::open(&place, &how, Clock::System).await?, &user, &name).await?;
        }
        Command::User(User::Create { login, name, role, unit }) => {
            let installed = Installed::open(&place, &how, Clock::System).await?;
            people::create_user(&installed, &login, &name, &role, &unit).await?;
        }
        Command::Verdict { file, out } => return verdict::verdict(&file, out),
        Command::Score { unit, scheme, json } => {
            let installed = Installed::open(&place, &how, Clock::System).await?;
            score::score(&installed, unit.as_deref(), &scheme, json).await?;
        }
        Command::Doctor => return doctor::doctor(&place, &how).await,
    }
    Ok(ExitCode::SUCCESS)
}
