//! The dossier of an archived complaint: everything that is known of it as one signed file.

use capability::Ctx;
use cases::store::Message;
use files::FileRow;
use journal::Part;
use kernel::{Fault, Id, RecordRef, of};

use super::{Detail, EXPORT, detail, events};
use crate::domain::State;
use crate::store;

/// Most messages that are read.
const MESSAGES: i64 = 1_000;
/// Entries of the timeline that are read in one go.
const ENTRIES: u16 = 200;

/// What the readable page of a dossier tells.
#[derive(Debug, Clone)]
pub struct Told {
    /// The complaint with its case.
    pub detail: Detail,
    /// What was said, oldest first.
    pub messages: Vec<Message>,
    /// What happened, oldest first.
    pub entries: Vec<cases::app::Item>,
    /// Photos and papers, with where they lie in the file.
    pub files: Vec<(FileRow, String)>,
}

/// The dossier of the archived complaint `id` as one ZIP: a readable page that `page` writes, the files, and the journal with its
/// proof. Who takes it is in the journal before it leaves.
///
/// # Errors
/// `not-found`; `forbidden`; `complaints-not-archived`.
pub async fn dossier(
    ctx: &Ctx,
    id: Id<of::Case>,
    page: impl FnOnce(Told) -> Result<String, Fault>,
) -> Result<(String, Vec<u8>), Fault> {
    let detail = detail(ctx, id).await?;
    if !ctx.actor.may(EXPORT, &detail.complaint) {
        return Err(Fault::forbidden());
    }
    if detail.complaint.state != State::Archived {
        return Err(Fault::refused("complaints-not-archived"));
    }
    ctx.write(id, |work, id| {
        Box::pin(async move {
            let complaint = store::get(work.tx, *id).await?.ok_or_else(Fault::not_found)?;
            let event = events::event(work, "complaints.dossier_exported", Some(&complaint), &complaint).quietly();
            work.record(event).await
        })
    })
    .await?;
    let (mut messages, rows, proof) = ctx
        .read((id, ctx.clone()), |tx, (id, ctx)| {
            Box::pin(async move {
                let record = RecordRef::new(cases::app::RECORD, *id);
                let messages = cases::store::messages_of(tx, *id, None, None, MESSAGES).await?;
                let rows = files::of_record(tx, &record, false).await?;
                let proof = journal::export_dossier(tx, &record, &ctx.house.key, ctx.now()).await?;
                Ok::<_, Fault>((messages, rows, proof))
            })
        })
        .await?;
    messages.reverse();
    let mut entries = Vec::new();
    let mut after = None;
    loop {
        let timeline = cases::app::timeline(ctx, id, after, ENTRIES).await?;
        entries.extend(timeline.items);
        match timeline.next {
            Some(next) => after = Some(next),
            None => break,
        }
    }
    entries.reverse();
    let mut parts = Vec::new();
    let mut named = Vec::new();
    for (n, row) in (1_i64..).zip(rows) {
        let name = format!("files/{n}-{}", row.name);
        let bytes = ctx.house.files.get(&row).await?.to_vec();
        parts.push(Part { name: name.clone(), bytes });
        named.push((row, name));
    }
    let number = detail.case.number.clone();
    let html = page(Told { detail, messages, entries, files: named })?;
    parts.insert(0, Part { name: "index.html".to_owned(), bytes: html.into_bytes() });
    let proof = proof.ok_or_else(Fault::not_found)?;
    let file = journal::pack(proof, parts, &ctx.house.key);
    Ok((number, file.ok_or_else(|| Fault::refused("complaints-dossier-large"))?))
}
