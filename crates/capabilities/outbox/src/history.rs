//! Who changed the settings and words.

use capability::Ctx;
use kernel::{Fault, RecordRef};
use web::Lang;

/// Changes shown; older ones stay in the journal.
const SHOWN: usize = 10;
/// Entries read at once.
const STEP: i64 = 200;

/// One change, in the reader's words.
pub(crate) struct Change {
    pub who: String,
    pub when: String,
    pub fields: Vec<Field>,
}

/// What a field was and is.
pub(crate) struct Field {
    pub name: String,
    pub before: Option<String>,
    pub after: Option<String>,
}

/// The newest changes of `record`, newest first.
pub(crate) async fn of(ctx: &Ctx, lang: &Lang, record: RecordRef) -> Result<Vec<Change>, Fault> {
    let entries = ctx
        .read(record, |tx, record| {
            Box::pin(async move {
                let mut newest: Vec<journal::Recorded> = Vec::new();
                loop {
                    let step = journal::of_record(tx, record, newest.last().map(|entry| entry.seq), STEP).await?;
                    if step.is_empty() {
                        return Ok::<_, Fault>(newest);
                    }
                    newest.extend(step);
                    newest.drain(..newest.len().saturating_sub(SHOWN));
                }
            })
        })
        .await?;
    let change = |entry: journal::Recorded| Change {
        who: if entry.actor_kind == "system" { lang.t("messaging-by-program") } else { entry.actor_name },
        when: lang.when(entry.entered_at),
        fields: entry
            .changes
            .into_iter()
            .map(|change| Field {
                name: lang.word("messaging-field", &change.field),
                before: change.before,
                after: change.after,
            })
            .collect(),
    };
    Ok(entries.into_iter().rev().map(change).collect())
}
