use db::Tx;
use kernel::{Fault, Reach};
use search::Query;

/// Most records that a search inside a list looks at.
const FOUND: usize = 200;

/// The ids of the records of `kind` that search finds for `text`; `None` when nothing was typed.
pub(super) async fn ids(
    tx: &mut Tx,
    kind: &'static str,
    text: Option<&str>,
    reach: &Reach,
) -> Result<Option<Vec<i64>>, Fault> {
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else { return Ok(None) };
    let mut ids = Vec::new();
    let mut before = None;
    // A page of hits may end early; a few rounds fill the list.
    for _ in 0..3 {
        let found = search::find(tx, &Query { text, reach, kinds: &[kind], limit: FOUND, before }).await?;
        ids.extend(found.hits.iter().map(|hit| hit.record_id));
        before = found.next;
        if before.is_none() || ids.len() >= FOUND {
            break;
        }
    }
    ids.sort_unstable();
    ids.dedup();
    Ok(Some(ids))
}
