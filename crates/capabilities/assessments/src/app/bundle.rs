//! The evidence bundle of a self-assessment: one ZIP that `aftercare verify` proves without this system.

use std::collections::BTreeMap;

use capability::{Ctx, Event};
use journal::Part;
use kernel::{Fault, Id, RecordRef};

use super::{Detail, RECORD, detail};
use crate::access::{EXPORT, VIEW, demand, place};
use crate::domain::{Body, Words};
use crate::store::{self, AssessmentId};

/// Most entries of one indicator whose journals go into a bundle: the newest.
pub const PER_CLAUSE: usize = 8;

/// One piece of evidence in the index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The clause that it speaks for.
    pub clause: String,
    /// Its word: `part` (counted), `entry` (entered), `judgement`, `special`.
    pub what: &'static str,
    /// What it is.
    pub name: Words,
    /// What is asked or said.
    pub about: Words,
    /// What was counted, or the day on which it happened.
    pub found: String,
    /// Its last day.
    pub until: String,
    /// When it was written down, and by whom.
    pub entered: String,
    /// Where the records are in the program.
    pub href: Option<String>,
    /// Where its journal lies in the bundle.
    pub proof: Option<String>,
}

/// What a bundle is written from.
#[derive(Debug, Clone)]
pub struct Bundle {
    /// The self-assessment.
    pub detail: Detail,
    /// The index, by clause.
    pub rows: Vec<Row>,
    /// How many journals lie in it.
    pub proofs: usize,
}

/// The bundle of `id`: what `write` makes of it (reports and indexes), what was signed with its proof, and the journals. Who takes it is
/// in the journal before it leaves. Gives a name for the file and its bytes.
///
/// # Errors
/// `not-found`; `forbidden`; `assessments-bundle-large`.
pub async fn bundle(
    ctx: &Ctx,
    id: Id<AssessmentId>,
    write: impl FnOnce(&Bundle) -> Result<Vec<Part>, Fault>,
) -> Result<(String, Vec<u8>), Fault> {
    let detail = detail(ctx, id).await?;
    demand(ctx, VIEW, EXPORT, detail.one.unit)?;
    if detail.key.is_none() {
        return Err(Fault::refused("assessments-unreadable"));
    }
    ctx.write(id, |work, id| {
        Box::pin(async move {
            let one = store::get(work.tx, *id).await?.ok_or_else(Fault::not_found)?;
            let event = Event::new(RecordRef::new(RECORD, *id), "assessment.bundle_taken", place(one.unit)).quietly();
            work.record(event).await
        })
    })
    .await?;
    let wanted = wanted(&detail.body);
    let (own, journals) = ctx
        .read((id, wanted, ctx.clone()), |tx, (id, wanted, ctx)| {
            Box::pin(async move {
                let (key, now) = (&ctx.house.key, ctx.now());
                let own = journal::export_dossier(tx, &RecordRef::new(RECORD, *id), key, now).await?;
                let mut journals = BTreeMap::new();
                for (kind, record) in wanted {
                    let found = journal::export_dossier(tx, &RecordRef { kind, id: *record }, key, now).await?;
                    if let Some(found) = found {
                        journals.insert(name_of(kind, &record.to_string()), found);
                    }
                }
                Ok::<_, Fault>((own, journals))
            })
        })
        .await?;
    let own = own.ok_or_else(Fault::not_found)?;
    let rows = rows(ctx, &detail.body, &journals);
    let bundle = Bundle { rows, proofs: journals.len(), detail };
    let mut parts = write(&bundle)?;
    let detail = bundle.detail;
    let proof = serde_json::to_vec_pretty(&detail.proof).map_err(Fault::internal)?;
    parts.push(Part { name: "assessment.json".to_owned(), bytes: detail.text.into_bytes() });
    parts.push(Part { name: "assessment.json.signature.json".to_owned(), bytes: proof });
    parts.extend(journals.into_iter().map(|(name, bytes)| Part { name, bytes }));
    let file = journal::pack(own, parts, &ctx.house.key).ok_or_else(|| Fault::refused("assessments-bundle-large"))?;
    Ok((format!("assessment-{}-{}", detail.one.day, detail.body.unit_code), file))
}

fn name_of(kind: &str, id: &str) -> String {
    format!("proofs/{kind}-{id}.json")
}

/// The records whose journals go along: entries, whatever was judged, special deductions.
fn wanted(body: &Body) -> Vec<(&'static str, i64)> {
    let mut wanted = Vec::new();
    for item in &body.items {
        let entries = item.entries.iter().take(PER_CLAUSE).map(|one| (scores::app::ENTRY, &one.id));
        // What is judged stands in the journal of the unit's score.
        let judged = item.judgement.iter().map(|one| (scores::app::LIVE, &one.unit));
        wanted.extend(entries.chain(judged).filter_map(|(kind, id)| Some((kind, id.parse().ok()?))));
    }
    wanted.extend(body.specials.iter().filter_map(|one| Some((scores::app::SPECIAL, one.id.parse().ok()?))));
    wanted.sort_unstable();
    wanted.dedup();
    wanted
}

fn rows(ctx: &Ctx, body: &Body, journals: &BTreeMap<String, Vec<u8>>) -> Vec<Row> {
    let lies = |kind: &str, id: &str| Some(name_of(kind, id)).filter(|name| journals.contains_key(name));
    let both = |text: &str| Words { zh: text.to_owned(), en: text.to_owned() };
    let day = |at: kernel::Timestamp| at.day(&ctx.house.zone).to_string();
    let mut rows = Vec::new();
    for item in body.leaves() {
        for part in &item.parts {
            rows.push(Row {
                clause: item.clause.clone(),
                what: "part",
                name: part.name.clone(),
                about: part.needs.clone(),
                found: part.counted.clone().unwrap_or_default(),
                until: String::new(),
                entered: String::new(),
                href: part.href.clone(),
                proof: None,
            });
        }
        for one in &item.entries {
            let about = |place: &str| {
                [Some(place), one.person.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(" · ")
            };
            rows.push(Row {
                clause: item.clause.clone(),
                what: "entry",
                name: both(&one.title),
                about: Words {
                    zh: format!("{} · {}", one.kind_name.zh, about(&one.place.zh)),
                    en: format!("{} · {}", one.kind_name.en, about(&one.place.en)),
                },
                found: one.happened_on.to_string(),
                until: one.valid_until.map(|day| day.to_string()).unwrap_or_default(),
                entered: format!("{} {}", day(one.entered_at), one.entered_by),
                href: Some(format!("/score/records?kind={}", one.kind)),
                proof: lies(scores::app::ENTRY, &one.id),
            });
        }
        if let Some(one) = &item.judgement {
            rows.push(Row {
                clause: item.clause.clone(),
                what: "judgement",
                name: both(&one.reason),
                about: one.place.clone(),
                found: one.percent.map(|percent| format!("{percent}%")).unwrap_or_default(),
                until: String::new(),
                entered: format!("{} {}", day(one.at), one.by),
                href: Some(format!("/score/items/{}?unit={}", item.clause, body.unit)),
                proof: lies(scores::app::LIVE, &one.unit),
            });
        }
    }
    for one in &body.specials {
        rows.push(Row {
            clause: String::new(),
            what: "special",
            name: one.cause.clone().unwrap_or_default(),
            about: both(&one.reason),
            found: one.happened_on.to_string(),
            until: String::new(),
            entered: format!("{} {}", day(one.at), one.by),
            href: Some("/score/rules".to_owned()),
            proof: lies(scores::app::SPECIAL, &one.id),
        });
    }
    rows
}
