use capability::Ctx;
use kernel::{Fault, RecordRef};
use web::{Failure, Page};

/// Entries shown; older ones stay in the journal.
const SHOWN: usize = 20;
/// Entries read at once; the journal is read from its beginning, and people and units change seldom.
const STEP: i64 = 200;

/// What happened to a person or unit, in the reader's words.
pub(crate) struct Happened {
    pub who: String,
    pub what: String,
    pub when: String,
    pub changes: Vec<String>,
}

/// The newest entries of `record`, newest first. Values of personal data stay in the journal; here only their change is named.
pub(crate) async fn history(ctx: &Ctx, page: &Page, record: RecordRef) -> Result<Vec<Happened>, Failure> {
    let entries = ctx
        .read(record, |tx, record| {
            Box::pin(async move {
                let mut newest: Vec<journal::Recorded> = Vec::new();
                loop {
                    let after = newest.last().map(|entry| entry.seq);
                    let step = journal::of_record(tx, record, after, STEP).await?;
                    if step.is_empty() {
                        return Ok::<_, Fault>(newest);
                    }
                    newest.extend(step);
                    newest.drain(..newest.len().saturating_sub(SHOWN));
                }
            })
        })
        .await?;
    Ok(entries.into_iter().rev().map(|entry| happened(page, entry)).collect())
}

fn happened(page: &Page, entry: journal::Recorded) -> Happened {
    let what = page.word("administration-verb", &entry.verb);
    let none = page.t("administration-history-none");
    let changes = entry.changes.iter().map(|change| {
        let field = page.word("administration-field", &change.field);
        if change.personal {
            return field;
        }
        let value = |value: &Option<String>| value.clone().unwrap_or_else(|| none.clone());
        page.t3(
            "administration-history-change",
            "field",
            field,
            "before",
            value(&change.before),
            "after",
            value(&change.after),
        )
    });
    let who =
        if entry.actor_kind == "system" { page.t("administration-history-program") } else { entry.actor_name.clone() };
    Happened { who, what, when: page.when(entry.entered_at), changes: changes.collect() }
}
