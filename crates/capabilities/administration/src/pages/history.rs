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
    Ok(entries.into_iter().rev().map(|entry| words(page, entry)).collect())
}

/// An entry of the journal in the reader's words. Other capabilities name their verbs and fields in their own locales.
pub(crate) fn words(page: &Page, entry: journal::Recorded) -> Happened {
    let own = |prefix: &str, word: &str| {
        let key = format!("administration-{prefix}-{}", word.replace(['.', '_'], "-"));
        let (capability, rest) = word.split_once('.').unwrap_or((word, word));
        let other = format!("{}-{prefix}-{}", capability.replace('_', "-"), rest.replace(['.', '_'], "-"));
        page.find(&key).or_else(|| page.find(&other)).unwrap_or_else(|| word.to_owned())
    };
    let none = page.t("administration-history-none");
    let changes = entry.changes.iter().map(|change| {
        let field = own("field", &change.field);
        if change.personal {
            return field;
        }
        let (name, before) = told(page, &change.field, change.before.as_deref());
        let (other, after) = told(page, &change.field, change.after.as_deref());
        let field = name.or(other).unwrap_or(field);
        let value = |value: Option<String>| value.unwrap_or_else(|| none.clone());
        page.t3("administration-history-change", "field", field, "before", value(before), "after", value(after))
    });
    let who =
        if entry.actor_kind == "system" { page.t("administration-history-program") } else { entry.actor_name.clone() };
    Happened { who, what: own("verb", &entry.verb), when: page.when(entry.entered_at), changes: changes.collect() }
}

/// A value in words, and what it is the value of where the field alone does not say: `cases.view=store`, `any.high.plan=30 working 7500`.
fn told(page: &Page, field: &str, value: Option<&str>) -> (Option<String>, Option<String>) {
    let Some(value) = value else { return (None, None) };
    if field == "used_for" {
        return (None, Some(page.word("parties-cause-kind", value)));
    }
    let Some((name, rest)) = value.split_once('=') else {
        let date = matches!(field, "effective_from" | "from" | "until")
            .then(|| value.parse::<kernel::Timestamp>().ok())
            .flatten();
        return (None, Some(date.map_or_else(|| value.to_owned(), |at| page.when(at))));
    };
    match field {
        "grant" => (Some(super::roles::permission_name(page, name)), Some(page.word("identity-scope", rest))),
        "limit" => (Some(page.word("administration-limit", name)), Some(rest.to_owned())),
        "deadline" => {
            let text = cases::app::RowName::parse(name).map(|row| {
                let kind = row
                    .0
                    .map_or_else(|| page.t("administration-every-kind"), |kind| page.word("cases-kind", kind.as_str()));
                let priority = row.1.map_or_else(
                    || page.t("administration-every-priority"),
                    |priority| page.word("cases-priority", priority.as_str()),
                );
                format!("{} · {kind} · {priority}", page.word("cases-stage", row.2.as_str()))
            });
            let mut parts = rest.split(' ');
            let amount = parts.next().and_then(|amount| amount.parse().ok());
            let unit = parts.next().and_then(cases::domain::Unit::parse);
            let time = amount.zip(unit).map(|(amount, unit)| super::deadlines::deadline_text(page, unit, amount));
            (text, time.or_else(|| Some(page.t("administration-deadline-inherited"))))
        }
        _ => (None, Some(value.to_owned())),
    }
}
