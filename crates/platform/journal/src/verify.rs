use std::collections::BTreeSet;

use db::{Db, DbError};

use crate::digest;
use crate::flaw::{ChainWalk, Flaw, Problem, bytes_to_digest};
use crate::merkle::Tree;
use crate::seal::{self, Seal};
use crate::store::{self, StoredEntry};

/// Rows read at a time; memory does not grow with the journal.
const PAGE: i64 = 500;

/// Problems listed; more are only counted.
const MOST_PROBLEMS: usize = 1_000;

/// What a verification found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Entries read.
    pub entries: u64,
    /// Records that have a chain.
    pub records: u64,
    /// Personal values that have been erased, with an entry that says so.
    pub erased: u64,
    /// Seals read.
    pub seals: u64,
    /// Entries under seals.
    pub sealed: u64,
    /// Entries that no seal covers yet.
    pub unsealed: u64,
    /// Number and digest (hexadecimal) of the newest seal, to compare with what was kept elsewhere.
    pub newest_seal: Option<(i64, String)>,
    /// The keys that signed.
    pub keys: BTreeSet<String>,
    /// What is wrong, at most 1,000.
    pub problems: Vec<Problem>,
    /// How many more problems there are than are listed.
    pub more_problems: u64,
}

impl Report {
    /// True when nothing is wrong.
    pub const fn is_sound(&self) -> bool {
        self.problems.is_empty()
    }
    fn add(&mut self, record: Option<(&str, i64)>, seq: i64, flaw: Flaw) {
        if self.problems.len() < MOST_PROBLEMS {
            self.problems.push(Problem { record: record.map(|(kind, id)| (kind.to_owned(), id)), seq, flaw });
        } else {
            self.more_problems += 1;
        }
    }
}

/// Reads the whole journal and proves every chain, every value, every seal. Pages of its own snapshot each, so writers are not
/// held up. With `key` (a fingerprint) a seal signed by any other key is a problem.
///
/// # Errors
/// When the database fails.
pub async fn verify(db: &Db, key: Option<&str>) -> Result<Report, DbError> {
    let mut report = Report::default();
    chains(db, &mut report).await?;
    strays(db, &mut report).await?;
    seals(db, key, &mut report).await?;
    Ok(report)
}

async fn chains(db: &Db, report: &mut Report) -> Result<(), DbError> {
    let mut after = (String::new(), i64::MIN, 0);
    let mut chain: Option<(String, i64, ChainWalk)> = None;
    loop {
        let page = db
            .read(after.clone(), |tx, after| {
                Box::pin(async move {
                    let entries = store::entries_after(tx, after, PAGE).await?;
                    let values = store::values_of(tx, &entries).await?;
                    let seals: BTreeSet<i64> = entries.iter().filter_map(|entry| entry.seal_id).collect();
                    let seals: BTreeSet<i64> =
                        seal::seals_by_id(tx, seals).await?.into_iter().map(|seal| seal.id).collect();
                    Ok::<_, DbError>((entries, values, seals))
                })
            })
            .await?;
        let (entries, mut values, seals) = page;
        let Some(last) = entries.last() else { break };
        after = (last.record_kind.clone(), last.record_id, last.seq);
        for entry in &entries {
            let same = chain.as_ref().is_some_and(|(kind, id, _)| *kind == entry.record_kind && *id == entry.record_id);
            if !same {
                end_chain(chain.take(), report);
                chain = Some((entry.record_kind.clone(), entry.record_id, ChainWalk::default()));
            }
            if let Some((_, _, walk)) = &mut chain {
                let values = values.remove(&entry.id).unwrap_or_default();
                step(walk, entry, &values, &seals, report);
            }
        }
    }
    end_chain(chain, report);
    Ok(())
}

fn step(
    walk: &mut ChainWalk,
    entry: &StoredEntry,
    values: &[store::StoredValue],
    seals: &BTreeSet<i64>,
    report: &mut Report,
) {
    let mut found = Vec::new();
    walk.step(entry, values, &mut found);
    report.entries += 1;
    match entry.seal_id {
        None => report.unsealed += 1,
        Some(seal) if !seals.contains(&seal) => found.push(Flaw::NoSeal),
        Some(_) => {}
    }
    for flaw in found {
        report.add(Some((&entry.record_kind, entry.record_id)), entry.seq, flaw);
    }
}

fn end_chain(chain: Option<(String, i64, ChainWalk)>, report: &mut Report) {
    let Some((kind, id, walk)) = chain else { return };
    report.records += 1;
    report.erased += walk.erased;
    for (seq, flaw) in walk.end() {
        report.add(Some((&kind, id)), seq, flaw);
    }
}

/// Values that no entry leads to.
async fn strays(db: &Db, report: &mut Report) -> Result<(), DbError> {
    let mut after = (i64::MIN, i64::MIN);
    while let Some((strays, last)) = db.read(after, |tx, after| Box::pin(store::stray_values(tx, *after, PAGE))).await?
    {
        for (entry_id, ordinal) in strays {
            report.add(Some(("journal_value", entry_id)), ordinal, Flaw::Stray);
        }
        after = last;
    }
    Ok(())
}

async fn seals(db: &Db, key: Option<&str>, report: &mut Report) -> Result<(), DbError> {
    let (mut next_seq, mut previous) = (1, digest::GENESIS);
    loop {
        let page = db.read(next_seq - 1, |tx, after| Box::pin(seal::seals_after(tx, *after, PAGE))).await?;
        if page.is_empty() {
            return Ok(());
        }
        for seal in page {
            if seal.seq != next_seq {
                report.add(None, seal.seq, Flaw::SealMissing(next_seq));
            } else if seal.previous != previous {
                report.add(None, seal.seq, Flaw::SealChain);
            }
            for flaw in seal.flaws(key) {
                report.add(None, seal.seq, flaw);
            }
            let (leaves, sound) = content(db, &seal).await?;
            if !sound {
                report.add(None, seal.seq, Flaw::SealContent);
            }
            report.seals += 1;
            report.sealed += leaves;
            report.keys.insert(seal.fingerprint());
            report.newest_seal = Some((seal.seq, hex::encode(&seal.digest)));
            next_seq = seal.seq.saturating_add(1);
            previous = bytes_to_digest(&seal.digest).unwrap_or(digest::GENESIS);
        }
    }
}

/// How many entries are under the seal, and whether they are those that were sealed.
async fn content(db: &Db, seal: &Seal) -> Result<(u64, bool), DbError> {
    let (mut tree, mut ends, mut after) = (Tree::default(), None, i64::MIN);
    loop {
        let page =
            db.read((seal.id, after), |tx, (seal, after)| Box::pin(seal::leaves_of(tx, *seal, *after, PAGE))).await?;
        let Some((last, _)) = page.last() else { break };
        after = *last;
        for (id, digest) in page {
            let Some(digest) = bytes_to_digest(&digest) else { return Ok((tree.leaves(), false)) };
            tree.push(&digest);
            ends = Some((ends.map_or(id, |(first, _)| first), id));
        }
    }
    let sound = ends == Some((seal.from_id, seal.to_id))
        && i64::try_from(tree.leaves()) == Ok(seal.entries)
        && tree.root().is_some_and(|root| seal.root == root);
    Ok((tree.leaves(), sound))
}
