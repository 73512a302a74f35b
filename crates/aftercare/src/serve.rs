//! Serves pages and API until it is told to stop.
#![expect(clippy::print_stdout, reason = "the address and the first-run code are for the person at the console")]

use std::future::IntoFuture as _;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, bail};
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;

use crate::capabilities;
use crate::cli::Serve;
use crate::open::Installed;

/// How long requests under way may take when the program is told to stop; somebody who sends half a request never ends.
const PATIENCE: Duration = Duration::from_secs(5);

/// Serves `installed` at the address that `how` names.
pub(crate) async fn serve(installed: Installed, how: &Serve) -> anyhow::Result<()> {
    let listener = listen(how).await?;
    if let Some(code) = installed.house.identity.setup_code().await? {
        println!("\n  首次设置代码 · first-run code: {}\n  在 /setup 输入 · enter it at /setup\n", code.reveal());
    }
    run(installed, listener).await
}

/// Binds the address; beyond this machine only with a public address, which links, cookies and the origin check need.
pub(crate) async fn listen(how: &Serve) -> anyhow::Result<TcpListener> {
    if !how.listen.ip().is_loopback() && how.public_url.is_none() {
        bail!(
            "to listen on {} say where people reach the program: --public-url https://… (AFTERCARE_PUBLIC_URL)",
            how.listen
        );
    }
    TcpListener::bind(how.listen)
        .await
        .with_context(|| format!("{} is taken or not allowed; choose another address with --listen", how.listen))
}

/// Serves on `listener` until SIGINT or SIGTERM; then takes no more, ends live streams, lets jobs finish.
pub(crate) async fn run(installed: Installed, listener: TcpListener) -> anyhow::Result<()> {
    let Installed { house, runner, node } = installed;
    let address = listener.local_addr()?;
    let router = capability::router(&house, capabilities::all());
    let (stop, stopped) = watch::channel(false);
    let jobs = tokio::spawn({
        let stopped = stopped.clone();
        async move { runner.serve(until(stopped)).await }
    });
    let renewing = tokio::spawn({
        let house = Arc::clone(&house);
        async move { keep_node(&house, &node).await }
    });
    let checkpoints = tokio::spawn({
        let house = Arc::clone(&house);
        async move { keep_log_short(&house).await }
    });
    // Before anybody is told that the program runs: from then on it can be asked to stop.
    let interrupt = signal(SignalKind::interrupt()).context("signals cannot be received")?;
    let terminate = signal(SignalKind::terminate()).context("signals cannot be received")?;
    println!("售后管家 · Aftercare: http://{address}");
    let server = axum::serve(listener, router.into_make_service_with_connect_info::<SocketAddr>())
        .with_graceful_shutdown({
            let house = Arc::clone(&house);
            async move {
                asked_to_stop(interrupt, terminate).await;
                house.live.close();
                let _ = stop.send(true);
            }
        });
    let patience = async {
        until(stopped).await;
        tokio::time::sleep(PATIENCE).await;
    };
    tokio::select! {
        served = server.into_future() => served.context("serving ended")?,
        () = patience => tracing::warn!("some connections did not end in time and are closed"),
    }
    renewing.abort();
    checkpoints.abort();
    jobs.await.context("the job runner ended badly")?;
    Ok(())
}

async fn until(mut stopped: watch::Receiver<bool>) {
    // An error means that the server is gone, which is a reason to stop as well.
    let _ = stopped.wait_for(|stopped| *stopped).await;
}

async fn asked_to_stop(mut interrupt: Signal, mut terminate: Signal) {
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
}

/// Keeps this process's node number; without it two processes could make the same id.
async fn keep_node(house: &capability::Installation, node: &str) {
    let mut beat = tokio::time::interval(Duration::from_secs(120));
    loop {
        beat.tick().await;
        match house.renew_node(node).await {
            Ok(true) => {}
            Ok(false) => {
                tracing::error!("this process's node number went to another process; stopping");
                std::process::exit(1);
            }
            Err(error) => tracing::warn!(%error, "the node number could not be renewed"),
        }
    }
}

/// Moves what SQLite has in its write-ahead log into the database, away from the writer; on PostgreSQL there is nothing to do.
async fn keep_log_short(house: &capability::Installation) {
    let mut beat = tokio::time::interval(Duration::from_secs(5));
    loop {
        beat.tick().await;
        if let Err(error) = house.db.checkpoint().await {
            tracing::warn!(%error, "the write-ahead log could not be moved into the database");
        }
    }
}
