//! `aftercare verify`: proves the journal of an installation, or a dossier without one.
#![expect(clippy::print_stdout, reason = "the command's answer")]

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use journal::{InstallationKey, KEY_FILE, Verdict};

use crate::cli::{Serve, Where};
use crate::open;

/// Verifies `file`, or the installation at `place`. Exit code 1 when something is wrong.
pub(crate) async fn verify(
    place: &Where,
    _: &Serve,
    file: Option<PathBuf>,
    key: Option<&str>,
) -> anyhow::Result<ExitCode> {
    match file {
        Some(file) => dossier(&file, key),
        None => installation(place, key).await,
    }
}

fn dossier(file: &PathBuf, key: Option<&str>) -> anyhow::Result<ExitCode> {
    let bytes = std::fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let verdict =
        if journal::is_pack(&bytes) { journal::verify_pack(&bytes, key) } else { journal::verify_dossier(&bytes, key) };
    let (word, summary) = match verdict {
        Verdict::Proved(summary) => ("proved: whole, and signed by the key asked for", summary),
        Verdict::ConsistentOriginUnproved(summary) => {
            ("consistent, origin unproved: give the fingerprint with --key", summary)
        }
        Verdict::Broken(flaw) => {
            println!("BROKEN: {flaw}");
            return Ok(ExitCode::FAILURE);
        }
    };
    println!(
        "{word}\n{} {}: {} entries, {} sealed, {} values erased; signed by {}",
        summary.record_kind, summary.record_id, summary.entries, summary.sealed, summary.erased, summary.key
    );
    if summary.others > 0 {
        println!("with the journals of {} other records, which hold as well", summary.others);
    }
    Ok(ExitCode::SUCCESS)
}

async fn installation(place: &Where, key: Option<&str>) -> anyhow::Result<ExitCode> {
    // Proving must not make what it is to prove.
    if !place.data.join(KEY_FILE).exists() {
        bail!("{} holds no installation; name its folder with --data", place.data.display());
    }
    let db = open::database(place, db::Options::default()).await?;
    let own = InstallationKey::load_or_create(&place.data.join(KEY_FILE))
        .context("the signing key cannot be read")?
        .fingerprint();
    let report = journal::verify(&db, Some(key.unwrap_or(&own))).await?;
    println!(
        "{} records, {} entries ({} sealed by {} seals, {} not yet), {} values erased; key {}",
        report.records,
        report.entries,
        report.sealed,
        report.seals,
        report.unsealed,
        report.erased,
        key.unwrap_or(&own)
    );
    if let Some((number, digest)) = &report.newest_seal {
        println!("newest seal {number}: {digest}");
    }
    for problem in &report.problems {
        println!("PROBLEM {problem}");
    }
    if report.is_sound() {
        println!("verified: nothing is wrong");
        return Ok(ExitCode::SUCCESS);
    }
    println!("{} problems", u64::try_from(report.problems.len())?.saturating_add(report.more_problems));
    Ok(ExitCode::FAILURE)
}
